//! Strategies that leave queues out.

use crate::model::ids::BrokerIndex;
use std::collections::BTreeSet;

use super::members::groups;
use super::named;
use crate::model::plan::{Action, ConsumerPlan, MessageModel, Plan, TopicIndex};
use crate::strategy::order::compare_java_strings;
use crate::strategy::{ClientId, MessageQueue};

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

/// Whether a broker's name is none of a room.
fn outside_rooms(name: &str) -> bool {
    name.matches('@').count() != 1 || name.starts_with('@') || name.ends_with('@')
}

pub(super) fn broker_outside_rooms(plan: &Plan) -> Vec<String> {
    let users = with_strategy(plan, "MACHINE_ROOM");
    let outside: Vec<&str> =
        (plan.brokers.iter().map(|broker| broker.name.as_str())).filter(|name| outside_rooms(name)).collect();
    if users.is_empty() || outside.is_empty() {
        return Vec::new();
    }
    vec![format!("{} allocate by MACHINE_ROOM, and {} is in no room", named(&users), named(&outside))]
}

/// Whether a strategy may give a queue to nobody: it answers a list, looks at rooms, or its ring has no nodes.
fn may_leave_out(member: &&ConsumerPlan) -> bool {
    let strategy = &member.consumer.allocate_message_queue_strategy;
    match strategy.name().as_str() {
        "CONFIG" | "MACHINE_ROOM" => true,
        "CONSISTENT_HASH" => strategy.virtual_node_cnt() == 0,
        _ => false,
    }
}

/// The queues that a topic has to read at some time, sorted as clients sort them.
fn queues_of(plan: &Plan, topic: TopicIndex) -> Vec<MessageQueue> {
    let planned = &plan.topics[topic.at()];
    let mut queues = BTreeSet::new();
    let mut add = |broker: BrokerIndex, count: u32| queues.extend((0..count).map(|queue_id| (broker, queue_id)));
    planned.queues.iter().for_each(|on| add(on.broker, on.read_queue_nums));
    for step in &plan.timeline {
        if let Action::SetQueues { topic: of, brokers, read_queue_nums: Some(read), .. } = &step.action
            && *of == topic
        {
            brokers.iter().for_each(|broker| add(*broker, *read));
        }
    }
    let queue = |(broker, queue_id): (BrokerIndex, u32)| {
        let broker_name = plan.brokers[usize::from(broker)].name.as_str().into();
        Some(MessageQueue { topic: planned.name.as_str().into(), broker_name, queue_id: i32::try_from(queue_id).ok()? })
    };
    let mut queues: Vec<MessageQueue> = queues.into_iter().filter_map(queue).collect();
    queues.sort_by(MessageQueue::compare);
    queues
}

pub(super) fn queue_given_to_nobody(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for (group, members) in groups(plan) {
        let clustering = |member: &&ConsumerPlan| member.consumer.message_model == MessageModel::Clustering;
        let members: Vec<&ConsumerPlan> = members.into_iter().filter(clustering).collect();
        // Where somebody deals otherwise, that is the mistake, and another lint's.
        if members.is_empty() || !members.iter().all(may_leave_out) {
            continue;
        }
        let mut ids: Vec<ClientId> = members.iter().map(|member| member.client_id.as_str().into()).collect();
        ids.sort_by(|a, b| compare_java_strings(a, b));
        let topics: BTreeSet<TopicIndex> = members.iter().flat_map(|member| member.topics.iter().copied()).collect();
        for topic in topics {
            let queues = queues_of(plan, topic);
            let answer = |member: &&ConsumerPlan| {
                let strategy = &member.consumer.allocate_message_queue_strategy;
                strategy.allocate(group, &member.client_id, &queues, &ids)
            };
            // A strategy that throws gives nothing at all, and says so in the client's log.
            let Ok(given) = members.iter().map(answer).collect::<Result<Vec<_>, _>>() else { continue };
            let mut given: Vec<MessageQueue> = given.into_iter().flatten().collect();
            given.sort_by(MessageQueue::compare);
            let is_given = |queue: &MessageQueue| given.binary_search_by(|other| other.compare(queue)).is_ok();
            let left: Vec<String> = (queues.iter().filter(|queue| !is_given(queue)))
                .filter(|queue| !outside_rooms(&queue.broker_name) || with_strategy(plan, "MACHINE_ROOM").is_empty())
                .map(ToString::to_string)
                .collect();
            if !left.is_empty() {
                let left: Vec<&str> = left.iter().map(String::as_str).collect();
                let strategy = members[0].consumer.allocate_message_queue_strategy.name();
                found.push(format!("{strategy} gives {} to no member of group {group}", named(&left)));
            }
        }
    }
    found
}
