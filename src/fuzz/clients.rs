//! Which clients run in a random cluster: those of 5.3.3, or of each group any that is modelled.
//!
//! The clients are drawn from a stream of their own behind all else, so that a cluster with them has the hosts, groups and
//! faults of the same seed without them.

use std::fmt::Write;

use super::cluster::{Cluster, Group, one};
use crate::kernel::Stream;

/// Which clients a random cluster may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clients {
    /// Java clients of 5.3.3 that deal their queues themselves.
    #[default]
    Usual,
    /// Any of each group: Java's or Go's of some release, or such as let brokers deal and mostly pop.
    Any,
}

/// Releases of the Java client, the first and last of each line but the usual one.
const JAVA: [&str; 9] = ["4.9.0", "4.9.8", "5.0.0", "5.1.0", "5.1.4", "5.2.0", "5.3.0", "5.4.0", "5.5.0"];

/// Releases of the Go client.
const GO: [&str; 4] = ["go-2.1.0", "go-2.1.1", "go-2.1.2", "go-master"];

/// Those that ask brokers who has what.
const ASKING: [&str; 2] = ["5.3.3", "5.5.0"];

/// What brokers answer to those: they may have been told to let the group pull.
const MODES: [&str; 3] = ["POP", "POP", "PULL"];

/// A kind of client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Java,
    Go,
    /// It lets brokers deal.
    Asks,
}

impl Cluster {
    /// Draws what runs in the members of each group, and what brokers answer to those who ask.
    pub fn choose_clients(&mut self, stream: &mut Stream) {
        let kinds = [Kind::Java, Kind::Go, Kind::Asks];
        // A process runs one client.
        let all_can_go = self.groups.iter().filter(|group| group.shares).all(Group::can_be_go);
        let of_process = match *one(stream, &kinds) {
            Kind::Go if !all_can_go => Kind::Java,
            kind => kind,
        };
        self.mode = Some(*one(stream, &MODES));
        for group in &mut self.groups {
            let drawn = if group.shares { of_process } else { *one(stream, &kinds) };
            let kind = match drawn {
                Kind::Go if !group.can_be_go() => Kind::Java,
                Kind::Asks if !group.can_ask() => Kind::Java,
                kind => kind,
            };
            let releases: &[&str] = match kind {
                Kind::Java => &JAVA,
                Kind::Go => &GO,
                Kind::Asks => &ASKING,
            };
            let version = *one(stream, releases);
            writeln!(group.settings, "clientVersion = {version:?}").expect("a text takes all");
            if kind == Kind::Asks {
                group.settings.push_str("clientRebalance = false\npopInvisibleTime = \"20s\"\n");
            }
            // Some are on their way from one release or language to another.
            let others: &[&str] = if group.can_be_go() && !group.shares { &GO } else { &JAVA };
            let other = *one(stream, others);
            if kind != Kind::Asks && stream.chance(1, 3) {
                group.other_version = Some(other);
            }
        }
    }
}

impl Group {
    /// Whether what it does is modelled of the Go client.
    fn can_be_go(&self) -> bool {
        let says = |word: &str| self.settings.contains(word);
        let orderly_broadcast = self.broadcasting && says("orderly");
        !says("class = ") && !says("offsetStore = ") && !orderly_broadcast
    }

    /// Whether brokers may deal its queues: by strategies that they know.
    fn can_ask(&self) -> bool {
        let says = |word: &str| self.settings.contains(word);
        !says("class = ") && !says("offsetStore = ") && !says("orderly") && !says("_HASH") && !self.broadcasting
    }
}
