//! What is popped: why it comes again, is thrown away, and reaches nobody.

use super::{NOTHING, Story, Twin, verify};
use crate::check::tests::numbers::{BROKER_A, C1, C2, G, QUEUE_0, T};
use crate::check::tests::{
    allocated, commits, ends, gets, plan, play_plan, readable, releases, settled, starts, takes,
};
use crate::kernel::{Instant, Span};
use crate::model::ids::{ConsumerIndex, QueueIndex};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{
    CheckpointLoss, ConsumeOutcome, End, PopDiscard, PopRelease, PopTrouble, Release, RequestMode, TopicRebalance,
};
use crate::model::plan::Plan;

pub(super) const TESTS: &[fn()] = &[
    what_is_popped_again_shows_what_became_of_it_before,
    what_is_popped_in_order_comes_again_from_the_first_that_was_not_acknowledged,
    both_ways_of_consuming_throw_offsets_back,
    what_reached_nobody_was_given_up_or_forgotten,
    what_is_thrown_away_shows_why,
    what_clients_and_brokers_do_not_tell_each_other,
    a_popped_queue_wants_no_owner,
    a_loop_without_an_end_shows_what_is_missing,
];

/// The retry topic of what `g` popped of `T`.
const RETRY: QueueIndex = QueueIndex(2);

fn popping() -> Plan {
    let mut plan = plan();
    for consumer in &mut plan.consumers {
        consumer.consumer.pop.client_rebalance = false;
    }
    plan
}

fn assigned(at_ms: u64, consumer: ConsumerIndex) -> (u64, Observation) {
    (at_ms, PopQueueTaken { consumer, topic: T, broker: BROKER_A, queue: None })
}

fn not_assigned(at_ms: u64, consumer: ConsumerIndex, why: PopRelease) -> (u64, Observation) {
    (at_ms, PopQueueReleased { consumer, topic: T, broker: BROKER_A, queue: None, why })
}

/// c1 and c2 pop all queues of T.
fn beginning() -> Story {
    let mut story: Story = (0..2).map(|queue| (0, QueueCreated { queue: QueueIndex(queue) })).collect();
    story.extend([starts(0, 0), starts(0, 1), assigned(1_000, C1), assigned(1_000, C2), readable(6_000, 0, 3)]);
    story
}

pub(super) fn with(more: &[(u64, Observation)]) -> Story {
    [&beginning()[..], more].concat()
}

/// A message of queue 0 is given away until 16 s.
pub(super) fn popped(at_ms: u64, consumer: ConsumerIndex, offset: u64) -> (u64, Observation) {
    let until = Instant::from_millis(16_000);
    let origin = (QUEUE_0, offset);
    (at_ms, Popped { consumer, queue: QUEUE_0, offset, origin, reconsume_times: 0, until })
}

/// The first message of queue 0 is given away once more, as the first one of the retry topic, and goes to a listener.
pub(super) fn again(at_ms: u64, consumer: ConsumerIndex) -> [(u64, Observation); 2] {
    let (origin, until) = ((QUEUE_0, 0), Instant::from_millis(at_ms + 10_000));
    [
        (at_ms, Popped { consumer, queue: RETRY, offset: 0, origin, reconsume_times: 1, until }),
        (at_ms, Delivered { consumer, queue: RETRY, offset: 0, origin, reconsume_times: 1, lost: None }),
    ]
}

pub(super) fn done(at_ms: u64, outcome: ConsumeOutcome) -> (u64, Observation) {
    (at_ms, Consumed { consumer: C1, queue: QUEUE_0, offset: 0, outcome })
}

pub(super) fn ack_failed(at_ms: u64) -> (u64, Observation) {
    (at_ms, AckFailed { consumer: C1, queue: QUEUE_0, offset: 0 })
}

#[test]
fn what_is_popped_again_shows_what_became_of_it_before() {
    let thrown = PopDiscarded { consumer: C1, queue: QUEUE_0, offset: 0, why: PopDiscard::InvisibleTimeOver };
    let taken = AckTaken { consumer: Some(C1), group: G, queue: QUEUE_0, offset: 0, late: Span::ZERO, counts: true };
    let given = [popped(6_000, C1, 0), gets(6_000, 0, 0, 0)];
    let story = |more: &[(u64, Observation)], later| with(&[&given[..], more, &again(later, C2)].concat());
    let unseen = with(&[&given[..1], &[(16_500, thrown)], &again(18_500, C2)].concat());
    let pops = popping;
    let dropped = not_assigned(7_000, C1, PopRelease::NotAssigned);
    let twins: Vec<Twin> = vec![
        (
            "too late",
            pops(),
            story(&[done(17_000, ConsumeOutcome::DiscardedTooLate)], 18_500),
            ("invisible_time_over", "PE7"),
        ),
        ("works yet", pops(), story(&[], 18_500), ("invisible_time_over", "PE7")),
        (
            "clock",
            pops(),
            story(&[done(8_000, ConsumeOutcome::DiscardedTooLate)], 18_500),
            ("client_clock_is_ahead", "PE14"),
        ),
        (
            "ack lost",
            pops(),
            story(&[done(7_000, ConsumeOutcome::Success), ack_failed(7_010)], 18_500),
            ("ack_lost", ""),
        ),
        ("killed", pops(), story(&[ends(8_000, 0, End::Killed)], 18_500), ("consumer_killed_holding", "")),
        ("shut down", pops(), story(&[ends(8_000, 0, End::Shutdown)], 18_500), ("shutdown_leaves_popped", "PE15")),
        (
            "killed, but it had thrown it away before",
            pops(),
            story(&[done(17_000, ConsumeOutcome::DiscardedTooLate), ends(17_500, 0, End::Killed)], 18_500),
            ("invisible_time_over", "PE7"),
        ),
        (
            "dropped",
            pops(),
            story(&[dropped, done(8_000, ConsumeOutcome::DiscardedWithAssignment)], 18_500),
            ("pop_queue_dropped", "PE7"),
        ),
        ("failed: it is to come again", pops(), story(&[done(7_000, ConsumeOutcome::Failed)], 18_500), NOTHING),
        ("no listener had it", pops(), unseen, NOTHING),
        (
            "acknowledged, and revived once more",
            pops(),
            story(&[done(7_000, ConsumeOutcome::Success), (7_001, taken)], 18_500),
            ("unknown", ""),
        ),
    ];
    verify("duplicates", twins);
}

/// In order: the queue is given away from its first message on that was not acknowledged, in the same place.
#[test]
fn what_is_popped_in_order_comes_again_from_the_first_that_was_not_acknowledged() {
    let taken = |offset| {
        let (late, counts) = (Span::ZERO, true);
        (7_001, AckTaken { consumer: Some(C1), group: G, queue: QUEUE_0, offset, late, counts })
    };
    let back = |offset, acked| {
        let after = Span::from_millis(50);
        (16_050, TakenBackInOrder { group: G, queue: QUEUE_0, offset, acked, after })
    };
    let story = |acked: bool, again: u64| {
        let mut told = vec![popped(6_000, C1, 0), popped(6_000, C1, 1), gets(6_000, 0, 0, 0), gets(6_001, 0, 0, 1)];
        if acked {
            told.push(taken(1));
        }
        told.extend([back(0, false), back(1, acked)]);
        told.extend([popped(16_050, C2, 0), popped(16_050, C2, 1), gets(16_050, 1, 0, again)]);
        with(&told)
    };
    let twins: Vec<Twin> = vec![
        ("it was acknowledged", popping(), story(true, 1), ("behind_an_unacknowledged_one", "")),
        ("it was not", popping(), story(true, 0), ("invisible_time_over", "PE7")),
        ("none was", popping(), story(false, 1), ("invisible_time_over", "PE7")),
    ];
    verify("duplicates", twins);
}

#[test]
fn both_ways_of_consuming_throw_offsets_back() {
    let pulled = [readable(5_500, 0, 3), gets(6_000, 0, 0, 0)];
    let story = |more: &[(u64, Observation)]| [&settled()[..], &pulled, more].concat();
    let twins: Vec<Twin> = vec![
        (
            "one pulls, one pops",
            popping(),
            story(&[assigned(6_500, C2), popped(7_000, C2, 0), gets(7_000, 1, 0, 0)]),
            ("mode_switch_window", "PE11"),
        ),
        (
            "one pops, one pulls",
            popping(),
            story(&[assigned(5_000, C2), popped(6_500, C2, 1), gets(6_500, 1, 0, 1), gets(6_600, 0, 0, 1)]),
            ("mode_switch_window", "PE11"),
        ),
        (
            "handed over, as nobody pops",
            popping(),
            story(&[releases(6_500, 0, 0, Release::Reassigned), takes(6_600, 1, 0), gets(7_000, 1, 0, 0)]),
            ("handover_before_commit", "E13"),
        ),
    ];
    verify("duplicates", twins);
}

#[test]
fn what_reached_nobody_was_given_up_or_forgotten() {
    let given_up = (17_000, PopGivenUp { consumer: C1, queue: QUEUE_0, offset: 0, origin: (QUEUE_0, 0) });
    let forgotten = (7_000, CheckpointLost { group: G, queue: QUEUE_0, offset: 0, why: CheckpointLoss::NotFlushed });
    let popped = [popped(6_000, C1, 0), commits(6_001, 0, 0, 1, 0)];
    let story = |more: &[(u64, Observation)]| with(&[&popped[..], more].concat());
    verify(
        "skipped",
        vec![
            ("given up", popping(), story(&[given_up]), ("given_up_after_retries", "PE6")),
            ("in flight", popping(), story(&[]), NOTHING),
        ],
    );
    verify(
        "lost",
        vec![
            ("forgotten", popping(), story(&[forgotten]), ("checkpoint_forgotten", "PE9")),
            ("in flight", popping(), story(&[]), NOTHING),
            ("nobody popped it", popping(), with(&[commits(6_001, 0, 0, 1, 0)]), ("committed_unseen", "")),
        ],
    );
}

#[test]
fn what_is_thrown_away_shows_why() {
    let thrown = |at_ms, why| (at_ms, PopDiscarded { consumer: C1, queue: QUEUE_0, offset: 0, why });
    let story = |more| with(&[popped(6_000, C1, 0), more]);
    verify(
        "discarded_unseen",
        vec![
            (
                "its time is over",
                popping(),
                story(thrown(16_100, PopDiscard::InvisibleTimeOver)),
                ("invisible_time_over", "PE7"),
            ),
            (
                "its clock",
                popping(),
                story(thrown(9_000, PopDiscard::InvisibleTimeOver)),
                ("client_clock_is_ahead", "PE14"),
            ),
            ("its assignment", popping(), story(thrown(9_000, PopDiscard::Dropped)), ("pop_queue_dropped", "PE7")),
        ],
    );
}

#[test]
fn what_clients_and_brokers_do_not_tell_each_other() {
    let row = |kind, what, expected: (&'static str, &'static str)| {
        verify(
            kind,
            vec![
                ("it is so", popping(), with(&[(9_000, what)]), expected),
                ("it is not", popping(), with(&[]), NOTHING),
            ],
        );
    };
    row("ack_lost", AckFailed { consumer: C1, queue: QUEUE_0, offset: 0 }, ("ack_lost", ""));
    row(
        "retry_at_the_old_time",
        DelayLevelThrew { consumer: C1, queue: QUEUE_0, offset: 0 },
        ("delay_level_below_zero", "PE6"),
    );
    row(
        "listeners_left",
        PopListenersLeft { consumer: C1, running: 2, waiting: 3 },
        ("shutdown_leaves_popped", "PE15"),
    );
    row("pulled_though_pop", DealtByClient { consumer: C1, topic: T }, ("client_rebalances", "PE3"));
    let held = PopTroubled { consumer: C1, topic: T, broker: BROKER_A, trouble: PopTrouble::FlowControl };
    row("pop_held_back", held, ("pop_threshold", "PE16"));
    let mode = |mode| (4_000, RequestModeSet { broker: BROKER_A, group: G, topic: T, mode, share: 0 });
    let pulls = |told| [&settled()[..], &[mode(told), allocated(9_000, 0, 0, 2, 2)]].concat();
    let beside = |others: &[(u64, Observation)]| [&settled()[..], others, &[allocated(9_000, 0, 0, 2, 2)]].concat();
    verify(
        "pulled_though_pop",
        vec![
            ("the group is to pop", plan(), pulls(RequestMode::Pop), ("client_rebalances", "PE3")),
            ("the group is to pull", plan(), pulls(RequestMode::Pull), NOTHING),
            ("others pop", popping(), beside(&[assigned(5_000, C2)]), ("client_rebalances", "PE3")),
            (
                "others pop no more",
                popping(),
                beside(&[assigned(5_000, C2), not_assigned(6_000, C2, PopRelease::ModeSwitched)]),
                NOTHING,
            ),
        ],
    );
}

/// The last row of balance.csv stands for all that follows it.
#[test]
fn balance_follows_what_is_popped() {
    let none = PopRelease::ModeSwitched;
    let stories = [
        ("nobody pops", vec![], 2),
        ("it is popped", vec![assigned(20_000, C1)], 0),
        ("it was popped", vec![assigned(20_000, C1), not_assigned(30_000, C1, none)], 2),
        ("it is popped again", vec![assigned(20_000, C1), not_assigned(30_000, C1, none), assigned(40_000, C1)], 0),
    ];
    for (what, more, unowned) in stories {
        let queues = (0..2).map(|queue| (0, QueueCreated { queue: QueueIndex(queue) }));
        let story: Story = queues.chain([starts(0, 0), starts(0, 1)]).chain(more).collect();
        let found = play_plan(&story, &popping());
        let last = found.balance.iter().rev().find(|row| row.topic.is_none()).expect("there is one");
        assert_eq!(last.unowned, unowned, "{what}, at {}", last.at);
    }
}

#[test]
fn a_popped_queue_wants_no_owner() {
    let gone = releases(8_000, 0, 0, Release::ModeSwitched);
    let story = |more: &[(u64, Observation)]| [&settled()[..], more].concat();
    verify(
        "unowned",
        vec![
            ("nobody pops yet", popping(), story(&[gone.clone(), assigned(10_000, C1)]), ("mode_switched", "")),
            ("others pop", popping(), story(&[assigned(7_900, C2), gone.clone()]), NOTHING),
            (
                "who popped it is dead",
                popping(),
                with(&[ends(9_000, 0, End::Killed), ends(9_000, 1, End::Killed)]),
                ("nobody_else_ran", ""),
            ),
        ],
    );
}

#[test]
fn a_loop_without_an_end_shows_what_is_missing() {
    let loops = |topic| {
        let rounds = (0..20).flat_map(move |round| {
            let at_ms = 6_000 + round * 1_000;
            let found = TopicRebalance::NoAssignment;
            [
                (at_ms, TopicRebalanced { consumer: C1, topic, broker: None, found }),
                (at_ms, RebalanceEnded { consumer: C1, balanced: false, took: Span::ZERO }),
            ]
        });
        with(&rounds.collect::<Vec<_>>())
    };
    // Behind T, %RETRY%g and %DLQ%g.
    let pop_retry = crate::model::ids::TopicIndex(3);
    verify(
        "rebalance_loop",
        vec![
            ("no topic to come back through", popping(), loops(pop_retry), ("pop_retry_topic_missing", "PE5")),
            ("no assignment of its own topic", popping(), loops(T), ("not_balanced", "E40")),
        ],
    );
}
