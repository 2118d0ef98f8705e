//! `RENDEZVOUS_HASH`, **not RocketMQ's**: each queue to the member with the highest score for it (Thaler and
//! Ravishankar, "A Name-Based Mapping Scheme for Rendezvous", 1996).

use md5::{Digest, Md5};

use super::by_owner::{Members, Owners, allocates_by_owner, share_of, shares};
use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// Only the queues of a member that leaves move, and a member that joins only takes; nothing is remembered.
#[derive(Debug, Clone, Copy, Default)]
pub struct RendezvousHash;

/// The first eight bytes of a text's MD5, big-endian.
fn seed(text: &str) -> u64 {
    Md5::digest(text.as_bytes()).iter().take(8).fold(0, |number, &byte| (number << 8) | u64::from(byte))
}

/// The score of a pair: both seeds, mixed until every bit of each has changed every bit of the score.
fn score(member: u64, queue: u64) -> u64 {
    let mut mixed = member ^ queue.rotate_left(32);
    for factor in [0xbf58_476d_1ce4_e5b9u64, 0x94d0_49bb_1331_11eb] {
        mixed = (mixed ^ (mixed >> 31)).wrapping_mul(factor);
    }
    mixed ^ (mixed >> 29)
}

impl Owners for RendezvousHash {
    fn owners(&self, mq_all: &[MessageQueue], members: &Members) -> Vec<Option<usize>> {
        let seeds: Vec<(u64, usize)> =
            members.distinct().into_iter().map(|member| (seed(&members.cid_all[member]), member)).collect();
        let winner = |queue: &MessageQueue| {
            let queue = seed(&queue.to_java_string());
            // Of equal scores the later id wins, as on RocketMQ's ring.
            seeds.iter().max_by_key(|(member, _)| score(*member, queue)).map(|&(_, member)| member)
        };
        mq_all.iter().map(winner).collect()
    }
}

impl AllocateMessageQueueStrategy for RendezvousHash {
    fn name(&self) -> String {
        "RENDEZVOUS_HASH".to_owned()
    }

    allocates_by_owner!();
}
