//! Whether what the scenario expects is what the seeds gave.

use super::{Quantiles, SeedResult, Worse};
use crate::check::Figure;
use crate::kernel::Span;
use crate::scenario::{Comparison, Expectation, Scope};

/// How an expectation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// It holds.
    Held,
    /// It does not hold.
    Violated,
    /// It speaks of many seeds and one was run, which neither proves nor refutes it.
    NeedsSeeds,
}

/// One expectation, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Judgement {
    /// As the scenario says it.
    pub text: String,
    /// Whether it holds.
    pub standing: Standing,
    /// What was seen instead or as well; `None`: no seed has the figure.
    pub observed: Option<Figure>,
    /// A seed to look at: the least that breaks a bound for every seed, or shows what must happen in some seed.
    pub seed: Option<u64>,
    /// Where it is violated, the seed and the value that are farthest from the bound; of what must happen in some seed,
    /// those that are nearest to it. `None`: no seed has the figure, or it holds.
    pub worst: Option<(u64, Figure)>,
    /// How many seeds break a bound that is meant for every seed.
    pub breaking: u64,
}

/// Judges every expectation over the seeds that were run.
#[must_use]
pub fn judge(expect: &[Expectation], results: &[SeedResult]) -> Vec<Judgement> {
    let mut judgements: Vec<Judgement> = expect.iter().map(|expectation| judge_one(expectation, results)).collect();
    judgements.extend(unexpected_start_failure(expect, results));
    judgements.extend(lost_outside(expect, results));
    judgements
}

/// A scenario that expects anything expects its consumers to start, unless it speaks of it: where they are not there, what
/// held proves little.
fn unexpected_start_failure(expect: &[Expectation], results: &[SeedResult]) -> Option<Judgement> {
    let figures = ["start_failed", "anomaly.start_failed"];
    let speaks = |expectation: &Expectation| figures.contains(&expectation.figure.as_str());
    if expect.is_empty() || expect.iter().any(speaks) {
        return None;
    }
    let failed = |result: &&SeedResult| result.figure(None, figures[0]).is_some_and(|f| f > Figure::Count(0));
    let values =
        results.iter().filter(failed).filter_map(|result| Some((result.seed, result.figure(None, figures[0])?)));
    broken("start_failed == 0 (so it is where nothing is said of it)".to_owned(), values.collect())
}

/// Whoever expects that no message is lost means the whole run: one that is lost outside the measured window breaks it too.
fn lost_outside(expect: &[Expectation], results: &[SeedResult]) -> Option<Judgement> {
    let forbids = |expectation: &Expectation| {
        let (every, measured) = (expectation.scope == Scope::Every, expectation.window.is_none());
        let one = compare(Figure::Count(1), expectation.comparison, expectation.value);
        expectation.figure == "lost" && every && measured && !one
    };
    let expectation = expect.iter().find(|expectation| forbids(expectation))?;
    let lost = results.iter().filter(|result| result.outside.lost > 0);
    let values = lost.map(|result| (result.seed, Figure::Count(result.outside.lost)));
    broken(format!("{} (outside the measured window as well)", expectation.text), values.collect())
}

/// A bound of zero for every seed that these seeds break, where there are any.
fn broken(text: String, values: Vec<(u64, Figure)>) -> Option<Judgement> {
    let &(seed, observed) = values.first()?;
    Some(Judgement {
        text,
        standing: Standing::Violated,
        observed: Some(observed),
        seed: Some(seed),
        breaking: values.len() as u64,
        worst: highest(values),
    })
}

/// The highest value, in the least seed that has it.
fn highest(values: Vec<(u64, Figure)>) -> Option<(u64, Figure)> {
    values.into_iter().max_by_key(|&(seed, figure)| (figure, std::cmp::Reverse(seed)))
}

/// The lowest value, in the least seed that has it.
fn lowest(values: Vec<(u64, Figure)>) -> Option<(u64, Figure)> {
    values.into_iter().min_by_key(|&(seed, figure)| (figure, seed))
}

/// Judges them over the seeds of a sweep that was interrupted. A bound that a seed broke is broken; what speaks of many
/// seeds, and does not hold yet, may hold in the end.
#[must_use]
pub fn judge_so_far(expect: &[Expectation], results: &[SeedResult]) -> Vec<Judgement> {
    let mut judgements = judge(expect, results);
    // What no expectation stands behind speaks of every seed.
    for (judgement, expectation) in judgements.iter_mut().zip(expect) {
        if judgement.standing == Standing::Violated && expectation.scope != Scope::Every {
            judgement.standing = Standing::NeedsSeeds;
        }
    }
    judgements
}

fn judge_one(expectation: &Expectation, results: &[SeedResult]) -> Judgement {
    let value_of = |result: &SeedResult| result.figure(expectation.window.as_deref(), &expectation.figure);
    let holds = |figure: Figure| compare(figure, expectation.comparison, expectation.value);
    let (held, observed, seed) = match expectation.scope {
        Scope::Every => {
            // A seed without the figure breaks the bound: a story that never reached its window proves nothing.
            let broken = results.iter().find(|result| !value_of(result).is_some_and(holds));
            let shown = broken.or(results.first());
            (broken.is_none() && !results.is_empty(), shown.and_then(value_of), broken.map(|result| result.seed))
        }
        Scope::Some => {
            let shown = results.iter().find(|result| value_of(result).is_some_and(holds));
            let figure = shown.or(results.first()).and_then(value_of);
            (shown.is_some(), figure, shown.map(|result| result.seed))
        }
        Scope::Quantile(_) | Scope::Mean => {
            let values = results.iter().filter_map(|result| value_of(result).map(|figure| (result.seed, figure)));
            // Quantiles of a bound count from the small end whatever is bad: p99 <= x and p1 >= x both make sense.
            let quantiles = Quantiles::new(values, Worse::Higher);
            let figure = quantiles.as_ref().map(|quantiles| match expectation.scope {
                Scope::Quantile(thousandths) => quantiles.at(thousandths),
                _ => quantiles.mean(),
            });
            let everywhere = quantiles.as_ref().is_some_and(|quantiles| quantiles.count() == results.len());
            (everywhere && figure.is_some_and(holds), figure, None)
        }
    };
    let needs_seeds = results.len() == 1 && expectation.scope != Scope::Every;
    let standing = match (held, needs_seeds) {
        (true, _) => Standing::Held,
        (false, true) => Standing::NeedsSeeds,
        (false, false) => Standing::Violated,
    };
    let worst = if standing == Standing::Violated { farthest(expectation, results) } else { None };
    let breaking = results.iter().filter(|result| !value_of(result).is_some_and(holds)).count() as u64;
    let breaking = if expectation.scope == Scope::Every { breaking } else { 0 };
    Judgement { text: expectation.text.clone(), standing, observed, seed, worst, breaking }
}

/// The seed and the value that break a bound most; of a bound that some seed must keep, those that come nearest to it.
fn farthest(expectation: &Expectation, results: &[SeedResult]) -> Option<(u64, Figure)> {
    let value_of = |result: &SeedResult| result.figure(expectation.window.as_deref(), &expectation.figure);
    let holds = |figure: Figure| compare(figure, expectation.comparison, expectation.value);
    let whole = expectation.scope != Scope::Every;
    let values = results.iter().filter_map(|result| Some((result.seed, value_of(result)?)));
    let values: Vec<(u64, Figure)> = values.filter(|(_, figure)| whole || !holds(*figure)).collect();
    let (highest, lowest) = (highest(values.clone()), lowest(values));
    let above = match expectation.comparison {
        Comparison::Less | Comparison::AtMost => true,
        Comparison::Greater | Comparison::AtLeast => false,
        // Of values on both sides of what was to be equalled the higher ones are shown.
        Comparison::Equal | Comparison::NotEqual => highest.is_some_and(|(_, figure)| figure >= expectation.value),
    };
    if above == (expectation.scope != Scope::Some) { highest } else { lowest }
}

/// A bare zero is a zero in every unit; any other bound in another unit holds for nothing.
fn compare(figure: Figure, comparison: Comparison, bound: Figure) -> bool {
    let bound = match (figure, bound) {
        (Figure::Span(_), Figure::Count(0)) => Figure::Span(Span::ZERO),
        (Figure::Millionths(_), Figure::Count(0)) => Figure::Millionths(0),
        _ => bound,
    };
    if std::mem::discriminant(&figure) != std::mem::discriminant(&bound) {
        return false;
    }
    match comparison {
        Comparison::Equal => figure == bound,
        Comparison::NotEqual => figure != bound,
        Comparison::Less => figure < bound,
        Comparison::AtMost => figure <= bound,
        Comparison::Greater => figure > bound,
        Comparison::AtLeast => figure >= bound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Outside, Window};
    use crate::kernel::{Fingerprint, Instant};
    use std::collections::{BTreeMap, BTreeSet};

    fn seeds(duplicates: &[u64]) -> Vec<SeedResult> {
        let result = |(seed, &count): (usize, &u64)| SeedResult {
            seed: seed as u64,
            fingerprint: Fingerprint::default(),
            events: 0,
            windows: vec![Window {
                figures: BTreeMap::from([("duplicates".to_owned(), Figure::Count(count))]),
                ..Window::new("measure", Instant::ZERO, Instant::ZERO)
            }],
            outside: Outside::default(),
            traps: BTreeSet::new(),
            sightings: BTreeMap::from([("trap.E3".to_owned(), u64::from(count > 5))]),
            duplicate_causes: vec![],
            stall_causes: vec![],
            longest_stalls: BTreeMap::new(),
        };
        duplicates.iter().enumerate().map(result).collect()
    }

    #[test]
    fn units_must_match_but_zero_has_none() {
        let span = |ms| Figure::Span(Span::from_millis(ms));
        assert!(compare(span(0), Comparison::Equal, Figure::Count(0)));
        assert!(compare(span(5), Comparison::Greater, Figure::Count(0)));
        assert!(!compare(span(5), Comparison::Greater, Figure::Count(1)));
        assert!(!compare(Figure::Count(5), Comparison::NotEqual, span(1)));
    }

    #[test]
    fn whoever_expects_anything_expects_its_consumers_to_start() {
        let expectation = |figure: &str, value| Expectation {
            text: figure.to_owned(),
            line: None,
            window: None,
            figure: figure.to_owned(),
            scope: Scope::Every,
            comparison: Comparison::AtMost,
            value: Figure::Count(value),
        };
        let mut results = seeds(&[1, 1]);
        for (result, failed) in results.iter_mut().zip(0..) {
            result.windows[0].figures.insert("start_failed".to_owned(), Figure::Count(failed));
        }
        let violated = |expect: &[Expectation], results: &[SeedResult]| {
            let judged = judge(expect, results);
            judged.into_iter().find(|judged| judged.standing == Standing::Violated).map(|judged| judged.seed)
        };
        let duplicates = || expectation("duplicates", 9);
        assert_eq!(violated(&[duplicates()], &results), Some(Some(1)));
        assert_eq!(violated(&[duplicates()], &results[..1]), None, "nothing failed in this seed");
        assert_eq!(violated(&[duplicates(), expectation("start_failed", 1)], &results), None, "it was expected");
        assert_eq!(violated(&[], &results), None, "a scenario without expectations has no verdict");
    }

    #[test]
    fn a_message_lost_outside_the_measured_window_is_lost_all_the_same() {
        let expectation = |text: &str, figure: &str, comparison, value, window: Option<&str>| Expectation {
            text: text.to_owned(),
            line: None,
            window: window.map(str::to_owned),
            figure: figure.to_owned(),
            scope: Scope::Every,
            comparison,
            value: Figure::Count(value),
        };
        let mut results = seeds(&[1, 1]);
        for result in &mut results {
            result.windows[0].figures.insert("lost".to_owned(), Figure::Count(0));
        }
        results[1].outside.lost = 7;
        let violated = |expectation: &Expectation| {
            let judged = judge(std::slice::from_ref(expectation), &results);
            let found = judged.iter().find(|judged| judged.standing == Standing::Violated);
            found.map(|judged| (judged.text.clone(), judged.observed, judged.seed))
        };
        let none = expectation("lost == 0", "lost", Comparison::Equal, 0, None);
        let text = "lost == 0 (outside the measured window as well)".to_owned();
        assert_eq!(violated(&none), Some((text, Some(Figure::Count(7)), Some(1))));
        assert_eq!(violated(&expectation("", "lost", Comparison::AtMost, 3, None)), None, "some may be lost");
        assert_eq!(violated(&expectation("", "duplicates", Comparison::Equal, 1, None)), None, "it speaks of others");
        let phase = expectation("", "lost", Comparison::Equal, 0, Some("measure"));
        assert_eq!(violated(&phase), None, "it speaks of one phase");
        results[1].outside.lost = 0;
        assert!(judge(&[none], &results).iter().all(|judged| judged.standing == Standing::Held));
    }

    #[test]
    fn what_is_violated_names_the_seed_that_shows_it_best() {
        use Comparison::{AtLeast, AtMost, Equal, Greater};
        let count = |seed, count| Some((seed, Figure::Count(count)));
        let table = [
            ("duplicates", Scope::Every, AtMost, 9, &[1, 9][..], None, 0),
            ("duplicates", Scope::Every, AtMost, 8, &[1, 9, 10, 10], count(2, 10), 3),
            ("duplicates", Scope::Every, AtLeast, 5, &[1, 9, 0], count(2, 0), 2),
            ("duplicates", Scope::Every, Equal, 5, &[5, 3], count(1, 3), 1),
            ("duplicates", Scope::Every, Equal, 5, &[3, 6], count(1, 6), 2),
            ("duplicates", Scope::Some, Greater, 5, &[1, 2], count(1, 2), 0),
            ("duplicates", Scope::Quantile(990), AtMost, 2, &[1, 2, 3, 99], count(3, 99), 0),
            ("duplicates", Scope::Mean, AtLeast, 9, &[1, 4], count(0, 1), 0),
            ("no_such_figure", Scope::Every, AtLeast, 0, &[1, 4], None, 2),
        ];
        for (figure, scope, comparison, value, duplicates, worst, breaking) in table {
            let (text, figure, value) = (String::new(), figure.to_owned(), Figure::Count(value));
            let expectation = Expectation { text, line: None, window: None, figure, scope, comparison, value };
            let judgement = judge_one(&expectation, &seeds(duplicates));
            assert_eq!((judgement.worst, judgement.breaking), (worst, breaking), "{expectation:?} {duplicates:?}");
        }
    }

    #[test]
    fn scopes_and_comparisons_are_judged() {
        use Comparison::{AtLeast, AtMost, Equal, Greater, NotEqual};
        use Standing::{Held, NeedsSeeds, Violated};
        let table = [
            ("duplicates", Scope::Every, AtMost, 9, &[1, 9][..], Held, None),
            ("duplicates", Scope::Every, AtMost, 8, &[1, 9, 10], Violated, Some(1)),
            ("duplicates", Scope::Every, AtMost, 8, &[9], Violated, Some(0)),
            ("duplicates", Scope::Every, NotEqual, 0, &[], Violated, None),
            ("duplicates", Scope::Some, Greater, 5, &[1, 2, 6, 7], Held, Some(2)),
            ("duplicates", Scope::Some, Greater, 5, &[1, 2], Violated, None),
            ("duplicates", Scope::Some, Greater, 5, &[1], NeedsSeeds, None),
            ("trap.E3", Scope::Some, AtLeast, 1, &[1, 6], Held, Some(1)),
            ("trap.E4", Scope::Every, Equal, 0, &[1, 6], Held, None),
            ("duplicates", Scope::Quantile(500), AtMost, 2, &[1, 2, 3, 99], Held, None),
            ("duplicates", Scope::Quantile(990), AtMost, 2, &[1, 2, 3, 99], Violated, None),
            ("duplicates", Scope::Quantile(990), AtMost, 2, &[99], NeedsSeeds, None),
            ("duplicates", Scope::Mean, Equal, 2, &[1, 4], Held, None),
            ("no_such_figure", Scope::Every, AtLeast, 0, &[1, 4], Violated, Some(0)),
            ("no_such_figure", Scope::Mean, AtLeast, 0, &[1, 4], Violated, None),
        ];
        for (figure, scope, comparison, value, duplicates, standing, seed) in table {
            let text = format!("{figure} {scope:?} {comparison:?} {value} {duplicates:?}");
            let expectation = Expectation {
                text: text.clone(),
                line: None,
                window: None,
                figure: figure.to_owned(),
                scope,
                comparison,
                value: Figure::Count(value),
            };
            let judged = judge(std::slice::from_ref(&expectation), &seeds(duplicates));
            assert_eq!((judged[0].standing, judged[0].seed), (standing, seed), "{text}");
            let open = standing == Violated && scope != Scope::Every;
            let so_far = judge_so_far(&[expectation], &seeds(duplicates))[0].standing;
            assert_eq!(so_far, if open { NeedsSeeds } else { standing }, "{text}, so far");
        }
    }
}
