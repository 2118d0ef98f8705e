//! What a Go client does where a Java client does otherwise: one process, and what it says, sends and plans.

mod loops;
mod rules;

use super::GoClient;
use super::heartbeat::RoundOf;
use super::rebalance::Wanted;
use crate::kernel::{Distribution, Span};
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::event::{Event, GoTask, NetworkEvent};
use crate::model::ids::{BrokerIndex, ClientIndex, TopicIndex};
use crate::model::instance::ClientProcess;
use crate::model::instance::testing::{at, hold, pulls, queue, running, sent, shared};
use crate::model::network::{CallError, Payload, Pulled, Response};
use crate::model::observation::{Observation, QueueIndex, Release, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerPlan, GoRules, OrderlyListener, Plan};
use crate::model::testing::{hear, outside, plan};

/// The same plan with Go clients.
pub(super) fn of_go(mut plan: Plan) -> Plan {
    for consumer in &mut plan.consumers {
        consumer.client.go = Some(GoRules::newest());
        consumer.client.pull_time_delay_mills_when_exception = Span::from_secs(3);
        consumer.client.client_close_socket_if_timeout = false;
    }
    plan
}

/// The first process of the plan: its Go client runs, and nothing is under way.
pub(super) fn running_go(out: &mut Outside<'_>) -> ClientProcess {
    let mut process = running(out);
    let owner = process.instance.owner;
    let rules = out.planned(owner).client.go.as_ref().expect("the plan is of Go clients");
    process.go = Some(GoClient::new(rules, owner, out.streams));
    for consumer in &mut process.consumers {
        consumer.service = ConsumeMessageService::of(out.planned(consumer.index));
        consumer.pool.open(0);
    }
    process
}

/// The member list of these clients, by number.
fn listed(out: &mut Outside<'_>, clients: &[u16]) -> Response {
    let clients = clients.iter().map(|&client| ClientIndex::of(client.into())).collect();
    Response::ConsumerList(Some(out.views.members(clients, &out.names)))
}

/// The words of what is sent up to a moment.
fn sent_until(out: &mut Outside<'_>, until: crate::kernel::Instant) -> Vec<String> {
    let heard = hear(out, until);
    sent(out, &heard)
}

fn released(seen: &[Observation]) -> Vec<Release> {
    let release = |seen: &Observation| match seen {
        Observation::QueueReleased { release, .. } => Some(*release),
        _ => None,
    };
    seen.iter().filter_map(release).collect()
}

/// What a broker answers, and of three queues how many are given up.
#[test]
fn only_an_answer_that_does_not_come_keeps_the_queues() {
    type Answers = fn(&mut Outside<'_>) -> Result<Response, CallError>;
    let rows: [(Answers, &[Release], TopicRebalance); 4] = [
        (|_| Err(CallError::TimedOut), &[], TopicRebalance::NoList),
        (|_| Ok(Response::ConsumerList(None)), &[Release::NotInList; 3], TopicRebalance::NotInList { members: 0 }),
        (|out| Ok(listed(out, &[1])), &[Release::NotInList; 3], TopicRebalance::NotInList { members: 1 }),
        (|out| Ok(listed(out, &[0])), &[], TopicRebalance::Allocated { members: 1, queues: 4, mine: 4 }),
    ];
    for (answers, expected, found) in rows {
        let plan = of_go(plan(2));
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        (0..3).for_each(|id| _ = hold(&mut out, &mut process, id, 1));
        process.consumers[0].subscriptions.retain(|subscription| subscription.topic == TopicIndex(0));
        process.go_rebalance(&mut out, Wanted::Unpaused);
        assert_eq!(sent_until(&mut out, at(10)), ["Broker(0): list"]);
        let answer = answers(&mut out);
        process.go_rebalance_answered(&mut out, answer);
        let seen = hear(&mut out, at(20)).seen;
        assert_eq!(released(&seen), expected, "{found:?}");
        let said = seen.iter().find_map(|seen| match seen {
            Observation::TopicRebalanced { found, .. } => Some(*found),
            _ => None,
        });
        assert_eq!(said, Some(found));
    }
}

/// How many of three queues with offsets in memory are given up, how many are committed, and how many of those that are
/// kept are still known.
#[test]
fn the_first_queue_that_is_given_up_is_committed_and_all_others_are_forgotten() {
    for (given_up, committed, known) in [(0, 0, 3), (1, 1, 0), (2, 1, 0), (3, 1, 0)] {
        let plan = of_go(plan(1));
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        let queues = [0, 1, 2].map(|id| {
            hold(&mut out, &mut process, id, 1);
            let queue = queue(&mut out, id);
            process.consumers[0].update_offset(&mut out, queue, 7, true);
            queue
        });
        let path = crate::model::observation::CommitPath::Release;
        for &queue in &queues[..given_up] {
            process.consumers[0].go_give_up(&mut out, queue, Release::Reassigned, path);
        }
        let heard = hear(&mut out, at(10));
        let silent = heard.seen.iter().filter(|seen| matches!(seen, Observation::OffsetNotKnown { .. })).count();
        assert_eq!((sent(&out, &heard).len(), silent), (committed, given_up - committed), "{given_up} given up");
        let kept = |queue: &&QueueIndex| process.consumers[0].offset_in_memory(&mut out, **queue).is_some();
        assert_eq!(queues.iter().filter(kept).count(), known, "{given_up} given up");
    }
}

#[test]
fn every_notification_is_a_rebalance_of_its_own_and_waits_for_the_one_before() {
    let plan = of_go(plan(1));
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    process.consumers[0].subscriptions.retain(|subscription| subscription.topic == TopicIndex(0));
    for _ in 0..3 {
        process.go_notified(&mut out, BrokerIndex(0));
    }
    for turn in 1..=3 {
        assert_eq!(sent_until(&mut out, at(turn * 10)), ["Broker(0): list"], "turn {turn}");
        process.go_rebalance_answered(&mut out, Err(CallError::TimedOut));
    }
    let heard = hear(&mut out, at(100));
    assert_eq!(sent(&out, &heard).len(), 0);
    let ended = |seen: &&Observation| matches!(seen, Observation::RebalanceEnded { .. });
    assert_eq!(heard.seen.iter().filter(ended).count(), 1, "the last one has just ended");
}

/// Tickers that were planned in a minute, by name and second: none is put off by what others do.
#[test]
fn each_task_has_a_ticker_of_its_own() {
    let plan = of_go(plan(1));
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    process.go_start_timers(&mut out);
    let due = |(at, event): &(crate::kernel::Instant, Event)| match event {
        Event::Instance { what: crate::model::event::InstanceEvent::GoTaskDue { task }, .. } => {
            Some((at.as_millis(), *task))
        }
        _ => None,
    };
    let first: Vec<_> = hear(&mut out, at(60_000)).due.iter().filter_map(due).collect();
    let expected =
        [(10, GoTask::RoutePoll), (1_000, GoTask::Heartbeat), (10_000, GoTask::Persist), (20_000, GoTask::Rebalance)];
    assert_eq!(first, expected);
    process.go_task_due(&mut out, GoTask::Rebalance);
    let next: Vec<_> = hear(&mut out, at(80_000)).due.iter().filter_map(due).collect();
    assert_eq!(next, [(80_000, GoTask::Rebalance)]);
}

#[test]
fn a_round_of_heartbeats_waits_for_the_one_before_and_is_never_left_out() {
    let plan = of_go(plan(1));
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    process.go_heartbeat(&mut out, RoundOf::Ticker);
    process.go_heartbeat(&mut out, RoundOf::Ticker);
    for turn in 1..=2 {
        assert_eq!(sent_until(&mut out, at(turn * 10)), ["Broker(0): heartbeat of 1"], "turn {turn}");
        process.go_heartbeat_answered(&mut out);
    }
    assert_eq!(sent_until(&mut out, at(30)).len(), 0);
}

/// A pull is under way and its connection is lost: of a Java client it fails at once, of a Go client after its 30 s.
#[test]
fn a_lost_connection_fails_no_request() {
    for (go, fails, times_out) in [(false, vec![10], vec![]), (true, vec![], vec![30_000])] {
        let plan = if go { of_go(plan(1)) } else { plan(1) };
        let mut out = outside(&plan);
        let mut process = if go { running_go(&mut out) } else { running(&mut out) };
        let number = hold(&mut out, &mut process, 0, 0);
        match go {
            true => process.go_pull(&mut out, 0, number),
            false => process.consumers[0].pull_due(&mut out, number),
        }
        let heard = hear(&mut out, at(10));
        let connection = heard.arrived[0].0;
        out.close_client_end(connection, false);
        let heard = hear(&mut out, at(40_000));
        let when = |kind: fn(&NetworkEvent) -> bool| -> Vec<u64> {
            let of_kind = |(at, event): &(crate::kernel::Instant, Event)| match event {
                Event::Network(what) if kind(what) => Some(at.as_millis()),
                _ => None,
            };
            heard.due.iter().filter_map(of_kind).collect()
        };
        assert_eq!(when(|what| matches!(what, NetworkEvent::CallFailed { .. })), fails, "go {go}");
        if go {
            assert_eq!(when(|what| matches!(what, NetworkEvent::CallTimedOut { .. })), times_out);
        }
    }
}

/// How many consumers the process has, and whether its connections end with the first that shuts down; no broker is told.
#[test]
fn a_member_that_shuts_down_tells_no_broker() {
    for (consumers, closes_all, closed) in [(1, false, true), (2, false, false), (2, true, true)] {
        let mut plan = of_go(shared(consumers));
        for consumer in &mut plan.consumers {
            consumer.client.go.as_mut().expect("it is Go").first_shutdown_closes_all = closes_all;
        }
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        process.go_shutdown(&mut out, 0);
        let heard = hear(&mut out, at(1_000));
        assert_eq!(sent(&out, &heard).len(), 0, "{consumers} consumers");
        let fins = heard.arrived.iter().any(|(_, payload)| matches!(payload, Payload::Fin));
        assert_eq!(fins, closed, "{consumers} consumers, closes all: {closes_all}");
        assert!(heard.seen.iter().any(|seen| matches!(seen, Observation::ConsumerEnded { .. })));
    }
}

/// Two queues of one topic, and slots for two: each queue has one of them, and the next free one goes to whose turn it is.
#[test]
fn queues_take_turns_with_the_slots_of_their_topic() {
    let mut plan = of_go(plan(1));
    plan.consumers[0].consumer.consume_thread_min = 2;
    plan.consumers[0].listener.work = Distribution::Constant(Span::from_millis(100));
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    let numbers = [0, 1].map(|id| hold(&mut out, &mut process, id, 3));
    for number in numbers {
        process.go_put_into_channel(0, number, (0, 3));
    }
    for number in numbers {
        process.go_dispatch(&mut out, 0, number);
    }
    let delivered = |seen: &[Observation]| -> Vec<(u32, u64)> {
        let one = |seen: &Observation| match seen {
            Observation::Delivered { queue, offset, .. } => Some((queue.0, *offset)),
            _ => None,
        };
        seen.iter().filter_map(one).collect()
    };
    let [a, b] = [0, 1].map(|id| queue(&mut out, id).0);
    assert_eq!(delivered(&hear(&mut out, at(50)).seen), [(a, 0), (a, 1)], "nobody else waits yet");
    process.go_listener_returned(&mut out, 0, 0);
    process.go_listener_returned(&mut out, 0, 1);
    assert_eq!(delivered(&hear(&mut out, at(60)).seen), [(a, 2), (b, 0)]);
}

/// So many batches of a queue are in the channel when the next one comes, and whether the pull loop goes on.
#[test]
fn a_full_channel_holds_the_pull_loop() {
    for (batches, goes_on) in [(0, true), (32, true), (33, false)] {
        let mut plan = of_go(plan(1));
        plan.consumers[0].listener.work = Distribution::Constant(Span::from_secs(100));
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        let number = hold(&mut out, &mut process, 0, 40);
        for batch in 0..batches {
            process.go_put_into_channel(0, number, (batch, 1));
        }
        assert_eq!(process.go_put_into_channel(0, number, (batches, 1)), goes_on, "{batches}");
    }
}

/// A queue that has been taken is not locked: its pull loop sleeps 3 s, and its goroutine locks it in the meantime.
#[test]
fn an_orderly_queue_is_first_pulled_three_seconds_after_it_was_taken() {
    let mut plan = of_go(plan(1));
    plan.consumers[0].listener.orderly = Some(OrderlyListener::default());
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    let number = hold(&mut out, &mut process, 0, 0);
    process.consumers[0].process_queues[number as usize].orderly.locked = false;
    process.go_begin_orderly(&mut out, 0, number);
    process.go_pull(&mut out, 0, number);
    let heard = hear(&mut out, at(10_000));
    assert_eq!(pulls(&heard), [(3_000, number)]);
    let names: Vec<_> = heard.due.iter().map(|(at, event)| (at.as_millis(), event.name())).collect();
    assert!(names.contains(&(100, "orderly_task_due")), "{names:?}");
    let own = queue(&mut out, 0);
    let granted = Response::Locked(std::rc::Rc::new(vec![own]));
    process.go_lock_answered(&mut out, 0, number, Ok(granted));
    process.go_pull(&mut out, 0, number);
    let heard = hear(&mut out, at(10_010));
    assert_eq!(sent(&out, &heard), [format!("Broker(0): query {own}")], "and asks once more where to begin");
}

/// What `lockAll` is answered for a queue, and whether it still counts as locked then, and for how long.
#[test]
fn a_queue_that_lock_all_does_not_name_stays_locked() {
    for (named, renews, age) in [(true, true, 0), (true, false, 5_000), (false, true, 5_000)] {
        let mut plan = of_go(plan(1));
        plan.consumers[0].listener.orderly = Some(OrderlyListener::default());
        plan.consumers[0].client.go.as_mut().expect("it is Go").lock_all_renews = renews;
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        let number = hold(&mut out, &mut process, 0, 0);
        let own = queue(&mut out, 0);
        process.consumers[0].note_lock(&mut out, own, true);
        hear(&mut out, at(5_000));
        let locked = std::rc::Rc::new(if named { vec![own] } else { Vec::new() });
        process.go_lock_all_answered(&mut out, 0, Ok(Response::Locked(locked)));
        let held = &process.consumers[0].process_queues[number as usize].orderly;
        let since = out.client_clock(process.consumers[0].index).since(held.last_lock).as_millis();
        assert_eq!((held.locked, since), (true, age), "named {named}, renews {renews}");
    }
}

/// What a release makes of an answer to an offset query.
#[test]
fn releases_read_the_answers_of_offset_queries_in_their_own_ways() {
    use crate::offset::QueryAnswer::{Failed, QueryNotFound, Success};
    let found = || Ok(Response::Offset { offset: Some(7), assumed: false });
    let none = || Ok(Response::Offset { offset: None, assumed: false });
    let late = || Err(CallError::TimedOut);
    let rows = [
        (false, false, [Success(7), QueryNotFound, Failed]),
        (true, false, [Success(7), QueryNotFound, QueryNotFound]),
        (false, true, [Success(7), Failed, Failed]),
    ];
    for (failed_query_is_none, not_found_fails, expected) in rows {
        let mut plan = of_go(plan(1));
        let rules = GoRules { failed_query_is_none, not_found_fails, ..GoRules::newest() };
        plan.consumers[0].client.go = Some(rules);
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        let read = [found(), none(), late()].map(|answer| process.go_query_answer(answer).0);
        assert_eq!(read, expected);
    }
}

/// `OFFSET_ILLEGAL`: the queue stays in the table for 10 s, and no rebalance follows.
#[test]
fn an_illegal_offset_is_repaired_after_ten_seconds() {
    let mut plan = of_go(plan(1));
    plan.consumers[0].client.offset_illegal_repair_delay = Span::from_secs(10);
    plan.brokers.push(BrokerPlan::master("b1"));
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    let number = hold(&mut out, &mut process, 0, 0);
    process.go_pull_answered(&mut out, 0, number, Ok(Response::Pulled(Pulled::OffsetIllegal { next: 40 })));
    let own = queue(&mut out, 0);
    assert!(process.consumers[0].table.contains_key(&own));
    let heard = hear(&mut out, at(20_000));
    let due: Vec<_> = heard.due.iter().map(|(at, event)| (at.as_millis(), event.name())).collect();
    assert_eq!(due, [(10_000, "offset_repaired")]);
    process.go_offset_repaired(&mut out, 0, number);
    let heard = hear(&mut out, at(20_010));
    assert_eq!(sent(&out, &heard), [format!("Broker(0): commit {own} at 40")]);
    assert_eq!(released(&heard.seen), [Release::OffsetIllegal]);
}
