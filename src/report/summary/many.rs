//! The lines of many seeds: the figures that matter as quantiles, where to look, and the command that shows the worst.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::causes::{causes, in_seeds, outside};
use super::chosen::{Asked, chosen, names_of};
use super::gloss::gloss;
use super::headline::violated;
use super::phases::{phases_of_many, typical_and_worst};
use super::quantiles::{by_part, groups, is_zero, quantiles_by_figure, topics};
use super::table::{table, table_with_words};
use super::text::{Extent, line, names};
use crate::report::Report;
use crate::report::wording::{counted, human_figure};
use crate::scenario::Scope;
use crate::sweep::{Finished, Quantiles, SeedResult, Worse, worse};

/// Columns of quantiles, as `expect` words them and counts them: from the small end.
const COLUMNS: [(&str, u16); 4] = [("p50", 500), ("p90", 900), ("p99", 990), ("max", 1_000)];

/// The columns that so many seeds can fill: below a hundred their p99 is their maximum, and would pass for more.
pub(super) fn columns(seeds: usize) -> Vec<(&'static str, u16)> {
    COLUMNS.into_iter().filter(|(_, point)| *point == 1_000 || Quantiles::tells(seeds, *point)).collect()
}

/// The cells of a row: none for a quantile that the seeds with this figure are too few for.
pub(super) fn cells(quantiles: &Quantiles, seeds: usize) -> impl Iterator<Item = String> {
    columns(seeds).into_iter().map(|(_, point)| match point == 1_000 || Quantiles::tells(quantiles.count(), point) {
        true => human_figure(quantiles.at(point)),
        false => "-".to_owned(),
    })
}

pub(super) fn lines(text: &mut String, report: &Report<'_>, finished: &Finished<SeedResult>, extent: Extent) {
    let (results, all) = (&finished.results, extent == Extent::All);
    let over_seeds = |asked: Asked<'_>| quantiles_of(results, asked);
    let chosen = chosen(report, |asked| Some(over_seeds(asked)?.values().all(is_zero)));
    if results.iter().all(|result| result.measured().is_none_or(|figures| figures.is_empty())) {
        line(text, "measured", "nothing: every run ended before the window that counts began");
    }
    let rows: Vec<_> = chosen.rows.iter().filter_map(|asked| Some((*asked, over_seeds(*asked)?))).collect();
    if !rows.is_empty() {
        text.push('\n');
        figures(text, &rows, results.len());
    }
    if !chosen.zero.is_empty() {
        line(text, "always zero", &names_of(&chosen.zero));
    }
    text.push('\n');
    let before = text.len();
    by_group(text, results, all);
    causes(text, results, all);
    outside(text, results);
    if text.len() > before {
        text.push('\n');
    }
    if all {
        phases_of_many(text, results);
        parts(text, results);
        all_figures(text, report, results);
    } else {
        again(text, report, &rows, results);
    }
}

/// A figure of one window over the seeds that have it, the smallest value first.
pub(super) fn quantiles_of(results: &[SeedResult], asked: Asked<'_>) -> Option<Quantiles> {
    let values = results.iter().filter_map(|result| Some((result.seed, result.figure(asked.window, asked.figure)?)));
    Quantiles::new(values, Worse::Higher)
}

fn figures(text: &mut String, rows: &[(Asked<'_>, Quantiles)], seeds: usize) {
    let mut head = vec!["figure".to_owned()];
    head.extend(columns(seeds).into_iter().map(|(name, _)| name.to_owned()));
    head.push("seed".to_owned());
    let one = |(asked, quantiles): &(Asked<'_>, Quantiles)| {
        let (most, seed) = quantiles.worst();
        let mut row = vec![asked.label()];
        row.extend(cells(quantiles, seeds));
        row.push(if quantiles.at(0) == most { "all".to_owned() } else { seed.to_string() });
        (row, remark(*asked, quantiles, seeds))
    };
    let rows: Vec<_> = std::iter::once((head, String::new())).chain(rows.iter().map(one)).collect();
    table_with_words(text, &rows);
}

/// What the figure is, and what the columns do not say of it.
pub(super) fn remark(asked: Asked<'_>, quantiles: &Quantiles, seeds: usize) -> String {
    let mut said = gloss(asked.figure).to_owned();
    let hit = quantiles.values().filter(|figure| !is_zero(*figure)).count();
    if quantiles.count() < seeds {
        write!(said, "; measured {}", in_seeds(quantiles.count(), seeds)).expect("a string takes every write");
    } else if hit < seeds && hit > 0 {
        write!(said, ", {}", in_seeds(hit, seeds)).expect("a string takes every write");
    }
    if worse(asked.figure) == Worse::Lower && quantiles.at(0) != quantiles.worst().0 {
        write!(said, "; at least {}", human_figure(quantiles.at(0))).expect("a string takes every write");
    }
    said
}

/// Groups that lost or skipped messages in any seed, where there are several.
fn by_group(text: &mut String, results: &[SeedResult], all: bool) {
    let shown = if all { usize::MAX } else { 3 };
    let of_group = by_part(results, groups).into_iter().filter_map(|(group, figures)| {
        let of = |name: &&str| {
            let quantiles = figures.get(name)?;
            let hit = quantiles.values().filter(|figure| !is_zero(*figure)).count();
            let ((most, seed), seeds) = (quantiles.worst(), in_seeds(hit, results.len()));
            (hit > 0).then(|| format!("{name} {seeds}, at most {} (seed {seed})", human_figure(most)))
        };
        let said: Vec<String> = ["lost", "skipped"].iter().filter_map(of).collect();
        (!said.is_empty()).then(|| format!("{group} {}", said.join("; ")))
    });
    let said: Vec<String> = of_group.collect();
    for (row, said) in said.iter().take(shown).enumerate() {
        line(text, if row == 0 { "by group" } else { "" }, said);
    }
    if said.len() > shown {
        line(text, "", &format!("and {} more groups", said.len() - shown));
    }
}

/// What groups and topics have of their own where there are several: the typical seed's, and the worst one's.
fn parts(text: &mut String, results: &[SeedResult]) {
    for (word, parts) in [("group", by_part(results, groups)), ("topic", by_part(results, topics))] {
        let names: BTreeSet<&str> = parts.iter().flat_map(|(_, figures)| figures.keys().copied()).collect();
        let says = |name: &&str| {
            let of = parts.iter().filter_map(|(_, figures)| figures.get(name));
            of.flat_map(Quantiles::values).any(|figure| !is_zero(figure))
        };
        let names: Vec<&str> = names.into_iter().filter(says).collect();
        let head = [format!("{word}: median / worst")].into_iter();
        let head = head.chain(names.iter().map(|name| (*name).to_owned())).collect();
        let cell = |quantiles: Option<&Quantiles>| quantiles.map_or_else(|| "-".to_owned(), typical_and_worst);
        let row = |(part, figures): &(&str, BTreeMap<&str, Quantiles>)| {
            std::iter::once((*part).to_owned()).chain(names.iter().map(|name| cell(figures.get(name)))).collect()
        };
        if !names.is_empty() {
            table(text, &std::iter::once(head).chain(parts.iter().map(row)).collect::<Vec<_>>());
            text.push('\n');
        }
    }
}

/// The one command for the figure that matters most: the first that differs from seed to seed.
fn again(text: &mut String, report: &Report<'_>, rows: &[(Asked<'_>, Quantiles)], results: &[SeedResult]) {
    let violated = violated(report);
    let of_violated = violated.iter().filter_map(|(judgement, expectation)| {
        let some = expectation.is_some_and(|expectation| expectation.scope == Scope::Some);
        let why = if some { "nearest to" } else { "farthest from" };
        Some((judgement.worst?.0, format!("{why} {}", judgement.text)))
    });
    let of_rows =
        rows.iter().filter(|(_, quantiles)| quantiles.at(0) != quantiles.worst().0).filter_map(|(asked, _)| {
            let values = results.iter().filter_map(|r| Some((r.seed, r.figure(asked.window, asked.figure)?)));
            let (_, seed) = Quantiles::new(values, worse(asked.figure))?.worst();
            Some((seed, format!("the worst of {}", asked.label())))
        });
    let one_of_all = results.first().map(|first| (first.seed, "as every seed".to_owned()));
    if let Some((seed, why)) = of_violated.chain(of_rows).chain(one_of_all).next() {
        line(text, "again", &format!("{}   # {why}", report.story.replay(seed)));
    }
}

/// Every figure, those without anything in any seed by name, and the command for each worst seed.
fn all_figures(text: &mut String, report: &Report<'_>, results: &[SeedResult]) {
    let (figures, seeds) = (quantiles_by_figure(results), results.len());
    let (zero, told): (Vec<_>, Vec<_>) = figures.iter().partition(|(_, quantiles)| quantiles.values().all(is_zero));
    let mut head: Vec<String> = ["figure", "min"].map(str::to_owned).to_vec();
    head.extend(columns(seeds).into_iter().map(|(name, _)| name.to_owned()));
    head.push("worst in seed".to_owned());
    let mut rows = vec![head];
    for (name, quantiles) in told {
        let values = results.iter().filter_map(|result| Some((result.seed, result.figure(None, name)?)));
        let Some(ascending) = Quantiles::new(values, Worse::Higher) else { continue };
        let mut row = vec![(*name).to_owned(), human_figure(ascending.at(0))];
        row.extend(cells(&ascending, seeds));
        let (worst, seed) = quantiles.worst();
        row.push(if quantiles.at(0) == worst { "all".to_owned() } else { seed.to_string() });
        rows.push(row);
    }
    table(text, &rows);
    names(text, "always zero", &zero.into_iter().map(|(name, _)| *name).collect::<Vec<_>>());
    replays(text, report, &figures);
    let events = results.iter().map(|result| result.events).sum();
    writeln!(text, "\n  {} in {}", counted(events, "event"), counted(results.len() as u64, "run"))
        .expect("a string takes every write");
}

/// The command for each worst seed, one for all the figures that it is the worst of.
fn replays(text: &mut String, report: &Report<'_>, figures: &BTreeMap<&str, Quantiles>) {
    let mut by_seed: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for (name, quantiles) in figures.iter().filter(|(_, quantiles)| quantiles.at(0) != quantiles.worst().0) {
        by_seed.entry(quantiles.worst().1).or_default().push(name);
    }
    if by_seed.is_empty() {
        return;
    }
    text.push_str("\n  the worst seeds again:\n");
    for (seed, names) in by_seed {
        writeln!(text, "    {}   # {}", report.story.replay(seed), names.join(", "))
            .expect("a string takes every write");
    }
}
