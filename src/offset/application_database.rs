//! What if the application kept the offsets in its own database, beside the effects of its work?
//!
//! ```text
//!   with_work    listener { begin; work; update offsets; commit } -> durable as it returns
//!   after_work   listener { work } -> updateOffset -> the database, which answers after a while
//! ```
//! Every update is written, so `persist` and `persistAll` have nothing to do. What is written is what the client counts:
//! the lowest message of the queue that is not finished. A listener that has one message of a queue at a time makes that
//! exact; with more at once, what is finished above it is not in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use super::store::{
    OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer, ReadOffsetType, Reading,
};
use super::table::OffsetTable;
use crate::kernel::Span;

/// When an offset is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseCommit {
    /// In the transaction of the work: durable at the moment the listener returns. What the commit takes is part of the
    /// work.
    WithWork,
    /// By a statement of its own after the work.
    AfterWork,
}

/// The store.
#[derive(Debug, Clone)]
pub struct ApplicationDatabase<Q: Ord> {
    table: OffsetTable<Q, i64>,
    commit: DatabaseCommit,
    latency: Span,
}

impl<Q: Ord + Clone> ApplicationDatabase<Q> {
    /// `latency`: how long the database takes to answer.
    #[must_use]
    pub fn new(commit: DatabaseCommit, latency: Span) -> Self {
        Self { table: OffsetTable::default(), commit, latency }
    }

    /// Writes what has changed.
    fn write(&self, queue: &Q, before: Option<i64>, around: &mut dyn OffsetSurroundings<Q>) {
        let Some(now) = self.table.read(queue).filter(|now| before != Some(*now)) else { return };
        let latency = match self.commit {
            DatabaseCommit::WithWork => Span::ZERO,
            DatabaseCommit::AfterWork => self.latency,
        };
        around.database().write(queue, now, latency);
    }
}

impl<Q: Ord + Clone + Debug> OffsetStore<Q> for ApplicationDatabase<Q> {
    /// Nothing to load: every offset is asked for when its queue is assigned.
    fn load(&mut self, _: &mut dyn OffsetSurroundings<Q>) -> Result<(), OffsetStoreError> {
        Ok(())
    }

    fn update_offset(&mut self, queue: &Q, offset: i64, increase_only: bool, around: &mut dyn OffsetSurroundings<Q>) {
        let before = self.table.read(queue);
        self.table.update(queue, offset, increase_only);
        self.write(queue, before, around);
    }

    fn update_and_freeze_offset(&mut self, queue: &Q, offset: i64, around: &mut dyn OffsetSurroundings<Q>) {
        let before = self.table.read(queue);
        self.table.update_and_freeze(queue, offset);
        self.write(queue, before, around);
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
        match around.database().read(queue, self.latency) {
            Some(answer) => Reading::Done(self.answer_read(queue, answer, around)),
            None => Reading::Asked,
        }
    }

    /// What the database said is no news to it.
    fn answer_read(&mut self, queue: &Q, answer: QueryAnswer, _: &mut dyn OffsetSurroundings<Q>) -> OffsetRead {
        self.table.answered(queue, answer)
    }

    fn persist(&mut self, _: &Q, _: &mut dyn OffsetSurroundings<Q>) {}

    /// Entries of queues that are not assigned go, as `RemoteBrokerOffsetStore` lets them go.
    fn persist_all(&mut self, queues: &BTreeSet<Q>, _: &mut dyn OffsetSurroundings<Q>) {
        self.table.take_for_persist_all(queues);
    }

    fn remove_offset(&mut self, queue: &Q, _: &mut dyn OffsetSurroundings<Q>) {
        self.table.remove(queue);
    }

    fn clone_offset_table(&self, wanted: &dyn Fn(&Q) -> bool) -> BTreeMap<Q, i64> {
        self.table.entries().filter(|(queue, _)| wanted(queue)).map(|(queue, offset)| (queue.clone(), offset)).collect()
    }
}
