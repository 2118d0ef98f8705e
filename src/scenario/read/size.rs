//! How much memory a cluster at rest takes, roughly: what would not fit into a machine is refused before it is asked for.
//! What a run adds to that is told by [`Estimate`](crate::scenario::Estimate), and may be wanted all the same.

use crate::model::plan::{Action, ConsumerPlan, GroupIndex, Plan, TopicIndex};
use crate::scenario::text::{Fault, Fields};
use crate::strategy::hash_ring::too_large;

/// The most that one run may take.
const MOST_BYTES: u64 = 3 << 30;
/// Of a queue of a topic: its log, and its places in names and routes. All were measured, and rounded up.
const QUEUE: u64 = 600;
/// Of a queue for each group that consumes it: offsets, process queues, who owned it when.
const QUEUE_OF_A_GROUP: u64 = 2_800;
/// Of a topic on a broker in the plan itself.
const TOPIC_ON_A_BROKER: u64 = 200;
/// Of a consumer.
const CONSUMER: u64 = 20_000;
/// Of a topic that a consumer subscribes.
const SUBSCRIPTION: u64 = 200;

/// Refuses more queues than any run can hold; asked before groups are read, which deal with all of them.
pub(super) fn check_queues(fields: &Fields<'_>, plan: &Plan) -> Result<(), Fault> {
    let bytes = queues(plan).iter().sum::<u64>() * QUEUE + on_brokers(plan) * TOPIC_ON_A_BROKER;
    refuse(fields, "topics", bytes, || format!("{} queues", queues(plan).iter().sum::<u64>()))
}

/// The most topics that the consumers of a scenario subscribe, all together.
pub(super) const MOST_SUBSCRIPTIONS: usize = 12_000_000;

/// Refuses what does not fit.
pub(super) fn check_size(fields: &Fields<'_>, plan: &Plan) -> Result<(), Fault> {
    let queues = queues(plan);
    let members = plan.consumers.iter().chain(&plan.releases);
    let of_member =
        |member: &ConsumerPlan| member.topics.iter().map(|&topic| (member.group, topic)).collect::<Vec<_>>();
    let mut consumed: Vec<(GroupIndex, TopicIndex)> = members.flat_map(of_member).collect();
    consumed.sort_unstable();
    consumed.dedup();
    let of_groups: u64 = consumed.iter().map(|&(_, topic)| queues[usize::from(topic)]).sum();
    let all = queues.iter().sum::<u64>();
    let bytes = all * QUEUE + of_groups * QUEUE_OF_A_GROUP + on_brokers(plan) * TOPIC_ON_A_BROKER;
    refuse(fields, "topics", bytes, || format!("{all} queues, {of_groups} with those that several groups consume"))?;
    let members = plan.consumers.iter().chain(&plan.releases);
    let mut sizes = vec![0; plan.groups.len()];
    members.clone().for_each(|member| sizes[usize::from(member.group)] += 1);
    for member in members.clone() {
        let strategy = &member.consumer.allocate_message_queue_strategy;
        if let Some(why) = too_large(sizes[usize::from(member.group)], strategy.virtual_node_cnt()) {
            let place = fields.get("groups").map_or(fields.place, |node| node.place);
            return Err(Fault::new(place, why, ""));
        }
    }
    let subscriptions: u64 = members.clone().map(|member| member.topics.len() as u64).sum();
    let bytes = members.count() as u64 * CONSUMER + subscriptions * SUBSCRIPTION;
    refuse(fields, "groups", bytes, || format!("{subscriptions} subscriptions of all consumers together"))
}

/// Queues of each topic on all brokers, as many as it has at most.
fn queues(plan: &Plan) -> Vec<u64> {
    let most = |read: u32, write: u32| u64::from(read.max(write));
    let mut queues: Vec<u64> = plan
        .topics
        .iter()
        .map(|t| t.queues.iter().map(|on| most(on.read_queue_nums, on.write_queue_nums)).sum())
        .collect();
    for step in &plan.timeline {
        if let Action::SetQueues { topic, brokers, read_queue_nums, write_queue_nums } = &step.action {
            let then = brokers.len() as u64 * most(read_queue_nums.unwrap_or(0), write_queue_nums.unwrap_or(0));
            let now = &mut queues[usize::from(*topic)];
            *now = then.max(*now);
        }
    }
    queues
}

fn on_brokers(plan: &Plan) -> u64 {
    plan.topics.iter().map(|topic| topic.queues.len() as u64).sum()
}

fn refuse(fields: &Fields<'_>, key: &'static str, bytes: u64, what: impl Fn() -> String) -> Result<(), Fault> {
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    let place = fields.get(key).map_or(fields.place, |node| node.place);
    let lower = match key {
        "topics" => "lower the number of queues, topics, brokers or groups",
        _ => "lower the number of consumers or of topics that each subscribes",
    };
    Err(Fault::new(
        place,
        format!("{} take about {:.1} GiB of memory", what(), gibibytes(bytes)),
        format!("allowed are {:.0} GiB; {lower}", gibibytes(MOST_BYTES)),
    ))
}

fn gibibytes(bytes: u64) -> f64 {
    (bytes >> 20) as f64 / 1024.0
}
