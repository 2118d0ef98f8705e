//! Delivery: how often a listener got each message; what was lost, skipped, or came twice, and why.

use std::collections::BTreeMap;

use super::copies::{Copies, HEARD};
use super::duplicate_cause::{ZOMBIE_ECHO, duplicate_cause};
use super::hand_outs::extend_run;
use super::keyed::Keyed;
use super::ledger::{ANOTHER_PROCESS, Fate, LOST_LOG_TAIL, Ledger, OLDER_VERSION, TAGS_DIFFER};
use super::losses::Losses;
use super::moments::Moments;
use super::stage::FilteredBy;
use super::{Anomaly, Check, DeliveryRun, Figure, Findings, Key, Measure, Severity, Stage};
use crate::kernel::Instant;
use crate::model::observation::{
    CommitPath, ConsumeOutcome, Kinds, LogLoss, Observation, Observed, QueueIndex, StartRule, kinds,
};
use crate::model::plan::{ConsumerIndex, GroupIndex, PlantedMistake};
use crate::model::{Names, TopicKind};

/// An operator set the offsets of the group.
const BY_THE_OPERATOR: &str = "operator_reset_offsets";
/// The check.
#[derive(Debug)]
pub(super) struct Delivery {
    rows: bool,
    /// Times at which windows begin or end.
    named: Vec<Instant>,
    ledgers: Keyed<Ledger>,
    delivered: Moments,
    duplicates: BTreeMap<(Key, ConsumerIndex, &'static str), Moments>,
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
        alone: bool,
        stage: &Stage,
    ) {
        self.delivered.add(at, stage, &self.named);
        let ledger = self.ledgers.of(key);
        let mut cause = None;
        if let Some(before) = ledger.give(offset, consumer, lost) {
            let interrupted = ledger.was_interrupted(before, offset);
            let in_a_life_before = ledger.ended.get(&before).is_some_and(|end| offset < *end);
            let by_broker =
                ledger.taken_back.filter(|(from, to, _)| (*from..*to).contains(&offset)).map(|(.., why)| why);
            let put_back = ledger.put_back.filter(|(by, _)| *by == consumer && before == consumer);
            let found = || match duplicate_cause(
                at,
                (before, consumer),
                key,
                by_broker,
                (interrupted, in_a_life_before),
                stage,
            ) {
                "rewind" if alone && stage.has_new_id(consumer) => "new_client_id_has_no_file",
                "rewind" if alone && stage.seat(consumer).ended.is_some() => ANOTHER_PROCESS,
                "rewind" if !alone && stage.restarted_in_order(consumer, ZOMBIE_ECHO) => "finished_after_last_commit",
                why => why,
            };
            let why = put_back.map_or_else(found, |(_, why)| why);
            cause = Some(why);
            self.duplicates.entry((key, consumer, why)).or_default().add(at, stage, &self.named);
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
            let duplicates: u64 = self.duplicates.values().map(|moments| moments.inside(window)).sum();
            window.set("duplicates", Figure::Count(duplicates.saturating_sub(forgotten)));
        }
        let mut causes: BTreeMap<&'static str, u64> = BTreeMap::new();
        for ((key, consumer, cause), moments) in &self.duplicates {
            let count = findings.windows.first().map_or(0, |window| moments.inside(window));
            *causes.entry(cause).or_default() += count;
            let Some((count, from, until)) = moments.all() else { continue };
            findings.anomalies.push(Anomaly {
                check: "delivery",
                severity: Severity::Warning,
                from,
                until,
                kind: "duplicates",
                group: Some(key.0),
                queue: Some(key.1),
                consumer: Some(*consumer),
                count,
                cause,
                trap: match *cause {
                    "interrupted_listener" | "finished_after_last_commit" => "E31",
                    "handover_before_commit" => "E13",
                    _ => "",
                },
                detail: format!(
                    "{} got {count} messages of {} that had been handed out before",
                    names.consumer(*consumer),
                    names.message_queue(key.1)
                ),
            });
        }
        findings.duplicate_causes = causes.into_iter().filter(|(_, count)| *count > 0).collect();
        findings.duplicate_causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), *cause));
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
            Consumed,
            ConsumerEnded,
            SentBack,
            TailLost,
            MessageLost,
            Stored,
            StoredApart,
            RetryLost
        ]
        .and(HEARD)
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::Delivered { consumer, queue, offset, reconsume_times, lost, .. } => {
                let key = (names.audience_of(consumer), queue);
                let alone = names.is_one_member(key.0);
                self.delivered(at, consumer, (key, offset, lost), reconsume_times > 0, alone, stage);
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
                        CommitPath::SlaveCopy => "slave_offsets_are_older",
                        CommitPath::MasterReturned => "master_returned_with_old_offsets",
                        CommitPath::TopicDeleted => "topic_deleted",
                        CommitPath::GroupDeleted => "group_deleted",
                        _ => "broker_offset_loss",
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
                let word = if rule == StartRule::Maximum { "start_at_maximum" } else { "start_at_timestamp" };
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
                    (_, true) => "deleted_by_retention",
                    _ => "offset_illegal",
                };
                ledger.passed.push((asked, corrected, at, rule, Some(consumer)));
            }
            Observation::Filtered { consumer, queue, offset, tag } => {
                let audience = names.audience_of(consumer);
                let wanted = stage.wants(audience, names.queue(queue).topic, tag, names);
                let found = wanted.then(|| {
                    let rule = match stage.why_filtered(consumer, queue, names) {
                        FilteredBy::AnOlderVersion => OLDER_VERSION,
                        FilteredBy::OtherTags => TAGS_DIFFER,
                        FilteredBy::Nobody => "unknown",
                    };
                    (consumer, at, rule)
                });
                self.ledgers.of((audience, queue)).filtered.insert(offset, found);
            }
            Observation::HeadDeleted { queue, min, with_topic: false } => drop(self.deleted.insert(queue, min)),
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
                let how = if outcome == ConsumeOutcome::Suspended { "suspended" } else { "rolled_back" };
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
            let mut by_rule: BTreeMap<(&'static str, Option<ConsumerIndex>), (u64, Instant, Instant)> = BTreeMap::new();
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
            let anomaly = |severity, kind, cause, at, consumer, count, detail| Anomaly {
                check: "delivery",
                severity,
                from: at,
                until: at,
                kind,
                group: Some(group),
                queue: Some(queue),
                consumer,
                count,
                cause,
                trap: match cause {
                    "start_at_maximum" if !names.is_one_member(group) => "E28",
                    ANOTHER_PROCESS => "E32",
                    TAGS_DIFFER => "E1",
                    LOST_LOG_TAIL => "E29",
                    _ => "",
                },
                detail,
            };
            for ((rule, consumer), (count, at, until)) in by_rule {
                let place = names.message_queue(queue);
                let detail = match (rule, consumer) {
                    (OLDER_VERSION, Some(consumer)) => format!(
                        "{count} messages of {place} were filtered out: the subscription of {} is older than the one that \
                         {} has, as its clock went back: set the clock right and restart it",
                        names.consumer(consumer),
                        names.broker(names.queue(queue).broker)
                    ),
                    _ => format!("{count} messages of {place} were passed over by {rule}"),
                };
                let found = anomaly(Severity::Violation, "skipped", rule, at, consumer, count, detail);
                findings.anomalies.push(Anomaly { until, ..found });
            }
            if lost_here > 0 {
                let queue_name = names.message_queue(queue);
                let detail = format!(
                    "{lost_here} messages of {queue_name} from offset {first_lost} on were committed and never handed out"
                );
                let (at, until) = lost_at;
                let found = anomaly(Severity::Violation, "lost", "committed_unseen", at, None, lost_here, detail);
                findings.anomalies.push(Anomaly { until, ..found });
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
                let found = anomaly(Severity::Violation, "lost", why.word(), at, None, gone, detail);
                findings.anomalies.push(Anomaly { until, ..found });
            }
            self.runs.extend(ledger.run.take());
        }
        losses.set(names, findings);
        self.tell_duplicates(stage, names, findings);
        self.runs.sort_by_key(|run| (run.group, run.queue, run.from, run.from_offset));
        findings.deliveries = std::mem::take(&mut self.runs);
    }
}
