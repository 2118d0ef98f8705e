//! A finding.

use super::kind::{FindingKind, Severity};
use crate::check::{Cause, Trap};
use crate::import::section::Place;

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Sureness {
    /// The inputs say it.
    Certain,
    /// The inputs agree with it, and with little else.
    Likely,
    /// The inputs agree with it; something else may be as true.
    Possible,
}

impl Sureness {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// Something that is wrong, or will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which kind.
    pub kind: FindingKind,
    /// Of which group, where it is of one that has a name.
    pub group: Option<String>,
    /// What is so, one sentence.
    pub what: String,
    /// Where it stands, the plainest first.
    pub evidence: Vec<Place>,
    /// Why it is so, in the words of the checks.
    pub cause: Option<Cause>,
    /// How sure it is.
    pub sure: Sureness,
    /// What to do, each one step: a command of `mqadmin`, a setting, a practice.
    pub what_to_do: Vec<String>,
}

impl Finding {
    /// A finding as its kind has it: with its cause, its sureness certain, and what its kind advises.
    pub(super) fn new(kind: FindingKind, what: impl Into<String>, evidence: Vec<Place>) -> Self {
        let (cause, advice) = (kind.cause(), kind.advice());
        let what_to_do = advice.iter().map(|step| (*step).to_owned()).collect();
        Self { kind, group: None, what: what.into(), evidence, cause, sure: Sureness::Certain, what_to_do }
    }

    /// Of a group. A group that the inputs do not name has no name; steps that are to name it say `GROUP`.
    pub(super) fn of(mut self, group: &str) -> Self {
        if !group.is_empty() {
            self.group = Some(group.to_owned());
            self.what_to_do.iter_mut().for_each(|step| *step = step.replace("GROUP", group));
        }
        self
    }

    /// With another sureness.
    pub(super) fn sure(mut self, sure: Sureness) -> Self {
        self.sure = sure;
        self
    }

    /// With another cause.
    pub(super) fn because(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// With other steps instead of those of its kind.
    pub(super) fn instead(mut self, steps: impl IntoIterator<Item = String>) -> Self {
        self.what_to_do = steps.into_iter().collect();
        self
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// The trap that it shows.
    #[must_use]
    pub fn trap(&self) -> Option<Trap> {
        self.cause.and_then(Cause::trap).or(self.kind.trap())
    }

    /// The command that plays or explains it.
    #[must_use]
    pub fn simulate(&self) -> Option<String> {
        match (self.kind.scenario(), self.cause) {
            (Some(scenario), _) => Some(format!("rebalance-sim run {scenario}")),
            (None, Some(cause)) => Some(format!("rebalance-sim explain-word {cause}")),
            (None, None) => None,
        }
    }
}
