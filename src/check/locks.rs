//! Locks: who was refused a queue's lock, for how long, and what became of its holder.

use std::collections::BTreeMap;

use super::{Anomaly, Check, Findings, Key, Severity, Stage};
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
    cause: &'static str,
}

/// The check.
#[derive(Debug, Default)]
pub(super) struct Locks {
    refused: BTreeMap<(Key, ClientIndex), Refusals>,
    /// Queues that were dropped and could not be removed, since when.
    delayed: BTreeMap<(Key, ConsumerIndex), Instant>,
    anomalies: Vec<Anomaly>,
}

/// What keeps a lock of a group with its holder.
pub(super) fn holder_word(group: GroupIndex, holder: ClientIndex, stage: &Stage, names: &Names) -> &'static str {
    let mut seats = stage.seats().filter(|(who, seat)| seat.client == holder && names.group_of(*who) == group);
    if seats.any(|(_, seat)| seat.alive) {
        return "waiting_for_the_lock";
    }
    match stage.ended_as(group, holder) {
        Some(End::Shutdown) => "lock_outlives_shutdown",
        _ => "lock_of_a_dead_member",
    }
}

impl Locks {
    /// An owner's lock was too old to go on with: one row an owner and queue, with how often.
    fn lapsed(&mut self, at: Instant, consumer: ConsumerIndex, queue: QueueIndex, names: &Names) {
        let is_same = |row: &&mut Anomaly| {
            row.kind == "lock_lapsed" && row.consumer == Some(consumer) && row.queue == Some(queue)
        };
        if let Some(row) = self.anomalies.iter_mut().find(is_same) {
            (row.until, row.count) = (at, row.count + 1);
            return;
        }
        let who = (names.consumer(consumer), names.message_queue(queue));
        self.anomalies.push(Anomaly {
            check: "locks",
            severity: Severity::Note,
            from: at,
            until: at,
            kind: "lock_lapsed",
            group: Some(names.group_of(consumer)),
            queue: Some(queue),
            consumer: Some(consumer),
            count: 1,
            cause: "lock_renewed_too_late",
            trap: "",
            detail: format!("{} found its lock of {} older than lockMaxLiveTime, and asked for it again", who.0, who.1),
        });
    }

    fn close(&mut self, key: Key, client: ClientIndex, names: &Names) {
        let Some(refusals) = self.refused.remove(&(key, client)) else { return };
        let Refusals { from, until, count, holder, cause } = refusals;
        let detail = format!(
            "{} was refused the lock of {} {count} times: {} holds it",
            names.client(client),
            names.message_queue(key.1),
            names.client(holder)
        );
        let trap = match cause {
            "lock_of_a_dead_member" => "E7",
            "listener_delays_the_unlock" => "E8",
            "lock_outlives_shutdown" => "E10",
            _ => "",
        };
        self.anomalies.push(Anomaly {
            check: "locks",
            severity: if trap.is_empty() { Severity::Note } else { Severity::Warning },
            from,
            until,
            kind: "lock_refused",
            group: Some(key.0),
            queue: Some(key.1),
            consumer: None,
            count,
            cause,
            trap,
            detail,
        });
    }
}

impl Check for Locks {
    fn name(&self) -> &'static str {
        "locks"
    }

    fn reads(&self) -> Kinds {
        kinds![LockRefused, LockGranted, LockExpired, UnlockDelayed, QueueReleased, ConsumerEnded]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::LockRefused { group, queue, client, holder, .. } => {
                let key = (group, queue);
                let cause = match holder_word(group, holder, stage, names) {
                    "waiting_for_the_lock" if self.delayed.keys().any(|(delayed, _)| *delayed == key) => {
                        "listener_delays_the_unlock"
                    }
                    word => word,
                };
                let new = Refusals { from: at, until: at, count: 0, holder, cause };
                let refusals = self.refused.entry((key, client)).or_insert(new);
                (refusals.until, refusals.holder) = (at, holder);
                refusals.count += 1;
                // The graver word stays.
                if refusals.cause == "waiting_for_the_lock" {
                    refusals.cause = cause;
                }
            }
            Observation::LockGranted { group, queue, client, .. } => self.close((group, queue), client, names),
            Observation::LockExpired { consumer, queue } => self.lapsed(at, consumer, queue, names),
            Observation::UnlockDelayed { consumer, queue } => {
                self.delayed.entry(((names.group_of(consumer), queue), consumer)).or_insert(at);
            }
            Observation::QueueReleased { consumer, queue, release } => {
                let key = (names.group_of(consumer), queue);
                let since = self.delayed.remove(&(key, consumer));
                if let (Some(from), Release::PullExpired) = (since, release) {
                    self.anomalies.push(Anomaly {
                        check: "locks",
                        severity: Severity::Warning,
                        from,
                        until: at,
                        kind: "stuck_queue",
                        group: Some(key.0),
                        queue: Some(queue),
                        consumer: Some(consumer),
                        count: 1,
                        cause: "assigned_again_before_it_was_removed",
                        trap: "E9",
                        detail: format!(
                            "{} dropped {} and was given it again before its listener had returned: nobody consumed \
                             it until its pulls counted as expired",
                            names.consumer(consumer),
                            names.message_queue(queue)
                        ),
                    });
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
