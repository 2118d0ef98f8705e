//! A client that speaks gRPC by itself: what it asks proxies, and what it does with what they answer.

use std::rc::Rc;

use super::GrpcClient;
use crate::kernel::{Distribution, Span};
use crate::model::consumer::State;
use crate::model::event::{Event, GrpcTask, InstanceEvent};
use crate::model::ids::{BrokerIndex, ConsumerIndex, TopicIndex};
use crate::model::instance::ClientProcess;
use crate::model::instance::testing::{at, queue, route};
use crate::model::network::{
    AssignedQueue, CallError, Endpoint, GrpcAssigned, GrpcRequest, GrpcResponse, PopHandle, PoppedMessage, Receive,
    Request, RetryFlag,
};
use crate::model::observation::{Observation, PopTrouble};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerPlan, GrpcSettings, Host, Plan, SimpleConsumerSettings, TopicOnBroker};
use crate::model::testing::{Heard, connect, hear, outside, plan};

const TOPIC: TopicIndex = TopicIndex(0);

/// One client, and two brokers with a proxy each.
fn of_grpc(settings: GrpcSettings) -> Plan {
    let mut plan = plan(1);
    plan.brokers.push(BrokerPlan::master("b1"));
    plan.topics[0].queues.push(TopicOnBroker { broker: BrokerIndex(1), read_queue_nums: 4, write_queue_nums: 4 });
    plan.consumers[0].client.grpc = Some(settings);
    plan
}

fn simple() -> GrpcSettings {
    GrpcSettings { simple: Some(SimpleConsumerSettings::default()), ..GrpcSettings::default() }
}

/// It runs, and has the route of its topic.
fn running(out: &mut Outside<'_>) -> ClientProcess {
    let mut process = ClientProcess::all(out).swap_remove(0);
    for broker in [0, 1] {
        connect(out, Host::Consumer(ConsumerIndex(0)), Host::Broker(BrokerIndex(broker)));
    }
    let mut client = GrpcClient::new(process.instance.owner, out.streams);
    client.routes.insert(TOPIC, (route(&[BrokerIndex(0), BrokerIndex(1)]), true));
    process.grpc = Some(client);
    let planned = out.planned(ConsumerIndex(0));
    process.consumers[0].subscribe(planned, &out.names, 1);
    process.consumers[0].subscriptions.retain(|subscription| subscription.topic == TOPIC);
    process.consumers[0].state = State::Running;
    let settings = process.grpc_settings(out);
    let threads = settings.simple.map_or(settings.consumption_thread_count, |simple| simple.receiving_threads);
    process.grpc().pool.open(threads);
    hear(out, out.now());
    process
}

const fn all_of(broker: u16) -> GrpcAssigned {
    let broker = BrokerIndex(broker);
    GrpcAssigned { queue: AssignedQueue::AllOf(broker, TOPIC), endpoint: Endpoint::Broker(broker) }
}

fn assign(out: &mut Outside<'_>, process: &mut ClientProcess, brokers: &[u16]) {
    let assigned = brokers.iter().map(|&broker| all_of(broker)).collect();
    process.grpc_assignment_answered(out, TOPIC, Ok(GrpcResponse::Assignment(Rc::new(assigned))));
}

/// So many messages of a queue, which are in the log.
fn messages(out: &mut Outside<'_>, count: u32, reconsume_times: u32) -> GrpcResponse {
    let queue = queue(out, 0);
    out.logs[0].fill(queue, 0..count);
    let message = |offset| PoppedMessage {
        life: 0,
        reconsume_times,
        handle: PopHandle {
            pop_time: out.broker_clock(BrokerIndex(0)),
            invisible: Span::from_secs(60),
            revive_queue: 0,
            retry: RetryFlag::Normal,
            broker: BrokerIndex(0),
            queue,
            offset,
            start_offset: 0,
        },
    };
    GrpcResponse::Received(Rc::new((0..count.into()).map(message).collect()))
}

fn asked(heard: &Heard) -> Vec<GrpcRequest> {
    let grpc = |(_, request): (_, &Request)| match request {
        Request::Grpc(request) => Some(request.clone()),
        _ => None,
    };
    heard.requests().into_iter().filter_map(grpc).collect()
}

fn words(heard: &Heard) -> Vec<&'static str> {
    asked(heard).iter().map(Into::into).collect()
}

/// What it receives from.
fn receives(heard: &Heard) -> Vec<Receive> {
    let receive = |request: GrpcRequest| match request {
        GrpcRequest::Receive(receive) => Some(receive),
        _ => None,
    };
    asked(heard).into_iter().filter_map(receive).collect()
}

/// Its timers that were due, with their ms.
fn due(heard: &Heard) -> Vec<(u64, GrpcTask)> {
    let task = |(at, event): &(crate::kernel::Instant, Event)| match event {
        Event::Instance { what: InstanceEvent::GrpcTaskDue { task }, .. } => Some((at.as_millis(), *task)),
        _ => None,
    };
    heard.due.iter().filter_map(task).collect()
}

#[test]
fn each_assignment_has_one_receive_under_way() {
    let plan = of_grpc(GrpcSettings::default());
    let mut out = outside(&plan);
    let mut process = running(&mut out);
    assign(&mut out, &mut process, &[0, 1]);
    let first = receives(&hear(&mut out, at(10)));
    let brokers: Vec<u16> = first.iter().map(|receive| receive.broker.0).collect();
    assert_eq!(brokers, [0, 1]);
    assert!(first.iter().all(|receive| receive.max_messages == 32 && receive.invisible.is_none()));
    assert_eq!(first[0].deadline, Span::from_secs(23));
    assign(&mut out, &mut process, &[0, 1]);
    assert_eq!(receives(&hear(&mut out, at(20))).len(), 0, "what was assigned goes on");
    process.grpc_received(&mut out, 0, Ok(GrpcResponse::MessageNotFound));
    assert_eq!(receives(&hear(&mut out, at(30))).len(), 1);
    // What is assigned no more is asked for once more by nobody.
    assign(&mut out, &mut process, &[0]);
    process.grpc_received(&mut out, 1, Ok(GrpcResponse::MessageNotFound));
    assert_eq!(receives(&hear(&mut out, at(40))).len(), 0);
    process.grpc_assignment_answered(&mut out, TOPIC, Ok(GrpcResponse::Forbidden));
    process.grpc_assignment_answered(&mut out, TOPIC, Err(CallError::TimedOut));
    assert_eq!(process.grpc().table.len(), 1, "a failure changes nothing");
}

/// What a receive is answered with, and when the next is due, in ms; whether it is the same attempt.
#[test]
fn a_receive_that_fails_is_repeated_later() {
    let rows = [
        (Ok(GrpcResponse::TooManyRequests), PopTrouble::PollingFull, 20, false),
        (Ok(GrpcResponse::InternalServerError), PopTrouble::Refused, 1_000, false),
        (Err(CallError::Unreachable), PopTrouble::BrokerUnreachable, 1_000, false),
        (Err(CallError::TimedOut), PopTrouble::TimedOut, 1_000, true),
    ];
    for (answer, trouble, delay, same) in rows {
        let plan = of_grpc(GrpcSettings::default());
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        assign(&mut out, &mut process, &[0]);
        let first = receives(&hear(&mut out, at(10)))[0].attempt_id;
        process.grpc_received(&mut out, 0, answer);
        let heard = hear(&mut out, at(2_000));
        assert_eq!(due(&heard), [(10 + delay, GrpcTask::Receive { queue: 0 })]);
        let said = |seen: &Observation| matches!(seen, Observation::PopTroubled { trouble: of, .. } if *of == trouble);
        assert!(heard.seen.iter().any(said), "{trouble:?}");
        process.grpc_task_due(&mut out, GrpcTask::Receive { queue: 0 });
        let again = receives(&hear(&mut out, at(2_100)))[0].attempt_id;
        assert_eq!(again == first, same, "{trouble:?}");
    }
}

/// `maxCacheMessageCount` is divided by the assignments, of which there are two: what is received, and whether more is.
#[test]
fn a_full_cache_receives_nothing_for_a_second() {
    for (most, count, receives_on) in [(10, 4, Some(1)), (10, 5, None), (100, 30, Some(20)), (4_096, 30, Some(32))] {
        let mut plan = of_grpc(GrpcSettings { max_cache_message_count: most, ..GrpcSettings::default() });
        plan.consumers[0].listener.work = Distribution::Constant(Span::from_secs(60));
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        assign(&mut out, &mut process, &[0, 1]);
        hear(&mut out, at(10));
        let found = messages(&mut out, count, 0);
        process.grpc_received(&mut out, 0, Ok(found));
        let heard = hear(&mut out, at(1_500));
        assert_eq!(receives(&heard).first().map(|receive| receive.max_messages), receives_on, "{most}");
        let later = due(&heard).contains(&(1_010, GrpcTask::Receive { queue: 0 }));
        assert_eq!(later, receives_on.is_none(), "{most}");
    }
}

/// What the proxy says to an acknowledgement, whether it is said again, and whether the message counts in the cache.
#[test]
fn an_acknowledgement_is_repeated_every_second_until_it_is_heard() {
    let rows = [
        (Ok(GrpcResponse::Ok), false),
        (Ok(GrpcResponse::InvalidReceiptHandle), false),
        (Ok(GrpcResponse::InternalServerError), true),
        (Err(CallError::TimedOut), true),
    ];
    for (answer, again) in rows {
        let plan = of_grpc(GrpcSettings::default());
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        assign(&mut out, &mut process, &[0]);
        let found = messages(&mut out, 1, 0);
        process.grpc_received(&mut out, 0, Ok(found));
        assert!(words(&hear(&mut out, at(10))).contains(&"ack"));
        let number = *process.grpc().telling.keys().next().expect("it is said");
        let refused = matches!(answer, Ok(GrpcResponse::InvalidReceiptHandle));
        process.grpc_told(&mut out, number, answer);
        let heard = hear(&mut out, at(1_500));
        assert_eq!(due(&heard).contains(&(1_010, GrpcTask::Repeat { number })), again);
        assert_eq!(process.grpc().queues[0].cached, u32::from(again));
        let failed = |seen: &Observation| matches!(seen, Observation::AckFailed { .. });
        assert_eq!(heard.seen.iter().any(failed), refused);
    }
}

/// By how often a message came back: for how many seconds nobody sees one that failed.
#[test]
fn what_failed_is_invisible_for_longer_each_time() {
    for (times, seconds) in [(0, 1), (1, 5), (2, 10), (3, 30), (17, 7_200), (40, 7_200)] {
        let mut plan = of_grpc(GrpcSettings::default());
        plan.consumers[0].listener.failures_per_million = 1_000_000;
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        assign(&mut out, &mut process, &[0]);
        let found = messages(&mut out, 1, times);
        process.grpc_received(&mut out, 0, Ok(found));
        let said = asked(&hear(&mut out, at(10))).into_iter().find_map(|request| match request {
            GrpcRequest::ChangeInvisible { invisible, .. } => Some(invisible),
            _ => None,
        });
        assert_eq!(said, Some(Span::from_secs(seconds)), "{times}");
    }
}

/// One after the other, again in the client, and dead after the last attempt.
#[test]
fn messages_of_a_fifo_batch_wait_for_each_other() {
    let plan = of_grpc(GrpcSettings::default());
    for (failures, expected) in [(0, "ack"), (1_000_000, "to_dead_letter_queue")] {
        let mut plan = plan.clone();
        plan.consumers[0].listener.failures_per_million = failures;
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        (process.grpc().settings.fifo, process.grpc().settings.max_attempts) = (true, 2);
        assign(&mut out, &mut process, &[0]);
        hear(&mut out, at(1));
        let found = messages(&mut out, 2, 0);
        process.grpc_received(&mut out, 0, Ok(found));
        let mut heard = hear(&mut out, at(10));
        if failures > 0 {
            let again = hear(&mut out, at(1_500));
            assert_eq!(due(&again), [(1_001, GrpcTask::ConsumeAgain { list: 0 })], "the second attempt");
            process.grpc_task_due(&mut out, GrpcTask::ConsumeAgain { list: 0 });
            heard = hear(&mut out, at(1_600));
        }
        let delivered = |seen: &&Observation| matches!(seen, Observation::Delivered { offset: 1, .. });
        assert_eq!(heard.seen.iter().filter(delivered).count(), 0, "the first is not told yet");
        assert!(words(&heard).contains(&expected), "{:?}", words(&heard));
        let number = *process.grpc().telling.keys().next().expect("it is said");
        process.grpc_told(&mut out, number, Ok(GrpcResponse::Ok));
        let heard = hear(&mut out, at(1_700));
        assert_eq!(heard.seen.iter().filter(delivered).count(), 1);
    }
}

/// From 5.0.8 on the goodbye comes last, a second behind the last listener; before it comes first.
#[test]
fn close_says_goodbye_when_its_release_does() {
    for (close_waits, expected) in [(true, 3), (false, 1)] {
        let mut plan = of_grpc(GrpcSettings { close_waits, ..GrpcSettings::default() });
        plan.consumers[0].listener.work = Distribution::Constant(Span::from_secs(1));
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        assign(&mut out, &mut process, &[0]);
        hear(&mut out, at(10));
        let found = messages(&mut out, 1, 0);
        process.grpc_received(&mut out, 0, Ok(found));
        hear(&mut out, at(1_000));
        process.grpc_close(&mut out);
        let (mut said, mut turns) = (false, 0);
        while !said && turns < 50 {
            turns += 1;
            // The receive that was under way comes to nothing at once.
            if process.grpc().receiving > 0 {
                process.grpc_received(&mut out, 0, Ok(GrpcResponse::MessageNotFound));
            }
            let heard = hear(&mut out, at(1_000 + turns * 1_000));
            said = words(&heard).contains(&"notify_termination");
            for (_, task) in due(&heard) {
                process.grpc_task_due(&mut out, task);
            }
        }
        assert_eq!((said, turns), (true, expected), "waits: {close_waits}");
    }
}

/// One queue after the other, whichever broker has messages; never a second receive of a thread beside the first.
#[test]
fn a_simple_consumer_goes_round() {
    let plan = of_grpc(simple());
    let mut out = outside(&plan);
    let mut process = running(&mut out);
    process.grpc_begin_receiving(&mut out);
    let mut brokers = Vec::new();
    for turn in 1..=8 {
        let heard = receives(&hear(&mut out, at(turn * 10)));
        assert_eq!(heard.len(), 1);
        assert_eq!((heard[0].invisible, heard[0].deadline), (Some(Span::from_secs(15)), Span::from_secs(33)));
        brokers.push(heard[0].broker.0);
        process.grpc_simple_received(&mut out, 0, Ok(GrpcResponse::MessageNotFound));
    }
    let zeros = brokers.iter().filter(|broker| **broker == 0).count();
    assert_eq!(zeros, 4, "each broker has four of eight queues: {brokers:?}");
    // An error is waited for.
    hear(&mut out, at(100));
    process.grpc_simple_received(&mut out, 0, Err(CallError::TimedOut));
    let heard = hear(&mut out, at(1_500));
    assert_eq!(due(&heard), [(1_100, GrpcTask::ReceiveAgain { thread: 0 })]);
}
