//! The store of `BROADCASTING` groups of the Go client (`consumer/offset_store.go:localFileOffsetStore`): one file, read whole
//! and written whole.
//!
//! What differs from Java's: whatever `persist` is asked for, all of memory is written, and nothing that another process has
//! written stays; a read of one queue lays the whole file over memory, so that newer offsets of the others go back to what
//! was written last; nothing is ever removed; and a file that cannot be read is none.

use std::collections::{BTreeMap, BTreeSet};

use super::fastjson::{OffsetFile, OffsetFileContent, read_offset_file, write_offset_file};
use super::file_system::file_to_string;
use super::queue_key::QueueKey;
use super::store::{
    OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer, ReadOffsetType, Reading,
};

/// `localFileOffsetStore`. `Q` is how the member knows queues; the file knows them by name.
#[derive(Debug, Clone)]
pub struct LocalFileOfGo<Q: Ord> {
    path: String,
    table: BTreeMap<QueueKey, i64>,
    keys: BTreeMap<Q, QueueKey>,
}

impl<Q: Ord + Clone> LocalFileOfGo<Q> {
    /// A store at `<dir>/<group>/<clientId>/offset.json`: `NewLocalFileOffsetStore` is called with its arguments swapped. The
    /// client id ends with the pid, so that the next process has a file of its own.
    ///
    /// The file has the shape of Java's here, which nobody else reads. It is written to a `.tmp` and renamed: the moment in
    /// which there is none is not modelled, and its `.bak` is always empty.
    #[must_use]
    pub fn new(dir: &str, client_id: &str, group: &str) -> Self {
        let path = format!("{dir}/{group}/{client_id}/offset.json");
        Self { path, table: BTreeMap::new(), keys: BTreeMap::new() }
    }

    fn key(&mut self, queue: &Q, around: &dyn OffsetSurroundings<Q>) -> QueueKey {
        self.keys.entry(queue.clone()).or_insert_with(|| around.name(queue)).clone()
    }

    /// `load`: the file over memory.
    fn lay_file_over(&mut self, around: &mut dyn OffsetSurroundings<Q>) {
        let text = file_to_string(around.file_system(), &self.path);
        if let Some(Ok(OffsetFile::Entries(content))) = text.map(|text| read_offset_file(&text)) {
            self.table.extend(content.iter().map(|(queue, offset)| (queue.clone(), *offset)));
        }
    }

    fn known(&self, queue: &QueueKey) -> OffsetRead {
        self.table.get(queue).map_or(OffsetRead::NotFound, |offset| OffsetRead::Found(*offset))
    }
}

impl<Q: Ord + Clone + std::fmt::Debug> OffsetStore<Q> for LocalFileOfGo<Q> {
    fn load(&mut self, around: &mut dyn OffsetSurroundings<Q>) -> Result<(), OffsetStoreError> {
        self.lay_file_over(around);
        Ok(())
    }

    fn update_offset(&mut self, queue: &Q, offset: i64, increase_only: bool, around: &mut dyn OffsetSurroundings<Q>) {
        let key = self.key(queue, around);
        let known = self.table.entry(key).or_insert(offset);
        *known = if increase_only { offset.max(*known) } else { offset };
    }

    /// The Go client freezes nothing.
    fn update_and_freeze_offset(&mut self, queue: &Q, offset: i64, around: &mut dyn OffsetSurroundings<Q>) {
        self.update_offset(queue, offset, false, around);
    }

    fn read_offset(
        &mut self,
        queue: Option<&Q>,
        read_type: ReadOffsetType,
        around: &mut dyn OffsetSurroundings<Q>,
    ) -> Reading {
        let Some(queue) = queue else { return Reading::Done(OffsetRead::NotFound) };
        let key = self.key(queue, around);
        let in_memory = self.table.contains_key(&key) && read_type != ReadOffsetType::ReadFromStore;
        if !in_memory && read_type != ReadOffsetType::ReadFromMemory {
            self.lay_file_over(around);
        }
        Reading::Done(self.known(&key))
    }

    /// The file answers at once.
    fn answer_read(&mut self, queue: &Q, _: QueryAnswer, around: &mut dyn OffsetSurroundings<Q>) -> OffsetRead {
        let key = self.key(queue, around);
        self.known(&key)
    }

    fn persist(&mut self, queue: &Q, around: &mut dyn OffsetSurroundings<Q>) {
        self.persist_all(&BTreeSet::from([queue.clone()]), around);
    }

    /// All that is in memory, whichever queues it is asked for; nothing where it is asked for none.
    fn persist_all(&mut self, queues: &BTreeSet<Q>, around: &mut dyn OffsetSurroundings<Q>) {
        if queues.is_empty() {
            return;
        }
        let mut content = OffsetFileContent::default();
        for (queue, offset) in &self.table {
            content.put(queue.clone(), *offset);
        }
        let text = write_offset_file(&content);
        if around.file_system().write(&self.path, text.as_bytes()).is_ok() {
            let filed = self.keys.iter().filter_map(|(queue, key)| Some((queue, *self.table.get(key)?)));
            filed.for_each(|(queue, offset)| around.filed(queue, offset));
        }
    }

    /// `remove`: nothing to do.
    fn remove_offset(&mut self, _: &Q, _: &mut dyn OffsetSurroundings<Q>) {}

    fn clone_offset_table(&self, wanted: &dyn Fn(&Q) -> bool) -> BTreeMap<Q, i64> {
        let known = self.keys.iter().filter(|(queue, _)| wanted(queue));
        known.filter_map(|(queue, key)| Some((queue.clone(), *self.table.get(key)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Span;
    use crate::offset::{Disk, DiskError, FileSystem, OffsetDatabase, OffsetPort};

    /// A machine without a network.
    #[derive(Default)]
    struct Machine(Disk);

    impl FileSystem for Machine {
        fn read(&self, path: &str) -> Option<Vec<u8>> {
            self.0.read(path)
        }

        fn write(&mut self, path: &str, content: &[u8]) -> Result<(), DiskError> {
            self.0.write(path, content)
        }
    }

    impl OffsetPort<QueueKey> for Machine {
        fn query_consumer_offset(&mut self, _: &QueueKey) -> Option<QueryAnswer> {
            panic!("nobody is asked")
        }

        fn update_consumer_offset(&mut self, _: &QueueKey, _: i64) {
            panic!("nobody is told")
        }
    }

    impl OffsetDatabase<QueueKey> for Machine {
        fn read(&mut self, _: &QueueKey, _: Span) -> Option<QueryAnswer> {
            panic!("nobody is asked")
        }

        fn write(&mut self, _: &QueueKey, _: i64, _: Span) {
            panic!("nobody is told")
        }
    }

    fn read(store: &mut LocalFileOfGo<QueueKey>, queue: &QueueKey, how: ReadOffsetType, on: &mut Machine) -> i64 {
        match store.read_offset(Some(queue), how, on) {
            Reading::Done(read) => read.code(),
            Reading::Asked => panic!("the file answers at once"),
        }
    }

    #[test]
    fn all_is_written_nothing_removed_and_a_read_lays_the_file_over_memory() {
        let (memory, stored) = (ReadOffsetType::ReadFromMemory, ReadOffsetType::ReadFromStore);
        let [zero, one] = [0, 1].map(|id| QueueKey::new("T", "b", id));
        let (mut on, mut store) = (Machine::default(), LocalFileOfGo::new("/d", "10.0.0.1@7", "g"));
        store.update_offset(&zero, 5, true, &mut on);
        store.update_offset(&one, 8, true, &mut on);
        store.persist_all(&BTreeSet::new(), &mut on);
        assert_eq!(on.0.read("/d/g/10.0.0.1@7/offset.json"), None, "it is asked for no queue");
        store.persist(&zero, &mut on);
        store.update_offset(&one, 20, true, &mut on);
        store.remove_offset(&zero, &mut on);
        assert_eq!(read(&mut store, &zero, memory, &mut on), 5, "nothing is removed");
        assert_eq!(read(&mut store, &zero, stored, &mut on), 5);
        assert_eq!(read(&mut store, &one, memory, &mut on), 8, "another queue's offset goes back to the file's");
        let mut again = LocalFileOfGo::new("/d", "10.0.0.1@7", "g");
        again.load(&mut on).expect("it never fails");
        assert_eq!(read(&mut again, &one, memory, &mut on), 8, "both were written, as one was asked for");
        let mut next = LocalFileOfGo::new("/d", "10.0.0.1@8", "g");
        next.load(&mut on).expect("it never fails");
        assert_eq!(read(&mut next, &one, stored, &mut on), -1, "another process has another file");
        on.0.write("/d/g/10.0.0.1@7/offset.json", b"{").expect("there is room");
        let mut broken = LocalFileOfGo::new("/d", "10.0.0.1@7", "g");
        broken.load(&mut on).expect("it never fails");
        assert_eq!(read(&mut broken, &one, stored, &mut on), -1, "what cannot be read is nothing");
    }
}
