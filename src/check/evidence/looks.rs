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
    /// Whether it acted on this member list, this route and this strategy.
    fn acted_on(&self, members: &Arc<[ClientIndex]>, queues: ViewId, strategy: usize) -> bool {
        // The same list is most often one and the same: an `Arc` compares its place first.
        self.queues == queues && self.strategy == strategy && self.members == *members
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
    consumers: Vec<OfConsumer>,
    /// Whether a poll of routes has remained without an answer.
    any_poll_failed: bool,
    /// Whether a rebalance has got no list.
    any_without_list: bool,
    /// Topics with a queue that was given to nobody, or of which a rebalance dealt nothing.
    fails: BTreeSet<TopicIndex>,
}

/// What one consumer acted on.
#[derive(Debug, Default)]
struct OfConsumer {
    topics: BTreeMap<TopicIndex, OfTopic>,
    /// Who told it of a change last before each look that differs from the one before: in a storm it is told a thousand
    /// times as often as it looks at something new.
    told: Vec<(Instant, BrokerIndex)>,
    /// When it last looked at something new.
    looked_anew: Option<Instant>,
    /// Polls of routes without an answer.
    polls_failed: Vec<(Instant, NameServerIndex)>,
    /// When its process began: what an earlier one acted on is another's look.
    began: Instant,
}

/// What one consumer acted on when it rebalanced one topic.
#[derive(Debug, Default)]
struct OfTopic {
    looks: Vec<Look>,
    /// Rebalances that got no list, and who had been asked.
    without_list: Vec<(Instant, BrokerIndex)>,
    /// Rebalances that dealt nothing: the strategy threw (true), or there was no route.
    failed: Vec<(Instant, bool)>,
    /// Routes that the client was given.
    routes: Vec<(Instant, ViewId)>,
}

impl OfConsumer {
    fn topic(&mut self, topic: TopicIndex) -> &mut OfTopic {
        self.topics.entry(topic).or_default()
    }

    /// A broker tells it of a change. What was told before is asked for no more, unless there was a look in between.
    fn hear(&mut self, at: Instant, broker: BrokerIndex) {
        match self.told.last_mut() {
            Some(before) if self.looked_anew.is_none_or(|looked| looked < before.0) => *before = (at, broker),
            _ => self.told.push((at, broker)),
        }
    }
}

impl Looks {
    /// What it reads.
    pub const READS: Kinds = kinds![Viewed, TopicRebalanced, Notified, RoutePollFailed, RouteChanged, ConsumerStarting];

    /// Nothing has happened yet.
    pub fn new(one_round: Span) -> Self {
        Self { one_round, ..Self::default() }
    }

    fn of(&mut self, consumer: ConsumerIndex) -> &mut OfConsumer {
        if self.consumers.len() <= consumer.at() {
            self.consumers.resize_with(consumer.at() + 1, OfConsumer::default);
        }
        &mut self.consumers[consumer.at()]
    }

    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed) {
        let at = seen.at;
        match seen.what {
            Observation::Notified { consumer, broker } => self.of(consumer).hear(at, broker),
            Observation::Viewed { consumer, topic, broker, ref members, queues, strategy, ref left_out } => {
                if !left_out.is_empty() {
                    self.fails.insert(topic);
                }
                let of = self.of(consumer);
                let began = of.began;
                let looks = &mut of.topic(topic).looks;
                match looks.last_mut() {
                    Some(before) if before.acted_on(members, queues, strategy) && before.last >= began => {
                        before.last = at;
                    }
                    _ => {
                        let (members, left_out) = (Arc::clone(members), Arc::clone(left_out));
                        looks.push(Look { first: at, last: at, broker, members, queues, strategy, left_out });
                        of.looked_anew = Some(at);
                    }
                }
            }
            Observation::TopicRebalanced { consumer, topic, broker: Some(broker), found: TopicRebalance::NoList } => {
                self.any_without_list = true;
                self.of(consumer).topic(topic).without_list.push((at, broker));
            }
            Observation::TopicRebalanced { consumer, topic, found, .. }
                if matches!(found, TopicRebalance::StrategyFailed | TopicRebalance::NoRoute) =>
            {
                self.fails.insert(topic);
                let threw = found == TopicRebalance::StrategyFailed;
                self.of(consumer).topic(topic).failed.push((at, threw));
            }
            Observation::RoutePollFailed { consumer, name_server } => {
                self.any_poll_failed = true;
                self.of(consumer).polls_failed.push((at, name_server));
            }
            Observation::RouteChanged { consumer, topic, view, .. } => {
                self.of(consumer).topic(topic).routes.push((at, view));
            }
            Observation::ConsumerStarting { consumer, .. } => self.of(consumer).began = at,
            _ => {}
        }
    }

    /// What a consumer acted on when it rebalanced a topic, if anything is known of it.
    fn topic(&self, consumer: ConsumerIndex, topic: TopicIndex) -> Option<&OfTopic> {
        self.consumers.get(consumer.at())?.topics.get(&topic)
    }

    /// What a consumer acted on at a moment.
    pub fn at(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> Option<&Look> {
        let looks = &self.topic(consumer, topic)?.looks;
        looks[..looks.partition_point(|look| look.first <= at)].last()
    }

    /// The route of a topic that a client had at a moment, and since when.
    pub fn route(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> Option<(Instant, ViewId)> {
        let routes = &self.topic(consumer, topic)?.routes;
        routes[..routes.partition_point(|(when, _)| *when <= at)].last().copied()
    }

    /// When a client was next given a route of a topic, after a moment.
    pub fn next_route(&self, consumer: ConsumerIndex, topic: TopicIndex, after: Instant) -> Option<Instant> {
        let routes = &self.topic(consumer, topic)?.routes;
        routes.get(routes.partition_point(|(when, _)| *when <= after)).map(|(when, _)| *when)
    }

    /// Whether any rebalance of a topic gave a queue to nobody or dealt nothing, or any poll of routes failed.
    pub fn any_fails(&self, topic: TopicIndex) -> bool {
        self.fails.contains(&topic) || self.any_poll_failed
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
        let failed = self.topic(consumer, topic).map_or(&[][..], |of| &of.failed);
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
        let failed = &self.consumers.get(consumer.at())?.polls_failed;
        let &(when, name_server) = failed[..failed.partition_point(|(when, _)| *when <= at)].last()?;
        let routes = self.topic(consumer, topic).map_or(&[][..], |of| &of.routes);
        let came = routes.iter().any(|(came, _)| (when..=at).contains(came));
        (!came).then_some((when, name_server))
    }

    /// Since when a consumer had acted on the route by which it dealt at a moment.
    pub fn route_since(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> Option<Instant> {
        let looks = &self.topic(consumer, topic)?.looks;
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
        let looks = self.topic(consumer, topic).map_or(&[][..], |of| &of.looks);
        looks.iter().filter(move |look| look.first <= until && from <= look.last)
    }

    /// Brokers that gave a consumer no list of a topic's group within a stretch.
    pub fn without_list(
        &self,
        consumer: ConsumerIndex,
        topic: TopicIndex,
        (from, until): (Instant, Instant),
    ) -> impl Iterator<Item = (Instant, BrokerIndex)> {
        let all = self.topic(consumer, topic).map_or(&[][..], |of| &of.without_list);
        all.iter().copied().filter(move |(at, _)| (from..=until).contains(at))
    }

    /// Whether any broker gave any consumer no list.
    pub const fn any_without_list(&self) -> bool {
        self.any_without_list
    }

    /// What made a consumer look, at the first moment of one of its looks.
    pub fn waking(&self, consumer: ConsumerIndex, look: &Look) -> Waking {
        let told = self.consumers.get(consumer.at()).map_or(&[][..], |of| &of.told);
        let before = told[..told.partition_point(|(when, _)| *when <= look.first)].last();
        match before {
            Some((when, broker)) if look.first.since(*when) <= self.one_round => Waking::Told(*broker),
            _ => Waking::Timer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Told a hundred times between two looks, and in the moment of a look before it and after it: each look is asked as if
    /// all had been kept.
    #[test]
    fn a_storm_of_notifications_leaves_those_that_a_look_can_ask_for() {
        let (ms, consumer, broker) = (Instant::from_millis, ConsumerIndex(3), |number| BrokerIndex(number));
        let mut looks = Looks::new(Span::from_millis(500));
        let mut plain: Vec<(Instant, BrokerIndex)> = Vec::new();
        let see = |at, what| Observed { at, sequence: 0, cause: 0, what };
        for round in 0..2_000_u32 {
            let at = ms(u64::from(round / 3) * 40 + u64::from(round / 600) * 10_000);
            if round % 100 == 50 {
                let members: Arc<[ClientIndex]> = [ClientIndex(round)].into();
                let (topic, left_out) = (TopicIndex(0), Arc::from([]));
                let (broker, queues) = (broker(0), ViewId::default());
                let look = Observation::Viewed { consumer, topic, broker, members, queues, strategy: 0, left_out };
                looks.observe(&see(at, look));
            } else {
                let broker = broker((round % 7) as _);
                looks.observe(&see(at, Observation::Notified { consumer, broker }));
                plain.push((at, broker));
            }
        }
        let kept = &looks.consumers[consumer.at()];
        assert_eq!(kept.topics[&TopicIndex(0)].looks.len(), 20);
        assert!(kept.told.len() <= 42, "{}", kept.told.len());
        for look in &kept.topics[&TopicIndex(0)].looks {
            let told = plain
                .iter()
                .rev()
                .find(|(at, _)| *at <= look.first)
                .filter(|(at, _)| look.first.since(*at) <= looks.one_round);
            let expected = told.map_or(Waking::Timer, |(_, broker)| Waking::Told(*broker));
            assert_eq!(looks.waking(consumer, look), expected, "{look:?}");
        }
    }
}
