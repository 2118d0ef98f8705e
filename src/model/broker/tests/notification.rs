//! When members hear that their group has changed (`DefaultConsumerIdsChangeListener.handle`).

use super::*;
use crate::model::ids::GroupIndex;

/// The second consumer comes at 31 s. The buffered timer first fires at 30 s, then every 15 s.
#[test]
fn members_are_told_at_once_or_at_the_buffered_tick_or_never() {
    type Setting = fn(&mut BrokerSettings);
    let rows: [(&str, Setting, MessageModel, &[u64]); 4] = [
        ("at once", |_| {}, MessageModel::Clustering, &[31_001]),
        ("buffered", |own| own.real_time_notify_consumer_change = false, MessageModel::Clustering, &[45_001]),
        ("never", |own| own.notify_consumer_ids_changed_enable = false, MessageModel::Clustering, &[]),
        ("broadcasting", |_| {}, MessageModel::Broadcasting, &[]),
    ];
    for (name, setting, model, expected) in rows {
        let plan = plan_with(setting);
        let mut scene = Scene::of(&plan);
        scene.broker.start_timers(&mut scene.out);
        scene.heartbeat_as(0, &[0], 1, model, TagSet::ALL);
        scene.until(ms(31_000));
        scene.heartbeat_as(1, &[0], 1, model, TagSet::ALL);
        let mut times = Vec::new();
        for at in 31_000..76_000 {
            let heard = scene.until(ms(at));
            if told(&scene, &heard).contains(&0) {
                times.push(at);
            }
        }
        assert_eq!(times, expected, "{name}");
    }
}

/// Two changes before a tick are one notification; a group that has lost all members has nobody to tell.
#[test]
fn a_buffered_tick_tells_each_member_once() {
    let plan = plan_with(|own| own.real_time_notify_consumer_change = false);
    let mut scene = Scene::of(&plan);
    (0..2).for_each(|consumer| scene.heartbeat(consumer, &[0], 1));
    scene.broker.notify_buffered(&mut scene.out);
    let heard = scene.until(ms(10));
    assert_eq!(told(&scene, &heard), [0, 1]);
    scene.broker.notify_buffered(&mut scene.out);
    let heard = scene.until(ms(20));
    assert!(told(&scene, &heard).is_empty(), "nothing has changed since");
    (0..2).for_each(|consumer| scene.ask(consumer, Request::UnregisterClient { group: GroupIndex(0) }));
    scene.broker.notify_buffered(&mut scene.out);
    let heard = scene.until(ms(30));
    assert!(told(&scene, &heard).is_empty(), "nobody is left");
}

/// A change to `BROADCASTING` is the newest heartbeat's to make: what was noted before is still told.
#[test]
fn the_newest_heartbeat_decides_whether_a_group_is_told() {
    let plan = testing::plan(2);
    let rows = [
        (MessageModel::Clustering, MessageModel::Broadcasting, false),
        (MessageModel::Broadcasting, MessageModel::Clustering, true),
    ];
    for (first, second, expected) in rows {
        let mut scene = Scene::of(&plan);
        scene.heartbeat_as(0, &[0], 1, first, TagSet::ALL);
        scene.until(ms(10));
        scene.heartbeat_as(1, &[0], 1, second, TagSet::ALL);
        let heard = scene.until(ms(20));
        assert_eq!(!told(&scene, &heard).is_empty(), expected, "{first:?}, then {second:?}");
    }
}

/// With limited pools the thread that noticed the change tells one member after the other.
#[test]
fn with_limited_pools_each_member_hears_a_moment_later_than_the_one_before() {
    let mut plan = testing::plan(2);
    plan.environment.broker_processors = Some(2);
    plan.environment.notification_time = Span::from_millis(100);
    let mut scene = Scene::of(&plan);
    (0..2).for_each(|consumer| scene.heartbeat(consumer, &[0], 1));
    let first = scene.until(ms(0));
    assert!(told(&scene, &first).is_empty());
    let mut times = Vec::new();
    for at in 1..400 {
        let heard = scene.until(ms(at));
        times.extend(told(&scene, &heard).into_iter().map(|consumer| (at, consumer)));
    }
    assert_eq!(times, [(101, 0), (101, 0), (201, 1)], "one thread tells the first, another one both");
}
