//! Messages that a listener has held for longer than `consumeTimeout` are sent back
//! (`ConsumeMessageConcurrentlyService.cleanExpireMsg`, `ProcessQueue.cleanExpiredMsg`).

use crate::kernel::Instant;
use crate::model::consumer::Consumer;
use crate::model::consumer::service::pool::Work;
use crate::model::event::ConsumerEvent;
use crate::model::network::{CallError, Response, Waiter};
use crate::model::outside::Outside;

/// The cleaner sends so many messages of a queue back at a time, at this delay level.
const MOST_CLEANED: u32 = 16;

const CLEANED_DELAY_LEVEL: u32 = 3;

impl Consumer {
    /// The cleaner comes every `consumeTimeout`, 15 min.
    pub(super) fn clean_later(&self, out: &mut Outside<'_>) {
        let (_, epoch) = self.seat(out);
        let period = out.planned(self.index).consumer.consume_timeout;
        out.after(period, ConsumerEvent::CleanDue.of(self.index, epoch));
    }

    /// `cleanExpireMsg`: the first message of each queue, where a listener has held it longer than `consumeTimeout`.
    pub(in crate::model) fn clean_due(&mut self, out: &mut Outside<'_>) {
        self.clean_later(out);
        for process_queue in self.table.values().copied().collect::<Vec<_>>() {
            self.clean_first(out, process_queue, MOST_CLEANED);
        }
    }

    fn clean_first(&mut self, out: &mut Outside<'_>, process_queue: u32, left: u32) {
        let consumer = self.index;
        let (host, epoch) = self.seat(out);
        let now = out.client_clock(consumer);
        let settings = out.planned(consumer);
        let (limit, timeout) = (settings.consumer.consume_timeout, settings.client.timers.send_back_timeout);
        let held = &self.process_queues[process_queue as usize];
        let Some(first) = held.first().filter(|_| left > 0 && !held.dropped) else { return };
        let queue = held.queue;
        let stuck = |work: &Option<Work>| match work {
            Some(Work::Listening(batch, began)) => {
                let holds = (batch.first..batch.first + u64::from(batch.count)).contains(&first);
                batch.process_queue == process_queue && holds && now.since(*began) > limit
            }
            _ => false,
        };
        let kept = || self.is_kept_since((process_queue, first), now - limit.min(now.since(Instant::ZERO)));
        if self.pool.threads.iter().any(stuck) || kept() {
            let request = self.send_back_request(out, process_queue, first, Some(CLEANED_DELAY_LEVEL));
            let offset = u32::try_from(first).expect("queue offsets of a run fit into 32 bits");
            let Some(to) = self.master_host(out, queue) else { return };
            out.call(host, to, request, timeout, Waiter::Clean { consumer, epoch, process_queue, offset, left });
        }
    }

    /// A stuck message was sent back: it leaves the queue if it still is the first. The offset moves only with the
    /// next message that is done.
    pub(in crate::model) fn clean_answered(
        &mut self,
        out: &mut Outside<'_>,
        process_queue: u32,
        (offset, left): (u32, u32),
        answer: Result<Response, CallError>,
    ) {
        let held = &mut self.process_queues[process_queue as usize];
        if matches!(answer, Ok(Response::SentBack { .. })) && held.first() == Some(offset.into()) {
            held.remove(offset.into(), 1);
            self.clean_first(out, process_queue, left - 1);
        }
    }
}
