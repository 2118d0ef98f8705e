//! `ConsumeMessageOrderlyService.ConsumeRequest.run`: one task a queue, one batch at a time.

use crate::kernel::{Instant, Span};
use crate::model::consumer::Consumer;
use crate::model::consumer::service::pool::{Batch, Work};
use crate::model::event::{ConsumerEvent, OrderlyTask};
use crate::model::instance::Instance;
use crate::model::observation::Observation;
use crate::model::outside::Outside;

/// Delays of `ConsumeRequest.run`: before the lock of a queue found unlocked is asked for, at the beginning of a task
/// and in the middle of one; before a task that ran long enough goes on.
const LOCK_AT_BEGINNING: Span = Span::from_millis(100);

const LOCK_IN_BETWEEN: Span = Span::from_millis(10);

const AFTER_LONG_RUN: Span = Span::from_millis(10);

impl Consumer {
    /// `submitConsumeRequest`: a task, unless the queue has one.
    pub(in crate::model) fn dispatch_orderly(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        process_queue: u32,
    ) {
        let held = &mut self.process_queues[process_queue as usize];
        if held.count() > 0 && !std::mem::replace(&mut held.orderly.consuming, true) {
            self.submit_task(out, instance, process_queue);
        }
    }

    fn submit_task(&mut self, out: &mut Outside<'_>, instance: &Instance, process_queue: u32) {
        let pool = &mut self.pool;
        if !pool.closed {
            pool.waiting.push_back(Batch { process_queue, first: 0, count: 0 });
            self.run_pool(out, instance);
        }
    }

    /// `submitConsumeRequestLater`.
    pub(in crate::model) fn resubmit_later(&mut self, out: &mut Outside<'_>, process_queue: u32, delay: Span) {
        let consumer = self.index;
        let (_, epoch) = self.seat(out);
        out.after(
            delay,
            ConsumerEvent::OrderlyTaskDue { process_queue, task: OrderlyTask::Resubmit }.of(consumer, epoch),
        );
    }

    /// The delay is over; `shutdown()` has ended the thread that would submit the task.
    pub(in crate::model) fn orderly_resubmit_due(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        process_queue: u32,
    ) {
        if !self.orderly.stopped {
            self.submit_task(out, instance, process_queue);
        }
    }

    /// A thread of the pool takes up a task; it waits where another task of the same queue runs.
    pub(in crate::model) fn run_orderly(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        process_queue: u32,
    ) {
        let queue = self.process_queues[process_queue as usize].queue;
        if self.orderly.object_locks.contains_key(&queue) {
            self.orderly.blocked.push((thread, process_queue));
            self.pool.threads[thread as usize] = Some(Work::Blocked);
            return;
        }
        self.orderly.object_locks.insert(queue, thread);
        self.begin_task(out, instance, thread, process_queue);
    }

    fn begin_task(&mut self, out: &mut Outside<'_>, instance: &Instance, thread: u32, process_queue: u32) {
        let consumer = self.index;
        let now = out.client_clock(consumer);
        let uses_locks = self.uses_locks(out);
        let held = &mut self.process_queues[process_queue as usize];
        let (queue, lapsed) = (held.queue, held.orderly.locked && held.orderly.is_lock_expired(out, consumer, now));
        if uses_locks && !held.dropped && (!held.orderly.locked || lapsed) {
            if lapsed {
                out.see(Observation::LockExpired { consumer, queue });
            }
            self.try_lock_later(out, process_queue, LOCK_AT_BEGINNING);
            return self.end_task(out, instance, thread, process_queue);
        }
        held.orderly.began = now;
        self.consume_next(out, instance, thread, process_queue);
    }

    /// The loop of a task, until the listener takes time or something ends it.
    pub(in crate::model) fn consume_next(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        process_queue: u32,
    ) {
        let consumer = self.index;
        let (now, (_, epoch)) = (out.client_clock(consumer), self.seat(out));
        while let Some(batch) = self.next_batch(out, process_queue, now) {
            let work = self.listener_work(out, batch);
            self.process_queues[process_queue as usize].orderly.listening = true;
            self.pool.threads[thread as usize] = Some(Work::Listening(batch, now));
            self.hand_out(out, batch);
            if work > Span::ZERO {
                out.after(work, ConsumerEvent::ListenerReturned { thread }.of(consumer, epoch));
                return;
            }
            if !self.orderly_batch_done(out, instance, thread, batch, false) {
                return;
            }
        }
        self.end_task(out, instance, thread, process_queue);
    }

    /// What the listener gets next; `None`: the task ends.
    fn next_batch(&mut self, out: &mut Outside<'_>, process_queue: u32, now: Instant) -> Option<Batch> {
        let consumer = self.index;
        let planned = out.planned(consumer);
        let timers = &planned.client.timers.orderly;
        let size = planned.consumer.consume_message_batch_max_size;
        let uses_locks = self.uses_locks(out);
        let held = &mut self.process_queues[process_queue as usize];
        if held.dropped {
            return None;
        }
        let expired = held.orderly.is_lock_expired(out, consumer, now);
        if uses_locks && (!held.orderly.locked || expired) {
            let queue = held.queue;
            if expired {
                out.see(Observation::LockExpired { consumer, queue });
            }
            self.try_lock_later(out, process_queue, LOCK_IN_BETWEEN);
            return None;
        }
        if now.since(held.orderly.began) > timers.max_time_consume_continuously {
            self.resubmit_later(out, process_queue, AFTER_LONG_RUN);
            return None;
        }
        let Some((first, count)) = held.take(size) else {
            held.orderly.consuming = false;
            return None;
        };
        Some(Batch { process_queue, first, count })
    }

    /// The thread is free, and the next task of this queue may run.
    pub(in crate::model) fn end_task(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        process_queue: u32,
    ) {
        self.free_thread(thread);
        let queue = self.process_queues[process_queue as usize].queue;
        self.orderly.object_locks.remove(&queue);
        let queue_of = |(_, number): &(u32, u32)| self.process_queues[*number as usize].queue;
        let Some(next) = self.orderly.blocked.iter().position(|blocked| queue_of(blocked) == queue) else { return };
        let (thread, process_queue) = self.orderly.blocked.remove(next);
        self.orderly.object_locks.insert(queue, thread);
        self.begin_task(out, instance, thread, process_queue);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Distribution;
    use crate::model::event::Event;
    use crate::model::ids::{ConsumerIndex, QueueIndex};
    use crate::model::instance::testing::{at, hold, running};
    use crate::model::plan::{MessageModel, OrderlyListener, Plan};
    use crate::model::testing::{Heard, hear, outside, plan};

    fn plan_with(work_ms: u64, failures_per_million: u32) -> Plan {
        let mut plan = plan(1);
        plan.consumers[0].listener.work = Distribution::Constant(Span::from_millis(work_ms));
        plan.consumers[0].listener.failures_per_million = failures_per_million;
        plan.consumers[0].listener.orderly = Some(OrderlyListener::default());
        plan
    }

    /// What is planned of orderly consumption: when, and which task.
    fn tasks(heard: &Heard) -> Vec<(Instant, OrderlyTask)> {
        let task = |(at, event): &(Instant, Event)| match event {
            Event::Consumer { what: ConsumerEvent::OrderlyTaskDue { task, .. }, .. } => Some((*at, *task)),
            _ => None,
        };
        heard.due.iter().filter_map(task).collect()
    }

    fn delivered(heard: &Heard) -> Vec<u64> {
        let offset = |seen: &Observation| match seen {
            Observation::Delivered { offset, .. } => Some(*offset),
            _ => None,
        };
        heard.seen.iter().filter_map(offset).collect()
    }

    /// Whether the queue is locked, since how many ms, and of a `BROADCASTING` member: a task consumes, or asks for the lock
    /// 100 ms later.
    #[test]
    fn the_clients_lock_counts_30_s() {
        let rows = [
            (true, 0, false, true, false),
            (true, 30_000, false, true, false),
            (true, 30_001, false, false, true),
            (false, 0, false, false, false),
            (false, 30_001, true, true, false),
        ];
        for (locked, age, broadcasting, consumes, expires) in rows {
            let mut plan = plan_with(100, 0);
            if broadcasting {
                plan.consumers[0].consumer.message_model = MessageModel::Broadcasting;
            }
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let number = hold(&mut out, &mut process, 0, 3);
            process.consumers[0].process_queues[number as usize].orderly.locked = locked;
            hear(&mut out, at(age));
            process.consumers[0].submit(&mut out, &process.instance, number, 0, 3);
            let heard = hear(&mut out, at(age + 100));
            let row = format!("locked {locked} for {age} ms, broadcasting {broadcasting}");
            assert_eq!(delivered(&heard), if consumes { vec![0] } else { vec![] }, "{row}");
            let asks = if consumes { vec![] } else { vec![(at(age + 100), OrderlyTask::TryLock)] };
            assert_eq!(tasks(&heard), asks, "{row}");
            let said = heard.seen.iter().any(|seen| matches!(seen, Observation::LockExpired { .. }));
            assert_eq!(said, expires, "{row}");
        }
    }

    #[test]
    fn one_batch_follows_the_other_and_what_failed_is_not_overtaken() {
        for (failures, handed, progress, again) in [(0, vec![1], true, vec![]), (1_000_000, vec![], false, vec![1_100])]
        {
            let plan = plan_with(100, failures);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let number = hold(&mut out, &mut process, 0, 3);
            process.consumers[0].submit(&mut out, &process.instance, number, 0, 3);
            process.consumers[0].submit(&mut out, &process.instance, number, 0, 3);
            assert_eq!(delivered(&hear(&mut out, at(100))), [0], "one task a queue, one batch at a time");
            process.consumer_event(&mut out, 0, ConsumerEvent::ListenerReturned { thread: 0 });
            let heard = hear(&mut out, at(100));
            let moved = heard.seen.contains(&Observation::ProgressMoved {
                consumer: ConsumerIndex(0),
                queue: QueueIndex(0),
                offset: 1,
            });
            assert_eq!((delivered(&heard), moved), (handed, progress), "{failures} of a million fail");
            let resubmits = tasks(&hear(&mut out, at(2_000)));
            let again: Vec<_> = again.into_iter().map(|ms| (at(ms), OrderlyTask::Resubmit)).collect();
            assert_eq!(resubmits, again, "{failures} of a million fail");
        }
    }
}
