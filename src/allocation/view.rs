//! What a member knows or does differently from the others.

use std::collections::{BTreeMap, BTreeSet};

use crate::strategy::ClientId;

/// How one member differs from the rest of its group; `None`: as everybody.
///
/// There is no agreement between members: each allocates from the lists it has been told (traps E3, E7, E8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    /// The member list it was told, in any order.
    pub ids: Option<Vec<ClientId>>,
    /// The brokers its route knows.
    pub brokers: Option<BTreeSet<String>>,
    /// The topics it subscribes to. It counts as a member for the others too: membership is by group.
    pub topics: Option<BTreeSet<String>>,
    /// The strategy it was built with.
    pub strategy: Option<String>,
}

/// The members that differ, by client id.
pub type Views = BTreeMap<String, View>;
