//! Lints: each warns of a shipped scenario in which what it warns of happens, and can be denied.

use std::collections::BTreeSet;

use rebalance_sim::lint::{LINTS, warnings};
use rebalance_sim::scenario::parse;

use crate::cli::rebalance_sim;
use crate::scenario_files::include;

/// Every lint, a scenario that has the mistake, and what that scenario expects to come of it.
const SHOWN: &[(&str, &str, &str)] = &[
    ("duplicate-client-id", "trap_e2_duplicate_client_id", "unowned.total >="),
    ("shared-offset-file", "trap_e32_shared_offset_file", "skipped >="),
    ("different-topics", "mixed_topics", "unowned.max >="),
    ("different-tags", "trap_e1_tags_differ", "skipped >="),
    ("different-message-models", "trap_e42_mixed_message_models", "given_to_a_broadcasting_member >= 1"),
    ("more-members-than-queues", "alibaba_rocketmq_147", "balance.idle_members == 2"),
    ("release-changes-topics", "client_go_592", "given_to_a_member_without_the_topic >="),
    ("release-changes-tags", "release_changes_tags", "skipped >="),
    ("thread-max-never-reached", "rocketmq_8354", "undelivered >="),
    ("release-changes-strategy", "rollout_changes_strategy", "double_owned.max >="),
    ("different-strategies", "rocketmq_spring_305", "double_owned.total =="),
    ("unreadable-queues", "rocketmq_1465", "idle.max >="),
    ("group-not-on-every-broker", "group_missing_on_one_broker", "cause.subscription_group_not_exist >= 1"),
    ("broadcasting-not-enabled", "broadcasting_not_enabled", "cause.broadcasting_is_not_enabled >= 2"),
    ("retry-queues-added", "retry_queues_raised", "hidden >="),
    ("retry-without-owner", "trap_e40_config_loop", "retried == 0"),
    ("broker-outside-rooms", "trap_e48_machine_rooms", "unowned.total =="),
    ("threshold-for-topic", "trap_e27_threshold_for_topic", "undelivered >="),
    ("client-lock-lapses", "client_go_1080", "anomaly.lock_lapsed >="),
    ("members-not-told", "trap_e36_buffered_notifications", "some: unowned.max >="),
    ("interrupted-at-shutdown", "rocketmq_2085", "cause.interrupted_listener >= 1"),
    ("listener-above-uptime", "rocketmq_7182", "duplicates >="),
    ("pod-of-an-earlier-revision", "pod_killed_after_its_rollout", "anomaly.step_hits_nobody == 1"),
    ("grace-below-await", "kubernetes_grace_too_short", "cause.crash_lag >= 1"),
    ("sigterm-unheard", "kubernetes_sigterm_ignored", "cause.crash_lag >="),
    ("broker-lock-lapses", "broker_lock_lapses", "out_of_order >= 1"),
    ("heartbeat-above-expiry", "heartbeat_slower_than_expiry", "expired_silently >="),
    ("pull-expiry-below-long-poll", "pull_expiry_below_long_poll", "unowned.total >="),
    ("long-poll-above-pull-timeout", "long_poll_above_pull_timeout", "stalled.max >= 1s"),
    ("pause-of-zero", "rebalance_min_interval_zero", "list_requests.peak >="),
    ("listener-above-consume-timeout", "listener_above_consume_timeout", "retried >="),
];

fn codes(file: &str, text: &str) -> Vec<&'static str> {
    let scenario = parse(file, text, &[], &include).unwrap_or_else(|error| panic!("{error}"));
    warnings(&scenario.plan).into_iter().map(|warning| warning.code).collect()
}

#[test]
fn every_lint_is_shown_to_be_right() {
    let shown: BTreeSet<&str> = SHOWN.iter().map(|(code, ..)| *code).collect();
    let all: BTreeSet<&str> = LINTS.iter().map(|lint| lint.code).collect();
    assert_eq!(shown, all, "a lint without a scenario is a guess");
    for (code, name, comes_of_it) in SHOWN {
        let file = format!("scenarios/{name}.toml");
        let text = std::fs::read_to_string(&file).expect("the scenario is there");
        assert!(codes(&file, &text).contains(code), "{file} is not warned of {code}");
        let expect = text.split("expect = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or("");
        assert!(expect.contains(comes_of_it), "{file} does not expect `{comes_of_it}`");
    }
}

#[test]
fn a_plain_scenario_is_not_warned_of_anything() {
    for name in ["kill_9", "consumer_joins", "power_off", "orderly_kill_9", "queues_added"] {
        let file = format!("scenarios/{name}.toml");
        let text = std::fs::read_to_string(&file).expect("the scenario is there");
        assert_eq!(codes(&file, &text), Vec::<&str>::new(), "{file}");
    }
}

#[test]
fn check_prints_warnings_and_denies_what_it_is_told_to() {
    const FILE: &str = "scenarios/trap_e2_duplicate_client_id.toml";
    let (code, stdout, stderr) = rebalance_sim(&["check", FILE]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("warning[duplicate-client-id]: c1 and c2 of group g have one client id"), "{stdout}");
    for denied in ["duplicate-client-id", "all"] {
        let (code, stdout, stderr) = rebalance_sim(&["check", FILE, "--deny", denied]);
        assert_eq!(code, 2);
        assert!(stderr.contains("[duplicate-client-id]") && !stdout.contains("warning"), "{stdout}{stderr}");
    }
    assert_eq!(rebalance_sim(&["check", FILE, "--deny", "different-topics"]).0, 0);
    let (code, _, stderr) = rebalance_sim(&["check", FILE, "--deny", "duplicates"]);
    assert!(code == 2 && stderr.contains("`duplicates` is no code; allowed is all, duplicate-client-id"), "{stderr}");
    let (code, stdout, _) = rebalance_sim(&["check", "--lints"]);
    assert!(code == 0 && LINTS.iter().all(|lint| stdout.contains(lint.code)), "{stdout}");
}
