//! What each rebalance acted on: the member list of one broker, the queues of the client's route, and its strategy.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kernel::{Instant, Span};
use crate::model::observation::{ClientIndex, Kinds, Observation, Observed, TopicRebalance, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, TopicIndex};
use crate::model::views::ViewId;

/// One or more rebalances of a topic that acted on the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::check) struct Look {
    /// The first of them, and the last.
    pub first: Instant,
    pub last: Instant,
    /// Who was asked first.
    pub broker: BrokerIndex,
    /// Sorted as clients sort it.
    pub members: Arc<[ClientIndex]>,
    pub queues: ViewId,
    pub strategy: usize,
}

impl Look {
    /// Whether it acted on the member list, the route and the strategy of another.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.members, self.queues, self.strategy) == (&other.members, other.queues, other.strategy)
    }
}

/// What made a client look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Waking {
    /// A broker told it of a change.
    Told(BrokerIndex),
    /// Its own timer, or the end of its start.
    Timer,
}

/// All looks of a run.
#[derive(Debug)]
pub(in crate::check) struct Looks {
    /// A rebalance that follows from a notification comes at most so long after it: the minimum interval, and the calls of
    /// the round that is under way.
    one_round: Span,
    looks: BTreeMap<(ConsumerIndex, TopicIndex), Vec<Look>>,
    /// Rebalances that got no list, and who had been asked.
    without_list: BTreeMap<(ConsumerIndex, TopicIndex), Vec<(Instant, BrokerIndex)>>,
    told: BTreeMap<ConsumerIndex, Vec<(Instant, BrokerIndex)>>,
    /// Routes that clients were given.
    routes: BTreeMap<(ConsumerIndex, TopicIndex), Vec<(Instant, ViewId)>>,
    /// When the process of a consumer began: what an earlier one acted on is another's look.
    began: BTreeMap<ConsumerIndex, Instant>,
}

impl Looks {
    /// What it reads.
    pub const READS: Kinds = kinds![Viewed, TopicRebalanced, Notified, RouteChanged, ConsumerStarting];

    /// Nothing has happened yet.
    pub fn new(one_round: Span) -> Self {
        Self {
            one_round,
            looks: BTreeMap::new(),
            without_list: BTreeMap::new(),
            told: BTreeMap::new(),
            routes: BTreeMap::new(),
            began: BTreeMap::new(),
        }
    }

    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed) {
        let at = seen.at;
        match seen.what {
            Observation::Viewed { consumer, topic, broker, ref members, queues, strategy } => {
                let looks = self.looks.entry((consumer, topic)).or_default();
                let look = Look { first: at, last: at, broker, members: Arc::clone(members), queues, strategy };
                let began = self.began.get(&consumer).copied().unwrap_or(Instant::ZERO);
                match looks.last_mut() {
                    Some(before) if before.is_like(&look) && before.last >= began => before.last = at,
                    _ => looks.push(look),
                }
            }
            Observation::TopicRebalanced { consumer, topic, broker: Some(broker), found: TopicRebalance::NoList } => {
                self.without_list.entry((consumer, topic)).or_default().push((at, broker));
            }
            Observation::Notified { consumer, broker } => self.told.entry(consumer).or_default().push((at, broker)),
            Observation::RouteChanged { consumer, topic, view, .. } => {
                self.routes.entry((consumer, topic)).or_default().push((at, view));
            }
            Observation::ConsumerStarting { consumer, .. } => _ = self.began.insert(consumer, at),
            _ => {}
        }
    }

    /// What a consumer acted on at a moment.
    pub fn at(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> Option<&Look> {
        let looks = self.looks.get(&(consumer, topic))?;
        looks[..looks.partition_point(|look| look.first <= at)].last()
    }

    /// The route of a topic that a client had at a moment, and since when.
    pub fn route(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> Option<(Instant, ViewId)> {
        let routes = self.routes.get(&(consumer, topic))?;
        routes[..routes.partition_point(|(when, _)| *when <= at)].last().copied()
    }

    /// Looks of a topic by a consumer that began within a stretch.
    pub fn within(
        &self,
        consumer: ConsumerIndex,
        topic: TopicIndex,
        (from, until): (Instant, Instant),
    ) -> impl Iterator<Item = &Look> {
        let looks = self.looks.get(&(consumer, topic)).map_or(&[][..], Vec::as_slice);
        looks.iter().filter(move |look| look.first <= until && from <= look.last)
    }

    /// Brokers that gave a consumer no list of a topic's group within a stretch.
    pub fn without_list(
        &self,
        consumer: ConsumerIndex,
        topic: TopicIndex,
        (from, until): (Instant, Instant),
    ) -> impl Iterator<Item = (Instant, BrokerIndex)> {
        let all = self.without_list.get(&(consumer, topic)).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(move |(at, _)| (from..=until).contains(at))
    }

    /// What made a consumer look at a moment.
    pub fn waking(&self, consumer: ConsumerIndex, at: Instant) -> Waking {
        let told = self.told.get(&consumer).map_or(&[][..], Vec::as_slice);
        let before = told[..told.partition_point(|(when, _)| *when <= at)].last();
        match before {
            Some((when, broker)) if at.since(*when) <= self.one_round => Waking::Told(*broker),
            _ => Waking::Timer,
        }
    }
}
