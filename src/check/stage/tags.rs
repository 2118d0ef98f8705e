//! Which tags consumers take, and which stand on messages: nobody waits for what he does not take.

use std::collections::BTreeMap;

use super::{Key, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{ClientIndex, Kinds, Observation, QueueIndex, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, TagSet, TopicIndex};

/// The tags of consumers and of messages.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// What each running consumer takes of a topic.
    taken: BTreeMap<(TopicIndex, ConsumerIndex), TagSet>,
    /// What consumers took until they ended or gave the topic up, and when that was.
    past: Vec<(Instant, TopicIndex, ConsumerIndex, TagSet)>,
    /// When a broker last kept a newer subscription than a client's.
    kept: BTreeMap<(BrokerIndex, TopicIndex, ClientIndex), Instant>,
    /// Some consumer has not taken all.
    filters: bool,
    /// Those of messages by queue and offset, where there are any.
    stored: BTreeMap<QueueIndex, Vec<u8>>,
}

impl Tags {
    /// What it reads.
    pub const READS: Kinds = kinds![Stored, TagStored, SubscriptionKept, SubscriptionChanged, ConsumerEnded];

    /// Follows what is seen.
    pub fn observe(&mut self, at: Instant, what: &Observation) {
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
            Observation::SubscriptionKept { broker, topic, client, .. } => {
                self.kept.insert((broker, topic, client), at);
            }
            Observation::SubscriptionChanged { consumer, topic, subscribed: true, tags } => {
                self.filters |= tags != TagSet::ALL;
                self.taken.insert((topic, consumer), tags);
            }
            Observation::SubscriptionChanged { consumer, topic, subscribed: false, .. } => {
                let tags = self.taken.remove(&(topic, consumer));
                self.past.extend(tags.map(|tags| (at, topic, consumer, tags)));
            }
            Observation::ConsumerEnded { consumer, .. } => {
                let own = self.taken.iter().filter(|((_, who), _)| *who == consumer);
                self.past.extend(own.map(|((topic, _), tags)| (at, *topic, consumer, *tags)));
                self.taken.retain(|(_, who), _| *who != consumer);
            }
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

/// Who left a message out that the group wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum FilteredBy {
    /// The broker, which holds the client's subscription to be older than what it has.
    AnOlderVersion,
    /// A member of the group that takes other tags.
    OtherTags,
    /// Nothing shows it.
    Nobody,
}

impl Stage {
    /// Whether any running consumer of an audience wants messages of a topic with this tag.
    #[must_use]
    pub fn wants(&self, audience: GroupIndex, topic: TopicIndex, tag: u8, names: &Names) -> bool {
        self.tags.of_audience((audience, topic), names).any(|tags| tags.contains(tag))
    }

    /// Why a message that the group wants was left out by this consumer's filter or its broker's: the members take
    /// different tags, or the broker has refused its subscription as older than its own.
    ///
    /// What a member took filters for the others until their next heartbeats after it has left. Where members differ, the broker refuses one of them whatever their clocks say: a version also moves with each
    /// rebalance that changes something. Only a refusal after the last of the others took other tags is the clock's.
    pub(in crate::check) fn why_filtered(
        &self,
        consumer: ConsumerIndex,
        queue: QueueIndex,
        names: &Names,
    ) -> FilteredBy {
        let (place, audience) = (names.queue(queue), names.audience_of(consumer));
        let own = self.tags.taken.get(&(place.topic, consumer));
        let differs = self.tags.of_audience((audience, place.topic), names).any(|tags| Some(&tags) != own);
        let other = |(_, topic, who, tags): &&(Instant, TopicIndex, ConsumerIndex, TagSet)| {
            *topic == place.topic && names.audience_of(*who) == audience && Some(tags) != own
        };
        let last_other = self.tags.past.iter().rev().find(other).map(|(at, ..)| *at);
        let refused = self.tags.kept.get(&(place.broker, place.topic, self.seat(consumer).client)).copied();
        match (refused, last_other) {
            _ if differs => FilteredBy::OtherTags,
            (Some(refused), Some(last)) if refused > last => FilteredBy::AnOlderVersion,
            (_, Some(last)) if self.now.since(last) <= self.timers.heartbeats => FilteredBy::OtherTags,
            (Some(_), _) => FilteredBy::AnOlderVersion,
            (None, _) => FilteredBy::Nobody,
        }
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
