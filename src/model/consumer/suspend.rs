//! A consumer that is told to stand still: `suspend()` and `resume()` of the application
//! (`DefaultMQPushConsumerImpl.suspend`).

use crate::model::consumer::Consumer;
use crate::model::instance::Instance;
use crate::model::observation::{Detail, PullTrouble};
use crate::model::outside::Outside;

impl Consumer {
    /// `suspend()`: pulls wait, and rebalances do nothing, once a second.
    pub(in crate::model) fn suspend_consumption(&mut self) {
        self.suspended = true;
    }

    /// `DefaultMQPushConsumerImpl.resume`: rebalances at once, without the minimum interval of `RebalanceService`.
    pub(in crate::model) fn resume_consumption(&mut self, out: &mut Outside<'_>, instance: &mut Instance) {
        if std::mem::replace(&mut self.suspended, false) {
            instance.rebalance.resumed = true;
            out.see_detail(Detail::ConsumptionResumed { consumer: instance.owner });
            instance.wake_rebalance(out);
        }
    }

    /// Whether a pull waits because its consumer is suspended.
    pub(in crate::model) fn pull_is_suspended(&mut self, out: &mut Outside<'_>, process_queue: u32) -> bool {
        let consumer = self.index;
        let suspended = self.suspended;
        if suspended {
            let delay = out.planned(consumer).client.timers.pull_suspended_delay;
            self.pull_troubled(out, process_queue, PullTrouble::Suspended, delay);
        }
        suspended
    }
}
