//! `--fail-if`: a bound on what a variant may do to a figure, judged against the base.

use super::{Quantiles, SeedResult, Worse};
use crate::check::Figure;
use crate::scenario::{Bound, Limit, Scope};

/// A limit that a variant went beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breach {
    /// What the base had.
    pub base: Figure,
    /// What the variant had.
    pub other: Figure,
}

/// Whether a variant goes beyond a limit; `None` where it keeps to it, or where nobody has the figure.
#[must_use]
pub fn breach(limit: &Limit, base: &[SeedResult], other: &[SeedResult]) -> Option<Breach> {
    let [before, after] = [base, other].map(|results| statistic(limit, results));
    let (before, after) = (before?, after?);
    let (from, to) = (u128::from(before.number()), u128::from(after.number()));
    let beyond = match limit.bound {
        Bound::MoreThan(Figure::Millionths(share)) if limit.relative => {
            to * 1_000_000 > from * (1_000_000 + u128::from(share))
        }
        Bound::LessThan(Figure::Millionths(share)) if limit.relative => {
            to * 1_000_000 < from * 1_000_000_u128.saturating_sub(u128::from(share))
        }
        Bound::MoreThan(by) => to > from + u128::from(by.number()),
        Bound::LessThan(by) => to + u128::from(by.number()) < from,
    };
    beyond.then_some(Breach { base: before, other: after })
}

fn statistic(limit: &Limit, results: &[SeedResult]) -> Option<Figure> {
    let values = results.iter().filter_map(|result| Some((result.seed, result.figure(None, &limit.figure)?)));
    let quantiles = Quantiles::new(values, Worse::Higher)?;
    Some(match limit.scope {
        Scope::Quantile(thousandths) => quantiles.at(thousandths),
        Scope::Every | Scope::Some | Scope::Mean => quantiles.mean(),
    })
}
