//! Delivery: how often a listener got each message; what was lost, skipped, or came twice, and why.

use std::collections::BTreeMap;

use super::copies::Copies;
use super::duplicate_cause::{Again, again_words, duplicate_cause};
use super::hand_outs::extend_run;
use super::keyed::Keyed;
use super::ledger::{ANOTHER_PROCESS, Fate, Ledger, OLDER_VERSION, TAGS_DIFFER};
use super::losses::Losses;
use super::moments::Moments;
use super::stage::FilteredBy;
use super::{Anomaly, AnomalyKind, Cause, Check, DeliveryRun, Figure, Findings, Key, Measure, Severity, Stage, Trap};
use crate::kernel::Instant;
use crate::model::observation::{CommitPath, ConsumeOutcome, LogLoss, Observation, Observed, QueueIndex, StartRule};
use crate::model::plan::{ConsumerIndex, GroupIndex, PlantedMistake};
use crate::model::{Names, TopicKind};

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
    duplicates: BTreeMap<(Key, ConsumerIndex, Cause), Again>,
    retried: Moments,
    dead_lettered: Moments,
    runs: Vec<DeliveryRun>,
    /// Where an operator sent a group's queue; members of a `BROADCASTING` group are told by their next pull.
    reset: BTreeMap<(GroupIndex, QueueIndex), u64>,
    /// First offset left of queues whose heads were deleted.
    deleted: BTreeMap<QueueIndex, u64>,
    /// Messages that a broker lost: where they were, and in which loss they went.
    copies: Copies<(QueueIndex, u64, u32)>,
}

impl Delivery {
    pub fn new(measure: &Measure, rows: bool) -> Self {
        Self {
            rows,
            named: measure.named_times(),
            ledgers: Keyed::default(),
            delivered: Moments::default(),
            duplicates: BTreeMap::new(),
            retried: Moments::default(),
            dead_lettered: Moments::default(),
            runs: Vec::new(),
            reset: BTreeMap::new(),
            deleted: BTreeMap::new(),
            copies: Copies::default(),
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
        let ledger = self.ledgers.of(key);
        let mut cause = None;
        if let Some(before) = ledger.give(offset, consumer, lost) {
            let why = duplicate_cause(at, (before, consumer), (key, offset), ledger, stage, names);
            cause = Some(why);
            let again = self.duplicates.entry((key, consumer, why)).or_default();
            again.moments.add(at, stage, &self.named);
            again.first.get_or_insert_with(|| (before, stage.handed_over(key, (before, consumer), offset)));
        } else {
            ledger.put_back = None;
            if retry {
                self.retried.add(at, stage, &self.named);
            }
        }
        if self.rows {
            extend_run(&mut ledger.run, &mut self.runs, at, consumer, (key, offset), cause);
        }
    }

    /// Sets the figures of hand-outs, and names the duplicates with their causes.
    fn tell_duplicates(&self, stage: &Stage, names: &Names, findings: &mut Findings) {
        let forgets = stage.planted(PlantedMistake::FirstDuplicateNotCounted);
        let forgotten = if forgets { self.duplicates.len() as u64 } else { 0 };
        for window in &mut findings.windows {
            window.set("delivered", Figure::Count(self.delivered.inside(window)));
            window.set("retried", Figure::Count(self.retried.inside(window)));
            window.set("dead_lettered", Figure::Count(self.dead_lettered.inside(window)));
            let duplicates: u64 = self.duplicates.values().map(|again| again.moments.inside(window)).sum();
            window.set("duplicates", Figure::Count(duplicates.saturating_sub(forgotten)));
        }
        let mut causes: BTreeMap<Cause, u64> = BTreeMap::new();
        for ((key, consumer, cause), Again { moments, first }) in &self.duplicates {
            let count = findings.windows.first().map_or(0, |window| moments.inside(window));
            *causes.entry(*cause).or_default() += count;
            let Some((count, from, until)) = moments.all() else { continue };
            let detail = again_words((*consumer, key.1), (count, *cause), *first, names);
            let row = Anomaly::new("delivery", (AnomalyKind::Duplicates, *cause), (from, until), detail);
            // Only what belongs to a hand-over or a stop: other traps have shown where they sprang.
            let trap = row.trap.filter(|trap| [Trap::E13, Trap::E31].contains(trap));
            let (group, queue, consumer) = (Some(key.0), Some(key.1), Some(*consumer));
            findings.anomalies.push(Anomaly { group, queue, consumer, count, trap, ..row });
        }
        findings.duplicate_causes = causes.into_iter().filter(|(_, count)| *count > 0).collect();
        findings.duplicate_causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), *cause));
    }
}

impl Check for Delivery {
    fn name(&self) -> &'static str {
        "delivery"
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::Delivered { consumer, queue, offset, reconsume_times, lost, .. } => {
                let key = (names.audience_of(consumer), queue);
                self.delivered(at, consumer, (key, offset, lost), reconsume_times > 0, (stage, names));
            }
            Observation::Readable { queue, end } => {
                for &group in stage.subscribers(names.queue(queue).topic) {
                    let ledger = self.ledgers.of((group, queue));
                    ledger.grow(end, at);
                    if stage.group_started(group).is_none() && !ledger.addressed {
                        ledger.baseline = end;
                    }
                }
            }
            Observation::Committed { group, queue, offset, by, path, .. } => {
                let ledger = self.ledgers.of((group, queue));
                if path == CommitPath::OperatorReset {
                    self.reset.insert((group, queue), offset);
                    let never_ran = stage.group_started(group).is_none();
                    let first = self.deleted.get(&queue).copied().unwrap_or(0);
                    ledger.sent_to(offset, at, BY_THE_OPERATOR, never_ran.then_some(first));
                } else if by.is_none() && offset < ledger.committed {
                    let why = match path {
                        CommitPath::SlaveCopy => Cause::SlaveOffsetsAreOlder,
                        CommitPath::MasterReturned => Cause::MasterReturnedWithOldOffsets,
                        CommitPath::TopicDeleted => Cause::TopicDeleted,
                        CommitPath::GroupDeleted => Cause::GroupDeleted,
                        _ => Cause::BrokerOffsetLoss,
                    };
                    ledger.taken_back = Some((offset, ledger.committed, why));
                }
                ledger.commit(offset, at);
            }
            Observation::StartedAt {
                consumer,
                queue,
                offset,
                rule: rule @ (StartRule::Maximum | StartRule::Timestamp),
            } => {
                let word = if rule == StartRule::Maximum { Cause::StartAtMaximum } else { Cause::StartAtTimestamp };
                let key = (names.audience_of(consumer), queue);
                let ledger = self.ledgers.of(key);
                if names.is_one_member(key.0) && !std::mem::replace(&mut ledger.begun, true) {
                    // What was sent before a `BROADCASTING` member first looked was not meant for it.
                    ledger.baseline = ledger.baseline.max(offset);
                } else {
                    ledger.passed.push((0, offset, at, word, Some(consumer)));
                }
            }
            // The file of a `BROADCASTING` member says no more than it consumed, unless another process wrote it.
            Observation::StartedAt { consumer, queue, offset, rule: StartRule::Stored }
                if names.is_one_member(names.audience_of(consumer)) =>
            {
                let ledger = self.ledgers.of((names.audience_of(consumer), queue));
                ledger.begun = true;
                ledger.passed.push((0, offset, at, ANOTHER_PROCESS, Some(consumer)));
            }
            Observation::StartedAt { consumer, queue, .. } => {
                self.ledgers.of((names.audience_of(consumer), queue)).begun = true;
            }
            Observation::OffsetIllegal { consumer, queue, asked, corrected } if corrected > asked => {
                let ledger = self.ledgers.of((names.audience_of(consumer), queue));
                // What was deleted before anybody read it is nobody's mistake but the retention's.
                let deleted = self.deleted.get(&queue).is_some_and(|min| corrected <= *min);
                let reset = self.reset.get(&(names.group_of(consumer), queue)) == Some(&corrected);
                let rule = match (reset, deleted) {
                    (true, _) => BY_THE_OPERATOR,
                    (_, true) => Cause::DeletedByRetention,
                    _ => Cause::OffsetIllegal,
                };
                ledger.passed.push((asked, corrected, at, rule, Some(consumer)));
            }
            Observation::OffsetIllegal { consumer, queue, asked, corrected } if corrected < asked => {
                self.ledgers.of((names.audience_of(consumer), queue)).corrected = Some((consumer, corrected, asked));
            }
            Observation::Filtered { consumer, queue, offset, tag } => {
                let audience = names.audience_of(consumer);
                let wanted = stage.wants(audience, names.queue(queue).topic, tag, names);
                let found = wanted.then(|| {
                    let rule = match stage.why_filtered(consumer, queue, names) {
                        FilteredBy::AnOlderVersion => OLDER_VERSION,
                        FilteredBy::OtherTags => TAGS_DIFFER,
                        FilteredBy::Nobody => Cause::Unknown,
                    };
                    (consumer, at, rule)
                });
                self.ledgers.of((audience, queue)).filtered.insert(offset, found);
            }
            Observation::HeadDeleted { queue, min, with_topic: false } => drop(self.deleted.insert(queue, min)),
            Observation::Consumed { consumer, queue, offset, outcome: ConsumeOutcome::Failed } => {
                self.ledgers.of((names.audience_of(consumer), queue)).failed.insert((offset, consumer), at);
            }
            Observation::Consumed { consumer, queue, offset, outcome: ConsumeOutcome::Interrupted } => {
                self.ledgers.of((names.audience_of(consumer), queue)).interrupt(consumer, offset);
            }
            Observation::ConsumerEnded { consumer, .. } => {
                let audience = names.audience_of(consumer);
                for (_, ledger) in self.ledgers.iter_mut().filter(|(key, _)| key.0 == audience) {
                    ledger.end(consumer);
                }
            }
            Observation::Consumed {
                consumer,
                queue,
                outcome: outcome @ (ConsumeOutcome::Suspended | ConsumeOutcome::RolledBack),
                ..
            } => {
                let how = if outcome == ConsumeOutcome::Suspended { Cause::Suspended } else { Cause::RolledBack };
                self.ledgers.of((names.group_of(consumer), queue)).put_back = Some((consumer, how));
            }
            Observation::SentBack { dead_letter: true, .. } => self.dead_lettered.add(at, stage, &self.named),
            Observation::TailLost { queue, from, loss, why } => {
                self.deleted.retain(|of, min| *of != queue || *min <= from);
                for &group in stage.subscribers(names.queue(queue).topic) {
                    self.ledgers.of((group, queue)).lose(from, (loss, why), at);
                }
            }
            Observation::MessageLost { queue, offset, loss, sent, .. } => {
                if sent.is_some_and(|sent| !self.copies.lost(sent, (queue, offset, loss))) {
                    return;
                }
                let started = |group: &&GroupIndex| stage.group_started(**group).is_some();
                for &group in stage.subscribers(names.queue(queue).topic).iter().filter(started) {
                    self.ledgers.of((group, queue)).miss(offset);
                }
            }
            Observation::Stored { sent: Some(sent), .. } | Observation::StoredApart { sent: Some(sent), .. } => {
                _ = self.copies.stored(sent);
            }
            Observation::RetryLost { group, origin: (queue, _) } => {
                self.ledgers.of((group, queue)).retries_lost.push(at)
            }
            _ => {
                if let Some((queue, offset, loss)) = self.copies.heard(&seen.what) {
                    for &group in stage.subscribers(names.queue(queue).topic) {
                        self.ledgers.of((group, queue)).excuse(offset, loss);
                    }
                }
            }
        }
    }

    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        let mut losses = Losses::default();
        for ((group, queue), ledger) in self.ledgers.iter_mut() {
            let retry = matches!(names.topic(names.queue(queue).topic).kind, TopicKind::Retry(_));
            let owner = names.group_of_audience(group);
            let mut by_rule: BTreeMap<(Cause, Option<ConsumerIndex>), (u64, Instant, Instant)> = BTreeMap::new();
            let (mut lost_here, mut first_lost, mut lost_at) = (0, 0, (Instant::ZERO, Instant::ZERO));
            for (offset, fate) in ledger.fates() {
                match fate {
                    Fate::Settled => {}
                    Fate::PassedOver(rule, consumer, at) => {
                        let (count, from, until) = by_rule.entry((rule, consumer)).or_insert((0, at, at));
                        (*count, *from, *until) = (*count + 1, at.min(*from), at.max(*until));
                        losses.skipped.add(owner, at, 1);
                    }
                    Fate::Lost(at) => {
                        (first_lost, lost_at) = if lost_here == 0 { (offset, (at, at)) } else { (first_lost, lost_at) };
                        lost_at = (at.min(lost_at.0), at.max(lost_at.1));
                        lost_here += 1;
                        let forgotten = lost_here == 1 && stage.planted(PlantedMistake::LostOffByOne);
                        losses.lost.add(owner, at, u64::from(!forgotten));
                    }
                    Fate::Waits if retry || stage.is_absent(group) => {}
                    Fate::Waits => {
                        let waits = u64::from(stage.waits_for((group, queue), offset, names));
                        *losses.undelivered.entry(owner).or_default() += waits;
                    }
                }
            }
            let anomaly = |what, times, count, detail| {
                let (severity, group, queue) = (Severity::Violation, Some(group), Some(queue));
                Anomaly { severity, group, queue, count, ..Anomaly::new("delivery", what, times, detail) }
            };
            for ((rule, consumer), (count, at, until)) in by_rule {
                let place = names.message_queue(queue);
                // That the file is another's is said where another wrote it.
                let anothers = consumer.is_some_and(|consumer| stage.has_anothers_file(consumer, names));
                let rule = if rule == ANOTHER_PROCESS && !anothers { Cause::Unknown } else { rule };
                let detail = match (rule, consumer) {
                    (OLDER_VERSION, Some(consumer)) => format!(
                        "{count} messages of {place} were filtered out: the subscription of {} is older than the one that \
                         {} has, as its clock went back: set the clock right and restart it",
                        names.consumer(consumer),
                        names.broker(names.queue(queue).broker)
                    ),
                    _ => format!("{count} messages of {place} were passed over by {rule}"),
                };
                let mut found = anomaly((AnomalyKind::Skipped, rule), (at, until), count, detail);
                found.consumer = consumer;
                // What was sent before a `BROADCASTING` member first looked was not meant for it.
                if rule == Cause::StartAtMaximum && names.is_one_member(group) {
                    found.trap = None;
                }
                findings.anomalies.push(found);
            }
            if lost_here > 0 {
                let queue_name = names.message_queue(queue);
                let detail = format!(
                    "{lost_here} messages of {queue_name} from offset {first_lost} on were committed and never handed out"
                );
                let what = (AnomalyKind::Lost, Cause::CommittedUnseen);
                findings.anomalies.push(anomaly(what, lost_at, lost_here, detail));
            }
            for (why, moments) in ledger.lost_unseen() {
                moments.iter().for_each(|(at, gone)| losses.lost.add(owner, *at, *gone));
                let gone = moments.values().sum();
                let (Some((&at, _)), Some((&until, _))) = (moments.first_key_value(), moments.last_key_value()) else {
                    continue;
                };
                let (queue_name, broker) = (names.message_queue(queue), names.broker(names.queue(queue).broker));
                let how = match why {
                    LogLoss::Deposed => format!("went with what the old master of {broker} had stored alone"),
                    LogLoss::SlaveBehind => format!("had not come over when {broker} got another master"),
                    _ => format!("went with {broker}'s memory"),
                };
                let detail = format!("{gone} messages of {queue_name} were acknowledged and {how}");
                findings.anomalies.push(anomaly((AnomalyKind::Lost, why.into()), (at, until), gone, detail));
            }
            self.runs.extend(ledger.run.take());
        }
        losses.set(names, findings);
        self.tell_duplicates(stage, names, findings);
        self.runs.sort_by_key(|run| (run.group, run.queue, run.from, run.from_offset));
        findings.deliveries = std::mem::take(&mut self.runs);
    }
}
