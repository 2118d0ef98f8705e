//! The in-memory table that both offset stores keep (`ControllableOffset`, specification A10.1).

use std::collections::{BTreeMap, BTreeSet};

/// An offset that can be frozen: after `update_and_freeze` nothing changes it until its entry is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ControllableOffset {
    value: u64,
    allow_to_update: bool,
}

/// Offsets by queue. `Q` is whatever names a queue: a dense number in the model, a `MessageQueue` elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetTable<Q: Ord>(BTreeMap<Q, ControllableOffset>);

impl<Q: Ord> Default for OffsetTable<Q> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<Q: Ord + Clone> OffsetTable<Q> {
    /// `updateOffset`: the larger of both with `increase_only`, else the new one; nothing where frozen.
    pub fn update(&mut self, queue: &Q, offset: u64, increase_only: bool) {
        let Some(entry) = self.0.get_mut(queue) else {
            self.0.insert(queue.clone(), ControllableOffset { value: offset, allow_to_update: true });
            return;
        };
        if entry.allow_to_update {
            entry.value = if increase_only { entry.value.max(offset) } else { offset };
        }
    }

    /// `updateAndFreezeOffset`: sets the offset and refuses later updates until the entry is removed.
    pub fn update_and_freeze(&mut self, queue: &Q, offset: u64) {
        self.0.insert(queue.clone(), ControllableOffset { value: offset, allow_to_update: false });
    }

    /// `readOffset(READ_FROM_MEMORY)`; `None` is RocketMQ's -1.
    #[must_use]
    pub fn read(&self, queue: &Q) -> Option<u64> {
        self.0.get(queue).map(|entry| entry.value)
    }

    /// `removeOffset`.
    pub fn remove(&mut self, queue: &Q) -> Option<u64> {
        self.0.remove(queue).map(|entry| entry.value)
    }

    /// `persistAll` of the remote store: what to send for the queues assigned; entries of other queues are thrown
    /// away without being sent. An empty set of queues does nothing at all.
    pub fn take_for_persist_all(&mut self, assigned: &BTreeSet<Q>) -> Vec<(Q, u64)> {
        if assigned.is_empty() {
            return Vec::new();
        }
        self.0.retain(|queue, _| assigned.contains(queue));
        self.0.iter().map(|(queue, entry)| (queue.clone(), entry.value)).collect()
    }

    /// `cloneOffsetTable`: all entries in order of the queues.
    pub fn entries(&self) -> impl Iterator<Item = (&Q, u64)> {
        self.0.iter().map(|(queue, entry)| (queue, entry.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn updates_freeze_and_persist_as_rocketmq_does() {
        let mut table = OffsetTable::default();
        table.update(&1, 10, true);
        table.update(&1, 5, true);
        assert_eq!(table.read(&1), Some(10));
        table.update(&1, 5, false);
        assert_eq!(table.read(&1), Some(5));
        table.update_and_freeze(&1, 3);
        table.update(&1, 99, false);
        assert_eq!(table.read(&1), Some(3));
        table.remove(&1);
        table.update(&1, 7, true);
        table.update(&2, 8, true);
        assert_eq!(table.take_for_persist_all(&BTreeSet::new()), []);
        assert_eq!(table.read(&2), Some(8));
        assert_eq!(table.take_for_persist_all(&BTreeSet::from([1])), [(1, 7)]);
        assert_eq!(table.read(&2), None, "an entry that is not assigned is dropped unsent");
    }
}
