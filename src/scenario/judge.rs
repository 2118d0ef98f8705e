//! Whether what was expected is what was found, over one seed or many.

use super::{Comparison, Expectation, Scope};
use crate::check::{Figure, Findings};
use crate::kernel::Span;

/// The answer to one expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Its position in the scenario's list.
    pub expectation: usize,
    /// Whether it held. An expectation that cannot be compared did not hold.
    pub held: bool,
    /// The value that decided: the worst of all seeds, the best for `some:`, the quantile or mean. `None` where no
    /// seed has the figure or its unit is not that of the bound.
    pub observed: Option<Figure>,
    /// The seed that has the value (for a mean: the one farthest on the wrong side).
    pub seed: Option<u64>,
}

/// Judges every expectation over the findings of all seeds.
#[must_use]
pub fn judge(expectations: &[Expectation], seeds: &[(u64, &Findings)]) -> Vec<Judgement> {
    expectations.iter().enumerate().map(|(index, expectation)| judge_one(index, expectation, seeds)).collect()
}

fn judge_one(index: usize, expectation: &Expectation, seeds: &[(u64, &Findings)]) -> Judgement {
    let missing = Judgement { expectation: index, held: false, observed: None, seed: None };
    let mut values: Vec<(u64, u64)> = Vec::with_capacity(seeds.len());
    for (seed, findings) in seeds {
        let Some(figure) = figure_of(expectation, findings) else { return missing };
        let Some(value) = comparable(figure, expectation.value) else { return missing };
        values.push((value, *seed));
    }
    if values.is_empty() {
        return missing;
    }
    values.sort_unstable();
    let bound = comparable(expectation.value, expectation.value).expect("a figure compares with itself");
    let holds = |value: u64| compare(value, expectation.comparison, bound);
    // How far a value lies on the wrong side of the bound; only the order matters.
    let wrongness = |value: u64| match expectation.comparison {
        Comparison::Equal => value.abs_diff(bound),
        Comparison::NotEqual => u64::MAX - value.abs_diff(bound),
        Comparison::Greater | Comparison::AtLeast => u64::MAX - value,
        Comparison::Less | Comparison::AtMost => value,
    };
    let worst = || {
        values
            .iter()
            .copied()
            .min_by_key(|(value, seed)| (u64::MAX - wrongness(*value), *seed))
            .expect("there is a seed")
    };
    let best =
        || values.iter().copied().min_by_key(|(value, seed)| (wrongness(*value), *seed)).expect("there is a seed");
    let (value, seed) = match expectation.scope {
        Scope::Every => worst(),
        Scope::Some => best(),
        Scope::Quantile(thousandths) => {
            // The nearest rank: the least value that so many thousandths of the seeds do not exceed.
            let rank = (u64::from(thousandths) * values.len() as u64).div_ceil(1_000).max(1) as usize;
            values[rank - 1]
        }
        Scope::Mean => {
            let sum: u128 = values.iter().map(|(value, _)| u128::from(*value)).sum();
            ((sum / values.len() as u128) as u64, worst().1)
        }
    };
    Judgement {
        expectation: index,
        held: holds(value),
        observed: Some(as_figure(value, expectation, seeds)),
        seed: Some(seed),
    }
}

/// The figure of one seed: of the window, or how often an anomaly was seen.
fn figure_of(expectation: &Expectation, findings: &Findings) -> Option<Figure> {
    let window = match &expectation.window {
        None => findings.windows.first(),
        Some(label) => findings.windows.iter().find(|window| window.label == *label),
    };
    let Some((kind, word)) =
        expectation.figure.split_once('.').filter(|(kind, _)| ["anomaly", "cause", "trap"].contains(kind))
    else {
        return window?.figures.get(&expectation.figure).copied();
    };
    // A trap that shows before the measured window is still shown; only a phase narrows the count.
    let within = |anomaly: &&crate::check::Anomaly| match (&expectation.window, window) {
        (None, _) => true,
        (Some(_), Some(window)) => anomaly.from < window.until && anomaly.until >= window.from,
        (Some(_), None) => false,
    };
    let seen = findings.anomalies.iter().filter(within).filter(|anomaly| match kind {
        "anomaly" => anomaly.kind == word,
        "cause" => anomaly.cause == word,
        _ => anomaly.trap == word,
    });
    Some(Figure::Count(seen.count() as u64))
}

/// The number behind a figure in the bound's unit; `None` where the units differ. Zero and whole shares need no unit.
fn comparable(figure: Figure, bound: Figure) -> Option<u64> {
    match (figure, bound) {
        (Figure::Count(a), Figure::Count(_)) => Some(a),
        (Figure::Span(a), Figure::Span(_) | Figure::Count(0)) => Some(a.as_nanos()),
        (Figure::Millionths(a), Figure::Millionths(_) | Figure::Count(0)) => Some(a),
        _ => None,
    }
}

/// The number in the unit of the figure it came from.
fn as_figure(value: u64, expectation: &Expectation, seeds: &[(u64, &Findings)]) -> Figure {
    match seeds.iter().find_map(|(_, findings)| figure_of(expectation, findings)) {
        Some(Figure::Span(_)) => Figure::Span(Span::from_nanos(value)),
        Some(Figure::Millionths(_)) => Figure::Millionths(value),
        _ => Figure::Count(value),
    }
}

fn compare(value: u64, comparison: Comparison, bound: u64) -> bool {
    match comparison {
        Comparison::Equal => value == bound,
        Comparison::NotEqual => value != bound,
        Comparison::Less => value < bound,
        Comparison::AtMost => value <= bound,
        Comparison::Greater => value > bound,
        Comparison::AtLeast => value >= bound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Window;
    use crate::kernel::Instant;

    fn found(duplicates: u64) -> Findings {
        let figures =
            [("duplicates", Figure::Count(duplicates)), ("stalled.max", Figure::Span(Span::from_secs(duplicates)))];
        let figures = figures.into_iter().map(|(name, figure)| (name.to_owned(), figure)).collect();
        let window = Window { label: "measure".to_owned(), from: Instant::ZERO, until: Instant::ZERO, figures };
        Findings { windows: vec![window], ..Findings::default() }
    }

    #[test]
    fn bounds_over_four_seeds() {
        let findings: Vec<Findings> = [3, 9, 0, 4].into_iter().map(found).collect();
        let seeds: Vec<(u64, &Findings)> = (10..).zip(&findings).collect();
        let count = Figure::Count;
        let span = |seconds| Figure::Span(Span::from_secs(seconds));
        use Comparison::{AtLeast, AtMost, Equal, NotEqual};
        // figure, scope, comparison, bound, held, observed, seed
        for (figure, scope, comparison, bound, held, observed, seed) in [
            ("duplicates", Scope::Every, AtMost, count(9), true, Some(count(9)), Some(11)),
            ("duplicates", Scope::Every, AtMost, count(8), false, Some(count(9)), Some(11)),
            ("duplicates", Scope::Every, AtLeast, count(0), true, Some(count(0)), Some(12)),
            ("duplicates", Scope::Every, Equal, count(3), false, Some(count(9)), Some(11)),
            ("duplicates", Scope::Every, NotEqual, count(4), false, Some(count(4)), Some(13)),
            ("duplicates", Scope::Some, Equal, count(0), true, Some(count(0)), Some(12)),
            ("duplicates", Scope::Some, AtLeast, count(10), false, Some(count(9)), Some(11)),
            ("duplicates", Scope::Quantile(500), AtMost, count(3), true, Some(count(3)), Some(10)),
            ("duplicates", Scope::Quantile(990), AtMost, count(8), false, Some(count(9)), Some(11)),
            ("duplicates", Scope::Mean, Equal, count(4), true, Some(count(4)), Some(11)),
            ("stalled.max", Scope::Every, AtMost, span(9), true, Some(span(9)), Some(11)),
            ("stalled.max", Scope::Some, Equal, count(0), true, Some(span(0)), Some(12)),
            ("stalled.max", Scope::Every, AtMost, count(9), false, None, None),
            ("unheard.of", Scope::Every, AtMost, count(9), false, None, None),
            ("trap.E3", Scope::Every, Equal, count(0), true, Some(count(0)), Some(10)),
        ] {
            let text = format!("{figure} {comparison:?} {bound:?} in {scope:?}");
            let expectation = Expectation {
                text: text.clone(),
                window: None,
                figure: figure.to_owned(),
                scope,
                comparison,
                value: bound,
            };
            let expected = Judgement { expectation: 0, held, observed, seed };
            assert_eq!(judge(&[expectation], &seeds), [expected], "{text}");
        }
    }
}
