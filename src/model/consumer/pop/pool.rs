//! The threads of `ConsumeMessagePopConcurrentlyService`, with one first-in-first-out queue over all assignments: a pool
//! beside that of what is pulled.

use std::collections::VecDeque;

use crate::model::network::PoppedMessage;

/// Messages of one assignment for one call of the listener.
#[derive(Debug, Clone)]
pub(in crate::model) struct PopBatch {
    pub process_queue: u32,
    pub messages: Box<[PoppedMessage]>,
}

/// The pool.
#[derive(Debug, Default)]
pub(in crate::model) struct PopPool {
    pub(super) waiting: VecDeque<PopBatch>,
    /// What each thread's listener has.
    pub(super) threads: Vec<Option<PopBatch>>,
    idle: Vec<u32>,
}

impl PopPool {
    /// Gives the pool its threads.
    pub fn open(&mut self, threads: u32) {
        self.threads = (0..threads).map(|_| None).collect();
        self.idle = (0..threads).rev().collect();
    }

    /// A free thread and what it takes up next, where there are both.
    pub(super) fn next(&mut self) -> Option<(u32, PopBatch)> {
        let &thread = self.idle.last()?;
        let batch = self.waiting.pop_front()?;
        Some((thread, batch))
    }

    /// The listener of the thread that [`PopPool::next`] named begins.
    pub(super) fn begin(&mut self, thread: u32, batch: PopBatch) {
        assert_eq!(self.idle.pop(), Some(thread), "the thread was free");
        self.threads[thread as usize] = Some(batch);
    }

    /// The listener of a thread returns.
    pub(super) fn end(&mut self, thread: u32) -> Option<PopBatch> {
        let batch = self.threads.get_mut(thread as usize)?.take()?;
        self.idle.push(thread);
        Some(batch)
    }

    /// How many messages are with listeners, and how many wait for a thread.
    pub fn left(&self) -> (u32, u32) {
        let running = self.threads.iter().flatten().map(|batch| batch.messages.len()).sum::<usize>();
        let waiting = self.waiting.iter().map(|batch| batch.messages.len()).sum::<usize>();
        (running as u32, waiting as u32)
    }
}
