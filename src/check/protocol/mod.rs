//! Protocol: rules of RocketMQ that hold in every cluster at every moment. Where one does not, the model is wrong, and not
//! the cluster: no scenario can break them, but a mistake planted in the model does.
//!
//! ```text
//!   every run -------------------> Protocol (standing laws, one pass over what every check sees)
//!   a run watched closely -------> Protocol, and Laws: one small struct a rule, by actor
//! ```
//! The laws of [`Laws`] need details that are not even made in an ordinary run (`model::observation::Detail`): a pull looked
//! at, a lock asked for, an interval begun. They guard the model and say nothing of a cluster, so random clusters and planted
//! mistakes pay for them, and nobody else.

mod accounts;
mod broker;
mod client_locks;
mod name_server;
mod persist;
mod pull;
mod rebalance;
mod recount;
mod route;
mod rules;
mod standing;
mod timers;
mod waits;

pub use rules::{NOT_OF_GO, RULES, Rule, rule_of};
pub(super) use standing::Protocol;

use super::readers::Readers;
use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Severity, Stage};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::ConsumerIndex;
use crate::model::observation::{Kind, Kinds, Observed};
use crate::model::plan::Plan;

/// What a law may ask beside what it sees.
#[derive(Clone, Copy)]
struct Scene<'a> {
    stage: &'a Stage,
    names: &'a Names,
    /// No wall clock has jumped: ages are what they seem.
    clocks_agree: bool,
}

/// A rule of RocketMQ, and what it remembers.
trait Law {
    /// The kinds of observations that it reads: it is shown no others.
    fn reads(&self) -> Kinds;

    /// Sees one observation.
    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken);

    /// Whether an event owes something: then the next observation is shown to it, whatever that is. `None`: none ever does.
    fn owes(&self) -> Option<bool> {
        None
    }

    /// The run is over, and its figures are known.
    fn finish(&mut self, _: &Findings, _: &mut Broken) {}
}

/// A rule that the model breaks it mostly breaks all the time: so many times are told.
const ENOUGH: usize = 20;

/// Rules that were broken.
#[derive(Debug, Default)]
struct Broken(Vec<Anomaly>);

impl Broken {
    /// A rule was broken at this moment, by these.
    fn say(&mut self, at: Instant, rule: &'static str, detail: String) {
        assert!(rule_of(rule).is_some(), "`{rule}` is no rule of the list");
        if self.0.iter().filter(|anomaly| anomaly.cause == Cause::Rule(rule)).count() >= ENOUGH {
            return;
        }
        let what = (AnomalyKind::BrokenRule, Cause::Rule(rule));
        let row = Anomaly::new("protocol", what, (at, at), detail);
        self.0.push(Anomaly { severity: Severity::Violation, ..row });
    }
}

/// The laws of a run that is watched closely.
pub(super) struct Laws {
    laws: Vec<Box<dyn Law>>,
    readers: Readers,
    /// The places of those to whom an event may owe something, and what they read.
    creditors: Box<[usize]>,
    creditors_read: Kinds,
    /// One of them is owed something.
    owed: bool,
    clocks_agree: bool,
    broken: Broken,
}

impl Laws {
    /// What has been broken so far.
    pub fn broken(&self) -> &[Anomaly] {
        &self.broken.0
    }

    /// All laws, with what they need to know of a plan; `stall_threshold`: what lasts no longer is no stall.
    pub fn new(plan: &Plan, stall_threshold: Span) -> Self {
        let laws: Vec<Box<dyn Law>> = vec![
            Box::new(rebalance::Intervals::new(plan)),
            Box::new(rebalance::RoutesWakeNobody::default()),
            Box::new(route::ListByChance::default()),
            Box::new(route::RouteKept::default()),
            Box::new(timers::Periods::new(plan)),
            Box::new(persist::PersistAll::new(plan)),
            Box::new(persist::Repair::default()),
            Box::new(pull::FirstPull::new(plan)),
            Box::new(pull::FlowControl::new(plan)),
            Box::new(pull::Minimum::default()),
            Box::new(client_locks::ClientLocks::new(plan)),
            Box::new(client_locks::UnlockAll::new(plan)),
            Box::new(broker::Locks::new(plan)),
            Box::new(broker::RefusedPulls::default()),
            Box::new(broker::Holds::default()),
            Box::new(broker::Heartbeats::default()),
            Box::new(broker::Stops::default()),
            Box::new(broker::Slaves::new(plan)),
            Box::new(broker::Retries::new(plan)),
            Box::new(name_server::Expiry::new(plan)),
            Box::new(name_server::Closes::default()),
            Box::new(accounts::Accounts::default()),
            Box::new(recount::Recount::default()),
            Box::new(waits::Waits::new(stall_threshold)),
        ];
        let readers = Readers::of(laws.iter().map(|law| law.reads()));
        let creditors = || laws.iter().enumerate().filter(|(_, law)| law.owes().is_some());
        let creditors_read = creditors().fold(Kinds::NONE, |all, (_, law)| all.and(law.reads()));
        let creditors = creditors().map(|(place, _)| place).collect();
        Self { laws, readers, creditors, creditors_read, owed: false, clocks_agree: true, broken: Broken::default() }
    }

    /// These, and everything is shown to every law.
    #[cfg(test)]
    pub fn showing_everything(mut self) -> Self {
        self.readers = Readers::of(self.laws.iter().map(|_| Kinds::ALL));
        self
    }
}

impl Laws {
    /// Sees one observation, of this kind.
    pub fn observe(&mut self, kind: Kind, seen: &Observed, stage: &Stage, names: &Names) {
        self.clocks_agree &= kind != Kind::ClockJumped;
        let scene = Scene { stage, names, clocks_agree: self.clocks_agree };
        for &reader in &self.readers.of_kind(kind).others {
            self.laws[reader].observe(seen, scene, &mut self.broken);
        }
        if self.owed || self.creditors_read.has(kind) {
            self.settle(kind, seen, scene);
        }
    }

    /// Whoever is owed something sees this, too.
    fn settle(&mut self, kind: Kind, seen: &Observed, scene: Scene<'_>) {
        self.owed = false;
        for &creditor in &self.creditors {
            let law = &mut self.laws[creditor];
            if law.owes() == Some(true) && !law.reads().has(kind) {
                law.observe(seen, scene, &mut self.broken);
            }
            self.owed |= law.owes() == Some(true);
        }
    }

    /// The run is over: adds what was broken.
    pub fn finish(&mut self, findings: &mut Findings) {
        for law in &mut self.laws {
            law.finish(findings, &mut self.broken);
        }
        findings.anomalies.append(&mut self.broken.0);
    }
}

/// Whom the threads of a client instance belong to: the first of its consumers in the plan.
fn owners(plan: &Plan) -> Vec<crate::model::plan::ConsumerIndex> {
    ConsumerIndex::number(&plan.consumers).map(|(own, consumer)| consumer.instance_of.unwrap_or(own)).collect()
}
