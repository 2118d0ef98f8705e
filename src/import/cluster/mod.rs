//! The picture of one cluster, put together from facts of any inputs.
//!
//! ```text
//!   facts --sections--> which call, folder and group each is of --+--> brokers, topics, groups with members: Cluster
//!                                                               +--> remarks: what contradicts, what was left out
//! ```
//! Every value keeps the places that say it. Where two inputs disagree one is taken by a rule, and both are told: what a
//! route says counts more than what a broker's file says, and that more than what rows about something else suggest; of
//! equals the last counts.

mod brokers;
mod groups;
mod json;
mod known;
mod members;
mod rates;
mod sections;
mod topics;

pub use brokers::{Broker, Process};
pub use groups::{Group, GroupOn, Offset};
pub use json::json;
pub use known::{Known, Remark, RemarkKind};
pub use members::Member;
pub use rates::{Rate, thousandths};
pub use sections::is_of_the_system;
pub use topics::{OnBroker, Topic};

use std::collections::BTreeMap;

use self::brokers::Directory;
use self::known::Told;
use self::sections::Sections;
use super::evidence::Evidence;
use super::fact::Fact;
use super::section::Place;

/// What is asked for, and what inputs do not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only these groups; one is also the group of whatever does not say its own.
    pub groups: Vec<String>,
    /// Only these topics; one is also the topic of whatever does not say its own.
    pub topics: Vec<String>,
    /// The broker of files that do not say theirs.
    pub broker: Option<String>,
}

/// A cluster as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cluster {
    /// Addresses of name servers.
    pub name_servers: BTreeMap<String, Vec<Place>>,
    /// Settings of name servers.
    pub name_server_settings: BTreeMap<String, Known<String>>,
    /// By `brokerName`.
    pub brokers: BTreeMap<String, Broker>,
    /// By name, without RocketMQ's own.
    pub topics: BTreeMap<String, Topic>,
    /// By name.
    pub groups: BTreeMap<String, Group>,
    /// What was deployed, by name.
    pub workloads: BTreeMap<String, Workload>,
    /// What a person wants to know of how it was put together.
    pub remarks: Vec<Remark>,
}

/// Processes that belong together, of a manifest; as [`Fact::Workload`] has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// Where it stands.
    pub place: Place,
    /// Its `kind`.
    pub kind: String,
    /// `spec.replicas`.
    pub replicas: Option<u32>,
    /// Milliseconds.
    pub termination_grace_ms: Option<u64>,
    /// As it is written.
    pub max_surge: Option<String>,
    /// As it is written.
    pub max_unavailable: Option<String>,
    /// Milliseconds.
    pub pre_stop_ms: Option<u64>,
    /// Milliseconds.
    pub ready_after_ms: Option<u64>,
}

/// Puts facts together.
#[must_use]
pub fn join(evidence: &Evidence, wanted: &Wanted) -> Cluster {
    let facts = &evidence.facts[..];
    let sections = Sections::of(evidence, wanted);
    let directory = Directory::of(facts, &sections, wanted);
    let mut told = Told { evidence, remarks: Vec::new() };
    let around = (&sections, &directory);
    let mut cluster = Cluster {
        brokers: brokers::brokers(facts, around, &mut told),
        topics: topics::topics(facts, wanted, around, &mut told),
        groups: groups::groups(facts, wanted, around, &mut told),
        ..Cluster::default()
    };
    for (name, place) in topics::brokers_of(&cluster.topics) {
        let broker = cluster.brokers.entry(name).or_default();
        if broker.places.is_empty() {
            broker.places.push(place);
        }
    }
    for (topic, rate) in rates::sent(facts, wanted, &sections) {
        if let Some(topic) = cluster.topics.get_mut(&topic) {
            topic.rate = Some(rate);
        }
    }
    let mut settings: BTreeMap<String, known::Claims<String>> = BTreeMap::new();
    for sighted in facts {
        match &sighted.fact {
            Fact::NameServer { address } => {
                cluster.name_servers.entry(address.clone()).or_default().push(sighted.place);
            }
            Fact::NameServerSetting { key, value } => {
                let claims = settings.entry(key.clone()).or_default();
                claims.say(value.clone(), sighted.place, known::Weight::Written);
            }
            Fact::Workload { name, .. } => {
                cluster.workloads.extend(workload(&sighted.fact, sighted.place).map(|own| (name.clone(), own)));
            }
            _ => {}
        }
    }
    for (key, claims) in settings {
        let known = claims.settled(|value| format!("{key} = {value} of a name server"), &mut told);
        cluster.name_server_settings.extend(known.map(|known| (key, known)));
    }
    cluster.choose(wanted);
    cluster.remarks = told.remarks;
    cluster
}

fn workload(fact: &Fact, place: Place) -> Option<Workload> {
    let Fact::Workload {
        kind,
        replicas,
        termination_grace_ms,
        max_surge,
        max_unavailable,
        pre_stop_ms,
        ready_after_ms,
        ..
    } = fact
    else {
        return None;
    };
    Some(Workload {
        place,
        kind: kind.clone(),
        replicas: *replicas,
        termination_grace_ms: *termination_grace_ms,
        max_surge: max_surge.clone(),
        max_unavailable: max_unavailable.clone(),
        pre_stop_ms: *pre_stop_ms,
        ready_after_ms: *ready_after_ms,
    })
}

impl Cluster {
    /// Leaves only what is wanted, where something is.
    fn choose(&mut self, wanted: &Wanted) {
        if wanted.topics.is_empty() {
            return;
        }
        let is_wanted = |topic: &str| wanted.topics.iter().any(|wanted| wanted == topic);
        self.topics.retain(|topic, _| is_wanted(topic));
        for group in self.groups.values_mut() {
            group.subscriptions.retain(|topic, _| is_wanted(topic));
            group.offsets.retain(|queue, _| is_wanted(&queue.topic));
            group.owners.retain(|queue, _| is_wanted(&queue.topic));
            group.request_modes.retain(|topic, _| is_wanted(topic));
            group.counted.retain(|topic, _| is_wanted(topic));
            group.members.iter_mut().for_each(|member| member.subscriptions.retain(|topic, _| is_wanted(topic)));
        }
    }
}
