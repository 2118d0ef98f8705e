//! The seed that stands for all where one run must be shown.

use super::score::quantile;
use super::{ComparedTrace, Story, play};
use crate::sweep::Seeds;
use crate::trace::Trace;

/// The prediction of one seed, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Typical {
    /// The seed.
    pub seed: u64,
    /// What was recorded of it.
    pub trace: Trace,
}

/// For each recording, played as its story, the prediction of the seed whose values are closest to the medians.
#[must_use]
pub fn typical(traces: &[Trace], stories: &[Story], compared: &[ComparedTrace], seeds: Seeds) -> Vec<Typical> {
    let one = |((trace, story), compared): ((&Trace, &Story), &ComparedTrace)| {
        let seed = seeds.first() + closest(compared);
        Typical { seed, trace: play(trace, story, seed) }
    };
    traces.iter().zip(stories).zip(compared).map(one).collect()
}

/// Position of the seed with the least sum over all values of the distance from the median, each in units of the
/// spread between the quartiles, or of the measure's floor where that is more; the first of equals.
fn closest(compared: &ComparedTrace) -> u64 {
    let mut sums: Vec<f64> = Vec::new();
    for value in compared.phases.iter().flat_map(|phase| &phase.values) {
        let mut sorted = value.predicted.clone();
        sorted.sort_unstable();
        let [low, median, high] = [250, 500, 750].map(|thousandths| quantile(&sorted, thousandths));
        let unit = ((high - low) as f64).max(value.key.0.floor());
        sums.resize(value.predicted.len(), 0.0);
        for (sum, predicted) in sums.iter_mut().zip(&value.predicted) {
            *sum += predicted.abs_diff(median) as f64 / unit;
        }
    }
    (0..).zip(&sums).min_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(position, _)| position)
}
