//! Rules in which releases of the Go client differ, each with and without.

use super::*;
use crate::model::consumer::service::pool::Batch;
use crate::model::event::{ConsumerEvent, OrderlyTask};
use crate::model::go_client::routes::RouteFor;
use crate::model::instance::testing::route;
use crate::model::observation::{ConsumeOutcome, End};

/// One Go client with these rules.
fn plan_by(set: impl FnOnce(&mut GoRules)) -> Plan {
    let mut plan = of_go(plan(1));
    set(plan.consumers[0].client.go.as_mut().expect("it is Go"));
    plan
}

fn orderly(mut plan: Plan) -> Plan {
    plan.consumers[0].listener.orderly = Some(OrderlyListener::default());
    plan.consumers[0].listener.work = Distribution::Constant(Span::from_millis(5));
    plan
}

/// A queue of so many messages that is locked, and whose goroutine runs.
fn held_orderly(out: &mut Outside<'_>, process: &mut ClientProcess, count: u32) -> u32 {
    let number = hold(out, process, 0, count);
    let queue = queue(out, 0);
    process.consumers[0].note_lock(out, queue, true);
    process.consumers[0].process_queues[number as usize].orderly.previously_locked = true;
    process.go_orderly_goes_on(out, 0, number);
    number
}

/// Plays what consumers of the process plan, up to a moment.
fn play(out: &mut Outside<'_>, process: &mut ClientProcess, until: u64) -> Vec<Observation> {
    let mut seen = Vec::new();
    for ms in out.now().as_millis()..=until {
        let heard = hear(out, at(ms));
        seen.extend(heard.seen);
        for (_, event) in heard.due {
            if let Event::Consumer { what, .. } = event {
                process.go_consumer_event(out, 0, what);
            }
        }
    }
    let now = out.now();
    seen.extend(hear(out, now).seen);
    seen
}

fn outcomes(seen: &[Observation]) -> Vec<(u64, ConsumeOutcome)> {
    let one = |seen: &Observation| match seen {
        Observation::Consumed { offset, outcome, .. } => Some((*offset, *outcome)),
        _ => None,
    };
    seen.iter().filter_map(one).collect()
}

/// A listener fails its first message, and no other: whether it comes again, and how far the queue is then.
#[test]
fn what_an_orderly_listener_suspends_comes_again_or_is_passed_over() {
    use ConsumeOutcome::{Dropped, Success, Suspended};
    let again: &[_] = &[(0, Suspended), (0, Success), (1, Success)];
    for (loses, expected) in [(false, again), (true, &[(0, Dropped), (1, Success)])] {
        let mut failing = orderly(plan_by(|rules| rules.suspend_loses = loses));
        failing.consumers[0].listener.failures_per_million = 1_000_000;
        let mut out = outside(&failing);
        let mut process = running_go(&mut out);
        held_orderly(&mut out, &mut process, 2);
        let mut seen = play(&mut out, &mut process, 5);
        // From now on nothing fails.
        let sound = orderly(plan_by(|rules| rules.suspend_loses = loses));
        out.plan = &sound;
        seen.extend(play(&mut out, &mut process, 40));
        assert_eq!(outcomes(&seen), expected, "loses {loses}");
        let own = queue(&mut out, 0);
        assert_eq!(process.consumers[0].offset_in_memory(&mut out, own), Some(2), "the offset moves past both");
    }
}

/// Whether the listener is orderly, whether its release survives a panic; and then whether the process runs, whether the
/// message is still cached, how many the listener gets in a second, and whether the cleaner finds it.
#[test]
fn a_panic_ends_the_process_or_the_goroutine() {
    for (is_orderly, survives, cleaned) in [(false, false, 0), (false, true, 1), (true, false, 0), (true, true, 0)] {
        let mut plan = plan_by(|rules| {
            (rules.survives_concurrent_panics, rules.survives_orderly_panics) = (survives, survives);
        });
        plan.consumers[0].listener.work = Distribution::Constant(Span::from_millis(5));
        plan.consumers[0].listener.panics_per_million = 1_000_000;
        let plan = if is_orderly { orderly(plan) } else { plan };
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        let number = match is_orderly {
            true => held_orderly(&mut out, &mut process, 3),
            false => {
                let number = hold(&mut out, &mut process, 0, 3);
                process.go_put_into_channel(0, number, (0, 3));
                process.go_dispatch(&mut out, 0, number);
                number
            }
        };
        let seen = play(&mut out, &mut process, 1_000);
        let row = format!("orderly {is_orderly}, survives {survives}");
        let died = seen.iter().any(|seen| matches!(seen, Observation::ConsumerEnded { end: End::Killed, .. }));
        assert_eq!(died, !survives, "{row}");
        let panicked = outcomes(&seen);
        assert!(panicked.iter().all(|(_, outcome)| *outcome == ConsumeOutcome::Panicked), "{row}: {panicked:?}");
        // An orderly goroutine that is no more takes no second message; concurrent ones had one each.
        let taken = if is_orderly || !survives { 1 } else { 3 };
        assert_eq!(panicked.len(), taken, "{row}");
        if survives {
            assert!(process.consumers[0].process_queues[number as usize].holds(0), "{row}: it pins the offset");
            hear(&mut out, at(902_000));
            process.consumers[0].clean_due(&mut out);
            let heard = hear(&mut out, at(903_000));
            let back = sent(&out, &heard).iter().filter(|word| word.contains("send back 0")).count();
            assert_eq!(back, cleaned, "{row}");
        }
    }
}

/// What a Java listener throws is a failure like any other; an orderly one's queue is suspended, whatever it says else.
#[test]
fn what_a_java_listener_throws_is_a_failure() {
    use ConsumeOutcome::{Failed, RolledBack, Suspended};
    for (rolls_back, throws, expected) in
        [(None, true, Failed), (Some(true), true, Suspended), (Some(true), false, RolledBack)]
    {
        let mut plan = plan(1);
        let listener = &mut plan.consumers[0].listener;
        (listener.panics_per_million, listener.failures_per_million) =
            if throws { (1_000_000, 0) } else { (0, 1_000_000) };
        listener.orderly = rolls_back.map(|rolls_back| OrderlyListener { rolls_back, ..OrderlyListener::default() });
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        let process_queue = hold(&mut out, &mut process, 0, 1);
        let consumer = &mut process.consumers[0];
        let (thread, batch) = (consumer.pool.take_thread(), Batch { process_queue, first: 0, count: 1 });
        if rolls_back.is_some() {
            consumer.process_queues[0].take(1);
            consumer.orderly_batch_done(&mut out, &process.instance, thread, batch, false);
        } else {
            consumer.process_consume_result(&mut out, &process.instance, thread, batch, false);
        }
        let heard = hear(&mut out, at(10));
        assert_eq!(outcomes(&heard.seen), [(0, expected)], "rolls back {rolls_back:?}, throws {throws}");
        let back = sent(&out, &heard).iter().any(|word| word.contains("send back 0"));
        assert_eq!(back, expected == Failed);
    }
}

/// Who asks for a route that has two brokers instead of one, and whether the consumer has the queues of both: at once, and
/// after the next poll, which brings the same.
#[test]
fn a_route_that_others_see_first_reaches_the_consumer_or_never_does() {
    let rows = [(true, true, 8, 8), (false, true, 4, 4), (true, false, 8, 8), (false, false, 8, 8)];
    for (any, rebalance, first, then) in rows {
        let mut plan = plan_by(|rules| rules.any_route_gives_queues = any);
        plan.brokers.push(BrokerPlan::master("b1"));
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        let grown = route(&[BrokerIndex(0), BrokerIndex(1)]);
        process.instance.routes.clear();
        process.take_route(&mut out, 0, TopicIndex(0), Ok(Response::Route(Some(route(&[BrokerIndex(0)])))));
        let life = process.consumers[0].life;
        let number = hold(&mut out, &mut process, 0, 0);
        let of = if rebalance { RouteFor::Pull(0, life, number) } else { RouteFor::Poll };
        for (of, expected) in [(of, first), (RouteFor::Poll, then)] {
            process.go_ask_route(&mut out, TopicIndex(0), of);
            process.go_route_answered(&mut out, Ok(Response::Route(Some(grown.clone()))));
            let view = process.consumers[0].topic_subscribe_info[&TopicIndex(0)];
            assert_eq!(out.views.queue_list(view).len(), expected, "any {any}, a pull first: {rebalance}, {of:?}");
        }
    }
}

/// A queue is given up while its listener runs, and comes back: it is consumed beside that listener, which nothing keeps apart.
#[test]
fn a_queue_that_comes_back_does_not_wait_for_its_earlier_life() {
    let plan = orderly(plan_by(|_| ()));
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    let first = held_orderly(&mut out, &mut process, 1);
    process.consumers[0].process_queues[first as usize].drop_queue();
    held_orderly(&mut out, &mut process, 1);
    let seen = hear(&mut out, at(1)).seen;
    let handed = seen.iter().filter(|seen| matches!(seen, Observation::Delivered { offset: 0, .. }));
    assert_eq!(handed.count(), 2, "both at once");
}

/// A broker that refuses to take a message back: whether it counts as sent back.
#[test]
fn the_code_of_a_send_back_is_looked_at_by_newer_rules_only() {
    for (newer, expected) in [(true, None), (false, Some(1))] {
        let mut plan = plan_by(|rules| rules.sends_back_as_normal = newer);
        plan.consumers[0].listener.failures_per_million = 1_000_000;
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        let number = hold(&mut out, &mut process, 0, 1);
        process.go_put_into_channel(0, number, (0, 1));
        process.go_dispatch(&mut out, 0, number);
        hear(&mut out, at(10));
        process.go_send_back_answered(&mut out, 0, 0, Ok(Response::Refused));
        let own = queue(&mut out, 0);
        assert_eq!(process.consumers[0].offset_in_memory(&mut out, own), expected, "newer {newer}");
    }
}

/// Whether a start begins the cleaner, which comes every 15 min.
#[test]
fn releases_clean_what_is_held_too_long_or_do_not() {
    for (cleans, expected) in [(true, 1), (false, 0)] {
        let plan = plan_by(|rules| rules.cleans_expired = cleans);
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        process.go_start(&mut out, 0);
        let due = hear(&mut out, at(901_000)).due;
        let cleaned =
            due.iter().filter(|(_, event)| matches!(event, Event::Consumer { what: ConsumerEvent::CleanDue, .. }));
        assert_eq!(cleaned.count(), expected, "cleans {cleans}");
    }
}

/// In BROADCASTING every member asks for the lock of every queue, and consumes those that it has; `lockAll` lets it pull.
#[test]
fn an_orderly_member_in_broadcasting_takes_what_it_can_lock() {
    let mut plan = orderly(plan_by(|_| ()));
    plan.consumers[0].consumer.message_model = crate::model::plan::MessageModel::Broadcasting;
    plan.consumers[0].consumer.consume_from_where = crate::model::plan::ConsumeFromWhere::FirstOffset;
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    process.consumers[0].open_offset_store(&mut out).expect("there is no file");
    process.consumers[0].subscriptions.retain(|subscription| subscription.topic == TopicIndex(0));
    process.go_rebalance(&mut out, Wanted::Unpaused);
    let mut asked = 0;
    for turn in 1..=4 {
        let words = sent_until(&mut out, at(turn * 10));
        asked += words.iter().filter(|word| word.contains("lock [")).count();
        // Only the first is free.
        let first = words.iter().filter_map(|word| word.split(['[', ']']).nth(1)).find_map(|id| id.parse().ok());
        let locked = first.filter(|_| turn == 1).map(QueueIndex).into_iter().collect();
        process.go_rebalance_answered(&mut out, Ok(Response::Locked(std::rc::Rc::new(locked))));
    }
    assert_eq!((asked, process.consumers[0].table.len()), (4, 1));
    process.go_start_locking(&mut out, 0);
    let due = hear(&mut out, at(2_000)).due;
    let lock_all = |(_, event): &(crate::kernel::Instant, Event)| {
        matches!(event, Event::Consumer { what: ConsumerEvent::OrderlyTaskDue { task: OrderlyTask::LockAll, .. }, .. })
    };
    assert!(due.iter().any(lock_all), "every 20 s, in BROADCASTING too");
}

/// How often a message of two was tried before it fails, and how often it may be; what its broker answers: whether it is sent
/// back, and how far the queue is then.
#[test]
fn an_orderly_message_that_fails_for_good_goes_and_its_queue_goes_on() {
    let taken = || Ok(Response::SentBack { dead_letter: true });
    let failed = || Err(CallError::TimedOut);
    type Row<'a> = (u32, Option<u32>, &'a dyn Fn() -> Result<Response, CallError>, usize, Option<u64>);
    let rows: [Row<'_>; 5] = [
        (1, Some(1), &taken, 0, None),
        (2, Some(1), &taken, 1, Some(1)),
        (2, Some(1), &failed, 1, None),
        (100, None, &taken, 0, None),
        (1, Some(0), &taken, 1, Some(1)),
    ];
    for (tried, most, answers, sent_back, committed) in rows {
        let mut plan = orderly(plan_by(|_| ()));
        plan.consumers[0].listener.failures_per_million = 1_000_000;
        plan.consumers[0].consumer.max_reconsume_times = most;
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        let number = hold(&mut out, &mut process, 0, 2);
        let own = queue(&mut out, 0);
        process.consumers[0].note_lock(&mut out, own, true);
        let held = &mut process.consumers[0].process_queues[number as usize];
        (0..tried).for_each(|_| held.count_try(0));
        process.go_orderly_goes_on(&mut out, 0, number);
        let due = hear(&mut out, at(5)).due;
        for (_, event) in due {
            if let Event::Consumer { what: what @ ConsumerEvent::ListenerReturned { .. }, .. } = event {
                process.go_consumer_event(&mut out, 0, what);
            }
        }
        let back = sent_until(&mut out, at(7)).iter().filter(|word| word.contains("send back 0")).count();
        let row = format!("tried {tried} times, {most:?} at most");
        assert_eq!(back, sent_back, "{row}");
        if sent_back > 0 {
            process.go_send_back_answered(&mut out, 0, 0, answers());
        }
        assert_eq!(process.consumers[0].offset_in_memory(&mut out, own), committed, "{row}");
    }
}

/// One slot, and a message that can neither be sent back nor sent: nobody else gets the slot until it has come again.
#[test]
fn a_message_that_cannot_be_sent_back_holds_its_slot() {
    let mut plan = plan_by(|rules| rules.sends_back_as_normal = false);
    plan.consumers[0].consumer.consume_thread_min = 1;
    plan.consumers[0].listener.work = Distribution::Constant(Span::from_millis(5));
    plan.consumers[0].listener.failures_per_million = 1_000_000;
    let mut out = outside(&plan);
    let mut process = running_go(&mut out);
    let number = hold(&mut out, &mut process, 0, 2);
    process.go_put_into_channel(0, number, (0, 2));
    process.go_dispatch(&mut out, 0, number);
    let handed = |seen: &[Observation]| -> Vec<u64> {
        let one = |seen: &Observation| match seen {
            Observation::Delivered { offset, .. } => Some(*offset),
            _ => None,
        };
        seen.iter().filter_map(one).collect()
    };
    assert_eq!(handed(&play(&mut out, &mut process, 10)), [0]);
    process.go_send_back_answered(&mut out, 0, 0, Err(CallError::TimedOut));
    assert_eq!(handed(&play(&mut out, &mut process, 5_009)), [0; 0], "it sleeps for 5 s");
    assert_eq!(handed(&play(&mut out, &mut process, 5_020)), [0]);
}
