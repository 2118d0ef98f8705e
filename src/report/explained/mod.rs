//! Why a finding came about: as text, as JSON, and as rows of words for a page.

mod json;
mod text;
mod told;

use super::shell_quoted;
use super::wording::{counted, with_why};
use crate::explain::{Finding, Remedy, Story, Wait, What};

pub use json::summary as json;
pub use text::summary as text;
pub(super) use told::Told;

/// A story, and what it is told of.
#[derive(Debug)]
pub struct Explained<'a> {
    /// The scenario's title.
    pub title: &'a str,
    /// Its file as it was named on the command line.
    pub file: &'a str,
    /// The values of `--set`.
    pub overrides: &'a [String],
    /// The seed.
    pub seed: u64,
    /// The story.
    pub story: &'a Story,
    /// Those of its remedies that the scenario takes.
    pub remedies: &'a [Remedy],
    /// The command that explains again.
    pub command: String,
}

/// One of the worst findings of a seed, with its story.
#[derive(Debug)]
pub struct Worst {
    /// The finding as the checks have it: the story of messages begins before.
    pub finding: Finding,
    /// Its story.
    pub story: Story,
    /// Those of the story's remedies that the scenario takes.
    pub remedies: Vec<Remedy>,
}

/// The stories that the page of a seed tells.
#[derive(Debug, Default)]
pub struct Stories {
    /// The seed.
    pub seed: u64,
    /// Of its worst findings.
    pub worst: Vec<Worst>,
    /// How many findings of it could be explained.
    pub findings: usize,
}

impl Explained<'_> {
    /// The command that tries a remedy.
    fn tried(&self, remedy: &Remedy) -> String {
        let with: String = self.overrides.iter().map(|set| format!(" --with {}", shell_quoted(set))).collect();
        let (file, set) = (shell_quoted(self.file), shell_quoted(&remedy.set));
        format!("rebalance-sim compare {file}{with} --set {set} --seeds 20")
    }

    fn place(&self) -> String {
        let (finding, names) = (&self.story.finding, &self.story.names);
        let group = names.group(names.group_of_audience(finding.audience));
        format!("{} of group {group}", names.message_queue(finding.queue))
    }

    /// What the checks say of it.
    fn causes(&self) -> String {
        let why = self.story.finding.why;
        let causes = self.story.finding.causes.iter().map(|cause| with_why(*cause, why));
        causes.collect::<Vec<_>>().join(", then ")
    }
}

/// The headline of a finding: what it is and how large.
fn size(finding: &Finding) -> String {
    let messages = counted(finding.count, "message");
    match finding.what {
        What::Stall => format!("a stall of {}", finding.length().human()),
        What::Unowned => format!("{} without an owner", finding.length().human()),
        What::Double => format!("{} with two owners", finding.length().human()),
        What::Duplicate => format!("{messages} handed out again"),
        What::Skipped => format!("{messages} skipped"),
        What::Lost => format!("{messages} lost"),
    }
}

/// What governs a wait: the setting and what it says.
fn governed(wait: Wait, setting: Option<crate::kernel::Span>) -> String {
    let Some(governor) = wait.governor() else { return String::new() };
    let value = setting.map_or_else(String::new, |span| format!(" = {span}"));
    let constant = if governor.settable { "" } else { " (a constant of RocketMQ)" };
    format!("{}{value}{constant}", governor.setting)
}
