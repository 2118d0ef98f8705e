//! Claims of causes that say who was counted with whom, and what members are.

use std::collections::{BTreeMap, BTreeSet};

use super::Case;
use super::asked::{EVER, MINUTE, RECENT};
use crate::kernel::{Instant, Span};
use crate::model::observation::{ClientIndex, Observation};
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
        "given_to_a_member_without_the_topic" => case.counted(|member, at| !case.has_the_topic(member, at)),
        "given_to_a_broadcasting_member" => case.counted(|member, _| case.broadcasts(member)),
        "strategies_differ" => case.strategies() > 1,
        "subscriptions_differ" => case.tags_differ(),
        "subscription_version_went_back" => case.saw(EVER, |seen| {
            matches!(*seen, Observation::SubscriptionKept { broker, group, topic, .. }
                if case.this_broker(broker) && case.this_topic(topic) && case.group().is_none_or(|own| own == group))
        }),
        "mixed_message_models" => {
            let running = case.running();
            let said = |model: bool| running.iter().any(|(who, _)| case.broadcasts(*who) == model);
            said(true) && said(false)
        }
        "new_client_id_has_no_file" => case.ids().0 > 1,
        "offset_of_another_process" | "shared_offset_file" => case.ids().1 > 1,
        "handover_before_commit" => case.takings() > 0 && case.saw(EVER, |seen| {
            matches!(*seen, Observation::QueueReleased { consumer, queue, .. }
                if case.this_queue(queue) && case.ours(consumer) && case.consumer != Some(consumer))
                || matches!(*seen, Observation::ConsumerEnded { consumer, .. }
                    if case.ours(consumer) && case.consumer != Some(consumer))
        }),
        "rewind" => case.takings() > 1,
        "client_ids_sort_by_text" | "block_boundaries_moved" => case.saw(MINUTE, |seen| {
            matches!(seen, Observation::ConsumerStarting { .. } | Observation::ConsumerEnded { .. })
        }),
        "start_failed" => case.saw(EVER, |seen| {
            matches!(*seen, Observation::StartFailed { consumer, .. } if case.ours(consumer))
        }),
        "offsets_file_broken" | "name_server_unreachable" | "name_server_timed_out" => {
            case.saw(Span::ZERO, |seen| matches!(*seen, Observation::StartFailed { consumer, .. } if case.ours(consumer)))
        }
        "nothing_to_do_it_to" => case.saw(EVER, |seen| matches!(seen, Observation::StepMissed { .. })),
        "heartbeat_v2_after_restart" => case.saw(Span::ZERO, |seen| {
            matches!(*seen, Observation::RegisteredWithoutSubscriptions { group, .. } if case.group() == Some(group))
        }),
        _ => return None,
    };
    Some(holds)
}
