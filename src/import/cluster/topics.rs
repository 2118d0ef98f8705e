//! Topics: which brokers have them, with how many queues to read and to write.

use std::collections::{BTreeMap, BTreeSet};

use super::super::fact::{BrokerRef, Fact, LogEvent, QueueName, Sighted};
use super::super::section::Place;
use super::Wanted;
use super::brokers::Directory;
use super::known::{Claims, Known, RemarkKind, Told, Weight};
use super::rates::Rate;
use super::sections::{Piece, Sections, is_of_the_system};

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topic {
    /// Where it is named.
    pub places: Vec<Place>,
    /// What each broker has of it.
    pub on: BTreeMap<String, OnBroker>,
    /// How much is sent to it.
    pub rate: Option<Rate>,
}

/// What a broker has of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OnBroker {
    /// `readQueueNums`: what is allocated.
    pub read: Option<Known<u32>>,
    /// `writeQueueNums`.
    pub write: Option<Known<u32>>,
    /// `perm`: 4 reads, 2 writes.
    pub perm: Option<Known<u8>>,
    /// The number of queues to read is that of the queues that were seen; there may be more.
    pub at_least: bool,
}

/// What is said of a topic on a broker.
#[derive(Default)]
struct Gathered {
    read: Claims<u32>,
    write: Claims<u32>,
    perm: Claims<u8>,
    /// Queues of one list, of which each read queue has a row.
    rows: BTreeMap<Piece, BTreeMap<u32, Place>>,
    /// Queues that were seen otherwise.
    seen: BTreeMap<u32, Place>,
}

/// What is said of all topics.
struct Gathering<'a, 'b> {
    wanted: &'a Wanted,
    sections: &'a Sections<'b>,
    directory: &'a Directory,
    topics: BTreeMap<String, Topic>,
    on: BTreeMap<(String, String), Gathered>,
}

/// All topics that inputs tell of, without RocketMQ's own.
pub(super) fn topics(
    facts: &[Sighted],
    wanted: &Wanted,
    (sections, directory): (&Sections<'_>, &Directory),
    told: &mut Told<'_>,
) -> BTreeMap<String, Topic> {
    let (topics, on) = (BTreeMap::new(), BTreeMap::new());
    let mut gathering = Gathering { wanted, sections, directory, topics, on };
    for sighted in facts {
        if let Some(topic) = named(&sighted.fact) {
            gathering.name(topic, sighted.place);
        }
        gathering.hear(sighted, told);
    }
    let Gathering { mut topics, on, .. } = gathering;
    for ((topic, broker), own) in on {
        let on = settled((&topic, &broker), own, told);
        topics.entry(topic).or_default().on.insert(broker, on);
    }
    topics.retain(|topic, _| !is_of_the_system(topic));
    topics
}

impl Gathering<'_, '_> {
    fn name(&mut self, topic: &str, place: Place) {
        self.topics.entry(topic.to_owned()).or_default().places.push(place);
    }

    fn on(&mut self, topic: &str, broker: &str) -> &mut Gathered {
        self.on.entry((topic.to_owned(), broker.to_owned())).or_default()
    }

    /// A queue that was seen where not every queue has a row.
    fn see(&mut self, queue: &QueueName, place: Place) {
        self.on(&queue.topic, &queue.broker).seen.entry(queue.id).or_insert(place);
    }

    /// What a fact says of queues.
    fn hear(&mut self, sighted: &Sighted, told: &mut Told<'_>) {
        let place = sighted.place;
        match &sighted.fact {
            Fact::TopicAt { topic, broker, read_queues, write_queues, perm } => {
                self.has(topic, (broker, place), (*read_queues, *write_queues, *perm), told);
            }
            Fact::UnnamedTopicAt { broker, read_queues, write_queues, perm } => {
                if let Some(topic) = self.topic_of_the_call(place, told) {
                    self.name(&topic, place);
                    self.has(&topic, (broker, place), (*read_queues, *write_queues, *perm), told);
                }
            }
            Fact::Progress { queue, .. } => {
                let piece = self.sections.piece(place);
                self.on(&queue.topic, &queue.broker).rows.entry(piece).or_default().insert(queue.id, place);
            }
            Fact::Owner { queue, .. } | Fact::ClientOffset { queue, .. } => self.see(queue, place),
            Fact::Logged {
                event: LogEvent::QueueAdded { queue, .. } | LogEvent::QueueRemoved { queue, .. }, ..
            } => {
                self.see(queue, place);
            }
            Fact::Logged { event: LogEvent::Rebalanced { own, .. }, .. } => {
                own.iter().for_each(|queue| self.see(queue, place));
            }
            Fact::QueueRange { topic, broker, queue, .. } => {
                let called = topic.clone().or_else(|| self.topic_of_the_call(place, told));
                if let Some(topic) = called {
                    self.name(&topic, place);
                    self.see(&QueueName { topic, broker: broker.clone(), id: *queue }, place);
                }
            }
            Fact::Committed { broker, topic, queue_broker, queue, .. } => {
                let named = self.directory.find(broker, place, self.sections, told).map(|(name, _)| name);
                if let Some(broker) = queue_broker.clone().or(named) {
                    self.see(&QueueName { topic: topic.clone(), broker, id: *queue }, place);
                }
            }
            _ => {}
        }
    }

    /// What a broker has of a topic.
    fn has(
        &mut self,
        topic: &str,
        (broker, place): (&BrokerRef, Place),
        (read, write, perm): (Option<u32>, Option<u32>, Option<u8>),
        told: &mut Told<'_>,
    ) {
        let Some((broker, _)) = self.directory.find(broker, place, self.sections, told) else { return };
        let route = self.sections.what(place).contains("topicRoute");
        let weight = if route { Weight::Route } else { Weight::Written };
        let own = self.on(topic, &broker);
        read.into_iter().for_each(|count| own.read.say(count, place, weight));
        write.into_iter().for_each(|count| own.write.say(count, place, weight));
        perm.into_iter().for_each(|perm| own.perm.say(perm, place, weight));
    }

    /// The topic of what does not say its own; where nothing says it, that is told.
    fn topic_of_the_call(&self, place: Place, told: &mut Told<'_>) -> Option<String> {
        let topic = topic_of_the_call(place, self.sections, self.wanted);
        if topic.is_none() {
            let input = &told.evidence.inputs[place.input];
            let sentence = format!("nothing says of which topic the queues of `{input}` are; --topic NAME does");
            told.remark(RemarkKind::LeftOut, sentence);
        }
        topic.map(str::to_owned)
    }
}

/// The topic that a list of queues is of, by the call that printed it.
pub(super) fn topic_of_the_call<'a>(place: Place, sections: &Sections<'a>, wanted: &'a Wanted) -> Option<&'a str> {
    let called = sections.call(place).and_then(|call| call.topic.as_deref());
    called.or(match &wanted.topics[..] {
        [topic] => Some(topic),
        _ => None,
    })
}

/// The topic that a fact names.
fn named(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Topic { topic, .. } | Fact::TopicAt { topic, .. } | Fact::Subscription { topic, .. } => Some(topic),
        Fact::Committed { topic, .. } | Fact::RequestMode { topic, .. } | Fact::TopicOfGroup { topic, .. } => {
            Some(topic)
        }
        Fact::Progress { queue, .. } | Fact::Owner { queue, .. } | Fact::ClientOffset { queue, .. } => {
            Some(&queue.topic)
        }
        Fact::Logged { event, .. } => match event {
            LogEvent::Rebalanced { topic, .. } => Some(topic),
            LogEvent::QueueAdded { queue, .. } | LogEvent::QueueRemoved { queue, .. } => Some(&queue.topic),
            _ => None,
        },
        _ => None,
    }
}

/// What a broker has of a topic, all inputs together.
fn settled((topic, broker): (&str, &str), mut own: Gathered, told: &mut Told<'_>) -> OnBroker {
    for rows in own.rows.values() {
        // `AdminBrokerProcessor.getConsumeStats` prints a row for each of `readQueueNums`, committed or not.
        let (Some((last, place)), distinct) = (rows.last_key_value(), rows.len()) else { continue };
        if u32::try_from(distinct).is_ok_and(|distinct| last.checked_add(1) == Some(distinct)) {
            own.read.say(distinct as u32, *place, Weight::Derived);
        } else {
            own.seen.extend(rows);
            let ids: BTreeSet<u32> = rows.keys().copied().collect();
            let missing = (0..*last).find(|id| !ids.contains(id)).unwrap_or(0);
            let at = told.evidence.at(*place);
            let sentence =
                format!("{at}: `{topic}` on `{broker}` has a row for queue {last} and none for queue {missing}");
            told.remark(RemarkKind::Assumed, format!("{sentence}; {} queues are assumed", u64::from(*last) + 1));
        }
    }
    let queues = |what: &'static str| {
        move |count: &u32| {
            format!("{count} {what} {} of `{topic}` on `{broker}`", if *count == 1 { "queue" } else { "queues" })
        }
    };
    let read = own.read.settled(queues("read"), told);
    let seen = own.seen.last_key_value();
    let seen = seen.map(|(last, place)| Known { value: last.saturating_add(1), places: vec![*place] });
    OnBroker {
        at_least: read.is_none() && seen.is_some(),
        read: read.or(seen),
        write: own.write.settled(queues("write"), told),
        perm: own.perm.settled(|perm| format!("perm {perm} of `{topic}` on `{broker}`"), told),
    }
}

/// The brokers that topics are on.
pub(super) fn brokers_of(topics: &BTreeMap<String, Topic>) -> BTreeMap<String, Place> {
    let mut found = BTreeMap::new();
    for topic in topics.values() {
        for (broker, on) in &topic.on {
            let known =
                [on.read.as_ref(), on.write.as_ref()].into_iter().flatten().find_map(|known| known.places.first());
            let place = known.or_else(|| on.perm.as_ref()?.places.first()).or(topic.places.first());
            if let Some(place) = place {
                found.entry(broker.clone()).or_insert(*place);
            }
        }
    }
    found
}
