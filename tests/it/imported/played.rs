//! Scenarios are played: each queue has the owner that the strategies give it over the real client ids, and what is
//! expected holds.

use std::collections::{BTreeMap, BTreeSet};

use rebalance_sim::import::scenario::dealt;
use rebalance_sim::run::{RunOptions, run};
use rebalance_sim::strategy::order::compare_java_strings;
use rebalance_sim::strategy::registry::strategy;
use rebalance_sim::strategy::{ClientId, MessageQueue};
use rebalance_sim::sweep::{SeedResult, Standing, judge};

use super::*;

/// Who holds each queue at the end of a run, by client id: one for each process that does.
fn owners_at_the_end(written: &Written) -> BTreeMap<String, Vec<String>> {
    let scenario = &written.scenario;
    let outcome = run(scenario, 0, RunOptions { rows: true, ..RunOptions::default() });
    let judged = judge(&scenario.expect, &[SeedResult::from(&outcome)]);
    assert!(judged.iter().all(|judged| judged.standing == Standing::Held), "{:?}\n{}", judged, written.text);
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in outcome.findings.ownership.iter().filter(|row| row.until == outcome.end) {
        let queue = outcome.names.message_queue(row.queue).to_string();
        if !queue.starts_with('%') {
            owners.entry(queue).or_default().push(outcome.names.client(row.client).to_string());
        }
    }
    owners
}

/// What a strategy gives to these ids, each as often as it is there.
fn by_strategy(name: &str, queues: &[(&str, &str, i32)], ids: &[&str]) -> BTreeMap<String, Vec<String>> {
    let mut queues: Vec<MessageQueue> =
        queues.iter().map(|(topic, broker, id)| MessageQueue::new(topic, broker, *id)).collect();
    queues.sort_by(MessageQueue::compare);
    let mut sorted: Vec<ClientId> = ids.iter().map(|id| (*id).into()).collect();
    sorted.sort_by(|a, b| compare_java_strings(a, b));
    let strategy = strategy(name).expect("it is known");
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for id in &sorted {
        for queue in strategy.allocate("g", id, &queues, &sorted).expect("it deals") {
            owners.entry(queue.to_string()).or_default().push(id.to_string());
        }
    }
    owners
}

fn queues(topic: &'static str, on: &[(&'static str, i32)]) -> Vec<(&'static str, &'static str, i32)> {
    on.iter().flat_map(|(broker, count)| (0..*count).map(move |id| (topic, *broker, id))).collect()
}

#[test]
fn owners_are_those_of_the_real_ids() {
    let ids = ["10.0.1.9@1", "10.0.1.10@1", "10.0.1.11@10.0.0.1:9876@1"];
    for name in ["AVG", "AVG_BY_CIRCLE", "CONSISTENT_HASH"] {
        let mut texts = checkout();
        texts.push(output(
            "app.properties",
            "properties",
            vec![Fact::ClientSetting {
                group: some("checkout"),
                client_id: None,
                key: "allocateMessageQueueStrategy".to_owned(),
                value: name.to_owned(),
            }],
        ));
        let written = written(texts);
        let expected = by_strategy(name, &queues("orders", &[("broker-a", 8), ("broker-b", 4)]), &ids);
        assert_eq!(owners_at_the_end(&written), expected, "{name}\n{}", written.text);
        assert!(dealt(&written.scenario.plan).iter().all(|queue| queue.owners.len() == 1), "{name}");
    }
}

#[test]
fn two_processes_with_one_id_stay_two() {
    let twins = vec![
        member(Some("g"), "a@1", "a:1"),
        member(Some("g"), "a@1", "b:1"),
        member(Some("g"), "b@1", "c:1"),
        subscription(Some("g"), "orders", "*"),
        group_is(Some("g"), "CLUSTERING"),
    ];
    let route = output("route.json", "mqadmin topicRoute", vec![topic_at("orders", on("broker-a"), 6, 6, 6)]);
    let written = written(vec![output("c.txt", "mqadmin consumerConnection", twins), route]);
    let owners = owners_at_the_end(&written);
    assert_eq!(owners, by_strategy("AVG", &queues("orders", &[("broker-a", 6)]), &["a@1", "a@1", "b@1"]));
    let counts: BTreeSet<usize> = owners.values().map(Vec::len).collect();
    assert_eq!((owners.len(), counts), (4, BTreeSet::from([1, 2])), "two queues are nobody's, and two have two owners");
}

#[test]
fn everybody_of_a_broadcasting_group_has_everything() {
    let facts = vec![
        member(Some("g"), "10.4.100.13@10.4.100.13:9876@20@1245146303493722", "10.4.100.13:43588"),
        member(Some("g"), "10.4.100.14@10.4.100.13:9876@21@1245146303493999", "10.4.100.14:43590"),
        subscription(Some("g"), "payments", "*"),
        group_is(Some("g"), "BROADCASTING"),
    ];
    let written = written(vec![output("c.txt", "mqadmin consumerConnection", facts)]);
    let owners = owners_at_the_end(&written);
    assert_eq!((owners.len(), owners.values().map(Vec::len).collect::<BTreeSet<_>>()), (4, BTreeSet::from([2])));
}
