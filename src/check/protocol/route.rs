//! What a client does with its routes (`MQClientInstance`).

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Law, Scene};
use crate::check::Findings;
use crate::kernel::Instant;
use crate::model::observation::{Detail, Kinds, Observation, Observed, TopicRebalance, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, TopicIndex};

/// So many lists of a topic come from one of two brokers by chance once in 2^39 runs.
const ENOUGH: u32 = 40;

/// The member list of a topic comes from a broker by chance (`MQClientInstance.findBrokerAddrByTopic`).
#[derive(Debug, Default)]
pub(super) struct ListByChance {
    /// By topic and how many brokers there were to choose from: how often each was asked.
    asked: BTreeMap<(TopicIndex, u32), BTreeMap<BrokerIndex, u32>>,
    last: Instant,
    topics: BTreeMap<TopicIndex, String>,
}

impl Law for ListByChance {
    fn reads(&self) -> Kinds {
        kinds![ListAsked]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, _: &mut Broken) {
        if let Observation::Detail(Detail::ListAsked { topic, broker, of: of @ 2.. }) = seen.what {
            *self.asked.entry((topic, of)).or_default().entry(broker).or_default() += 1;
            self.topics.entry(topic).or_insert_with(|| scene.names.topic(topic).name.to_string());
            self.last = seen.at;
        }
    }

    fn finish(&mut self, _: &Findings, broken: &mut Broken) {
        for ((topic, of), asked) in &self.asked {
            let total: u32 = asked.values().sum();
            if asked.len() == 1 && total >= ENOUGH {
                let topic = &self.topics[topic];
                let detail = format!("{total} lists for {topic} were asked from the same of {of} brokers");
                broken.say(self.last, "the_list_is_asked_by_chance", detail);
            }
        }
    }
}

/// A route that was known stays known, whatever the name server forgets
/// (`MQClientInstance.updateTopicRouteInfoFromNameServer`).
#[derive(Debug, Default)]
pub(super) struct RouteKept {
    /// A rebalance sees what was known when its turn came, so that the one that fetched a route may still lack it.
    fresh: BTreeSet<(ConsumerIndex, TopicIndex)>,
    known: BTreeSet<(ConsumerIndex, TopicIndex)>,
}

impl Law for RouteKept {
    fn reads(&self) -> Kinds {
        kinds![RouteChanged, SubscriptionChanged, ConsumerStarting, ConsumerEnded, TopicRebalanced]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::RouteChanged { consumer, topic, .. } => _ = self.fresh.insert((consumer, topic)),
            Observation::SubscriptionChanged { consumer, topic, .. } => {
                self.fresh.remove(&(consumer, topic));
                self.known.remove(&(consumer, topic));
            }
            Observation::ConsumerStarting { consumer, .. } | Observation::ConsumerEnded { consumer, .. } => {
                self.fresh.retain(|(of, _)| *of != consumer);
                self.known.retain(|(of, _)| *of != consumer);
            }
            Observation::TopicRebalanced { consumer, topic, found, .. } => {
                if found == TopicRebalance::NoRoute && self.known.contains(&(consumer, topic)) {
                    let (who, topic) = (scene.names.consumer(consumer), &scene.names.topic(topic).name);
                    broken.say(
                        seen.at,
                        "an_unknown_topic_keeps_its_route",
                        format!("{who} has forgotten where {topic} is"),
                    );
                }
                if self.fresh.remove(&(consumer, topic)) {
                    self.known.insert((consumer, topic));
                }
            }
            _ => {}
        }
    }
}
