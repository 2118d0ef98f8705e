//! Many seeds of one scenario, as `run` and `compare` play them.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Failure;
use crate::run::{Circle, Outcome, RunOptions, Unfinished, try_run};
use crate::scenario::Scenario;
use crate::sweep::{Finished, SeedResult, Seeds, over_seeds};

/// Plays all seeds until `stop` is set.
///
/// # Errors
/// Bad input where time stands still in a run; a failure of our own where an invariant breaks.
pub(super) fn sweep(
    scenario: &Scenario,
    seeds: Seeds,
    jobs: NonZeroUsize,
    every_event: bool,
    stop: &AtomicBool,
    progress: impl Fn() + Sync,
) -> Result<Finished<SeedResult>, Failure> {
    let options = RunOptions { every_event, ..RunOptions::default() };
    let endless = AtomicBool::new(false);
    let one = |seed| {
        // What has no end with one seed is not tried with others.
        if endless.load(Ordering::Relaxed) {
            return None;
        }
        let outcome = unless_stopped(try_run(scenario, seed, options, stop))?;
        endless.fetch_or(outcome.is_err(), Ordering::Relaxed);
        Some(outcome.map(|outcome| SeedResult::from(&outcome)))
    };
    ended(over_seeds(seeds, jobs, stop, one, progress).map_err(Failure::own)?)
}

/// What came of a run that nobody stopped.
pub(super) fn unless_stopped(run: Result<Outcome, Unfinished>) -> Option<Result<Outcome, Circle>> {
    match run {
        Ok(outcome) => Some(Ok(outcome)),
        Err(Unfinished::Circle(circle)) => Some(Err(circle)),
        Err(Unfinished::Stopped) => None,
    }
}

/// The results of runs that all came to an end.
pub(super) fn ended<T>(finished: Finished<Result<T, Circle>>) -> Result<Finished<T>, Failure> {
    let results = finished.results.into_iter().collect::<Result<Vec<T>, Circle>>().map_err(Failure::bad_input)?;
    Ok(Finished { results, complete: finished.complete })
}
