//! Members by their connections: `consumerConnection`.

use super::header::{Table, header};
use super::rows::{RETRY, Row, call_of, candidates, first_header, is_address, refuse, shown};
use crate::import::fact::Fact;
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// The line under which `consumerConnection` goes on with what is subscribed; before 4.9.3 without a line break behind it.
pub(crate) const SUBSCRIPTION: &str = "Below is subscription:";

/// A row of the first table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Connection<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) address: &'a str,
    pub(crate) language: Option<&'a str>,
    pub(crate) version: Option<&'a str>,
    /// Words that no column is for.
    pub(crate) further: usize,
}

/// Reads `[001] clientId address language version`; the count stands there before 4.9.3. A client id contains `@`
/// (`ClientConfig.buildMQClientId`), and so do those of other languages.
pub(crate) fn connection(line: &str) -> Option<Connection<'_>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let columns = match words[..] {
        [count, id, ..] if is_count(count) && id.contains('@') => &words[1..],
        _ => &words[..],
    };
    match columns {
        [client_id, address, further @ ..] if client_id.contains('@') && is_address(address) => Some(Connection {
            client_id,
            address,
            language: further.first().copied(),
            version: further.get(1).copied(),
            further: further.len().saturating_sub(2),
        }),
        _ => None,
    }
}

/// Whether a word counts rows, `%03d`; those of `producerConnection` are `%04d`.
pub(super) fn is_count(word: &str) -> bool {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    digits && (word.len() == 3 || word.len() > 3 && !word.starts_with('0'))
}

/// Whether a line is a counted row of an output that had no header before 4.9.3, or 4.9.4.
pub(super) fn is_counted_row(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        [count, id, third, ref more @ ..] if is_count(count) && id.contains('@') => {
            is_address(third) || more.first().is_some_and(|file| file.ends_with(&format!("/{id}")))
        }
        _ => false,
    }
}

/// `mqadmin consumerConnection` (`ConsumerConnectionSubCommand`): up to 4.9.2 with counts and no headers, from 4.9.3 on with
/// headers and no counts.
pub struct ConsumerConnection;

impl ConsumerConnection {
    fn member(&self, row: &Row<'_>, group: Option<String>, reading: &mut Reading) {
        let Some(found) = connection(row.line).filter(|found| found.further == 0) else {
            return refuse(reading, row, self.name(), "");
        };
        if found.version.is_none() {
            reading.note(row.place, format!("{} has lost its language or version", shown(row.line)));
        }
        // An address that ends a row may have lost digits of its port.
        let address = found.language.map(|_| found.address.to_owned());
        let (client_id, language, version) =
            (found.client_id.to_owned(), found.language.map(str::to_owned), found.version.map(str::to_owned));
        let language = language.filter(|_| version.is_some());
        reading.fact(row.place, Fact::Member { group, client_id, address, language, version });
    }

    /// What stands below the subscriptions' headline.
    fn below(&self, row: &Row<'_>, line: &str, group: Option<String>, reading: &mut Reading) {
        let line = line.trim();
        if let Some((label, said)) = LABELS.iter().find_map(|label| Some((*label, line.strip_prefix(label)?.trim()))) {
            return match word_of(said) {
                Some(said) => reading.fact(row.place, group_is(group, label, said)),
                // Java prints so what a client did not say.
                None if said == "null" => {}
                None => refuse(reading, row, self.name(), ""),
            };
        }
        match subscription(line) {
            Some((topic, expression)) => {
                let (topic, expression) = (topic.to_owned(), expression.to_owned());
                reading.fact(row.place, Fact::Subscription { group, client_id: None, topic, expression });
            }
            None => refuse(reading, row, self.name(), ""),
        }
    }
}

/// What the last lines begin with.
const LABELS: [&str; 3] = ["ConsumeType:", "MessageModel:", "ConsumeFromWhere:"];

/// One of RocketMQ's words, such as `CONSUME_PASSIVELY`.
fn word_of(said: &str) -> Option<&str> {
    let letters = said.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    (!said.is_empty() && letters).then_some(said)
}

/// What one of the last lines says of the group.
fn group_is(group: Option<String>, label: &str, said: &str) -> Fact {
    let value = |own: &str| (label == own).then(|| said.to_owned());
    Fact::GroupIs {
        group,
        members: None,
        consume_type: value(LABELS[0]),
        message_model: value(LABELS[1]),
        consume_from_where: value(LABELS[2]),
        consume_tps: None,
        diff_total: None,
    }
}

/// The group whose retry topic is subscribed, where it is one.
fn retry_group<'a>(rows: &[Row<'a>]) -> Option<&'a str> {
    let lines = rows.iter().map(|row| row.line.trim());
    let topics = lines.filter_map(|line| subscription(line.strip_prefix(SUBSCRIPTION).unwrap_or(line)));
    let mut groups = topics.filter_map(|(topic, _)| topic.strip_prefix(RETRY)).filter(|group| !group.is_empty());
    let first = groups.next()?;
    groups.all(|other| other == first).then_some(first)
}

/// `001  Topic: T  SubExpression: a || b` up to 4.9.2, `T  a || b` from 4.9.3 on.
fn subscription(line: &str) -> Option<(&str, &str)> {
    if let Some((count, rest)) = line.split_once(" Topic: ").filter(|(count, _)| is_count(count.trim())) {
        let (topic, expression) = rest.split_once(" SubExpression: ")?;
        let (topic, expression) = (topic.trim(), expression.trim());
        let one = !topic.is_empty() && !topic.contains(char::is_whitespace) && !expression.is_empty();
        return (!count.is_empty() && one).then_some((topic, expression));
    }
    let (topic, expression) = line.split_once(char::is_whitespace)?;
    let expression = expression.trim();
    let wrong = expression.is_empty() || topic.ends_with(':') || is_count(topic);
    (!wrong).then_some((topic, expression))
}

impl Reader for ConsumerConnection {
    fn name(&self) -> &'static str {
        "`mqadmin consumerConnection`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        match first_header(section) {
            Some(first) => [Table::ConsumerConnection, Table::Subscriptions].contains(&first),
            None => section.lines.iter().any(|(_, line)| {
                line.starts_with(SUBSCRIPTION) || connection(line).is_some_and(|row| row.version.is_some())
            }),
        }
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let rows = candidates(section, self.name(), reading);
        let retry = retry_group(&rows);
        let call = call_of(section, &["consumerConnection"]).and_then(|call| call.group.as_deref());
        let group = call.or(retry).map(str::to_owned);
        let mut members = true;
        for row in &rows {
            let line = row.line.trim();
            if let Some(rest) = line.strip_prefix(SUBSCRIPTION) {
                members = false;
                if !rest.trim().is_empty() {
                    self.below(row, rest, group.clone(), reading);
                }
            } else if let Some(table) = header(line) {
                members &= table == Table::ConsumerConnection;
            } else if members && !line.starts_with("ConsumeType:") {
                self.member(row, group.clone(), reading);
            } else {
                members = false;
                self.below(row, line, group.clone(), reading);
            }
        }
        if group.is_none() {
            reading.note(section.beginning(), "which group it is of is not said: keep the call with its -g");
        }
    }
}
