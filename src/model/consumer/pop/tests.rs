//! What a client does with what brokers assign and give it.

use std::rc::Rc;

use crate::kernel::{Distribution, Span};
use crate::model::consumer::State;
use crate::model::event::{ConsumerEvent, Event};
use crate::model::ids::{BrokerIndex, QueueIndex, TopicIndex};
use crate::model::instance::ClientProcess;
use crate::model::instance::rebalance_service::Step;
use crate::model::instance::testing::{at, queue, running};
use crate::model::network::{
    Assigned, AssignedQueue, CallError, PopHandle, Popped, PoppedMessage, Request, Response, RetryFlag,
};
use crate::model::observation::{Observation, PopDiscard, PopRelease, PopTrouble, RequestMode};
use crate::model::outside::Outside;
use crate::model::plan::Plan;
use crate::model::testing::{Heard, hear, outside, plan};

const ALL: AssignedQueue = AssignedQueue::AllOf(BrokerIndex(0), TopicIndex(0));

fn popping_plan() -> Plan {
    let mut plan = plan(1);
    plan.consumers[0].consumer.pop.client_rebalance = false;
    plan
}

fn process(out: &mut Outside<'_>) -> ClientProcess {
    let mut process = running(out);
    process.consumers[0].popping.pool.open(2);
    process
}

/// A broker assigns this of topic 0.
fn assign(out: &mut Outside<'_>, process: &mut ClientProcess, assigned: &[(AssignedQueue, RequestMode)]) -> Step {
    process.instance.rebalance_begun(out, TopicIndex(0), true);
    let assigned = assigned.iter().map(|&(queue, mode)| Assigned { queue, mode }).collect();
    let (consumer, instance) = (&mut process.consumers[0], &mut process.instance);
    let mut step = consumer.update_assignment(out, instance, (BrokerIndex(0), Rc::new(assigned)));
    while step == Step::Waits {
        let stored: Result<_, CallError> = Ok(Response::Offset { offset: Some(7), assumed: false });
        step = consumer.start_offset_answered(out, instance, stored);
    }
    step
}

/// So many messages of a queue, popped now.
fn messages(out: &Outside<'_>, queue: QueueIndex, count: u64, reconsume_times: u32) -> Vec<PoppedMessage> {
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
    (0..count).map(message).collect()
}

/// The first assignment is answered with these.
fn answer(out: &mut Outside<'_>, process: &mut ClientProcess, found: Vec<PoppedMessage>) {
    let answer = Ok(Response::Popped(Popped::Found(Rc::new(found))));
    process.consumers[0].pop_answered(out, &mut process.instance, 0, answer);
}

/// What a client told brokers of messages: acknowledged, or invisible for so many seconds.
fn told(heard: &Heard) -> Vec<Option<u64>> {
    let told = |(_, request): (_, &Request)| match request {
        Request::Ack { .. } => Some(None),
        Request::ChangeInvisible { invisible, .. } => Some(Some(invisible.as_millis() / 1_000)),
        _ => None,
    };
    heard.requests().into_iter().filter_map(told).collect()
}

fn pops(heard: &Heard) -> usize {
    heard.requests().iter().filter(|(_, request)| matches!(request, Request::Pop(_))).count()
}

fn due(heard: &Heard) -> Vec<u64> {
    let pop = |(at, event): &(crate::kernel::Instant, Event)| match event {
        Event::Consumer { what: ConsumerEvent::PopDue { .. }, .. } => Some(at.as_millis()),
        _ => None,
    };
    heard.due.iter().filter_map(pop).collect()
}

#[test]
fn what_is_assigned_is_popped_after_500_ms_and_dropped_when_the_mode_changes() {
    let plan = popping_plan();
    let mut out = outside(&plan);
    let mut process = process(&mut out);
    assert_eq!(assign(&mut out, &mut process, &[(ALL, RequestMode::Pop)]), Step::Changed);
    assert!(process.instance.rebalancing().balanced);
    assert_eq!(due(&hear(&mut out, at(1_000))), [500]);
    assert_eq!(assign(&mut out, &mut process, &[(ALL, RequestMode::Pop)]), Step::Settled, "nothing changed");
    let own = queue(&mut out, 0);
    let pulled = [(AssignedQueue::One(own), RequestMode::Pull)];
    assert_eq!(assign(&mut out, &mut process, &pulled), Step::Changed);
    let seen = hear(&mut out, at(1_100)).seen;
    let order: Vec<_> = seen
        .iter()
        .filter_map(|seen| match seen {
            Observation::PopQueueReleased { why, .. } => Some(Some(*why)),
            Observation::QueueTaken { .. } => Some(None),
            _ => None,
        })
        .collect();
    assert_eq!(order, [Some(PopRelease::ModeSwitched), None], "dropped first, taken then");
    assert!(process.consumers[0].popping.process_queues[0].dropped);
    process.consumers[0].pop_due(&mut out, &mut process.instance, 0);
    let heard = hear(&mut out, at(1_200));
    assert_eq!((pops(&heard), due(&heard).len()), (0, 0), "the loop of what was dropped ends");
}

/// The topic that POP comes back through is subscribed where all is pulled, anew each time, and given up where all is popped.
#[test]
fn the_retry_topic_of_pop_is_subscribed_while_all_is_pulled() {
    let plan = popping_plan();
    let mut out = outside(&plan);
    let mut process = process(&mut out);
    let own = queue(&mut out, 0);
    let pulled = [(AssignedQueue::One(own), RequestMode::Pull)];
    let topics = |process: &ClientProcess| process.consumers[0].subscriptions.len();
    let before = topics(&process);
    _ = assign(&mut out, &mut process, &pulled);
    let retry = out.names.find_pop_retry(process.consumers[0].group, TopicIndex(0), false).expect("it has a name");
    let version = |process: &ClientProcess| process.consumers[0].subscription(retry).map(|known| known.version);
    let first = version(&process);
    assert_eq!((topics(&process), first.is_some()), (before + 1, true));
    hear(&mut out, at(5_000));
    _ = assign(&mut out, &mut process, &pulled);
    assert_eq!(version(&process), first.map(|version| version + 5_000), "and its version is of that moment");
    _ = assign(&mut out, &mut process, &[(ALL, RequestMode::Pop)]);
    assert_eq!((topics(&process), version(&process)), (before, None));
    _ = assign(&mut out, &mut process, &[]);
    assert_eq!(topics(&process), before, "of nothing there is nothing to subscribe");
}

#[test]
fn a_pop_waits_while_too_much_is_unfinished_or_the_consumer_is_suspended() {
    for (unfinished, suspended, trouble, again) in [
        (96, false, None, None),
        (97, false, Some(PopTrouble::FlowControl), Some(50)),
        (0, true, Some(PopTrouble::Suspended), Some(1_000)),
    ] {
        let plan = popping_plan();
        let mut out = outside(&plan);
        let mut process = process(&mut out);
        _ = assign(&mut out, &mut process, &[(ALL, RequestMode::Pop)]);
        hear(&mut out, at(600));
        process.consumers[0].popping.process_queues[0].unfinished = unfinished;
        process.consumers[0].suspended = suspended;
        process.consumers[0].pop_due(&mut out, &mut process.instance, 0);
        let heard = hear(&mut out, at(2_000));
        let said = heard.seen.iter().find_map(|seen| match seen {
            Observation::PopTroubled { trouble, .. } => Some(*trouble),
            _ => None,
        });
        assert_eq!(said, trouble, "{unfinished} unfinished");
        assert_eq!(due(&heard), again.map(|again| 600 + again).into_iter().collect::<Vec<u64>>());
        assert_eq!(pops(&heard), usize::from(trouble.is_none()));
    }
}

/// A listener's result, how often the message had come back before and at most may, which level it asks for, how long it
/// works in ms: what the broker is told of the one message.
#[test]
fn what_is_told_of_a_message_behind_its_listener() {
    // Fails, came back, at most, level, work: what is told.
    let rows = [
        (false, 0, None, 0, 100, vec![None]),
        (true, 0, None, 0, 100, vec![Some(10)]),
        (true, 1, None, 0, 100, vec![Some(30)]),
        (true, 15, None, 0, 100, vec![Some(7_200)]),
        (true, 3, None, 1, 100, vec![Some(30)]),
        (true, 0, None, -1, 100, vec![]),
        (false, 17, None, 0, 100, vec![None]),
        (false, 2, Some(1), 0, 100, vec![None]),
        // Younger than the first delay: an index of -1.
        (true, 1, Some(1), 0, 100, vec![]),
        (false, 0, None, 0, 60_000, vec![]),
        (true, 0, None, 0, 60_000, vec![]),
        (false, 0, None, 0, 59_000, vec![None]),
    ];
    for (fails, came_back, most, level, work, expected) in rows {
        let mut plan = popping_plan();
        let listener = &mut plan.consumers[0].listener;
        listener.failures_per_million = if fails { 1_000_000 } else { 0 };
        listener.delay_level_when_next_consume = level;
        listener.work = Distribution::Constant(Span::from_millis(work));
        plan.consumers[0].consumer.max_reconsume_times = most;
        let mut out = outside(&plan);
        let mut process = process(&mut out);
        let own = queue(&mut out, 0);
        out.logs[0].fill(own, 0..1);
        _ = assign(&mut out, &mut process, &[(ALL, RequestMode::Pop)]);
        let popped = messages(&out, own, 1, came_back);
        answer(&mut out, &mut process, popped);
        let mut heard = hear(&mut out, at(work));
        let returns = |(_, event): &(_, Event)| {
            matches!(event, Event::Consumer { what: ConsumerEvent::PopListenerReturned { .. }, .. })
        };
        if heard.due.iter().any(returns) {
            process.consumers[0].pop_thread_is_free(&mut out, 0);
            let soon = out.now() + Span::from_millis(10);
            heard = hear(&mut out, soon);
        }
        assert_eq!(told(&heard), expected, "{fails} {came_back} {most:?} {level} {work}");
        assert_eq!(process.consumers[0].popping.process_queues[0].unfinished, 0, "it is done with");
    }
}

/// Two threads and five messages of a minute's work: the last one waits for as long as it is invisible, and is thrown away.
#[test]
fn what_waits_for_too_long_is_thrown_away() {
    let mut plan = popping_plan();
    plan.consumers[0].listener.work = Distribution::Constant(Span::from_secs(59));
    let mut out = outside(&plan);
    let mut process = process(&mut out);
    let own = queue(&mut out, 0);
    out.logs[0].fill(own, 0..5);
    _ = assign(&mut out, &mut process, &[(ALL, RequestMode::Pop)]);
    let popped = messages(&out, own, 5, 0);
    answer(&mut out, &mut process, popped);
    let discarded = |heard: &Heard, reason| {
        heard.seen.iter().filter(|s| matches!(s, Observation::PopDiscarded { why, .. } if *why == reason)).count()
    };
    for (ms, thrown, left) in [(59_000, 0, 3), (118_000, 1, 0)] {
        hear(&mut out, at(ms));
        process.consumers[0].pop_thread_is_free(&mut out, 0);
        process.consumers[0].pop_thread_is_free(&mut out, 1);
        let heard = hear(&mut out, at(ms + 10));
        assert_eq!(discarded(&heard, PopDiscard::InvisibleTimeOver), thrown, "at {ms}");
        assert_eq!(process.consumers[0].popping.process_queues[0].unfinished, left, "at {ms}");
    }
    let assigned = process.consumers[0].popping.process_queues[0].assigned;
    let popped = messages(&out, own, 4, 0);
    answer(&mut out, &mut process, popped);
    process.consumers[0].drop_pop_queue(&mut out, assigned, PopRelease::NotAssigned);
    let soon = out.now() + Span::from_secs(1);
    hear(&mut out, soon);
    process.consumers[0].pop_thread_is_free(&mut out, 0);
    process.consumers[0].pop_thread_is_free(&mut out, 1);
    let soon = out.now() + Span::from_secs(1);
    let heard = hear(&mut out, soon);
    assert_eq!((discarded(&heard, PopDiscard::Dropped), told(&heard).len()), (2, 0), "nobody is told of them");
}

#[test]
fn an_acknowledgement_goes_nowhere_behind_the_shutdown() {
    let mut plan = popping_plan();
    plan.consumers[0].listener.work = Distribution::Constant(Span::from_secs(1));
    for (state, sent) in [(State::Running, 1), (State::Unregistered, 1), (State::Disconnected, 0)] {
        let mut out = outside(&plan);
        let mut process = process(&mut out);
        let own = queue(&mut out, 0);
        out.logs[0].fill(own, 0..1);
        _ = assign(&mut out, &mut process, &[(ALL, RequestMode::Pop)]);
        let popped = messages(&out, own, 1, 0);
        answer(&mut out, &mut process, popped);
        hear(&mut out, at(1_000));
        process.consumers[0].state = state;
        process.consumers[0].pop_thread_is_free(&mut out, 0);
        let heard = hear(&mut out, at(1_010));
        let failed = heard.seen.iter().filter(|seen| matches!(seen, Observation::AckFailed { .. })).count();
        assert_eq!((told(&heard).len(), failed), (sent, 1 - sent), "{state:?}");
    }
}
