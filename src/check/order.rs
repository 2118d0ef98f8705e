//! Order: what an orderly group is promised. Hand-outs of a queue never overlap, and nobody goes on with a queue after
//! its next owner has begun. That a batch is repeated is allowed; `delivery` says why it was.

use std::collections::BTreeMap;

use super::keyed::Keyed;
use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Key, Stage, Trap};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{Kinds, Observation, Observed, kinds};
use crate::model::plan::{ConsumerIndex, Plan};

/// One queue of one orderly audience.
#[derive(Debug, Default)]
struct Line {
    /// Hand-outs that have not come back: to whom, which offset, when.
    running: Vec<(ConsumerIndex, u64, Instant)>,
    /// Who took the queue last, and whether it has got a message since.
    newest: Option<(ConsumerIndex, bool)>,
    /// When a broker forgot the lock, an unlock was forced, an old lock was taken over.
    forgotten: Option<Instant>,
    forced: Option<Instant>,
    taken_over: Option<Instant>,
    /// How far the queue has come, and the offsets passed over on the way.
    next: Option<u64>,
    passed: Vec<(u64, u64)>,
}

/// Hand-outs against the order: from when until when, how many, and whose queue it was.
type Broken = (Instant, Instant, u64, ConsumerIndex);

/// The check.
#[derive(Debug)]
pub(super) struct Order {
    /// Some listener is orderly: otherwise nothing is promised.
    promised: bool,
    lines: Keyed<Line>,
    broken: BTreeMap<(Key, ConsumerIndex, Cause), Broken>,
}

/// Whether some listener of a plan is orderly.
pub(super) fn is_promised(plan: &Plan) -> bool {
    plan.consumers.iter().any(|consumer| consumer.listener.orderly.is_some())
}

impl Order {
    /// Nothing has happened yet.
    pub fn new(plan: &Plan) -> Self {
        Self { promised: is_promised(plan), lines: Keyed::default(), broken: BTreeMap::new() }
    }

    fn delivered(&mut self, at: Instant, consumer: ConsumerIndex, (key, offset): (Key, u64), stage: &Stage) {
        let line = self.lines.of(key);
        let overlapped = line.running.iter().find(|(other, _, since)| *other != consumer || *since != at);
        let overtaken = line.newest.filter(|(newest, begun)| *begun && *newest != consumer);
        let other = overlapped.map(|(other, ..)| *other).or(overtaken.map(|(newest, _)| newest));
        if let Some(other) = other {
            let why = cause(at, line, (other, consumer), stage);
            self.note((key, consumer, why), at, other);
        } else if line.passed.iter().any(|(from, to)| (*from..*to).contains(&offset)) {
            self.note((key, consumer, Cause::CameAfterLaterOnes), at, consumer);
        }
        let line = self.lines.of(key);
        line.running.push((consumer, offset, at));
        if let Some((newest, begun)) = &mut line.newest {
            *begun |= *newest == consumer;
        }
        if let Some(next) = line.next.filter(|next| offset > *next) {
            line.passed.push((next, offset));
        }
        line.next = Some(line.next.map_or(offset + 1, |next| next.max(offset + 1)));
    }

    fn note(&mut self, key: (Key, ConsumerIndex, Cause), at: Instant, other: ConsumerIndex) {
        let (_, until, count, _) = self.broken.entry(key).or_insert((at, at, 0, other));
        *until = at;
        *count += 1;
    }
}

/// Why a queue was in two hands.
fn cause(at: Instant, line: &Line, (other, consumer): (ConsumerIndex, ConsumerIndex), stage: &Stage) -> Cause {
    // A broker's restart, a forced unlock and a lock taken over are to blame for what happens so long after them.
    let echo = stage.timers().lock_echo;
    let recently = |moment: Option<Instant>| moment.is_some_and(|moment| at.since(moment) < echo);
    // Of a forced unlock as long as the listener that it did not wait for is at work.
    let at_work_since = |forced: Instant| line.running.iter().any(|(who, _, since)| *who == other && *since <= forced);
    if other == consumer {
        Cause::TwoTasksOfOneQueue
    } else if stage.seat(other).client == stage.seat(consumer).client {
        Cause::DuplicateClientId
    } else if recently(line.forgotten) {
        Cause::BrokerForgotTheLocks
    } else if recently(line.taken_over) {
        Cause::LockExpired
    } else if recently(line.forced) || line.forced.is_some_and(at_work_since) {
        Cause::ForcedUnlock
    } else {
        Cause::TwoOwners
    }
}

impl Check for Order {
    fn name(&self) -> &'static str {
        "order"
    }

    fn reads(&self) -> Kinds {
        if !self.promised {
            return Kinds::NONE;
        }
        kinds![
            TailLost,
            Delivered,
            Consumed,
            NotConsumed,
            QueueTaken,
            QueueReleased,
            StartedAt,
            ConsumerEnded,
            LockForgotten,
            LockGranted,
            UnlockForced
        ]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::TailLost { queue, from, .. } => {
                for &audience in stage.subscribers(names.queue(queue).topic) {
                    let line = self.lines.of(Key { audience, queue });
                    line.next = line.next.map(|next| next.min(from));
                    line.passed.retain(|(first, _)| *first < from);
                }
            }
            // What its broker has lost meanwhile is nobody's next.
            Observation::Delivered { lost: Some(_), .. } => {}
            Observation::Delivered { consumer, queue, offset, .. } if stage.is_orderly(names.audience_of(consumer)) => {
                self.delivered(at, consumer, (Key::of(consumer, queue, names), offset), stage);
            }
            Observation::Consumed { consumer, queue, offset, .. } if stage.is_orderly(names.audience_of(consumer)) => {
                let line = self.lines.of(Key::of(consumer, queue, names));
                line.running.retain(|(other, running, _)| (*other, *running) != (consumer, offset));
            }
            Observation::QueueTaken { consumer, queue, .. } if stage.is_orderly(names.audience_of(consumer)) => {
                self.lines.of(Key::of(consumer, queue, names)).newest = Some((consumer, false));
            }
            Observation::QueueReleased { consumer, queue, .. } if stage.is_orderly(names.audience_of(consumer)) => {
                // What its last owner has given up is nobody's.
                let line = self.lines.of(Key::of(consumer, queue, names));
                line.newest = line.newest.filter(|(newest, _)| *newest != consumer);
            }
            Observation::StartedAt { consumer, queue, offset, .. } if stage.is_orderly(names.audience_of(consumer)) => {
                // What a start rule passes over is not out of order when somebody gets it after all: it is repeated.
                let line = self.lines.of(Key::of(consumer, queue, names));
                line.next = Some(line.next.map_or(offset, |next| next.max(offset)));
            }
            Observation::ConsumerEnded { consumer, .. } => {
                for (_, line) in self.lines.iter_mut() {
                    line.running.retain(|(other, ..)| *other != consumer);
                }
            }
            Observation::LockForgotten { group, queue, .. } => {
                self.lines.of(Key::of_group(group, queue, names)).forgotten = Some(at);
            }
            Observation::LockGranted { group, queue, previous: Some(_), .. } => {
                self.lines.of(Key::of_group(group, queue, names)).taken_over = Some(at);
            }
            Observation::UnlockForced { consumer, queue } => {
                self.lines.of(Key::of(consumer, queue, names)).forced = Some(at);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        for ((key, consumer, cause), (from, until, count, other)) in std::mem::take(&mut self.broken) {
            let (queue, who) = (names.message_queue(key.queue), names.consumer(consumer));
            let detail = match cause {
                Cause::CameAfterLaterOnes => format!("{who} got {count} messages of {queue} after later ones"),
                _ => {
                    format!("{who} got {count} messages of {queue} while it was {}'s to consume", names.consumer(other))
                }
            };
            let row = Anomaly::new("order", (AnomalyKind::OutOfOrder, cause), (from, until), detail);
            let trap = if cause == Cause::DuplicateClientId { Some(Trap::E11) } else { row.trap };
            let (audience, queue, consumer) = (Some(key.audience), Some(key.queue), Some(consumer));
            findings.anomalies.push(Anomaly { audience, queue, consumer, count, trap, ..row });
        }
    }
}
