//! A consumer that is told to stand still: `suspend()` and `resume()` of the application, and the reset of offsets that
//! a broker pushes where it does not keep it itself (`DefaultMQPushConsumerImpl.suspend`).

use std::rc::Rc;

use crate::kernel::Span;
use crate::model::event::ConsumerEvent;
use crate::model::observation::{CommitPath, Detail, Observation, PullTrouble, QueueIndex, Release};
use crate::model::plan::ConsumerIndex;
use crate::model::world::World;

/// `MQClientInstance.resetOffset` sleeps so long between dropping the queues and setting their offsets.
const RESET_SLEEP: Span = Span::from_secs(10);

/// Offsets that an operator's tool sends to a group's members.
pub(in crate::model) type NewOffsets = Rc<Vec<(QueueIndex, u64)>>;

impl World<'_> {
    /// `suspend()`: pulls wait, and rebalances do nothing, once a second.
    pub(in crate::model) fn suspend_consumption(&mut self, consumer: ConsumerIndex) {
        self.client(consumer).suspended = true;
    }

    /// `DefaultMQPushConsumerImpl.resume`: rebalances at once, without the minimum interval of `RebalanceService`.
    pub(in crate::model) fn resume_consumption(&mut self, consumer: ConsumerIndex) {
        if std::mem::replace(&mut self.client(consumer).suspended, false) {
            self.instance(consumer).rebalance.resumed = true;
            let owner = self.out.instances.owner(consumer);
            self.out.see_detail(Detail::ConsumptionResumed { consumer: owner });
            self.wake_rebalance(consumer);
        }
    }

    /// Whether a pull waits because its consumer is suspended.
    pub(super) fn pull_is_suspended(&mut self, consumer: ConsumerIndex, process_queue: u32) -> bool {
        let suspended = self.client(consumer).suspended;
        if suspended {
            let delay = self.out.planned(consumer).client.timers.pull_suspended_delay;
            self.pull_troubled(consumer, process_queue, PullTrouble::Suspended, delay);
        }
        suspended
    }

    /// `RESET_CONSUMER_CLIENT_OFFSET` reaches a client: its queues are dropped at once, and the rest comes after a sleep.
    /// Only a push consumer hears of it (`MQClientInstance.resetOffset`). Each broker of the topic sends its own, and the
    /// method is synchronized: the next one waits until this one has slept and rebalanced.
    pub(in crate::model) fn reset_pushed(&mut self, consumer: ConsumerIndex, offsets: NewOffsets) {
        if self.out.lite_pull(consumer).is_some() {
            return self.out.see(Observation::ResetIgnored { consumer });
        }
        let client = self.client(consumer);
        if !client.is_registered() {
            return;
        }
        if client.resetting.is_some() || !client.resets_to_come.is_empty() {
            return client.resets_to_come.push_back(offsets);
        }
        self.begin_reset(consumer, offsets);
    }

    /// The instance has rebalanced: of those consumers that no reset holds any more, the next may begin.
    pub(super) fn begin_resets_to_come(&mut self, consumer: ConsumerIndex) {
        for &consumer in self.out.instances.consumers(consumer).iter() {
            let client = self.client(consumer);
            if client.is_registered()
                && client.resetting.is_none()
                && let Some(offsets) = client.resets_to_come.pop_front()
            {
                self.begin_reset(consumer, offsets);
            }
        }
    }

    fn begin_reset(&mut self, consumer: ConsumerIndex, offsets: NewOffsets) {
        let (_, epoch) = self.client_seat(consumer);
        self.client(consumer).suspended = true;
        for (queue, _) in offsets.iter() {
            let client = self.client(consumer);
            if let Some(&number) = client.table.get(queue) {
                client.process_queues[number as usize].drop_queue();
                self.out.see(Observation::PullTroubled { consumer, queue: *queue, trouble: PullTrouble::Suspended });
            }
        }
        self.client(consumer).resetting = Some(offsets);
        self.out.after(RESET_SLEEP, ConsumerEvent::ResetSlept.of(consumer, epoch));
    }

    /// The sleep is over: the new offsets of the queues that are still in the table are sent, the queues leave it, and
    /// the consumer goes on.
    pub(in crate::model) fn reset_slept(&mut self, consumer: ConsumerIndex) {
        let offsets = self.client(consumer).resetting.take().expect("a reset has slept");
        for &(queue, offset) in offsets.iter() {
            let client = self.client(consumer);
            if client.table.contains_key(&queue) {
                client.offsets.update(&queue, offset, false);
                self.out.see(Observation::ProgressMoved { consumer, queue, offset });
                self.release(consumer, queue, Release::OffsetsReset, CommitPath::OperatorReset);
            }
        }
        self.resume_consumption(consumer);
    }
}
