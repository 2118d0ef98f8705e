//! Events that change nothing are not played. A run that plays them all sees the same: each observation with its time,
//! number and cause.
//!
//! A thousand random clusters are the long tier, for the optimised program on all processors:
//! `cargo test --release --locked --test it laziness -- --ignored`.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use rebalance_sim::fuzz;
use rebalance_sim::model::observation::{Observation, Observed};
use rebalance_sim::run::{RunOptions, run, run_closely};
use rebalance_sim::scenario::Scenario;
use rebalance_sim::sweep::{Seeds, over_seeds};

/// All that can be seen, and how many events it took.
fn seen(scenario: &Scenario, seed: u64, every_event: bool) -> (Vec<Observed>, u64) {
    let mut seen = Vec::new();
    let options = RunOptions { every_event, ..RunOptions::default() };
    let events = run_closely(scenario, seed, options, |observed| seen.push(observed.clone())).events;
    (seen, events)
}

/// Answers how many events were not played.
fn same(name: &str, scenario: &Scenario, seed: u64) -> u64 {
    let ((lazily, few), (exactly, all)) = (seen(scenario, seed, false), seen(scenario, seed, true));
    let difference = lazily.iter().zip(&exactly).find(|(lazy, exact)| lazy != exact);
    assert_eq!(difference, None, "{name}, seed {seed}");
    assert_eq!(lazily.len(), exactly.len(), "{name}, seed {seed}");
    all - few
}

fn random_clusters(seeds: &str) {
    let seeds: Seeds = seeds.parse().expect("a range of seeds");
    let jobs = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let play = |seed| Some(same("a random cluster", &fuzz::scenario(seed), seed));
    let saved = over_seeds(seeds, jobs, &AtomicBool::new(false), play, || {}).unwrap_or_else(|error| panic!("{error}"));
    assert!(saved.complete && saved.results.iter().sum::<u64>() > 0, "the two ways to play are one");
}

#[test]
fn random_clusters_are_seen_the_same() {
    random_clusters("0..6");
}

#[test]
#[ignore = "long tier: a thousand random clusters, each twice"]
fn a_thousand_random_clusters_are_seen_the_same() {
    random_clusters("0..1000");
}

/// A producer loses its connection with answers on the way: those come into their own again.
#[test]
fn answers_on_the_way_to_a_connection_that_ends_are_seen_the_same() {
    let text = r#"
        title = "answers on the way"
        question = "What becomes of them?"
        duration = "60s"
        brokers = ["broker-a", "broker-b"]
        environment = { client_broker_latency = "100ms" }

        [[topics]]
        name = "orders"
        queues = 4

        [[producers]]
        topic = "orders"
        rate = "50/s"
        sendMsgTimeout = "450ms"

        [[groups]]
        name = "g"
        topics = ["orders"]
        count = 2

        [[timeline]]
        at = "20s"
        action = "delay"
        from = "broker-a"
        to = "p1"
        extra = { uniform = ["0ms", "400ms"] }

        [[timeline]]
        at = "40s"
        action = "kill"
        broker = "broker-b"
    "#;
    let scenario = crate::story::scenario(text);
    for seed in 0..5 {
        assert!(same("answers on the way", &scenario, seed) > 0);
    }
}

/// Who looks at every law is told of each notification when it comes; who does not is told later, and finds the same.
fn finds_the_same(name: &str, scenario: &Scenario, seed: u64) -> u64 {
    let plays = |every_event| run(scenario, seed, RunOptions { every_event, rows: true });
    let (lazily, exactly) = (plays(false), plays(true));
    assert_eq!(lazily.findings.windows, exactly.findings.windows, "{name}, seed {seed}");
    let difference =
        lazily.findings.anomalies.iter().zip(&exactly.findings.anomalies).find(|(lazy, exact)| lazy != exact);
    assert_eq!(difference, None, "{name}, seed {seed}");
    assert_eq!(lazily.findings, exactly.findings, "{name}, seed {seed}");
    exactly.events - lazily.events
}

/// Forty members that come, go, are killed, frozen and cut off.
const CROWD: &str = r#"
        title = "a crowd"
        question = "Who is told what?"
        duration = "150s"
        brokers = ["broker-a", "broker-b", "broker-c"]

        [[topics]]
        name = "orders"
        queues = 8

        [[producers]]
        topic = "orders"
        rate = "50/s"

        [[groups]]
        name = "g"
        topics = ["orders"]
        count = 40

        [[timeline]]
        at = "30s"
        action = "rolling_restart"
        group = "g"
        interval = "500ms"
        down = "3s"
        new_client_ids = true

        [[timeline]]
        at = "40s"
        action = "pause"
        consumer = "c7"

        [[timeline]]
        at = "41s"
        action = "clock"
        consumer = "c9"
        by = "-20s"

        [[timeline]]
        at = "42s"
        action = "restart"
        broker = "broker-b"
        kill = true
        down = "5s"

        [[timeline]]
        at = "43s"
        action = "cut"
        from = ["broker-c"]
        to = ["consumers"]

        [[timeline]]
        at = "50s"
        action = "heal"
        from = ["broker-c"]
        to = ["consumers"]

        [[timeline]]
        at = "55s"
        action = "resume"
        consumer = "c7"
"#;

/// Members come, go, are killed, frozen and cut off in crowds: most of what brokers tell them changes nothing.
#[test]
fn notifications_of_a_crowd_are_found_the_same() {
    let scenario = crate::story::scenario(CROWD);
    for seed in 0..4 {
        let saved = finds_the_same("a crowd", &scenario, seed);
        assert!(saved > 4_000, "{saved} events were left out");
    }
}

/// Passes take time, and newer ones break them off: what was never sent is heard in neither way, the event loops of brokers
/// that costs were measured of among it.
#[test]
fn notifications_that_were_broken_off_are_found_the_same() {
    for costs in ["notification_time = \"2ms\"", "broker_costs = \"measured\"\nservice_time = \"2ms\""] {
        let text = format!("{CROWD}\n[environment]\nbroker_processors = 2\n{costs}\n");
        let scenario = crate::story::scenario(&text);
        for seed in 0..2 {
            let saved = finds_the_same(costs, &scenario, seed);
            assert!(saved > 4_000, "{saved} events were left out");
        }
    }
    let text = format!("{CROWD}\n[environment]\nbroker_processors = 2\nnotification_time = \"2ms\"\n");
    let (observed, _) = seen(&crate::story::scenario(&text), 0, false);
    let broken_off = observed.iter().filter(|seen| matches!(seen.what, Observation::NotificationsBrokenOff { .. }));
    assert!(broken_off.count() > 10, "passes are broken off in it");
}

#[test]
fn random_clusters_are_found_the_same() {
    for seed in 0..12 {
        finds_the_same("a random cluster", &fuzz::scenario(seed), seed);
    }
}
