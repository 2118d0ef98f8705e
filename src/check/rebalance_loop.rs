//! Rebalances that end unbalanced and are done again at once, with all their calls (trap E40).

use std::collections::{BTreeMap, BTreeSet};

use super::repeated::Repeated;
use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Severity, Stage};
use crate::model::observation::{Kinds, Observation, Observed, TopicRebalance, kinds};
use crate::model::plan::ConsumerIndex;
use crate::model::{Names, TopicKind};

/// So many rounds on end are a loop: a queue that is locked or whose offset could not be read takes fewer.
const MANY: u64 = 10;

/// The check.
#[derive(Debug, Default)]
pub(super) struct RebalanceLoop {
    /// Since when rebalances of a consumer have ended unbalanced, the last of them, and how many.
    open: BTreeMap<ConsumerIndex, Repeated>,
    anomalies: Vec<Anomaly>,
    /// Who was assigned nothing of a topic that POP comes back through.
    without_pop_retry: BTreeSet<ConsumerIndex>,
}

impl RebalanceLoop {
    fn close(&mut self, consumer: ConsumerIndex, names: &Names) {
        let many = self.open.remove(&consumer).filter(|times| times.count >= MANY);
        let Some(Repeated { first: from, last: until, count }) = many else { return };
        let detail = format!("{count} rebalances of {} on end ended unbalanced", names.consumer(consumer));
        let cause = match self.without_pop_retry.contains(&consumer) {
            true => Cause::PopRetryTopicMissing,
            false => Cause::NotBalanced,
        };
        let row = Anomaly::new("rebalance_loop", (AnomalyKind::RebalanceLoop, cause), (from, until), detail);
        let (severity, audience, consumer) =
            (Severity::Note, Some(names.audience_of_group(names.group_of(consumer))), Some(consumer));
        self.anomalies.push(Anomaly { severity, audience, consumer, count, ..row });
    }
}

impl Check for RebalanceLoop {
    fn name(&self) -> &'static str {
        "rebalance_loop"
    }

    fn reads(&self) -> Kinds {
        kinds![RebalanceEnded, ConsumerEnded, TopicRebalanced]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        match seen.what {
            Observation::RebalanceEnded { consumer, balanced: false, took } => {
                let again = took + stage.timers().again;
                if self.open.get(&consumer).is_some_and(|times| seen.at.since(times.last) > again) {
                    self.close(consumer, names);
                }
                Repeated::note(self.open.entry(consumer), seen.at);
            }
            Observation::RebalanceEnded { consumer, .. } | Observation::ConsumerEnded { consumer, .. } => {
                self.close(consumer, names);
            }
            Observation::TopicRebalanced { consumer, topic, found: TopicRebalance::NoAssignment, .. }
                if matches!(names.topic(topic).kind, TopicKind::PopRetry { .. }) =>
            {
                self.without_pop_retry.insert(consumer);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        let open: Vec<ConsumerIndex> = self.open.keys().copied().collect();
        open.into_iter().for_each(|consumer| self.close(consumer, names));
        findings.anomalies.append(&mut self.anomalies);
    }
}
