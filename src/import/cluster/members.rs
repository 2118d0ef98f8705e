//! Members of a group: who they are, as the last list of them says, and what is known of each.

use std::collections::{BTreeMap, BTreeSet};

use super::super::fact::{Fact, LogEvent, Sighted};
use super::super::section::Place;
use super::known::{Claims, Known, RemarkKind, Told, Weight};
use super::sections::{Piece, Sections, is_of_the_system};
use crate::strategy::order::compare_java_strings;

/// A process of a group. Two that share a client id are two members.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Member {
    /// `clientId`, as brokers know it.
    pub client_id: String,
    /// Where it is named.
    pub places: Vec<Place>,
    /// `host:port` that its connection comes from.
    pub address: Option<String>,
    /// Such as `JAVA`.
    pub language: Option<Known<String>>,
    /// Such as `V5_3_3`.
    pub version: Option<Known<String>>,
    /// What it subscribes, where that is known of it alone: topics with their expressions.
    pub subscriptions: BTreeMap<String, Known<String>>,
    /// It has said what it subscribes, and there is no topic among it: its retry topic alone is left.
    pub has_unsubscribed: bool,
    /// Its settings, as they are written.
    pub settings: BTreeMap<String, Known<String>>,
}

/// What is said of one client id.
#[derive(Default)]
struct Gathered {
    places: Vec<Place>,
    /// Addresses by the list that has them: several in one list are several processes.
    addresses: BTreeMap<Piece, BTreeSet<Option<String>>>,
    language: Claims<String>,
    version: Claims<String>,
    subscriptions: BTreeMap<String, Claims<String>>,
    /// It says what it subscribes.
    says_subscriptions: bool,
    settings: BTreeMap<String, Claims<String>>,
}

/// The members of one group.
#[derive(Default)]
pub(super) struct Members {
    by_id: BTreeMap<String, Gathered>,
    /// Lists that are a group's whole: those that say what the group is as well (`consumerConnection`).
    whole: BTreeMap<Piece, Place>,
    /// What logs say last of a member and a topic.
    rebalanced: BTreeMap<(String, String), (Place, String)>,
}

impl Members {
    /// Takes what a fact says of a member of this group.
    pub fn hear(&mut self, sighted: &Sighted, sections: &Sections<'_>) {
        let place = sighted.place;
        match &sighted.fact {
            Fact::GroupIs { consume_type: Some(_), .. } => {
                self.whole.insert(sections.piece(place), place);
            }
            Fact::Member { client_id, address, language, version, .. } => {
                let own = self.own(client_id, place);
                own.addresses.entry(sections.piece(place)).or_default().insert(address.clone());
                language.iter().for_each(|value| own.language.say(value.clone(), place, Weight::Written));
                version.iter().for_each(|value| own.version.say(value.clone(), place, Weight::Written));
            }
            Fact::Subscription { client_id: Some(id), topic, expression, .. } => {
                let own = self.own(id, place);
                own.says_subscriptions = true;
                if is_of_the_system(topic) {
                    return;
                }
                own.subscriptions.entry(topic.clone()).or_default().say(expression.clone(), place, Weight::Written);
            }
            Fact::ClientSetting { client_id: Some(id), key, value, .. } => {
                let own = self.own(id, place);
                own.settings.entry(key.clone()).or_default().say(value.clone(), place, Weight::Written);
            }
            Fact::Owner { client_id, .. } | Fact::ClientOffset { client_id, .. } | Fact::PopOwner { client_id, .. } => {
                self.own(client_id, place);
            }
            Fact::Logged { event: LogEvent::Rebalanced { client_id, topic, strategy, .. }, .. } => {
                self.rebalanced.insert((client_id.clone(), topic.clone()), (place, strategy.clone()));
            }
            _ => {}
        }
    }

    fn own(&mut self, id: &str, place: Place) -> &mut Gathered {
        let own = self.by_id.entry(id.to_owned()).or_default();
        own.places.push(place);
        own
    }

    /// All of them by client id, as Java sorts it.
    pub fn settled(mut self, group: &str, sections: &Sections<'_>, told: &mut Told<'_>) -> Vec<Member> {
        for ((id, _), (place, strategy)) in std::mem::take(&mut self.rebalanced) {
            let own = self.own(&id, place);
            // Under `Derived`: a log may be older than a look.
            own.settings.entry(STRATEGY.to_owned()).or_default().say(strategy, place, Weight::Derived);
        }
        let lists = |piece: &Piece| self.by_id.values().any(|own| own.addresses.contains_key(piece));
        let whole = self.whole.iter().filter(|(piece, _)| lists(piece));
        let last = whole
            .max_by_key(|(piece, place)| (sections.at_ms(**place), **piece))
            .map(|(piece, place)| (*piece, *place));
        let mut members = Vec::new();
        for (id, own) in self.by_id {
            let processes: BTreeSet<Option<String>> = match last {
                Some((piece, place)) => {
                    let Some(processes) = own.addresses.get(&piece) else {
                        let (seen, list) = (own.places.first().copied(), told.evidence.at(place));
                        let seen = seen.map_or_else(String::new, |seen| format!(" ({})", told.evidence.at(seen)));
                        let sentence = format!(
                            "`{id}`{seen} is not among the members of `{group}` in the last list of them ({list})"
                        );
                        told.remark(RemarkKind::LeftOut, sentence);
                        continue;
                    };
                    processes.clone()
                }
                None => own.addresses.values().max_by_key(|addresses| addresses.len()).cloned().unwrap_or_default(),
            };
            // An address that a list does not say is that of a process which another row may say.
            let known: Vec<Option<String>> = processes.iter().filter(|address| address.is_some()).cloned().collect();
            let processes = if known.is_empty() { vec![None] } else { known };
            if processes.len() > 1 {
                let sentence = format!("{} processes of `{group}` share the client id `{id}`", processes.len());
                told.remark(RemarkKind::Conflict, sentence);
            }
            let member = own.settled(&id, told);
            members.extend(processes.into_iter().map(|address| Member { address, ..member.clone() }));
        }
        members.sort_by(|a, b| compare_java_strings(&a.client_id, &b.client_id));
        members
    }
}

/// RocketMQ's name of the strategy's setting.
pub(super) const STRATEGY: &str = "allocateMessageQueueStrategy";

impl Gathered {
    fn settled(self, id: &str, told: &mut Told<'_>) -> Member {
        let mut all = |claims: BTreeMap<String, Claims<String>>, what: &str| {
            let mut settled = BTreeMap::new();
            for (key, claims) in claims {
                let known = claims.settled(|value| format!("{what}{key} = {value} of `{id}`"), told);
                settled.extend(known.map(|known| (key, known)));
            }
            settled
        };
        let (subscriptions, settings) = (all(self.subscriptions, "the subscription "), all(self.settings, ""));
        Member {
            client_id: id.to_owned(),
            places: self.places,
            address: None,
            language: self.language.settled(|value| format!("the language {value} of `{id}`"), told),
            version: self.version.settled(|value| format!("the version {value} of `{id}`"), told),
            has_unsubscribed: self.says_subscriptions && subscriptions.is_empty(),
            subscriptions,
            settings,
        }
    }
}
