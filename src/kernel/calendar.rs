//! A calendar of the near future, for crowds: keys lie unsorted on the page of their day, and a day is sorted when it
//! comes. Where a hundred thousand events wait, a heap misses the cache at each of its levels.
//!
//! ```text
//!   today, sorted   tomorrow ... 4,095 days on, unsorted   beyond, and what is added for today: not taken
//! ```

use super::priority_queue::Entry;

/// A day has 2^18 ns, a quarter of a millisecond.
const DAY_BITS: u32 = 18;
/// A year has so many days: about a second.
const DAYS: usize = 4096;

/// Keys by day.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    /// The rest of the day that has come, the first key last.
    today: Vec<Entry>,
    day: u64,
    /// The days of a year from the day that has come; empty before the first key.
    pages: Vec<Vec<Entry>>,
    /// The days with keys, a bit each.
    written: Vec<u64>,
    /// Keys on pages.
    waiting: usize,
}

impl Calendar {
    /// Adds a key; answers false where it is not of a day to come within a year. O(1).
    pub fn push(&mut self, entry: Entry) -> bool {
        let day = entry.at().as_nanos() >> DAY_BITS;
        if day <= self.day || day - self.day >= DAYS as u64 {
            return false;
        }
        if self.pages.is_empty() {
            (self.pages, self.written) = (vec![Vec::new(); DAYS], vec![0; DAYS / 64]);
        }
        let page = day as usize % DAYS;
        self.pages[page].push(entry);
        self.written[page / 64] |= 1 << (page % 64);
        self.waiting += 1;
        true
    }

    /// Lets the calendar begin at a moment. Only an empty one can be moved.
    pub fn begin(&mut self, at: Entry) {
        if self.is_empty() {
            self.day = at.at().as_nanos() >> DAY_BITS;
        }
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.today.is_empty() && self.waiting == 0
    }

    /// The smallest key. O(1), and O(n log n) for the n keys of a day that comes.
    pub fn first(&mut self) -> Option<Entry> {
        if self.today.is_empty() && self.waiting > 0 {
            self.turn_to_the_next_day();
        }
        self.today.last().copied()
    }

    /// Takes the smallest key, after [`Calendar::first`] has found it.
    pub fn pop(&mut self) -> Option<Entry> {
        self.today.pop()
    }

    fn turn_to_the_next_day(&mut self) {
        let start = (self.day as usize + 1) % DAYS;
        let words = self.written.len();
        // The first word is looked at from the start on, and once more to its end at last.
        let first = self.written[start / 64] & (!0 << (start % 64));
        let others = (1..=words).map(|further| (start / 64 + further) % words).map(|word| (word, self.written[word]));
        let (word, bits) = std::iter::once((start / 64, first))
            .chain(others)
            .find(|(_, bits)| *bits != 0)
            .expect("a key waits on a page");
        let page = word * 64 + bits.trailing_zeros() as usize;
        self.day += 1 + ((page + DAYS - start) % DAYS) as u64;
        self.written[word] &= !(1 << (page % 64));
        // Yesterday's page is given back: a burst would leave its length to a page a day.
        self.today = std::mem::take(&mut self.pages[page]);
        self.waiting -= self.today.len();
        self.today.sort_unstable_by(|one, other| other.cmp(one));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Instant;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        /// Whatever is added between, the smallest of what was taken comes next, and what is not taken is of another time.
        #[test]
        fn keys_come_in_order(steps in prop::collection::vec(prop::option::weighted(0.6, 0..3_000_000_000_u64), 0..400)) {
            let (mut calendar, mut model, mut now) = (Calendar::default(), BTreeSet::new(), 0);
            for (sequence, step) in (1..).zip(steps) {
                match step {
                    Some(later) => {
                        let entry = Entry::new(Instant::from_nanos(now + later / 3), sequence, sequence as u32);
                        calendar.begin(Entry::new(Instant::from_nanos(now), 0, 0));
                        if calendar.push(entry) {
                            model.insert(entry);
                        } else {
                            let day = (now + later / 3) >> DAY_BITS;
                            prop_assert!(day <= calendar.day || day >= calendar.day + DAYS as u64);
                        }
                    }
                    None => {
                        prop_assert_eq!(calendar.first(), model.first().copied());
                        let taken = calendar.pop();
                        prop_assert_eq!(taken, model.pop_first());
                        now = taken.map_or(now, |entry| entry.at().as_nanos());
                    }
                }
                prop_assert_eq!(calendar.is_empty(), model.is_empty());
            }
        }
    }
}
