//! What the picture takes of inputs that say the same, something else, or not enough.

use super::*;

fn kinds() -> [RemarkKind; 3] {
    [RemarkKind::Conflict, RemarkKind::LeftOut, RemarkKind::Assumed]
}

#[test]
fn outputs_of_one_group_become_one_group() {
    let (evidence, cluster) = joined(checkout(), &Wanted::default());
    assert_eq!(cluster.groups.keys().collect::<Vec<_>>(), ["checkout"]);
    let group = &cluster.groups["checkout"];
    let ids: Vec<&str> = group.members.iter().map(|member| member.client_id.as_str()).collect();
    assert_eq!(ids, ["10.0.1.10@1", "10.0.1.11@10.0.0.1:9876@1", "10.0.1.9@1"]);
    assert_eq!(group.topics().into_iter().collect::<Vec<_>>(), ["orders"]);
    let on = &cluster.topics["orders"].on;
    let counts = on.iter().map(|(broker, on)| {
        let count =
            |known: &Option<rebalance_sim::import::cluster::Known<u32>>| known.as_ref().map(|known| known.value);
        (broker.as_str(), count(&on.read), count(&on.write))
    });
    assert_eq!(counts.collect::<Vec<_>>(), [("broker-a", Some(8), Some(4)), ("broker-b", Some(4), Some(4))]);
    // 12 queues by 600 messages in a minute.
    let rate = cluster.topics["orders"].rate.as_ref().expect("two looks give it");
    assert_eq!((rate.text().as_str(), rate.from.as_str()), ("120/s", "two looks 60 s apart"));
    assert_eq!(
        rate.places.iter().map(|place| evidence.at(*place)).collect::<Vec<_>>(),
        ["first.txt:1", "second.txt:1"]
    );
    assert_eq!(cluster.brokers["broker-a"].processes.keys().collect::<Vec<_>>(), [&0, &1]);
    for kind in kinds() {
        assert!(sentences(&cluster, kind).is_empty(), "{:?}", cluster.remarks);
    }
}

#[test]
fn a_route_counts_more_than_a_file_and_both_are_told() {
    let file =
        output("store/config/topics.json", "topics.json", vec![topic_at("orders", BrokerRef::OfThisFolder, 4, 4, 6)]);
    let conf = output(
        "store/broker.conf",
        "broker.conf",
        vec![Fact::BrokerSetting {
            broker: BrokerRef::OfThisFolder,
            key: "brokerName".to_owned(),
            value: "broker-a".to_owned(),
        }],
    );
    let route = output("route.json", "mqadmin topicRoute", vec![topic_at("orders", on("broker-a"), 8, 4, 6)]);
    let (_, cluster) = joined(vec![file, conf, route], &Wanted::default());
    let read = cluster.topics["orders"].on["broker-a"].read.as_ref().map(|known| known.value);
    assert_eq!(read, Some(8));
    let told = "route.json:1 says 8 read queues of `orders` on `broker-a`, store/config/topics.json:1 says 4 read queues \
                of `orders` on `broker-a`; 8 read queues of `orders` on `broker-a` is taken";
    assert_eq!(sentences(&cluster, RemarkKind::Conflict), [told]);
}

#[test]
fn a_file_without_a_broker_is_of_the_only_one_or_of_the_one_that_is_named() {
    let file = || output("topics.json", "topics.json", vec![topic_at("orders", BrokerRef::OfThisFolder, 4, 4, 6)]);
    let list = |facts| output("clusterList.txt", "mqadmin clusterList", facts);
    let both = || vec![broker("broker-a", 0, "a:1"), broker("broker-b", 0, "b:1")];
    let named = Wanted { broker: some("broker-b"), ..Wanted::default() };
    let elsewhere = |mut text: Text| {
        text.name = "elsewhere/clusterList.txt";
        text
    };
    let table = [
        (vec![file(), elsewhere(list(vec![broker("broker-a", 0, "a:1")]))], Wanted::default(), Some("broker-a")),
        (vec![file(), elsewhere(list(both()))], Wanted::default(), None),
        (vec![file(), elsewhere(list(both()))], named, Some("broker-b")),
    ];
    for (texts, wanted, expected) in table {
        let (_, cluster) = joined(texts, &wanted);
        let found = cluster.topics.get("orders").and_then(|topic| topic.on.keys().next());
        assert_eq!(found.map(String::as_str), expected);
        let told = sentences(&cluster, RemarkKind::LeftOut);
        assert_eq!(told.iter().any(|told| told.contains("--broker NAME")), expected.is_none(), "{told:?}");
    }
}

#[test]
fn a_group_comes_from_its_call_or_its_retry_topic_or_the_command_line() {
    let rows = || vec![progress(None, queue("orders", "broker-a", 0), 5, 5)];
    let retry = || progress(None, queue("%RETRY%by-topic", "broker-a", 0), 0, 0);
    let other =
        || output("other.txt", "mqadmin consumerProgress", vec![progress(Some("other"), queue("t", "b", 0), 1, 1)]);
    let asked = Wanted { groups: vec!["asked".to_owned()], ..Wanted::default() };
    let called = output("p.txt", "mqadmin consumerProgress", rows()).called(|call| call.group = some("called"));
    let by_topic = output("p.txt", "mqadmin consumerProgress", [rows(), vec![retry()]].concat());
    let silent = || output("p.txt", "mqadmin consumerProgress", rows());
    let table = [
        (vec![called, other()], Wanted::default(), "called other"),
        (vec![by_topic, other()], Wanted::default(), "by-topic other"),
        (vec![silent()], asked.clone(), "asked"),
        (vec![silent(), other()], Wanted::default(), "other"),
        (
            vec![silent(), other(), output("x", "y", vec![subscription(Some("third"), "t", "*")])],
            Wanted::default(),
            "other third",
        ),
    ];
    for (texts, wanted, expected) in table {
        let (_, cluster) = joined(texts, &wanted);
        assert_eq!(cluster.groups.keys().map(String::as_str).collect::<Vec<_>>().join(" "), expected);
    }
}

#[test]
fn the_last_whole_list_is_the_group_and_two_addresses_are_two_processes() {
    let list = |name, at_ms, facts: Vec<Fact>| {
        let facts = [facts, vec![group_is(Some("g"), "CLUSTERING")]].concat();
        output(name, "mqadmin consumerConnection", facts).called(|call| call.at_ms = Some(at_ms))
    };
    let first = list("1.txt", 1, vec![member(Some("g"), "a@1", "a:1"), member(Some("g"), "gone@1", "x:1")]);
    let twins =
        vec![member(Some("g"), "a@1", "a:1"), member(Some("g"), "twin@1", "b:1"), member(Some("g"), "twin@1", "c:1")];
    let last = list("2.txt", 2, twins);
    let (_, cluster) = joined(vec![last, first], &Wanted::default());
    let ids: Vec<&str> = cluster.groups["g"].members.iter().map(|member| member.client_id.as_str()).collect();
    assert_eq!(ids, ["a@1", "twin@1", "twin@1"]);
    assert_eq!(sentences(&cluster, RemarkKind::Conflict), ["2 processes of `g` share the client id `twin@1`"]);
    let left = sentences(&cluster, RemarkKind::LeftOut);
    assert_eq!(left, ["`gone@1` (1.txt:2) is not among the members of `g` in the last list of them (2.txt:4)"]);
}

#[test]
fn only_what_is_wanted_is_left() {
    let mut texts = checkout();
    texts.push(output("more.txt", "mqadmin consumerConnection", vec![subscription(Some("other"), "payments", "*")]));
    let wanted = Wanted { groups: vec!["checkout".to_owned()], topics: vec!["orders".to_owned()], broker: None };
    let (_, cluster) = joined(texts, &wanted);
    assert_eq!(cluster.groups.keys().collect::<Vec<_>>(), ["checkout"]);
    assert_eq!(cluster.topics.keys().collect::<Vec<_>>(), ["orders"]);
}
