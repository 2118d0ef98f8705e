//! What becomes of messages that a listener did not consume: sent back, sent to any broker, or kept and tried again
//! (`DefaultMQPushConsumerImpl.sendMessageBack`).

use crate::model::consumer::Consumer;
use crate::model::consumer::service::pool::{Batch, Work};
use crate::model::event::ConsumerEvent;
use crate::model::ids::HostId;
use crate::model::instance::Instance;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;

/// `maxReconsumeTimes` where it is -1.
const DEFAULT_MAX_RECONSUME_TIMES: u32 = 16;

impl Consumer {
    pub(in crate::model) fn send_back_request(
        &mut self,
        out: &mut Outside<'_>,
        process_queue: u32,
        offset: u64,
        delay_level: Option<u32>,
    ) -> Request {
        let consumer = self.index;
        let planned = out.planned(consumer);
        let most = planned.consumer.max_reconsume_times.unwrap_or(DEFAULT_MAX_RECONSUME_TIMES);
        // A level below 0 asks for the dead-letter queue, as if the message had come back often enough.
        let asked = planned.listener.delay_level_when_next_consume;
        let max_reconsume_times = if delay_level.is_none() && asked < 0 { 0 } else { most };
        let delay_level = delay_level.or(u32::try_from(asked).ok().filter(|level| *level > 0));
        let held = &self.process_queues[process_queue as usize];
        let (group, queue, life) = (self.group, held.queue, held.life(offset));
        Request::SendBack { consumer, group, queue, offset, life, max_reconsume_times, delay_level }
    }

    /// `sendMessageBack`, a synchronous call on the thread that ran the listener.
    pub(in crate::model) fn send_back_next(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        batch: Batch,
        offset: u64,
    ) {
        let held = &self.process_queues[batch.process_queue as usize];
        let mut left = offset..batch.first + u64::from(batch.count);
        let Some(offset) = left.find(|&offset| !held.is_absent(offset)) else {
            return self.free_thread(thread);
        };
        let queue = held.queue;
        let to = match self.master_host(out, queue) {
            Some(to) => Some((to, false)),
            None => self.any_retry_broker(out, instance).map(|broker| (out.broker_host(broker), true)),
        };
        match to {
            Some((to, elsewhere)) => self.send_back_to(out, thread, (batch, offset, elsewhere), to),
            None => self.send_back_failed(out, instance, thread, batch, offset),
        }
    }

    fn send_back_to(
        &mut self,
        out: &mut Outside<'_>,
        thread: u32,
        (batch, offset, elsewhere): (Batch, u64, bool),
        to: HostId,
    ) {
        let consumer = self.index;
        let (host, epoch) = self.seat(out);
        let timeout = out.planned(consumer).client.timers.send_back_timeout;
        let request = self.send_back_request(out, batch.process_queue, offset, None);
        self.pool.threads[thread as usize] = Some(Work::SendingBack(batch, offset, elsewhere));
        out.call(host, to, request, timeout, Waiter::SendBack { consumer, epoch, thread });
    }

    /// A broker of `%RETRY%` by chance: where the inner producer sends what the message's own broker did not take.
    pub(in crate::model) fn any_retry_broker(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
    ) -> Option<BrokerIndex> {
        let retry_topic = out.names.retry_topic(self.group);
        let route = instance.routes.get(&retry_topic).cloned()?;
        let at = self.pool.retry_broker.below(route.len() as u64) as usize;
        route[at].addresses.master()
    }

    /// No broker is known that could take a message back: it stays, and is consumed again.
    fn send_back_failed(&mut self, out: &mut Outside<'_>, instance: &Instance, thread: u32, batch: Batch, offset: u64) {
        self.resubmit_after_a_failure(out, batch.process_queue, offset);
        self.send_back_next(out, instance, thread, batch, offset + 1);
    }

    fn resubmit_after_a_failure(&mut self, out: &mut Outside<'_>, process_queue: u32, offset: u64) {
        let consumer = self.index;
        let (_, epoch) = self.seat(out);
        let delay = out.planned(consumer).client.timers.send_back_retry_delay;
        let offset = u32::try_from(offset).expect("queue offsets of a run fit into 32 bits");
        out.after(delay, ConsumerEvent::ResubmitDue { process_queue, offset }.of(consumer, epoch));
    }

    /// A message was sent back and counts as handled; or it goes to any broker; or it stays and is consumed again.
    pub(in crate::model) fn send_back_answered(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        thread: u32,
        answer: Result<Response, CallError>,
    ) {
        let work = self.pool.threads.get(thread as usize).copied();
        if let Some(Some(Work::SendingToRetry(batch, offset))) = work {
            return self.sent_to_retry(out, instance, thread, (batch, offset), answer);
        }
        let Some(Some(Work::SendingBack(batch, offset, elsewhere))) = work else { return };
        let process_queue = batch.process_queue;
        if matches!(answer, Ok(Response::SentBack { .. })) {
            self.advance(out, process_queue, offset, 1);
        } else {
            if let (false, Some(broker)) = (elsewhere, self.any_retry_broker(out, instance)) {
                let to = out.broker_host(broker);
                return self.send_back_to(out, thread, (batch, offset, true), to);
            }
            self.resubmit_after_a_failure(out, process_queue, offset);
        }
        self.send_back_next(out, instance, thread, batch, offset + 1);
        self.run_pool(out, instance);
    }

    /// A message that could not be sent back is consumed again.
    pub(in crate::model) fn resubmit_due(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        process_queue: u32,
        offset: u32,
    ) {
        if self.process_queues[process_queue as usize].holds(offset.into()) {
            self.submit(out, instance, process_queue, offset.into(), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::{Distribution, Span};
    use crate::model::ids::{BrokerIndex, ConsumerIndex, GroupIndex};
    use crate::model::instance::testing::{at, hold, route, running, sent};
    use crate::model::plan::{BrokerPlan, Host};
    use crate::model::testing::{connect, hear, outside, plan};

    /// Whether the message's own broker is known, whether one of `%RETRY%` is, and where the message goes.
    #[test]
    fn a_message_goes_back_to_its_broker_or_to_any_or_stays() {
        let rows: [(bool, bool, &[&str]); 3] = [
            (true, true, &["Broker(0): send back 0 of 0"]),
            (false, true, &["Broker(1): send back 0 of 0"]),
            (false, false, &[]),
        ];
        for (own, any, expected) in rows {
            let mut plan = plan(1);
            plan.brokers.push(BrokerPlan::master("b1"));
            plan.consumers[0].listener.work = Distribution::Constant(Span::from_millis(100));
            plan.consumers[0].listener.failures_per_million = 1_000_000;
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let number = hold(&mut out, &mut process, 0, 1);
            connect(&mut out, Host::Consumer(ConsumerIndex(0)), Host::Broker(BrokerIndex(1)));
            if any {
                process.instance.routes.insert(out.names.retry_topic(GroupIndex(0)), route(&[BrokerIndex(1)]));
            }
            process.consumers[0].submit(&mut out, &process.instance, number, 0, 1);
            if !own {
                process.consumers[0].brokers.remove(&BrokerIndex(0));
            }
            hear(&mut out, at(100));
            process.listener_returned(&mut out, 0, 0);
            let heard = hear(&mut out, at(110));
            assert_eq!(sent(&out, &heard), expected, "own {own}, any {any}");
            let heard = hear(&mut out, at(5_100));
            let again = |event: &crate::model::event::Event| event.name() == "resubmit_due";
            let again: Vec<_> = heard.due.iter().filter(|(_, event)| again(event)).map(|(at, _)| *at).collect();
            assert_eq!(again, if expected.is_empty() { vec![at(5_100)] } else { vec![] }, "tried again after 5 s");
        }
    }
}
