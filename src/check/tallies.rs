//! What happens message by message, or pull by pull, and is told once for each member and queue: traps E14, E27, E43.

use std::collections::BTreeMap;

use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Severity, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{ConsumeOutcome, Kinds, Observation, Observed, QueueIndex, kinds};
use crate::model::plan::ConsumerIndex;

/// What is counted, of whom, and of which queue.
type Of = (AnomalyKind, ConsumerIndex, Option<QueueIndex>);

/// The check.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    /// The first moment, the last, how often, and a number that says more.
    sums: BTreeMap<Of, (Instant, Instant, u64, u32)>,
}

/// What an observation is counted as, if it is.
fn counted(what: &Observation) -> Option<(Of, u32)> {
    match *what {
        Observation::Consumed { consumer, queue, outcome: ConsumeOutcome::DiscardedBecauseDropped, .. } => {
            Some(((AnomalyKind::ResultThrownAway, consumer, Some(queue)), 0))
        }
        Observation::DeadLetterAtOnce { consumer, queue } => {
            Some(((AnomalyKind::DeadLetterAtOnce, consumer, Some(queue)), 0))
        }
        Observation::ThresholdSet { consumer, threshold, .. } => {
            Some(((AnomalyKind::ThresholdOverwritten, consumer, None), threshold))
        }
        _ => None,
    }
}

/// The cause of a kind, and what is said of it.
fn said((kind, consumer, queue): Of, (count, number): (u64, u32), names: &Names) -> (Cause, String) {
    let (who, place) = (names.consumer(consumer), queue.map(|queue| names.message_queue(queue).to_string()));
    let place = place.unwrap_or_default();
    match kind {
        AnomalyKind::ResultThrownAway => (
            Cause::DroppedWhileAtWork,
            format!("{who} finished {count} messages of {place} after it had dropped the queue: they come again"),
        ),
        AnomalyKind::DeadLetterAtOnce => (
            Cause::GroupHoldsLocks,
            format!("{count} messages of {place} became dead letters with tries left, as the group holds locks"),
        ),
        _ => (
            Cause::ThresholdForTopic,
            format!("pullThresholdForTopic of {who} set pullThresholdForQueue {count} times, to {number} in the end"),
        ),
    }
}

impl Check for Tallies {
    fn name(&self) -> &'static str {
        "tallies"
    }

    fn reads(&self) -> Kinds {
        kinds![NotConsumed, DeadLetterAtOnce, ThresholdSet]
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, _: &Names) {
        if let Some((of, number)) = counted(&seen.what) {
            let sum = self.sums.entry(of).or_insert((seen.at, seen.at, 0, 0));
            *sum = (sum.0, seen.at, sum.2 + 1, number);
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        for (&of, &(from, until, count, number)) in &self.sums {
            let (kind, consumer, queue) = of;
            let (cause, detail) = said(of, (count, number), names);
            let row = Anomaly::new("tallies", (kind, cause), (from, until), detail);
            let (severity, audience, consumer) = (Severity::Note, Some(names.audience_of(consumer)), Some(consumer));
            findings.anomalies.push(Anomaly { severity, audience, queue, consumer, count, ..row });
        }
    }
}
