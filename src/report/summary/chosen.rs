//! Which figures a reader sees: what the scenario asks, what must never be overlooked, and what went worst.

use std::collections::BTreeSet;

use crate::report::Report;
use crate::sweep::Standing;

/// The most lines of figures.
const MOST: usize = 7;

/// What is shown wherever it is not zero: without it the other figures say another thing than they seem to.
const ALWAYS: [&str; 4] = ["start_failed", "lost", "acknowledged_lost", "skipped"];

/// What is shown where it is not zero, while there is room. Figures are told in this order too.
const BY_WEIGHT: [&str; 19] = [
    "start_failed",
    "lost",
    "acknowledged_lost",
    "skipped",
    "hidden",
    "deleted_unread",
    "duplicates",
    "stalled.max",
    "unowned.max",
    "double_owned.max",
    "undelivered",
    "dead_lettered",
    "sends_failed",
    "sends_in_doubt",
    "stored_twice",
    "rejected",
    "commands_refused",
    "commits_backwards",
    "balance.idle_members",
];

/// A figure of a window; `None`: the measured one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked<'a> {
    pub(super) window: Option<&'a str>,
    pub(super) figure: &'a str,
}

impl<'a> Asked<'a> {
    fn measured(figure: &'a str) -> Self {
        Self { window: None, figure }
    }

    /// A cause, trap or kind of anomaly, and no figure.
    pub(super) fn is_sighting(&self) -> bool {
        ["anomaly.", "cause.", "trap."].iter().any(|prefix| self.figure.starts_with(prefix))
    }

    /// `stalled.max`, `stalled.max in kill-c2`, or `g1: stalled.max`.
    pub(super) fn label(&self) -> String {
        let figure = match self.figure.split_once('@') {
            Some((figure, part)) => format!("{part}: {figure}"),
            None => self.figure.to_owned(),
        };
        self.window.map_or_else(|| figure.clone(), |window| format!("{figure} in {window}"))
    }

    /// Where it stands in the table: by weight, then what has none; phases behind the measured window, words last.
    fn place(&self) -> (bool, Option<&'a str>, usize) {
        (self.is_sighting(), self.window, weight(self.figure))
    }
}

/// How much a figure weighs: the least number the most.
pub(super) fn weight(figure: &str) -> usize {
    BY_WEIGHT.iter().position(|name| *name == figure).unwrap_or(BY_WEIGHT.len())
}

/// What is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chosen<'a> {
    /// A line each.
    pub(super) rows: Vec<Asked<'a>>,
    /// What the scenario asks and is zero: one line for all.
    pub(super) zero: Vec<Asked<'a>>,
}

/// Chooses; `is_zero`: whether a figure is zero in every seed, `None` where no seed has it.
pub(super) fn chosen<'a>(report: &'a Report<'_>, is_zero: impl Fn(Asked<'a>) -> Option<bool>) -> Chosen<'a> {
    let shows = |asked: &Asked<'a>| is_zero(*asked) == Some(false);
    let asks = report.story.scenario.expect.iter();
    let asks: Vec<Asked<'a>> =
        asks.map(|expectation| Asked { window: expectation.window.as_deref(), figure: &expectation.figure }).collect();
    let judged = asks.iter().copied().zip(&report.judgements);
    let violated = judged.filter(|(_, judgement)| judgement.standing == Standing::Violated).map(|(asked, _)| asked);
    let violated: Vec<Asked<'a>> = violated.filter(|asked| is_zero(*asked).is_some()).collect();
    let (words, figures): (Vec<_>, Vec<_>) = asks.iter().copied().filter(shows).partition(Asked::is_sighting);
    let unless_zero = |names: &'static [&'static str]| names.iter().copied().map(Asked::measured).filter(shows);
    let candidates =
        unless_zero(&ALWAYS).chain(violated.iter().copied()).chain(figures).chain(unless_zero(&BY_WEIGHT)).chain(words);
    let zero: BTreeSet<_> =
        asks.iter().filter(|asked| is_zero(**asked) == Some(true) && !violated.contains(asked)).collect();
    let room = MOST - usize::from(!zero.is_empty());
    let mut rows: Vec<Asked<'a>> = Vec::new();
    for asked in candidates {
        if rows.len() < room && !rows.contains(&asked) {
            rows.push(asked);
        }
    }
    // A stable sort: what has no weight stays as the scenario asks it.
    rows.sort_by_key(Asked::place);
    let mut zero: Vec<Asked<'a>> = zero.into_iter().copied().collect();
    zero.sort_by_key(Asked::place);
    Chosen { rows, zero }
}

/// The names of what is zero, on one line.
pub(super) fn names_of(zero: &[Asked<'_>]) -> String {
    const SHOWN: usize = 6;
    let mut names: Vec<String> = zero.iter().take(SHOWN).map(Asked::label).collect();
    if zero.len() > SHOWN {
        names.push(format!("{} more", zero.len() - SHOWN));
    }
    names.join(", ")
}
