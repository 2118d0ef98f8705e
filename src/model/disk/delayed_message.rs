//! Messages of `SCHEDULE_TOPIC_XXXX`, and what `delayOffset.json` says of them (`ScheduleMessageService.persist`).

use std::rc::Rc;

use super::store::Store;
use crate::kernel::Instant;
use crate::model::observation::QueueIndex;
use crate::model::plan::GroupIndex;

/// A message of `SCHEDULE_TOPIC_XXXX`; it is on disk.
#[derive(Debug, Clone, Copy)]
pub(in crate::model) struct DelayedMessage {
    pub due: Instant,
    pub group: GroupIndex,
    pub origin: (QueueIndex, u64),
    pub reconsume_times: u32,
    pub body_bytes: u32,
    /// The group's `retryQueueNums` when it was sent back: its queue is drawn among so many.
    pub retry_queue_nums: u32,
    pub delivered: bool,
    /// `delayOffset.json` says so.
    pub noted: bool,
    /// The log that had it is gone.
    pub lost: bool,
}

impl DelayedMessage {
    /// The copy in `%RETRY%` is gone, but not the delayed message.
    pub fn take_back(&mut self) {
        (self.delivered, self.noted) = (self.lost, self.lost);
    }

    /// Another broker becomes the master, and knows from the last copy of `delayOffset.json` whether this was delivered.
    pub fn go_by(&mut self, delivered: bool) {
        (self.delivered, self.noted) = (self.lost || delivered, self.lost || delivered);
    }

    /// Whether it is gone.
    pub fn is_lost(&self) -> bool {
        self.lost
    }

    /// The delayed message is gone: it never comes. Answers whose it was, and which.
    pub fn lose(&mut self) -> (GroupIndex, (QueueIndex, u64)) {
        (self.delivered, self.noted, self.lost) = (true, true, true);
        (self.group, self.origin)
    }
}

impl Store {
    /// How far the delayed messages are, as a broker is asked.
    pub(in crate::model) fn delay_offsets(&self) -> Rc<Vec<bool>> {
        Rc::new(self.delayed.iter().map(|message| message.delivered).collect())
    }

    /// `delayOffset.json` is written.
    pub(in crate::model) fn write_delay_offsets(&mut self) {
        for message in &mut self.delayed {
            message.noted = message.delivered;
        }
    }

    /// The process ends: what was delivered since `delayOffset.json` was written will be delivered once more.
    pub(in crate::model) fn rewind_delay_offsets(&mut self) {
        for message in self.delayed.iter_mut().filter(|message| !message.noted) {
            message.take_back();
        }
    }
}
