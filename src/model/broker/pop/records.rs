//! What a broker with `popConsumerKVServiceEnable` keeps of popped messages: a row of each in RocksDB, written before it goes
//! out and deleted by its acknowledgement (`PopConsumerRecord.getKeyBytes`,
//! `PopConsumerRocksdbStore.scanExpiredRecords`).

use std::collections::BTreeMap;

use crate::kernel::{Instant, Span};
use crate::model::network::PopHandle;
use crate::model::observation::QueueIndex;
use crate::model::plan::{GroupIndex, TopicIndex};

/// `REWRITE_INTERVALS_IN_SECONDS`: by how often a row could not be given back.
const REWRITE_INTERVALS_IN_SECONDS: [u64; 16] =
    [10, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 1_200, 1_800, 3_600, 7_200];
/// `popReviveMaxAttemptTimes`.
const MOST_ATTEMPTS: usize = 16;

/// `getKeyBytes`: rows lie in the order in which they become visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RecordKey {
    /// `getVisibilityTimeout`, by the broker's clock.
    pub visible: Instant,
    pub group: GroupIndex,
    pub queue: QueueIndex,
    pub offset: u64,
}

impl RecordKey {
    /// That of a message as it was popped, or changed last.
    pub fn of(group: GroupIndex, handle: &PopHandle) -> Self {
        Self { visible: handle.revive_time(), group, queue: handle.queue, offset: handle.offset }
    }
}

/// The rest of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    pub invisible: Span,
    /// `attemptTimes`: how often it could not be given back.
    attempts: usize,
}

/// What is on the disk, and what the process has in its memory.
#[derive(Debug, Default)]
pub(super) struct PopRecords {
    rows: BTreeMap<RecordKey, Record>,
    /// `requestCountTable`.
    requests: BTreeMap<(GroupIndex, TopicIndex), u64>,
    /// `pullOffsetTable`: how far a queue is popped; in no file.
    pulled: BTreeMap<(GroupIndex, QueueIndex), u64>,
    /// When the service of this process began.
    pub began: Instant,
}

impl PopRecords {
    /// The process ends: rows stay, as each is on the disk before its message goes out.
    pub fn forget(&mut self) -> Self {
        Self { rows: std::mem::take(&mut self.rows), ..Self::default() }
    }

    /// The next pop of a group from a topic; answers how many came before.
    pub fn count_request(&mut self, group: GroupIndex, topic: TopicIndex) -> u64 {
        let count = self.requests.entry((group, topic)).or_default();
        *count += 1;
        *count - 1
    }

    /// `queryPullOffset`, where this process has popped the queue.
    pub fn pulled(&self, group: GroupIndex, queue: QueueIndex) -> Option<u64> {
        self.pulled.get(&(group, queue)).copied()
    }

    /// `commitPullOffset`.
    pub fn put_pulled(&mut self, group: GroupIndex, queue: QueueIndex, next: u64) {
        self.pulled.insert((group, queue), next);
    }

    /// A message is popped, or its time changed.
    pub fn put(&mut self, key: RecordKey, invisible: Span) {
        self.rows.insert(key, Record { invisible, attempts: 0 });
    }

    /// A row is deleted; false: there was none.
    pub fn delete(&mut self, key: &RecordKey) -> bool {
        self.rows.remove(key).is_some()
    }

    /// When the next row becomes visible.
    pub fn next_visible(&self) -> Option<Instant> {
        self.rows.first_key_value().map(|(key, _)| key.visible)
    }

    /// `scanExpiredRecords`: what is visible before a time leaves.
    pub fn take_before(&mut self, time: Instant) -> Vec<(RecordKey, Record)> {
        let mut taken = Vec::new();
        while let Some(first) = self.rows.first_entry().filter(|first| first.key().visible < time) {
            taken.push(first.remove_entry());
        }
        taken
    }

    /// A row could not be given back: it waits for longer; false: it was tried often enough, and is dropped.
    pub fn put_off(&mut self, (key, record): (RecordKey, Record), clock: Instant) -> bool {
        if record.attempts >= MOST_ATTEMPTS {
            return false;
        }
        let invisible = record.invisible + Span::from_secs(REWRITE_INTERVALS_IN_SECONDS[record.attempts]);
        let record = Record { invisible, attempts: record.attempts + 1 };
        self.rows.insert(RecordKey { visible: clock + invisible, ..key }, record);
        true
    }

    /// All rows, the first that becomes visible in front.
    pub fn keys(&self) -> impl Iterator<Item = RecordKey> {
        self.rows.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10 s, 30 s, and so on, on top of what the row had; the seventeenth time it is dropped.
    #[test]
    fn a_row_that_cannot_be_given_back_is_put_off_sixteen_times() {
        let key =
            RecordKey { visible: Instant::from_millis(10_000), group: GroupIndex(0), queue: QueueIndex(0), offset: 3 };
        let mut records = PopRecords::default();
        records.put(key, Span::from_secs(10));
        let mut waits = Vec::new();
        let mut clock = key.visible;
        while let Some(row) = records.take_before(Instant::from_nanos(u64::MAX)).pop() {
            if records.put_off(row, clock) {
                let next = records.next_visible().unwrap_or(clock);
                waits.push(next.since(clock).as_millis() / 1_000);
                clock = next;
            }
        }
        assert_eq!((waits.len(), &waits[..4], waits[15]), (16, &[20, 50, 110, 230][..], 17_150));
    }
}
