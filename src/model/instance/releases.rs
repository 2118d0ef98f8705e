//! Tests of the rules in which releases of the Java client differ: each row with the rule as 5.3.3 has it, and otherwise.

use super::ClientProcess;
use super::heartbeat::HeartbeatOwner;
use super::rebalance_service::Step;
use super::testing::{at, hold, queue, route, running, sent, wakes};
use crate::kernel::{Instant, Span};
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::service::pool::Batch;
use crate::model::event::{ConsumerEvent, Event, OrderlyTask};
use crate::model::ids::{AddressNumber, BrokerIndex, ConsumerIndex, NameServerIndex, TopicIndex};
use crate::model::network::{CallError, Request, Response};
use crate::model::observation::{Observation, Release, StartFailure};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerPlan, ClientSettings, MessageModel, OrderlyListener, Plan};
use crate::model::replicas::Addresses;
use crate::model::testing::{Heard, hear, outside, plan};

/// The small plan, with one rule as it is set here.
fn plan_with(set: impl FnOnce(&mut ClientSettings)) -> Plan {
    let mut plan = plan(1);
    set(&mut plan.consumers[0].client);
    plan
}

fn orderly(mut plan: Plan) -> Plan {
    plan.consumers[0].listener.orderly = Some(OrderlyListener::default());
    plan
}

/// What of orderly consumption is planned, and when.
fn tasks(heard: &Heard) -> Vec<(u64, OrderlyTask)> {
    let task = |(at, event): &(Instant, Event)| match event {
        Event::Consumer { what: ConsumerEvent::OrderlyTaskDue { task, .. }, .. } => {
            Some((at.since(Instant::ZERO).as_millis(), *task))
        }
        _ => None,
    };
    heard.due.iter().filter_map(task).collect()
}

/// The first consumer of a process gives up queues of topic 0, one after the other.
fn give_up(out: &mut Outside<'_>, process: &mut ClientProcess, ids: &[u32]) -> Step {
    process.instance.rebalance_begun(out, TopicIndex(0), true);
    let given = ids.iter().map(|&id| (queue(out, id), Release::Reassigned)).collect();
    process.consumers[0].drop_orderly_queues(out, &mut process.instance, given, Vec::new())
}

/// A wake-up so many ms after the last rebalance: whether it rebalances then.
#[test]
fn without_a_minimum_a_notification_rebalances_at_once() {
    for (minimum, since, rebalances) in [(1_000, 5, false), (1_000, 1_000, true), (0, 0, true), (0, 5, true)] {
        let plan = plan_with(|client| client.timers.rebalance_min_interval = Span::from_millis(minimum));
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.instance.rebalance.last = out.client_clock(ConsumerIndex(0));
        hear(&mut out, at(since));
        process.rebalance_woken(&mut out);
        assert_eq!(process.instance.rebalance.busy.is_some(), rebalances, "{minimum} ms, {since} ms after the last");
    }
}

/// The heartbeat lock is another thread's at the end of `start()`.
#[test]
fn a_start_without_heartbeats_rebalances_or_leaves_it() {
    for (anyway, expected) in [(false, vec![20_000]), (true, vec![10])] {
        let plan = plan_with(|client| client.rules.rebalance_without_heartbeat = anyway);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.instance.rebalance_wait(&mut out, Span::from_secs(20));
        assert!(process.heartbeat_all(&mut out, 0, HeartbeatOwner::Scheduled));
        hear(&mut out, at(10));
        process.consumers[0].start_topics = vec![TopicIndex(0)];
        process.start_route_answered(&mut out, 0, Ok(Response::Route(Some(route(&[BrokerIndex(0)])))));
        let heard = hear(&mut out, at(30_000));
        assert!(heard.seen.contains(&Observation::ConsumerStarted { consumer: ConsumerIndex(0) }));
        assert_eq!(wakes(&heard), expected, "anyway {anyway}");
    }
}

#[test]
fn a_start_that_throws_ends_the_consumer_or_leaves_it_half_started() {
    for (shuts_down, up) in [(true, false), (false, true)] {
        let plan = plan_with(|client| client.rules.start_failure_shuts_down = shuts_down);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[0].start_topics = vec![TopicIndex(0)];
        process.start_route_answered(&mut out, 0, Err(CallError::TimedOut));
        let why = StartFailure::NameServerTimedOut(NameServerIndex(0));
        let heard = hear(&mut out, at(1));
        assert!(heard.seen.contains(&Observation::StartFailed { consumer: ConsumerIndex(0), why }));
        assert_eq!(process.consumers[0].is_registered(), up, "shuts down {shuts_down}");
    }
}

/// A topic without queues in the client's table: what is asked, and whether it is told as a change.
#[test]
fn a_topic_without_queues_is_asked_for_and_told_by_rule() {
    let rows = [
        (true, true, vec!["Broker(0): list", "Broker(0): heartbeat of 1"]),
        (true, false, vec!["Broker(0): list"]),
        (false, true, vec!["Broker(0): heartbeat of 1"]),
    ];
    for (asks, tells, expected) in rows {
        let plan = plan_with(|client| {
            (client.rules.list_without_queues, client.rules.no_queues_is_a_change) = (asks, tells);
        });
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.instance.rebalance_begun(&out, TopicIndex(0), true);
        process.rebalance_topic(&mut out, 0);
        if asks {
            process.rebalance_answered(&mut out, 0, Ok(Response::ConsumerList(None)));
        }
        let heard = hear(&mut out, at(10));
        assert_eq!(sent(&out, &heard), expected, "asks {asks}, tells {tells}");
        let balanced = process.instance.rebalance.busy.as_ref().is_none_or(|busy| busy.balanced);
        assert!(balanced, "the next one comes in 20 s");
    }
}

/// A refused lock: when the thread is woken for it.
#[test]
fn a_refused_lock_is_asked_for_again_by_rule() {
    for (later, expected) in [(0, vec![]), (500, vec![(500, OrderlyTask::RebalanceLater)])] {
        let plan = orderly(plan_with(|client| client.rules.rebalance_later_when_not_locked = Span::from_millis(later)));
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[0].service = ConsumeMessageService::Orderly;
        process.instance.rebalance_begun(&out, TopicIndex(0), true);
        let mine = vec![queue(&mut out, 0)];
        let (consumer, instance) = (&mut process.consumers[0], &mut process.instance);
        assert_eq!(consumer.begin_adding(&mut out, instance, mine, false), Step::Waits);
        let refused = Ok(Response::Locked(std::rc::Rc::new(Vec::new())));
        assert_eq!(consumer.start_offset_answered(&mut out, instance, refused), Step::Settled);
        assert_eq!(tasks(&hear(&mut out, at(2_000))), expected, "{later} ms");
    }
}

/// Whether the listener of the one queue runs, and whether messages are in memory that it has not got: when the queue is
/// unlocked, and whether it is still in the table.
#[test]
fn an_orderly_queue_is_unlocked_by_the_rule_of_its_release() {
    use OrderlyTask::{ConsumeLockTimedOut, UnlockDelayed};
    let rows = [
        (false, false, 3, vec![], 1, false),
        (false, true, 3, vec![(500, ConsumeLockTimedOut)], 0, true),
        (true, false, 0, vec![], 1, false),
        (true, false, 3, vec![(20_000, UnlockDelayed)], 0, false),
        (true, true, 3, vec![(1_000, ConsumeLockTimedOut)], 0, true),
    ];
    for (delays, listens, count, expected, unlocked, stays) in rows {
        let plan = orderly(plan_with(|client| {
            client.rules.unlock_delay = delays;
            client.timers.orderly.consume_lock_timeout = Span::from_millis(if delays { 1_000 } else { 500 });
        }));
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[0].service = ConsumeMessageService::Orderly;
        let number = hold(&mut out, &mut process, 0, count);
        process.consumers[0].process_queues[number as usize].orderly.listening = listens;
        _ = give_up(&mut out, &mut process, &[0]);
        let heard = hear(&mut out, at(30_000));
        let row = format!("unlockDelay {delays}, listens {listens}, {count} in memory");
        assert_eq!(tasks(&heard), expected, "{row}");
        let unlocks = sent(&out, &heard).iter().filter(|sent| sent.contains("unlock")).count();
        assert_eq!((unlocks, process.consumers[0].table.len() == 1), (unlocked, stays), "{row}");
    }
}

/// A listener that does not return: 5.3.3 takes the queue from it when its lock is 20 s old, an older client never does.
#[test]
fn a_listener_that_does_not_return_is_forced_or_is_not() {
    for (delays, forced) in [(false, true), (true, false)] {
        let plan = orderly(plan_with(|client| client.rules.unlock_delay = delays));
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[0].service = ConsumeMessageService::Orderly;
        let number = hold(&mut out, &mut process, 0, 3);
        process.consumers[0].process_queues[number as usize].orderly.listening = true;
        hear(&mut out, at(20_001));
        _ = give_up(&mut out, &mut process, &[0]);
        let heard = hear(&mut out, at(20_010));
        let seen = heard.seen.iter().any(|seen| matches!(seen, Observation::UnlockForced { .. }));
        assert_eq!((seen, process.consumers[0].table.is_empty()), (forced, forced), "unlockDelay {delays}");
    }
}

/// The first queue's listener runs: whether the second is dropped while the thread waits.
#[test]
fn queues_are_dropped_all_at_once_or_one_by_one() {
    for (one_by_one, dropped) in [(false, 2), (true, 1)] {
        let plan = orderly(plan_with(|client| client.rules.drop_queues_one_by_one = one_by_one));
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[0].service = ConsumeMessageService::Orderly;
        for id in [0, 1] {
            let number = hold(&mut out, &mut process, id, 3);
            process.consumers[0].process_queues[number as usize].orderly.listening = true;
        }
        assert_eq!(give_up(&mut out, &mut process, &[0, 1]), Step::Waits);
        let held = &process.consumers[0].process_queues;
        assert_eq!(held.iter().filter(|held| held.dropped).count(), dropped, "one by one {one_by_one}");
    }
}

#[test]
fn lock_all_passes_over_dropped_queues_or_does_not() {
    for (takes_dropped, expected) in [(false, vec![]), (true, vec!["Broker(0): lock [0]"])] {
        let plan = orderly(plan_with(|client| client.rules.lock_all_takes_dropped = takes_dropped));
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[0].service = ConsumeMessageService::Orderly;
        let number = hold(&mut out, &mut process, 0, 3);
        process.consumers[0].process_queues[number as usize].drop_queue();
        process.consumers[0].lock_all_due(&mut out, false);
        let heard = hear(&mut out, at(10));
        assert_eq!(sent(&out, &heard), expected, "takes dropped {takes_dropped}");
    }
}

#[test]
fn an_orderly_member_in_broadcasting_asks_for_locks_by_rule() {
    for (asks, expected) in [(false, "Broker(0): query 0"), (true, "Broker(0): lock [0]")] {
        let mut plan = orderly(plan_with(|client| client.rules.broadcasting_asks_for_locks = asks));
        plan.consumers[0].consumer.message_model = MessageModel::Broadcasting;
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[0].service = ConsumeMessageService::Orderly;
        process.instance.rebalance_begun(&out, TopicIndex(0), true);
        let mine = vec![queue(&mut out, 0)];
        let (consumer, instance) = (&mut process.consumers[0], &mut process.instance);
        _ = consumer.begin_adding(&mut out, instance, mine, false);
        let heard = hear(&mut out, at(10));
        assert_eq!(sent(&out, &heard), [expected], "asks {asks}");
    }
}

/// The master is out of the route, its slave is in it: what the timer's commit does.
#[test]
fn a_commit_goes_to_the_slave_at_once_or_asks_for_the_master_first() {
    let commit = "Broker(0): commit 0 at 7";
    for (asks, expected) in [(false, vec![commit]), (true, vec!["NameServer(0): route 0", commit])] {
        let plan = plan_with(|client| {
            (client.rules.commit_asks_for_the_master, client.oneway_waits_for_connect) = (asks, true);
        });
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        hold(&mut out, &mut process, 0, 3);
        let own = queue(&mut out, 0);
        process.consumers[0].update_offset(&mut out, own, 7, false);
        let mut slave = Addresses::default();
        slave.put(1, BrokerIndex(0), AddressNumber::MIN);
        process.consumers[0].brokers.insert(BrokerIndex(0), slave);
        process.persist_one_by_one(&mut out);
        let heard = hear(&mut out, at(10));
        let mut told = sent(&out, &heard);
        if asks {
            process.persist_answered(&mut out, Ok(Response::Route(None)));
            let heard = hear(&mut out, at(20));
            told.extend(sent(&out, &heard));
        }
        assert_eq!(told, expected, "asks {asks}");
    }
    // No name server answers: the offset is left for the next time.
    let plan =
        plan_with(|client| (client.rules.commit_asks_for_the_master, client.oneway_waits_for_connect) = (true, true));
    let mut out = outside(&plan);
    let mut process = running(&mut out);
    hold(&mut out, &mut process, 0, 3);
    let own = queue(&mut out, 0);
    process.consumers[0].update_offset(&mut out, own, 7, false);
    process.consumers[0].brokers.clear();
    process.persist_one_by_one(&mut out);
    hear(&mut out, at(10));
    process.persist_answered(&mut out, Err(CallError::TimedOut));
    let heard = hear(&mut out, at(20));
    assert!(sent(&out, &heard).is_empty());
}

#[test]
fn heartbeats_go_one_after_the_other_or_all_at_once() {
    for (together, at_once) in [(false, 1), (true, 3)] {
        let mut plan = plan_with(|client| client.enable_concurrent_heartbeat = together);
        plan.brokers.extend([BrokerPlan::master("b1"), BrokerPlan::master("b2")]);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        let brokers: Vec<BrokerIndex> = BrokerIndex::first(3).collect();
        process.take_route(&mut out, 0, TopicIndex(0), Ok(Response::Route(Some(route(&brokers)))));
        assert!(process.heartbeat_all(&mut out, 0, HeartbeatOwner::Scheduled));
        let heard = hear(&mut out, at(10));
        assert_eq!(sent(&out, &heard).len(), at_once, "together {together}");
        for left in (0..3).rev() {
            process.heartbeat_answered(&mut out, Err(CallError::TimedOut));
            assert_eq!(process.instance.heartbeat.is_none(), left == 0, "the round ends with the last answer");
        }
    }
}

/// How many listeners run, and when the reset goes on: 10 s later, or when they have returned.
#[test]
fn a_pushed_reset_sleeps_or_waits_for_the_listeners() {
    for (waits, listening, expected) in
        [(false, false, 10_000), (false, true, 10_000), (true, false, 0), (true, true, 10_000)]
    {
        let plan = orderly(plan_with(|client| client.rules.reset_waits_for_the_listener = waits));
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[0].service = ConsumeMessageService::Orderly;
        let number = hold(&mut out, &mut process, 0, 3);
        process.consumers[0].process_queues[number as usize].orderly.listening = listening;
        let own = queue(&mut out, 0);
        process.consumers[0].reset_pushed(&mut out, std::rc::Rc::new(vec![(own, 1)]));
        process.consumers[0].reset_may_go_on(&mut out, &mut process.instance);
        let slept = !waits || listening;
        assert_eq!(process.consumers[0].resetting.is_some(), slept, "waits {waits}, listening {listening}");
        let heard = hear(&mut out, at(20_000));
        let due = heard.due.iter().find_map(|(at, event)| match event {
            Event::Consumer { what: ConsumerEvent::ResetSlept, .. } => Some(at.since(Instant::ZERO).as_millis()),
            _ => None,
        });
        assert_eq!(due.unwrap_or(0), expected, "waits {waits}, listening {listening}");
        if waits && listening {
            process.consumers[0].process_queues[number as usize].orderly.listening = false;
            process.consumers[0].reset_may_go_on(&mut out, &mut process.instance);
            assert!(process.consumers[0].resetting.is_none(), "the listener has returned");
        }
    }
}

/// An orderly message that has been tried twice and may be tried so often: with how many tries it goes to `%RETRY%`.
#[test]
fn a_message_that_ran_out_of_tries_is_sent_with_the_last_one_or_without() {
    for (counts, most, expected) in [(true, 2, Some(3)), (false, 2, Some(2)), (true, 3, None)] {
        let mut plan = orderly(plan_with(|client| client.rules.counts_the_last_try = counts));
        plan.consumers[0].consumer.max_reconsume_times = Some(most);
        plan.consumers[0].listener.failures_per_million = 1_000_000;
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[0].service = ConsumeMessageService::Orderly;
        let process_queue = hold(&mut out, &mut process, 0, 1);
        let retry_topic = out.names.retry_topic(process.consumers[0].group);
        process.instance.routes.insert(retry_topic, route(&[BrokerIndex(0)]));
        let consumer = &mut process.consumers[0];
        let held = &mut consumer.process_queues[process_queue as usize];
        (0..2).for_each(|_| held.count_try(0));
        held.take(1);
        let (thread, batch) = (consumer.pool.take_thread(), Batch { process_queue, first: 0, count: 1 });
        consumer.orderly_batch_done(&mut out, &process.instance, thread, batch, false);
        let heard = hear(&mut out, at(10));
        let tries = heard.requests().into_iter().find_map(|(_, request)| match request {
            Request::SendToRetry { reconsume_times, .. } => Some(*reconsume_times),
            _ => None,
        });
        assert_eq!(tries, expected, "counts {counts}, {most} at most");
    }
}
