//! To which piece of an input a fact belongs, and what follows from that: its call, its folder, its group.

use std::collections::{BTreeMap, BTreeSet};

use super::super::evidence::Evidence;
use super::super::fact::{Fact, LogEvent};
use super::super::section::{Call, Place};
use super::Wanted;

/// What stands before a group's name in that of the topic for its retries.
const RETRY: &str = "%RETRY%";

/// A piece of an input: that which begins with one of the recognised, or the whole input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Piece {
    input: usize,
    recognised: Option<usize>,
}

/// The pieces, with the groups that they are about.
pub(super) struct Sections<'a> {
    evidence: &'a Evidence,
    groups: BTreeMap<Piece, String>,
    /// The group of whatever does not say its own.
    otherwise: Option<String>,
}

impl<'a> Sections<'a> {
    /// Finds the group of each piece: its call says it, or its facts are about one only.
    pub fn of(evidence: &'a Evidence, wanted: &Wanted) -> Self {
        let mut sections = Self { evidence, groups: BTreeMap::new(), otherwise: None };
        let mut named: BTreeMap<Piece, [BTreeSet<&str>; 2]> = BTreeMap::new();
        for sighted in &evidence.facts {
            let [own, retry] = named.entry(sections.piece(sighted.place)).or_default();
            own.extend(group_of(&sighted.fact));
            retry.extend(topic_of(&sighted.fact).and_then(|topic| topic.strip_prefix(RETRY)));
        }
        let all: BTreeSet<&str> = named.values().flat_map(|[own, retry]| own.union(retry)).copied().collect();
        let called = evidence.recognised.iter().filter_map(|piece| piece.call.as_ref()?.group.as_deref());
        let all: BTreeSet<&str> = all.into_iter().chain(called).collect();
        let only =
            |groups: &BTreeSet<&str>| groups.first().filter(|_| groups.len() == 1).map(|&group| group.to_owned());
        sections.otherwise = match &wanted.groups[..] {
            [group] => Some(group.clone()),
            _ => only(&all),
        };
        let groups = named.iter().filter_map(|(piece, [own, retry])| {
            let called = piece.recognised.and_then(|at| evidence.recognised[at].call.as_ref()?.group.clone());
            Some((*piece, called.or_else(|| only(retry)).or_else(|| only(own))?))
        });
        sections.groups = groups.collect();
        sections
    }

    /// The piece that a place is in.
    pub fn piece(&self, place: Place) -> Piece {
        let recognised = &self.evidence.recognised;
        let before = recognised.partition_point(|piece| piece.place <= place);
        let at = before.checked_sub(1).filter(|&at| recognised[at].place.input == place.input);
        Piece { input: place.input, recognised: at }
    }

    /// The call that printed what stands there.
    pub fn call(&self, place: Place) -> Option<&'a Call> {
        self.evidence.recognised[self.piece(place).recognised?].call.as_ref()
    }

    /// When it was printed, milliseconds since 1970.
    pub fn at_ms(&self, place: Place) -> Option<i64> {
        self.call(place)?.at_ms
    }

    /// What it was taken for.
    pub fn what(&self, place: Place) -> &'static str {
        self.piece(place).recognised.map_or("", |at| self.evidence.recognised[at].what)
    }

    /// The group of what stands there and does not say its own.
    pub fn group(&self, place: Place) -> Option<&str> {
        self.groups.get(&self.piece(place)).or(self.otherwise.as_ref()).map(String::as_str)
    }

    /// The folder of the input, empty where its name has none.
    pub fn folder(&self, place: Place) -> &'a str {
        self.folder_of(self.piece(place))
    }

    /// The folder of the input that a piece is of.
    pub fn folder_of(&self, piece: Piece) -> &'a str {
        self.evidence.inputs[piece.input].rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// The group that a fact is of, where it says so.
fn group_of(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::GroupIs { group, .. }
        | Fact::Member { group, .. }
        | Fact::Subscription { group, .. }
        | Fact::ClientSetting { group, .. }
        | Fact::Progress { group, .. }
        | Fact::Committed { group, .. }
        | Fact::ClientOffset { group, .. }
        | Fact::PopOwner { group, .. }
        | Fact::SubscriptionsDiffer { group }
        | Fact::Owner { group, .. } => group.as_deref(),
        Fact::GroupAt { group, .. } | Fact::RequestMode { group, .. } => Some(group),
        Fact::Logged {
            event:
                LogEvent::Notified { group, .. }
                | LogEvent::QueueAdded { group, .. }
                | LogEvent::QueueRemoved { group, .. }
                | LogEvent::Rebalanced { group, .. },
            ..
        } => Some(group),
        _ => None,
    }
}

fn topic_of(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Subscription { topic, .. } | Fact::Committed { topic, .. } => Some(topic),
        Fact::Progress { queue, .. } | Fact::Owner { queue, .. } => Some(&queue.topic),
        _ => None,
    }
}

/// Whether a topic is RocketMQ's own: nobody imports it to see who reads it.
#[must_use]
pub fn is_of_the_system(topic: &str) -> bool {
    const BEGINNINGS: [&str; 6] = ["%RETRY%", "%DLQ%", "rmq_sys_", "RMQ_SYS_", "%SYS%", "rocketmq-broker-"];
    const NAMES: [&str; 7] = [
        "TBW102",
        "SCHEDULE_TOPIC_XXXX",
        "SELF_TEST_TOPIC",
        "BenchmarkTest",
        "OFFSET_MOVED_EVENT",
        "TRANS_CHECK_MAX_TIME_TOPIC",
        "DefaultHeartBeatSyncerTopic",
    ];
    BEGINNINGS.iter().any(|beginning| topic.starts_with(beginning)) || NAMES.contains(&topic)
}
