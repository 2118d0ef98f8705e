//! Routes: `mqadmin topicRoute` and the dashboard's `topic/route.query` and `cluster/list.query`.

use super::super::disk::{Document, JsonReader};
use super::super::fact::{BrokerRef, Fact};
use super::super::reader::Reading;
use crate::offset::fastjson::{Located, Node};

/// `TopicRouteData`.
pub(in crate::import) static ROUTE: JsonReader = JsonReader {
    name: "a route (`mqadmin topicRoute`, the dashboard's topic/route.query)",
    mark: "brokerDatas",
    is: |root| root.get("brokerDatas").is_some(),
    read: route,
};

/// `ClusterInfo` with the `brokerServer` of the dashboard beside it.
pub(in crate::import) static CLUSTER: JsonReader = JsonReader {
    name: "the dashboard's list of clusters (cluster/list.query)",
    mark: "brokerAddrTable",
    is: |root| root.get("brokerAddrTable").is_some(),
    read: |document, reading| {
        let Some(table) = document.root.get("brokerAddrTable") else { return };
        for (_, name, data) in document.entries(table, reading) {
            broker(document, Some(name), data, reading);
        }
    },
};

fn route(document: &Document<'_>, reading: &mut Reading) {
    let elements = |field| document.root.get(field).map_or(&[][..], Located::elements);
    for data in elements("brokerDatas") {
        broker(document, None, data, reading);
    }
    let topic = document.called_topic();
    if topic.is_none() && !elements("queueDatas").is_empty() {
        let what = "this route does not say of which topic it is; put the call above it, such as `mqadmin topicRoute -t \
                    TOPIC`";
        reading.note(document.place(document.root), what);
    }
    for data in elements("queueDatas") {
        let number = |field| data.get(field).and_then(Located::long);
        let count = |field| number(field).and_then(|count| u32::try_from(count).ok());
        let Some(name) = data.get("brokerName").and_then(Located::text) else {
            reading.note(document.place(data), "this entry of queueDatas has no brokerName");
            continue;
        };
        let broker = BrokerRef::Name(name.to_owned());
        let (read_queues, write_queues) = (count("readQueueNums"), count("writeQueueNums"));
        let perm = number("perm").and_then(|perm| u8::try_from(perm).ok());
        let fact = match topic.clone() {
            Some(topic) => Fact::TopicAt { topic, broker, read_queues, write_queues, perm },
            None => Fact::UnnamedTopicAt { broker, read_queues, write_queues, perm },
        };
        reading.fact(document.place(data), fact);
    }
}

/// `BrokerData`: a fact for each of its addresses.
fn broker(document: &Document<'_>, name: Option<&str>, data: &Located, reading: &mut Reading) {
    let text = |field| data.get(field).and_then(Located::text).filter(|text| !text.is_empty());
    let Some(name) = text("brokerName").or(name) else {
        reading.note(document.place(data), "this entry of brokerDatas has no brokerName");
        return;
    };
    let Some(addresses) = data.get("brokerAddrs").filter(|addresses| matches!(addresses.node, Node::Object(_))) else {
        return;
    };
    for (key, id, address) in document.entries(addresses, reading) {
        let (Ok(id), Some(address)) = (id.parse::<u64>(), address.text()) else {
            reading.note(document.place(key), "this is no broker id with an address");
            continue;
        };
        let fact = Fact::Broker {
            cluster: text("cluster").map(str::to_owned),
            name: name.to_owned(),
            id: Some(id),
            address: Some(address.to_owned()),
            version: None,
            activated: None,
        };
        reading.fact(document.place(key), fact);
    }
}
