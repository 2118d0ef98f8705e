//! Delivery: how often a listener got each message; what was lost, skipped, or came twice, and why.

use std::collections::BTreeMap;

use super::keyed::Keyed;
use super::{Anomaly, Check, DeliveryRun, Figure, Findings, Key, Severity, Stage};
use crate::kernel::{Instant, Span};
use crate::model::observation::{CommitPath, ConsumeOutcome, End, Observation, Observed, QueueIndex, StartRule};
use crate::model::plan::ConsumerIndex;
use crate::model::{Names, TopicKind};

/// Deliveries of one run of `deliveries.csv` are less than this apart.
const RUN_GAP: Span = Span::from_millis(500);
/// How long what a zombie did may come twice: it consumes and commits from its old offsets until it lets go.
const ZOMBIE_ECHO: Span = Span::from_secs(30);
/// The offset file of a `BROADCASTING` member says what another process wrote.
const ANOTHER_PROCESS: &str = "offset_of_another_process";
/// An operator set the offsets of the group.
const BY_THE_OPERATOR: &str = "operator_reset_offsets";
/// Members of one group take different tags: the newest heartbeat filters for all, and each client for itself.
const TAGS_DIFFER: &str = "subscriptions_differ";
/// Nobody has had the message yet.
const NOBODY: ConsumerIndex = ConsumerIndex::MAX;

/// One queue of one group.
#[derive(Debug, Default)]
struct Ledger {
    /// By offset: how often it was handed out, and to whom last.
    times: Vec<u8>,
    last: Vec<ConsumerIndex>,
    readable: u64,
    committed: u64,
    /// Readable end when the group first started: what is older is nobody's loss.
    baseline: u64,
    /// Offsets that a rule passed over.
    skipped: Vec<(u64, u64, Instant, &'static str, ConsumerIndex)>,
    /// Offsets that the broker took back, when it came up or for its operator, and the word for it.
    taken_back: Option<(u64, u64, &'static str)>,
    /// Somebody has begun to read it.
    begun: bool,
    run: Option<DeliveryRun>,
    /// Offsets that were filtered out, and where a member of the group had wanted them, whose filter it was, and when.
    filtered: BTreeMap<u64, Option<(ConsumerIndex, Instant)>>,
    /// An orderly consumer has put messages back, and this is why.
    put_back: Option<(ConsumerIndex, &'static str)>,
}

/// A count with its moment.
type Moment = (Instant, u64);

/// The check.
#[derive(Debug)]
pub(super) struct Delivery {
    rows: bool,
    ledgers: Keyed<Ledger>,
    delivered: Vec<Moment>,
    duplicates: BTreeMap<(Key, ConsumerIndex, &'static str), Vec<Moment>>,
    retried: Vec<Moment>,
    dead_lettered: Vec<Moment>,
    runs: Vec<DeliveryRun>,
    interrupted: Vec<ConsumerIndex>,
    /// First offset left of queues whose heads were deleted.
    deleted: BTreeMap<QueueIndex, u64>,
}

impl Delivery {
    pub fn new(rows: bool) -> Self {
        Self {
            rows,
            ledgers: Keyed::default(),
            delivered: Vec::new(),
            duplicates: BTreeMap::new(),
            retried: Vec::new(),
            dead_lettered: Vec::new(),
            runs: Vec::new(),
            interrupted: Vec::new(),
            deleted: BTreeMap::new(),
        }
    }

    fn delivered(
        &mut self,
        at: Instant,
        consumer: ConsumerIndex,
        (key, offset): (Key, u64),
        retry: bool,
        alone: bool,
        stage: &Stage,
    ) {
        add(&mut self.delivered, at);
        let ledger = self.ledgers.of(key);
        let index = usize::try_from(offset).expect("offsets of a run fit into memory");
        if ledger.times.len() <= index {
            ledger.times.resize(index + 1, 0);
            ledger.last.resize(index + 1, NOBODY);
        }
        let before = ledger.last[index];
        ledger.times[index] = ledger.times[index].saturating_add(1);
        ledger.last[index] = consumer;
        let mut cause = None;
        if before != NOBODY {
            let interrupted = self.interrupted.contains(&before);
            let by_broker =
                ledger.taken_back.filter(|(from, to, _)| (*from..*to).contains(&offset)).map(|(.., why)| why);
            let put_back = ledger.put_back.filter(|(by, _)| *by == consumer && before == consumer);
            let found = || match duplicate_cause(at, (before, consumer), key, by_broker, interrupted, stage) {
                "rewind" if alone && stage.has_new_id(consumer) => "new_client_id_has_no_file",
                "rewind" if alone && stage.seat(consumer).ended.is_some() => ANOTHER_PROCESS,
                "rewind" if !alone && stage.restarted_in_order(consumer, ZOMBIE_ECHO) => "finished_after_last_commit",
                why => why,
            };
            let why = put_back.map_or_else(found, |(_, why)| why);
            cause = Some(why);
            add(self.duplicates.entry((key, consumer, why)).or_default(), at);
        } else {
            ledger.put_back = None;
            if retry {
                add(&mut self.retried, at);
            }
        }
        if self.rows {
            extend_run(&mut ledger.run, &mut self.runs, at, consumer, (key, offset), cause);
        }
    }
}

/// Counts one more at a moment.
fn add(moments: &mut Vec<Moment>, at: Instant) {
    match moments.last_mut() {
        Some((last, count)) if *last == at => *count += 1,
        _ => moments.push((at, 1)),
    }
}

/// Why a message that `before` had been given was given to `now_with`.
fn duplicate_cause(
    at: Instant,
    (before, now_with): (ConsumerIndex, ConsumerIndex),
    key: Key,
    by_broker: Option<&'static str>,
    interrupted: bool,
    stage: &Stage,
) -> &'static str {
    let seat = stage.seat(before);
    let recently = |moment: Option<Instant>| moment.is_some_and(|moment| at.since(moment) < ZOMBIE_ECHO);
    if before != now_with && seat.alive && seat.client == stage.seat(now_with).client {
        return "duplicate_client_id";
    }
    if let Some(why) = by_broker {
        return why;
    }
    if recently(stage.seat(now_with).returned) {
        return "zombie_came_back";
    }
    if recently(seat.returned) || seat.paused || !seat.cut_off.is_empty() {
        return "zombie_owner";
    }
    // A process that ended before this delivery: the last thing that happened to it is why.
    let restarted = seat.started > seat.ended.map(|(ended, _)| ended);
    match seat.ended {
        Some((_, End::Killed | End::PoweredOff | End::StartFailed)) if !seat.alive || restarted => "crash_lag",
        Some((_, End::Shutdown)) if interrupted && (!seat.alive || restarted) => "interrupted_listener",
        Some((_, End::Shutdown)) if !seat.alive => "finished_after_last_commit",
        _ if before == now_with => "rewind",
        _ if stage.holds(key, before) => "double_ownership",
        _ => "handover_before_commit",
    }
}

fn extend_run(
    run: &mut Option<DeliveryRun>,
    runs: &mut Vec<DeliveryRun>,
    at: Instant,
    consumer: ConsumerIndex,
    ((group, queue), offset): (Key, u64),
    duplicate_cause: Option<&'static str>,
) {
    if let Some(open) = run {
        let follows = open.to_offset + 1 == offset && at.since(open.until) < RUN_GAP;
        if follows && open.consumer == consumer && open.duplicate_cause == duplicate_cause {
            (open.to_offset, open.until) = (offset, at);
            return;
        }
        runs.extend(run.take());
    }
    let (from_offset, to_offset) = (offset, offset);
    *run = Some(DeliveryRun { group, queue, consumer, from_offset, to_offset, from: at, until: at, duplicate_cause });
}

impl Check for Delivery {
    fn name(&self) -> &'static str {
        "delivery"
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::Delivered { consumer, queue, offset, reconsume_times, .. } => {
                let key = (names.audience_of(consumer), queue);
                let alone = names.is_one_member(key.0);
                self.delivered(at, consumer, (key, offset), reconsume_times > 0, alone, stage);
            }
            Observation::Readable { queue, end } => {
                for &group in stage.subscribers(names.queue(queue).topic) {
                    let ledger = self.ledgers.of((group, queue));
                    ledger.readable = end;
                    if stage.group_started(group).is_none() {
                        ledger.baseline = end;
                    }
                }
            }
            Observation::Committed { group, queue, offset, by, path, .. } => {
                let ledger = self.ledgers.of((group, queue));
                if path == CommitPath::OperatorReset {
                    ledger.taken_back = Some((offset, ledger.times.len() as u64, BY_THE_OPERATOR));
                    ledger.skipped.push((ledger.committed, offset, at, BY_THE_OPERATOR, NOBODY));
                } else if by.is_none() && offset < ledger.committed {
                    ledger.taken_back = Some((offset, ledger.committed, "broker_offset_loss"));
                }
                ledger.committed = offset;
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
                    ledger.skipped.push((0, offset, at, word, consumer));
                }
            }
            // The file of a `BROADCASTING` member says no more than it consumed, unless another process wrote it.
            Observation::StartedAt { consumer, queue, offset, rule: StartRule::Stored }
                if names.is_one_member(names.audience_of(consumer)) =>
            {
                let ledger = self.ledgers.of((names.audience_of(consumer), queue));
                ledger.begun = true;
                ledger.skipped.push((0, offset, at, ANOTHER_PROCESS, consumer));
            }
            Observation::StartedAt { consumer, queue, .. } => {
                self.ledgers.of((names.audience_of(consumer), queue)).begun = true;
            }
            Observation::OffsetIllegal { consumer, queue, asked, corrected } if corrected > asked => {
                let ledger = self.ledgers.of((names.audience_of(consumer), queue));
                // What was deleted before anybody read it is nobody's mistake but the retention's.
                let deleted = self.deleted.get(&queue).is_some_and(|min| corrected <= *min);
                let rule = if deleted { "deleted_by_retention" } else { "offset_illegal" };
                ledger.skipped.push((asked, corrected, at, rule, consumer));
            }
            Observation::Filtered { consumer, queue, offset, tag } => {
                let audience = names.audience_of(consumer);
                let wanted = stage.wants(audience, names.queue(queue).topic, tag, names);
                self.ledgers.of((audience, queue)).filtered.insert(offset, wanted.then_some((consumer, at)));
            }
            Observation::HeadDeleted { queue, min } => drop(self.deleted.insert(queue, min)),
            Observation::Consumed { consumer, outcome: ConsumeOutcome::Interrupted, .. }
                if !self.interrupted.contains(&consumer) =>
            {
                self.interrupted.push(consumer);
            }
            Observation::Consumed { consumer, queue, outcome: ConsumeOutcome::Suspended, .. } => {
                self.ledgers.of((names.group_of(consumer), queue)).put_back = Some((consumer, "suspended"));
            }
            Observation::Consumed { consumer, queue, outcome: ConsumeOutcome::RolledBack, .. } => {
                self.ledgers.of((names.group_of(consumer), queue)).put_back = Some((consumer, "rolled_back"));
            }
            Observation::SentBack { dead_letter: true, .. } => add(&mut self.dead_lettered, at),
            _ => {}
        }
    }

    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        let (mut lost, mut skipped, mut undelivered) = (0, 0, 0);
        for ((group, queue), ledger) in self.ledgers.iter_mut() {
            let retry = matches!(names.topic(names.queue(queue).topic).kind, TopicKind::Retry(_));
            let mut by_rule: BTreeMap<(&'static str, ConsumerIndex), (u64, Instant)> = BTreeMap::new();
            let (mut lost_here, mut first_lost) = (0, 0);
            for offset in ledger.baseline..ledger.readable {
                if ledger.times.get(offset as usize).is_some_and(|&times| times > 0) {
                    continue;
                }
                match ledger.filtered.get(&offset) {
                    Some(None) => continue,
                    Some(Some((consumer, at))) => {
                        by_rule.entry((TAGS_DIFFER, *consumer)).or_insert((0, *at)).0 += 1;
                        continue;
                    }
                    None => {}
                }
                let rule = ledger.skipped.iter().find(|(from, to, ..)| (*from..*to).contains(&offset));
                if let Some(&(_, _, at, rule, consumer)) = rule {
                    by_rule.entry((rule, consumer)).or_insert((0, at)).0 += 1;
                } else if offset < ledger.committed {
                    first_lost = if lost_here == 0 { offset } else { first_lost };
                    lost_here += 1;
                } else if !retry && !stage.is_absent(group) {
                    undelivered += 1;
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
                    _ => "",
                },
                detail,
            };
            for ((rule, consumer), (count, at)) in by_rule {
                skipped += count;
                let detail = format!("{count} messages of {} were passed over by {rule}", names.message_queue(queue));
                findings.anomalies.push(anomaly(
                    Severity::Violation,
                    "skipped",
                    rule,
                    at,
                    Some(consumer).filter(|consumer| *consumer != NOBODY),
                    count,
                    detail,
                ));
            }
            if lost_here > 0 {
                lost += lost_here;
                let queue_name = names.message_queue(queue);
                let detail = format!(
                    "{lost_here} messages of {queue_name} from offset {first_lost} on were committed and never handed out"
                );
                let end = findings.windows.first().map_or(Instant::ZERO, |window| window.until);
                findings.anomalies.push(anomaly(
                    Severity::Violation,
                    "lost",
                    "committed_unseen",
                    end,
                    None,
                    lost_here,
                    detail,
                ));
            }
            self.runs.extend(ledger.run.take());
        }
        let inside = |window: &super::Window, moments: &[Moment]| -> u64 {
            moments.iter().filter(|(at, _)| window.contains(*at)).map(|(_, count)| count).sum()
        };
        for window in &mut findings.windows {
            window.set("lost", Figure::Count(lost));
            window.set("skipped", Figure::Count(skipped));
            window.set("undelivered", Figure::Count(undelivered));
            window.set("delivered", Figure::Count(inside(window, &self.delivered)));
            window.set("retried", Figure::Count(inside(window, &self.retried)));
            window.set("dead_lettered", Figure::Count(inside(window, &self.dead_lettered)));
            let duplicates = self.duplicates.values().map(|moments| inside(window, moments)).sum();
            window.set("duplicates", Figure::Count(duplicates));
        }
        let mut causes: BTreeMap<&'static str, u64> = BTreeMap::new();
        for ((key, consumer, cause), moments) in &self.duplicates {
            let count = findings.windows.first().map_or(0, |window| inside(window, moments));
            *causes.entry(cause).or_default() += count;
            let (from, until) = (moments[0].0, moments[moments.len() - 1].0);
            let count: u64 = moments.iter().map(|(_, count)| count).sum();
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
        self.runs.sort_by_key(|run| (run.group, run.queue, run.from, run.from_offset));
        findings.deliveries = std::mem::take(&mut self.runs);
    }
}
