//! Stalls: stretches in which a readable message waits and none of its queue is handed to a listener.

mod heard;

use std::collections::{BTreeMap, BTreeSet};

use super::kept_locks::KeptLocks;
use super::keyed::Keyed;
use super::moments::{Moments, Stretches};
use super::part::Part;
use super::pools::Pools;
use super::stall_cause::{Troubles, cause_of};
use super::{Cause, Check, Figure, Findings, Key, LagSample, Measure, Stage, Stall};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{Kinds, Observation, Observed, kinds};
use crate::model::plan::{ConsumerIndex, Plan, PlantedMistake};

/// One queue of one audience. What each message asks for stands first, in one line of a processor's cache.
#[derive(Debug, Default)]
#[repr(C, align(64))]
struct Flow {
    readable: u64,
    /// One past the last readable message that the group waits for.
    wanted: u64,
    /// One past the highest offset handed out or passed over by a start rule.
    reached: u64,
    /// Since when something has waited.
    waiting: Option<Instant>,
    last: Option<Instant>,
    committed: u64,
    memory: u64,
    disk: u64,
    troubles: Troubles,
}

impl Flow {
    /// Since when something has waited and nothing was handed out.
    #[inline]
    fn waits_since(&self) -> Option<Instant> {
        self.waiting.map(|waiting| self.last.map_or(waiting, |last| last.max(waiting)))
    }

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
    kept_locks: KeptLocks,
    /// Stretches longer than a tenth of a second between two hand-outs of a queue.
    gaps: Stretches,
    stalls: Vec<Stall>,
    /// Consumers in the middle of `shutdown()`.
    stopping: BTreeSet<ConsumerIndex>,
    pools: Pools,
    refused: Moments,
    notified: Moments,
    lag: Vec<LagSample>,
    next_sample: Instant,
}

impl Stalled {
    pub fn new(plan: &Plan, measure: &Measure, rows: bool) -> Self {
        let (stalls, lag, stopping) = (Vec::new(), Vec::new(), BTreeSet::new());
        Self {
            threshold: measure.stall_threshold,
            named: measure.named_times(),
            rows,
            flows: Keyed::default(),
            kept_locks: KeptLocks::default(),
            gaps: Stretches::default(),
            stalls,
            stopping,
            pools: Pools::new(plan),
            refused: Moments::default(),
            notified: Moments::default(),
            lag,
            next_sample: Instant::ZERO,
        }
    }

    /// Ends a wait; a long one is a stall.
    #[inline]
    fn end_wait(&mut self, key: Key, until: Instant, stage: &Stage, names: &Names) {
        if let Some(from) = self.flows.get(key).and_then(Flow::waits_since)
            && until.since(from) > self.threshold
        {
            self.end_long_wait(key, (from, until), stage, names);
        }
    }

    #[cold]
    fn end_long_wait(&mut self, key: Key, (from, until): (Instant, Instant), stage: &Stage, names: &Names) {
        let Some(flow) = self.flows.get(key) else { return };
        let above = u64::from(stage.planted(PlantedMistake::StallThresholdHigher));
        if until.since(from) > self.threshold + Span::from_millis(above) && stage.is_normal(key) {
            let (cause, detail, remedy) = cause_of(key, (&flow.troubles, &self.pools), (from, until), stage, names);
            self.stalls.push(Stall { audience: key.audience, queue: key.queue, from, until, cause, detail, remedy });
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

    fn keys_of(&self, audience: AudienceIndex) -> Vec<Key> {
        self.flows.iter().map(|(key, _)| key).filter(|key| key.audience == audience).collect()
    }

    fn sample_lag(&mut self, at: Instant) {
        while self.next_sample <= at {
            for (Key { audience, queue }, flow) in self.flows.iter().filter(|(_, flow)| flow.readable > 0) {
                self.lag.push(LagSample {
                    at: self.next_sample,
                    audience,
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

    /// Sets the figures of every window, and sums up the causes of the measured one.
    fn set_figures(&self, names: &Names, findings: &mut Findings) {
        let parts = Part::all(names);
        let of = |stall: &Stall| (names.group_of_audience(stall.audience), names.queue(stall.queue).topic);
        let places: Vec<_> = if parts.is_empty() { Vec::new() } else { self.stalls.iter().map(of).collect() };
        for window in &mut findings.windows {
            let inside: Vec<Span> = self
                .stalls
                .iter()
                .map(|stall| window.overlap(stall.from, stall.until))
                .filter(|s| *s > Span::ZERO)
                .collect();
            window.set("stalled.max", Figure::Span(inside.iter().copied().max().unwrap_or_default()));
            for part in &parts {
                let own = self.stalls.iter().zip(&places).filter(|(_, (group, topic))| part.is_of(*group, *topic));
                let longest = own.map(|(stall, _)| window.overlap(stall.from, stall.until)).max().unwrap_or_default();
                window.set_of(Some((*part, names)), "stalled.max", Figure::Span(longest));
            }
            window.set("stalled.total", Figure::Span(inside.iter().fold(Span::ZERO, |x, y| x + *y)));
            window.set("stalled.count", Figure::Count(inside.len() as u64));
            window.set("idle.max", Figure::Span(self.gaps.longest(window)));
            window.set("pulls_refused", Figure::Count(self.refused.inside(window)));
            window.set("notifications", Figure::Count(self.notified.inside(window)));
        }
        let mut causes: BTreeMap<Cause, Span> = BTreeMap::new();
        if let Some(window) = findings.windows.first() {
            for stall in &self.stalls {
                *causes.entry(stall.cause).or_default() += window.overlap(stall.from, stall.until);
            }
        }
        findings.stall_causes = causes.into_iter().filter(|(_, span)| *span > Span::ZERO).collect();
        findings.stall_causes.sort_by_key(|(cause, span)| (std::cmp::Reverse(*span), *cause));
    }
}

impl Check for Stalled {
    fn name(&self) -> &'static str {
        "stalled"
    }

    fn reads(&self) -> Kinds {
        // How far offsets are is said in rows, and nothing else asks for it.
        let offsets = if self.rows { kinds![ProgressMoved, Committed, OffsetsFlushed] } else { Kinds::NONE };
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
            LockConfirmed,
            Consumed,
            NotConsumed,
            PullTroubled,
            HeldTooLate,
            PullRecovered,
            ConsumerEnded,
            ConsumerStarting,
            ConsumerPaused,
            Notified,
            Popped,
            PopDiscarded,
            PopTroubled,
            ReceivesFrom
        ]
        .and(KeptLocks::READS)
        .and(offsets)
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        if self.rows {
            self.sample_lag(seen.at);
        }
        let at = seen.at;
        if matches!(seen.what, Observation::Notified { .. }) {
            return self.notified.add(at, stage, &self.named);
        }
        self.pools.observe(seen);
        let key = |consumer, queue| (consumer, Key::of(consumer, queue, names));
        match seen.what {
            Observation::Readable { queue, end } => self.hear_readable(at, queue, end, stage, names),
            Observation::Pulled { consumer, queue, until } => {
                self.hear_pulled(at, key(consumer, queue), until, stage);
            }
            Observation::Delivered { consumer, queue, offset, lost, .. } => {
                self.hear_delivered(at, key(consumer, queue), (offset, lost), stage, names);
            }
            Observation::Consumed { consumer, queue, outcome, .. } => {
                self.hear_consumed(at, key(consumer, queue), outcome, stage);
            }
            _ => self.hear_others(seen, stage, names),
        }
    }

    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        let end = findings.windows.iter().map(|window| window.until).max().unwrap_or(Instant::ZERO);
        if self.rows {
            self.sample_lag(end);
        }
        for key in self.flows.iter().map(|(key, _)| key).collect::<Vec<_>>() {
            self.end_wait(key, end, stage, names);
            if let Some(last) = self.flows.of(key).last {
                self.add_gap(key, last, end, stage);
            }
        }
        self.set_figures(names, findings);
        findings.stalls = std::mem::take(&mut self.stalls);
        findings.stalls.sort_by_key(|stall| (stall.from, stall.queue, stall.audience));
        findings.lag = std::mem::take(&mut self.lag);
    }
}
