//! When the messages of each queue were stored, as long as somebody may still get them for the first time.

use std::collections::VecDeque;

use crate::kernel::Instant;
use crate::model::observation::QueueIndex;

/// So many moments are kept of all queues together. Beyond that the first of two, four, eight messages in a row stands for
/// them where most wait.
const MOST: usize = 1 << 19;

/// One queue.
#[derive(Debug, Default)]
struct Row {
    /// Offset of the message of the first moment.
    first: u64,
    /// One past the last message.
    end: u64,
    /// Each moment stands for two to the power of this many messages.
    doublings: u32,
    times: VecDeque<Instant>,
}

impl Row {
    /// The queue ends here: those behind are others'.
    fn cut(&mut self, end: u64) {
        let kept = end.saturating_sub(self.first).div_ceil(1 << self.doublings);
        self.times.truncate(usize::try_from(kept).unwrap_or(usize::MAX));
        self.end = end;
        if self.times.is_empty() {
            (self.first, self.doublings) = (end, 0);
        }
    }

    /// Nobody waits for what is below.
    fn forget_below(&mut self, offset: u64) {
        while self.first + (1 << self.doublings) <= offset.min(self.end) && self.times.pop_front().is_some() {
            self.first += 1 << self.doublings;
        }
        if self.times.is_empty() || offset >= self.end {
            self.times.clear();
            (self.first, self.doublings) = (self.end, 0);
        }
    }

    /// Every second moment goes.
    fn halve(&mut self) {
        let mut number = 0;
        self.times.retain(|_| {
            number += 1;
            number % 2 == 1
        });
        self.doublings += 1;
    }
}

/// All queues.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    rows: Vec<Row>,
    kept: usize,
    most: Option<usize>,
}

impl Waiting {
    /// A message was stored. `reached`: up to which offset all who may get it have had it or will not.
    #[inline]
    pub fn stored(&mut self, queue: QueueIndex, offset: u64, at: Instant, reached: impl FnOnce() -> u64) {
        if queue.at() >= self.rows.len() {
            self.rows.resize_with(queue.at() + 1, Row::default);
        }
        let row = &mut self.rows[queue.at()];
        if offset < row.end {
            let before = row.times.len();
            row.cut(offset);
            self.kept -= before - row.times.len();
        }
        if row.times.len() == row.times.capacity() {
            let before = row.times.len();
            row.forget_below(reached());
            self.kept -= before - row.times.len();
        }
        if row.times.is_empty() {
            (row.first, row.end) = (offset, offset);
        }
        // What a moment of two or more stands for needs none of its own.
        while row.end <= offset {
            if (row.end - row.first).is_multiple_of(1 << row.doublings) {
                row.times.push_back(at);
                self.kept += 1;
            }
            row.end += 1;
        }
        if self.kept > self.most.unwrap_or(MOST) {
            self.keep_fewer();
        }
    }

    #[cold]
    fn keep_fewer(&mut self) {
        let rows = self.rows.iter().filter(|row| !row.times.is_empty()).count();
        let many = self.kept / rows.max(1);
        for row in self.rows.iter_mut().filter(|row| row.times.len() > 1 && row.times.len() >= many) {
            row.halve();
        }
        self.kept = self.rows.iter().map(|row| row.times.len()).sum();
    }

    /// The end of a queue is lost.
    pub fn lost_from(&mut self, queue: QueueIndex, offset: u64) {
        if let Some(row) = self.rows.get_mut(queue.at()).filter(|row| offset < row.end) {
            let before = row.times.len();
            row.cut(offset);
            self.kept -= before - row.times.len();
        }
    }

    /// When a message was stored; `None` where it is too long ago.
    #[inline]
    pub fn since(&self, queue: QueueIndex, offset: u64) -> Option<Instant> {
        let row = self.rows.get(queue.at())?;
        let place = offset.checked_sub(row.first)? >> row.doublings;
        row.times.get(usize::try_from(place).ok()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const Q: QueueIndex = QueueIndex(3);

    #[test]
    fn moments_are_kept_until_all_have_had_the_message() {
        let (mut waiting, mut reached) = (Waiting::default(), 0);
        for offset in 0..10_000_u64 {
            waiting.stored(Q, offset, Instant::from_millis(offset), || reached);
            for waits in reached..=offset {
                assert_eq!(waiting.since(Q, waits), Some(Instant::from_millis(waits)), "{waits} of {offset}");
            }
            if offset % 40 == 39 {
                reached = offset - 3;
            }
        }
        assert!(waiting.kept < 200 && waiting.kept == waiting.rows[Q.at()].times.len(), "{}", waiting.kept);
    }

    #[test]
    fn offsets_that_are_given_out_again_have_the_later_moment() {
        let mut waiting = Waiting::default();
        (0..100).for_each(|offset| waiting.stored(Q, offset, Instant::from_millis(offset), || 0));
        waiting.lost_from(Q, 40);
        assert_eq!((waiting.since(Q, 39), waiting.since(Q, 40)), (Some(Instant::from_millis(39)), None));
        (40..60).for_each(|offset| waiting.stored(Q, offset, Instant::from_millis(1_000 + offset), || 0));
        waiting.stored(Q, 50, Instant::from_millis(9_000), || 0);
        let of = |offset| waiting.since(Q, offset).map(Instant::as_millis);
        assert_eq!([of(39), of(40), of(50), of(51)], [Some(39), Some(1_040), Some(9_000), None]);
    }

    #[test]
    fn of_very_many_the_first_of_some_in_a_row_stands_for_them() {
        let mut waiting = Waiting { most: Some(1_000), ..Waiting::default() };
        for offset in 0..20_000_u64 {
            waiting.stored(Q, offset, Instant::from_millis(offset), || 0);
            waiting.stored(QueueIndex(5), offset / 100, Instant::from_millis(offset), || 0);
        }
        assert!(waiting.kept <= 1_000);
        for offset in 0..20_000 {
            let told = waiting.since(Q, offset).expect("it waits").as_millis();
            assert!(told <= offset && offset - told < 64, "{told} for {offset}");
        }
        waiting.stored(Q, 20_000, Instant::from_millis(20_000), || 20_000);
        let row = &mut waiting.rows[Q.at()];
        row.forget_below(20_001);
        assert_eq!((row.doublings, row.times.len()), (0, 0), "an empty queue is exact again");
    }
}
