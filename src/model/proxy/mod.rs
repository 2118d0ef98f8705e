//! A proxy (`rocketmq-proxy`): clients that speak gRPC ask it, and it asks brokers for them. It stands in a broker's process
//! (`proxyMode = LOCAL`), and then asks that broker alone, without a network; or in a process of its own, and asks whoever
//! the route names.
//!
//! ```text
//!   client --Settings, Heartbeat--> clients.rs     who is there: in the broker's own member list, or in one of its own
//!          --QueryRoute, QueryAssignment--> routes.rs   a pure function of the route: nobody's coming or going counts
//!          --ReceiveMessage--> receive.rs --POP--> broker
//!          --Ack, ChangeInvisible--> result.rs --ACK, CHANGE--> broker
//!                                    handles.rs   what was received by whom, and renewed for them, if anybody starts that
//!   upstream.rs   how it reaches brokers: by a call, or within its process
//! ```
//! What it knows is in its memory, and ends with it: receipt handles are known to the proxy that served the receive.
//!
//! # What is left out
//!
//! - The remoting port of a proxy: POP is not served there, and of PULL it is a broker like any other.
//! - `HeartbeatSyncer`: that proxies tell each other of clients takes no time, and their settings are known to all of them.
//!   A proxy that comes back alone knows nobody before a client sends its settings again.
//! - Slaves: a route names masters, and where none is known the proxy asks the first broker of the name.
//! - `enableBatchAck`, quotas, ACLs, thread pools of the proxy and what they cost; the cache of group configurations.

mod clients;
mod handles;
mod receive;
mod result;
mod routes;
#[cfg(test)]
mod tests;
mod upstream;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::kernel::Instant;
use crate::model::event::ProxyEvent;
use crate::model::ids::{ConnectionId, HostId};
use crate::model::network::{CallError, CallId, GrpcRequest, GrpcResponse, Response, SubscriptionData};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, Plan, ProxyIndex, ProxySettings};
use clients::Client;
use handles::{Handle, HandleKey};
use routes::Routes;
use upstream::Task;

/// Where a proxy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    /// In the process of this broker.
    Local(BrokerIndex),
    /// In a process of its own.
    Cluster,
}

/// A proxy.
#[derive(Debug)]
pub(super) struct Proxy {
    index: ProxyIndex,
    site: Site,
    /// Which life of its process the memory is of.
    life: u32,
    memory: Memory,
}

/// What ends with the process.
#[derive(Debug, Default)]
struct Memory {
    /// When it was first asked anything, which its timers count from.
    began: Instant,
    clients: BTreeMap<ConsumerIndex, Client>,
    /// Settings of clients that another proxy was sent.
    synced: BTreeMap<ConsumerIndex, Rc<Vec<SubscriptionData>>>,
    handles: BTreeMap<HandleKey, Handle>,
    /// Handles that a local proxy gave back with the start of the old one, where that is another.
    astray: BTreeSet<(HandleKey, Instant)>,
    routes: Routes,
    /// What waits for brokers and name servers, by number.
    tasks: BTreeMap<u32, Task>,
    last_task: u32,
    /// What stands for the way to its own broker.
    in_process: Option<ConnectionId>,
    scans_handles: bool,
    scans_clients: bool,
    /// Round robin over brokers, where the named one is not known.
    next_broker: usize,
    name_server: (u16, bool),
}

impl Proxy {
    /// The proxies of a plan: those that it names, or one in each broker; none where nobody speaks gRPC.
    pub fn all(plan: &Plan) -> Vec<Self> {
        let new = |index, site| Self { index, site, life: 0, memory: Memory::default() };
        if !plan.speaks_grpc() {
            return Vec::new();
        }
        match plan.proxies.is_empty() {
            true => BrokerIndex::first(plan.brokers.len())
                .map(|broker| new(ProxyIndex::of(broker.at()), Site::Local(broker)))
                .collect(),
            false => ProxyIndex::first(plan.proxies.len()).map(|index| new(index, Site::Cluster)).collect(),
        }
    }

    fn settings<'a>(&self, out: &Outside<'a>) -> &'a ProxySettings {
        match self.site {
            Site::Local(_) => &out.plan.local_proxy,
            Site::Cluster => &out.plan.proxies[self.index.at()].settings,
        }
    }

    fn host(&self, out: &Outside<'_>) -> HostId {
        out.proxy_host(self.index)
    }

    /// The wall clock of its machine.
    fn clock(&self, out: &Outside<'_>) -> Instant {
        out.wall_clock(self.host(out))
    }

    /// Whether this life of its process still goes on; what a former one knew is forgotten.
    fn lives(&mut self, out: &Outside<'_>) -> u32 {
        let epoch = out.epoch(self.host(out));
        if self.life != epoch || self.memory.last_task == 0 {
            let began = if epoch == 0 { Instant::ZERO } else { out.now() };
            let name_server = (self.index.at() % out.plan.name_servers.len()) as u16;
            self.memory = Memory { began, last_task: 1, name_server: (name_server, false), ..Memory::default() };
            self.life = epoch;
        }
        epoch
    }

    /// A proxy of its own boots, unless another life of it has begun.
    pub fn booted(&mut self, out: &mut Outside<'_>, epoch: u32) {
        let host = self.host(out);
        let machine = &mut out.machines[host.at()];
        if machine.running || machine.epoch != epoch {
            return;
        }
        (machine.running, machine.powered) = (true, true);
        self.lives(out);
        out.see(Observation::ProxyUp { proxy: self.index });
    }

    /// Its process is gone.
    pub fn ended(&mut self, out: &mut Outside<'_>) {
        let mut counts: BTreeMap<ConsumerIndex, u32> = BTreeMap::new();
        self.memory.handles.keys().for_each(|key| *counts.entry(key.consumer).or_default() += 1);
        self.memory = Memory::default();
        let proxy = self.index;
        out.see(Observation::ProxyDown { proxy });
        for (consumer, count) in counts {
            out.see(Observation::HandlesLost { proxy, consumer, count });
        }
    }

    /// Something happens to this proxy, planned in its life `epoch`.
    pub fn event(&mut self, out: &mut Outside<'_>, epoch: u32, what: ProxyEvent) {
        if what == ProxyEvent::ProxyBooted {
            return self.booted(out, epoch);
        }
        if !out.proxy_lives(self.index, epoch) || self.lives(out) != epoch {
            return;
        }
        match what {
            ProxyEvent::ProxyBooted => {}
            ProxyEvent::HandlesScanned => self.scan_handles(out),
            ProxyEvent::ClientsScanned => self.scan_clients(out),
        }
    }

    /// A client asks.
    pub fn request(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: Option<CallId>,
        request: GrpcRequest,
    ) {
        self.lives(out);
        match request {
            GrpcRequest::Settings { group, client, subscriptions } => {
                self.take_settings(out, (connection, call), group, client, subscriptions);
            }
            GrpcRequest::Heartbeat { group, client } => self.take_heartbeat(out, (connection, call), group, client),
            GrpcRequest::NotifyTermination { group } => self.client_ends(out, (connection, call), group),
            GrpcRequest::QueryRoute { topic } => self.query_route(out, (connection, call), topic),
            GrpcRequest::QueryAssignment { group, topic } => {
                self.query_assignment(out, (connection, call), group, topic);
            }
            GrpcRequest::Receive(receive) => self.receive(out, (connection, call), receive),
            GrpcRequest::Ack { group, handle } => self.acknowledge(out, (connection, call), group, handle),
            GrpcRequest::ChangeInvisible { group, handle, invisible } => {
                self.change_invisible(out, (connection, call), (group, handle), invisible);
            }
            GrpcRequest::ToDeadLetterQueue { group, handle, life } => {
                self.forward_to_dead_letter_queue(out, (connection, call), (group, handle), life);
            }
        }
    }

    /// A broker or a name server answered, or did not.
    pub fn answered(&mut self, out: &mut Outside<'_>, (epoch, task): (u32, u32), answer: Result<Response, CallError>) {
        if self.lives(out) != epoch {
            return;
        }
        let Some(task) = self.memory.tasks.remove(&task) else { return };
        match task {
            Task::Route { topic } => self.route_answered(out, topic, answer),
            Task::Receive(receiving) => self.pop_answered(out, receiving, answer),
            Task::Ack { to } => self.ack_answered(out, to, &answer),
            Task::Change { to, key, old } => self.change_answered(out, to, (key, old), &answer),
            Task::DeadLetter { to, consumer, group, handle } => {
                self.dead_letter_answered(out, to, consumer, (group, handle), &answer);
            }
            Task::Renew { key } => self.renew_answered(out, key, &answer),
            Task::Nobody => {}
        }
    }

    fn respond(&self, out: &mut Outside<'_>, (connection, call): Asker, response: GrpcResponse) {
        out.respond(connection, call, Response::Grpc(response));
    }

    /// Which consumer of the plan asks.
    fn client_of(out: &Outside<'_>, (connection, _): Asker, group: GroupIndex) -> Option<ConsumerIndex> {
        out.consumer_of(connection, group)
    }
}

/// Who asks, and for which call.
type Asker = (ConnectionId, Option<CallId>);

impl Outside<'_> {
    /// The host of a proxy: its own, or that of the broker whose process has it.
    pub(in crate::model) fn proxy_host(&self, proxy: ProxyIndex) -> HostId {
        if self.plan.proxies.is_empty() {
            return self.broker_host(BrokerIndex::of(proxy.at()));
        }
        let before = self.plan.name_servers.len() + self.plan.brokers.len() + self.plan.producers.len();
        HostId::of(before + self.plan.consumers.len() + proxy.at())
    }

    /// Whether this life of a proxy's process still goes on.
    pub(in crate::model) fn proxy_lives(&self, proxy: ProxyIndex, epoch: u32) -> bool {
        let machine = &self.machines[self.proxy_host(proxy).at()];
        machine.running && machine.epoch == epoch
    }

    /// Whether a client on a host speaks gRPC.
    pub(in crate::model) fn speaks_grpc(&self, client: HostId) -> bool {
        use crate::model::plan::Host;
        matches!(self.role(client), Host::Consumer(consumer) if self.planned(consumer).client.grpc.is_some())
    }
}
