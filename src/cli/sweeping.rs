//! Many seeds of one scenario, as `run` and `compare` play them.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use super::Failure;
use super::shards::Work;
use crate::run::{Circle, Outcome, RunOptions, Unfinished, try_run};
use crate::scenario::Scenario;
use crate::sweep::{Finished, SeedResult, Seeds};

/// Plays all seeds until `stop` is set, or reads what came of them; the first is run `first` of its command.
///
/// # Errors
/// Bad input where time stands still in a run; a failure of our own where an invariant breaks.
pub(super) fn sweep(
    scenario: &Scenario,
    (seeds, first): (Seeds, u64),
    (work, jobs): (&Work, NonZeroUsize),
    every_event: bool,
    stop: &AtomicBool,
    progress: impl Fn() + Sync,
) -> Result<Finished<SeedResult>, Failure> {
    let options = RunOptions { every_event, ..RunOptions::default() };
    let endless = Endless::default();
    let one = |seed| endless.unless(seed, || try_run(scenario, seed, options, stop));
    let finished = work.runs((seeds, first), jobs, stop, one, progress);
    endless.or(finished)
}

/// Plays the same seeds of several scenarios. All runs stand in one line for the threads, so that few seeds of many scenarios
/// keep them busy too. `None` where `stop` was set before all were played, and of a share.
///
/// # Errors
/// As of [`sweep`].
pub(super) fn sweep_all(
    scenarios: &[&Scenario],
    seeds: Seeds,
    (work, jobs): (&Work, NonZeroUsize),
    stop: &AtomicBool,
    progress: impl Fn() + Sync,
) -> Result<Option<Vec<Vec<SeedResult>>>, Failure> {
    let Some(runs) = Seeds::count_of(seeds.count().saturating_mul(scenarios.len() as u64)) else {
        return Ok(Some(Vec::new()));
    };
    // The seeds of the first scenario, then those of the second.
    let run_of = |number: u64| (&scenarios[(number / seeds.count()) as usize], seeds.first() + number % seeds.count());
    let endless = Endless::default();
    let one = |number| {
        let (scenario, seed) = run_of(number);
        endless.unless(number, || try_run(scenario, seed, RunOptions::default(), stop))
    };
    let finished = work.runs((runs, 0), jobs, stop, one, progress);
    let finished = endless.or(finished)?;
    // A share says nothing of the whole.
    if work.is_share() {
        return Ok(None);
    }
    let mut results = finished.results.into_iter();
    let mut of_each = || results.by_ref().take(seeds.count() as usize).collect();
    Ok(finished.complete.then(|| scenarios.iter().map(|_| of_each()).collect()))
}

/// The first run in which time stands still. What has no end is not tried again: runs behind it are given up, and those
/// before it are played, so that it does not depend on the number of threads which one is named.
#[derive(Default)]
struct Endless(Mutex<Option<(u64, Circle)>>);

impl Endless {
    /// What is kept of a run; none where it, or one before it, has no end.
    fn unless(&self, number: u64, run: impl FnOnce() -> Result<Outcome, Unfinished>) -> Option<SeedResult> {
        let found = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if found().as_ref().is_some_and(|(before, _)| *before < number) {
            return None;
        }
        match run() {
            Ok(outcome) => Some(SeedResult::from(&outcome)),
            Err(Unfinished::Circle(circle)) => {
                let mut found = found();
                if found.as_ref().is_none_or(|(before, _)| *before > number) {
                    *found = Some((number, circle));
                }
                None
            }
            Err(Unfinished::Stopped) => None,
        }
    }

    /// The results, where all came to an end.
    fn or<T>(self, finished: Result<Finished<T>, Failure>) -> Result<Finished<T>, Failure> {
        match self.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some((_, circle)) => Err(Failure::bad_input(circle)),
            None => finished,
        }
    }
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
