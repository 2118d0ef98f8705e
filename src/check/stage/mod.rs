//! What every check needs to know about the moment: who lives, who owns what, and since when.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Key;
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{ClientIndex, End, Kinds, Observation, Observed, QueueIndex, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, Plan, PlantedMistake};
use crate::offset::KnownStore;

mod audiences;
mod hidden;
mod lives;
mod parts;
mod popped;
mod questions;
mod reach;
mod routes;
mod tags;

use hidden::HiddenQueues;
pub(super) use parts::Tenure;
pub use parts::{Beginning, Holding, Seat, Stretch};
use parts::{Tenancy, audiences_of_topic, differing_strategies, mixed_groups, offset_stores, orderly_audiences};
use popped::PoppedTopics;
use reach::Reach;
use routes::Routes;
pub(super) use tags::FilteredBy;
use tags::Tags;

use super::OwnerState;
use super::evidence::{GoClients, Lists, Looks};
use super::keyed::Keyed;
use super::timers::Timers;

/// Ownership counts as settled after so long without a hole or an overlap.
const SETTLED: Span = Span::from_secs(2);

/// Everything at this moment.
#[derive(Debug)]
pub struct Stage {
    seats: Vec<Seat>,
    audiences_of_topic: Vec<Vec<AudienceIndex>>,
    audience_started: Vec<Option<Instant>>,
    orderly: Vec<bool>,
    /// Queues of topics that are not `%RETRY%`: only they count for settling.
    normal: Keyed<()>,
    tenancies: BTreeMap<Key, Tenancy>,
    /// Queues that exist at their brokers, and not only in somebody's route.
    made: BTreeMap<QueueIndex, Instant>,
    open: BTreeMap<(Key, ConsumerIndex), (Instant, OwnerState, ClientIndex)>,
    /// Those who have a queue open: what is asked for every message.
    holders: Keyed<Vec<ConsumerIndex>>,
    holdings: Vec<Holding>,
    /// The broker of each queue.
    homes: Vec<BrokerIndex>,
    unowned: BTreeMap<Key, Vec<Stretch>>,
    several: BTreeMap<Key, Vec<Stretch>>,
    unsettled: usize,
    duplicates: Vec<ClientIndex>,
    settled_since: Option<Instant>,
    first_settled: Option<Instant>,
    broker_up: Vec<Option<Instant>>,
    broker_down: Vec<Vec<(Instant, Option<Instant>)>>,
    steps: Vec<Option<Instant>>,
    /// How many of them took place.
    taken: u32,
    labels: Vec<String>,
    pub(super) routes: Routes,
    /// Broker names with slaves.
    replicated: BTreeSet<BrokerIndex>,
    tags: Tags,
    hidden: HiddenQueues,
    popped: PoppedTopics,
    now: Instant,
    /// The audience of each consumer.
    audiences: Vec<AudienceIndex>,
    reach: Reach,
    /// Whom brokers listed, and what rebalances acted on.
    pub(super) lists: Lists,
    pub(super) looks: Looks,
    pub(super) go_clients: GoClients,
    /// How the last process under a client id ended.
    ended_as: BTreeMap<(GroupIndex, ClientIndex), End>,
    /// Names of strategies by their number.
    strategies: Vec<String>,
    /// Who had which queue in his table, from when until when.
    tenures: BTreeMap<Key, Vec<Tenure>>,
    /// `BROADCASTING` members that do not run: nobody misses their queues.
    absent: BTreeSet<AudienceIndex>,
    /// Stretches in which nobody of an audience runs since a `start()` threw.
    failed: BTreeMap<AudienceIndex, Vec<(Instant, Option<Instant>)>>,
    /// The machine of each consumer.
    machines: Vec<String>,
    /// Groups with members of both message models.
    mixed: BTreeSet<GroupIndex>,
    /// Groups with members of different strategies, in some release.
    strategies_differ: BTreeSet<GroupIndex>,
    /// The offset store of each audience.
    stores: Vec<&'static KnownStore>,
    planted: Option<PlantedMistake>,
    timers: Timers,
}

impl Stage {
    /// Before anything has happened.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let timers = Timers::new(plan);
        let names = Names::new(plan);
        Self {
            seats: vec![Seat::default(); plan.consumers.len()],
            audiences_of_topic: audiences_of_topic(plan, &names),
            audience_started: vec![None; names.audience_count()],
            orderly: orderly_audiences(plan, &names),
            normal: Keyed::default(),
            tenancies: BTreeMap::new(),
            made: BTreeMap::new(),
            open: BTreeMap::new(),
            holders: Keyed::default(),
            holdings: Vec::new(),
            homes: Vec::new(),
            unowned: BTreeMap::new(),
            several: BTreeMap::new(),
            unsettled: 0,
            duplicates: Vec::new(),
            settled_since: None,
            first_settled: None,
            broker_up: vec![None; plan.brokers.len()],
            broker_down: vec![Vec::new(); plan.brokers.len()],
            steps: vec![None; plan.timeline.len()],
            taken: 0,
            labels: plan.timeline.iter().map(|step| step.label.clone()).collect(),
            routes: Routes::default(),
            replicated: plan.brokers.iter().filter_map(|broker| broker.slave_of).collect(),
            tags: Tags::default(),
            hidden: HiddenQueues::default(),
            popped: PoppedTopics::default(),
            now: Instant::ZERO,
            audiences: (0..plan.consumers.len())
                .map(|consumer| names.audience_of(ConsumerIndex::of(consumer)))
                .collect(),
            reach: Reach::default(),
            lists: Lists::new(timers.heartbeats),
            looks: Looks::new(timers.one_round),
            go_clients: GoClients::new(plan),
            ended_as: BTreeMap::new(),
            strategies: plan
                .consumers
                .iter()
                .chain(&plan.releases)
                .map(|consumer| consumer.consumer.allocate_message_queue_strategy.name())
                .collect(),
            tenures: BTreeMap::new(),
            absent: AudienceIndex::first(names.audience_count())
                .filter(|&audience| names.is_one_member(audience))
                .collect(),
            failed: BTreeMap::new(),
            machines: plan.consumers.iter().map(|consumer| consumer.machine.clone()).collect(),
            mixed: mixed_groups(plan),
            strategies_differ: differing_strategies(plan),
            stores: offset_stores(plan, &names),
            planted: plan.planted,
            timers,
        }
    }

    /// The offset store of a group; of a `BROADCASTING` member it is its own file.
    pub fn offset_store(&self, audience: AudienceIndex) -> &'static KnownStore {
        self.stores[audience.at()]
    }

    /// What it reads, and its parts.
    pub(super) const READS: Kinds =
        kinds![StepTaken, BrokerUp, BrokerDown, QueueCreated, QueueTaken, StartedAt, QueueReleased]
            .and(kinds![ConsumerStarting, ConsumerEnded, ConsumerPaused, ConsumerResumed, ConsumerCutOff])
            .and(Routes::READS.and(Tags::READS).and(HiddenQueues::READS).and(PoppedTopics::READS))
            .and(Reach::READS.and(Lists::READS).and(Looks::READS).and(GoClients::READS));

    /// Time has come so far, and there are these queues: so much of every observation counts.
    #[inline]
    pub fn move_on(&mut self, at: Instant, names: &Names) {
        self.now = at;
        if self.homes.len() < names.queue_count() {
            self.find_homes(names);
        }
    }

    #[cold]
    fn find_homes(&mut self, names: &Names) {
        for queue in self.homes.len()..names.queue_count() {
            self.homes.push(names.queue(QueueIndex::of(queue)).broker);
        }
    }

    /// Takes in one observation of those that it reads.
    #[inline]
    pub fn observe(&mut self, seen: &Observed, names: &Names) {
        match seen.what {
            // There are more of these than of all others together.
            Observation::Stored { queue, offset, .. } => self.tags.stored(queue, offset),
            // So there are where a thousand members are told of each other.
            Observation::Notified { .. } => self.looks.observe(seen),
            _ => self.take_in(seen, names),
        }
    }

    fn take_in(&mut self, seen: &Observed, names: &Names) {
        self.routes.observe(seen);
        self.tags.observe(seen.at, &seen.what);
        self.hidden.observe(seen, names);
        if let Observation::QueuesOpened { broker, topic, .. } = seen.what {
            self.shown_changed((broker, topic), names);
        }
        self.reach.observe(seen);
        self.lists.observe(seen);
        self.looks.observe(seen);
        self.hear_of_pops(&seen.what, names);
        self.go_clients.observe(seen);
        match seen.what {
            Observation::StepTaken { step } => {
                self.steps[step as usize] = Some(seen.at);
                self.taken += 1;
            }
            Observation::BrokerUp { broker } => {
                let downs = &mut self.broker_down[broker.at()];
                if self.broker_up[broker.at()].is_none() && downs.is_empty() && seen.at > Instant::ZERO {
                    // It comes late: until now nobody could own its queues.
                    downs.push((Instant::ZERO, None));
                }
                self.broker_up[broker.at()] = Some(seen.at);
                if let Some((_, until)) = self.broker_down[broker.at()].last_mut() {
                    *until = Some(seen.at);
                }
            }
            Observation::BrokerDown { broker, .. } => self.broker_down[broker.at()].push((seen.at, None)),
            Observation::QueueCreated { queue } => self.queue_created(queue, names),
            Observation::QueueTaken { consumer, queue, offset } => {
                let key = Key::of(consumer, queue, names);
                self.tenancies.entry(key).or_default().holders.push(consumer);
                let tenure = Tenure { consumer, from: seen.at, until: None, start: offset };
                self.tenures.entry(key).or_default().push(tenure);
                self.open_holding(key, consumer);
                self.recount(key, Beginning::NeverOwned, Some(consumer));
            }
            Observation::StartedAt { consumer, queue, offset, .. } => {
                let key = Key::of(consumer, queue, names);
                let open = |tenure: &&mut Tenure| tenure.consumer == consumer && tenure.until.is_none();
                if let Some(tenure) = self.tenures.get_mut(&key).and_then(|all| all.iter_mut().rev().find(open)) {
                    tenure.start = offset;
                }
            }
            Observation::QueueReleased { consumer, queue, release } => {
                let key = Key::of(consumer, queue, names);
                self.vacate(key, consumer, Beginning::Released(consumer, release));
            }
            ref what => self.hear_of_lives(what, names),
        }
    }

    fn open_holding(&mut self, key: Key, consumer: ConsumerIndex) {
        let state = if self.serves(key, consumer) { OwnerState::Live } else { OwnerState::Zombie };
        let client = self.seats[consumer.at()].client;
        // What ended at this moment and goes on as it was is one row.
        let now = self.now;
        let same = |row: &Holding| (row.key, row.consumer, row.client, row.state) == (key, consumer, client, state);
        let just = self.holdings.iter().rposition(|row| row.until < now).map_or(0, |before| before + 1);
        let before = self.holdings[just..].iter().position(same).map(|at| self.holdings.remove(just + at).from);
        if self.open.insert((key, consumer), (before.unwrap_or(now), state, client)).is_none() {
            self.holders.of(key).push(consumer);
        }
    }

    fn close_holding(&mut self, key: Key, consumer: ConsumerIndex) {
        let Some((from, state, client)) = self.open.remove(&(key, consumer)) else { return };
        self.holders.of(key).retain(|holder| *holder != consumer);
        if from < self.now {
            self.holdings.push(Holding { key, consumer, client, from, until: self.now, state });
        }
    }

    fn vacate(&mut self, key: Key, consumer: ConsumerIndex, beginning: Beginning) {
        self.close_holding(key, consumer);
        if let Some(tenancy) = self.tenancies.get_mut(&key) {
            tenancy.holders.retain(|&holder| holder != consumer);
        }
        if let Some(tenure) = self
            .tenures
            .get_mut(&key)
            .and_then(|all| all.iter_mut().rev().find(|tenure| tenure.consumer == consumer && tenure.until.is_none()))
        {
            tenure.until = Some(self.now);
        }
        self.recount(key, beginning, None);
    }

    fn keys_of(&self, consumer: ConsumerIndex) -> Vec<Key> {
        self.open.keys().filter(|(_, holder)| *holder == consumer).map(|(key, _)| *key).collect()
    }

    fn empty_table(&mut self, consumer: ConsumerIndex, beginning: Beginning) {
        for key in self.keys_of(consumer) {
            self.vacate(key, consumer, beginning);
        }
    }

    /// Counts the live owners of a queue anew; a stretch without, or with several, begins or ends.
    fn recount(&mut self, key: Key, beginning: Beginning, by: Option<ConsumerIndex>) {
        let Some(tenancy) = self.tenancies.get(&key) else { return };
        let live = tenancy.holders.iter().filter(|&&holder| self.serves(key, holder)).count();
        // Where nobody reaches the broker, two that have the queue do not consume it twice.
        let live = if live > 1 && !self.anybody_reaches(key.audience, self.homes[key.queue.at()]) { 1 } else { live };
        let tenancy = self.tenancies.get_mut(&key).expect("it is there");
        let was = std::mem::replace(&mut tenancy.live, live);
        let kind = |count: usize| count.min(2);
        let (was_well, is_well) = (tenancy.is_well(was), tenancy.is_well(live));
        if kind(was) == kind(live) && tenancy.beginning.is_some() != was_well {
            return;
        }
        let since = std::mem::replace(&mut tenancy.since, self.now);
        if let Some(began) = tenancy.beginning.take().filter(|_| was != 1) {
            let owners = if was == 0 { by.into_iter().collect() } else { std::mem::take(&mut tenancy.several) };
            let stretch = Stretch { from: since, until: self.now, beginning: began, owners, unfinished: false };
            let list = if was == 0 { &mut self.unowned } else { &mut self.several };
            if stretch.from < stretch.until {
                list.entry(key).or_default().push(stretch);
            }
        }
        if !is_well {
            tenancy.beginning = Some(beginning);
            tenancy.several.clone_from(&tenancy.holders);
        }
        self.settle(key, was_well, is_well);
    }

    fn settle(&mut self, key: Key, was: bool, is: bool) {
        if !self.is_normal(key) {
            return;
        }
        match (was, is) {
            (false, true) => self.unsettled = self.unsettled.saturating_sub(1),
            (true, false) => self.unsettled += 1,
            _ => {}
        }
        if self.unsettled > 0 {
            if let Some(since) = self.settled_since.take()
                && self.now.since(since) >= SETTLED
            {
                self.first_settled.get_or_insert(since);
            }
        } else if self.settled_since.is_none() {
            self.settled_since = Some(self.now);
        }
    }

    /// The run is over.
    pub fn finish(&mut self, end: Instant, _names: &Names) {
        self.now = end;
        self.routes.finish(end);
        let keys: Vec<(Key, ConsumerIndex)> = self.open.keys().copied().collect();
        for (key, consumer) in keys {
            self.close_holding(key, consumer);
        }
        if let Some(since) = self.settled_since.filter(|since| end.since(*since) >= SETTLED) {
            self.first_settled.get_or_insert(since);
        }
        let forgets = self.planted(PlantedMistake::OpenStretchNotCounted);
        for (&key, tenancy) in &mut self.tenancies {
            // From here on the stretch is in the list, and nowhere else.
            if let Some(beginning) = tenancy.beginning.take().filter(|_| tenancy.since < end && !forgets) {
                let (list, owners) = match tenancy.live {
                    0 => (&mut self.unowned, Vec::new()),
                    _ => (&mut self.several, tenancy.several.clone()),
                };
                let stretch = Stretch { from: tenancy.since, until: end, beginning, owners, unfinished: true };
                list.entry(key).or_default().push(stretch);
            }
        }
    }
}
