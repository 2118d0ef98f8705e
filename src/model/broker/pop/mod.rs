//! POP: nobody owns a queue, and who has a message is written down for each (`PopMessageProcessor.processRequest`,
//! `PopReviveService.run`).
//!
//! ```text
//!   pop --> messages, each with a handle --> ack    --> timer wheel ----> revive topic
//!    |                                                                        |
//!    +----> checkpoint (the offset moves) -------------> timer wheel ---------+--> a revive thread: what has a checkpoint
//!                                                                                  and no ack goes into the retry topic
//! ```
//! The offset of a group says what was popped, not what was acknowledged, and it is the same that those who pull commit.
//! Nothing of this happens at a broker that no client pops from. Pops in order leave no checkpoints (`fifo`);
//! where `popConsumerKVServiceEnable` is set, rows in RocksDB stand for them (`record_popping`, `record_service`).
//!
//! A pop takes no time here, so two never meet at the lock of a queue (`QueueLockManager`).

mod ack;
mod assignment;
mod buffer;
mod checkpoint;
mod fifo;
mod long_polling;
mod of_proxy;
mod order_info;
mod popping;
mod record_cache;
mod record_popping;
mod record_service;
mod records;
mod request_mode;
mod retry_topic;
mod revive;

use crate::kernel::{Instant, Span, Stream};
use crate::model::outside::Outside;
use crate::model::plan::PopBrokerSettings;

use super::Broker;
use assignment::Routes;
use buffer::PopBuffer;
use fifo::Orderly;
use long_polling::Waiting;
use record_cache::RecordCache;
use record_service::NextLook;
use records::PopRecords;
use revive::ReviveService;

/// What a broker's process has in its memory for POP.
#[derive(Debug, Default)]
pub(super) struct Pop {
    /// Draws where a pop begins, and when timers look.
    stream: Option<Stream>,
    /// `ckMessageNumber`: one counter gives out the queues of the revive topic.
    checkpoints: u64,
    waiting: Waiting,
    buffer: PopBuffer,
    orderly: Orderly,
    records: PopRecords,
    next_look: NextLook,
    cache: RecordCache,
    /// By the number of their queue.
    services: Vec<ReviveService>,
    routes: Routes,
    /// How far into its second the timer wheel is when the wall clock begins one: no run begins with one.
    second_began: Option<Span>,
    /// When a record last came onto the timer wheel (`lastEnqueueButExpiredTime`).
    enqueued: Option<Instant>,
}

impl Pop {
    /// The process ends: what was drawn stays drawn, and files stay.
    pub fn forget(&mut self) {
        let (stream, orderly, records) = (self.stream.take(), self.orderly.forget(), self.records.forget());
        *self = Self { stream, orderly, records, second_began: self.second_began, ..Self::default() };
    }
}

impl Broker {
    fn pop_settings<'a>(&self, out: &Outside<'a>) -> &'a PopBrokerSettings {
        &self.settings(out).pop
    }

    /// Chance of its own, which nobody has where nobody pops.
    fn pop_stream(&mut self, out: &Outside<'_>) -> &mut Stream {
        let (streams, broker) = (out.streams, self.index);
        self.pop.stream.get_or_insert_with(|| streams.stream("pop", broker.into()))
    }

    /// The moment at which the clock of this broker shows a time; now, where it has shown it.
    fn moment_of(&self, out: &Outside<'_>, shown: Instant) -> Instant {
        out.now() + shown.since(out.broker_clock(self.index))
    }

    /// Whether what is popped here can be written down: by the master of a name, as far as it knows.
    fn keeps_checkpoints(&self, out: &Outside<'_>) -> bool {
        out.log_of(self.index) == self.index && !out.replicas.is_deposed(self.index)
    }

    /// The process begins: the timer wheel and the revive threads go on with what the disk has.
    pub(super) fn resume_pop(&mut self, out: &mut Outside<'_>) {
        self.pop.routes.began(out.now());
        self.resume_order(out);
        self.resume_records(out);
        if self.keeps_checkpoints(out) {
            self.resume_timer(out);
            self.resume_revive(out);
        }
    }
}
