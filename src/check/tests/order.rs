//! Order and locks: what an orderly group must not show, and who keeps a queue from its next owner.

use super::causes::note_table;
use super::{Story, ends, gets, play_orderly, readable, releases, takes, trap_word, with};
use crate::check::tests::numbers::{BROKER_A, C1, C3, G, ID_1, ID_2, QUEUE_0};
use crate::kernel::Span;
use crate::model::ids::{ClientIndex, ConsumerIndex, QueueIndex};
use crate::model::observation::Observation::*;
use crate::model::observation::{ConsumeOutcome, End, Observation, Release};

pub(super) const TESTS: &[fn()] = &[
    a_queue_in_two_hands_is_out_of_order,
    a_forced_unlock_is_to_blame_while_the_listener_works,
    a_refused_lock_names_its_holder,
    a_stall_behind_a_lock_is_not_just_unowned,
];

fn returns(at_ms: u64, consumer: u16, queue: u32, offset: u64) -> (u64, Observation) {
    (
        at_ms,
        Consumed {
            consumer: ConsumerIndex(consumer),
            queue: QueueIndex(queue),
            offset,
            outcome: ConsumeOutcome::Success,
        },
    )
}

/// c2 asks for queue 0 and is refused: c1 (or who calls itself so) holds it.
fn refused(at_ms: u64) -> (u64, Observation) {
    let age = Span::from_secs(1);
    (at_ms, LockRefused { broker: BROKER_A, group: G, queue: QUEUE_0, client: ID_2, holder: ID_1, age })
}

fn granted(at_ms: u64, previous: Option<u32>) -> (u64, Observation) {
    (
        at_ms,
        LockGranted { broker: BROKER_A, group: G, queue: QUEUE_0, client: ID_2, previous: previous.map(ClientIndex) },
    )
}

/// Name, story, and the anomaly it must show as kind, cause and trap.
type Row = (&'static str, Story, Option<(&'static str, &'static str, &'static str)>);

fn verify(rows: Vec<Row>) {
    note_table(rows.iter().map(|(.., expected)| expected.map_or("", |(_, cause, _)| cause)));
    for (name, story, expected) in rows {
        let found = play_orderly(&story);
        let seen: Vec<_> = found
            .anomalies
            .iter()
            .filter(|a| a.check == "order" || a.check == "locks")
            .map(|a| (a.kind.word(), a.cause.word(), trap_word(a)))
            .collect();
        assert_eq!(seen, expected.into_iter().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_queue_in_two_hands_is_out_of_order() {
    let twin = (6_300, ConsumerStarting { consumer: C3, client: ID_1 });
    let first = [readable(6_000, 0, 9), gets(6_100, 0, 0, 0)];
    let planted = |more: &[(u64, Observation)]| with(&[&first, more].concat());
    let forgotten = (6_050, LockForgotten { broker: BROKER_A, group: G, queue: QUEUE_0, client: ID_1 });
    let forced = (6_400, UnlockForced { consumer: C1, queue: QUEUE_0 });
    let left = releases(6_400, 0, 0, Release::Reassigned);
    let out = |cause, trap| Some(("out_of_order", cause, trap));
    verify(vec![
        ("one after the other", planted(&[returns(6_200, 0, 0, 0), gets(6_200, 0, 0, 1)]), None),
        ("a batch of two", planted(&[gets(6_100, 0, 0, 1), returns(6_200, 0, 0, 0), returns(6_200, 0, 0, 1)]), None),
        (
            "a hand-over that repeats",
            planted(&[returns(6_200, 0, 0, 0), left.clone(), takes(6_500, 1, 0), gets(7_000, 1, 0, 0)]),
            None,
        ),
        (
            "a hand-over by death",
            planted(&[ends(6_400, 0, End::Killed), takes(6_500, 1, 0), gets(7_000, 1, 0, 0)]),
            None,
        ),
        (
            "the old owner goes on",
            planted(&[
                returns(6_100, 0, 0, 0),
                takes(6_500, 1, 0),
                gets(7_000, 1, 0, 0),
                returns(7_000, 1, 0, 0),
                gets(7_100, 0, 0, 1),
            ]),
            out("two_owners", ""),
        ),
        (
            "the old owner's listener still runs",
            planted(&[forced, left.clone(), takes(6_500, 1, 0), gets(7_000, 1, 0, 0)]),
            out("forced_unlock", ""),
        ),
        (
            "a broker forgot",
            planted(&[forgotten, takes(6_500, 1, 0), gets(7_000, 1, 0, 0)]),
            out("broker_forgot_the_locks", "E11"),
        ),
        (
            "an old lock was taken over",
            planted(&[granted(6_400, Some(0)), takes(6_500, 1, 0), gets(7_000, 1, 0, 0)]),
            out("lock_expired", ""),
        ),
        ("twins", planted(&[twin, takes(6_500, 2, 0), gets(7_000, 2, 0, 0)]), out("duplicate_client_id", "E11")),
        ("two tasks", planted(&[gets(6_150, 0, 0, 1)]), out("two_tasks_of_one_queue", "")),
        (
            "back to what was passed over",
            planted(&[
                returns(6_100, 0, 0, 0),
                gets(6_200, 0, 0, 2),
                returns(6_200, 0, 0, 2),
                gets(6_300, 0, 0, 1),
                returns(6_300, 0, 0, 1),
            ]),
            out("came_after_later_ones", ""),
        ),
    ]);
}

#[test]
fn a_forced_unlock_is_to_blame_while_the_listener_works() {
    let first = [readable(6_000, 0, 9), gets(6_100, 0, 0, 0), (6_400, UnlockForced { consumer: C1, queue: QUEUE_0 })];
    let planted = |more: &[(u64, Observation)]| with(&[&first, more].concat());
    let left = releases(6_450, 0, 0, Release::Reassigned);
    let out = |cause, trap| Some(("out_of_order", cause, trap));
    verify(vec![
        (
            "the old owner's listener still runs, long after",
            planted(&[left, takes(6_500, 1, 0), gets(50_000, 1, 0, 0)]),
            out("forced_unlock", ""),
        ),
        (
            "it came back, and long after the old owner goes on",
            planted(&[
                returns(6_450, 0, 0, 0),
                takes(6_500, 1, 0),
                gets(7_000, 1, 0, 0),
                returns(7_000, 1, 0, 0),
                gets(50_000, 0, 0, 1),
            ]),
            out("two_owners", ""),
        ),
    ]);
}

#[test]
fn a_refused_lock_names_its_holder() {
    let busy = (6_000, UnlockDelayed { consumer: C1, queue: QUEUE_0 });
    let lock = |cause, trap| Some(("lock_refused", cause, trap));
    let shutdown = [releases(5_900, 0, 0, Release::Shutdown), ends(5_900, 0, End::Shutdown)];
    verify(vec![
        ("alive", with(&[refused(6_000), refused(7_000), granted(8_000, None)]), lock("waiting_for_the_lock", "")),
        ("busy", with(&[busy.clone(), refused(6_500), granted(8_000, None)]), lock("listener_delays_the_unlock", "E8")),
        ("dead", with(&[ends(5_900, 0, End::Killed), refused(6_000)]), lock("lock_of_a_dead_member", "E7")),
        ("left", with(&[&shutdown[..], &[refused(6_000)]].concat()), lock("lock_outlives_shutdown", "E10")),
        (
            "kept for its messages",
            with(&[
                releases(5_900, 0, 0, Release::Reassigned),
                (5_900, UnlockPostponed { consumer: C1, queue: QUEUE_0 }),
                refused(6_500),
                granted(25_900, None),
            ]),
            lock("lock_kept_for_messages", ""),
        ),
        (
            "kept, and then given back",
            with(&[
                releases(5_900, 0, 0, Release::Reassigned),
                (5_900, UnlockPostponed { consumer: C1, queue: QUEUE_0 }),
                (5_950, LockReleased { broker: BROKER_A, group: G, queue: QUEUE_0, client: ID_1 }),
                refused(6_500),
                granted(8_000, None),
            ]),
            lock("waiting_for_the_lock", ""),
        ),
        (
            "stuck",
            with(&[busy.clone(), releases(50_000, 0, 0, Release::PullExpired)]),
            Some(("stuck_queue", "assigned_again_before_it_was_removed", "E9")),
        ),
        (
            "too old",
            with(&[(6_000, LockExpired { consumer: C1, queue: QUEUE_0 })]),
            Some(("lock_lapsed", "lock_renewed_too_late", "")),
        ),
        ("taken away", with(&[(6_000, LockLost { consumer: C1, queue: QUEUE_0 })]), None),
        ("removed", with(&[busy, releases(8_000, 0, 0, Release::Reassigned)]), None),
    ]);
}

#[test]
fn a_stall_behind_a_lock_is_not_just_unowned() {
    let refusals: Vec<(u64, Observation)> = (9..50).map(|second| refused(second * 1_000 + 100)).collect();
    let begins = [ends(9_000, 0, End::Killed), readable(10_000, 0, 1)];
    let taken = [granted(50_100, Some(0)), takes(50_100, 1, 0), gets(50_600, 1, 0, 0)];
    let found = play_orderly(&with(&[&begins[..], &refusals, &taken].concat()));
    assert_eq!(found.stall_causes.first().map(|(cause, _)| cause.word()), Some("lock_of_a_dead_member"));
}
