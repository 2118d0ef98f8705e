//! Tables of one producer without a world: where it sends, what it does with answers, and what the application is told.

use crate::model::ids::{AddressNumber, BrokerIndex, NameServerIndex, ProducerIndex, TopicIndex};
use std::rc::Rc;

use super::Producer;
use crate::kernel::{Instant, Span};
use crate::model::event::ProducerEvent;
use crate::model::marks::Mark;
use crate::model::network::{Attempt, CallError, Payload, Request, Response, RouteEntry};
use crate::model::observation::{Observation, SendFailure, SendRefusal, SentMessage, StoreDelay};
use crate::model::outside::Outside;
use crate::model::plan::{Arrivals, BrokerPlan, Host, Plan, ProducerPlan, RecordedMessage};
use crate::model::replicas::Addresses;
use crate::model::testing::{self, Heard};

const SENT: SentMessage = SentMessage { producer: ProducerIndex(0), number: 0 };

/// Two brokers with the topic, and a producer of ten messages a second.
fn plan_with(change: impl FnOnce(&mut ProducerPlan)) -> Plan {
    let mut plan = testing::plan(0);
    plan.brokers.push(BrokerPlan::master("b1"));
    let mut producer = ProducerPlan {
        name: "p0".to_owned(),
        topic: TopicIndex(0),
        arrivals: Arrivals::Constant { interval: Span::from_millis(100) },
        from: Instant::ZERO,
        until: None,
        queue_weights: Vec::new(),
        tags: Vec::new(),
        keys: 0,
        send_timeout: Span::from_secs(3),
        send_timeout_per_request: None,
        retry_times: 2,
        retry_when_not_store_ok: false,
        body_bytes: 100,
        poll_name_server_interval: Span::from_secs(30),
    };
    change(&mut producer);
    plan.producers.push(producer);
    plan
}

/// A producer that runs, with connections to the name server and both brokers.
struct Scene<'a> {
    producer: Producer,
    out: Outside<'a>,
}

impl<'a> Scene<'a> {
    fn of(plan: &'a Plan) -> Self {
        let mut out = testing::outside(plan);
        for to in [Host::NameServer(NameServerIndex(0)), Host::Broker(BrokerIndex(0)), Host::Broker(BrokerIndex(1))] {
            testing::connect(&mut out, Host::Producer(ProducerIndex(0)), to);
        }
        let producer = Producer::new(ProducerIndex(0), &plan.producers[0], out.streams);
        Self { producer, out }
    }

    /// The same with a route of two queues on each broker.
    fn with_route(plan: &'a Plan) -> Self {
        let mut scene = Self::of(plan);
        scene.take_route();
        scene
    }

    fn take_route(&mut self) {
        let route = [0, 1].map(BrokerIndex).map(|broker| {
            let mut addresses = Addresses::default();
            addresses.put(0, broker, AddressNumber::MIN);
            RouteEntry { broker, read_queue_nums: 2, write_queue_nums: 2, addresses }
        });
        let answer = Ok(Response::Route(Some(Rc::new(route.to_vec()))));
        self.producer.route_answered(&mut self.out, TopicIndex(0), answer);
    }

    fn sends(&mut self) {
        self.producer.event(&mut self.out, ProducerEvent::MessageDue);
    }

    fn hear(&mut self, after: Span) -> Heard {
        let until = self.out.now() + after;
        testing::hear(&mut self.out, until)
    }
}

/// The brokers and queues that messages were sent to.
fn targets(scene: &Scene<'_>, heard: &Heard) -> Vec<(u16, u32)> {
    let sent = heard.arrived.iter().filter_map(|(_, payload)| match payload {
        Payload::Request(_, Request::Send { queue, .. }) => Some(scene.out.names.queue(*queue)),
        _ => None,
    });
    sent.map(|place| (place.broker.0, place.queue_id)).collect()
}

#[test]
fn messages_go_round_the_writable_queues_and_by_key_to_one() {
    let plan = plan_with(|_| {});
    let mut scene = Scene::with_route(&plan);
    (0..5).for_each(|_| scene.sends());
    let heard = scene.hear(Span::from_millis(2));
    let targets_of_five = targets(&scene, &heard);
    let mut all = [(0, 0), (0, 1), (1, 0), (1, 1)].to_vec();
    let first = all.iter().position(|place| *place == targets_of_five[0]).expect("it is one of them");
    all.rotate_left(first);
    assert_eq!(targets_of_five[..4], all[..]);
    assert_eq!(targets_of_five[4], targets_of_five[0], "round robin");
    assert_eq!(
        [7, 2, 3].map(|key| scene.producer.queue_of_key(key)),
        [Some(3), Some(2), Some(3)].map(|at: Option<usize>| at.map(|at| scene.producer.queues[at]))
    );
}

/// Members filter by tag: a recorded message without its producer's is handed to nobody who wants one.
#[test]
fn recorded_messages_carry_the_tag_of_their_producer() {
    let message = RecordedMessage { at: Instant::ZERO, phase: Span::ZERO, broker: BrokerIndex(1), queue_id: 1 };
    let plan = plan_with(|producer| {
        producer.arrivals = Arrivals::Recorded(vec![message; 3]);
        producer.tags = vec![(2, 1)];
    });
    let mut scene = Scene::with_route(&plan);
    scene.sends();
    let heard = scene.hear(Span::from_millis(2));
    let tags = heard.arrived.iter().filter_map(|(_, payload)| match payload {
        Payload::Request(_, Request::Send { mark, .. }) => Some(mark.tag),
        _ => None,
    });
    assert_eq!(tags.collect::<Vec<u8>>(), [2, 2, 2]);
}

#[test]
fn what_comes_before_the_first_route_waits_for_it_and_is_told_where_none_comes() {
    let plan = plan_with(|_| {});
    let mut scene = Scene::of(&plan);
    scene.sends();
    let asked = scene.hear(Span::from_millis(2));
    assert_eq!(
        asked
            .requests()
            .iter()
            .filter(|(_, request)| matches!(request, Request::GetRoute { topic: TopicIndex(0) }))
            .count(),
        1
    );
    scene.take_route();
    let heard = scene.hear(Span::from_millis(2));
    assert_eq!(targets(&scene, &heard).len(), 1, "it is sent when the route is there");
    let mut scene = Scene::of(&plan);
    scene.sends();
    scene.producer.route_answered(&mut scene.out, TopicIndex(0), Err(CallError::TimedOut));
    let told = scene.hear(Span::from_millis(2)).seen;
    assert_eq!(told, [Observation::SendFailed { sent: SENT, broker: None, why: SendFailure::NoRoute }]);
}

#[test]
fn a_failed_attempt_goes_to_another_broker_until_the_attempts_or_the_time_are_over() {
    let plan = plan_with(|_| {});
    let attempt = |number, began_ms| Attempt {
        number,
        began: Instant::from_millis(began_ms),
        in_doubt: None,
        mark: Mark::default(),
    };
    let unreachable = || Err(CallError::Unreachable);
    let refused = |why| Ok(Response::SendRefused(why));
    // Attempts before, how long ago the first began, the answer: is it tried again, and what else is seen.
    let table = [
        (attempt(0, 5_000), unreachable(), true),
        (attempt(1, 5_000), unreachable(), true),
        (attempt(2, 5_000), unreachable(), false),
        (attempt(0, 2_000), unreachable(), false),
        (attempt(0, 5_000), refused(SendRefusal::NotMaster), SendRefusal::NotMaster.is_tried_again()),
        (attempt(0, 5_000), refused(SendRefusal::IllegalQueueId), SendRefusal::IllegalQueueId.is_tried_again()),
        (Attempt { mark: Mark { tag: 0, key: 3 }, ..attempt(0, 5_000) }, unreachable(), false),
        (attempt(0, 5_000), Ok(Response::QueueOffset(7)), false),
    ];
    for (attempt, answer, again) in table {
        let mut scene = Scene::with_route(&plan);
        scene.hear(Span::from_millis(5_000));
        let queue = scene.producer.queues[0];
        let (held, said) = (matches!(answer, Ok(Response::QueueOffset(_))), format!("{attempt:?} {answer:?}"));
        scene.producer.send_answered(&mut scene.out, SENT, queue, (attempt, false), answer);
        let heard = scene.hear(Span::from_millis(2));
        let targets = targets(&scene, &heard);
        assert_eq!(targets.len(), usize::from(again), "{said}");
        assert!(targets.iter().all(|(broker, _)| *broker == 1), "the broker that failed is avoided: {said}");
        let told = heard.seen.iter().any(|seen| matches!(seen, Observation::SendFailed { .. }));
        assert_eq!(told, !again && !held, "{said}: {:?}", heard.seen);
    }
}

#[test]
fn what_is_stored_in_doubt_is_sent_again_only_where_that_is_set() {
    for again in [false, true] {
        let plan = plan_with(|producer| producer.retry_when_not_store_ok = again);
        let mut scene = Scene::with_route(&plan);
        let (queue, delay) = (scene.producer.queues[0], StoreDelay::FlushDisk);
        let attempt = Attempt { number: 0, began: Instant::ZERO, in_doubt: None, mark: Mark::default() };
        scene.producer.send_answered(
            &mut scene.out,
            SENT,
            queue,
            (attempt, true),
            Ok(Response::NotStoredInTime(delay)),
        );
        let heard = scene.hear(Span::from_millis(2));
        let doubts =
            heard.seen.iter().filter(|seen| matches!(seen, Observation::SendInDoubt { why, .. } if *why == delay));
        assert_eq!((targets(&scene, &heard).len(), doubts.count()), if again { (1, 0) } else { (0, 1) });
    }
}

#[test]
fn the_route_is_polled_and_messages_end_when_they_are_to() {
    let plan = plan_with(|producer| producer.until = Some(Instant::from_millis(150)));
    let mut scene = Scene::of(&plan);
    scene.producer.start(&mut scene.out);
    let mut sent = 0;
    let mut polls = 0;
    for _ in 0..6_500 {
        for (_, event) in scene.hear(Span::from_millis(10)).due {
            let crate::model::event::Event::Producer { what, .. } = event else { continue };
            sent += u32::from(what == ProducerEvent::MessageDue);
            polls += u32::from(what == ProducerEvent::ProducerRoutePolled);
            scene.producer.event(&mut scene.out, what);
        }
    }
    assert_eq!((sent, polls), (3, 3), "0, 100 and 200 ms, where it ends; 0, 30 and 60 s");
}
