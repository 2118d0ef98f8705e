//! The pool of consume threads, with one first-in-first-out queue over all message queues of the consumer
//! (`ThreadPoolExecutor`, as the consume services use it).

use std::collections::VecDeque;
use std::ops::Range;

use crate::kernel::{Instant, Span, Stream, Streams};
use crate::model::consumer::Consumer;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::ids::{ConsumerIndex, QueueIndex};
use crate::model::instance::{ClientProcess, Instance};
use crate::model::observation::{ConsumeOutcome, Observation};
use crate::model::outside::Outside;
use crate::model::plan::{MessageBatch, PlantedMistake};

/// Consecutive messages of one process queue for one call of the listener, those left out that were filtered.
#[derive(Debug, Clone, Copy)]
pub(in crate::model) struct Batch {
    pub process_queue: u32,
    pub first: u64,
    pub count: u32,
}

impl Batch {
    /// The offsets from the first message to the last, filtered ones between them too.
    pub fn offsets(self) -> Range<u64> {
        self.first..self.first + u64::from(self.count)
    }
}

/// What a thread of the pool does.
#[derive(Debug, Clone, Copy)]
pub(in crate::model) enum Work {
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
    pub(in crate::model) threads: Vec<Option<Work>>,
    idle: Vec<u32>,
    /// What a Go listener of `BROADCASTING` has failed since when, and is still in the cache.
    pub(in crate::model) kept: Vec<(Batch, Instant)>,
    pub(in crate::model) work: Stream,
    pub(in crate::model) failures: Stream,
    panics: Stream,
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
            kept: Vec::new(),
            work: streams.stream("listener work", id),
            failures: streams.stream("listener failures", id),
            panics: streams.stream("listener panics", id),
            retry_broker: streams.stream("retry broker", id),
        }
    }

    /// An empty pool without threads; its streams go on.
    pub fn reset(&mut self) {
        self.closed = false;
        self.terminating = None;
        self.waiting.clear();
        self.threads.clear();
        self.kept.clear();
        self.idle.clear();
    }

    /// Gives the pool its threads.
    pub fn open(&mut self, threads: u32) {
        self.threads = vec![None; threads as usize];
        self.idle = (0..threads).rev().collect();
    }

    /// A thread that is free, or one more.
    pub fn take_thread(&mut self) -> u32 {
        self.idle.pop().unwrap_or_else(|| {
            self.threads.push(None);
            self.threads.len() as u32 - 1
        })
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

impl Consumer {
    /// Idle threads take up what waits.
    pub(in crate::model) fn run_pool(&mut self, out: &mut Outside<'_>, instance: &Instance) {
        let skips = !out.planted(PlantedMistake::DroppedQueuesAreConsumed);
        while let Some(&thread) = self.pool.idle.last() {
            let Some(batch) = self.pool.waiting.pop_front() else { return };
            if skips && self.process_queues[batch.process_queue as usize].dropped {
                continue;
            }
            self.pool.idle.pop();
            self.run_batch(out, instance, thread, batch);
        }
    }

    /// How long the listener will work on a batch. What comes back through `%RETRY%` has its first topic again
    /// (`resetRetryAndNamespace`).
    pub(in crate::model) fn listener_work(&mut self, out: &Outside<'_>, batch: Batch) -> Span {
        let listener = &out.planned(self.index).listener;
        if let Some(own) = &listener.own {
            let told = told(out, self.index, batch, self.first_of(out, batch));
            return own.listener.work(&told, &mut self.pool.work);
        }
        if listener.work_by_topic.is_empty() {
            return listener.work.draw(&mut self.pool.work);
        }
        let held = &self.process_queues[batch.process_queue as usize];
        let offset = batch.offsets().find(|&offset| !held.is_absent(offset)).unwrap_or(batch.first);
        let record = out.record(held.queue, offset, held.life(offset));
        let origin = record.map_or(held.queue, |(record, _)| record.origin.0);
        listener.work_on(out.names.queue(origin).topic).draw(&mut self.pool.work)
    }

    /// Whether the listener fails on a batch.
    pub(super) fn listener_fails(&mut self, out: &Outside<'_>, batch: Batch) -> bool {
        let listener = &out.planned(self.index).listener;
        if let Some(own) = &listener.own {
            let told = told(out, self.index, batch, self.first_of(out, batch));
            return own.listener.fails(&told, &mut self.pool.failures);
        }
        let failures = u64::from(listener.failures_per_million);
        failures > 0 && self.pool.failures.chance(failures, 1_000_000)
    }

    /// Whether a Java listener throws. A concurrent one has failed then, and an orderly one suspends its queue
    /// (`ConsumeMessageConcurrentlyService.ConsumeRequest.run`, `ConsumeMessageOrderlyService.ConsumeRequest.run`).
    pub(super) fn listener_throws(&mut self, out: &Outside<'_>) -> bool {
        out.planned(self.index).client.go.is_none() && self.listener_panics(out)
    }

    /// Whether the listener throws, or panics, and does not come to say anything.
    pub(in crate::model) fn listener_panics(&mut self, out: &Outside<'_>) -> bool {
        let panics = u64::from(out.planned(self.index).listener.panics_per_million);
        panics > 0 && self.pool.panics.chance(panics, 1_000_000)
    }

    /// The queue of a batch, and how often its first message failed before.
    fn first_of(&self, out: &Outside<'_>, batch: Batch) -> (QueueIndex, u32) {
        let held = &self.process_queues[batch.process_queue as usize];
        let offset = batch.offsets().find(|&offset| !held.is_absent(offset)).unwrap_or(batch.first);
        let before = out.record(held.queue, offset, held.life(offset)).map_or(0, |(record, _)| record.reconsume_times);
        (held.queue, before + held.tried(offset))
    }

    /// Each message of a batch comes to the listener.
    pub(in crate::model) fn hand_out(&self, out: &mut Outside<'_>, batch: Batch) {
        let (consumer, held) = (self.index, &self.process_queues[batch.process_queue as usize]);
        let queue = held.queue;
        for offset in batch.offsets().filter(|&offset| !held.is_absent(offset)) {
            let record = out.record(queue, offset, held.life(offset));
            let (record, lost) = record.expect("what was pulled was in the log");
            let (origin, reconsume_times) = (record.origin, record.reconsume_times + held.tried(offset));
            out.see(Observation::Delivered { consumer, queue, offset, origin, reconsume_times, lost });
        }
    }

    /// Each message of a batch has left the listener.
    pub(in crate::model) fn see_consumed(&self, out: &mut Outside<'_>, batch: Batch, outcome: ConsumeOutcome) {
        let (consumer, held) = (self.index, &self.process_queues[batch.process_queue as usize]);
        let queue = held.queue;
        for offset in batch.offsets().filter(|&offset| !held.is_absent(offset)) {
            out.see(Observation::Consumed { consumer, queue, offset, outcome });
        }
    }

    pub(in crate::model) fn free_thread(&mut self, thread: u32) {
        self.pool.threads[thread as usize] = None;
        self.pool.idle.push(thread);
    }
}

/// A batch as a listener of somebody else's is told of it.
fn told<'a>(
    out: &'a Outside<'_>,
    consumer: ConsumerIndex,
    batch: Batch,
    (queue, reconsume_times): (QueueIndex, u32),
) -> MessageBatch<'a> {
    MessageBatch {
        consumer: out.names.consumer(consumer),
        queue: out.names.message_queue(queue),
        first_offset: batch.first,
        messages: batch.count,
        reconsume_times,
        now: out.now(),
    }
}

impl ClientProcess {
    /// The listener returns.
    pub(in crate::model) fn listener_returned(&mut self, out: &mut Outside<'_>, at: usize, thread: u32) {
        // An interrupted listener has returned before its time.
        if let Some(Some(Work::Listening(batch, _))) = self.consumers[at].pool.threads.get(thread as usize).copied() {
            self.batch_done(out, at, thread, batch, false);
            self.consumers[at].run_pool(out, &self.instance);
            self.pool_may_have_terminated(out, at);
        }
    }

    /// A listener has returned. An orderly one may have kept the rebalance thread waiting, which goes on before its task
    /// does.
    fn batch_done(&mut self, out: &mut Outside<'_>, at: usize, thread: u32, batch: Batch, interrupted: bool) {
        let (consumer, instance) = (&mut self.consumers[at], &mut self.instance);
        if consumer.service != ConsumeMessageService::Orderly {
            return consumer.batch_done(out, instance, thread, batch, interrupted);
        }
        let goes_on = consumer.orderly_batch_done(out, instance, thread, batch, interrupted);
        let step = consumer.consume_lock_freed(out, instance, batch.process_queue);
        self.rebalance_goes_on(out, at, step);
        self.consumers[at].reset_may_go_on(out, &mut self.instance);
        if goes_on {
            self.consumers[at].consume_next(out, &self.instance, thread, batch.process_queue);
        }
    }

    /// `shutdownNow` interrupts what runs: the listeners throw, their messages count as failed.
    pub(in crate::model) fn interrupt_listeners(&mut self, out: &mut Outside<'_>, at: usize) {
        for thread in 0..self.consumers[at].pool.threads.len() as u32 {
            if let Some(Work::Listening(batch, _)) = self.consumers[at].pool.threads[thread as usize] {
                self.batch_done(out, at, thread, batch, true);
            }
        }
    }

    pub(in crate::model) fn pool_may_have_terminated(&mut self, out: &mut Outside<'_>, at: usize) {
        let pool = &self.consumers[at].pool;
        if let (Some(second), true) = (pool.terminating, pool.is_idle()) {
            self.termination_awaited(out, at, second);
        }
    }
}
