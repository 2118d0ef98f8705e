//! `ConsumeMessageService`: how messages get from the process queues to the listener, and what its answer means.
//!
//! ```text
//!                 what a pull brought    on a thread of the pool   what the listener answered
//!   Concurrently  batches to the pool    concurrently.rs           concurrently.rs; send_back.rs where it failed
//!   Orderly       one task a queue       orderly/consume.rs        orderly/result.rs
//!   LitePull      a batch of the cache   lite_pull.rs: poll()      the application polls again
//! ```
//! Where these differ is asked here, one `match` a question, and nobody else asks which it is but for its sake: another
//! service is another variant and what the compiler then misses. That of POP is none of them: it stands beside the one
//! that pulls, in `pop`.

mod clean_expired;
mod concurrently;
pub(in crate::model) mod lite_pull;
pub(in crate::model) mod orderly;
pub(in crate::model) mod pool;
mod send_back;

use crate::kernel::Span;
use crate::model::consumer::Consumer;
use crate::model::consumer::service::pool::{Batch, Work};
use crate::model::event::ConsumerEvent;
use crate::model::instance::Instance;
use crate::model::observation::{ConsumeOutcome, PullTrouble};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerPlan, PlantedMistake};

/// Which service a consumer has (`DefaultMQPushConsumerImpl.start`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum ConsumeMessageService {
    /// `ConsumeMessageConcurrentlyService`.
    Concurrently,
    /// `ConsumeMessageOrderlyService`.
    Orderly,
    /// None: the application takes what was pulled with `poll()`.
    LitePull,
}

impl ConsumeMessageService {
    /// The service that the plan of a consumer asks for.
    pub fn of(planned: &ConsumerPlan) -> Self {
        match (&planned.consumer.lite_pull, &planned.listener.orderly) {
            (Some(_), _) => Self::LitePull,
            (None, Some(_)) => Self::Orderly,
            (None, None) => Self::Concurrently,
        }
    }
}

impl Consumer {
    /// `start()` makes the service: its threads, and the timers of the orderly one.
    pub(in crate::model) fn create_service(&mut self, out: &mut Outside<'_>) {
        let threads = match self.service {
            ConsumeMessageService::LitePull => 1,
            _ => out.planned(self.index).consumer.consume_thread_min,
        };
        self.pool.open(threads);
        if self.asks_brokers(out) {
            self.popping.pool.open(threads);
        }
        self.start_orderly_service(out);
    }

    /// `start()` starts it: the cleaner of the concurrent one.
    pub(in crate::model) fn start_service(&mut self, out: &mut Outside<'_>) {
        if self.service == ConsumeMessageService::Concurrently {
            self.clean_later(out);
        }
    }

    /// `shutdown()` begins: nothing new is taken up.
    pub(in crate::model) fn close_service(&mut self) {
        self.pool.closed = true;
        self.orderly.stopped = true;
    }

    /// What is cached keeps a pull from being made, if it does.
    pub(in crate::model) fn flow_control(&self, out: &Outside<'_>, process_queue: u32) -> Option<PullTrouble> {
        if self.service == ConsumeMessageService::LitePull {
            return self.lite_flow_control(out, process_queue);
        }
        let held = &self.process_queues[process_queue as usize];
        let early = u32::from(out.planted(PlantedMistake::FlowControlAtThreshold));
        let spans = self.service == ConsumeMessageService::Concurrently;
        if held.count() > self.pull_threshold_for_queue.saturating_sub(early) {
            Some(PullTrouble::FlowControlCount)
        } else if held.bytes() >> 20 > u64::from(self.pull_threshold_size_for_queue_mib) {
            Some(PullTrouble::FlowControlSize)
        } else if spans && held.max_span() > out.planned(self.index).consumer.consume_concurrently_max_span.into() {
            Some(PullTrouble::FlowControlSpan)
        } else {
            None
        }
    }

    /// `submitConsumeRequest`: what a pull brought, or a message that is tried again, goes to the pool.
    pub(in crate::model) fn submit(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        process_queue: u32,
        first: u64,
        count: u32,
    ) {
        let most = match self.service {
            ConsumeMessageService::Orderly => return self.dispatch_orderly(out, instance, process_queue),
            ConsumeMessageService::Concurrently => {
                out.planned(self.index).consumer.consume_message_batch_max_size.max(1)
            }
            // `poll()` returns what one pull brought.
            ConsumeMessageService::LitePull => count,
        };
        if !self.pool.closed {
            let held = &self.process_queues[process_queue as usize];
            let (mut at, end) = (first, first + u64::from(count));
            while at < end {
                let (width, messages) = held.stretch(at, end, most);
                if messages > 0 {
                    self.pool.waiting.push_back(Batch { process_queue, first: at, count: width as u32 });
                }
                at += width.max(1);
            }
            self.run_pool(out, instance);
        }
    }

    /// A thread of the pool takes up what was submitted. A listener that takes no time returns at once.
    pub(super) fn run_batch(&mut self, out: &mut Outside<'_>, instance: &Instance, thread: u32, batch: Batch) {
        if self.service == ConsumeMessageService::Orderly {
            return self.run_orderly(out, instance, thread, batch.process_queue);
        }
        let work = self.listener_work(out, batch);
        let now = out.client_clock(self.index);
        self.pool.threads[thread as usize] = Some(Work::Listening(batch, now));
        self.hand_out(out, batch);
        if self.service == ConsumeMessageService::LitePull {
            self.polled(batch);
        }
        if work == Span::ZERO {
            return self.batch_done(out, instance, thread, batch, false);
        }
        let (_, epoch) = self.seat(out);
        out.after(work, ConsumerEvent::ListenerReturned { thread }.of(self.index, epoch));
    }

    /// `processConsumeResult`: a listener has returned, or was interrupted. An orderly one may have kept the rebalance
    /// thread waiting: its process goes on with both.
    pub(super) fn batch_done(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        batch: Batch,
        interrupted: bool,
    ) {
        match self.service {
            ConsumeMessageService::Concurrently => {
                self.process_consume_result(out, instance, thread, batch, interrupted);
            }
            ConsumeMessageService::LitePull => {
                self.see_consumed(out, batch, ConsumeOutcome::Success);
                self.polled_batch_done(out, instance, thread);
            }
            ConsumeMessageService::Orderly => unreachable!("an orderly task goes on by itself, or with its process"),
        }
    }
}
