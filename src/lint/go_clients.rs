//! Go clients: beside Java clients in one group, and beside each other in containers.

use std::collections::{BTreeMap, BTreeSet};

use super::members::groups;
use super::named;
use crate::model::plan::{ConsumerPlan, Plan};

/// Strategies of Java whose Go namesakes deal otherwise: another hash, and no rooms at all.
pub(crate) const DEAL_OTHERWISE: [&str; 2] = ["CONSISTENT_HASH", "MACHINE_ROOM_NEARBY"];

fn is_go(member: &&ConsumerPlan) -> bool {
    member.client.go.is_some()
}

/// Of each group with members of both languages: its name, and the members, Java's first. Releases count.
fn mixed(plan: &Plan) -> Vec<(&str, Vec<&ConsumerPlan>, Vec<&ConsumerPlan>)> {
    let both = |(group, mut members): (_, Vec<_>)| {
        let of_group: Vec<_> = members.iter().map(|member: &&ConsumerPlan| member.group).collect();
        members.extend(plan.releases.iter().filter(|release| of_group.contains(&release.group)));
        let (go, java): (Vec<_>, Vec<_>) = members.into_iter().partition(is_go);
        (group, java, go)
    };
    groups(plan).map(both).filter(|(_, java, go)| !java.is_empty() && !go.is_empty()).collect()
}

/// Each name once, also where a release has it again.
fn names_of<'a>(members: &[&'a ConsumerPlan]) -> Vec<&'a str> {
    let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    names.into_iter().collect()
}

pub(super) fn strategy_across_languages(plan: &Plan) -> Vec<String> {
    let name = |member: &ConsumerPlan| member.consumer.allocate_message_queue_strategy.name();
    let deals = |member: &&&ConsumerPlan| DEAL_OTHERWISE.iter().any(|strategy| name(member).starts_with(strategy));
    let told = |(group, java, go): (&str, Vec<&ConsumerPlan>, Vec<&ConsumerPlan>)| {
        let first = java.iter().find(deals)?;
        let names = names_of(&go);
        Some(format!("{} of group {group} deals by {}, and {} in Go's way", first.name, name(first), named(&names)))
    };
    mixed(plan).into_iter().filter_map(told).collect()
}

pub(super) fn go_hides_filter_changes(plan: &Plan) -> Vec<String> {
    let told = |(group, java, go): (&str, Vec<&ConsumerPlan>, Vec<&ConsumerPlan>)| {
        let first = java.iter().find(|member| member.tags != java[0].tags)?;
        let names = names_of(&go);
        Some(format!(
            "{} of group {group} changes its subExpression, and the versions of {} are newer than any of Java's",
            first.name,
            named(&names)
        ))
    };
    mixed(plan).into_iter().filter_map(told).collect()
}

pub(super) fn go_ids_collide(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for (group, members) in groups(plan) {
        let mut ids: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for member in members.into_iter().filter(is_go) {
            ids.entry(member.client_id.as_str()).or_default().push(member.name.as_str());
        }
        for (id, names) in ids.into_iter().filter(|(_, names)| names.len() > 1) {
            found.push(format!("{} of group {group} are all {id}", named(&names)));
        }
    }
    found
}
