//! The fixed rates of a client (`MQClientInstance.startScheduledTask`).

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Law, Scene, owners};
use crate::kernel::{Instant, Span};
use crate::model::observation::{Detail, Kinds, Observation, Observed, kinds};
use crate::model::plan::{ConsumerIndex, Plan};

/// Heartbeats and persisting come due exactly once a period.
#[derive(Debug)]
pub(super) struct Periods {
    owners: Vec<ConsumerIndex>,
    /// `heartbeatBrokerInterval` and `persistConsumerOffsetInterval` of each.
    periods: Vec<[Span; 2]>,
    due: BTreeMap<(ConsumerIndex, usize), Instant>,
    /// What a process missed while it stood still comes at once, so that a shorter time is no mistake.
    paused: BTreeSet<ConsumerIndex>,
}

const RULES: [&str; 2] = ["heartbeat_period", "persist_period"];

impl Periods {
    pub fn new(plan: &Plan) -> Self {
        let periods = plan.consumers.iter().map(|consumer| {
            [consumer.client.heartbeat_broker_interval, consumer.client.persist_consumer_offset_interval]
        });
        Self { owners: owners(plan), periods: periods.collect(), due: BTreeMap::new(), paused: BTreeSet::new() }
    }

    fn due(&mut self, at: Instant, consumer: ConsumerIndex, task: usize, scene: Scene<'_>, broken: &mut Broken) {
        let Some(last) = self.due.insert((consumer, task), at) else { return };
        let (since, period) = (at.since(last), self.periods[consumer.at()][task]);
        if since > period || (since < period && !self.paused.contains(&consumer)) {
            let who = scene.names.consumer(consumer);
            broken.say(at, RULES[task], format!("{since} and not {period} passed between two of {who}"));
        }
    }
}

impl Law for Periods {
    fn reads(&self) -> Kinds {
        kinds![HeartbeatDue, PersistDue, ConsumerPaused, ConsumerResumed, ConsumerEnded]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::Detail(Detail::HeartbeatDue { consumer }) => self.due(seen.at, consumer, 0, scene, broken),
            Observation::Detail(Detail::PersistDue { consumer }) => self.due(seen.at, consumer, 1, scene, broken),
            Observation::ConsumerPaused { consumer } | Observation::ConsumerResumed { consumer } => {
                let owner = self.owners[consumer.at()];
                self.paused.insert(owner);
                self.due.retain(|(of, _), _| *of != owner);
            }
            Observation::ConsumerEnded { consumer, .. } => {
                let owner = self.owners[consumer.at()];
                self.due.retain(|(of, _), _| *of != owner);
            }
            _ => {}
        }
    }
}
