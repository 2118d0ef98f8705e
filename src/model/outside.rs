//! All that an actor may reach beside itself.
//!
//! ```text
//!   actor --now, draw, names, plan--> Outside --see-----> observations, which the run drains
//!                                             --after---> agenda
//!                                             --call, one_way, respond, push--> network --> the other actor's event
//! ```
//! An actor changes itself. What it wants of others it says here, and they hear of it by an event or by an answer.

use super::controllers::Controller;
use super::crowd::{ALONE, Crowds};
use super::databases::Databases;
use super::dialing::{Dialer, Dialing};
use super::disk::{Configuration, HostDisks, Replica, Store};
use super::event::Event;
use super::event_loops::EventLoops;
use super::instances::Instances;
use super::marks::Marks;
use super::names::Names;
use super::network::{Calls, Connections, Flights, Links, Request};
use super::notice::Notice;
use super::observation::{Detail, Observation, Observed};
use super::passes::Passes;
use super::plan::{
    BrokerIndex, ConsumerIndex, Environment, GroupIndex, Host, NameServerIndex, Plan, PlantedMistake, ProducerIndex,
    ProxyIndex,
};
use super::registrations::Registrations;
use super::replicas::Replicas;
use super::server_table::ServerTable;
use super::views::Views;
use crate::kernel::{Agenda, Instant, Reserved, Span, Stream, Streams, Timer};
use crate::model::ids::{AddressNumber, ConnectionId, HostId};
use crate::offset::Keeper;
use std::collections::{BTreeMap, VecDeque};

/// What is true of a host whatever runs on it.
#[derive(Debug)]
pub(super) struct Machine {
    /// The process runs.
    pub running: bool,
    /// The machine has power: its kernel answers for a dead process.
    pub powered: bool,
    /// The process is stopped by a signal; what happens to it waits in `deferred`.
    pub paused: bool,
    /// How many lives the process had.
    pub epoch: u32,
    /// Events that wait for the process to be resumed.
    pub deferred: Vec<Event>,
    /// Connections it opened, by server.
    pub channels: ServerTable<ConnectionId>,
    /// Which of its addresses the host has now.
    pub address: AddressNumber,
    /// The addresses of brokers that a client's process was told by routes; others are known by name.
    pub known_addresses: ServerTable<AddressNumber>,
    /// Calls that will still be slow because the process is fresh.
    pub cold_calls_left: [u32; Request::KINDS],
    /// How long a second of its start work takes.
    pub pace: Span,
    /// Until when its calls are slow because all of the machine is busy with starts, and what one takes more on average.
    pub crowded: Option<(Instant, Span)>,
    /// The rebalance thread of a client's process has been woken and is not at work yet.
    pub rebalance_woken: bool,
    /// It has been woken too soon after its last rebalance, and sleeps until it may rebalance: woken again it would only go
    /// round its loop, and sleep for the rest.
    pub rebalance_rests: bool,
    /// What comes to it before that waits, but for messages and pulls.
    pub answers_from: Instant,
    /// How many notifications are on their way to it without an event, or in `heard`.
    pub news: u32,
    /// Those that have come, and nobody has said so yet.
    pub heard: Vec<(Reserved, BrokerIndex)>,
    /// How far its wall clock is ahead of the true time, in nanoseconds; behind, where negative.
    pub clock_ahead: i64,
}

impl Machine {
    fn new() -> Self {
        Self {
            running: false,
            powered: true,
            paused: false,
            epoch: 0,
            deferred: Vec::new(),
            channels: ServerTable::default(),
            address: AddressNumber::MIN,
            known_addresses: ServerTable::default(),
            cold_calls_left: [0; Request::KINDS],
            pace: ALONE,
            crowded: None,
            rebalance_woken: false,
            rebalance_rests: false,
            answers_from: Instant::ZERO,
            news: 0,
            heard: Vec::new(),
            clock_ahead: 0,
        }
    }
}

/// What each host is: name servers and brokers, producers, the processes of consumers, and proxies.
fn roles(plan: &Plan) -> Vec<Host> {
    let name_servers = NameServerIndex::first(plan.name_servers.len()).map(Host::NameServer);
    let brokers = BrokerIndex::first(plan.brokers.len()).map(Host::Broker);
    let producers = ProducerIndex::first(plan.producers.len()).map(Host::Producer);
    let consumers = ConsumerIndex::first(plan.consumers.len()).map(Host::Consumer);
    let proxies = ProxyIndex::first(plan.proxies.len()).map(Host::Proxy);
    name_servers.chain(brokers).chain(producers).chain(consumers).chain(proxies).collect()
}

/// The wall clocks' time at the beginning of a run: far enough from zero for any jump.
const EPOCH: Span = Span::from_secs(10 * 365 * 86_400);

/// What all actors share: time, chance, the network, and the names of things.
pub(super) struct Outside<'a> {
    pub plan: &'a Plan,
    pub names: Names,
    pub streams: Streams,
    pub agenda: Agenda<Event>,
    pub seen: Vec<Observed>,
    /// Insertion number of the event during which the current one was scheduled.
    pub cause: u64,
    pub links: Links,
    pub disks: HostDisks,
    pub databases: Databases,
    /// Where the members of each group find what is committed.
    pub keepers: Vec<Keeper>,
    pub marks: Marks,
    pub replicas: Replicas,
    /// The logs of brokers, by the broker that keeps them. What is in one never changes: who was told of a message may look
    /// there for what it is.
    pub logs: Vec<Store>,
    /// Somebody may look for a moment in them.
    pub keeps_times: bool,
    /// What each broker has of its master's log, and what is under way to it.
    pub copies: Vec<Replica>,
    /// What each broker has been told, as its disk has it; replicas go by their master's.
    pub configurations: Vec<Configuration>,
    pub controller: Controller,
    /// Which brokers each name server knows; only it changes that.
    pub registered: Vec<Registrations>,
    pub connections: Connections,
    pub flights: Flights,
    pub calls: Calls,
    /// By host: processes of the Go client that make a connection.
    pub dialing: BTreeMap<Dialer, Dialing>,
    pub machines: Vec<Machine>,
    /// What each host is.
    pub roles: Vec<Host>,
    /// How many machines' processes are paused.
    pub paused: u32,
    pub views: Views,
    pub instances: Instances,
    /// Which of [`Plan::releases`] each consumer runs; `None`: the first one, of [`Plan::consumers`].
    pub releases: Vec<Option<usize>>,
    /// Addresses given to hosts that came back elsewhere.
    pub addresses_given: usize,
    pub environment_stream: Stream,
    /// What actors told each other during this event, where no network lies between them.
    pub notices: VecDeque<Notice>,
    pub crowds: Crowds,
    pub passes: Passes,
    /// Of each broker, where they are measured.
    pub event_loops: EventLoops,
    pub plays_every_event: bool,
    pub watched_closely: bool,
}

impl<'a> Outside<'a> {
    /// What is there at time zero: machines on which nothing runs yet.
    pub fn new(plan: &'a Plan, seed: u64) -> Self {
        let streams = Streams::new(seed);
        let hosts = plan.name_servers.len() + plan.brokers.len() + plan.producers.len() + plan.consumers.len();
        let hosts = hosts + plan.proxies.len();
        Self {
            plan,
            names: Names::new(plan),
            streams,
            agenda: Agenda::default(),
            seen: Vec::new(),
            cause: 0,
            links: Links::new(streams),
            disks: HostDisks::new(plan),
            databases: Databases::default(),
            keepers: (0..plan.groups.len())
                .map(|group| plan.offset_store(GroupIndex::of(group)).store.keeper)
                .collect(),
            marks: Marks::default(),
            replicas: Replicas::of(plan),
            keeps_times: plan.looks_up_times(),
            logs: plan.brokers.iter().map(|_| Store::default()).collect(),
            copies: BrokerIndex::first(plan.brokers.len()).map(|broker| Replica::of(plan, broker)).collect(),
            configurations: plan.brokers.iter().map(|_| Configuration::default()).collect(),
            controller: Controller::of(plan),
            registered: plan.name_servers.iter().map(|_| Registrations::default()).collect(),
            connections: Connections::default(),
            flights: Flights::default(),
            calls: Calls::default(),
            dialing: BTreeMap::new(),
            machines: (0..hosts).map(|_| Machine::new()).collect(),
            roles: roles(plan),
            paused: 0,
            views: Views::default(),
            instances: Instances::of(plan),
            releases: vec![None; plan.consumers.len()],
            addresses_given: 0,
            environment_stream: streams.stream("environment", 0),
            notices: VecDeque::new(),
            crowds: Crowds::default(),
            passes: Passes::default(),
            event_loops: EventLoops::default(),
            plays_every_event: false,
            watched_closely: false,
        }
    }

    /// Whether this run breaks this rule on purpose.
    pub(super) fn planted(&self, mistake: PlantedMistake) -> bool {
        self.plan.planted == Some(mistake)
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.agenda.now()
    }

    /// `System.currentTimeMillis` of a host, to the nanosecond. Timers do not run by it, but ages are told by it.
    pub(super) fn wall_clock(&self, host: HostId) -> Instant {
        let true_time = i128::from(EPOCH.as_nanos()) + i128::from(self.now().as_nanos());
        let shown = true_time + i128::from(self.machines[host.at()].clock_ahead);
        // No clock shows a time before its zero, and none shows more than it can count.
        Instant::from_nanos(u64::try_from(shown.max(0)).unwrap_or(u64::MAX))
    }

    /// The wall clock of a consumer's machine.
    pub(super) fn client_clock(&self, consumer: ConsumerIndex) -> Instant {
        self.wall_clock(self.consumer_host(consumer))
    }

    /// The wall clock of a broker's machine.
    pub(super) fn broker_clock(&self, broker: BrokerIndex) -> Instant {
        self.wall_clock(self.broker_host(broker))
    }

    /// Says what can be seen.
    pub(super) fn see(&mut self, what: Observation) {
        let observed = Observed { at: self.agenda.now(), sequence: self.agenda.current(), cause: self.cause, what };
        self.seen.push(observed);
    }

    /// Says what only a run that is watched closely shows.
    pub(super) fn see_detail(&mut self, detail: Detail) {
        if self.watched_closely {
            self.see(Observation::Detail(detail));
        }
    }

    /// Puts an event on the agenda, `delay` from now.
    pub(super) fn after(&mut self, delay: Span, event: Event) -> Timer {
        self.agenda.schedule(self.agenda.now() + delay, event)
    }

    /// What belongs to machines.
    pub(super) fn environment(&self) -> &'a Environment {
        &self.plan.environment
    }

    /// Tells another actor something that it hears of when this handler has ended, within the same event.
    pub(super) fn tell(&mut self, notice: Notice) {
        self.notices.push_back(notice);
    }
}
