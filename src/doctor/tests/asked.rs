//! What is asked for: a group, a scenario; and what a finding says beside its kind.

use super::progress::LOGGED;
use super::story::{evidence, kinds_of};
use crate::check::Cause;
use crate::doctor::{Asked, Intended, IntendedGroup, IntendedTopic, Sureness, diagnose};

/// Kinds that the tables of stories do not find, and other tests do.
pub(super) const KINDS: &[&str] = &[
    "not_as_intended",
    "members_flap",
    "queue_comes_and_goes",
    "rebalance_storm",
    "offset_illegal",
    "not_in_member_list",
    "strategy_threw",
    "channel_event_dropped",
    "channel_expired",
    "pull_expired",
    "consume_timeout",
    "send_back_failed",
    "no_member_list",
    "offset_went_back",
    "dropped_while_at_work",
    "two_ids_of_one_channel",
    "subscription_changes",
    "subscription_not_exist",
    "group_not_registered",
    "heartbeat_failed",
    "no_route",
    "subscription_not_latest",
    "flow_control",
];

#[test]
fn the_list_of_kinds_of_logs_is_that_of_the_table() {
    let logged: Vec<&str> = LOGGED.iter().map(|(_, _, kind)| *kind).collect();
    let missing: Vec<_> = KINDS[3..].iter().filter(|kind| !logged.contains(*kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn only_the_group_that_is_asked_for_is_told_of_and_what_has_no_name_is_of_it() {
    let story = "is g 0 - - 12\n ---\n is - 0 - - 5";
    let asked = |group: &str| Asked { group: Some(group.to_owned()), intended: None };
    let found = diagnose(&evidence(story), &asked("h"));
    assert_eq!(found.iter().map(|finding| finding.group.as_deref()).collect::<Vec<_>>(), [Some("h")]);
    assert_eq!(found[0].what, "group h has no member online, and 5 messages wait");
    assert_eq!(diagnose(&evidence(story), &asked("g")).len(), 1);
}

#[test]
fn a_retry_topic_names_the_group_of_its_output() {
    let found = diagnose(&evidence("row - o/a/0 9 -1\n row - %RETRY%g/a/0 0 0"), &Asked::default());
    assert_eq!(found[0].group.as_deref(), Some("g"));
}

#[test]
fn a_scenario_says_what_the_cluster_should_be() {
    let intended = Intended {
        groups: vec![IntendedGroup { name: "g".to_owned(), members: 2, strategy: "AVG".to_owned(), broadcasts: false }],
        topics: vec![IntendedTopic { name: "o".to_owned(), broker: "a".to_owned(), read_queues: 4, write_queues: 4 }],
    };
    let asked = Asked { group: None, intended: Some(intended) };
    for (story, expected) in [
        ("member g c@1 1.1.1.1:1\n topic o a 8 8 6", "not_as_intended not_as_intended"),
        ("member g c@1 1.1.1.1:1\n member g d@1 1.1.1.2:1\n topic o a 4 4 6", ""),
        ("is g - BROADCASTING", "not_as_intended"),
    ] {
        assert_eq!(kinds_of(&diagnose(&evidence(story), &asked)), expected, "{story}");
    }
}

#[test]
fn a_queue_without_a_client_says_why_and_how_sure_it_is() {
    let row = "---\n row g o/a/0 10 9 10.0.0.1\n row g o/a/1 10 5";
    let two =
        "---\n row g o/a/0 10 9 10.0.0.1\n row g o/a/1 10 5\n row g o/a/2 10 9 10.0.0.2\n row g o/a/3 10 9 10.0.0.2";
    for (members, rows, cause, sure) in [
        (
            "member g 10.0.0.1@1 10.0.0.1:5\n member g 10.0.0.1@1 10.0.0.9:6\n",
            row,
            Cause::DuplicateClientId,
            Sureness::Certain,
        ),
        ("member g 10.0.0.1@1 10.0.0.1:5\n member g 10.0.0.2@1 10.0.0.2:6\n", two, Cause::Unowned, Sureness::Likely),
        (
            "member g 10.0.0.1@1 10.0.0.1:5\n member g 10.0.0.2@1 10.0.0.2:6\n client g - PROP_CONSUMEORDERLY true\n",
            two,
            Cause::LockOfADeadMember,
            Sureness::Likely,
        ),
        (
            "member g 10.0.0.1@1 10.0.0.1:5\n member g 10.0.0.2@1 10.0.0.2:6\n sub g 10.0.0.2@1 p *\n\
             sub g 10.0.0.1@1 o *\n",
            row,
            Cause::GivenToAMemberWithoutTheTopic,
            Sureness::Certain,
        ),
    ] {
        let found = diagnose(&evidence(&format!("{members}{rows}")), &Asked::default());
        let lone = found.iter().find(|finding| finding.kind.word() == "queue_without_client").expect("it is found");
        assert_eq!((lone.cause, lone.sure), (Some(cause), sure), "{}", lone.what);
    }
}

#[test]
fn what_to_do_names_the_group_and_what_explains_it() {
    let found = diagnose(&evidence("group orders-group a enable=false"), &Asked::default());
    assert_eq!(found[0].what_to_do, ["mqadmin updateSubGroup -c CLUSTER -g orders-group -s true"]);
    assert_eq!(found[0].simulate().as_deref(), Some("rebalance-sim explain-word consume_is_not_enabled"));
    assert_eq!(found[0].what, "group orders-group may not consume at a (consumeEnable = false)");
}
