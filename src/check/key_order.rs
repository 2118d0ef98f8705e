//! Order by key: people give messages of one thing one key, and a queue for each key, so that they come in order. An
//! orderly group promises the order of queues; where a key changes its queue, nothing keeps the old from the new.

use std::collections::{BTreeMap, BTreeSet};

use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{Kinds, Observation, Observed, QueueIndex, kinds};
use crate::model::plan::{ConsumerIndex, Plan, TopicIndex};

/// The messages of one key, as one orderly audience gets them.
#[derive(Debug, Default)]
struct Thread {
    /// The latest that was handed out, by its place among the messages of the key, and its queue.
    latest: Option<(u64, QueueIndex)>,
    /// Handed out and not back: queue, offset and to whom.
    running: BTreeSet<(QueueIndex, u64, ConsumerIndex)>,
    /// Handed out at all.
    known: BTreeSet<u64>,
}

/// Hand-outs of a group against the order of their keys.
#[derive(Debug)]
struct Broken {
    from: Instant,
    until: Instant,
    count: u64,
    consumer: ConsumerIndex,
    queue: QueueIndex,
}

/// The check.
#[derive(Debug, Default)]
pub(super) struct KeyOrder {
    /// Some listener is orderly: otherwise nothing is promised.
    promised: bool,
    /// Key, and place among the messages of the key in the order in which they were stored.
    marks: BTreeMap<(QueueIndex, u64), (u32, u64)>,
    stored: BTreeMap<(TopicIndex, u32), u64>,
    threads: BTreeMap<(AudienceIndex, TopicIndex, u32), Thread>,
    broken: BTreeMap<(AudienceIndex, Cause), Broken>,
}

impl KeyOrder {
    /// Nothing has happened yet.
    pub fn new(plan: &Plan) -> Self {
        Self { promised: super::order::is_promised(plan), ..Self::default() }
    }

    fn delivered(&mut self, at: Instant, consumer: ConsumerIndex, (queue, offset): (QueueIndex, u64), names: &Names) {
        let Some(&(key, place)) = self.marks.get(&(queue, offset)) else { return };
        let audience = names.audience_of(consumer);
        let thread = self.threads.entry((audience, names.queue(queue).topic, key)).or_default();
        let first_time = thread.known.insert(place);
        let overtaken = thread.latest.filter(|(latest, _)| first_time && *latest > place);
        let beside = thread.running.iter().find(|(other, ..)| *other != queue);
        let cause = match (overtaken, beside) {
            (Some((_, other)), _) if other == queue => Some(Cause::CameAfterLaterOnes),
            (Some(_), _) | (None, Some(_)) => Some(Cause::KeyChangedItsQueue),
            (None, None) => None,
        };
        thread.running.insert((queue, offset, consumer));
        if thread.latest.is_none_or(|(latest, _)| latest < place) {
            thread.latest = Some((place, queue));
        }
        if let Some(cause) = cause {
            let new = Broken { from: at, until: at, count: 0, consumer, queue };
            let broken = self.broken.entry((audience, cause)).or_insert(new);
            (broken.until, broken.count) = (at, broken.count + 1);
        }
    }
}

impl Check for KeyOrder {
    fn name(&self) -> &'static str {
        "key_order"
    }

    fn reads(&self) -> Kinds {
        if !self.promised {
            return Kinds::NONE;
        }
        kinds![KeyStored, Delivered, Consumed, NotConsumed, ConsumerEnded]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        match seen.what {
            Observation::KeyStored { queue, offset, key } => {
                let place = self.stored.entry((names.queue(queue).topic, key)).or_default();
                self.marks.insert((queue, offset), (key, *place));
                *place += 1;
            }
            Observation::Delivered { consumer, queue, offset, .. } if stage.is_orderly(names.audience_of(consumer)) => {
                self.delivered(seen.at, consumer, (queue, offset), names);
            }
            Observation::Consumed { consumer, queue, offset, .. } => {
                if let Some(&(key, _)) = self.marks.get(&(queue, offset)) {
                    let thread = (names.audience_of(consumer), names.queue(queue).topic, key);
                    if let Some(thread) = self.threads.get_mut(&thread) {
                        thread.running.remove(&(queue, offset, consumer));
                    }
                }
            }
            Observation::ConsumerEnded { consumer, .. } => {
                self.threads.values_mut().for_each(|thread| thread.running.retain(|(.., who)| *who != consumer));
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        for ((audience, cause), Broken { from, until, count, consumer, queue }) in std::mem::take(&mut self.broken) {
            let detail = format!(
                "{count} messages came beside or after later ones of their key, first at {} from {}",
                names.consumer(consumer),
                names.message_queue(queue)
            );
            let row = Anomaly::new("key_order", (AnomalyKind::KeyOutOfOrder, cause), (from, until), detail);
            let (audience, queue, consumer) = (Some(audience), Some(queue), Some(consumer));
            findings.anomalies.push(Anomaly { audience, queue, consumer, count, ..row });
        }
    }
}
