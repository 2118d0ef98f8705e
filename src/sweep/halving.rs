//! Successive halving: few seeds for all that is tried, more for those that do well with these.
//!
//! ```text
//!   3 seeds   a b c d e f g h      of those that are better than the base on the mean the better half goes on,
//!   6 seeds   a b c d              four at least
//!   12 seeds  a b c d
//! ```

/// So many go on where so many are better, however few were tried.
const LEAST: usize = 4;
/// With so many seeds it begins.
const FIRST_ROUND: u64 = 3;

/// How many seeds have been played behind each round: each has twice as many as the one before, the last has all.
#[must_use]
pub fn rounds(seeds: u64) -> Vec<u64> {
    let doubled = std::iter::successors(Some(FIRST_ROUND), |count| count.checked_mul(2));
    doubled.take_while(|count| *count < seeds).chain([seeds]).collect()
}

/// Positions of those that go on, best first; `improvements`: how much better than the base each is on the mean. Of equal ones
/// the first goes before.
#[must_use]
pub fn survivors(improvements: &[i128]) -> Vec<usize> {
    let mut better: Vec<usize> = (0..improvements.len()).filter(|&at| improvements[at] > 0).collect();
    better.sort_by_key(|&at| std::cmp::Reverse(improvements[at]));
    better.truncate(improvements.len().div_ceil(2).max(LEAST));
    better
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_double_until_all_seeds_are_played() {
        let table: [(u64, &[u64]); 6] =
            [(1, &[1]), (3, &[3]), (4, &[3, 4]), (12, &[3, 6, 12]), (20, &[3, 6, 12, 20]), (7, &[3, 6, 7])];
        for (seeds, expected) in table {
            assert_eq!(rounds(seeds), expected, "{seeds}");
        }
        assert_eq!(rounds(u64::MAX).last(), Some(&u64::MAX));
    }

    #[test]
    fn the_better_half_of_what_helps_goes_on() {
        let table: [(&[i128], &[usize]); 5] = [
            (&[1, 9, -3, 0, 5], &[1, 4, 0]),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], &[9, 8, 7, 6, 5]),
            (&[5, 5, 5, 5, 5, 5], &[0, 1, 2, 3]),
            (&[-1, 0], &[]),
            (&[], &[]),
        ];
        for (improvements, expected) in table {
            assert_eq!(survivors(improvements), expected, "{improvements:?}");
        }
    }
}
