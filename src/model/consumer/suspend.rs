//! A consumer that is told to stand still: `suspend()` and `resume()` of the application
//! (`DefaultMQPushConsumerImpl.suspend`).

use crate::model::consumer::Consumer;
use crate::model::instance::Instance;
use crate::model::observation::Detail;
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
}
