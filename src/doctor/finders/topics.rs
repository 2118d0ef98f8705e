//! Topics at brokers: what may be read and written, queues that one side does not see, brokers without the topic.

use super::{is_system, named, places};
use crate::doctor::picture::TopicOnBroker;
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    // What was asked twice is told once, and as it was last.
    let mut last: BTreeMap<(&str, &str), &TopicOnBroker<'_>> = BTreeMap::new();
    for on in picture.topics.iter().filter(|on| !is_system(on.topic)) {
        last.insert((on.topic, picture.broker_said(on.broker)), on);
    }
    let mut found: Vec<Finding> = last.iter().flat_map(|((topic, broker), on)| of_one(topic, broker, on)).collect();
    found.extend(missing(picture));
    found
}

fn of_one(topic: &str, broker: &str, on: &TopicOnBroker<'_>) -> Vec<Finding> {
    let finding = |kind, what: String, step: String| Finding::new(kind, what, vec![on.place]).instead([step]);
    let mut found = Vec::new();
    let [readable, writable] = [4, 2].map(|bit| on.perm.is_none_or(|perm| perm & bit != 0));
    let open = format!("mqadmin updateTopicPerm -t {topic} -p 6, with the broker's address behind -b");
    if let (Some(perm), false) = (on.perm, readable) {
        let what =
            format!("topic {topic} may not be read at {broker} (perm {perm}): its consumers get nothing from there");
        found.push(finding(FindingKind::TopicNotReadable, what, open));
    } else if let (Some(perm), false) = (on.perm, writable) {
        let what =
            format!("topic {topic} may not be written at {broker} (perm {perm}): right while that broker is drained");
        found.push(finding(FindingKind::TopicNotWritable, what, open));
    }
    match (on.read_queues, on.write_queues) {
        (Some(read), Some(write)) if write > read && readable => {
            let what = format!(
                "topic {topic} at {broker} has {write} queues to write and {read} to read: what goes into the upper \
                 {} reaches nobody",
                write - read
            );
            let step =
                format!("mqadmin updateTopic -t {topic} -r {write} -w {write}, with the broker's address behind -b");
            found.push(finding(FindingKind::QueuesHidden, what, step));
        }
        (Some(read), Some(write)) if read > write && writable => {
            let what = format!("topic {topic} at {broker} has {read} queues to read and {write} to write");
            let step = "when the upper queues are empty, lower readQueueNums to writeQueueNums".to_owned();
            found.push(finding(FindingKind::QueuesDrained, what, step));
        }
        _ => {}
    }
    found
}

/// A topic that two brokers or more have, and one that the inputs know as well has not.
fn missing(picture: &Picture<'_>) -> Vec<Finding> {
    let mut brokers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for on in picture.topics.iter().filter(|on| !is_system(on.topic)) {
        if let Some(broker) = picture.broker_name(on.broker) {
            brokers.entry(on.topic).or_default().insert(broker);
        }
    }
    let found = brokers.into_iter().filter(|(_, has)| has.len() > 1).filter_map(|(topic, has)| {
        let lacks: Vec<&str> = picture.brokers.keys().copied().filter(|name| !has.contains(name)).collect();
        if lacks.is_empty() {
            return None;
        }
        let has: Vec<&str> = has.into_iter().collect();
        let what = format!("topic {topic} is at {} and not at {}", named(&has), named(&lacks));
        let of_topic = picture.topics.iter().find(|on| on.topic == topic).map(|on| on.place);
        let places = places(of_topic.into_iter().chain(lacks.iter().map(|name| picture.brokers[name])));
        let finding = Finding::new(FindingKind::TopicMissingAtABroker, what, places).sure(Sureness::Likely);
        let steps = finding.what_to_do.iter().map(|step| step.replace("TOPIC", topic)).collect::<Vec<_>>();
        Some(finding.instead(steps))
    });
    found.collect()
}
