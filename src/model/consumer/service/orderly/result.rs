//! `ConsumeMessageOrderlyService.processConsumeResult` and `checkReconsumeTimes`.

use crate::model::consumer::Consumer;
use crate::model::consumer::service::pool::{Batch, Work};
use crate::model::instance::Instance;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{ConsumeOutcome, Observation};
use crate::model::outside::Outside;

impl Consumer {
    /// A batch left the listener. True: the task goes on with the next one.
    pub(in crate::model) fn orderly_batch_done(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        batch: Batch,
        interrupted: bool,
    ) -> bool {
        let consumer = self.index;
        let listener = &out.planned(consumer).listener;
        let context = listener.orderly.as_ref().expect("the listener is orderly");
        let held = &mut self.process_queues[batch.process_queue as usize];
        held.orderly.listening = false;
        let dropped = held.dropped;
        let (threw, failed) = (self.listener_throws(out), self.listener_fails(out, batch));
        let outcome = match (dropped, interrupted, failed) {
            (true, ..) => ConsumeOutcome::DiscardedBecauseDropped,
            (_, true, _) => ConsumeOutcome::Interrupted,
            _ if threw => ConsumeOutcome::Suspended,
            (_, _, true) if context.rolls_back => ConsumeOutcome::RolledBack,
            (_, _, true) => ConsumeOutcome::Suspended,
            _ => ConsumeOutcome::Success,
        };
        self.see_consumed(out, batch, outcome);
        let held = &mut self.process_queues[batch.process_queue as usize];
        match outcome {
            // The result of a dropped queue is not committed: the next owner repeats the batch (A9.4).
            ConsumeOutcome::DiscardedBecauseDropped => true,
            ConsumeOutcome::DiscardedTooLate | ConsumeOutcome::DiscardedWithAssignment => {
                unreachable!("these are of what is popped")
            }
            ConsumeOutcome::Panicked => unreachable!("what panics has no result"),
            ConsumeOutcome::RolledBack => {
                held.roll_back();
                self.suspend_queue(out, instance, thread, batch.process_queue);
                false
            }
            ConsumeOutcome::Suspended
            | ConsumeOutcome::Interrupted
            | ConsumeOutcome::Failed
            | ConsumeOutcome::Dropped => {
                held.orderly.suspend = false;
                self.check_reconsume_times(out, instance, thread, batch, batch.first)
            }
            ConsumeOutcome::Success => {
                held.orderly.uncommitted += 1;
                if context.auto_commit || held.orderly.uncommitted >= context.commit_every {
                    self.commit_orderly(out, batch.process_queue);
                }
                true
            }
        }
    }

    /// `ProcessQueue.commit`, and the offset behind it, which may go back.
    pub(in crate::model) fn commit_orderly(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let consumer = self.index;
        let held = &mut self.process_queues[process_queue as usize];
        let queue = held.queue;
        if let Some(offset) = held.commit() {
            self.update_offset(out, queue, offset, false);
            out.see(Observation::ProgressMoved { consumer, queue, offset });
        }
    }

    /// The task ends and comes again after `suspendCurrentQueueTimeMillis`: nothing overtakes what failed.
    fn suspend_queue(&mut self, out: &mut Outside<'_>, instance: &Instance, thread: u32, process_queue: u32) {
        let consumer = self.index;
        let delay = out.planned(consumer).consumer.suspend_current_queue_time();
        self.resubmit_later(out, process_queue, delay);
        self.end_task(out, instance, thread, process_queue);
    }

    /// From this message of the batch on: tried again, or, tried often enough, sent to `%RETRY%`, one after the other.
    /// True: none has to be tried again, and the task goes on.
    fn check_reconsume_times(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        batch: Batch,
        from: u64,
    ) -> bool {
        let consumer = self.index;
        let most = out.planned(consumer).consumer.max_reconsume_times;
        let process_queue = batch.process_queue;
        for offset in from..batch.first + u64::from(batch.count) {
            let held = &self.process_queues[process_queue as usize];
            if held.is_absent(offset) {
                continue;
            }
            let (queue, life) = (held.queue, held.life(offset));
            let before = out.record(queue, offset, life).map_or(0, |(record, _)| record.reconsume_times);
            let held = &mut self.process_queues[process_queue as usize];
            let times = before + held.tried(offset);
            match most {
                Some(most) if times >= most => {
                    if self.send_to_any_retry(out, instance, thread, (batch, offset), (times, most)) {
                        return false;
                    }
                    self.try_again(process_queue, offset);
                }
                _ => self.try_again(process_queue, offset),
            }
        }
        let auto_commit = out.planned(consumer).listener.orderly.as_ref().is_some_and(|o| o.auto_commit);
        let held = &mut self.process_queues[process_queue as usize];
        if held.orderly.suspend {
            held.put_back(batch.count);
            self.suspend_queue(out, instance, thread, process_queue);
            return false;
        }
        if auto_commit && !held.dropped {
            self.commit_orderly(out, process_queue);
        }
        true
    }

    fn try_again(&mut self, process_queue: u32, offset: u64) {
        let held = &mut self.process_queues[process_queue as usize];
        held.count_try(offset);
        held.orderly.suspend = true;
    }

    /// `sendMessageBack`: a normal message to `%RETRY%` on any broker; false where no broker is known.
    fn send_to_any_retry(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        (batch, offset): (Batch, u64),
        (reconsume_times, max_reconsume_times): (u32, u32),
    ) -> bool {
        let consumer = self.index;
        let (host, epoch) = self.seat(out);
        let Some(broker) = self.any_retry_broker(out, instance) else { return false };
        let client = &out.planned(consumer).client;
        let timeout = client.mq_client_api_timeout;
        let reconsume_times = reconsume_times + u32::from(client.rules.counts_the_last_try);
        self.pool.threads[thread as usize] = Some(Work::SendingToRetry(batch, offset));
        let held = &self.process_queues[batch.process_queue as usize];
        let (group, queue, life) = (self.group, held.queue, held.life(offset));
        let request =
            Request::SendToRetry { consumer, group, queue, offset, life, reconsume_times, max_reconsume_times };
        out.call(host, out.broker_host(broker), request, timeout, Waiter::SendBack { consumer, epoch, thread });
        true
    }

    /// The message is gone from the queue, or is tried again; then the rest of its batch has its turn.
    pub(in crate::model) fn sent_to_retry(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        (batch, offset): (Batch, u64),
        answer: Result<Response, CallError>,
    ) {
        if !matches!(answer, Ok(Response::SentBack { .. })) {
            self.try_again(batch.process_queue, offset);
        }
        if self.check_reconsume_times(out, instance, thread, batch, offset + 1) {
            self.consume_next(out, instance, thread, batch.process_queue);
        }
        self.run_pool(out, instance);
    }
}
