//! Threads that run seeds and share nothing but the counter of the next one.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::Seeds;

/// What a sweep gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished<T> {
    /// One result for each seed that was run, in the order of the seeds.
    pub results: Vec<T>,
    /// Whether every seed was run; false after an interruption.
    pub complete: bool,
}

/// Why a sweep gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// A run broke an invariant of the simulator.
    #[error("the run of seed {seed} broke an invariant of the simulator: {message}")]
    Panicked {
        /// The least such seed.
        seed: u64,
        /// What the broken assertion said.
        message: String,
    },
}

/// Runs `run` for every seed on `jobs` threads until `stop` is set. `progress` hears of every finished seed. A run that
/// sees `stop` itself gives itself up and answers `None`.
///
/// # Errors
/// [`SweepError::Panicked`] with the least seed whose run panicked: seeds are handed out in ascending order and each
/// one handed out is finished, so that this does not depend on the number of threads.
pub fn over_seeds<T: Send>(
    seeds: Seeds,
    jobs: NonZeroUsize,
    stop: &AtomicBool,
    run: impl Fn(u64) -> Option<T> + Sync,
    progress: impl Fn() + Sync,
) -> Result<Finished<T>, SweepError> {
    let next = AtomicU64::new(seeds.first());
    let failed = AtomicBool::new(false);
    let worker = || {
        let mut mine = Vec::new();
        while !stop.load(Ordering::Relaxed) && !failed.load(Ordering::Relaxed) {
            // The counter stops at the last seed, where another step may be past the last of all numbers.
            let step = |seed: u64| (seed < seeds.until()).then(|| seed + 1);
            let Ok(seed) = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step) else { break };
            let result = catch_unwind(AssertUnwindSafe(|| run(seed))).map_err(|panic| message_of(panic.as_ref()));
            let Some(result) = result.transpose() else { break };
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            mine.push((seed, result));
            progress();
        }
        mine
    };
    let mut all = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads(seeds, jobs)).map(|_| scope.spawn(worker)).collect();
        let join =
            |thread: std::thread::ScopedJoinHandle<'_, Vec<_>>| thread.join().expect("a worker catches its panics");
        threads.into_iter().flat_map(join).collect::<Vec<_>>()
    });
    all.sort_by_key(|(seed, _)| *seed);
    let complete = all.len() as u64 == seeds.count();
    let results = all
        .into_iter()
        .map(|(seed, result)| result.map_err(|message| SweepError::Panicked { seed, message }))
        .collect::<Result<Vec<T>, _>>()?;
    Ok(Finished { results, complete })
}

/// The most threads of a sweep; no machine that this runs on has more processors.
const MOST_THREADS: usize = 1_024;

/// How many threads are of use: none without a seed of its own.
fn threads(seeds: Seeds, jobs: NonZeroUsize) -> usize {
    let seeds = usize::try_from(seeds.count()).unwrap_or(usize::MAX);
    jobs.get().min(seeds).min(MOST_THREADS)
}

fn message_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no message)").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jobs(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).expect("not zero")
    }

    fn seeds(text: &str) -> Seeds {
        text.parse().expect("good seeds")
    }

    #[test]
    fn results_are_ordered_by_seed_whatever_the_number_of_threads() {
        let expected: Vec<u64> = (10..200).map(|seed| seed * seed).collect();
        for count in [1, 2, 7, 300] {
            let stop = AtomicBool::new(false);
            let finished = over_seeds(seeds("10..200"), jobs(count), &stop, |seed| Some(seed * seed), || ());
            assert_eq!(finished, Ok(Finished { results: expected.clone(), complete: true }), "{count} jobs");
        }
    }

    #[test]
    fn there_are_no_more_threads_than_seeds_and_the_last_seeds_end() {
        for (text, asked, expected) in
            [("3", 100_000, 3), ("1000000", 100_000, MOST_THREADS), ("1000000", 2, 2), ("1", 1, 1)]
        {
            assert_eq!(threads(seeds(text), jobs(asked)), expected, "{text} {asked}");
        }
        let (stop, last) = (AtomicBool::new(false), seeds("18446744073709551613..18446744073709551615"));
        for count in [1, 2, 7] {
            let finished = over_seeds(last, jobs(count), &stop, Some, || ());
            let results = vec![u64::MAX - 2, u64::MAX - 1];
            assert_eq!(finished, Ok(Finished { results, complete: true }), "{count} jobs");
        }
    }

    #[test]
    fn an_interrupted_sweep_keeps_what_is_done() {
        let stop = AtomicBool::new(false);
        let run = |seed| {
            if seed == 4 {
                stop.store(true, Ordering::Relaxed);
            }
            Some(seed)
        };
        let finished = over_seeds(seeds("100"), jobs(1), &stop, run, || ());
        assert_eq!(finished, Ok(Finished { results: vec![0, 1, 2, 3, 4], complete: false }));
    }

    #[test]
    fn a_run_that_gives_itself_up_is_not_among_the_results() {
        let stop = AtomicBool::new(false);
        let run = |seed| {
            stop.fetch_or(seed == 4, Ordering::Relaxed);
            (!stop.load(Ordering::Relaxed)).then_some(seed)
        };
        let finished = over_seeds(seeds("100"), jobs(1), &stop, run, || ());
        assert_eq!(finished, Ok(Finished { results: vec![0, 1, 2, 3], complete: false }));
    }

    #[test]
    fn the_least_seed_that_panics_is_named() {
        let stop = AtomicBool::new(false);
        let run = |seed| {
            assert!(seed % 10 != 7, "seed {seed} is bad");
            Some(())
        };
        let error = over_seeds(seeds("100"), jobs(3), &stop, run, || ());
        assert_eq!(error, Err(SweepError::Panicked { seed: 7, message: "seed 7 is bad".to_owned() }));
    }
}
