//! How long something lasted, over many seeds.

use std::cmp::Ordering;
use std::fmt;

use crate::kernel::Span;

/// How long something lasted; unknown where no seed has it, and then no bound holds for it.
///
/// ```
/// use rebalance_sim::{Lasted, millis, secs};
/// let stalled = Lasted::from(millis(1_500));
/// assert!(stalled <= secs(2) && stalled > secs(1));
/// assert_eq!(stalled, millis(1_500));
/// assert_eq!(stalled.as_secs_f64(), 1.5);
/// assert!(!(Lasted::UNKNOWN <= secs(2)) && !(Lasted::UNKNOWN > secs(2)));
/// ```
#[derive(Clone, Copy)]
pub struct Lasted(Option<Span>);

impl Lasted {
    /// No seed has it.
    pub const UNKNOWN: Self = Self(None);

    /// So many nanoseconds, rounded; unknown where that is no number.
    pub(super) fn nanos(nanos: f64) -> Self {
        Self((nanos >= 0.0).then(|| Span::from_nanos(nanos.round() as u64)))
    }

    /// How long, where that is known.
    #[must_use]
    pub fn span(self) -> Option<Span> {
        self.0
    }

    /// In seconds; not a number where it is unknown.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0.map_or(f64::NAN, Span::as_secs_f64)
    }
}

impl From<Span> for Lasted {
    fn from(span: Span) -> Self {
        Self(Some(span))
    }
}

impl PartialEq for Lasted {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_some() && self.0 == other.0
    }
}

impl PartialOrd for Lasted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.0?.cmp(&other.0?))
    }
}

impl PartialEq<Span> for Lasted {
    fn eq(&self, other: &Span) -> bool {
        self.0 == Some(*other)
    }
}

impl PartialOrd<Span> for Lasted {
    fn partial_cmp(&self, other: &Span) -> Option<Ordering> {
        Some(self.0?.cmp(other))
    }
}

impl fmt::Display for Lasted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(span) => f.pad(&span.human()),
            None => f.pad("unknown"),
        }
    }
}

impl fmt::Debug for Lasted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// So many seconds.
///
/// ```
/// assert_eq!(rebalance_sim::secs(2).to_string(), "2s");
/// ```
#[must_use]
pub const fn secs(seconds: u64) -> Span {
    Span::from_secs(seconds)
}

/// So many milliseconds.
///
/// ```
/// assert_eq!(rebalance_sim::millis(1_500), rebalance_sim::secs(1) + rebalance_sim::millis(500));
/// ```
#[must_use]
pub const fn millis(milliseconds: u64) -> Span {
    Span::from_millis(milliseconds)
}
