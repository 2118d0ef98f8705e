//! Offsets that one unfinished message holds: pulling stops far behind it, though most of that is done (trap E15), and a
//! crash takes back what was consumed long before (trap E16).

use std::collections::{BTreeMap, VecDeque};

use super::keyed::Keyed;
use super::repeated::Repeated;
use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Key, Severity, Stage, Trap};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{ConsumeOutcome, End, Kinds, Observation, Observed, PullTrouble, QueueIndex, kinds};
use crate::model::plan::{ConsumerIndex, Plan};

/// What was finished in one queue of one audience and is not committed.
#[derive(Debug, Default)]
struct Finished {
    /// The highest offset that was committed.
    committed: u64,
    /// Offsets from there on, and when they were finished; in order, as they mostly are when they come.
    done: VecDeque<(u64, Instant)>,
}

impl Finished {
    /// When those were finished that count and stand above one that does not, or is not finished.
    fn above_the_pin(&self, start: u64, counts: impl Fn(Instant) -> bool) -> Vec<Instant> {
        let mut pin = start.max(self.committed);
        let mut rest = self.done.iter().skip(self.done.partition_point(|(offset, _)| *offset < pin)).peekable();
        while rest.next_if(|(offset, at)| *offset == pin && counts(*at)).is_some() {
            pin += 1;
        }
        rest.map(|(_, at)| *at).filter(|at| counts(*at)).collect()
    }

    /// A message is finished, perhaps not for the first time.
    fn finish(&mut self, offset: u64, at: Instant) {
        if self.done.back().is_none_or(|(last, _)| *last < offset) {
            return self.done.push_back((offset, at));
        }
        match self.done.binary_search_by_key(&offset, |(done, _)| *done) {
            Ok(found) => self.done[found].1 = at,
            Err(place) => self.done.insert(place, (offset, at)),
        }
    }

    /// An offset is committed: what lies before it is done with.
    fn commit(&mut self, offset: u64) {
        self.committed = self.committed.max(offset);
        while self.done.front().is_some_and(|(done, _)| *done < offset) {
            self.done.pop_front();
        }
    }
}

/// The check.
#[derive(Debug)]
pub(super) struct Pinned {
    /// How far apart messages of a consumer's queue may be before it stops to pull.
    spans: Vec<u64>,
    finished: Keyed<Finished>,
    /// Pulls that were not made: the first moment, the last, how often.
    held_back: BTreeMap<(ConsumerIndex, QueueIndex), Repeated>,
    anomalies: Vec<Anomaly>,
}

impl Pinned {
    /// Nothing has happened yet.
    pub fn new(plan: &Plan) -> Self {
        let spans = plan.consumers.iter().map(|member| member.consumer.consume_concurrently_max_span.into()).collect();
        Self { spans, finished: Keyed::default(), held_back: BTreeMap::new(), anomalies: Vec::new() }
    }

    /// A consumer does not pull a queue, as its messages are too far apart: most of them are done where one holds it, and
    /// wait where it is a backlog.
    #[inline(never)]
    fn held_back(&mut self, (consumer, queue): (ConsumerIndex, QueueIndex), at: Instant, stage: &Stage, names: &Names) {
        let key = Key::of(consumer, queue, names);
        let start = stage.tenures(key).last().map_or(0, |tenure| tenure.start);
        let done = self.finished.get(key).map_or(0, |finished| finished.above_the_pin(start, |_| true).len() as u64);
        if done + done > self.spans[consumer.at()] {
            Repeated::note(self.held_back.entry((consumer, queue)), at);
        }
    }

    /// A consumer crashed: what it had finished long before and not committed comes again.
    #[inline(never)]
    fn crashed(&mut self, consumer: ConsumerIndex, at: Instant, stage: &Stage, names: &Names) {
        let of_audience = |key: &Key| key.audience == names.audience_of(consumer);
        for (key, finished) in self.finished.iter_mut().filter(|(key, _)| of_audience(key)) {
            let mut own = stage.tenures(key).iter().rev().filter(|tenure| tenure.consumer == consumer);
            let Some(tenure) = own.next().filter(|tenure| tenure.until == Some(at)) else { continue };
            let old = finished.above_the_pin(tenure.start, |done| at.since(done) > stage.timers().persisted);
            finished.done.clear();
            let Some(from) = old.iter().min() else { continue };
            let above = old.len() as u64;
            let detail = format!(
                "{above} messages of {} were finished long before {} died, the first at {from}, and not \
                 committed, as one before them was not",
                names.message_queue(key.queue),
                names.consumer(consumer)
            );
            let what = (AnomalyKind::ReplayAfterACrash, Cause::SlowMessagePins);
            let row = Anomaly::new("pinned", what, (at, at), detail);
            let (severity, trap, count) = (Severity::Note, Some(Trap::E16), above);
            let (audience, queue, consumer) = (Some(key.audience), Some(key.queue), Some(consumer));
            self.anomalies.push(Anomaly { severity, audience, queue, consumer, count, trap, ..row });
        }
    }
}

impl Check for Pinned {
    fn name(&self) -> &'static str {
        "pinned"
    }

    fn reads(&self) -> Kinds {
        kinds![Consumed, Committed, ConsumerEnded, PullTroubled]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        match seen.what {
            Observation::Consumed { consumer, queue, offset, outcome: ConsumeOutcome::Success } => {
                self.finished.of(Key::of(consumer, queue, names)).finish(offset, seen.at);
            }
            Observation::Committed { audience, queue, offset, .. } => {
                if let Some(finished) = self.finished.get_mut(Key { audience, queue }) {
                    finished.commit(offset);
                }
            }
            Observation::PullTroubled { consumer, queue, trouble: PullTrouble::FlowControlSpan } => {
                self.held_back((consumer, queue), seen.at, stage, names);
            }
            Observation::ConsumerEnded { consumer, end: End::Killed | End::PoweredOff } => {
                self.crashed(consumer, seen.at, stage, names);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        findings.anomalies.append(&mut self.anomalies);
        for (&(consumer, queue), &Repeated { first: from, last: until, count }) in &self.held_back {
            let (who, place) = (names.consumer(consumer), names.message_queue(queue));
            let detail = format!(
                "{who} did not pull {place} {count} times, as one message in work was too far behind the others"
            );
            let row =
                Anomaly::new("pinned", (AnomalyKind::PullHeldBack, Cause::SlowMessagePins), (from, until), detail);
            let (audience, queue, consumer) = (Some(names.audience_of(consumer)), Some(queue), Some(consumer));
            findings.anomalies.push(Anomaly { severity: Severity::Note, audience, queue, consumer, count, ..row });
        }
    }
}
