//! What the ledgers say when the run is over.

use std::collections::BTreeMap;

use super::Delivery;
use super::popped::{Fate as InFlight, Flights};
use crate::check::duplicate_cause::{Again, again_words};
use crate::check::ledger::{ANOTHER_PROCESS, Fate, Ledger, OLDER_VERSION};
use crate::check::losses::Losses;
use crate::check::{Anomaly, AnomalyKind, Cause, Figure, Findings, Key, Severity, Stage, Trap};
use crate::kernel::Instant;
use crate::model::observation::LogLoss;
use crate::model::plan::{ConsumerIndex, PlantedMistake};
use crate::model::{Names, TopicKind};

/// How many, the first moment and the last.
type Sum = (u64, Instant, Instant);

/// What a queue's messages came to that a group did not get.
#[derive(Default)]
struct Missing {
    /// By the rule that passed over them, and who followed it.
    skipped: BTreeMap<(Cause, Option<ConsumerIndex>), Sum>,
    /// Committed and never handed out, and the first offset of these.
    lost: Option<(Sum, u64)>,
    /// Popped, never handed out, and forgotten by its broker.
    forgotten: Option<Sum>,
}

/// One more.
fn count(sum: &mut Sum, at: Instant) {
    *sum = (sum.0 + 1, at.min(sum.1), at.max(sum.2));
}

/// Names the messages of one queue that a group did not get, and counts them.
pub(super) fn tell_losses(
    key: Key,
    (ledger, flights): (&Ledger, &Flights),
    losses: &mut Losses,
    (stage, names): (&Stage, &Names),
    findings: &mut Findings,
) {
    let missing = missing(key, (ledger, flights), losses, stage, names);
    let anomaly = |what, times, count, detail| {
        let (severity, audience, queue) = (Severity::Violation, Some(key.audience), Some(key.queue));
        Anomaly { severity, audience, queue, count, ..Anomaly::new("delivery", what, times, detail) }
    };
    let (place, broker) = (names.message_queue(key.queue), names.queue(key.queue).broker);
    for ((rule, consumer), (count, at, until)) in missing.skipped {
        // That the file is another's is said where another wrote it.
        let anothers = consumer.is_some_and(|consumer| stage.has_anothers_file(consumer, names));
        let rule = if rule == ANOTHER_PROCESS && !anothers { Cause::Unknown } else { rule };
        let detail = match (rule, consumer) {
            (OLDER_VERSION, Some(consumer)) => format!(
                "{count} messages of {place} were filtered out: the subscription of {} is older than the one that \
                 {} has, as its clock went back: set the clock right and restart it",
                names.consumer(consumer),
                names.broker(broker)
            ),
            _ => format!("{count} messages of {place} were passed over by {rule}"),
        };
        let mut found = anomaly((AnomalyKind::Skipped, rule), (at, until), count, detail);
        found.consumer = consumer;
        // Trap E28 is a group's, whose queues became more while it ran: at its own start the end is what it asked for.
        if rule == Cause::StartAtMaximum && (names.is_one_member(key.audience) || !stage.came_later(key)) {
            found.trap = None;
        }
        findings.anomalies.push(found);
    }
    if let Some(((count, at, until), first)) = missing.lost {
        let detail = format!("{count} messages of {place} from offset {first} on were committed and never handed out");
        findings.anomalies.push(anomaly((AnomalyKind::Lost, Cause::CommittedUnseen), (at, until), count, detail));
    }
    if let Some((count, at, until)) = missing.forgotten {
        let detail =
            format!("{count} messages of {place} were popped, and their broker has forgotten it: nobody gets them");
        findings.anomalies.push(anomaly((AnomalyKind::Lost, Cause::CheckpointForgotten), (at, until), count, detail));
    }
    for ((why, broker), moments) in ledger.lost_unseen(broker) {
        let owner = names.group_of_audience(key.audience);
        moments.iter().for_each(|(at, gone)| losses.lost.add(owner, *at, *gone));
        let (Some((&at, _)), Some((&until, _))) = (moments.first_key_value(), moments.last_key_value()) else {
            continue;
        };
        let (gone, broker) = (moments.values().sum(), names.broker(broker));
        let how = match why {
            LogLoss::Deposed => format!("went with what the old master of {broker} had stored alone"),
            LogLoss::SlaveBehind => format!("had not come over when {broker} got another master"),
            _ => format!("went with {broker}'s memory"),
        };
        let detail = format!("{gone} messages of {place} were acknowledged and {how}");
        findings.anomalies.push(anomaly((AnomalyKind::Lost, why.into()), (at, until), gone, detail));
    }
}

/// Looks what has become of each message, and counts what reached nobody.
fn missing(
    key: Key,
    (ledger, flights): (&Ledger, &Flights),
    losses: &mut Losses,
    stage: &Stage,
    names: &Names,
) -> Missing {
    let retry =
        matches!(names.topic(names.queue(key.queue).topic).kind, TopicKind::Retry(_) | TopicKind::PopRetry { .. });
    let owner = names.group_of_audience(key.audience);
    let mut missing = Missing::default();
    for (offset, fate) in ledger.fates() {
        // What was popped is committed, and not lost for that.
        let in_flight = if matches!(fate, Fate::Lost(_)) { flights.fate(key, offset) } else { None };
        let fate = match in_flight {
            None => fate,
            Some(InFlight::GivenUp(consumer, at)) => Fate::PassedOver(Cause::GivenUpAfterRetries, Some(consumer), at),
            Some(InFlight::Forgotten(at)) => {
                count(missing.forgotten.get_or_insert((0, at, at)), at);
                losses.lost.add(owner, at, 1);
                continue;
            }
            Some(_) => Fate::Waits,
        };
        match fate {
            Fate::Settled => {}
            Fate::PassedOver(rule, consumer, at) => {
                count(missing.skipped.entry((rule, consumer)).or_insert((0, at, at)), at);
                losses.skipped.add(owner, at, 1);
            }
            Fate::Lost(at) => {
                let forgotten = missing.lost.is_none() && stage.planted(PlantedMistake::LostOffByOne);
                count(&mut missing.lost.get_or_insert(((0, at, at), offset)).0, at);
                losses.lost.add(owner, at, u64::from(!forgotten));
            }
            Fate::Waits if retry || stage.is_absent(key.audience) => {}
            Fate::Waits => {
                let waits = u64::from(stage.waits_for(key, offset, names));
                *losses.undelivered.entry(owner).or_default() += waits;
            }
        }
    }
    missing
}

impl Delivery {
    /// Sets the figures of hand-outs, and names the duplicates with their causes.
    pub(super) fn tell_duplicates(&self, stage: &Stage, names: &Names, findings: &mut Findings) {
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
            let detail = again_words((*consumer, key.queue), (count, *cause), *first, names);
            let row = Anomaly::new("delivery", (AnomalyKind::Duplicates, *cause), (from, until), detail);
            // Only what belongs to a hand-over or a stop, or to POP: other traps have shown where they sprang.
            let shown = [Trap::E13, Trap::E31, Trap::PE2, Trap::PE7, Trap::PE11, Trap::PE14, Trap::PE15, Trap::PE29];
            let trap = row.trap.filter(|trap| shown.contains(trap));
            let (audience, queue, consumer) = (Some(key.audience), Some(key.queue), Some(*consumer));
            findings.anomalies.push(Anomaly { audience, queue, consumer, count, trap, ..row });
        }
        findings.duplicate_causes = causes.into_iter().filter(|(_, count)| *count > 0).collect();
        findings.duplicate_causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), *cause));
    }
}
