//! `DefaultLitePullConsumerImpl` (`DefaultLitePullConsumerImpl.PullTaskImpl`, `DefaultLitePullConsumerImpl.poll`): a
//! task a queue pulls into a cache, and the application takes from it with `poll()`, one batch after the other.
//!
//! ```text
//!   rebalance --> pull tasks (pullThreadNums at a time) --> cache --poll()--> application
//!                                                                  |
//!                    every autoCommitIntervalMillis, at a poll() --+--> offsets of what was polled before
//! ```
//! What `poll()` has returned counts as consumed, whatever the application makes of it; nothing is sent back.

use std::collections::VecDeque;

use crate::kernel::{Instant, Span};
use crate::model::event::ConsumerEvent;
use crate::model::network::{CallError, Pulled, Response};
use crate::model::observation::{Observation, PullTrouble};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, LitePullSettings};
use crate::model::world::World;

/// What a consumer that pulls keeps beside its process queues.
#[derive(Debug, Default)]
pub(in crate::model) struct LitePull {
    /// Pull tasks that wait for an answer, each on a thread of its own.
    pulling: u32,
    /// Pull tasks that wait for a thread.
    waiting: VecDeque<u32>,
    /// When `poll()` commits next (`nextAutoCommitDeadline`).
    next_auto_commit: Instant,
    /// How often `poll()` was called; the application waits in the last of these calls.
    polls: u32,
}

impl<'a> World<'a> {
    /// The application begins its loop.
    pub(super) fn begin_polling(&mut self, consumer: ConsumerIndex) {
        if self.out.lite_pull(consumer).is_some() {
            self.poll(consumer);
        }
    }

    /// `poll()`: commits what was polled before, if it is time, and takes the next batch or waits for one.
    fn poll(&mut self, consumer: ConsumerIndex) {
        let Some(settings) = self.out.lite_pull(consumer) else { return };
        self.maybe_auto_commit(consumer, settings.auto_commit_interval);
        let (_, epoch) = self.client_seat(consumer);
        let client = self.client(consumer);
        client.lite_pull.polls += 1;
        let poll = client.lite_pull.polls;
        self.out.after(settings.poll_timeout, ConsumerEvent::PollTimedOut { poll }.of(consumer, epoch));
        self.run_pool(consumer);
    }

    /// The application has waited long enough, and polls again.
    pub(in crate::model) fn poll_timed_out(&mut self, consumer: ConsumerIndex, poll: u32) {
        let client = self.client(consumer);
        if client.lite_pull.polls == poll && client.is_registered() && client.pool.is_idle() {
            self.poll(consumer);
        }
    }

    /// `maybeAutoCommit`, `commitAll`: into memory; the persist timer sends it.
    fn maybe_auto_commit(&mut self, consumer: ConsumerIndex, interval: Span) {
        let now = self.out.client_clock(consumer);
        let client = self.client(consumer);
        if now < client.lite_pull.next_auto_commit {
            return;
        }
        client.lite_pull.next_auto_commit = now + interval;
        let polled: Vec<_> = (client.table.iter())
            .filter_map(|(&queue, &number)| Some((queue, client.process_queues[number as usize].polled?)))
            .collect();
        for (queue, offset) in polled {
            self.client(consumer).offsets.update(&queue, offset, false);
            self.out.see(Observation::ProgressMoved { consumer, queue, offset });
        }
    }

    /// Batches leave the process queue when `poll()` returns them; true: the consumer pulls.
    pub(super) fn polled(&mut self, consumer: ConsumerIndex, process_queue: u32, first: u64, count: u32) -> bool {
        if self.out.lite_pull(consumer).is_none() {
            return false;
        }
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        if let Some(offset) = held.remove(first, count) {
            held.polled = Some(offset);
        }
        true
    }

    /// The application is done with a batch, and polls again.
    pub(super) fn polled_batch_done(&mut self, consumer: ConsumerIndex, thread: u32) {
        self.free_thread(consumer, thread);
        if self.client(consumer).is_registered() {
            self.poll(consumer);
        }
    }

    /// A pull task begins, where a thread is free; it goes on when one is.
    pub(super) fn pull_task_waits(&mut self, consumer: ConsumerIndex, process_queue: u32) -> bool {
        let Some(settings) = self.out.lite_pull(consumer) else { return false };
        let lite_pull = &mut self.client(consumer).lite_pull;
        let full = lite_pull.pulling >= settings.pull_thread_nums;
        if full {
            lite_pull.waiting.push_back(process_queue);
            self.no_pull_thread(consumer, process_queue);
        }
        full
    }

    fn no_pull_thread(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let trouble = PullTrouble::NoPullThread;
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        held.trouble = Some(trouble);
        let queue = held.queue;
        self.out.see(Observation::PullTroubled { consumer, queue, trouble });
    }

    /// A thread is free: tasks that wait go on in the order in which they came, this one's next turn among them.
    fn next_pull_tasks(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let Some(settings) = self.out.lite_pull(consumer) else { return };
        while self.client(consumer).lite_pull.pulling < settings.pull_thread_nums {
            let Some(next) = self.client(consumer).lite_pull.waiting.pop_front() else { return };
            if !self.client(consumer).process_queues[next as usize].dropped {
                self.pull_recovered(consumer, next);
                self.pull_due(consumer, next);
            }
        }
        if self.client(consumer).lite_pull.waiting.back() == Some(&process_queue) {
            self.no_pull_thread(consumer, process_queue);
        }
    }

    /// A pull task has sent its request, and its thread waits.
    pub(super) fn pull_task_asks(&mut self, consumer: ConsumerIndex) {
        self.client(consumer).lite_pull.pulling += 1;
    }

    /// What keeps a pull task from pulling (`PullTaskImpl.run`).
    pub(super) fn lite_flow_control(&self, consumer: ConsumerIndex, process_queue: u32) -> Option<PullTrouble> {
        let settings = self.out.lite_pull(consumer)?;
        let planned = &self.out.planned(consumer).consumer;
        let client = &self.clients[consumer as usize];
        let held = &client.process_queues[process_queue as usize];
        let cached = client.pool.waiting.len() as u64 * u64::from(planned.pull_batch_size);
        if cached > settings.pull_threshold_for_all.into() || held.count() > planned.pull_threshold_for_queue {
            Some(PullTrouble::FlowControlCount)
        } else if held.max_span() > settings.consume_max_span.into() {
            Some(PullTrouble::FlowControlSpan)
        } else {
            None
        }
    }

    /// A pull task has its answer. A queue dropped meanwhile gets nothing; an illegal offset is only corrected.
    pub(super) fn pull_task_answered(
        &mut self,
        consumer: ConsumerIndex,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        self.client(consumer).lite_pull.pulling -= 1;
        let (dropped, queue) = {
            let held = &self.client(consumer).process_queues[process_queue as usize];
            (held.dropped, held.queue)
        };
        match answer {
            _ if dropped => {}
            Ok(Response::Pulled(Pulled::Found { first, count, tags, life })) => {
                let held = &mut self.client(consumer).process_queues[process_queue as usize];
                held.next_offset = first + u64::from(count);
                self.pull_recovered(consumer, process_queue);
                if self.put_found(consumer, process_queue, (first, count), (tags, life)) {
                    self.submit(consumer, process_queue, first, count);
                }
                self.client(consumer).lite_pull.waiting.push_back(process_queue);
            }
            Ok(Response::Pulled(
                Pulled::NoNewMessage { next } | Pulled::NoMatchedMessage { next, .. } | Pulled::OffsetIllegal { next },
            )) => {
                let illegal = matches!(answer, Ok(Response::Pulled(Pulled::OffsetIllegal { .. })));
                let held = &mut self.client(consumer).process_queues[process_queue as usize];
                let asked = std::mem::replace(&mut held.next_offset, next);
                if illegal {
                    self.out.see(Observation::OffsetIllegal { consumer, queue, asked, corrected: next });
                } else if let Ok(Response::Pulled(Pulled::NoMatchedMessage { tags, .. })) = answer {
                    (asked..next).for_each(|offset| _ = self.is_filtered(consumer, (queue, offset), (tags, tags)));
                }
                self.pull_recovered(consumer, process_queue);
                self.client(consumer).lite_pull.waiting.push_back(process_queue);
            }
            other => self.pull_failed(consumer, process_queue, other),
        }
        self.next_pull_tasks(consumer, process_queue);
    }
}

impl<'a> Outside<'a> {
    /// The settings of a consumer that pulls; `None`: it is pushed to.
    pub(super) fn lite_pull(&self, consumer: ConsumerIndex) -> Option<&'a LitePullSettings> {
        self.planned(consumer).consumer.lite_pull.as_ref()
    }
}
