//! Owners of queues: nobody, the wrong one, or one who is not in the list.

use super::{group_said, lone_queues, named, places, queues_said};
use crate::doctor::deal::{self, Dealt, Held, Holder, host_of};
use crate::doctor::picture::Group;
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::import::Place;
use crate::import::fact::QueueName;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in &picture.groups {
        if group.broadcasts() || group.pops() {
            continue;
        }
        // What may not be read is nobody's.
        let mut held = deal::held(group);
        held.retain(|queue, _| picture.is_readable(&queue.topic, &queue.broker));
        let dealt = deal::best(picture, name, group, &held);
        found.extend(lone_queues::find(name, group, &held, dealt.as_ref().map(|(dealt, _)| dealt)));
        found.extend(not_in_list(name, group, &held));
        found.extend(dealt.and_then(|(dealt, told)| otherwise(name, group, &held, &dealt, told)));
    }
    found
}

/// Owners that the list of members does not name.
fn not_in_list(name: &str, group: &Group<'_>, held: &Held<'_>) -> Option<Finding> {
    let members = group.members();
    if members.is_empty() || members.iter().all(|member| member.address.is_none()) {
        return None;
    }
    let is_member = |holder: &Holder<'_>| members.iter().any(|member| holder.may_be(member.client_id));
    let strangers = held.iter().filter(|(_, (_, holders))| holders.iter().any(|holder| !is_member(holder)));
    let strangers: Vec<_> = strangers.collect();
    let mut who: Vec<&str> = strangers
        .iter()
        .flat_map(|(_, (_, holders))| holders)
        .filter(|holder| !is_member(holder))
        .map(Holder::said)
        .collect();
    who.sort_unstable();
    who.dedup();
    let queues = queues_said(strangers.iter().map(|(queue, _)| **queue));
    let what = format!(
        "{} belong to {}, which is not among the {} connections of {}",
        queues,
        named(&who),
        members.len(),
        group_said(name)
    );
    let list = members.first().map(|member| member.place);
    let places = places(strangers.iter().map(|(_, (place, _))| *place).take(3).chain(list));
    (!strangers.is_empty())
        .then(|| Finding::new(FindingKind::OwnerNotInList, what, places).of(name).sure(Sureness::Likely))
}

/// Owners that are members, and not those that the strategy gives.
fn otherwise(name: &str, group: &Group<'_>, held: &Held<'_>, dealt: &Dealt, told: bool) -> Option<Finding> {
    let members = group.members();
    let differs = |(queue, (_, holders)): &(&&QueueName, &(Place, Vec<Holder<'_>>))| {
        let Some(owners) = dealt.owners(queue) else { return false };
        let known = holders.iter().all(|holder| members.iter().any(|member| holder.may_be(member.client_id)));
        known && holders.iter().any(|holder| !owners.iter().any(|id| holder.may_be(id)))
    };
    let wrong: Vec<_> = held.iter().filter(differs).collect();
    let (queue, (_, holders)) = wrong.first()?;
    // Without the strategy's name a map that fits none of them well may be of one that is not asked.
    let placed = held.values().filter(|(_, holders)| !holders.is_empty()).count();
    if !told && dealt.fits(held) * 2 < placed {
        return None;
    }
    let owners = dealt.owners(queue).unwrap_or_default();
    let hosts = matches!(holders.first(), Some(Holder::Host(_)));
    let owners: Vec<&str> = owners.iter().map(|id| if hosts { host_of(id) } else { id }).collect();
    let what = format!(
        "{} of {} queues are not with whom {} deals them to: {}; {} is with {} and not with {}",
        wrong.len(),
        placed,
        dealt.allocation.strategy,
        queues_said(wrong.iter().map(|(queue, _)| **queue)),
        queues_said([**queue]),
        named(&holders.iter().map(Holder::said).collect::<Vec<_>>()),
        named(&owners)
    );
    let places = places(wrong.iter().map(|(_, (place, _))| *place));
    let sure = if told { Sureness::Likely } else { Sureness::Possible };
    Some(Finding::new(FindingKind::OwnersNotAsDealt, what, places).of(name).sure(sure))
}
