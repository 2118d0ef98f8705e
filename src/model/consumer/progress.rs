//! A client's offsets in memory: of `CLUSTERING` members the plain table, of `BROADCASTING` members the local store.
//!
//! The table is what `RemoteBrokerOffsetStore` has inside: the model sends its updates as messages, and looks into it
//! for every message and every pull, so it does without the store's port and its signed offsets.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::observation::QueueIndex;
use crate::offset::{
    Disk, FileSystem, LocalFileOffsetStore, OffsetPort, OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings,
    OffsetTable, QueryAnswer, QueueKey, ReadOffsetType, Reading,
};
use crate::strategy::MessageQueue;

/// `DefaultMQPushConsumerImpl.offsetStore`.
#[derive(Debug)]
pub(in crate::model) enum Progress {
    /// `RemoteBrokerOffsetStore`.
    Remote(OffsetTable<QueueIndex>),
    /// `LocalFileOffsetStore`.
    Local(Box<LocalProgress>),
}

/// The local store, with the keys of the queues that the member has come to know.
#[derive(Debug)]
pub(in crate::model) struct LocalProgress {
    store: LocalFileOffsetStore,
    keys: BTreeMap<QueueIndex, QueueKey>,
}

impl Default for Progress {
    fn default() -> Self {
        Self::Remote(OffsetTable::default())
    }
}

/// A disk and no broker.
struct OnDisk<'a>(&'a mut Disk);

impl OffsetPort<QueueKey> for OnDisk<'_> {
    fn query_consumer_offset(&mut self, _: &QueueKey) -> Option<QueryAnswer> {
        Some(QueryAnswer::Failed)
    }

    fn update_consumer_offset(&mut self, _: &QueueKey, _: i64) {}
}

impl OffsetSurroundings<QueueKey> for OnDisk<'_> {
    fn port(&mut self) -> &mut dyn OffsetPort<QueueKey> {
        self
    }

    fn file_system(&mut self) -> &mut dyn FileSystem {
        self.0
    }
}

/// The model's offsets are never negative; a file written by hand may hold one, which counts as the beginning.
fn unsigned(offset: i64) -> u64 {
    u64::try_from(offset).unwrap_or(0)
}

fn signed(offset: u64) -> i64 {
    i64::try_from(offset).expect("offsets of a run fit into Java's long")
}

/// The name of a queue in the file.
fn known(keys: &BTreeMap<QueueIndex, QueueKey>, queue: QueueIndex) -> &QueueKey {
    keys.get(&queue).expect("a queue gets its key before it is taken")
}

impl Progress {
    /// `updateOffset`.
    pub fn update(&mut self, queue: &QueueIndex, offset: u64, increase_only: bool) {
        match self {
            Self::Remote(table) => table.update(queue, offset, increase_only),
            Self::Local(local) => {
                let LocalProgress { store, keys } = &mut **local;
                store.update_offset(known(keys, *queue), signed(offset), increase_only);
            }
        }
    }

    /// `updateAndFreezeOffset`.
    pub fn update_and_freeze(&mut self, queue: &QueueIndex, offset: u64) {
        match self {
            Self::Remote(table) => table.update_and_freeze(queue, offset),
            Self::Local(local) => {
                let LocalProgress { store, keys } = &mut **local;
                store.update_and_freeze_offset(known(keys, *queue), signed(offset));
            }
        }
    }

    /// What a pull carries to the broker: nothing in `BROADCASTING` (A6.2).
    pub fn to_carry(&self, queue: &QueueIndex) -> Option<u64> {
        match self {
            Self::Remote(table) => table.read(queue),
            Self::Local(_) => None,
        }
    }

    /// `removeOffset`: from memory; answers what a `CLUSTERING` member then sends to the broker.
    pub fn remove(&mut self, queue: &QueueIndex) -> Option<u64> {
        match self {
            Self::Remote(table) => table.remove(queue),
            Self::Local(local) => {
                if let Some(key) = local.keys.get(queue) {
                    local.store.remove_offset(key);
                }
                None
            }
        }
    }

    /// `persistAll` of a `CLUSTERING` member: what to send.
    pub fn take_for_persist_all(&mut self, assigned: &BTreeSet<QueueIndex>) -> Vec<(QueueIndex, u64)> {
        match self {
            Self::Remote(table) => table.take_for_persist_all(assigned),
            Self::Local(_) => Vec::new(),
        }
    }

    /// The local store of a `BROADCASTING` member.
    pub fn local(&mut self) -> Option<&mut LocalProgress> {
        match self {
            Self::Remote(_) => None,
            Self::Local(local) => Some(local),
        }
    }
}

impl LocalProgress {
    /// A store that has read its file.
    ///
    /// # Errors
    /// Neither the file nor its copy can be read: `start()` throws.
    pub fn load(dir: &str, client_id: &str, group: &str, disk: &mut Disk) -> Result<Self, OffsetStoreError> {
        let mut store = LocalFileOffsetStore::new(dir, client_id, group);
        store.load(&mut OnDisk(disk))?;
        Ok(Self { store, keys: BTreeMap::new() })
    }

    /// The file.
    pub fn path(&self) -> &str {
        self.store.path()
    }

    /// Gives a queue its name in the file.
    pub fn know(&mut self, queue: QueueIndex, name: &MessageQueue) {
        self.keys.entry(queue).or_insert_with(|| QueueKey::from(name));
    }

    /// `readOffset(READ_FROM_STORE)`: the file is read again; `None` is Java's -1.
    pub fn read_from_file(&mut self, queue: QueueIndex, disk: &mut Disk) -> Option<u64> {
        let Self { store, keys } = self;
        let key = known(keys, queue);
        match store.read_offset(Some(key), ReadOffsetType::ReadFromStore, &mut OnDisk(disk)) {
            Reading::Done(OffsetRead::Found(offset)) => Some(unsigned(offset)),
            _ => None,
        }
    }

    /// `persistAll`, or `persist` where one queue is given: writes the file; answers what it now says of them.
    pub fn persist(&mut self, queues: &BTreeSet<QueueIndex>, disk: &mut Disk) -> Vec<(QueueIndex, u64)> {
        let keys: BTreeSet<QueueKey> = queues.iter().map(|&queue| known(&self.keys, queue).clone()).collect();
        let table = self.store.clone_offset_table(&|key| keys.contains(key));
        if table.is_empty() && queues.len() == 1 {
            return Vec::new();
        }
        self.store.persist_all(&keys, &mut OnDisk(disk));
        if self.store.last_write_error().is_some() {
            return Vec::new();
        }
        let saved = |&queue: &QueueIndex| table.get(known(&self.keys, queue)).map(|&offset| (queue, unsigned(offset)));
        queues.iter().filter_map(saved).collect()
    }
}
