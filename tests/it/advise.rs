//! `advise`: what it finds by itself in stories whose answer is known, and what it refuses.

use serde_json::Value;

use crate::cli::rebalance_sim;

const SILENT: &str = "scenarios/stalls/silent_node_among_twelve.toml";
const BURST: &str = "scenarios/duplicates/kill_9_behind_a_burst.toml";
const RESTART: &str = "scenarios/duplicates/shutdown_awaits_nothing.toml";
const CRASH: &str = "scenarios/stalls/consumer_crashes.toml";

fn advise(arguments: &[&str]) -> Value {
    let (code, json, stderr) = rebalance_sim(&[&["advise"], arguments, &["--format", "json"]].concat());
    assert_eq!(code, 0, "{stderr}");
    serde_json::from_str(&json).expect("JSON")
}

/// The settings of what helps, best first, each with its values.
fn helps(advice: &Value) -> Vec<Vec<String>> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of_one = |one: &Value| {
        let values = one["values"].as_array().into_iter().flatten();
        values.map(|value| format!("{}={}", word(&value["setting"]), word(&value["to"]))).collect()
    };
    advice["helps"].as_array().into_iter().flatten().map(of_one).collect()
}

/// Whether what helps most is, or has among its values, all of these.
fn first_is(helps: &[Vec<String>], settings: &[&str]) -> bool {
    let has = |setting: &&str| helps[0].iter().any(|value| value.starts_with(&format!("{setting}=")));
    settings.iter().all(has)
}

#[test]
fn a_silent_node_is_noticed_sooner_by_expiry_and_heartbeats_together() {
    // The story with few messages: what is silent does not depend on the load.
    let quiet = ["--set", "producers.0.rate=24/s", "--seeds", "6"];
    let advice = advise(&[&[SILENT, "--less", "stalled.max", "--not-more", "duplicates=1000%"], &quiet[..]].concat());
    let helps = helps(&advice);
    let has = |names: &[&str]| {
        helps
            .iter()
            .any(|one| one.len() == names.len() && names.iter().all(|name| one.iter().any(|own| own.starts_with(name))))
    };
    assert!(first_is(&helps, &["channelExpiredTimeout", "heartbeatBrokerInterval"]), "{helps:?}");
    assert!(has(&["channelExpiredTimeout=1m"]), "{helps:?}");
    assert!(has(&["channelExpiredTimeout=", "heartbeatBrokerInterval="]), "{helps:?}");
    // A shorter heartbeat alone is fresher when it ends: the 120 s begin later.
    assert!(!has(&["heartbeatBrokerInterval="]), "{helps:?}");
}

#[test]
fn what_comes_twice_after_kill_9_is_bounded_by_the_persist_interval() {
    let advice = advise(&[BURST, "--less", "duplicates", "--seeds", "6"]);
    let helps = helps(&advice);
    assert!(first_is(&helps, &["persistConsumerOffsetInterval"]), "{helps:?}");
    assert!(helps.iter().any(|one| one == &["persistConsumerOffsetInterval=500ms"]), "{helps:?}");
    assert!(!helps.iter().flatten().any(|value| value.starts_with("awaitTermination")), "{helps:?}");
}

#[test]
fn slow_listeners_are_to_be_awaited() {
    let advice = advise(&[RESTART, "--less", "duplicates", "--not-more", "balance.max_min=0", "--seeds", "6"]);
    let helps = helps(&advice);
    assert!(first_is(&helps, &["awaitTerminationMillisWhenShutdown"]), "{helps:?}");
    // It buys duplicates with queues that lie unevenly, which was not allowed.
    assert!(!helps.iter().flatten().any(|value| value.ends_with("=CONSISTENT_HASH")), "{helps:?}");
    let fallen = advice["does_not_help"].to_string();
    assert!(fallen.contains("\"beyond\"") && fallen.contains("\"check_warns\""), "{fallen}");
    let command = advice["helps"][0]["compare"].as_str().unwrap_or_default();
    assert!(command.starts_with("rebalance-sim compare ") && command.contains(" --set "), "{command}");
}

#[test]
fn where_nothing_helps_or_nothing_is_wrong_it_says_so() {
    let (code, text, stderr) = rebalance_sim(&["advise", CRASH, "--less", "lost", "--seeds", "6"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(text.contains("nothing to better, lost is zero"), "{text}");
    let (_, text, _) = rebalance_sim(&["advise", CRASH, "--less", "list_requests.peak", "--seeds", "6"]);
    assert!(text.contains("nothing that was tried lessens list_requests.peak"), "{text}");
    let (_, text, _) = rebalance_sim(&["advise", BURST, "--less", "duplicates", "--seeds", "2"]);
    assert!(text.contains("fewer than 6 seeds tell nothing apart"), "{text}");
}

#[test]
fn what_cannot_be_advised_is_said() {
    let table: [(&[&str], &str); 8] = [
        (&["--less", "stalled.maxx"], "--less: there is no figure `stalled.maxx`; the nearest are stalled.max"),
        (&["--less", "balance.jain"], "less of `balance.jain` is worse"),
        (&["--less", "duplicates.p99"], "write `duplicates`"),
        (&["--less", "duplicates", "--not-more", "heartbeats"], "--not-more: `heartbeats` is no limit"),
        (&["--less", "duplicates", "--not-more", "hartbeats=2%"], "--not-more: there is no figure `hartbeats`"),
        (&["--less", "duplicates", "--set", "nonsense"], "is not an override"),
        (&["--less", "phase kil: duplicates"], "--less: no step is marked `kil`"),
        (&["--less", "duplicates", "--not-more", "h: lag.max=2%"], "--not-more: `h:` is no scope"),
    ];
    for (arguments, sentence) in table {
        let (code, stdout, stderr) = rebalance_sim(&[&["advise", CRASH], arguments].concat());
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(sentence), "{arguments:?}: {stderr}");
    }
}

#[test]
fn threads_change_no_byte() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let written = |jobs: &str| {
        let out = place.path().join(jobs);
        let directory = out.to_str().expect("UTF-8");
        let (code, text, stderr) = rebalance_sim(&[
            "advise",
            CRASH,
            "--less",
            "stalled.max",
            "--seeds",
            "6",
            "--jobs",
            jobs,
            "--out",
            directory,
        ]);
        assert_eq!(code, 0, "{stderr}");
        let files = ["advice.txt", "advice.json"].map(|name| std::fs::read_to_string(out.join(name)).expect("written"));
        assert_eq!(files[0], text);
        files
    };
    assert_eq!(written("1"), written("3"));
}
