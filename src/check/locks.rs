//! Locks: who was refused a queue's lock, for how long, and what became of its holder.

use std::collections::BTreeMap;

use super::kept_locks::KeptLocks;
use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Key, Severity, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{ClientIndex, End, Kinds, Observation, Observed, QueueIndex, Release, kinds};
use crate::model::plan::{ConsumerIndex, GroupIndex};

/// A client that is refused a lock.
#[derive(Debug, Clone, Copy)]
struct Refusals {
    from: Instant,
    until: Instant,
    count: u64,
    holder: ClientIndex,
    cause: Cause,
}

/// The check.
#[derive(Debug, Default)]
pub(super) struct Locks {
    refused: BTreeMap<(Key, ClientIndex), Refusals>,
    /// Queues that were dropped and could not be removed, since when.
    delayed: BTreeMap<(Key, ConsumerIndex), Instant>,
    kept: KeptLocks,
    anomalies: Vec<Anomaly>,
}

/// What keeps a lock of a group with its holder.
pub(super) fn holder_cause(
    (group, queue): (GroupIndex, QueueIndex),
    holder: ClientIndex,
    stage: &Stage,
    names: &Names,
) -> Cause {
    let mut seats = stage.seats().filter(|(who, seat)| seat.client == holder && names.group_of(*who) == group);
    if let Some((who, _)) = seats.find(|(_, seat)| seat.alive) {
        let gave_it_up = !stage.holds(Key::of(who, queue, names), who);
        let keeps_it = gave_it_up && stage.go_clients.is_go(who);
        return if keeps_it { Cause::GoKeepsTheLock } else { Cause::WaitingForTheLock };
    }
    match stage.ended_as(group, holder) {
        Some(End::Shutdown) => Cause::LockOutlivesShutdown,
        _ => Cause::LockOfADeadMember,
    }
}

impl Locks {
    /// An owner's lock was too old to go on with: one row an owner and queue, with how often.
    fn lapsed(&mut self, at: Instant, consumer: ConsumerIndex, queue: QueueIndex, names: &Names) {
        let is_same = |row: &&mut Anomaly| {
            row.kind == AnomalyKind::LockLapsed && row.consumer == Some(consumer) && row.queue == Some(queue)
        };
        if let Some(row) = self.anomalies.iter_mut().find(is_same) {
            (row.until, row.count) = (at, row.count + 1);
            return;
        }
        let who = (names.consumer(consumer), names.message_queue(queue));
        let detail =
            format!("{} found its lock of {} older than lockMaxLiveTime, and asked for it again", who.0, who.1);
        let row = Anomaly::new("locks", (AnomalyKind::LockLapsed, Cause::LockRenewedTooLate), (at, at), detail);
        let (audience, queue, consumer) =
            (Some(names.audience_of_group(names.group_of(consumer))), Some(queue), Some(consumer));
        self.anomalies.push(Anomaly { severity: Severity::Note, audience, queue, consumer, ..row });
    }

    fn close(&mut self, key: Key, client: ClientIndex, names: &Names) {
        let Some(refusals) = self.refused.remove(&(key, client)) else { return };
        let Refusals { from, until, count, holder, cause } = refusals;
        let detail = format!(
            "{} was refused the lock of {} {count} times: {} holds it",
            names.client(client),
            names.message_queue(key.queue),
            names.client(holder)
        );
        let row = Anomaly::new("locks", (AnomalyKind::LockRefused, cause), (from, until), detail);
        let severity = if row.trap.is_none() { Severity::Note } else { Severity::Warning };
        self.anomalies.push(Anomaly { severity, audience: Some(key.audience), queue: Some(key.queue), count, ..row });
    }
}

impl Check for Locks {
    fn name(&self) -> &'static str {
        "locks"
    }

    fn reads(&self) -> Kinds {
        kinds![LockRefused, LockGranted, LockExpired, UnlockDelayed, QueueReleased, ConsumerEnded].and(KeptLocks::READS)
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        self.kept.observe(seen, names);
        match seen.what {
            Observation::LockRefused { group, queue, client, holder, .. } => {
                let key = Key::of_group(group, queue, names);
                let cause = match self.kept.cause(key, (group, holder), stage, names) {
                    Cause::WaitingForTheLock if self.delayed.keys().any(|(delayed, _)| *delayed == key) => {
                        Cause::ListenerDelaysTheUnlock
                    }
                    word => word,
                };
                let new = Refusals { from: at, until: at, count: 0, holder, cause };
                let refusals = self.refused.entry((key, client)).or_insert(new);
                (refusals.until, refusals.holder) = (at, holder);
                refusals.count += 1;
                // The graver word stays.
                if refusals.cause == Cause::WaitingForTheLock || cause == Cause::GoKeepsTheLock {
                    refusals.cause = cause;
                }
            }
            Observation::LockGranted { group, queue, client, .. } => {
                self.close(Key::of_group(group, queue, names), client, names)
            }
            Observation::LockExpired { consumer, queue } => self.lapsed(at, consumer, queue, names),
            Observation::UnlockDelayed { consumer, queue } => {
                let key = Key::of_group(names.group_of(consumer), queue, names);
                self.delayed.entry((key, consumer)).or_insert(at);
            }
            Observation::QueueReleased { consumer, queue, release } => {
                let key = Key::of_group(names.group_of(consumer), queue, names);
                let since = self.delayed.remove(&(key, consumer));
                if let (Some(from), Release::PullExpired) = (since, release) {
                    let detail = format!(
                        "{} dropped {} and was given it again before its listener had returned: nobody consumed \
                         it until its pulls counted as expired",
                        names.consumer(consumer),
                        names.message_queue(queue)
                    );
                    let what = (AnomalyKind::StuckQueue, Cause::AssignedAgainBeforeItWasRemoved);
                    let row = Anomaly::new("locks", what, (from, at), detail);
                    let (audience, queue, consumer) = (Some(key.audience), Some(queue), Some(consumer));
                    self.anomalies.push(Anomaly { audience, queue, consumer, ..row });
                }
            }
            Observation::ConsumerEnded { consumer, .. } => {
                self.delayed.retain(|(_, delayed), _| *delayed != consumer);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        for (key, client) in self.refused.keys().copied().collect::<Vec<_>>() {
            self.close(key, client, names);
        }
        findings.anomalies.append(&mut self.anomalies);
    }
}
