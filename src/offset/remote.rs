//! The store of `CLUSTERING` groups: the brokers remember (`RemoteBrokerOffsetStore`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use super::store::{
    OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer, ReadOffsetType, Reading,
};
use super::table::OffsetTable;

/// `RemoteBrokerOffsetStore`. Updates are sent in order of the queues.
///
/// ```
/// use std::collections::BTreeSet;
/// use rebalance_sim::offset::{InMemory, OffsetStore, RemoteBrokerOffsetStore};
/// let (mut around, mut store) = (InMemory::default(), RemoteBrokerOffsetStore::default());
/// [(2, 20), (1, 10), (3, 30)].map(|(queue, offset)| store.update_offset(&queue, offset, true, &mut around));
/// store.persist_all(&BTreeSet::from([1, 2]), &mut around);
/// assert_eq!(around.sent, [(1, 10), (2, 20)]);
/// ```
#[derive(Debug, Clone)]
pub struct RemoteBrokerOffsetStore<Q: Ord> {
    table: OffsetTable<Q, i64>,
}

impl<Q: Ord> Default for RemoteBrokerOffsetStore<Q> {
    fn default() -> Self {
        Self { table: OffsetTable::default() }
    }
}

impl<Q: Ord + Clone + Debug> OffsetStore<Q> for RemoteBrokerOffsetStore<Q> {
    /// Nothing to load: every offset is asked for when its queue is assigned.
    fn load(&mut self, _: &mut dyn OffsetSurroundings<Q>) -> Result<(), OffsetStoreError> {
        Ok(())
    }

    fn update_offset(&mut self, queue: &Q, offset: i64, increase_only: bool, _: &mut dyn OffsetSurroundings<Q>) {
        self.table.update(queue, offset, increase_only);
    }

    fn update_and_freeze_offset(&mut self, queue: &Q, offset: i64, _: &mut dyn OffsetSurroundings<Q>) {
        self.table.update_and_freeze(queue, offset);
    }

    fn read_offset(
        &mut self,
        queue: Option<&Q>,
        read_type: ReadOffsetType,
        around: &mut dyn OffsetSurroundings<Q>,
    ) -> Reading {
        let Some(queue) = queue else { return Reading::Done(OffsetRead::NoQueue) };
        if let Some(found) = self.table.at_hand(queue, read_type) {
            return Reading::Done(found);
        }
        match around.port().query_consumer_offset(queue) {
            Some(answer) => Reading::Done(self.answer_read(queue, answer, around)),
            None => Reading::Asked,
        }
    }

    /// The broker's number is returned even where a frozen entry refuses to take it.
    fn answer_read(&mut self, queue: &Q, answer: QueryAnswer, _: &mut dyn OffsetSurroundings<Q>) -> OffsetRead {
        self.table.answered(queue, answer)
    }

    fn persist(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>) {
        if let Some(offset) = self.table.read(queue) {
            around.port().update_consumer_offset(queue, offset);
        }
    }

    /// Sends every entry of `queues`, changed or not; the others are thrown away unsent.
    fn persist_all(&mut self, queues: &BTreeSet<Q>, around: &mut dyn OffsetSurroundings<Q>) {
        for (queue, offset) in self.table.take_for_persist_all(queues) {
            around.port().update_consumer_offset(&queue, offset);
        }
    }

    fn remove_offset(&mut self, queue: &Q, _: &mut dyn OffsetSurroundings<Q>) {
        self.table.remove(queue);
    }

    fn clone_offset_table(&self, wanted: &dyn Fn(&Q) -> bool) -> BTreeMap<Q, i64> {
        self.table.entries().filter(|(queue, _)| wanted(queue)).map(|(queue, offset)| (queue.clone(), offset)).collect()
    }
}
