//! Stalls: stretches in which a readable message waits and none of its queue is handed to a listener.

use std::collections::{BTreeMap, BTreeSet};

use super::keyed::Keyed;
use super::locks::holder_word;
use super::moments::Stretches;
use super::stall_cause::{Troubles, cause_of, trouble_word};
use super::{Check, Figure, Findings, Key, LagSample, Measure, Stage, Stall};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{CommitPath, ConsumeOutcome, End, Kinds, Observation, Observed, kinds};
use crate::model::plan::{ConsumerIndex, GroupIndex, PlantedMistake};

/// One queue of one group.
#[derive(Debug, Default)]
struct Flow {
    readable: u64,
    /// One past the last readable message that the group waits for.
    wanted: u64,
    /// One past the highest offset handed out or passed over by a start rule.
    reached: u64,
    committed: u64,
    memory: u64,
    disk: u64,
    /// Since when something has waited.
    waiting: Option<Instant>,
    last: Option<Instant>,
    troubles: Troubles,
}

impl Flow {
    /// Whether there is something to hand out.
    fn is_behind(&self) -> bool {
        self.reached < self.wanted
    }
}

/// The check.
#[derive(Debug)]
pub(super) struct Stalled {
    threshold: Span,
    /// Times at which windows begin or end.
    named: Vec<Instant>,
    rows: bool,
    flows: Keyed<Flow>,
    /// Stretches longer than a tenth of a second between two hand-outs of a queue.
    gaps: Stretches,
    stalls: Vec<(Stall, &'static str)>,
    /// Consumers in the middle of `shutdown()`.
    stopping: BTreeSet<ConsumerIndex>,
    refused: Vec<Instant>,
    notified: Vec<Instant>,
    lag: Vec<LagSample>,
    next_sample: Instant,
}

impl Stalled {
    pub fn new(measure: &Measure, rows: bool) -> Self {
        let (stalls, lag) = (Vec::new(), Vec::new());
        let (refused, notified, stopping) = (Vec::new(), Vec::new(), BTreeSet::new());
        Self {
            threshold: measure.stall_threshold,
            named: measure.named_times(),
            rows,
            flows: Keyed::default(),
            gaps: Stretches::default(),
            stalls,
            stopping,
            refused,
            notified,
            lag,
            next_sample: Instant::ZERO,
        }
    }

    /// Ends a wait; a long one is a stall.
    fn end_wait(&mut self, key: Key, until: Instant, stage: &Stage, names: &Names) {
        let Some(flow) = self.flows.get(key) else { return };
        let Some(waiting) = flow.waiting else { return };
        let from = flow.last.map_or(waiting, |last| last.max(waiting));
        let above = u64::from(stage.planted(PlantedMistake::StallThresholdHigher));
        if until.since(from) > self.threshold + Span::from_millis(above) && stage.is_normal(key) {
            let (cause, detail) = cause_of(key, &flow.troubles, (from, until), stage, names);
            let stall = Stall { group: key.0, queue: key.1, from, until, cause: cause.to_owned(), detail };
            self.stalls.push((stall, cause));
        }
    }

    /// Nothing of a queue was handed out in this stretch, which ends now.
    fn add_gap(&mut self, key: Key, from: Instant, until: Instant, stage: &Stage) {
        if stage.is_normal(key) {
            self.gaps.add(from, until, stage, &self.named);
        }
    }

    /// The end of a queue is gone: what waited there waits no more, and the offsets are those of others.
    fn tail_lost(&mut self, key: Key, from: u64, at: Instant, stage: &Stage, names: &Names) {
        let flow = self.flows.of(key);
        (flow.readable, flow.wanted) = (flow.readable.min(from), flow.wanted.min(from));
        flow.reached = flow.reached.min(from);
        if !flow.is_behind() {
            self.end_wait(key, at, stage, names);
            self.flows.of(key).waiting = None;
        }
    }

    fn keys_of(&self, audience: GroupIndex) -> Vec<Key> {
        self.flows.iter().map(|(key, _)| key).filter(|key| key.0 == audience).collect()
    }

    fn sample_lag(&mut self, at: Instant) {
        while self.rows && self.next_sample <= at {
            for ((group, queue), flow) in self.flows.iter().filter(|(_, flow)| flow.readable > 0) {
                self.lag.push(LagSample {
                    at: self.next_sample,
                    group,
                    queue,
                    end_offset: flow.readable,
                    delivered_offset: flow.reached.min(flow.readable),
                    memory_offset: flow.memory,
                    committed_offset: flow.committed,
                    disk_offset: flow.disk,
                });
            }
            self.next_sample = self.next_sample + Span::from_secs(1);
        }
    }
}

impl Check for Stalled {
    fn name(&self) -> &'static str {
        "stalled"
    }

    fn reads(&self) -> Kinds {
        kinds![
            Readable,
            TailLost,
            Delivered,
            Filtered,
            StartedAt,
            Pulled,
            QueueTaken,
            QueueReleased,
            ConsumerStopping,
            LockRefused,
            UnlockDelayed,
            LockLost,
            LockExpired,
            Consumed,
            PullTroubled,
            HeldTooLate,
            PullRecovered,
            ConsumerEnded,
            ConsumerStarting,
            Notified,
            ProgressMoved,
            Committed,
            OffsetsFlushed
        ]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        self.sample_lag(at);
        match seen.what {
            Observation::Readable { queue, end } => {
                for &group in stage.subscribers(names.queue(queue).topic) {
                    let flow = self.flows.of((group, queue));
                    let waits_for = |offset: &u64| stage.waits_for((group, queue), *offset, names);
                    if let Some(last) = (flow.readable..end).rev().find(waits_for) {
                        flow.wanted = last + 1;
                    }
                    flow.readable = end;
                    if flow.waiting.is_none() && flow.is_behind() && !stage.is_absent(group) {
                        flow.waiting = Some(at);
                    }
                }
            }
            Observation::TailLost { queue, from, .. } => {
                for &group in stage.subscribers(names.queue(queue).topic) {
                    self.tail_lost((group, queue), from, at, stage, names);
                }
            }
            Observation::Delivered { consumer, queue, offset, lost, .. } => {
                let key = (names.audience_of(consumer), queue);
                self.end_wait(key, at, stage, names);
                let flow = self.flows.of(key);
                let gap = flow.last.filter(|last| at.since(*last) > Span::from_millis(100));
                flow.last = Some(at);
                flow.troubles.handed_out();
                if lost.is_none() {
                    flow.reached = flow.reached.max(offset + 1);
                }
                flow.troubles.begun(at, flow.reached, stage.is_orderly(key.0));
                flow.waiting = flow.is_behind().then_some(at);
                if let Some(last) = gap {
                    self.add_gap(key, last, at, stage);
                }
            }
            // Filtered out is as good as handed out.
            Observation::Filtered { consumer, queue, offset, .. } => {
                let key = (names.audience_of(consumer), queue);
                self.flows.of(key).troubles.filtered = true;
                self.end_wait(key, at, stage, names);
                let flow = self.flows.of(key);
                flow.troubles.filtered = false;
                flow.reached = flow.reached.max(offset + 1);
                flow.waiting = flow.is_behind().then_some(at);
            }
            Observation::StartedAt { consumer, queue, offset, .. } => {
                let flow = self.flows.of((names.audience_of(consumer), queue));
                flow.reached = flow.reached.max(offset);
                flow.waiting = flow.waiting.filter(|_| flow.is_behind());
            }
            Observation::Pulled { consumer, queue, until } => {
                let key = (names.audience_of(consumer), queue);
                let flow = self.flows.of(key);
                flow.troubles.pulled(at, consumer, until, flow.reached, stage.is_orderly(key.0));
            }
            Observation::QueueTaken { consumer, queue, .. } => {
                let flow = self.flows.of((names.audience_of(consumer), queue));
                flow.troubles.emptied(at, consumer, flow.reached, stage.is_orderly(names.audience_of(consumer)));
                flow.troubles.taken = Some(at);
                // What troubled the owner before does not trouble this one.
                flow.troubles.pulls.push((at, None));
                flow.troubles.locks.push((at, None));
            }
            Observation::QueueReleased { consumer, queue, .. } => {
                let key = (names.audience_of(consumer), queue);
                let flow = self.flows.of(key);
                flow.troubles.pulls.push((at, None));
                flow.troubles.emptied(at, consumer, flow.reached, stage.is_orderly(key.0));
            }
            // Its pool takes no more, but its queues are its own until it has unregistered.
            Observation::ConsumerStopping { consumer } => {
                self.stopping.insert(consumer);
                for key in self.keys_of(names.audience_of(consumer)) {
                    if stage.holds(key, consumer) {
                        self.flows.of(key).troubles.pulls.push((at, Some("owner_shuts_down")));
                    }
                }
            }
            Observation::LockRefused { group, queue, holder, .. } => {
                let flow = self.flows.of((group, queue));
                let word = match (holder_word(group, holder, stage, names), flow.troubles.locks.last()) {
                    ("waiting_for_the_lock", Some((_, Some(before)))) => before,
                    (word, _) => word,
                };
                flow.troubles.locks.push((at, Some(word)));
            }
            Observation::UnlockDelayed { consumer, queue } => {
                self.flows
                    .of((names.group_of(consumer), queue))
                    .troubles
                    .locks
                    .push((at, Some("listener_delays_the_unlock")));
            }
            Observation::LockLost { consumer, queue } | Observation::LockExpired { consumer, queue } => {
                self.flows.of((names.group_of(consumer), queue)).troubles.locks.push((at, Some("lock_lost")));
            }
            Observation::Consumed { consumer, queue, outcome, .. } => {
                let key = (names.audience_of(consumer), queue);
                let flow = self.flows.of(key);
                flow.troubles.finished(at, flow.reached, stage.is_orderly(key.0));
                if matches!(outcome, ConsumeOutcome::Suspended | ConsumeOutcome::RolledBack) {
                    flow.troubles.locks.push((at, Some("suspended_after_a_failure")));
                }
            }
            Observation::PullTroubled { consumer, queue, trouble } => {
                if !self.stopping.contains(&consumer) {
                    let troubles = &mut self.flows.of((names.audience_of(consumer), queue)).troubles.pulls;
                    troubles.push((at, Some(trouble_word(trouble))));
                }
                if trouble.is_refusal() {
                    self.refused.push(at);
                }
            }
            Observation::HeldTooLate { consumer, queue, .. } => {
                let flow = self.flows.of((names.audience_of(consumer), queue));
                flow.troubles.pulls.push((at, Some("long_poll_blind_spot")));
            }
            Observation::PullRecovered { consumer, queue } => {
                self.flows.of((names.audience_of(consumer), queue)).troubles.pulls.push((at, None));
            }
            Observation::ConsumerEnded { consumer, end } => {
                self.stopping.remove(&consumer);
                for key in self.keys_of(names.audience_of(consumer)) {
                    let flow = self.flows.of(key);
                    flow.troubles.emptied(at, consumer, flow.reached, stage.is_orderly(key.0));
                }
                if end == End::StartFailed {
                    return;
                }
                // Nobody waits for a `BROADCASTING` member that does not run.
                let audience = names.audience_of(consumer);
                for key in self.keys_of(audience).into_iter().filter(|_| names.is_one_member(audience)) {
                    self.end_wait(key, at, stage, names);
                    let flow = self.flows.of(key);
                    flow.waiting = None;
                    flow.troubles.pulls.clear();
                    if let Some(last) = flow.last.take() {
                        self.add_gap(key, last, at, stage);
                    }
                }
            }
            Observation::ConsumerStarting { consumer, .. } if names.is_one_member(names.audience_of(consumer)) => {
                for key in self.keys_of(names.audience_of(consumer)) {
                    let flow = self.flows.of(key);
                    flow.waiting = flow.is_behind().then_some(at);
                }
            }
            Observation::Notified { .. } => self.notified.push(at),
            Observation::ProgressMoved { consumer, queue, offset } => {
                self.flows.of((names.audience_of(consumer), queue)).memory = offset;
            }
            Observation::Committed { group, queue, offset, path, .. } => {
                let flow = self.flows.of((group, queue));
                flow.committed = offset;
                if path == CommitPath::BrokerRestart {
                    flow.disk = offset;
                }
            }
            Observation::OffsetsFlushed { broker } if self.rows => {
                for ((_, queue), flow) in self.flows.iter_mut() {
                    if names.queue(queue).broker == broker {
                        flow.disk = flow.committed;
                    }
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        let end = findings.windows.iter().map(|window| window.until).max().unwrap_or(Instant::ZERO);
        self.sample_lag(end);
        for key in self.flows.iter().map(|(key, _)| key).collect::<Vec<_>>() {
            self.end_wait(key, end, stage, names);
            if let Some(last) = self.flows.of(key).last {
                self.add_gap(key, last, end, stage);
            }
        }
        for window in &mut findings.windows {
            let inside: Vec<Span> = self
                .stalls
                .iter()
                .map(|(stall, _)| window.overlap(stall.from, stall.until))
                .filter(|s| *s > Span::ZERO)
                .collect();
            window.set("stalled.max", Figure::Span(inside.iter().copied().max().unwrap_or_default()));
            window.set("stalled.total", Figure::Span(inside.iter().fold(Span::ZERO, |x, y| x + *y)));
            window.set("stalled.count", Figure::Count(inside.len() as u64));
            window.set("idle.max", Figure::Span(self.gaps.longest(window)));
            let count =
                |moments: &[Instant]| Figure::Count(moments.iter().filter(|at| window.contains(**at)).count() as u64);
            let (refused, notified) = (count(&self.refused), count(&self.notified));
            window.set("pulls_refused", refused);
            window.set("notifications", notified);
        }
        let mut causes: BTreeMap<&'static str, Span> = BTreeMap::new();
        if let Some(window) = findings.windows.first() {
            for (stall, cause) in &self.stalls {
                *causes.entry(cause).or_default() += window.overlap(stall.from, stall.until);
            }
        }
        findings.stall_causes = causes.into_iter().filter(|(_, span)| *span > Span::ZERO).collect();
        findings.stall_causes.sort_by_key(|(cause, span)| (std::cmp::Reverse(*span), *cause));
        findings.stalls = std::mem::take(&mut self.stalls).into_iter().map(|(stall, _)| stall).collect();
        findings.stalls.sort_by_key(|stall| (stall.from, stall.queue, stall.group));
        findings.lag = std::mem::take(&mut self.lag);
    }
}
