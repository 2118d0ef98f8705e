//! `messageRequestMode.json`, and files that are known and say nothing of who has which queue.

use super::super::fact::{BrokerRef, Fact};
use super::super::reader::Reading;
use super::{Document, JsonReader, cut};
use crate::offset::fastjson::Located;

/// `MessageRequestModeSerializeWrapper`.
pub(in crate::import) static MODES: JsonReader = JsonReader {
    name: "a broker's messageRequestMode.json",
    mark: "messageRequestModeMap",
    is: |root| root.get("messageRequestModeMap").is_some(),
    read: modes,
};

/// Files beside those, by a field of each.
const KNOWN: &[(&str, &str)] = &[
    ("filterDataByTopic", "a broker's consumerFilter.json"),
    ("lmqOffsetTable", "a broker's lmqConsumerOffset.json"),
    ("timingCount", "a broker's timermetrics"),
    ("transactionCount", "a broker's transactionMetrics"),
    ("configTable", "a name server's kvConfig.json"),
    ("table", "a broker's consumerOrderInfo.json"),
];

/// One of them.
pub(in crate::import) static OTHERS: JsonReader = JsonReader {
    name: "a file of a broker or a name server that tells of no queue's owner",
    mark: "",
    is: |root| KNOWN.iter().any(|(field, _)| root.get(field).is_some_and(|table| table.text().is_none())),
    read: |document, reading| {
        let known = KNOWN.iter().find(|(field, _)| document.root.get(field).is_some());
        let what = known.map_or("a file", |(_, what)| what);
        reading.note(document.place(document.root), format!("{what} is known, and nothing of it is read"));
    },
};

fn modes(document: &Document<'_>, reading: &mut Reading) {
    let Some(topics) = document.root.get("messageRequestModeMap") else { return };
    for (_, topic, groups) in document.entries(topics, reading) {
        for (key, group, body) in document.entries(groups, reading) {
            let Some(mode) = body.get("mode").and_then(Located::text) else {
                reading.note(document.place(key), format!("`{}` has no mode", cut(group)));
                continue;
            };
            let share = body.get("popShareQueueNum").and_then(Located::long);
            let fact = Fact::RequestMode {
                broker: BrokerRef::OfThisFolder,
                topic: topic.to_owned(),
                group: group.to_owned(),
                mode: mode.to_owned(),
                pop_share_queue_num: share.and_then(|number| i32::try_from(number).ok()),
            };
            reading.fact(document.place(key), fact);
        }
    }
}
