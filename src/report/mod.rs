//! What a run says to people and to other programs: the summary, CSV files, pictures and pages.
//!
//! A [`Report`] is what one `run` command found. The summary of it goes to the terminal; everything else is an
//! exporter's: an exporter is one file and one line in the registry.

pub mod advice;
pub mod catalogue;
pub mod chrome_trace;
pub mod comparison;
mod csv;
pub mod diagnosis;
mod directory;
pub mod explained;
mod export;
pub mod fidelity;
pub mod files;
pub mod log;
mod page;
mod picture;
mod summary;
#[cfg(test)]
mod synthetic;
pub mod variation;
mod wording;

pub use csv::EventSheet;
pub(crate) use csv::harmless;
pub use directory::{DirectoryError, Folder, OutputDirectory, ReportFile};
pub use export::{Exporter, fill, registry};
pub use page::worst_seeds;
pub use picture::allocation_pictures;
pub use summary::text::Extent;
pub use summary::{Word, json, text};
pub use wording::{grouped, human_figure, milliseconds, printable, printable_line};

use self::explained::Stories;
use crate::run::Outcome;
use crate::scenario::Scenario;
use crate::sweep::{Finished, Judgement, SeedResult, Seeds};

/// What was asked: enough to print the command that asks again.
#[derive(Debug, Clone)]
pub struct Story<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its file as it was named on the command line.
    pub file: String,
    /// The values of `--set`.
    pub overrides: Vec<String>,
}

/// One seed with all its rows, or many with their figures.
#[derive(Debug)]
pub enum Body<'a> {
    /// One run.
    One {
        /// Its rows.
        outcome: &'a Outcome,
        /// Its figures.
        result: &'a SeedResult,
    },
    /// A sweep.
    Many {
        /// The seeds that were asked for.
        seeds: Seeds,
        /// Those that were run.
        finished: &'a Finished<SeedResult>,
    },
}

impl Body<'_> {
    /// After how many of its seeds it was interrupted; `None`: it was not.
    #[must_use]
    pub fn interrupted(&self) -> Option<usize> {
        match self {
            Self::Many { finished, .. } if !finished.complete => Some(finished.results.len()),
            _ => None,
        }
    }
}

/// Everything that one `run` found.
#[derive(Debug)]
pub struct Report<'a> {
    /// What was asked.
    pub story: Story<'a>,
    /// What was expected, judged.
    pub judgements: Vec<Judgement>,
    /// What was found.
    pub body: Body<'a>,
    /// Of many seeds those that the page shows whole.
    pub shown: Vec<Shown>,
    /// Why the worst findings came about, of each seed that the page shows whole.
    pub stories: Vec<Stories>,
}

/// One of many seeds, played once more with all its rows.
#[derive(Debug)]
pub struct Shown {
    /// Its rows.
    pub outcome: Outcome,
    /// What it is the worst of.
    pub why: String,
}

impl Story<'_> {
    /// A command about one seed.
    pub(crate) fn command(&self, command: &str, seed: u64) -> String {
        let sets = self.overrides.iter().map(|set| format!(" --set {}", shell_quoted(set))).collect::<String>();
        format!("rebalance-sim {command} {} --seed {seed}{sets}", shell_quoted(&self.file))
    }

    /// The command that replays one seed.
    #[must_use]
    pub fn replay(&self, seed: u64) -> String {
        self.command("run", seed)
    }

    /// The command that tells why its worst finding came about.
    #[must_use]
    pub fn why(&self, seed: u64) -> String {
        self.command("explain", seed)
    }
}

impl Report<'_> {
    /// Whether an expectation is violated.
    #[must_use]
    pub fn violated(&self) -> bool {
        self.judgements.iter().any(|judgement| judgement.standing == crate::sweep::Standing::Violated)
    }
}

/// The word as a POSIX shell reads it back.
pub(crate) fn shell_quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./=:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_shell() {
        let table = [
            ("a/b-c_1.toml", "a/b-c_1.toml"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
            ("x=\"3s\"", "'x=\"3s\"'"),
        ];
        for (word, quoted) in table {
            assert_eq!(shell_quoted(word), quoted);
        }
    }
}
