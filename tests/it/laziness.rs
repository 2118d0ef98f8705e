//! Events that change nothing are not played. A run that plays them all sees the same: each observation with its time,
//! number and cause.
//!
//! A thousand random clusters are the long tier, for the optimised program on all processors:
//! `cargo test --release --locked --test it laziness -- --ignored`.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use rebalance_sim::fuzz;
use rebalance_sim::model::observation::Observed;
use rebalance_sim::run::{RunOptions, run_closely};
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
