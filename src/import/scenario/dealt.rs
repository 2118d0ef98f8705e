//! Who gets which queue of a plan, by the strategies alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::plan::{ConsumerPlan, MessageModel, Plan, TopicIndex};
use crate::strategy::order::compare_java_strings;
use crate::strategy::{ClientId, MessageQueue};

/// A queue of a group, and to whom the strategies of its members give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dealt {
    /// The group.
    pub group: String,
    /// The queue.
    pub queue: MessageQueue,
    /// Names of the consumers that each take it for theirs; one where all is well.
    pub owners: Vec<String>,
}

/// Every queue of every `CLUSTERING` group, when all consumers of the plan have found each other.
#[must_use]
pub fn dealt(plan: &Plan) -> Vec<Dealt> {
    let mut all = Vec::new();
    for (number, group) in plan.groups.iter().enumerate() {
        let members: Vec<&ConsumerPlan> = plan.consumers.iter().filter(|own| own.group.at() == number).collect();
        if members.iter().any(|member| member.consumer.message_model == MessageModel::Broadcasting) {
            continue;
        }
        let topics: BTreeSet<TopicIndex> = members.iter().flat_map(|member| member.topics.iter().copied()).collect();
        for topic in topics {
            all.extend(of_topic(plan, &group.name, topic, &members));
        }
    }
    all
}

/// One topic; also members that do not subscribe it count, for a broker lists the whole group.
fn of_topic(plan: &Plan, group: &str, topic: TopicIndex, members: &[&ConsumerPlan]) -> Vec<Dealt> {
    let topic_plan = &plan.topics[usize::from(topic)];
    let mut queues: Vec<MessageQueue> = Vec::new();
    for on in &topic_plan.queues {
        let broker = &plan.brokers[usize::from(on.broker)].name;
        queues.extend((0..on.read_queue_nums).map(|id| MessageQueue::new(&topic_plan.name, broker, id as i32)));
    }
    queues.sort_by(MessageQueue::compare);
    let mut ids: Vec<ClientId> = members.iter().map(|member| member.client_id.as_str().into()).collect();
    ids.sort_by(|a, b| compare_java_strings(a, b));
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // A strategy that can share its work between members is asked once.
    let mut answers: BTreeMap<String, BTreeMap<ClientId, Vec<MessageQueue>>> = BTreeMap::new();
    for member in members.iter().filter(|member| member.topics.contains(&topic)) {
        let strategy = &member.consumer.allocate_message_queue_strategy;
        let own = answers.entry(strategy.name()).or_insert_with(|| {
            let answers = strategy.allocate_all(group, &queues, &ids);
            ids.iter().cloned().zip(answers.into_iter().map(Result::unwrap_or_default)).collect()
        });
        let id: ClientId = member.client_id.as_str().into();
        for queue in own.get(&id).into_iter().flatten() {
            owners.entry(queue.to_string()).or_default().push(member.name.clone());
        }
    }
    let of = |queue: MessageQueue| {
        let owners = owners.remove(&queue.to_string()).unwrap_or_default();
        Dealt { group: group.to_owned(), queue, owners }
    };
    queues.into_iter().map(of).collect()
}
