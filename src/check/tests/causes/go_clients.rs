//! What only Go clients do, beside the same of Java clients.

use super::{Twin, plan, story, verify};
use crate::check::tests::numbers::{BROKER_A, C1, C3, G, ID_1, ID_2, QUEUE_0, T};
use crate::check::tests::{ends, gets, readable, releases, starts, takes};
use crate::kernel::Span;
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{End, Release, StartFailure, TopicRebalance};
use crate::model::plan::{GoRules, NameServerIndex, Plan};

pub(super) const TESTS: &[fn()] = &[
    what_was_forgotten_is_told_from_what_was_sent_too_late,
    an_error_is_told_from_a_list_without_the_asker,
    a_lock_that_was_kept_is_told_from_one_whose_owner_goes_on,
    one_that_tells_nobody_is_told_from_one_that_is_soon_missed,
    a_topic_without_a_route_is_told_from_a_name_server_that_is_late,
];

/// Every member runs the Go client.
fn of_go() -> Plan {
    let mut plan = plan();
    plan.consumers.iter_mut().for_each(|consumer| consumer.client.go = Some(GoRules::newest()));
    plan
}

#[test]
fn what_was_forgotten_is_told_from_what_was_sent_too_late() {
    let first = [readable(6_000, 0, 1), gets(6_000, 0, 0, 0)];
    let silent = (6_500, OffsetNotKnown { consumer: C1, queue: QUEUE_0 });
    let sent = (6_500, OffsetSent { consumer: C1, queue: QUEUE_0 });
    let moves = [releases(6_500, 0, 0, Release::Reassigned), takes(6_600, 1, 0), gets(7_000, 1, 0, 0)];
    let moved = |by: &[(u64, Observation)]| story(&[&first[..], by, &moves].concat());
    let twins: Vec<Twin> = vec![
        ("forgotten", of_go(), moved(std::slice::from_ref(&silent)), ("go_forgot_the_offset", "")),
        ("sent", of_go(), moved(std::slice::from_ref(&sent)), ("handover_before_commit", "E13")),
        ("forgotten at an earlier time", of_go(), moved(&[silent, sent]), ("handover_before_commit", "E13")),
    ];
    verify("duplicates", twins);
}

#[test]
fn an_error_is_told_from_a_list_without_the_asker() {
    let list = |at, members| {
        let found = TopicRebalance::NotInList { members };
        (at, TopicRebalanced { consumer: C1, topic: T, broker: Some(BROKER_A), found })
    };
    let drops = [releases(10_000, 0, 0, Release::NotInList), takes(12_000, 0, 0)];
    let dropped = |by| story(&[&[by][..], &drops].concat());
    let twins: Vec<Twin> = vec![
        ("an error", of_go(), dropped(list(10_000, 0)), ("go_takes_an_error_for_an_empty_list", "")),
        ("a list of others", of_go(), dropped(list(10_000, 1)), ("not_in_list", "E26")),
        ("an error some time before", of_go(), dropped(list(8_000, 0)), ("not_in_list", "E26")),
    ];
    verify("unowned", twins);
}

#[test]
fn a_lock_that_was_kept_is_told_from_one_whose_owner_goes_on() {
    let refused = |second: u64| {
        let (broker, group, queue, client, holder, age) = (BROKER_A, G, QUEUE_0, ID_2, ID_1, Span::ZERO);
        (second * 1_000 + 500, LockRefused { broker, group, queue, client, holder, age })
    };
    let all: Vec<_> = (10..70).map(refused).collect();
    let gives = [releases(10_000, 0, 0, Release::Reassigned), takes(70_000, 1, 0)];
    let dies = [ends(10_000, 0, End::Killed), takes(70_000, 1, 0)];
    let twins: Vec<Twin> = vec![
        ("given up by Go", of_go(), story(&[&gives[..], &all].concat()), ("go_keeps_the_lock", "")),
        ("given up by Java", plan(), story(&[&gives[..], &all].concat()), ("waiting_for_the_lock", "")),
        ("of one that died", of_go(), story(&[&dies[..], &all].concat()), ("lock_of_a_dead_member", "E7")),
    ];
    verify("unowned", twins);
}

#[test]
fn one_that_tells_nobody_is_told_from_one_that_is_soon_missed() {
    let leaves =
        |until| story(&[releases(10_000, 0, 0, Release::Shutdown), ends(10_000, 0, End::Shutdown), takes(until, 1, 0)]);
    let twins: Vec<Twin> = vec![
        ("for minutes", of_go(), leaves(120_000), ("go_tells_nobody_that_it_leaves", "")),
        ("for a moment", of_go(), leaves(10_100), ("graceful_leave", "")),
        ("Java, for minutes", plan(), leaves(120_000), ("graceful_leave", "")),
    ];
    verify("unowned", twins);
}

#[test]
fn a_topic_without_a_route_is_told_from_a_name_server_that_is_late() {
    let throws =
        |why| story(&[starts(6_000, 2), (7_000, StartFailed { consumer: C3, why }), ends(7_000, 2, End::StartFailed)]);
    let twins: Vec<Twin> = vec![
        ("no route", of_go(), throws(StartFailure::TopicWithoutRoute(T)), ("topic_without_route", "")),
        (
            "no answer",
            plan(),
            throws(StartFailure::NameServerTimedOut(NameServerIndex(0))),
            ("name_server_timed_out", ""),
        ),
    ];
    verify("start_failed", twins);
}
