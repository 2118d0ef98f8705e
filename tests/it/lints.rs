//! Lints: each warns of a shipped scenario in which what it warns of happens, and can be denied.

use std::collections::BTreeSet;

use rebalance_sim::lint::{LINTS, warnings};
use rebalance_sim::scenario::parse;

use crate::cli::rebalance_sim;
use crate::scenario_files::include;

/// Every lint, a scenario that has the mistake, and what that scenario expects to come of it.
const SHOWN: &[(&str, &str, &str)] = &[
    ("duplicate-client-id", "ownership/duplicate_client_id", "unowned.total >="),
    ("shared-offset-file", "loss/shared_offset_file", "skipped >="),
    ("different-topics", "ownership/members_with_different_topics", "unowned.max >="),
    ("different-tags", "loss/members_with_different_tags", "skipped >="),
    (
        "different-message-models",
        "ownership/broadcasting_member_in_a_clustering_group",
        "given_to_a_broadcasting_member >= 1",
    ),
    ("offsets-in-own-files", "duplicates/rolling_restart_own_files", "cause.offsets_in_own_files >= 1"),
    ("more-members-than-queues", "balance/more_members_than_queues", "balance.idle_members == 2"),
    ("release-changes-topics", "releases/release_adds_a_topic", "given_to_a_member_without_the_topic >="),
    ("release-changes-tags", "releases/release_changes_tags", "skipped >="),
    ("thread-max-never-reached", "stalls/thread_max_never_reached", "undelivered >="),
    ("release-changes-strategy", "releases/release_changes_strategy", "double_owned.max >="),
    ("different-strategies", "ownership/two_strategies_in_one_group", "double_owned.total =="),
    ("unreadable-queues", "ownership/fewer_read_queues_than_write_queues", "idle.max >="),
    ("group-not-on-every-broker", "ownership/group_missing_on_one_broker", "cause.subscription_group_not_exist >= 1"),
    ("broadcasting-not-enabled", "stalls/broadcasting_not_enabled", "cause.broadcasting_is_not_enabled >= 2"),
    ("retry-queues-added", "loss/retry_queues_raised", "hidden >="),
    ("retry-without-owner", "ownership/config_leaves_out_retries", "retried == 0"),
    ("broker-outside-rooms", "ownership/broker_without_a_machine_room", "unowned.total =="),
    ("queue-given-to-nobody", "ownership/config_and_added_queues", "cause.given_to_nobody >="),
    ("threshold-for-topic", "stalls/threshold_for_topic", "undelivered >="),
    ("orderly-members-of-two-rules", "order/orderly_upgrade_from_4_9", "unowned.max >="),
    ("orderly-broadcasting-asks-for-locks", "order/broadcasting_orderly_of_5_1", "unowned.max >="),
    ("client-lock-lapses", "order/client_lock_lapses", "anomaly.lock_lapsed >="),
    ("members-not-told", "stalls/buffered_notifications", "some: unowned.max >="),
    ("interrupted-at-shutdown", "duplicates/shutdown_awaits_nothing", "cause.interrupted_listener >= 1"),
    ("listener-above-uptime", "duplicates/restarts_faster_than_the_listener", "duplicates >="),
    ("pod-of-an-earlier-revision", "releases/pod_killed_after_its_rollout", "anomaly.step_hits_nobody == 1"),
    ("grace-below-await", "releases/kubernetes_grace_too_short", "cause.crash_lag >= 1"),
    ("sigterm-unheard", "releases/kubernetes_sigterm_ignored", "cause.crash_lag >="),
    ("broker-lock-lapses", "order/broker_lock_lapses", "out_of_order >= 1"),
    ("heartbeat-above-expiry", "timers/heartbeat_slower_than_expiry", "expired_silently >="),
    ("pull-expiry-below-long-poll", "timers/pull_expiry_below_long_poll", "unowned.total >="),
    ("long-poll-above-pull-timeout", "timers/long_poll_above_pull_timeout", "stalled.max >= 1s"),
    ("clamped", "timers/suspended_for_longer_than_allowed", "stalled.max <="),
    ("pause-of-zero", "timers/rebalance_min_interval_zero", "list_requests.peak >="),
    ("strategy-across-languages", "go/rooms_across_languages", "cause.strategies_differ >= 2"),
    ("go-hides-filter-changes", "go/new_tags_hidden", "skipped >="),
    ("go-ids-collide", "go/one_id_in_every_container", "cause.duplicate_client_id >= 8"),
    ("listener-above-consume-timeout", "timers/listener_above_consume_timeout", "retried >="),
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
    for name in [
        "duplicates/kill_9_under_load",
        "stalls/consumer_joins",
        "stalls/consumer_loses_power",
        "order/orderly_kill_9",
        "ownership/queues_added",
    ] {
        let file = format!("scenarios/{name}.toml");
        let text = std::fs::read_to_string(&file).expect("the scenario is there");
        assert_eq!(codes(&file, &text), Vec::<&str>::new(), "{file}");
    }
}

#[test]
fn check_prints_warnings_and_denies_what_it_is_told_to() {
    const FILE: &str = "scenarios/ownership/duplicate_client_id.toml";
    let (code, stdout, stderr) = rebalance_sim(&["check", FILE]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("warning[duplicate-client-id]: c1 and c2 of group g have one client id"), "{stdout}");
    assert!(stdout.contains("\n  shows trap E2\n"), "{stdout}");
    for denied in ["duplicate-client-id", "all"] {
        let (code, stdout, stderr) = rebalance_sim(&["check", FILE, "--deny", denied]);
        assert_eq!(code, 2);
        assert!(stderr.contains("[duplicate-client-id]") && !stdout.contains("warning"), "{stdout}{stderr}");
    }
    assert_eq!(rebalance_sim(&["check", FILE, "--deny", "different-topics"]).0, 0);
    let (code, _, stderr) = rebalance_sim(&["check", FILE, "--deny", "duplicates"]);
    assert!(code == 2 && stderr.contains("`duplicates` is no code; did you mean `duplicate-client-id`?"), "{stderr}");
    let (code, stdout, _) = rebalance_sim(&["check", "--lints"]);
    assert!(code == 0 && LINTS.iter().all(|lint| stdout.contains(lint.code)), "{stdout}");
}
