//! What a broker sends to a client by itself (`ClientRemotingProcessor.processRequest`).

use std::rc::Rc;

use crate::model::instance::ClientProcess;
use crate::model::network::Request;
use crate::model::observation::{Detail, Observation};
use crate::model::outside::Outside;
use crate::model::plan::ConsumerIndex;

impl ClientProcess {
    /// `NOTIFY_CONSUMER_IDS_CHANGED` reaches the client.
    pub(in crate::model) fn client_notified(&mut self, out: &mut Outside<'_>, request: Request) {
        if self.grpc.is_some() {
            return;
        }
        match (&request, &self.go) {
            (_, None) => {}
            (Request::NotifyConsumerIdsChanged { broker, place }, Some(_)) => {
                if out.passes.is_sent(*place) {
                    self.go_notified(out, *broker);
                }
                return;
            }
            (Request::ResetClientOffset { group, offsets }, Some(_)) => {
                return self.go_reset_pushed(out, *group, Rc::clone(offsets));
            }
            (_, Some(_)) => return,
        }
        if let Request::ResetClientOffset { group, offsets } = &request {
            let told = self.consumers.iter_mut().find(|consumer| consumer.group == *group);
            return told.map_or((), |told| told.reset_pushed(out, Rc::clone(offsets)));
        }
        if let Request::NotifyConsumerIdsChanged { broker, place } = request
            && out.passes.is_sent(place)
        {
            // What came before it is said before it.
            self.hear_notifications(out);
            let listeners: Vec<_> = self.listeners().collect();
            listeners.into_iter().for_each(|consumer| out.see(Observation::Notified { consumer, broker }));
            out.see_detail(Detail::RebalanceWanted { consumer: self.instance.owner });
            self.instance.wake_rebalance(out);
        }
    }

    /// Consumers of the process that hear what brokers tell it.
    fn listeners(&self) -> impl Iterator<Item = ConsumerIndex> {
        let owner = self.instance.owner;
        let own = self.consumers.iter().filter(move |consumer| consumer.index == owner || consumer.is_registered());
        own.map(|consumer| consumer.index)
    }

    /// Says which notifications have come since the last time: before anything that shows what they did, and before
    /// others listen than did when they came.
    pub(in crate::model) fn hear_notifications(&mut self, out: &mut Outside<'_>) {
        let host = out.consumer_host(self.instance.owner);
        for (place, broker) in out.take_heard(host) {
            for consumer in self.listeners() {
                out.see_at(&place, Observation::Notified { consumer, broker });
            }
        }
    }
}
