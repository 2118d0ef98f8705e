//! The iteration order of Java's hash tables, which decides in what order a client talks to brokers and takes queues
//! (`java.util.HashMap`).

use crate::strategy::MessageQueue;

/// `String.hashCode`.
#[must_use]
pub fn string_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// `MessageQueue.hashCode`.
#[must_use]
pub fn message_queue_hash(queue: &MessageQueue) -> i32 {
    let step = |hash: i32, value: i32| hash.wrapping_mul(31).wrapping_add(value);
    step(step(step(1, string_hash(&queue.broker_name)), queue.queue_id), string_hash(&queue.topic))
}

/// Sorts items, given in insertion order, as `HashMap`, `HashSet` and `ConcurrentHashMap` iterate them: by bucket of
/// a table that began with 16 buckets and doubled past three quarters. Buckets that became trees keep that order too.
pub fn sort_as_hash_table<T>(items: &mut [T], hash: impl Fn(&T) -> i32) {
    let mut capacity = 16u32;
    while items.len() as u64 * 4 > u64::from(capacity) * 3 {
        capacity *= 2;
    }
    items.sort_by_cached_key(|item| {
        let hash = hash(item) as u32;
        (hash ^ (hash >> 16)) & (capacity - 1)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queues_of_one_topic_come_in_descending_order() {
        let mut queues: Vec<MessageQueue> = (0..4).map(|id| MessageQueue::new("TopicTest", "broker-a", id)).collect();
        assert_eq!(message_queue_hash(&queues[0]) as u32, 0xf2c2_aecd);
        sort_as_hash_table(&mut queues, message_queue_hash);
        assert_eq!(queues.iter().map(|queue| queue.queue_id).collect::<Vec<_>>(), [3, 2, 1, 0]);
    }

    #[test]
    fn the_second_broker_is_told_first() {
        let mut brokers = ["broker-a", "broker-b"];
        sort_as_hash_table(&mut brokers, |name| string_hash(name));
        assert_eq!(brokers, ["broker-b", "broker-a"], "as every recorded start shows");
    }
}
