//! `ProcessQueue`: the messages of one queue that a client holds, and its low watermark (`ProcessQueue.putMessage`,
//! `ProcessQueue.removeMessage`).

use std::collections::{BTreeSet, VecDeque};

use crate::kernel::{Instant, Span};
use crate::model::consumer::service::orderly::queue::OrderlyQueue;
use crate::model::observation::{PullTrouble, QueueIndex};

/// In place of a message's bytes, where it is not cached.
const NOT_CACHED: u32 = u32::MAX;

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
    /// The bytes of what is cached from `base` on, or [`NOT_CACHED`]: `msgTreeMap`. What is not cached stands neither
    /// first nor last.
    window: VecDeque<u32>,
    base: u64,
    count: u32,
    /// `msgSize`.
    bytes: u64,
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
            bytes: 0,
            queue_offset_max: 0,
            absent: BTreeSet::new(),
            lives: Vec::new(),
        }
    }

    /// `isPullExpired`: it was not pulled for longer than `PULL_MAX_IDLE_TIME`, 120 s.
    pub fn is_pull_expired(&self, now: Instant, most: Span) -> bool {
        now.since(self.last_pull) > most
    }

    /// `putMessage`: consecutive messages of a log that had lost its end `life` times, of so many bytes each.
    pub fn put(&mut self, first: u64, count: u32, life: u32, bytes: impl Fn(u64) -> u32) {
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
            self.window.push_front(NOT_CACHED);
            self.base -= 1;
        }
        let end = (first - self.base) as usize + count as usize;
        if self.window.len() < end {
            self.window.resize(end, NOT_CACHED);
        }
        for (offset, slot) in (first..).zip(self.window.range_mut(end - count as usize..end)) {
            // What is cached already stays as it is.
            if *slot == NOT_CACHED {
                *slot = bytes(offset);
                self.count += 1;
                self.bytes += u64::from(*slot);
                self.queue_offset_max = offset;
            }
        }
    }

    /// `removeMessage`: the offset to commit, that is the lowest one still cached, or one past all that ever were;
    /// `None` (Java's -1) where nothing was cached.
    pub fn remove(&mut self, first: u64, count: u32) -> Option<u64> {
        if self.count == 0 {
            return None;
        }
        for offset in first..first + u64::from(count) {
            if let Some(slot) = offset.checked_sub(self.base).and_then(|at| self.window.get_mut(at as usize)) {
                let held = std::mem::replace(slot, NOT_CACHED);
                if held != NOT_CACHED {
                    self.count -= 1;
                    self.bytes -= u64::from(held);
                }
            }
        }
        while self.window.front() == Some(&NOT_CACHED) {
            self.window.pop_front();
            self.base += 1;
        }
        while self.window.back() == Some(&NOT_CACHED) {
            self.window.pop_back();
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
        offset
            .checked_sub(self.base)
            .and_then(|at| self.window.get(at as usize))
            .is_some_and(|&held| held != NOT_CACHED)
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

    /// How many bytes the bodies of what is cached have (`getMsgSize`).
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// `getMaxSpan`: last cached offset less the first. What was put last need not be the last: a LitePull consumer may go
    /// back behind what it has cached, and a later batch may be done before an earlier one.
    pub fn max_span(&self) -> u64 {
        (self.window.len() as u64).saturating_sub(1)
    }

    /// The queue is dropped: nothing of it counts any more.
    pub fn drop_queue(&mut self) {
        if !self.dropped {
            self.orderly.had_temp_message = self.has_temp_message();
        }
        self.dropped = true;
        self.window = VecDeque::new();
        (self.count, self.bytes) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a test does to a queue: puts messages from an offset on, or removes them.
    enum Do {
        Put(u64, u32),
        Remove(u64, u32, Option<u64>),
    }
    use Do::{Put, Remove};

    /// Messages have as many bytes as their offset says. Each row: what is done, and then the first that is cached, how
    /// many there are, their bytes, and how far they span.
    #[test]
    fn what_is_cached_its_bytes_and_its_span_follow_what_is_put_and_removed() {
        let rows = [
            (Remove(10, 1, None), (None, 0, 0, 0), "nothing was cached"),
            (Put(10, 4), (Some(10), 4, 46, 3), "10 to 13"),
            (Put(12, 2), (Some(10), 4, 46, 3), "what is cached already counts once"),
            (Remove(12, 1, Some(10)), (Some(10), 3, 34, 3), "the stuck first message pins the offset"),
            (Remove(13, 1, Some(10)), (Some(10), 2, 21, 1), "the last key is 11 now"),
            (Put(14, 1), (Some(10), 3, 35, 4), "12 and 13 stay done"),
            (Remove(10, 1, Some(11)), (Some(11), 2, 25, 3), "the watermark moves to 11"),
            (Remove(11, 1, Some(14)), (Some(14), 1, 14, 0), "and over what was done before"),
            (Remove(14, 1, Some(15)), (None, 0, 0, 0), "one past the last that was put"),
            (Put(15, 5), (Some(15), 5, 85, 4), "15 to 19"),
            (Put(8, 2), (Some(8), 7, 102, 11), "a LitePull consumer went back behind what it has cached"),
            (Remove(19, 1, Some(8)), (Some(8), 6, 83, 10), "the last of all"),
            (Remove(8, 2, Some(15)), (Some(15), 4, 66, 3), "the first two"),
            (Remove(15, 4, Some(10)), (None, 0, 0, 0), "one past what was put last, as in RocketMQ"),
        ];
        let mut queue = ProcessQueue::new(QueueIndex(0), 10, Instant::ZERO);
        for (what, cached, why) in rows {
            match what {
                Put(first, count) => queue.put(first, count, 0, |offset| offset as u32),
                Remove(first, count, commit) => assert_eq!(queue.remove(first, count), commit, "{why}"),
            }
            assert_eq!((queue.first(), queue.count(), queue.bytes(), queue.max_span()), cached, "{why}");
        }
    }

    #[test]
    fn a_message_is_of_the_life_of_the_log_in_which_it_was_read() {
        let mut queue = ProcessQueue::new(QueueIndex(0), 10, Instant::ZERO);
        queue.put(10, 4, 0, |_| 1);
        queue.put(14, 2, 1, |_| 1);
        assert_eq!(queue.remove(14, 2), Some(10));
        assert!(!queue.holds(15));
        assert_eq!((queue.life(13), queue.life(14)), (0, 1));
    }

    #[test]
    fn a_pull_expires_after_120_s_without_one() {
        let queue = ProcessQueue::new(QueueIndex(0), 0, Instant::from_millis(1_000));
        let expired = |ms| queue.is_pull_expired(Instant::from_millis(ms), Span::from_secs(120));
        assert_eq!([121_000, 121_001, 0].map(expired), [false, true, false], "the clock may have gone back");
    }

    #[test]
    fn a_batch_reaches_over_what_was_filtered_out() {
        let mut queue = ProcessQueue::new(QueueIndex(0), 0, Instant::ZERO);
        assert_eq!(queue.stretch(0, 9, 4), (4, 4), "nothing was filtered out");
        [1, 2, 5].into_iter().for_each(|offset| queue.pass_over(offset));
        assert_eq!([queue.stretch(0, 9, 2), queue.stretch(4, 6, 9), queue.stretch(1, 3, 9)], [(4, 2), (1, 1), (0, 0)]);
        assert_eq!([1, 3].map(|offset| queue.is_absent(offset)), [true, false]);
    }
}
