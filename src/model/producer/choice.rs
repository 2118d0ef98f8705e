//! Which queue a message goes to, and what stands on it.

use super::Producer;
use crate::model::marks::Mark;
use crate::model::names::Names;
use crate::model::observation::QueueIndex;
use crate::model::plan::{BrokerIndex, ProducerPlan};

impl Producer {
    /// What stands on the next message.
    pub(super) fn next_mark(&mut self, planned: &ProducerPlan) -> Mark {
        let marks = &mut self.marks;
        let total: u64 = planned.tags.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut point = if total > 0 { marks.below(total) } else { 0 };
        let chosen = planned.tags.iter().find(|(_, weight)| {
            let here = point < u64::from(*weight);
            point = point.saturating_sub((*weight).into());
            here
        });
        let key = if planned.keys > 0 { 1 + marks.below(planned.keys.into()) as u32 } else { 0 };
        Mark { tag: chosen.map_or(0, |(tag, _)| *tag), key }
    }

    /// `SelectMessageQueueByHash`: the same queue for the same key, as long as the producer sees the same queues.
    pub(super) fn queue_of_key(&self, key: u32) -> Option<QueueIndex> {
        let queues = &self.queues;
        queues.get(key as usize % queues.len().max(1)).copied()
    }

    /// The next queue in turn, or one by weight. `selectOneMessageQueue`: a broker that has just failed is avoided.
    pub(super) fn choose_queue(
        &mut self,
        names: &Names,
        weights: &[u32],
        avoid: Option<BrokerIndex>,
    ) -> Option<QueueIndex> {
        if self.queues.is_empty() {
            return None;
        }
        if weights.is_empty() {
            for _ in 0..self.queues.len() {
                self.counter += 1;
                let queue = self.queues[(self.counter % self.queues.len() as u64) as usize];
                if Some(names.queue(queue).broker) != avoid {
                    return Some(queue);
                }
            }
            return Some(self.queues[(self.counter % self.queues.len() as u64) as usize]);
        }
        let weight = |at: usize| u64::from(weights.get(at).copied().unwrap_or(1));
        let total: u64 = (0..self.queues.len()).map(weight).sum();
        let mut point = self.choice.below(total.max(1));
        for (at, &queue) in self.queues.iter().enumerate() {
            if point < weight(at) {
                return Some(queue);
            }
            point -= weight(at);
        }
        self.queues.last().copied()
    }
}
