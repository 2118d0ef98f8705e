//! Offsets that one unfinished message holds, so that a crash takes back what was consumed long before (trap E16).

use std::collections::BTreeMap;

use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Key, Severity, Stage, Trap};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{ConsumeOutcome, End, Kinds, Observation, Observed, kinds};

/// What was finished in one queue of one group and is not committed: offsets, and when.
type Finished = Vec<(u64, Instant)>;

/// The check.
#[derive(Debug, Default)]
pub(super) struct Pinned {
    finished: BTreeMap<Key, Finished>,
    anomalies: Vec<Anomaly>,
}

impl Check for Pinned {
    fn name(&self) -> &'static str {
        "pinned"
    }

    fn reads(&self) -> Kinds {
        kinds![Consumed, Committed, ConsumerEnded]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        match seen.what {
            Observation::Consumed { consumer, queue, offset, outcome: ConsumeOutcome::Success } => {
                self.finished.entry((names.audience_of(consumer), queue)).or_default().push((offset, seen.at));
            }
            Observation::Committed { group, queue, offset, .. } => {
                if let Some(finished) = self.finished.get_mut(&(group, queue)) {
                    finished.retain(|(done, _)| *done >= offset);
                }
            }
            Observation::ConsumerEnded { consumer, end: End::Killed | End::PoweredOff } => {
                let of_audience = |key: &Key| key.0 == names.audience_of(consumer);
                let was_its = |key: &Key| {
                    let mut own = stage.tenures(*key).iter().rev().filter(|tenure| tenure.consumer == consumer);
                    own.next().is_some_and(|tenure| tenure.until == Some(seen.at))
                };
                let long_ago = |at: &Instant| seen.at.since(*at) > stage.timers().persisted;
                for (&key, finished) in self.finished.iter_mut().filter(|(key, _)| of_audience(key) && was_its(key)) {
                    let old: Vec<Instant> =
                        std::mem::take(finished).into_iter().map(|(_, at)| at).filter(long_ago).collect();
                    let Some(from) = old.iter().min() else { continue };
                    let above = old.len() as u64;
                    let detail = format!(
                        "{above} messages of {} were finished long before {} died, the first at {from}, and not \
                         committed, as one before them was not",
                        names.message_queue(key.1),
                        names.consumer(consumer)
                    );
                    let what = (AnomalyKind::ReplayAfterACrash, Cause::SlowMessagePins);
                    let row = Anomaly::new("pinned", what, (seen.at, seen.at), detail);
                    let (severity, trap, count) = (Severity::Note, Some(Trap::E16), above);
                    let (group, queue, consumer) = (Some(key.0), Some(key.1), Some(consumer));
                    self.anomalies.push(Anomaly { severity, group, queue, consumer, count, trap, ..row });
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, _: &Names, findings: &mut Findings) {
        findings.anomalies.append(&mut self.anomalies);
    }
}
