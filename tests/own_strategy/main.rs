//! Adding a strategy takes one file and one line, also from a crate that only uses this one.

mod first_come;

use std::collections::BTreeMap;
use std::sync::Arc;

use rebalance_sim::run::{RunOptions, run};
use rebalance_sim::scenario::{Scenario, ScenarioError, parse_with};
use rebalance_sim::strategy::{MessageQueue, Registry, StrategyParameters};

use first_come::FirstCome;

/// The one line.
fn registry() -> Registry {
    Registry::default().with("FIRST_COME", |_| Ok(Arc::new(FirstCome)))
}

fn scenario(strategy: &str) -> Result<Scenario, ScenarioError> {
    let text = format!(
        r#"
title = "The first one gets all"
question = "Who owns the queues?"
duration = "90s"
brokers = ["broker-a"]
expect = ["lost == 0"]

[[topics]]
name = "orders"
queues = 4

[[producers]]
topic = "orders"
rate = "10/s"

[[groups]]
name = "billing"
topics = ["orders"]
count = 3
allocateMessageQueueStrategy = "{strategy}"
"#
    );
    parse_with("own.toml", &text, &[], &|_| Err("there is none".to_owned()), &registry())
}

#[test]
fn its_queues_are_where_it_says() {
    let scenario = scenario("FIRST_COME").unwrap_or_else(|error| panic!("{error}"));
    let outcome = run(&scenario, 1, RunOptions { rows: true });
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    for stretch in &outcome.findings.ownership {
        let queue = outcome.names.message_queue(stretch.queue).to_string();
        if stretch.until == outcome.end && queue.starts_with("orders/") {
            last.insert(queue, outcome.names.consumer(stretch.consumer).to_owned());
        }
    }
    let expected = (0..4).map(|id| (format!("orders/broker-a/{id}"), "c1".to_owned())).collect();
    assert_eq!(last, expected);
}

#[test]
fn it_can_be_the_inner_one_of_another() {
    let mine = "MACHINE_ROOM_NEARBY-FIRST_COME";
    let nearby = registry().build(mine, &StrategyParameters::default()).unwrap_or_else(|error| panic!("{error}"));
    let queues = [MessageQueue::new("orders", "r1-a", 0), MessageQueue::new("orders", "r2-a", 0)];
    let cids = ["r1-x", "r1-y", "r2-x"].map(Into::into);
    let shares: Vec<usize> =
        nearby.allocate_all("g", &queues, &cids).into_iter().map(|mine| mine.expect("it allocates").len()).collect();
    assert_eq!((nearby.name().as_str(), shares.as_slice()), (mine, &[1, 0, 1][..]));
}

#[test]
fn a_name_that_nobody_registered_is_refused_with_all_that_are_known() {
    let error = scenario("SECOND_COME").expect_err("nobody knows it").to_string();
    assert!(error.contains("`SECOND_COME` is no strategy") && error.contains("FIRST_COME"), "{error}");
}
