//! Starts that fail, routes that come late, and subscriptions that change under way.

use rebalance_sim::model::ids::NameServerIndex;
use std::collections::{BTreeMap, BTreeSet};

use crate::story::{play, scenario};
use rebalance_sim::check::Figure;
use rebalance_sim::kernel::Instant;
use rebalance_sim::model::observation::{End, Observation, StartFailure};
use rebalance_sim::run::{RunOptions, run};

/// A story with `name_servers` and one group's `consumers`; `more` goes behind it.
fn story(name_servers: &str, group: &str, more: &str) -> rebalance_sim::scenario::Scenario {
    scenario(&format!(
        r#"
title = "starts"
duration = "150s"
brokers = ["broker-a"]
name_servers = {name_servers}
environment = {{ client_name_server_latency = {{ uniform = ["1ms", "40ms"] }} }}
topics = [{{ name = "A", queues = 1 }}, {{ name = "B", queues = 1 }}, {{ name = "C", queues = 8 }}]
[[groups]]
name = "g"
{group}
{more}
"#
    ))
}

/// How many queues of each topic are taken by the end.
fn taken(scenario: &rebalance_sim::scenario::Scenario, seed: u64) -> BTreeMap<String, i64> {
    let mut taken = BTreeMap::new();
    play(scenario, seed, |seen, names| {
        let (queue, change) = match seen.what {
            Observation::QueueTaken { queue, .. } => (queue, 1),
            Observation::QueueReleased { queue, .. } => (queue, -1),
            _ => return,
        };
        *taken.entry(names.topic(names.queue(queue).topic).name.to_string()).or_insert(0) += change;
    });
    taken
}

#[test]
fn a_topic_given_up_in_a_start_moves_no_other() {
    for at in ["0ms", "5ms", "120ms", "300ms", "320ms", "340ms", "1s"] {
        let more = format!("[[timeline]]\nat = \"{at}\"\naction = \"unsubscribe\"\nconsumer = \"c1\"\ntopic = \"A\"");
        let scenario = story("[\"n\"]", "count = 1", &more);
        for seed in 0..8 {
            let taken = taken(&scenario, seed);
            assert_eq!((taken.get("B"), taken.get("C")), (Some(&1), Some(&8)), "given up at {at}, seed {seed}");
        }
    }
}

#[test]
fn a_topic_subscribed_again_needs_no_new_route() {
    // No route poll comes in the run; what was known of the topic before is still in the table.
    let step = |at: &str, action: &str| {
        format!("[[timeline]]\nat = \"{at}\"\naction = \"{action}\"\nconsumer = \"c1\"\ntopic = \"C\"")
    };
    let more = [step("30s", "unsubscribe"), step("80s", "subscribe")].join("\n");
    let scenario = story("[\"n\"]", "count = 1\npollNameServerInterval = \"1h\"", &more);
    for seed in 0..4 {
        assert_eq!(taken(&scenario, seed).get("C"), Some(&8), "seed {seed}");
    }
}

#[test]
fn a_client_leaves_a_name_server_when_its_connection_is_gone_and_not_before() {
    let cut = "[[timeline]]\nat = \"40s\"\naction = \"cut\"\nfrom = [\"n1\"]\nto = [\"consumers\"]";
    let killed = "[[timeline]]\nat = \"40s\"\naction = \"kill\"\nname_server = \"n1\"";
    let grow = "[[timeline]]\nat = \"41s\"\naction = \"set_queues\"\ntopic = \"C\"\nqueues = 16";
    for (what, fault, close, all_see) in [
        ("a dead one is left with its connection", killed, false, true),
        ("a hung one is left at a time-out that closes the socket", cut, true, true),
        ("a hung one is kept where time-outs leave the socket", cut, false, false),
    ] {
        let group = format!("count = 6\nclientCloseSocketIfTimeout = {close}");
        let scenario = story("[\"n1\", \"n2\"]", &group, &format!("{fault}\n{grow}"));
        for seed in 0..4 {
            let mut saw = 0;
            play(&scenario, seed, |seen, _| {
                saw += u32::from(matches!(seen.what, Observation::RouteChanged { queues: 16, .. }))
            });
            assert_eq!(saw == 6, all_see, "{what}: {saw} of 6 in seed {seed}");
        }
    }
}

#[test]
fn a_start_that_throws_ends_the_process() {
    let group = r#"
consumers = [{ name = "a" }]
instance = "app"
[[groups]]
name = "h"
instance = "app"
consumers = [{ name = "b", start = "60s" }]"#;
    let more = "[[timeline]]\nat = \"40s\"\naction = \"kill\"\nname_server = \"n\"";
    let scenario = story("[\"n\"]", group, more);
    let mut ends = Vec::new();
    play(&scenario, 1, |seen, names| match seen.what {
        Observation::StartFailed { consumer, why } => {
            assert_eq!((names.consumer(consumer), why), ("b", StartFailure::NameServerUnreachable(NameServerIndex(0))));
        }
        Observation::ConsumerEnded { consumer, end } => ends.push((names.consumer(consumer).to_owned(), end, seen.at)),
        _ => {}
    });
    let ended: Vec<(&str, End)> = ends.iter().map(|(name, end, _)| (name.as_str(), *end)).collect();
    assert_eq!(ended, [("b", End::StartFailed), ("a", End::Shutdown)], "the other one is shut down in order");
    assert!(ends[1].2 < Instant::from_millis(75_000), "and soon");
}

/// `tryToFindTopicPublishInfo` waits for the route, and then the message is sent.
#[test]
fn what_waits_for_a_producers_first_route_is_sent_when_it_comes() {
    let story = scenario(
        "title = \"First\"\nquestion = \"Is the first message sent?\"\nduration = \"60s\"\nbrokers = [\"broker-a\"]\nmeasure = { from = \"0s\" }\n\n[[topics]]\nname = \"T\"\nqueues = 2\n\n[[producers]]\ntopic = \"T\"\nrate = \"20/s\"\nfrom = \"10s\"\nuntil = \"20s\"\n\n[[groups]]\nname = \"g\"\ntopics = [\"T\"]\ncount = 1\n",
    );
    for seed in 0..3 {
        let figures = &run(&story, seed, RunOptions::default()).findings.windows[0].figures;
        let count = |name: &str| figures[name];
        assert_eq!((count("delivered"), count("sends_failed")), (Figure::Count(200), Figure::Count(0)));
    }
}

/// A Go member sends its commits and closes its connections at once. The broker takes long for a commit, hears of the close
/// before, and takes the commit nevertheless: nothing comes twice.
#[test]
fn what_a_go_member_commits_at_its_end_is_read_before_the_close() {
    let scenario = scenario(
        r#"
title = "last words"
duration = "40s"
brokers = ["broker-a"]
environment = { service_time = { uniform = ["50us", "200us"] }, control_service_time = { uniform = ["4ms", "6ms"] } }
topics = [{ name = "T", queues = 8 }]
producers = [{ topic = "T", rate = "20/s", until = "35s" }]
[[groups]]
name = "g"
clientVersion = "go-master"
count = 2
consumeFromWhere = "CONSUME_FROM_FIRST_OFFSET"
[[timeline]]
at = "30.02s"
action = "stop"
consumer = "c2"
"#,
    );
    for seed in 0..8 {
        let found = run(&scenario, seed, RunOptions::default()).findings;
        assert_eq!(found.windows[0].figures["duplicates"], Figure::Count(0), "seed {seed}");
    }
}

/// A middlebox forgets the connection of c1 and tells nobody: c1's heartbeats are bytes that it writes, and a Go client asks
/// for bytes that it reads (`internal/remote/remote_client.go:receiveResponse`).
#[test]
fn a_go_client_that_reads_nothing_connects_anew() {
    let share = |version: &str| {
        let scenario = scenario(&format!(
            r#"
title = "severed"
duration = "600s"
brokers = ["a"]
topics = [{{ name = "t", queues = 2 }}]
groups = [{{ name = "g", clientVersion = "{version}", count = 2 }}]
timeline = [{{ at = "100s", action = "sever", from = "c1", to = "a", reset = false }}]
"#
        ));
        let mut held = [BTreeSet::new(), BTreeSet::new()];
        play(&scenario, 0, |seen, names| match seen.what {
            Observation::QueueTaken { consumer, queue, .. } if &*names.topic(names.queue(queue).topic).name == "t" => {
                held[consumer.at()].insert(queue);
            }
            Observation::QueueReleased { consumer, queue, .. } => _ = held[consumer.at()].remove(&queue),
            _ => {}
        });
        held.map(|queues| queues.len())
    };
    assert_eq!(share("go-2.1.2"), [1, 1], "it is a member again");
    assert_eq!(share("go-2.1.0"), [1, 2], "it keeps the connection, and its queue, of which nobody hears");
}
