//! What nobody owns, because members pop it.

use std::collections::{BTreeMap, BTreeSet};

use super::parts::Tenancy;
use super::{Beginning, Key, Stage, Stretch};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{End, Kinds, Observation, Release, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, TopicIndex};

/// A topic of a group.
type Topic = (AudienceIndex, TopicIndex);
/// From when until when; without an end: to this day.
type Stretches = Vec<(Instant, Option<Instant>)>;

/// Who pops what now, and when it was popped.
#[derive(Debug, Default)]
pub(super) struct PoppedTopics {
    /// How many assignments of a topic at a broker each member pops.
    members: BTreeMap<(Topic, BrokerIndex), BTreeMap<ConsumerIndex, u32>>,
    /// When anybody popped a topic.
    topics: BTreeMap<Topic, Stretches>,
    /// When a member popped anything.
    consumers: BTreeMap<ConsumerIndex, Stretches>,
}

impl PoppedTopics {
    /// What it reads.
    pub const READS: Kinds = kinds![PopQueueTaken, PopQueueReleased];

    fn open(stretches: &mut Stretches, at: Instant) {
        if stretches.last().is_none_or(|(_, until)| until.is_some()) {
            stretches.push((at, None));
        }
    }

    fn close(stretches: Option<&mut Stretches>, at: Instant) {
        if let Some((_, until)) = stretches.and_then(|all| all.last_mut()) {
            until.get_or_insert(at);
        }
    }

    fn is_popped(&self, topic: Topic, broker: BrokerIndex) -> bool {
        self.members.contains_key(&(topic, broker))
    }
}

impl Stage {
    /// Takes in what is seen of assignments that are popped.
    pub(super) fn hear_of_pops(&mut self, what: &Observation, names: &Names) {
        match *what {
            Observation::PopQueueTaken { consumer, topic, broker, .. } => {
                let of = (names.audience_of(consumer), topic);
                *self.popped.members.entry((of, broker)).or_default().entry(consumer).or_default() += 1;
                PoppedTopics::open(self.popped.topics.entry(of).or_default(), self.now);
                PoppedTopics::open(self.popped.consumers.entry(consumer).or_default(), self.now);
                self.popped_changed((of, broker), None, names);
            }
            Observation::PopQueueReleased { consumer, topic, broker, .. } => {
                let of = (names.audience_of(consumer), topic);
                let beginning = Beginning::Released(consumer, Release::ModeSwitched);
                self.pops_no_more((of, broker), consumer, beginning, names);
            }
            _ => {}
        }
    }

    /// A process ended, and with it all that it popped.
    pub(super) fn pops_nothing(&mut self, consumer: ConsumerIndex, end: End, names: &Names) {
        let of_consumer = |(_, members): &(&(Topic, BrokerIndex), &BTreeMap<_, _>)| members.contains_key(&consumer);
        let all: BTreeSet<(Topic, BrokerIndex)> =
            self.popped.members.iter().filter(of_consumer).map(|(of, _)| *of).collect();
        for of in all {
            self.popped.members.entry(of).or_default().insert(consumer, 1);
            self.pops_no_more(of, consumer, Beginning::Ended(consumer, end), names);
        }
    }

    fn pops_no_more(&mut self, of: (Topic, BrokerIndex), consumer: ConsumerIndex, beginning: Beginning, names: &Names) {
        let Some(members) = self.popped.members.get_mut(&of) else { return };
        match members.get_mut(&consumer) {
            Some(count) if *count > 1 => *count -= 1,
            _ => _ = members.remove(&consumer),
        }
        if members.is_empty() {
            self.popped.members.remove(&of);
            if !self.popped.members.keys().any(|(topic, _)| *topic == of.0) {
                PoppedTopics::close(self.popped.topics.get_mut(&of.0), self.now);
            }
            self.popped_changed(of, Some(beginning), names);
        }
        if !self.popped.members.values().any(|members| members.contains_key(&consumer)) {
            PoppedTopics::close(self.popped.consumers.get_mut(&consumer), self.now);
        }
    }

    /// Queues of a topic that is popped want no owner, and those of one that is not do.
    fn popped_changed(
        &mut self,
        ((audience, topic), broker): (Topic, BrokerIndex),
        beginning: Option<Beginning>,
        names: &Names,
    ) {
        let of_topic = |key: &&Key| {
            let place = names.queue(key.queue);
            (place.broker, place.topic) == (broker, topic)
        };
        let keys: Vec<Key> =
            self.tenancies.range(Key::all_of(audience)).map(|(key, _)| key).filter(of_topic).copied().collect();
        for key in keys {
            self.wants_change(key, beginning.unwrap_or(Beginning::NeverOwned), |tenancy| {
                tenancy.popped = beginning.is_none();
            });
        }
    }

    /// Whether a queue wants an owner changes.
    pub(super) fn wants_change(&mut self, key: Key, beginning: Beginning, change: impl FnOnce(&mut Tenancy)) {
        let tenancy = self.tenancies.get_mut(&key).expect("it is there");
        let was_well = tenancy.is_well(tenancy.live);
        change(tenancy);
        let is_well = tenancy.is_well(tenancy.live);
        if was_well == is_well || self.absent.contains(&key.audience) {
            return;
        }
        if tenancy.live == 0 {
            let since = std::mem::replace(&mut tenancy.since, self.now);
            let began = std::mem::replace(&mut tenancy.beginning, (!is_well).then_some(beginning));
            if let Some(beginning) = began.filter(|_| since < self.now) {
                let (from, until, owners) = (since, self.now, Vec::new());
                let stretch = Stretch { from, until, beginning, owners, unfinished: false };
                self.unowned.entry(key).or_default().push(stretch);
            }
        }
        self.settle(key, was_well, is_well);
    }

    /// Whether anybody of an audience pops a queue now.
    pub(in crate::check) fn is_popped(&self, key: Key, names: &Names) -> bool {
        let place = names.queue(key.queue);
        self.popped.is_popped((key.audience, place.topic), place.broker)
    }

    /// Whether anybody popped a topic at a moment, or not long before it.
    pub(in crate::check) fn was_popped(&self, (key, at): (Key, Instant), echo: Span, names: &Names) -> bool {
        let of = (key.audience, names.queue(key.queue).topic);
        let all = self.popped.topics.get(&of).map_or(&[][..], Vec::as_slice);
        all.iter().any(|(from, until)| *from <= at && until.is_none_or(|until| at.since(until) < echo))
    }

    /// Whether anybody ever popped the topic of a queue.
    pub(in crate::check) fn is_ever_popped(&self, key: Key, names: &Names) -> bool {
        self.popped.topics.contains_key(&(key.audience, names.queue(key.queue).topic))
    }

    /// Whether anybody popped the topic of a queue at a moment.
    pub(in crate::check) fn is_popped_at(&self, key: Key, at: Instant, names: &Names) -> bool {
        let of = (key.audience, names.queue(key.queue).topic);
        let all = self.popped.topics.get(&of).map_or(&[][..], Vec::as_slice);
        all.iter().any(|(from, until)| *from <= at && until.is_none_or(|until| at < until))
    }

    /// Whether anybody of an audience pops a topic now.
    pub(in crate::check) fn is_topic_popped(&self, audience: AudienceIndex, topic: TopicIndex) -> bool {
        let last = self.popped.topics.get(&(audience, topic)).and_then(|all| all.last());
        last.is_some_and(|(_, until)| until.is_none())
    }

    /// Whether anybody has ever pulled a queue.
    pub(in crate::check) fn was_pulled(&self, key: Key) -> bool {
        self.tenures.contains_key(&key)
    }

    /// Whether a member popped anything at a moment.
    #[must_use]
    pub fn pops_at(&self, consumer: ConsumerIndex, at: Instant) -> bool {
        let all = self.popped.consumers.get(&consumer).map_or(&[][..], Vec::as_slice);
        all.iter().any(|(from, until)| *from <= at && until.is_none_or(|until| at <= until))
    }

    /// When the topics of audiences were popped; without an end: to this day.
    pub(in crate::check) fn popped_topics(&self) -> impl Iterator<Item = (Topic, &Stretches)> {
        self.popped.topics.iter().map(|(of, stretches)| (*of, stretches))
    }
}
