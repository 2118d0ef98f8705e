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
use crate::model::consumer::Consumer;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::service::pool::Batch;
use crate::model::event::ConsumerEvent;
use crate::model::instance::Instance;
use crate::model::network::{CallError, Pulled, Response};
use crate::model::observation::{Observation, PullTrouble};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, LitePullSettings};

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

impl Consumer {
    /// The application begins its loop.
    pub(in crate::model) fn begin_polling(&mut self, out: &mut Outside<'_>, instance: &Instance) {
        if self.service == ConsumeMessageService::LitePull {
            self.poll(out, instance);
        }
    }

    /// `poll()`: commits what was polled before, if it is time, and takes the next batch or waits for one.
    fn poll(&mut self, out: &mut Outside<'_>, instance: &Instance) {
        let consumer = self.index;
        let Some(settings) = out.lite_pull(consumer) else { return };
        self.maybe_auto_commit(out, settings.auto_commit_interval);
        let (_, epoch) = self.seat(out);
        self.lite_pull.polls += 1;
        let poll = self.lite_pull.polls;
        out.after(settings.poll_timeout, ConsumerEvent::PollTimedOut { poll }.of(consumer, epoch));
        self.run_pool(out, instance);
    }

    /// The application has waited long enough, and polls again.
    pub(in crate::model) fn poll_timed_out(&mut self, out: &mut Outside<'_>, instance: &Instance, poll: u32) {
        if self.lite_pull.polls == poll && self.is_registered() && self.pool.is_idle() {
            self.poll(out, instance);
        }
    }

    /// `maybeAutoCommit`, `commitAll`: into memory; the persist timer sends it.
    fn maybe_auto_commit(&mut self, out: &mut Outside<'_>, interval: Span) {
        let consumer = self.index;
        let now = out.client_clock(consumer);
        if now < self.lite_pull.next_auto_commit {
            return;
        }
        self.lite_pull.next_auto_commit = now + interval;
        let polled: Vec<_> = (self.table.iter())
            .filter_map(|(&queue, &number)| Some((queue, self.process_queues[number as usize].polled?)))
            .collect();
        for (queue, offset) in polled {
            self.update_offset(out, queue, offset, false);
            out.see(Observation::ProgressMoved { consumer, queue, offset });
        }
    }

    /// Batches leave the process queue when `poll()` returns them.
    pub(super) fn polled(&mut self, batch: Batch) {
        let held = &mut self.process_queues[batch.process_queue as usize];
        if let Some(offset) = held.remove(batch.first, batch.count) {
            held.polled = Some(offset);
        }
    }

    /// The application is done with a batch, and polls again.
    pub(in crate::model) fn polled_batch_done(&mut self, out: &mut Outside<'_>, instance: &Instance, thread: u32) {
        self.free_thread(thread);
        if self.is_registered() {
            self.poll(out, instance);
        }
    }

    /// A pull task begins, where a thread is free; it goes on when one is.
    pub(in crate::model) fn pull_task_waits(&mut self, out: &mut Outside<'_>, process_queue: u32) -> bool {
        let consumer = self.index;
        let Some(settings) = out.lite_pull(consumer) else { return false };
        let lite_pull = &mut self.lite_pull;
        let full = lite_pull.pulling >= settings.pull_thread_nums;
        if full {
            lite_pull.waiting.push_back(process_queue);
            self.no_pull_thread(out, process_queue);
        }
        full
    }

    fn no_pull_thread(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let consumer = self.index;
        let trouble = PullTrouble::NoPullThread;
        let held = &mut self.process_queues[process_queue as usize];
        held.trouble = Some(trouble);
        let queue = held.queue;
        out.see(Observation::PullTroubled { consumer, queue, trouble });
    }

    /// A thread is free: tasks that wait go on in the order in which they came, this one's next turn among them.
    pub(in crate::model) fn next_pull_tasks(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let consumer = self.index;
        let Some(settings) = out.lite_pull(consumer) else { return };
        while self.lite_pull.pulling < settings.pull_thread_nums {
            let Some(next) = self.lite_pull.waiting.pop_front() else { return };
            if !self.process_queues[next as usize].dropped {
                self.pull_recovered(out, next);
                self.pull_due(out, next);
            }
        }
        if self.lite_pull.waiting.back() == Some(&process_queue) {
            self.no_pull_thread(out, process_queue);
        }
    }

    /// A pull task has sent its request, and its thread waits.
    pub(in crate::model) fn pull_task_asks(&mut self) {
        self.lite_pull.pulling += 1;
    }

    /// A pull task has what it waited for, and is at its request, or at its end.
    pub(in crate::model) fn pull_task_goes_on(&mut self) {
        self.lite_pull.pulling -= 1;
    }

    /// What keeps a pull task from pulling (`PullTaskImpl.run`).
    pub(in crate::model) fn lite_flow_control(&self, out: &Outside<'_>, process_queue: u32) -> Option<PullTrouble> {
        let consumer = self.index;
        let settings = out.lite_pull(consumer)?;
        let planned = &out.planned(consumer).consumer;
        let held = &self.process_queues[process_queue as usize];
        let cached = self.pool.waiting.len() as u64 * u64::from(planned.pull_batch_size);
        if cached > settings.pull_threshold_for_all.into() || held.count() > planned.pull_threshold_for_queue {
            Some(PullTrouble::FlowControlCount)
        } else if held.bytes() >> 20 > planned.pull_threshold_size_for_queue_mib.into() {
            Some(PullTrouble::FlowControlSize)
        } else if held.max_span() > settings.consume_max_span.into() {
            Some(PullTrouble::FlowControlSpan)
        } else {
            None
        }
    }

    /// A pull task has its answer. A queue dropped meanwhile gets nothing; an illegal offset is only corrected.
    pub(in crate::model) fn pull_task_answered(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let consumer = self.index;
        self.lite_pull.pulling -= 1;
        let (dropped, queue) = {
            let held = &self.process_queues[process_queue as usize];
            (held.dropped, held.queue)
        };
        match answer {
            _ if dropped => {}
            Ok(Response::Pulled(Pulled::Found { first, count, tags, life })) => {
                let held = &mut self.process_queues[process_queue as usize];
                held.next_offset = first + u64::from(count);
                self.pull_recovered(out, process_queue);
                if self.put_found(out, process_queue, (first, count), (tags, life)) {
                    self.submit(out, instance, process_queue, first, count);
                }
                self.lite_pull.waiting.push_back(process_queue);
            }
            Ok(Response::Pulled(
                Pulled::NoNewMessage { next } | Pulled::NoMatchedMessage { next, .. } | Pulled::OffsetIllegal { next },
            )) => {
                let illegal = matches!(answer, Ok(Response::Pulled(Pulled::OffsetIllegal { .. })));
                let held = &mut self.process_queues[process_queue as usize];
                let asked = std::mem::replace(&mut held.next_offset, next);
                if illegal {
                    out.see(Observation::OffsetIllegal { consumer, queue, asked, corrected: next });
                } else if let Ok(Response::Pulled(Pulled::NoMatchedMessage { tags, .. })) = answer {
                    (asked..next).for_each(|offset| _ = self.is_filtered(out, (queue, offset), (tags, tags)));
                }
                self.pull_recovered(out, process_queue);
                self.lite_pull.waiting.push_back(process_queue);
            }
            other => self.pull_failed(out, process_queue, other),
        }
        self.next_pull_tasks(out, process_queue);
    }
}

impl<'a> Outside<'a> {
    /// The settings of a consumer that pulls; `None`: it is pushed to.
    pub(in crate::model) fn lite_pull(&self, consumer: ConsumerIndex) -> Option<&'a LitePullSettings> {
        self.planned(consumer).consumer.lite_pull.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Distribution;
    use crate::model::instance::testing::{at, hold, running};
    use crate::model::plan::Plan;
    use crate::model::testing::{hear, outside, plan};

    fn plan_with(work_ms: u64) -> Plan {
        let mut plan = plan(1);
        plan.consumers[0].consumer.lite_pull = Some(LitePullSettings::default());
        plan.consumers[0].consumer.pull_batch_size = LitePullSettings::PULL_BATCH_SIZE;
        plan.consumers[0].listener.work = Distribution::Constant(Span::from_millis(work_ms));
        plan
    }

    /// What `poll()` has returned leaves the cache, and is committed by a later `poll()`, when 5 s are over.
    #[test]
    fn what_was_polled_is_committed_by_a_later_poll() {
        let plan = plan_with(3_000);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        let number = hold(&mut out, &mut process, 0, 6);
        let consumer = &mut process.consumers[0];
        consumer.pool.open(1);
        let mut progress = Vec::new();
        for first in [0, 2, 4] {
            consumer.submit(&mut out, &process.instance, number, first, 2);
        }
        let mut cached = Vec::new();
        for turn in 0..3_u64 {
            let now = at(turn * 3_000);
            let heard = hear(&mut out, now);
            progress.extend(heard.seen.iter().filter_map(|seen| match seen {
                Observation::ProgressMoved { offset, .. } => Some((now, *offset)),
                _ => None,
            }));
            cached.push(process.consumers[0].process_queues[number as usize].count());
            hear(&mut out, at((turn + 1) * 3_000));
            process.listener_returned(&mut out, 0, 0);
        }
        assert_eq!(cached, [4, 2, 0]);
        let heard = hear(&mut out, at(9_000));
        progress.extend(heard.seen.iter().filter_map(|seen| match seen {
            Observation::ProgressMoved { offset, .. } => Some((at(9_000), *offset)),
            _ => None,
        }));
        // The first `poll()` that finds the time over is the one at 3 s, the next 5 s later that at 9 s.
        assert_eq!(progress, [(at(3_000), 2), (at(9_000), 6)]);
    }

    #[test]
    fn a_pull_task_is_kept_by_what_is_cached() {
        // Messages, their bytes, one more at this offset, batches that wait: what keeps the task.
        let rows = [
            (1_000, 1, None, 0, None),
            (1_001, 1, None, 0, Some(PullTrouble::FlowControlCount)),
            (1, 1, None, 1_000, None),
            (1, 1, None, 1_001, Some(PullTrouble::FlowControlCount)),
            (101, 1 << 20, None, 0, Some(PullTrouble::FlowControlSize)),
            (1, 1, Some(2_000), 0, None),
            (1, 1, Some(2_001), 0, Some(PullTrouble::FlowControlSpan)),
        ];
        for (count, bytes, far, waiting, expected) in rows {
            let plan = plan_with(0);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let number = hold(&mut out, &mut process, 0, 0);
            let consumer = &mut process.consumers[0];
            let held = &mut consumer.process_queues[number as usize];
            held.put(0, count, 0, |_| bytes);
            far.into_iter().for_each(|far| held.put(far, 1, 0, |_| bytes));
            let batch = Batch { process_queue: number, first: 0, count: 1 };
            consumer.pool.waiting.extend(std::iter::repeat_n(batch, waiting));
            assert_eq!(consumer.flow_control(&out, number), expected, "{count} {bytes} {far:?} {waiting}");
        }
    }
}
