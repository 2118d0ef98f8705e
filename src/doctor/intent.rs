//! What a scenario says that the cluster should be.

use crate::model::plan::{ConsumerPlan, MessageModel, Plan};

/// Groups and topics as somebody means them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intended {
    /// Groups.
    pub groups: Vec<IntendedGroup>,
    /// Topics.
    pub topics: Vec<IntendedTopic>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntendedGroup {
    /// `consumerGroup`.
    pub name: String,
    /// How many members begin.
    pub members: usize,
    /// The name of its strategy.
    pub strategy: String,
    /// Whether it broadcasts.
    pub broadcasts: bool,
}

/// A topic at a broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntendedTopic {
    /// The topic.
    pub name: String,
    /// `brokerName`.
    pub broker: String,
    /// `readQueueNums`.
    pub read_queues: u32,
    /// `writeQueueNums`.
    pub write_queues: u32,
}

impl Intended {
    /// What a plan says.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let later: Vec<_> = plan.deployments.iter().flat_map(|pods| &pods.revisions[1..]).flatten().collect();
        let begins = |at: usize| !later.iter().any(|consumer| consumer.at() == at);
        let groups = plan.groups.iter().enumerate().filter_map(|(number, group)| {
            let of_it = plan.consumers.iter().enumerate().filter(|(_, member)| member.group.at() == number);
            let members: Vec<&ConsumerPlan> = of_it.filter(|(at, _)| begins(*at)).map(|(_, member)| member).collect();
            let first = members.first()?;
            Some(IntendedGroup {
                name: group.name.clone(),
                members: members.len(),
                strategy: first.consumer.allocate_message_queue_strategy.name(),
                broadcasts: first.consumer.message_model == MessageModel::Broadcasting,
            })
        });
        let topics = plan.topics.iter().flat_map(|topic| {
            topic.queues.iter().map(|on| IntendedTopic {
                name: topic.name.clone(),
                broker: plan.brokers[on.broker.at()].name.clone(),
                read_queues: on.read_queue_nums,
                write_queues: on.write_queue_nums,
            })
        });
        Self { groups: groups.collect(), topics: topics.collect() }
    }
}
