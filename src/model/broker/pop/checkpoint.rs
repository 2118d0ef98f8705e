//! Checkpoints and acknowledgements on their way into the revive topic: by the timer wheel, which knows whole seconds
//! (`TimerMessageStore`, `HookUtils.handleScheduleMessage`).
//!
//! ```text
//!   checkpoint   a second before its messages become visible   --+--> the next whole second, and up to 0.12 s more
//!   ack          when its message becomes visible              --+
//!   what is due by then goes into the revive topic at once
//! ```

use super::Broker;
use crate::kernel::{Instant, Span};
use crate::model::broker::flush::Content;
use crate::model::broker::store::log_bytes;
use crate::model::disk::{Checkpoint, Revival, ReviveRecord};
use crate::model::event::BrokerEvent;
use crate::model::observation::{CheckpointLoss, Observation};
use crate::model::outside::Outside;

/// `TimerMessageStore.TIMER_TOPIC`.
const TIMER_TOPIC: &str = "rmq_sys_wheel_timer";
/// `timerPrecisionMs`.
const SECOND: u64 = 1_000_000_000;
/// A checkpoint is in its queue so long before its messages become visible (`PopAckConstants.ackTimeInterval`).
const BEFORE: Span = Span::from_secs(1);
/// The thread that empties the wheel looks so often, and has work to do (`TimerDequeueGetService`).
const DEQUEUE_NANOS: u64 = 120_000_000;
/// What a record says, as JSON: about so much.
const RECORD_BYTES: u32 = 200;

impl Broker {
    /// A checkpoint is stored.
    pub(super) fn store_checkpoint(&mut self, out: &mut Outside<'_>, point: Checkpoint) {
        let (queue, deliver) = (point.revive_queue, point.revive_time() - BEFORE);
        self.put_on_timer(out, queue, deliver, Revival::Checkpoint(point));
    }

    /// A message of the revive topic that is due later waits on the timer wheel.
    pub(super) fn put_on_timer(&mut self, out: &mut Outside<'_>, queue: u32, deliver: Instant, what: Revival) {
        let number = out.logs[self.index.at()].revive.next_number();
        self.log_grew(out, log_bytes(TIMER_TOPIC, RECORD_BYTES), Content::Revive(number));
        let record = ReviveRecord { number, deliver, what };
        if deliver <= out.broker_clock(self.index) {
            return self.append_to_revive(out, queue, record);
        }
        self.pop.enqueued = Some(out.now());
        let began = self.second_began(out);
        let second = (deliver + began).as_nanos().div_ceil(SECOND);
        if out.logs[self.index.at()].revive.put_on_wheel(second, queue, record) {
            self.await_second(out, second);
        }
    }

    fn second_began(&mut self, out: &Outside<'_>) -> Span {
        let streams = out.streams;
        // All machines have one time: what differs is said by their clocks.
        let drawn = || Span::from_nanos(streams.stream("pop timer second", 0).below(SECOND));
        *self.pop.second_began.get_or_insert_with(drawn)
    }

    fn await_second(&mut self, out: &mut Outside<'_>, second: u64) {
        let began = self.second_began(out).as_nanos();
        let shown = Instant::from_nanos((second * SECOND).saturating_sub(began));
        let late = Span::from_nanos(self.pop_stream(out).below(DEQUEUE_NANOS));
        let at = self.moment_of(out, shown) + late;
        out.agenda.schedule(at, self.in_this_life(out, BrokerEvent::TimerSecond { second }));
    }

    /// A second of the timer wheel is over: what it held goes into the revive topic.
    pub(in crate::model::broker) fn timer_second(&mut self, out: &mut Outside<'_>, second: u64) {
        if !self.keeps_checkpoints(out) {
            return;
        }
        // A wheel that stood still, as the broker did, goes on in order: an ack never overtakes its checkpoint.
        for (queue, record) in out.logs[self.index.at()].revive.take_up_to(second) {
            self.append_to_revive(out, queue, record);
        }
    }

    fn append_to_revive(&mut self, out: &mut Outside<'_>, queue: u32, record: ReviveRecord) {
        out.logs[self.index.at()].revive.append(queue, record);
        self.revive_queue_grew(out, queue);
    }

    /// The process begins: the wheel is as it was.
    pub(super) fn resume_timer(&mut self, out: &mut Outside<'_>) {
        for second in out.logs[self.index.at()].revive.seconds() {
            self.await_second(out, second);
        }
    }

    /// Whether the timer says that it is behind, for which the revive threads do not trust it: a record that came between
    /// one and two seconds ago looks so (`getEnqueueBehind`).
    pub(super) fn timer_is_behind(&self, out: &Outside<'_>) -> bool {
        let since = self.pop.enqueued.map(|at| out.now().since(at));
        since.is_some_and(|since| (Span::from_secs(1)..Span::from_secs(2)).contains(&since))
    }

    /// The machine lost its power, and these records with it: what was popped and is behind the offset on the disk never
    /// comes again (trap PE9).
    pub(in crate::model::broker) fn lose_records(&mut self, out: &mut Outside<'_>, numbers: &[u64]) {
        if numbers.is_empty() {
            return;
        }
        for point in out.logs[self.index.at()].revive.lose(numbers) {
            let (group, queue) = (point.key.group, point.key.queue);
            let popped = self.offsets.on_disk(group, queue).unwrap_or(0);
            for offset in point.offsets.into_iter().filter(|offset| *offset < popped) {
                let why = CheckpointLoss::NotFlushed;
                out.see(Observation::CheckpointLost { group, queue, offset, why });
            }
        }
    }
}
