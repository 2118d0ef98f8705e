//! Pulls that wait: held, woken, missed between the read and the hold, found by the tick, ended in time
//! (`PullRequestHoldService.suspendPullRequest`, `PullRequestHoldService.notifyMessageArriving`).

use super::*;
use crate::kernel::Distribution;
use crate::model::event::BrokerTask;
use crate::model::ids::TopicIndex;
use crate::model::observation::PullTrouble;
use crate::model::plan::Permission;

const NOTHING: Pulled = Pulled::NoNewMessage { next: 0 };

const fn found(first: u64, count: u32) -> Pulled {
    Pulled::Found { first, count, tags: TagSet::ALL, life: 0 }
}

/// A scene in which the first consumer is a member.
fn member(plan: &Plan) -> Scene<'_> {
    let mut scene = Scene::of(plan);
    scene.heartbeat(0, &[0], 1);
    scene.until(ms(10));
    scene
}

/// What pulls are told up to a moment, and when.
fn answers(scene: &mut Scene<'_>, until_ms: u64) -> Vec<(u64, Pulled)> {
    let mut answers = Vec::new();
    let from = scene.out.now().since(Instant::ZERO).as_millis();
    for at in from..=until_ms {
        answers.extend(pulled(&scene.until(ms(at))).into_iter().map(|pulled| (at, pulled)));
    }
    answers
}

#[test]
fn a_pull_at_the_end_waits_for_its_queue_and_no_other() {
    let plan = testing::plan(1);
    for (queue, expected) in [(0, vec![(21, found(0, 1))]), (1, vec![])] {
        let mut scene = member(&plan);
        scene.pull(QueueIndex(0), 0, None);
        assert!(answers(&mut scene, 20).is_empty());
        scene.send(QueueIndex(queue), 0);
        assert_eq!(answers(&mut scene, 30), expected, "a message for queue {queue}");
    }
}

#[test]
fn all_pulls_of_a_queue_are_woken_and_what_comes_at_one_moment_is_read_at_once() {
    let plan = testing::plan(1);
    let mut scene = member(&plan);
    scene.pull(QueueIndex(0), 0, None);
    scene.pull(QueueIndex(0), 0, None);
    scene.until(ms(20));
    (0..3).for_each(|_| scene.send(QueueIndex(0), 0));
    assert_eq!(answers(&mut scene, 30), [(21, found(0, 3)), (21, found(0, 3))]);
    scene.send(QueueIndex(0), 0);
    assert!(answers(&mut scene, 40).is_empty(), "a pull that was woken is not held a second time");
}

/// Trap E46: reading and beginning to wait are two steps, here 5 ms apart.
#[test]
fn a_message_between_the_read_and_the_hold_wakes_nobody_until_the_next_or_the_tick() {
    // Messages at these times; the pull reads at 10 ms and is held at 15 ms. The tick looks at 100 ms.
    type Row = (&'static [u64], &'static [(u64, Pulled)], bool);
    let rows: [Row; 4] = [
        (&[12], const { &[(101, found(0, 1))] }, true),
        (&[12, 40], const { &[(41, found(0, 2))] }, true),
        (&[40], const { &[(41, found(0, 1))] }, false),
        (&[], &[], false),
    ];
    for (sent, expected, missed) in rows {
        let mut plan = testing::plan(1);
        plan.environment.hold_delay = Distribution::Constant(Span::from_millis(5));
        let mut scene = member(&plan);
        scene.pull(QueueIndex(0), 0, None);
        let (mut told, mut seen) = (Vec::new(), false);
        for at in 10..200 {
            let heard = scene.until(ms(at));
            told.extend(pulled(&heard).into_iter().map(|pulled| (at, pulled)));
            seen |= saw(&heard, |what| matches!(what, Observation::HeldTooLate { missed: 1, .. }));
            if sent.contains(&at) {
                scene.send(QueueIndex(0), 0);
            }
            if at == 100 {
                scene.happen(BrokerEvent::BrokerTaskDue { task: BrokerTask::CheckHolds });
            }
        }
        assert_eq!((told.as_slice(), seen), (expected, missed), "messages at {sent:?}");
    }
}

/// The tick comes every 5 s, or with short polling every second; a pull may wait 15 s, or with short polling 1 s.
#[test]
fn a_pull_that_has_waited_long_enough_is_answered_at_the_next_tick() {
    for (long, held_at, answered_at) in [
        (true, 10, 20_001),
        (true, 5_000, 20_001),
        (true, 5_001, 25_001),
        (false, 10, 2_001),
        (false, 1_000, 2_001),
        (false, 1_001, 3_001),
    ] {
        let plan = plan_with(|own| own.long_polling_enable = long);
        let mut scene = Scene::of(&plan);
        scene.broker.start_timers(&mut scene.out);
        scene.heartbeat(0, &[0], 1);
        scene.until(ms(held_at));
        scene.pull(QueueIndex(0), 0, None);
        scene.until(ms(answered_at - 5));
        assert_eq!(answers(&mut scene, answered_at + 5), [(answered_at, NOTHING)], "held at {held_at} ms, {long}");
    }
}

#[test]
fn messages_with_tags_that_the_group_does_not_want_leave_a_pull_asleep() {
    let wanted = TagSet::default().with(1);
    let mut plan = testing::plan(1);
    plan.tags = vec!["wanted".to_owned(), "other".to_owned()];
    let mut scene = Scene::of(&plan);
    scene.heartbeat_as(0, &[0], 1, MessageModel::Clustering, wanted);
    scene.pull(QueueIndex(0), 0, None);
    scene.until(ms(10));
    scene.send(QueueIndex(0), 2);
    assert!(answers(&mut scene, 20).is_empty());
    scene.send(QueueIndex(0), 1);
    let both = Pulled::Found { first: 0, count: 2, tags: wanted, life: 0 };
    assert_eq!(answers(&mut scene, 30), [(21, both)]);
}

/// `executeRequestWhenWakeup`: a woken pull is asked again whether it may.
#[test]
fn a_woken_pull_is_refused_what_is_forbidden_by_then() {
    type Forbids = fn(&mut Scene<'_>);
    const UNREADABLE: Permission = Permission { read: false, write: true };
    let rows: [(PullTrouble, Forbids); 3] = [
        (PullTrouble::TopicForbidden, |scene| {
            assert!(scene.broker.change_permission(&mut scene.out, TopicIndex(0), UNREADABLE));
        }),
        (PullTrouble::BrokerForbidden, |scene| scene.broker.change_broker_permission(&mut scene.out, UNREADABLE)),
        (PullTrouble::Refused, |scene| scene.broker.change_queues(&mut scene.out, TopicIndex(0), (Some(0), None))),
    ];
    for (trouble, forbids) in rows {
        let plan = testing::plan(1);
        let mut scene = member(&plan);
        scene.pull(QueueIndex(0), 0, None);
        forbids(&mut scene);
        scene.until(ms(20));
        scene.send(QueueIndex(0), 0);
        assert_eq!(answers(&mut scene, 30), [(21, Pulled::Refused(trouble))]);
    }
}

#[test]
fn the_pulls_of_a_process_end_with_it() {
    let plan = testing::plan(1);
    let mut scene = member(&plan);
    scene.pull(QueueIndex(0), 0, None);
    scene.broker.held.clear();
    scene.send(QueueIndex(0), 0);
    assert!(answers(&mut scene, 20).is_empty());
}
