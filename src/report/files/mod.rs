//! What came of several scenario files: a line each, their summaries as one list, or what a CI server reads.

mod github;
mod json;
mod junit;
mod markdown;
#[cfg(test)]
mod tests;
mod text;

pub use github::github;
pub use json::list;
pub use junit::junit;
pub(super) use junit::{escaped, quoted};
pub use markdown::markdown;
pub use text::{line, total};

use serde_json::Value;

use super::Report;
use super::summary::{self, Word};
use crate::sweep::Standing;

/// What came of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileResult {
    /// The file as the command line names it, or as its folder does.
    pub file: String,
    /// The folder in the directory of `--out` that holds its report, where there is one.
    pub folder: Option<String>,
    /// How it ended.
    pub end: FileEnd,
}

/// How one file ended.
#[derive(Debug, Clone, PartialEq)]
pub enum FileEnd {
    /// It was played.
    Played(Box<Played>),
    /// It is no scenario, or one that is not played; the whole sentence.
    Refused(String),
    /// The simulator failed; the whole sentence.
    Failed(String),
}

/// What a file that was played said.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// The verdict.
    pub verdict: Word,
    /// The title of the scenario.
    pub title: String,
    /// Its expectations in their order; behind them what stands in no file, such as members that did not start.
    pub expectations: Vec<Expected>,
    /// The whole summary, as `summary.json` holds it.
    pub summary: Value,
}

/// What came of one expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// As the scenario says it.
    pub text: String,
    /// The line of the file that says it, from 1 on; `None`: no line of it does.
    pub line: Option<usize>,
    /// How it stands.
    pub standing: Standing,
    /// Where it is violated, what was seen instead.
    pub seen: Option<String>,
    /// Where it is violated, the command that plays the seed which shows it.
    pub replay: Option<String>,
}

impl FileResult {
    /// What a report says of its file.
    #[must_use]
    pub fn of(report: &Report<'_>) -> Self {
        let violated = |at: usize| report.judgements[at].standing == Standing::Violated;
        let expected = |at: usize| Expected {
            text: report.judgements[at].text.clone(),
            line: report.story.scenario.expect.get(at).and_then(|expectation| expectation.line),
            standing: report.judgements[at].standing,
            seen: violated(at).then(|| summary::seen_at(report, at)),
            replay: summary::seed_at(report, at).filter(|_| violated(at)).map(|seed| report.story.replay(seed)),
        };
        let played = Played {
            verdict: summary::verdict(report),
            title: report.story.scenario.title.clone(),
            expectations: (0..report.judgements.len()).map(expected).collect(),
            summary: summary::json::whole(report),
        };
        Self { file: report.story.file.clone(), folder: None, end: FileEnd::Played(Box::new(played)) }
    }

    /// The word that its line begins with.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match &self.end {
            FileEnd::Played(played) => played.verdict.word(),
            FileEnd::Refused(_) => "REFUSED",
            FileEnd::Failed(_) => "FAILED",
        }
    }

    /// Whether an expectation is violated.
    #[must_use]
    pub fn violated(&self) -> bool {
        matches!(&self.end, FileEnd::Played(played) if played.verdict == Word::Violated)
    }
}
