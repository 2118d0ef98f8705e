//! Rebalances of a topic that the client has no route of: each raises the subscription version and sends a heartbeat to
//! every broker (trap E41).

use std::collections::BTreeMap;

use super::repeated::Repeated;
use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Severity, Stage};
use crate::model::observation::{Kinds, Observation, Observed, TopicRebalance, kinds};
use crate::model::plan::{ConsumerIndex, Plan, TopicIndex};
use crate::model::{Names, TopicKind};

/// The check.
#[derive(Debug)]
pub(super) struct NoRoute {
    /// Consumers that pull: their rebalance tells nobody.
    lite_pull: Vec<bool>,
    /// From when, until when and how often a consumer has had no route.
    open: BTreeMap<(ConsumerIndex, TopicIndex), Repeated>,
    anomalies: Vec<Anomaly>,
}

impl NoRoute {
    /// Nothing has happened yet.
    pub fn new(plan: &Plan) -> Self {
        let lite_pull = plan.consumers.iter().map(|member| member.consumer.lite_pull.is_some()).collect();
        Self { lite_pull, open: BTreeMap::new(), anomalies: Vec::new() }
    }

    fn close(&mut self, (consumer, topic): (ConsumerIndex, TopicIndex), names: &Names) {
        let Some(Repeated { first: from, last: until, count }) = self.open.remove(&(consumer, topic)) else { return };
        let detail =
            format!("{count} rebalances of {} knew no queue of {}", names.consumer(consumer), names.topic(topic).name);
        let row = Anomaly::new("no_route", (AnomalyKind::NoRoute, Cause::NoRoute), (from, until), detail);
        let trap = row.trap.filter(|_| !self.lite_pull[consumer.at()]);
        let (severity, audience, consumer) =
            (Severity::Note, Some(names.audience_of_group(names.group_of(consumer))), Some(consumer));
        self.anomalies.push(Anomaly { severity, audience, consumer, count, trap, ..row });
    }
}

impl Check for NoRoute {
    fn name(&self) -> &'static str {
        "no_route"
    }

    fn reads(&self) -> Kinds {
        kinds![TopicRebalanced]
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, names: &Names) {
        let Observation::TopicRebalanced { consumer, topic, found, .. } = seen.what else { return };
        if found != TopicRebalance::NoRoute {
            self.close((consumer, topic), names);
        } else if names.topic(topic).kind == TopicKind::Normal {
            Repeated::note(self.open.entry((consumer, topic)), seen.at);
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        let open: Vec<_> = self.open.keys().copied().collect();
        open.into_iter().for_each(|key| self.close(key, names));
        findings.anomalies.append(&mut self.anomalies);
    }
}
