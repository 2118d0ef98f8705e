//! A client's offset store (`DefaultMQPushConsumerImpl.offsetStore`), and what the client lends it.
//!
//! ```text
//!   consumer --update, read, persist, remove--> OffsetStore --port-------> the queue's broker
//!                                                           --file system-> the disk of its machine
//!                                                           --database----> what the group's application shares
//! ```
//! A store knows no messages of the model: what it sends is collected here, and who made it send says by which path the
//! offset goes.

use std::collections::BTreeMap;

use crate::kernel::Span;
use crate::model::consumer::Consumer;
use crate::model::network::{Request, Waiter};
use crate::model::observation::{CommitPath, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex};
use crate::model::replicas::Addresses;
use crate::offset::{
    DiskError, FileSystem, OffsetDatabase, OffsetPort, OffsetRead, OffsetStore, OffsetSurroundings, QueryAnswer,
    QueueKey, ReadOffsetType, Reading,
};

/// What a consumer holds: a store of any kind, which knows queues by their bare numbers.
pub(in crate::model) type Store = Box<dyn OffsetStore<u32>>;

/// The model's offsets are never negative; a file written by hand may hold one, which counts as the beginning.
fn unsigned(offset: i64) -> u64 {
    u64::try_from(offset).unwrap_or(0)
}

fn signed(offset: u64) -> i64 {
    i64::try_from(offset).expect("offsets of a run fit into Java's long")
}

/// The client, as its store sees it during one call.
struct Lent<'a, 'b> {
    out: &'a mut Outside<'b>,
    consumer: ConsumerIndex,
    life: u32,
    group: GroupIndex,
    brokers: &'a BTreeMap<BrokerIndex, Addresses>,
    /// Who waits for what the store asks.
    waiter: Option<Waiter>,
    /// What the store sends.
    sent: Vec<(QueueIndex, u64)>,
    /// The file whose writing takes its time since this call.
    writing: Option<String>,
}

impl OffsetPort<u32> for Lent<'_, '_> {
    /// A broker that is not in the table fails the query at once.
    fn query_consumer_offset(&mut self, queue: &u32) -> Option<QueryAnswer> {
        let name = self.out.names.queue(QueueIndex(*queue)).broker;
        let known = self.brokers.get(&name).and_then(|addresses| addresses.master_or_any());
        let (Some(broker), Some(waiter)) = (known, self.waiter.take()) else { return Some(QueryAnswer::Failed) };
        let timeout = self.out.planned(self.consumer).client.timers.offset_query_timeout;
        let (from, to) = (self.out.consumer_host(self.consumer), self.out.broker_host(broker));
        self.out.call(from, to, Request::QueryOffset { group: self.group, queue: QueueIndex(*queue) }, timeout, waiter);
        None
    }

    fn update_consumer_offset(&mut self, queue: &u32, offset: i64) {
        self.sent.push((QueueIndex(*queue), unsigned(offset)));
    }
}

impl FileSystem for Lent<'_, '_> {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.out.disks.read(self.consumer, path)
    }

    /// The first file of a call begins what takes a time: two processes with the same client id on one machine overwrite
    /// each other's entries, and one that dies meanwhile leaves a part.
    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), DiskError> {
        let file = path.strip_suffix(".bak").unwrap_or(path);
        if self.writing.is_none() {
            let now = self.out.now();
            let takes = self.out.environment().local_offsets_write.draw(&mut self.out.environment_stream);
            self.out.disks.begin_write(self.consumer, file, now, takes);
            self.writing = Some(file.to_owned());
        }
        self.out.disks.disk(self.consumer).write(path, content)
    }
}

impl OffsetDatabase<u32> for Lent<'_, '_> {
    fn read(&mut self, queue: &u32, latency: Span) -> Option<QueryAnswer> {
        let Some(waiter) = self.waiter.take() else { return Some(QueryAnswer::Failed) };
        self.out.read_database((self.group, QueueIndex(*queue)), latency, waiter);
        None
    }

    fn write(&mut self, queue: &u32, offset: i64, latency: Span) {
        let by = (self.consumer, self.life);
        self.out.write_database((self.group, QueueIndex(*queue)), unsigned(offset), latency, by);
    }
}

impl OffsetSurroundings<u32> for Lent<'_, '_> {
    fn port(&mut self) -> &mut dyn OffsetPort<u32> {
        self
    }

    fn file_system(&mut self) -> &mut dyn FileSystem {
        self
    }

    fn database(&mut self) -> &mut dyn OffsetDatabase<u32> {
        self
    }

    fn name(&self, queue: &u32) -> QueueKey {
        QueueKey::from(self.out.names.message_queue(QueueIndex(*queue)))
    }

    fn filed(&mut self, queue: &u32, offset: i64) {
        let (queue, offset, consumer) = (QueueIndex(*queue), unsigned(offset), self.consumer);
        let path = self.writing.as_deref().expect("a file was written during this call");
        let previous = self.out.disks.note_saved(consumer, path, queue, offset);
        if previous != Some(offset) {
            let audience = self.out.names.audience_of(consumer);
            let (by, path) = (Some(consumer), CommitPath::LocalFile);
            self.out.see(Observation::Committed { audience, queue, offset, previous, by, path });
        }
    }
}

impl Consumer {
    /// Lets the store do something; answers what it wants to be sent to brokers as well.
    pub(in crate::model) fn with_store<R>(
        &mut self,
        out: &mut Outside<'_>,
        waiter: Option<Waiter>,
        act: impl FnOnce(&mut dyn OffsetStore<u32>, &mut dyn OffsetSurroundings<u32>) -> R,
    ) -> (R, Vec<(QueueIndex, u64)>) {
        let Self { index, life, group, brokers, offsets, .. } = self;
        let (consumer, life, group) = (*index, *life, *group);
        let mut lent = Lent { out, consumer, life, group, brokers, waiter, sent: Vec::new(), writing: None };
        let answer = act(&mut **offsets, &mut lent);
        (answer, lent.sent)
    }

    /// `updateOffset`.
    pub(in crate::model) fn update_offset(
        &mut self,
        out: &mut Outside<'_>,
        queue: QueueIndex,
        offset: u64,
        increase_only: bool,
    ) {
        let offset = signed(offset);
        let ((), sent) =
            self.with_store(out, None, |store, around| store.update_offset(&queue.0, offset, increase_only, around));
        self.send_offsets(out, sent, CommitPath::Update);
    }

    /// `updateAndFreezeOffset`.
    pub(in crate::model) fn update_and_freeze_offset(&mut self, out: &mut Outside<'_>, queue: QueueIndex, offset: u64) {
        let offset = signed(offset);
        let ((), sent) =
            self.with_store(out, None, |store, around| store.update_and_freeze_offset(&queue.0, offset, around));
        self.send_offsets(out, sent, CommitPath::Update);
    }

    /// `readOffset(READ_FROM_MEMORY)`.
    pub(in crate::model) fn offset_in_memory(&mut self, out: &mut Outside<'_>, queue: QueueIndex) -> Option<u64> {
        let memory = ReadOffsetType::ReadFromMemory;
        match self.with_store(out, None, |store, around| store.read_offset(Some(&queue.0), memory, around)).0 {
            Reading::Done(OffsetRead::Found(offset)) => Some(unsigned(offset)),
            _ => None,
        }
    }

    /// `readOffset(READ_FROM_STORE)`, first half: `None`, and this waiter is answered later.
    pub(in crate::model) fn read_stored_offset(
        &mut self,
        out: &mut Outside<'_>,
        queue: QueueIndex,
        waiter: Waiter,
    ) -> Option<StoredOffset> {
        let stored = ReadOffsetType::ReadFromStore;
        let reading =
            self.with_store(out, Some(waiter), |store, around| store.read_offset(Some(&queue.0), stored, around));
        match reading.0 {
            Reading::Done(read) => Some(StoredOffset::from(read)),
            Reading::Asked => None,
        }
    }

    /// `readOffset(READ_FROM_STORE)`, second half.
    pub(in crate::model) fn stored_offset_answered(
        &mut self,
        out: &mut Outside<'_>,
        queue: QueueIndex,
        answer: QueryAnswer,
    ) -> StoredOffset {
        let (read, sent) = self.with_store(out, None, |store, around| store.answer_read(&queue.0, answer, around));
        self.send_offsets(out, sent, CommitPath::Update);
        read.into()
    }

    /// `removeOffset`.
    pub(in crate::model) fn remove_offset(&mut self, out: &mut Outside<'_>, queue: QueueIndex) {
        self.with_store(out, None, |store, around| store.remove_offset(&queue.0, around));
    }
}

/// What `readOffset(READ_FROM_STORE)` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum StoredOffset {
    /// The group goes on here.
    At(u64),
    /// Java's -1: `consumeFromWhere` decides.
    None,
    /// Java's -2: nobody knows; the next rebalance asks again.
    Unknown,
}

impl From<OffsetRead> for StoredOffset {
    fn from(read: OffsetRead) -> Self {
        match read {
            OffsetRead::Found(offset) => Self::At(unsigned(offset)),
            OffsetRead::NotFound => Self::None,
            OffsetRead::Failed | OffsetRead::NoQueue => Self::Unknown,
        }
    }
}
