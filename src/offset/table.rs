//! The in-memory table that the offset stores keep (`ControllableOffset`).

use std::collections::{BTreeMap, BTreeSet};

use super::store::{OffsetRead, QueryAnswer, ReadOffsetType};

/// An offset that can be frozen: after `update_and_freeze` nothing changes it until its entry is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ControllableOffset<V> {
    value: V,
    allow_to_update: bool,
}

impl<V: Copy + Ord> ControllableOffset<V> {
    /// An offset that may be changed, as every new entry.
    pub(super) fn new(value: V) -> Self {
        Self { value, allow_to_update: true }
    }

    /// `ControllableOffset.update`.
    pub(super) fn update(&mut self, target: V, increase_only: bool) {
        if self.allow_to_update {
            self.value = if increase_only { self.value.max(target) } else { target };
        }
    }

    /// `ControllableOffset.updateAndFreeze`; it also moves an offset that is frozen already.
    pub(super) fn update_and_freeze(&mut self, target: V) {
        *self = Self { value: target, allow_to_update: false };
    }

    /// `ControllableOffset.getOffset`.
    pub(super) fn value(&self) -> V {
        self.value
    }
}

/// Offsets by queue. `Q` is whatever names a queue: a dense number in the model, a `MessageQueue` elsewhere. `V` is the
/// offset, Java's `long`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetTable<Q: Ord, V = i64>(BTreeMap<Q, ControllableOffset<V>>);

impl<Q: Ord, V> Default for OffsetTable<Q, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<Q: Ord + Clone, V: Copy + Ord> OffsetTable<Q, V> {
    /// `updateOffset`: the larger of both with `increase_only`, else the new one; nothing where frozen.
    pub fn update(&mut self, queue: &Q, offset: V, increase_only: bool) {
        match self.0.get_mut(queue) {
            Some(entry) => entry.update(offset, increase_only),
            None => {
                self.0.insert(queue.clone(), ControllableOffset::new(offset));
            }
        }
    }

    /// `updateAndFreezeOffset`: sets the offset and refuses later updates until the entry is removed.
    pub fn update_and_freeze(&mut self, queue: &Q, offset: V) {
        self.0.entry(queue.clone()).or_insert(ControllableOffset::new(offset)).update_and_freeze(offset);
    }

    /// `readOffset(READ_FROM_MEMORY)`; `None` is RocketMQ's -1.
    #[must_use]
    pub fn read(&self, queue: &Q) -> Option<V> {
        self.0.get(queue).map(|entry| entry.value())
    }

    /// `removeOffset`.
    pub fn remove(&mut self, queue: &Q) -> Option<V> {
        self.0.remove(queue).map(|entry| entry.value())
    }

    /// `persistAll` of the remote store: what to send for the queues assigned; entries of other queues are thrown
    /// away without being sent. An empty set of queues does nothing at all.
    pub fn take_for_persist_all(&mut self, assigned: &BTreeSet<Q>) -> Vec<(Q, V)> {
        if assigned.is_empty() {
            return Vec::new();
        }
        self.0.retain(|queue, _| assigned.contains(queue));
        self.0.iter().map(|(queue, entry)| (queue.clone(), entry.value())).collect()
    }

    /// `cloneOffsetTable`: all entries in order of the queues.
    pub fn entries(&self) -> impl Iterator<Item = (&Q, V)> {
        self.0.iter().map(|(queue, entry)| (queue, entry.value()))
    }
}

impl<Q: Ord + Clone> OffsetTable<Q> {
    /// What `readOffset` answers from memory; `None`: whoever remembers must be asked.
    #[must_use]
    pub fn at_hand(&self, queue: &Q, read_type: ReadOffsetType) -> Option<OffsetRead> {
        let in_memory = self.read(queue).map(OffsetRead::Found);
        match read_type {
            ReadOffsetType::ReadFromMemory => Some(in_memory.unwrap_or(OffsetRead::NotFound)),
            ReadOffsetType::MemoryFirstThenStore => in_memory,
            ReadOffsetType::ReadFromStore => None,
        }
    }

    /// What who remembers said is kept, and returned even where a frozen entry refuses to take it.
    pub fn answered(&mut self, queue: &Q, answer: QueryAnswer) -> OffsetRead {
        match answer {
            QueryAnswer::Success(offset) => {
                self.update(queue, offset, false);
                OffsetRead::Found(offset)
            }
            QueryAnswer::QueryNotFound => OffsetRead::NotFound,
            QueryAnswer::Failed => OffsetRead::Failed,
        }
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
