//! A name server: which broker has which queues of a topic (`RouteInfoManager.registerBroker`,
//! `RouteInfoManager.pickupTopicRouteData`).
//!
//! Which brokers it knows stands outside of it ([`Registrations`](super::registrations::Registrations)), for brokers that ask it every second.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::kernel::Span;
use crate::model::disk::{AUTO_CREATED_QUEUES, OpenTopic};
use crate::model::event::{ChannelEnd, NameServerEvent};
use crate::model::ids::ConnectionId;
use crate::model::ids::ViewId;
use crate::model::names::QueuePlace;
use crate::model::network::{CallId, Request, Response, Route, RouteEntry};
use crate::model::observation::{Detail, Observation};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, Host, NameServerIndex, NameServerSettings, PlantedMistake, TopicIndex};
use crate::model::registrations::Registration;
use crate::model::replicas::Addresses;

/// The memory of one name server; lost when it restarts.
#[derive(Debug)]
pub(super) struct NameServer {
    /// Which name server of the plan this is.
    index: NameServerIndex,
    /// `topicQueueTable` by broker name: what its master registered last. It stays while any broker of the name is left.
    queue_data: BTreeMap<BrokerIndex, Rc<Vec<OpenTopic>>>,
    /// Answers given before, until a registration changes something.
    routes: BTreeMap<TopicIndex, Option<Route>>,
}

impl NameServer {
    /// A name server that knows nothing yet.
    pub fn new(index: NameServerIndex) -> Self {
        Self { index, queue_data: BTreeMap::new(), routes: BTreeMap::new() }
    }

    fn settings<'a>(&self, out: &Outside<'a>) -> &'a NameServerSettings {
        &out.plan.name_servers[self.index.at()].settings
    }

    /// Something happens to this name server, planned in its life `epoch`.
    pub fn event(&mut self, out: &mut Outside<'_>, epoch: u32, what: NameServerEvent) {
        match what {
            NameServerEvent::NameServerBooted => self.booted(out, epoch),
            NameServerEvent::NameServerScanned => self.scanned(out, epoch),
        }
    }

    /// The name server accepts connections; it knows nothing yet.
    pub fn booted(&mut self, out: &mut Outside<'_>, epoch: u32) {
        let host = out.name_server_host(self.index);
        let machine = &mut out.machines[host.at()];
        if machine.running || machine.epoch != epoch {
            return;
        }
        machine.running = true;
        *self = Self::new(self.index);
        out.registered[self.index.at()].clear();
        out.see(Observation::NameServerUp { name_server: self.index });
        let settings = self.settings(out);
        self.scan_later(out, epoch, settings.first_scan.unwrap_or(settings.scan_not_active_broker_interval));
    }

    fn scan_later(&self, out: &mut Outside<'_>, epoch: u32, after: Span) {
        out.after(after, NameServerEvent::NameServerScanned.of(self.index, epoch));
    }

    /// Drops brokers that have not registered for too long.
    fn scanned(&mut self, out: &mut Outside<'_>, epoch: u32) {
        let machine = &out.machines[out.name_server_host(self.index).at()];
        if !machine.running || machine.epoch != epoch {
            return;
        }
        let (now, ordinary) = (out.now(), self.settings(out).broker_channel_expired_time);
        // A broker says with its registration how long to wait for it, where it sends signs of life.
        let early = out.planted(PlantedMistake::NameServerExpiresEarly);
        let ordinary = if early { Span::from_nanos(ordinary.as_nanos() / 2) } else { ordinary };
        let expiry = |broker: BrokerIndex| {
            let own = &out.plan.brokers[broker.at()].settings;
            if own.enable_slave_acting_master { own.broker_not_active_timeout_millis } else { ordinary }
        };
        let silent: Vec<(BrokerIndex, ConnectionId)> = (out.registered[self.index.at()].iter())
            .filter(|(broker, registration)| now.since(registration.updated) > expiry(**broker))
            .filter(|_| !out.planted(PlantedMistake::NameServerNeverExpires))
            .map(|(&broker, registration)| (broker, registration.connection))
            .collect();
        for (broker, connection) in silent {
            out.see_detail(Detail::BrokerExpires { name_server: self.index, broker });
            if out.close_server_end(connection, ChannelEnd::Expired) {
                self.channel_ended(out, connection);
            }
            self.unregister_broker(out, broker);
        }
        self.scan_later(out, epoch, self.settings(out).scan_not_active_broker_interval);
    }

    /// A request reaches the name server.
    pub fn request(&mut self, out: &mut Outside<'_>, connection: ConnectionId, call: Option<CallId>, request: Request) {
        let asker = out.role(out.connections[connection].client);
        let answer = match (request, asker) {
            (Request::GetRoute { topic }, _) => Response::Route(self.route(out, topic)),
            (Request::GetDefaultRoute, _) => {
                let route = self.default_route(out);
                Response::Route((!route.is_empty()).then_some(route))
            }
            (Request::RegisterBroker { broker_id, topics }, Host::Broker(broker)) => {
                self.broker_registers(out, (broker, connection), broker_id, topics);
                Response::Done
            }
            (Request::BrokerHeartbeat, _) => {
                let now = out.now();
                let known = out.registered[self.index.at()].values_mut();
                for registration in known.filter(|known| known.connection == connection) {
                    registration.updated = now;
                }
                return;
            }
            (Request::UnregisterBroker, Host::Broker(broker)) => {
                // `unRegisterBroker` takes away what has the caller's address, and not its successor's.
                let (known, from) = (out.registered[self.index.at()].get(&broker), &out.connections[connection]);
                if known.is_none_or(|known| known.address == from.client_address) {
                    self.unregister_broker(out, broker);
                }
                Response::Done
            }
            _ => Response::Refused,
        };
        out.respond(connection, call, answer);
    }

    /// A connection to the name server ended: a broker that registered on it is unregistered at once.
    pub fn channel_ended(&mut self, out: &mut Outside<'_>, connection: ConnectionId) {
        let gone = out.registered[self.index.at()].iter().find(|(_, known)| known.connection == connection);
        if let Some((&broker, _)) = gone {
            out.see_detail(Detail::BrokerChannelEnded { name_server: self.index, broker });
            if !out.planted(PlantedMistake::BrokerCloseUnheard) {
                self.unregister_broker(out, broker);
            }
        }
    }

    /// The queues of a topic, in order of the broker names; `None`: `TOPIC_NOT_EXIST`.
    fn route(&mut self, out: &Outside<'_>, topic: TopicIndex) -> Option<Route> {
        if let Some(route) = self.routes.get(&topic) {
            return route.clone();
        }
        let supported = self.settings(out).support_acting_master;
        let mut entries: Vec<RouteEntry> = Vec::new();
        for (&name, topics) in &self.queue_data {
            let addresses = self.addresses(out, name);
            let acting = out.plan.brokers[name.at()].settings.enable_slave_acting_master;
            for &OpenTopic { read, write, .. } in topics.iter().filter(|known| known.topic == topic) {
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
        entries.sort_by(|a, b| out.names.broker(a.broker).cmp(out.names.broker(b.broker)));
        let route = (!entries.is_empty()).then(|| Rc::new(entries));
        self.routes.insert(topic, route.clone());
        route
    }

    /// Whether a broker is registered with a topic.
    pub fn tells(&self, topic: TopicIndex, name: BrokerIndex) -> bool {
        self.queue_data.get(&name).is_some_and(|topics| topics.iter().any(|known| known.topic == topic))
    }

    /// The route of `TBW102`: brokers that make topics by themselves, each with so many queues for a new one.
    fn default_route(&self, out: &Outside<'_>) -> Route {
        let entry = |&name: &BrokerIndex| RouteEntry {
            broker: name,
            read_queue_nums: AUTO_CREATED_QUEUES,
            write_queue_nums: AUTO_CREATED_QUEUES,
            addresses: self.addresses(out, name),
        };
        let makes = |name: &&BrokerIndex| out.plan.brokers[name.at()].settings.auto_create_topic_enable;
        let mut entries: Vec<RouteEntry> = self.queue_data.keys().filter(makes).map(entry).collect();
        entries.sort_by(|a, b| out.names.broker(a.broker).cmp(out.names.broker(b.broker)));
        Rc::new(entries)
    }

    /// The addresses of a name that are registered. Of two masters the one with the higher epoch counts
    /// (`registerBroker`: "Registering Broker conflicts with the existed one").
    fn addresses(&self, out: &Outside<'_>, name: BrokerIndex) -> Addresses {
        let (known, keeper) = (&out.registered[self.index.at()], out.replicas.keeper(name));
        let mut addresses = Addresses::default();
        for broker in out.replicas.brokers(name) {
            if let Some(registration) = known.get(broker)
                && (registration.broker_id > 0 || addresses.master() != Some(keeper))
            {
                addresses.put(registration.broker_id, *broker, registration.address);
            }
        }
        addresses
    }

    /// `registerBroker`: a master brings its topics, a slave its address.
    fn broker_registers(
        &mut self,
        out: &mut Outside<'_>,
        (broker, connection): (BrokerIndex, ConnectionId),
        broker_id: u32,
        topics: Rc<Vec<OpenTopic>>,
    ) {
        let (updated, name) = (out.now(), out.replicas.name(broker));
        let address = out.connections[connection].client_address;
        // A new address takes the place of the old one in `brokerAddrTable` at once. The old one's entry in
        // `brokerLiveTable` runs out later, and takes away only entries with its own address: none is left.
        let registration = Registration { connection, updated, broker_id, address };
        let known = out.registered[self.index.at()].insert(broker, registration);
        let new_address = known.is_none_or(|known| (known.broker_id, known.address) != (broker_id, address));
        out.see(Observation::BrokerRegistered { name_server: self.index, broker });
        let before = self.queue_data.get(&name).cloned();
        if broker_id == 0 {
            self.queue_data.insert(name, Rc::clone(&topics));
        }
        if before.as_ref() != self.queue_data.get(&name) {
            self.routes_changed(out, before.as_deref().map_or(&[], Vec::as_slice), &topics);
        } else if new_address {
            self.routes.clear();
        }
    }

    /// `deleteTopicInNameServer`, if it runs.
    pub fn forget_topic(&mut self, out: &mut Outside<'_>, name: BrokerIndex, topic: TopicIndex) {
        if !out.machines[out.name_server_host(self.index).at()].running {
            return;
        }
        let Some(before) = self.queue_data.get(&name).cloned() else { return };
        let after: Rc<Vec<OpenTopic>> = Rc::new(before.iter().filter(|entry| entry.topic != topic).copied().collect());
        self.queue_data.insert(name, Rc::clone(&after));
        self.routes_changed(out, &before, &after);
    }

    fn unregister_broker(&mut self, out: &mut Outside<'_>, broker: BrokerIndex) {
        let registered = &mut out.registered[self.index.at()];
        if registered.remove(&broker).is_none() {
            return;
        }
        self.routes.clear();
        let name = out.replicas.name(broker);
        let left = out.replicas.brokers(name).iter().any(|other| registered.contains_key(other));
        out.see(Observation::BrokerUnregistered { name_server: self.index, broker });
        if !left && let Some(topics) = self.queue_data.remove(&name) {
            self.routes_changed(out, &topics, &[]);
        }
    }

    /// The name server will answer otherwise for the topics that a broker had before or has now.
    fn routes_changed(&mut self, out: &mut Outside<'_>, before: &[OpenTopic], after: &[OpenTopic]) {
        self.routes.clear();
        let differs = |one: &[OpenTopic], other: &[OpenTopic]| -> Vec<TopicIndex> {
            one.iter().filter(|entry| !other.contains(entry)).map(|entry| entry.topic).collect()
        };
        let topics: BTreeSet<TopicIndex> = differs(before, after).into_iter().chain(differs(after, before)).collect();
        for topic in topics {
            let view = self.route(out, topic).map(|route| out.readable_queues(topic, &route));
            out.see(Observation::RouteToldChanged { name_server: self.index, topic, view });
        }
    }
}

impl Outside<'_> {
    /// The queues of a route that can be read, as a list.
    pub(super) fn readable_queues(&mut self, topic: TopicIndex, route: &[RouteEntry]) -> ViewId {
        let mut queues = Vec::new();
        for entry in route {
            let places =
                (0..entry.read_queue_nums).map(|queue_id| QueuePlace { topic, broker: entry.broker, queue_id });
            queues.extend(places.scan(None, |last, place| {
                *last = Some(self.names.intern_queue_after(*last, place));
                *last
            }));
        }
        self.views.queues(queues, &self.names)
    }
}
