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
#[non_exhaustive]
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

    /// The seeds from 0 on, so many; `None` for none.
    #[must_use]
    pub fn count_of(count: u64) -> Option<Self> {
        (count > 0).then_some(Self { from: 0, until: count })
    }

    /// So many seeds from the first of these on; `None` where there are none, or not so many.
    #[must_use]
    pub fn first_of(self, count: u64) -> Option<Self> {
        (1..=self.count()).contains(&count).then(|| Self { from: self.from, until: self.from + count })
    }

    /// Those behind the first `count`; `None` where there are none.
    #[must_use]
    pub fn behind(self, count: u64) -> Option<Self> {
        (count < self.count()).then(|| Self { from: self.from + count, until: self.until })
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
    fn seeds_are_parted() {
        let seeds: Seeds = "5..9".parse().expect("seeds");
        let said = |seeds: Option<Seeds>| seeds.map(|seeds| seeds.to_string());
        assert_eq!((said(seeds.first_of(1)), said(seeds.behind(1))), (Some("5..6".into()), Some("6..9".into())));
        assert_eq!((said(seeds.first_of(4)), said(seeds.behind(4))), (Some("5..9".into()), None));
        assert_eq!((said(seeds.first_of(5)), said(seeds.first_of(0))), (None, None));
    }

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
