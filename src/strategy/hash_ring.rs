//! The ring of virtual nodes (`ConsistentHashRouter`, `VirtualNode`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use md5::{Digest, Md5};

use super::ClientId;
use super::check::first_positions;

/// The hash of a key: the first four bytes of its MD5 as an unsigned big-endian number
/// (`ConsistentHashRouter.MD5Hash.hash`).
#[must_use]
pub fn hash(key: &str) -> u32 {
    let digest = Md5::digest(key.as_bytes());
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// The key of a virtual node (`VirtualNode.getKey`).
#[must_use]
pub fn virtual_node_key(cid: &str, replica_index: u32) -> String {
    format!("{cid}-{replica_index}")
}

/// One of the points at which a member stands on the ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VirtualNode {
    /// Position of the member in the list of ids, the first where its id repeats.
    pub member: usize,
    /// Number of the node among those of its member.
    pub replica_index: u32,
}

/// Virtual nodes by hash.
#[derive(Debug, Clone)]
pub struct HashRing {
    nodes: BTreeMap<u32, VirtualNode>,
    live: Vec<u32>,
}

impl HashRing {
    /// A ring of `virtual_node_cnt` nodes for every entry of `cid_all`, added in its order.
    ///
    /// Of two nodes with the same hash the later stays. An id that stands again goes on counting from the nodes of
    /// it that are on the ring by then, and so weighs double (`ConsistentHashRouter.addNode`).
    #[must_use]
    pub fn new(cid_all: &[ClientId], virtual_node_cnt: u32) -> Self {
        let mut ring = Self { nodes: BTreeMap::new(), live: vec![0; cid_all.len()] };
        for (cid, member) in cid_all.iter().zip(first_positions(cid_all)) {
            let existing = ring.live[member];
            for index in 0..virtual_node_cnt {
                let replica_index = existing.wrapping_add(index);
                let node = VirtualNode { member, replica_index };
                if let Some(replaced) = ring.nodes.insert(hash(&virtual_node_key(cid, replica_index)), node) {
                    ring.live[replaced.member] -= 1;
                }
                ring.live[member] += 1;
            }
        }
        ring
    }

    /// How many nodes the member at a first position has on the ring (`getExistingReplicas`).
    #[must_use]
    pub fn existing_replicas(&self, member: usize) -> u32 {
        self.live.get(member).copied().unwrap_or(0)
    }

    /// All nodes in order of their hashes.
    pub fn nodes(&self) -> impl Iterator<Item = (u32, VirtualNode)> {
        self.nodes.iter().map(|(&hash, &node)| (hash, node))
    }

    /// The member responsible for a hash: the first node at or after it, past the end the first of all
    /// (`routeNode`); `None`: the ring is empty.
    #[must_use]
    pub fn route(&self, hash: u32) -> Option<usize> {
        self.from(hash).next()
    }

    /// The members met when walking the ring once from a hash on; each as often as it has nodes.
    pub fn from(&self, hash: u32) -> impl Iterator<Item = usize> {
        self.nodes.range(hash..).chain(self.nodes.range(..hash)).map(|(_, node)| node.member)
    }
}

/// The ring of the list of ids asked for last: a group allocates topic after topic with the same members, and to hash
/// ten thousand of them takes longer than to place their queues. It saves work and changes no answer.
#[derive(Debug, Default)]
pub(super) struct LastRing(Mutex<Option<(Vec<ClientId>, Arc<HashRing>)>>);

impl LastRing {
    /// [`HashRing::new`], made only if the ids are others than last time.
    pub(super) fn of(&self, cid_all: &[ClientId], virtual_node_cnt: u32) -> Arc<HashRing> {
        // Nothing panics while it is locked, and what is in it is always whole.
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((ids, ring)) if ids == cid_all => Arc::clone(ring),
            _ => {
                let ring = Arc::new(HashRing::new(cid_all, virtual_node_cnt));
                *last = Some((cid_all.to_vec(), Arc::clone(&ring)));
                ring
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Specification G2, cross-checked there with a JVM.
    #[test]
    fn hashes_are_those_of_the_specification() {
        for (key, expected) in [
            ("10.0.0.1@100#1-0", 2_104_484_402),
            ("10.0.0.1@100#1-9", 1_448_887_193),
            ("MessageQueue [topic=TopicTest, brokerName=broker-a, queueId=0]", 1_987_926_524),
            ("", 3_558_706_393),
        ] {
            assert_eq!(hash(key), expected, "{key}");
        }
    }
}
