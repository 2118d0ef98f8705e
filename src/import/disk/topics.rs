//! Topics: a broker's `topics.json` and `topicQueueMapping.json`.

use super::super::fact::{BrokerRef, Fact};
use super::super::reader::Reading;
use super::{Document, JsonReader};
use crate::offset::fastjson::Located;

/// `TopicConfigSerializeWrapper`.
pub(in crate::import) static TOPICS: JsonReader = JsonReader {
    name: "a broker's topics.json",
    mark: "topicConfigTable",
    is: |root| root.get("topicConfigTable").is_some(),
    read: topics,
};

/// `TopicQueueMappingSerializeWrapper`.
pub(in crate::import) static MAPPINGS: JsonReader = JsonReader {
    name: "a broker's topicQueueMapping.json",
    mark: "topicQueueMappingInfoMap",
    is: |root| root.get("topicQueueMappingInfoMap").is_some(),
    read: mappings,
};

fn topics(document: &Document<'_>, reading: &mut Reading) {
    let Some(table) = document.root.get("topicConfigTable") else { return };
    for (key, name, config) in document.entries(table, reading) {
        let number = |field| config.get(field).and_then(Located::long);
        let count = |field| number(field).and_then(|count| u32::try_from(count).ok());
        let fact = Fact::TopicAt {
            topic: config.get("topicName").and_then(Located::text).unwrap_or(name).to_owned(),
            broker: BrokerRef::OfThisFolder,
            read_queues: count("readQueueNums"),
            write_queues: count("writeQueueNums"),
            perm: number("perm").and_then(|perm| u8::try_from(perm).ok()),
        };
        if count("readQueueNums").is_none() {
            reading.note(document.place(key), format!("`{}` has no readQueueNums", super::cut(name)));
        }
        reading.fact(document.place(key), fact);
    }
}

fn mappings(document: &Document<'_>, reading: &mut Reading) {
    let Some(table) = document.root.get("topicQueueMappingInfoMap") else { return };
    for (key, topic, _) in document.entries(table, reading) {
        reading.fact(document.place(key), Fact::Topic { topic: topic.to_owned(), cluster: None });
        reading.note(
            document.place(key),
            "a static topic: its queues are logical, and which broker has which is not read",
        );
    }
}
