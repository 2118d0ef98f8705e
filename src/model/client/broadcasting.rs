//! What is different for a member of a `BROADCASTING` group (`RebalanceImpl.rebalanceByTopic`,
//! `LocalFileOffsetStore.persistAll`): it takes every queue without asking who else is there, and keeps its progress in
//! a file on its own machine.

use std::collections::BTreeSet;

use crate::model::client::{Consumer, Instance};
use crate::model::observation::{CommitPath, Observation, QueueIndex, StartRule, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, MessageModel};
use crate::offset::OffsetStoreError;

use super::progress::{LocalProgress, Progress};
use super::rebalance::Step;

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

    /// `rebalanceByTopic`: all queues of the route are the member's; no list is asked for, no strategy.
    pub(in crate::model) fn rebalance_broadcasting(&mut self, out: &mut Outside<'_>, instance: &mut Instance) -> Step {
        let consumer = self.index;
        let rebalancing = instance.rebalancing();
        let (topic, queues) = (rebalancing.topic, rebalancing.queues);
        let Some(view) = queues else {
            out.see(Observation::TopicRebalanced { consumer, topic, broker: None, found: TopicRebalance::NoRoute });
            return Step::Changed;
        };
        let all = out.views.queue_list(view).to_vec();
        let found = TopicRebalance::AllQueues { queues: all.len() as u32 };
        out.see(Observation::TopicRebalanced { consumer, topic, broker: None, found });
        self.update_process_queue_table(out, instance, view, all, true)
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
    pub(super) fn is_broadcasting(&self, consumer: ConsumerIndex) -> bool {
        self.planned(consumer).consumer.message_model == MessageModel::Broadcasting
    }
}
