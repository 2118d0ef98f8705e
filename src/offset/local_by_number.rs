//! `LocalFileOffsetStore` for a client that knows queues by number: the file knows them by name.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use super::file_system::{DiskError, FileSystem};
use super::local::LocalFileOffsetStore;
use super::queue_key::QueueKey;
use super::store::{
    OffsetDatabase, OffsetPort, OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer,
    ReadOffsetType, Reading,
};
use crate::kernel::Span;

/// The store, with the names of the queues that the member has come to know.
#[derive(Debug)]
pub struct LocalByNumber<Q: Ord> {
    store: LocalFileOffsetStore,
    keys: BTreeMap<Q, QueueKey>,
    persists_one: bool,
}

/// The files, and neither broker nor database: the store asks for none of them.
struct OnFiles<'a> {
    files: &'a mut dyn FileSystem,
    /// The file that was last written whole.
    written: Option<String>,
}

impl OffsetPort<QueueKey> for OnFiles<'_> {
    fn query_consumer_offset(&mut self, _: &QueueKey) -> Option<QueryAnswer> {
        Some(QueryAnswer::Failed)
    }

    fn update_consumer_offset(&mut self, _: &QueueKey, _: i64) {}
}

impl OffsetDatabase<QueueKey> for OnFiles<'_> {
    fn read(&mut self, _: &QueueKey, _: Span) -> Option<QueryAnswer> {
        Some(QueryAnswer::Failed)
    }

    fn write(&mut self, _: &QueueKey, _: i64, _: Span) {}
}

impl FileSystem for OnFiles<'_> {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.files.read(path)
    }

    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), DiskError> {
        self.files.write(path, content)?;
        self.written = Some(path.to_owned());
        Ok(())
    }
}

impl<Q: Ord + Clone> LocalByNumber<Q> {
    /// `persists_one`: `persist` of one queue writes; it is empty up to 5.1, but for 4.9.8.
    #[must_use]
    pub fn new(store: LocalFileOffsetStore, persists_one: bool) -> Self {
        Self { store, keys: BTreeMap::new(), persists_one }
    }

    /// Lets the store do something; answers whether it has written its file.
    fn with<R>(
        &mut self,
        around: &mut dyn OffsetSurroundings<Q>,
        act: impl FnOnce(&mut LocalFileOffsetStore, &mut OnFiles<'_>) -> R,
    ) -> (R, bool) {
        let mut on = OnFiles { files: around.file_system(), written: None };
        let answer = act(&mut self.store, &mut on);
        (answer, on.written.is_some_and(|path| path == self.store.path()))
    }

    fn key(&mut self, queue: &Q, around: &dyn OffsetSurroundings<Q>) -> QueueKey {
        self.keys.entry(queue.clone()).or_insert_with(|| around.name(queue)).clone()
    }

    /// Says what the file now has of these queues.
    fn say_filed(&self, queues: &BTreeSet<Q>, around: &mut dyn OffsetSurroundings<Q>) {
        let table = self.store.clone_offset_table(&|_| true);
        for queue in queues {
            if let Some(&offset) = self.keys.get(queue).and_then(|key| table.get(key)) {
                around.filed(queue, offset);
            }
        }
    }
}

impl<Q: Ord + Clone + Debug> OffsetStore<Q> for LocalByNumber<Q> {
    fn load(&mut self, around: &mut dyn OffsetSurroundings<Q>) -> Result<(), OffsetStoreError> {
        self.with(around, |store, on| store.load(on)).0
    }

    fn update_offset(&mut self, queue: &Q, offset: i64, increase_only: bool, around: &mut dyn OffsetSurroundings<Q>) {
        let key = self.key(queue, around);
        self.with(around, |store, on| store.update_offset(&key, offset, increase_only, on));
    }

    fn update_and_freeze_offset(&mut self, queue: &Q, offset: i64, around: &mut dyn OffsetSurroundings<Q>) {
        let key = self.key(queue, around);
        self.with(around, |store, on| store.update_and_freeze_offset(&key, offset, on));
    }

    fn read_offset(
        &mut self,
        queue: Option<&Q>,
        read_type: ReadOffsetType,
        around: &mut dyn OffsetSurroundings<Q>,
    ) -> Reading {
        let key = queue.map(|queue| self.key(queue, around));
        self.with(around, |store, on| store.read_offset(key.as_ref(), read_type, on)).0
    }

    fn answer_read(&mut self, queue: &Q, answer: QueryAnswer, around: &mut dyn OffsetSurroundings<Q>) -> OffsetRead {
        let key = self.key(queue, around);
        self.with(around, |store, on| store.answer_read(&key, answer, on)).0
    }

    fn persist(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>) {
        if !self.persists_one {
            return;
        }
        let key = self.key(queue, around);
        if self.with(around, |store, on| store.persist(&key, on)).1 {
            self.say_filed(&BTreeSet::from([queue.clone()]), around);
        }
    }

    fn persist_all(&mut self, queues: &BTreeSet<Q>, around: &mut dyn OffsetSurroundings<Q>) {
        let keys = queues.iter().map(|queue| self.key(queue, around)).collect();
        if self.with(around, |store, on| store.persist_all(&keys, on)).1 {
            self.say_filed(queues, around);
        }
    }

    fn remove_offset(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>) {
        let key = self.key(queue, around);
        self.with(around, |store, on| store.remove_offset(&key, on));
    }

    fn clone_offset_table(&self, wanted: &dyn Fn(&Q) -> bool) -> BTreeMap<Q, i64> {
        let table = self.store.clone_offset_table(&|_| true);
        let known = self.keys.iter().filter(|(queue, _)| wanted(queue));
        known.filter_map(|(queue, key)| Some((queue.clone(), *table.get(key)?))).collect()
    }
}
