//! Commits, resets and the file (`ConsumerOffsetManager.commitOffset`, `ConfigManager.persist`).

use super::*;
use crate::kernel::Distribution;
use crate::model::ids::{AudienceIndex, BrokerIndex, GroupIndex, TopicIndex};
use crate::model::observation::{CommitPath, PullTrouble};
use crate::model::plan::Permission;

fn update(scene: &mut Scene<'_>, offset: u64) {
    scene.ask(
        0,
        Request::UpdateOffset { group: GroupIndex(0), queue: QueueIndex(0), offset, path: CommitPath::PersistTimer },
    );
}

#[test]
fn every_commit_counts_smaller_ones_too_whoever_sends_them() {
    let plan = testing::plan(2);
    let mut scene = Scene::of(&plan);
    scene.heartbeat(0, &[0], 1);
    (0..20).for_each(|_| scene.send(QueueIndex(0), 0));
    scene.until(ms(1));
    // By a pull that carries it, or by `UPDATE_CONSUMER_OFFSET`.
    for (by_pull, offset) in [(false, 7), (true, 9), (true, 3), (false, 12), (false, 4), (true, 0)] {
        match by_pull {
            true => scene.pull(QueueIndex(0), 5, Some(offset)),
            false => update(&mut scene, offset),
        }
        assert_eq!(scene.broker.offsets.get(GroupIndex(0), QueueIndex(0)), Some(offset));
    }
    let heard = scene.until(ms(10));
    let gone_back = heard.seen.iter().filter(|what| matches!(what, Observation::CommitArrived { .. })).count();
    assert_eq!(gone_back, 3, "those that were below what was there");
}

#[test]
fn a_pull_that_is_refused_commits_nothing() {
    type Refuses = fn(&mut Scene<'_>);
    let rows: [(PullTrouble, Refuses); 4] = [
        (PullTrouble::BrokerForbidden, |scene| {
            let none = Permission { read: false, write: true };
            scene.broker.change_broker_permission(&mut scene.out, none);
        }),
        (PullTrouble::TopicForbidden, |scene| {
            let none = Permission { read: false, write: true };
            assert!(scene.broker.change_permission(&mut scene.out, TopicIndex(0), none));
        }),
        (PullTrouble::SubscriptionNotExist, |scene| scene.ask(0, Request::UnregisterClient { group: GroupIndex(0) })),
        (PullTrouble::Refused, |scene| scene.broker.change_queues(&mut scene.out, TopicIndex(0), (Some(0), None))),
    ];
    for (trouble, refuses) in rows {
        let plan = testing::plan(1);
        let mut scene = Scene::of(&plan);
        scene.heartbeat(0, &[0], 1);
        refuses(&mut scene);
        scene.until(ms(10));
        scene.pull(QueueIndex(0), 0, Some(5));
        assert_eq!(pulled(&scene.until(ms(20))), [Pulled::Refused(trouble)]);
        assert_eq!(scene.broker.offsets.get(GroupIndex(0), QueueIndex(0)), None, "{trouble:?}");
    }
}

#[test]
fn a_reset_is_told_to_one_pull_and_keeps_other_commits_out_until_then() {
    let plan = testing::plan(1);
    let mut scene = Scene::of(&plan);
    scene.heartbeat(0, &[0], 1);
    (0..20).for_each(|_| scene.send(QueueIndex(0), 0));
    update(&mut scene, 15);
    scene.until(ms(1));
    assert_eq!(scene.broker.offsets.assign_reset(GroupIndex(0), QueueIndex(0), 6), Some(15));
    update(&mut scene, 16);
    assert_eq!(
        scene.broker.offsets.get(GroupIndex(0), QueueIndex(0)),
        Some(6),
        "the group has not heard of the reset yet"
    );
    scene.until(ms(10));
    scene.pull(QueueIndex(0), 15, Some(17));
    assert_eq!(
        scene.broker.offsets.get(GroupIndex(0), QueueIndex(0)),
        Some(17),
        "what the pull carries overwrites the reset"
    );
    assert_eq!(pulled(&scene.until(ms(20))), [Pulled::OffsetIllegal { next: 6 }]);
    scene.pull(QueueIndex(0), 6, Some(6));
    let found = Pulled::Found { first: 6, count: 14, tags: TagSet::ALL, life: 0 };
    assert_eq!(pulled(&scene.until(ms(30))), [found], "it is told once");
    update(&mut scene, 8);
    assert_eq!(scene.broker.offsets.get(GroupIndex(0), QueueIndex(0)), Some(8));
}

/// `queryOffset`, then `checkInMemByConsumeOffset(topic, queueId, 0, 1)`.
#[test]
fn without_an_offset_a_queue_that_begins_in_memory_is_assumed_to_begin_at_zero() {
    type Before = fn(&mut Scene<'_>);
    let rows: [(&str, Before, Option<u64>, bool); 5] = [
        ("nothing is there", |_| {}, None, false),
        ("a message is in memory", |scene| scene.send(QueueIndex(0), 0), Some(0), true),
        (
            "it is on the disk only",
            |scene| {
                scene.send(QueueIndex(0), 0);
                scene.until(ms(10));
                scene.out.forget_heads(None, &[BrokerIndex(0)], None);
            },
            None,
            false,
        ),
        (
            "the first one was deleted",
            |scene| {
                // As where the plan has a retention.
                scene.out.keeps_times = true;
                scene.send(QueueIndex(0), 0);
                scene.until(ms(10));
                scene.send(QueueIndex(0), 0);
                scene.until(ms(20));
                scene.out.forget_heads(None, &[BrokerIndex(0)], Some(Span::from_millis(15)));
            },
            None,
            false,
        ),
        ("an offset is stored", |scene| update(scene, 9), Some(9), false),
    ];
    for (name, before, expected, expected_assumed) in rows {
        let plan = testing::plan(1);
        let mut scene = Scene::of(&plan);
        before(&mut scene);
        scene.until(ms(30));
        let answer = scene.broker.query_offset(&scene.out, GroupIndex(0), QueueIndex(0));
        let Response::Offset { offset, assumed } = answer else { panic!("{answer:?}") };
        assert_eq!((offset, assumed), (expected, expected_assumed), "{name}");
    }
}

#[test]
fn a_commit_is_refused_where_the_group_or_the_topic_is_not_there() {
    for (group, topic, stored) in [(true, true, Some(5)), (false, true, None), (true, false, None)] {
        let mut plan = plan_with(|own| own.auto_create_subscription_group = false);
        if !group {
            plan.groups[0].created = crate::model::plan::Created::Nowhere;
        }
        plan.topics[0].exists = topic;
        let mut scene = Scene::of(&plan);
        let place = crate::model::names::QueuePlace { topic: TopicIndex(0), broker: BrokerIndex(0), queue_id: 0 };
        assert_eq!(scene.out.names.intern_queue(place), QueueIndex(0));
        update(&mut scene, 5);
        assert_eq!(
            scene.broker.offsets.get(GroupIndex(0), QueueIndex(0)),
            stored,
            "group there: {group}, topic there: {topic}"
        );
    }
}

/// The flush begins at 10 s and takes one: until it ends, the file before it counts (`.bak`).
#[test]
fn a_process_that_is_killed_while_it_writes_its_offsets_leaves_the_file_before() {
    for (killed_at, expected) in [(9_999, Some(1)), (10_500, Some(1)), (10_999, Some(1)), (11_001, Some(2))] {
        let mut plan = testing::plan(1);
        plan.environment.offsets_write = Distribution::Constant(Span::from_secs(1));
        let mut scene = Scene::of(&plan);
        update(&mut scene, 1);
        scene.broker.write_offsets(&mut scene.out);
        update(&mut scene, 2);
        scene.until(ms(killed_at.min(10_000)));
        if killed_at > 10_000 {
            scene.broker.flush_offsets(&mut scene.out);
            // What comes while the file is written is not in it.
            update(&mut scene, 3);
        }
        scene.until(ms(killed_at));
        scene.broker.reload_offsets(&mut scene.out);
        assert_eq!(scene.broker.offsets.get(GroupIndex(0), QueueIndex(0)), expected, "killed at {killed_at} ms");
    }
}

#[test]
fn what_a_restart_forgets_is_seen_as_a_commit_of_what_the_file_has() {
    let plan = testing::plan(1);
    let mut scene = Scene::of(&plan);
    for (flushed, lost, seen) in [(5, 8, true), (9, 9, false)] {
        update(&mut scene, flushed);
        scene.broker.flush_offsets(&mut scene.out);
        update(&mut scene, lost);
        scene.until(scene.out.now());
        scene.broker.reload_offsets(&mut scene.out);
        let heard = scene.until(scene.out.now());
        let path = CommitPath::BrokerRestart;
        let again = Observation::Committed {
            audience: AudienceIndex(0),
            queue: QueueIndex(0),
            offset: flushed,
            previous: Some(lost),
            by: None,
            path,
        };
        assert_eq!(heard.seen.contains(&again), seen, "{flushed} in the file, {lost} in memory");
    }
}
