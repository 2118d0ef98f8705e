//! What stands on messages beside their bodies: a tag, by which brokers and clients filter, and a key, for whose sake
//! people want order. Messages without either are not kept here.

use std::collections::BTreeMap;

use super::observation::QueueIndex;
use super::plan::TagSet;

/// What stands on one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// Its tag by number, as [`TagSet`] counts them; 0: none.
    pub tag: u8,
    /// Its key, counted from 1; 0: none.
    pub key: u32,
}

/// The marks of all messages, by queue and offset.
#[derive(Debug, Default)]
pub(super) struct Marks(BTreeMap<QueueIndex, Vec<Mark>>);

impl Marks {
    /// Notes what stands on a message.
    pub fn put(&mut self, queue: QueueIndex, offset: u64, mark: Mark) {
        if mark == Mark::default() && !self.0.contains_key(&queue) {
            return;
        }
        let marks = self.0.entry(queue).or_default();
        let at = usize::try_from(offset).expect("offsets of a run fit into memory");
        marks.resize(marks.len().max(at + 1), Mark::default());
        marks[at] = mark;
    }

    /// Whether a set of tags can leave out any message of a queue.
    pub fn matters(&self, queue: QueueIndex, tags: TagSet) -> bool {
        tags != TagSet::ALL && (self.0.contains_key(&queue) || !tags.contains(0))
    }

    /// What stands on a message.
    pub fn of(&self, queue: QueueIndex, offset: u64) -> Mark {
        let mark = |marks: &Vec<Mark>| marks.get(usize::try_from(offset).ok()?).copied();
        self.0.get(&queue).and_then(mark).unwrap_or_default()
    }
}
