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
        self.resetting = Some(offsets);
        out.after(RESET_SLEEP, ConsumerEvent::ResetSlept.of(consumer, epoch));
    }

    /// The sleep is over: the new offsets of the queues that are still in the table are sent, the queues leave it, and
    /// the consumer goes on.
    pub(in crate::model) fn reset_slept(&mut self, out: &mut Outside<'_>, instance: &mut Instance) {
        let consumer = self.index;
        let offsets = self.resetting.take().expect("a reset has slept");
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
