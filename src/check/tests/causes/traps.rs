//! Moments that are traps by themselves: each is counted where its condition is met, and not where it merely is near.

use super::{NOTHING, Twin, broadcasting, drops, lists, note_table, story, verify};
use crate::check::AnomalyKind;
use crate::check::tests::numbers::{ALL_OF_G, BROKER_A, C1, QUEUE_0, T};
use crate::check::tests::{commits, ends, gets, plan, play_plan, readable, takes};
use crate::kernel::Span;
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{ConsumeOutcome, End, MemberLoss, PullTrouble, TopicRebalance};
use crate::model::plan::Plan;

pub(super) const TESTS: &[fn()] = &[
    results_are_thrown_away_only_of_dropped_queues,
    one_message_stops_the_pulls_only_where_most_behind_it_is_done,
    one_message_holds_an_offset_only_for_long,
    a_loop_is_told_from_a_few_rounds_on_end,
    a_change_is_told_late_only_by_a_broker_that_gathers,
    a_topic_without_a_route_is_told_from_one_without_a_list,
    a_threshold_and_a_dead_letter_are_told_as_they_come,
    all_threads_at_work_are_said_only_where_there_were_to_be_more,
];

fn left(at_ms: u64, offset: u64, outcome: ConsumeOutcome) -> (u64, Observation) {
    (at_ms, Consumed { consumer: C1, queue: QUEUE_0, offset, outcome })
}

#[test]
fn results_are_thrown_away_only_of_dropped_queues() {
    let ends_as = |outcome| story(&[left(10_000, 0, outcome)]);
    let dropped = ends_as(ConsumeOutcome::DiscardedBecauseDropped);
    verify(
        "result_thrown_away",
        vec![
            ("the queue was dropped", plan(), dropped, ("dropped_while_at_work", "E14")),
            ("it failed", plan(), ends_as(ConsumeOutcome::Failed), NOTHING),
        ],
    );
}

#[test]
fn one_message_stops_the_pulls_only_where_most_behind_it_is_done() {
    let mut close = plan();
    close.consumers[0].consumer.consume_concurrently_max_span = 4;
    let held = |trouble, done: &[u64]| {
        let done = done.iter().map(|offset| left(9_000, *offset, ConsumeOutcome::Success));
        story(&done.chain([(10_000, PullTroubled { consumer: C1, queue: QUEUE_0, trouble })]).collect::<Vec<_>>())
    };
    let span = PullTrouble::FlowControlSpan;
    verify(
        "pull_held_back",
        vec![
            ("too far apart", close.clone(), held(span, &[1, 2, 3]), ("slow_message_pins", "E15")),
            ("too many", close.clone(), held(PullTrouble::FlowControlCount, &[1, 2, 3]), NOTHING),
            ("too far apart, and all of it waits", close.clone(), held(span, &[]), NOTHING),
            ("too far apart, and what is done is before the rest", close, held(span, &[0, 1, 2]), NOTHING),
        ],
    );
}

#[test]
fn one_message_holds_an_offset_only_for_long() {
    let dies = |end, more: &[_]| {
        let done = [readable(6_000, 0, 9), left(10_000, 1, ConsumeOutcome::Success), ends(30_000, 0, end)];
        story(&[&done[..], more].concat())
    };
    let twins: Vec<Twin> = vec![
        ("killed", plan(), dies(End::Killed, &[]), ("slow_message_pins", "E16")),
        ("it shuts down", plan(), dies(End::Shutdown, &[]), NOTHING),
        (
            "no commit came through, and all before it was done",
            plan(),
            dies(End::Killed, &[left(9_000, 0, ConsumeOutcome::Success)]),
            NOTHING,
        ),
        ("all was committed", plan(), dies(End::Killed, &[commits(12_000, 0, 0, 2, 0)]), NOTHING),
        (
            "what is above was done just before",
            plan(),
            dies(End::Killed, &[commits(12_000, 0, 0, 2, 0), left(29_000, 3, ConsumeOutcome::Success)]),
            NOTHING,
        ),
    ];
    verify("replay_after_a_crash", twins);
}

#[test]
fn a_loop_is_told_from_a_few_rounds_on_end() {
    let round = |at_ms, balanced| (at_ms, RebalanceEnded { consumer: C1, balanced, took: Span::from_millis(10) });
    let rounds = |every_ms: u64, count: u64| {
        story(&(0..count).map(|number| round(6_000 + every_ms * number, false)).collect::<Vec<_>>())
    };
    let broken = |more: &[_]| [&rounds(1_000, 16)[..], more].concat();
    verify(
        "rebalance_loop",
        vec![
            ("each second", plan(), rounds(1_000, 16), ("not_balanced", "E40")),
            ("each second, for some seconds", plan(), rounds(1_000, 6), NOTHING),
            ("by its timer", plan(), rounds(20_000, 16), NOTHING),
            ("balanced between", plan(), broken(&[round(13_500, true)]), NOTHING),
        ],
    );
}

/// The first broker gathers changes.
fn gathers() -> Plan {
    let mut plan = plan();
    plan.brokers[0].settings.real_time_notify_consumer_change = false;
    plan
}

#[test]
fn a_change_is_told_late_only_by_a_broker_that_gathers() {
    let tells = |loss| story(&[drops(10_000, 0, 0, loss), (22_000, NotificationsSent { broker: BROKER_A, count: 1 })]);
    let late = ("buffered_notifications", "E36");
    let comes = story(&[
        (5_000, NotificationsSent { broker: BROKER_A, count: 1 }),
        lists(21_500, 0, 2),
        (22_000, NotificationsSent { broker: BROKER_A, count: 1 }),
    ]);
    verify("notified_late", vec![("gathered", gathers(), tells(MemberLoss::Closed), late)]);
    verify("notified_late", vec![("told at once", plan(), tells(MemberLoss::Closed), NOTHING)]);
    note_table([late.0, ""]);
    let found = play_plan(&comes, &gathers()).anomalies;
    let late = found.iter().filter(|row| row.kind == AnomalyKind::NotifiedLate && row.from.as_millis() > 5_000);
    assert_eq!(late.count(), 0, "half a second is no delay");
}

#[test]
fn a_topic_without_a_route_is_told_from_one_without_a_list() {
    let found = |found| story(&[(10_000, TopicRebalanced { consumer: C1, topic: T, broker: Some(BROKER_A), found })]);
    verify(
        "no_route",
        vec![
            ("no route", plan(), found(TopicRebalance::NoRoute), ("no_route", "E41")),
            ("no route for one that broadcasts", broadcasting(), found(TopicRebalance::NoRoute), ("no_route", "E41")),
            ("no list", plan(), found(TopicRebalance::NoList), NOTHING),
        ],
    );
}

#[test]
fn a_threshold_and_a_dead_letter_are_told_as_they_come() {
    let set = (10_000, ThresholdSet { consumer: C1, queues: 3, threshold: 4 });
    let dead = (10_000, DeadLetterAtOnce { consumer: C1, queue: QUEUE_0 });
    let sent_back = (10_000, SentBack { consumer: C1, queue: QUEUE_0, offset: 0, dead_letter: true });
    verify(
        "threshold_overwritten",
        vec![
            ("divided", plan(), story(&[set]), ("threshold_for_topic", "E27")),
            ("never divided", plan(), story(&[]), NOTHING),
        ],
    );
    verify(
        "dead_letter_at_once",
        vec![
            ("with tries left", plan(), story(&[dead]), ("group_holds_locks", "E43")),
            ("after the last", plan(), story(&[sent_back]), NOTHING),
        ],
    );
}

#[test]
fn all_threads_at_work_are_said_only_where_there_were_to_be_more() {
    // Both threads of c1 are at work from 10 s to 30 s; what was pulled of queue 0 waits as long.
    let threads = |most| {
        let mut plan = plan();
        (plan.consumers[0].consumer.consume_thread_min, plan.consumers[0].consumer.consume_thread_max) = (2, most);
        plan
    };
    let works = |both: bool| {
        let own = [takes(6_000, 0, 1), readable(9_000, 0, 2), readable(9_000, 1, 1), gets(10_000, 0, 0, 0)];
        let pulled = (10_000, Pulled { consumer: C1, queue: QUEUE_0, until: 2 });
        let more = if both { vec![gets(10_000, 0, 1, 0)] } else { Vec::new() };
        let ends = [left(30_000, 0, ConsumeOutcome::Success), gets(30_000, 0, 0, 1)];
        story(&[&own[..], &[pulled], &more, &ends].concat())
    };
    let remedies = |most, both| -> Vec<String> {
        let found = play_plan(&works(both), &threads(most));
        found
            .stalls
            .into_iter()
            .filter(|stall| stall.queue == QUEUE_0 && stall.audience == ALL_OF_G)
            .map(|stall| stall.remedy)
            .collect()
    };
    let said = "all 2 threads of consumeThreadMin at work, and consumeThreadMax = 64 is never reached: raise \
                consumeThreadMin";
    assert_eq!(remedies(Some(64), true), [said]);
    assert_eq!(remedies(Some(64), false), [""], "one thread was free");
    assert_eq!(remedies(Some(2), true), [""]);
    assert_eq!(remedies(None, true), [""]);
}
