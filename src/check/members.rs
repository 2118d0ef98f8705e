//! Members: which client each broker counted as a member, from when until when.

use std::collections::BTreeMap;

use super::twice::Listing;
use super::{Check, Findings, Membership, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::ConnectionId;
use crate::model::observation::{Kinds, Observation, Observed, kinds};

/// The metric.
#[derive(Debug)]
pub(super) struct Members {
    rows: bool,
    /// Since when the client is in the table, and through which connections: one client may have two for a while.
    open: BTreeMap<Listing, (Instant, Vec<ConnectionId>)>,
    closed: Vec<Membership>,
}

impl Members {
    pub fn new(rows: bool) -> Self {
        Self { rows, open: BTreeMap::new(), closed: Vec::new() }
    }
}

impl Check for Members {
    fn name(&self) -> &'static str {
        "members"
    }

    fn reads(&self) -> Kinds {
        kinds![MemberAdded, MemberRemoved]
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, _: &Names) {
        match seen.what {
            Observation::MemberAdded { broker, group, client, connection } if self.rows => {
                let who = Listing { broker, group, client };
                self.open.entry(who).or_insert((seen.at, Vec::new())).1.push(connection);
            }
            Observation::MemberRemoved { broker, group, client, connection, .. } => {
                let who = Listing { broker, group, client };
                let Some((from, connections)) = self.open.get_mut(&who) else { return };
                connections.retain(|&other| other != connection);
                if connections.is_empty() {
                    self.closed.push(Membership { group, broker, client, from: *from, until: seen.at });
                    self.open.remove(&who);
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, _: &Names, findings: &mut Findings) {
        let until = findings.windows.iter().map(|window| window.until).max().unwrap_or(Instant::ZERO);
        let open = std::mem::take(&mut self.open);
        self.closed.extend(open.into_iter().map(|(Listing { broker, group, client }, (from, _))| Membership {
            group,
            broker,
            client,
            from,
            until,
        }));
        self.closed.sort_by_key(|row| (row.group, row.broker, row.from, row.client));
        findings.members = std::mem::take(&mut self.closed);
    }
}
