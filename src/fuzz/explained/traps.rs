//! Claims of what is a trap by itself: the condition that must have held for it to spring (traps E14 to E16, E27, E36, E40,
//! E41 and E43).

use std::collections::BTreeSet;

use super::Case;
use crate::check::Cause;
use crate::kernel::{Instant, Span};
use crate::model::observation::{
    ConsumeOutcome, End, MemberLoss, Observation, PullTrouble, QueueIndex, TopicRebalance,
};
use crate::model::plan::{BrokerIndex, ConsumerIndex, TopicIndex};

/// So many rounds on end are a loop.
const LOOP: usize = 10;

/// What a rebalance does between its look at the route and the list: a route fetch and a list call, of 3 s each.
const CALLS: Span = Span::from_secs(7);

/// Whether the condition of a trap held; `None`: the cause says none, or says it of something else.
pub(super) fn claim(case: &Case<'_>) -> Option<bool> {
    let holds = match (case.cause, case.kind) {
        (Cause::DroppedWhileAtWork, _) => {
            case.dropped_before()
                && case.began_with(|seen| {
                    matches!(*seen, Observation::Consumed { consumer, queue, outcome, .. }
                if outcome == ConsumeOutcome::DiscardedBecauseDropped
                    && case.this_queue(queue) && case.consumer == Some(consumer))
                })
        }
        (Cause::SlowMessagePins, "replay_after_a_crash") => {
            let died = case.began_with(|seen| {
                matches!(*seen, Observation::ConsumerEnded { consumer, end: End::Killed | End::PoweredOff }
                    if case.consumer == Some(consumer))
            });
            died && case.held_just_before().iter().any(|queue| case.this_queue(*queue))
        }
        (Cause::SlowMessagePins, _) => {
            let held = case.held_just_before().iter().any(|queue| case.this_queue(*queue));
            held && case.began_with(|seen| {
                matches!(*seen, Observation::PullTroubled { consumer, queue, trouble: PullTrouble::FlowControlSpan }
                    if case.this_queue(queue) && case.consumer == Some(consumer))
            })
        }
        (Cause::ThresholdForTopic, _) => case.divided_by_what_it_held(),
        (Cause::BufferedNotifications, _) => case.told_late(),
        (Cause::NotBalanced, _) => case.unbalanced_on_end() >= LOOP,
        (Cause::NoRoute, "no_route") => case.knew_no_queue(),
        (Cause::GroupHoldsLocks, _) => {
            case.group_held_a_lock()
                && case.began_with(|seen| {
                    matches!(*seen, Observation::DeadLetterAtOnce { consumer, queue }
                if case.this_queue(queue) && case.consumer == Some(consumer))
                })
        }
        _ => return None,
    };
    Some(holds)
}

impl Case<'_> {
    /// The consumer of the finding had dropped the queue by the time when this began. An orderly one drops all that it is
    /// to give up at once, and removes them one after the other, each after 1 s at most.
    fn dropped_before(&self) -> bool {
        let removed = self.from + Span::from_secs(1 + self.held_just_before().len() as u64);
        self.facts.between(Instant::ZERO, removed).iter().any(|(at, seen)| match *seen {
            Observation::QueueReleased { consumer, queue, .. } | Observation::UnlockDelayed { consumer, queue } => {
                self.this_queue(queue) && self.consumer == Some(consumer)
            }
            Observation::PullTroubled { consumer, queue, trouble } if *at <= self.from => {
                matches!(trouble, PullTrouble::OffsetIllegal | PullTrouble::Suspended)
                    && self.this_queue(queue)
                    && self.consumer == Some(consumer)
            }
            _ => false,
        })
    }

    /// Queues in the table of the consumer of the finding at the moment when this began; of one that ended then, those it
    /// had until it did.
    fn held_just_before(&self) -> BTreeSet<QueueIndex> {
        self.held_until(|at, seen| at == self.from && matches!(seen, Observation::ConsumerEnded { .. }))
    }

    /// Queues in the table of the consumer of the finding when it began, or when something happened before.
    fn held_until(&self, what: impl Fn(Instant, &Observation) -> bool) -> BTreeSet<QueueIndex> {
        let mut held = BTreeSet::new();
        for (at, seen) in self.facts.between(Instant::ZERO, self.from) {
            if what(*at, seen) {
                break;
            }
            match *seen {
                Observation::QueueTaken { consumer, queue, .. } if self.consumer == Some(consumer) => {
                    held.insert(queue);
                }
                Observation::QueueReleased { consumer, queue, .. } if self.consumer == Some(consumer) => {
                    held.remove(&queue);
                }
                Observation::ConsumerEnded { consumer, .. } if self.consumer == Some(consumer) => held.clear(),
                _ => {}
            }
        }
        held
    }

    /// A rebalance divided by as many queues as the consumer had.
    fn divided_by_what_it_held(&self) -> bool {
        let own = |seen: &Observation| match *seen {
            Observation::ThresholdSet { consumer, queues, .. } if self.consumer == Some(consumer) => Some(queues),
            _ => None,
        };
        let held = self.held_until(|at, seen| at == self.from && own(seen).is_some()).len();
        self.began_with(|seen| own(seen) == Some(held as u32))
    }

    /// A broker's members changed when this began, and it told them nothing until it ended.
    fn told_late(&self) -> bool {
        let mut changed: BTreeSet<BrokerIndex> = BTreeSet::new();
        let mut told: BTreeSet<BrokerIndex> = BTreeSet::new();
        for (at, seen) in self.facts.between(self.from, self.until) {
            match *seen {
                Observation::MemberRemoved { loss: MemberLoss::Expired, .. } => {}
                Observation::MemberAdded { broker, .. } | Observation::MemberRemoved { broker, .. }
                    if *at == self.from =>
                {
                    changed.insert(broker);
                }
                Observation::NotificationsSent { broker, .. } if *at == self.until => drop(told.insert(broker)),
                // What it gathered before is told together with what it told last.
                Observation::NotificationsSent { broker, .. } if *at > self.from => drop(changed.remove(&broker)),
                Observation::BrokerDown { broker, .. } => drop(changed.remove(&broker)),
                _ => {}
            }
        }
        self.until.since(self.from) > Span::from_secs(1) && changed.intersection(&told).next().is_some()
    }

    /// How many rebalances of the consumer ended unbalanced, and none otherwise.
    fn unbalanced_on_end(&self) -> usize {
        let mut rounds = 0;
        for (_, seen) in self.facts.between(self.from, self.until) {
            match *seen {
                Observation::RebalanceEnded { consumer, balanced, .. } if self.consumer == Some(consumer) => {
                    if balanced {
                        return 0;
                    }
                    rounds += 1;
                }
                _ => {}
            }
        }
        rounds
    }

    /// A rebalance of the consumer knew no queue of a topic, and its process had not been given one when it looked: it looks
    /// before it asks for the list.
    fn knew_no_queue(&self) -> bool {
        let missing = self.facts.between(self.from, self.from).iter().filter_map(|(_, seen)| match *seen {
            Observation::TopicRebalanced { consumer, topic, found: TopicRebalance::NoRoute, .. }
                if self.consumer == Some(consumer) =>
            {
                Some((consumer, topic))
            }
            _ => None,
        });
        let mut missing = missing.collect::<Vec<(ConsumerIndex, TopicIndex)>>().into_iter();
        missing.any(|(who, which)| {
            let (mut known, mut came) = (0, Instant::ZERO);
            for (at, seen) in self.facts.between(Instant::ZERO, self.from) {
                match *seen {
                    Observation::ConsumerStarting { consumer, .. } if consumer == who => known = 0,
                    Observation::RouteChanged { consumer, topic, queues, .. } if (consumer, topic) == (who, which) => {
                        came = if known == 0 { *at } else { came };
                        known = queues;
                    }
                    _ => {}
                }
            }
            known == 0 || self.from.since(came) <= CALLS
        })
    }

    /// The queue's broker had given a lock to somebody of the group, and nobody had given that back.
    fn group_held_a_lock(&self) -> bool {
        let mut locked = BTreeSet::new();
        for (_, seen) in self.facts.between(Instant::ZERO, self.from) {
            match *seen {
                Observation::LockGranted { broker, group, queue, .. }
                    if self.this_broker(broker) && self.group() == Some(group) =>
                {
                    locked.insert(queue);
                }
                Observation::LockReleased { broker, group, queue, .. }
                | Observation::LockForgotten { broker, group, queue, .. }
                    if self.this_broker(broker) && self.group() == Some(group) =>
                {
                    locked.remove(&queue);
                }
                _ => {}
            }
        }
        !locked.is_empty()
    }
}
