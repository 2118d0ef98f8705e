//! Answers of the dashboard about groups.

use super::super::disk::{Document, JsonReader, group_config};
use super::super::fact::{BrokerRef, Fact, QueueName};
use super::super::reader::Reading;
use crate::offset::fastjson::Located;

/// A list of `TopicConsumerInfo`.
pub(in crate::import) static PROGRESS: JsonReader = JsonReader {
    name: "the dashboard's progress of a group (consumer/queryTopicByConsumer.query)",
    mark: "queueStatInfoList",
    is: |root| first(root).is_some_and(|topic| topic.get("queueStatInfoList").is_some()),
    read: |document, reading| {
        let group = document.called_group();
        for topic in document.root.elements() {
            progress(document, group.as_deref(), topic, reading);
        }
    },
};

/// A map of groups to `TopicConsumerInfo`.
pub(in crate::import) static PROGRESS_BY_GROUP: JsonReader = JsonReader {
    name: "the dashboard's groups of a topic (topic/queryConsumerByTopic.query)",
    mark: "queueStatInfoList",
    is: |root| root.fields().first().is_some_and(|(_, topic)| topic.get("queueStatInfoList").is_some()),
    read: |document, reading| {
        for (_, group, topic) in document.entries(document.root, reading) {
            progress(document, Some(group), topic, reading);
        }
    },
};

/// A list of `GroupConsumeInfo`.
pub(in crate::import) static GROUP_LIST: JsonReader = JsonReader {
    name: "the dashboard's list of groups (consumer/groupList.query)",
    mark: "diffTotal",
    is: |root| first(root).is_some_and(|row| row.get("group").is_some() && row.get("diffTotal").is_some()),
    read: group_list,
};

/// A list of `ConsumerConfigInfo`.
pub(in crate::import) static GROUP_CONFIG: JsonReader = JsonReader {
    name: "the dashboard's configuration of a group (consumer/examineSubscriptionGroupConfig.query)",
    mark: "subscriptionGroupConfig",
    is: |root| first(root).is_some_and(|row| row.get("subscriptionGroupConfig").is_some()),
    read: |document, reading| {
        for row in document.root.elements() {
            let Some(config) = row.get("subscriptionGroupConfig") else { continue };
            let Some(group) = config.get("groupName").and_then(Located::text) else {
                reading.note(document.place(row), "this configuration has no groupName");
                continue;
            };
            for broker in row.get("brokerNameList").map_or(&[][..], Located::elements) {
                let Some(name) = broker.text() else { continue };
                group_config(document, (config, group, config), &BrokerRef::Name(name.to_owned()), reading);
            }
        }
    },
};

fn first(root: &Located) -> Option<&Located> {
    root.elements().first()
}

fn group_list(document: &Document<'_>, reading: &mut Reading) {
    for row in document.root.elements() {
        let text = |field| row.get(field).and_then(Located::text).map(str::to_owned);
        let number = |field| row.get(field).and_then(Located::long);
        let Some(name) = text("group") else {
            reading.note(document.place(row), "this row has no group");
            continue;
        };
        // The dashboard marks RocketMQ's own groups.
        let group = name.strip_prefix("%SYS%").unwrap_or(&name).to_owned();
        let fact = Fact::GroupIs {
            group: Some(group),
            members: number("count").and_then(|count| u32::try_from(count).ok()),
            consume_type: text("consumeType"),
            message_model: text("messageModel"),
            consume_from_where: None,
            consume_tps: text("consumeTps"),
            diff_total: number("diffTotal").filter(|diff| *diff >= 0),
        };
        reading.fact(document.place(row), fact);
    }
}

/// One `TopicConsumerInfo`. Its `clientInfo` is the id of the client that has the queue in its process queue table.
fn progress(document: &Document<'_>, group: Option<&str>, info: &Located, reading: &mut Reading) {
    let Some(topic) = info.get("topic").and_then(Located::text) else {
        reading.note(document.place(info), "this entry has no topic");
        return;
    };
    for row in info.get("queueStatInfoList").map_or(&[][..], Located::elements) {
        let text = |field| row.get(field).and_then(Located::text);
        let number = |field| row.get(field).and_then(Located::long);
        let id = number("queueId").and_then(|id| u32::try_from(id).ok());
        let (Some(broker), Some(id), Some(broker_offset), Some(consumer_offset)) =
            (text("brokerName"), id, number("brokerOffset"), number("consumerOffset"))
        else {
            reading.note(document.place(row), "this is no queue with its offsets");
            continue;
        };
        let queue = QueueName { topic: topic.to_owned(), broker: broker.to_owned(), id };
        let fact = Fact::Progress {
            group: group.map(str::to_owned),
            queue: queue.clone(),
            broker_offset,
            consumer_offset,
            client_ip: None,
            inflight: None,
            last_time: text("lastTimestamp").map(str::to_owned),
        };
        reading.fact(document.place(row), fact);
        if let Some(client_id) = text("clientInfo").filter(|client| client.contains('@')) {
            let fact = Fact::Owner {
                group: group.map(str::to_owned),
                client_id: client_id.to_owned(),
                queue,
                locked: None,
                dropped: None,
                cached: None,
                last_pull_ms: None,
                last_consume_ms: None,
            };
            reading.fact(document.place(row), fact);
        }
    }
}
