//! `ConsumeMessageOrderlyService.ConsumeRequest.run`: one task a queue, one batch at a time.

use crate::kernel::{Instant, Span};
use crate::model::client::consume::{Batch, Work};
use crate::model::event::{ConsumerEvent, OrderlyTask};
use crate::model::observation::Observation;
use crate::model::plan::{ConsumerIndex, PlantedMistake};
use crate::model::world::World;

/// Delays of `ConsumeRequest.run`: before the lock of a queue found unlocked is asked for, at the beginning of a task
/// and in the middle of one; before a task that ran long enough goes on.
const LOCK_AT_BEGINNING: Span = Span::from_millis(100);
const LOCK_IN_BETWEEN: Span = Span::from_millis(10);
const AFTER_LONG_RUN: Span = Span::from_millis(10);

impl World<'_> {
    /// `submitConsumeRequest`: a task, unless the queue has one.
    pub(in crate::model::client) fn dispatch_orderly(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        if held.count() > 0 && !std::mem::replace(&mut held.orderly.consuming, true) {
            self.submit_task(consumer, process_queue);
        }
    }

    fn submit_task(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let pool = &mut self.client(consumer).pool;
        if !pool.closed {
            pool.waiting.push_back(Batch { process_queue, first: 0, count: 0 });
            self.run_pool(consumer);
        }
    }

    /// `submitConsumeRequestLater`.
    pub(super) fn resubmit_later(&mut self, consumer: ConsumerIndex, process_queue: u32, delay: Span) {
        let (_, epoch) = self.client_seat(consumer);
        self.out.after(
            delay,
            ConsumerEvent::OrderlyTaskDue { process_queue, task: OrderlyTask::Resubmit }.of(consumer, epoch),
        );
    }

    /// The delay is over; `shutdown()` has ended the thread that would submit the task.
    pub(super) fn orderly_resubmit_due(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        if !self.client(consumer).orderly.stopped {
            self.submit_task(consumer, process_queue);
        }
    }

    /// A thread of the pool takes up a task; it waits where another task of the same queue runs.
    pub(in crate::model::client) fn run_orderly(&mut self, consumer: ConsumerIndex, thread: u32, process_queue: u32) {
        let client = self.client(consumer);
        let queue = client.process_queues[process_queue as usize].queue;
        if client.orderly.object_locks.contains_key(&queue) {
            client.orderly.blocked.push((thread, process_queue));
            client.pool.threads[thread as usize] = Some(Work::Blocked);
            return;
        }
        client.orderly.object_locks.insert(queue, thread);
        self.begin_task(consumer, thread, process_queue);
    }

    fn begin_task(&mut self, consumer: ConsumerIndex, thread: u32, process_queue: u32) {
        let now = self.out.client_clock(consumer);
        let limit = self.out.planned(consumer).client.timers.orderly.lock_max_live_time;
        let uses_locks = self.out.uses_locks(consumer);
        let trusts = self.out.planted(PlantedMistake::ClientLockNeverExpires);
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        let old = now.since(held.orderly.last_lock) > limit && !trusts;
        let (queue, lapsed) = (held.queue, held.orderly.locked && old);
        if uses_locks && !held.dropped && (!held.orderly.locked || lapsed) {
            if lapsed {
                self.out.see(Observation::LockExpired { consumer, queue });
            }
            self.try_lock_later(consumer, process_queue, LOCK_AT_BEGINNING);
            return self.end_task(consumer, thread, process_queue);
        }
        held.orderly.began = now;
        self.consume_next(consumer, thread, process_queue);
    }

    /// The loop of a task, until the listener takes time or something ends it.
    pub(super) fn consume_next(&mut self, consumer: ConsumerIndex, thread: u32, process_queue: u32) {
        let (now, (_, epoch)) = (self.out.client_clock(consumer), self.client_seat(consumer));
        while let Some(batch) = self.next_batch(consumer, process_queue, now) {
            let work = self.listener_work(consumer, batch);
            let client = self.client(consumer);
            client.process_queues[process_queue as usize].orderly.listening = true;
            client.pool.threads[thread as usize] = Some(Work::Listening(batch, now));
            self.hand_out(consumer, batch);
            if work > Span::ZERO {
                self.out.after(work, ConsumerEvent::ListenerReturned { thread }.of(consumer, epoch));
                return;
            }
            if !self.orderly_batch_done(consumer, thread, batch, false) {
                return;
            }
        }
        self.end_task(consumer, thread, process_queue);
    }

    /// The listener returns, or was interrupted; its task goes on where its answer lets it.
    pub(in crate::model::client) fn orderly_listener_returned(
        &mut self,
        consumer: ConsumerIndex,
        thread: u32,
        batch: Batch,
        interrupted: bool,
    ) {
        if self.orderly_batch_done(consumer, thread, batch, interrupted) {
            self.consume_next(consumer, thread, batch.process_queue);
        }
    }

    /// What the listener gets next; `None`: the task ends.
    fn next_batch(&mut self, consumer: ConsumerIndex, process_queue: u32, now: Instant) -> Option<Batch> {
        let planned = self.out.planned(consumer);
        let timers = &planned.client.timers.orderly;
        let size = planned.consumer.consume_message_batch_max_size;
        let uses_locks = self.out.uses_locks(consumer);
        let trusts = self.out.planted(PlantedMistake::ClientLockNeverExpires);
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        if held.dropped {
            return None;
        }
        let expired = now.since(held.orderly.last_lock) > timers.lock_max_live_time && !trusts;
        if uses_locks && (!held.orderly.locked || expired) {
            let queue = held.queue;
            if expired {
                self.out.see(Observation::LockExpired { consumer, queue });
            }
            self.try_lock_later(consumer, process_queue, LOCK_IN_BETWEEN);
            return None;
        }
        if now.since(held.orderly.began) > timers.max_time_consume_continuously {
            self.resubmit_later(consumer, process_queue, AFTER_LONG_RUN);
            return None;
        }
        let Some((first, count)) = held.take(size) else {
            held.orderly.consuming = false;
            return None;
        };
        Some(Batch { process_queue, first, count })
    }

    /// The thread is free, and the next task of this queue may run.
    pub(super) fn end_task(&mut self, consumer: ConsumerIndex, thread: u32, process_queue: u32) {
        self.free_thread(consumer, thread);
        let client = self.client(consumer);
        let queue = client.process_queues[process_queue as usize].queue;
        client.orderly.object_locks.remove(&queue);
        let queue_of = |(_, number): &(u32, u32)| client.process_queues[*number as usize].queue;
        let Some(next) = client.orderly.blocked.iter().position(|blocked| queue_of(blocked) == queue) else { return };
        let (thread, process_queue) = client.orderly.blocked.remove(next);
        client.orderly.object_locks.insert(queue, thread);
        self.begin_task(consumer, thread, process_queue);
    }

    /// How often an orderly consumer has put a message back.
    pub(in crate::model::client) fn tried_before(
        &mut self,
        consumer: ConsumerIndex,
        process_queue: u32,
        offset: u64,
    ) -> u32 {
        self.client(consumer).process_queues[process_queue as usize].tried(offset)
    }
}
