//! What QUERY_ASSIGNMENT answers (`QueryAssignmentProcessor.doLoadBalance`), by vectors.

use super::*;
use crate::model::network::{Assigned, AssignedQueue, QueryAssignment, RouteEntry};
use crate::model::observation::CommandRefusal;
use crate::model::plan::BrokerPlan;
use crate::model::replicas::Addresses;
use crate::strategy::registry::strategy;

/// All queues.
const ALL: &[i64] = &[-1];

/// The answer to a consumer, as queue ids, -1 for all of the broker.
fn answer(scene: &mut Scene<'_>, client: u32, model: MessageModel) -> Option<Vec<i64>> {
    let question = QueryAssignment {
        group: GroupIndex(0),
        topic: TopicIndex(0),
        client: ClientIndex(client),
        strategy: 0,
        message_model: model,
    };
    scene.ask(0, Request::QueryAssignment(question));
    let now = scene.out.now();
    let heard = scene.until(now + Span::from_millis(2));
    let answers = heard.responses();
    let [(_, Response::Assignment(assigned))] = answers.as_slice() else { panic!("{answers:?}") };
    let id = |assigned: &Assigned| match assigned.queue {
        AssignedQueue::One(queue) => i64::from(scene.out.names.queue(queue).queue_id),
        AssignedQueue::AllOf(..) => -1,
    };
    assigned.as_ref().map(|all| all.iter().map(id).collect())
}

/// The broker knows a route of so many queues, and so many members.
fn asked(plan: &Plan, queues: u32) -> Scene<'_> {
    let mut scene = members(plan);
    for consumer in 0..plan.consumers.len() {
        scene.out.names.intern_client(&format!("10.0.0.{consumer}@1"));
    }
    let entry = RouteEntry {
        broker: BrokerIndex(0),
        read_queue_nums: queues,
        write_queue_nums: queues,
        addresses: Addresses::default(),
    };
    let route = Ok(Response::Route(Some(Rc::new(vec![entry]))));
    scene.broker.load_balance_route_answered(&mut scene.out, TopicIndex(0), route);
    scene
}

#[test]
fn a_group_that_pops_shares_each_queue_with_the_next_members() {
    type Row = (u32, u16, i32, &'static str, &'static [&'static [i64]]);
    let rows: [Row; 9] = [
        (8, 4, 1, "AVG", &[&[0, 1, 2, 3], &[2, 3, 4, 5], &[4, 5, 6, 7], &[0, 1, 6, 7]]),
        (8, 4, 1, "AVG_BY_CIRCLE", &[&[0, 1, 4, 5], &[1, 2, 5, 6], &[2, 3, 6, 7], &[0, 3, 4, 7]]),
        (8, 3, 1, "AVG", &[&[0, 1, 2, 3, 4, 5], &[3, 4, 5, 6, 7], &[0, 1, 2, 6, 7]]),
        (5, 4, 1, "AVG", &[&[0, 1, 2], &[2, 3], &[3, 4], &[0, 1, 4]]),
        (3, 5, 1, "AVG", &[&[0], &[1], &[2], &[0], &[1]]),
        (8, 4, 3, "AVG", &[ALL, ALL, ALL, ALL]),
        (3, 2, 1, "AVG", &[ALL, ALL]),
        (8, 4, 0, "AVG", &[ALL, ALL, ALL, ALL]),
        (8, 4, -1, "AVG", &[ALL, ALL, ALL, ALL]),
    ];
    for (queues, count, share, name, expected) in rows {
        let mut plan = pop_plan(count, |pop| {
            (pop.default_message_request_mode, pop.default_pop_share_queue_num) = (RequestMode::Pop, share);
        });
        for consumer in &mut plan.consumers {
            consumer.consumer.allocate_message_queue_strategy = strategy(name).expect("it is RocketMQ's own");
        }
        let mut scene = asked(&plan, queues);
        for (client, expected) in (0..).zip(expected) {
            let told = answer(&mut scene, client, MessageModel::Clustering);
            assert_eq!(told.as_deref(), Some(*expected), "{queues} queues, {count} members, {share}, {name}: {client}");
        }
    }
}

#[test]
fn who_is_not_in_the_list_has_nothing_unless_all_have_everything() {
    for (mode, share, expected) in
        [(RequestMode::Pull, 0, &[][..]), (RequestMode::Pop, 1, &[]), (RequestMode::Pop, 0, ALL)]
    {
        let plan = pop_plan(4, |pop| {
            (pop.default_message_request_mode, pop.default_pop_share_queue_num) = (mode, share);
        });
        let mut scene = asked(&plan, 4);
        scene.out.names.intern_client("10.0.0.9@1");
        let told = answer(&mut scene, 4, MessageModel::Clustering);
        assert_eq!(told.as_deref(), Some(expected), "{mode:?}, {share}");
    }
}

#[test]
fn what_a_broker_cannot_say_it_answers_with_nothing() {
    let every: Option<&[i64]> = Some(&[0, 1, 2, 3]);
    type Breaks = fn(&mut Plan);
    type Row = (&'static str, Breaks, MessageModel, bool, Option<&'static [i64]>);
    let rows: [Row; 5] = [
        ("PULL", |_| {}, MessageModel::Clustering, true, every),
        ("BROADCASTING", |_| {}, MessageModel::Broadcasting, false, every),
        ("nobody is a member", |_| {}, MessageModel::Clustering, false, None),
        (
            "it deals nothing",
            |plan| plan.brokers[0].settings.pop.server_load_balancer_enable = false,
            MessageModel::Clustering,
            false,
            every,
        ),
        (
            "a strategy that it knows not",
            |plan| {
                let hash = strategy("CONSISTENT_HASH").expect("it is RocketMQ's own");
                plan.consumers[0].consumer.allocate_message_queue_strategy = hash;
            },
            MessageModel::Clustering,
            true,
            None,
        ),
    ];
    for (name, breaks, model, member, expected) in rows {
        let mut plan = pop_plan(1, |_| {});
        breaks(&mut plan);
        let mut scene = asked(&plan, 4);
        if !member {
            scene.broker.groups.clear();
        }
        assert_eq!(answer(&mut scene, 0, model).as_deref(), expected, "{name}");
    }
}

#[test]
fn a_topic_that_no_name_server_knows_has_no_answer() {
    let plan = pop_plan(1, |_| {});
    let mut scene = members(&plan);
    let question = QueryAssignment {
        group: GroupIndex(0),
        topic: TopicIndex(0),
        client: ClientIndex(0),
        strategy: 0,
        message_model: MessageModel::Clustering,
    };
    scene.ask(0, Request::QueryAssignment(question));
    assert!(scene.until(ms(15)).responses().is_empty(), "the broker asks a name server first");
    scene.broker.load_balance_route_answered(&mut scene.out, TopicIndex(0), Ok(Response::Route(None)));
    let heard = scene.until(ms(20));
    assert!(matches!(heard.responses()[..], [(_, Response::Assignment(None))]), "{:?}", heard.responses());
}

/// Trap PE4: each broker has its own mind, and a mode is refused for what it does not know. A group it does not know it makes
/// (`SubscriptionGroupManager.findSubscriptionGroupConfig`), so a mode can be set before the first member starts.
#[test]
fn a_mode_is_set_broker_by_broker_and_makes_the_group_that_is_not_there() {
    for (creates, expected) in [(true, Ok(())), (false, Err(CommandRefusal::SubscriptionGroupNotExist))] {
        let mut plan = pop_plan(1, |_| {});
        plan.brokers.push(BrokerPlan::master("b1"));
        plan.brokers[0].settings.auto_create_subscription_group = creates;
        // Nobody has sent a heartbeat.
        let mut scene = Scene::of(&plan);
        let both = (GroupIndex(0), TopicIndex(0));
        let mode = (RequestMode::Pop, 0);
        scene.broker.delete_group(&mut scene.out, GroupIndex(0), false);
        assert_eq!(scene.broker.set_request_mode(&mut scene.out, both, mode), expected);
        assert_eq!(scene.broker.has_group(&scene.out, GroupIndex(0)), creates);
        let mut other = Broker::new(BrokerIndex(1));
        assert_eq!(other.set_request_mode(&mut scene.out, both, mode), Err(CommandRefusal::TopicNotExist));
    }
}
