//! How a consumer's offsets become lasting (`MQClientInstance.persistAllConsumerOffset`, `OffsetStore.persistAll`,
//! `OffsetStore.persist`), and how brokers hear of them.

use std::collections::BTreeSet;

use crate::model::consumer::Consumer;
use crate::model::network::Request;
use crate::model::observation::{CommitPath, Detail, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::PlantedMistake;

impl Consumer {
    /// `persistAllConsumerOffset`: every offset of an owned queue, changed or not; to brokers one-way.
    pub(in crate::model) fn persist_all(&mut self, out: &mut Outside<'_>, path: CommitPath) {
        for (request, queue) in self.offsets_to_persist(out, path) {
            self.tell_broker(out, request, queue);
        }
    }

    /// What `persistAll` sends. A store that sends nothing has written by now what it writes.
    pub(in crate::model) fn offsets_to_persist(
        &mut self,
        out: &mut Outside<'_>,
        path: CommitPath,
    ) -> Vec<(Request, QueueIndex)> {
        let consumer = self.index;
        let skips_dropped = out.planted(PlantedMistake::DroppedQueuesNotPersisted);
        if !self.is_registered() {
            return Vec::new();
        }
        let group = self.group;
        let mut assigned: BTreeSet<QueueIndex> = self.table.keys().copied().collect();
        if skips_dropped {
            assigned.retain(|queue| !self.process_queues[self.table[queue] as usize].dropped);
        }
        let assigned: BTreeSet<u32> = assigned.into_iter().map(|queue| queue.0).collect();
        let ((), offsets) = self.with_store(out, None, |store, around| store.persist_all(&assigned, around));
        for &(queue, offset) in &offsets {
            out.see_detail(Detail::OffsetTold { consumer, queue, offset });
        }
        if self.tells_brokers(out) {
            out.see_detail(Detail::PersistedAll { consumer, last: path == CommitPath::Shutdown });
        }
        let offsets = offsets.into_iter();
        offsets.map(|(queue, offset)| (Request::UpdateOffset { group, queue, offset, path }, queue)).collect()
    }

    /// `persist` of one queue.
    pub(in crate::model) fn persist(&mut self, out: &mut Outside<'_>, queue: QueueIndex, path: CommitPath) {
        let ((), sent) = self.with_store(out, None, |store, around| store.persist(&queue.0, around));
        self.send_offsets(out, sent, path);
    }

    /// `persist` and `removeOffset` of a queue that is given up; answers what is then sent to its broker.
    pub(in crate::model) fn persist_and_remove(&mut self, out: &mut Outside<'_>, queue: QueueIndex) -> Option<u64> {
        let ((), sent) = self.with_store(out, None, |store, around| {
            store.persist(&queue.0, around);
            store.remove_offset(&queue.0, around);
        });
        sent.first().map(|&(_, offset)| offset)
    }

    /// The last offset of a queue that was given up goes to its broker.
    pub(in crate::model) fn send_last_offset(
        &mut self,
        out: &mut Outside<'_>,
        (queue, offset): (QueueIndex, u64),
        path: CommitPath,
    ) {
        let consumer = self.index;
        out.see(Observation::OffsetSent { consumer, queue });
        out.see_detail(Detail::LastOffsetTold { consumer, queue, offset });
        self.send_offsets(out, vec![(queue, offset)], path);
    }

    /// `updateConsumeOffsetToBroker` of each.
    pub(in crate::model) fn send_offsets(
        &self,
        out: &mut Outside<'_>,
        offsets: Vec<(QueueIndex, u64)>,
        path: CommitPath,
    ) {
        let group = self.group;
        for (queue, offset) in offsets {
            self.tell_broker(out, Request::UpdateOffset { group, queue, offset, path }, queue);
        }
    }

    /// Sends a one-way request to the queue's broker, where the client knows one.
    pub(in crate::model) fn tell_broker(&self, out: &mut Outside<'_>, request: Request, queue: QueueIndex) {
        let (host, _) = self.seat(out);
        let unlocks = matches!(request, Request::UnlockBatch { .. });
        let to = if unlocks { self.master_host(out, queue) } else { self.any_host(out, queue) };
        if let Some(to) = to {
            out.one_way(host, to, request);
        }
    }
}
