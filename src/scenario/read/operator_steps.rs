//! Steps of an operator: queue counts, and what brokers keep of a topic.

use super::cluster::{broker_list, masters, queue_counts};
use super::hosts::one_of;
use super::timeline::{Entry, host_name};
use crate::kernel::Span;
use crate::model::observation::RequestMode;
use crate::model::plan::{
    Action, BrokerIndex, GroupChange, GroupIndex, Host, OffsetReset, Permission, ResetTo, Step, TopicIndex,
    TopicOnBroker,
};
use crate::scenario::text::{Fault, Node};
use crate::wording::did_you_mean;

/// Another number of queues.
pub(super) fn set_queues(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    let fields = &entry.fields;
    let (topic, brokers) = topic_and_brokers(entry)?;
    let (read, write) = queue_counts(fields)?;
    if read.is_none() && write.is_none() {
        return Err(Fault::new(
            fields.place,
            "set_queues changes nothing",
            "write queues, readQueueNums or writeQueueNums",
        ));
    }
    Ok(Action::SetQueues { topic, brokers, read_queue_nums: read, write_queue_nums: write })
}

/// The topic of a step, and where: on the brokers that it names, or all that the topic is planned on.
fn topic_and_brokers(entry: &Entry<'_, '_>) -> Result<(TopicIndex, Vec<BrokerIndex>), Fault> {
    let names: Vec<&str> = entry.plan.topics.iter().map(|topic| topic.name.as_str()).collect();
    let topic = one_of(entry.fields.require("topic", "\"orders\"")?, "topic", &names)?;
    let named = broker_list(&entry.fields, &entry.plan.brokers)?;
    let planned = || entry.plan.topics[topic].queues.iter().map(|on| on.broker).collect();
    let brokers = named.map_or_else(planned, |named| named.into_iter().map(|(broker, _)| broker).collect());
    Ok((TopicIndex::of(topic), brokers))
}

/// The brokers of a step that is about no topic: those that it names, or all masters.
fn brokers_or_all(entry: &Entry<'_, '_>) -> Result<(Vec<BrokerIndex>, bool), Fault> {
    let named = broker_list(&entry.fields, &entry.plan.brokers)?;
    let everywhere = named.is_none();
    let all = || BrokerIndex::first(masters(&entry.plan.brokers)).collect();
    let brokers = named.map_or_else(all, |named| named.into_iter().map(|(broker, _)| broker).collect());
    Ok((brokers, everywhere))
}

/// The group of a step.
fn group_of(entry: &Entry<'_, '_>) -> Result<GroupIndex, Fault> {
    let groups: Vec<&str> = entry.plan.groups.iter().map(|group| group.name.as_str()).collect();
    Ok(GroupIndex::of(one_of(entry.fields.require("group", "\"g\"")?, "group", &groups)?))
}

/// What may be done with a topic; without one: at a broker.
pub(super) fn set_permission(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    const WORDS: [&str; 4] = ["rw", "r", "w", "none"];
    let word = WORDS[one_of(entry.fields.require("perm", "\"r\"")?, "permission", &WORDS)?];
    let permission = Permission { read: word.contains('r'), write: word.contains('w') };
    if entry.fields.get("topic").is_none() {
        let (brokers, _) = brokers_or_all(entry)?;
        return Ok(Action::SetBrokerPermission { brokers, permission });
    }
    let (topic, brokers) = topic_and_brokers(entry)?;
    Ok(Action::SetPermission { topic, brokers, permission })
}

/// A topic is made, as its table says or with other counts.
pub(super) fn create_topic(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    let (topic, brokers) = topic_and_brokers(entry)?;
    let (read, write) = queue_counts(&entry.fields)?;
    let planned = &entry.plan.topics[topic.at()].queues;
    let on = |broker: BrokerIndex| {
        let known = planned.iter().find(|on| on.broker == broker).or(planned.first());
        let (own_read, own_write) = known.map_or((4, 4), |on| (on.read_queue_nums, on.write_queue_nums));
        let (read_queue_nums, write_queue_nums) = (read.unwrap_or(own_read), write.unwrap_or(own_write));
        TopicOnBroker { broker, read_queue_nums, write_queue_nums }
    };
    Ok(Action::CreateTopic { topic, queues: brokers.into_iter().map(on).collect() })
}

/// A group is created, or gets another configuration.
pub(super) fn set_group(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    let fields = &entry.fields;
    let (group, (brokers, _)) = (group_of(entry)?, brokers_or_all(entry)?);
    // Clients bring a `maxReconsumeTimes` of their own: what the broker has is read, and decides nothing.
    fields.get("retryMaxTimes").map(|node| node.count(0, 1_000)).transpose()?;
    let change = GroupChange {
        consume_enable: fields.get("consumeEnable").map(Node::flag).transpose()?,
        consume_broadcast_enable: fields.get("consumeBroadcastEnable").map(Node::flag).transpose()?,
        retry_queue_nums: fields.get("retryQueueNums").map(|node| node.count(0, 1_024)).transpose()?,
        consume_message_orderly: fields.get("consumeMessageOrderly").map(Node::flag).transpose()?,
    };
    Ok(Action::SetGroup { group, brokers, change })
}

/// A group is deleted, in the whole cluster or at some brokers.
pub(super) fn delete_group(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    let (group, (brokers, everywhere)) = (group_of(entry)?, brokers_or_all(entry)?);
    let remove_offset = entry.fields.get("removeOffset").map_or(Ok(false), Node::flag)?;
    Ok(Action::DeleteGroup { group, brokers, remove_offset, everywhere })
}

/// How a group consumes a topic, at every master that has it or at some.
pub(super) fn set_mode(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    const WORDS: [&str; 2] = ["PULL", "POP"];
    let (topic, brokers) = topic_and_brokers(entry)?;
    let group = group_of(entry)?;
    let word = one_of(entry.fields.require("mode", "\"POP\"")?, "mode", &WORDS)?;
    let mode = [RequestMode::Pull, RequestMode::Pop][word];
    let share = entry.fields.get("popShareQueueNum").map(|node| node.count(0, 65_535)).transpose()?;
    let share = share.map_or(0, |share| i32::try_from(share).unwrap_or(i32::MAX));
    Ok(Action::SetMode { group, topic, brokers, mode, share })
}

/// A topic is deleted, where it is.
pub(super) fn delete_topic(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    let (topic, brokers) = topic_and_brokers(entry)?;
    Ok(Action::DeleteTopic { topic, brokers })
}

/// A group's offsets of a topic, set by hand.
pub(super) fn reset_offsets(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    const FORM: &str = "\"earliest\", \"latest\" or a moment of the run such as \"60s\"";
    let fields = &entry.fields;
    let (topic, planned) = topic_and_brokers(entry)?;
    let group = group_of(entry)?;
    let named = fields.get("brokers").is_some();
    let queue = fields.get("queue").map(|node| Ok((node.count(0, 65_535)?, node.place))).transpose()?;
    if let Some((_, place)) = queue.filter(|_| !named && planned.len() > 1) {
        let problem = "a queue has its number on one broker, and the topic is on several";
        return Err(Fault::new(place, problem, "write brokers = [\"broker-a\"] beside it"));
    }
    let brokers = if named || queue.is_some() { planned } else { Vec::new() };
    let force = fields.get("force").map_or(Ok(true), Node::flag)?;
    let to = fields.require("to", FORM)?;
    let to = match to.text(FORM)? {
        "earliest" => ResetTo::Earliest,
        "latest" => ResetTo::Latest,
        text => match text.parse::<Span>() {
            Err(_) if !text.starts_with(|c: char| c.is_ascii_digit()) => return Err(no_offset(to, text)),
            _ => ResetTo::Time(to.moment()?),
        },
    };
    let queue = queue.map(|(queue, _)| queue);
    Ok(Action::ResetOffsets(OffsetReset { group, topic, to, brokers, queue, force }))
}

/// A word that is no place to reset to, with the one that it may mean.
fn no_offset(node: &Node, text: &str) -> Fault {
    let form = || "write \"earliest\", \"latest\" or a moment of the run such as \"60s\"".to_owned();
    let allowed = did_you_mean(text, ["earliest", "latest"]).unwrap_or_else(form);
    Fault::new(node.place, format!("`{text}` is no place to reset to"), allowed)
}

/// Retention, or other files in the page cache.
pub(super) fn forget_heads(entry: &Entry<'_, '_>, word: &str) -> Result<Action, Fault> {
    let (fields, plan) = (&entry.fields, entry.plan);
    let names: Vec<&str> = plan.topics.iter().map(|topic| topic.name.as_str()).collect();
    let topic = fields.get("topic").map(|node| one_of(node, "topic", &names)).transpose()?;
    let all = || BrokerIndex::first(masters(&plan.brokers)).collect();
    let named = broker_list(fields, &plan.brokers)?;
    let brokers = named.map_or_else(all, |named| named.into_iter().map(|(broker, _)| broker).collect());
    let keep = match word {
        "delete_expired" => Some(fields.require("older_than", "\"60s\"")?.span(None)?),
        _ => None,
    };
    Ok(Action::ForgetHeads { topic: topic.map(TopicIndex::of), brokers, keep })
}

/// A wall clock that jumps by `"90s"` or `"-90s"`, one step a host.
pub(super) fn clock_steps(entry: &Entry<'_, '_>) -> Result<Vec<Step>, Fault> {
    const FORM: &str = "how far, such as \"150s\" or \"-90s\"";
    let node = entry.fields.require("by", "\"-90s\"")?;
    let text = node.text(FORM)?;
    let (back, length) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let by = length.trim_start_matches('+').parse::<Span>().ok().filter(|by| *by <= crate::scenario::text::YEAR);
    let by = by.ok_or_else(|| {
        Fault::new(node.place, format!("`{text}` is no jump"), format!("write {FORM}, a year at most"))
    })?;
    let mut steps = Vec::new();
    let together = entry.together()?;
    for host in entry.targets()? {
        if let Host::NameServer(_) = host {
            let allowed = "consumers and brokers have wall clocks here";
            return Err(Fault::new(node.place, "the clock of a name server is not modelled", allowed));
        }
        let mut step =
            entry.step(Action::JumpClock { host, by, back }, &format!("clock {}", host_name(entry.plan, host)));
        step.when = entry.when_of(together, steps.is_empty());
        if !steps.is_empty() {
            step.label = format!("clock {}", host_name(entry.plan, host));
        }
        steps.push(step);
    }
    Ok(steps)
}
