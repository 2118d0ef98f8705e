//! `ProcessQueue`: the messages of one queue that a client holds, and its low watermark (`ProcessQueue.putMessage`,
//! `ProcessQueue.removeMessage`).

use std::collections::{BTreeSet, VecDeque};

use crate::kernel::Instant;
use crate::model::consumer::service::orderly::queue::OrderlyQueue;
use crate::model::observation::{PullTrouble, QueueIndex};

/// Messages of one queue in a client.
#[derive(Debug)]
pub(in crate::model) struct ProcessQueue {
    /// The queue.
    pub queue: QueueIndex,
    /// No longer owned: results of its messages are thrown away.
    pub dropped: bool,
    /// Where the next pull begins.
    pub next_offset: u64,
    /// `lastPullTimestamp`.
    pub last_pull: Instant,
    /// What keeps the pull loop from going on, as last seen.
    pub trouble: Option<PullTrouble>,
    /// Behind what `poll()` has returned, of a consumer that pulls (`AssignedMessageQueue`, `consumeOffset`).
    pub polled: Option<u64>,
    /// What orderly consumption keeps of it.
    pub orderly: OrderlyQueue,
    /// Which offsets from `base` on are cached: `msgTreeMap`.
    window: VecDeque<bool>,
    base: u64,
    count: u32,
    queue_offset_max: u64,
    /// Offsets between cached ones that were filtered out.
    absent: BTreeSet<u64>,
    /// How often the log had lost its end when messages were read, by first and last offset; empty where it never had.
    lives: Vec<(u64, u64, u32)>,
}

impl ProcessQueue {
    /// An empty queue that begins at an offset.
    pub fn new(queue: QueueIndex, next_offset: u64, now: Instant) -> Self {
        Self {
            queue,
            dropped: false,
            next_offset,
            last_pull: now,
            trouble: None,
            polled: None,
            orderly: OrderlyQueue::new(now),
            window: VecDeque::new(),
            base: next_offset,
            count: 0,
            queue_offset_max: 0,
            absent: BTreeSet::new(),
            lives: Vec::new(),
        }
    }

    /// `putMessage`: consecutive messages of a log that had lost its end `life` times.
    pub fn put(&mut self, first: u64, count: u32, life: u32) {
        let end = first + u64::from(count);
        match self.lives.last_mut() {
            Some((_, until, before)) if *before == life && *until == first => *until = end,
            None if life == 0 => {}
            _ => self.lives.push((first, end, life)),
        }
        if self.window.is_empty() {
            self.base = first;
        }
        // A LitePull consumer keeps what it has cached when its offset is corrected backwards.
        while first < self.base {
            self.window.push_front(false);
            self.base -= 1;
        }
        let end = (first - self.base) as usize + count as usize;
        if self.window.len() < end {
            self.window.resize(end, false);
        }
        for slot in self.window.range_mut(end - count as usize..end) {
            self.count += u32::from(!*slot);
            *slot = true;
        }
        self.queue_offset_max = first + u64::from(count) - 1;
    }

    /// `removeMessage`: the offset to commit, that is the lowest one still cached, or one past all that ever were;
    /// `None` (Java's -1) where nothing was cached.
    pub fn remove(&mut self, first: u64, count: u32) -> Option<u64> {
        if self.count == 0 {
            return None;
        }
        for offset in first..first + u64::from(count) {
            if let Some(slot) = offset.checked_sub(self.base).and_then(|at| self.window.get_mut(at as usize)) {
                self.count -= u32::from(*slot);
                *slot = false;
            }
        }
        while self.window.front() == Some(&false) {
            self.window.pop_front();
            self.base += 1;
        }
        if !self.absent.is_empty() {
            // A batch that still runs begins at or above the base; one of a dropped queue is looked at no more.
            self.absent = self.absent.split_off(&self.base.min(first));
        }
        Some(if self.count == 0 { self.queue_offset_max + 1 } else { self.base })
    }

    /// Messages that were filtered out stand between those that are put.
    pub fn pass_over(&mut self, offset: u64) {
        self.absent.insert(offset);
    }

    /// Whether a message was filtered out.
    pub fn is_absent(&self, offset: u64) -> bool {
        !self.absent.is_empty() && self.absent.contains(&offset)
    }

    /// How far from `first` on `most` messages reach that are not filtered out, and how many there are before `end`.
    pub fn stretch(&self, first: u64, end: u64, most: u32) -> (u64, u32) {
        if self.absent.is_empty() {
            let count = (end - first).min(most.into()) as u32;
            return (u64::from(count), count);
        }
        let (mut at, mut behind, mut found) = (first, first, 0);
        while at < end && found < most {
            if !self.absent.contains(&at) {
                (found, behind) = (found + 1, at + 1);
            }
            at += 1;
        }
        (behind - first, found)
    }

    /// How often the log had lost its end when a message was read.
    pub fn life(&self, offset: u64) -> u32 {
        let read = self.lives.iter().rev().find(|(from, until, _)| (*from..*until).contains(&offset));
        read.map_or(0, |(.., life)| *life)
    }

    /// Whether a message is cached.
    pub fn holds(&self, offset: u64) -> bool {
        offset.checked_sub(self.base).and_then(|at| self.window.get(at as usize)).is_some_and(|&held| held)
    }

    /// The first cached offset (`msgTreeMap.firstKey`).
    pub fn first(&self) -> Option<u64> {
        (self.count > 0).then_some(self.base)
    }

    /// Behind the last offset that was put.
    pub fn end(&self) -> u64 {
        self.queue_offset_max + 1
    }

    /// How many messages are cached.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// `ProcessQueue.getMaxSpan`: last cached offset less the first. What was put last need not be the last: a LitePull
    /// consumer may go back behind what it has cached.
    pub fn max_span(&self) -> u64 {
        if self.count == 0 { 0 } else { self.window.len() as u64 - 1 }
    }

    /// The queue is dropped: nothing of it counts any more.
    pub fn drop_queue(&mut self) {
        self.dropped = true;
        self.window = VecDeque::new();
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seed 9610 of the random clusters.
    #[test]
    fn a_lite_pull_consumer_that_went_back_has_a_span() {
        let mut queue = ProcessQueue::new(0, 10, Instant::ZERO);
        queue.put(10, 5, 0);
        queue.put(5, 2, 0);
        assert_eq!((queue.count(), queue.max_span()), (7, 9));
        queue.remove(5, 2);
        assert_eq!((queue.first(), queue.count(), queue.max_span()), (Some(10), 5, 4));
    }

    #[test]
    fn the_commit_offset_is_the_low_watermark() {
        let mut queue = ProcessQueue::new(0, 10, Instant::ZERO);
        assert_eq!(queue.remove(10, 1), None, "nothing was cached");
        queue.put(10, 4, 0);
        assert_eq!((queue.count(), queue.max_span()), (4, 3));
        assert_eq!(queue.remove(12, 1), Some(10), "the stuck first message pins the offset");
        assert_eq!(queue.remove(10, 1), Some(11));
        assert_eq!(queue.remove(11, 1), Some(13), "12 was done before");
        assert_eq!(queue.remove(13, 1), Some(14), "one past the last that was put");
        queue.put(14, 2, 1);
        assert_eq!(queue.remove(14, 2), Some(16));
        assert!(!queue.holds(15));
        assert_eq!((queue.life(13), queue.life(14)), (0, 1));
    }
}
