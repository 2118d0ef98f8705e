//! `useHeartbeatV2`: heartbeats that leave out the subscriptions where the broker has them
//! (`MQClientInstance.sendHeartbeatToBrokerV2`, `ClientManageProcessor.heartBeatV2`).
//!
//! A client remembers what it last told each broker; a broker remembers what each group last told it, in memory. After a
//! broker's restart only the client remembers, and the group is registered without any subscription (trap E44).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::network::{CallError, HeartbeatV2, Response, SubscriptionData};
use crate::model::plan::{BrokerIndex, ConsumerIndex};
use crate::model::world::World;

use super::heartbeat::HeartbeatOwner;

/// What an instance remembers of its heartbeats.
#[derive(Debug, Default)]
pub(in crate::model) struct Fingerprints {
    /// `brokerSupportV2HeartbeatSet`.
    supporting: BTreeSet<BrokerIndex>,
    /// `brokerAddrHeartbeatFingerprintTable`.
    told: BTreeMap<BrokerIndex, u64>,
}

impl Fingerprints {
    /// A broker has another address, and both tables go by addresses.
    pub fn forget(&mut self, broker: BrokerIndex) {
        self.supporting.remove(&broker);
        self.told.remove(&broker);
    }
}

impl World<'_> {
    /// A round begins: one after a changed rebalance forgets what brokers were told.
    pub(super) fn forget_fingerprints(&mut self, consumer: ConsumerIndex, owner: HeartbeatOwner) {
        if owner == HeartbeatOwner::Rebalance {
            self.instance(consumer).fingerprints.told.clear();
        }
    }

    /// What a heartbeat to a broker says beside the consumers; `None`: it is an old one.
    pub(super) fn heartbeat_v2(&mut self, consumer: ConsumerIndex, broker: BrokerIndex) -> Option<HeartbeatV2> {
        if !self.out.planned(consumer).client.use_heartbeat_v2 {
            return None;
        }
        let fingerprint = self.heartbeat_fingerprint(consumer);
        let Fingerprints { supporting, told } = &self.instance(consumer).fingerprints;
        let known = supporting.contains(&broker) && told.get(&broker) == Some(&fingerprint);
        Some(HeartbeatV2 { fingerprint, without_subscriptions: known })
    }

    /// `computeHeartbeatFingerprint`: of all groups and their subscriptions, versions left out.
    fn heartbeat_fingerprint(&self, consumer: ConsumerIndex) -> u64 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut word = |word: u64| hash = (hash ^ word).wrapping_mul(0x0100_0000_01b3);
        for &other in self.out.instances.consumers(consumer).iter() {
            let client = &self.clients[other as usize];
            if client.is_registered() {
                word(u64::from(client.group) + 1);
                for SubscriptionData { topic, tags, .. } in client.subscription_set.iter() {
                    word(u64::from(*topic) + 1);
                    word(tags.bits());
                }
            }
        }
        hash
    }

    /// A broker answered a heartbeat.
    pub(super) fn note_fingerprint(
        &mut self,
        consumer: ConsumerIndex,
        (broker, sent): (BrokerIndex, HeartbeatV2),
        answer: &Result<Response, CallError>,
    ) {
        let Ok(Response::HeartbeatTaken { subscriptions_changed }) = answer else { return };
        let Fingerprints { supporting, told } = &mut self.instance(consumer).fingerprints;
        supporting.insert(broker);
        if *subscriptions_changed {
            told.remove(&broker);
        } else if !sent.without_subscriptions {
            told.insert(broker, sent.fingerprint);
        }
    }
}
