//! What brokers have of groups: missing, disabled, with other settings here than there, retries that go nowhere.

use super::{group_said, named, places};
use crate::doctor::picture::{Configured, Group};
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::import::fact::BrokerRef;
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in picture.groups.iter().filter(|(name, _)| !name.is_empty()) {
        found.extend(group.configured.iter().flat_map(|at| of_one(picture, name, group, at)));
        found.extend(missing(picture, name, group));
        found.extend(differ(picture, name, group));
    }
    found
}

fn of_one(picture: &Picture<'_>, name: &str, group: &Group<'_>, at: &Configured<'_>) -> Vec<Finding> {
    let broker = picture.broker_said(at.broker);
    let finding = |kind, what: String| Finding::new(kind, what, vec![at.place]).of(name);
    let mut found = Vec::new();
    if at.consume_enable == Some(false) {
        let what = format!("group {name} may not consume at {broker} (consumeEnable = false)");
        found.push(finding(FindingKind::GroupDisabled, what));
    }
    if at.consume_broadcast_enable == Some(false) && group.broadcasts() {
        let what = format!("group {name} broadcasts, and may not at {broker} (consumeBroadcastEnable = false)");
        found.push(finding(FindingKind::BroadcastingNotEnabled, what));
    }
    // AbstractSendMessageProcessor.consumerSendMsgBack answers SUCCESS and stores nothing.
    if at.retry_queue_nums == Some(0) {
        let what = format!(
            "group {name} has retryQueueNums = 0 at {broker}: what its listeners fail on is taken back and thrown away"
        );
        found.push(finding(FindingKind::NoRetryQueue, what));
    }
    if at.retry_max_times.is_some_and(|times| times <= 0) {
        let what = format!(
            "group {name} has retryMaxTimes = {} at {broker}: what fails once is a dead letter",
            at.retry_max_times.unwrap_or(0)
        );
        found.push(finding(FindingKind::NoRetries, what));
    }
    found.extend(hidden_retries(picture, name, at));
    found
}

/// The retry topic keeps the queues that it was made with.
fn hidden_retries(picture: &Picture<'_>, name: &str, at: &Configured<'_>) -> Option<Finding> {
    let topic = format!("%RETRY%{name}");
    let wanted = at.retry_queue_nums?;
    let on = picture.topics.iter().rev().find(|on| on.topic == topic && on.broker == at.broker)?;
    let read = on.read_queues.filter(|read| *read < wanted)?;
    let what = format!(
        "group {name} sends back into {wanted} queues at {}, and {topic} has {read} to read there",
        picture.broker_said(at.broker)
    );
    Some(Finding::new(FindingKind::RetryQueuesHidden, what, vec![at.place, on.place]).of(name))
}

/// Brokers whose table of groups is known and lacks this one.
fn missing(picture: &Picture<'_>, name: &str, group: &Group<'_>) -> Option<Finding> {
    let brokers = |configured: &[Configured<'_>]| -> BTreeSet<BrokerRef> {
        configured
            .iter()
            .filter(|at| !matches!(at.broker, BrokerRef::OfThisFolder))
            .map(|at| at.broker.clone())
            .collect()
    };
    let has = brokers(&group.configured);
    let all: BTreeSet<BrokerRef> = picture.groups.values().flat_map(|group| brokers(&group.configured)).collect();
    // A group that no table has is not known to be wanted anywhere else.
    if has.is_empty() || group.members().is_empty() && group.rows().is_empty() {
        return None;
    }
    let lacks: Vec<&BrokerRef> = all.iter().filter(|broker| !has.contains(*broker)).collect();
    let names: Vec<String> = lacks.iter().map(|broker| said(broker)).collect();
    let auto = picture.setting("autoCreateSubscriptionGroup");
    let sure = match auto.map(|setting| setting.value.trim()) {
        Some("true") => return None,
        Some(_) => Sureness::Certain,
        None => Sureness::Possible,
    };
    let what = format!(
        "{} is at {} and not at {}: its heartbeats are answered there and register nobody{}",
        group_said(name),
        named(&has.iter().map(said).collect::<Vec<_>>()),
        named(&names),
        if auto.is_some() { "" } else { ", unless autoCreateSubscriptionGroup is on" }
    );
    let places = places(group.configured.iter().map(|at| at.place).take(2).chain(auto.map(|setting| setting.place)));
    (!lacks.is_empty()).then(|| Finding::new(FindingKind::GroupMissingAtABroker, what, places).of(name).sure(sure))
}

fn said(broker: &BrokerRef) -> String {
    match broker {
        BrokerRef::Name(name) => name.clone(),
        BrokerRef::Address(address) => address.clone(),
        BrokerRef::OfThisFolder => "this broker".to_owned(),
    }
}

/// A setting with one value here and another there.
fn differ(picture: &Picture<'_>, name: &str, group: &Group<'_>) -> Option<Finding> {
    type Value = fn(&Configured<'_>) -> Option<String>;
    let settings: [(&str, Value); 4] = [
        ("consumeEnable", |at| Some(at.consume_enable?.to_string())),
        ("consumeBroadcastEnable", |at| Some(at.consume_broadcast_enable?.to_string())),
        ("retryQueueNums", |at| Some(at.retry_queue_nums?.to_string())),
        ("retryMaxTimes", |at| Some(at.retry_max_times?.to_string())),
    ];
    let mut differing = Vec::new();
    let mut places_of = Vec::new();
    for (setting, value) in settings {
        let mut values: BTreeMap<String, &Configured<'_>> = BTreeMap::new();
        for at in &group.configured {
            values.extend(value(at).map(|value| (value, at)));
        }
        if values.len() > 1 {
            let at =
                |(value, at): (&String, &&Configured<'_>)| format!("{value} at {}", picture.broker_said(at.broker));
            differing.push(format!("{setting} is {}", values.iter().map(at).collect::<Vec<_>>().join(" and ")));
            places_of.extend(values.values().map(|at| at.place));
        }
    }
    let what = format!("brokers have {} with different settings: {}", group_said(name), differing.join("; "));
    (!differing.is_empty()).then(|| Finding::new(FindingKind::GroupSettingsDiffer, what, places(places_of)).of(name))
}
