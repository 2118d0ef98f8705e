//! `ConsumeMessagePopConcurrentlyService`: batches come to the listener on threads of its own, if they come in time.

use super::pool::PopBatch;
use crate::kernel::{Instant, Span};
use crate::model::consumer::Consumer;
use crate::model::event::ConsumerEvent;
use crate::model::ids::QueueIndex;
use crate::model::network::PoppedMessage;
use crate::model::observation::{ConsumeOutcome, Observation, PopDiscard};
use crate::model::outside::Outside;

impl Consumer {
    /// `submitPopConsumeRequest`.
    pub(super) fn submit_popped(&mut self, process_queue: u32, messages: Box<[PoppedMessage]>) {
        self.popping.pool.waiting.push_back(PopBatch { process_queue, messages });
    }

    /// `ConsumeRequest.isPopTimeout`, by the client's clock, while the times of the pops are the broker's.
    pub(super) fn is_too_late(&self, out: &Outside<'_>, messages: &[PoppedMessage]) -> bool {
        let now = out.client_clock(self.index);
        messages.first().is_none_or(|message| {
            let handle = &message.handle;
            now >= handle.pop_time + handle.invisible
        })
    }

    /// Free threads take up what waits: what was dropped meanwhile, or whose invisible time is over, is thrown away without
    /// a word to anybody.
    pub(in crate::model) fn run_pop_pool(&mut self, out: &mut Outside<'_>) {
        while let Some((thread, batch)) = self.popping.pool.next() {
            let held = &mut self.popping.process_queues[batch.process_queue as usize];
            let dropped = held.dropped;
            if dropped || self.is_too_late(out, &batch.messages) {
                let why = if dropped { PopDiscard::Dropped } else { PopDiscard::InvisibleTimeOver };
                if !dropped {
                    self.popping.process_queues[batch.process_queue as usize].finish(batch.messages.len() as u32);
                }
                self.see_discarded(out, &batch, why);
                continue;
            }
            let work = self.popped_work(out, &batch);
            self.hand_out_popped(out, &batch);
            self.popping.pool.begin(thread, batch);
            match work {
                Span::ZERO => self.pop_listener_returned(out, thread),
                work => {
                    let (_, epoch) = self.seat(out);
                    out.after(work, ConsumerEvent::PopListenerReturned { thread }.of(self.index, epoch));
                }
            }
        }
    }

    /// The listener of a thread returns: its result counts if it comes in time, and is thrown away else.
    pub(in crate::model) fn pop_listener_returned(&mut self, out: &mut Outside<'_>, thread: u32) {
        let Some(batch) = self.popping.pool.end(thread) else { return };
        let failures = out.planned(self.index).listener.failures_per_million;
        let throws = self.listener_panics(out);
        let failed = throws || failures > 0 && self.pool.failures.chance(failures.into(), 1_000_000);
        let dropped = self.popping.process_queues[batch.process_queue as usize].dropped;
        let outcome = match (dropped, self.is_too_late(out, &batch.messages), failed) {
            (true, ..) => ConsumeOutcome::DiscardedWithAssignment,
            (false, true, _) => ConsumeOutcome::DiscardedTooLate,
            (false, false, true) => ConsumeOutcome::Failed,
            (false, false, false) => ConsumeOutcome::Success,
        };
        let consumer = self.index;
        for message in &batch.messages {
            let (queue, offset) = (message.handle.queue, message.handle.offset);
            out.see(Observation::Consumed { consumer, queue, offset, outcome });
        }
        match outcome {
            ConsumeOutcome::Success => self.popped_messages_done(out, &batch, true),
            ConsumeOutcome::Failed => self.popped_messages_done(out, &batch, false),
            _ => self.popping.process_queues[batch.process_queue as usize].finish(batch.messages.len() as u32),
        }
    }

    /// The event of a listener's return: the thread takes up the next.
    pub(in crate::model) fn pop_thread_is_free(&mut self, out: &mut Outside<'_>, thread: u32) {
        self.pop_listener_returned(out, thread);
        self.run_pop_pool(out);
    }

    /// First copy of a message and whether the broker has lost it meanwhile.
    pub(super) fn popped_record(&self, out: &Outside<'_>, message: &PoppedMessage) -> ((QueueIndex, u64), Option<u32>) {
        let record = out.record(message.handle.queue, message.handle.offset, message.life);
        let (record, lost) = record.expect("what was popped was in the log");
        (record.origin, lost)
    }

    fn hand_out_popped(&self, out: &mut Outside<'_>, batch: &PopBatch) {
        let consumer = self.index;
        for message in &batch.messages {
            let (origin, lost) = self.popped_record(out, message);
            let (queue, offset) = (message.handle.queue, message.handle.offset);
            let reconsume_times = message.reconsume_times;
            out.see(Observation::Delivered { consumer, queue, offset, origin, reconsume_times, lost });
        }
    }

    pub(super) fn see_discarded(&self, out: &mut Outside<'_>, batch: &PopBatch, why: PopDiscard) {
        let consumer = self.index;
        for message in &batch.messages {
            let (queue, offset) = (message.handle.queue, message.handle.offset);
            out.see(Observation::PopDiscarded { consumer, queue, offset, why });
        }
    }

    /// How long the listener will work on a batch, which is all of one topic.
    fn popped_work(&mut self, out: &Outside<'_>, batch: &PopBatch) -> Span {
        let listener = &out.planned(self.index).listener;
        let topic = self.popping.process_queues[batch.process_queue as usize].topic;
        listener.work_on(topic).draw(&mut self.pool.work)
    }

    /// When the first copy of a message was stored, which its age counts from.
    pub(super) fn popped_born(&self, out: &Outside<'_>, message: &PoppedMessage) -> Option<Instant> {
        let (queue, offset) = self.popped_record(out, message).0;
        out.logs[out.replicas.keeper(out.names.queue(queue).broker).at()].stored_at(queue, offset)
    }
}
