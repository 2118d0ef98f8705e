//! The facts sorted: by group, by topic, by broker. Nothing is decided here but which group a fact without one is of.

mod group;
mod rows;

pub use group::Group;
pub use rows::{
    Configured, List, Logged, Member, Mode, Owned, Range, Row, Setting, Snapshot, Subscribed, TopicOnBroker,
};

use super::{Asked, Intended};
use crate::import::fact::{BrokerRef, Fact, Sighted};
use crate::import::section::Place;
use crate::import::{Evidence, evidence::Recognised};
use std::collections::BTreeMap;

/// What an operator has in hand, sorted.
#[derive(Debug, Default)]
pub struct Picture<'a> {
    /// By name; the empty name is that of a group that no input names.
    pub groups: BTreeMap<&'a str, Group<'a>>,
    /// What brokers have of topics, in the order of the inputs.
    pub topics: Vec<TopicOnBroker<'a>>,
    /// First and last offsets of queues.
    pub ranges: Vec<Range<'a>>,
    /// Names of brokers with where they are first named.
    pub brokers: BTreeMap<&'a str, Place>,
    /// Names of brokers by address.
    pub addresses: BTreeMap<&'a str, &'a str>,
    /// Lines of brokers' configurations.
    pub settings: Vec<Setting<'a>>,
    /// Lines of name servers' configurations.
    pub name_server_settings: Vec<Setting<'a>>,
    /// Lines of logs that name no group.
    pub logged: Vec<Logged<'a>>,
    /// What a scenario says the cluster should be.
    pub intended: Option<&'a Intended>,
}

/// Facts of one piece of an input, and what is known of all of it.
struct Piece<'a> {
    number: usize,
    at_ms: Option<i64>,
    facts: &'a [Sighted],
    group: Option<&'a str>,
}

impl<'a> Picture<'a> {
    /// Sorts all facts.
    #[must_use]
    pub fn of(evidence: &'a Evidence, asked: &'a Asked) -> Self {
        let mut pieces = pieces(evidence);
        let sole = asked.group.as_deref().or_else(|| sole_group(&pieces)).unwrap_or("");
        pieces.iter_mut().for_each(|piece| piece.group = piece.group.or(Some(sole)));
        let mut picture = Self { intended: asked.intended.as_ref(), ..Self::default() };
        for piece in &pieces {
            for sighted in piece.facts {
                picture.add(piece, sighted);
            }
        }
        picture
    }

    fn add(&mut self, piece: &Piece<'a>, sighted: &'a Sighted) {
        let place = sighted.place;
        match &sighted.fact {
            Fact::Broker { name, address, .. } => {
                self.brokers.entry(name).or_insert(place);
                self.addresses.extend(address.as_deref().map(|address| (address, name.as_str())));
            }
            Fact::TopicAt { topic, broker, read_queues, write_queues, perm } => self.topics.push(TopicOnBroker {
                place,
                topic,
                broker,
                read_queues: *read_queues,
                write_queues: *write_queues,
                perm: *perm,
            }),
            Fact::QueueRange { topic, broker, queue, min, max, .. } => {
                self.ranges.push(Range { place, topic: topic.as_deref(), broker, queue: *queue, min: *min, max: *max })
            }
            Fact::BrokerSetting { broker, key, value } => {
                self.settings.push(Setting { place, broker: Some(broker), key, value });
            }
            Fact::SlaveSetting { key, value, .. } => {
                self.settings.push(Setting { place, broker: None, key, value });
            }
            Fact::NameServerSetting { key, value } => {
                self.name_server_settings.push(Setting { place, broker: None, key, value });
            }
            Fact::Logged { at_ms, event } => {
                let logged = Logged { place, at_ms: *at_ms, event };
                match logged.group() {
                    Some(group) => self.groups.entry(group).or_default().logged.push(logged),
                    None => self.logged.push(logged),
                }
            }
            fact => {
                let Some(named) = group_of(fact) else { return };
                let name = named.or(piece.group).unwrap_or("");
                self.groups.entry(name).or_default().add(piece.number, piece.at_ms, place, fact);
            }
        }
    }

    /// Whether a topic may be read at a broker, as far as the last route or table tells.
    #[must_use]
    pub fn is_readable(&self, topic: &str, broker: &str) -> bool {
        let told = self.topics.iter().rev().filter(|on| on.topic == topic);
        let last = told.filter(|on| self.broker_name(on.broker) == Some(broker)).find_map(|on| on.perm);
        last.is_none_or(|perm| perm & 4 != 0)
    }

    /// The name of a broker, where it is known.
    #[must_use]
    pub fn broker_name(&self, broker: &'a BrokerRef) -> Option<&'a str> {
        match broker {
            BrokerRef::Name(name) => Some(name),
            BrokerRef::Address(address) => self.addresses.get(address.as_str()).copied(),
            BrokerRef::OfThisFolder => None,
        }
    }

    /// A broker as a sentence names it.
    #[must_use]
    pub fn broker_said(&self, broker: &'a BrokerRef) -> &'a str {
        match broker {
            BrokerRef::Address(address) => self.broker_name(broker).unwrap_or(address),
            _ => self.broker_name(broker).unwrap_or("this broker"),
        }
    }

    /// The value of a setting at some broker, the last that stands there.
    pub fn setting(&self, key: &str) -> Option<&Setting<'a>> {
        self.settings.iter().rev().find(|setting| setting.key == key)
    }
}

/// The group that a fact names: `None` for facts that are of no group, `Some(None)` for those that leave it out.
fn group_of(fact: &Fact) -> Option<Option<&str>> {
    Some(match fact {
        Fact::GroupAt { group, .. } | Fact::RequestMode { group, .. } => Some(group),
        Fact::GroupIs { group, .. }
        | Fact::Member { group, .. }
        | Fact::Subscription { group, .. }
        | Fact::ClientSetting { group, .. }
        | Fact::Progress { group, .. }
        | Fact::Committed { group, .. }
        | Fact::Owner { group, .. }
        | Fact::SubscriptionsDiffer { group } => group.as_deref(),
        _ => return None,
    })
}

/// The group whose retry topic a fact is of.
fn of_retry_topic(fact: &Fact) -> Option<&str> {
    let topic = match fact {
        Fact::Progress { queue, .. } | Fact::Owner { queue, .. } => &queue.topic,
        Fact::Subscription { topic, .. } => topic,
        _ => return None,
    };
    topic.strip_prefix("%RETRY%")
}

/// The pieces that were recognised, with their facts. A piece is of the group that its call, one of its facts or its retry
/// topic names.
fn pieces(evidence: &Evidence) -> Vec<Piece<'_>> {
    let counted: usize = evidence.recognised.iter().map(|piece| piece.facts).sum();
    let whole = [(None, evidence.facts.len())];
    let lengths: Vec<(Option<&Recognised>, usize)> = match counted == evidence.facts.len() {
        true => evidence.recognised.iter().map(|piece| (Some(piece), piece.facts)).collect(),
        false => whole.to_vec(),
    };
    let mut rest = evidence.facts.as_slice();
    let mut pieces = Vec::new();
    for (number, (of, length)) in lengths.into_iter().enumerate() {
        let (facts, behind) = rest.split_at(length);
        rest = behind;
        let call = of.and_then(|of| of.call.as_ref());
        let told = call.and_then(|call| call.group.as_deref());
        let named = || facts.iter().find_map(|sighted| group_of(&sighted.fact).flatten());
        let of_retries = || facts.iter().find_map(|sighted| of_retry_topic(&sighted.fact));
        let group = told.or_else(of_retries).or_else(named);
        pieces.push(Piece { number, at_ms: call.and_then(|call| call.at_ms), facts, group });
    }
    pieces
}

/// The one group of all inputs, where they name no other.
fn sole_group<'a>(pieces: &[Piece<'a>]) -> Option<&'a str> {
    let named = pieces.iter().flat_map(|piece| {
        let facts = piece.facts.iter().filter_map(|sighted| group_of(&sighted.fact).flatten());
        piece.group.into_iter().chain(facts)
    });
    let mut names: Vec<&str> = named.collect();
    names.sort_unstable();
    names.dedup();
    match names[..] {
        [one] => Some(one),
        _ => None,
    }
}
