//! The queues of a group's topics.

use std::ops::Range;
use std::sync::Arc;

use crate::strategy::MessageQueue;
use crate::strategy::order::sort_queues;

/// Queues by topic, sorted as the client sorts them. A queue is named by its position, its number.
#[derive(Debug, Clone)]
pub struct Queues {
    all: Vec<MessageQueue>,
    topics: Vec<Range<usize>>,
}

/// One topic and its queues.
#[derive(Debug, Clone)]
pub struct Topic<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its queues, sorted.
    pub queues: &'a [MessageQueue],
    /// Their numbers.
    pub numbers: Range<usize>,
}

/// Why queues cannot be allocated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueuesError {
    /// There is none.
    #[error("there are no queues to allocate; a topic needs 1 or more")]
    None,
    /// One stands twice; a route names each queue once.
    #[error("the queue {0} is named twice; name each queue once")]
    Repeated(MessageQueue),
    /// Its number is negative.
    #[error("the queue {0} has a negative number; queue ids begin at 0")]
    Negative(MessageQueue),
}

impl Queues {
    /// Sorts queues that come in any order.
    ///
    /// # Errors
    /// [`QueuesError`].
    pub fn new(mut all: Vec<MessageQueue>) -> Result<Self, QueuesError> {
        if let Some(negative) = all.iter().find(|queue| queue.queue_id < 0) {
            return Err(QueuesError::Negative(negative.clone()));
        }
        sort_queues(&mut all);
        share_names(&mut all);
        if let Some(pair) = all.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(QueuesError::Repeated(pair[0].clone()));
        }
        let mut topics: Vec<Range<usize>> = Vec::new();
        for (number, queue) in all.iter().enumerate() {
            match topics.last_mut() {
                Some(topic) if all[topic.start].topic == queue.topic => topic.end = number + 1,
                _ => topics.push(number..number + 1),
            }
        }
        if topics.is_empty() { Err(QueuesError::None) } else { Ok(Self { all, topics }) }
    }

    /// All queues, by number.
    #[must_use]
    pub fn all(&self) -> &[MessageQueue] {
        &self.all
    }

    /// The topics, in Java's order of their names.
    pub fn topics(&self) -> impl ExactSizeIterator<Item = Topic<'_>> {
        self.topics.iter().map(|numbers| Topic {
            name: &self.all[numbers.start].topic,
            queues: &self.all[numbers.clone()],
            numbers: numbers.clone(),
        })
    }

    /// The names of the brokers, each once, by their bytes.
    #[must_use]
    pub fn brokers(&self) -> Vec<&str> {
        let mut brokers: Vec<&str> = self.all.iter().map(|queue| &*queue.broker_name).collect();
        brokers.sort_unstable();
        brokers.dedup();
        brokers
    }

    /// The number of a queue; `None`: it is not offered. `likely` is looked at first: strategies list queues in
    /// order.
    #[must_use]
    pub fn number(&self, queue: &MessageQueue, likely: usize) -> Option<usize> {
        match self.all.get(likely) {
            Some(found) if found.compare(queue).is_eq() => Some(likely),
            _ => self.all.binary_search_by(|other| other.compare(queue)).ok(),
        }
    }
}

/// Lets equal neighbours share one text, so that comparing them is comparing addresses.
fn share_names(all: &mut [MessageQueue]) {
    let share = |before: &Arc<str>, own: &mut Arc<str>| {
        if before == own {
            *own = Arc::clone(before);
        }
    };
    for number in 1..all.len() {
        let (before, own) = all.split_at_mut(number);
        share(&before[number - 1].topic, &mut own[0].topic);
        share(&before[number - 1].broker_name, &mut own[0].broker_name);
    }
}
