//! Groups: a broker's `subscriptionGroup.json`.

use super::super::fact::{BrokerRef, Fact};
use super::super::reader::Reading;
use super::{Document, JsonReader};
use crate::offset::fastjson::{Located, Node};

/// `SubscriptionGroupManager.encode`.
pub(in crate::import) static GROUPS: JsonReader = JsonReader {
    name: "a broker's subscriptionGroup.json",
    mark: "subscriptionGroupTable",
    is: |root| root.get("subscriptionGroupTable").is_some(),
    read: groups,
};

/// What has fields of its own in [`Fact::GroupAt`], and what says nothing about a group.
const TOLD: [&str; 10] = [
    "groupName",
    "consumeEnable",
    "consumeBroadcastEnable",
    "retryQueueNums",
    "retryMaxTimes",
    "consumeMessageOrderly",
    "subscriptionDataSet",
    "groupSysFlag",
    "brokerId",
    "attributes",
];

fn groups(document: &Document<'_>, reading: &mut Reading) {
    let Some(table) = document.root.get("subscriptionGroupTable") else { return };
    for (key, name, config) in document.entries(table, reading) {
        group_config(document, (key, name, config), &BrokerRef::OfThisFolder, reading);
    }
}

/// One `SubscriptionGroupConfig`.
pub(in crate::import) fn group_config(
    document: &Document<'_>,
    (key, name, config): (&Located, &str, &Located),
    broker: &BrokerRef,
    reading: &mut Reading,
) {
    let group = config.get("groupName").and_then(Located::text).unwrap_or(name).to_owned();
    let flag = |field| config.get(field).and_then(Located::flag);
    let number = |field| config.get(field).and_then(Located::long);
    let fact = Fact::GroupAt {
        group: group.clone(),
        broker: broker.clone(),
        consume_enable: flag("consumeEnable"),
        consume_broadcast_enable: flag("consumeBroadcastEnable"),
        retry_queue_nums: number("retryQueueNums").and_then(|count| u32::try_from(count).ok()),
        retry_max_times: number("retryMaxTimes").and_then(|times| i32::try_from(times).ok()),
        consume_message_orderly: flag("consumeMessageOrderly"),
    };
    reading.fact(document.place(key), fact);
    for (field, setting, value) in document.entries(config, reading) {
        let value = match &value.node {
            _ if TOLD.contains(&setting) => continue,
            Node::Bool(value) => value.to_string(),
            Node::Number(text) | Node::Text(text) => text.clone(),
            _ => continue,
        };
        let (group, broker, key) = (group.clone(), broker.clone(), setting.to_owned());
        reading.fact(document.place(field), Fact::GroupSetting { group, broker, key, value });
    }
    for data in config.get("subscriptionDataSet").map_or(&[][..], Located::elements) {
        let text = |field| data.get(field).and_then(Located::text).map(str::to_owned);
        let Some(topic) = text("topic") else { continue };
        let expression = text("expression").unwrap_or_default();
        let fact = Fact::Subscription { group: Some(group.clone()), client_id: None, topic, expression };
        reading.fact(document.place(data), fact);
    }
}
