//! Counting in time: how many of what happened within a stretch.

use crate::import::section::Place;

/// A minute, in milliseconds.
pub(super) const MINUTE_MS: i64 = 60_000;

/// The most that fall into a stretch of so many milliseconds, with the place of the first of them.
pub(super) fn most_within(moments: &[(i64, Place)], stretch_ms: i64) -> Option<(usize, Place)> {
    let mut sorted = moments.to_vec();
    sorted.sort_by_key(|(at_ms, place)| (*at_ms, *place));
    let mut first = 0;
    let mut most: Option<(usize, Place)> = None;
    for last in 0..sorted.len() {
        while sorted[last].0 - sorted[first].0 >= stretch_ms {
            first += 1;
        }
        let count = last - first + 1;
        if most.is_none_or(|(before, _)| count > before) {
            most = Some((count, sorted[first].1));
        }
    }
    most
}

/// How often a value turned from growing to shrinking or back.
pub(super) fn turns(values: &[u32]) -> usize {
    let mut steps: Vec<bool> =
        values.windows(2).filter(|pair| pair[0] != pair[1]).map(|pair| pair[1] > pair[0]).collect();
    let all = steps.len();
    steps.dedup();
    if all == 0 { 0 } else { steps.len() - 1 }
}

/// Milliseconds as people say them.
pub(super) fn said(ms: i64) -> String {
    match ms / 1000 {
        seconds @ ..=119 => format!("{seconds} s"),
        seconds @ 120..=7199 => format!("{} min", seconds / 60),
        seconds @ 7200..=172_799 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_falls_together_is_counted_and_turns_are_told() {
        let place = |line| Place { input: 0, line };
        let moments = [(0, place(1)), (50_000, place(2)), (59_999, place(3)), (60_000, place(4)), (300_000, place(5))];
        assert_eq!(most_within(&moments, MINUTE_MS), Some((3, place(1))));
        assert_eq!(most_within(&[], MINUTE_MS), None);
        assert_eq!([&[][..], &[3], &[3, 3, 4, 5], &[3, 2, 3], &[3, 2, 2, 3, 2]].map(turns), [0, 0, 0, 1, 2]);
        assert_eq!([59_000, 600_000, 7_200_000, 864_000_000].map(said), ["59 s", "10 min", "2 h", "10 days"]);
    }
}
