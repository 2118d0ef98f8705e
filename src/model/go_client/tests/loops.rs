//! Loops that sleep: tickers, pull loops, a start that is given its time; and the mutex that route requests wait for.

use super::{of_go, running_go, sent_until};
use crate::kernel::Span;
use crate::model::consumer::State;
use crate::model::event::{ConsumerEvent, Event, GoTask, InstanceEvent};
use crate::model::go_client::routes::RouteFor;
use crate::model::ids::{BrokerIndex, TopicIndex};
use crate::model::instance::testing::{at, hold, pulls, route, sent};
use crate::model::network::{CallError, Response};
use crate::model::observation::Observation;
use crate::model::testing::{Heard, hear, outside, plan};

/// When the tickers of a task tick, in ms.
fn ticks(heard: &Heard, wanted: GoTask) -> Vec<u64> {
    let tick = |(at, event): &(crate::kernel::Instant, Event)| match event {
        Event::Instance { what: InstanceEvent::GoTaskDue { task }, .. } if *task == wanted => Some(at.as_millis()),
        _ => None,
    };
    heard.due.iter().filter_map(tick).collect()
}

/// The first run takes 700 ms, and what comes later puts nothing off.
#[test]
fn routes_and_heartbeats_tick_a_period_after_their_first_run_has_ended() {
    for (task, first) in [(GoTask::RoutePoll, 30_700), (GoTask::Heartbeat, 30_700), (GoTask::Rebalance, 20_000)] {
        let plan = of_go(plan(1));
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        process.go_task_due(&mut out, task);
        let early = ticks(&hear(&mut out, at(700)), task);
        match task {
            GoTask::RoutePoll => (0..2).for_each(|_| process.go_route_answered(&mut out, Err(CallError::TimedOut))),
            GoTask::Heartbeat => process.go_heartbeat_answered(&mut out),
            _ => {}
        }
        assert_eq!(early, [0_u64; 0], "{task:?}");
        assert_eq!(ticks(&hear(&mut out, at(35_000)), task), [first], "{task:?}");
        process.go_task_due(&mut out, task);
        let period = if task == GoTask::Rebalance { 20_000 } else { 30_000 };
        assert_eq!(ticks(&hear(&mut out, at(90_000)), task), [35_000 + period], "{task:?}");
    }
}

/// Ticks that come during a poll, and how many polls follow it.
#[test]
fn a_tick_during_a_poll_waits_for_its_end_and_a_second_does_not() {
    for (ticks, polls) in [(0, 0), (1, 1), (2, 1)] {
        let plan = of_go(plan(1));
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        process.consumers[0].subscriptions.retain(|subscription| subscription.topic == TopicIndex(0));
        (0..=ticks).for_each(|_| process.go_task_due(&mut out, GoTask::RoutePoll));
        assert_eq!(sent_until(&mut out, at(10)), ["NameServer(0): route 0"]);
        let mut more = 0;
        loop {
            process.go_route_answered(&mut out, Err(CallError::TimedOut));
            if sent_until(&mut out, at(20 + 10 * more)).is_empty() {
                break;
            }
            more += 1;
        }
        assert_eq!(more, polls, "{ticks} ticks");
    }
}

/// Two ask for routes: the second when the first has its answer.
#[test]
fn one_route_is_asked_for_at_a_time() {
    let plan = of_go(plan(1));
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    let (life, number) = (process.consumers[0].life, hold(&mut out, &mut process, 0, 0));
    process.go_ask_route(&mut out, TopicIndex(0), RouteFor::Start(0, life + 1));
    process.go_ask_route(&mut out, TopicIndex(0), RouteFor::Pull(0, life, number));
    assert_eq!(sent_until(&mut out, at(10)), ["NameServer(0): route 0"]);
    process.go_route_answered(&mut out, Err(CallError::TimedOut));
    assert_eq!(sent_until(&mut out, at(20)), ["NameServer(0): route 0"], "the start is of another life");
    process.go_route_answered(&mut out, Err(CallError::TimedOut));
    assert_eq!(sent_until(&mut out, at(30)), ["Broker(0): pull 0 from 0"], "and its broker was known all the time");
}

/// A pull whose broker is not known, and what the route says of it.
#[test]
fn a_pull_looks_for_its_broker_in_the_route() {
    for (known, asks, sleeps) in [(true, "Broker(0): pull 0 from 0", false), (false, "", true)] {
        let plan = of_go(plan(1));
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        let number = hold(&mut out, &mut process, 0, 0);
        process.instance.routes.clear();
        process.consumers[0].brokers.clear();
        process.go_pull(&mut out, 0, number);
        assert_eq!(sent_until(&mut out, at(10)), ["NameServer(0): route 0"]);
        let brokers = [BrokerIndex(0)];
        process.go_route_answered(&mut out, Ok(Response::Route(Some(route(&brokers[..usize::from(known)])))));
        let heard = hear(&mut out, at(5_000));
        assert_eq!(sent(&out, &heard).concat(), asks, "known {known}");
        assert_eq!(pulls(&heard), if sleeps { vec![(3_010, number)] } else { Vec::new() }, "known {known}");
    }
}

/// A queue is given up before its loop looks, or while it sleeps; and what comes of the pull that follows.
#[test]
fn a_queue_that_is_given_up_in_a_sleep_is_pulled_once_more() {
    for (asleep, pulled) in [(false, 0), (true, 1)] {
        let plan = of_go(plan(1));
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        let number = hold(&mut out, &mut process, 0, 0);
        process.consumers[0].process_queues[number as usize].drop_queue();
        match asleep {
            true => process.go_consumer_event(&mut out, 0, ConsumerEvent::PullDue { process_queue: number }),
            false => process.go_pull(&mut out, 0, number),
        }
        assert_eq!(sent_until(&mut out, at(10)).len(), pulled, "asleep {asleep}");
        process.go_pull_answered(&mut out, 0, number, Err(CallError::TimedOut));
        let heard = hear(&mut out, at(20_000));
        assert_eq!((pulls(&heard), sent(&out, &heard).len()), (Vec::new(), 0), "its loop ends");
    }
}

/// A start that is given 1 s, whose calls are answered at once: when its heartbeats leave, when it is over, and that its
/// calls take longer meanwhile and for a while.
#[test]
fn a_given_start_takes_what_is_given_and_its_calls_are_slow() {
    let plan = of_go(plan(1));
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    let consumer = process.consumers[0].index;
    let mut stream = out.streams.stream("test", 0);
    out.crowds.give(consumer, Some(Span::from_secs(1)), &mut stream);
    process.consumers[0].state = State::Starting;
    process.go_start(&mut out, 0);
    let seen = |heard: &Heard| heard.seen.iter().any(|seen| matches!(seen, Observation::ConsumerStarted { .. }));
    let mut left = None;
    for ms in 1..=2_000 {
        let heard = hear(&mut out, at(ms));
        for word in sent(&out, &heard) {
            match word.starts_with("NameServer") {
                true => process.go_route_answered(&mut out, Ok(Response::Route(Some(route(&[BrokerIndex(0)]))))),
                false => {
                    left = left.or(Some(ms));
                    process.go_heartbeat_answered(&mut out);
                }
            }
        }
        for (_, event) in &heard.due {
            if let Event::Consumer { what: what @ ConsumerEvent::StartGoesOn, .. } = event {
                process.go_consumer_event(&mut out, 0, *what);
            }
        }
        assert!(!seen(&heard) || ms > 999, "it is over after {ms} ms");
        if seen(&heard) {
            break;
        }
    }
    assert!((200..=1_600).contains(&left.expect("heartbeats leave")), "{left:?}");
    let (until, call) = out.machines[out.consumer_host(consumer).at()].crowded.expect("calls are slow");
    assert_eq!(until, at(3_000));
    assert!((Span::from_millis(10)..=Span::from_millis(150)).contains(&call), "{call:?}");
}
