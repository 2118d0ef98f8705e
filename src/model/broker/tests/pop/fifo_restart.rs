//! What a broker forgets of pops in order, and what its file has (`ConsumerOrderInfoManager.persist`): trap PE26.

use super::*;

const QUEUE: QueueIndex = QueueIndex(0);

impl Scene<'_> {
    /// Pops of the first queue in order, and gets what is there at once.
    fn pop_in_order(&mut self, consumer: u16, invisible: Span) -> Vec<PoppedMessage> {
        self.pop_as(consumer, |pop| {
            (pop.fifo, pop.queue, pop.poll, pop.invisible) = (true, Some(QUEUE), Span::from_millis(51), invisible);
        });
        let now = self.out.now();
        found(&pops(&self.until(now + Span::from_millis(21))))
    }

    /// The process ends, its successor reads the disk, and its timers begin.
    fn restart(&mut self, clean: bool) {
        if clean {
            self.broker.write_offsets(&mut self.out);
            self.broker.write_order_infos(&mut self.out);
        }
        let host = self.broker.host(&self.out);
        self.broker.pop.forget();
        self.out.machines[host.at()].epoch += 1;
        self.broker.reload_offsets_unseen();
        self.broker.resume_pop(&mut self.out);
        self.broker.start_timers(&mut self.out);
    }
}

/// Three messages, popped in order at a moment for half a minute.
fn popped_at(plan: &Plan, at: Instant) -> (Scene<'_>, Vec<PoppedMessage>) {
    let mut scene = members(plan);
    scene.broker.start_timers(&mut scene.out);
    (0..3).for_each(|_| scene.send(QUEUE, 0));
    scene.until(at);
    let popped = scene.pop_in_order(0, Span::from_secs(30));
    assert_eq!(popped.len(), 3);
    (scene, popped)
}

/// A batch that was popped within 10 s before a kill is given to another while the first works on it.
#[test]
fn what_the_file_has_is_blocked_behind_a_restart_and_nothing_else() {
    // Popped and ended, in ms of a process that began at 10 ms and wrote at 10,010; clean or not; blocked then.
    for (popped, ended, clean, blocked) in [
        (1_000, 9_000, false, false),
        (1_000, 9_000, true, true),
        (1_000, 11_000, false, true),
        (12_000, 19_000, false, false),
        (12_000, 20_100, false, true),
    ] {
        let plan = pop_plan(2, |_| {});
        let (mut scene, _) = popped_at(&plan, ms(popped));
        scene.until(ms(ended));
        scene.restart(clean);
        let again = scene.pop_in_order(1, Span::from_secs(30));
        assert_eq!(again.is_empty(), blocked, "popped at {popped}, ended at {ended}, clean: {clean}");
        assert!(again.iter().all(|message| message.reconsume_times == 0), "nobody knows that they were popped");
    }
}

/// An acknowledgement of a queue of which nothing is known moves the offset behind its message: what was not acknowledged
/// before it never comes again.
#[test]
fn without_the_batch_an_acknowledgement_skips_what_lies_before_it() {
    for (known, offset) in [(true, 0), (false, 3)] {
        let plan = pop_plan(2, |_| {});
        let (mut scene, popped) = popped_at(&plan, ms(1_000));
        scene.until(ms(9_000));
        scene.restart(known);
        scene.ack(0, popped[2].handle);
        assert_eq!(scene.committed(0), Some(offset), "known: {known}");
    }
}

/// The wheel of the new process is told of what is blocked.
#[test]
fn the_end_of_a_block_that_began_before_a_restart_wakes_too() {
    let plan = pop_plan(2, |_| {});
    let (mut scene, _) = popped_at(&plan, ms(1_000));
    scene.until(ms(20_000));
    scene.restart(true);
    scene.pop_as(1, |pop| (pop.fifo, pop.queue) = (true, Some(QUEUE)));
    let soon = found(&pops(&scene.until(ms(30_990))));
    let then = found(&pops(&scene.until(ms(31_110))));
    assert_eq!((soon.len(), then.len()), (0, 3));
}

/// `CLEAN_SPAN_FROM_LAST`, and a topic that has lost the queue, at the next write.
#[test]
fn what_is_of_no_use_is_forgotten() {
    const HOUR: u64 = 3_600_000;
    type Breaks = fn(&mut Scene<'_>);
    let nothing: Breaks = |_| {};
    let shrinks: Breaks = |scene| {
        scene.broker.change_queues(&mut scene.out, TopicIndex(0), (Some(0), None));
        scene.until(ms(21_000));
        scene.broker.change_queues(&mut scene.out, TopicIndex(0), (Some(4), None));
    };
    for (breaks, at, blocked) in
        [(nothing, 24 * HOUR - 60_000, true), (nothing, 24 * HOUR + 20_000, false), (shrinks, 30_000, false)]
    {
        let plan = pop_plan(2, |_| {});
        let mut scene = members(&plan);
        scene.broker.order_timers_begin(&mut scene.out, Span::ZERO);
        scene.send(QUEUE, 0);
        scene.until(ms(1_000));
        assert_eq!(scene.pop_in_order(0, Span::from_secs(48 * 3_600)).len(), 1);
        breaks(&mut scene);
        scene.until(ms(at));
        assert_eq!(scene.pop_in_order(1, Span::from_secs(10)).is_empty(), blocked, "at {at} ms");
    }
}
