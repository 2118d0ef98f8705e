//! A slave that makes its topics and groups again (`SlaveSynchronize.syncTopicConfig`,
//! `SlaveSynchronize.syncSubscriptionGroupConfig`).
//!
//! From 5.3.2 to 5.4.0 the slave deletes every topic that it has, writing its file after each, and puts those of the master
//! back; then the same with groups. Each deletion raises the version of the slave's table, so that it differs from the master's
//! at every look. What asks meanwhile is told that there is no such topic or group. Here all of them go at once, and come back
//! when as many files are written as there were topics.

use super::Broker;
use crate::kernel::Instant;
use crate::model::disk::Entry;
use crate::model::outside::Outside;
use crate::model::plan::GroupIndex;

/// Topics and groups that RocketMQ makes for itself at each broker, about.
const OF_ITS_OWN: u64 = 10;

/// Until when they are away.
#[derive(Debug, Clone, Copy)]
pub(super) struct Remaking {
    topics_until: Instant,
    groups_until: Instant,
}

impl Broker {
    /// The slave has heard what its master has.
    pub(super) fn remake_topics(&mut self, out: &Outside<'_>) {
        let write = out.environment().config_write;
        if !self.settings(out).rules.slave_remakes_topics {
            return;
        }
        let configuration = &out.configurations[out.keeper_of(self.index).at()];
        let there = |group: &usize| matches!(configuration.groups.entry(GroupIndex::of(*group)), Entry::There(_));
        let topics = configuration.topics().count() as u64 + OF_ITS_OWN;
        let groups = (0..out.plan.groups.len()).filter(there).count() as u64 + OF_ITS_OWN;
        let topics_until = out.now() + write.saturating_mul(topics);
        self.remaking = Some(Remaking { topics_until, groups_until: topics_until + write.saturating_mul(groups) });
    }

    /// Whether the slave has deleted its topics right now.
    pub(super) fn is_without_topics(&self, out: &Outside<'_>) -> bool {
        self.remaking.is_some_and(|remaking| out.now() < remaking.topics_until)
    }

    /// Whether the slave has deleted its groups right now.
    pub(super) fn is_without_groups(&self, out: &Outside<'_>) -> bool {
        self.remaking.is_some_and(|remaking| (remaking.topics_until..remaking.groups_until).contains(&out.now()))
    }
}
