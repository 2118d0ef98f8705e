//! Times as people write them, and as everything here prints them: `500ms`, `2.5s`, `1m30s`, `2h`. What is printed can be
//! written in a scenario. `00:05:00` is read too: hours, minutes and seconds, as logs and tools print an offset. `12:00`
//! is not, since it is twelve minutes on a stopwatch and noon on a clock.

use std::fmt;
use std::str::FromStr;

use super::{Instant, Span};

/// Why a text is not a span of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The text has no unit or one that is not known.
    #[error(
        "`{0}` is not a duration; write a number and a unit: ns, us, ms, s, m, h or d, as in `500ms`, `1.5s` or `1m30s`"
    )]
    Malformed(String),
    /// Two numbers with a colon between them.
    #[error(
        "`{text}` is hours and minutes to some and minutes and seconds to others; write `00:{text}` or `{text}:00`, or units as in `{minutes}m{seconds}s`"
    )]
    Ambiguous {
        /// The text.
        text: String,
        /// Its first number, as minutes.
        minutes: String,
        /// Its second number, as seconds.
        seconds: String,
    },
    /// Hours, minutes and seconds that no clock shows.
    #[error(
        "`{0}` is no time; write HH:MM:SS with minutes and seconds of two digits below 60, as in `00:05:00` or `1:30:00.5`"
    )]
    NoClock(String),
    /// The text is finer than a nanosecond.
    #[error("`{0}` is finer than one nanosecond")]
    TooFine(String),
    /// The value does not fit into 64 bits of nanoseconds.
    #[error("`{0}` is longer than the 584 years that the clock can count")]
    Overflow(String),
}

/// Units from coarse to fine, with their nanoseconds.
const UNITS: [(&str, u64); 7] = [
    ("d", 86_400 * SECOND),
    ("h", 3_600 * SECOND),
    ("m", 60 * SECOND),
    ("s", SECOND),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];
const SECOND: u64 = 1_000_000_000;

impl fmt::Display for Span {
    /// To the last nanosecond.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.as_nanos();
        if nanos == 0 || nanos >= SECOND {
            return f.write_str(&in_parts(nanos));
        }
        let (unit, size) = UNITS[4..].iter().copied().find(|(_, size)| nanos >= *size).unwrap_or(("ns", 1));
        write!(f, "{}{unit}", decimal(nanos, size))
    }
}

impl fmt::Display for Instant {
    /// To the millisecond.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&in_parts(self.as_millis() * 1_000_000))
    }
}

impl Span {
    /// To about three digits: `312ms`, `4.21s`, `1m57.6s`, `12m5s`. By whole-number arithmetic, so that every machine prints
    /// the same.
    #[must_use]
    pub fn human(self) -> String {
        let nanos = self.as_nanos();
        // Rounded to the digits that are shown, before the unit is chosen: 999.6 ms is 1s.
        let rounded = |unit: u64| nanos.saturating_add(unit / 2) / unit * unit;
        match nanos {
            0 => in_parts(0),
            _ if nanos < 1_000_000 => format!("{}us", (rounded(1_000) / 1_000).max(1)),
            _ if rounded(1_000_000) < SECOND => format!("{}ms", rounded(1_000_000) / 1_000_000),
            _ if rounded(10_000_000) < 10 * SECOND => in_parts(rounded(10_000_000)),
            _ if rounded(100_000_000) < 120 * SECOND => in_parts(rounded(100_000_000)),
            _ if rounded(SECOND) < 3_600 * SECOND => in_parts(rounded(SECOND)),
            _ => in_parts(rounded(60 * SECOND)),
        }
    }
}

impl Instant {
    /// A moment of the run, to the tenth of a second before it: `0.5s`, `1m1.2s`.
    #[must_use]
    pub fn human(self) -> String {
        in_parts(self.as_nanos() / 100_000_000 * 100_000_000)
    }
}

/// Hours, minutes and seconds, without those that are zero.
fn in_parts(nanos: u64) -> String {
    let (hours, minutes, rest) = (nanos / (3_600 * SECOND), nanos / (60 * SECOND) % 60, nanos % (60 * SECOND));
    let mut text = String::new();
    for (count, unit) in [(hours, "h"), (minutes, "m")] {
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    if rest > 0 || text.is_empty() {
        text.push_str(&format!("{}s", decimal(rest, SECOND)));
    }
    text
}

/// A number of units, with as many decimals as there are.
fn decimal(nanos: u64, unit: u64) -> String {
    let fraction = format!("{:0digits$}", nanos % unit, digits = unit.ilog10() as usize);
    match fraction.trim_end_matches('0') {
        "" => (nanos / unit).to_string(),
        fraction => format!("{}.{fraction}", nanos / unit),
    }
}

impl FromStr for Span {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text.contains(':') {
            return clock(text);
        }
        let malformed = || TimeError::Malformed(text.to_owned());
        let (mut rest, mut last, mut total) = (text.trim(), u64::MAX, 0_u64);
        // The first part must be there; those behind it are finer, part by part.
        loop {
            let split = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(malformed)?;
            let (number, behind) = rest.split_at(split);
            let behind = behind.trim_start();
            let (unit, next) = behind.split_at(behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len()));
            let unit = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(malformed)?.1;
            if unit >= last {
                return Err(malformed());
            }
            let part = nanos(number, unit, text)?;
            total = total.checked_add(part).ok_or_else(|| TimeError::Overflow(text.to_owned()))?;
            if next.is_empty() {
                return Ok(Self::from_nanos(total));
            }
            (rest, last) = (next.trim_start(), unit);
        }
    }
}

/// `00:05:00`: hours of any length, then minutes and seconds of two digits, the seconds with decimals or without.
fn clock(text: &str) -> Result<Span, TimeError> {
    let refused = || TimeError::NoClock(text.to_owned());
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.trim().split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes, seconds] => (hours, minutes, seconds),
        [minutes, seconds] if digits(minutes) && digits(seconds) => {
            let (text, minutes, seconds) = (text.trim().to_owned(), minutes.to_owned(), seconds.to_owned());
            return Err(TimeError::Ambiguous { text, minutes, seconds });
        }
        _ => return Err(refused()),
    };
    let whole = seconds.split('.').next().unwrap_or_default();
    let below_sixty = |part: &str| part.len() == 2 && digits(part) && *part < *"60";
    if !digits(hours)
        || !below_sixty(minutes)
        || !below_sixty(whole)
        || !seconds.ends_with(|c: char| c.is_ascii_digit())
    {
        return Err(refused());
    }
    let add = |sum: u64, (number, unit): (&str, u64)| {
        let part = nanos(number, unit, text).map_err(|error| match error {
            TimeError::Malformed(_) => refused(),
            other => other,
        })?;
        sum.checked_add(part).ok_or_else(|| TimeError::Overflow(text.to_owned()))
    };
    let parts = [(hours, 3_600 * SECOND), (minutes, 60 * SECOND), (seconds, SECOND)];
    parts.into_iter().try_fold(0, add).map(Span::from_nanos)
}

/// So many units; `text` is what they are a part of.
fn nanos(number: &str, unit: u64, text: &str) -> Result<u64, TimeError> {
    let overflow = || TimeError::Overflow(text.to_owned());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || (number.contains('.') && fraction.is_empty()) || fraction.contains('.') {
        return Err(TimeError::Malformed(text.to_owned()));
    }
    let whole: u64 = whole.parse().map_err(|_| overflow())?;
    let mut total = whole.checked_mul(unit).ok_or_else(overflow)?;
    let mut remainder = u128::from(unit);
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
    Ok(total)
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
            ("90s", 90_000_000_000, "1m30s"),
            ("1.5m", 90_000_000_000, "1m30s"),
            ("1m30s", 90_000_000_000, "1m30s"),
            ("1h 5s 20ms", 3_605_020_000_000, "1h5.02s"),
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
        for text in ["", "5", "s", "-1s", "1.s", ".5s", "1..5s", "1 parsec", "1e3s", "1s2", "30s1m", "1s1s", "1m30"] {
            assert!(matches!(text.parse::<Span>(), Err(TimeError::Malformed(_))), "{text}");
        }
        assert!(matches!("0.1ns".parse::<Span>(), Err(TimeError::TooFine(_))));
        assert!(matches!("600000d".parse::<Span>(), Err(TimeError::Overflow(_))));
        assert!(matches!("99999999999999999999999s".parse::<Span>(), Err(TimeError::Overflow(_))));
    }

    #[test]
    fn a_clock_is_read_where_it_can_mean_one_time() {
        let table: [(&str, Result<u64, &str>); 14] = [
            ("00:05:00", Ok(300_000)),
            ("0:05:00", Ok(300_000)),
            (" 1:30:00.5 ", Ok(5_400_500)),
            ("100:00:01", Ok(360_001_000)),
            ("00:00:00", Ok(0)),
            ("12:00", Err("write `00:12:00` or `12:00:00`, or units as in `12m00s`")),
            ("5:00", Err("is hours and minutes to some and minutes and seconds to others")),
            ("00:60:00", Err("is no time")),
            ("00:5:00", Err("is no time")),
            ("00:00:61", Err("is no time")),
            ("00:00:00.", Err("is no time")),
            ("00:00:1.2.3", Err("is no time")),
            ("-1:00:00", Err("is no time")),
            ("5m:00", Err("is no time")),
        ];
        for (text, expected) in table {
            match (text.parse::<Span>(), expected) {
                (Ok(span), Ok(millis)) => assert_eq!(span, Span::from_millis(millis), "{text}"),
                (Err(error), Err(why)) => assert!(error.to_string().contains(why), "{text}: {error}"),
                (read, _) => panic!("{text}: {read:?}"),
            }
        }
        assert!(matches!("00:00:00.0000000001".parse::<Span>(), Err(TimeError::TooFine(_))));
        assert!(matches!("99999999999:00:00".parse::<Span>(), Err(TimeError::Overflow(_))));
    }

    #[test]
    fn spans_round_to_what_a_person_reads() {
        let table = [
            (0, "0s"),
            (300, "1us"),
            (45_600, "46us"),
            (312_400_000, "312ms"),
            (999_600_000, "1s"),
            (2_500_000_000, "2.5s"),
            (4_214_000_000, "4.21s"),
            (9_999_000_000, "10s"),
            (38_149_000_000, "38.1s"),
            (59_960_000_000, "1m"),
            (90_000_000_000, "1m30s"),
            (117_640_000_000, "1m57.6s"),
            (119_960_000_000, "2m"),
            (725_000_000_000, "12m5s"),
            (7_260_000_000_000, "2h1m"),
            (u64::MAX, "5124095h34m"),
        ];
        for (nanos, expected) in table {
            let said = Span::from_nanos(nanos).human();
            assert_eq!(said, expected, "{nanos} ns");
            assert!(said.parse::<Span>().is_ok(), "what is printed can be written: {said}");
        }
    }

    #[test]
    fn a_moment_is_said_as_a_scenario_writes_it() {
        for (millis, to_the_millisecond, to_a_tenth) in [
            (0, "0s", "0s"),
            (561, "0.561s", "0.5s"),
            (15_052, "15.052s", "15s"),
            (61_250, "1m1.25s", "1m1.2s"),
            (360_000, "6m", "6m"),
        ] {
            let at = Instant::from_millis(millis);
            assert_eq!((at.to_string().as_str(), at.human().as_str()), (to_the_millisecond, to_a_tenth));
        }
    }
}
