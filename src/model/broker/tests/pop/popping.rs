//! What a pop takes, in which order it is refused, and where a group begins (`PopMessageProcessor`).
//!
//! The rules are those of `PopMessageProcessor.popMsgFromQueue`.

use super::*;
use crate::model::observation::PopRefusal;
use crate::model::plan::Permission;

#[test]
fn a_pop_takes_from_all_queues_what_fits_and_moves_their_offsets() {
    let plan = pop_plan(1, |_| {});
    let mut scene = members(&plan);
    scene.send_all(40);
    let first = scene.popped_now(0);
    assert_eq!(first.len(), 32);
    let second = scene.popped_now(0);
    let mut all = places(&first);
    all.extend(places(&second));
    all.sort_unstable();
    let every: Vec<(u32, u64)> = (0..QUEUES).flat_map(|queue| (0..10).map(move |offset| (queue, offset))).collect();
    assert_eq!(all, every, "each message once, acknowledged or not");
    let popped: Vec<u64> = (0..QUEUES).filter_map(|queue| scene.committed(queue)).collect();
    assert_eq!(popped, [10, 10, 10, 10]);
}

#[test]
fn a_pop_of_one_queue_takes_of_no_other_and_no_more_than_it_asked_for() {
    let plan = pop_plan(1, |_| {});
    let mut scene = members(&plan);
    scene.send_all(40);
    scene.pop_as(0, |pop| (pop.queue, pop.max_messages) = (Some(QueueIndex(2)), 3));
    let now = scene.out.now();
    let heard = scene.until(now + Span::from_millis(2));
    let messages = found(&pops(&heard));
    assert_eq!(places(&messages), [(2, 0), (2, 1), (2, 2)]);
    assert!(messages.iter().all(|message| message.handle.start_offset == 0));
    assert_eq!(scene.committed(2), Some(3));
}

#[test]
fn refusals_come_in_the_order_of_the_processor() {
    type Breaks = fn(&mut Scene<'_>);
    type Row = (&'static str, Breaks, fn(&mut PopRequest), Popped);
    const UNREADABLE: Permission = Permission { read: false, write: true };
    let refused = Popped::Refused;
    let rows: [Row; 6] = [
        ("nothing is wrong", |_| {}, |_| {}, Popped::PollingTimeout),
        (
            "the broker is not readable",
            |scene| scene.broker.change_broker_permission(&mut scene.out, UNREADABLE),
            |pop| pop.max_messages = 33,
            refused(PopRefusal::BrokerForbidden),
        ),
        ("too many", |_| {}, |pop| pop.max_messages = 33, refused(PopRefusal::InvalidParameter)),
        (
            "the topic is not readable",
            |scene| {
                scene.broker.change_permission(&mut scene.out, TopicIndex(0), UNREADABLE);
            },
            |_| {},
            refused(PopRefusal::TopicForbidden),
        ),
        (
            "no such queue any more",
            |scene| scene.broker.change_queues(&mut scene.out, TopicIndex(0), (Some(2), None)),
            |pop| pop.queue = Some(QueueIndex(3)),
            refused(PopRefusal::InvalidParameter),
        ),
        ("no such topic", |_| {}, |pop| pop.topic = TopicIndex(1), refused(PopRefusal::TopicNotExist)),
    ];
    let mut plan = pop_plan(1, |_| {});
    plan.topics.push(crate::model::plan::TopicPlan { name: "other".to_owned(), exists: false, queues: Vec::new() });
    for (name, breaks, asks, expected) in rows {
        let mut scene = members(&plan);
        breaks(&mut scene);
        // A poll that is over is answered at once.
        scene.pop_as(0, |pop| {
            pop.poll = Span::ZERO;
            asks(pop);
        });
        let heard = scene.until(ms(20));
        assert_eq!(pops(&heard), [expected], "{name}");
    }
}

/// Trap PE32, and trap PE14's other half: a client whose clock is behind.
#[test]
fn without_the_timer_wheel_every_pop_is_refused_and_one_that_is_too_old_before_that() {
    let plan = pop_plan(1, |pop| pop.timer_wheel_enable = false);
    let mut scene = members(&plan);
    scene.send_all(4);
    scene.pop(0);
    scene.pop_as(0, |pop| pop.born = Instant::from_nanos(pop.born.as_nanos() - 16_000_000_000));
    let now = scene.out.now();
    let heard = scene.until(now + Span::from_millis(2));
    assert_eq!(pops(&heard), [Popped::Refused(PopRefusal::TimerWheelOff), Popped::PollingTimeout]);
}

#[test]
fn a_group_without_an_offset_begins_where_its_request_says() {
    // Entry 0 is in memory, or the head was deleted; what the first pop gets of 3 messages a queue.
    type Row = (InitMode, bool, Option<u64>, usize);
    let rows: [Row; 4] = [
        (InitMode::Min, true, None, 12),
        (InitMode::Max, true, None, 12),
        (InitMode::Max, false, None, 4),
        (InitMode::Min, true, Some(2), 4),
    ];
    for (init_mode, in_memory, min, expected) in rows {
        let plan = pop_plan(1, |pop| pop.init_pop_offset_by_check_msg_in_mem = in_memory);
        let mut scene = members(&plan);
        scene.send_all(12);
        for queue in (0..QUEUES).map(QueueIndex).filter(|_| min.is_some()) {
            scene.out.logs[0].queue_mut(queue).min = min.unwrap_or(0);
        }
        scene.pop_as(0, |pop| pop.init_mode = init_mode);
        let now = scene.out.now();
        let heard = scene.until(now + Span::from_millis(2));
        assert_eq!(found(&pops(&heard)).len(), expected, "{init_mode:?}, {in_memory}, {min:?}");
    }
}

#[test]
fn tags_that_are_not_wanted_move_the_offset_and_are_never_popped() {
    let mut plan = pop_plan(1, |_| {});
    plan.tags = vec!["wanted".to_owned(), "other".to_owned()];
    let mut scene = members(&plan);
    for tag in [2, 1, 2, 1, 2] {
        scene.send(QueueIndex(0), tag);
    }
    scene.until(ms(20));
    scene.pop_as(0, |pop| pop.tags = TagSet::default().with(1));
    let heard = scene.until(ms(25));
    let messages = found(&pops(&heard));
    assert_eq!(places(&messages), [(0, 1), (0, 3)]);
    assert_eq!(scene.committed(0), Some(5));
}

/// Trap PE24: an operator's reset moves the offset, and what is in flight comes back all the same.
#[test]
fn a_reset_is_taken_by_the_next_pop_and_calls_nothing_back() {
    let plan = pop_plan(1, |_| {});
    let mut scene = members(&plan);
    scene.send_all(8);
    assert_eq!(scene.popped_now(0).len(), 8);
    scene.broker.offsets.assign_reset(GroupIndex(0), QueueIndex(1), 0);
    let again = scene.popped_now(0);
    assert_eq!(places(&again), [(1, 0), (1, 1)]);
    let heard = scene.until(ms(30_000));
    assert_eq!(revivals(&heard).len(), 10, "eight of the first pop and two of the second");
}

#[test]
fn every_fifth_pop_looks_into_the_retry_topic_first_and_a_full_batch_leaves_it_alone_else() {
    for (probability, first) in [(0, false), (100, true)] {
        let plan = pop_plan(1, |pop| pop.pop_from_retry_probability = probability);
        let mut scene = members(&plan);
        scene.send_all(4);
        assert_eq!(scene.popped_now(0).len(), 4);
        scene.until(ms(20_000));
        scene.send_all(40);
        let messages = scene.popped_now(0);
        let retries = messages.iter().filter(|message| message.reconsume_times == 1).count();
        assert_eq!((messages.len(), retries), (32, if first { 4 } else { 0 }), "{probability} % (trap PE17)");
    }
}
