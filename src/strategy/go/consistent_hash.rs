//! `CONSISTENT_HASH` of the Go client (`AllocateByConsistentHash`): other hashes, other keys and another rule for the next
//! point than Java's.

use super::ring::{Ring, hash};
use crate::strategy::by_owner::{Members, Owners, share_of, shares};
use crate::strategy::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// A ring with a number of points for each member.
#[derive(Debug)]
pub(super) struct ConsistentHash {
    virtual_node_cnt: u32,
}

impl ConsistentHash {
    /// With `virtualNodeCnt`, 1 or more.
    ///
    /// # Errors
    /// Less than one: Go divides by it, and the goroutine that rebalances panics.
    pub fn new(virtual_node_cnt: i32) -> Result<Self, AllocateError> {
        match u32::try_from(virtual_node_cnt) {
            Ok(virtual_node_cnt @ 1..) => Ok(Self { virtual_node_cnt }),
            _ => Err(AllocateError::IllegalArgument(format!(
                "illegal virtualNodeCnt :{virtual_node_cnt}; the Go client divides by it, allowed is 1 or more"
            ))),
        }
    }
}

impl Owners for ConsistentHash {
    fn owners(&self, mq_all: &[MessageQueue], members: &Members) -> Vec<Option<usize>> {
        let distinct = members.distinct();
        let ids = distinct.iter().map(|&position| (position, &*members.cid_all[position]));
        let ring = Ring::new(ids, self.virtual_node_cnt);
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

    fn allocate(
        &self,
        _group: &str,
        current_cid: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        Ok(share_of(self, current_cid, mq_all, cid_all).unwrap_or_default())
    }

    fn allocate_all(
        &self,
        _group: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Vec<Result<Vec<MessageQueue>, AllocateError>> {
        shares(self, mq_all, cid_all).into_iter().map(|answer| Ok(answer.unwrap_or_default())).collect()
    }
}
