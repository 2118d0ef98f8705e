//! Clients that a broker lists twice although they run once: their old connection is half open (trap E4).

use std::collections::BTreeMap;

use crate::kernel::Instant;
use crate::model::observation::{ClientIndex, Observation, Observed};
use crate::model::plan::{BrokerIndex, GroupIndex};

/// Who is in which broker's list, by how many connections.
#[derive(Debug, Default)]
pub(super) struct ListedTwice {
    connections: BTreeMap<(BrokerIndex, GroupIndex, ClientIndex), u32>,
    /// Stretches in which a client was in a list twice.
    stretches: Vec<(ClientIndex, BrokerIndex, Instant, Option<Instant>)>,
}

impl ListedTwice {
    /// Takes in one observation; answers who is listed twice from now on.
    pub fn observe(&mut self, seen: &Observed) -> Option<(BrokerIndex, GroupIndex, ClientIndex)> {
        match seen.what {
            Observation::MemberAdded { broker, group, client, .. } => {
                let count = self.connections.entry((broker, group, client)).or_default();
                *count += 1;
                if *count == 2 {
                    self.stretches.push((client, broker, seen.at, None));
                    return Some((broker, group, client));
                }
            }
            Observation::MemberRemoved { broker, group, client, .. } => {
                let count = self.connections.entry((broker, group, client)).or_default();
                *count = count.saturating_sub(1);
                if *count < 2 {
                    self.end(seen.at, |stretch| (stretch.0, stretch.1) == (client, broker));
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

    fn end(&mut self, at: Instant, which: impl Fn(&(ClientIndex, BrokerIndex, Instant, Option<Instant>)) -> bool) {
        self.stretches.iter_mut().filter(|stretch| stretch.3.is_none() && which(stretch)).for_each(|s| s.3 = Some(at));
    }

    /// Whether a client was listed twice at a moment.
    pub fn was(&self, client: ClientIndex, at: Instant) -> bool {
        self.stretches
            .iter()
            .any(|(who, _, from, until)| *who == client && *from <= at && until.is_none_or(|until| at <= until))
    }
}
