//! What a broker writes down of popped messages: checkpoints and acknowledgements, first on the timer wheel, then in the
//! queues of the revive topic (`PopCheckPoint`, `AckMsg`, `TimerMessageStore`).

use std::collections::{BTreeMap, VecDeque};

use crate::kernel::Instant;
use crate::kernel::Span;
use crate::model::observation::QueueIndex;
use crate::model::plan::GroupIndex;

/// What names a checkpoint: the group, the queue, where the pop began and when it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::model) struct CheckpointKey {
    pub group: GroupIndex,
    pub queue: QueueIndex,
    pub start_offset: u64,
    pub pop_time: Instant,
}

/// `PopCheckPoint`: what one pop took of one queue.
#[derive(Debug, Clone)]
pub(in crate::model) struct Checkpoint {
    pub key: CheckpointKey,
    pub invisible: Span,
    pub revive_queue: u32,
    /// At most 32, in order; the group has those between them that its tags passed by.
    pub offsets: Vec<u64>,
}

impl Checkpoint {
    /// `getReviveTime`, by the broker's clock.
    pub fn revive_time(&self) -> Instant {
        self.key.pop_time + self.invisible
    }

    /// Every bit of it.
    pub fn all_bits(&self) -> u64 {
        (1 << self.offsets.len()) - 1
    }

    /// The bit of an offset; none where it is not of this pop.
    pub fn bit_of(&self, offset: u64) -> u64 {
        self.offsets.binary_search(&offset).map_or(0, |index| 1 << index)
    }
}

/// What a message of the revive topic says.
#[derive(Debug, Clone)]
pub(in crate::model) enum Revival {
    /// Messages were popped.
    Checkpoint(Checkpoint),
    /// One of them was acknowledged.
    Ack(CheckpointKey, u64),
}

/// A message of the revive topic.
#[derive(Debug, Clone)]
pub(in crate::model) struct ReviveRecord {
    /// Its number in the log, for the tail that a machine loses.
    pub number: u64,
    /// `getDeliverTimeMs`, by the broker's clock.
    pub deliver: Instant,
    pub what: Revival,
}

/// One queue of the revive topic.
#[derive(Debug, Clone, Default)]
struct ReviveQueue {
    /// Offset of the first one that is kept.
    first: u64,
    records: VecDeque<ReviveRecord>,
}

/// The timer wheel and the revive topic.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct ReviveLog {
    /// How many were ever written.
    written: u64,
    /// By the second at which they leave.
    wheel: BTreeMap<u64, Vec<(u32, ReviveRecord)>>,
    queues: Vec<ReviveQueue>,
}

impl ReviveLog {
    /// The number of the next record.
    pub fn next_number(&mut self) -> u64 {
        self.written += 1;
        self.written
    }

    /// Puts a record on the wheel; true where it is the first of its second.
    pub fn put_on_wheel(&mut self, second: u64, queue: u32, record: ReviveRecord) -> bool {
        let slot = self.wheel.entry(second).or_default();
        slot.push((queue, record));
        slot.len() == 1
    }

    /// The seconds that have records.
    pub fn seconds(&self) -> Vec<u64> {
        self.wheel.keys().copied().collect()
    }

    /// What leaves the wheel up to a second, this one included, in order.
    pub fn take_up_to(&mut self, second: u64) -> Vec<(u32, ReviveRecord)> {
        let later = self.wheel.split_off(&(second + 1));
        std::mem::replace(&mut self.wheel, later).into_values().flatten().collect()
    }

    /// A record comes into a queue.
    pub fn append(&mut self, queue: u32, record: ReviveRecord) {
        let at = queue as usize;
        if self.queues.len() <= at {
            self.queues.resize_with(at + 1, ReviveQueue::default);
        }
        self.queues[at].records.push_back(record);
    }

    /// Queues that ever had one.
    pub fn queues(&self) -> Vec<u32> {
        let used = (0..).zip(&self.queues).filter(|(_, queue)| queue.first > 0 || !queue.records.is_empty());
        used.map(|(number, _)| number).collect()
    }

    /// At most so many from an offset on, each with its offset.
    pub fn read(&self, queue: u32, from: u64, most: usize) -> impl Iterator<Item = (u64, &ReviveRecord)> {
        let queue = self.queues.get(queue as usize);
        let first = queue.map_or(0, |queue| queue.first);
        let records = queue.into_iter().flat_map(move |queue| {
            let skipped = usize::try_from(from.saturating_sub(first)).unwrap_or(usize::MAX);
            queue.records.iter().enumerate().skip(skipped)
        });
        records.take(most).map(move |(at, record)| (first + at as u64, record))
    }

    /// Nobody reads what is below an offset any more.
    pub fn forget_below(&mut self, queue: u32, offset: u64) {
        if let Some(queue) = self.queues.get_mut(queue as usize) {
            while queue.first < offset && queue.records.pop_front().is_some() {
                queue.first += 1;
            }
        }
    }

    /// Whether a checkpoint is still to come, or stands in its queue at this offset or behind.
    pub fn awaits(&self, queue: u32, from: u64, key: &CheckpointKey) -> bool {
        let is = |record: &ReviveRecord| matches!(&record.what, Revival::Checkpoint(point) if point.key == *key);
        self.wheel.values().flatten().any(|(_, record)| is(record))
            || self.read(queue, from, usize::MAX).any(|(_, record)| is(record))
    }

    /// The machine has lost these: nothing of them comes. Answers the checkpoints among them.
    pub fn lose(&mut self, numbers: &[u64]) -> Vec<Checkpoint> {
        let mut lost = Vec::new();
        let mut keep = |record: &ReviveRecord| {
            let kept = !numbers.contains(&record.number);
            if let (false, Revival::Checkpoint(point)) = (kept, &record.what) {
                lost.push(point.clone());
            }
            kept
        };
        for slot in self.wheel.values_mut() {
            slot.retain(|(_, record)| keep(record));
        }
        self.wheel.retain(|_, slot| !slot.is_empty());
        for queue in &mut self.queues {
            queue.records.retain(&mut keep);
        }
        lost
    }
}
