//! Rules in which releases of brokers differ ([`BrokerRules`]), each with and without
//! (`DefaultConsumerIdsChangeListener.NotifyTaskControl`, `SlaveSynchronize.syncTopicConfig`,
//! `ConsumerManageProcessor.updateConsumerOffset`).

use super::*;
use crate::model::ids::{BrokerIndex, GroupIndex, TopicIndex};
use crate::model::observation::{CommitPath, Detail, PullTrouble};
use crate::model::plan::{BrokerCosts, BrokerPlan, BrokerRules, Created};

/// So many consumers, and a broker with these rules.
fn plan_of(consumers: u16, rules: BrokerRules) -> Plan {
    let mut plan = testing::plan(consumers);
    plan.brokers[0].settings.rules = rules;
    plan
}

/// The same with a slave that has them, and is read from.
fn plan_with_slave(rules: BrokerRules) -> Plan {
    let mut plan = plan_of(1, rules);
    plan.brokers[0].settings.slave_read_enable = true;
    let master = plan.brokers[0].clone();
    plan.brokers.push(BrokerPlan { name: "b0-1".to_owned(), slave_of: Some(BrokerIndex(0)), broker_id: 1, ..master });
    plan
}

/// A third member comes at 1 s, and its pass takes 100 ms a member; 150 ms later another thread has a change.
#[test]
fn a_newer_change_breaks_off_the_pass_of_an_older_one() {
    let all: &[_] = &[(1_101, 0), (1_201, 1), (1_250, 0), (1_301, 2), (1_350, 2)];
    let broken_off: &[_] = &[(1_101, 0), (1_201, 1), (1_250, 0), (1_350, 2)];
    for (notify_task_control, told_at, left_out) in [(true, broken_off, vec![1]), (false, all, vec![])] {
        let mut plan = plan_of(3, BrokerRules { notify_task_control, ..BrokerRules::default() });
        plan.environment.broker_processors = Some(2);
        plan.environment.notification_time = Span::from_millis(100);
        let mut scene = Scene::of(&plan);
        (0..2).for_each(|consumer| scene.heartbeat(consumer, &[0], 1));
        scene.until(ms(1_000));
        scene.heartbeat(2, &[0], 1);
        let (mut times, mut counts) = (Vec::new(), Vec::new());
        for at in 1_001..1_500 {
            if at == 1_150 {
                scene.ask(1, Request::UnregisterClient { group: GroupIndex(0) });
            }
            let heard = scene.until(ms(at));
            times.extend(told(&scene, &heard).into_iter().map(|consumer| (at, consumer)));
            counts.extend(heard.seen.iter().filter_map(|what| match what {
                Observation::NotificationsBrokenOff { count, .. } => Some(*count),
                _ => None,
            }));
        }
        assert_eq!((times.as_slice(), counts), (told_at, left_out), "notifyTaskControl: {notify_task_control}");
    }
}

/// Two channels close at once: the event thread tells of the second when it has told all of the first.
#[test]
fn one_thread_breaks_off_nothing_of_its_own() {
    let mut plan = plan_of(4, BrokerRules::default());
    plan.environment.broker_processors = Some(4);
    plan.environment.notification_time = Span::from_millis(100);
    let mut scene = Scene::of(&plan);
    (0..4).for_each(|consumer| scene.heartbeat(consumer, &[0], 1));
    scene.until(ms(5_000));
    [3, 2].into_iter().for_each(|consumer| scene.end_channel(consumer, ChannelEnd::Closed));
    let heard = scene.until(ms(6_000));
    assert_eq!(told(&scene, &heard), [0, 1, 2, 0, 1]);
    assert!(!saw(&heard, |what| matches!(what, Observation::NotificationsBrokenOff { .. })));
}

#[test]
fn older_brokers_tell_broadcasting_groups_and_know_no_buffered_mode() {
    type Change = fn(&mut BrokerSettings);
    let rows: [(&str, Change, MessageModel, &[usize]); 4] = [
        ("5.3.3", |_| {}, MessageModel::Broadcasting, &[]),
        ("5.3.0", |own| own.rules.notify_broadcasting_groups = true, MessageModel::Broadcasting, &[0, 0, 1]),
        ("5.3.3", |own| own.real_time_notify_consumer_change = false, MessageModel::Clustering, &[]),
        (
            "4.9.7",
            |own| {
                own.real_time_notify_consumer_change = false;
                own.rules.buffered_notifications = false;
            },
            MessageModel::Clustering,
            &[0, 0, 1],
        ),
    ];
    for (release, change, model, expected) in rows {
        let plan = plan_with(change);
        let mut scene = Scene::of(&plan);
        (0..2).for_each(|consumer| scene.heartbeat_as(consumer, &[0], 1, model, TagSet::ALL));
        let heard = scene.until(ms(10));
        assert_eq!(told(&scene, &heard), expected, "{release} in {model:?}");
    }
}

#[test]
fn a_slave_asks_after_sixty_seconds_and_before_five_every_ten() {
    for (slave_sync_timer, expected) in [(false, vec![63, 126]), (true, vec![3, 13, 23, 33, 43, 53, 63, 73])] {
        let plan = plan_with_slave(BrokerRules { slave_sync_timer, ..BrokerRules::default() });
        let mut scene = Scene::of_broker(&plan, BrokerIndex(1));
        scene.broker.start_timers(&mut scene.out);
        let mut asked = Vec::new();
        for second in 1..=130 {
            let heard = scene.until(ms(second * 1_000));
            let asks = |what: &Observation| matches!(what, Observation::Detail(Detail::SlaveAsks { .. }));
            asked.extend(saw(&heard, asks).then_some(second));
        }
        asked.truncate(expected.len());
        assert_eq!(asked, expected, "a timer of its own: {slave_sync_timer}");
    }
}

/// 11 topics and 11 groups, those of RocketMQ among them, with a write of 5 ms for each.
#[test]
fn a_slave_that_makes_its_topics_again_refuses_pulls_and_commits_meanwhile() {
    for (slave_remakes_topics, times) in [(true, [false, false, true]), (false, [true; 3])] {
        let mut plan = plan_with_slave(BrokerRules { slave_remakes_topics, ..BrokerRules::default() });
        plan.environment.config_write = Span::from_millis(5);
        let mut scene = Scene::of_broker(&plan, BrokerIndex(1));
        scene.heartbeat(0, &[0], 1);
        scene.until(ms(1_000));
        let answer = Response::AllOffsets(Rc::default(), Default::default(), Rc::default());
        scene.broker.slave_synchronised(&mut scene.out, Ok(answer));
        // Topics are away until 1.055 s, and groups until 1.11 s.
        for (number, (at, taken)) in (1..).zip([1_050, 1_100, 1_111].into_iter().zip(times)) {
            scene.until(ms(at));
            let path = CommitPath::PersistTimer;
            let (group, queue) = (GroupIndex(0), QueueIndex(0));
            scene.ask(0, Request::UpdateOffset { group, queue, offset: number, path });
            let known = scene.broker.offsets.get(group, queue) == Some(number);
            assert_eq!(known, taken, "a commit at {at} ms, remakes: {slave_remakes_topics}");
            scene.pull(queue, 0, None);
            let heard = scene.until(ms(at + 2));
            let refused = pulled(&heard) == [Pulled::Refused(PullTrouble::TopicNotExist)];
            assert_eq!(refused, slave_remakes_topics && at < 1_055, "a pull at {at} ms");
        }
    }
}

#[test]
fn older_brokers_take_commits_for_what_is_not_there() {
    // Whether the topic and the group are there, what is looked at, whether the commit counts.
    for (topic, group, looks_at, taken) in [
        (true, true, (true, true), true),
        (false, true, (true, true), false),
        (false, true, (false, false), true),
        (true, false, (true, true), false),
        (true, false, (true, false), true),
        (false, false, (false, false), true),
    ] {
        let (check_topic_of_commit, check_group_of_commit) = looks_at;
        let mut plan =
            plan_of(1, BrokerRules { check_topic_of_commit, check_group_of_commit, ..BrokerRules::default() });
        plan.groups[0].created = if group { Created::Everywhere } else { Created::Nowhere };
        let mut scene = Scene::of(&plan);
        if !topic {
            scene.out.configurations[0].remove_topic(TopicIndex(0));
        }
        let path = CommitPath::PersistTimer;
        scene.ask(0, Request::UpdateOffset { group: GroupIndex(0), queue: QueueIndex(0), offset: 7, path });
        let known = scene.broker.offsets.get(GroupIndex(0), QueueIndex(0)) == Some(7);
        assert_eq!(known, taken, "topic: {topic}, group: {group}, looks at {looks_at:?}");
    }
}

/// Without an offset: of an empty queue, of one with its first message in memory, of one with it on the disk alone.
#[test]
fn older_brokers_answer_zero_for_an_empty_queue() {
    for (zero_unless_on_disk, expected) in [(false, [None, Some(0), None]), (true, [Some(0), Some(0), None])] {
        let plan = plan_of(1, BrokerRules { zero_unless_on_disk, ..BrokerRules::default() });
        let mut scene = Scene::of(&plan);
        let asked = |scene: &Scene<'_>| match scene.broker.query_offset(&scene.out, GroupIndex(0), QueueIndex(0)) {
            Response::Offset { offset, .. } => offset,
            other => panic!("{other:?}"),
        };
        let mut answers = vec![asked(&scene)];
        scene.send(QueueIndex(0), 0);
        scene.until(ms(10));
        answers.push(asked(&scene));
        scene.out.logs[0].page_out(QueueIndex(0));
        answers.push(asked(&scene));
        assert_eq!(answers, expected, "zeroUnlessOnDisk: {zero_unless_on_disk}");
    }
}

#[test]
fn a_reset_waits_beyond_its_topic_until_five_five() {
    for (forget_resets_of_topic, waits) in [(false, Some(3)), (true, None)] {
        let plan = plan_of(1, BrokerRules { forget_resets_of_topic, ..BrokerRules::default() });
        let mut scene = Scene::of(&plan);
        scene.broker.offsets.assign_reset(GroupIndex(0), QueueIndex(0), 3);
        assert!(!scene.broker.delete_topic(&mut scene.out, TopicIndex(0)).is_empty());
        assert_eq!(scene.broker.take_reset(GroupIndex(0), QueueIndex(0)), waits);
    }
}

/// As measured: three lists of a group of one hold one event loop for 174.5 us each, and a second loop is free.
#[test]
fn with_measured_costs_answers_wait_for_the_event_loop_of_their_connection() {
    for (threads, expected) in [(1, [1_260, 1_434, 1_609]), (3, [1_260, 1_260, 1_260])] {
        let mut plan = plan_of(3, BrokerRules::default());
        plan.environment.broker_processors = Some(8);
        plan.environment.broker_costs = BrokerCosts::Measured;
        plan.brokers[0].settings.server_selector_threads = threads;
        let mut scene = Scene::of(&plan);
        scene.out.names.intern_client("a");
        scene.heartbeat(0, &[0], 1);
        scene.until(ms(1_000));
        (0..3).for_each(|consumer| scene.ask(consumer, Request::GetConsumerList { group: GroupIndex(0) }));
        let mut times = Vec::new();
        for tenth in 1..300_u64 {
            let at = Span::from_micros(1_000_000 + 10 * tenth);
            let heard = scene.until(Instant::ZERO + at);
            let lists = heard.responses().into_iter().filter(|(_, answer)| matches!(answer, Response::ConsumerList(_)));
            times.extend(lists.map(|_| 10 * tenth));
        }
        // 85 us in a thread, the event loop, 1 ms on the way; looked at every 10 us.
        let rounded = expected.map(|us: u64| us.div_ceil(10) * 10);
        assert_eq!(times, rounded, "{threads} event loops");
    }
}
