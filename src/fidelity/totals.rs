//! The distance in a few figures.

use std::collections::BTreeMap;

use super::compare::{ComparedTrace, Measure};
use crate::kernel::Streams;

/// A real owner map must be predicted by so many percent of the seeds.
const OWNERS_PERCENT: usize = 5;
/// How often the stories are resampled.
const RESAMPLES: u64 = 2_000;

/// The figures over all recordings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Totals {
    /// Real values in the band of 99 %.
    pub in_band: usize,
    /// All real values.
    pub values: usize,
    /// Phases whose real owner map got at least 5 % of the seeds.
    pub owners_hit: usize,
    /// All phases.
    pub phases: usize,
    /// Mean scores by measure: the model's and that of the other recordings; both floored.
    pub by_measure: Vec<(Measure, f64, f64)>,
    /// Geometric mean over the measures of the model's score over the others'; 1: as good as another run of the
    /// cluster. `None` where no story has two recordings.
    pub yardstick_ratio: Option<f64>,
    /// 2.5 and 97.5 % of the ratio over resampled stories.
    pub ratio_interval: Option<(f64, f64)>,
}

impl Totals {
    /// The totals of these recordings.
    #[must_use]
    pub fn of(traces: &[ComparedTrace]) -> Self {
        let mut totals = Self::default();
        for phase in traces.iter().flat_map(|trace| &trace.phases) {
            totals.phases += 1;
            totals.owners_hit += usize::from(phase.owners_hit * 100 >= phase.predicted_owners.len() * OWNERS_PERCENT);
            totals.values += phase.values.len();
            totals.in_band += phase.values.iter().filter(|value| value.in_band).count();
        }
        let sums = sums_by_story(traces);
        let all: Vec<&Sums> = sums.values().collect();
        totals.by_measure = means(&all);
        totals.yardstick_ratio = ratio(&all);
        totals.ratio_interval = interval(&all);
        totals
    }

    /// Share of real values in the band, in percent.
    #[must_use]
    pub fn coverage(&self) -> f64 {
        100.0 * self.in_band as f64 / self.values.max(1) as f64
    }

    /// Share of phases whose real owner map was predicted, in percent.
    #[must_use]
    pub fn owner_maps(&self) -> f64 {
        100.0 * self.owners_hit as f64 / self.phases.max(1) as f64
    }
}

/// By measure: scores of the model, of the other recordings, and how many.
type Sums = BTreeMap<Measure, (f64, f64, usize)>;

fn sums_by_story(traces: &[ComparedTrace]) -> BTreeMap<&str, Sums> {
    let mut stories: BTreeMap<&str, Sums> = BTreeMap::new();
    for trace in traces {
        let sums = stories.entry(&trace.story).or_default();
        for value in trace.phases.iter().flat_map(|phase| &phase.values) {
            let Some(yardstick) = value.yardstick else { continue };
            let sum = sums.entry(value.key.0).or_default();
            *sum = (sum.0 + value.crps, sum.1 + yardstick, sum.2 + 1);
        }
    }
    stories
}

fn means(stories: &[&Sums]) -> Vec<(Measure, f64, f64)> {
    let mean = |measure: Measure| {
        let of = stories.iter().filter_map(|sums| sums.get(&measure));
        let (mine, theirs, count) = of.fold((0.0, 0.0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2));
        let floored = |sum: f64| (sum / count as f64).max(measure.floor());
        (count > 0).then(|| (measure, floored(mine), floored(theirs)))
    };
    Measure::ALL.into_iter().filter_map(mean).collect()
}

fn ratio(stories: &[&Sums]) -> Option<f64> {
    let means = means(stories);
    let logs: f64 = means.iter().map(|(_, mine, theirs)| libm::log(mine / theirs)).sum();
    (!means.is_empty()).then(|| libm::exp(logs / means.len() as f64))
}

fn interval(stories: &[&Sums]) -> Option<(f64, f64)> {
    if stories.len() < 2 {
        return None;
    }
    let mut stream = Streams::new(0).stream("bootstrap", 0);
    let mut ratios: Vec<f64> = (0..RESAMPLES)
        .filter_map(|_| {
            let drawn: Vec<&Sums> =
                stories.iter().map(|_| stories[stream.below(stories.len() as u64) as usize]).collect();
            ratio(&drawn)
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let at = |thousandths: usize| ratios.get((ratios.len().max(1) - 1) * thousandths / 1_000).copied();
    Some((at(25)?, at(975)?))
}
