//! Checkpoints that wait in memory for their acknowledgements, and the offsets that wait for them
//! (`PopBufferMergeService.addCk`).
//!
//! ```text
//!   enablePopBufferMerge=false   stored at once: the offset moves at once
//!   true                         in memory until all is acknowledged: nothing is ever stored
//!                                or until 10 s after the pop, or 3 s before the message is visible: stored, its acks behind
//! ```
//! The offset of a queue moves in the order of its pops. RocketMQ looks every 5 ms; here it is seen at once.

use std::collections::{BTreeMap, VecDeque};

use super::Broker;
use super::popping::Run;
use crate::kernel::{Span, Timer};
use crate::model::disk::{Checkpoint, CheckpointKey, Revival};
use crate::model::event::BrokerEvent;
use crate::model::observation::{CommitPath, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GroupIndex};

/// Nothing begins to wait in memory, and nothing is marked there, so shortly before it is stored.
const MARGIN: Span = Span::from_millis(1_500);

/// A checkpoint in memory.
#[derive(Debug)]
struct Buffered {
    point: Checkpoint,
    acked: u64,
    number: u32,
    timer: Timer,
}

/// An offset that waits for a checkpoint.
#[derive(Debug)]
struct Moving {
    key: Option<CheckpointKey>,
    next: u64,
}

/// What waits in memory.
#[derive(Debug, Default)]
pub(super) struct PopBuffer {
    points: BTreeMap<CheckpointKey, Buffered>,
    numbers: BTreeMap<u32, CheckpointKey>,
    last_number: u32,
    /// Of each group and queue, in the order of the pops; no key: it waits for those before it alone.
    moving: BTreeMap<(GroupIndex, QueueIndex), VecDeque<Moving>>,
}

impl PopBuffer {
    /// `getLatestOffset`: where the last pop of a queue ended, if its offset waits.
    pub fn last_of(&self, group: GroupIndex, queue: QueueIndex) -> Option<u64> {
        self.moving.get(&(group, queue))?.back().map(|moving| moving.next)
    }

    /// `clearOffsetQueue`: an operator's reset.
    pub fn forget_offsets(&mut self, group: GroupIndex, queue: QueueIndex) {
        self.moving.remove(&(group, queue));
    }

    fn waiting(&self, group: GroupIndex, queue: QueueIndex) -> usize {
        self.moving.get(&(group, queue)).map_or(0, VecDeque::len)
    }

    /// A checkpoint waits no more: answers how far the offset of its queue may go now.
    fn release(&mut self, key: &CheckpointKey) -> Option<u64> {
        let place = (key.group, key.queue);
        let moving = self.moving.get_mut(&place)?;
        moving.iter_mut().filter(|moving| moving.key == Some(*key)).for_each(|moving| moving.key = None);
        let mut reached = None;
        while moving.front().is_some_and(|moving| moving.key.is_none()) {
            reached = moving.pop_front().map(|moving| moving.next);
        }
        if moving.is_empty() {
            self.moving.remove(&place);
        }
        reached
    }
}

impl Broker {
    /// `appendCkThenAck`: a checkpoint is stored, or waits in memory.
    pub(super) fn append_checkpoint(
        &mut self,
        out: &mut Outside<'_>,
        by: Option<ConsumerIndex>,
        point: Checkpoint,
        next: u64,
    ) {
        if !self.keeps_checkpoints(out) {
            // `SERVICE_NOT_AVAILABLE` of a slave: the messages are given away, and the offset waits for ever.
            return;
        }
        let key = point.key;
        if self.waits_in_memory(out, &point) {
            let settings = self.pop_settings(out);
            let stored = (key.pop_time + settings.pop_ck_stay_buffer_time)
                .min(point.revive_time() - settings.pop_ck_stay_buffer_time_out);
            let buffer = &mut self.pop.buffer;
            buffer.last_number += 1;
            let number = buffer.last_number;
            let moment = self.moment_of(out, stored);
            let timer = out.agenda.schedule(moment, self.in_this_life(out, BrokerEvent::CheckpointBuffered { number }));
            let buffer = &mut self.pop.buffer;
            buffer.numbers.insert(number, key);
            buffer.points.insert(key, Buffered { point, acked: 0, number, timer });
            buffer.moving.entry((key.group, key.queue)).or_default().push_back(Moving { key: Some(key), next });
            return;
        }
        self.store_checkpoint(out, point);
        self.move_offset_by(out, by, (key.group, key.queue), next);
    }

    fn waits_in_memory(&self, out: &Outside<'_>, point: &Checkpoint) -> bool {
        let (settings, buffer) = (self.pop_settings(out), &self.pop.buffer);
        settings.enable_pop_buffer_merge
            && point.invisible >= settings.pop_ck_stay_buffer_time_out + MARGIN
            && buffer.points.len() < settings.pop_ck_max_buffer_size as usize
            && buffer.waiting(point.key.group, point.key.queue) < settings.pop_ck_offset_max_queue_size as usize
    }

    /// The offset of a queue moves, behind those that wait in memory.
    pub(super) fn move_offset(&mut self, out: &mut Outside<'_>, run: &Run, queue: QueueIndex, next: u64) {
        self.move_offset_by(out, run.consumer, (run.request.group, queue), next);
    }

    fn move_offset_by(
        &mut self,
        out: &mut Outside<'_>,
        by: Option<ConsumerIndex>,
        (group, queue): (GroupIndex, QueueIndex),
        next: u64,
    ) {
        match self.pop.buffer.moving.get_mut(&(group, queue)) {
            Some(moving) => moving.push_back(Moving { key: None, next }),
            None => self.commit(out, group, queue, next, by, CommitPath::Pop),
        }
    }

    /// Marks a message in memory; false: its acknowledgement has to be stored.
    pub(super) fn acknowledge_in_memory(&mut self, out: &mut Outside<'_>, key: &CheckpointKey, offset: u64) -> bool {
        let (settings, now) = (self.pop_settings(out), out.broker_clock(self.index));
        let Some(buffered) = self.pop.buffer.points.get_mut(key) else { return false };
        let left = buffered.point.revive_time().since(now);
        let stays = settings.pop_ck_stay_buffer_time.saturating_sub(MARGIN);
        if left < settings.pop_ck_stay_buffer_time_out + MARGIN || now.since(key.pop_time) > stays {
            return false;
        }
        buffered.acked |= buffered.point.bit_of(offset);
        if buffered.acked == buffered.point.all_bits() {
            let timer = buffered.timer;
            out.agenda.cancel(timer);
            self.leave_memory(out, key);
        }
        true
    }

    /// A checkpoint has waited long enough: it is stored, then what was acknowledged of it.
    pub(in crate::model::broker) fn checkpoint_buffered(&mut self, out: &mut Outside<'_>, number: u32) {
        if let Some(key) = self.pop.buffer.numbers.get(&number).copied() {
            self.store_buffered(out, &key);
        }
    }

    fn store_buffered(&mut self, out: &mut Outside<'_>, key: &CheckpointKey) {
        let Some(Buffered { point, acked, .. }) = self.leave_memory(out, key) else { return };
        let acks: Vec<u64> =
            point.offsets.iter().copied().filter(|offset| acked & point.bit_of(*offset) != 0).collect();
        let (revive_queue, revive_time) = (point.revive_queue, point.revive_time());
        self.store_checkpoint(out, point);
        for offset in acks {
            self.put_on_timer(out, revive_queue, revive_time, Revival::Ack(*key, offset));
        }
    }

    fn leave_memory(&mut self, out: &mut Outside<'_>, key: &CheckpointKey) -> Option<Buffered> {
        let buffer = &mut self.pop.buffer;
        let buffered = buffer.points.remove(key)?;
        buffer.numbers.remove(&buffered.number);
        if let Some(reached) = buffer.release(key) {
            self.commit(out, key.group, key.queue, reached, None, CommitPath::Pop);
        }
        Some(buffered)
    }

    /// A clean stop: all that waits in memory is stored, and every offset moves.
    pub(in crate::model::broker) fn flush_pop_buffer(&mut self, out: &mut Outside<'_>) {
        let keys: Vec<CheckpointKey> = self.pop.buffer.points.keys().copied().collect();
        for key in keys {
            self.store_buffered(out, &key);
        }
    }
}
