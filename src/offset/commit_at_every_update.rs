//! What if a consumer did not wait for its persist timer? `RemoteBrokerOffsetStore`, and each update is sent at once.
//!
//! The interval between two commits is what a crash repeats; here it is one batch, and so is what a commit costs. An
//! offset is a low watermark all the same: what was finished above an unfinished message is not in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use super::remote::RemoteBrokerOffsetStore;
use super::store::{
    OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer, ReadOffsetType, Reading,
};

/// The store.
#[derive(Debug, Clone)]
pub struct CommitAtEveryUpdate<Q: Ord>(RemoteBrokerOffsetStore<Q>);

impl<Q: Ord> Default for CommitAtEveryUpdate<Q> {
    fn default() -> Self {
        Self(RemoteBrokerOffsetStore::default())
    }
}

impl<Q: Ord + Clone + Debug> OffsetStore<Q> for CommitAtEveryUpdate<Q> {
    fn load(&mut self, around: &mut dyn OffsetSurroundings<Q>) -> Result<(), OffsetStoreError> {
        self.0.load(around)
    }

    fn update_offset(&mut self, queue: &Q, offset: i64, increase_only: bool, around: &mut dyn OffsetSurroundings<Q>) {
        self.0.update_offset(queue, offset, increase_only, around);
        self.0.persist(queue, around);
    }

    fn update_and_freeze_offset(&mut self, queue: &Q, offset: i64, around: &mut dyn OffsetSurroundings<Q>) {
        self.0.update_and_freeze_offset(queue, offset, around);
        self.0.persist(queue, around);
    }

    fn read_offset(
        &mut self,
        queue: Option<&Q>,
        read_type: ReadOffsetType,
        around: &mut dyn OffsetSurroundings<Q>,
    ) -> Reading {
        self.0.read_offset(queue, read_type, around)
    }

    /// What the broker said is no news to it.
    fn answer_read(&mut self, queue: &Q, answer: QueryAnswer, around: &mut dyn OffsetSurroundings<Q>) -> OffsetRead {
        self.0.answer_read(queue, answer, around)
    }

    fn persist(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>) {
        self.0.persist(queue, around);
    }

    fn persist_all(&mut self, queues: &BTreeSet<Q>, around: &mut dyn OffsetSurroundings<Q>) {
        self.0.persist_all(queues, around);
    }

    fn remove_offset(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>) {
        self.0.remove_offset(queue, around);
    }

    fn clone_offset_table(&self, wanted: &dyn Fn(&Q) -> bool) -> BTreeMap<Q, i64> {
        self.0.clone_offset_table(wanted)
    }
}
