//! Queues that nobody has, that the wrong one has, or one who is not in the list.

use super::{group_said, have, messages_wait, named, places, queues_said};
use crate::allocation::Reason;
use crate::check::Cause;
use crate::doctor::deal::{self, Dealt, Held, Holder, host_of};
use crate::doctor::picture::Group;
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::import::fact::QueueName;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in &picture.groups {
        if group.broadcasts() || group.pops() {
            continue;
        }
        let held = deal::held(group);
        let dealt = deal::best(picture, name, group, &held);
        found.extend(without_client(name, group, &held, dealt.as_ref().map(|(dealt, _)| dealt)));
        found.extend(not_in_list(name, group, &held));
        found.extend(dealt.and_then(|(dealt, told)| otherwise(name, group, &held, &dealt, told)));
    }
    found
}

/// Queues that no client has, though others of the group have one.
fn without_client(name: &str, group: &Group<'_>, held: &Held<'_>, dealt: Option<&Dealt>) -> Option<Finding> {
    let lone: Vec<&QueueName> =
        held.iter().filter(|(_, (_, holders))| holders.is_empty()).map(|(queue, _)| *queue).collect();
    // Where no queue has a client, the group is offline or its members did not answer.
    if lone.is_empty() || lone.len() == held.len() {
        return None;
    }
    let rows: Vec<_> = group.rows().iter().filter(|row| lone.contains(&row.queue)).collect();
    let waiting: i64 = rows.iter().map(|row| row.lag()).sum();
    let wait =
        if waiting > 0 { format!("{} there", messages_wait(waiting)) } else { "nothing waits there yet".to_owned() };
    let (cause, why, sure) = why(&lone, group, dealt);
    let what = format!("{} no client: {}; {wait}{why}", have(lone.len(), "queue"), queues_said(lone.iter().copied()));
    let places = places(lone.iter().map(|queue| held[queue].0));
    let finding = Finding::new(FindingKind::QueueWithoutClient, what, places).of(name).sure(sure);
    Some(match cause {
        Some(cause) => finding.because(cause),
        None => finding,
    })
}

/// Why queues have no client, as far as the strategy and the members tell.
fn why(lone: &[&QueueName], group: &Group<'_>, dealt: Option<&Dealt>) -> (Option<Cause>, String, Sureness) {
    let Some(dealt) = dealt else { return (Some(Cause::Unowned), String::new(), Sureness::Likely) };
    let strategy = &dealt.allocation.strategy;
    let reasons: Vec<&Reason> = lone.iter().filter_map(|queue| dealt.fault(queue)).map(|fault| &fault.reason).collect();
    if let Some(Reason::RepeatedClientId { id, times }) =
        reasons.iter().find(|reason| matches!(reason, Reason::RepeatedClientId { .. }))
    {
        let why = format!(", as {times} connections have the client id {id} and {strategy} deals each of them a share");
        return (Some(Cause::DuplicateClientId), why, Sureness::Certain);
    }
    if let Some(reason) = reasons.first() {
        return (Some(Cause::GivenToNobody), format!(": {reason}"), Sureness::Likely);
    }
    let mut owners: Vec<&str> = lone.iter().filter_map(|queue| dealt.owners(queue)).flatten().collect();
    owners.sort_unstable();
    owners.dedup();
    let lacks = |id: &&str| {
        let topics = group.subscribed.iter().filter(|of| of.client_id == Some(*id)).map(|of| of.topic);
        let topics: Vec<&str> = topics.collect();
        !topics.is_empty() && lone.iter().all(|queue| !topics.contains(&queue.topic.as_str()))
    };
    match owners[..] {
        [] => (Some(Cause::Unowned), String::new(), Sureness::Likely),
        _ if owners.iter().all(lacks) => (
            Some(Cause::GivenToAMemberWithoutTheTopic),
            format!(", as {strategy} deals them to {}, which does not subscribe the topic", named(&owners)),
            Sureness::Certain,
        ),
        // `consumerProgress` asks one member after the other, and says N/A for the rest where one does not answer.
        _ => (
            Some(Cause::Unowned),
            format!("; {strategy} deals them to {}, which has not taken them or did not answer", named(&owners)),
            Sureness::Likely,
        ),
    }
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
    let differs = |(queue, (_, holders)): &(&&QueueName, &(_, Vec<Holder<'_>>))| {
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
