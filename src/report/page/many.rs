//! Many seeds on a page: how a figure is spread over them, and which of them are shown whole.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::Figure;
use crate::report::picture::distributions::MAIN;
use crate::report::summary::quantiles_by_figure;
use crate::report::{Body, Report, human_figure};
use crate::sweep::{Judgement, Quantiles, SeedResult, Worse, worse};

/// So many worst seeds are shown whole.
const MOST_SHOWN: usize = 3;
/// Of more seeds than these, so many values stand for all, the worst among them.
const MOST_VALUES: usize = 2_000;

/// A figure over all seeds.
#[derive(Debug, Serialize)]
pub(super) struct Spread {
    name: &'static str,
    title: &'static str,
    /// Microseconds, messages or millionths, the smallest first.
    values: Vec<u64>,
    unit: &'static str,
    seeds: usize,
    less_is_worse: bool,
    /// Quantiles as people read them, each with its value.
    marks: Vec<(&'static str, String, u64)>,
    worst_seed: u64,
    replay: String,
}

/// The main figures over all seeds; none for one seed.
pub(super) fn spreads(report: &Report<'_>) -> Vec<Spread> {
    let Body::Many { finished, .. } = &report.body else { return Vec::new() };
    let figures = quantiles_by_figure(&finished.results);
    let spread = |&(name, title): &(&'static str, &'static str)| {
        let quantiles = figures.get(name)?;
        let mut values: Vec<u64> = quantiles.values().map(number).collect();
        values.sort_unstable();
        let tells = |point| point == 1_000 || Quantiles::tells(quantiles.count(), point);
        let marks = [("typical", 500), ("one of a hundred", 990), ("worst", 1_000)].into_iter();
        let marks = marks.filter(|(_, point)| *point == 500 || tells(*point));
        let (worst, worst_seed) = quantiles.worst();
        let unit = match worst {
            Figure::Span(_) => "us",
            Figure::Count(_) => "",
            Figure::Millionths(_) => "millionths",
        };
        Some(Spread {
            name,
            title,
            seeds: values.len(),
            values: thinned(values),
            unit,
            less_is_worse: worse(name) == Worse::Lower,
            marks: marks.map(|(word, point)| (word, quantiles.at(point))).map(mark).collect(),
            worst_seed,
            replay: report.story.replay(worst_seed),
        })
    };
    MAIN.iter().filter_map(spread).collect()
}

fn mark((word, figure): (&'static str, Figure)) -> (&'static str, String, u64) {
    (word, human_figure(figure), number(figure))
}

/// A figure's number, times in microseconds.
fn number(figure: Figure) -> u64 {
    if let Figure::Span(_) = figure { figure.number() / 1_000 } else { figure.number() }
}

/// Every so many-th of sorted values, and the last.
fn thinned(values: Vec<u64>) -> Vec<u64> {
    let step = values.len().div_ceil(MOST_VALUES).max(1);
    values.into_iter().rev().step_by(step).collect::<Vec<_>>().into_iter().rev().collect()
}

/// The seeds that are shown whole, each with what it is the worst of: of what is violated first, then of the main figures.
#[must_use]
pub fn worst_seeds(judgements: &[Judgement], results: &[SeedResult]) -> Vec<(u64, String)> {
    let violated = judgements.iter().filter_map(|judgement| {
        let (seed, figure) = judgement.worst?;
        Some((seed, format!("{}: {}", judgement.text, human_figure(figure))))
    });
    let figures: BTreeMap<&str, Quantiles> = quantiles_by_figure(results);
    let main = MAIN.iter().filter_map(|(name, _)| {
        let quantiles = figures.get(name).filter(|quantiles| quantiles.at(0) != quantiles.worst().0)?;
        let (figure, seed) = quantiles.worst();
        Some((seed, format!("{name} {}", human_figure(figure))))
    });
    let mut worst: Vec<(u64, String)> = Vec::new();
    for (seed, why) in violated.chain(main) {
        match worst.iter().position(|(known, _)| *known == seed) {
            Some(at) => worst[at].1.push_str(&format!(", {why}")),
            None if worst.len() < MOST_SHOWN => worst.push((seed, why)),
            None => {}
        }
    }
    // Where no seed differs, any is as good as the others.
    if worst.is_empty() {
        worst.extend(results.first().map(|first| (first.seed, "as every seed".to_owned())));
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::synthetic;

    #[test]
    fn many_values_are_thinned_and_the_worst_stays() {
        assert_eq!(thinned((0..5).collect()), [0, 1, 2, 3, 4]);
        let kept = thinned((0..10_001).collect());
        assert!(kept.len() <= MOST_VALUES && kept.last() == Some(&10_000) && kept.is_sorted());
    }

    #[test]
    fn the_worst_seeds_are_few_and_say_of_what_they_are() {
        let scenario = synthetic::scenario(12);
        let results: Vec<_> = (0..50).map(|seed| SeedResult::from(&synthetic::outcome(&scenario, seed, 12))).collect();
        let judgements = crate::sweep::judge(&scenario.expect, &results);
        let worst = worst_seeds(&judgements, &results);
        let most = results.iter().filter_map(|r| r.figure(None, "duplicates")).max().expect("it is measured");
        let of_duplicates = worst.iter().find(|(_, why)| why.contains("duplicates")).expect("they differ");
        assert_eq!(results[of_duplicates.0 as usize].figure(None, "duplicates"), Some(most));
        assert!(worst.len() <= MOST_SHOWN, "{worst:?}");
        let same = std::slice::from_ref(&results[7]);
        assert_eq!(worst_seeds(&[], same), [(7, "as every seed".to_owned())]);
    }
}
