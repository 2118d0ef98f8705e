//! The running info of one client: `consumerStatus -i`, and the files that `consumerStatus` writes.

use super::header::Table;
use super::mark::running_info_part;
use super::rows::{RETRY, Row, call_of, candidates, first_header, offset, queue_id, refuse};
use super::status::ASKS_CLIENTS;
use crate::import::clock;
use crate::import::fact::{Fact, QueueName};
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// `mqadmin consumerStatus -i` (`ConsumerRunningInfo.formatString`): the parts with what is pulled in all versions, what
/// is popped and what the user adds since 5.0. Its columns are never cut. Times are of the clock and zone of `mqadmin`.
pub struct RunningInfo;

/// The parts of it, in the order in which they are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Properties,
    Subscription,
    Offset,
    Detail,
    Pop,
    /// Rates, what the user adds, stacks of threads: nothing for us.
    Further,
}

impl Part {
    fn of(headline: usize) -> Self {
        *[Self::Properties, Self::Subscription, Self::Offset, Self::Detail, Self::Pop]
            .get(headline)
            .unwrap_or(&Self::Further)
    }
}

/// Who it is of.
#[derive(Clone)]
struct Client {
    group: Option<String>,
    id: String,
}

/// `key    : value`.
fn property(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(": ").or_else(|| Some((line.trim_end().strip_suffix(':')?, "")))?;
    let key = key.trim();
    (!key.is_empty() && !key.contains(char::is_whitespace)).then_some((key, value.trim()))
}

/// `001 Topic: T  ClassFilter: false  SubExpression: *`.
fn subscription(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.split_once(" Topic: ")?;
    let (topic, rest) = rest.split_once(" ClassFilter: ")?;
    let (_, expression) = rest.split_once(" SubExpression: ")?;
    let (topic, expression) = (topic.trim(), expression.trim());
    let one = !topic.is_empty() && !topic.contains(char::is_whitespace) && !expression.is_empty();
    one.then_some((topic, expression))
}

/// Topic, broker and queue id, and what stands behind them.
fn queue(line: &str) -> Option<(QueueName, &str)> {
    let ([topic, broker, id], rest) = columns(line)?;
    Some((QueueName { topic: topic.to_owned(), broker: broker.to_owned(), id: queue_id(id)? }, rest))
}

/// The first three columns, and what stands behind them.
fn columns(line: &str) -> Option<([&str; 3], &str)> {
    let mut rest = line.trim();
    let mut columns = [""; 3];
    for column in &mut columns {
        let (word, behind) = rest.split_once(char::is_whitespace)?;
        (*column, rest) = (word, behind.trim_start());
    }
    Some((columns, rest))
}

/// The value of a field of `toString`: up to the next comma or the closing bracket.
fn field<'a>(said: &'a str, name: &str) -> Option<&'a str> {
    let at = said.find(&format!(" {name}")).map(|at| at + 1).or_else(|| Some(said.find(&format!("[{name}"))? + 1))?;
    said[at + name.len()..].split([',', ']']).next().map(str::trim)
}

fn flag(text: &str) -> Option<bool> {
    text.parse().ok()
}

/// A time that was ever: `UtilAll.timeMillisToHumanString(0)` is on the first day of 1970, or the last of 1969.
fn time(text: &str) -> Option<i64> {
    clock::compact(text).filter(|at| *at > 86_400_000)
}

impl RunningInfo {
    /// Who it is of: as the call says, or the name of the file, which `consumerStatus` names by the client id.
    fn client(section: &Section<'_>, rows: &[Row<'_>]) -> Option<Client> {
        let call = call_of(section, ASKS_CLIENTS);
        let file = section.name.rsplit(['/', '\\']).next().filter(|file| file.contains('@'));
        let called = call.and_then(|call| call.client_id.as_deref()).filter(|id| id.contains('@'));
        let id = called.or(file)?.to_owned();
        let said = rows.iter().filter_map(|row| property(row.line)).find(|(key, _)| *key == "consumerGroup");
        let retry = || {
            let topics = rows.iter().filter_map(|row| subscription(row.line));
            topics.filter_map(|(topic, _)| topic.strip_prefix(RETRY)).next()
        };
        let group = call.and_then(|call| call.group.as_deref()).or(said.map(|(_, group)| group)).or_else(retry);
        Some(Client { group: group.map(str::to_owned), id })
    }

    /// What a row of a part says; `None`: it is no row of it.
    fn row(part: Part, line: &str, client: &Client) -> Option<Option<Fact>> {
        let (group, client_id) = (client.group.clone(), client.id.clone());
        match part {
            Part::Properties => {
                let (key, value) = property(line)?;
                let (key, value) = (key.to_owned(), value.to_owned());
                Some(Some(Fact::ClientSetting { group, client_id: Some(client_id), key, value }))
            }
            Part::Subscription => {
                let (topic, expression) = subscription(line)?;
                let (topic, expression) = (topic.to_owned(), expression.to_owned());
                Some(Some(Fact::Subscription { group, client_id: Some(client_id), topic, expression }))
            }
            // The next part says it again, with more.
            Part::Offset => queue(&format!("{line} ")).and_then(|(_, rest)| offset(rest.trim())).map(|_| None),
            Part::Detail => {
                let (queue, said) = queue(line)?;
                let whole = said.starts_with("ProcessQueueInfo [") && said.ends_with(']');
                let fields = whole.then(|| Fact::Owner {
                    group,
                    client_id,
                    queue,
                    locked: field(said, "locked=").and_then(flag),
                    dropped: field(said, "droped=").and_then(flag),
                    cached: field(said, "cachedMsgCount=").and_then(|count| count.parse().ok()),
                    last_pull_ms: field(said, "lastPullTimestamp=").and_then(time),
                    last_consume_ms: field(said, "lastConsumeTimestamp=").and_then(time),
                });
                fields.map(Some)
            }
            Part::Pop => {
                let ([topic, broker, id], said) = columns(line)?;
                let queue = if id == "-1" { None } else { Some(queue_id(id)?) };
                let (topic, broker) = (topic.to_owned(), broker.to_owned());
                let whole = said.starts_with("PopProcessQueueInfo [") && said.ends_with(']');
                let wait_ack_count = field(said, "waitAckCount:").and_then(|count| count.parse().ok());
                let dropped = field(said, "droped:").and_then(flag);
                whole.then_some(Some(Fact::PopOwner {
                    group,
                    client_id,
                    topic,
                    broker,
                    queue,
                    wait_ack_count,
                    dropped,
                }))
            }
            Part::Further => Some(None),
        }
    }
}

impl Reader for RunningInfo {
    fn name(&self) -> &'static str {
        "`mqadmin consumerStatus -i`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        first_header(section).is_none_or(|first| first == Table::RunningInfo)
            && section.lines.iter().any(|(_, line)| running_info_part(line).is_some())
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let rows = candidates(section, self.name(), reading);
        let Some(client) = Self::client(section, &rows) else {
            let why =
                "which client it is of is not said: keep the call with its -i, or the client id as the file's name";
            return reading.note(section.beginning(), why);
        };
        let version = rows.iter().filter_map(|row| Some((row, property(row.line)?)));
        let version =
            version.filter(|(_, (key, _))| *key == "PROP_CLIENT_VERSION").map(|(row, (_, value))| (row, value));
        let found = version.clone().next();
        let place = found.map_or(section.beginning(), |(row, _)| row.place);
        let version = found.map(|(_, version)| version.to_owned());
        let (group, client_id, address, language) = (client.group.clone(), client.id.clone(), None, None);
        reading.fact(place, Fact::Member { group, client_id, address, language, version });
        let mut part = None;
        for row in &rows {
            if let Some(headline) = running_info_part(row.line) {
                part = Some(Part::of(headline));
            } else if super::header::header(row.line).is_none() {
                match part.and_then(|part| Self::row(part, row.line, &client)) {
                    Some(Some(fact)) => reading.fact(row.place, fact),
                    Some(None) => {}
                    None => refuse(reading, row, self.name(), ""),
                }
            }
        }
    }
}
