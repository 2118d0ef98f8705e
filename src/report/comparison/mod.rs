//! Variants of a scenario side by side, over the same seeds: as text, as JSON and as a table.

mod csv;
mod json;
mod page;
mod text;

use std::collections::BTreeSet;

use super::{Extent, shell_quoted};
use crate::scenario::Limit;
use crate::sweep::{Breach, Paired, Quantiles, SeedResult, Seeds, Worse, breach};

pub(super) use self::csv::{beside as csv_beside, cell as csv_cell};
pub use self::csv::{by_figure, by_seed};
pub(super) use json::beside as json_beside;
pub use json::summary as json;
#[cfg(test)]
pub(super) use page::SCRIPTS;
pub use page::write as page;
pub(super) use text::signed;
pub use text::summary as text;

/// Figures that are told of each phase.
const BY_PHASE: [&str; 12] = [
    "catch_up",
    "double_owned.max",
    "duplicates",
    "lag.end",
    "lag.max",
    "latency.max",
    "latency.p99",
    "lost",
    "skipped",
    "stalled.max",
    "undelivered",
    "unowned.max",
];

/// One of the variants.
#[derive(Debug)]
pub struct Variant {
    /// What it is called: as it was named, else what is set.
    pub name: String,
    /// The scenario's file.
    pub file: String,
    /// The values of `--set` that make it.
    pub overrides: Vec<String>,
    /// Its results, in the order of the seeds.
    pub results: Vec<SeedResult>,
}

/// All variants, the base first.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The scenario's title.
    pub title: &'a str,
    /// The seeds that were played.
    pub seeds: Seeds,
    /// The base, and at least one other.
    pub variants: &'a [Variant],
    /// What no variant may do.
    pub limits: &'a [Limit],
    /// The command that compares again.
    pub command: String,
    /// How much is told.
    pub extent: Extent,
}

impl Variant {
    /// The command that plays one seed of it.
    fn replay(&self, seed: u64) -> String {
        let sets = self.overrides.iter().map(|set| format!(" --set {}", shell_quoted(set))).collect::<String>();
        format!("rebalance-sim run {} --seed {seed}{sets}", shell_quoted(&self.file))
    }

    fn quantiles(&self, figure: &str) -> Option<Quantiles> {
        let values = self.results.iter().filter_map(|result| Some((result.seed, result.figure(None, figure)?)));
        Quantiles::new(values, Worse::Higher)
    }
}

impl Comparison<'_> {
    /// The variants besides the base, each with its letter.
    fn others(&self) -> impl Iterator<Item = (String, &Variant)> {
        (1..).map(letter).zip(&self.variants[1..])
    }

    fn base(&self) -> &Variant {
        &self.variants[0]
    }

    /// The names of all figures that any variant has: those of the story, then those of its groups and topics.
    fn figures(&self) -> Vec<String> {
        let windows = || self.results().filter_map(|result| result.windows.first());
        let story: BTreeSet<&String> = windows().flat_map(|window| window.figures.keys()).collect();
        let mut parts = BTreeSet::new();
        for window in windows() {
            let groups = window.groups.iter().map(|(group, figures)| (group.clone(), figures));
            let topics = window.topics.iter().map(|(topic, figures)| (format!("topic {topic}"), figures));
            for (part, figures) in groups.chain(topics) {
                parts.extend(figures.keys().map(|figure| format!("{part}: {figure}")));
            }
        }
        story.into_iter().cloned().chain(parts).collect()
    }

    /// As [`Comparison::figures`]; behind them what is told of each phase, in the order of the phases, and what a limit speaks
    /// of besides.
    fn figures_of_all(&self) -> Vec<String> {
        let mut figures = self.figures();
        for window in self.results().flat_map(|result| result.windows.iter().skip(1)) {
            for figure in BY_PHASE.iter().filter(|figure| window.figures.contains_key(**figure)) {
                let name = format!("phase {}: {figure}", window.label);
                if !figures.contains(&name) {
                    figures.push(name);
                }
            }
        }
        let asked = self.asked();
        figures.extend(asked.into_iter().filter(|figure| !figures.contains(figure)).collect::<Vec<_>>());
        figures
    }

    /// What a limit speaks of and no table has by itself.
    fn asked(&self) -> Vec<String> {
        let figures = self.figures();
        let asked: BTreeSet<&String> = self.limits.iter().map(|limit| &limit.figure).collect();
        asked.into_iter().filter(|figure| !figures.contains(figure)).cloned().collect()
    }

    fn results(&self) -> impl Iterator<Item = &SeedResult> {
        self.variants.iter().flat_map(|variant| &variant.results)
    }

    /// A figure of the base and another variant over the seeds in which both have it.
    fn paired(&self, figure: &str, other: &Variant) -> Option<Paired> {
        Paired::of(figure, &self.base().results, &other.results)
    }

    /// The limits that a variant went beyond.
    fn breaches<'b>(&'b self, other: &'b Variant) -> impl Iterator<Item = (&'b Limit, Breach)> {
        self.limits.iter().filter_map(|limit| Some((limit, breach(limit, &self.base().results, &other.results)?)))
    }

    /// Whether a variant goes beyond a limit.
    #[must_use]
    pub fn violated(&self) -> bool {
        self.variants[1..].iter().any(|other| self.breaches(other).next().is_some())
    }
}

/// The letter of a variant: A, B, ... Z, then V27 and so on.
fn letter(position: usize) -> String {
    match u8::try_from(position) {
        Ok(position @ 0..26) => char::from(b'A' + position).to_string(),
        _ => format!("V{}", position + 1),
    }
}
