//! Which tags consumers take, and which stand on messages: nobody waits for what he does not take.

use std::collections::BTreeMap;

use super::{Key, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{ClientIndex, Kinds, Observation, QueueIndex, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, TagSet, TopicIndex};

/// The tags of consumers and of messages.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// What each running consumer takes of a topic.
    taken: BTreeMap<(TopicIndex, ConsumerIndex), TagSet>,
    /// When each of these last raised the version of its subscription.
    raised: BTreeMap<(TopicIndex, ConsumerIndex), Instant>,
    /// What consumers took until they ended or gave the topic up.
    past: Vec<Past>,
    /// When a broker last kept a newer subscription than a client's.
    kept: BTreeMap<(BrokerIndex, TopicIndex, ClientIndex), Instant>,
    /// Some consumer has not taken all.
    filters: bool,
    /// Those of messages by queue and offset, where there are any.
    stored: BTreeMap<QueueIndex, Vec<u8>>,
}

/// What a consumer took until it ended or gave the topic up.
#[derive(Debug, Clone, Copy)]
struct Past {
    at: Instant,
    topic: TopicIndex,
    consumer: ConsumerIndex,
    tags: TagSet,
    /// When it had last raised the version.
    raised: Instant,
}

impl Tags {
    /// What it reads.
    pub const READS: Kinds = kinds![Stored, TagStored, SubscriptionKept, SubscriptionChanged, ConsumerEnded]
        .and(kinds![SubscriptionVersionRaised]);

    /// A message is stored: what stood there before is lost.
    #[inline]
    pub fn stored(&mut self, queue: QueueIndex, offset: u64) {
        if !self.stored.is_empty() {
            self.forget_from(queue, offset);
        }
    }

    fn forget_from(&mut self, queue: QueueIndex, offset: u64) {
        if let Some(tags) = self.stored.get_mut(&queue) {
            tags.truncate(offset as usize);
        }
    }

    /// Follows what else is seen.
    pub fn observe(&mut self, at: Instant, what: &Observation) {
        match *what {
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
                self.raised.insert((topic, consumer), at);
            }
            Observation::SubscriptionVersionRaised { consumer, topic } => {
                self.raised.insert((topic, consumer), at);
            }
            Observation::SubscriptionChanged { consumer, topic, subscribed: false, .. } => {
                self.give_up(at, topic, consumer);
            }
            Observation::ConsumerEnded { consumer, .. } => {
                let own = self.taken.keys().filter(|(_, who)| *who == consumer).map(|(topic, _)| *topic);
                own.collect::<Vec<_>>().into_iter().for_each(|topic| self.give_up(at, topic, consumer));
            }
            _ => {}
        }
    }

    fn give_up(&mut self, at: Instant, topic: TopicIndex, consumer: ConsumerIndex) {
        let raised = self.raised.remove(&(topic, consumer));
        if let Some(tags) = self.taken.remove(&(topic, consumer)) {
            self.past.push(Past { at, topic, consumer, tags, raised: raised.unwrap_or(at) });
        }
    }

    /// What the running consumers of an audience take of a topic.
    fn of_audience<'a>(
        &'a self,
        (audience, topic): (AudienceIndex, TopicIndex),
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
    pub fn wants(&self, audience: AudienceIndex, topic: TopicIndex, tag: u8, names: &Names) -> bool {
        self.tags.of_audience((audience, topic), names).any(|tags| tags.contains(tag))
    }

    /// Why a message that the group wants was left out by this consumer's filter or its broker's: the members take
    /// different tags, or the broker has refused its subscription as older than its own.
    ///
    /// What a member took filters for the others until their next heartbeats after it has left. Where members differ, the broker refuses one of them whatever their clocks say: a version also moves with each
    /// rebalance that changes something. A refusal is the clock's where no other had taken other tags, or raised its
    /// version with them, after this consumer had last raised its own.
    pub(in crate::check) fn why_filtered(
        &self,
        consumer: ConsumerIndex,
        (queue, tag): (QueueIndex, u8),
        names: &Names,
    ) -> FilteredBy {
        let (place, audience) = (names.queue(queue), names.audience_of(consumer));
        let own = self.tags.taken.get(&(place.topic, consumer));
        if !own.is_some_and(|own| own.contains(tag)) {
            return FilteredBy::OtherTags;
        }
        let of_topic = (place.topic, ConsumerIndex::MIN)..=(place.topic, ConsumerIndex::MAX);
        let others = self
            .tags
            .taken
            .range(of_topic)
            .filter(|((_, who), tags)| names.audience_of(*who) == audience && Some(*tags) != own);
        let other = |past: &&Past| {
            past.topic == place.topic && names.audience_of(past.consumer) == audience && Some(&past.tags) != own
        };
        let past = self.tags.past.iter().filter(other);
        let raised = |who| self.tags.raised.get(&(place.topic, who)).copied();
        let differs = others.clone().next().is_some();
        let others_raised =
            others.filter_map(|((_, who), _)| raised(*who)).chain(past.clone().map(|past| past.raised)).max();
        let last_other = past.map(|past| past.at).max();
        let refused = self.tags.kept.get(&(place.broker, place.topic, self.seat(consumer).client)).copied();
        // Its version was the newest by the time of day, and the broker held it to be older.
        let newest = raised(consumer).filter(|own| others_raised.is_none_or(|other| other < *own));
        match refused {
            Some(refused) if newest.is_some_and(|own| own <= refused) => FilteredBy::AnOlderVersion,
            _ if differs => FilteredBy::OtherTags,
            Some(refused) if last_other.is_some_and(|last| refused > last) => FilteredBy::AnOlderVersion,
            _ if last_other.is_some_and(|last| self.now.since(last) <= self.timers.heartbeats) => FilteredBy::OtherTags,
            Some(_) => FilteredBy::AnOlderVersion,
            None => FilteredBy::Nobody,
        }
    }

    /// Whether a group waits for a message: not if all its running consumers pass over its tag.
    #[must_use]
    #[inline]
    pub fn waits_for(&self, key: Key, offset: u64, names: &Names) -> bool {
        !self.tags.filters || self.takes(key, offset, names)
    }

    fn takes(&self, Key { audience, queue }: Key, offset: u64, names: &Names) -> bool {
        let tag = self.tags.stored.get(&queue).and_then(|tags| tags.get(offset as usize)).copied().unwrap_or(0);
        let mut taken = self.tags.of_audience((audience, names.queue(queue).topic), names).peekable();
        taken.peek().is_none() || taken.any(|tags| tags.contains(tag))
    }
}
