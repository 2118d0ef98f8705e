//! What a log has lost: a client may still hold it.

use std::collections::BTreeMap;

use super::consume_queue::LogRecord;
use crate::model::observation::QueueIndex;

/// What one loss took: by queue the first offset, and the messages from there on. A client may still hold them.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct LostTail(BTreeMap<QueueIndex, (u64, Vec<LogRecord>)>);

impl LostTail {
    /// The messages of a queue from an offset on went in this loss.
    pub fn put(&mut self, queue: QueueIndex, from: u64, records: Vec<LogRecord>) {
        self.0.insert(queue, (from, records));
    }

    /// A deposed master has stored one more of them.
    pub fn push(&mut self, queue: QueueIndex, offset: u64, record: LogRecord) {
        self.0.entry(queue).or_insert((offset, Vec::new())).1.push(record);
    }

    /// A message that went in this loss.
    pub fn record(&self, queue: QueueIndex, offset: u64) -> Option<LogRecord> {
        let (from, records) = self.0.get(&queue)?;
        records.get(usize::try_from(offset.checked_sub(*from)?).ok()?).copied()
    }
}
