//! What is different for a member of a `BROADCASTING` group (`RebalanceImpl.rebalanceByTopic`,
//! `LocalFileOffsetStore.persistAll`): it takes every queue without asking who else is there, and keeps its progress in
//! a file on its own machine.

use std::collections::BTreeSet;

use crate::model::observation::{CommitPath, Observation, QueueIndex, StartRule, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, MessageModel};
use crate::model::world::World;
use crate::offset::OffsetStoreError;

use super::progress::{LocalProgress, Progress};

/// `rocketmq.client.localOffsetStoreDir`: `user.home` with `.rocketmq_offsets`.
const LOCAL_OFFSET_STORE_DIR: &str = "/root/.rocketmq_offsets";

impl World<'_> {
    /// Step 5 of `start()`: the offset store of the message model; the local one reads its file (`load`).
    ///
    /// # Errors
    /// The file and its copy are broken: `start()` throws.
    pub(super) fn open_offset_store(&mut self, consumer: ConsumerIndex) -> Result<(), OffsetStoreError> {
        if !self.out.is_broadcasting(consumer) {
            self.client(consumer).offsets = Progress::default();
            return Ok(());
        }
        let client = &self.clients[consumer as usize];
        let (id, group) = (self.out.names.client(client.client).clone(), self.out.names.group(client.group));
        let local = LocalProgress::load(LOCAL_OFFSET_STORE_DIR, &id, group, self.out.disks.disk(consumer))?;
        self.client(consumer).offsets = Progress::Local(Box::new(local));
        Ok(())
    }

    /// `rebalanceByTopic`: all queues of the route are the member's; no list is asked for, no strategy.
    pub(super) fn rebalance_broadcasting(&mut self, consumer: ConsumerIndex) {
        let rebalancing = self.rebalancing(consumer);
        let (topic, queues) = (rebalancing.topic, rebalancing.queues);
        let Some(view) = queues else {
            self.out.see(Observation::TopicRebalanced {
                consumer,
                topic,
                broker: None,
                found: TopicRebalance::NoRoute,
            });
            return self.message_queue_changed(consumer);
        };
        let all = self.out.views.queue_list(view).to_vec();
        let found = TopicRebalance::AllQueues { queues: all.len() as u32 };
        self.out.see(Observation::TopicRebalanced { consumer, topic, broker: None, found });
        self.update_process_queue_table(consumer, view, all, true);
    }

    /// `readOffset(READ_FROM_STORE)` of the local store: the file is read again, and has it or has it not.
    pub(super) fn local_start_offset(
        &mut self,
        consumer: ConsumerIndex,
        queue: QueueIndex,
    ) -> Option<(u64, StartRule)> {
        let disk = self.out.disks.disk(consumer);
        let local = self.clients[consumer as usize].offsets.local()?;
        local.know(queue, self.out.names.message_queue(queue));
        local.read_from_file(queue, disk).map(|offset| (offset, StartRule::Stored))
    }

    /// `persistAll` and `persist` of the local store: the file is read, these queues laid over it, and written. Two
    /// processes with the same client id on one machine overwrite each other's entries.
    pub(super) fn persist_local(&mut self, consumer: ConsumerIndex, queues: &BTreeSet<QueueIndex>) {
        if queues.is_empty() {
            return;
        }
        let now = self.out.now();
        let takes = self.out.environment().local_offsets_write.draw(&mut self.out.environment_stream);
        let Some(local) = self.clients[consumer as usize].offsets.local() else { return };
        let path = local.path().to_owned();
        self.out.disks.begin_write(consumer, &path, now, takes);
        let saved = local.persist(queues, self.out.disks.disk(consumer));
        let group = self.out.names.audience_of(consumer);
        for (queue, offset) in saved {
            let previous = self.out.disks.note_saved(consumer, &path, queue, offset);
            if previous != Some(offset) {
                let (by, path) = (Some(consumer), CommitPath::LocalFile);
                self.out.see(Observation::Committed { group, queue, offset, previous, by, path });
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
