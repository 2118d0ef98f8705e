//! Clients that a broker lists twice although they run once: their old connection is half open (trap E4).

use std::collections::BTreeMap;

use crate::kernel::Instant;
use crate::model::observation::{ClientIndex, Kinds, Observation, Observed, kinds};
use crate::model::plan::{BrokerIndex, GroupIndex};

/// An entry of a broker's member table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Listing {
    /// Whose table.
    pub broker: BrokerIndex,
    /// Of which group.
    pub group: GroupIndex,
    /// Who.
    pub client: ClientIndex,
}

/// A stretch in which a client was in a list twice.
#[derive(Debug)]
struct Stretch {
    who: Listing,
    from: Instant,
    until: Option<Instant>,
}

/// Who is in which broker's list, by how many connections.
#[derive(Debug, Default)]
pub(super) struct ListedTwice {
    connections: BTreeMap<Listing, u32>,
    stretches: Vec<Stretch>,
}

impl ListedTwice {
    /// What it reads.
    pub const READS: Kinds = kinds![MemberAdded, MemberRemoved, BrokerDown];

    /// Takes in one observation; answers who is listed twice from now on.
    pub fn observe(&mut self, seen: &Observed) -> Option<Listing> {
        match seen.what {
            Observation::MemberAdded { broker, group, client, .. } => {
                let who = Listing { broker, group, client };
                let count = self.connections.entry(who).or_default();
                *count += 1;
                if *count == 2 {
                    self.stretches.push(Stretch { who, from: seen.at, until: None });
                    return Some(who);
                }
            }
            Observation::MemberRemoved { broker, group, client, .. } => {
                let who = Listing { broker, group, client };
                let count = self.connections.entry(who).or_default();
                *count = count.saturating_sub(1);
                if *count < 2 {
                    self.end(seen.at, |stretch| stretch.who == who);
                }
            }
            // Its table is gone with the broker.
            Observation::BrokerDown { broker, .. } => {
                self.connections.retain(|who, _| who.broker != broker);
                self.end(seen.at, |stretch| stretch.who.broker == broker);
            }
            _ => {}
        }
        None
    }

    fn end(&mut self, at: Instant, which: impl Fn(&Stretch) -> bool) {
        self.stretches
            .iter_mut()
            .filter(|stretch| stretch.until.is_none() && which(stretch))
            .for_each(|s| s.until = Some(at));
    }

    /// Whether a client of a group was listed twice at a moment.
    pub fn was(&self, group: GroupIndex, client: ClientIndex, at: Instant) -> bool {
        self.lasting(group, client, at).next().is_some()
    }

    /// When a client of a group that was listed twice at a moment was so nowhere any more; `None`: it is to this day.
    pub fn until(&self, group: GroupIndex, client: ClientIndex, at: Instant) -> Option<Instant> {
        let ends: Option<Vec<Instant>> = self.lasting(group, client, at).map(|stretch| stretch.until).collect();
        ends?.into_iter().max()
    }

    fn lasting(&self, group: GroupIndex, client: ClientIndex, at: Instant) -> impl Iterator<Item = &Stretch> {
        let lasts = move |stretch: &&Stretch| stretch.from <= at && stretch.until.is_none_or(|until| at <= until);
        let whose = move |stretch: &&Stretch| (stretch.who.group, stretch.who.client) == (group, client);
        self.stretches.iter().filter(lasts).filter(whose)
    }
}
