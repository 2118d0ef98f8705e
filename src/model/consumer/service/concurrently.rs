//! `ConsumeMessageConcurrentlyService` (`ConsumeMessageConcurrentlyService.submitConsumeRequest`,
//! `ConsumeMessageConcurrentlyService.processConsumeResult`).

use crate::model::consumer::Consumer;
use crate::model::consumer::service::pool::Batch;
use crate::model::instance::Instance;
use crate::model::observation::{ConsumeOutcome, Observation};
use crate::model::outside::Outside;

impl Consumer {
    /// `processConsumeResult`, unless the queue was dropped meanwhile: then the result is thrown away.
    pub(in crate::model) fn finish_batch(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        batch: Batch,
        interrupted: bool,
    ) {
        let consumer = self.index;
        let failures = out.planned(consumer).listener.failures_per_million;
        if out.lite_pull(consumer).is_some() {
            self.see_consumed(out, batch, ConsumeOutcome::Success);
            return self.polled_batch_done(out, instance, thread);
        }
        let held = &self.process_queues[batch.process_queue as usize];
        let dropped = held.dropped;
        let failed = failures > 0 && self.pool.failures.chance(failures.into(), 1_000_000);
        let outcome = match (dropped, interrupted, failed) {
            (true, ..) => ConsumeOutcome::DiscardedBecauseDropped,
            (false, true, _) | (false, _, true) if out.is_broadcasting(consumer) => ConsumeOutcome::Dropped,
            (false, true, _) => ConsumeOutcome::Interrupted,
            (false, false, true) => ConsumeOutcome::Failed,
            (false, false, false) => ConsumeOutcome::Success,
        };
        self.see_consumed(out, batch, outcome);
        match outcome {
            ConsumeOutcome::DiscardedBecauseDropped => self.free_thread(thread),
            ConsumeOutcome::Success | ConsumeOutcome::Dropped => {
                self.advance(out, batch.process_queue, batch.first, batch.count);
                self.free_thread(thread);
            }
            ConsumeOutcome::Suspended | ConsumeOutcome::RolledBack => {
                unreachable!("only an orderly listener suspends or rolls back")
            }
            ConsumeOutcome::Failed | ConsumeOutcome::Interrupted => {
                self.send_back_next(out, instance, thread, batch, batch.first)
            }
        }
    }

    /// Handled messages leave the process queue; the lowest offset left is what will be committed.
    pub(in crate::model) fn advance(&mut self, out: &mut Outside<'_>, process_queue: u32, first: u64, count: u32) {
        let consumer = self.index;
        let held = &mut self.process_queues[process_queue as usize];
        let queue = held.queue;
        if held.dropped {
            return;
        }
        if let Some(offset) = held.remove(first, count) {
            self.update_offset(out, queue, offset, true);
            out.see(Observation::ProgressMoved { consumer, queue, offset });
        }
    }
}
