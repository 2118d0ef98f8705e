//! What orderly consumption keeps of a process queue: its lock, and how far it was taken (`ProcessQueue.takeMessages`,
//! `ProcessQueue.isLockExpired`).

use std::collections::BTreeMap;

use crate::kernel::Instant;
use crate::model::consumer::process_queue::ProcessQueue;

/// The orderly side of a `ProcessQueue`.
#[derive(Debug)]
pub(in crate::model) struct OrderlyQueue {
    /// `locked`.
    pub locked: bool,
    /// `lastLockTimestamp`.
    pub last_lock: Instant,
    /// `PullRequest.previouslyLocked`.
    pub previously_locked: bool,
    /// `hasTempMessage` when it was dropped: some message was in memory that no task had taken.
    pub had_temp_message: bool,
    /// `consuming`: a task of this queue runs or waits.
    pub consuming: bool,
    /// The listener runs, which holds the read side of `consumeLock`.
    pub listening: bool,
    /// When the running task began.
    pub began: Instant,
    /// Some message of the batch just answered has to be consumed again.
    pub suspend: bool,
    /// Batches answered since the last commit.
    pub uncommitted: u32,
    /// How far messages are taken and not committed, in offsets: what `consumingMsgOrderlyTreeMap` spans.
    taken: u32,
    /// How often a message was put back by this client, by offset.
    tried: BTreeMap<u64, u32>,
}

impl OrderlyQueue {
    /// A queue just added: it counts as locked now.
    pub fn new(now: Instant) -> Self {
        Self {
            locked: true,
            last_lock: now,
            previously_locked: false,
            had_temp_message: false,
            consuming: false,
            listening: false,
            began: now,
            suspend: false,
            uncommitted: 0,
            taken: 0,
            tried: BTreeMap::new(),
        }
    }
}

impl ProcessQueue {
    /// `takeMessages`: the smallest offsets not taken yet.
    pub fn take(&mut self, most: u32) -> Option<(u64, u32)> {
        let first = self.first()? + u64::from(self.orderly.taken);
        let (width, messages) = self.stretch(first, self.end().max(first), most);
        self.orderly.taken += width as u32;
        (messages > 0).then_some((first, width as u32))
    }

    /// `hasTempMessage`: some message is in memory that no task has taken.
    pub(in crate::model) fn has_temp_message(&self) -> bool {
        self.first().is_some_and(|first| first + u64::from(self.orderly.taken) < self.end())
    }

    /// `commit`: what was taken is done; answers the offset behind it.
    pub fn commit(&mut self) -> Option<u64> {
        let (first, taken) = (self.first()?, std::mem::take(&mut self.orderly.taken));
        if taken == 0 {
            return None;
        }
        self.remove(first, taken);
        let end = first + u64::from(taken);
        self.orderly.tried.retain(|offset, _| *offset >= end);
        self.orderly.uncommitted = 0;
        Some(end)
    }

    /// `rollback`: everything taken since the last commit is put back.
    pub fn roll_back(&mut self) {
        self.orderly.taken = 0;
        self.orderly.uncommitted = 0;
    }

    /// `makeMessageToConsumeAgain`: the last batch is put back.
    pub fn put_back(&mut self, count: u32) {
        self.orderly.taken = self.orderly.taken.saturating_sub(count);
    }

    /// How often this client has put a message back.
    pub fn tried(&self, offset: u64) -> u32 {
        self.orderly.tried.get(&offset).copied().unwrap_or(0)
    }

    /// Counts one more.
    pub fn count_try(&mut self, offset: u64) {
        *self.orderly.tried.entry(offset).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::QueueIndex;

    #[test]
    fn batches_are_taken_in_order_and_committed_together() {
        let mut queue = ProcessQueue::new(QueueIndex(0), 5, Instant::ZERO);
        assert_eq!((queue.take(2), queue.commit()), (None, None), "nothing is there");
        queue.put(5, 5, 0, |_| 1);
        assert_eq!((queue.take(2), queue.take(2)), (Some((5, 2)), Some((7, 2))));
        queue.put_back(2);
        queue.count_try(7);
        assert_eq!((queue.take(3), queue.tried(7)), (Some((7, 3)), 1), "the put back ones come first");
        assert_eq!(queue.take(1), None);
        queue.roll_back();
        assert_eq!(queue.take(1), Some((5, 1)), "back to the last commit");
        assert_eq!((queue.commit(), queue.count()), (Some(6), 4));
        assert_eq!((queue.take(9), queue.commit(), queue.tried(7)), (Some((6, 4)), Some(10), 0));
    }
}
