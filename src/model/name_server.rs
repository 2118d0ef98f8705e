//! A name server: which broker has which queues of a topic (`RouteInfoManager.registerBroker`,
//! `RouteInfoManager.pickupTopicRouteData`).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::broker::AUTO_CREATED_QUEUES;
use super::event::NameServerEvent;
use super::names::{Names, QueuePlace};
use super::network::{AddressNumber, CallId, ConnectionId, Request, Response, Route, RouteEntry};
use super::observation::{Detail, Observation};
use super::outside::Outside;
use super::plan::{BrokerIndex, NameServerIndex, Plan, PlantedMistake, TopicIndex};
use super::replicas::{Addresses, Replicas};
use super::views::ViewId;
use super::world::World;
use crate::kernel::{Instant, Span};

/// A topic of a broker with `readQueueNums` and `writeQueueNums`.
type OnBroker = (TopicIndex, u32, u32);

/// A broker as a name server knows it.
#[derive(Debug)]
struct Registration {
    connection: ConnectionId,
    updated: Instant,
    broker_id: u32,
    address: AddressNumber,
}

/// The memory of one name server; lost when it restarts.
#[derive(Debug, Default)]
pub(super) struct NameServer {
    /// `brokerLiveTable` and `brokerAddrTable`.
    brokers: BTreeMap<BrokerIndex, Registration>,
    /// `topicQueueTable` by broker name: what its master registered last. It stays while any broker of the name is left.
    queue_data: BTreeMap<BrokerIndex, Rc<Vec<OnBroker>>>,
    /// Answers given before, until a registration changes something.
    routes: BTreeMap<TopicIndex, Option<Route>>,
}

impl NameServer {
    /// The queues of a topic, in order of the broker names; `None`: `TOPIC_NOT_EXIST`.
    fn route(&mut self, topic: TopicIndex, world: (&Plan, &Names, &Replicas), supported: bool) -> Option<Route> {
        let (plan, names, replicas) = world;
        if let Some(route) = self.routes.get(&topic) {
            return route.clone();
        }
        let mut entries: Vec<RouteEntry> = Vec::new();
        for (&name, topics) in &self.queue_data {
            let addresses = self.addresses(replicas.brokers(name), replicas.keeper(name));
            let acting = plan.brokers[name as usize].settings.enable_slave_acting_master;
            for &(_, read, write) in topics.iter().filter(|(known, ..)| *known == topic) {
                let (addresses, write) = match addresses.master() {
                    // `registerBroker` takes the permission to write away; `pickupTopicRouteData`: the lowest slave stands in
                    // for the master.
                    None if acting && supported => (addresses.with_acting_master(), 0),
                    None if acting => (addresses, 0),
                    _ => (addresses, write),
                };
                entries.push(RouteEntry { broker: name, read_queue_nums: read, write_queue_nums: write, addresses });
            }
        }
        entries.sort_by(|a, b| names.broker(a.broker).cmp(names.broker(b.broker)));
        let route = (!entries.is_empty()).then(|| Rc::new(entries));
        self.routes.insert(topic, route.clone());
        route
    }

    /// Whether a broker is registered with a topic.
    pub fn tells(&self, topic: TopicIndex, name: BrokerIndex) -> bool {
        self.queue_data.get(&name).is_some_and(|topics| topics.iter().any(|(known, ..)| *known == topic))
    }

    /// The route of `TBW102`: brokers that make topics by themselves, each with so many queues for a new one.
    fn default_route(&self, names: &super::Names, replicas: &Replicas, makes: impl Fn(BrokerIndex) -> bool) -> Route {
        let entry = |&name: &BrokerIndex| RouteEntry {
            broker: name,
            read_queue_nums: AUTO_CREATED_QUEUES,
            write_queue_nums: AUTO_CREATED_QUEUES,
            addresses: self.addresses(replicas.brokers(name), replicas.keeper(name)),
        };
        let mut entries: Vec<RouteEntry> = self.queue_data.keys().filter(|name| makes(**name)).map(entry).collect();
        entries.sort_by(|a, b| names.broker(a.broker).cmp(names.broker(b.broker)));
        Rc::new(entries)
    }

    /// The addresses of a name that are registered. Of two masters the one with the higher epoch counts
    /// (`registerBroker`: "Registering Broker conflicts with the existed one").
    fn addresses(&self, brokers: &[BrokerIndex], keeper: BrokerIndex) -> Addresses {
        let mut addresses = Addresses::default();
        for broker in brokers {
            if let Some(registration) = self.brokers.get(broker)
                && (registration.broker_id > 0 || addresses.master() != Some(keeper))
            {
                addresses.put(registration.broker_id, *broker, registration.address);
            }
        }
        addresses
    }
}

impl World<'_> {
    /// The name server accepts connections; it knows nothing yet.
    pub(super) fn name_server_booted(&mut self, index: NameServerIndex, epoch: u32) {
        let host = self.out.name_server_host(index);
        let machine = &mut self.out.machines[host as usize];
        if machine.running || machine.epoch != epoch {
            return;
        }
        machine.running = true;
        self.name_servers[index as usize] = NameServer::default();
        self.out.see(Observation::NameServerUp { name_server: index });
        let scan = self.out.plan.name_servers[index as usize].settings.scan_not_active_broker_interval;
        self.out.after(scan, NameServerEvent::NameServerScanned.of(index, epoch));
    }

    /// Drops brokers that have not registered for too long.
    pub(super) fn name_server_scanned(&mut self, index: NameServerIndex, epoch: u32) {
        let machine = &self.out.machines[self.out.name_server_host(index) as usize];
        if !machine.running || machine.epoch != epoch {
            return;
        }
        let settings = &self.out.plan.name_servers[index as usize].settings;
        let (now, ordinary) = (self.out.now(), settings.broker_channel_expired_time);
        // A broker says with its registration how long to wait for it, where it sends signs of life.
        let early = self.out.planted(PlantedMistake::NameServerExpiresEarly);
        let ordinary = if early { Span::from_nanos(ordinary.as_nanos() / 2) } else { ordinary };
        let expiry = |broker: BrokerIndex| {
            let own = &self.out.plan.brokers[broker as usize].settings;
            if own.enable_slave_acting_master { own.broker_not_active_timeout_millis } else { ordinary }
        };
        let silent: Vec<(BrokerIndex, ConnectionId)> = (self.name_servers[index as usize].brokers.iter())
            .filter(|(broker, registration)| now.since(registration.updated) > expiry(**broker))
            .filter(|_| !self.out.planted(PlantedMistake::NameServerNeverExpires))
            .map(|(&broker, registration)| (broker, registration.connection))
            .collect();
        for (broker, connection) in silent {
            self.out.see_detail(Detail::BrokerExpires { name_server: index, broker });
            self.close_server_end(connection, super::event::ChannelEnd::Expired);
            self.unregister_broker(index, broker);
        }
        self.out.after(settings.scan_not_active_broker_interval, NameServerEvent::NameServerScanned.of(index, epoch));
    }

    /// A request reaches the name server.
    pub(super) fn name_server_request(
        &mut self,
        index: NameServerIndex,
        connection: ConnectionId,
        call: Option<CallId>,
        request: Request,
    ) {
        match request {
            Request::GetRoute { topic } => {
                let route = self.route_of(index, topic);
                self.out.respond(connection, call, Response::Route(route));
            }
            Request::GetDefaultRoute => {
                let makes = |name: BrokerIndex| self.out.plan.brokers[name as usize].settings.auto_create_topic_enable;
                let server = &self.name_servers[index as usize];
                let route = server.default_route(&self.out.names, &self.out.replicas, makes);
                self.out.respond(connection, call, Response::Route((!route.is_empty()).then_some(route)));
            }
            Request::RegisterBroker { broker_id, topics } => {
                let super::plan::Host::Broker(broker) = self.out.role(self.out.connections[connection].client) else {
                    return;
                };
                self.broker_registers(index, (broker, connection), broker_id, topics);
                self.out.respond(connection, call, Response::Done);
            }
            Request::BrokerHeartbeat => {
                let (now, server) = (self.out.now(), &mut self.name_servers[index as usize]);
                for registration in server.brokers.values_mut().filter(|known| known.connection == connection) {
                    registration.updated = now;
                }
            }
            Request::UnregisterBroker => {
                if let super::plan::Host::Broker(broker) = self.out.role(self.out.connections[connection].client) {
                    let (known, from) = (&self.name_servers[index as usize].brokers, &self.out.connections[connection]);
                    // `unRegisterBroker` takes away what has the caller's address, and not its successor's.
                    if known.get(&broker).is_none_or(|known| known.address == from.client_address) {
                        self.unregister_broker(index, broker);
                    }
                }
                self.out.respond(connection, call, Response::Done);
            }
            _ => self.out.respond(connection, call, Response::Refused),
        }
    }

    /// A connection to the name server ended: a broker that registered on it is unregistered at once.
    pub(super) fn name_server_channel_ended(&mut self, index: NameServerIndex, connection: ConnectionId) {
        let gone = self.name_servers[index as usize].brokers.iter().find(|(_, r)| r.connection == connection);
        if let Some((&broker, _)) = gone {
            self.out.see_detail(Detail::BrokerChannelEnded { name_server: index, broker });
            if self.out.planted(PlantedMistake::BrokerCloseUnheard) {
                return;
            }
            self.unregister_broker(index, broker);
        }
    }

    /// The brokers of a name that the first name server knows that runs, and that `asker` reaches; `None`: there is none.
    pub(super) fn registered_brokers(&self, name: BrokerIndex, asker: Option<BrokerIndex>) -> Option<Vec<BrokerIndex>> {
        let reached = |index: &NameServerIndex| {
            let host = self.out.name_server_host(*index);
            let passes = |broker: BrokerIndex| {
                let own = self.out.broker_host(broker);
                self.out.links.passes(own, host) && self.out.links.passes(host, own)
            };
            self.out.machines[host as usize].running && asker.is_none_or(passes)
        };
        let index = (0..self.out.plan.name_servers.len() as NameServerIndex).find(reached)?;
        let known = &self.name_servers[index as usize].brokers;
        Some(self.out.replicas.brokers(name).iter().copied().filter(|broker| known.contains_key(broker)).collect())
    }

    /// `aliveReplicaNumInGroup`, as a broker learns it from the name servers every second.
    pub(super) fn alive_replicas(&self, name: BrokerIndex) -> u32 {
        self.registered_brokers(name, None).map_or(1, |known| known.len() as u32)
    }

    fn route_of(&mut self, index: NameServerIndex, topic: TopicIndex) -> Option<Route> {
        let supported = self.out.plan.name_servers[index as usize].settings.support_acting_master;
        self.name_servers[index as usize].route(topic, (self.out.plan, &self.out.names, &self.out.replicas), supported)
    }

    /// `registerBroker`: a master brings its topics, a slave its address.
    fn broker_registers(
        &mut self,
        index: NameServerIndex,
        (broker, connection): (BrokerIndex, ConnectionId),
        broker_id: u32,
        topics: Rc<Vec<OnBroker>>,
    ) {
        let (updated, name) = (self.out.now(), self.out.replicas.name(broker));
        let address = self.out.connections[connection].client_address;
        let server = &mut self.name_servers[index as usize];
        // A new address takes the place of the old one in `brokerAddrTable` at once. The old one's entry in
        // `brokerLiveTable` runs out later, and takes away only entries with its own address: none is left.
        let known = server.brokers.insert(broker, Registration { connection, updated, broker_id, address });
        let new_address = known.is_none_or(|known| (known.broker_id, known.address) != (broker_id, address));
        self.out.see(Observation::BrokerRegistered { name_server: index, broker });
        let server = &mut self.name_servers[index as usize];
        let before = server.queue_data.get(&name).cloned();
        if broker_id == 0 {
            server.queue_data.insert(name, Rc::clone(&topics));
        }
        let after = server.queue_data.get(&name).cloned();
        if before != after {
            self.routes_changed(index, before.as_deref().map_or(&[], Vec::as_slice), &topics);
        } else if new_address {
            self.name_servers[index as usize].routes.clear();
        }
    }

    /// `deleteTopicInNameServer`, of every name server that runs.
    pub(super) fn forget_topic(&mut self, name: BrokerIndex, topic: TopicIndex) {
        for index in 0..self.out.plan.name_servers.len() as NameServerIndex {
            if !self.out.machines[self.out.name_server_host(index) as usize].running {
                continue;
            }
            let server = &mut self.name_servers[index as usize];
            let Some(before) = server.queue_data.get(&name).cloned() else { continue };
            let after: Rc<Vec<OnBroker>> = Rc::new(before.iter().filter(|entry| entry.0 != topic).copied().collect());
            server.queue_data.insert(name, Rc::clone(&after));
            self.routes_changed(index, &before, &after);
        }
    }

    fn unregister_broker(&mut self, index: NameServerIndex, broker: BrokerIndex) {
        let name = self.out.replicas.name(broker);
        let server = &mut self.name_servers[index as usize];
        if server.brokers.remove(&broker).is_none() {
            return;
        }
        server.routes.clear();
        self.out.see(Observation::BrokerUnregistered { name_server: index, broker });
        let server = &mut self.name_servers[index as usize];
        if self.out.replicas.brokers(name).iter().all(|other| !server.brokers.contains_key(other))
            && let Some(topics) = server.queue_data.remove(&name)
        {
            self.routes_changed(index, &topics, &[]);
        }
    }

    /// The name server will answer otherwise for the topics that a broker had before or has now.
    fn routes_changed(&mut self, index: NameServerIndex, before: &[OnBroker], after: &[OnBroker]) {
        self.name_servers[index as usize].routes.clear();
        let differs = |one: &[OnBroker], other: &[OnBroker]| -> Vec<TopicIndex> {
            one.iter().filter(|entry| !other.contains(entry)).map(|(topic, ..)| *topic).collect()
        };
        let topics: BTreeSet<TopicIndex> = differs(before, after).into_iter().chain(differs(after, before)).collect();
        for topic in topics {
            let route = self.route_of(index, topic);
            let view = route.map(|route| self.out.readable_queues(topic, &route));
            self.out.see(Observation::RouteToldChanged { name_server: index, topic, view });
        }
    }
}

impl Outside<'_> {
    /// The queues of a route that can be read, as a list.
    pub(super) fn readable_queues(&mut self, topic: TopicIndex, route: &[RouteEntry]) -> ViewId {
        let mut queues = Vec::new();
        for entry in route {
            for queue_id in 0..entry.read_queue_nums {
                queues.push(self.names.intern_queue(QueuePlace { topic, broker: entry.broker, queue_id }));
            }
        }
        self.views.queues(queues, &self.names)
    }
}
