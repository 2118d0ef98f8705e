//! `explain`: the chain of causes of a finding, whose links add up to its length.
//!
//! `UPDATE_EXPLAINED=1 cargo test --test it explain` writes `tests/it/explain.txt` anew; the diff is what a change of the model
//! does to the stories.

use rebalance_sim::explain::{MOST_LINES, Story, Wanted, What, explain};
use rebalance_sim::fuzz;
use rebalance_sim::kernel::Span;
use rebalance_sim::run::{Outcome, RunOptions, run};
use rebalance_sim::scenario::Scenario;
use std::sync::atomic::AtomicBool;

use crate::cli::rebalance_sim;

/// Findings of shipped scenarios: each was followed by hand through its `events.csv`. Each ends for another reason.
const STORIES: [(&str, &[&str]); 13] = [
    ("stalls/node_of_a_pod_goes_silent", &["--seed", "2"]),
    ("stalls/three_kinds_of_death", &["--seed", "6"]),
    ("order/orderly_kill_9", &["--what", "unowned"]),
    ("ownership/queues_added", &["--what", "unowned"]),
    ("ownership/two_owners_after_a_join", &["--what", "double"]),
    ("stalls/consumer_crashes", &["--what", "duplicate"]),
    ("loss/added_queues_skipped", &[]),
    ("stalls/client_clock_goes_back", &["--what", "unowned"]),
    ("stalls/slow_message_stops_its_queue", &["--what", "stall"]),
    ("brokers/broker_down_three_minutes", &["--what", "unowned"]),
    ("stalls/long_poll_misses_a_message", &["--what", "stall"]),
    ("stalls/member_list_call_fails", &["--what", "unowned"]),
    ("go/orderly_hand_over", &[]),
];

#[test]
fn stories_of_shipped_scenarios_are_told_as_they_were() {
    let mut told = String::new();
    for (name, arguments) in STORIES {
        let file = format!("scenarios/{name}.toml");
        let (code, text, stderr) = rebalance_sim(&[&["explain", &file], arguments].concat());
        assert_eq!(code, 0, "{name}: {stderr}");
        told += &text;
        told.push('\n');
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/explain.txt");
    if std::env::var_os("UPDATE_EXPLAINED").is_some() {
        return std::fs::write(path, told).expect("it is written");
    }
    let said = std::fs::read_to_string(path).expect("the stories are there");
    let differs = said.lines().zip(told.lines()).find(|(was, is)| was != is);
    assert_eq!(differs, None, "UPDATE_EXPLAINED=1 writes the stories anew");
    assert_eq!(said.lines().count(), told.lines().count());
}

/// What holds of every story: the waits add up, time runs forward, and nothing is told at length.
fn holds(story: &Story, what: &str) {
    let sum = |spans: &mut dyn Iterator<Item = Span>| spans.fold(Span::ZERO, |sum, span| sum + span);
    let length = story.finding.length();
    assert_eq!(sum(&mut story.spent.iter().map(|part| part.span)), length, "{what}: where the time went");
    assert_eq!(sum(&mut story.lines.iter().map(|line| line.waited)), length, "{what}: the lines");
    assert!((1..=MOST_LINES).contains(&story.lines.len()), "{what}: {} lines", story.lines.len());
    assert!(story.lines.is_sorted_by_key(|line| line.at), "{what}: {:?}", story.lines);
    let (first, last) = (story.lines[0].at, story.lines[story.lines.len() - 1].at);
    assert_eq!((first, last), (story.finding.from, story.finding.until), "{what}");
}

/// The worst finding of each kind.
fn all_kinds(scenario: &Scenario, outcome: &Outcome, name: &str) -> usize {
    let mut told = 0;
    for what in What::ALL {
        let wanted = Wanted { what: Some(what), ..Wanted::default() };
        let story = explain(scenario, outcome, &wanted, &AtomicBool::new(false)).expect("nobody stops it");
        if let Some(story) = story {
            holds(&story, &format!("{name}, {what:?}"));
            told += 1;
        }
    }
    told
}

#[test]
fn waits_add_up_in_random_clusters() {
    let one = |seed| {
        let scenario = fuzz::scenario(seed);
        let outcome = run(&scenario, seed, RunOptions::default());
        all_kinds(&scenario, &outcome, &format!("random cluster {seed}"))
    };
    let told: usize = (0..4).map(one).sum();
    assert!(told >= 8, "only {told} findings were explained");
}

/// The rows of a log between two moments: (milliseconds, number, event, actor).
fn log(file: &str, arguments: &[&str], (from, until): (u64, u64)) -> Vec<(f64, u64, String, String)> {
    let place = tempfile::tempdir().expect("a temporary directory");
    let out = place.path().join("one");
    let seed = arguments.iter().skip_while(|word| **word != "--seed").nth(1).unwrap_or(&"0");
    let (from, until) = (format!("{}ms", from / 1_000_000), format!("{}ms", until / 1_000_000 + 1));
    let directory = out.to_str().expect("UTF-8");
    let asked = ["run", file, "--seed", seed, "--out", directory, "--events", "--events-from", &from];
    let (_, _, stderr) = rebalance_sim(&[&asked[..], &["--events-until", &until]].concat());
    let log = std::fs::read_to_string(out.join("events.csv")).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    let row = |row: &str| {
        let cells: Vec<&str> = row.splitn(5, ',').collect();
        let number = |cell: &str| cell.parse().unwrap_or_else(|error| panic!("{error}: {row}"));
        (number(cells[0]), cells[1].parse().expect("a number"), cells[2].to_owned(), cells[3].to_owned())
    };
    log.lines().skip(1).map(row).collect()
}

/// What is told is what the log has: each line with an event is a row of that number at that time, and by the times of the log
/// the waits add up to the finding's length.
#[test]
fn every_line_is_an_event_of_the_log_at_its_time() {
    let mut found = std::collections::BTreeSet::new();
    for (name, arguments) in STORIES {
        let file = format!("scenarios/{name}.toml");
        let (_, json, stderr) = rebalance_sim(&[&["explain", &file, "--format", "json"], arguments].concat());
        let story: serde_json::Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {stderr}"));
        let nanos = |value: &serde_json::Value| value.as_u64().unwrap_or_else(|| panic!("{name}: {value}"));
        let (from, until) = (nanos(&story["from_ns"]), nanos(&story["until_ns"]));
        let rows = log(&file, arguments, (from, until));
        let lines = story["lines"].as_array().expect("there are lines");
        let (mut sum, mut before, mut events) = (0.0, from as f64 / 1e6, 0);
        for line in lines {
            let told = nanos(&line["at_ns"]) as f64 / 1e6;
            let waited = nanos(&line["waited_ns"]) as f64 / 1e6;
            sum += waited;
            let at = match line["event"].as_u64() {
                Some(number) => {
                    events += 1;
                    let of_event: Vec<_> = rows.iter().filter(|row| row.1 == number).collect();
                    let row = of_event.iter().find(|row| (row.0 - told).abs() < 0.001);
                    let row = row.unwrap_or_else(|| panic!("{name}: {line} is not in the log: {of_event:?}"));
                    let actor = line["actor"].as_str().unwrap_or_default();
                    let nobody = ["network", "operator", "the story", "the run"].contains(&actor);
                    assert!(nobody || of_event.iter().any(|row| row.3 == actor), "{name}: {line}: {of_event:?}");
                    row.0
                }
                // The end of a time-out is no event: it lies that long behind the line before.
                None => before + waited,
            };
            assert!((at - before - waited).abs() < 1.0, "{name}: {line} waited since {before}");
            before = at;
        }
        let length = (until - from) as f64 / 1e6;
        assert!((sum - length).abs() < 1.0 && (before - until as f64 / 1e6).abs() < 1.0, "{name}: {sum} of {length}");
        assert!(events * 2 > lines.len(), "{name}: {events} of {} lines are events", lines.len());
        found.insert((name, story["what"].to_string()));
    }
    assert!(found.len() >= 10, "{found:?}");
}

/// What a link is not known of is told, and here everything is.
#[test]
fn a_pull_that_fails_again_and_again_is_followed_to_what_began_it_and_to_what_ended_it() {
    let table = [
        ("brokers/broker_unreachable_for_its_consumers", "a connect that nobody answered"),
        ("stalls/from_a_dead_master_to_its_slave", "how long a name server keeps a connection on which nothing goes"),
    ];
    for (name, rule) in table {
        let file = format!("scenarios/{name}.toml");
        let (_, json, stderr) = rebalance_sim(&["explain", &file, "--what", "stall", "--format", "json"]);
        let story: serde_json::Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {stderr}"));
        let spent = story["spent"].as_array().expect("a list");
        assert_eq!(spent[0]["rule"], rule, "{name}: {json}");
        assert!(spent.iter().all(|part| part["rule"] != "unknown"), "{name}: {json}");
    }
}

/// Two of a kind look alike from outside: what the longest wait was is read from their events.
#[test]
fn alike_stories_have_their_own_rules() {
    const CRASH: &str = "scenarios/stalls/consumer_crashes.toml";
    const SILENT: &str = "scenarios/stalls/node_of_a_pod_goes_silent.toml";
    let table = [
        (CRASH, "0", "duration=90s", "the network, and the work of those it reaches"),
        (CRASH, "0", "broker.notifyConsumerIdsChangedEnable=false", "the rebalance timer"),
        (SILENT, "2", "duration=5m", "how long a broker keeps a connection on which nothing goes"),
        (
            SILENT,
            "2",
            "broker.serverChannelMaxIdleTimeSeconds=300",
            "how long a broker keeps a member it does not hear",
        ),
    ];
    for (file, seed, set, rule) in table {
        let arguments = ["explain", file, "--seed", seed, "--what", "unowned", "--format", "json", "--set", set];
        let (code, text, stderr) = rebalance_sim(&arguments);
        assert_eq!(code, 0, "{set}: {stderr}");
        let story: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(story["spent"][0]["rule"], rule, "{set}: {text}");
    }
}

/// The longest wait of a lock that is refused, by who holds it and who asks for it; and nothing is unknown.
#[test]
fn a_lock_that_is_refused_is_followed_to_who_keeps_it_and_why() {
    const KEPT: &str = "how long a broker keeps the lock that a Go client does not give back";
    const DEAD: &str = "how long a broker keeps the lock of one that does not renew it";
    const ASLEEP: &str = "the sleep of a Go client's pull loop that does not know of its lock yet";
    const FIRST_PULL: &str = "the delay of a queue's first pull";
    let table = [
        ("go/orderly_hand_over", KEPT, "consumer/consumer.go:removeUnnecessaryMessageQueue", ASLEEP),
        ("go/orderly_hand_over_to_java", KEPT, "consumer/consumer.go:removeUnnecessaryMessageQueue", FIRST_PULL),
        ("go/orderly_member_killed", DEAD, "RebalanceLockManager.tryLockBatch", ASLEEP),
    ];
    for (name, rule, source, and_then) in table {
        let file = format!("scenarios/{name}.toml");
        let (_, json, stderr) = rebalance_sim(&["explain", &file, "--what", "stall", "--format", "json"]);
        let story: serde_json::Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {stderr}"));
        let spent = story["spent"].as_array().expect("a list");
        assert_eq!((&spent[0]["rule"], &spent[0]["source"]), (&rule.into(), &source.into()), "{name}: {json}");
        assert!(spent.iter().any(|part| part["rule"] == and_then), "{name}: {json}");
        assert!(spent.iter().all(|part| part["rule"] != "unknown"), "{name}: {json}");
    }
}

#[test]
fn what_is_not_there_is_said_and_what_is_not_known_is_refused() {
    const STORY: &str = "scenarios/stalls/consumer_crashes.toml";
    let table: [(&[&str], i32, &str); 6] = [
        (&["--what", "lost"], 0, "nothing to explain: seed 0 has no lost message"),
        (&["--what", "stall", "--at", "0s"], 0, "nothing to explain: seed 0 has no stalled queue at 0s"),
        (&["--what", "unownd"], 2, "unowned"),
        (&["--queue", "orders/broker-a/99"], 2, "there is no queue `orders/broker-a/99` in the run"),
        (&["--at", "2h"], 2, "--at 2h lies outside of the run"),
        (&["--set", "nonsense"], 2, "is not an override"),
    ];
    for (arguments, expected, sentence) in table {
        let (code, stdout, stderr) = rebalance_sim(&[&["explain", STORY], arguments].concat());
        assert_eq!(code, expected, "{arguments:?}: {stdout}{stderr}");
        assert!(stdout.contains(sentence) || stderr.contains(sentence), "{arguments:?}: {stdout}{stderr}");
    }
}

#[test]
fn the_command_that_tries_a_remedy_runs_and_the_events_are_those_of_the_log() {
    let arguments = ["explain", "scenarios/stalls/expiry_tells_nobody.toml", "--what", "unowned", "--format", "json"];
    let (code, text, stderr) = rebalance_sim(&arguments);
    assert_eq!(code, 0, "{stderr}");
    let story: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let command = story["remedies"][0]["command"].as_str().expect("there is a setting that shortens it");
    let words: Vec<&str> = command.split(' ').skip(1).map(|word| if word == "20" { "2" } else { word }).collect();
    let (code, text, stderr) = rebalance_sim(&words);
    assert_eq!(code, 0, "{command}: {text}{stderr}");
    let place = tempfile::tempdir().expect("a temporary directory");
    let out = place.path().join("one");
    let file = arguments[1];
    let (_, _, stderr) = rebalance_sim(&["run", file, "--out", out.to_str().expect("UTF-8"), "--events"]);
    let log = std::fs::read_to_string(out.join("events.csv")).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    for line in story["lines"].as_array().expect("there are lines") {
        let Some(event) = line["event"].as_u64() else { continue };
        assert!(log.lines().any(|row| row.split(',').any(|cell| cell == event.to_string())), "{line}");
    }
}
