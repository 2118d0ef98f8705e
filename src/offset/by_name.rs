//! A store of somebody else's, which knows queues by name, for a client that knows them by number.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use super::file_system::FileSystem;
use super::queue_key::QueueKey;
use super::store::{
    OffsetDatabase, OffsetPort, OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer,
    ReadOffsetType, Reading,
};
use crate::kernel::Span;
use crate::strategy::MessageQueue;

/// The store, with the names of the queues that the member has come to know.
///
/// ```
/// use rebalance_sim::MessageQueue;
/// use rebalance_sim::offset::{ByName, OffsetStore, RemoteBrokerOffsetStore};
/// let by_name = ByName::<_, u32>::new(RemoteBrokerOffsetStore::<MessageQueue>::default());
/// assert!(by_name.clone_offset_table(&|_| true).is_empty());
/// ```
#[derive(Debug, Default)]
pub struct ByName<S, Q: Ord = u32> {
    store: S,
    names: BTreeMap<Q, MessageQueue>,
    numbers: BTreeMap<MessageQueue, Q>,
}

impl<S: OffsetStore<MessageQueue>, Q: Ord> ByName<S, Q> {
    /// A store that has not seen a queue yet.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self { store, names: BTreeMap::new(), numbers: BTreeMap::new() }
    }
}

/// What the client lends, with queues by name.
struct Lent<'a, 'b, Q> {
    around: &'a mut dyn OffsetSurroundings<Q>,
    numbers: &'b BTreeMap<MessageQueue, Q>,
}

impl<Q: Ord + Clone> Lent<'_, '_, Q> {
    /// A queue that the store was never told of has no number, and nobody who could be asked for it.
    fn with<R>(
        &mut self,
        queue: &MessageQueue,
        act: impl FnOnce(&mut dyn OffsetSurroundings<Q>, &Q) -> R,
    ) -> Option<R> {
        let number = self.numbers.get(queue)?;
        Some(act(self.around, number))
    }
}

impl<Q: Ord + Clone> OffsetPort<MessageQueue> for Lent<'_, '_, Q> {
    fn query_consumer_offset(&mut self, queue: &MessageQueue) -> Option<QueryAnswer> {
        let asked = self.with(queue, |around, number| around.port().query_consumer_offset(number));
        asked.unwrap_or(Some(QueryAnswer::Failed))
    }

    fn update_consumer_offset(&mut self, queue: &MessageQueue, offset: i64) {
        self.with(queue, |around, number| around.port().update_consumer_offset(number, offset));
    }
}

impl<Q: Ord + Clone> OffsetDatabase<MessageQueue> for Lent<'_, '_, Q> {
    fn read(&mut self, queue: &MessageQueue, latency: Span) -> Option<QueryAnswer> {
        let asked = self.with(queue, |around, number| around.database().read(number, latency));
        asked.unwrap_or(Some(QueryAnswer::Failed))
    }

    fn write(&mut self, queue: &MessageQueue, offset: i64, latency: Span) {
        self.with(queue, |around, number| around.database().write(number, offset, latency));
    }
}

impl<Q: Ord + Clone> OffsetSurroundings<MessageQueue> for Lent<'_, '_, Q> {
    fn port(&mut self) -> &mut dyn OffsetPort<MessageQueue> {
        self
    }

    fn file_system(&mut self) -> &mut dyn FileSystem {
        self.around.file_system()
    }

    fn database(&mut self) -> &mut dyn OffsetDatabase<MessageQueue> {
        self
    }

    fn name(&self, queue: &MessageQueue) -> QueueKey {
        queue.into()
    }

    fn filed(&mut self, queue: &MessageQueue, offset: i64) {
        self.with(queue, |around, number| around.filed(number, offset));
    }
}

impl<S: OffsetStore<MessageQueue>, Q: Ord + Clone> ByName<S, Q> {
    fn name(&mut self, queue: &Q, around: &dyn OffsetSurroundings<Q>) -> MessageQueue {
        if let Some(name) = self.names.get(queue) {
            return name.clone();
        }
        let QueueKey { topic, broker_name, queue_id } = around.name(queue);
        let nameless = || "".into();
        let name = MessageQueue {
            topic: topic.unwrap_or_else(nameless),
            broker_name: broker_name.unwrap_or_else(nameless),
            queue_id,
        };
        self.names.insert(queue.clone(), name.clone());
        self.numbers.insert(name.clone(), queue.clone());
        name
    }

    /// Lets the store do something to a queue.
    fn on<R>(
        &mut self,
        queue: &Q,
        around: &mut dyn OffsetSurroundings<Q>,
        act: impl FnOnce(&mut S, &MessageQueue, &mut Lent<'_, '_, Q>) -> R,
    ) -> R {
        let name = self.name(queue, around);
        act(&mut self.store, &name, &mut Lent { around, numbers: &self.numbers })
    }
}

impl<S: OffsetStore<MessageQueue>, Q: Ord + Clone + Debug> OffsetStore<Q> for ByName<S, Q> {
    fn load(&mut self, around: &mut dyn OffsetSurroundings<Q>) -> Result<(), OffsetStoreError> {
        self.store.load(&mut Lent { around, numbers: &self.numbers })
    }

    fn update_offset(&mut self, queue: &Q, offset: i64, increase_only: bool, around: &mut dyn OffsetSurroundings<Q>) {
        self.on(queue, around, |store, queue, lent| store.update_offset(queue, offset, increase_only, lent));
    }

    fn update_and_freeze_offset(&mut self, queue: &Q, offset: i64, around: &mut dyn OffsetSurroundings<Q>) {
        self.on(queue, around, |store, queue, lent| store.update_and_freeze_offset(queue, offset, lent));
    }

    fn read_offset(
        &mut self,
        queue: Option<&Q>,
        read_type: ReadOffsetType,
        around: &mut dyn OffsetSurroundings<Q>,
    ) -> Reading {
        match queue {
            Some(queue) => self.on(queue, around, |store, queue, lent| store.read_offset(Some(queue), read_type, lent)),
            None => self.store.read_offset(None, read_type, &mut Lent { around, numbers: &self.numbers }),
        }
    }

    fn answer_read(&mut self, queue: &Q, answer: QueryAnswer, around: &mut dyn OffsetSurroundings<Q>) -> OffsetRead {
        self.on(queue, around, |store, queue, lent| store.answer_read(queue, answer, lent))
    }

    fn persist(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>) {
        self.on(queue, around, |store, queue, lent| store.persist(queue, lent));
    }

    fn persist_all(&mut self, queues: &BTreeSet<Q>, around: &mut dyn OffsetSurroundings<Q>) {
        let names = queues.iter().map(|queue| self.name(queue, around)).collect();
        self.store.persist_all(&names, &mut Lent { around, numbers: &self.numbers });
    }

    fn remove_offset(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>) {
        self.on(queue, around, |store, queue, lent| store.remove_offset(queue, lent));
    }

    fn clone_offset_table(&self, wanted: &dyn Fn(&Q) -> bool) -> BTreeMap<Q, i64> {
        let table = self.store.clone_offset_table(&|_| true);
        let known = self.names.iter().filter(|(queue, _)| wanted(queue));
        known.filter_map(|(queue, name)| Some((queue.clone(), *table.get(name)?))).collect()
    }
}
