//! `RebalanceLockManager.tryLockBatch`: 60 s, renewed by their owner, taken by others when they are old.

use super::*;
use crate::model::broker::retry::FailedMessage;
use crate::model::ids::{BrokerIndex, ClientIndex, GroupIndex};
use crate::model::network::Response;

/// A lock request of a consumer; whether it got the queue.
fn lock(scene: &mut Scene<'_>, consumer: ClientIndex, queue: QueueIndex) -> bool {
    match scene.broker.lock_batch(&mut scene.out, GroupIndex(0), consumer, &[queue]) {
        Response::Locked(queues) => queues.contains(&queue),
        other => panic!("{other:?}"),
    }
}

fn unlock(scene: &mut Scene<'_>, consumer: ClientIndex, queue: QueueIndex) {
    scene.broker.unlock_batch(&mut scene.out, GroupIndex(0), consumer, &[queue]);
}

#[test]
fn a_lock_is_its_owners_for_sixty_seconds_from_its_last_request() {
    let plan = testing::plan(2);
    // When each consumer asks, and whether it gets the lock.
    let rows: [&[(u64, u32, bool)]; 4] = [
        &[(0, 0, true), (60_000, 1, false), (60_001, 1, true), (60_002, 0, false)],
        &[(0, 0, true), (30_000, 0, true), (60_001, 1, false), (90_000, 1, false), (90_001, 1, true)],
        &[(0, 0, true), (200_000, 0, true), (200_001, 1, false)],
        &[(0, 0, true), (59_000, 1, false), (60_001, 1, true), (120_000, 0, false), (120_002, 0, true)],
    ];
    for row in rows {
        let mut scene = Scene::of(&plan);
        for &(at, consumer, expected) in row {
            scene.until(ms(at));
            assert_eq!(
                lock(&mut scene, ClientIndex(consumer), QueueIndex(0)),
                expected,
                "consumer {consumer} at {at} ms in {row:?}"
            );
        }
    }
}

#[test]
fn who_takes_a_lock_and_who_is_refused_is_seen_with_the_owner_and_its_age() {
    let plan = testing::plan(2);
    let mut scene = Scene::of(&plan);
    lock(&mut scene, ClientIndex(0), QueueIndex(0));
    scene.until(ms(1_500));
    lock(&mut scene, ClientIndex(1), QueueIndex(0));
    let heard = scene.until(ms(70_000));
    let age = Span::from_millis(1_500);
    let refused = Observation::LockRefused {
        broker: BrokerIndex(0),
        group: GroupIndex(0),
        queue: QueueIndex(0),
        client: ClientIndex(1),
        holder: ClientIndex(0),
        age,
    };
    assert!(heard.seen.contains(&refused), "{:?}", heard.seen);
    lock(&mut scene, ClientIndex(1), QueueIndex(0));
    let heard = scene.until(ms(70_001));
    let granted = Observation::LockGranted {
        broker: BrokerIndex(0),
        group: GroupIndex(0),
        queue: QueueIndex(0),
        client: ClientIndex(1),
        previous: Some(ClientIndex(0)),
    };
    assert!(heard.seen.contains(&granted), "{:?}", heard.seen);
}

#[test]
fn only_its_owner_gives_a_lock_back_and_a_closed_channel_does_not() {
    type Does = fn(&mut Scene<'_>);
    let rows: [(&str, Does, bool); 5] = [
        ("unlocked by its owner", |scene| unlock(scene, ClientIndex(0), QueueIndex(0)), true),
        ("by another", |scene| unlock(scene, ClientIndex(1), QueueIndex(0)), false),
        ("another queue", |scene| unlock(scene, ClientIndex(0), QueueIndex(1)), false),
        ("its owner's channel closes", |scene| scene.end_channel(0, ChannelEnd::Closed), false),
        ("the broker restarts", |scene| scene.broker.forget_locks(&mut scene.out), true),
    ];
    for (name, does, free) in rows {
        let plan = testing::plan(2);
        let mut scene = Scene::of(&plan);
        scene.heartbeat(0, &[0], 1);
        assert!(lock(&mut scene, ClientIndex(0), QueueIndex(0)));
        does(&mut scene);
        scene.until(ms(10));
        assert_eq!(lock(&mut scene, ClientIndex(1), QueueIndex(0)), free, "{name}");
    }
}

/// `handleRetryAndDLQ`: a message that is sent to `%RETRY%` with as many tries as it may have, or with one more, while
/// somebody holds a live lock of the group or not (trap E43); by the rules of releases.
#[test]
fn a_live_lock_of_the_group_makes_a_dead_letter_at_once() {
    let (new, old) = ((false, true), (true, false));
    let rows = [
        (None, 0, 1, new, (false, false)),
        (Some(0), 60_000, 1, new, (true, true)),
        (Some(0), 60_001, 1, new, (false, false)),
        (None, 0, 16, new, (false, false)),
        (None, 0, 17, new, (true, false)),
        (None, 0, 15, old, (false, false)),
        (None, 0, 16, old, (true, false)),
        (Some(0), 60_000, 1, old, (false, false)),
    ];
    for (locked_at, sent_at, times, (dead_letter_at_limit, dead_letter_while_locked), expected) in rows {
        let mut plan = testing::plan(2);
        let rules = &mut plan.brokers[0].settings.rules;
        (rules.dead_letter_at_limit, rules.dead_letter_while_locked) = (dead_letter_at_limit, dead_letter_while_locked);
        let mut scene = Scene::of(&plan);
        scene.heartbeat(0, &[0], 1);
        scene.send(QueueIndex(0), 0);
        if locked_at.is_some() {
            // Whose lock it is, and of which queue, does not matter.
            lock(&mut scene, ClientIndex(1), QueueIndex(3));
        }
        scene.until(ms(sent_at));
        let answer = scene.broker.send_to_retry(
            &mut scene.out,
            ConsumerIndex(0),
            GroupIndex(0),
            FailedMessage { queue: QueueIndex(0), offset: 0, life: 0 },
            (times, 16),
        );
        let Response::SentBack { dead_letter } = answer else { panic!("{answer:?}") };
        let heard = scene.until(ms(sent_at + 1));
        let at_once = saw(&heard, |what| matches!(what, Observation::DeadLetterAtOnce { .. }));
        let row = format!("locked at {locked_at:?}, sent at {sent_at} with {times}, at limit {dead_letter_at_limit}");
        assert_eq!((dead_letter, at_once), expected, "{row}");
    }
}
