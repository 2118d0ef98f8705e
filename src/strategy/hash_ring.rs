//! The ring of virtual nodes (`ConsistentHashRouter`, `VirtualNode`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
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

/// The most virtual nodes of a ring. RocketMQ has no bound; with these a ring takes some seconds and 100 MB.
pub const MOST_NODES: u64 = 2_000_000;

/// Why a ring of so many members is not built, if it has too many nodes.
#[must_use]
pub fn too_large(members: usize, virtual_node_cnt: u32) -> Option<String> {
    let nodes = (members as u64).saturating_mul(virtual_node_cnt.into());
    (nodes > MOST_NODES).then(|| {
        format!(
            "{members} members with {virtual_node_cnt} virtual nodes each make a ring of {nodes}; allowed are up to \
             {MOST_NODES}, lower virtualNodeCnt"
        )
    })
}

/// Virtual nodes in order of their hashes, no hash twice.
#[derive(Debug, Clone)]
pub struct HashRing {
    nodes: Vec<(u32, VirtualNode)>,
    live: Vec<u32>,
}

impl HashRing {
    /// A ring of `virtual_node_cnt` nodes for every entry of `cid_all`, added in its order.
    ///
    /// Of two nodes with the same hash the later stays. An id that stands again goes on counting from the nodes of
    /// it that are on the ring by then, and so weighs double (`ConsistentHashRouter.addNode`).
    #[must_use]
    pub fn new(cid_all: &[ClientId], virtual_node_cnt: u32) -> Self {
        Self::hashed(cid_all, virtual_node_cnt, |cid| hashes(cid, virtual_node_cnt).into())
    }

    /// [`Self::new`]; `hashes` knows the hashes of an id's first nodes.
    fn hashed(cid_all: &[ClientId], virtual_node_cnt: u32, hashes: impl FnMut(&ClientId) -> Arc<[u32]>) -> Self {
        let firsts = first_positions(cid_all);
        if firsts.iter().enumerate().any(|(position, first)| position != *first) {
            return Self::of_repeated(cid_all, &firsts, virtual_node_cnt);
        }
        let mut nodes: Vec<(u32, VirtualNode)> = Vec::with_capacity(cid_all.len() * virtual_node_cnt as usize);
        for (member, hashes) in cid_all.iter().map(hashes).enumerate() {
            let own = (0..).zip(hashes.iter());
            nodes.extend(own.map(|(replica_index, &hash)| (hash, VirtualNode { member, replica_index })));
        }
        // The later of two stands first, and stays.
        nodes.sort_unstable_by_key(|(hash, node)| (*hash, Reverse((node.member, node.replica_index))));
        nodes.dedup_by_key(|(hash, _)| *hash);
        let mut live = vec![0; cid_all.len()];
        nodes.iter().for_each(|(_, node)| live[node.member] += 1);
        Self { nodes, live }
    }

    /// Where ids repeat, which number a node gets depends on what happened to those before.
    fn of_repeated(cid_all: &[ClientId], firsts: &[usize], virtual_node_cnt: u32) -> Self {
        let (mut nodes, mut live) = (BTreeMap::new(), vec![0u32; cid_all.len()]);
        for (cid, &member) in cid_all.iter().zip(firsts) {
            let existing = live[member];
            for index in 0..virtual_node_cnt {
                let replica_index = existing.wrapping_add(index);
                let node = VirtualNode { member, replica_index };
                if let Some(replaced) = nodes.insert(hash(&virtual_node_key(cid, replica_index)), node) {
                    live[replaced.member] -= 1;
                }
                live[member] += 1;
            }
        }
        Self { nodes: nodes.into_iter().collect(), live }
    }

    /// How many nodes the member at a first position has on the ring (`getExistingReplicas`).
    #[must_use]
    pub fn existing_replicas(&self, member: usize) -> u32 {
        self.live.get(member).copied().unwrap_or(0)
    }

    /// All nodes in order of their hashes.
    pub fn nodes(&self) -> impl Iterator<Item = (u32, VirtualNode)> {
        self.nodes.iter().copied()
    }

    /// The member responsible for a hash: the first node at or after it, past the end the first of all
    /// (`routeNode`); `None`: the ring is empty.
    #[must_use]
    pub fn route(&self, hash: u32) -> Option<usize> {
        self.from(hash).next()
    }

    /// The members met when walking the ring once from a hash on; each as often as it has nodes.
    pub fn from(&self, hash: u32) -> impl Iterator<Item = usize> {
        let (before, after) = self.nodes.split_at(self.nodes.partition_point(|(own, _)| *own < hash));
        after.iter().chain(before).map(|(_, node)| node.member)
    }
}

/// The hashes of the first virtual nodes of an id.
fn hashes(cid: &str, virtual_node_cnt: u32) -> Vec<u32> {
    (0..virtual_node_cnt).map(|replica_index| hash(&virtual_node_key(cid, replica_index))).collect()
}

/// The rings of the lists of ids asked for last: a group allocates topic after topic with the same members, and while it
/// starts its members know different lists; to hash ten thousand ids takes longer than to place their queues. It saves
/// work and changes no answer. All have the same number of virtual nodes, that of their strategy.
#[derive(Debug, Default)]
pub(super) struct LastRings(Mutex<Rings>);

#[derive(Debug, Default)]
struct Rings {
    /// The one asked for last stands last; together they have up to [`MOST_NODES`] nodes.
    rings: VecDeque<(Vec<ClientId>, Arc<HashRing>)>,
    /// Hashes by id, of up to [`MOST_NODES`] nodes.
    hashes: BTreeMap<ClientId, Arc<[u32]>>,
}

impl LastRings {
    /// The most rings that are kept.
    const MOST: usize = 16;

    /// [`HashRing::new`], made only if it is not known.
    pub(super) fn of(&self, cid_all: &[ClientId], virtual_node_cnt: u32) -> Arc<HashRing> {
        // Nothing panics while it is locked, and what is in it is always whole.
        let Rings { rings, hashes: known } = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = rings.iter().rposition(|(ids, _)| ids == cid_all) {
            let found = rings.remove(at).expect("it was just found");
            let ring = Arc::clone(&found.1);
            rings.push_back(found);
            return ring;
        }
        let most_ids = (MOST_NODES / u64::from(virtual_node_cnt.max(1))) as usize;
        let ring = Arc::new(HashRing::hashed(cid_all, virtual_node_cnt, |cid| {
            if let Some(hashes) = known.get(cid) {
                return Arc::clone(hashes);
            }
            let own: Arc<[u32]> = hashes(cid, virtual_node_cnt).into();
            if known.len() >= most_ids {
                known.clear();
            }
            known.insert(cid.clone(), Arc::clone(&own));
            own
        }));
        let nodes = |rings: &VecDeque<(_, Arc<HashRing>)>| rings.iter().map(|(_, r)| r.nodes.len() as u64).sum::<u64>();
        while rings.len() >= Self::MOST || (!rings.is_empty() && nodes(rings) + ring.nodes.len() as u64 > MOST_NODES) {
            rings.pop_front();
        }
        rings.push_back((cid_all.to_vec(), Arc::clone(&ring)));
        ring
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Specification G2, cross-checked there with a JVM.
    #[test]
    fn hashes_are_those_of_rocketmq() {
        for (key, expected) in [
            ("10.0.0.1@100#1-0", 2_104_484_402),
            ("10.0.0.1@100#1-9", 1_448_887_193),
            ("MessageQueue [topic=TopicTest, brokerName=broker-a, queueId=0]", 1_987_926_524),
            ("", 3_558_706_393),
        ] {
            assert_eq!(hash(key), expected, "{key}");
        }
    }

    /// The two ways of building a ring agree wherever both can be gone, collisions and all, and a known ring is the same.
    #[test]
    fn a_ring_does_not_depend_on_how_it_is_built() {
        let mut lasts: BTreeMap<u32, LastRings> = BTreeMap::new();
        for (members, nodes) in [(0, 10), (1, 0), (3, 10), (40, 5_000), (40, 5_000), (39, 5_000)] {
            let ids: Vec<ClientId> = (0..members).map(|n| format!("10.0.0.{n}@1").as_str().into()).collect();
            let firsts: Vec<usize> = (0..members).collect();
            let expected = HashRing::of_repeated(&ids, &firsts, nodes);
            for ring in [HashRing::new(&ids, nodes), (*lasts.entry(nodes).or_default().of(&ids, nodes)).clone()] {
                assert!(ring.nodes == expected.nodes && ring.live == expected.live, "{members} {nodes}");
            }
            let lost = u64::from(nodes) * members as u64 - expected.nodes.len() as u64;
            assert!(members < 39 || lost > 0, "some nodes collide, or nothing is tested");
        }
        assert!(too_large(100, 20_000).is_none() && too_large(100, 100_000).is_some());
    }
}
