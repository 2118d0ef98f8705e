//! Pops that wait, and what wakes them (`PopLongPollingService`).
//!
//! The rules are those of `PopLongPollingService.notifyMessageArriving`.

use super::*;

/// How many messages each consumer has been given up to a moment.
fn given(scene: &mut Scene<'_>, until: u64) -> Vec<usize> {
    let heard = scene.until(ms(until));
    let mut given = vec![0; scene.channels.len()];
    for (connection, payload) in &heard.arrived {
        if let Payload::Response(_, Response::Popped(Popped::Found(messages))) = payload {
            let consumer = scene.channels.iter().position(|channel| channel == connection).expect("it is a consumer's");
            given[consumer] += messages.len();
        }
    }
    given
}

#[test]
fn a_message_wakes_one_pop_of_all_queues_the_one_whose_poll_ends_first() {
    let plan = pop_plan(3, |_| {});
    let mut scene = members(&plan);
    scene.pop_as(0, |pop| pop.poll = Span::from_secs(12));
    scene.pop_as(1, |pop| pop.poll = Span::from_secs(10));
    scene.until(ms(20));
    scene.send(QueueIndex(3), 0);
    assert_eq!(given(&mut scene, 30), [0, 1, 0]);
    scene.send(QueueIndex(0), 0);
    assert_eq!(given(&mut scene, 40), [1, 0, 0]);
}

#[test]
fn a_message_wakes_a_pop_of_its_queue_too_and_none_of_another() {
    let plan = pop_plan(2, |_| {});
    let mut scene = members(&plan);
    scene.pop_as(0, |pop| pop.queue = Some(QueueIndex(1)));
    scene.pop_as(1, |pop| pop.queue = Some(QueueIndex(2)));
    scene.until(ms(20));
    scene.send(QueueIndex(2), 0);
    assert_eq!(given(&mut scene, 30), [0, 1]);
}

#[test]
fn the_pop_of_a_connection_that_is_gone_is_passed_over() {
    let plan = pop_plan(2, |_| {});
    let mut scene = members(&plan);
    scene.pop_as(0, |pop| pop.poll = Span::from_secs(10));
    scene.pop(1);
    let gone = scene.channels[0];
    scene.out.connections[gone].server_open = false;
    scene.send(QueueIndex(2), 0);
    assert_eq!(given(&mut scene, 30), [0, 1]);
}

#[test]
fn a_poll_ends_50_ms_early_and_by_the_clock_of_the_one_who_asked() {
    // Ahead of the broker's clock by so much, and when the answer has arrived: looked at every 20 ms.
    for (ahead_ms, ends_ms) in [(0, 14_961), (2_000, 16_961), (-2_000, 12_961)] {
        let plan = pop_plan(1, |_| {});
        let mut scene = members(&plan);
        let host = scene.out.consumer_host(ConsumerIndex(0)).at();
        scene.out.machines[host].clock_ahead = ahead_ms * 1_000_000;
        scene.pop(0);
        assert!(pops(&scene.until(ms(ends_ms - 1))).is_empty(), "{ahead_ms} ms");
        assert_eq!(pops(&scene.until(ms(ends_ms))), [Popped::PollingTimeout], "{ahead_ms} ms");
    }
}

#[test]
fn too_many_pops_that_wait_are_refused() {
    let plan = pop_plan(1, |pop| pop.pop_polling_size = 1);
    let mut scene = members(&plan);
    (0..4).for_each(|_| scene.pop(0));
    assert_eq!(pops(&scene.until(ms(20))), [Popped::PollingFull, Popped::PollingFull]);
}

/// A backlog is spread over all that wait: each that leaves something behind wakes one more.
#[test]
fn a_pop_that_leaves_messages_behind_wakes_the_next() {
    let plan = pop_plan(3, |_| {});
    let mut scene = members(&plan);
    (0..2).for_each(|consumer| scene.pop(consumer));
    scene.until(ms(20));
    // They come in one dispatch, and the first is heard of when all are there.
    (0..96).for_each(|number| scene.send(QueueIndex(number % QUEUES), 0));
    assert_eq!(given(&mut scene, 30), [32, 32, 0]);
}

/// Trap PE19: whoever is woken first does not want it, and nobody else is asked.
#[test]
fn a_message_of_another_tag_leaves_all_asleep() {
    let mut plan = pop_plan(2, |_| {});
    plan.tags = vec!["wanted".to_owned(), "other".to_owned()];
    let mut scene = members(&plan);
    // The first message of a queue wakes whatever its tag is, as every 800th does.
    scene.send(QueueIndex(0), 1);
    scene.until(ms(15));
    scene.pop_as(1, |pop| pop.tags = TagSet::default().with(1));
    assert_eq!(given(&mut scene, 20), [0, 1], "what is there is taken at once");
    scene.pop_as(0, |pop| (pop.poll, pop.tags) = (Span::from_secs(10), TagSet::default().with(2)));
    scene.pop_as(1, |pop| pop.tags = TagSet::default().with(1));
    scene.until(ms(25));
    scene.send(QueueIndex(0), 1);
    assert_eq!(given(&mut scene, 40), [0, 0]);
}

/// Trap PE1: what comes into a retry topic with the old name is found by the next pop that ends, with the new one at once.
#[test]
fn what_comes_back_wakes_nobody_by_its_old_name() {
    type Row = (fn(&mut PopBrokerSettings), bool);
    let rows: [Row; 3] = [
        (|_| {}, false),
        (|pop| (pop.enable_retry_topic_v2, pop.retrieve_message_from_pop_retry_topic_v1) = (true, false), true),
        (|pop| pop.retry_arrival_wakes = true, true),
    ];
    for (change, wakes) in rows {
        let plan = pop_plan(2, change);
        let mut scene = members(&plan);
        scene.send(QueueIndex(0), 0);
        scene.until(ms(15));
        assert_eq!(scene.popped_now(0).len(), 1);
        let mut revived = None;
        // The pop waits from 11 s to 26 s.
        scene.until(ms(11_000));
        scene.pop(1);
        let mut came = None;
        for at in 11_000..27_000 {
            let heard = scene.until(ms(at));
            revived = revived.or((!revivals(&heard).is_empty()).then_some(at));
            came = came.or((!found(&pops(&heard)).is_empty()).then_some(at));
        }
        let (revived, came) = (revived.expect("nobody acknowledged it"), came.expect("it is popped again"));
        assert_eq!(came < revived + 5, wakes, "revived at {revived} ms, popped at {came} ms");
        assert!(wakes || came >= 25_950, "revived at {revived} ms, popped at {came} ms");
    }
}
