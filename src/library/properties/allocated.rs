//! What a strategy deals to the members of a cluster, asked as a client asks it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::library::Cluster;
use crate::model::plan::Plan;
use crate::strategy::{AllocateMessageQueueStrategy, ClientId, MessageQueue, order};

type Strategy = Arc<dyn AllocateMessageQueueStrategy>;

/// Who has which queue.
type Owners = BTreeMap<MessageQueue, Vec<ClientId>>;

/// Each queue is dealt to one member.
pub(super) fn one_owner(strategy: &Strategy, cluster: &Cluster) -> Result<(), String> {
    for (queues, members) in questions(cluster)? {
        for (queue, owners) in deal(strategy, &queues, &members)? {
            let told: Vec<&str> = owners.iter().map(|owner| &**owner).collect();
            match told.as_slice() {
                [_] => {}
                [] => return Err(format!("{queue} is dealt to nobody of {} members", members.len())),
                several => return Err(format!("{queue} is dealt to {}", several.join(" and "))),
            }
        }
    }
    Ok(())
}

/// Nobody has two queues of a topic more than another.
pub(super) fn even(strategy: &Strategy, cluster: &Cluster) -> Result<(), String> {
    for (queues, members) in questions(cluster)? {
        let owners = deal(strategy, &queues, &members)?;
        let share = |member: &ClientId| owners.values().filter(|owners| owners.contains(member)).count();
        let shares: Vec<usize> = members.iter().map(share).collect();
        let (most, least) = (shares.iter().max().copied().unwrap_or(0), shares.iter().min().copied().unwrap_or(0));
        if most > least + 1 {
            let topic = queues.first().map_or_else(String::new, |queue| queue.topic.to_string());
            return Err(format!("of {topic} one member has {most} queues and another {least}"));
        }
    }
    Ok(())
}

/// As one member goes, no queue moves but its own; read backwards, as one comes, none moves but to it.
pub(super) fn least_moves(strategy: &Strategy, cluster: &Cluster) -> Result<(), String> {
    for (queues, members) in questions(cluster)? {
        let before = deal(strategy, &queues, &members)?;
        for gone in members.iter().filter(|_| members.len() > 1) {
            let left: Vec<ClientId> = members.iter().filter(|member| *member != gone).cloned().collect();
            let after = deal(strategy, &queues, &left)?;
            let moved =
                before.iter().find(|(queue, owners)| !owners.contains(gone) && after.get(*queue) != Some(owners));
            if let Some((queue, owners)) = moved {
                let owner = owners.first().map_or("nobody", |owner| owner);
                return Err(format!("{queue} was {owner}'s and moves, as {gone} goes, who had it not"));
            }
        }
    }
    Ok(())
}

/// What a strategy is asked of a topic: its queues and the members, as a client sorts them.
type Question = (Vec<MessageQueue>, Vec<ClientId>);

/// The questions, topic by topic.
fn questions(cluster: &Cluster) -> Result<Vec<Question>, String> {
    let scenario = cluster.scenario().map_err(|error| error.to_string())?;
    let plan: &Plan = scenario.plan();
    let mut members: Vec<ClientId> = plan.consumers.iter().map(|consumer| consumer.client_id.as_str().into()).collect();
    members.sort_by(|a, b| order::compare_java_strings(a, b));
    let mut questions = Vec::new();
    for topic in &plan.topics {
        let on = topic.queues.iter().flat_map(|on| {
            let broker = &plan.brokers[on.broker.at()].name;
            (0..on.read_queue_nums).map(|id| MessageQueue::new(&topic.name, broker, id as i32))
        });
        let mut queues: Vec<MessageQueue> = on.collect();
        queues.sort();
        questions.push((queues, members.clone()));
    }
    Ok(questions)
}

fn deal(strategy: &Strategy, queues: &[MessageQueue], members: &[ClientId]) -> Result<Owners, String> {
    let mut owners: Owners = queues.iter().map(|queue| (queue.clone(), Vec::new())).collect();
    for member in members {
        let dealt = strategy.allocate("g", member, queues, members);
        for queue in dealt.map_err(|error| format!("the strategy throws: {}", error.message()))? {
            owners.entry(queue).or_default().push(member.clone());
        }
    }
    Ok(owners)
}
