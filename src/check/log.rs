//! The log: what a producer was told is stored and is not there any more, and what stands there twice because its
//! producer was not told.

use std::collections::BTreeMap;

use super::copies::{Copies, HEARD};
use super::keyed::Keyed;
use super::repeated::Repeated;
use super::{Anomaly, AnomalyKind, Cause, Check, Figure, Findings, Key, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{Kinds, LogLoss, Observation, Observed, QueueIndex, kinds};

/// How far one audience has come in one queue.
#[derive(Debug, Default)]
struct Reader {
    /// What is below was handed out, passed over by a start rule, or older than the audience.
    reached: u64,
    deleted: u64,
}

/// Something found: when, where, why, and how many.
type Found = (Instant, QueueIndex, Cause, u64);

/// The check.
#[derive(Debug, Default)]
pub(super) struct Log {
    readers: Keyed<Reader>,
    /// Messages that went with the end of a log: when, from where, and why.
    copies: Copies<(Instant, QueueIndex, LogLoss)>,
    twice: Vec<Found>,
    deleted: Vec<(super::Key, Found)>,
}

impl Log {
    /// All that does not come with every message.
    fn hear_of_changes(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::StartedAt { consumer, queue, offset, .. } => {
                let reader = self.readers.of(Key::of(consumer, queue, names));
                reader.reached = reader.reached.max(offset);
            }
            Observation::TailLost { queue, from, .. } => {
                for &audience in stage.subscribers(names.queue(queue).topic) {
                    let reader = self.readers.of(Key { audience, queue });
                    (reader.reached, reader.deleted) = (reader.reached.min(from), reader.deleted.min(from));
                }
            }
            Observation::HeadDeleted { queue, min, with_topic } => {
                let why = if with_topic { Cause::TopicDeleted } else { Cause::DeletedByRetention };
                self.head_deleted(at, queue, (min, why), stage, names);
            }
            Observation::MessageLost { queue, sent: Some(sent), why, .. } => {
                self.copies.lost(sent, (at, queue, why));
            }
            _ => _ = self.copies.heard(&seen.what),
        }
    }

    fn head_deleted(&mut self, at: Instant, queue: QueueIndex, (min, why): (u64, Cause), stage: &Stage, names: &Names) {
        for &audience in stage.subscribers(names.queue(queue).topic) {
            let reader = self.readers.of(Key { audience, queue });
            let unread = min.saturating_sub(reader.reached.max(reader.deleted));
            reader.deleted = min;
            if unread > 0 && stage.audience_started(audience).is_some() {
                self.deleted.push((Key { audience, queue }, (at, queue, why, unread)));
            }
        }
    }
}

impl Check for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    fn reads(&self) -> Kinds {
        kinds![Delivered, StartedAt, Readable, TailLost, HeadDeleted, MessageLost, Stored, StoredApart].and(HEARD)
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::Delivered { consumer, queue, offset, lost: None, .. } => {
                let reader = self.readers.of(Key::of(consumer, queue, names));
                reader.reached = reader.reached.max(offset + 1);
            }
            Observation::Readable { queue, end } => {
                for &audience in stage.subscribers(names.queue(queue).topic) {
                    let reader = self.readers.of(Key { audience, queue });
                    if stage.audience_started(audience).is_none() {
                        reader.reached = end;
                    }
                }
            }
            Observation::Stored { queue, sent: Some(sent), .. }
            | Observation::StoredApart { queue, sent: Some(sent) } => {
                self.twice.extend(self.copies.stored(sent).map(|cause| (at, queue, cause, 1)));
            }
            _ => self.hear_of_changes(seen, stage, names),
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        let lost: Vec<Found> =
            self.copies.all_lost().map(|(at, queue, why)| (*at, *queue, Cause::from(*why), 1)).collect();
        let deleted: Vec<Found> = self.deleted.iter().map(|(_, found)| *found).collect();
        for window in &mut findings.windows {
            let count = |found: &[Found]| {
                let inside = found.iter().filter(|(at, ..)| window.contains(*at));
                Figure::Count(inside.map(|(.., count)| count).sum())
            };
            let (lost, twice, deleted) = (count(&lost), count(&self.twice), count(&deleted));
            window.set("acknowledged_lost", lost);
            window.set("stored_twice", twice);
            window.set("deleted_unread", deleted);
        }
        let mut sums: BTreeMap<(AnomalyKind, QueueIndex, Cause), Repeated> = BTreeMap::new();
        use AnomalyKind::{AcknowledgedLost, DeletedUnread, StoredTwice};
        for (kind, found) in [(AcknowledgedLost, &lost), (StoredTwice, &self.twice), (DeletedUnread, &deleted)] {
            for &(at, queue, cause, count) in found {
                let sum = sums.entry((kind, queue, cause));
                sum.and_modify(|sum| sum.add(at, count)).or_insert(Repeated::of(at, count));
            }
        }
        for ((kind, queue, cause), Repeated { first: from, last: until, count }) in sums {
            let (place, broker) = (names.message_queue(queue), names.broker(names.queue(queue).broker));
            let detail = match kind {
                AcknowledgedLost if cause == Cause::SlaveBehind => format!(
                    "{count} messages of {place} were acknowledged and had not come over when {broker} got another master"
                ),
                AcknowledgedLost if cause == Cause::TwoMasters => format!(
                    "{count} messages of {place} were acknowledged by the old master of {broker} when there was a new one"
                ),
                AcknowledgedLost => {
                    format!("{count} messages of {place} were acknowledged and not flushed when {broker} lost power")
                }
                StoredTwice => format!(
                    "{count} messages were stored in {place} that were stored already: their producer had not heard of it"
                ),
                _ => format!("{count} messages of {place} were deleted before a group got them"),
            };
            let row = Anomaly::new("log", (kind, cause), (from, until), detail);
            findings.anomalies.push(Anomaly { queue: Some(queue), count, ..row });
        }
    }
}
