//! The progress of a `BROADCASTING` member, in a file on its own machine (`LocalFileOffsetStore.load`,
//! `LocalFileOffsetStore.persistAll`).
//!
//! What a queue's route loses, the member loses too: a queue whose broker is missing in a route is released, which
//! removes its offset from memory (`RebalancePushImpl.removeUnnecessaryMessageQueue`).

use std::collections::BTreeSet;

use crate::model::consumer::Consumer;
use crate::model::consumer::progress::{LocalProgress, Progress};
use crate::model::observation::{CommitPath, Observation, QueueIndex, StartRule};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, MessageModel};
use crate::offset::OffsetStoreError;

/// `rocketmq.client.localOffsetStoreDir`: `user.home` with `.rocketmq_offsets`.
const LOCAL_OFFSET_STORE_DIR: &str = "/root/.rocketmq_offsets";

impl Consumer {
    /// Step 5 of `start()`: the offset store of the message model; the local one reads its file (`load`).
    ///
    /// # Errors
    /// The file and its copy are broken: `start()` throws.
    pub(in crate::model) fn open_offset_store(&mut self, out: &mut Outside<'_>) -> Result<(), OffsetStoreError> {
        let consumer = self.index;
        if !out.is_broadcasting(consumer) {
            self.offsets = Progress::default();
            return Ok(());
        }
        let (id, group) = (out.names.client(self.client).clone(), out.names.group(self.group));
        let local = LocalProgress::load(LOCAL_OFFSET_STORE_DIR, &id, group, out.disks.disk(consumer))?;
        self.offsets = Progress::Local(Box::new(local));
        Ok(())
    }

    /// `readOffset(READ_FROM_STORE)` of the local store: the file is read again, and has it or has it not.
    pub(in crate::model) fn local_start_offset(
        &mut self,
        out: &mut Outside<'_>,
        queue: QueueIndex,
    ) -> Option<(u64, StartRule)> {
        let consumer = self.index;
        let disk = out.disks.disk(consumer);
        let local = self.offsets.local()?;
        local.know(queue, out.names.message_queue(queue));
        local.read_from_file(queue, disk).map(|offset| (offset, StartRule::Stored))
    }

    /// `persistAll` and `persist` of the local store: the file is read, these queues laid over it, and written. Two
    /// processes with the same client id on one machine overwrite each other's entries.
    pub(in crate::model) fn persist_local(&mut self, out: &mut Outside<'_>, queues: &BTreeSet<QueueIndex>) {
        let consumer = self.index;
        if queues.is_empty() {
            return;
        }
        let now = out.now();
        let takes = out.environment().local_offsets_write.draw(&mut out.environment_stream);
        let Some(local) = self.offsets.local() else { return };
        let path = local.path().to_owned();
        out.disks.begin_write(consumer, &path, now, takes);
        let saved = local.persist(queues, out.disks.disk(consumer));
        let group = out.names.audience_of(consumer);
        for (queue, offset) in saved {
            let previous = out.disks.note_saved(consumer, &path, queue, offset);
            if previous != Some(offset) {
                let (by, path) = (Some(consumer), CommitPath::LocalFile);
                out.see(Observation::Committed { group, queue, offset, previous, by, path });
            }
        }
    }
}

impl Outside<'_> {
    /// Whether a consumer says `BROADCASTING`.
    pub(in crate::model) fn is_broadcasting(&self, consumer: ConsumerIndex) -> bool {
        self.planned(consumer).consumer.message_model == MessageModel::Broadcasting
    }
}
