//! What both offset stores offer (`org.apache.rocketmq.client.consumer.store.OffsetStore`), and what they stand on.

use std::collections::{BTreeMap, BTreeSet};

use super::fastjson::ParseError;
use super::file_system::FileSystem;

/// Where to look for an offset (`ReadOffsetType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOffsetType {
    /// `READ_FROM_MEMORY`.
    ReadFromMemory,
    /// `READ_FROM_STORE`: the broker, or the file.
    ReadFromStore,
    /// `MEMORY_FIRST_THEN_STORE`.
    MemoryFirstThenStore,
}

/// What `readOffset` returns. An offset may itself be negative, so the three failures are not numbers here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetRead {
    /// The offset.
    Found(i64),
    /// Nobody remembers one; RocketMQ's -1.
    NotFound,
    /// The broker could not be asked or failed; RocketMQ's -2.
    Failed,
    /// No queue was named; RocketMQ's -3.
    NoQueue,
}

impl OffsetRead {
    /// The number that the Java method returns.
    #[must_use]
    pub fn code(self) -> i64 {
        match self {
            Self::Found(offset) => offset,
            Self::NotFound => -1,
            Self::Failed => -2,
            Self::NoQueue => -3,
        }
    }
}

/// First half of `readOffset`: in a simulation a broker answers later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// It is known at once.
    Done(OffsetRead),
    /// The broker was asked; hand its answer to [`OffsetStore::answer_read`].
    Asked,
}

/// What becomes of a `QUERY_CONSUMER_OFFSET`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryAnswer {
    /// `SUCCESS` with the offset.
    Success(i64),
    /// `QUERY_NOT_FOUND`.
    QueryNotFound,
    /// Any other code, a timeout, no connection, no address of the broker.
    Failed,
}

/// A client's way to the broker of a queue. Which instance is asked (master, or any for an update) is its business
/// (`RemoteBrokerOffsetStore.fetchConsumeOffsetFromBroker`, `updateConsumeOffsetToBroker`).
pub trait OffsetPort<Q> {
    /// Sends `QUERY_CONSUMER_OFFSET`. `None`: the answer comes later through [`OffsetStore::answer_read`].
    fn query_consumer_offset(&mut self, queue: &Q) -> Option<QueryAnswer>;

    /// Sends a one-way `UPDATE_CONSUMER_OFFSET`; whether it arrives is never known.
    fn update_consumer_offset(&mut self, queue: &Q, offset: i64);
}

/// What a client lends its store during one call.
pub trait OffsetSurroundings<Q> {
    /// Its connections.
    fn port(&mut self) -> &mut dyn OffsetPort<Q>;

    /// The disk of its host, shared with all processes there.
    fn file_system(&mut self) -> &mut dyn FileSystem;
}

/// Why a store could not be loaded; the consumer then does not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OffsetStoreError {
    /// `MQClientException` of `LocalFileOffsetStore.readLocalOffsetBak`.
    #[error("neither {path} nor its copy {path}.bak can be read: {reason} in the copy")]
    BrokenBackup {
        /// The main file.
        path: String,
        /// What is wrong with the copy.
        reason: ParseError,
    },
}

/// How far a group has consumed, as one member knows it. `Q` names a queue.
pub trait OffsetStore<Q: Ord> {
    /// `load`, called once at start.
    ///
    /// # Errors
    /// [`OffsetStoreError::BrokenBackup`] from the local store.
    fn load(&mut self, around: &mut dyn OffsetSurroundings<Q>) -> Result<(), OffsetStoreError>;

    /// `updateOffset`: nothing where the offset is frozen.
    fn update_offset(&mut self, queue: &Q, offset: i64, increase_only: bool);

    /// `updateAndFreezeOffset`: no update until the entry is removed.
    fn update_and_freeze_offset(&mut self, queue: &Q, offset: i64);

    /// `readOffset`, first half; `None` is Java's null queue.
    fn read_offset(
        &mut self,
        queue: Option<&Q>,
        read_type: ReadOffsetType,
        around: &mut dyn OffsetSurroundings<Q>,
    ) -> Reading;

    /// `readOffset`, second half, after [`Reading::Asked`].
    fn answer_read(&mut self, queue: &Q, answer: QueryAnswer) -> OffsetRead;

    /// `persist` of one queue; failures are only logged.
    fn persist(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>);

    /// `persistAll`: does nothing at all where `queues` is empty.
    fn persist_all(&mut self, queues: &BTreeSet<Q>, around: &mut dyn OffsetSurroundings<Q>);

    /// `removeOffset`: from memory only.
    fn remove_offset(&mut self, queue: &Q);

    /// `cloneOffsetTable`: the entries whose queue is wanted (Java: of one topic, or all).
    fn clone_offset_table(&self, wanted: &dyn Fn(&Q) -> bool) -> BTreeMap<Q, i64>;
}
