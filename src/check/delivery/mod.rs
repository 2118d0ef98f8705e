//! Delivery: how often a listener got each message; what was lost, skipped, or came twice, and why.

use std::collections::BTreeMap;

mod heard;
mod popped;
pub(in crate::check) use popped::{balanced, unrenewed};
mod told;

use super::copies::{Copies, HEARD, LostCopy};
use super::duplicate_cause::{Again, duplicate_cause};
use super::hand_outs::extend_run;
use super::keyed::Keyed;
use super::latency::Latency;
use super::ledger::Ledger;
use super::losses::Losses;
use super::moments::Moments;
use super::{Cause, Check, DeliveryRun, Findings, Key, Measure, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{ConsumeOutcome, Kinds, Observation, Observed, QueueIndex, kinds};
use crate::model::plan::{ConsumerIndex, Plan};

/// An operator set the offsets of the group.
const BY_THE_OPERATOR: Cause = Cause::OperatorResetOffsets;

/// The check.
#[derive(Debug)]
pub(super) struct Delivery {
    rows: bool,
    /// Times at which windows begin or end.
    named: Vec<Instant>,
    ledgers: Keyed<Ledger>,
    delivered: Moments,
    latency: Latency,
    duplicates: BTreeMap<(Key, ConsumerIndex, Cause), Again>,
    retried: Moments,
    dead_lettered: Moments,
    runs: Vec<DeliveryRun>,
    /// Where an operator sent a group's queue; members of a `BROADCASTING` group are told by their next pull.
    reset: BTreeMap<Key, u64>,
    /// First offset left of queues whose heads were deleted.
    deleted: BTreeMap<QueueIndex, u64>,
    /// Messages that a broker lost: where they were, and in which loss they went.
    copies: Copies<LostCopy>,
    /// A group may pop.
    pops: bool,
    flights: popped::Flights,
}

impl Delivery {
    pub fn new(plan: &Plan, measure: &Measure, rows: bool) -> Self {
        Self {
            rows,
            named: measure.named_times(),
            ledgers: Keyed::default(),
            delivered: Moments::default(),
            latency: Latency::new(measure.named_times(), rows),
            duplicates: BTreeMap::new(),
            retried: Moments::default(),
            dead_lettered: Moments::default(),
            runs: Vec::new(),
            reset: BTreeMap::new(),
            deleted: BTreeMap::new(),
            copies: Copies::default(),
            pops: plan.may_pop(),
            flights: popped::Flights::new(plan),
        }
    }

    /// A producer's message is in the log: when is remembered until all audiences have had it.
    fn stored(&mut self, at: Instant, (queue, offset): (QueueIndex, u64), stage: &Stage, names: &Names) {
        let audiences = stage.subscribers(names.queue(queue).topic);
        if !audiences.is_empty() {
            let reached =
                |&audience: &AudienceIndex| self.ledgers.get(Key { audience, queue }).map_or(0, Ledger::reached);
            self.latency.stored(queue, offset, at, || audiences.iter().map(reached).min().unwrap_or(0));
        }
    }

    fn delivered(
        &mut self,
        at: Instant,
        consumer: ConsumerIndex,
        (key, offset, lost): (Key, u64, Option<u32>),
        retry: bool,
        (stage, names): (&Stage, &Names),
    ) {
        self.delivered.add(at, stage, &self.named);
        let mixed = self.modes_are_mixed(key, at, stage, names);
        let ledger = self.ledgers.of(key);
        let mut cause = None;
        if let Some(before) = ledger.give(offset, consumer, lost) {
            let mut why = duplicate_cause(at, (before, consumer), (key, offset), ledger, stage, names);
            if mixed && [Cause::Unknown, Cause::HandoverBeforeCommit, Cause::Rewind].contains(&why) {
                why = Cause::ModeSwitchWindow;
            }
            cause = Some(why);
            let again = self.duplicates.entry((key, consumer, why)).or_default();
            again.moments.add(at, stage, &self.named);
            again.first.get_or_insert_with(|| (before, stage.handed_over(key, (before, consumer), offset)));
        } else {
            ledger.goes_on();
            if retry {
                self.retried.add(at, stage, &self.named);
            } else if lost.is_none() {
                self.latency.handed_out(at, key, offset, (stage, names));
            }
        }
        if lost.is_none() {
            ledger.had(consumer, offset);
        }
        if self.rows {
            extend_run(&mut ledger.run, &mut self.runs, at, consumer, (key, offset), cause);
        }
    }

    /// All that does not come with every message.
    fn hear_of_changes(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::StartedAt { consumer, queue, offset, rule } => {
                self.started_at(at, consumer, (queue, offset), rule, (stage, names));
            }
            Observation::OffsetIllegal { consumer, queue, asked, corrected } if corrected >= asked => {
                self.corrected(at, consumer, queue, (asked, corrected), names);
            }
            Observation::OffsetIllegal { consumer, queue, asked, corrected } if corrected < asked => {
                self.sent_back(at, consumer, queue, (asked, corrected), (stage, names));
            }
            Observation::Filtered { consumer, queue, offset, tag } => {
                self.filtered(at, consumer, (queue, offset), tag, stage, names);
            }
            Observation::HeadDeleted { queue, min, with_topic: false } => drop(self.deleted.insert(queue, min)),
            Observation::Consumed { consumer, queue, offset, outcome } => match outcome {
                ConsumeOutcome::Failed => {
                    self.ledgers.of(Key::of(consumer, queue, names)).failed.insert((offset, consumer), at);
                }
                ConsumeOutcome::Interrupted => {
                    self.ledgers.of(Key::of(consumer, queue, names)).interrupt(consumer, offset);
                }
                ConsumeOutcome::Suspended => self.put_back(consumer, queue, Cause::Suspended, names),
                ConsumeOutcome::RolledBack => self.put_back(consumer, queue, Cause::RolledBack, names),
                _ => {}
            },
            Observation::ConsumerEnded { consumer, .. } => {
                let audience = names.audience_of(consumer);
                for (_, ledger) in self.ledgers.iter_mut().filter(|(key, _)| key.audience == audience) {
                    ledger.end(consumer);
                }
            }
            Observation::SentBack { dead_letter: true, .. } => self.dead_lettered.add(at, stage, &self.named),
            ref what => self.of_the_log(at, what, stage, names),
        }
    }
}

impl Check for Delivery {
    fn name(&self) -> &'static str {
        "delivery"
    }

    fn reads(&self) -> Kinds {
        kinds![
            Delivered,
            Readable,
            Committed,
            StartedAt,
            OffsetIllegal,
            Filtered,
            HeadDeleted,
            NotConsumed,
            ConsumerEnded,
            SentBack,
            TailLost,
            MessageLost,
            Stored,
            StoredApart,
            RetryLost
        ]
        .and(HEARD)
        .and(if self.pops { popped::Flights::READS } else { Kinds::NONE })
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        if self.pops {
            self.flights.observe(at, &seen.what, stage, names);
        }
        match seen.what {
            Observation::Delivered { consumer, queue, offset, reconsume_times, lost, origin } => {
                let key = Key::of(consumer, queue, names);
                if self.is_popped(consumer, key, offset, names) {
                    let (message, told) = ((key, offset, origin), (reconsume_times, lost));
                    return self.delivered_popped(at, consumer, message, told, (stage, names));
                }
                self.delivered(at, consumer, (key, offset, lost), reconsume_times > 0, (stage, names));
            }
            Observation::Readable { queue, end } => {
                for &audience in stage.subscribers(names.queue(queue).topic) {
                    let ledger = self.ledgers.of(Key { audience, queue });
                    ledger.grow(end, at);
                    if stage.audience_started(audience).is_none() && !ledger.addressed {
                        ledger.baseline = end;
                    }
                }
            }
            Observation::Committed { audience, queue, offset, by, path, .. } => {
                self.committed(at, Key { audience, queue }, offset, (by, path), stage);
            }
            Observation::Stored { sent: Some(sent), queue, offset } => {
                _ = self.copies.stored(sent);
                self.stored(at, (queue, offset), stage, names);
            }
            Observation::StoredApart { sent: Some(sent), .. } => _ = self.copies.stored(sent),
            _ => self.hear_of_changes(seen, stage, names),
        }
    }

    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        let mut losses = Losses::default();
        for (key, ledger) in self.ledgers.iter_mut() {
            told::tell_losses(key, (ledger, &self.flights), &mut losses, (stage, names), findings);
            self.runs.extend(ledger.run.take());
        }
        losses.set(names, findings);
        self.latency.set(stage, names, findings);
        self.tell_duplicates(stage, names, findings);
        self.runs.sort_by_key(|run| (run.audience, run.queue, run.from, run.from_offset));
        findings.deliveries = std::mem::take(&mut self.runs);
    }
}
