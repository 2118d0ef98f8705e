//! Queues that somebody cannot see, read or fill.

use std::collections::BTreeSet;

use super::members::groups;
use super::named;
use crate::model::plan::{Action, ConsumerPlan, MessageModel, Plan};

pub(super) fn more_members_than_queues(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for (group, members) in groups(plan) {
        let members: Vec<&ConsumerPlan> =
            members.into_iter().filter(|member| member.consumer.message_model == MessageModel::Clustering).collect();
        let topics: BTreeSet<u16> = members.iter().flat_map(|member| member.topics.iter().copied()).collect();
        for topic in topics {
            let subscribers = members.iter().filter(|member| member.topics.contains(&topic)).count() as u64;
            let planned = &plan.topics[topic as usize];
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
            let brokers: Vec<&str> = hidden.iter().map(|on| plan.brokers[on.broker as usize].name.as_str()).collect();
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
            let planned = &plan.topics[*topic as usize];
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

/// Consumers of a strategy, in `CLUSTERING`.
fn with_strategy<'a>(plan: &'a Plan, name: &str) -> Vec<&'a str> {
    let uses = |member: &&ConsumerPlan| {
        member.consumer.message_model == MessageModel::Clustering
            && member.consumer.allocate_message_queue_strategy.name() == name
    };
    plan.consumers.iter().filter(uses).map(|member| member.name.as_str()).collect()
}

pub(super) fn retry_without_owner(plan: &Plan) -> Vec<String> {
    match with_strategy(plan, "CONFIG") {
        none if none.is_empty() => Vec::new(),
        users => vec![format!("{}: CONFIG lists no queue of %RETRY%", named(&users))],
    }
}

pub(super) fn broker_outside_rooms(plan: &Plan) -> Vec<String> {
    let users = with_strategy(plan, "MACHINE_ROOM");
    let outside: Vec<&str> = (plan.brokers.iter().map(|broker| broker.name.as_str()))
        .filter(|name| name.matches('@').count() != 1 || name.starts_with('@') || name.ends_with('@'))
        .collect();
    if users.is_empty() || outside.is_empty() {
        return Vec::new();
    }
    vec![format!("{} allocate by MACHINE_ROOM, and {} is in no room", named(&users), named(&outside))]
}

pub(super) fn threshold_for_topic(plan: &Plan) -> Vec<String> {
    let users: Vec<&ConsumerPlan> =
        plan.consumers.iter().filter(|member| member.consumer.pull_threshold_for_topic.is_some()).collect();
    let names: Vec<&str> = users.iter().map(|member| member.name.as_str()).collect();
    users
        .first()
        .and_then(|first| first.consumer.pull_threshold_for_topic)
        .map(|threshold| format!("{}: pullThresholdForTopic {threshold}", named(&names)))
        .into_iter()
        .collect()
}
