//! Which tags consumers take, and which stand on messages: nobody waits for what he does not take.

use std::collections::BTreeMap;

use super::{Key, Stage};
use crate::model::Names;
use crate::model::observation::{Observation, QueueIndex};
use crate::model::plan::{ConsumerIndex, GroupIndex, TagSet, TopicIndex};

/// The tags of consumers and of messages.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// What each running consumer takes of a topic.
    taken: BTreeMap<(TopicIndex, ConsumerIndex), TagSet>,
    /// Some consumer has not taken all.
    filters: bool,
    /// Those of messages by queue and offset, where there are any.
    stored: BTreeMap<QueueIndex, Vec<u8>>,
}

impl Tags {
    /// Follows what is seen.
    pub fn observe(&mut self, what: &Observation) {
        match *what {
            // What stood there before is lost.
            Observation::Stored { queue, offset, .. } if !self.stored.is_empty() => {
                if let Some(tags) = self.stored.get_mut(&queue) {
                    tags.truncate(offset as usize);
                }
            }
            Observation::TagStored { queue, offset, tag } => {
                let tags = self.stored.entry(queue).or_default();
                tags.resize(offset as usize, 0);
                tags.push(tag);
            }
            Observation::SubscriptionChanged { consumer, topic, subscribed: true, tags } => {
                self.filters |= tags != TagSet::ALL;
                self.taken.insert((topic, consumer), tags);
            }
            Observation::SubscriptionChanged { consumer, topic, subscribed: false, .. } => {
                self.taken.remove(&(topic, consumer));
            }
            Observation::ConsumerEnded { consumer, .. } => self.taken.retain(|(_, who), _| *who != consumer),
            _ => {}
        }
    }

    /// What the running consumers of an audience take of a topic.
    fn of_audience<'a>(
        &'a self,
        (audience, topic): (GroupIndex, TopicIndex),
        names: &'a Names,
    ) -> impl Iterator<Item = TagSet> + 'a {
        let of_topic = (topic, ConsumerIndex::MIN)..=(topic, ConsumerIndex::MAX);
        let takes = self.taken.range(of_topic).filter(move |((_, who), _)| names.audience_of(*who) == audience);
        takes.map(|(_, tags)| *tags)
    }
}

impl Stage {
    /// Whether any running consumer of an audience wants messages of a topic with this tag.
    #[must_use]
    pub fn wants(&self, audience: GroupIndex, topic: TopicIndex, tag: u8, names: &Names) -> bool {
        self.tags.of_audience((audience, topic), names).any(|tags| tags.contains(tag))
    }

    /// Whether a group waits for a message: not if all its running consumers pass over its tag.
    #[must_use]
    pub fn waits_for(&self, (audience, queue): Key, offset: u64, names: &Names) -> bool {
        if !self.tags.filters {
            return true;
        }
        let tag = self.tags.stored.get(&queue).and_then(|tags| tags.get(offset as usize)).copied().unwrap_or(0);
        let mut taken = self.tags.of_audience((audience, names.queue(queue).topic), names).peekable();
        taken.peek().is_none() || taken.any(|tags| tags.contains(tag))
    }
}
