//! What is said of a popped message: that it is consumed, or that it is to stay with its client for longer
//! (`AckMessageProcessor.processRequest`, `ChangeInvisibleTimeProcessor.processRequest`).
//!
//! Nearly everything is answered SUCCESS: an unknown handle, one that is late, one that comes twice.

use super::Broker;
use crate::kernel::Span;
use crate::model::disk::{Checkpoint, CheckpointKey, Revival};
use crate::model::network::{PopHandle, Response};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GroupIndex};

impl Broker {
    /// `ACK_MESSAGE`.
    pub(in crate::model::broker) fn acknowledge_popped(
        &mut self,
        out: &mut Outside<'_>,
        consumer: Option<ConsumerIndex>,
        group: GroupIndex,
        (handle, astray): (&PopHandle, bool),
    ) -> Response {
        let Some((min, end)) = self.bounds_of(out, handle) else { return Response::Refused };
        if handle.offset < min || handle.offset > end {
            return Response::Refused;
        }
        if handle.is_fifo() {
            return self.acknowledge_in_order(out, consumer, group, handle);
        }
        if self.keeps_records(out) {
            return self.delete_record(out, consumer, group, handle);
        }
        let key = key_of(group, handle);
        let late = out.broker_clock(self.index).since(handle.revive_time());
        let counts = !astray && (late == Span::ZERO || self.awaits(out, handle.revive_queue, &key));
        self.take_ack(out, &key, handle);
        let PopHandle { queue, offset, .. } = *handle;
        out.see(Observation::AckTaken { consumer, group, queue, offset, late, counts });
        Response::Done
    }

    fn take_ack(&mut self, out: &mut Outside<'_>, key: &CheckpointKey, handle: &PopHandle) {
        if !self.acknowledge_in_memory(out, key, handle.offset) {
            let ack = Revival::Ack(*key, handle.offset);
            self.put_on_timer(out, handle.revive_queue, handle.revive_time(), ack);
        }
    }

    /// `CHANGE_MESSAGE_INVISIBLETIME`: a checkpoint of its own, then an acknowledgement of the old one. Whether there is an
    /// old one nobody looks.
    pub(in crate::model::broker) fn change_invisible(
        &mut self,
        out: &mut Outside<'_>,
        consumer: Option<ConsumerIndex>,
        group: GroupIndex,
        (handle, invisible): (&PopHandle, Span),
    ) -> Response {
        let Some((_, end)) = self.bounds_of(out, handle) else { return Response::Refused };
        if handle.offset >= end {
            return Response::Refused;
        }
        if handle.is_fifo() {
            return self.change_in_order(out, consumer, group, (handle, invisible));
        }
        if self.keeps_records(out) {
            return self.change_record(out, consumer, group, (handle, invisible));
        }
        let PopHandle { queue, offset, revive_queue, .. } = *handle;
        let pop_time = out.broker_clock(self.index);
        let key = CheckpointKey { group, queue, start_offset: offset, pop_time };
        self.store_checkpoint(out, Checkpoint { key, invisible, revive_queue, offsets: vec![offset] });
        self.take_ack(out, &key_of(group, handle), handle);
        let until = out.now() + invisible;
        out.see(Observation::InvisibleChanged { consumer, group, queue, offset, until });
        Response::InvisibleChanged { pop_time, invisible }
    }

    /// The first offset of the queue of a handle, and its end; none where the topic or the queue is not there.
    fn bounds_of(&self, out: &Outside<'_>, handle: &PopHandle) -> Option<(u64, u64)> {
        let place = out.names.queue(handle.queue);
        let config = out.configurations[out.keeper_of(self.index).at()].topic(place.topic)?;
        if place.queue_id >= config.read_queue_nums() || !self.takes_acks(out, handle) {
            return None;
        }
        Some((out.logs[self.index.at()].min(handle.queue), out.end_at(self.index, handle.queue)))
    }

    /// What is kept in a table or in RocksDB any broker changes; a checkpoint is looked for in the master's log.
    fn takes_acks(&self, out: &Outside<'_>, handle: &PopHandle) -> bool {
        handle.is_fifo() || self.keeps_records(out) || self.keeps_checkpoints(out)
    }

    /// Whether the revive thread has not come to a checkpoint yet.
    fn awaits(&self, out: &Outside<'_>, queue: u32, key: &CheckpointKey) -> bool {
        out.logs[self.index.at()].revive.awaits(queue, self.offsets.revived(queue), key)
    }
}

/// The checkpoint that a handle names.
fn key_of(group: GroupIndex, handle: &PopHandle) -> CheckpointKey {
    let PopHandle { queue, start_offset, pop_time, .. } = *handle;
    CheckpointKey { group, queue, start_offset, pop_time }
}
