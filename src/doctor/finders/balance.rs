//! Members with nothing to do, and members with much more than others.

use super::{group_said, members_said, places};
use crate::doctor::picture::Group;
use crate::doctor::{Finding, FindingKind, Picture, Sureness, deal};
use crate::wording::counted;
use std::collections::BTreeMap;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let groups = picture.groups.iter().filter(|(_, group)| !group.broadcasts() && !group.pops());
    groups
        .flat_map(|(name, group)| {
            let crowded = crowded(picture, name, group);
            if crowded.is_empty() { uneven(picture, name, group).into_iter().collect() } else { crowded }
        })
        .collect()
}

/// More members than a topic has queues.
fn crowded(picture: &Picture<'_>, name: &str, group: &Group<'_>) -> Vec<Finding> {
    let members = group.members();
    let mut queues: BTreeMap<String, usize> = BTreeMap::new();
    for queue in deal::queues(picture, group).iter().filter(|queue| !queue.topic.starts_with("%RETRY%")) {
        *queues.entry(queue.topic.to_string()).or_default() += 1;
    }
    // A member that one topic has no queue for may have enough of another.
    let all: usize = queues.values().sum();
    let largest = queues.values().copied().max().unwrap_or(0);
    if all == 0 || members.len() <= largest {
        return Vec::new();
    }
    let topics: Vec<String> = queues.iter().map(|(topic, count)| format!("{topic} has {count}")).collect();
    let what = format!(
        "{} of {} for fewer queues: {}; at least {} nothing to do",
        members_said(members.len()),
        group_said(name),
        topics.join(", "),
        match members.len() - largest {
            1 => "1 has".to_owned(),
            idle => format!("{idle} have"),
        }
    );
    let of_topics = picture.topics.iter().filter(|on| queues.contains_key(on.topic)).map(|on| on.place);
    let of_rows = group.rows().iter().filter(|row| queues.contains_key(&row.queue.topic)).map(|row| row.place);
    let places = places(members.last().map(|member| member.place).into_iter().chain(of_topics.chain(of_rows).take(2)));
    vec![Finding::new(FindingKind::MoreMembersThanQueues, what, places).of(name)]
}

/// Queues over all topics: some have much more than others, as each topic is dealt from the first id on.
fn uneven(picture: &Picture<'_>, name: &str, group: &Group<'_>) -> Option<Finding> {
    let held = deal::held(group);
    let (dealt, told) = deal::best(picture, name, group, &held)?;
    let subscribed = dealt.question.queues.topics().filter(|topic| !topic.name.starts_with("%RETRY%")).count();
    let total = &dealt.allocation.total;
    // Twice as many and four more: less is not felt.
    if subscribed < 2
        || total.max < total.min * 2
        || total.max_min() < 4
        || !dealt.question.members.repeated().is_empty()
    {
        return None;
    }
    let seats = dealt.question.members.seats();
    let most = dealt.allocation.loads.iter().position(|load| *load == total.max)?;
    let what = format!(
        "{} deals {} topics of {} one by one: {} gets {} and others {}",
        dealt.allocation.strategy,
        subscribed,
        group_said(name),
        seats[most],
        counted(total.max as u64, "queue"),
        total.min
    );
    let places =
        places(group.members().iter().filter(|member| *member.client_id == *seats[most]).map(|member| member.place));
    let sure = if told { Sureness::Certain } else { Sureness::Likely };
    Some(Finding::new(FindingKind::UnevenOverTopics, what, places).of(name).sure(sure))
}
