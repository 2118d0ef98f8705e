//! Slices of one track that overlap need lanes: on one thread the format wants each inside of another, or behind it.

use std::cmp::Reverse;

use super::Slice;
use crate::kernel::Instant;

/// The slices by lane, in order of time; a moment stands beside another one, and never inside.
pub(super) fn lanes(mut slices: Vec<Slice>) -> Vec<Vec<Slice>> {
    slices.sort_by_key(|slice| (slice.from, Reverse(slice.until), slice.mark));
    let mut lanes: Vec<Lane> = Vec::new();
    for slice in slices {
        let free = lanes.iter().position(|lane| lane.takes(&slice));
        let at = free.unwrap_or_else(|| {
            lanes.push(Lane::default());
            lanes.len() - 1
        });
        lanes[at].put(slice);
    }
    lanes.into_iter().map(|lane| lane.slices).collect()
}

/// What is on one thread.
#[derive(Default)]
struct Lane {
    slices: Vec<Slice>,
    /// When the slices end that the next one may lie in, the innermost last.
    open: Vec<Instant>,
}

impl Lane {
    fn takes(&self, slice: &Slice) -> bool {
        let around = self.open.iter().rev().find(|until| **until > slice.from);
        around.is_none_or(|until| slice.until <= *until && slice.mark.is_none())
    }

    fn put(&mut self, slice: Slice) {
        self.open.retain(|until| *until > slice.from);
        self.open.push(slice.until);
        self.slices.push(slice);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_nest_or_follow_each_other_on_every_lane() {
        let slice = |from, until, mark: Option<usize>| Slice {
            from: Instant::from_millis(from),
            until: Instant::from_millis(until),
            name: String::new(),
            arguments: Vec::new(),
            mark,
        };
        let of = |slices: &[(u64, u64, Option<usize>)]| -> Vec<Vec<(u64, u64)>> {
            let slices = slices.iter().map(|&(from, until, mark)| slice(from, until, mark)).collect();
            let millis = |slice: &Slice| (slice.from.as_millis(), slice.until.as_millis());
            lanes(slices).iter().map(|lane| lane.iter().map(millis).collect()).collect()
        };
        assert_eq!(of(&[]), Vec::<Vec<_>>::new());
        assert_eq!(of(&[(2, 3, None), (0, 2, None)]), [vec![(0, 2), (2, 3)]]);
        assert_eq!(of(&[(0, 9, None), (1, 4, None), (4, 9, None)]), [vec![(0, 9), (1, 4), (4, 9)]]);
        assert_eq!(of(&[(0, 5, None), (3, 8, None), (6, 9, None)]), [vec![(0, 5), (6, 9)], vec![(3, 8)]]);
        assert_eq!(of(&[(1, 2, Some(0)), (1, 2, Some(1))]), [vec![(1, 2)], vec![(1, 2)]]);
    }
}
