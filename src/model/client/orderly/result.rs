//! `ConsumeMessageOrderlyService.processConsumeResult` and `checkReconsumeTimes`.

use crate::model::client::consume::{Batch, Work};
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{ConsumeOutcome, Observation};
use crate::model::plan::ConsumerIndex;
use crate::model::world::World;

impl World<'_> {
    /// A batch left the listener. True: the task goes on with the next one.
    pub(super) fn orderly_batch_done(
        &mut self,
        consumer: ConsumerIndex,
        thread: u32,
        batch: Batch,
        interrupted: bool,
    ) -> bool {
        let listener = &self.out.planned(consumer).listener;
        let context = listener.orderly.as_ref().expect("the listener is orderly");
        let failures = u64::from(listener.failures_per_million);
        let client = self.client(consumer);
        let held = &mut client.process_queues[batch.process_queue as usize];
        held.orderly.listening = false;
        let dropped = held.dropped;
        let failed = failures > 0 && client.pool.failures.chance(failures, 1_000_000);
        let outcome = match (dropped, interrupted, failed) {
            (true, ..) => ConsumeOutcome::DiscardedBecauseDropped,
            (_, true, _) => ConsumeOutcome::Interrupted,
            (_, _, true) if context.rolls_back => ConsumeOutcome::RolledBack,
            (_, _, true) => ConsumeOutcome::Suspended,
            _ => ConsumeOutcome::Success,
        };
        self.see_consumed(consumer, batch, outcome);
        let held = &mut self.client(consumer).process_queues[batch.process_queue as usize];
        let goes_on = match outcome {
            // The result of a dropped queue is not committed: the next owner repeats the batch (A9.4).
            ConsumeOutcome::DiscardedBecauseDropped => true,
            ConsumeOutcome::RolledBack => {
                held.roll_back();
                self.suspend_queue(consumer, thread, batch.process_queue);
                false
            }
            ConsumeOutcome::Suspended
            | ConsumeOutcome::Interrupted
            | ConsumeOutcome::Failed
            | ConsumeOutcome::Dropped => {
                held.orderly.suspend = false;
                self.check_reconsume_times(consumer, thread, batch, batch.first)
            }
            ConsumeOutcome::Success => {
                held.orderly.uncommitted += 1;
                if context.auto_commit || held.orderly.uncommitted >= context.commit_every {
                    self.commit_orderly(consumer, batch.process_queue);
                }
                true
            }
        };
        self.consume_lock_freed(consumer, batch.process_queue);
        goes_on
    }

    /// `ProcessQueue.commit`, and the offset behind it, which may go back.
    fn commit_orderly(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let client = self.client(consumer);
        let held = &mut client.process_queues[process_queue as usize];
        let queue = held.queue;
        if let Some(offset) = held.commit() {
            client.offsets.update(&queue, offset, false);
            self.out.see(Observation::ProgressMoved { consumer, queue, offset });
        }
    }

    /// The task ends and comes again after `suspendCurrentQueueTimeMillis`: nothing overtakes what failed.
    fn suspend_queue(&mut self, consumer: ConsumerIndex, thread: u32, process_queue: u32) {
        let delay = self.out.planned(consumer).consumer.suspend_current_queue_time();
        self.resubmit_later(consumer, process_queue, delay);
        self.end_task(consumer, thread, process_queue);
    }

    /// From this message of the batch on: tried again, or, tried often enough, sent to `%RETRY%`, one after the other.
    /// True: none has to be tried again, and the task goes on.
    fn check_reconsume_times(&mut self, consumer: ConsumerIndex, thread: u32, batch: Batch, from: u64) -> bool {
        let most = self.out.planned(consumer).consumer.max_reconsume_times;
        let process_queue = batch.process_queue;
        for offset in from..batch.first + u64::from(batch.count) {
            let held = &self.client(consumer).process_queues[process_queue as usize];
            if held.is_absent(offset) {
                continue;
            }
            let (queue, life) = (held.queue, held.life(offset));
            let before = self.out.record(queue, offset, life).map_or(0, |(record, _)| record.reconsume_times);
            let held = &mut self.client(consumer).process_queues[process_queue as usize];
            let times = before + held.tried(offset);
            match most {
                Some(most) if times >= most => {
                    if self.send_to_any_retry(consumer, thread, (batch, offset), (times, most)) {
                        return false;
                    }
                    self.try_again(consumer, process_queue, offset);
                }
                _ => self.try_again(consumer, process_queue, offset),
            }
        }
        let auto_commit = self.out.planned(consumer).listener.orderly.as_ref().is_some_and(|o| o.auto_commit);
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        if held.orderly.suspend {
            held.put_back(batch.count);
            self.suspend_queue(consumer, thread, process_queue);
            return false;
        }
        if auto_commit && !held.dropped {
            self.commit_orderly(consumer, process_queue);
        }
        true
    }

    fn try_again(&mut self, consumer: ConsumerIndex, process_queue: u32, offset: u64) {
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        held.count_try(offset);
        held.orderly.suspend = true;
    }

    /// `sendMessageBack`: a normal message to `%RETRY%` on any broker; false where no broker is known.
    fn send_to_any_retry(
        &mut self,
        consumer: ConsumerIndex,
        thread: u32,
        (batch, offset): (Batch, u64),
        (reconsume_times, max_reconsume_times): (u32, u32),
    ) -> bool {
        let (host, epoch) = self.client_seat(consumer);
        let Some(broker) = self.any_retry_broker(consumer) else { return false };
        let timeout = self.out.planned(consumer).client.mq_client_api_timeout;
        let client = self.client(consumer);
        client.pool.threads[thread as usize] = Some(Work::SendingToRetry(batch, offset));
        let held = &client.process_queues[batch.process_queue as usize];
        let (group, queue, life) = (client.group, held.queue, held.life(offset));
        let request =
            Request::SendToRetry { consumer, group, queue, offset, life, reconsume_times, max_reconsume_times };
        self.out.call(
            host,
            self.out.broker_host(broker),
            request,
            timeout,
            Waiter::SendBack { consumer, epoch, thread },
        );
        true
    }

    /// The message is gone from the queue, or is tried again; then the rest of its batch has its turn.
    pub(in crate::model::client) fn sent_to_retry(
        &mut self,
        consumer: ConsumerIndex,
        thread: u32,
        (batch, offset): (Batch, u64),
        answer: Result<Response, CallError>,
    ) {
        if !matches!(answer, Ok(Response::SentBack { .. })) {
            self.try_again(consumer, batch.process_queue, offset);
        }
        if self.check_reconsume_times(consumer, thread, batch, offset + 1) {
            self.consume_next(consumer, thread, batch.process_queue);
        }
        self.run_pool(consumer);
        self.pool_may_have_terminated(consumer);
    }
}
