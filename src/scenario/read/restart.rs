//! `restart` and `rolling_restart`: a stop or kill, a pause, a start.

use crate::model::ids::BrokerIndex;
use std::collections::BTreeMap;

use super::hosts::one_of;
use super::targets::group_members;
use super::timeline::{Entry, Next, host_name, process_action};
use crate::kernel::Span;
use crate::model::plan::{Action, Host, MessageModel, Step, When};
use crate::scenario::text::{Fault, Node};
use crate::strategy::order::compare_java_strings;

/// Whether a restart ends the process by a signal that asks or one that does not.
fn ending(entry: &Entry<'_, '_>) -> Result<&'static str, Fault> {
    Ok(if entry.fields.get("kill").map_or(Ok(false), Node::flag)? { "kill" } else { "stop" })
}

/// `restart`: every target goes down, and up again after `down`.
pub(super) fn restart(entry: &Entry<'_, '_>) -> Result<Vec<Step>, Fault> {
    let end = ending(entry)?;
    let down = entry.fields.get("down").map_or(Ok(Span::from_secs(3)), |node| node.span(None))?;
    let (mut new, mut given) = (false, None);
    let targets = entry.targets()?;
    if let Some(node) = entry.fields.get("clientId") {
        match node.client_id()? {
            "new" => new = true,
            "same" => {}
            _ if targets.len() > 1 => {
                return Err(Fault::new(
                    node.place,
                    "one client id for several consumers",
                    "write \"new\", or a step for each",
                ));
            }
            id => given = Some(id.to_owned()),
        }
        if !matches!(targets[0], Host::Consumer(_)) {
            return Err(Fault::new(node.place, "only consumers have client ids", "leave it out"));
        }
    }
    let (mut steps, mut killed, together) = (Vec::new(), BTreeMap::new(), entry.together()?);
    for target in targets {
        let mut next = entry.next(target, given.clone())?;
        if new {
            let known = next.client_id.take();
            next.client_id = Some(fresh_client_id(entry, target, known));
        }
        let when = entry.when_of(together, steps.is_empty());
        pair(entry, target, (end, down, next), when, (&mut steps, &mut killed));
    }
    Ok(steps)
}

/// `rolling_restart`: the consumers of a group, or all brokers, one after the other.
pub(super) fn rolling_restart(entry: &Entry<'_, '_>) -> Result<Vec<Step>, Fault> {
    let fields = &entry.fields;
    let end = ending(entry)?;
    let interval = fields.require("interval", "\"20s\"")?.positive_span()?;
    let down = fields.get("down").map_or(Ok(Span::from_secs(3)), |node| node.span(None))?;
    let asked = fields.get("new_client_ids").is_some();
    let new = fields.get("new_client_ids").map_or(Ok(true), Node::flag)?;
    fields.exclusive("group", "brokers")?;
    let targets: Vec<Host> = match (fields.get("group"), fields.get("brokers")) {
        (Some(node), _) => group_members(node, entry.plan, entry.before)?.into_iter().map(Host::Consumer).collect(),
        (None, Some(node)) => {
            one_of(node, "set of brokers", &["all"])?;
            (0..entry.plan.brokers.len()).map(|index| Host::Broker(BrokerIndex(index as u16))).collect()
        }
        (None, None) => {
            return Err(Fault::new(
                fields.place,
                "this step has no target",
                "write group = \"g\" or brokers = \"all\"",
            ));
        }
    };
    let targets = ordered(entry, targets)?;
    let (mut steps, mut killed) = (Vec::new(), BTreeMap::new());
    for (index, target) in targets.into_iter().enumerate() {
        let later = interval.checked_mul(index as u64).unwrap_or(Span::MAX);
        let when = if index == 0 { entry.when } else { later_than(entry, later)? };
        let mut next = entry.next(target, None)?;
        if new && takes_new_id(entry, target, asked) {
            let known = next.client_id.take();
            next.client_id = Some(fresh_client_id(entry, target, known));
        }
        pair(entry, target, (end, down, next), when, (&mut steps, &mut killed));
    }
    Ok(steps)
}

/// `order`: consumers by their client ids, as Java sorts them, or the other way round; else as the scenario lists them.
fn ordered(entry: &Entry<'_, '_>, mut targets: Vec<Host>) -> Result<Vec<Host>, Fault> {
    let Some(node) = entry.fields.get("order") else { return Ok(targets) };
    let chosen = one_of(node, "order", &["as_listed", "by_id", "by_id_descending"])?;
    if chosen == 0 {
        return Ok(targets);
    }
    if !targets.iter().all(|target| matches!(target, Host::Consumer(_))) {
        return Err(Fault::new(node.place, "only consumers have client ids", "leave it out"));
    }
    let id = |target: &Host| match target {
        Host::Consumer(consumer) => entry.plan.consumers[consumer.at()].client_id.as_str(),
        _ => "",
    };
    targets.sort_by(|a, b| compare_java_strings(id(a), id(b)));
    if chosen == 2 {
        targets.reverse();
    }
    Ok(targets)
}

/// Whether a target's next process has another client id: a consumer's has, by its process id, unless it is
/// `BROADCASTING` and a Java client, which keeps its `ip@DEFAULT`.
fn takes_new_id(entry: &Entry<'_, '_>, target: Host, asked: bool) -> bool {
    match target {
        Host::Consumer(consumer) => {
            let planned = &entry.plan.consumers[consumer.at()];
            let by_pid = planned.consumer.message_model == MessageModel::Clustering || planned.client.go.is_some();
            asked || by_pid
        }
        _ => false,
    }
}

/// `later` after the first step of the entry.
fn later_than(entry: &Entry<'_, '_>, later: Span) -> Result<When, Fault> {
    let too_late = || Fault::new(entry.fields.place, "the rolling restart never ends", "choose a shorter interval");
    if later > crate::scenario::text::YEAR {
        return Err(too_late());
    }
    Ok(match entry.when {
        When::At(moment) => When::At(moment + later),
        _ => When::After { step: entry.before.len(), delay: later },
    })
}

/// The end of a process and its next start. `killed`: where in the timeline a process was killed, with all its consumers.
fn pair(
    entry: &Entry<'_, '_>,
    target: Host,
    how: (&str, Span, Next),
    when: When,
    (steps, killed): (&mut Vec<Step>, &mut BTreeMap<Host, usize>),
) {
    let (end, down, next) = how;
    let name = host_name(entry.plan, target);
    // A name server only knows SIGKILL: it keeps nothing that a graceful end could save.
    let end = if matches!(target, Host::NameServer(_)) { "kill" } else { end };
    let action = process_action(end, target, Next::default()).expect("consumers, brokers and name servers can end");
    let base = entry.before.len();
    let process = entry.process_of(target);
    let first = match killed.get(&process) {
        // The process of this consumer has been killed with that of another already.
        Some(&at) => at,
        None => {
            let label = if steps.is_empty() { entry.mark.clone() } else { None };
            let label = label.unwrap_or_else(|| format!("{end} {name}"));
            steps.push(Step { when, action, label, entry: base });
            let at = base + steps.len() - 1;
            if end == "kill" {
                killed.insert(process, at);
            }
            at
        }
    };
    let when = match when {
        When::At(moment) => When::At(moment + down),
        _ => When::After { step: first, delay: down },
    };
    let action: Action = process_action("start", target, next).expect("what ended can start");
    steps.push(Step { when, action, label: format!("start {name}"), entry: base });
}

/// A client id as a new process would have it: the old address, or the new one of this id; another process.
fn fresh_client_id(entry: &Entry<'_, '_>, target: Host, known: Option<String>) -> String {
    match target {
        Host::Consumer(consumer) => {
            let old = known.unwrap_or_else(|| entry.plan.consumers[consumer.at()].client_id.clone());
            format!("{old}#{}", entry.before.len() + 1)
        }
        _ => String::new(),
    }
}
