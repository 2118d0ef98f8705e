//! Broadcasting: what its members do without a word (messages that failed are dropped), and what people get wrong with
//! it (one offset file for two processes, a group of two models).

use std::collections::BTreeMap;

use super::repeated::Repeated;
use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Key, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{ConsumeOutcome, Kinds, Observation, Observed, kinds};
use crate::model::plan::ConsumerIndex;

/// The check.
#[derive(Debug, Default)]
pub(super) struct Broadcasting {
    anomalies: Vec<Anomaly>,
    /// First and last moment, and how many.
    dropped: BTreeMap<(Key, ConsumerIndex), Repeated>,
}

impl Broadcasting {
    fn note(&mut self, at: Instant, what: (AnomalyKind, Cause), consumer: ConsumerIndex, detail: String) {
        let row = Anomaly::new("broadcasting", what, (at, at), detail);
        self.anomalies.push(Anomaly { consumer: Some(consumer), ..row });
    }
}

impl Check for Broadcasting {
    fn name(&self) -> &'static str {
        "broadcasting"
    }

    fn reads(&self) -> Kinds {
        kinds![ConsumerStarting, NotConsumed]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        match seen.what {
            Observation::ConsumerStarting { consumer, client } => {
                let others = || stage.seats().filter(|(other, seat)| *other != consumer && seat.alive);
                if let Some((other, _)) = others().find(|(other, _)| stage.share_offset_file(consumer, *other, names)) {
                    let (who, with) = (names.consumer(consumer), names.consumer(other));
                    let detail =
                        format!("{who} and {with} keep their offsets in one file, that of {}", names.client(client));
                    let what = (AnomalyKind::SharedOffsetFile, Cause::SharedOffsetFile);
                    self.note(seen.at, what, consumer, detail);
                }
                let group = names.group_of(consumer);
                let broadcasts = |who| names.is_one_member(names.audience_of(who));
                let differs = |other| names.group_of(other) == group && broadcasts(other) != broadcasts(consumer);
                if let Some((other, _)) = others().find(|(other, _)| differs(*other)) {
                    let words = |who| if broadcasts(who) { "BROADCASTING" } else { "CLUSTERING" };
                    let detail = format!(
                        "{} says {} and {} says {} in group {}: the latest heartbeat decides, and all stand in the list",
                        names.consumer(consumer),
                        words(consumer),
                        names.consumer(other),
                        words(other),
                        names.group(group)
                    );
                    let what = (AnomalyKind::MixedMessageModels, Cause::MixedMessageModels);
                    self.note(seen.at, what, consumer, detail);
                }
            }
            Observation::Consumed { consumer, queue, outcome: ConsumeOutcome::Dropped, .. } => {
                let key = Key::of(consumer, queue, names);
                Repeated::note(self.dropped.entry((key, consumer)), seen.at);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        findings.anomalies.append(&mut self.anomalies);
        for ((Key { audience, queue }, consumer), Repeated { first: from, last: until, count }) in
            std::mem::take(&mut self.dropped)
        {
            let (who, queue_name) = (names.consumer(consumer), names.message_queue(queue));
            let detail = format!("{count} messages of {queue_name} failed at {who} and never come again");
            let cause = match names.is_one_member(audience) {
                true => Cause::BroadcastingDoesNotRetry,
                false => Cause::GoLosesWhatIsSuspended,
            };
            let what = (AnomalyKind::FailedAndDropped, cause);
            let row = Anomaly::new("broadcasting", what, (from, until), detail);
            let (audience, queue, consumer) = (Some(audience), Some(queue), Some(consumer));
            findings.anomalies.push(Anomaly { audience, queue, consumer, count, ..row });
        }
    }
}
