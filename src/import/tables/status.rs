//! What clients answer in one row each: `consumerStatus` without `-i`, `consumer`, and `getConsumerStatus`.

use super::connection::is_count;
use super::header::{Table, header};
use super::rows::{self, Row, call_of, candidates, first_header, may_be_cut, offset, queue_id, refuse, whole};
use crate::import::fact::{Fact, QueueName};
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// `mqadmin consumerStatus` without `-i` (`ConsumerStatusSubCommand`) and `mqadmin consumer` (`ConsumerSubCommand`): a
/// header since 4.9.4 for the first, never for the second. Below the table stands what the tool makes of the answers
/// (`ConsumerRunningInfo.analyzeSubscription`, `analyzeProcessQueue`).
pub struct ConsumerStatus;

/// The commands that ask clients for their running info.
pub(super) const ASKS_CLIENTS: &[&str] = &["consumerStatus", "consumer"];

/// What stands below the table and says nothing more.
const SAID: [&str; 3] = ["Same subscription in the same group of consumer", "Rebalance OK", "Rebalance Failed"];

/// How the line begins that says that members subscribe different things.
const DIFFERENT: &str = "WARN: Different subscription in the same group of consumer";

/// `index clientId version time/clientId`: the file is named by the id, so the row is checked by itself.
fn client<'a>(row: &Row<'a>) -> Option<(&'a str, &'a str)> {
    let [index, client_id, version, file] = row.words()[..] else { return None };
    let (time, named) = file.split_once('/')?;
    let numbers = [index, time].iter().all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()));
    (numbers && named == client_id && client_id.contains('@')).then_some((client_id, version))
}

/// `clientId MessageQueue [topic=T, brokerName=b, queueId=0] REST`.
fn told(line: &str) -> Option<(&str, QueueName, &str)> {
    let (client_id, rest) = line.split_once(" MessageQueue [topic=")?;
    let (topic, rest) = rest.split_once(", brokerName=")?;
    let (broker, rest) = rest.split_once(", queueId=")?;
    let (id, rest) = rest.split_once("] ")?;
    let one = |word: &str| !word.is_empty() && !word.contains(char::is_whitespace);
    let queue = QueueName { topic: topic.to_owned(), broker: broker.to_owned(), id: queue_id(id)? };
    (one(client_id) && client_id.contains('@') && one(topic) && one(broker)).then_some((client_id, queue, rest))
}

/// What a line says of a queue that a client has: it is not locked, or dropped and not unlocked, or nothing more.
fn owner(group: Option<String>, line: &str) -> Option<Fact> {
    let (client_id, queue, rest) = told(line)?;
    let (locked, dropped) = if rest.starts_with("can't lock for a while") {
        (Some(false), None)
    } else if rest.starts_with("unlock ") && rest.ends_with("still failed") {
        (Some(true), Some(true))
    } else if rest.starts_with("can't consume for a while") {
        (None, None)
    } else {
        return None;
    };
    let (cached, last_pull_ms, last_consume_ms) = (None, None, None);
    let client_id = client_id.to_owned();
    Some(Fact::Owner { group, client_id, queue, locked, dropped, cached, last_pull_ms, last_consume_ms })
}

impl Reader for ConsumerStatus {
    fn name(&self) -> &'static str {
        "`mqadmin consumerStatus`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        match first_header(section) {
            Some(first) => first == Table::ConsumerStatus,
            None => section.lines.iter().any(|(line, text)| {
                let row = Row { place: section.place(*line), line: text };
                client(&row).is_some_and(|_| text.split_whitespace().next().is_some_and(is_count))
            }),
        }
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let group = call_of(section, ASKS_CLIENTS).and_then(|call| call.group.clone());
        for row in &candidates(section, self.name(), reading) {
            let (line, group) = (row.line.trim(), group.clone());
            if header(line) == Some(Table::ConsumerStatus) || SAID.contains(&line) {
                continue;
            }
            if line.starts_with(DIFFERENT) {
                reading.fact(row.place, Fact::SubscriptionsDiffer { group });
            } else if let Some(fact) = owner(group.clone(), line) {
                reading.fact(row.place, fact);
            } else if let Some((client_id, version)) = client(row) {
                let (client_id, version) = (client_id.to_owned(), Some(version.to_owned()));
                reading.fact(row.place, Fact::Member { group, client_id, address: None, language: None, version });
            } else {
                refuse(reading, row, self.name(), "");
            }
        }
    }
}

/// `mqadmin getConsumerStatus` (`GetConsumerStatusCommand`): the offsets that clients have in their stores; ids are cut
/// after 50 characters.
pub struct GetConsumerStatus;

/// The line above the table.
const FROM_CLIENT: &str = "get consumer status from client.";

/// `group=G, topic=T, originClientId=`: the value of a name, nothing where it is empty.
fn asked<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = &line[line.find(name)? + name.len()..];
    Some(rest.split(", ").next()?.trim()).filter(|value| !value.is_empty() && !value.contains(char::is_whitespace))
}

impl GetConsumerStatus {
    /// The id, broker, queue and offset of a row.
    fn row<'a>(row: &Row<'a>, known: &[Option<&'a str>]) -> Result<(&'a str, &'a str, u32, i64), String> {
        let [client_id, broker, id, stored] = row.words()[..] else { return Err(String::new()) };
        let (id, stored) = queue_id(id).zip(offset(stored)).ok_or("")?;
        if !client_id.contains('@') {
            return Err(String::new());
        }
        let whole = whole(client_id, &[50], known).ok_or_else(|| may_be_cut("client id", client_id))?;
        Ok((whole, broker, id, stored))
    }
}

impl Reader for GetConsumerStatus {
    fn name(&self) -> &'static str {
        "`mqadmin getConsumerStatus`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        rows::has(section, Table::GetConsumerStatus)
            || section.lines.iter().any(|(_, line)| line.starts_with(FROM_CLIENT))
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let (mut group, mut topic, mut client) = (None, None, None);
        if let Some(call) = call_of(section, &["getConsumerStatus"]) {
            (group, topic, client) = (call.group.as_deref(), call.topic.as_deref(), call.client_id.as_deref());
        }
        let mut last = "";
        for row in &candidates(section, self.name(), reading) {
            let line = row.line.trim();
            if line.starts_with(FROM_CLIENT) {
                (group, topic, client) =
                    (asked(line, " group="), asked(line, " topic="), asked(line, " originClientId="));
                continue;
            }
            if header(line).is_some() {
                continue;
            }
            let (client_id, broker, id, stored) = match Self::row(row, &[client]) {
                Ok(read) => read,
                Err(why) => {
                    refuse(reading, row, self.name(), &why);
                    continue;
                }
            };
            let (group, owned) = (group.map(str::to_owned), client_id.to_owned());
            if last != client_id {
                let (group, client_id) = (group.clone(), owned.clone());
                let (address, language, version) = (None, None, None);
                reading.fact(row.place, Fact::Member { group, client_id, address, language, version });
                last = client_id_of(row);
            }
            let Some(topic) = topic else { continue };
            let queue = QueueName { topic: topic.to_owned(), broker: broker.to_owned(), id };
            reading.fact(row.place, Fact::ClientOffset { group, client_id: owned, queue, offset: stored });
        }
        if topic.is_none() {
            reading.note(section.beginning(), "which topic it is of is not said: keep the call with its -t");
        }
    }
}

/// The first word of a row.
fn client_id_of<'a>(row: &Row<'a>) -> &'a str {
    row.words().first().copied().unwrap_or("")
}
