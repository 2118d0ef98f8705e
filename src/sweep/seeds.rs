//! Which seeds to run: `200` or `100..300`, the same grammar on every command.

use std::fmt;
use std::str::FromStr;

/// Seeds `from..until`; `until` is not one of them. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seeds {
    from: u64,
    until: u64,
}

/// Why a text names no seeds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeedsError {
    /// Neither a count nor a range.
    #[error(
        "`{0}` names no seeds; write a count such as `200` (seeds 0 to 199) or a half-open range such as `100..300`"
    )]
    Malformed(String),
    /// A range or a count without a seed in it.
    #[error("`{0}` holds no seed; the end of a range is not part of it, so it must be above the start")]
    Empty(String),
}

impl Seeds {
    /// One seed alone. Panics at the last of the 64-bit numbers, which no range can hold.
    #[must_use]
    pub const fn one(seed: u64) -> Self {
        Self { from: seed, until: seed.checked_add(1).expect("the last 64-bit number is no seed") }
    }

    /// The first seed.
    #[must_use]
    pub const fn first(self) -> u64 {
        self.from
    }

    /// The seed behind the last.
    #[must_use]
    pub const fn until(self) -> u64 {
        self.until
    }

    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u64 {
        self.until - self.from
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.until)
    }
}

impl FromStr for Seeds {
    type Err = SeedsError;

    fn from_str(text: &str) -> Result<Self, SeedsError> {
        let number = |part: &str| -> Result<u64, SeedsError> {
            // `u64::from_str` also takes a plus sign, which would let `+5` and `5` both through.
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse().ok().filter(|_| digits).ok_or_else(|| SeedsError::Malformed(text.to_owned()))
        };
        let (from, until) = match text.split_once("..") {
            Some((from, until)) => (number(from)?, number(until)?),
            None => (0, number(text)?),
        };
        if from >= until { Err(SeedsError::Empty(text.to_owned())) } else { Ok(Self { from, until }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_and_a_range_are_read() {
        let table = [("200", Some((0, 200))), ("5..7", Some((5, 7))), ("1", Some((0, 1))), ("0", None), ("7..5", None)];
        for (text, expected) in table {
            let seeds = text.parse::<Seeds>().ok().map(|seeds| (seeds.first(), seeds.until()));
            assert_eq!(seeds, expected, "{text}");
        }
        for text in ["", "..", "3..", "..3", "+5", "1..=4", "-1", "1.5", "99999999999999999999"] {
            assert_eq!(text.parse::<Seeds>(), Err(SeedsError::Malformed(text.to_owned())));
        }
    }
}
