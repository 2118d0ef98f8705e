//! Offset stores with a mistake in them, against what they do: RocketMQ's `LocalFileOffsetStore`, and those that people
//! build.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::Span;
use crate::model::plan::PlantedMistake;
use crate::offset::{
    ApplicationDatabase, CommitAtEveryUpdate, DatabaseCommit, Disk, DiskError, FileSystem, LocalFileOffsetStore,
    OffsetDatabase, OffsetPort, OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer, QueueKey,
    ReadOffsetType, Reading,
};
use crate::strategy::MessageQueue;

/// A host's disk, a database, and a broker that only listens.
struct Host {
    disk: Disk,
    rows: BTreeMap<QueueKey, i64>,
    sent: Vec<i64>,
    planted: Option<PlantedMistake>,
}

impl OffsetPort<QueueKey> for Host {
    fn query_consumer_offset(&mut self, _: &QueueKey) -> Option<QueryAnswer> {
        Some(QueryAnswer::Failed)
    }

    fn update_consumer_offset(&mut self, _: &QueueKey, offset: i64) {
        self.sent.push(offset);
    }
}

impl FileSystem for Host {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let hidden = self.planted == Some(PlantedMistake::BackupNotRead) && path.ends_with(".bak");
        if hidden { None } else { self.disk.read(path) }
    }

    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), DiskError> {
        self.disk.write(path, content)
    }
}

impl OffsetDatabase<QueueKey> for Host {
    fn read(&mut self, queue: &QueueKey, _: Span) -> Option<QueryAnswer> {
        Some(self.rows.get(queue).map_or(QueryAnswer::QueryNotFound, |offset| QueryAnswer::Success(*offset)))
    }

    fn write(&mut self, queue: &QueueKey, offset: i64, _: Span) {
        self.rows.insert(queue.clone(), offset);
    }
}

/// A store, and what is wrong with it.
#[derive(Debug)]
struct Faulty<S> {
    right: S,
    planted: Option<PlantedMistake>,
}

impl<S: OffsetStore<QueueKey>> OffsetStore<QueueKey> for Faulty<S> {
    fn load(&mut self, around: &mut dyn OffsetSurroundings<QueueKey>) -> Result<(), OffsetStoreError> {
        self.right.load(around)
    }

    fn update_offset(
        &mut self,
        queue: &QueueKey,
        offset: i64,
        increase_only: bool,
        around: &mut dyn OffsetSurroundings<QueueKey>,
    ) {
        if self.planted == Some(PlantedMistake::UpdateMakesNothingLasting) {
            // A table in memory, and the persist timer for all else.
            self.right.answer_read(queue, QueryAnswer::Success(offset), around);
            return;
        }
        self.right.update_offset(queue, offset, increase_only, around);
    }

    fn update_and_freeze_offset(
        &mut self,
        queue: &QueueKey,
        offset: i64,
        around: &mut dyn OffsetSurroundings<QueueKey>,
    ) {
        match self.planted {
            Some(PlantedMistake::RepairDoesNotFreeze) => self.right.update_offset(queue, offset, false, around),
            _ => self.right.update_and_freeze_offset(queue, offset, around),
        }
    }

    fn read_offset(
        &mut self,
        queue: Option<&QueueKey>,
        read_type: ReadOffsetType,
        around: &mut dyn OffsetSurroundings<QueueKey>,
    ) -> Reading {
        self.right.read_offset(queue, read_type, around)
    }

    fn answer_read(
        &mut self,
        queue: &QueueKey,
        answer: QueryAnswer,
        around: &mut dyn OffsetSurroundings<QueueKey>,
    ) -> OffsetRead {
        self.right.answer_read(queue, answer, around)
    }

    fn persist(&mut self, queue: &QueueKey, around: &mut dyn OffsetSurroundings<QueueKey>) {
        self.right.persist(queue, around);
    }

    fn persist_all(&mut self, queues: &BTreeSet<QueueKey>, around: &mut dyn OffsetSurroundings<QueueKey>) {
        self.right.persist_all(queues, around);
        if self.planted == Some(PlantedMistake::LocalStoreForgets) {
            for queue in self.right.clone_offset_table(&|queue| !queues.contains(queue)).keys() {
                self.right.remove_offset(queue, around);
            }
        }
    }

    fn remove_offset(&mut self, queue: &QueueKey, around: &mut dyn OffsetSurroundings<QueueKey>) {
        self.right.remove_offset(queue, around);
    }

    fn clone_offset_table(&self, wanted: &dyn Fn(&QueueKey) -> bool) -> BTreeMap<QueueKey, i64> {
        self.right.clone_offset_table(wanted)
    }
}

fn host(planted: Option<PlantedMistake>) -> Host {
    Host { disk: Disk::default(), rows: BTreeMap::new(), sent: Vec::new(), planted }
}

fn made(planted: Option<PlantedMistake>) -> (Faulty<LocalFileOffsetStore>, Host) {
    let right = LocalFileOffsetStore::new("/offsets", "10.0.0.1@1", "g");
    (Faulty { right, planted }, host(planted))
}

fn queue(id: i32) -> QueueKey {
    QueueKey::from(&MessageQueue::new("TopicTest", "broker-a", id))
}

fn is(what: &str, expected: Option<i64>, reading: Reading) -> Result<(), String> {
    let read = match reading {
        Reading::Done(OffsetRead::Found(offset)) => Some(offset),
        _ => None,
    };
    if read == expected { Ok(()) } else { Err(format!("{what} is {read:?}, not {expected:?}")) }
}

/// An offset that was frozen stays until its entry is removed.
pub(super) fn frozen_offset(planted: Option<PlantedMistake>) -> Result<(), String> {
    let (mut store, mut host) = made(planted);
    store.update_offset(&queue(0), 10, true, &mut host);
    store.update_and_freeze_offset(&queue(0), 3, &mut host);
    store.update_offset(&queue(0), 99, true, &mut host);
    let read = ReadOffsetType::ReadFromMemory;
    is("the frozen offset", Some(3), store.read_offset(Some(&queue(0)), read, &mut host))?;
    store.remove_offset(&queue(0), &mut host);
    store.update_offset(&queue(0), 7, true, &mut host);
    is("the new offset", Some(7), store.read_offset(Some(&queue(0)), read, &mut host))
}

/// `persistAll` leaves the entries of queues that it was not given, in memory and in the file.
pub(super) fn other_queues(planted: Option<PlantedMistake>) -> Result<(), String> {
    let (mut store, mut host) = made(planted);
    store.update_offset(&queue(0), 10, true, &mut host);
    store.update_offset(&queue(1), 20, true, &mut host);
    store.persist_all(&BTreeSet::from([queue(0), queue(1)]), &mut host);
    store.update_offset(&queue(0), 11, true, &mut host);
    store.persist_all(&BTreeSet::from([queue(0)]), &mut host);
    let (memory, file) = (ReadOffsetType::ReadFromMemory, ReadOffsetType::ReadFromStore);
    is("the other queue in memory", Some(20), store.read_offset(Some(&queue(1)), memory, &mut host))?;
    is("the queue in the file", Some(11), store.read_offset(Some(&queue(0)), file, &mut host))?;
    is("the other queue in the file", Some(20), store.read_offset(Some(&queue(1)), file, &mut host))
}

/// A file that was cut off is made good by the version before.
pub(super) fn broken_file(planted: Option<PlantedMistake>) -> Result<(), String> {
    let (mut store, mut host) = made(planted);
    store.update_offset(&queue(0), 10, true, &mut host);
    store.persist_all(&BTreeSet::from([queue(0)]), &mut host);
    store.update_offset(&queue(0), 20, true, &mut host);
    store.persist_all(&BTreeSet::from([queue(0)]), &mut host);
    host.disk.place(store.right.path(), b"{\"offsetTable\":{");
    let (mut next, _) = made(planted);
    next.load(&mut host).map_err(|error| error.to_string())?;
    is("the offset of the copy", Some(10), next.read_offset(Some(&queue(0)), ReadOffsetType::ReadFromMemory, &mut host))
}

/// What a store that commits at once does with an update: nothing is left for the persist timer.
pub(super) fn lasting_at_once(planted: Option<PlantedMistake>) -> Result<(), String> {
    let mut host = host(planted);
    let (mut remote, mut database) = (
        Faulty { right: CommitAtEveryUpdate::default(), planted },
        Faulty { right: ApplicationDatabase::new(DatabaseCommit::WithWork, Span::ZERO), planted },
    );
    for offset in [10, 11] {
        remote.update_offset(&queue(0), offset, true, &mut host);
        database.update_offset(&queue(0), offset, true, &mut host);
    }
    if host.sent != [10, 11] {
        return Err(format!("the broker heard of {:?}, not of 10 and 11", host.sent));
    }
    let mut taker = ApplicationDatabase::new(DatabaseCommit::WithWork, Span::ZERO);
    let read = taker.read_offset(Some(&queue(0)), ReadOffsetType::ReadFromStore, &mut host);
    is("what the taker reads", Some(11), read)
}
