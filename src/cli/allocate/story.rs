//! The group of a scenario as it is when its first members start.

use crate::model::ids::TopicIndex;
use std::collections::BTreeSet;

use super::super::{Failure, load};
use crate::allocation::{View, Views};
use crate::model::plan::{Action, ConsumerPlan, GroupIndex, MessageModel, Plan, TopicPlan, When};
use crate::strategy::{ClientId, MessageQueue};

/// What a scenario says.
pub(super) struct Story {
    pub(super) group: String,
    pub(super) queues: Vec<MessageQueue>,
    pub(super) ids: Vec<ClientId>,
    pub(super) views: Views,
    pub(super) strategy: String,
    pub(super) broadcasting: bool,
}

/// Reads the group of a scenario; `group` chooses one of several.
pub(super) fn read(file: &str, group: Option<&str>) -> Result<Story, Failure> {
    let plan = load::scenario(file, &[])?.plan;
    let number = choose(&plan, file, group)?;
    let members = first_members(&plan, number);
    let Some(first) = members.first() else {
        let name = &plan.groups[number.at()].name;
        return Err(Failure::bad_input(format!(
            "no member of the group `{name}` of `{file}` starts at a fixed moment"
        )));
    };
    let topics: BTreeSet<TopicIndex> = members.iter().flat_map(|member| &member.topics).copied().collect();
    let strategy = strategy_of(first);
    let mut views = Views::new();
    for member in &members {
        let own: BTreeSet<TopicIndex> = member.topics.iter().copied().collect();
        let names = || own.iter().map(|&topic| plan.topics[usize::from(topic)].name.clone()).collect();
        let view = View {
            topics: (own != topics).then(names),
            strategy: Some(strategy_of(member)).filter(|name| *name != strategy),
            ..View::default()
        };
        if view != View::default() {
            views.insert(member.client_id.clone(), view);
        }
    }
    Ok(Story {
        group: plan.groups[number.at()].name.clone(),
        queues: topics.iter().flat_map(|&topic| queues(&plan, &plan.topics[usize::from(topic)])).collect(),
        ids: members.iter().map(|member| member.client_id.as_str().into()).collect(),
        views,
        strategy,
        broadcasting: first.consumer.message_model == MessageModel::Broadcasting,
    })
}

fn strategy_of(member: &ConsumerPlan) -> String {
    member.consumer.allocate_message_queue_strategy.name()
}

fn choose(plan: &Plan, file: &str, group: Option<&str>) -> Result<GroupIndex, Failure> {
    let names: Vec<&str> = plan.groups.iter().map(|group| group.name.as_str()).collect();
    let refuse = |why: &str| Err(Failure::bad_input(format!("`{file}` {why}; it has {}", names.join(", "))));
    match (group, &names[..]) {
        (None, [_]) => Ok(GroupIndex(0)),
        (None, _) => refuse("has several groups; choose one with --group"),
        (Some(name), _) => match names.iter().position(|known| *known == name) {
            Some(number) => Ok(GroupIndex::of(number)),
            None => refuse(&format!("has no group `{name}`")),
        },
    }
}

/// The members that start first, all at the same moment.
fn first_members(plan: &Plan, group: GroupIndex) -> Vec<&ConsumerPlan> {
    let start_of = |number: usize| {
        plan.timeline.iter().find_map(|step| match (&step.action, step.when) {
            (Action::StartConsumer { consumer, .. }, When::At(at)) if usize::from(*consumer) == number => Some(at),
            _ => None,
        })
    };
    let starts: Vec<_> = (0..plan.consumers.len())
        .filter(|&number| plan.consumers[number].group == group)
        .filter_map(|number| Some((start_of(number)?, &plan.consumers[number])))
        .collect();
    let first = starts.iter().map(|(at, _)| *at).min();
    starts.into_iter().filter(|(at, _)| Some(*at) == first).map(|(_, member)| member).collect()
}

fn queues<'a>(plan: &'a Plan, topic: &'a TopicPlan) -> impl Iterator<Item = MessageQueue> + 'a {
    topic.queues.iter().flat_map(move |on| {
        let broker = &plan.brokers[usize::from(on.broker)].name;
        (0..on.read_queue_nums).map(move |id| MessageQueue::new(&topic.name, broker, id as i32))
    })
}
