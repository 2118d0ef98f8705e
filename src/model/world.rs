//! The world: all actors, the agenda, and the one loop that takes the next event and hands it to its actor.
//!
//! ```text
//!   agenda --event--> one match (happen) --> handler of one actor: a client's process, a broker, a name server, a producer
//!     ^                                          |  changes itself alone
//!     |                                          v
//!     +--- after, network ---------------- Outside ---> observations, which the run reads after each event
//!                                          notices ---> the other actor's handler, within the same event
//! ```
//! A handler sees its actor and what is outside of it ([`Outside`]), and no other actor. What several actors do in one
//! step (a promotion, an operator's command, a process that ends) is the world's: it takes the steps, each a method of one.

use super::broker::Broker;
use super::concern::Concern;
use super::crowd::Crowds;
use super::deployment::Deployment;
use super::event::{BrokerEvent, Event, TimelineEvent};
use super::instance::ClientProcess;
use super::name_server::NameServer;
use super::names::Names;
use super::observation::Observed;
use super::outside::Outside;
use super::plan::{BrokerIndex, NameServerIndex, Plan, ProducerIndex, When};
use super::producer::Producer;
use super::proxy::Proxy;
use crate::kernel::{Instant, Occurrence, Span};

/// A cluster in the middle of a run.
pub struct World<'a> {
    pub(super) out: Outside<'a>,
    pub(super) name_servers: Vec<NameServer>,
    pub(super) brokers: Vec<Broker>,
    pub(super) producers: Vec<Producer>,
    pub(super) processes: Vec<ClientProcess>,
    pub(super) deployments: Vec<Deployment>,
    pub(super) proxies: Vec<Proxy>,
    /// What the last event was about; `None`: nobody wants to know.
    pub(super) concern: Option<Concern>,
}

impl<'a> World<'a> {
    /// The cluster of a plan at time zero: name servers and brokers are up, nothing has happened yet.
    #[must_use]
    pub fn new(plan: &'a Plan, seed: u64) -> Self {
        let mut out = Outside::new(plan, seed);
        let streams = out.streams;
        let producers =
            ProducerIndex::number(&plan.producers).map(|(index, p)| Producer::new(index, p, streams)).collect();
        let processes = ClientProcess::all(&mut out);
        let mut world = Self {
            out,
            name_servers: NameServerIndex::first(plan.name_servers.len()).map(NameServer::new).collect(),
            brokers: BrokerIndex::first(plan.brokers.len()).map(Broker::new).collect(),
            producers,
            processes,
            deployments: plan.deployments.iter().map(Deployment::new).collect(),
            proxies: Proxy::all(plan),
            concern: None,
        };
        world.raise();
        world
    }

    /// Starts everything that runs from the beginning and puts the timeline on the agenda.
    fn raise(&mut self) {
        for broker in &mut self.brokers {
            broker.create_planned_queues(&mut self.out);
            broker.create_planned_groups(&mut self.out);
        }
        for name_server in &mut self.name_servers {
            name_server.booted(&mut self.out, 0);
        }
        for index in BrokerIndex::first(self.out.plan.brokers.len()) {
            let mut stream = self.out.streams.stream("broker start", index.into());
            match self.out.plan.brokers[index.at()].start.draw(&mut stream) {
                Span::ZERO => self.broker_booted(index, 0),
                boot => drop(self.out.after(boot, BrokerEvent::BrokerBooted.of(index, 0))),
            }
        }
        // A proxy in a broker's process begins with that.
        for proxy in self.proxies.iter_mut().take(self.out.plan.proxies.len()) {
            proxy.booted(&mut self.out, 0);
        }
        self.out.start_controller();
        for index in ProducerIndex::first(self.out.plan.producers.len()) {
            self.producers[index.at()].start(&mut self.out);
        }
        let streams = self.out.streams;
        let moments = When::resolve(&self.out.plan.timeline, |position, from, until| {
            let width = until.since(from).as_nanos();
            from + Span::from_nanos(streams.stream("timeline", position as u64).below(width.saturating_add(1)))
        });
        self.out.crowds = Crowds::of(&self.out.plan.timeline, &moments, &self.out.plan.environment, streams);
        for (step, at) in (0..).zip(moments) {
            self.out.agenda.schedule(at, TimelineEvent::StepDue { step }.into());
        }
    }

    /// Takes the next event up to `until` and lets it happen; `None` when there is none.
    pub fn step(&mut self, until: Instant) -> Option<Occurrence<Event>> {
        let occurrence = self.out.agenda.pop_until(until)?;
        self.out.cause = occurrence.cause;
        if self.concern.is_some() {
            self.concern = Some(self.concern_of(&occurrence.event));
        }
        // Whom an event concerns is looked up only while somebody is paused.
        let host = if self.out.paused > 0 { self.out.host_of(&occurrence.event) } else { None };
        match host.map(|host| &mut self.out.machines[host.at()]) {
            Some(machine) if machine.paused => machine.deferred.push(occurrence.event),
            _ => self.happen(occurrence.event),
        }
        self.let_notices_arrive();
        Some(occurrence)
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.out.now()
    }

    /// Texts behind the numbers.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.out.names
    }

    /// Whether events follow from each other without an end while no time passes ([`crate::kernel::Agenda::stands_still`]).
    #[must_use]
    pub fn stands_still(&self) -> bool {
        self.out.agenda.stands_still()
    }

    /// How many events wait now, and the most that ever did.
    #[must_use]
    pub fn pending(&self) -> (usize, usize) {
        (self.out.agenda.pending(), self.out.agenda.peak())
    }

    /// Hands over what was seen since the last time, together with the names that it speaks of.
    pub fn drain(&mut self) -> (std::vec::Drain<'_, Observed>, &Names) {
        (self.out.seen.drain(..), &self.out.names)
    }

    /// What was seen and is not forgotten yet, together with the names that it speaks of.
    #[must_use]
    pub fn seen(&self) -> (&[Observed], &Names) {
        (&self.out.seen, &self.out.names)
    }

    /// Forgets what was seen so far.
    #[inline]
    pub fn forget_seen(&mut self) {
        self.out.seen.clear();
    }

    /// From now on [`Detail`](super::observation::Detail)s can be seen too. What happens stays the same.
    pub fn watch_closely(&mut self) {
        self.out.watched_closely = true;
    }
}
