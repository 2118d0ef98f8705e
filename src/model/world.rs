//! The world: all actors, the agenda, and the one loop that takes the next event and hands it to its actor.
//!
//! An event is handed to one handler of one actor (`happen`), which changes that actor and reaches others through
//! `network`. The handlers are methods of the world, so nothing but reading keeps them from looking further: some clients
//! look into a broker's log for what a message is, and a broker at its clients for who commits. What can be seen goes into
//! a buffer that the run drains after each event.

use super::broker::Broker;
use super::client::Client;
use super::crowd::{ALONE, Crowds};
use super::deployment::Deployment;
use super::event::{BrokerEvent, Event, TimelineEvent};
use super::host_disk::HostDisks;
use super::instances::Instances;
use super::marks::Marks;
use super::name_server::NameServer;
use super::names::Names;
use super::network::{AddressNumber, Calls, ConnectionId, Connections, Flights, HostId, Links, Request};
use super::observation::{Detail, Observation, Observed};
use super::plan::{
    BrokerIndex, ConsumerIndex, Environment, NameServerIndex, Plan, PlantedMistake, ProducerIndex, When,
};
use super::producer::Producer;
use super::replicas::Replicas;
use super::views::Views;
use crate::kernel::{Agenda, Instant, Occurrence, Span, Stream, Streams, Timer};
use std::collections::BTreeMap;

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
    pub channels: BTreeMap<HostId, ConnectionId>,
    /// Which of its addresses the host has now.
    pub address: AddressNumber,
    /// The addresses of brokers that a client's process was told by routes; others are known by name.
    pub known_addresses: BTreeMap<HostId, AddressNumber>,
    /// Calls that will still be slow because the process is fresh.
    pub cold_calls_left: [u32; Request::KINDS],
    /// How long a second of its start work takes.
    pub pace: Span,
    /// How far its wall clock is ahead of the true time, in nanoseconds; behind, where negative.
    pub clock_ahead: i64,
}

/// The wall clocks' time at the beginning of a run: far enough from zero for any jump.
const EPOCH: Span = Span::from_secs(10 * 365 * 86_400);

/// A cluster in the middle of a run.
pub struct World<'a> {
    pub(super) plan: &'a Plan,
    pub(super) names: Names,
    pub(super) streams: Streams,
    pub(super) agenda: Agenda<Event>,
    pub(super) seen: Vec<Observed>,
    pub(super) cause: u64,
    pub(super) links: Links,
    pub(super) disks: HostDisks,
    pub(super) marks: Marks,
    pub(super) replicas: Replicas,
    pub(super) connections: Connections,
    pub(super) flights: Flights,
    pub(super) calls: Calls,
    pub(super) machines: Vec<Machine>,
    /// How many machines' processes are paused.
    pub(super) paused: u32,
    pub(super) views: Views,
    pub(super) name_servers: Vec<NameServer>,
    pub(super) brokers: Vec<Broker>,
    pub(super) producers: Vec<Producer>,
    pub(super) clients: Vec<Client>,
    pub(super) instances: Instances,
    pub(super) deployments: Vec<Deployment>,
    /// Addresses given to hosts that came back elsewhere.
    pub(super) addresses_given: usize,
    pub(super) environment_stream: Stream,
    pub(super) crowds: Crowds,
    pub(super) plays_every_event: bool,
    watched_closely: bool,
}

impl<'a> World<'a> {
    /// The cluster of a plan at time zero: name servers and brokers are up, nothing has happened yet.
    #[must_use]
    pub fn new(plan: &'a Plan, seed: u64) -> Self {
        let streams = Streams::new(seed);
        let hosts = plan.name_servers.len() + plan.brokers.len() + plan.producers.len() + plan.consumers.len();
        let machine = |_| Machine {
            running: false,
            powered: true,
            paused: false,
            epoch: 0,
            deferred: Vec::new(),
            channels: BTreeMap::new(),
            address: 0,
            known_addresses: BTreeMap::new(),
            cold_calls_left: [0; Request::KINDS],
            pace: ALONE,
            clock_ahead: 0,
        };
        let mut world = Self {
            plan,
            names: Names::new(plan),
            streams,
            agenda: Agenda::default(),
            seen: Vec::new(),
            cause: 0,
            links: Links::new(streams),
            disks: HostDisks::new(plan),
            marks: Marks::default(),
            replicas: Replicas::of(plan),
            connections: Connections::default(),
            flights: Flights::default(),
            calls: Calls::default(),
            machines: (0..hosts).map(machine).collect(),
            paused: 0,
            views: Views::default(),
            name_servers: (0..plan.name_servers.len()).map(|_| NameServer::default()).collect(),
            brokers: (0..plan.brokers.len()).map(|_| Broker::default()).collect(),
            producers: Vec::new(),
            clients: Vec::new(),
            instances: Instances::of(plan),
            deployments: plan.deployments.iter().map(Deployment::new).collect(),
            addresses_given: 0,
            environment_stream: streams.stream("environment", 0),
            crowds: Crowds::default(),
            plays_every_event: false,
            watched_closely: false,
        };
        world.producers = (0..).zip(&plan.producers).map(|(index, p)| Producer::new(index, p, streams)).collect();
        world.clients = (0..)
            .zip(&plan.consumers)
            .map(|(index, c)| Client::new(index, c, &mut world.names, plan, streams))
            .collect();
        world.raise();
        world
    }

    /// Starts everything that runs from the beginning and puts the timeline on the agenda.
    fn raise(&mut self) {
        for index in 0..self.plan.brokers.len() as BrokerIndex {
            self.create_planned_queues(index);
            self.create_planned_groups(index);
        }
        for index in 0..self.plan.name_servers.len() as NameServerIndex {
            self.name_server_booted(index, 0);
        }
        for index in 0..self.plan.brokers.len() as BrokerIndex {
            let mut stream = self.streams.stream("broker start", index.into());
            match self.plan.brokers[index as usize].start.draw(&mut stream) {
                Span::ZERO => self.broker_booted(index, 0),
                boot => drop(self.after(boot, BrokerEvent::BrokerBooted.of(index, 0))),
            }
        }
        self.start_controller();
        for index in 0..self.plan.producers.len() as ProducerIndex {
            self.start_producer(index);
        }
        let streams = self.streams;
        let moments = When::resolve(&self.plan.timeline, |position, from, until| {
            let width = until.since(from).as_nanos();
            from + Span::from_nanos(streams.stream("timeline", position as u64).below(width.saturating_add(1)))
        });
        self.crowds = Crowds::of(&self.plan.timeline, &moments, &self.plan.environment, streams);
        for (step, at) in (0..).zip(moments) {
            self.agenda.schedule(at, TimelineEvent::StepDue { step }.into());
        }
    }

    /// Takes the next event up to `until` and lets it happen; `None` when there is none.
    pub fn step(&mut self, until: Instant) -> Option<Occurrence<Event>> {
        let occurrence = self.agenda.pop_until(until)?;
        self.cause = occurrence.cause;
        // Whom an event concerns is looked up only while somebody is paused.
        let host = if self.paused > 0 { self.host_of(&occurrence.event) } else { None };
        match host.map(|host| &mut self.machines[host as usize]) {
            Some(machine) if machine.paused => machine.deferred.push(occurrence.event),
            _ => self.happen(occurrence.event),
        }
        Some(occurrence)
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
        let shown = true_time + i128::from(self.machines[host as usize].clock_ahead);
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

    /// Texts behind the numbers.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Whether events follow from each other without an end while no time passes ([`Agenda::stands_still`]).
    #[must_use]
    pub fn stands_still(&self) -> bool {
        self.agenda.stands_still()
    }

    /// How many events wait now, and the most that ever did.
    #[must_use]
    pub fn pending(&self) -> (usize, usize) {
        (self.agenda.pending(), self.agenda.peak())
    }

    /// Hands over what was seen since the last time, together with the names that it speaks of.
    pub fn drain(&mut self) -> (std::vec::Drain<'_, Observed>, &Names) {
        (self.seen.drain(..), &self.names)
    }

    /// What was seen and is not forgotten yet, together with the names that it speaks of.
    #[must_use]
    pub fn seen(&self) -> (&[Observed], &Names) {
        (&self.seen, &self.names)
    }

    /// Forgets what was seen so far.
    #[inline]
    pub fn forget_seen(&mut self) {
        self.seen.clear();
    }

    /// Says what can be seen.
    pub(super) fn see(&mut self, what: Observation) {
        let observed = Observed { at: self.agenda.now(), sequence: self.agenda.current(), cause: self.cause, what };
        self.seen.push(observed);
    }

    /// From now on [`Detail`]s can be seen too. What happens stays the same.
    pub fn watch_closely(&mut self) {
        self.watched_closely = true;
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
}
