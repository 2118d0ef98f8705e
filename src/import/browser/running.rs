//! `ConsumerRunningInfo` as JSON: which queues a client has.

use super::super::disk::{Document, JsonReader, queue_of};
use super::super::fact::Fact;
use super::super::reader::Reading;
use crate::offset::fastjson::Located;

/// `ConsumerRunningInfo`.
pub(in crate::import) static RUNNING_INFO: JsonReader = JsonReader {
    name: "a client's running info (the dashboard's consumer/consumerRunningInfo.query)",
    mark: "mqTable",
    is: |root| root.get("mqTable").is_some(),
    read: running,
};

fn running(document: &Document<'_>, reading: &mut Reading) {
    let (root, client) = (document.root, document.called_client());
    let property = |name| root.get("properties").and_then(|all| all.get(name)).and_then(Located::text);
    let group = document.called_group().or_else(|| property("consumerGroup").map(str::to_owned));
    if let Some(properties) = root.get("properties") {
        for (at, key, value) in document.entries(properties, reading) {
            let Some(value) = value.text() else { continue };
            let (group, client_id) = (group.clone(), client.clone());
            let fact = Fact::ClientSetting { group, client_id, key: key.to_owned(), value: value.to_owned() };
            reading.fact(document.place(at), fact);
        }
    }
    for data in root.get("subscriptionSet").map_or(&[][..], Located::elements) {
        let text = |field| data.get(field).and_then(Located::text).map(str::to_owned);
        let (Some(topic), Some(expression)) = (text("topic"), text("subString")) else { continue };
        let (group, client_id) = (group.clone(), client.clone());
        reading.fact(document.place(data), Fact::Subscription { group, client_id, topic, expression });
    }
    let queues = root.get("mqTable").map_or(&[][..], Located::fields);
    let Some(client_id) = client else {
        if !queues.is_empty() {
            let what = "this running info does not say whose it is; put the call above it, such as `mqadmin \
                        consumerStatus -g GROUP -i CLIENT_ID`";
            reading.note(document.place(root), what);
        }
        return;
    };
    for (key, info) in queues {
        let Some(queue) = queue_of(key) else {
            reading.note(document.place(key), "this is no queue");
            continue;
        };
        let flag = |field| info.get(field).and_then(Located::flag);
        let number = |field| info.get(field).and_then(Located::long);
        let fact = Fact::Owner {
            group: group.clone(),
            client_id: client_id.clone(),
            queue,
            locked: flag("locked"),
            dropped: flag("droped"),
            cached: number("cachedMsgCount").and_then(|count| u64::try_from(count).ok()),
            last_pull_ms: number("lastPullTimestamp"),
            last_consume_ms: number("lastConsumeTimestamp"),
        };
        reading.fact(document.place(key), fact);
    }
}
