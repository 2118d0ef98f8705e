//! Figures and causes over many seeds, from which the text, the JSON and the pictures are made.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Figure, Figures};
use crate::kernel::Span;
use crate::sweep::{Quantiles, SeedResult, worse};

/// Every figure of the measured window over the seeds that have it, by name.
pub(crate) fn quantiles_by_figure(results: &[SeedResult]) -> BTreeMap<&str, Quantiles> {
    let names: BTreeSet<&str> =
        results.iter().filter_map(SeedResult::measured).flatten().map(|(name, _)| name.as_str()).collect();
    let of = |name| {
        let values = results.iter().filter_map(|result| result.figure(None, name).map(|figure| (result.seed, figure)));
        Quantiles::new(values, worse(name)).map(|quantiles| (name, quantiles))
    };
    names.into_iter().filter_map(of).collect()
}

/// Parts with their figures.
pub(crate) type Parts<'a> = Vec<(&'a str, &'a Figures)>;

/// The values of a figure with their seeds, by name.
type Values<'a> = BTreeMap<&'a str, Vec<(u64, Figure)>>;

/// Figures of parts over the seeds, in the order in which the parts first come; `parts`: those of a seed by name.
pub(crate) fn by_part<'a>(
    results: &'a [SeedResult],
    parts: impl Fn(&'a SeedResult) -> Parts<'a>,
) -> Vec<(&'a str, BTreeMap<&'a str, Quantiles>)> {
    let mut values: Vec<(&str, Values<'_>)> = Vec::new();
    for result in results {
        for (part, figures) in parts(result) {
            let place = values.iter().position(|(known, _)| *known == part).unwrap_or_else(|| {
                values.push((part, BTreeMap::new()));
                values.len() - 1
            });
            for (name, figure) in figures {
                values[place].1.entry(name.as_str()).or_default().push((result.seed, *figure));
            }
        }
    }
    let quantiles = |(name, values)| Some((name, Quantiles::new(values, worse(name))?));
    values.into_iter().map(|(part, figures)| (part, figures.into_iter().filter_map(quantiles).collect())).collect()
}

/// The groups of the measured window, where there are several.
pub(crate) fn groups(result: &SeedResult) -> Parts<'_> {
    let measured = result.windows.first().map(|window| &window.groups);
    measured.into_iter().flatten().map(|(name, figures)| (name.as_str(), figures)).collect()
}

/// The topics of the measured window, where there are several.
pub(crate) fn topics(result: &SeedResult) -> Parts<'_> {
    let measured = result.windows.first().map(|window| &window.topics);
    measured.into_iter().flatten().map(|(name, figures)| (name.as_str(), figures)).collect()
}

/// The phases; of those with one label the first, as `expect` has it.
pub(crate) fn phases(result: &SeedResult) -> Parts<'_> {
    let mut phases: Vec<(&str, &Figures)> = Vec::new();
    for window in result.windows.iter().skip(1) {
        if phases.iter().all(|(label, _)| *label != window.label) {
            phases.push((&window.label, &window.figures));
        }
    }
    phases
}

/// Causes over all seeds, the largest sum first: cause, sum, in how many seeds.
pub(crate) fn total<'a, I: Iterator<Item = (&'static str, u64)> + 'a>(
    results: &'a [SeedResult],
    causes: impl Fn(&'a SeedResult) -> I,
) -> Vec<(&'static str, u64, u64)> {
    let mut sums: BTreeMap<&'static str, (u64, u64)> = BTreeMap::new();
    for (cause, amount) in results.iter().flat_map(causes) {
        let sum = sums.entry(cause).or_default();
        *sum = (sum.0.saturating_add(amount), sum.1 + 1);
    }
    let mut sums: Vec<_> = sums.into_iter().map(|(cause, (sum, seeds))| (cause, sum, seeds)).collect();
    sums.sort_by_key(|&(cause, sum, _)| (std::cmp::Reverse(sum), cause));
    sums
}

pub(super) fn is_zero(figure: Figure) -> bool {
    matches!(figure, Figure::Count(0) | Figure::Millionths(0) | Figure::Span(Span::ZERO))
}
