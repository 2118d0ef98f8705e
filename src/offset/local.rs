//! The store of `BROADCASTING` groups: a file on the member's own host (`LocalFileOffsetStore`).

use std::collections::{BTreeMap, BTreeSet};

use super::concurrent_hash_map::ConcurrentHashMap;
use super::fastjson::{OffsetFile, OffsetFileContent, ParseError, read_offset_file, write_offset_file};
use super::file_system::{DiskError, FileSystem, file_to_string, string_to_file};
use super::queue_key::QueueKey;
use super::store::{
    OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer, ReadOffsetType, Reading,
};
use super::table::ControllableOffset;

/// `LocalFileOffsetStore`. Two processes with the same client id and group share the file without a lock: each
/// reads it, lays its own entries over it and writes it back.
#[derive(Debug, Clone)]
pub struct LocalFileOffsetStore {
    path: String,
    table: ConcurrentHashMap<QueueKey, ControllableOffset<i64>>,
    last_write_error: Option<DiskError>,
    /// What it wrote last, and what reading that would give.
    written: Option<(String, OffsetFileContent)>,
}

impl LocalFileOffsetStore {
    /// A store at `<dir>/<clientId>/<group>/offsets.json`; `dir` is `rocketmq.client.localOffsetStoreDir`.
    #[must_use]
    pub fn new(dir: &str, client_id: &str, group: &str) -> Self {
        Self {
            path: format!("{dir}/{client_id}/{group}/offsets.json"),
            table: ConcurrentHashMap::default(),
            last_write_error: None,
            written: None,
        }
    }

    /// The main file; the former version stands at the same path with `.bak`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Why the latest `persist` or `persistAll` that wrote failed; RocketMQ only logs it.
    #[must_use]
    pub fn last_write_error(&self) -> Option<&DiskError> {
        self.last_write_error.as_ref()
    }

    /// `readLocalOffset`: the main file, else the copy; a missing or empty main file counts as broken, one that says
    /// `null` does not.
    fn read_local_offset(&self, files: &dyn FileSystem) -> Result<OffsetFile, OffsetStoreError> {
        if let Some(text) = file_to_string(files, &self.path).filter(|text| !text.is_empty())
            && let Ok(content) = read_offset_file(&text)
        {
            return Ok(content);
        }
        let backup = file_to_string(files, &format!("{}.bak", self.path)).filter(|text| !text.is_empty());
        let broken = |reason: ParseError| OffsetStoreError::BrokenBackup { path: self.path.clone(), reason };
        backup.map_or(Ok(OffsetFile::NullWrapper), |text| read_offset_file(&text).map_err(broken))
    }

    fn update(&mut self, queue: &QueueKey, offset: i64, increase_only: bool) {
        match self.table.get_mut(queue) {
            Some(entry) => entry.update(offset, increase_only),
            None => {
                self.table.put(queue.clone(), ControllableOffset::new(offset));
            }
        }
    }

    /// Reads the file, lays `entries` over it and writes it. Nothing where both files are broken. A file that says
    /// `"offsetTable":null` makes the real client fail with a `NullPointerException`, so nothing is written then.
    fn overlay(&mut self, entries: Vec<(QueueKey, i64)>, files: &mut dyn FileSystem) {
        let (mut content, mut lasting) = match self.read_to_change(files) {
            Ok((OffsetFile::Entries(content), lasting)) => (content, lasting),
            Ok((OffsetFile::NullWrapper, _)) => (OffsetFileContent::default(), false),
            Ok((OffsetFile::NullTable, _)) | Err(_) => return,
        };
        for (queue, offset) in entries {
            lasting &= content.put(queue, offset).is_some();
        }
        let text = write_offset_file(&content);
        self.last_write_error = string_to_file(files, &self.path, &text).err();
        self.written = lasting.then_some((text, content));
    }

    /// Reads the file, and says whether its queues stand in the order in which they will be written: then they will be read
    /// in this order, too, and the same table comes of it, whatever their offsets. A file that is as it was written is not
    /// read again.
    fn read_to_change(&mut self, files: &dyn FileSystem) -> Result<(OffsetFile, bool), OffsetStoreError> {
        let text = file_to_string(files, &self.path).unwrap_or_default();
        if let Some((_, content)) = self.written.take_if(|(written, _)| *written == text) {
            return Ok((OffsetFile::Entries(content), true));
        }
        let read = self.read_local_offset(files)?;
        let lasting = matches!(&read, OffsetFile::Entries(content) if write_offset_file(content) == text);
        Ok((read, lasting))
    }
}

impl OffsetStore<QueueKey> for LocalFileOffsetStore {
    fn load(&mut self, around: &mut dyn OffsetSurroundings<QueueKey>) -> Result<(), OffsetStoreError> {
        if let OffsetFile::Entries(content) = self.read_local_offset(around.file_system())? {
            for (queue, &offset) in content.iter() {
                self.table.put(queue.clone(), ControllableOffset::new(offset));
            }
        }
        Ok(())
    }

    fn update_offset(
        &mut self,
        queue: &QueueKey,
        offset: i64,
        increase_only: bool,
        _: &mut dyn OffsetSurroundings<QueueKey>,
    ) {
        self.update(queue, offset, increase_only);
    }

    fn update_and_freeze_offset(&mut self, queue: &QueueKey, offset: i64, _: &mut dyn OffsetSurroundings<QueueKey>) {
        self.update(queue, offset, false);
        self.table.get_mut(queue).expect("the entry was just put there").update_and_freeze(offset);
    }

    /// Never asks anybody: the file answers at once, and every failure is -1.
    fn read_offset(
        &mut self,
        queue: Option<&QueueKey>,
        read_type: ReadOffsetType,
        around: &mut dyn OffsetSurroundings<QueueKey>,
    ) -> Reading {
        let Some(queue) = queue else { return Reading::Done(OffsetRead::NotFound) };
        if read_type != ReadOffsetType::ReadFromStore {
            if let Some(entry) = self.table.get(queue) {
                return Reading::Done(OffsetRead::Found(entry.value()));
            }
            if read_type == ReadOffsetType::ReadFromMemory {
                return Reading::Done(OffsetRead::NotFound);
            }
        }
        let stored = match self.read_local_offset(around.file_system()) {
            Ok(OffsetFile::Entries(content)) => content.get(queue).copied(),
            Ok(OffsetFile::NullWrapper | OffsetFile::NullTable) | Err(_) => None,
        };
        let answer = stored.map_or(QueryAnswer::QueryNotFound, QueryAnswer::Success);
        Reading::Done(self.answer_read(queue, answer, around))
    }

    fn answer_read(
        &mut self,
        queue: &QueueKey,
        answer: QueryAnswer,
        _: &mut dyn OffsetSurroundings<QueueKey>,
    ) -> OffsetRead {
        let QueryAnswer::Success(offset) = answer else { return OffsetRead::NotFound };
        self.update(queue, offset, false);
        OffsetRead::Found(offset)
    }

    fn persist(&mut self, queue: &QueueKey, around: &mut dyn OffsetSurroundings<QueueKey>) {
        if let Some(entry) = self.table.get(queue) {
            self.overlay(vec![(queue.clone(), entry.value())], around.file_system());
        }
    }

    /// Entries of other queues stay, in memory and in the file.
    fn persist_all(&mut self, queues: &BTreeSet<QueueKey>, around: &mut dyn OffsetSurroundings<QueueKey>) {
        if queues.is_empty() {
            return;
        }
        let entries = self.table.iter().filter(|(queue, _)| queues.contains(queue));
        let entries = entries.map(|(queue, entry)| (queue.clone(), entry.value())).collect();
        self.overlay(entries, around.file_system());
    }

    fn remove_offset(&mut self, queue: &QueueKey, _: &mut dyn OffsetSurroundings<QueueKey>) {
        self.table.remove(queue);
    }

    fn clone_offset_table(&self, wanted: &dyn Fn(&QueueKey) -> bool) -> BTreeMap<QueueKey, i64> {
        self.table.iter().filter(|(queue, _)| wanted(queue)).map(|(q, entry)| (q.clone(), entry.value())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offset::file_system::Disk;
    use proptest::prelude::*;

    fn key(id: i32) -> QueueKey {
        QueueKey { broker_name: Some("broker-a".into()), queue_id: id, topic: Some("orders".into()) }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        /// A file that is as it was written is not read again: what is written is the same, with any queues, in any order,
        /// and with another process that writes in between.
        #[test]
        fn what_was_written_is_what_would_be_read(
            steps in prop::collection::vec((0..2_usize, prop::collection::vec((0..40_i32, 0..99_i64), 0..12)), 1..12),
        ) {
            let store = || LocalFileOffsetStore::new("d", "c", "g");
            let (mut disks, mut stores) = ([Disk::default(), Disk::default()], [[store(), store()], [store(), store()]]);
            for (who, entries) in steps {
                let entries: Vec<_> = entries.into_iter().map(|(id, offset)| (key(id), offset)).collect();
                stores[1][who].written = None;
                for (stores, disk) in stores.iter_mut().zip(&mut disks) {
                    stores[who].overlay(entries.clone(), disk);
                }
                let path = stores[0][who].path().to_owned();
                for path in [format!("{path}.bak"), path] {
                    prop_assert_eq!(disks[0].read(&path), disks[1].read(&path));
                }
            }
        }
    }
}
