//! What becomes of messages that a listener did not consume: sent back, sent to any broker, or kept and tried again
//! (`DefaultMQPushConsumerImpl.sendMessageBack`, `ProcessQueue.cleanExpiredMsg`).

use crate::model::event::ConsumerEvent;
use crate::model::network::{CallError, HostId, Request, Response, Waiter};
use crate::model::plan::{BrokerIndex, ConsumerIndex};
use crate::model::world::World;

use super::consume::{Batch, Work};

/// `maxReconsumeTimes` where it is -1.
const DEFAULT_MAX_RECONSUME_TIMES: u32 = 16;
/// The cleaner sends so many messages of a queue back at a time, at this delay level.
const MOST_CLEANED: u32 = 16;
const CLEANED_DELAY_LEVEL: u32 = 3;

impl World<'_> {
    fn send_back_request(
        &mut self,
        consumer: ConsumerIndex,
        process_queue: u32,
        offset: u64,
        delay_level: Option<u32>,
    ) -> Request {
        let planned = self.out.planned(consumer);
        let max_reconsume_times = planned.consumer.max_reconsume_times.unwrap_or(DEFAULT_MAX_RECONSUME_TIMES);
        let client = self.client(consumer);
        let held = &client.process_queues[process_queue as usize];
        let (group, queue, life) = (client.group, held.queue, held.life(offset));
        Request::SendBack { consumer, group, queue, offset, life, max_reconsume_times, delay_level }
    }

    /// `sendMessageBack`, a synchronous call on the thread that ran the listener.
    pub(super) fn send_back_next(&mut self, consumer: ConsumerIndex, thread: u32, batch: Batch, offset: u64) {
        let held = &self.client(consumer).process_queues[batch.process_queue as usize];
        let mut left = offset..batch.first + u64::from(batch.count);
        let Some(offset) = left.find(|&offset| !held.is_absent(offset)) else {
            return self.free_thread(consumer, thread);
        };
        let queue = held.queue;
        let other = |world: &mut Self| {
            let broker = world.any_retry_broker(consumer)?;
            Some((world.out.broker_host(broker), true))
        };
        let to = self.master_host(consumer, queue).map(|to| (to, false)).or_else(|| other(self));
        match to {
            Some((to, elsewhere)) => self.send_back_to(consumer, thread, (batch, offset, elsewhere), to),
            None => self.send_back_failed(consumer, thread, batch, offset),
        }
    }

    fn send_back_to(
        &mut self,
        consumer: ConsumerIndex,
        thread: u32,
        (batch, offset, elsewhere): (Batch, u64, bool),
        to: HostId,
    ) {
        let (host, epoch) = self.client_seat(consumer);
        let timeout = self.out.planned(consumer).client.timers.send_back_timeout;
        let request = self.send_back_request(consumer, batch.process_queue, offset, None);
        self.client(consumer).pool.threads[thread as usize] = Some(Work::SendingBack(batch, offset, elsewhere));
        self.out.call(host, to, request, timeout, Waiter::SendBack { consumer, epoch, thread });
    }

    /// A broker of `%RETRY%` by chance: where the inner producer sends what the message's own broker did not take.
    pub(super) fn any_retry_broker(&mut self, consumer: ConsumerIndex) -> Option<BrokerIndex> {
        let retry_topic = self.out.names.retry_topic(self.clients[consumer as usize].group);
        let route = self.instance(consumer).routes.get(&retry_topic).cloned()?;
        let client = self.client(consumer);
        let at = client.pool.retry_broker.below(route.len() as u64) as usize;
        route[at].addresses.master()
    }

    /// No broker is known that could take a message back: it stays, and is consumed again.
    fn send_back_failed(&mut self, consumer: ConsumerIndex, thread: u32, batch: Batch, offset: u64) {
        self.resubmit_after_a_failure(consumer, batch.process_queue, offset);
        self.send_back_next(consumer, thread, batch, offset + 1);
    }

    fn resubmit_after_a_failure(&mut self, consumer: ConsumerIndex, process_queue: u32, offset: u64) {
        let (_, epoch) = self.client_seat(consumer);
        let delay = self.out.planned(consumer).client.timers.send_back_retry_delay;
        let offset = u32::try_from(offset).expect("queue offsets of a run fit into 32 bits");
        self.out.after(delay, ConsumerEvent::ResubmitDue { process_queue, offset }.of(consumer, epoch));
    }

    /// A message was sent back and counts as handled; or it goes to any broker; or it stays and is consumed again.
    pub(in crate::model) fn send_back_answered(
        &mut self,
        consumer: ConsumerIndex,
        thread: u32,
        answer: Result<Response, CallError>,
    ) {
        let work = self.client(consumer).pool.threads.get(thread as usize).copied();
        if let Some(Some(Work::SendingToRetry(batch, offset))) = work {
            return self.sent_to_retry(consumer, thread, (batch, offset), answer);
        }
        let Some(Some(Work::SendingBack(batch, offset, elsewhere))) = work else { return };
        let process_queue = batch.process_queue;
        if matches!(answer, Ok(Response::SentBack { .. })) {
            self.advance(consumer, process_queue, offset, 1);
        } else {
            if let (false, Some(broker)) = (elsewhere, self.any_retry_broker(consumer)) {
                let to = self.out.broker_host(broker);
                return self.send_back_to(consumer, thread, (batch, offset, true), to);
            }
            self.resubmit_after_a_failure(consumer, process_queue, offset);
        }
        self.send_back_next(consumer, thread, batch, offset + 1);
        self.run_pool(consumer);
        self.pool_may_have_terminated(consumer);
    }

    /// A message that could not be sent back is consumed again.
    pub(in crate::model) fn resubmit_due(&mut self, consumer: ConsumerIndex, process_queue: u32, offset: u32) {
        if self.client(consumer).process_queues[process_queue as usize].holds(offset.into()) {
            self.submit(consumer, process_queue, offset.into(), 1);
        }
    }

    /// `cleanExpireMsg`: the first message of each queue, where a listener has held it longer than `consumeTimeout`.
    pub(in crate::model) fn clean_due(&mut self, consumer: ConsumerIndex) {
        let (_, epoch) = self.client_seat(consumer);
        let period = self.out.planned(consumer).consumer.consume_timeout;
        self.out.after(period, ConsumerEvent::CleanDue.of(consumer, epoch));
        for process_queue in self.client(consumer).table.values().copied().collect::<Vec<_>>() {
            self.clean_first(consumer, process_queue, MOST_CLEANED);
        }
    }

    fn clean_first(&mut self, consumer: ConsumerIndex, process_queue: u32, left: u32) {
        let (host, epoch) = self.client_seat(consumer);
        let now = self.out.client_clock(consumer);
        let settings = self.out.planned(consumer);
        let (limit, timeout) = (settings.consumer.consume_timeout, settings.client.timers.send_back_timeout);
        let client = self.client(consumer);
        let held = &client.process_queues[process_queue as usize];
        let Some(first) = held.first().filter(|_| left > 0 && !held.dropped) else { return };
        let queue = held.queue;
        let stuck = |work: &Option<Work>| match work {
            Some(Work::Listening(batch, began)) => {
                let holds = (batch.first..batch.first + u64::from(batch.count)).contains(&first);
                batch.process_queue == process_queue && holds && now.since(*began) > limit
            }
            _ => false,
        };
        if client.pool.threads.iter().any(stuck) {
            let request = self.send_back_request(consumer, process_queue, first, Some(CLEANED_DELAY_LEVEL));
            let offset = u32::try_from(first).expect("queue offsets of a run fit into 32 bits");
            let Some(to) = self.master_host(consumer, queue) else { return };
            self.out.call(host, to, request, timeout, Waiter::Clean { consumer, epoch, process_queue, offset, left });
        }
    }

    /// A stuck message was sent back: it leaves the queue if it still is the first. The offset moves only with the
    /// next message that is done.
    pub(in crate::model) fn clean_answered(
        &mut self,
        consumer: ConsumerIndex,
        process_queue: u32,
        (offset, left): (u32, u32),
        answer: Result<Response, CallError>,
    ) {
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        if matches!(answer, Ok(Response::SentBack { .. })) && held.first() == Some(offset.into()) {
            held.remove(offset.into(), 1);
            self.clean_first(consumer, process_queue, left - 1);
        }
    }
}
