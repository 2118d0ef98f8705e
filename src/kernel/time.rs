//! Virtual time in whole nanoseconds: an [`Instant`] since the start of the run, a [`Span`] between two.
//!
//! Both print and parse as people write them (`20s`, `1.5s`, `500ms`, `2h`). What a file may say is bounded where it is
//! read (365 days); sums and products of such times stop at the end of the clock (584 years), which no run reaches: what
//! would happen then never happens. Nothing wraps, and a moment before the start of a run is a contradiction.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

/// Why a text is not a span of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text has no unit or one that is not known.
    #[error("`{0}` is not a duration; write a number and a unit: ns, us, ms, s, m, h or d, as in `500ms` or `1.5s`")]
    Malformed(String),
    /// The text is finer than a nanosecond.
    #[error("`{0}` is finer than one nanosecond")]
    TooFine(String),
    /// The value does not fit into 64 bits of nanoseconds.
    #[error("`{0}` is longer than the 584 years that the clock can count")]
    Overflow(String),
}

/// A length of virtual time, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

/// A moment of virtual time, in nanoseconds since the run began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(u64);

/// Units from coarse to fine, with their nanoseconds; printing uses the first five that fit.
const UNITS: [(&str, u64); 7] = [
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

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

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, nanos) =
            UNITS[1..].iter().copied().find(|&(_, nanos)| self.0 >= nanos).unwrap_or(("s", 1_000_000_000));
        let fraction = format!("{:0width$}", self.0 % nanos, width = nanos.ilog10() as usize + 1);
        // Hours and minutes are no powers of ten: a value that is not whole in them is written in seconds.
        if matches!(unit, "h" | "m") {
            if self.0.is_multiple_of(nanos) {
                return write!(f, "{}{unit}", self.0 / nanos);
            }
            let whole = self.0 / 1_000_000_000;
            let rest = format!("{:09}", self.0 % 1_000_000_000);
            let rest = rest.trim_end_matches('0');
            return if rest.is_empty() { write!(f, "{whole}s") } else { write!(f, "{whole}.{rest}s") };
        }
        let digits = nanos.ilog10() as usize;
        let fraction = fraction[fraction.len() - digits..].trim_end_matches('0');
        if fraction.is_empty() {
            write!(f, "{}{unit}", self.0 / nanos)
        } else {
            write!(f, "{}.{fraction}{unit}", self.0 / nanos)
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}s", self.0 / 1_000_000_000, self.0 / 1_000_000 % 1_000)
    }
}

impl FromStr for Span {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let malformed = || TimeError::Malformed(text.to_owned());
        let overflow = || TimeError::Overflow(text.to_owned());
        let trimmed = text.trim();
        let split = trimmed.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(malformed)?;
        let (number, unit) = trimmed.split_at(split);
        let nanos = UNITS.iter().find(|(name, _)| *name == unit.trim_start()).ok_or_else(malformed)?.1;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || (number.contains('.') && fraction.is_empty()) || fraction.contains('.') {
            return Err(malformed());
        }
        let whole: u64 = whole.parse().map_err(|_| overflow())?;
        let mut total = whole.checked_mul(nanos).ok_or_else(overflow)?;
        let mut remainder = u128::from(nanos);
        for digit in fraction.chars().map(|c| u128::from(c as u8 - b'0')) {
            if digit != 0 && remainder % 10 != 0 {
                return Err(TimeError::TooFine(text.to_owned()));
            }
            remainder /= 10;
            if digit != 0 && remainder == 0 {
                return Err(TimeError::TooFine(text.to_owned()));
            }
            total = total.checked_add((digit * remainder) as u64).ok_or_else(overflow)?;
        }
        Ok(Self(total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_parse_and_print() {
        for (text, nanos, printed) in [
            ("20s", 20_000_000_000, "20s"),
            ("1.5s", 1_500_000_000, "1.5s"),
            ("500ms", 500_000_000, "500ms"),
            ("2h", 7_200_000_000_000, "2h"),
            ("0s", 0, "0s"),
            ("90s", 90_000_000_000, "90s"),
            ("1.5m", 90_000_000_000, "90s"),
            ("2m", 120_000_000_000, "2m"),
            ("0.25ms", 250_000, "250us"),
            ("1.001ms", 1_001_000, "1.001ms"),
            ("7ns", 7, "7ns"),
            ("1d", 86_400_000_000_000, "24h"),
        ] {
            let span: Span = text.parse().expect(text);
            assert_eq!((span.as_nanos(), span.to_string().as_str()), (nanos, printed), "{text}");
            assert_eq!(span.to_string().parse::<Span>().expect(printed), span, "{text}");
        }
    }

    #[test]
    fn bad_texts_are_refused() {
        for text in ["", "5", "s", "-1s", "1.s", ".5s", "1..5s", "1 parsec", "1e3s", "1s2"] {
            assert!(matches!(text.parse::<Span>(), Err(TimeError::Malformed(_))), "{text}");
        }
        assert!(matches!("0.1ns".parse::<Span>(), Err(TimeError::TooFine(_))));
        assert!(matches!("600000d".parse::<Span>(), Err(TimeError::Overflow(_))));
        assert!(matches!("99999999999999999999999s".parse::<Span>(), Err(TimeError::Overflow(_))));
    }

    #[test]
    fn sums_and_products_stop_at_the_end_of_the_clock() {
        let year = Span::from_secs(365 * 86_400);
        assert_eq!(Instant::MAX + Span::from_nanos(1), Instant::MAX);
        assert_eq!(Span::MAX + year, Span::MAX);
        assert_eq!(year.saturating_mul(60_000), Span::MAX);
        assert_eq!(year.saturating_mul(2), year + year);
    }
}
