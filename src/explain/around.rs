//! What a finding lies in: its queue, group and cluster, and how their settings stand.

use super::finding::Finding;
use super::record::Record;
use crate::model::Names;
use crate::model::observation::ClientIndex;
use crate::model::plan::{
    BrokerIndex, BrokerSettings, ClientSettings, ConsumerIndex, ConsumerPlan, ConsumerSettings, GroupIndex,
    NameServerSettings, Plan, TopicIndex,
};

/// A finding and all that is known around it.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    pub(super) plan: &'a Plan,
    pub(super) names: &'a Names,
    pub(super) finding: &'a Finding,
    /// The member of the group with which it ended, where one is known: its settings count.
    pub(super) member: Option<ConsumerIndex>,
}

impl<'a> Around<'a> {
    /// Its group.
    #[must_use]
    pub fn group(&self) -> GroupIndex {
        self.names.group_of_audience(self.finding.audience)
    }

    /// The topic of its queue.
    #[must_use]
    pub fn topic(&self) -> TopicIndex {
        self.names.queue(self.finding.queue).topic
    }

    /// The broker of its queue.
    #[must_use]
    pub fn queue_broker(&self) -> BrokerIndex {
        self.names.queue(self.finding.queue).broker
    }

    /// Whether a consumer belongs to those that the finding concerns.
    #[must_use]
    pub fn is_member(&self, consumer: ConsumerIndex) -> bool {
        self.names.audience_of(consumer) == self.finding.audience
    }

    /// Whether a consumer runs the Go client.
    pub(super) fn is_go(&self, consumer: ConsumerIndex) -> bool {
        self.plan.consumers[consumer.at()].client.go.is_some()
    }

    /// A member whose settings stand for those of the group: members of two languages have different ones.
    fn member(&self) -> &'a ConsumerPlan {
        if let Some(member) = self.member {
            return &self.plan.consumers[member.at()];
        }
        let group = self.group();
        let member = self.plan.consumers.iter().find(|consumer| consumer.group == group);
        member.expect("a group with findings has a member")
    }

    pub(super) fn client(&self) -> &'a ClientSettings {
        &self.member().client
    }

    pub(super) fn consumer(&self) -> &'a ConsumerSettings {
        &self.member().consumer
    }

    pub(super) fn broker(&self) -> &'a BrokerSettings {
        &self.plan.brokers[self.queue_broker().at()].settings
    }

    pub(super) fn name_server(&self) -> &'a NameServerSettings {
        &self.plan.name_servers[0].settings
    }

    /// A client by the name that its consumer has in the story.
    pub(super) fn client_name(&self, client: ClientIndex, record: &Record<'_>) -> String {
        let consumer = record.consumer(client);
        consumer.map_or_else(|| self.names.client(client).to_string(), |who| self.names.consumer(who).to_owned())
    }
}
