//! `CONSISTENT_HASH`: each queue to the next virtual node on a ring (`AllocateMessageQueueConsistentHash`).

use super::by_owner::{Members, Owners, allocates_by_owner, share_of, shares};
use super::hash_ring::{LastRings, hash};
use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// A ring with a number of virtual nodes for each member.
#[derive(Debug)]
pub struct ConsistentHash {
    virtual_node_cnt: u32,
    ring: LastRings,
}

impl ConsistentHash {
    /// With `virtualNodeCnt`; with 0 the ring is empty and nobody gets anything.
    ///
    /// # Errors
    /// A negative count, with Java's words.
    pub fn new(virtual_node_cnt: i32) -> Result<Self, AllocateError> {
        u32::try_from(virtual_node_cnt)
            .map(|virtual_node_cnt| Self { virtual_node_cnt, ring: LastRings::default() })
            .map_err(|_| AllocateError::IllegalArgument(format!("illegal virtualNodeCnt :{virtual_node_cnt}")))
    }
}

impl Owners for ConsistentHash {
    fn owners(&self, mq_all: &[MessageQueue], members: &Members) -> Vec<Option<usize>> {
        let ring = self.ring.of(members.cid_all, self.virtual_node_cnt);
        mq_all.iter().map(|queue| ring.route(hash(&queue.to_java_string()))).collect()
    }
}

impl AllocateMessageQueueStrategy for ConsistentHash {
    fn name(&self) -> String {
        "CONSISTENT_HASH".to_owned()
    }

    fn virtual_node_cnt(&self) -> u32 {
        self.virtual_node_cnt
    }

    allocates_by_owner!();
}
