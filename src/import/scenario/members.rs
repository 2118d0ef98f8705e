//! Members: each with its real client id, by which strategies sort them and rings hash them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::cluster::{Group, Known, Member, RemarkKind, Workload};
use super::draft::{Draft, is_client_id, is_name};
use super::lines::{list, quoted, value};
use super::versions::{own_version, played_as_java};
use crate::strategy::registry::{STRATEGIES, strategy as known_strategy};

/// RocketMQ's name of the setting.
const STRATEGY: &str = "allocateMessageQueueStrategy";
/// So many members are played where nothing says how many there are.
const ASSUMED: u32 = 2;
/// The most members of a group that are counted and not named.
const MOST: u32 = 10_000;

/// Gives those that share a process with a member of another group the name of that process.
pub(super) fn share_processes(draft: &mut Draft<'_>) {
    let cluster = draft.cluster;
    let mut seen: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for group in &draft.groups {
        for member in &cluster.groups[*group].members {
            *seen.entry(&member.client_id).or_default().entry(group).or_default() += 1;
        }
    }
    let shared = seen.into_iter().filter(|(_, groups)| groups.len() > 1 && groups.values().all(|count| *count == 1));
    draft.processes = shared.zip(1..).map(|((id, _), number)| (id, (format!("process-{number}"), false))).collect();
    draft.as_java = played_as_java(draft);
}

/// The strategy that a value means: RocketMQ's name of it, or its class.
fn strategy_of(value: &str) -> Option<String> {
    let value = value.trim();
    let class = value.split('@').next().unwrap_or(value).rsplit('.').next().unwrap_or(value);
    let by_class = STRATEGIES.iter().find(|known| !known.class.is_empty() && known.class == class);
    let name = by_class.map_or(value, |known| known.name);
    (known_strategy(name).is_some() && !name.split('-').any(|part| part == "STICKY")).then(|| name.to_owned())
}

/// What a member's strategy is said to be.
fn own_strategy(member: &Member) -> Option<String> {
    strategy_of(&member.settings.get(STRATEGY)?.value)
}

/// Whether members are known to deal by different strategies.
fn strategies_differ(group: &Group) -> bool {
    group.members.iter().filter_map(own_strategy).collect::<BTreeSet<_>>().len() > 1
}

/// The strategy of the group, or that it is assumed.
pub(super) fn strategy(draft: &mut Draft<'_>, name: &str, group: &Group, broadcasting: bool) {
    let of_members = group.members.iter().filter_map(|member| member.settings.get(STRATEGY));
    let said: Vec<&Known<String>> = group.settings.get(STRATEGY).into_iter().chain(of_members).collect();
    for known in said.iter().filter(|known| strategy_of(&known.value).is_none()) {
        let sentence = format!(
            "the strategy `{}` of {name} ({}) is unknown here; it is played as AVG",
            known.value,
            draft.of(known)
        );
        draft.remark(RemarkKind::LeftOut, sentence);
    }
    let known = said.iter().find_map(|known| Some((strategy_of(&known.value)?, *known)));
    match known {
        Some((strategy, known)) => {
            let comment = draft.of(known);
            draft.lines.said(format!("{STRATEGY} = {}", quoted(&strategy)), comment);
        }
        None if broadcasting => {}
        None => {
            draft.lines.said(format!("{STRATEGY} = \"AVG\""), "assumed: brokers do not know it");
            draft.missing(format!("rocketmq_client.log of a member would tell the strategy of {name}"));
        }
    }
}

/// Who says that its listener is orderly.
pub(super) fn is_orderly(group: &Group) -> Option<Known<String>> {
    const KEYS: [&str; 5] = ["PROP_CONSUMEORDERLY", "PROP_CONSUME_ORDERLY", "consumeOrderly", "orderly", "consumeMode"];
    let says = |settings: &BTreeMap<String, Known<String>>| {
        let mut said = KEYS.iter().filter_map(|key| settings.get(*key));
        said.find(|known| ["true", "ORDERLY"].iter().any(|word| known.value.eq_ignore_ascii_case(word))).cloned()
    };
    says(&group.settings).or_else(|| group.members.iter().find_map(|member| says(&member.settings)))
}

/// Settings of the group, and those that all its members have alike.
pub(super) fn common(group: &Group) -> BTreeMap<String, Known<String>> {
    let mut common = group.settings.clone();
    let Some((first, others)) = group.members.split_first() else { return common };
    for (key, known) in &first.settings {
        let alike = |other: &Member| other.settings.get(key).is_some_and(|own| own.value == known.value);
        if others.iter().all(alike) {
            common.entry(key.clone()).or_insert_with(|| known.clone());
        }
    }
    common
}

/// The members by their ids; where none is known, so many as something says.
pub(super) fn write(draft: &mut Draft<'_>, name: &str, group: &Group, broadcasting: bool) {
    let (known, odd): (Vec<&Member>, Vec<&Member>) =
        group.members.iter().partition(|member| is_client_id(&member.client_id));
    for member in odd {
        let sentence = format!("`{}` cannot be a client id here; this member of {name} is left out", member.client_id);
        draft.remark(RemarkKind::LeftOut, sentence);
    }
    if known.is_empty() {
        return unknown(draft, name, group, broadcasting);
    }
    if let Some(count) = group.count.as_ref().filter(|count| count.value as usize > known.len()) {
        let (all, at) = (count.value, draft.of(count));
        draft.missing(format!(
            "{name} has {all} members ({at}) and {} of them are known; `mqadmin consumerConnection -g {name}` would tell the others",
            known.len()
        ));
    }
    let differ = strategies_differ(group);
    draft.lines.plain("consumers = [");
    for member in known {
        let consumer = draft.next_consumer();
        draft.first_consumer.get_or_insert_with(|| consumer.clone());
        let mut own = vec![format!("name = {}", quoted(&consumer)), identity(draft, member)];
        let read: Vec<&str> =
            draft.topics.iter().copied().filter(|topic| member.subscriptions.contains_key(*topic)).collect();
        let all = group.topics();
        if !read.is_empty() && read.len() < draft.topics.iter().filter(|topic| all.contains(*topic)).count() {
            own.push(format!("topics = {}", list(read)));
        }
        if differ && let Some(strategy) = own_strategy(member) {
            own.push(format!("{STRATEGY} = {}", quoted(&strategy)));
        }
        own.extend(own_version(draft, group, member));
        if member.has_unsubscribed {
            unsubscribes(draft, &consumer, member, &all);
        }
        let own: Vec<String> = own.into_iter().filter(|part| !part.is_empty()).collect();
        let from = member.address.as_ref().map(|address| format!(" from {address}")).unwrap_or_default();
        let comment = format!("{}{from}", draft.at(&member.places));
        draft.lines.said(format!("    {{ {} }},", own.join(", ")), comment);
    }
    draft.lines.plain("]");
}

/// A member that has given all its topics up: it starts with what the group has, as every consumer does, and leaves it.
fn unsubscribes(draft: &mut Draft<'_>, consumer: &str, member: &Member, topics: &BTreeSet<&str>) {
    let comment = draft.at(&member.places);
    for topic in draft.topics.iter().filter(|topic| topics.contains(*topic)) {
        let step = vec![
            "at = \"10s\"".to_owned(),
            "action = \"unsubscribe\"".to_owned(),
            format!("consumer = {}", quoted(consumer)),
            format!("topic = {}", quoted(topic)),
        ];
        draft.steps.push((step, comment.clone()));
    }
}

/// Its client id, and the process that it shares with a member of another group; the id is that of the first there.
fn identity(draft: &mut Draft<'_>, member: &Member) -> String {
    let id = format!("clientId = {}", quoted(&member.client_id));
    let Some((process, written)) = draft.processes.get_mut(member.client_id.as_str()) else { return id };
    let instance = format!("instance = {}", quoted(process));
    if std::mem::replace(written, true) { instance } else { format!("{id}, {instance}") }
}

/// Members that no input names.
fn unknown(draft: &mut Draft<'_>, name: &str, group: &Group, broadcasting: bool) {
    let workload = workload(draft, name);
    let tell = format!("`mqadmin consumerConnection -g {name}` would tell the members of {name}");
    draft.missing(format!("{tell}: the order of their client ids decides who gets which queue"));
    if let Some((named, workload)) = workload {
        return deployment(draft, (name, named), workload);
    }
    let hosts: Vec<(&str, super::super::section::Place)> =
        group.client_ips().into_iter().filter(|(ip, _)| is_name(ip)).collect();
    if !hosts.is_empty() && !broadcasting {
        draft.lines.note("Hosts that own queues; the rest of the client ids is assumed.");
        draft.lines.plain("consumers = [");
        for (ip, place) in hosts {
            let (consumer, comment) = (draft.next_consumer(), draft.at(&[place]));
            draft.first_consumer.get_or_insert_with(|| consumer.clone());
            let own = format!("    {{ name = {}, clientIP = {} }},", quoted(&consumer), quoted(ip));
            draft.lines.said(own, comment);
        }
        draft.lines.plain("]");
        return;
    }
    draft.first_consumer.get_or_insert_with(|| "c1".to_owned());
    match group.count.as_ref().filter(|count| count.value > 0) {
        Some(count) => {
            let comment = draft.of(count);
            draft.lines.said(format!("count = {}", count.value.min(MOST)), comment);
        }
        None => draft.lines.said(format!("count = {ASSUMED}"), "assumed: no input says how many members there are"),
    }
}

/// What was deployed and is this group: that of its name, or the only one where there is one group.
fn workload<'a>(draft: &Draft<'a>, group: &str) -> Option<(&'a str, &'a Workload)> {
    let mut all = draft.cluster.workloads.iter().map(|(name, workload)| (name.as_str(), workload));
    let plain = |text: &str| text.to_lowercase().replace('_', "-");
    let (own, alone) = (plain(group), draft.groups.len() == 1 && draft.cluster.workloads.len() == 1);
    all.find(|(name, _)| alone || plain(name).contains(&own) || own.contains(&plain(name)))
}

fn deployment(draft: &mut Draft<'_>, (group, named): (&str, &str), workload: &Workload) {
    let comment = format!("{} {named}: {}", workload.kind, draft.at(&[workload.place]));
    draft.first_consumer.get_or_insert_with(|| format!("{group}-1-1"));
    draft.lines.header("[groups.deployment]");
    let replicas = workload.replicas.unwrap_or(ASSUMED).clamp(1, MOST);
    draft.lines.said(format!("replicas = {replicas}"), comment);
    let seconds = |ms: u64| format!("\"{ms}ms\"");
    let settings = [
        ("maxSurge", workload.max_surge.as_deref().map(value)),
        ("maxUnavailable", workload.max_unavailable.as_deref().map(value)),
        ("terminationGracePeriodSeconds", workload.termination_grace_ms.map(seconds)),
        ("preStop", workload.pre_stop_ms.map(seconds)),
        ("ready", workload.ready_after_ms.map(seconds)),
    ];
    for (key, value) in settings {
        if let Some(value) = value {
            draft.lines.setting(format!("{key} = {value}"), "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strategy_is_named_by_name_or_class() {
        let class = "org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragelyByCircle@6d5380c2";
        let table = [
            ("AVG", Some("AVG")),
            (class, Some("AVG_BY_CIRCLE")),
            ("MACHINE_ROOM_NEARBY-AVG", Some("MACHINE_ROOM_NEARBY-AVG")),
            ("STICKY", None),
            ("com.example.Mine@1", None),
        ];
        for (text, expected) in table {
            assert_eq!(strategy_of(text).as_deref(), expected, "{text}");
        }
    }
}
