//! Clients that a broker lists twice although they run once: their old connection is half open (trap E4).

use std::collections::BTreeMap;

use crate::kernel::Instant;
use crate::model::observation::{ClientIndex, Kinds, Observation, Observed, kinds};
use crate::model::plan::{BrokerIndex, GroupIndex};

/// A client of a group, the broker that listed it twice, from when until when.
type Stretch = ((GroupIndex, ClientIndex), BrokerIndex, Instant, Option<Instant>);

/// Who is in which broker's list, by how many connections.
#[derive(Debug, Default)]
pub(super) struct ListedTwice {
    connections: BTreeMap<(BrokerIndex, GroupIndex, ClientIndex), u32>,
    /// Stretches in which a client was in a list twice.
    stretches: Vec<Stretch>,
}

impl ListedTwice {
    /// What it reads.
    pub const READS: Kinds = kinds![MemberAdded, MemberRemoved, BrokerDown];

    /// Takes in one observation; answers who is listed twice from now on.
    pub fn observe(&mut self, seen: &Observed) -> Option<(BrokerIndex, GroupIndex, ClientIndex)> {
        match seen.what {
            Observation::MemberAdded { broker, group, client, .. } => {
                let count = self.connections.entry((broker, group, client)).or_default();
                *count += 1;
                if *count == 2 {
                    self.stretches.push(((group, client), broker, seen.at, None));
                    return Some((broker, group, client));
                }
            }
            Observation::MemberRemoved { broker, group, client, .. } => {
                let count = self.connections.entry((broker, group, client)).or_default();
                *count = count.saturating_sub(1);
                if *count < 2 {
                    self.end(seen.at, |stretch| (stretch.0, stretch.1) == ((group, client), broker));
                }
            }
            // Its table is gone with the broker.
            Observation::BrokerDown { broker, .. } => {
                self.connections.retain(|(of, ..), _| *of != broker);
                self.end(seen.at, |stretch| stretch.1 == broker);
            }
            _ => {}
        }
        None
    }

    fn end(&mut self, at: Instant, which: impl Fn(&Stretch) -> bool) {
        self.stretches.iter_mut().filter(|stretch| stretch.3.is_none() && which(stretch)).for_each(|s| s.3 = Some(at));
    }

    /// Whether a client of a group was listed twice at a moment.
    pub fn was(&self, group: GroupIndex, client: ClientIndex, at: Instant) -> bool {
        self.stretches.iter().any(|(who, _, from, until)| {
            *who == (group, client) && *from <= at && until.is_none_or(|until| at <= until)
        })
    }
}
