//! `consumptionExecutor`: listeners, of which so many run at a time, message by message (`StandardConsumeService`,
//! `ConsumeTask`).

use std::collections::VecDeque;

use super::{AT, ClientProcess};
use crate::kernel::Span;
use crate::model::event::GrpcTask;
use crate::model::ids::QueueIndex;
use crate::model::network::PoppedMessage;
use crate::model::observation::{ConsumeOutcome, Observation};
use crate::model::outside::Outside;

/// A message for a listener.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task {
    /// The assignment that it is of.
    pub queue: u32,
    pub message: PoppedMessage,
    /// The FIFO batch whose turn it is, by its number.
    pub list: Option<u32>,
}

/// The threads, with one first-in-first-out queue.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pub waiting: VecDeque<Task>,
    threads: Vec<Option<Task>>,
    idle: Vec<u32>,
}

impl Pool {
    /// Gives the pool its threads.
    pub fn open(&mut self, threads: u32) {
        self.threads = vec![None; threads as usize];
        self.idle = (0..threads).rev().collect();
    }

    /// How many threads there are.
    pub fn len(&self) -> u32 {
        self.threads.len() as u32
    }

    /// Nothing runs and nothing waits.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.idle.len() == self.threads.len()
    }
}

impl ClientProcess {
    /// All messages that were received go to the pool.
    pub(super) fn grpc_consume_all(&mut self, out: &mut Outside<'_>, queue: u32, messages: &[PoppedMessage]) {
        let tasks = messages.iter().map(|&message| Task { queue, message, list: None });
        self.grpc().pool.waiting.extend(tasks);
        self.grpc_run_pool(out);
    }

    /// Idle threads take up what waits.
    pub(super) fn grpc_run_pool(&mut self, out: &mut Outside<'_>) {
        loop {
            let pool = &mut self.grpc().pool;
            let Some(&thread) = pool.idle.last() else { return };
            let Some(task) = pool.waiting.pop_front() else { return };
            pool.idle.pop();
            pool.threads[thread as usize] = Some(task);
            let work = self.grpc_hand_out(out, &task.message);
            match work {
                Span::ZERO => self.grpc_listener_ends(out, thread),
                work => self.grpc_later(out, work, GrpcTask::ListenerReturned { thread }),
            }
        }
    }

    /// A message goes to the listener, or to the application; how long that will work on it.
    pub(super) fn grpc_hand_out(&mut self, out: &mut Outside<'_>, message: &PoppedMessage) -> Span {
        let consumer = self.consumers[AT].index;
        let (origin, lost) = self.grpc_record(out, message);
        let (queue, offset, reconsume_times) = (message.handle.queue, message.handle.offset, message.reconsume_times);
        out.see(Observation::Delivered { consumer, queue, offset, origin, reconsume_times, lost });
        let listener = &out.planned(consumer).listener;
        listener.work_on(out.names.first_topic(out.names.queue(queue).topic)).draw(&mut self.consumers[AT].pool.work)
    }

    /// First copy of a message, and whether the broker has lost it meanwhile.
    fn grpc_record(&self, out: &Outside<'_>, message: &PoppedMessage) -> ((QueueIndex, u64), Option<u32>) {
        let record = out.record(message.handle.queue, message.handle.offset, message.life);
        let (record, lost) = record.expect("what was popped was in the log");
        (record.origin, lost)
    }

    /// Whether the listener fails on a message, which is said.
    pub(super) fn grpc_consumed(&mut self, out: &mut Outside<'_>, message: &PoppedMessage) -> bool {
        let consumer = self.consumers[AT].index;
        let failures = out.planned(consumer).listener.failures_per_million;
        let failed = failures > 0 && self.consumers[AT].pool.failures.chance(failures.into(), 1_000_000);
        let outcome = if failed { ConsumeOutcome::Failed } else { ConsumeOutcome::Success };
        let (queue, offset) = (message.handle.queue, message.handle.offset);
        out.see(Observation::Consumed { consumer, queue, offset, outcome });
        failed
    }

    /// The event of a listener's return: its thread takes up the next.
    pub(super) fn grpc_listener_returned(&mut self, out: &mut Outside<'_>, thread: u32) {
        if self.grpc_settings(out).simple.is_some() {
            return self.grpc_application_is_done(out, thread);
        }
        self.grpc_listener_ends(out, thread);
        self.grpc_run_pool(out);
        self.grpc_pool_may_be_idle(out);
    }

    fn grpc_listener_ends(&mut self, out: &mut Outside<'_>, thread: u32) {
        let pool = &mut self.grpc().pool;
        let Some(task) = pool.threads.get_mut(thread as usize).and_then(Option::take) else { return };
        pool.idle.push(thread);
        let failed = self.grpc_consumed(out, &task.message);
        match task.list {
            Some(list) => self.grpc_consumed_in_order(out, list, failed),
            None => self.grpc_erase(out, &task, failed),
        }
    }
}
