//! `ConsumeMessageConcurrentlyService` (`ConsumeMessageConcurrentlyService.submitConsumeRequest`,
//! `ConsumeMessageConcurrentlyService.processConsumeResult`).

use crate::model::consumer::Consumer;
use crate::model::consumer::service::pool::Batch;
use crate::model::instance::Instance;
use crate::model::observation::{ConsumeOutcome, Observation};
use crate::model::outside::Outside;

impl Consumer {
    /// `processConsumeResult`, unless the queue was dropped meanwhile: then the result is thrown away.
    pub(in crate::model) fn process_consume_result(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        batch: Batch,
        interrupted: bool,
    ) {
        let dropped = self.process_queues[batch.process_queue as usize].dropped;
        let failed = self.listener_throws(out) || self.listener_fails(out, batch);
        let outcome = match (dropped, interrupted, failed) {
            (true, ..) => ConsumeOutcome::DiscardedBecauseDropped,
            (false, true, _) | (false, _, true) if out.is_broadcasting(self.index) => ConsumeOutcome::Dropped,
            (false, true, _) => ConsumeOutcome::Interrupted,
            (false, false, true) => ConsumeOutcome::Failed,
            (false, false, false) => ConsumeOutcome::Success,
        };
        self.see_consumed(out, batch, outcome);
        match outcome {
            ConsumeOutcome::DiscardedBecauseDropped => self.free_thread(thread),
            ConsumeOutcome::Dropped if self.keeps_what_it_drops(out) => {
                self.keep_what_it_drops(thread, batch);
                self.free_thread(thread);
            }
            ConsumeOutcome::Success | ConsumeOutcome::Dropped => {
                self.advance(out, batch.process_queue, batch.first, batch.count);
                self.free_thread(thread);
            }
            ConsumeOutcome::Suspended | ConsumeOutcome::RolledBack => {
                unreachable!("only an orderly listener suspends or rolls back")
            }
            ConsumeOutcome::DiscardedTooLate | ConsumeOutcome::DiscardedWithAssignment => {
                unreachable!("these are of what is popped")
            }
            ConsumeOutcome::Panicked => unreachable!("what panics has no result"),
            ConsumeOutcome::Failed | ConsumeOutcome::Interrupted => {
                self.send_back_next(out, instance, thread, batch, batch.first)
            }
        }
    }

    /// Handled messages leave the process queue; the lowest offset left is what will be committed.
    pub(in crate::model) fn advance(&mut self, out: &mut Outside<'_>, process_queue: u32, first: u64, count: u32) {
        let (consumer, held) = (self.index, &mut self.process_queues[process_queue as usize]);
        let queue = held.queue;
        if !held.dropped
            && let Some(offset) = held.remove(first, count)
        {
            self.update_offset(out, queue, offset, true);
            out.see(Observation::ProgressMoved { consumer, queue, offset });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Distribution, Span};
    use crate::model::event::{ConsumerEvent, Event};
    use crate::model::instance::testing::{at, hold, running, sent};
    use crate::model::plan::Plan;
    use crate::model::testing::{Heard, hear, outside, plan};

    fn plan_with(work_ms: u64, failures_per_million: u32) -> Plan {
        let mut plan = plan(1);
        plan.consumers[0].listener.work = Distribution::Constant(Span::from_millis(work_ms));
        plan.consumers[0].listener.failures_per_million = failures_per_million;
        plan
    }

    fn delivered(heard: &Heard) -> Vec<u64> {
        let offset = |seen: &Observation| match seen {
            Observation::Delivered { offset, .. } => Some(*offset),
            _ => None,
        };
        heard.seen.iter().filter_map(offset).collect()
    }

    #[test]
    fn batches_go_to_the_threads_that_are_free_and_the_rest_waits() {
        let mut plan = plan_with(100, 0);
        plan.consumers[0].consumer.consume_message_batch_max_size = 3;
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        let number = hold(&mut out, &mut process, 0, 10);
        let consumer = &mut process.consumers[0];
        consumer.pool.open(2);
        consumer.submit(&mut out, &process.instance, number, 0, 10);
        let heard = hear(&mut out, at(100));
        assert_eq!(delivered(&heard), [0, 1, 2, 3, 4, 5]);
        let returned = |(at, event): &(_, Event)| (*at, matches!(event, Event::Consumer { .. }));
        assert_eq!(heard.due.iter().map(returned).collect::<Vec<_>>(), [(at(100), true), (at(100), true)]);
        process.consumer_event(&mut out, 0, ConsumerEvent::ListenerReturned { thread: 0 });
        let heard = hear(&mut out, at(100));
        assert_eq!(delivered(&heard), [6, 7, 8]);
        let progress = heard.seen.iter().filter(|seen| matches!(seen, Observation::ProgressMoved { .. })).count();
        assert_eq!(progress, 1, "the low watermark is told, moved or not");
    }

    #[test]
    fn what_becomes_of_a_batch() {
        use ConsumeOutcome::{DiscardedBecauseDropped, Failed, Interrupted, Success};
        // Fails; its queue is dropped meanwhile; `shutdown()` interrupts it: the outcome, how many messages are left in the
        // queue, and what is sent.
        const SENT_BACK: &str = "Broker(0): send back 0 of 0";
        let rows = [
            (false, false, false, Success, 1, None),
            (true, false, false, Failed, 2, Some(SENT_BACK)),
            (false, false, true, Interrupted, 2, Some(SENT_BACK)),
            (false, true, false, DiscardedBecauseDropped, 0, None),
            (true, true, true, DiscardedBecauseDropped, 0, None),
        ];
        for (fails, dropped, interrupted, expected, left, request) in rows {
            let plan = plan_with(100, if fails { 1_000_000 } else { 0 });
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let number = hold(&mut out, &mut process, 0, 2);
            process.consumers[0].pool.open(1);
            process.consumers[0].submit(&mut out, &process.instance, number, 0, 1);
            hear(&mut out, at(50));
            if dropped {
                process.consumers[0].process_queues[number as usize].drop_queue();
            }
            match interrupted {
                true => process.interrupt_listeners(&mut out, 0),
                false => process.consumer_event(&mut out, 0, ConsumerEvent::ListenerReturned { thread: 0 }),
            }
            let heard = hear(&mut out, at(60));
            let outcome = heard.seen.iter().find_map(|seen| match seen {
                Observation::Consumed { outcome, .. } => Some(*outcome),
                _ => None,
            });
            let consumer = &process.consumers[0];
            let held = consumer.process_queues[number as usize].count();
            assert_eq!((outcome, held), (Some(expected), left), "{fails} {dropped} {interrupted}");
            assert_eq!(sent(&out, &heard), request.into_iter().collect::<Vec<_>>(), "{fails} {dropped} {interrupted}");
            assert_eq!(consumer.pool.is_idle(), request.is_none(), "a thread that sends back is busy");
        }
    }

    #[test]
    fn batches_of_a_dropped_queue_are_not_run() {
        let plan = plan_with(0, 0);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        let number = hold(&mut out, &mut process, 0, 2);
        let consumer = &mut process.consumers[0];
        consumer.process_queues[number as usize].drop_queue();
        consumer.submit(&mut out, &process.instance, number, 0, 2);
        assert_eq!((delivered(&hear(&mut out, at(1))), consumer.pool.is_idle()), (vec![], true));
    }
}
