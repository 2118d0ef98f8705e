//! Who is a member, who leaves how, and of what others are told (`ConsumerManager.registerConsumer`,
//! `ConsumerManager.doChannelCloseEvent`, `ConsumerManager.scanNotActiveChannel`).

use super::*;
use crate::kernel::Distribution;
use crate::model::ids::{BrokerIndex, ClientIndex, ConsumerIndex, GroupIndex, TopicIndex};
use crate::model::network::HeartbeatV2;
use crate::model::observation::MemberLoss;

#[test]
fn a_new_member_and_another_set_of_topics_are_told_and_a_newer_version_is_not() {
    let plan = testing::plan(2);
    let mut scene = Scene::of(&plan);
    // Consumer, its topics and their version; who is told then. Topic 1 is `%RETRY%` of the group.
    let steps: [(usize, &[u16], u64, &[usize]); 8] = [
        (0, &[0, 1], 1, &[0]),
        (0, &[0, 1], 1, &[]),
        (1, &[0, 1], 1, &[0, 1]),
        (1, &[0, 1], 9, &[]),
        (0, &[0, 1], 2, &[]),
        (1, &[0], 9, &[0, 1]),
        (0, &[0, 1], 2, &[0, 1]),
        (1, &[0, 1], 9, &[]),
    ];
    for (step, (consumer, topics, version, expected)) in (1..).zip(steps) {
        scene.heartbeat(consumer, topics, version);
        let heard = scene.until(ms(step * 10));
        assert_eq!(told(&scene, &heard), expected, "step {step}");
    }
}

#[test]
fn an_older_subscription_with_other_tags_is_not_taken() {
    let only_first = TagSet::default().with(1);
    for (version, kept) in [(4, true), (5, false), (6, false)] {
        let plan = testing::plan(2);
        let mut scene = Scene::of(&plan);
        scene.heartbeat(0, &[0], 5);
        scene.heartbeat_as(1, &[0], version, MessageModel::Clustering, only_first);
        let heard = scene.until(ms(1));
        let seen = saw(&heard, |what| {
            matches!(what, Observation::SubscriptionKept { topic: TopicIndex(0), client: ClientIndex(1), .. })
        });
        let known = scene.broker.groups[&GroupIndex(0)].subscription(TopicIndex(0)).expect("it was said");
        assert_eq!((seen, known.version), (kept, version.max(5)), "version {version}");
        assert_eq!(known.tags == only_first, version > 5, "version {version}");
    }
}

#[test]
fn who_leaves_is_told_to_the_others_unless_the_scan_finds_it_silent() {
    type Leaves = fn(&mut Scene<'_>);
    let rows: [(&str, Leaves, MemberLoss, &[usize]); 5] = [
        (
            "UNREGISTER_CLIENT",
            |scene| scene.ask(1, Request::UnregisterClient { group: GroupIndex(0) }),
            MemberLoss::Unregistered,
            &[0],
        ),
        ("FIN", |scene| scene.end_channel(1, ChannelEnd::Closed), MemberLoss::Closed, &[0]),
        ("idle", |scene| scene.end_channel(1, ChannelEnd::Idle), MemberLoss::Idle, &[0]),
        ("closed by the scan", |scene| scene.end_channel(1, ChannelEnd::Expired), MemberLoss::ExpiredAndTold, &[0]),
        (
            "found by the scan",
            |scene| scene.happen(BrokerEvent::MemberExpired { connection: scene.channels[1] }),
            MemberLoss::Expired,
            &[],
        ),
    ];
    for (name, leaves, expected, others) in rows {
        let plan = testing::plan(2);
        let mut scene = Scene::of(&plan);
        (0..2).for_each(|consumer| scene.heartbeat(consumer, &[0], 1));
        scene.until(ms(10));
        leaves(&mut scene);
        let heard = scene.until(ms(20));
        let connection = scene.channels[1];
        let removed = Observation::MemberRemoved {
            broker: BrokerIndex(0),
            group: GroupIndex(0),
            client: ClientIndex(1),
            connection,
            loss: expected,
        };
        assert!(heard.seen.contains(&removed), "{name}: {:?}", heard.seen);
        assert_eq!(told(&scene, &heard), others, "{name}");
        assert_eq!(scene.broker.groups[&GroupIndex(0)].len(), 1, "{name}");
    }
}

#[test]
fn a_channel_that_was_no_member_is_told_when_it_unregisters_and_not_when_it_closes() {
    for (unregisters, others) in [(true, vec![0]), (false, vec![])] {
        let plan = testing::plan(2);
        let mut scene = Scene::of(&plan);
        scene.heartbeat(0, &[0], 1);
        scene.until(ms(10));
        match unregisters {
            true => scene.ask(1, Request::UnregisterClient { group: GroupIndex(0) }),
            false => scene.end_channel(1, ChannelEnd::Closed),
        }
        let heard = scene.until(ms(20));
        assert_eq!(told(&scene, &heard), others, "unregisters: {unregisters}");
    }
}

/// `channelExpiredTimeout`, 120 s. Whether the event thread or the scan is first decides who is told (trap of the race).
#[test]
fn silence_is_found_after_two_minutes_and_told_if_the_event_thread_is_first() {
    let rows = [
        (120_000, 0, None),
        (120_001, 0, Some((MemberLoss::ExpiredAndTold, vec![0]))),
        (120_001, 5, Some((MemberLoss::Expired, vec![]))),
    ];
    for (scan_ms, event_ms, expected) in rows {
        let mut plan = testing::plan(2);
        plan.environment.channel_event = Distribution::Constant(Span::from_millis(event_ms));
        plan.environment.expiry_scan = Distribution::Constant(Span::from_millis(1));
        let mut scene = Scene::of(&plan);
        scene.heartbeat(1, &[0], 1);
        scene.until(ms(60_000));
        scene.heartbeat(0, &[0], 1);
        scene.until(ms(scan_ms));
        scene.broker.scan_not_active_channels(&mut scene.out);
        let heard = scene.until(ms(scan_ms + 10));
        let loss = heard.seen.iter().find_map(|what| match what {
            Observation::MemberRemoved { client: ClientIndex(1), loss, .. } => Some((*loss, told(&scene, &heard))),
            _ => None,
        });
        assert_eq!(loss, expected, "scan after {scan_ms} ms, {event_ms} ms a channel event");
    }
}

#[test]
fn the_list_has_an_id_for_each_channel_and_there_is_none_without_members() {
    let plan = testing::plan(2);
    let mut scene = Scene::of(&plan);
    assert_eq!(scene.broker.consumer_list(&mut scene.out, GroupIndex(0)), None);
    for client in ["a", "b"] {
        scene.out.names.intern_client(client);
    }
    let members = |scene: &mut Scene<'_>| {
        let list = scene.broker.consumer_list(&mut scene.out, GroupIndex(0))?;
        Some(scene.out.views.member_list(list).to_vec())
    };
    scene.heartbeat(1, &[0], 1);
    assert_eq!(members(&mut scene), Some(vec![ClientIndex(1)]));
    scene.heartbeat(0, &[0], 1);
    assert_eq!(members(&mut scene), Some([0, 1].map(ClientIndex).to_vec()));
    // The same client id by another channel.
    let again = testing::connect(&mut scene.out, Host::Consumer(ConsumerIndex(0)), Host::Broker(BrokerIndex(0)));
    scene.channels.push(again);
    let data =
        ConsumerData { group: GroupIndex(0), message_model: MessageModel::Clustering, subscriptions: Rc::default() };
    scene.ask(2, Request::Heartbeat { client: ClientIndex(0), consumers: vec![data], v2: None });
    assert_eq!(members(&mut scene), Some([0, 0, 1].map(ClientIndex).to_vec()));
    for consumer in [0, 1, 2] {
        scene.ask(consumer, Request::UnregisterClient { group: GroupIndex(0) });
    }
    assert_eq!(members(&mut scene), None);
}

#[test]
fn a_group_that_nobody_created_gets_no_members_and_no_error() {
    for (auto, members) in [(true, 1), (false, 0)] {
        let mut plan = plan_with(|settings| settings.auto_create_subscription_group = auto);
        plan.groups[0].created = crate::model::plan::Created::Nowhere;
        let mut scene = Scene::of(&plan);
        scene.heartbeat(0, &[0], 1);
        let heard = scene.until(ms(10));
        let unknown = saw(&heard, |what| matches!(what, Observation::GroupUnknown { .. }));
        assert_eq!((scene.broker.groups.len(), unknown), (members, !auto));
        assert!(matches!(heard.responses()[..], [(_, Response::Done)]), "it is SUCCESS all the same");
    }
}

/// `consumerGroupHeartbeatTable` knows the last fingerprint of a group, whoever said it; `isWithoutSub` leaves the
/// subscriptions as they were.
#[test]
fn another_fingerprint_than_the_last_is_a_change_and_none_is_needed_to_be_a_member() {
    let plan = testing::plan(2);
    let mut scene = Scene::of(&plan);
    // Consumer, fingerprint, without subscriptions; whether it is told of a change, topics known then.
    let steps = [
        (0, 7, false, false, 1),
        (0, 7, true, false, 1),
        (1, 7, true, false, 1),
        (1, 8, false, true, 1),
        (0, 7, true, true, 1),
        (0, 7, true, false, 1),
    ];
    for (step, (consumer, fingerprint, without, changed, known)) in (1..).zip(steps) {
        let subscriptions = match without {
            true => Rc::default(),
            false => Rc::new(vec![SubscriptionData { topic: TopicIndex(0), version: 1, tags: TagSet::ALL }]),
        };
        let data = ConsumerData { group: GroupIndex(0), message_model: MessageModel::Clustering, subscriptions };
        let v2 = Some(HeartbeatV2 { fingerprint, without_subscriptions: without });
        scene.ask(consumer, Request::Heartbeat { client: ClientIndex(consumer as u32), consumers: vec![data], v2 });
        let heard = scene.until(ms(step * 10));
        let answers = heard.responses();
        let [(_, Response::HeartbeatTaken { subscriptions_changed })] = answers[..] else { panic!("{answers:?}") };
        let topics = usize::from(scene.broker.groups[&GroupIndex(0)].subscription(TopicIndex(0)).is_some());
        assert_eq!((*subscriptions_changed, topics), (changed, known), "step {step}");
        let blind = saw(&heard, |what| matches!(what, Observation::RegisteredWithoutSubscriptions { .. }));
        assert!(!blind, "step {step}: the group has subscriptions");
    }
}

#[test]
fn a_first_heartbeat_without_subscriptions_makes_a_member_without_any() {
    let plan = testing::plan(1);
    let mut scene = Scene::of(&plan);
    let data =
        ConsumerData { group: GroupIndex(0), message_model: MessageModel::Clustering, subscriptions: Rc::default() };
    let v2 = Some(HeartbeatV2 { fingerprint: 7, without_subscriptions: true });
    scene.ask(0, Request::Heartbeat { client: ClientIndex(0), consumers: vec![data], v2 });
    let heard = scene.until(ms(10));
    assert!(saw(&heard, |what| matches!(
        what,
        Observation::RegisteredWithoutSubscriptions { client: ClientIndex(0), .. }
    )));
    scene.pull(QueueIndex(0), 0, None);
    let refused = Pulled::Refused(crate::model::observation::PullTrouble::SubscriptionNotExist);
    assert_eq!(pulled(&scene.until(ms(20))), [refused]);
}

#[test]
fn what_the_queue_of_channel_events_cannot_hold_is_dropped_and_the_member_stays() {
    for (most, left) in [(1, 1), (2, 0)] {
        let plan = plan_with(|settings| settings.netty_event_queue_size = most);
        let mut scene = Scene::of(&plan);
        (0..2).for_each(|consumer| scene.heartbeat(consumer, &[0], 1));
        (0..2).for_each(|consumer| scene.end_channel(consumer, ChannelEnd::Closed));
        let heard = scene.until(ms(10));
        let dropped = saw(&heard, |what| matches!(what, Observation::ChannelEventDropped { .. }));
        let members = scene.broker.groups.get(&GroupIndex(0)).map_or(0, |members| members.len());
        assert_eq!((members, dropped), (left, left > 0), "a queue of {most}");
    }
}
