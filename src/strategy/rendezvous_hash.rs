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

/// The first step of mixing. It is linear, so that the two seeds of a pair take it one by one, and not for each pair.
fn fold(bits: u64) -> u64 {
    bits ^ (bits >> 31)
}

/// The score of a pair of folded seeds: mixed until every bit of each has changed every bit of the score.
fn score(member: u64, queue: u64) -> u64 {
    let mixed = fold((member ^ queue).wrapping_mul(0xbf58_476d_1ce4_e5b9)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 29)
}

impl Owners for RendezvousHash {
    fn owners(&self, mq_all: &[MessageQueue], members: &Members) -> Vec<Option<usize>> {
        let seeds: Vec<(u64, usize)> =
            members.distinct().into_iter().map(|member| (fold(seed(&members.cid_all[member])), member)).collect();
        let winner = |queue: &MessageQueue| {
            let queue = fold(seed(&queue.to_java_string()).rotate_left(32));
            let mut best = (0, None);
            for &(member, position) in &seeds {
                let score = score(member, queue);
                // Of equal scores the later id wins, as on RocketMQ's ring.
                if score >= best.0 {
                    best = (score, Some(position));
                }
            }
            best.1
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
