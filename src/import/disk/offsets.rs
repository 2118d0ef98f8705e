//! Offsets: a broker's `consumerOffset.json` and `delayOffset.json`, a client's `offsets.json`.

use super::super::fact::{BrokerRef, Fact};
use super::super::reader::Reading;
use super::{Document, JsonReader, cut, queue_of};
use crate::offset::fastjson::{Located, Node};

/// `ConsumerOffsetManager.encode`.
pub(in crate::import) static CONSUMER_OFFSETS: JsonReader = JsonReader {
    name: "a broker's consumerOffset.json",
    mark: "offsetTable",
    is: |root| {
        let all = |is: fn(&(Located, Located)) -> bool| table(root).is_some_and(|table| table.fields().iter().all(is));
        // An empty table is a broker's where the broker's version of it stands beside.
        all(|(name, value)| name.text().is_some() && matches!(value.node, Node::Object(_) | Node::Null))
            && all(|(name, value)| queue_of(name).is_none() && value.get("maxOffset").is_none())
            && (table(root).is_some_and(|table| !table.fields().is_empty()) || root.get("dataVersion").is_some())
    },
    read: consumer_offsets,
};

/// `OffsetSerializeWrapper` of `LocalFileOffsetStore`.
pub(in crate::import) static CLIENT_OFFSETS: JsonReader = JsonReader {
    name: "a client's offsets.json",
    mark: "offsetTable",
    is: |root| {
        let numbers = |table: &Located| table.fields().iter().all(|(_, value)| value.fields().is_empty());
        let queues = |table: &Located| table.fields().iter().all(|(name, _)| name.long().is_none());
        table(root).is_some_and(|table| numbers(table) && queues(table)) && root.get("dataVersion").is_none()
    },
    read: client_offsets,
};

/// `DelayOffsetSerializeWrapper` of `ScheduleMessageService`.
pub(in crate::import) static DELAY_OFFSETS: JsonReader = JsonReader {
    name: "a broker's delayOffset.json",
    mark: "offsetTable",
    is: |root| {
        let levels = |table: &Located| {
            table.fields().iter().all(|(name, value)| name.long().is_some() && value.long().is_some())
        };
        table(root).is_some_and(|table| !table.fields().is_empty() && levels(table))
    },
    read: delay_offsets,
};

fn table(root: &Located) -> Option<&Located> {
    root.get("offsetTable").filter(|table| matches!(table.node, Node::Object(_)))
}

fn consumer_offsets(document: &Document<'_>, reading: &mut Reading) {
    let Some(table) = table(document.root) else { return };
    for (key, name, queues) in document.entries(table, reading) {
        // `ConsumerOffsetManager.whichGroupByTopic` takes keys of exactly two parts.
        let parts: Vec<&str> = name.split('@').collect();
        let [topic, group] = parts[..] else {
            reading.note(document.place(key), format!("`{}` is no TOPIC@GROUP", cut(name)));
            continue;
        };
        for (at, id, offset) in document.entries(queues, reading) {
            let (Ok(queue), Some(offset)) = (id.parse::<u32>(), offset.long()) else {
                reading.note(document.place(at), format!("`{}` is no queue with an offset", cut(id)));
                continue;
            };
            let committed = Fact::Committed {
                broker: BrokerRef::OfThisFolder,
                group: Some(group.to_owned()),
                topic: topic.to_owned(),
                queue_broker: None,
                queue,
                offset,
            };
            reading.fact(document.place(at), committed);
        }
    }
}

fn client_offsets(document: &Document<'_>, reading: &mut Reading) {
    let Some(table) = table(document.root) else { return };
    for (key, offset) in table.fields() {
        let (Some(queue), Some(offset)) = (queue_of(key), offset.long()) else {
            reading.note(document.place(key), "this is no queue with an offset");
            continue;
        };
        let committed = Fact::Committed {
            broker: BrokerRef::OfThisFolder,
            group: None,
            topic: queue.topic,
            queue_broker: Some(queue.broker),
            queue: queue.id,
            offset,
        };
        reading.fact(document.place(key), committed);
    }
}

fn delay_offsets(document: &Document<'_>, reading: &mut Reading) {
    let Some(table) = table(document.root) else { return };
    for (key, level, offset) in document.entries(table, reading) {
        let (Ok(level), Some(offset)) = (level.parse::<u32>(), offset.long()) else {
            reading.note(document.place(key), format!("`{}` is no delay level with an offset", cut(level)));
            continue;
        };
        reading.fact(document.place(key), Fact::DelayedUpTo { broker: BrokerRef::OfThisFolder, level, offset });
    }
}
