//! Claims of causes that say who was counted with whom, and what members are.

use std::collections::{BTreeMap, BTreeSet};

use super::Case;
use super::asked::{EVER, MINUTE, RECENT};
use crate::check::Cause;
use crate::kernel::{Instant, Span};
use crate::model::observation::{ClientIndex, Observation, TopicRebalance};
use crate::model::plan::{ConsumerIndex, TagSet};

/// What a rebalance that gave queues out acted on.
struct View<'a> {
    at: Instant,
    by: ConsumerIndex,
    members: &'a [ClientIndex],
    strategy: usize,
}

impl Case<'_> {
    /// Rebalances of the topic by members of the group until a stretch after the beginning of the finding.
    fn views(&self) -> Vec<View<'_>> {
        let seen = self.facts.between(Instant::ZERO, self.until.max(self.from + RECENT)).iter();
        let views = seen.filter_map(|(at, seen)| match seen {
            Observation::Viewed { consumer, topic, members, strategy, .. }
                if self.ours(*consumer) && self.this_topic(*topic) =>
            {
                Some(View { at: *at, by: *consumer, members, strategy: *strategy })
            }
            _ => None,
        });
        views.collect()
    }

    /// Who of the group had this client id at a moment.
    fn consumers_of(&self, client: ClientIndex, at: Instant) -> BTreeSet<ConsumerIndex> {
        let mut running = BTreeSet::new();
        for (_, seen) in self.facts.between(Instant::ZERO, at) {
            match *seen {
                Observation::ConsumerStarting { consumer, client: id } if self.ours(consumer) && id == client => {
                    running.insert(consumer);
                }
                Observation::ConsumerStarting { consumer, .. } | Observation::ConsumerEnded { consumer, .. } => {
                    running.remove(&consumer);
                }
                _ => {}
            }
        }
        running
    }

    /// Whether a rebalance of the group counted one of these.
    fn counted(&self, which: impl Fn(ConsumerIndex, Instant) -> bool) -> bool {
        self.views().iter().any(|view| {
            let ids: BTreeSet<ClientIndex> = view.members.iter().copied().collect();
            let mut members = ids.iter().flat_map(|id| self.consumers_of(*id, view.at));
            members.any(|member| member != view.by && which(member, view.at))
        })
    }

    /// Whether a consumer had subscribed the finding's topic at a moment, or soon after.
    fn has_the_topic(&self, who: ConsumerIndex, at: Instant) -> bool {
        let mut has = false;
        for (_, seen) in self.facts.between(Instant::ZERO, at) {
            match *seen {
                Observation::ConsumerStarting { consumer, .. } if consumer == who => has = false,
                Observation::SubscriptionChanged { consumer, topic, subscribed, .. }
                    if consumer == who && self.this_topic(topic) =>
                {
                    has = subscribed;
                }
                _ => {}
            }
        }
        has
    }

    /// Whether a consumer was without the finding's topic at some moment of the finding.
    fn lacks_the_topic(&self, who: ConsumerIndex) -> bool {
        let gave_up = |seen: &Observation| {
            matches!(*seen, Observation::SubscriptionChanged { consumer, topic, subscribed: false, .. }
                if consumer == who && self.this_topic(topic))
        };
        !self.has_the_topic(who, self.from)
            || self.facts.between(self.from, self.until).iter().any(|(_, seen)| gave_up(seen))
    }

    /// Whether no member of the group had the finding's topic in the middle of it.
    pub(super) fn nobody_has_the_topic(&self) -> bool {
        let middle = self.from + Span::from_millis(self.until.since(self.from).as_millis() / 2);
        let mut having = BTreeSet::new();
        for (_, seen) in self.facts.between(Instant::ZERO, middle) {
            match *seen {
                Observation::SubscriptionChanged { consumer, topic, subscribed, .. }
                    if self.ours(consumer) && self.this_topic(topic) =>
                {
                    let _ = if subscribed { having.insert(consumer) } else { having.remove(&consumer) };
                }
                Observation::ConsumerStarting { consumer, .. } | Observation::ConsumerEnded { consumer, .. } => {
                    having.remove(&consumer);
                }
                _ => {}
            }
        }
        having.is_empty()
    }

    /// Strategies by which members of the group dealt the topic.
    fn strategies(&self) -> usize {
        let last: BTreeMap<ConsumerIndex, usize> = self.views().iter().map(|view| (view.by, view.strategy)).collect();
        last.values().collect::<BTreeSet<_>>().len()
    }

    /// Whether members of the group took different tags of the topic.
    fn tags_differ(&self) -> bool {
        let seen = self.facts.between(Instant::ZERO, self.until).iter();
        let tags: Vec<TagSet> = seen
            .filter_map(|(_, seen)| match *seen {
                Observation::SubscriptionChanged { consumer, topic, subscribed: true, tags }
                    if self.ours(consumer) && self.this_topic(topic) =>
                {
                    Some(tags)
                }
                _ => None,
            })
            .collect();
        tags.windows(2).any(|pair| pair[0] != pair[1])
    }

    /// Client ids under which the consumer of the finding ran, and how many consumers of the group ran under one of them.
    fn ids(&self) -> (usize, usize) {
        let seen = self.facts.between(Instant::ZERO, self.until).iter();
        let lives: Vec<(ConsumerIndex, ClientIndex)> = seen
            .filter_map(|(_, seen)| match *seen {
                Observation::ConsumerStarting { consumer, client } if self.ours(consumer) => Some((consumer, client)),
                _ => None,
            })
            .collect();
        let own: BTreeSet<ClientIndex> =
            lives.iter().filter(|(who, _)| self.consumer == Some(*who)).map(|(_, id)| *id).collect();
        let sharing: BTreeSet<ConsumerIndex> =
            lives.iter().filter(|(_, id)| own.contains(id)).map(|(who, _)| *who).collect();
        (own.len(), sharing.len())
    }

    fn broadcasts(&self, consumer: ConsumerIndex) -> bool {
        self.names.is_one_member(self.names.audience_of(consumer))
    }

    /// How often the consumer of the finding took the queue.
    fn takings(&self) -> usize {
        let took = |seen: &Observation| {
            matches!(*seen, Observation::QueueTaken { consumer, queue, .. }
                if self.this_queue(queue) && self.consumer.is_none_or(|own| own == consumer))
        };
        self.facts.between(Instant::ZERO, self.until).iter().filter(|(_, seen)| took(seen)).count()
    }
}

/// Whether what a cause claims of members and their shares happened; `None`: it claims nothing of the kind.
pub(super) fn claim(case: &Case<'_>) -> Option<bool> {
    let holds = match case.cause {
        // Who gives a topic up is counted on, until those who counted rebalance again.
        Cause::GivenToAMemberWithoutTheTopic => {
            case.counted(|member, at| !case.has_the_topic(member, at) || case.lacks_the_topic(member))
        }
        Cause::GivenToABroadcastingMember => case.counted(|member, _| case.broadcasts(member)),
        Cause::StrategiesDiffer => case.strategies() > 1,
        Cause::GivenToNobody => case.saw(EVER, |seen| {
            matches!(seen, Observation::Viewed { consumer, left_out, .. }
                if case.ours(*consumer) && left_out.iter().any(|queue| case.this_queue(*queue)))
        }),
        Cause::NoRoute => case.rebalanced(EVER, |found| found == TopicRebalance::NoRoute),
        Cause::StaleRoute => case.saw(EVER, |seen| {
            matches!(*seen, Observation::RoutePollFailed { consumer, .. } if case.ours(consumer))
        }),
        Cause::StrategyThrows => case.rebalanced(EVER, |found| found == TopicRebalance::StrategyFailed),
        Cause::SubscriptionsDiffer => case.tags_differ(),
        Cause::SubscriptionVersionWentBack => case.saw(EVER, |seen| {
            matches!(*seen, Observation::SubscriptionKept { broker, group, topic, .. }
                if case.this_broker(broker) && case.this_topic(topic) && case.group().is_none_or(|own| own == group))
        }),
        Cause::MixedMessageModels => {
            let running = case.running();
            let said = |model: bool| running.iter().any(|(who, _)| case.broadcasts(*who) == model);
            said(true) && said(false)
        }
        Cause::NewClientIdHasNoFile => case.ids().0 > 1,
        Cause::OffsetOfAnotherProcess | Cause::SharedOffsetFile => case.ids().1 > 1,
        Cause::HandoverBeforeCommit => case.takings() > 0 && case.saw(EVER, |seen| {
            matches!(*seen, Observation::QueueReleased { consumer, queue, .. }
                if case.this_queue(queue) && case.ours(consumer) && case.consumer != Some(consumer))
                || matches!(*seen, Observation::ConsumerEnded { consumer, .. }
                    if case.ours(consumer) && case.consumer != Some(consumer))
        }),
        Cause::Rewind => case.takings() > 1,
        Cause::ClientIdsSortByText | Cause::BlockBoundariesMoved => case.saw(MINUTE, |seen| {
            matches!(seen, Observation::ConsumerStarting { .. } | Observation::ConsumerEnded { .. })
        }),
        Cause::StartFailed => case.saw(EVER, |seen| {
            matches!(*seen, Observation::StartFailed { consumer, .. } if case.ours(consumer))
        }),
        Cause::OffsetsFileBroken | Cause::NameServerUnreachable | Cause::NameServerTimedOut => {
            case.saw(Span::ZERO, |seen| matches!(*seen, Observation::StartFailed { consumer, .. } if case.ours(consumer)))
        }
        Cause::NothingToDoItTo => case.saw(EVER, |seen| matches!(seen, Observation::StepMissed { .. })),
        Cause::HeartbeatV2AfterRestart => case.saw(Span::ZERO, |seen| {
            matches!(*seen, Observation::RegisteredWithoutSubscriptions { group, .. } if case.group() == Some(group))
        }),
        _ => return None,
    };
    Some(holds)
}
