//! A consumer that is told to stand still: `suspend()` and `resume()` of the application, and the reset of offsets that a
//! broker pushes where it does not keep it itself (specification A1.5).

use std::rc::Rc;

use crate::kernel::Span;
use crate::model::event::Event;
use crate::model::observation::{CommitPath, Observation, PullTrouble, QueueIndex, Release};
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

    /// `resume()`: rebalances at once.
    pub(in crate::model) fn resume_consumption(&mut self, consumer: ConsumerIndex) {
        if std::mem::replace(&mut self.client(consumer).suspended, false) {
            self.wake_rebalance(consumer);
        }
    }

    /// Whether a pull waits because its consumer is suspended.
    pub(super) fn pull_is_suspended(&mut self, consumer: ConsumerIndex, process_queue: u32) -> bool {
        let suspended = self.client(consumer).suspended;
        if suspended {
            let delay = self.planned(consumer).client.timers.pull_suspended_delay;
            self.pull_troubled(consumer, process_queue, PullTrouble::Suspended, delay);
        }
        suspended
    }

    /// `RESET_CONSUMER_CLIENT_OFFSET` reaches a client: its queues are dropped at once, and the rest comes after a sleep.
    /// Only a push consumer hears of it (`MQClientInstance.resetOffset`).
    pub(in crate::model) fn reset_pushed(&mut self, consumer: ConsumerIndex, offsets: NewOffsets) {
        let (_, epoch) = self.client_seat(consumer);
        if self.lite_pull(consumer).is_some() {
            return self.see(Observation::ResetIgnored { consumer });
        }
        let client = self.client(consumer);
        if !client.is_registered() || !client.resetting.is_empty() {
            return;
        }
        client.suspended = true;
        for (queue, _) in offsets.iter() {
            let client = self.client(consumer);
            if let Some(&number) = client.table.get(queue) {
                client.process_queues[number as usize].drop_queue();
                self.see(Observation::PullTroubled { consumer, queue: *queue, trouble: PullTrouble::Suspended });
            }
        }
        self.client(consumer).resetting = offsets.to_vec();
        self.after(RESET_SLEEP, Event::ResetSlept { consumer, epoch });
    }

    /// The sleep is over: the new offsets of the queues that are still in the table are sent, the queues leave it, and
    /// the consumer goes on.
    pub(in crate::model) fn reset_slept(&mut self, consumer: ConsumerIndex) {
        for (queue, offset) in std::mem::take(&mut self.client(consumer).resetting) {
            let client = self.client(consumer);
            if client.table.contains_key(&queue) {
                client.offsets.update(&queue, offset, false);
                self.see(Observation::ProgressMoved { consumer, queue, offset });
                self.release(consumer, queue, Release::OffsetsReset, CommitPath::OperatorReset);
            }
        }
        self.resume_consumption(consumer);
    }
}
