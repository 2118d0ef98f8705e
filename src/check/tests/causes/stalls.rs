//! Queues that stand still.

use super::{story, two_groups};
use crate::check::tests::{Story, ends, gets, plan, play_orderly, play_plan, readable, takes};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{ConsumeOutcome, End, PullTrouble};
use crate::model::plan::Plan;

pub(super) const TESTS: &[fn()] = &[
    a_stall_has_the_cause_that_was_seen,
    an_orderly_listener_is_busy_only_while_it_runs,
    a_lock_is_of_the_group_that_was_refused,
];

/// Queue 0 has two messages at 10 s; the first is handed out at once, the second 20 s later.
fn waits(more: &[(u64, Observation)]) -> Story {
    story(&[&[readable(10_000, 0, 2), gets(10_000, 0, 0, 0), gets(30_000, 0, 0, 1)], more].concat())
}

fn cause(found: &crate::check::Findings) -> Vec<&str> {
    found.stalls.iter().filter(|stall| stall.queue == 0 && stall.group == 0).map(|s| s.cause.as_str()).collect()
}

#[test]
fn a_stall_has_the_cause_that_was_seen() {
    let pulled = |at_ms, until| (at_ms, Pulled { consumer: 0, queue: 0, until });
    let cut = |consumer, broker| (10_001, ConsumerCutOff { consumer, broker, cut_off: true });
    let troubled = |consumer, queue, trouble| (10_001, PullTroubled { consumer, queue, trouble });
    let frozen = [(10_001, ConsumerPaused { consumer: 0 }), (29_900, ConsumerResumed { consumer: 0 })];
    let table: Vec<(&str, Plan, Story, &str)> = vec![
        ("pulled, and not handed out", plan(), waits(&[pulled(10_000, 2)]), "messages_wait_in_the_pool"),
        ("not pulled, and nothing shows why", plan(), waits(&[pulled(10_000, 1)]), "unknown"),
        (
            "left out by a filter in the end",
            plan(),
            story(&[
                readable(10_000, 0, 2),
                gets(10_000, 0, 0, 0),
                (30_000, Filtered { consumer: 0, queue: 0, offset: 1, tag: 2 }),
            ]),
            "filtered_out",
        ),
        ("nobody of the group reaches the broker", plan(), waits(&[cut(0, 0), cut(1, 0)]), "broker_unreachable"),
        ("only its owner is cut off", plan(), waits(&[cut(0, 0)]), "unowned"),
        ("another broker is cut off", plan(), waits(&[cut(0, 1), cut(1, 1)]), "unknown"),
        ("no answer", plan(), waits(&[troubled(0, 0, PullTrouble::TimedOut)]), "broker_unreachable"),
        ("no answer for another queue", plan(), waits(&[troubled(1, 1, PullTrouble::TimedOut)]), "unknown"),
        ("no answer for another group", two_groups(), waits(&[troubled(2, 0, PullTrouble::TimedOut)]), "unknown"),
        ("refused", plan(), waits(&[troubled(0, 0, PullTrouble::SubscriptionNotLatest)]), "subscription_not_latest"),
        ("frozen", plan(), waits(&frozen), "unowned"),
        (
            "the broker is down",
            plan(),
            waits(&[(10_001, BrokerDown { broker: 0, graceful: false }), (29_000, BrokerUp { broker: 0 })]),
            "broker_away",
        ),
        (
            "another broker is down",
            plan(),
            waits(&[(10_001, BrokerDown { broker: 1, graceful: false }), (29_000, BrokerUp { broker: 1 })]),
            "unknown",
        ),
    ];
    for (name, plan, story, expected) in table {
        assert_eq!(cause(&play_plan(&story, &plan)), [expected], "{name}");
    }
}

#[test]
fn an_orderly_listener_is_busy_only_while_it_runs() {
    let done = (10_100, Consumed { consumer: 0, queue: 0, offset: 0, outcome: ConsumeOutcome::Success });
    assert_eq!(cause(&play_orderly(&waits(&[]))), ["listener_is_busy"]);
    assert_eq!(cause(&play_orderly(&waits(&[done]))), ["unknown"]);
}

#[test]
fn a_lock_is_of_the_group_that_was_refused() {
    let refused = |group| {
        let (broker, queue, client, holder, age) = (0, 0, 1, 0, crate::kernel::Span::ZERO);
        (10_500, LockRefused { broker, group, queue, client, holder, age })
    };
    let story_of = |end, more: &[(u64, Observation)]| {
        let begins = [readable(10_000, 0, 1), ends(10_000, 0, end), takes(30_000, 1, 0), gets(30_500, 1, 0, 0)];
        story(&[&begins[..], &[refused(0)], more].concat())
    };
    // c3 of another group runs under the id of the dead c1.
    let namesake = (9_000, ConsumerStarting { consumer: 2, client: 0 });
    assert_eq!(cause(&play_orderly(&story_of(End::Killed, &[]))), ["lock_of_a_dead_member"]);
    assert_eq!(cause(&play_orderly(&story_of(End::Shutdown, &[]))), ["lock_outlives_shutdown"]);
    assert_eq!(cause(&play_plan(&story_of(End::Killed, &[namesake]), &two_groups())), ["lock_of_a_dead_member"]);
    // Back under another id, its old lock is still that of one who left in order.
    let renamed = (10_400, ConsumerStarting { consumer: 0, client: 4 });
    assert_eq!(cause(&play_orderly(&story_of(End::Shutdown, &[renamed]))), ["lock_outlives_shutdown"]);
}
