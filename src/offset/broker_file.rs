//! A broker's `consumerOffset.json` (`ConsumerOffsetManager.encode` and `decode`).

use std::fmt::Write;

use super::concurrent_hash_map::ConcurrentHashMap;
use super::fastjson::{ParseError, Scanner, Value, integer_of_text, long_of, quoted};

/// `org.apache.rocketmq.remoting.protocol.DataVersion`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DataVersion {
    /// How often the table changed.
    pub counter: i64,
    /// State machine version of the store.
    pub state_version: i64,
    /// Milliseconds since 1970.
    pub timestamp_ms: i64,
}

/// The offsets that a broker remembers.
#[derive(Debug, Clone, Default)]
pub struct ConsumerOffsets {
    /// Version of the table.
    pub data_version: DataVersion,
    /// `topic@group` to queue id to offset, in Java's order.
    pub offset_table: ConcurrentHashMap<String, ConcurrentHashMap<i32, i64>>,
}

impl ConsumerOffsets {
    /// `commitOffset`: an unconditional put; gives back the former offset.
    pub fn commit(&mut self, topic: &str, group: &str, queue_id: i32, offset: i64) -> Option<i64> {
        let key = format!("{topic}@{group}");
        if self.offset_table.get(&key).is_none() {
            self.offset_table.put(key.clone(), ConcurrentHashMap::with_initial_capacity(32));
        }
        self.offset_table.get_mut(&key).expect("the key was just put there").put(queue_id, offset)
    }

    /// All offsets as topic, group, queue id, offset. A key without a group gives an empty one.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str, i32, i64)> {
        self.offset_table.iter().flat_map(|(key, queues)| {
            let (topic, group) = key.split_once('@').unwrap_or((key, ""));
            queues.iter().map(move |(&queue_id, &offset)| (topic, group, queue_id, offset))
        })
    }

    /// Reads the text; fields other than the version and the table are passed over.
    ///
    /// # Errors
    /// The first place that cannot be read.
    pub fn read(text: &str) -> Result<Self, ParseError> {
        let mut scanner = Scanner::new(text);
        let mut read = Self::default();
        scanner.skip_to_token()?;
        scanner.map(|scanner, name| match name {
            "offsetTable" => scanner.map(|scanner, key| {
                let mut queues = ConcurrentHashMap::default();
                scanner.map(|scanner, id| {
                    let queue_id = integer_of_text(id).and_then(|id| i32::try_from(id).ok());
                    let queue_id = queue_id.ok_or_else(|| scanner.expected("a 32-bit queue id before this"))?;
                    queues.put(queue_id, scanner.long()?);
                    Ok(())
                })?;
                read.offset_table.put(key.to_owned(), queues);
                Ok(())
            }),
            "dataVersion" => scanner.map(|scanner, field| {
                match field {
                    "counter" => read.data_version.counter = scanner.long()?,
                    "stateVersion" => read.data_version.state_version = scanner.long()?,
                    "timestamp" => read.data_version.timestamp_ms = scanner.long()?,
                    _ => drop(scanner.value()?),
                }
                Ok(())
            }),
            _ => scanner.value().map(drop),
        })?;
        scanner.require_end()?;
        Ok(read)
    }

    /// The text that a broker writes: TABs, numbers as bare keys, no line end at the end. The groups of the derived
    /// `groupTopicMap` are in order of their hashes, as in Java while there are at most eleven.
    #[must_use]
    pub fn write(&self) -> String {
        let DataVersion { counter, state_version, timestamp_ms } = self.data_version;
        let mut text = format!(
            "{{\n\t\"dataVersion\":{{\n\t\t\"counter\":{counter},\n\t\t\"stateVersion\":{state_version},\n\t\t\"timestamp\":{timestamp_ms}\n\t}},\n"
        );
        let groups = self.topics_by_group();
        let groups = groups.iter().map(|(group, topics)| {
            let topics: Vec<_> = topics.iter().map(|(topic, ())| quoted(topic)).collect();
            format!("\t\t{}:[{}]", quoted(group), topics.join(","))
        });
        let tables = self.offset_table.iter().map(|(key, queues)| {
            let queues: Vec<_> = queues.iter().map(|(id, offset)| format!("{id}:{offset}")).collect();
            let close = if queues.is_empty() { "" } else { "\n\t\t" };
            format!("\t\t{}:{{{}{close}}}", quoted(key), queues.join(","))
        });
        write!(
            text,
            "\t\"groupTopicMap\":{},\n\t\"offsetTable\":{}\n}}",
            block(groups.collect()),
            block(tables.collect())
        )
        .expect("writing to a text cannot fail");
        text
    }

    fn topics_by_group(&self) -> ConcurrentHashMap<String, ConcurrentHashMap<String, ()>> {
        let mut groups: ConcurrentHashMap<String, ConcurrentHashMap<String, ()>> = ConcurrentHashMap::default();
        for (key, _) in self.offset_table.iter() {
            let Some((topic, group)) = key.split_once('@') else { continue };
            if groups.get(&group.to_owned()).is_none() {
                groups.put(group.to_owned(), ConcurrentHashMap::default());
            }
            groups.get_mut(&group.to_owned()).expect("the group was just put there").put(topic.to_owned(), ());
        }
        groups
    }
}

fn block(lines: Vec<String>) -> String {
    if lines.is_empty() { "{}".to_owned() } else { format!("{{\n{}\n\t}}", lines.join(",\n")) }
}

impl Scanner {
    /// An object whose keys are texts, bare names or numbers; `null` counts as an empty one.
    fn map(&mut self, mut entry: impl FnMut(&mut Self, &str) -> Result<(), ParseError>) -> Result<(), ParseError> {
        self.skip_to_token()?;
        if self.accept_null() {
            return Ok(());
        }
        self.require('{', "\"{\"")?;
        loop {
            self.skip_to_token()?;
            if self.accept(',') {
                continue;
            }
            if self.accept('}') {
                return Ok(());
            }
            let key = match self.peek() {
                Some('0'..='9' | '-') => {
                    let Value::Number(key) = self.value()? else { unreachable!("a digit starts a number") };
                    self.skip_space()?;
                    self.require(':', "\":\" after the key")?;
                    key
                }
                _ => self.field_name()?,
            };
            entry(self, &key)?;
            self.skip_to_token()?;
            if !matches!(self.peek(), Some(',' | '}')) {
                return Err(self.expected("\",\" or \"}\""));
            }
        }
    }

    fn long(&mut self) -> Result<i64, ParseError> {
        self.skip_to_token()?;
        let start = self.position();
        let number = self.value().ok().and_then(|value| long_of(&value));
        number.ok_or_else(|| self.expected_at(start, "a 64-bit number"))
    }
}
