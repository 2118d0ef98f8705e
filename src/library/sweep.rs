//! Many seeds of one scenario, on all processors.

use std::fmt;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;

use super::observer::{Complaint, Observer};
use super::outcomes::{Outcomes, RunError};
use super::scenario::Scenario;
use super::seen::Seen;
use crate::run::{RunOptions, Unfinished, try_run, try_run_watched};
use crate::sweep::{SeedResult, Seeds, SweepError, over_seeds};

/// Which seeds are played, and who watches.
///
/// ```
/// use rebalance_sim::{Cluster, Figure, Group, Sweep, millis, secs};
/// let cluster = Cluster::new().broker("a").topic("orders", 4).producer("orders", "20/s")
///     .group(Group::new("g").members(3).work(millis(5)))
///     .at(secs(40)).kill("c2");
/// let outcomes = Sweep::seeds(0..5).run(&cluster.scenario()?);
/// assert_eq!(outcomes.total(Figure::Lost), 0.0);
/// assert!(outcomes.quantile(Figure::UnownedMax, 0.9) < secs(3));
/// # Ok::<(), rebalance_sim::Error>(())
/// ```
pub struct Sweep {
    seeds: Range<u64>,
    threads: Option<NonZeroUsize>,
    observers: Vec<(String, MakeObserver)>,
}

type MakeObserver = Box<dyn Fn() -> Box<dyn Observer> + Send + Sync>;

impl fmt::Debug for Sweep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let observers: Vec<&str> = self.observers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Sweep").field("seeds", &self.seeds).field("observers", &observers).finish_non_exhaustive()
    }
}

impl Sweep {
    /// These seeds, on as many threads as there are processors: their number changes no result.
    #[must_use]
    pub fn seeds(seeds: Range<u64>) -> Self {
        Self { seeds, threads: None, observers: Vec::new() }
    }

    /// These seeds on so many threads.
    #[must_use]
    pub fn threads(self, threads: NonZeroUsize) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// These seeds, and for each an observer of one's own; what it complains of is in [`Outcomes::complaints`].
    #[must_use]
    pub fn watched_by<O: Observer + 'static>(
        mut self,
        name: &str,
        observer: impl Fn() -> O + Send + Sync + 'static,
    ) -> Self {
        self.observers.push((name.to_owned(), Box::new(move || Box::new(observer()))));
        self
    }

    /// Plays them. Where a run has no end, every figure of the outcomes is unknown, and no bound holds for what is
    /// unknown; [`Outcomes::failure`] says why, and [`Sweep::try_run`] is for who wants to know at once.
    #[must_use]
    pub fn run(&self, scenario: &Scenario) -> Outcomes {
        self.try_run(scenario).unwrap_or_else(|error| Outcomes::failed(scenario, error))
    }

    /// Plays them.
    ///
    /// # Errors
    /// [`RunError`] with the least seed: a run has no end, or is a mistake of this crate.
    pub fn try_run(&self, scenario: &Scenario) -> Result<Outcomes, RunError> {
        let threads = self.threads.or_else(|| available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        let played = over_each(&self.seeds, threads, |seed, stop| self.one(scenario, seed, stop))?;
        let (results, complaints): (Vec<_>, Vec<_>) = played.into_iter().unzip();
        Ok(Outcomes::of(scenario, results, complaints.concat()))
    }

    fn one(
        &self,
        scenario: &Scenario,
        seed: u64,
        stop: &AtomicBool,
    ) -> Result<(SeedResult, Vec<Complaint>), Unfinished> {
        let (read, options) = (scenario.as_read(), RunOptions::default());
        if self.observers.is_empty() {
            return Ok((SeedResult::from(&try_run(read, seed, options, stop)?), Vec::new()));
        }
        let mut observers: Vec<_> = self.observers.iter().map(|(name, make)| (name, make())).collect();
        let mut watch = |observed: &_, names: &_| {
            let (at, seen) = Seen::of(observed, names, &read.plan);
            observers.iter_mut().for_each(|(_, observer)| observer.see(at, &seen));
        };
        let outcome = try_run_watched(read, seed, options, stop, &mut watch)?;
        let complaints = observers.into_iter().flat_map(|(name, mut observer)| {
            let texts = observer.finish(outcome.end);
            texts.into_iter().map(|text| Complaint { seed, observer: name.clone(), text })
        });
        Ok((SeedResult::from(&outcome), complaints.collect()))
    }
}

/// Plays each seed, on so many threads.
///
/// # Errors
/// [`RunError`] with the least seed that has no end or breaks an invariant, and where there is none.
pub(super) fn over_each<T: Send>(
    seeds: &Range<u64>,
    threads: NonZeroUsize,
    play: impl Fn(u64, &AtomicBool) -> Result<T, Unfinished> + Sync,
) -> Result<Vec<T>, RunError> {
    let Range { start, end } = seeds;
    let range = format!("{start}..{end}").parse::<Seeds>().map_err(|_| RunError::NoSeeds(seeds.clone()))?;
    let (failed, stop) = (AtomicBool::new(false), AtomicBool::new(false));
    let one = |seed| {
        // What has no end with one seed is not tried with others.
        if failed.load(Ordering::Relaxed) {
            return None;
        }
        let played = play(seed, &stop).map_err(|why| RunError::Unfinished { seed, why });
        failed.fetch_or(played.is_err(), Ordering::Relaxed);
        Some(played)
    };
    let finished = over_seeds(range, threads, &stop, one, || ()).map_err(|error| match error {
        SweepError::Panicked { seed, message } => RunError::Broken { seed, message },
    })?;
    finished.results.into_iter().collect()
}
