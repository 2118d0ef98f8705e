//! `useHeartbeatV2`: heartbeats that leave out the subscriptions where the broker has them
//! (`MQClientInstance.sendHeartbeatToBrokerV2`, `ClientManageProcessor.heartBeatV2`).
//!
//! A client remembers what it last told each broker; a broker remembers what each group last told it, in memory. After a
//! broker's restart only the client remembers, and the group is registered without any subscription (trap E44).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::instance::heartbeat::HeartbeatOwner;
use crate::model::instance::{ClientProcess, Instance};
use crate::model::network::{CallError, HeartbeatV2, Response, SubscriptionData};
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;

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

impl Instance {
    /// A round begins: one after a changed rebalance forgets what brokers were told.
    pub(in crate::model) fn forget_fingerprints(&mut self, owner: HeartbeatOwner) {
        if owner == HeartbeatOwner::Rebalance {
            self.fingerprints.told.clear();
        }
    }

    /// A broker answered a heartbeat.
    pub(in crate::model) fn note_fingerprint(
        &mut self,
        (broker, sent): (BrokerIndex, HeartbeatV2),
        answer: &Result<Response, CallError>,
    ) {
        let Ok(Response::HeartbeatTaken { subscriptions_changed }) = answer else { return };
        let Fingerprints { supporting, told } = &mut self.fingerprints;
        supporting.insert(broker);
        if *subscriptions_changed {
            told.remove(&broker);
        } else if !sent.without_subscriptions {
            told.insert(broker, sent.fingerprint);
        }
    }
}

impl ClientProcess {
    /// What a heartbeat to a broker says beside the consumers; `None`: it is an old one.
    pub(in crate::model) fn heartbeat_v2(&mut self, out: &mut Outside<'_>, broker: BrokerIndex) -> Option<HeartbeatV2> {
        let consumer = self.instance.owner;
        if !out.planned(consumer).client.use_heartbeat_v2 {
            return None;
        }
        let fingerprint = self.heartbeat_fingerprint();
        let Fingerprints { supporting, told } = &self.instance.fingerprints;
        let known = supporting.contains(&broker) && told.get(&broker) == Some(&fingerprint);
        Some(HeartbeatV2 { fingerprint, without_subscriptions: known })
    }

    /// `computeHeartbeatFingerprint`: of all groups and their subscriptions, versions left out.
    fn heartbeat_fingerprint(&self) -> u64 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut word = |word: u64| hash = (hash ^ word).wrapping_mul(0x0100_0000_01b3);
        for client in &self.consumers {
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
}
