//! A share of the runs of a sweep, for one of several machines.

use std::fmt;
use std::str::FromStr;

/// The most shares that there may be.
const MOST: u64 = 1_000_000;

/// The I-th of N shares: every N-th run, so that shares are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1 on.
    number: u64,
    count: u64,
}

/// Why a text names no share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no share; write I/N, such as `3/8`, with I from 1 to N (0 is the last, too) and N up to {MOST}")]
pub struct ShardError(String);

impl Shard {
    /// Which it is, from 1 on.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.number
    }

    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u64 {
        self.count
    }

    /// Whether a run, numbered from 0 on, is of this share.
    #[must_use]
    pub const fn has(self, run: u64) -> bool {
        run % self.count == self.number - 1
    }

    /// Which of so many runs are of this share.
    pub fn of(self, runs: u64) -> impl Iterator<Item = u64> {
        let step = usize::try_from(self.count).unwrap_or(usize::MAX);
        (self.number - 1..runs).step_by(step)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten();
        let parts = text.split_once('/').and_then(|(number, count)| Some((digits(number)?, digits(count)?)));
        match parts {
            // Engines that count from 0 have a 0th where others have a last.
            Some((0, count @ 1..=MOST)) => Ok(Self { number: count, count }),
            Some((number, count)) if (1..=count).contains(&number) && count <= MOST => Ok(Self { number, count }),
            _ => Err(ShardError(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_alike_and_together_everything() {
        for (runs, count) in [(10, 3), (3, 10), (0, 2), (1, 1), (1_000, 7)] {
            let shares: Vec<Vec<u64>> = (1..=count).map(|number| Shard { number, count }.of(runs).collect()).collect();
            let (least, most) = (shares.iter().map(Vec::len).min(), shares.iter().map(Vec::len).max());
            assert!(most.unwrap() - least.unwrap() <= 1, "{runs} {count}");
            let mut all: Vec<u64> = shares.concat();
            all.sort_unstable();
            assert_eq!(all, (0..runs).collect::<Vec<_>>());
            for (share, number) in shares.iter().zip(1..) {
                assert!(share.iter().all(|&run| Shard { number, count }.has(run)));
            }
        }
    }

    #[test]
    fn a_share_is_written_as_a_fraction() {
        for text in ["1/1", "3/8", "8/8"] {
            assert_eq!(text.parse::<Shard>().map(|shard| shard.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("0/8".parse::<Shard>(), "8/8".parse());
        for text in ["", "0/0", "9/8", "1/0", "+1/8", "1", "1/8/2", "-1/8", "1/1000001", "1 / 2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
