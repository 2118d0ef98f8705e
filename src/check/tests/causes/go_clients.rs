//! What only Go clients do, beside the same of Java clients.

use super::{NOTHING, Twin, plan, story, verify};
use crate::check::tests::numbers::{BROKER_A, C1, C3, G, ID_1, ID_2, QUEUE_0, T};
use crate::check::tests::{ends, gets, readable, releases, starts, takes};
use crate::kernel::Span;
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{ConsumeOutcome, End, Release, StartFailure, TopicRebalance};
use crate::model::plan::{GoRules, MessageModel, NameServerIndex, OrderlyListener, Plan};

pub(super) const TESTS: &[fn()] = &[
    what_was_forgotten_is_told_from_what_was_sent_too_late,
    an_error_is_told_from_a_list_without_the_asker,
    a_lock_that_was_kept_is_told_from_one_whose_owner_goes_on,
    one_that_tells_nobody_is_told_from_one_that_is_soon_missed,
    a_topic_without_a_route_is_told_from_a_name_server_that_is_late,
    a_goroutine_that_died_is_told_from_a_listener_that_was_done,
    what_go_loses_is_told_from_what_a_broadcast_drops,
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

fn left(outcome: ConsumeOutcome) -> (u64, Observation) {
    (10_100, Consumed { consumer: C1, queue: QUEUE_0, offset: 0, outcome })
}

#[test]
fn a_goroutine_that_died_is_told_from_a_listener_that_was_done() {
    let orderly = || {
        let mut plan = of_go();
        plan.consumers.iter_mut().for_each(|member| member.listener.orderly = Some(OrderlyListener::default()));
        plan
    };
    let waits = |outcome| story(&[readable(10_000, 0, 2), gets(10_000, 0, 0, 0), left(outcome), gets(30_000, 0, 0, 1)]);
    let twins: Vec<Twin> = vec![
        ("it panicked", orderly(), waits(ConsumeOutcome::Panicked), ("go_goroutine_died", "")),
        ("a concurrent one panicked", of_go(), waits(ConsumeOutcome::Panicked), ("unknown", "")),
        ("it was done", orderly(), waits(ConsumeOutcome::Success), ("unknown", "")),
    ];
    verify("stall", twins);
}

#[test]
fn what_go_loses_is_told_from_what_a_broadcast_drops() {
    let mut broadcasting = of_go();
    broadcasting.consumers.iter_mut().for_each(|member| member.consumer.message_model = MessageModel::Broadcasting);
    let lost = ("go_loses_what_is_suspended", "");
    let twins: Vec<Twin> = vec![
        ("lost", of_go(), story(&[left(ConsumeOutcome::Dropped)]), lost),
        ("a broadcast", broadcasting, story(&[left(ConsumeOutcome::Dropped)]), ("broadcasting_does_not_retry", "")),
        ("suspended", of_go(), story(&[left(ConsumeOutcome::Suspended)]), NOTHING),
    ];
    verify("failed_and_dropped", twins);
}
