//! What each rebalance acted on: the member list of one broker, the queues of the client's route, and its strategy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::kernel::{Instant, Span};
use crate::model::ids::ViewId;
use crate::model::observation::{ClientIndex, Kinds, Observation, Observed, QueueIndex, TopicRebalance, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, NameServerIndex, TopicIndex};

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
    /// Queues of the route that the strategy gives to nobody of the list.
    pub left_out: Arc<[QueueIndex]>,
}

/// How the last rebalance of a topic by one process went, where it got a list.
#[derive(Debug, Clone, Copy)]
pub(in crate::check) enum Answer<'a> {
    /// The strategy dealt.
    Dealt(&'a Look),
    /// It threw, first at this moment since it last dealt.
    Threw(Instant),
    /// The client knew no queue of the topic, first at this moment since it last dealt.
    NoRoute(Instant),
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
#[derive(Debug, Default)]
pub(in crate::check) struct Looks {
    /// A rebalance that follows from a notification comes at most so long after it: the minimum interval, and the calls of
    /// the round that is under way.
    one_round: Span,
    looks: BTreeMap<(ConsumerIndex, TopicIndex), Vec<Look>>,
    /// Rebalances that got no list, and who had been asked.
    without_list: BTreeMap<(ConsumerIndex, TopicIndex), Vec<(Instant, BrokerIndex)>>,
    told: BTreeMap<ConsumerIndex, Vec<(Instant, BrokerIndex)>>,
    /// Rebalances that dealt nothing: the strategy threw (true), or there was no route.
    failed: BTreeMap<(ConsumerIndex, TopicIndex), Vec<(Instant, bool)>>,
    /// Polls of routes without an answer.
    polls_failed: BTreeMap<ConsumerIndex, Vec<(Instant, NameServerIndex)>>,
    /// Routes that clients were given.
    routes: BTreeMap<(ConsumerIndex, TopicIndex), Vec<(Instant, ViewId)>>,
    /// When the process of a consumer began: what an earlier one acted on is another's look.
    began: BTreeMap<ConsumerIndex, Instant>,
    /// Topics with a queue that was given to nobody, or of which a rebalance dealt nothing.
    fails: BTreeSet<TopicIndex>,
}

impl Looks {
    /// What it reads.
    pub const READS: Kinds = kinds![Viewed, TopicRebalanced, Notified, RoutePollFailed, RouteChanged, ConsumerStarting];

    /// Nothing has happened yet.
    pub fn new(one_round: Span) -> Self {
        Self { one_round, ..Self::default() }
    }

    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed) {
        let at = seen.at;
        match seen.what {
            Observation::Viewed { consumer, topic, broker, ref members, queues, strategy, ref left_out } => {
                if !left_out.is_empty() {
                    self.fails.insert(topic);
                }
                let (members, left_out) = (Arc::clone(members), Arc::clone(left_out));
                let looks = self.looks.entry((consumer, topic)).or_default();
                let look = Look { first: at, last: at, broker, members, queues, strategy, left_out };
                let began = self.began.get(&consumer).copied().unwrap_or(Instant::ZERO);
                match looks.last_mut() {
                    Some(before) if before.is_like(&look) && before.last >= began => before.last = at,
                    _ => looks.push(look),
                }
            }
            Observation::TopicRebalanced { consumer, topic, broker: Some(broker), found: TopicRebalance::NoList } => {
                self.without_list.entry((consumer, topic)).or_default().push((at, broker));
            }
            Observation::TopicRebalanced { consumer, topic, found, .. }
                if matches!(found, TopicRebalance::StrategyFailed | TopicRebalance::NoRoute) =>
            {
                self.fails.insert(topic);
                let threw = found == TopicRebalance::StrategyFailed;
                self.failed.entry((consumer, topic)).or_default().push((at, threw));
            }
            Observation::RoutePollFailed { consumer, name_server } => {
                self.polls_failed.entry(consumer).or_default().push((at, name_server));
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

    /// Whether any rebalance of a topic gave a queue to nobody or dealt nothing, or any poll of routes failed.
    pub fn any_fails(&self, topic: TopicIndex) -> bool {
        self.fails.contains(&topic) || !self.polls_failed.is_empty()
    }

    /// What came of the last rebalance of a topic by a process that began at `since`, by a moment; `None`: it has not
    /// had one, or got no list.
    pub fn answer(
        &self,
        consumer: ConsumerIndex,
        topic: TopicIndex,
        (since, at): (Instant, Instant),
    ) -> Option<Answer<'_>> {
        let look = self.at(consumer, topic, at).filter(|look| look.last >= since);
        let dealt = look.map_or(since, |look| look.last.min(at).max(since));
        let failed = self.failed.get(&(consumer, topic)).map_or(&[][..], Vec::as_slice);
        let first = failed.get(failed.partition_point(|(when, _)| *when < dealt)).filter(|(when, _)| *when <= at);
        match first {
            Some(&(when, true)) => Some(Answer::Threw(when)),
            Some(&(when, false)) => Some(Answer::NoRoute(when)),
            None => look.map(Answer::Dealt),
        }
    }

    /// The poll of routes that last failed, by a moment, where no route of the topic has come since.
    pub fn poll_failed(
        &self,
        consumer: ConsumerIndex,
        topic: TopicIndex,
        at: Instant,
    ) -> Option<(Instant, NameServerIndex)> {
        let failed = self.polls_failed.get(&consumer)?;
        let &(when, name_server) = failed[..failed.partition_point(|(when, _)| *when <= at)].last()?;
        let routes = self.routes.get(&(consumer, topic)).map_or(&[][..], Vec::as_slice);
        let came = routes.iter().any(|(came, _)| (when..=at).contains(came));
        (!came).then_some((when, name_server))
    }

    /// Since when a consumer had acted on the route by which it dealt at a moment.
    pub fn route_since(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> Option<Instant> {
        let looks = self.looks.get(&(consumer, topic))?;
        let before = &looks[..looks.partition_point(|look| look.first <= at)];
        let last = before.last()?.queues;
        before.iter().rev().take_while(|look| look.queues == last).last().map(|look| look.first)
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
