//! What every offset store offers (`org.apache.rocketmq.client.consumer.store.OffsetStore`), and what it stands on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use super::fastjson::ParseError;
use super::file_system::FileSystem;
use super::queue_key::QueueKey;
use crate::kernel::Span;

/// Where to look for an offset (`ReadOffsetType`).
///
/// ```
/// use rebalance_sim::offset::{InMemory, OffsetRead, OffsetStore, ReadOffsetType, Reading, RemoteBrokerOffsetStore};
/// let (mut around, mut store) = (InMemory::default(), RemoteBrokerOffsetStore::<u32>::default());
/// around.broker.insert(0, 10);
/// let mut read = |from| store.read_offset(Some(&0), from, &mut around);
/// assert_eq!(read(ReadOffsetType::ReadFromMemory), Reading::Done(OffsetRead::NotFound));
/// assert_eq!(read(ReadOffsetType::ReadFromStore), Reading::Done(OffsetRead::Found(10)));
/// assert_eq!(read(ReadOffsetType::ReadFromMemory), Reading::Done(OffsetRead::Found(10)));
/// ```
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
///
/// ```
/// use rebalance_sim::offset::OffsetRead;
/// assert_eq!([OffsetRead::Found(7), OffsetRead::NotFound, OffsetRead::Failed].map(OffsetRead::code), [7, -1, -2]);
/// ```
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
///
/// ```
/// use rebalance_sim::offset::{InMemory, OffsetRead, OffsetStore, QueryAnswer, ReadOffsetType, Reading};
/// let (mut around, mut store) = (InMemory::default(), rebalance_sim::offset::RemoteBrokerOffsetStore::<u32>::default());
/// around.later = true;
/// assert_eq!(store.read_offset(Some(&0), ReadOffsetType::ReadFromStore, &mut around), Reading::Asked);
/// assert_eq!(store.answer_read(&0, QueryAnswer::Success(7), &mut around), OffsetRead::Found(7));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// It is known at once.
    Done(OffsetRead),
    /// The broker was asked; hand its answer to [`OffsetStore::answer_read`].
    Asked,
}

/// What becomes of a `QUERY_CONSUMER_OFFSET`, or of a question to a database.
///
/// ```
/// use rebalance_sim::offset::{InMemory, OffsetPort, QueryAnswer};
/// assert_eq!(InMemory::default().query_consumer_offset(&0), Some(QueryAnswer::QueryNotFound));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryAnswer {
    /// `SUCCESS` with the offset.
    Success(i64),
    /// `QUERY_NOT_FOUND`; no row.
    QueryNotFound,
    /// Any other code, a timeout, no connection, no address of the broker.
    Failed,
}

/// A client's way to the broker of a queue. Which instance is asked (master, or any for an update) is its business
/// (`RemoteBrokerOffsetStore.fetchConsumeOffsetFromBroker`, `updateConsumeOffsetToBroker`).
///
/// ```
/// use rebalance_sim::offset::{InMemory, OffsetPort, QueryAnswer};
/// let mut brokers = InMemory::default();
/// brokers.update_consumer_offset(&0, 10);
/// assert_eq!(brokers.query_consumer_offset(&0), Some(QueryAnswer::Success(10)));
/// ```
pub trait OffsetPort<Q> {
    /// Sends `QUERY_CONSUMER_OFFSET`. `None`: the answer comes later through [`OffsetStore::answer_read`].
    fn query_consumer_offset(&mut self, queue: &Q) -> Option<QueryAnswer>;

    /// Sends a one-way `UPDATE_CONSUMER_OFFSET`; whether it arrives is never known.
    fn update_consumer_offset(&mut self, queue: &Q, offset: i64);
}

/// An application's way to a database that all members of a group reach: one row a queue.
///
/// ```
/// use rebalance_sim::millis;
/// use rebalance_sim::offset::{InMemory, OffsetDatabase, QueryAnswer};
/// let mut database = InMemory::default();
/// database.write(&0, 10, millis(2));
/// assert_eq!(database.read(&0, millis(2)), Some(QueryAnswer::Success(10)));
/// ```
pub trait OffsetDatabase<Q> {
    /// Reads the row of a queue. `None`: the answer comes later through [`OffsetStore::answer_read`].
    fn read(&mut self, queue: &Q, latency: Span) -> Option<QueryAnswer>;

    /// Puts an offset into the row of a queue, which is done so much later; a process that dies before has not written.
    fn write(&mut self, queue: &Q, offset: i64, latency: Span);
}

/// What a client lends its store during one call.
///
/// ```
/// use rebalance_sim::MessageQueue;
/// use rebalance_sim::offset::OffsetSurroundings;
/// /// Sends an offset at once, without waiting for the persist timer.
/// fn send(queue: &MessageQueue, offset: i64, around: &mut dyn OffsetSurroundings<MessageQueue>) {
///     around.port().update_consumer_offset(queue, offset);
/// }
/// ```
pub trait OffsetSurroundings<Q> {
    /// Its connections.
    fn port(&mut self) -> &mut dyn OffsetPort<Q>;

    /// The disk of its host, shared with all processes there.
    fn file_system(&mut self) -> &mut dyn FileSystem;

    /// The database of its application, shared with all members of the group.
    fn database(&mut self) -> &mut dyn OffsetDatabase<Q>;

    /// The name of a queue, for stores that write it down.
    fn name(&self, queue: &Q) -> QueueKey;

    /// A file that was just written says this of a queue now.
    fn filed(&mut self, queue: &Q, offset: i64);
}

/// Whoever is all of it lends itself, where queues go by their names.
impl<T: OffsetPort<QueueKey> + FileSystem + OffsetDatabase<QueueKey>> OffsetSurroundings<QueueKey> for T {
    fn port(&mut self) -> &mut dyn OffsetPort<QueueKey> {
        self
    }

    fn file_system(&mut self) -> &mut dyn FileSystem {
        self
    }

    fn database(&mut self) -> &mut dyn OffsetDatabase<QueueKey> {
        self
    }

    fn name(&self, queue: &QueueKey) -> QueueKey {
        queue.clone()
    }

    fn filed(&mut self, _: &QueueKey, _: i64) {}
}

/// Why a store could not be loaded; the consumer then does not start.
///
/// ```
/// use rebalance_sim::offset::OffsetStoreError;
/// let refused = OffsetStoreError::Own("the database has no table for the group".to_owned());
/// assert_eq!(refused.to_string(), "the database has no table for the group");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OffsetStoreError {
    /// `MQClientException` of `LocalFileOffsetStore.readLocalOffsetBak`.
    #[error("neither {path} nor its copy {path}.bak can be read: {reason} in the copy")]
    BrokenBackup {
        /// The main file.
        path: String,
        /// What is wrong with the copy.
        reason: ParseError,
    },
    /// A store of somebody else's refuses: one sentence.
    #[error("{0}")]
    Own(String),
}

/// How far a group has consumed, as one member knows it. `Q` names a queue. Whatever may need a broker, a file or a
/// database is lent them; what they answer later comes through [`OffsetStore::answer_read`].
///
/// ```
/// use rebalance_sim::MessageQueue;
/// use rebalance_sim::offset::{OffsetStore, RemoteBrokerOffsetStore};
/// fn known(store: &impl OffsetStore<MessageQueue>) -> usize {
///     store.clone_offset_table(&|queue| &*queue.topic == "orders").len()
/// }
/// assert_eq!(known(&RemoteBrokerOffsetStore::default()), 0);
/// ```
pub trait OffsetStore<Q: Ord>: Debug {
    /// `load`, called once at start.
    ///
    /// # Errors
    /// [`OffsetStoreError`]: of RocketMQ's stores the local one alone.
    fn load(&mut self, around: &mut dyn OffsetSurroundings<Q>) -> Result<(), OffsetStoreError>;

    /// `updateOffset`: nothing where the offset is frozen.
    fn update_offset(&mut self, queue: &Q, offset: i64, increase_only: bool, around: &mut dyn OffsetSurroundings<Q>);

    /// `updateAndFreezeOffset`: no update until the entry is removed.
    fn update_and_freeze_offset(&mut self, queue: &Q, offset: i64, around: &mut dyn OffsetSurroundings<Q>);

    /// `readOffset`, first half; `None` is Java's null queue.
    fn read_offset(
        &mut self,
        queue: Option<&Q>,
        read_type: ReadOffsetType,
        around: &mut dyn OffsetSurroundings<Q>,
    ) -> Reading;

    /// `readOffset`, second half, after [`Reading::Asked`].
    fn answer_read(&mut self, queue: &Q, answer: QueryAnswer, around: &mut dyn OffsetSurroundings<Q>) -> OffsetRead;

    /// `persist` of one queue; failures are only logged.
    fn persist(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>);

    /// `persistAll`: does nothing at all where `queues` is empty.
    fn persist_all(&mut self, queues: &BTreeSet<Q>, around: &mut dyn OffsetSurroundings<Q>);

    /// `removeOffset`: from memory only.
    fn remove_offset(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>);

    /// `cloneOffsetTable`: the entries whose queue is wanted (Java: of one topic, or all).
    fn clone_offset_table(&self, wanted: &dyn Fn(&Q) -> bool) -> BTreeMap<Q, i64>;
}
