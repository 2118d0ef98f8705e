//! Pops in order: who is kept from a queue until when, where its offset goes, and what comes again
//! (`ConsumerOrderInfoManager`, `AckMessageProcessor.ackOrderly`).

use super::*;

const QUEUE: QueueIndex = QueueIndex(0);

/// So many messages in queue 0, and a consumer that popped them in order by its first attempt.
fn batch<'a>(plan: &'a Plan, count: u32) -> (Scene<'a>, Vec<PoppedMessage>) {
    let mut scene = members(plan);
    (0..count).for_each(|_| scene.send(QUEUE, 0));
    scene.until(ms(20));
    let popped = scene.fifo(0, Some(1));
    assert_eq!(popped.len(), count as usize);
    (scene, popped)
}

impl Scene<'_> {
    /// Pops in order, from all queues, and answers what came at once; the poll is over soon after.
    fn fifo(&mut self, consumer: u16, attempt: Option<u64>) -> Vec<PoppedMessage> {
        self.pop_as(consumer, |pop| {
            (pop.fifo, pop.attempt_id, pop.poll) = (true, attempt, Span::from_millis(51));
        });
        let now = self.out.now();
        found(&pops(&self.until(now + Span::from_millis(21))))
    }

    /// Waits for a batch in order, of one queue or all.
    fn fifo_waits(&mut self, consumer: u16, attempt: u64, queue: Option<QueueIndex>) {
        self.pop_as(consumer, |pop| (pop.fifo, pop.attempt_id, pop.queue) = (true, Some(attempt), queue));
    }

    fn change(&mut self, consumer: usize, handle: PopHandle, invisible: Span) {
        self.ask(consumer, Request::ChangeInvisible { handle, group: GroupIndex(0), invisible });
    }

    /// Goes on until something is popped, and answers when that was, after it had begun to wait, and what it is.
    fn next_popped(&mut self) -> (Span, Vec<PoppedMessage>) {
        let began = self.out.now();
        for step in 1..20_000 {
            let heard = self.until(began + Span::from_millis(step));
            let messages = found(&pops(&heard));
            if !messages.is_empty() {
                // Of that the answer was under way for a part.
                return (Span::from_millis(step).saturating_sub(testing::WAY), messages);
            }
        }
        (Span::ZERO, Vec::new())
    }
}

/// Offset and `reconsumeTimes` of each.
fn counts(messages: &[PoppedMessage]) -> Vec<(u64, u32)> {
    messages.iter().map(|message| (message.handle.offset, message.reconsume_times)).collect()
}

#[test]
fn a_queue_is_with_one_client_and_others_get_the_others() {
    let plan = pop_plan(2, |_| {});
    let mut scene = members(&plan);
    (0..5).for_each(|_| scene.send(QUEUE, 0));
    scene.until(ms(20));
    scene.pop_as(0, |pop| (pop.fifo, pop.max_messages) = (true, 2));
    let popped = found(&pops(&scene.until(ms(30))));
    assert_eq!(places(&popped), [(0, 0), (0, 1)]);
    assert!(popped.iter().all(|message| message.handle.is_fifo() && message.reconsume_times == 0));
    assert_eq!(scene.committed(0), Some(0), "what was popped in order is not consumed yet");
    assert_eq!(scene.fifo(0, None), [], "not even the one who has it gets more");
    scene.send(QueueIndex(1), 0);
    scene.until(ms(70));
    assert_eq!(places(&scene.fifo(1, None)), [(1, 0)]);
    // A pop that is not in order asks nobody.
    scene.pop_as(1, |pop| pop.queue = Some(QUEUE));
    let now = scene.out.now();
    let taken = found(&pops(&scene.until(now + Span::from_millis(2))));
    assert_eq!(taken.len(), 5);
}

#[test]
fn the_offset_goes_to_the_first_that_is_not_acknowledged() {
    let rows: [(&[usize], u64); 7] =
        [(&[], 0), (&[1], 0), (&[0], 1), (&[0, 2], 1), (&[2, 0], 1), (&[0, 1], 2), (&[2, 1, 0], 3)];
    for (acked, expected) in rows {
        let plan = pop_plan(1, |_| {});
        let (mut scene, popped) = batch(&plan, 3);
        acked.iter().for_each(|at| scene.ack(0, popped[*at].handle));
        assert_eq!(scene.committed(0), Some(expected), "{acked:?}");
        scene.send(QUEUE, 0);
        scene.until(ms(100));
        let next = if acked.len() == 3 { vec![(3, 0)] } else { vec![] };
        assert_eq!(counts(&scene.fifo(0, Some(2))), next, "{acked:?}: one that is not done blocks all behind it");
    }
}

#[test]
fn the_same_attempt_gets_the_same_again_and_counts_nothing() {
    let plan = pop_plan(2, |_| {});
    for (first, second, again) in
        [(Some(1), Some(1), true), (Some(1), Some(2), false), (Some(1), None, false), (None, None, false)]
    {
        let mut scene = members(&plan);
        (0..2).for_each(|_| scene.send(QUEUE, 0));
        scene.until(ms(20));
        assert_eq!(counts(&scene.fifo(0, first)), [(0, 0), (1, 0)]);
        let expected = if again { vec![(0, 0), (1, 0)] } else { vec![] };
        assert_eq!(counts(&scene.fifo(1, second)), expected, "{first:?}, {second:?}");
    }
}

/// Redelivery: from the first that is not acknowledged, those behind it too (the rule that surprises), each counted.
#[test]
fn at_the_end_of_a_block_the_queue_is_popped_again_from_its_offset_on() {
    let plan = pop_plan(2, |_| {});
    let (mut scene, popped) = batch(&plan, 3);
    scene.ack(0, popped[0].handle);
    scene.ack(0, popped[2].handle);
    scene.fifo_waits(1, 7, None);
    let (waited, again) = scene.next_popped();
    assert_eq!(counts(&again), [(1, 1), (2, 1)]);
    // Popped at 20 ms or a bit later for 10 s.
    assert!((9_950..10_100).contains(&waited.as_millis()), "{waited}");
    scene.fifo_waits(0, 8, None);
    assert_eq!(counts(&scene.next_popped().1), [(1, 2), (2, 2)]);
    assert_eq!(scene.committed(0), Some(1));
    let heard = scene.until(ms(60_000));
    assert!(revivals(&heard).is_empty(), "there is no checkpoint");
}

#[test]
fn whom_the_end_of_a_block_wakes() {
    // The wheel is told to; the queue that the other pop waits for; what ends the block; how long that pop waits at least.
    type Row = (bool, Option<QueueIndex>, bool, Option<(u64, u64)>);
    let rows: [Row; 6] = [
        // All is acknowledged: a pop of this queue is woken at once, one of all by the wheel.
        (true, Some(QUEUE), true, Some((0, 3))),
        (true, None, true, Some((1, 101))),
        (false, Some(QUEUE), true, Some((0, 3))),
        (false, None, true, None),
        // The time is over.
        (true, Some(QUEUE), false, Some((9_950, 10_100))),
        (false, None, false, None),
    ];
    for (notifies, queue, acks, expected) in rows {
        let plan = pop_plan(2, |pop| pop.notify_after_pop_order_lock_release = notifies);
        let (mut scene, popped) = batch(&plan, 1);
        scene.send(QUEUE, 0);
        scene.until(ms(60));
        scene.fifo_waits(1, 7, queue);
        scene.until(ms(75));
        if acks {
            scene.ack(0, popped[0].handle);
        }
        let (waited, messages) = scene.next_popped();
        let name = format!("{notifies}, {queue:?}, {acks}");
        match expected {
            Some((least, most)) => assert!((least..=most).contains(&waited.as_millis()), "{name}: {waited}"),
            // Its poll is over then, and it runs once more.
            None => assert!(waited >= Span::from_secs(14), "{name}: {waited}, {messages:?}"),
        }
    }
}

#[test]
fn a_change_says_when_a_message_is_visible_and_its_handle_grows() {
    // To what the two messages of a batch are changed, and when a pop that waits gets them.
    let s = Span::from_secs;
    let rows: [(Option<Span>, Option<Span>, u64); 4] = [
        (None, None, 10_000),
        (Some(s(3)), Some(s(2)), 3_000),
        (Some(s(12)), None, 12_000),
        // The wheel turns up for the first of them, finds the other one, and is not told of that.
        (Some(s(4)), Some(s(6)), 14_950),
    ];
    for (first, second, expected) in rows {
        let plan = pop_plan(2, |_| {});
        let (mut scene, popped) = batch(&plan, 2);
        for (message, to) in popped.iter().zip([first, second]) {
            to.into_iter().for_each(|to| scene.change(0, message.handle, to));
        }
        let heard = scene.until(ms(50));
        for (connection, answer) in heard.responses() {
            let Response::InvisibleChanged { pop_time, invisible } = answer else {
                panic!("{connection:?} {answer:?}")
            };
            let handle = popped[0].handle.changed(*pop_time, *invisible);
            assert_eq!(handle.pop_time, popped[0].handle.pop_time, "the batch is known by it");
            let to = handle.revive_time().since(popped[0].handle.pop_time);
            assert!([first, second].contains(&Some(Span::from_secs(to.as_millis() / 1_000))), "{to}");
        }
        scene.fifo_waits(1, 7, None);
        let (waited, again) = scene.next_popped();
        assert_eq!(counts(&again), [(0, 1), (1, 1)], "{first:?}, {second:?}");
        let about = expected.saturating_sub(60)..expected + 120;
        assert!(about.contains(&waited.as_millis()), "{first:?}, {second:?}: {waited}");
    }
}

#[test]
fn who_lost_a_batch_acknowledges_and_changes_nothing() {
    let plan = pop_plan(2, |_| {});
    let (mut scene, old) = batch(&plan, 2);
    scene.until(ms(10_100));
    let new = scene.fifo(1, Some(7));
    assert_eq!(counts(&new), [(0, 1), (1, 1)]);
    scene.ack(0, old[0].handle);
    scene.change(0, old[1].handle, Span::from_secs(100));
    let heard = scene.until(ms(10_200));
    assert!(heard.responses().iter().all(|(_, answer)| !matches!(answer, Response::Refused)), "SUCCESS all the same");
    assert!(!saw(&heard, |what| matches!(what, Observation::AckTaken { .. } | Observation::InvisibleChanged { .. })));
    assert_eq!(scene.committed(0), Some(0));
    scene.ack(1, new[0].handle);
    scene.ack(1, new[0].handle);
    assert_eq!(scene.committed(0), Some(1), "the second time it lies below the offset");
    // None of the batch.
    scene.send(QUEUE, 0);
    scene.ack(1, PopHandle { offset: 2, ..new[1].handle });
    let heard = scene.until(ms(10_300));
    assert!(matches!(heard.responses()[..], [_, _, (_, Response::Refused)]), "{:?}", heard.responses());
}

#[test]
fn a_reset_sets_the_queue_free() {
    for reset in [false, true] {
        let plan = pop_plan(2, |_| {});
        let (mut scene, popped) = batch(&plan, 3);
        if reset {
            scene.broker.offsets.assign_reset(GroupIndex(0), QUEUE, 1);
            // Until the group has heard of it no acknowledgement moves the offset.
            scene.ack(0, popped[2].handle);
            scene.ack(0, popped[1].handle);
            assert_eq!(scene.committed(0), Some(1));
        }
        let expected = if reset { vec![(1, 0), (2, 0)] } else { vec![] };
        assert_eq!(counts(&scene.fifo(1, Some(7))), expected, "{reset}");
    }
}

#[test]
fn tags_that_are_not_wanted_are_passed_over_for_good() {
    let mut plan = pop_plan(1, |_| {});
    plan.tags = vec!["wanted".to_owned(), "other".to_owned()];
    let mut scene = members(&plan);
    [2, 1, 2].into_iter().for_each(|tag| scene.send(QUEUE, tag));
    [2, 2].into_iter().for_each(|tag| scene.send(QueueIndex(1), tag));
    scene.until(ms(20));
    scene.pop_as(0, |pop| (pop.fifo, pop.tags) = (true, TagSet::default().with(1)));
    let popped = found(&pops(&scene.until(ms(30))));
    assert_eq!(places(&popped), [(0, 1)]);
    assert_eq!((scene.committed(0), scene.committed(1)), (Some(0), Some(2)));
    scene.ack(0, popped[0].handle);
    assert_eq!(scene.committed(0), Some(2));
}

#[test]
fn a_pop_in_order_takes_nothing_out_of_a_retry_topic() {
    for (fifo, expected) in [(false, 4), (true, 0)] {
        let plan = pop_plan(1, |pop| pop.pop_from_retry_probability = 100);
        let mut scene = members(&plan);
        scene.send_all(4);
        assert_eq!(scene.popped_now(0).len(), 4);
        assert_eq!(revivals(&scene.until(ms(20_000))).len(), 4);
        scene.pop_as(0, |pop| pop.fifo = fifo);
        let heard = scene.until(ms(20_010));
        assert_eq!(found(&pops(&heard)).len(), expected, "{fifo}");
    }
}
