//! Every recording played with every seed.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::{ComparedTrace, Story, StoryError, compare, play};
use crate::sweep::{Finished, Seeds, SweepError, over_seeds};
use crate::trace::{Measures, Trace, measure};

/// Why nothing was predicted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PredictError {
    /// No scenario can be made of a recording.
    #[error(transparent)]
    Story(#[from] StoryError),
    /// A run broke an invariant of the simulator.
    #[error("{trace}, seed {seed}: {message}")]
    Broken {
        /// The recording.
        trace: String,
        /// The seed.
        seed: u64,
        /// What the broken assertion said.
        message: String,
    },
    /// The user stopped it.
    #[error("interrupted; nothing was compared")]
    Interrupted,
}

/// Predicts and compares recordings with `seeds`, on `jobs` threads; `progress` hears of every run.
/// `environment` is the text of the environment of each recording.
///
/// # Errors
/// See [`PredictError`].
pub fn predict(
    traces: &[Trace],
    environment: &(impl Fn(&Trace) -> String + Sync),
    seeds: Seeds,
    jobs: NonZeroUsize,
    stop: &AtomicBool,
    progress: impl Fn() + Sync,
) -> Result<Vec<ComparedTrace>, PredictError> {
    let stories: Vec<Story> =
        traces.iter().map(|trace| Story::of(trace, &environment(trace))).collect::<Result<_, _>>()?;
    predict_stories(traces, &stories, seeds, jobs, stop, progress)
}

/// [`predict`], of stories that were made before, one a recording.
///
/// # Errors
/// See [`PredictError`].
pub fn predict_stories(
    traces: &[Trace],
    stories: &[Story],
    seeds: Seeds,
    jobs: NonZeroUsize,
    stop: &AtomicBool,
    progress: impl Fn() + Sync,
) -> Result<Vec<ComparedTrace>, PredictError> {
    let real: Vec<Measures> = traces.iter().map(measure).collect();
    let Some(runs) = work(traces.len() as u64, seeds) else { return Ok(Vec::new()) };
    let of_run = |run: u64| ((run / seeds.count()) as usize, seeds.first() + run % seeds.count());
    let one = |run| {
        let (trace, seed) = of_run(run);
        Some(measure(&play(&traces[trace], &stories[trace], seed)))
    };
    let broken = |SweepError::Panicked { seed: run, message }: SweepError| {
        let (trace, seed) = of_run(run);
        PredictError::Broken { trace: traces[trace].name.clone(), seed, message }
    };
    let Finished { results, complete } = over_seeds(runs, jobs, stop, one, progress).map_err(broken)?;
    if !complete {
        return Err(PredictError::Interrupted);
    }
    let of_trace = results.chunks(seeds.count() as usize);
    let compared = of_trace.enumerate().map(|(at, predicted)| {
        let others: Vec<&Measures> = (0..traces.len())
            .filter(|&other| other != at && traces[other].header.name == traces[at].header.name)
            .map(|other| &real[other])
            .collect();
        compare(&traces[at].name, &real[at], predicted, &others)
    });
    Ok(compared.collect())
}

/// Numbers of all runs; `None` where there are none.
fn work(traces: u64, seeds: Seeds) -> Option<Seeds> {
    (traces > 0).then(|| format!("0..{}", traces * seeds.count()).parse().expect("the range is not empty"))
}
