//! When the messages of a queue were stored (`ConsumeQueue.getOffsetInQueueByTime`): exact to the nanosecond, four bytes
//! a message.

use crate::kernel::{Instant, Span};

/// Messages of one block.
const BLOCK: usize = 512;

/// Some moments in a row.
#[derive(Debug, Clone)]
struct Block {
    /// How many moments stand in the blocks before.
    before: u64,
    /// The first moment.
    first: Instant,
    /// Nanoseconds from each moment to the next.
    steps: Vec<u32>,
}

/// Moments that never go back, by number.
#[derive(Debug, Clone, Default)]
pub(super) struct StoredTimes {
    blocks: Vec<Block>,
    last: Instant,
    count: u64,
}

impl StoredTimes {
    /// Adds the next moment. A step of more than four seconds begins a block of its own.
    pub fn push(&mut self, at: Instant) {
        let step = u32::try_from(at.since(self.last).as_nanos());
        match (self.blocks.last_mut(), step) {
            (Some(block), Ok(step)) if block.steps.len() + 1 < BLOCK => block.steps.push(step),
            _ => self.blocks.push(Block { before: self.count, first: at, steps: Vec::new() }),
        }
        self.last = at;
        self.count += 1;
    }

    /// How many moments there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many moments lie before this one.
    pub fn before(&self, moment: Instant) -> u64 {
        let Some(block) = self.blocks.partition_point(|block| block.first < moment).checked_sub(1) else { return 0 };
        let block = &self.blocks[block];
        let mut at = block.first;
        let later = block.steps.iter().take_while(|&&step| {
            at = at + Span::from_nanos(step.into());
            at < moment
        });
        block.before + 1 + later.count() as u64
    }

    /// The moment with a number.
    pub fn at(&self, number: u64) -> Option<Instant> {
        if number >= self.count {
            return None;
        }
        let block = &self.blocks[self.blocks.partition_point(|block| block.before <= number) - 1];
        let steps = block.steps.iter().take((number - block.before) as usize);
        Some(steps.fold(block.first, |at, &step| at + Span::from_nanos(step.into())))
    }

    /// Forgets all but the first so many.
    pub fn truncate(&mut self, count: u64) {
        if count >= self.count {
            return;
        }
        self.blocks.truncate(self.blocks.partition_point(|block| block.before < count));
        self.count = count;
        self.last = Instant::ZERO;
        if let Some(block) = self.blocks.last_mut() {
            block.steps.truncate((count - block.before - 1) as usize);
            self.last = block.steps.iter().fold(block.first, |at, &step| at + Span::from_nanos(step.into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_found_as_in_a_plain_list() {
        let mut plain: Vec<Instant> = Vec::new();
        let mut times = StoredTimes::default();
        let mut at = 0;
        for number in 0..3_000_u64 {
            at += match number % 7 {
                0 => 0,
                1 => 9_000_000_000,
                rest => rest * 1_000_003,
            };
            plain.push(Instant::from_nanos(at));
            times.push(Instant::from_nanos(at));
        }
        for left in [3_000, 2_999, 1_024, 700, 1, 0] {
            plain.truncate(left);
            times.truncate(left as u64);
            for moment in plain.iter().flat_map(|at| [*at, Instant::from_nanos(at.as_nanos() + 1)]) {
                assert_eq!(times.before(moment), plain.partition_point(|at| *at < moment) as u64);
            }
            assert_eq!(times.before(Instant::from_nanos(u64::MAX)), left as u64);
            let told: Vec<Instant> = (0..).map_while(|number| times.at(number)).collect();
            assert_eq!(told, plain);
        }
        times.push(Instant::from_nanos(5));
        assert_eq!((times.before(Instant::from_nanos(5)), times.before(Instant::from_nanos(6))), (0, 1));
    }
}
