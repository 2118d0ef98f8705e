//! A broker's log and its consume queues as they lie on its disk (`DefaultMessageStore`).
//!
//! Which bytes lie where in the log does not matter here, so the messages stand in their queues; the log is what is not
//! dispatched yet, and how long it is.

use std::collections::VecDeque;

use super::consume_queue::{ConsumeQueue, LogRecord};
use super::delayed_message::DelayedMessage;
use super::lost_tail::LostTail;
use super::revive_log::ReviveLog;
use crate::kernel::Instant;
use crate::model::observation::QueueIndex;

/// Log and consume queues.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct Store {
    /// Appended and not dispatched: where it ends in the log, and its queue.
    pub(in crate::model) undispatched: VecDeque<(u64, QueueIndex)>,
    pub(in crate::model) dispatch_pending: bool,
    /// By queue number; other brokers' queues have none.
    queues: Vec<Option<ConsumeQueue>>,
    /// Where the log ends, in bytes.
    pub(in crate::model) end: u64,
    /// `SCHEDULE_TOPIC_XXXX`, and what `delayOffset.json` says of it.
    pub(in crate::model) delayed: Vec<DelayedMessage>,
    /// What the machine has taken with it, loss by loss.
    pub(in crate::model) losses: Vec<LostTail>,
    /// The timer wheel and the revive topic of POP.
    pub(in crate::model) revive: ReviveLog,
}

impl Store {
    /// Makes a queue; false where it is there already.
    pub fn create(&mut self, queue: QueueIndex) -> bool {
        let index = queue.at();
        if self.queues.len() <= index {
            self.queues.resize_with(index + 1, || None);
        }
        let new = self.queues[index].is_none();
        if new {
            self.queues[index] = Some(ConsumeQueue::default());
        }
        new
    }

    pub(in crate::model) fn queue(&self, queue: QueueIndex) -> Option<&ConsumeQueue> {
        self.queues.get(queue.at())?.as_ref()
    }

    /// A queue that messages are in, or come into.
    pub(in crate::model) fn queue_mut(&mut self, queue: QueueIndex) -> &mut ConsumeQueue {
        self.queues[queue.at()].as_mut().expect("messages are appended to queues that exist")
    }

    /// End of what can be read: the maximum offset.
    pub fn readable(&self, queue: QueueIndex) -> u64 {
        self.queue(queue).map_or(0, |queue| queue.readable)
    }

    /// End of what was appended.
    pub fn appended(&self, queue: QueueIndex) -> u64 {
        self.queue(queue).map_or(0, ConsumeQueue::end)
    }

    /// The end of the log is lost, and with it what was not dispatched.
    pub fn lose(&mut self, tail: LostTail) {
        self.losses.push(tail);
        self.undispatched.clear();
        self.dispatch_pending = false;
        for queue in self.queues.iter_mut().flatten() {
            queue.readable = queue.end();
        }
    }

    /// First offset that is still there.
    pub fn min(&self, queue: QueueIndex) -> u64 {
        self.queue(queue).map_or(0, |queue| queue.min)
    }

    /// Whether the very first message of a queue is in memory (`checkInMemByConsumeOffset(topic, queueId, 0, 1)`).
    pub fn begins_in_memory(&self, queue: QueueIndex) -> bool {
        self.queue(queue).is_some_and(|queue| queue.min == 0 && queue.readable > 0 && !queue.paged_out)
    }

    /// First offset stored at or after a moment; the end where there is none.
    pub fn search(&self, queue: QueueIndex, timestamp: Instant) -> u64 {
        self.queue(queue).map_or(0, |queue| queue.search(timestamp))
    }

    /// Other files have pushed the messages that are there out of the page cache.
    pub(in crate::model) fn page_out(&mut self, queue: QueueIndex) {
        if let Some(queue) = self.queues.get_mut(queue.at()).and_then(Option::as_mut) {
            queue.paged_out |= queue.readable > 0;
        }
    }

    /// Deletes what was stored before a moment; answers the new minimum where it rose.
    pub(in crate::model) fn delete_before(&mut self, queue: QueueIndex, moment: Instant) -> Option<u64> {
        let queue = self.queues.get_mut(queue.at())?.as_mut()?;
        let min = queue.search(moment);
        let rose = min > queue.min;
        queue.min = min;
        rose.then_some(min)
    }

    /// How often the machine has lost the end of the log: a reader who got a message says after how many it did.
    pub fn life(&self) -> u32 {
        self.losses.len() as u32
    }

    /// A message as a reader got it after `life` losses, and in which loss it went, if it did.
    pub fn record(&self, queue: QueueIndex, offset: u64, life: u32) -> Option<(LogRecord, Option<u32>)> {
        for (loss, lost) in (life..).zip(self.losses.iter().skip(life as usize)) {
            if let Some(record) = lost.record(queue, offset) {
                return Some((record, Some(loss)));
            }
        }
        Some((self.queue(queue)?.record(queue, offset)?, None))
    }

    /// When a message was stored, where moments are kept.
    pub fn stored_at(&self, queue: QueueIndex, offset: u64) -> Option<Instant> {
        self.queue(queue)?.stored_at(offset)
    }

    /// A deposed master has stored one more message, which goes with those that were lost when it was deposed.
    pub(in crate::model) fn lose_later(&mut self, loss: u32, queue: QueueIndex, offset: u64, record: LogRecord) {
        if let Some(tail) = self.losses.get_mut(loss as usize) {
            tail.push(queue, offset, record);
        }
    }

    /// All of a queue is deleted; answers what it had, from offset 0 on.
    pub(in crate::model) fn delete(&mut self, queue: QueueIndex) -> Vec<LogRecord> {
        self.undispatched.retain(|(_, other)| *other != queue);
        let Some(queue_of) = self.queues.get_mut(queue.at()).and_then(Option::as_mut) else { return Vec::new() };
        queue_of.paged_out = false;
        queue_of.lose(queue, queue_of.end()).1
    }

    /// What is not dispatched ends with the process that would; the log that is left is dispatched by the next.
    pub(in crate::model) fn forget_undispatched_after(&mut self, end: u64) {
        self.undispatched.retain(|(at, _)| *at <= end);
    }
}

#[cfg(test)]
impl Store {
    /// Messages of so many bytes each, for tests of those who read them.
    pub(in crate::model) fn fill(&mut self, queue: QueueIndex, bodies: impl IntoIterator<Item = u32>) {
        self.create(queue);
        for body_bytes in bodies {
            self.queue_mut(queue).append(queue, None, (0, body_bytes, None));
        }
    }
}
