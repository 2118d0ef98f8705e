//! A figure with its unit in its type: what is counted, what lasts and what is a share cannot be taken for each other.

use std::borrow::Cow;
use std::marker::PhantomData;

use super::lasted::Lasted;
use crate::check::{AnomalyKind, Cause, Figure as Value, Trap, Unit, known_figure};
use crate::scenario::known_or_near;

/// A figure of a run, by its name and in its unit `U`: [`Counts`], [`Spans`] or [`Shares`].
///
/// Each figure of `rebalance-sim list figures` is a constant.
///
/// ```
/// use rebalance_sim::{Counts, Figure, FigureError, Spans};
/// let duplicates = Figure::Duplicates.in_phase("kill");
/// assert_eq!(duplicates.name(), "phase kill: duplicates");
/// let stalled: Figure<Spans> = Figure::named("g1: stalled.max")?;
/// assert_eq!(stalled, Figure::StalledMax.of_group("g1"));
///
/// let misspelt = Figure::<Counts>::named("duplikates").unwrap_err();
/// assert!(misspelt.to_string().contains("duplicates"), "{misspelt}");
/// let other_unit = Figure::<Counts>::named("stalled.max").unwrap_err();
/// assert!(matches!(other_unit, FigureError::OtherUnit { .. }));
/// # Ok::<(), FigureError>(())
/// ```
///
/// A figure that counts has no length, and this does not compile:
///
/// ```compile_fail
/// use rebalance_sim::{Figure, Scenario, Sweep, secs};
/// # let scenario = Scenario::from_toml("")?;
/// let outcomes = Sweep::seeds(0..1).run(&scenario);
/// assert!(outcomes.quantile(Figure::Duplicates, 0.99) <= secs(5));
/// # Ok::<(), rebalance_sim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure<U> {
    name: Cow<'static, str>,
    unit: PhantomData<U>,
}

/// Something is counted: messages, queues, requests. Its values are numbers.
///
/// ```
/// use rebalance_sim::{Counts, Figure};
/// const LOST: Figure<Counts> = Figure::Lost;
/// # assert_eq!(LOST.name(), "lost");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {}

/// Something lasts. Its values are [`Lasted`].
///
/// ```
/// use rebalance_sim::{Figure, Spans};
/// const STALLED: Figure<Spans> = Figure::StalledMax;
/// # assert_eq!(STALLED.name(), "stalled.max");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spans {}

/// Something is a share. Its values are numbers from 0 to 1.
///
/// ```
/// use rebalance_sim::{Figure, Shares};
/// const FAIR: Figure<Shares> = Figure::BalanceJain;
/// # assert_eq!(FAIR.name(), "balance.jain");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shares {}

mod sealed {
    /// Nobody else has units.
    pub trait Sealed {}
    impl Sealed for super::Counts {}
    impl Sealed for super::Spans {}
    impl Sealed for super::Shares {}
}

/// A unit of figures: [`Counts`], [`Spans`], [`Shares`], and no others.
///
/// ```
/// use rebalance_sim::{Figure, FigureUnit, Outcomes};
/// fn worst<U: FigureUnit>(outcomes: &Outcomes, figure: Figure<U>) -> U::Value {
///     outcomes.quantile(figure, 1.0)
/// }
/// ```
pub trait FigureUnit: sealed::Sealed + Clone {
    /// What a figure in this unit is.
    type Value: PartialEq + PartialOrd + std::fmt::Debug + Copy;

    /// What it is where no seed has it: it equals nothing, not even itself, and no bound holds for it.
    const UNKNOWN: Self::Value;

    /// Whether figures of the table that count this have this unit.
    #[doc(hidden)]
    fn holds(unit: Unit) -> bool;

    /// A number in this unit: a count, nanoseconds, or millionths.
    #[doc(hidden)]
    fn value(number: f64) -> Self::Value;
}

impl FigureUnit for Counts {
    type Value = f64;
    const UNKNOWN: f64 = f64::NAN;

    fn holds(unit: Unit) -> bool {
        matches!(unit, Unit::Messages | Unit::Queues | Unit::Count)
    }

    fn value(number: f64) -> f64 {
        number
    }
}

impl FigureUnit for Shares {
    type Value = f64;
    const UNKNOWN: f64 = f64::NAN;

    fn holds(unit: Unit) -> bool {
        unit == Unit::Share
    }

    fn value(number: f64) -> f64 {
        number / 1e6
    }
}

impl FigureUnit for Spans {
    type Value = Lasted;
    const UNKNOWN: Lasted = Lasted::UNKNOWN;

    fn holds(unit: Unit) -> bool {
        unit == Unit::Seconds
    }

    fn value(number: f64) -> Lasted {
        Lasted::nanos(number)
    }
}

/// Why a text names no figure in the unit that is asked for.
///
/// ```
/// use rebalance_sim::{Counts, Figure, FigureError};
/// assert!(matches!(Figure::<Counts>::named("losst"), Err(FigureError::Unknown(why)) if why.contains("lost")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FigureError {
    /// There is no such figure: one sentence with those that are near.
    #[error("{0}")]
    Unknown(String),
    /// It has another unit.
    #[error("`{figure}` counts {unit}: it is a figure of another unit than the one that is asked for")]
    OtherUnit {
        /// Its name.
        figure: String,
        /// What it counts.
        unit: &'static str,
    },
}

impl<U> Figure<U> {
    /// A figure of the table.
    pub(super) const fn known(name: Cow<'static, str>) -> Self {
        Self { name, unit: PhantomData }
    }

    /// As `expect` and `summary.json` name it: `duplicates`, `phase kill: g1: lag.max`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The figure of a phase, from the step with this mark to the next one.
    #[must_use]
    pub fn in_phase(self, mark: &str) -> Self {
        self.scoped(&format!("phase {mark}"))
    }

    /// The figure of one group, where there are several; those of `rebalance_sim::check::BY_GROUP` are counted so.
    #[must_use]
    pub fn of_group(self, group: &str) -> Self {
        self.scoped(group)
    }

    /// The figure of one topic, where there are several; those of `rebalance_sim::check::BY_TOPIC` are counted so.
    #[must_use]
    pub fn of_topic(self, topic: &str) -> Self {
        self.scoped(&format!("topic {topic}"))
    }

    /// A phase stands before a group or topic.
    fn scoped(self, scope: &str) -> Self {
        let name = match self.name.rsplit_once(": ") {
            Some((others, figure)) if scope.starts_with("phase ") => format!("{scope}: {others}: {figure}"),
            Some((others, figure)) => format!("{others}: {scope}: {figure}"),
            None => format!("{scope}: {}", self.name),
        };
        Self::known(Cow::Owned(name))
    }
}

impl Figure<Counts> {
    /// How often a cause was seen in the whole run, whatever the measured window.
    #[must_use]
    pub fn cause(cause: Cause) -> Self {
        Self::known(Cow::Owned(format!("cause.{}", cause.word())))
    }

    /// How often a kind of anomaly was seen in the whole run.
    #[must_use]
    pub fn anomaly(kind: AnomalyKind) -> Self {
        Self::known(Cow::Owned(format!("anomaly.{}", kind.word())))
    }

    /// How often a trap was seen in the whole run.
    #[must_use]
    pub fn trap(trap: Trap) -> Self {
        Self::known(Cow::Owned(format!("trap.{}", trap.word())))
    }
}

impl<U: FigureUnit> Figure<U> {
    /// The figure that a text names, as `expect` does.
    ///
    /// # Errors
    /// [`FigureError`]: there is none of that name, or it has another unit.
    pub fn named(name: &str) -> Result<Self, FigureError> {
        known_or_near("Figure::named", name).map_err(FigureError::Unknown)?;
        let plain = name.rsplit(':').next().unwrap_or(name).trim();
        // Sightings of anomalies, causes and traps are counted, and stand in no table.
        let unit = known_figure(plain).map_or(Unit::Count, |known| known.unit);
        if !U::holds(unit) {
            return Err(FigureError::OtherUnit { figure: plain.to_owned(), unit: unit.word() });
        }
        let parts: Vec<&str> = name.split(':').map(str::trim).collect();
        Ok(Self::known(Cow::Owned(parts.join(": "))))
    }

    /// The value of a run in this unit.
    pub(super) fn number(value: Value) -> f64 {
        value.number() as f64
    }
}
