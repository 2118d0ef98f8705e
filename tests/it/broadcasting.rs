//! `BROADCASTING` groups end to end: every member takes every queue and remembers on its own machine.

use rebalance_sim::model::ids::ConsumerIndex;
use rebalance_sim::model::ids::QueueIndex;
use std::collections::BTreeMap;

use crate::story::{play, scenario};
use rebalance_sim::kernel::Instant;
use rebalance_sim::model::observation::{CommitPath, ConsumeOutcome, Observation, StartRule};

/// A story of one broadcasting group `g`; `more` goes behind it.
fn story(group: &str, more: &str) -> rebalance_sim::scenario::Scenario {
    scenario(&format!(
        r#"
title = "broadcasting"
duration = "90s"
brokers = ["broker-a", "broker-b"]
[[topics]]
name = "orders"
queues = 4
[[producers]]
topic = "orders"
rate = "100/s"
[[groups]]
name = "g"
topics = ["orders"]
messageModel = "BROADCASTING"
{group}
{more}
"#
    ))
}

/// How often each offset came to each member, as (most, least) over what lies between a member's first and last.
fn deliveries(scenario: &rebalance_sim::scenario::Scenario, seed: u64) -> BTreeMap<String, (u32, u32)> {
    let mut times: BTreeMap<(String, QueueIndex), BTreeMap<u64, u32>> = BTreeMap::new();
    play(scenario, seed, |seen, names| {
        if let Observation::Delivered { consumer, queue, offset, .. } = seen.what {
            let queue = times.entry((names.consumer(consumer).to_owned(), queue)).or_default();
            *queue.entry(offset).or_default() += 1;
        }
    });
    let mut found: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for ((consumer, _), offsets) in times {
        let (first, last) = (*offsets.keys().next().expect("some"), *offsets.keys().next_back().expect("some"));
        let counts = (first..=last).map(|offset| offsets.get(&offset).copied().unwrap_or(0));
        let entry = found.entry(consumer).or_insert((0, u32::MAX));
        for count in counts {
            *entry = (entry.0.max(count), entry.1.min(count));
        }
    }
    found
}

const RESTART: &str = "[[timeline]]\nat = \"40s\"\naction = \"restart\"\nconsumer = \"c1\"\ndown = \"10s\"";

#[test]
fn progress_follows_the_client_id() {
    for (what, restart, most, least) in [
        ("a graceful restart with the same id goes on exactly", RESTART.to_owned(), 1, 1),
        ("a new id begins at the end and skips", format!("{RESTART}\nclientId = \"new\""), 1, 0),
        ("a kill gives again what was not persisted", format!("{RESTART}\nkill = true"), 2, 1),
    ] {
        let scenario = story("count = 2\nwork = \"2ms\"\nawaitTerminationMillisWhenShutdown = 3000", &restart);
        for seed in 0..5 {
            let found = deliveries(&scenario, seed);
            assert_eq!(found["c1"], (most, least), "{what}, seed {seed}");
            assert_eq!(found["c2"], (1, 1), "nobody else notices, seed {seed}");
        }
    }
}

#[test]
fn nothing_goes_to_the_brokers_and_nobody_is_asked() {
    let scenario = story("count = 2\nwork = \"2ms\"", RESTART);
    let mut owned: BTreeMap<ConsumerIndex, usize> = BTreeMap::new();
    let mut files = 0;
    play(&scenario, 1, |seen, _| match seen.what {
        Observation::Committed { path, by, .. } => {
            assert_eq!(path, CommitPath::LocalFile);
            assert!(by.is_some());
            files += 1;
        }
        Observation::QueueTaken { consumer, .. } => *owned.entry(consumer).or_default() += 1,
        Observation::TopicRebalanced { broker, .. } => assert_eq!(broker, None, "no member list"),
        Observation::Notified { .. } => panic!("brokers tell broadcasting groups nothing"),
        _ => {}
    });
    assert_eq!(owned[&ConsumerIndex(0)], 16, "all eight queues, in each of two lives");
    assert_eq!(owned[&ConsumerIndex(1)], 8);
    assert!(files > 100, "{files} entries were saved");
}

#[test]
fn failed_messages_are_dropped() {
    let scenario = story("count = 1\nfailures = 0.1", "");
    let (mut dropped, mut again) = (0, 0);
    play(&scenario, 1, |seen, _| match seen.what {
        Observation::Consumed { outcome: ConsumeOutcome::Dropped, .. } => dropped += 1,
        Observation::Consumed { outcome: ConsumeOutcome::Failed, .. } | Observation::SentBack { .. } => again += 1,
        _ => {}
    });
    assert!(dropped > 500, "{dropped} of about 850");
    assert_eq!(again, 0);
}

/// Where `c1` begins in its second life.
fn second_starts(scenario: &rebalance_sim::scenario::Scenario, seed: u64) -> Vec<(StartRule, u64)> {
    let mut found = Vec::new();
    play(scenario, seed, |seen, _| {
        if let Observation::StartedAt { consumer: ConsumerIndex(0), offset, rule, .. } = seen.what
            && seen.at > Instant::from_millis(40_000)
        {
            found.push((rule, offset));
        }
    });
    found
}

#[test]
fn a_kill_between_the_two_writes_falls_back_to_the_copy() {
    // The write that begins at about 40 s lasts 4 s, so the kill at 43 s comes while the main file is half written.
    let slow = "[environment]\nlocal_offsets_write = \"4s\"";
    let kill = "[[timeline]]\nat = \"43s\"\naction = \"restart\"\nconsumer = \"c1\"\ndown = \"5s\"\nkill = true";
    let torn = second_starts(&story("count = 1\nwork = \"2ms\"", &format!("{kill}\n{slow}")), 1);
    let whole = second_starts(&story("count = 1\nwork = \"2ms\"", kill), 1);
    assert_eq!((torn.len(), whole.len()), (8, 8));
    for ((rule, torn), (_, whole)) in torn.iter().zip(&whole) {
        assert_eq!(*rule, StartRule::Stored, "the copy is whole");
        let behind = whole - torn;
        assert!((40..=90).contains(&behind), "one period of 5 s behind at 12.5 messages a second, not {behind}");
    }
}

/// apache/rocketmq#4016: a route loss threw local offsets away, and members skipped what was sent meanwhile. The file
/// of 5.3 keeps entries of queues that are not assigned, so a member goes on where it was.
#[test]
fn incident_4016_a_lost_route_keeps_local_offsets() {
    let lost = "[[timeline]]\nat = \"20s\"\naction = \"kill\"\nbroker = \"broker-b\"\n\
                [[timeline]]\nat = \"230s\"\naction = \"start\"\nbroker = \"broker-b\"";
    let longer = crate::story::scenario(&format!(
        "title = \"lost route\"\nduration = \"320s\"\nbrokers = [\"broker-a\", \"broker-b\"]\n[[topics]]\n\
             name = \"orders\"\nqueues = 2\n[[producers]]\ntopic = \"orders\"\nrate = \"50/s\"\n[[groups]]\nname = \"g\"\n\
             topics = [\"orders\"]\nmessageModel = \"BROADCASTING\"\ncount = 1\nwork = \"2ms\"\n{lost}"
    ));
    let (mut released, mut again) = (0, Vec::new());
    play(&longer, 3, |seen, _| match seen.what {
        Observation::QueueReleased { .. } => released += 1,
        Observation::StartedAt { rule, .. } if seen.at > Instant::from_millis(200_000) => again.push(rule),
        _ => {}
    });
    assert_eq!(released, 2, "the route without broker-b takes its queues away");
    assert_eq!(again, [StartRule::Stored; 2]);
    assert_eq!(deliveries(&longer, 3)["c1"], (1, 1), "nothing is skipped, nothing comes twice");
}
