//! Where a curve bends: the value from which on more of the setting costs, or brings, much less or much more than before.
//!
//! ```text
//!   y |\              both axes are stretched to one; of each step the slope is taken, without its sign.
//!     | \             The knee is the value at which the slope changes most, if it changes threefold at least,
//!     |  \_______     and the seeds tell the two ends of the steeper step apart.
//!     +---^------ x
//! ```

/// Slopes on both sides of a knee differ so many times at least.
const LEAST_FOLD: u64 = 3;
/// Both axes are stretched to this length.
const WHOLE: u128 = 1_000_000;

/// Whether a curve has a knee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knee {
    /// At the value with this position.
    At {
        /// Position of the value.
        position: usize,
        /// The steps before it are the steeper ones.
        steep_before: bool,
    },
    /// The slope changes nowhere threefold.
    Straight,
    /// The seeds do not tell the ends of the steep step apart.
    NotTold,
    /// Fewer than three values, or none that lie along a line.
    TooFew,
}

/// Looks for the knee of the medians over ascending numbers; `told`: whether the seeds tell a value and the next apart.
#[must_use]
pub fn knee(numbers: &[u64], medians: &[u64], told: impl Fn(usize) -> bool) -> Knee {
    let ascends = numbers.windows(2).all(|pair| pair[0] < pair[1]);
    if numbers.len() < 3 || numbers.len() != medians.len() || !ascends {
        return Knee::TooFew;
    }
    let (low, high) = (medians.iter().min().copied().unwrap_or(0), medians.iter().max().copied().unwrap_or(0));
    if low == high {
        return Knee::Straight;
    }
    let width = u128::from(numbers[numbers.len() - 1] - numbers[0]);
    let slope = |at: usize| {
        let rise = u128::from(medians[at + 1].abs_diff(medians[at])) * WHOLE / u128::from(high - low);
        let run = (u128::from(numbers[at + 1] - numbers[at]) * WHOLE / width).max(1);
        u64::try_from(rise * 1_000 / run).unwrap_or(u64::MAX)
    };
    let slopes: Vec<u64> = (0..numbers.len() - 1).map(slope).collect();
    let bends = slopes.windows(2).map(|pair| (pair[0], pair[1])).zip(1..);
    let sharp = |&((before, after), _): &((u64, u64), usize)| {
        before.max(after) >= before.min(after).saturating_mul(LEAST_FOLD) && before != after
    };
    // Of two bends that are as sharp the first is named.
    let bend =
        bends.filter(sharp).max_by_key(|((before, after), at)| (before.abs_diff(*after), std::cmp::Reverse(*at)));
    let Some(((before, after), position)) = bend else { return Knee::Straight };
    let steep_before = before > after;
    let steep = if steep_before { position - 1 } else { position };
    if told(steep) { Knee::At { position, steep_before } } else { Knee::NotTold }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_knee_is_where_the_slope_changes_most() {
        let at = |position, steep_before| Knee::At { position, steep_before };
        let table: [(&[u64], &[u64], Knee); 10] = [
            (&[1, 2, 3, 4], &[100, 10, 9, 8], at(1, true)),
            (&[1, 2, 3, 4], &[8, 9, 10, 100], at(2, false)),
            (&[1, 2, 3, 4, 5], &[100, 80, 60, 40, 40], at(3, true)),
            // Twice as much for twice as much is no knee, however the values are spaced.
            (&[1, 5, 20, 60], &[10, 50, 200, 600], Knee::Straight),
            (&[1, 2, 3, 4], &[100, 50, 25, 12], Knee::Straight),
            (&[1, 2, 3, 4], &[7, 7, 7, 7], Knee::Straight),
            (&[1, 2], &[7, 9], Knee::TooFew),
            (&[1, 3, 2], &[7, 9, 9], Knee::TooFew),
            (&[], &[], Knee::TooFew),
            (&[0, 1, 2, u64::MAX], &[u64::MAX, 0, 0, 0], at(1, true)),
        ];
        for (numbers, medians, expected) in table {
            assert_eq!(knee(numbers, medians, |_| true), expected, "{numbers:?} {medians:?}");
        }
    }

    #[test]
    fn a_step_that_the_seeds_do_not_tell_apart_is_no_knee() {
        let curve: (&[u64], &[u64]) = (&[1, 2, 3, 4], &[100, 10, 9, 8]);
        assert_eq!(knee(curve.0, curve.1, |step| step != 0), Knee::NotTold);
        assert_eq!(knee(curve.0, curve.1, |step| step == 0), Knee::At { position: 1, steep_before: true });
    }
}
