//! Figures and causes over many seeds, from which the text, the JSON and the pictures are made.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Figure;
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

/// The figures of each group over the seeds, where there are several groups.
pub(crate) fn groups_by_figure(results: &[SeedResult]) -> BTreeMap<&str, BTreeMap<&str, Quantiles>> {
    let groups = results.iter().filter_map(|result| result.windows.first()).flat_map(|window| &window.groups);
    let named: BTreeSet<(&str, &str)> =
        groups.flat_map(|(group, figures)| figures.keys().map(|name| (group.as_str(), name.as_str()))).collect();
    let mut by_group: BTreeMap<&str, BTreeMap<&str, Quantiles>> = BTreeMap::new();
    for (group, name) in named {
        let values = results.iter().filter_map(|result| Some((result.seed, result.of_group(group, name)?)));
        if let Some(quantiles) = Quantiles::new(values, worse(name)) {
            by_group.entry(group).or_default().insert(name, quantiles);
        }
    }
    by_group
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
