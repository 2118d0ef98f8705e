//! Every recording played with every seed.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::{ComparedTrace, Load, Story, compare, play};
use crate::sweep::{Finished, Seeds, SweepError, over_seeds};
use crate::trace::{Header, Measures, Trace, measure};

/// Why nothing was predicted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PredictError {
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

/// Predicts and compares recordings, each played as its story, with `seeds`, on `jobs` threads; `progress` hears of every
/// run.
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
            .filter(|&other| other != at && alike(&traces[other].header, &traces[at].header))
            .map(|other| &real[other])
            .collect();
        compare(&traces[at], &real[at], predicted, &others)
    });
    Ok(compared.collect())
}

/// Whether two recordings are of one story on a machine that had as much to do: one is a yardstick for the other.
fn alike(one: &Header, other: &Header) -> bool {
    one.name == other.name && Load::of(one) == Load::of(other)
}

/// Numbers of all runs; `None` where there are none.
fn work(traces: u64, seeds: Seeds) -> Option<Seeds> {
    (traces > 0).then(|| format!("0..{}", traces * seeds.count()).parse().expect("the range is not empty"))
}
