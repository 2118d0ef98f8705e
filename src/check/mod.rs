//! Checks: they read the stream of observations while a run goes on, and say what they found. They change nothing.
//!
//! ```text
//!   Observed --> Stage (who lives, who owns what) --> each Check
//!                   |                                    |
//!                   +--> windows (measure, phases) ------+--> Findings
//! ```
//! A check is one file and one line in [`Checks::new`].

mod balance;
mod balance_samples;
mod broadcasting;
mod buffered;
mod cause;
mod copies;
mod dealing;
mod delivery;
mod duplicate_cause;
mod evidence;
mod explanation;
mod figures;
mod findings;
mod given;
mod hand_outs;
mod hidden;
mod holes;
mod ids;
mod kept_locks;
mod key;
mod key_order;
mod keyed;
mod kind;
mod lag;
mod latency;
mod ledger;
mod load;
mod locks;
mod log;
mod losses;
mod measure;
mod members;
mod missed;
mod moments;
mod no_route;
mod offsets;
mod order;
mod ownership;
mod part;
mod pinned;
mod pools;
mod pop;
mod pop_brokers;
mod protocol;
mod readers;
mod rebalance_loop;
mod refused;
mod repeated;
mod route;
mod sends;
mod stage;
mod stall_cause;
mod stalled;
mod start;
mod tallies;
#[cfg(test)]
mod tests;
mod timers;
mod trap;
mod traps;
mod twice;

pub use cause::Cause;
pub use explanation::Explanation;
pub use figures::{KnownFigure, Unit, is_of_pop, known_figure, known_figures};
pub use findings::*;
pub use holes::Holes;
pub use key::Key;
pub use kind::AnomalyKind;
pub use latency::LatencySample;
pub use measure::{Mark, Measure};
pub use part::{BY_GROUP, BY_TOPIC};
pub use protocol::{NOT_OF_GO, RULES, Rule};
pub use stage::Stage;
pub use trap::Trap;

use readers::Readers;
use std::collections::BTreeMap;

use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{Kind, Kinds, Observed};
use crate::model::plan::{Plan, PlantedMistake};

/// One check (or metric). It reads every observation and answers at the end.
pub trait Check {
    /// Its name, as `anomalies.csv` shows it.
    fn name(&self) -> &'static str;
    /// The kinds of observations that it reads: it is shown no others.
    fn reads(&self) -> Kinds;
    /// Sees one observation; they come in the order in which they happened, and `stage` has taken it in already.
    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names);
    /// The run is over: adds its rows, and its figures to each window.
    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings);
}

/// All checks of one run.
pub struct Checks {
    stage: Stage,
    measure: Measure,
    checks: Vec<Box<dyn Check>>,
    protocol: protocol::Protocol,
    laws: Option<protocol::Laws>,
    readers: Readers,
}

impl Checks {
    /// The checks of a plan; `rows`: keep the rows of the CSV files too.
    #[must_use]
    pub fn new(plan: &Plan, measure: Measure, rows: bool) -> Self {
        let checks: Vec<Box<dyn Check>> = vec![
            Box::new(delivery::Delivery::new(plan, &measure, rows)),
            Box::new(stalled::Stalled::new(plan, &measure, rows)),
            Box::new(lag::Lag::new(plan)),
            Box::new(ownership::OwnershipCheck::default()),
            Box::new(balance::Balance::new(plan, rows)),
            Box::new(offsets::Offsets::new(rows)),
            Box::new(members::Members::new(rows)),
            Box::new(load::Load::new(&measure, rows)),
            Box::new(traps::Traps::default()),
            Box::new(route::Route::default()),
            Box::new(no_route::NoRoute::new(plan)),
            Box::new(rebalance_loop::RebalanceLoop::default()),
            Box::new(buffered::Buffered::new(plan)),
            Box::new(pinned::Pinned::new(plan)),
            Box::new(pop::Pop::new(plan, &measure)),
            Box::new(pop_brokers::PopBrokers::new(plan)),
            Box::new(tallies::Tallies::default()),
            Box::new(locks::Locks::default()),
            Box::new(order::Order::new(plan)),
            Box::new(key_order::KeyOrder::new(plan)),
            Box::new(broadcasting::Broadcasting::default()),
            Box::new(log::Log::default()),
            Box::new(missed::Missed::new(plan)),
            Box::new(hidden::Hidden::new(&measure)),
            Box::new(sends::Sends::new(plan, &measure)),
            Box::new(start::Start::default()),
            Box::new(refused::Refused::new(plan)),
        ];
        let rules = Self::protocol(plan, measure);
        let readers = Readers::of(checks.iter().map(|check| check.reads())).and(Stage::READS, rules.protocol.reads());
        Self { checks, readers, ..rules }
    }

    /// The rules of the protocol alone.
    fn protocol(plan: &Plan, measure: Measure) -> Self {
        let protocol = protocol::Protocol::new(plan);
        Self {
            stage: Stage::new(plan),
            measure,
            checks: Vec::new(),
            readers: Readers::of([].into_iter()).and(Stage::READS, protocol.reads()),
            protocol,
            laws: None,
        }
    }

    /// The rules of the protocol and its laws, and no other check.
    #[must_use]
    pub fn only_laws(plan: &Plan, measure: Measure) -> Self {
        Self::protocol(plan, measure).with_laws(plan)
    }

    /// What can break one rule, and no check more than that takes.
    #[must_use]
    pub fn of_rule(plan: &Plan, measure: Measure, rule: &str) -> Self {
        match protocol::rule_of(rule) {
            Some(rule) if rule.counts_again => Self::new(plan, measure, true).with_laws(plan),
            _ => Self::only_laws(plan, measure),
        }
    }

    /// Where a rule of the protocol has been broken so far.
    #[must_use]
    pub fn broken(&self, rule: &str) -> Option<&Anomaly> {
        let laws = self.laws.as_ref().map_or(&[][..], protocol::Laws::broken);
        self.protocol.broken().iter().chain(laws).find(|anomaly| anomaly.cause.word() == rule)
    }

    /// These, and the laws of the protocol that need a run which is watched closely.
    #[must_use]
    pub fn with_laws(mut self, plan: &Plan) -> Self {
        self.laws = Some(protocol::Laws::new(plan, self.measure.stall_threshold));
        self
    }

    /// These, and everything is shown to everybody: what a wrong set of kinds is found by.
    #[cfg(test)]
    pub(crate) fn showing_everything(mut self) -> Self {
        self.readers = Readers::of(self.checks.iter().map(|_| Kinds::ALL)).and(Kinds::ALL, Kinds::ALL);
        self.laws = self.laws.map(protocol::Laws::showing_everything);
        self
    }

    /// Sees one observation.
    pub fn observe(&mut self, seen: &Observed, names: &Names) {
        let kind = Kind::of(&seen.what);
        let reading = self.readers.of_kind(kind);
        self.stage.move_on(seen.at, names);
        if reading.stage {
            self.stage.observe(seen, names);
        }
        for &reader in &reading.others {
            self.checks[reader].observe(seen, &self.stage, names);
        }
        if reading.protocol {
            self.protocol.observe(seen, &self.stage, names);
        }
        if let Some(laws) = &mut self.laws {
            laws.observe(kind, seen, &self.stage, names);
        }
    }

    /// What was found in a run that ended at `end`.
    #[must_use]
    pub fn finish(mut self, end: Instant, names: &Names) -> Findings {
        self.stage.finish(end, names);
        let mut findings = Findings { windows: self.windows(end), ..Findings::default() };
        for check in &mut self.checks {
            check.finish(&self.stage, names, &mut findings);
        }
        self.protocol.finish(&self.stage, names, &mut findings);
        if let Some(laws) = &mut self.laws {
            laws.finish(&mut findings);
        }
        // Of nothing there is no figure: a bound that holds there would say that all was well.
        for window in findings.windows.iter_mut().filter(|window| window.from >= window.until) {
            window.figures.clear();
            window.groups.clear();
            window.topics.clear();
        }
        findings.anomalies.sort_by_key(|row| (row.from, row.queue, row.kind));
        findings
    }

    /// The measured window, then the phases: steps less than 2 s apart belong together.
    fn windows(&self, end: Instant) -> Vec<Window> {
        // A run that never settles is measured whole: an empty window would let it pass by doing nothing.
        let settled = self.stage.first_settled().unwrap_or(Instant::ZERO);
        let time = |mark: Mark| match mark {
            Mark::Time(at) => at.min(end),
            Mark::Step(step) => self.stage.step_time(step).unwrap_or(end),
            Mark::FirstSettled => settled,
        };
        let (from, until) = (time(self.measure.from), self.measure.until.map_or(end, time));
        let mut windows = vec![Window::new("measure", from, until.max(from))];
        let mut phases: Vec<(String, Instant, Instant)> = Vec::new();
        for (at, label) in self.stage.steps_taken() {
            match phases.last_mut() {
                Some((joined, _, last)) if at.since(*last) < Span::from_secs(2) => {
                    if !joined.split('+').any(|part| part == label) {
                        joined.push('+');
                        joined.push_str(&label);
                    }
                    *last = at;
                }
                _ => phases.push((label, at, at)),
            }
        }
        if self.stage.planted(PlantedMistake::LastPhaseLeftOut) {
            phases.pop();
        }
        for (index, (label, from, _)) in phases.iter().enumerate() {
            let until = phases.get(index + 1).map_or(end, |(_, next, _)| *next);
            windows.push(Window::new(label.clone(), *from, until));
        }
        windows
    }
}

impl Window {
    /// A window without figures yet.
    #[must_use]
    pub fn new(label: impl Into<String>, from: Instant, until: Instant) -> Self {
        Self {
            label: label.into(),
            from,
            until,
            figures: Figures::new(),
            groups: BTreeMap::new(),
            topics: BTreeMap::new(),
        }
    }

    /// How much of a stretch lies inside.
    #[must_use]
    pub fn overlap(&self, from: Instant, until: Instant) -> Span {
        until.min(self.until).since(from.max(self.from))
    }

    /// Whether a moment lies inside.
    #[must_use]
    pub fn contains(&self, at: Instant) -> bool {
        self.from <= at && at < self.until
    }

    /// Sets a figure. Panics on a name that [`known_figures`] does not have, and on a value in another unit.
    pub fn set(&mut self, name: &str, figure: Figure) {
        self.set_of(None, name, figure);
    }
}
