//! Answers of the dashboard about clients and topics, as its `JsonResult` wraps them.

use super::super::disk::{Document, JsonReader, cut, queue_of};
use super::super::fact::Fact;
use super::super::reader::Reading;
use crate::offset::fastjson::Located;

/// `ConsumerConnection` with the dashboard's `ConnectionInfo`.
pub(in crate::import) static CONNECTION: JsonReader = JsonReader {
    name: "the dashboard's list of clients (consumer/consumerConnection.query)",
    mark: "connectionSet",
    is: |root| root.get("connectionSet").is_some() && root.get("subscriptionTable").is_some(),
    read: connection,
};

/// `TopicStatsTable`.
pub(in crate::import) static TOPIC_STATS: JsonReader = JsonReader {
    name: "the dashboard's status of a topic (topic/stats.query)",
    mark: "maxOffset",
    is: |root| {
        root.get("offsetTable")
            .is_some_and(|table| table.fields().iter().any(|(_, row)| row.get("maxOffset").is_some()))
    },
    read: topic_stats,
};

/// `TopicList`.
pub(in crate::import) static TOPIC_LIST: JsonReader = JsonReader {
    name: "the dashboard's list of topics (topic/list.query)",
    mark: "topicList",
    is: |root| root.get("topicList").is_some(),
    read: |document, reading| {
        for topic in document.root.get("topicList").map_or(&[][..], Located::elements) {
            match topic.text() {
                Some(name) => {
                    reading.fact(document.place(topic), Fact::Topic { topic: name.to_owned(), cluster: None });
                }
                None => reading.note(document.place(topic), "this is no name of a topic"),
            }
        }
    },
};

/// An answer without rows, or one that says what went wrong.
pub(in crate::import) static ANSWER: JsonReader = JsonReader {
    name: "an answer of the dashboard",
    mark: "errMsg",
    is: |root| root.get("status").is_some() && root.get("errMsg").is_some(),
    read: |document, reading| {
        let what = match document.root.get("errMsg").and_then(Located::text) {
            Some(message) => format!("the dashboard refused: `{}`", cut(message)),
            None => "an answer of the dashboard in which nothing is that is known".to_owned(),
        };
        reading.note(document.place(document.root), what);
    },
};

fn connection(document: &Document<'_>, reading: &mut Reading) {
    let root = document.root;
    let group = document.called_group();
    for member in root.get("connectionSet").map_or(&[][..], Located::elements) {
        let text = |field| member.get(field).and_then(Located::text).map(str::to_owned);
        let Some(client_id) = text("clientId").filter(|id| id.contains('@')) else {
            reading.note(document.place(member), "this connection has no clientId with an @");
            continue;
        };
        let (address, language) = (text("clientAddr"), text("language"));
        let version = text("versionDesc");
        let fact = Fact::Member { group: group.clone(), client_id, address, language, version };
        reading.fact(document.place(member), fact);
    }
    if let Some(table) = root.get("subscriptionTable") {
        for (key, name, data) in document.entries(table, reading) {
            let text = |field| data.get(field).and_then(Located::text);
            let fact = Fact::Subscription {
                group: group.clone(),
                client_id: None,
                topic: text("topic").unwrap_or(name).to_owned(),
                expression: text("subString").unwrap_or_default().to_owned(),
            };
            reading.fact(document.place(key), fact);
        }
    }
    let word = |field| root.get(field).and_then(Located::text).map(str::to_owned);
    let fact = Fact::GroupIs {
        group,
        members: None,
        consume_type: word("consumeType"),
        message_model: word("messageModel"),
        consume_from_where: word("consumeFromWhere"),
        consume_tps: None,
        diff_total: None,
    };
    reading.fact(document.place(root), fact);
}

fn topic_stats(document: &Document<'_>, reading: &mut Reading) {
    for (key, row) in document.root.get("offsetTable").map_or(&[][..], Located::fields) {
        let number = |field| row.get(field).and_then(Located::long);
        let (Some(queue), Some(min), Some(max)) = (queue_of(key), number("minOffset"), number("maxOffset")) else {
            reading.note(document.place(key), "this is no queue with its offsets");
            continue;
        };
        let last_updated = row.get("lastUpdateTimestamp").and_then(Located::text).map(str::to_owned);
        let (topic, broker) = (Some(queue.topic), queue.broker);
        let fact = Fact::QueueRange { topic, broker, queue: queue.id, min, max, last_updated };
        reading.fact(document.place(key), fact);
    }
}
