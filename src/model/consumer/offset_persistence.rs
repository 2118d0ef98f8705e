//! How brokers hear of a consumer's offsets (`RemoteBrokerOffsetStore.persistAll`, `RemoteBrokerOffsetStore.persist`).

use std::collections::BTreeSet;

use crate::model::consumer::Consumer;
use crate::model::network::Request;
use crate::model::observation::{CommitPath, Detail, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::PlantedMistake;

impl Consumer {
    /// `persistAllConsumerOffset`: every offset of an owned queue, changed or not, one-way.
    pub(in crate::model) fn persist_all(&mut self, out: &mut Outside<'_>, path: CommitPath) {
        for (request, queue) in self.offsets_to_persist(out, path) {
            self.update_offset(out, request, queue);
        }
    }

    /// What `persistAll` sends; a local store is written at once.
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
        if self.offsets.local().is_some() {
            self.persist_local(out, &assigned);
            return Vec::new();
        }
        let offsets = self.offsets.take_for_persist_all(&assigned);
        for &(queue, offset) in &offsets {
            out.see_detail(Detail::OffsetTold { consumer, queue, offset });
        }
        out.see_detail(Detail::PersistedAll { consumer, last: path == CommitPath::Shutdown });
        let offsets = offsets.into_iter();
        offsets.map(|(queue, offset)| (Request::UpdateOffset { group, queue, offset, path }, queue)).collect()
    }

    /// Sends an offset to the queue's broker, where the client knows one.
    pub(in crate::model) fn update_offset(&mut self, out: &mut Outside<'_>, request: Request, queue: QueueIndex) {
        let (host, _) = self.seat(out);
        let unlocks = matches!(request, Request::UnlockBatch { .. });
        let to = if unlocks { self.master_host(out, queue) } else { self.any_host(out, queue) };
        if let Some(to) = to {
            out.one_way(host, to, request);
        }
    }
}
