//! The reset of offsets that a broker pushes to its members, where it does not keep it itself
//! (`MQClientInstance.resetOffset`).

use std::rc::Rc;

use crate::kernel::Span;
use crate::model::consumer::Consumer;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::event::ConsumerEvent;
use crate::model::instance::{ClientProcess, Instance};
use crate::model::observation::{CommitPath, Observation, PullTrouble, QueueIndex, Release};
use crate::model::outside::Outside;

/// `MQClientInstance.resetOffset` sleeps so long between dropping the queues and setting their offsets.
const RESET_SLEEP: Span = Span::from_secs(10);

/// Offsets that an operator's tool sends to a group's members.
pub(in crate::model) type NewOffsets = Rc<Vec<(QueueIndex, u64)>>;

impl Consumer {
    /// `RESET_CONSUMER_CLIENT_OFFSET` reaches a client: its queues are dropped at once, and the rest comes after a sleep.
    /// Only a push consumer hears of it (`MQClientInstance.resetOffset`). Each broker of the topic sends its own, and the
    /// method is synchronized: the next one waits until this one has slept and rebalanced.
    pub(in crate::model) fn reset_pushed(&mut self, out: &mut Outside<'_>, offsets: NewOffsets) {
        let consumer = self.index;
        if self.service == ConsumeMessageService::LitePull {
            return out.see(Observation::ResetIgnored { consumer });
        }
        if !self.is_registered() {
            return;
        }
        if self.resetting.is_some() || !self.resets_to_come.is_empty() {
            return self.resets_to_come.push_back(offsets);
        }
        self.begin_reset(out, offsets);
    }

    fn begin_reset(&mut self, out: &mut Outside<'_>, offsets: NewOffsets) {
        let consumer = self.index;
        let (_, epoch) = self.seat(out);
        self.suspended = true;
        for (queue, _) in offsets.iter() {
            if let Some(&number) = self.table.get(queue) {
                self.process_queues[number as usize].drop_queue();
                out.see(Observation::PullTroubled { consumer, queue: *queue, trouble: PullTrouble::Suspended });
            }
        }
        let waits = if self.resets_by_the_lock(out) { self.busy_listeners(&offsets) } else { 1 };
        self.resetting = Some(offsets);
        let timer = out.after(RESET_SLEEP.saturating_mul(waits), ConsumerEvent::ResetSlept.of(consumer, epoch));
        self.reset_timer = Some(timer);
    }

    /// `waitResetOffsetReady`: from 5.5.0 on an orderly consumer waits for its listeners, 10 s for each, and not for 10 s.
    fn resets_by_the_lock(&self, out: &Outside<'_>) -> bool {
        let waits = out.planned(self.index).client.rules.reset_waits_for_the_listener;
        waits && self.service == ConsumeMessageService::Orderly
    }

    fn busy_listeners(&self, offsets: &NewOffsets) -> u64 {
        let held = |(queue, _): &(QueueIndex, u64)| self.table.get(queue);
        let listens = |number: &&u32| self.process_queues[**number as usize].orderly.listening;
        offsets.iter().filter_map(held).filter(listens).count() as u64
    }

    /// A listener has returned: the reset that waited for it alone goes on.
    pub(in crate::model) fn reset_may_go_on(&mut self, out: &mut Outside<'_>, instance: &mut Instance) {
        let Some(offsets) = &self.resetting else { return };
        if self.resets_by_the_lock(out) && self.busy_listeners(offsets) == 0 {
            if let Some(timer) = self.reset_timer.take() {
                _ = out.agenda.cancel(timer);
            }
            self.reset_slept(out, instance);
        }
    }

    /// The sleep is over: the new offsets of the queues that are still in the table are sent, the queues leave it, and
    /// the consumer goes on.
    pub(in crate::model) fn reset_slept(&mut self, out: &mut Outside<'_>, instance: &mut Instance) {
        let consumer = self.index;
        let offsets = self.resetting.take().expect("a reset has slept");
        self.reset_timer = None;
        for &(queue, offset) in offsets.iter() {
            if self.table.contains_key(&queue) {
                self.update_offset(out, queue, offset, false);
                out.see(Observation::ProgressMoved { consumer, queue, offset });
                self.release(out, queue, Release::OffsetsReset, CommitPath::OperatorReset);
            }
        }
        self.resume_consumption(out, instance);
    }
}

impl ClientProcess {
    /// The instance has rebalanced: of those consumers that no reset holds any more, the next may begin.
    pub(in crate::model) fn begin_resets_to_come(&mut self, out: &mut Outside<'_>) {
        for consumer in &mut self.consumers {
            if consumer.is_registered()
                && consumer.resetting.is_none()
                && let Some(offsets) = consumer.resets_to_come.pop_front()
            {
                consumer.begin_reset(out, offsets);
            }
        }
    }
}
