//! What a broker sends to a client by itself (`ClientRemotingProcessor.processRequest`).

use std::rc::Rc;

use crate::model::instance::ClientProcess;
use crate::model::network::Request;
use crate::model::observation::{Detail, Observation};
use crate::model::outside::Outside;

impl ClientProcess {
    /// `NOTIFY_CONSUMER_IDS_CHANGED` reaches the client.
    pub(in crate::model) fn client_notified(&mut self, out: &mut Outside<'_>, request: Request) {
        if let Request::ResetClientOffset { group, offsets } = &request {
            let told = self.consumers.iter_mut().find(|consumer| consumer.group == *group);
            return told.map_or((), |told| told.reset_pushed(out, Rc::clone(offsets)));
        }
        if let Request::NotifyConsumerIdsChanged { broker } = request {
            let owner = self.instance.owner;
            for consumer in &self.consumers {
                if consumer.index == owner || consumer.is_registered() {
                    out.see(Observation::Notified { consumer: consumer.index, broker });
                }
            }
            out.see_detail(Detail::RebalanceWanted { consumer: owner });
            self.instance.wake_rebalance(out);
        }
    }
}
