//! What an orderly listener says, and what becomes of what it failed
//! (`consumer/push_consumer.go:consumeMessageOrderly`, `checkReconsumeTimes`).
//!
//! A batch that is suspended comes again at once. A message that was tried more often than `MaxReconsumeTimes` goes to the
//! dead-letter queue instead, and its queue goes on: it is sent back with a delay level below 0, while the goroutine waits.

use crate::kernel::Span;
use crate::model::consumer::service::pool::{Batch, Work};
use crate::model::go_client::orderly::{Doing, LOCK_IN_BETWEEN};
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::ConsumeOutcome;
use crate::model::outside::Outside;

/// After a listener has failed nothing is slept (`SuspendCurrentQueueTimeMillis` is -1): what one turn of the loop costs.
const ONE_TURN: Span = Span::from_micros(10);

impl ClientProcess {
    /// The listener of an orderly queue returns.
    pub(super) fn go_orderly_done(&mut self, out: &mut Outside<'_>, at: usize, thread: u32, batch: Batch) {
        if self.go_listener_panics(out, at, thread, batch) {
            return;
        }
        let loses = self.go().rules.suspend_loses;
        let client = &mut self.consumers[at];
        let failures = u64::from(out.planned(client.index).listener.failures_per_million);
        let dropped = client.process_queues[batch.process_queue as usize].dropped;
        let failed = failures > 0 && client.pool.failures.chance(failures, 1_000_000);
        let outcome = match (dropped, failed) {
            (true, _) => ConsumeOutcome::DiscardedBecauseDropped,
            (_, true) if loses => ConsumeOutcome::Dropped,
            (_, true) => ConsumeOutcome::Suspended,
            _ => ConsumeOutcome::Success,
        };
        client.see_consumed(out, batch, outcome);
        let process_queue = batch.process_queue;
        match outcome {
            ConsumeOutcome::Success => self.go_orderly_committed(out, at, thread, process_queue),
            ConsumeOutcome::Suspended | ConsumeOutcome::Dropped => {
                client.process_queues[process_queue as usize].orderly.suspend = false;
                self.go_check_reconsume_times(out, at, thread, batch, batch.first);
            }
            _ => {
                client.free_thread(thread);
                self.go_orderly(at).doing.remove(&process_queue);
            }
        }
    }

    /// `commit`, and the next turn.
    fn go_orderly_committed(&mut self, out: &mut Outside<'_>, at: usize, thread: u32, process_queue: u32) {
        let client = &mut self.consumers[at];
        client.free_thread(thread);
        if !client.process_queues[process_queue as usize].dropped {
            client.commit_orderly(out, process_queue);
        }
        self.go_orderly(at).doing.insert(process_queue, Doing::Sleeps);
        self.go_orderly_turn(out, at, process_queue, LOCK_IN_BETWEEN);
    }

    /// From this message of the batch on: tried again, or, tried too often, sent to the dead-letter queue, one after the other.
    fn go_check_reconsume_times(&mut self, out: &mut Outside<'_>, at: usize, thread: u32, batch: Batch, from: u64) {
        let loses = self.go().rules.suspend_loses;
        let client = &mut self.consumers[at];
        let most = out.planned(client.index).consumer.max_reconsume_times;
        let process_queue = batch.process_queue;
        for offset in from..batch.first + u64::from(batch.count) {
            let held = &client.process_queues[process_queue as usize];
            if held.is_absent(offset) {
                continue;
            }
            let before =
                out.record(held.queue, offset, held.life(offset)).map_or(0, |(known, _)| known.reconsume_times);
            if most.is_some_and(|most| before + held.tried(offset) > most) {
                return self.go_give_up_message(out, at, thread, (batch, offset));
            }
            self.go_try_again(at, process_queue, offset);
            return self.go_check_reconsume_times(out, at, thread, batch, offset + 1);
        }
        if !client.process_queues[process_queue as usize].orderly.suspend {
            return self.go_orderly_committed(out, at, thread, process_queue);
        }
        client.free_thread(thread);
        // By an old rule it counts as taken: the next commit goes past it.
        if !loses {
            client.process_queues[process_queue as usize].put_back(batch.count);
        }
        client.resubmit_later(out, process_queue, ONE_TURN);
        self.go_orderly(at).doing.insert(process_queue, Doing::Sleeps);
    }

    fn go_try_again(&mut self, at: usize, process_queue: u32, offset: u64) {
        let held = &mut self.consumers[at].process_queues[process_queue as usize];
        held.count_try(offset);
        held.orderly.suspend = true;
    }

    /// `sendMessageBack` with the level -1.
    fn go_give_up_message(&mut self, out: &mut Outside<'_>, at: usize, thread: u32, (batch, offset): (Batch, u64)) {
        let client = &mut self.consumers[at];
        let (consumer, (host, epoch)) = (client.index, client.seat(out));
        let held = &client.process_queues[batch.process_queue as usize];
        let (queue, life) = (held.queue, held.life(offset));
        let Some(to) = client.master_host(out, queue) else {
            self.go_try_again(at, batch.process_queue, offset);
            return self.go_check_reconsume_times(out, at, thread, batch, offset + 1);
        };
        client.pool.threads[thread as usize] = Some(Work::SendingToRetry(batch, offset));
        // As if it had come back often enough.
        let (group, max_reconsume_times, delay_level) = (client.group, 0, None);
        let request = Request::SendBack { consumer, group, queue, offset, life, max_reconsume_times, delay_level };
        let timeout = out.planned(consumer).client.timers.send_back_timeout;
        out.call(host, to, request, timeout, Waiter::SendBack { consumer, epoch, thread });
    }

    /// The broker has taken it, or has not: then it is tried again.
    pub(super) fn go_gave_up_message(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        thread: u32,
        (batch, offset): (Batch, u64),
        answer: Result<Response, CallError>,
    ) {
        if !matches!(answer, Ok(Response::SentBack { .. })) {
            self.go_try_again(at, batch.process_queue, offset);
        }
        self.go_check_reconsume_times(out, at, thread, batch, offset + 1);
    }
}
