//! Queues that somebody cannot see, read or fill.

use crate::model::ids::TopicIndex;
use std::collections::BTreeSet;

use super::members::groups;
use super::named;
use crate::model::plan::{Action, BrokerIndex, BrokerPlan, ConsumerPlan, GroupIndex, MessageModel, Plan};

pub(super) fn more_members_than_queues(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for (group, members) in groups(plan) {
        let members: Vec<&ConsumerPlan> =
            members.into_iter().filter(|member| member.consumer.message_model == MessageModel::Clustering).collect();
        let topics: BTreeSet<TopicIndex> = members.iter().flat_map(|member| member.topics.iter().copied()).collect();
        for topic in topics {
            let subscribers = members.iter().filter(|member| member.topics.contains(&topic)).count() as u64;
            let planned = &plan.topics[topic.at()];
            let queues: u64 = planned.queues.iter().map(|on| u64::from(on.read_queue_nums)).sum();
            if queues < subscribers {
                let (name, idle) = (&planned.name, subscribers - queues);
                found.push(format!(
                    "topic {name} has {queues} queues for {subscribers} members of group {group}: {idle} get none"
                ));
            }
        }
    }
    found
}

pub(super) fn unreadable_queues(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for topic in &plan.topics {
        let hidden: Vec<_> = topic.queues.iter().filter(|on| on.write_queue_nums > on.read_queue_nums).collect();
        if let Some(first) = hidden.first() {
            let brokers: Vec<&str> = hidden.iter().map(|on| plan.brokers[on.broker.at()].name.as_str()).collect();
            let (write, read) = (first.write_queue_nums, first.read_queue_nums);
            found.push(format!(
                "topic {} has writeQueueNums {write} above readQueueNums {read} on {}",
                topic.name,
                named(&brokers)
            ));
        }
    }
    for step in &plan.timeline {
        if let Action::SetQueues { topic, read_queue_nums: read, write_queue_nums: write, .. } = &step.action {
            let planned = &plan.topics[topic.at()];
            let least = planned.queues.iter().map(|on| on.read_queue_nums).min().unwrap_or(0);
            let most = planned.queues.iter().map(|on| on.write_queue_nums).max().unwrap_or(0);
            // A step that changes one of the two is judged against what the topic begins with.
            let (read, write) = (read.unwrap_or(least), write.unwrap_or(most));
            if write > read {
                let (label, name) = (&step.label, &planned.name);
                found.push(format!(
                    "step {label} sets topic {name} to writeQueueNums {write} above readQueueNums {read}"
                ));
            }
        }
    }
    found
}

pub(super) fn threshold_for_topic(plan: &Plan) -> Vec<String> {
    let users: Vec<&ConsumerPlan> = (plan.consumers.iter())
        // The Go client has one always, which is ample.
        .filter(|member| member.consumer.pull_threshold_for_topic.is_some() && member.client.go.is_none())
        .collect();
    let names: Vec<&str> = users.iter().map(|member| member.name.as_str()).collect();
    users
        .first()
        .and_then(|first| first.consumer.pull_threshold_for_topic)
        .map(|threshold| format!("{}: pullThresholdForTopic {threshold}", named(&names)))
        .into_iter()
        .collect()
}

/// The brokers of the topics of a group.
fn brokers_of(plan: &Plan, group: GroupIndex) -> Vec<(BrokerIndex, &BrokerPlan)> {
    let members = plan.consumers.iter().filter(|member| member.group == group);
    let topics: BTreeSet<TopicIndex> = members.flat_map(|member| member.topics.iter().copied()).collect();
    let queues = topics.iter().flat_map(|&topic| &plan.topics[topic.at()].queues);
    let brokers: BTreeSet<BrokerIndex> = queues.map(|on| on.broker).collect();
    brokers.into_iter().map(|broker| (broker, &plan.brokers[broker.at()])).collect()
}

pub(super) fn group_not_on_every_broker(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for (group, planned) in GroupIndex::number(&plan.groups) {
        let lacks = |(broker, of): &(BrokerIndex, &BrokerPlan)| {
            !planned.created.on(*broker) && !of.settings.auto_create_subscription_group
        };
        let lacking: Vec<&str> =
            brokers_of(plan, group).into_iter().filter(lacks).map(|(_, broker)| broker.name.as_str()).collect();
        if !lacking.is_empty() {
            found.push(format!("group {} is not on {}, where nobody makes it", planned.name, named(&lacking)));
        }
    }
    found
}

pub(super) fn broadcasting_not_enabled(plan: &Plan) -> Vec<String> {
    let broadcasts = |group: GroupIndex| {
        let mut members = plan.consumers.iter().filter(|member| member.group == group);
        members.any(|member| member.consumer.message_model == MessageModel::Broadcasting)
    };
    let mut found = Vec::new();
    for (group, planned) in GroupIndex::number(&plan.groups).filter(|(group, _)| broadcasts(*group)) {
        let forbid = |(_, broker): &(BrokerIndex, &BrokerPlan)| !broker.settings.consume_broadcast_enable;
        let forbidding: Vec<&str> =
            brokers_of(plan, group).into_iter().filter(forbid).map(|(_, broker)| broker.name.as_str()).collect();
        if !forbidding.is_empty() {
            found.push(format!("group {} broadcasts, and {} does not let it", planned.name, named(&forbidding)));
        }
        let told = plan.timeline.iter().filter(|step| match &step.action {
            Action::SetGroup { group: of, change, .. } => *of == group && change.consume_broadcast_enable != Some(true),
            _ => false,
        });
        found.extend(told.map(|step| {
            format!(
                "step {} sets group {}, which broadcasts, to consumeBroadcastEnable = false",
                step.label, planned.name
            )
        }));
    }
    found
}

pub(super) fn retry_queues_added(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for step in &plan.timeline {
        let Action::SetGroup { group, brokers, change } = &step.action else { continue };
        let least = brokers.iter().map(|broker| plan.brokers[broker.at()].settings.retry_queue_nums).min();
        let (queues, least) = (change.retry_queue_nums.unwrap_or(1), least.unwrap_or(1));
        if queues > least {
            let name = &plan.groups[group.at()].name;
            found.push(format!("step {} raises retryQueueNums of group {name} from {least} to {queues}", step.label));
        }
    }
    found
}
