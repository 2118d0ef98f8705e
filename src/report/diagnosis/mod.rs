//! What `doctor` found, for people, programs and pages. Nothing is judged here.

pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
#[cfg(test)]
mod tests;
pub mod text;

use super::shell_quoted;
use crate::doctor::{Finding, Severity};
use crate::import::Evidence;
use crate::wording::counted;

/// What was read and what was found.
#[derive(Debug, Clone, Copy)]
pub struct Diagnosis<'a> {
    /// What was read.
    pub evidence: &'a Evidence,
    /// What was found, the severest first.
    pub findings: &'a [Finding],
    /// What was typed for the inputs.
    pub inputs: &'a [String],
}

impl Diagnosis<'_> {
    /// The verdict in one word.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        match self.findings.iter().map(Finding::severity).min() {
            Some(Severity::Error) => "SICK",
            Some(Severity::Warning) => "AT RISK",
            Some(Severity::Note) | None => "HEALTHY",
        }
    }

    /// Whether something is wrong; notes are no reason.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.verdict() == "HEALTHY"
    }

    /// How many findings of which severity, and what was read: the first line behind the verdict.
    fn counts(&self) -> String {
        let count = |severity| self.findings.iter().filter(|finding| finding.severity() == severity).count() as u64;
        let said = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
            .into_iter()
            .filter(|(severity, _)| count(*severity) > 0)
            .map(|(severity, word)| counted(count(severity), word));
        let said: Vec<String> = said.collect();
        let found = if said.is_empty() { "nothing is wrong with what was read".to_owned() } else { said.join(", ") };
        let (inputs, facts) = (self.evidence.inputs.len() as u64, self.evidence.facts.len() as u64);
        format!("{found}  ({}, {})", counted(inputs, "input"), counted(facts, "fact"))
    }

    /// The commands that make a scenario of the inputs and play it.
    fn commands(&self) -> [String; 2] {
        let inputs: Vec<String> = self.inputs.iter().map(|input| shell_quoted(input)).collect();
        [
            format!("rebalance-sim import {} -o my.toml", inputs.join(" ")),
            "rebalance-sim run my.toml --seeds 20".to_owned(),
        ]
    }

    /// Where a finding stands, for people.
    fn places(&self, finding: &Finding) -> Vec<String> {
        finding.evidence.iter().map(|place| self.evidence.at(*place)).collect()
    }
}

/// Why something is so: the cause's word, the trap, and the sentence of either.
fn why(finding: &Finding) -> Option<String> {
    let trap = finding.trap();
    match (finding.cause, trap) {
        (Some(cause), Some(trap)) => Some(format!("{cause} (trap {trap}): {}", cause.sentence())),
        (Some(cause), None) => Some(format!("{cause}: {}", cause.sentence())),
        (None, Some(trap)) => Some(format!("trap {trap}: {}", trap.sentence())),
        (None, None) => None,
    }
}
