//! What says nothing of a cluster, or that a call failed.

use super::header::{Table, header};
use super::noise::{exception, is_frame, is_noise};
use super::rows::{self, call_of, called, cut, is_remark, shown};
use crate::import::fact::Fact;
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// `mqadmin queryCq` (`QueryConsumeQueueCommand`): entries of one consume queue.
pub struct QueryCq;

impl Reader for QueryCq {
    fn name(&self) -> &'static str {
        "`mqadmin queryCq`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let says = |line: &str| ["Queue data:", "Subscription data:", "Filter data:"].contains(&line.trim());
        called(section, "queryCq") && !failed(section) || section.lines.iter().any(|(_, line)| says(line))
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        reading.note(section.beginning(), "entries of a consume queue, which say nothing of groups and their queues");
    }
}

/// `mqadmin producerConnection` (`ProducerConnectionSubCommand`): its rows are counted by `%04d`, and else look as those of
/// members do.
pub struct ProducerConnection;

impl Reader for ProducerConnection {
    fn name(&self) -> &'static str {
        "`mqadmin producerConnection`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let counted = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            matches!(words[..], [count, id, address, _, _] if count.len() == 4 && count.starts_with('0')
                && count.bytes().all(|byte| byte.is_ascii_digit()) && id.contains('@') && address.contains(':'))
        };
        called(section, "producerConnection") && !failed(section) || section.lines.iter().any(|(_, line)| counted(line))
    }

    fn read(&self, _: &Section<'_>, _: &mut Reading) {}
}

/// A table of a command whose output says nothing of groups and their queues, or that is not known.
pub struct OtherTable;

impl Reader for OtherTable {
    fn name(&self) -> &'static str {
        "the output of another command of `mqadmin`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        rows::first_header(section).is_some()
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let found = section.lines.iter().find_map(|(line, text)| Some((*line, *text, header(text)?)));
        let Some((line, text, table)) = found else { return };
        let what = match table {
            Table::Other => format!("{} is the header of no table that is read", shown(text)),
            table => format!("`mqadmin {}` is not read", table.command()),
        };
        reading.note(section.place(line), what);
    }
}

/// Whether a trimmed line says something.
fn says(line: &str) -> bool {
    !line.is_empty() && !is_noise(line) && !is_remark(line)
}

/// A call that printed nothing.
pub struct Silent;

impl Reader for Silent {
    fn name(&self) -> &'static str {
        "a call of `mqadmin` that printed nothing"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        section.call.is_some() && !section.lines.iter().any(|(_, line)| says(line.trim()))
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        if let Some(call) = &section.call {
            reading.note(section.beginning(), format!("`mqadmin {}` printed nothing", call.command));
        }
    }
}

/// What `mqadmin` says where it fails: an exception with its stack, or how it is called.
pub struct Failure;

/// `ResponseCode.CONSUMER_NOT_ONLINE`.
const NOT_ONLINE: &str = "CODE: 206 ";

/// Commands that ask for the members of a group, and fail with that code where it has none
/// (`DefaultMQAdminExtImpl.examineConsumerConnectionInfo`).
const OF_MEMBERS: [&str; 3] = ["consumerConnection", "consumerStatus", "consumer"];

/// Whether a piece holds an exception.
fn failed(section: &Section<'_>) -> bool {
    section.lines.iter().any(|(_, line)| exception(line).is_some())
}

impl Reader for Failure {
    fn name(&self) -> &'static str {
        "what `mqadmin` says where it fails"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let first = section.lines.iter().map(|(_, line)| line.trim()).find(|line| says(line));
        let usage = |line: &str| line.starts_with("usage: mqadmin ") || line.starts_with("The sub command");
        first.is_some_and(|line| exception(line).is_some() || usage(line)) || section.call.is_some() && failed(section)
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let command = section.call.as_ref().map_or_else(String::new, |call| format!(" {}", call.command));
        let mut untold = true;
        for (line, text) in &section.lines {
            let (place, text) = (section.place(*line), text.trim());
            if !says(text) || is_frame(text) {
                continue;
            }
            let asked = call_of(section, &OF_MEMBERS).filter(|_| untold && text.contains(NOT_ONLINE));
            if let Some(call) = asked {
                reading.fact(place, nobody(call.group.clone()));
                untold = false;
            }
            reading.note(place, format!("`mqadmin{command}` failed: {}", cut(text, 160)));
        }
    }
}

/// A group without members.
fn nobody(group: Option<String>) -> Fact {
    let (consume_type, message_model, consume_from_where) = (None, None, None);
    let (members, consume_tps, diff_total) = (Some(0), None, None);
    Fact::GroupIs { group, members, consume_type, message_model, consume_from_where, consume_tps, diff_total }
}
