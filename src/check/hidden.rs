//! Hidden: messages that producers put into queues that no consumer is shown (trap E45).

use std::collections::BTreeMap;

use super::moments::Moments;
use super::{Anomaly, AnomalyKind, Cause, Check, Figure, Findings, Measure, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{Kinds, Observation, Observed, QueueIndex, kinds};

/// The check.
#[derive(Debug)]
pub(super) struct Hidden {
    named: Vec<Instant>,
    stored: BTreeMap<QueueIndex, Moments>,
}

impl Hidden {
    pub fn new(measure: &Measure) -> Self {
        Self { named: measure.named_times(), stored: BTreeMap::new() }
    }
}

impl Check for Hidden {
    fn name(&self) -> &'static str {
        "hidden"
    }

    fn reads(&self) -> Kinds {
        kinds![Stored]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        if let Observation::Stored { queue, .. } = seen.what
            && !stage.subscribers(names.queue(queue).topic).is_empty()
            && stage.is_hidden(queue, seen.at)
        {
            self.stored.entry(queue).or_default().add(seen.at, stage, &self.named);
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        for window in &mut findings.windows {
            let inside = self.stored.values().map(|moments| moments.inside(window)).sum();
            window.set("hidden", Figure::Count(inside));
        }
        for (&queue, moments) in &self.stored {
            let Some((count, from, until)) = moments.all() else { continue };
            let place = names.message_queue(queue);
            let detail =
                format!("{count} messages went into {place}, which no consumer is shown: raise readQueueNums first");
            let what = (AnomalyKind::HiddenMessages, Cause::QueueIsHidden);
            let row = Anomaly::new("hidden", what, (from, until), detail);
            findings.anomalies.push(Anomaly { queue: Some(queue), count, ..row });
        }
    }
}
