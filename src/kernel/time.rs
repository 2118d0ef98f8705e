//! Virtual time in whole nanoseconds: an [`Instant`] since the start of the run, a [`Span`] between two.
//!
//! What a file may say is bounded where it is read (365 days); sums and products of such times stop at the end of the clock (584 years), which no run reaches: what
//! would happen then never happens. Nothing wraps, and a moment before the start of a run is a contradiction.

use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// A length of virtual time, in nanoseconds.
///
/// ```
/// use rebalance_sim::Span;
/// let span: Span = "1m30s".parse()?;
/// assert_eq!(span, Span::from_secs(90));
/// assert_eq!(span.to_string(), "1m30s");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span(u64);

/// A moment of virtual time, in nanoseconds since the run began.
///
/// ```
/// use rebalance_sim::{Instant, secs};
/// let kill = Instant::ZERO + secs(40);
/// assert_eq!(kill.since(Instant::from_millis(39_500)).to_string(), "500ms");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Instant(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest span the clock can count.
    pub const MAX: Self = Self(u64::MAX);

    /// A span of whole nanoseconds.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// A span of whole microseconds. Panics past 584 years.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros.checked_mul(1_000).expect("span overflows"))
    }

    /// A span of whole milliseconds. Panics past 584 years.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.checked_mul(1_000_000).expect("span overflows"))
    }

    /// A span of whole seconds. Panics past 584 years.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.checked_mul(1_000_000_000).expect("span overflows"))
    }

    /// Nanoseconds.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Milliseconds, rounded down.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Seconds, for display and statistics only: no event is decided by it.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// The sum, or `None` past the end of the clock.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// The product, or `None` past the end of the clock.
    #[must_use]
    pub const fn checked_mul(self, factor: u64) -> Option<Self> {
        match self.0.checked_mul(factor) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// The product; it stops at the end of the clock.
    #[must_use]
    pub const fn saturating_mul(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    /// The difference, or zero where `other` is longer.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Instant {
    /// The last moment the clock can show.
    pub const MAX: Self = Self(u64::MAX);
    /// The start of the run.
    pub const ZERO: Self = Self(0);

    /// A moment that many nanoseconds into the run.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// A moment that many milliseconds into the run.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(Span::from_millis(millis).0)
    }

    /// Nanoseconds since the start.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Milliseconds since the start, rounded down.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Seconds since the start, for display and statistics only.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Time since `earlier`; zero where `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The moment `span` later, or `None` past the end of the clock.
    #[must_use]
    pub const fn checked_add(self, span: Span) -> Option<Self> {
        match self.0.checked_add(span.0) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Add<Span> for Instant {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Instant {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.checked_sub(span.0).expect("instant before the start of the run"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_products_stop_at_the_end_of_the_clock() {
        let year = Span::from_secs(365 * 86_400);
        assert_eq!(Instant::MAX + Span::from_nanos(1), Instant::MAX);
        assert_eq!(Span::MAX + year, Span::MAX);
        assert_eq!(year.saturating_mul(60_000), Span::MAX);
        assert_eq!(year.saturating_mul(2), year + year);
    }
}
