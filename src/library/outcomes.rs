//! What many seeds gave: figures over all of them, what was expected, and what observers complain of.

use std::ops::Range;

use super::figure::{Figure, FigureUnit};
use super::observer::Complaint;
use super::scenario::Scenario;
use crate::run::Unfinished;
use crate::sweep::{Judgement, Quantiles, SeedResult, Standing, Worse, judge};

/// What the seeds of a [`Sweep`](super::Sweep) gave. A figure is that of the measured window: `measure` of the scenario
/// says which, and else it begins when every queue has its owner for the first time.
///
/// ```
/// use rebalance_sim::{Figure, Scenario, Sweep};
/// let scenario = Scenario::from_file("scenarios/stalls/three_kinds_of_death.toml")?;
/// let outcomes = Sweep::seeds(0..3).run(&scenario);
/// assert!(outcomes.held(), "{:?}", outcomes.violated());
/// let (seed, longest) = outcomes.worst(Figure::UnownedMax).ok_or("no seed has it")?;
/// println!("seed {seed}: {longest} without an owner");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Outcomes {
    results: Vec<SeedResult>,
    judgements: Vec<Judgement>,
    complaints: Vec<Complaint>,
    failure: Option<RunError>,
}

/// Why seeds have no outcome.
///
/// ```
/// use rebalance_sim::{Cluster, Group, RunError, Sweep};
/// let cluster = Cluster::new().broker("a").topic("orders", 4).group(Group::new("g").members(1));
/// let none = Sweep::seeds(5..5).try_run(&cluster.scenario()?);
/// assert!(matches!(none, Err(RunError::NoSeeds(range)) if range == (5..5)));
/// # Ok::<(), rebalance_sim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The range holds no seed.
    #[error("{0:?} holds no seed; the end of a range is not part of it, so it must be above the start")]
    NoSeeds(Range<u64>),
    /// The scenario has no end with this seed.
    #[error("seed {seed}: {why}")]
    Unfinished {
        /// The least such seed.
        seed: u64,
        /// Why.
        why: Unfinished,
    },
    /// A mistake of this crate, or of an observer: an assertion failed.
    #[error("the run of seed {seed} broke an invariant: {message}")]
    Broken {
        /// The least such seed.
        seed: u64,
        /// What the assertion said.
        message: String,
    },
}

impl Outcomes {
    pub(super) fn of(scenario: &Scenario, results: Vec<SeedResult>, complaints: Vec<Complaint>) -> Self {
        let judgements = judge(&scenario.as_read().expect, &results);
        Self { results, judgements, complaints, failure: None }
    }

    pub(super) fn failed(scenario: &Scenario, failure: RunError) -> Self {
        Self { failure: Some(failure), ..Self::of(scenario, Vec::new(), Vec::new()) }
    }

    /// The value that this share of the seeds does not go beyond, by nearest rank: 0.5 is the median, 0.99 what one of
    /// a hundred seeds goes beyond, 1 the most. It is a value that some seed gave, of the seeds that have the figure;
    /// where none has it, or there is no such share, it is [`FigureUnit::UNKNOWN`].
    #[must_use]
    pub fn quantile<U: FigureUnit>(&self, figure: Figure<U>, share: f64) -> U::Value {
        let known = (0.0..=1.0).contains(&share).then(|| self.quantiles(&figure)).flatten();
        // Rounded up to the thousandth: no seed more than the share allows goes beyond.
        let thousandths = (share * 1_000.0 - 1e-9).ceil().max(0.0) as u16;
        known.map_or(U::UNKNOWN, |quantiles| U::value(Figure::<U>::number(quantiles.at(thousandths))))
    }

    /// All seeds together; unknown where none has the figure.
    #[must_use]
    pub fn total<U: FigureUnit>(&self, figure: Figure<U>) -> U::Value {
        let known = self.quantiles(&figure);
        known.map_or(U::UNKNOWN, |quantiles| U::value(quantiles.values().map(Figure::<U>::number).sum()))
    }

    /// The mean of the seeds that have the figure; unknown where none has it.
    #[must_use]
    pub fn mean<U: FigureUnit>(&self, figure: Figure<U>) -> U::Value {
        let known = self.quantiles(&figure);
        known.map_or(U::UNKNOWN, |quantiles| {
            let total: f64 = quantiles.values().map(Figure::<U>::number).sum();
            U::value(total / quantiles.count() as f64)
        })
    }

    /// The highest value with the least seed that gave it: the one to look into.
    #[must_use]
    pub fn worst<U: FigureUnit>(&self, figure: Figure<U>) -> Option<(u64, U::Value)> {
        let (value, seed) = self.quantiles(&figure)?.worst();
        Some((seed, U::value(Figure::<U>::number(value))))
    }

    /// The value of each seed that has the figure, by seed.
    pub fn each<U: FigureUnit>(&self, figure: Figure<U>) -> impl Iterator<Item = (u64, U::Value)> {
        self.results.iter().filter_map(move |result| {
            let value = result.figure(None, figure.name())?;
            Some((result.seed, U::value(Figure::<U>::number(value))))
        })
    }

    /// Whether all that the scenario expects is so, every run has ended, and no observer complains. One seed neither
    /// proves nor refutes what is said of many.
    #[must_use]
    pub fn held(&self) -> bool {
        self.failure.is_none() && self.violated().is_empty()
    }

    /// What is not as the scenario expects, and what observers complain of, a line each.
    #[must_use]
    pub fn violated(&self) -> Vec<String> {
        let violated = self.judgements.iter().filter(|judgement| judgement.standing == Standing::Violated);
        let expected = violated.map(|judgement| match judgement.seed {
            Some(seed) => format!("{} (seed {seed})", judgement.text),
            None => judgement.text.clone(),
        });
        let complaints = self.complaints.iter().map(ToString::to_string);
        self.failure.iter().map(ToString::to_string).chain(expected).chain(complaints).collect()
    }

    /// How each expectation stands.
    #[must_use]
    pub fn judgements(&self) -> &[Judgement] {
        &self.judgements
    }

    /// What observers complain of, by seed.
    #[must_use]
    pub fn complaints(&self) -> &[Complaint] {
        &self.complaints
    }

    /// Why there are no outcomes; all figures are unknown then.
    #[must_use]
    pub fn failure(&self) -> Option<&RunError> {
        self.failure.as_ref()
    }

    /// What is kept of each seed, by seed.
    #[must_use]
    pub fn results(&self) -> &[SeedResult] {
        &self.results
    }

    fn quantiles<U: FigureUnit>(&self, figure: &Figure<U>) -> Option<Quantiles> {
        let value = |result: &SeedResult| Some((result.seed, result.figure(None, figure.name())?));
        Quantiles::new(self.results.iter().filter_map(value), Worse::Higher)
    }
}
