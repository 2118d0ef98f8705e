//! Who gives a message back of which a row in RocksDB says that it was popped and not acknowledged
//! (`PopConsumerService.run`), and what acknowledges it.
//!
//! ```text
//!   every 500 ms   each row that became visible more than 50 ms ago: its message goes into the retry topic
//!                  a broker that may not write puts it off: by 10 s, 30 s, .. , 16 times
//! ```
//! So a message comes 0.05 to 0.55 s after it became visible again, without timer wheel and revive topic. Rows are on the
//! disk of this broker alone: one that takes its name over knows nothing of them.

use super::Broker;
use super::records::RecordKey;
use crate::kernel::{Instant, Span, Timer};
use crate::model::event::BrokerEvent;
use crate::model::ids::ConsumerIndex;
use crate::model::network::{PopHandle, Response};
use crate::model::observation::{CheckpointLoss, Observation};
use crate::model::outside::Outside;
use crate::model::plan::GroupIndex;

/// How often the service looks.
const PERIOD: Span = Span::from_millis(500);
/// It leaves alone what became visible so shortly before.
const AFTER: Span = Span::from_millis(50);

/// The next look that finds something, as far as is known.
pub(super) type NextLook = Option<(Instant, Timer)>;

impl Broker {
    /// Whether rows stand for checkpoints.
    pub(super) fn keeps_records(&self, out: &Outside<'_>) -> bool {
        self.pop_settings(out).pop_consumer_kv_service_enable
    }

    /// The service looks when the first row is due; its looks before find nothing.
    pub(super) fn await_records(&mut self, out: &mut Outside<'_>) {
        let Some(visible) = self.pop.records.next_visible() else { return };
        let due = self.moment_of(out, visible + AFTER);
        let began = self.pop.records.began;
        let rounds = due.since(began).as_nanos() / PERIOD.as_nanos() + 1;
        let at = began + PERIOD.saturating_mul(rounds);
        if let Some((planned, timer)) = self.pop.next_look {
            if planned <= at {
                return;
            }
            out.agenda.cancel(timer);
        }
        let timer = out.agenda.schedule(at, self.in_this_life(out, BrokerEvent::PopRecordsDue));
        self.pop.next_look = Some((at, timer));
    }

    /// The process begins: it looks through all rows that there are.
    pub(super) fn resume_records(&mut self, out: &mut Outside<'_>) {
        self.pop.records.began = out.now();
        if self.pop_settings(out).pop_consumer_kv_service_init {
            self.await_records(out);
        }
    }

    /// `revive`: what is visible goes into the retry topic.
    pub(in crate::model::broker) fn pop_records_due(&mut self, out: &mut Outside<'_>) {
        self.pop.next_look = None;
        let clock = out.broker_clock(self.index);
        let before = Instant::ZERO + clock.since(Instant::ZERO + AFTER);
        for row in self.pop.records.take_before(before) {
            if !self.give_back(out, row.0) && !self.pop.records.put_off(row, clock) {
                let (RecordKey { group, queue, offset, .. }, why) = (row.0, CheckpointLoss::GivenUp);
                out.see(Observation::CheckpointLost { group, queue, offset, why });
            }
        }
        self.await_records(out);
    }

    /// `reviveRetry`: a message goes into the retry topic; false: the broker may not write it.
    pub(super) fn give_back(&mut self, out: &mut Outside<'_>, key: RecordKey) -> bool {
        let RecordKey { visible, group, queue, offset } = key;
        let clock = out.broker_clock(self.index);
        let (log, topic) = (&out.logs[out.log_of(self.index).at()], out.names.queue(queue).topic);
        let there = out.configurations[self.index.at()].has_topic(topic);
        let record = log.record(queue, offset, log.life()).filter(|_| there && offset >= log.min(queue));
        let Some((record, _)) = record else {
            let why = CheckpointLoss::MessageGone;
            out.see(Observation::CheckpointLost { group, queue, offset, why });
            return true;
        };
        if !self.keeps_checkpoints(out) {
            return false;
        }
        let (to, to_offset) = self.put_to_retry(out, (group, queue, offset), record);
        let (origin, reconsume_times, after) = (record.origin, record.reconsume_times + 1, clock.since(visible));
        out.see(Observation::Revived { group, queue, offset, origin, to, to_offset, reconsume_times, after });
        true
    }

    /// `ackAsync`: the row is deleted. Where it is not there any more, nothing happens.
    pub(super) fn delete_record(
        &mut self,
        out: &mut Outside<'_>,
        consumer: Option<ConsumerIndex>,
        group: GroupIndex,
        handle: &PopHandle,
    ) -> Response {
        let key = RecordKey::of(group, handle);
        let counts = self.pop.cache.delete(&key) || self.pop.records.delete(&key);
        let PopHandle { queue, offset, .. } = *handle;
        let late = out.broker_clock(self.index).since(handle.revive_time());
        out.see(Observation::AckTaken { consumer, group, queue, offset, late, counts });
        Response::Done
    }

    /// `changeInvisibilityDuration`: another row, then the old one is deleted, whether it is there or not.
    pub(super) fn change_record(
        &mut self,
        out: &mut Outside<'_>,
        consumer: Option<ConsumerIndex>,
        group: GroupIndex,
        (handle, invisible): (&PopHandle, Span),
    ) -> Response {
        let pop_time = out.broker_clock(self.index);
        self.pop.records.put(RecordKey::of(group, &handle.changed(pop_time, invisible)), invisible);
        let key = RecordKey::of(group, handle);
        if !self.pop.cache.delete(&key) {
            self.pop.records.delete(&key);
        }
        self.await_records(out);
        let until = out.now() + invisible;
        let PopHandle { queue, offset, .. } = *handle;
        out.see(Observation::InvisibleChanged { consumer, group, queue, offset, until });
        Response::InvisibleChanged { pop_time, invisible }
    }

    /// Another broker has the name from now on: nobody gives back there what this one has rows of, and what was popped is
    /// behind the offset that the other one knows.
    pub(in crate::model::broker) fn leave_records_behind(&self, out: &mut Outside<'_>, new: &Self) {
        for RecordKey { group, queue, offset, .. } in self.pop.records.keys() {
            if new.offsets.get(group, queue) > Some(offset) {
                let why = CheckpointLoss::NotReplicated;
                out.see(Observation::CheckpointLost { group, queue, offset, why });
            }
        }
    }
}
