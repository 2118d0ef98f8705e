//! `PopProcessQueue`: what a client knows of an assignment, which is a count of messages that it has not done with.

use crate::kernel::{Instant, Span};
use crate::model::ids::{BrokerIndex, QueueIndex, TopicIndex};
use crate::model::network::{AssignedQueue, InitMode};
use crate::model::observation::PopTrouble;

/// One of them, with its `PopRequest`, of which there is one all its life.
#[derive(Debug)]
pub(in crate::model) struct PopProcessQueue {
    pub assigned: AssignedQueue,
    pub topic: TopicIndex,
    /// The name of its broker.
    pub broker: BrokerIndex,
    /// Where a queue without an offset begins.
    pub init_mode: InitMode,
    /// `waitAckCounter`: messages that were popped and are not done with.
    pub unfinished: u32,
    pub dropped: bool,
    /// `lastPopTimestamp`, by the client's clock.
    pub last_pop: Instant,
    /// What keeps it from being popped, said once while it lasts.
    pub trouble: Option<PopTrouble>,
}

impl PopProcessQueue {
    /// The one queue that is popped, or none where all of the broker are.
    pub fn queue(&self) -> Option<QueueIndex> {
        match self.assigned {
            AssignedQueue::One(queue) => Some(queue),
            AssignedQueue::AllOf(..) => None,
        }
    }

    /// `isPullExpired`: it was not popped for `rocketmq.client.pull.pullMaxIdleTime`.
    pub fn is_expired(&self, now: Instant, idle: Span) -> bool {
        now.since(self.last_pop) > idle
    }

    /// `ack`, `decFoundMsg`: so many messages are done with.
    pub fn finish(&mut self, count: u32) {
        self.unfinished = self.unfinished.saturating_sub(count);
    }
}
