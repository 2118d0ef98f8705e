//! Pops where rows in RocksDB stand for checkpoints (`popConsumerKVServiceEnable`, `PopConsumerService.popAsync`).
//!
//! ```text
//!   every fifth pop of a group from a topic   retry topic, T(q), T(q+1), ..           q: one further each time
//!   every other, of all queues                T(q), T(q+1), .., retry topic
//!   every other, of one queue                 that queue: the retry topic waits for the fifth
//!
//!   offset   where the next pop begins is in memory; committed is where the last one began
//! ```
//! So a broker that restarts, and be it cleanly, pops the last batch of each queue once more. The one lock of a group and
//! topic (`PopConsumerLockService`) is never met, as a pop takes no time here: in a real broker a second pop meanwhile is held
//! empty-handed, whatever there is.

use super::Broker;
use super::long_polling::HeldPop;
use super::popping::Run;
use super::records::RecordKey;
use crate::model::names::QueuePlace;
use crate::model::network::{POP_ORDER_REVIVE_QUEUE, PoppedMessage, RetryFlag};
use crate::model::observation::{CommitPath, QueueIndex};
use crate::model::outside::Outside;

/// Every so many pops look into the retry topics first.
const PREFERS_RETRY: u64 = 5;

impl Broker {
    /// Takes what is there, up to a full batch, and writes a row for each.
    pub(super) fn take_for_records(&mut self, out: &mut Outside<'_>, pop: &HeldPop) -> Run {
        let request = pop.request;
        let count = self.pop.records.count_request(request.group, request.topic);
        let mut run = self.begin_run(out, pop, if request.fifo { POP_ORDER_REVIVE_QUEUE } else { 0 });
        let prefers_retry = count.is_multiple_of(PREFERS_RETRY);
        if prefers_retry {
            self.take_recorded_retries(out, &mut run);
        }
        match request.queue {
            Some(queue) => self.take_recorded(out, &mut run, queue, RetryFlag::Normal),
            None => {
                let keeper = out.keeper_of(self.index);
                let config = out.configurations[keeper.at()].topic(request.topic);
                let queues = config.map_or(0, |config| u64::from(config.read_queue_nums()));
                for step in 0..queues {
                    let queue_id = ((count + step) % queues) as u32;
                    let place = QueuePlace { topic: request.topic, broker: run.name, queue_id };
                    let queue = out.names.intern_queue(place);
                    self.take_recorded(out, &mut run, queue, RetryFlag::Normal);
                }
                if !prefers_retry {
                    self.take_recorded_retries(out, &mut run);
                }
            }
        }
        self.pop.cache.note_pop(request.group, request.topic, out.now());
        if !request.fifo {
            let key = |message: &PoppedMessage| RecordKey::of(request.group, &message.handle);
            let keys = run.messages().iter().map(key).collect();
            self.write_records(out, keys, request.invisible);
        }
        run
    }

    /// Both retry topics, where they are read and there.
    fn take_recorded_retries(&mut self, out: &mut Outside<'_>, run: &mut Run) {
        let (settings, request) = (self.pop_settings(out), run.request);
        if request.fifo {
            return;
        }
        for (flag, reads) in [
            (RetryFlag::V1, settings.retrieve_message_from_pop_retry_topic_v1),
            (RetryFlag::V2, settings.enable_retry_topic_v2),
        ] {
            let found = out.names.find_pop_retry(request.group, request.topic, flag == RetryFlag::V2);
            let keeper = out.keeper_of(self.index);
            let there = |topic: &_| out.configurations[keeper.at()].has_topic(*topic);
            if let Some(topic) = found.filter(|_| reads).filter(there) {
                let queue = out.names.intern_queue(QueuePlace { topic, broker: run.name, queue_id: 0 });
                self.take_recorded(out, run, queue, flag);
            }
        }
    }

    /// `getMessageAsync`, `handleGetMessageResult`: of one queue.
    fn take_recorded(&mut self, out: &mut Outside<'_>, run: &mut Run, queue: QueueIndex, flag: RetryFlag) {
        let group = run.request.group;
        // A reset does not set a queue free here: it is looked for later.
        if run.request.fifo && self.is_blocked(out, run, queue) {
            return;
        }
        if run.is_full() {
            // By the committed offset: what the last pop took is counted too, and wakes others for nothing.
            let committed = self.offsets.get(group, queue).unwrap_or(0);
            return run.leave(out.end_at(self.index, queue).saturating_sub(committed));
        }
        let wanted = self.recorded_offset(out, run, queue, flag);
        let read = self.read_for_pop(out, run, queue, (wanted, flag));
        self.show_read(out, run, queue, &read);
        if !read.offsets.is_empty() {
            run.leave(read.left());
        }
        if run.request.fifo {
            return self.pop_in_order(out, run, (queue, wanted), read);
        }
        self.pop.records.put_pulled(group, queue, read.next);
        let committed = self.pop.cache.first(group, queue).unwrap_or(wanted);
        self.commit(out, group, queue, committed, run.consumer, CommitPath::Pop);
        if !read.offsets.is_empty() {
            self.show_popped(out, run, (queue, wanted, flag), &read.offsets);
        }
    }

    /// `PopConsumerService.getPopOffset`.
    fn recorded_offset(&mut self, out: &mut Outside<'_>, run: &Run, queue: QueueIndex, flag: RetryFlag) -> u64 {
        let group = run.request.group;
        let pulled = self.pop.records.pulled(group, queue);
        if self.offsets.has_reset(group, queue) {
            self.pop.cache.forget(group, queue);
            return self.pop_offset(out, run, queue, flag);
        }
        if pulled.is_none() {
            return self.pop_offset(out, run, queue, flag);
        }
        pulled.unwrap_or(0)
    }
}
