//! Sends: what applications were told of messages that no broker has stored, or not where they were to be stored too.

use std::collections::BTreeMap;

use super::moments::Moments;
use super::part::Part;
use super::{Anomaly, AnomalyKind, Cause, Check, Figure, Findings, Measure, Stage};
use crate::model::Names;
use crate::model::observation::{Kinds, Observation, Observed, kinds};
use crate::model::plan::{BrokerIndex, Plan, ProducerIndex, TopicIndex};

/// Who was told, of which broker, and why.
type Told = (ProducerIndex, Option<BrokerIndex>, Cause);

/// The check.
#[derive(Debug)]
pub(super) struct Sends {
    named: Vec<crate::kernel::Instant>,
    /// The topic of each producer.
    topics: Vec<TopicIndex>,
    failed: BTreeMap<Told, Moments>,
    in_doubt: BTreeMap<Told, Moments>,
}

impl Sends {
    pub fn new(plan: &Plan, measure: &Measure) -> Self {
        let topics = plan.producers.iter().map(|producer| producer.topic).collect();
        Self { named: measure.named_times(), topics, failed: BTreeMap::new(), in_doubt: BTreeMap::new() }
    }
}

impl Check for Sends {
    fn name(&self) -> &'static str {
        "sends"
    }

    fn reads(&self) -> Kinds {
        kinds![SendFailed, SendInDoubt]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, _: &Names) {
        let moments = match seen.what {
            Observation::SendFailed { sent, broker, why } => {
                self.failed.entry((sent.producer, broker, why.into())).or_default()
            }
            Observation::SendInDoubt { sent, why } => {
                self.in_doubt.entry((sent.producer, None, why.into())).or_default()
            }
            _ => return,
        };
        moments.add(seen.at, stage, &self.named);
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        for window in &mut findings.windows {
            let inside = |found: &BTreeMap<Told, Moments>| found.values().map(|moments| moments.inside(window)).sum();
            let (failed, in_doubt) = (inside(&self.failed), inside(&self.in_doubt));
            window.set("sends_failed", Figure::Count(failed));
            window.set("sends_in_doubt", Figure::Count(in_doubt));
            for part in Part::all(names) {
                let Part::Topic(topic) = part else { continue };
                let own = self.failed.iter().filter(|((producer, ..), _)| self.topics[producer.at()] == topic);
                let own = own.map(|(_, moments)| moments.inside(window)).sum();
                window.set_of(Some((part, names)), "sends_failed", Figure::Count(own));
            }
        }
        for (kind, found) in [(AnomalyKind::SendsFailed, &self.failed), (AnomalyKind::SendsInDoubt, &self.in_doubt)] {
            for (&(producer, broker, cause), moments) in found {
                let Some((count, from, until)) = moments.all() else { continue };
                let producer = names.producer(producer);
                let detail = match broker {
                    _ if kind == AnomalyKind::SendsInDoubt => {
                        format!("{producer} was told of {count} messages that their broker alone has stored them")
                    }
                    Some(broker) => {
                        let broker = names.broker(broker);
                        format!("{producer} was told that {count} messages could not be sent, at last to {broker}")
                    }
                    None => format!("{producer} was told that {count} messages have no queue to go to"),
                };
                let row = Anomaly::new("sends", (kind, cause), (from, until), detail);
                findings.anomalies.push(Anomaly { count, ..row });
            }
        }
    }
}
