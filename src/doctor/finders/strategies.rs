//! Members of one group that deal by different strategies: by what they say, else by what they have.

use super::{group_said, named, places};
use crate::doctor::deal::{self, FITTED, Held, Holder};
use crate::doctor::picture::Group;
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::import::Place;
use crate::import::fact::{LogEvent, QueueName};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let found =
        picture.groups.iter().filter_map(|(name, group)| said(name, group).or_else(|| betrayed(picture, name, group)));
    found.collect()
}

/// Logs and settings name more than one.
fn said(name: &str, group: &Group<'_>) -> Option<Finding> {
    let mut by_strategy: BTreeMap<&str, (BTreeSet<&str>, Place)> = BTreeMap::new();
    // A client that changed with a release is judged by its last word.
    let mut last: BTreeMap<&str, (&str, Place)> = BTreeMap::new();
    for logged in &group.logged {
        if let LogEvent::Rebalanced { client_id, strategy, .. } = logged.event {
            last.insert(client_id, (strategy, logged.place));
        }
    }
    for (client, setting) in group.settings.iter().filter(|(_, setting)| setting.key == "allocateMessageQueueStrategy")
    {
        last.insert(client.unwrap_or("all"), (deal::name_of(setting.value), setting.place));
    }
    for (client, (strategy, place)) in last {
        by_strategy.entry(strategy).or_insert((BTreeSet::new(), place)).0.insert(client);
    }
    if by_strategy.len() < 2 {
        return None;
    }
    let who: Vec<String> = by_strategy
        .iter()
        .map(|(strategy, (clients, _))| format!("{strategy} ({})", named(&clients.iter().collect::<Vec<_>>())))
        .collect();
    let what = format!("members of {} deal by different strategies: {}", group_said(name), who.join(", "));
    let places = places(by_strategy.values().map(|(_, place)| *place));
    Some(Finding::new(FindingKind::StrategiesDiffer, what, places).of(name))
}

/// Members whose queues are exactly what one strategy gives them, and others whose queues are exactly another's.
fn betrayed(picture: &Picture<'_>, name: &str, group: &Group<'_>) -> Option<Finding> {
    let held = deal::held(group);
    let answers: Vec<deal::Dealt> =
        FITTED.iter().filter_map(|strategy| deal::deal(picture, name, group, strategy)).collect();
    let members: BTreeSet<&str> = group.members().iter().map(|member| member.client_id).collect();
    // Ids that stand twice have queues in common whatever they deal by.
    if members.len() < group.members().len() {
        return None;
    }
    let mut fits: Vec<(&str, Vec<usize>)> = Vec::new();
    for id in members {
        let own = queues_of(id, &held);
        let exact = |dealt: &deal::Dealt| own == dealt_to(id, dealt, &held);
        let of: Vec<usize> = (0..answers.len()).filter(|at| exact(&answers[*at])).collect();
        if own.is_empty() || of.is_empty() {
            continue;
        }
        fits.push((id, of));
    }
    let common = (0..answers.len()).any(|at| fits.iter().all(|(_, of)| of.contains(&at)));
    let (one, of_one) = fits.first()?;
    let (other, of_other) = fits.iter().find(|(_, of)| !of.iter().any(|at| of_one.contains(at)))?;
    if common {
        return None;
    }
    let strategy = |of: &[usize]| answers[of[0]].allocation.strategy.clone();
    let what = format!(
        "owners betray two strategies in {}: {one} has what {} gives, {other} what {} gives",
        group_said(name),
        strategy(of_one),
        strategy(of_other)
    );
    let place =
        |id: &str| held.values().find(|(_, holders)| holders.iter().any(|holder| holder.may_be(id))).map(|of| of.0);
    let places = places([place(one), place(other)].into_iter().flatten());
    Some(Finding::new(FindingKind::StrategiesDiffer, what, places).of(name).sure(Sureness::Likely))
}

/// What a member has. Hosts with several members tell nothing of one.
fn queues_of<'a>(id: &str, held: &Held<'a>) -> BTreeSet<&'a QueueName> {
    let has = |holders: &[Holder<'_>]| holders.iter().any(|holder| holder.may_be(id));
    held.iter().filter(|(_, (_, holders))| has(holders)).map(|(queue, _)| *queue).collect()
}

/// What a strategy gives a member of the queues that are told of.
fn dealt_to<'a>(id: &str, dealt: &deal::Dealt, held: &Held<'a>) -> BTreeSet<&'a QueueName> {
    let is_its = |queue: &&QueueName| dealt.owners(queue).is_some_and(|owners| owners.contains(&id));
    held.keys().copied().filter(is_its).collect()
}
