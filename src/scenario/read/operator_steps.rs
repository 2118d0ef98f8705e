//! Steps of an operator: queue counts, and what brokers keep of a topic.

use super::cluster::{broker_list, masters, queue_counts};
use super::hosts::one_of;
use super::timeline::{Entry, host_name};
use crate::kernel::Span;
use crate::model::plan::{Action, BrokerIndex, Host, Permission, ResetTo, Step, TopicIndex};
use crate::scenario::text::{Fault, Node, nearest};

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
    Ok((topic as TopicIndex, brokers))
}

/// What may be done with a topic.
pub(super) fn set_permission(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    const WORDS: [&str; 4] = ["rw", "r", "w", "none"];
    let (topic, brokers) = topic_and_brokers(entry)?;
    let word = WORDS[one_of(entry.fields.require("perm", "\"r\"")?, "permission", &WORDS)?];
    Ok(Action::SetPermission {
        topic,
        brokers,
        permission: Permission { read: word.contains('r'), write: word.contains('w') },
    })
}

/// A topic is deleted, where it is.
pub(super) fn delete_topic(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    let (topic, brokers) = topic_and_brokers(entry)?;
    Ok(Action::DeleteTopic { topic, brokers })
}

/// A group's offsets of a topic, set by hand.
pub(super) fn reset_offsets(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    const FORM: &str = "\"earliest\", \"latest\" or a moment of the run such as \"60s\"";
    let (fields, plan) = (&entry.fields, entry.plan);
    let topics: Vec<&str> = plan.topics.iter().map(|topic| topic.name.as_str()).collect();
    let groups: Vec<&str> = plan.groups.iter().map(|group| group.name.as_str()).collect();
    let topic = one_of(fields.require("topic", "\"orders\"")?, "topic", &topics)? as u16;
    let group = one_of(fields.require("group", "\"g\"")?, "group", &groups)? as u16;
    let to = fields.require("to", FORM)?;
    let to = match to.text(FORM)? {
        "earliest" => ResetTo::Earliest,
        "latest" => ResetTo::Latest,
        text => match text.parse::<Span>() {
            Err(_) if !text.starts_with(|c: char| c.is_ascii_digit()) => return Err(no_offset(to, text)),
            _ => ResetTo::Time(to.moment()?),
        },
    };
    Ok(Action::ResetOffsets { group, topic, to })
}

/// A word that is no place to reset to, with the one that it may mean.
fn no_offset(node: &Node, text: &str) -> Fault {
    let allowed = match text.to_lowercase().as_str() {
        "now" | "end" | "newest" | "max" | "maximum" | "last" => "did you mean `latest`?".to_owned(),
        "begin" | "beginning" | "start" | "oldest" | "min" | "minimum" | "first" => {
            "did you mean `earliest`?".to_owned()
        }
        word => match nearest(word, ["earliest", "latest"].into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write \"earliest\", \"latest\" or a moment of the run such as \"60s\"".to_owned(),
        },
    };
    Fault::new(node.place, format!("`{text}` is no place to reset to"), allowed)
}

/// Retention, or other files in the page cache.
pub(super) fn forget_heads(entry: &Entry<'_, '_>, word: &str) -> Result<Action, Fault> {
    let (fields, plan) = (&entry.fields, entry.plan);
    let names: Vec<&str> = plan.topics.iter().map(|topic| topic.name.as_str()).collect();
    let topic = fields.get("topic").map(|node| one_of(node, "topic", &names)).transpose()?;
    let all = || (0..masters(&plan.brokers) as u16).collect();
    let named = broker_list(fields, &plan.brokers)?;
    let brokers = named.map_or_else(all, |named| named.into_iter().map(|(broker, _)| broker).collect());
    let keep = match word {
        "delete_expired" => Some(fields.require("older_than", "\"60s\"")?.span(None)?),
        _ => None,
    };
    Ok(Action::ForgetHeads { topic: topic.map(|topic| topic as u16), brokers, keep })
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
