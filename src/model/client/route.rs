//! What an instance knows of topics and brokers, and from whom (`MQClientInstance.updateTopicRouteInfoFromNameServer`,
//! `MQClientInstance.updateTopicRouteInfoFromNameServer`).
//!
//! ```text
//!   name server --route--> topicRouteTable (the instance's) --> topicSubscribeInfoTable (each consumer's)
//! ```
//! Both are kept by topic and forget nothing: neither a topic that name servers do not know any more nor one that is no
//! longer subscribed.

use crate::model::network::{CallError, HostId, Request, Response, Waiter};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, PlantedMistake, TopicIndex};
use crate::model::world::World;

impl World<'_> {
    /// Asks the instance's name server for a route.
    pub(super) fn ask_name_server(&mut self, consumer: ConsumerIndex, topic: TopicIndex, waiter: Waiter) {
        let (host, _) = self.client_seat(consumer);
        let chosen = self
            .out
            .name_server_of(host, self.clients[self.out.instances.owner(consumer) as usize].instance.name_server);
        self.instance(consumer).name_server = chosen;
        let to = self.out.name_server_host(chosen.0);
        let timeout = self.out.planned(consumer).client.mq_client_api_timeout;
        self.out.call(host, to, Request::GetRoute { topic }, timeout, waiter);
    }

    /// A changed route gives brokers and queues, and wakes nobody; one that is new to a consumer of the instance counts as
    /// changed (`isNeedUpdateTopicRouteInfo`). A topic that does not exist (any more) leaves everything as it is.
    pub(super) fn take_route(
        &mut self,
        consumer: ConsumerIndex,
        topic: TopicIndex,
        answer: Result<Response, CallError>,
    ) {
        if matches!(answer, Ok(Response::Route(None))) && self.out.planted(PlantedMistake::UnknownTopicForgetsRoute) {
            self.instance(consumer).routes.remove(&topic);
            self.client(consumer).topic_subscribe_info.remove(&topic);
        }
        let Ok(Response::Route(Some(route))) = answer else { return };
        let table = self.out.instances.consumers(consumer);
        let subscribers = table.iter().copied().filter(|&c| self.clients[c as usize].subscription(topic).is_some());
        let subscribers: Vec<ConsumerIndex> = subscribers.collect();
        let knows = |c: &ConsumerIndex| self.clients[*c as usize].topic_subscribe_info.contains_key(&topic);
        let known = subscribers.iter().all(knows);
        if known && self.instance(consumer).routes.get(&topic) == Some(&route) {
            return;
        }
        let view = self.out.readable_queues(topic, &route);
        let queues = self.out.views.queue_list(view).len() as u32;
        for &other in table.iter() {
            self.client(other).brokers.extend(route.iter().map(|entry| (entry.broker, entry.addresses)));
        }
        let (host, _) = self.out.instance_seat(consumer);
        for moved in self.out.learn_addresses(host, &route) {
            self.instance(consumer).fingerprints.forget(moved);
        }
        self.instance(consumer).routes.insert(topic, route);
        for consumer in subscribers {
            self.client(consumer).topic_subscribe_info.insert(topic, view);
            self.out.see(Observation::RouteChanged { consumer, topic, queues, view });
        }
        if self.out.planted(PlantedMistake::RebalanceOnRouteChange) {
            self.wake_rebalance(consumer);
        }
    }

    /// `cleanOfflineBroker`: brokers in no topic's route are forgotten.
    pub(super) fn clean_offline_brokers(&mut self, consumer: ConsumerIndex) {
        let routes: Vec<_> = self.instance(consumer).routes.values().cloned().collect();
        let in_a_route = |name: &_, _: &mut _| routes.iter().any(|route| route.iter().any(|e| e.broker == *name));
        for &other in self.out.instances.consumers(consumer).iter() {
            self.client(other).brokers.retain(in_a_route);
        }
    }
}

impl Outside<'_> {
    /// Whom a client asks that was asking this one (true: it has asked before). It stays with it as long as the connection
    /// stands, whether answers come or not; else the next one's turn comes
    /// (`NettyRemotingClient.getAndCreateNameserverChannelAsync`).
    pub(in crate::model) fn name_server_of(&self, host: HostId, (chosen, asked): (u16, bool)) -> (u16, bool) {
        let connected = self.machines[host as usize].channels.contains_key(&self.name_server_host(chosen));
        let count = self.plan.name_servers.len() as u16;
        (if connected || !asked { chosen } else { (chosen + 1) % count }, true)
    }
}
