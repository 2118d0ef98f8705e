//! `ConsumeMessageConcurrentlyService` (`ConsumeMessageConcurrentlyService.submitConsumeRequest`,
//! `ConsumeMessageConcurrentlyService.processConsumeResult`): a pool of threads with one first-in-first-out queue over
//! all message queues of the consumer.

use std::collections::VecDeque;

use crate::kernel::{Instant, Span, Stream, Streams};
use crate::model::event::ConsumerEvent;
use crate::model::observation::{ConsumeOutcome, Observation};
use crate::model::plan::{ConsumerIndex, PlantedMistake};
use crate::model::world::World;

use super::Client;

/// Consecutive messages of one process queue for one call of the listener, those left out that were filtered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Batch {
    pub process_queue: u32,
    pub first: u64,
    pub count: u32,
}

/// What a thread of the pool does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Work {
    /// The listener runs since this moment.
    Listening(Batch, Instant),
    /// A failed batch is sent back, message by message; this one is under way, to its broker or (true), because that
    /// failed, to any other.
    SendingBack(Batch, u64, bool),
    /// An orderly task waits for another task of the same queue to end (`MessageQueueLock`).
    Blocked,
    /// A message of an orderly batch that was tried often enough is sent to `%RETRY%`; the thread waits.
    SendingToRetry(Batch, u64),
}

/// The pool.
#[derive(Debug)]
pub(in crate::model) struct ConsumePool {
    /// `shutdown()` was called: nothing new is accepted.
    pub closed: bool,
    /// `shutdown()` waits for the pool, for the first or second time.
    pub terminating: Option<bool>,
    pub(super) waiting: VecDeque<Batch>,
    pub(super) threads: Vec<Option<Work>>,
    idle: Vec<u32>,
    pub(super) work: Stream,
    pub(super) failures: Stream,
    /// Which broker gets a message whose own broker did not take it back.
    pub(super) retry_broker: Stream,
}

impl ConsumePool {
    pub fn new(streams: Streams, id: u64) -> Self {
        Self {
            closed: false,
            terminating: None,
            waiting: VecDeque::new(),
            threads: Vec::new(),
            idle: Vec::new(),
            work: streams.stream("listener work", id),
            failures: streams.stream("listener failures", id),
            retry_broker: streams.stream("retry broker", id),
        }
    }

    /// An empty pool without threads; its streams go on.
    pub fn reset(&mut self) {
        self.closed = false;
        self.terminating = None;
        self.waiting.clear();
        self.threads.clear();
        self.idle.clear();
    }

    /// Gives the pool its threads.
    pub fn open(&mut self, threads: u32) {
        self.threads = vec![None; threads as usize];
        self.idle = (0..threads).rev().collect();
    }

    /// Nothing runs and nothing waits.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.idle.len() == self.threads.len()
    }

    /// `shutdownNow`: what waits is never run.
    pub fn discard_waiting(&mut self) {
        self.waiting.clear();
    }
}

impl World<'_> {
    /// `submitConsumeRequest`: cut into batches, in order.
    pub(super) fn submit(&mut self, consumer: ConsumerIndex, process_queue: u32, first: u64, count: u32) {
        if self.out.is_orderly(consumer) {
            return self.dispatch_orderly(consumer, process_queue);
        }
        let pulls = self.out.lite_pull(consumer).is_some();
        let size = self.out.planned(consumer).consumer.consume_message_batch_max_size.max(1);
        // `poll()` returns what one pull brought.
        let size = if pulls { count } else { size };
        let Client { pool, process_queues, .. } = self.client(consumer);
        if pool.closed {
            return;
        }
        let (mut at, end) = (first, first + u64::from(count));
        while at < end {
            let (width, messages) = process_queues[process_queue as usize].stretch(at, end, size);
            if messages > 0 {
                pool.waiting.push_back(Batch { process_queue, first: at, count: width as u32 });
            }
            at += width.max(1);
        }
        self.run_pool(consumer);
    }

    /// Idle threads take up what waits. A listener that takes no time returns at once.
    pub(super) fn run_pool(&mut self, consumer: ConsumerIndex) {
        let now = self.out.client_clock(consumer);
        let (_, epoch) = self.client_seat(consumer);
        loop {
            let pool = &mut self.clients[consumer as usize].pool;
            let Some(&thread) = pool.idle.last() else { return };
            let Some(batch) = pool.waiting.pop_front() else { return };
            let dropped = self.client(consumer).process_queues[batch.process_queue as usize].dropped;
            if dropped && !self.out.planted(PlantedMistake::DroppedQueuesAreConsumed) {
                continue;
            }
            if self.out.is_orderly(consumer) {
                self.client(consumer).pool.idle.pop();
                self.run_orderly(consumer, thread, batch.process_queue);
                continue;
            }
            let work = self.listener_work(consumer, batch);
            self.client(consumer).pool.idle.pop();
            self.client(consumer).pool.threads[thread as usize] = Some(Work::Listening(batch, now));
            self.hand_out(consumer, batch);
            self.polled(consumer, batch.process_queue, batch.first, batch.count);
            if work == Span::ZERO {
                self.finish_batch(consumer, thread, batch, false);
            } else {
                self.out.after(work, ConsumerEvent::ListenerReturned { thread }.of(consumer, epoch));
            }
        }
    }

    /// How long the listener will work on a batch. What comes back through `%RETRY%` has its first topic again
    /// (`resetRetryAndNamespace`).
    pub(super) fn listener_work(&mut self, consumer: ConsumerIndex, batch: Batch) -> Span {
        let listener = &self.out.planned(consumer).listener;
        let mut work = &listener.work;
        if !listener.work_by_topic.is_empty() {
            let held = &self.client(consumer).process_queues[batch.process_queue as usize];
            let present = (batch.first..batch.first + u64::from(batch.count)).find(|&offset| !held.is_absent(offset));
            let (queue, offset) = (held.queue, present.unwrap_or(batch.first));
            let life = held.life(offset);
            let origin = self.out.record(queue, offset, life).map_or(queue, |(record, _)| record.origin.0);
            work = listener.work_on(self.out.names.queue(origin).topic);
        }
        work.draw(&mut self.client(consumer).pool.work)
    }

    pub(super) fn hand_out(&mut self, consumer: ConsumerIndex, batch: Batch) {
        for offset in batch.first..batch.first + u64::from(batch.count) {
            let held = &self.client(consumer).process_queues[batch.process_queue as usize];
            if held.is_absent(offset) {
                continue;
            }
            let (queue, life) = (held.queue, held.life(offset));
            let (record, lost) = self.out.record(queue, offset, life).expect("what was pulled was in the log");
            let again = self.tried_before(consumer, batch.process_queue, offset);
            let (origin, reconsume_times) = (record.origin, record.reconsume_times + again);
            self.out.see(Observation::Delivered { consumer, queue, offset, origin, reconsume_times, lost });
        }
    }

    /// The listener returns.
    pub(in crate::model) fn listener_returned(&mut self, consumer: ConsumerIndex, thread: u32) {
        // An interrupted listener has returned before its time.
        if let Some(Some(Work::Listening(batch, _))) = self.client(consumer).pool.threads.get(thread as usize).copied()
        {
            self.finish_batch(consumer, thread, batch, false);
            self.run_pool(consumer);
            self.pool_may_have_terminated(consumer);
        }
    }

    /// `shutdownNow` interrupts what runs: the listeners throw, their messages count as failed.
    pub(super) fn interrupt_listeners(&mut self, consumer: ConsumerIndex) {
        for thread in 0..self.client(consumer).pool.threads.len() as u32 {
            if let Some(Work::Listening(batch, _)) = self.client(consumer).pool.threads[thread as usize] {
                self.finish_batch(consumer, thread, batch, true);
            }
        }
    }

    pub(super) fn pool_may_have_terminated(&mut self, consumer: ConsumerIndex) {
        let pool = &self.client(consumer).pool;
        if let (Some(second), true) = (pool.terminating, pool.is_idle()) {
            self.termination_awaited(consumer, second);
        }
    }

    /// `processConsumeResult`, unless the queue was dropped meanwhile: then the result is thrown away.
    fn finish_batch(&mut self, consumer: ConsumerIndex, thread: u32, batch: Batch, interrupted: bool) {
        if self.out.is_orderly(consumer) {
            return self.orderly_listener_returned(consumer, thread, batch, interrupted);
        }
        let failures = self.out.planned(consumer).listener.failures_per_million;
        if self.out.lite_pull(consumer).is_some() {
            self.see_consumed(consumer, batch, ConsumeOutcome::Success);
            return self.polled_batch_done(consumer, thread);
        }
        let client = self.client(consumer);
        let held = &client.process_queues[batch.process_queue as usize];
        let dropped = held.dropped;
        let failed = failures > 0 && client.pool.failures.chance(failures.into(), 1_000_000);
        let outcome = match (dropped, interrupted, failed) {
            (true, ..) => ConsumeOutcome::DiscardedBecauseDropped,
            (false, true, _) | (false, _, true) if client.offsets.local().is_some() => ConsumeOutcome::Dropped,
            (false, true, _) => ConsumeOutcome::Interrupted,
            (false, false, true) => ConsumeOutcome::Failed,
            (false, false, false) => ConsumeOutcome::Success,
        };
        self.see_consumed(consumer, batch, outcome);
        match outcome {
            ConsumeOutcome::DiscardedBecauseDropped => self.free_thread(consumer, thread),
            ConsumeOutcome::Success | ConsumeOutcome::Dropped => {
                self.advance(consumer, batch.process_queue, batch.first, batch.count);
                self.free_thread(consumer, thread);
            }
            ConsumeOutcome::Suspended | ConsumeOutcome::RolledBack => {
                unreachable!("only an orderly listener suspends or rolls back")
            }
            ConsumeOutcome::Failed | ConsumeOutcome::Interrupted => {
                self.send_back_next(consumer, thread, batch, batch.first)
            }
        }
    }

    /// Each message of a batch has left the listener.
    pub(super) fn see_consumed(&mut self, consumer: ConsumerIndex, batch: Batch, outcome: ConsumeOutcome) {
        for offset in batch.first..batch.first + u64::from(batch.count) {
            let held = &self.client(consumer).process_queues[batch.process_queue as usize];
            let queue = held.queue;
            if !held.is_absent(offset) {
                self.out.see(Observation::Consumed { consumer, queue, offset, outcome });
            }
        }
    }

    /// Handled messages leave the process queue; the lowest offset left is what will be committed.
    pub(super) fn advance(&mut self, consumer: ConsumerIndex, process_queue: u32, first: u64, count: u32) {
        let client = self.client(consumer);
        let held = &mut client.process_queues[process_queue as usize];
        let queue = held.queue;
        if held.dropped {
            return;
        }
        if let Some(offset) = held.remove(first, count) {
            client.offsets.update(&queue, offset, true);
            self.out.see(Observation::ProgressMoved { consumer, queue, offset });
        }
    }

    pub(super) fn free_thread(&mut self, consumer: ConsumerIndex, thread: u32) {
        let pool = &mut self.client(consumer).pool;
        pool.threads[thread as usize] = None;
        pool.idle.push(thread);
    }
}
