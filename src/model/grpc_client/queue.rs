//! `ProcessQueueImpl`: what a client has of an assignment, and whether it may have more.

use crate::kernel::{Instant, Span};
use crate::model::ids::{BrokerIndex, TopicIndex};
use crate::model::names::Names;
use crate::model::network::{AssignedQueue, GrpcAssigned};
use crate::model::observation::PopTrouble;

/// One of them.
#[derive(Debug)]
pub(super) struct Queue {
    pub assigned: GrpcAssigned,
    pub topic: TopicIndex,
    /// The name of its broker.
    pub broker: BrokerIndex,
    pub dropped: bool,
    /// `cachedMessages`: those that were received and whose fate is not told yet.
    pub cached: u32,
    pub cached_bytes: u64,
    /// The attempt that goes on; none: the next receive is a new one.
    pub attempt: Option<u64>,
    /// `activityNanoTime`.
    pub active: Instant,
    /// `cacheFullNanoTime`.
    pub full: Option<Instant>,
    /// What keeps it from receiving, said once while it lasts.
    pub trouble: Option<PopTrouble>,
}

impl Queue {
    pub fn new(assigned: GrpcAssigned, names: &Names, now: Instant) -> Self {
        let (broker, topic) = match assigned.queue {
            AssignedQueue::AllOf(broker, topic) => (broker, topic),
            AssignedQueue::One(queue) => {
                let place = names.queue(queue);
                (place.broker, place.topic)
            }
        };
        Self {
            assigned,
            topic,
            broker,
            dropped: false,
            cached: 0,
            cached_bytes: 0,
            attempt: None,
            active: now,
            full: None,
            trouble: None,
        }
    }

    /// `expired`: nothing was received for so long, nor was the cache full.
    pub fn is_expired(&self, now: Instant, longest: Span) -> bool {
        now.since(self.active) >= longest && self.full.is_none_or(|full| now.since(full) >= longest)
    }

    /// A message's fate is known to the proxy.
    pub fn evict(&mut self, bytes: u32) {
        self.cached = self.cached.saturating_sub(1);
        self.cached_bytes = self.cached_bytes.saturating_sub(bytes.into());
    }
}
