//! What an instance knows of topics and brokers, and from whom (`MQClientInstance.updateTopicRouteInfoFromNameServer`).
//!
//! ```text
//!   name server --route--> topicRouteTable (the instance's) --> topicSubscribeInfoTable (each consumer's)
//! ```
//! Both are kept by topic and forget nothing: neither a topic that name servers do not know any more nor one that is no
//! longer subscribed.

use crate::model::ids::HostId;
use crate::model::ids::NameServerIndex;
use crate::model::instance::{ClientProcess, Instance};
use crate::model::network::{CallError, Request, Response, Route, Waiter};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::{PlantedMistake, TopicIndex};

impl Instance {
    /// Asks the instance's name server for a route.
    pub(in crate::model) fn ask_name_server(&mut self, out: &mut Outside<'_>, topic: TopicIndex, waiter: Waiter) {
        let (host, _) = out.instance_seat(self.owner);
        let chosen = out.name_server_of(host, self.name_server);
        self.name_server = chosen;
        let to = out.name_server_host(NameServerIndex(chosen.0));
        let timeout = out.planned(self.owner).client.mq_client_api_timeout;
        out.call(host, to, Request::GetRoute { topic }, timeout, waiter);
    }
}

impl ClientProcess {
    /// A changed route gives brokers and queues, and wakes nobody; one that is new to a consumer of the instance counts as
    /// changed (`isNeedUpdateTopicRouteInfo`). A topic that does not exist (any more) leaves everything as it is.
    pub(in crate::model) fn take_route(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        topic: TopicIndex,
        answer: Result<Response, CallError>,
    ) {
        if matches!(answer, Ok(Response::Route(None))) && out.planted(PlantedMistake::UnknownTopicForgetsRoute) {
            self.instance.routes.remove(&topic);
            self.consumers[at].topic_subscribe_info.remove(&topic);
        }
        let Ok(Response::Route(Some(route))) = answer else { return };
        let mut subscribers = self.consumers.iter().filter(|consumer| consumer.subscription(topic).is_some());
        let known = subscribers.all(|consumer| consumer.topic_subscribe_info.contains_key(&topic));
        if known && self.instance.routes.get(&topic) == Some(&route) {
            return;
        }
        let view = out.readable_queues(topic, &route);
        let queues = out.views.queue_list(view).len() as u32;
        self.learn_brokers(out, topic, route);
        for consumer in self.consumers.iter_mut().filter(|consumer| consumer.subscription(topic).is_some()) {
            consumer.topic_subscribe_info.insert(topic, view);
            out.see(Observation::RouteChanged { consumer: consumer.index, topic, queues, view });
        }
        if out.planted(PlantedMistake::RebalanceOnRouteChange) {
            self.instance.wake_rebalance(out);
        }
    }

    /// The brokers of a route that is new or has changed.
    fn learn_brokers(&mut self, out: &mut Outside<'_>, topic: TopicIndex, route: Route) {
        for consumer in &mut self.consumers {
            consumer.brokers.extend(route.iter().map(|entry| (entry.broker, entry.addresses)));
        }
        let (host, _) = out.instance_seat(self.instance.owner);
        for moved in out.learn_addresses(host, &route) {
            self.instance.fingerprints.forget(moved);
        }
        self.instance.routes.insert(topic, route);
    }

    /// A route of which no consumer is told the queues: the poll finds it known, and tells nobody either (an old rule of
    /// the Go client, `internal/route.go:UpdateTopicRouteInfoWithDefault`).
    pub(in crate::model) fn take_route_untold(
        &mut self,
        out: &mut Outside<'_>,
        topic: TopicIndex,
        answer: Result<Response, CallError>,
    ) {
        if let Ok(Response::Route(Some(route))) = answer
            && self.instance.routes.get(&topic) != Some(&route)
        {
            self.learn_brokers(out, topic, route);
        }
    }

    /// `cleanOfflineBroker`: brokers in no topic's route are forgotten.
    pub(in crate::model) fn clean_offline_brokers(&mut self) {
        let routes: Vec<_> = self.instance.routes.values().cloned().collect();
        let in_a_route = |name: &_, _: &mut _| routes.iter().any(|route| route.iter().any(|e| e.broker == *name));
        for consumer in &mut self.consumers {
            consumer.brokers.retain(in_a_route);
        }
    }
}

impl Outside<'_> {
    /// Whom a client asks that was asking this one (true: it has asked before). It stays with it as long as the connection
    /// stands, whether answers come or not; else the next one's turn comes
    /// (`NettyRemotingClient.getAndCreateNameserverChannelAsync`).
    pub(in crate::model) fn name_server_of(&self, host: HostId, (chosen, asked): (u16, bool)) -> (u16, bool) {
        let connected = self.machines[host.at()].channels.get(self.name_server_host(NameServerIndex(chosen))).is_some();
        let count = self.plan.name_servers.len() as u16;
        (if connected || !asked { chosen } else { (chosen + 1) % count }, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::BrokerIndex;
    use crate::model::instance::testing::{at, route, running, shared};
    use crate::model::plan::BrokerPlan;
    use crate::model::testing::{hear, outside};

    #[test]
    fn a_route_is_taken_where_it_changed_or_is_new_to_a_consumer() {
        let (same, less) = (route(&[BrokerIndex(0), BrokerIndex(1)]), route(&[BrokerIndex(0)]));
        let rows = [
            (Ok(Response::Route(Some(same.clone()))), None, 0, "nothing changed"),
            (Ok(Response::Route(None)), None, 0, "a topic that is not there leaves everything as it is"),
            (Err(CallError::TimedOut), None, 0, "no answer"),
            (Ok(Response::Route(Some(same))), Some(1), 2, "it is new to one of them, and counts as changed for all"),
            (Ok(Response::Route(Some(less))), None, 2, "a broker is gone"),
        ];
        for (answer, forgets, told, why) in rows {
            let mut plan = shared(2);
            plan.brokers.push(BrokerPlan::master("b1"));
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            if let Some(at) = forgets {
                process.consumers[at as usize].topic_subscribe_info.clear();
            }
            process.take_route(&mut out, 0, TopicIndex(0), answer);
            let seen = hear(&mut out, at(1)).seen.into_iter();
            let changed =
                seen.filter(|seen| matches!(seen, Observation::RouteChanged { topic: TopicIndex(0), .. })).count();
            assert_eq!(changed, told, "{why}");
            let brokers = process.consumers[0].brokers.len();
            assert_eq!(brokers, 2, "{why}: brokers are forgotten by the next heartbeat only");
            process.clean_offline_brokers();
            let left = process.consumers[0].brokers.len();
            assert_eq!(left, if why == "a broker is gone" { 1 } else { 2 }, "{why}");
        }
    }
}
