//! Whom each broker listed as a member of which group, from when until when.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::{Instant, Span};
use crate::model::ids::ConnectionId;
use crate::model::observation::{ClientIndex, Kinds, MemberLoss, Observation, Observed, kinds};
use crate::model::plan::{BrokerIndex, GroupIndex};

/// One entry of a broker's member table.
#[derive(Debug, Clone, Copy)]
struct Entry {
    client: ClientIndex,
    connection: ConnectionId,
    from: Instant,
    until: Option<Instant>,
    loss: Option<MemberLoss>,
}

/// Why a broker that came up does not list a member that lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Shortness {
    /// It listed the member before it went down.
    Restarted,
    /// It never did, and others do.
    New,
}

/// The tables of all brokers.
#[derive(Debug)]
pub(in crate::check) struct Lists {
    /// A broker is "just back" for so long: until every client's timer heartbeat has reached it.
    just_back: Span,
    entries: BTreeMap<(BrokerIndex, GroupIndex), Vec<Entry>>,
    /// When a broker came up, but for the beginning of the run, and when it had gone down before.
    ups: BTreeMap<BrokerIndex, Vec<(Instant, Option<Instant>)>>,
    downs: BTreeMap<BrokerIndex, Instant>,
}

impl Lists {
    /// What it reads.
    pub const READS: Kinds = kinds![MemberAdded, MemberRemoved, BrokerDown, BrokerUp];

    /// Nothing has happened yet.
    pub fn new(just_back: Span) -> Self {
        Self { just_back, entries: BTreeMap::new(), ups: BTreeMap::new(), downs: BTreeMap::new() }
    }

    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed) {
        match seen.what {
            Observation::MemberAdded { broker, group, client, connection } => {
                let entry = Entry { client, connection, from: seen.at, until: None, loss: None };
                self.entries.entry((broker, group)).or_default().push(entry);
            }
            Observation::MemberRemoved { broker, group, client, connection, loss } => {
                let entries = self.entries.entry((broker, group)).or_default().iter_mut().rev();
                let open = |entry: &&mut Entry| {
                    entry.until.is_none() && (entry.client, entry.connection) == (client, connection)
                };
                if let Some(entry) = entries.into_iter().find(open) {
                    (entry.until, entry.loss) = (Some(seen.at), Some(loss));
                }
            }
            // Its tables are gone with the broker.
            Observation::BrokerDown { broker, .. } => {
                self.downs.insert(broker, seen.at);
                for (_, entries) in self.entries.range_mut((broker, GroupIndex::MIN)..=(broker, GroupIndex::MAX)) {
                    for entry in entries.iter_mut().filter(|entry| entry.until.is_none()) {
                        (entry.until, entry.loss) = (Some(seen.at), Some(MemberLoss::BrokerDown));
                    }
                }
            }
            Observation::BrokerUp { broker } if seen.at > Instant::ZERO => {
                self.ups.entry(broker).or_default().push((seen.at, self.downs.remove(&broker)));
            }
            _ => {}
        }
    }

    fn of(&self, broker: BrokerIndex, group: GroupIndex) -> &[Entry] {
        self.entries.get(&(broker, group)).map_or(&[], Vec::as_slice)
    }

    /// Whether a broker listed a client at a moment.
    pub fn lists(&self, broker: BrokerIndex, group: GroupIndex, client: ClientIndex, at: Instant) -> bool {
        let there = |entry: &Entry| entry.from <= at && entry.until.is_none_or(|until| at < until);
        self.of(broker, group).iter().any(|entry| entry.client == client && there(entry))
    }

    /// Brokers that listed a client at some moment of a stretch.
    pub fn listing(
        &self,
        group: GroupIndex,
        client: ClientIndex,
        (from, until): (Instant, Instant),
    ) -> BTreeSet<BrokerIndex> {
        let within = |entry: &Entry| entry.from <= until && entry.until.is_none_or(|end| from < end);
        let of_group = self.entries.iter().filter(|((_, of), _)| *of == group);
        let lists = of_group.filter(|(_, entries)| entries.iter().any(|e| e.client == client && within(e)));
        lists.map(|((broker, _), _)| *broker).collect()
    }

    /// When brokers' scans removed a client within a stretch, without a word.
    pub fn expired(
        &self,
        group: GroupIndex,
        client: ClientIndex,
        (from, until): (Instant, Instant),
    ) -> Vec<(Instant, BrokerIndex)> {
        let of_group = self.entries.iter().filter(|((_, of), _)| *of == group);
        let own = |entry: &&Entry| entry.client == client && entry.loss == Some(MemberLoss::Expired);
        let removed = of_group.flat_map(|((broker, _), entries)| {
            entries.iter().filter(own).filter_map(|entry| Some((entry.until?, *broker)))
        });
        removed.filter(|(at, _)| (from..=until).contains(at)).collect()
    }

    /// When a client was first listed in a stretch, by whatever broker.
    pub fn first_listed(
        &self,
        group: GroupIndex,
        client: ClientIndex,
        (from, until): (Instant, Instant),
    ) -> Option<Instant> {
        let of_group = self.entries.iter().filter(|((_, of), _)| *of == group);
        let own = of_group.flat_map(|(_, entries)| entries).filter(|entry| entry.client == client);
        own.map(|entry| entry.from).filter(|at| (from..=until).contains(at)).min()
    }

    /// When and how a broker last lost a client, by a moment; `None`: it never listed it, or lists it.
    pub fn lost(
        &self,
        broker: BrokerIndex,
        group: GroupIndex,
        client: ClientIndex,
        at: Instant,
    ) -> Option<(Instant, MemberLoss)> {
        if self.lists(broker, group, client, at) {
            return None;
        }
        let mut before = self.of(broker, group).iter().rev().filter(|e| e.client == client);
        let entry = before.find(|e| e.until.is_some_and(|until| until <= at))?;
        Some((entry.until?, entry.loss?))
    }

    /// Whether a broker came up so shortly before a moment that its list may be short.
    pub fn is_just_up(&self, broker: BrokerIndex, at: Instant) -> bool {
        self.ups.get(&broker).is_some_and(|ups| ups.iter().any(|(up, _)| *up <= at && at.since(*up) < self.just_back))
    }

    /// Whether a broker's list lacked a client at a moment because the broker had just come up: it went down with the
    /// client in its list, or is new while another broker lists the client; and the client has not registered since.
    pub fn short_since_up(
        &self,
        broker: BrokerIndex,
        group: GroupIndex,
        client: ClientIndex,
        at: Instant,
    ) -> Option<Shortness> {
        let &(up, down) = self.ups.get(&broker)?.iter().rev().find(|(up, _)| *up <= at)?;
        let back = self.of(broker, group).iter().any(|e| e.client == client && (up..=at).contains(&e.from));
        if at.since(up) >= self.just_back || back {
            return None;
        }
        match down {
            Some(down) => {
                let went_with = |e: &Entry| e.until == Some(down) && e.loss == Some(MemberLoss::BrokerDown);
                let was = self.of(broker, group).iter().any(|e| e.client == client && went_with(e));
                was.then_some(Shortness::Restarted)
            }
            None => {
                let others = self.entries.keys().filter(|(other, of)| *other != broker && *of == group);
                let mut others = others.map(|(other, _)| *other);
                others.any(|other| self.lists(other, group, client, up)).then_some(Shortness::New)
            }
        }
    }
}
