//! `BOUNDED_LOAD_HASH`, **not RocketMQ's**: the hash ring with a limit for each member (asked for in
//! apache/rocketmq#1333; Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2018).

use super::by_owner::{Members, Owners, allocates_by_owner, share_of, shares};
use super::hash_ring::{LastRings, hash};
use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue, StrategyError};

/// As `CONSISTENT_HASH`, but a member that is full is passed by. Full is the given percentage of the mean, rounded
/// up. Queues are placed in the order of the list, so that every seat sees the same; nothing is remembered.
#[derive(Debug)]
pub struct BoundedLoadHash {
    virtual_node_cnt: u32,
    load_bound_percent: u32,
    ring: LastRings,
}

impl BoundedLoadHash {
    /// With a number of virtual nodes for each member, and the bound in percent of the mean.
    ///
    /// # Errors
    /// Fewer than one virtual node, or a bound below the mean: no placing of all queues would keep to it.
    pub fn new(virtual_node_cnt: i32, load_bound_percent: u32) -> Result<Self, StrategyError> {
        let refuse = |setting, value, allowed| Err(StrategyError::Setting { setting, value, allowed });
        match u32::try_from(virtual_node_cnt) {
            Ok(virtual_node_cnt @ 1..) if load_bound_percent >= 100 => {
                Ok(Self { virtual_node_cnt, load_bound_percent, ring: LastRings::default() })
            }
            Ok(1..) => refuse("loadBoundPercent", load_bound_percent.to_string(), "100 or more"),
            _ => refuse("virtualNodeCnt", virtual_node_cnt.to_string(), "1 or more"),
        }
    }
}

impl Owners for BoundedLoadHash {
    fn owners(&self, mq_all: &[MessageQueue], members: &Members) -> Vec<Option<usize>> {
        let distinct = members.distinct();
        let bound = mq_all.len() as u128 * u128::from(self.load_bound_percent);
        let limit = bound.div_ceil(100 * distinct.len() as u128);
        let ids: Vec<ClientId> = distinct.iter().map(|&member| members.cid_all[member].clone()).collect();
        let ring = self.ring.of(&ids, self.virtual_node_cnt);
        let mut loads = vec![0u128; ids.len()];
        let mut place = |queue: &MessageQueue| {
            // A member whose nodes all lost a collision is not on the ring; the least loaded then helps out.
            let next = ring.from(hash(&queue.to_java_string())).find(|&member| loads[member] < limit);
            let member = next.or_else(|| (0..ids.len()).min_by_key(|&member| loads[member]))?;
            loads[member] += 1;
            Some(distinct[member])
        };
        mq_all.iter().map(&mut place).collect()
    }
}

impl AllocateMessageQueueStrategy for BoundedLoadHash {
    fn name(&self) -> String {
        "BOUNDED_LOAD_HASH".to_owned()
    }

    fn virtual_node_cnt(&self) -> u32 {
        self.virtual_node_cnt
    }

    allocates_by_owner!();
}
