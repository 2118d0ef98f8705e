//! Timers of a fixed period are due in the order in which they were made: a queue a period holds them.

use std::collections::VecDeque;

use super::priority_queue::Entry;
use super::time::Span;

/// So many periods get a lane of their own.
const MOST_LANES: usize = 8;

/// A queue of keys for each of a few periods. Most of these timers are cancelled long before they are due: their keys are
/// looked at only when the bound comes up, below which no lane has any.
#[derive(Debug)]
pub(super) struct Lanes {
    lanes: Vec<(Span, VecDeque<Entry>)>,
    bound: Entry,
}

impl Default for Lanes {
    fn default() -> Self {
        Self { lanes: Vec::new(), bound: Entry::LAST }
    }
}

impl Lanes {
    /// Adds a key that is later than all others of its period. Answers false where there are too many periods. Keys in
    /// front that `is_cancelled` says are void go, two at the most: a lane is then not much longer than what waits in it.
    /// O(1).
    pub fn push(&mut self, period: Span, entry: Entry, mut is_cancelled: impl FnMut(Entry) -> bool) -> bool {
        match self.lanes.iter().position(|(lane, _)| *lane == period) {
            Some(lane) => {
                let queue = &mut self.lanes[lane].1;
                for _ in 0..2 {
                    if queue.front().is_some_and(|&front| is_cancelled(front)) {
                        queue.pop_front();
                    }
                }
                queue.push_back(entry);
            }
            None if self.lanes.len() < MOST_LANES => self.lanes.push((period, VecDeque::from([entry]))),
            None => return false,
        }
        self.bound = self.bound.min(entry);
        true
    }

    /// No key of a lane is smaller. O(1).
    pub fn bound(&self) -> Entry {
        self.bound
    }

    /// The smallest key and its lane, without those in front that `is_cancelled` says are void: they are gone then.
    pub fn first(&mut self, mut is_cancelled: impl FnMut(Entry) -> bool) -> Option<(Entry, usize)> {
        let mut first = None;
        for (lane, (_, queue)) in self.lanes.iter_mut().enumerate() {
            while queue.front().is_some_and(|&front| is_cancelled(front)) {
                queue.pop_front();
            }
            if let Some(&front) = queue.front()
                && first.is_none_or(|(first, _)| front < first)
            {
                first = Some((front, lane));
            }
        }
        self.bound = first.map_or(Entry::LAST, |(first, _)| first);
        first
    }

    /// Takes the front of a lane. O(1).
    pub fn pop(&mut self, lane: usize) -> Option<Entry> {
        self.lanes[lane].1.pop_front()
    }
}
