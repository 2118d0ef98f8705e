//! One figure of two variants, seed by seed. Both played the same arrivals and the same faults (`Streams`), so that what
//! the seed does to both falls out of their difference.
//!
//! ```text
//!   seed   0     1     2            mean of the differences, and where it lies in 95 of 100 samples of the seeds
//!   base   12    30    9            (bootstrap: so many seeds drawn from these with replacement, many times)
//!   other  3     18    2
//!          -9    -12   -7   ------>  -9.3 (-12 to -7), lower in 3 of 3
//! ```

use crate::check::Figure;
use crate::kernel::Streams;

use super::{SeedResult, Worse, worse};

/// How often the seeds are drawn anew.
const RESAMPLES: usize = 2_000;
/// Of a thousand resamples so many lie below the interval, and as many above.
const TAIL: usize = 25;
/// Fewer seeds tell nothing apart: five that all differ one way do so by chance in one of sixteen cases, and six in one of
/// thirty-two, which is the first below one of twenty.
pub const LEAST_SEEDS: u64 = 6;

/// The difference of two values of one figure, in the figure's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The other variant has more.
    pub more: bool,
    /// How much, rounded to the figure's unit.
    pub amount: Figure,
    /// How much in thousandths of that: a mean of counts is seldom whole.
    pub thousandths: u64,
}

/// The mean difference, and where it would lie with other seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Only one of forty samples of the seeds has less.
    pub low: Change,
    /// Only one of forty has more.
    pub high: Change,
}

/// A figure in two variants over the same seeds. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paired {
    worse: Worse,
    /// A value of the figure, for its unit.
    sample: Figure,
    pairs: Vec<(u64, u64)>,
    mean: i128,
    interval: (i128, i128),
    apart: (i128, i128),
}

impl Paired {
    /// Pairs (base, other) of the figure of this name in the order of their seeds; `None` where there are none.
    #[must_use]
    pub fn new(figure: &str, pairs: &[(Figure, Figure)]) -> Option<Self> {
        let sample = pairs.first()?.0;
        let pairs: Vec<(u64, u64)> = pairs.iter().map(|&(base, other)| (base.number(), other.number())).collect();
        let count = pairs.len() as i128;
        let sum: i128 = pairs.iter().map(|&pair| difference(pair)).sum();
        let [interval, apart] = intervals(&pairs);
        Some(Self { worse: worse(figure), sample, pairs, mean: sum * SCALE / count, interval, apart })
    }

    /// A figure of the base and of another variant over the seeds in which both have it.
    #[must_use]
    pub fn of(figure: &str, base: &[SeedResult], other: &[SeedResult]) -> Option<Self> {
        let both = base.iter().zip(other);
        let pairs: Vec<_> =
            both.filter_map(|(base, other)| Some((base.figure(None, figure)?, other.figure(None, figure)?))).collect();
        Self::new(figure, &pairs)
    }

    /// The mean of the differences.
    #[must_use]
    pub fn mean(&self) -> Change {
        self.change(self.mean)
    }

    /// The 95 % interval of the mean difference.
    #[must_use]
    pub fn interval(&self) -> Interval {
        Interval { low: self.change(self.interval.0), high: self.change(self.interval.1) }
    }

    /// How many times as wide the interval would be had each variant been played with seeds of its own, in hundredths;
    /// `None` where all pairs have one difference.
    #[must_use]
    pub fn narrowed_by(&self) -> Option<u64> {
        let width = |(low, high): (i128, i128)| (high - low).unsigned_abs();
        u64::try_from((width(self.apart) * 100).checked_div(width(self.interval))?).ok()
    }

    /// Whether no seed tells the two apart.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.pairs.iter().all(|(base, other)| base == other)
    }

    /// Whether there are seeds enough, and the interval leaves no doubt which of the two has more.
    #[must_use]
    pub fn is_told_apart(&self) -> bool {
        self.count() >= LEAST_SEEDS && (self.interval.0 > 0 || self.interval.1 < 0)
    }

    /// Whether the other variant is better than the base, on the mean.
    #[must_use]
    pub fn is_better(&self) -> bool {
        if self.worse == Worse::Higher { self.mean < 0 } else { self.mean > 0 }
    }

    /// The mean of the differences as a share of the base's mean, in thousandths and without its sign; `None` where the base has
    /// nothing.
    #[must_use]
    pub fn share(&self) -> Option<u64> {
        let base: u128 = self.pairs.iter().map(|(base, _)| u128::from(*base)).sum();
        let change = self.pairs.iter().map(|&pair| difference(pair)).sum::<i128>().unsigned_abs();
        u64::try_from((change * 1_000).checked_div(base)?).ok()
    }

    /// How much better the other is on the mean, in thousandths of the figure's unit; negative where it is worse.
    #[must_use]
    pub fn improvement(&self) -> i128 {
        if self.worse == Worse::Higher { -self.mean } else { self.mean }
    }

    /// In how many seeds the other is better, and in how many worse.
    #[must_use]
    pub fn seeds(&self) -> (u64, u64) {
        let count =
            |more: bool| self.pairs.iter().filter(|(base, other)| base != other && (other > base) == more).count();
        let (less, more) = (count(false) as u64, count(true) as u64);
        if self.worse == Worse::Higher { (less, more) } else { (more, less) }
    }

    /// How many pairs there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.pairs.len() as u64
    }

    fn change(&self, scaled: i128) -> Change {
        let thousandths = u64::try_from(scaled.unsigned_abs()).unwrap_or(u64::MAX);
        let amount = self.sample.with_number(thousandths.saturating_add(500) / 1_000);
        Change { more: scaled > 0, amount, thousandths }
    }
}

/// Means are kept with three more digits than the figure has.
const SCALE: i128 = 1_000;

fn difference((base, other): (u64, u64)) -> i128 {
    i128::from(other) - i128::from(base)
}

/// The interval of paired differences, and that of seeds drawn for each variant by itself.
fn intervals(pairs: &[(u64, u64)]) -> [(i128, i128); 2] {
    let count = pairs.len() as u64;
    let streams = Streams::new(0);
    // Of one seed both values are drawn, or each of a seed of its own.
    let sampled = |purpose: &str, together: bool| {
        let mut stream = streams.stream(purpose, 0);
        let mut draw = || pairs[stream.below(count) as usize];
        let mut one = || if together { difference(draw()) } else { difference((draw().0, draw().1)) };
        let mut mean = || (0..count).map(|_| one()).sum::<i128>() * SCALE / i128::from(count);
        let mut means: Vec<i128> = (0..RESAMPLES).map(|_| mean()).collect();
        means.sort_unstable();
        let tail = RESAMPLES * TAIL / 1_000;
        (means[tail], means[RESAMPLES - 1 - tail])
    };
    [sampled("bootstrap", true), sampled("bootstrap apart", false)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(pairs: &[(u64, u64)]) -> Paired {
        let pairs: Vec<_> = pairs.iter().map(|&(a, b)| (Figure::Count(a), Figure::Count(b))).collect();
        Paired::new("duplicates", &pairs).expect("not empty")
    }

    #[test]
    fn a_constant_difference_is_told_exactly_and_by_chance_alone_not_at_all() {
        let shifted: Vec<(u64, u64)> = (0..40).map(|seed| (100 + seed * 37 % 91, 90 + seed * 37 % 91)).collect();
        let paired = counts(&shifted);
        let ten = Change { more: false, amount: Figure::Count(10), thousandths: 10_000 };
        assert_eq!((paired.mean(), paired.interval()), (ten, Interval { low: ten, high: ten }));
        assert!(paired.is_told_apart() && paired.is_better() && !paired.is_equal());
        assert_eq!((paired.seeds(), paired.narrowed_by()), ((40, 0), None));
        let swapped: Vec<(u64, u64)> = (0..40).map(|seed| if seed % 2 == 0 { (5, 9) } else { (9, 5) }).collect();
        let chance = counts(&swapped);
        assert!(!chance.is_told_apart() && !chance.is_equal(), "{chance:?}");
        assert!(counts(&[(3, 3), (4, 4)]).is_equal());
        assert_eq!(
            [counts(&[(3, 0), (1, 0)]).share(), counts(&[(4, 5)]).share(), counts(&[(0, 5)]).share()],
            [Some(1_000), Some(250), None]
        );
        for (seeds, told) in [(1, false), (2, false), (5, false), (6, true)] {
            assert_eq!(counts(&vec![(100, 90); seeds]).is_told_apart(), told, "{seeds} seeds");
        }
    }

    #[test]
    fn what_the_seed_does_to_both_falls_out() {
        // The seeds differ by thousands, the variants by one to three.
        let pairs: Vec<(u64, u64)> = (0..60).map(|seed| (seed * 1_000, seed * 1_000 + 1 + seed % 3)).collect();
        let paired = counts(&pairs);
        assert!(paired.is_told_apart() && !paired.is_better());
        assert!(paired.narrowed_by().expect("they differ") > 10_000, "{:?}", paired.narrowed_by());
    }

    #[test]
    fn less_is_worse_for_a_share_of_fairness() {
        let pairs = [(Figure::Millionths(900_000), Figure::Millionths(990_000)); 5];
        let paired = Paired::new("balance.jain", &pairs).expect("not empty");
        assert!(paired.is_better());
        assert_eq!(paired.seeds(), (5, 0));
        assert_eq!(paired.mean(), Change { more: true, amount: Figure::Millionths(90_000), thousandths: 90_000_000 });
        assert_eq!(Paired::new("lost", &[]), None);
    }
}
