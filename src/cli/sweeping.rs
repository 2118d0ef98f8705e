//! Many seeds of one scenario, as `run` and `compare` play them.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Failure;
use crate::run::{Circle, Outcome, RunOptions, Unfinished, try_run};
use crate::scenario::Scenario;
use crate::sweep::{Finished, SeedResult, Seeds, SweepError, over_seeds};

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

/// Plays the same seeds of several scenarios. All runs stand in one line for the threads, so that few seeds of many scenarios
/// keep them busy too. `None` where `stop` was set before all were played.
///
/// # Errors
/// As of [`sweep`].
pub(super) fn sweep_all(
    scenarios: &[&Scenario],
    seeds: Seeds,
    jobs: NonZeroUsize,
    stop: &AtomicBool,
    progress: impl Fn() + Sync,
) -> Result<Option<Vec<Vec<SeedResult>>>, Failure> {
    let Some(runs) = Seeds::count_of(seeds.count().saturating_mul(scenarios.len() as u64)) else {
        return Ok(Some(Vec::new()));
    };
    // The seeds of the first scenario, then those of the second.
    let run_of = |number: u64| (&scenarios[(number / seeds.count()) as usize], seeds.first() + number % seeds.count());
    let endless = AtomicBool::new(false);
    let one = |number| {
        // Where one has no end nothing is said of the others.
        if endless.load(Ordering::Relaxed) {
            return None;
        }
        let (scenario, seed) = run_of(number);
        let outcome = unless_stopped(try_run(scenario, seed, RunOptions::default(), stop))?;
        endless.fetch_or(outcome.is_err(), Ordering::Relaxed);
        Some(outcome.map(|outcome| SeedResult::from(&outcome)))
    };
    let finished = over_seeds(runs, jobs, stop, one, progress).map_err(|SweepError::Panicked { seed, message }| {
        Failure::own(SweepError::Panicked { seed: run_of(seed).1, message })
    })?;
    let finished = ended(finished)?;
    let mut results = finished.results.into_iter();
    let mut of_each = || results.by_ref().take(seeds.count() as usize).collect();
    Ok(finished.complete.then(|| scenarios.iter().map(|_| of_each()).collect()))
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
