//! The pull loop of each queue: flow control and the request (`DefaultMQPushConsumerImpl.pullMessage`).

use crate::kernel::Span;
use crate::model::consumer::{Consumer, State};
use crate::model::event::ConsumerEvent;
use crate::model::network::{PullRequest, Request, Waiter};
use crate::model::observation::{Detail, Observation, PullTrouble};
use crate::model::outside::Outside;
use crate::model::plan::PlantedMistake;

impl Consumer {
    /// `DefaultMQPushConsumerImpl.pullMessage`: the checks in their order, then the request.
    pub(in crate::model) fn pull_due(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let consumer = self.index;
        let (host, epoch) = self.seat(out);
        let now = out.client_clock(consumer);
        let plan = out.plan;
        let planned = out.planned(consumer);
        let timers = &planned.client.timers;
        if matches!(self.state, State::Unregistered | State::Disconnected) {
            return;
        }
        let held = &mut self.process_queues[process_queue as usize];
        if held.dropped {
            return;
        }
        if self.pull_thread_is_busy(process_queue) || self.pull_task_waits(out, process_queue) {
            return;
        }
        self.process_queues[process_queue as usize].last_pull = now;
        if self.pull_is_suspended(out, process_queue) {
            return;
        }
        let early = u32::from(out.planted(PlantedMistake::FlowControlAtThreshold));
        let most = self.pull_threshold_for_queue.saturating_sub(early);
        let held = &mut self.process_queues[process_queue as usize];
        let bytes = u64::from(held.count()) * u64::from(plan.producers.iter().map(|p| p.body_bytes).max().unwrap_or(0));
        let pulls = planned.consumer.lite_pull.as_ref();
        let looked = (held.queue, held.count(), bytes >> 20, held.max_span());
        let flow = if pulls.is_some() {
            self.lite_flow_control(out, process_queue)
        } else if held.count() > most {
            Some(PullTrouble::FlowControlCount)
        } else if bytes >> 20 > u64::from(self.pull_threshold_size_for_queue_mib) {
            Some(PullTrouble::FlowControlSize)
        } else if planned.listener.orderly.is_none()
            && held.max_span() > u64::from(planned.consumer.consume_concurrently_max_span)
        {
            Some(PullTrouble::FlowControlSpan)
        } else {
            None
        };
        if pulls.is_none() {
            let (queue, messages, mebibytes, span) = looked;
            out.see_detail(Detail::PullLooked { consumer, queue, messages, mebibytes, span, held_back: flow });
        }
        if let Some(trouble) = flow {
            return self.pull_troubled(out, process_queue, trouble, timers.pull_flow_control_delay);
        }
        if self.first_pull_waits(out, process_queue) {
            return;
        }
        let held = &mut self.process_queues[process_queue as usize];
        let queue = held.queue;
        let place = out.names.queue(queue);
        let offset = held.next_offset;
        let version = self.subscriptions.iter().find(|s| s.topic == place.topic).map(|s| s.version);
        let (Some(subscription_version), Some(broker)) = (version, self.master_or_any(place.broker)) else {
            let delay = planned.client.pull_time_delay_mills_when_exception;
            let trouble = match version {
                None => PullTrouble::NotSubscribed,
                Some(_) => PullTrouble::BrokerUnreachable,
            };
            return self.pull_troubled(out, process_queue, trouble, delay);
        };
        // Offset 0 is never carried, and in BROADCASTING none (A6.2).
        let carries = pulls.is_none() && !out.is_broadcasting(consumer) && self.master(place.broker).is_some();
        let carried = carries.then(|| self.offset_in_memory(out, queue)).flatten();
        let request = PullRequest {
            group: self.group,
            queue,
            offset,
            max_messages: planned.consumer.pull_batch_size,
            commit: carried.filter(|&offset| offset > 0),
            subscription_version,
            suspend: pulls.map_or(timers.broker_suspend_max_time, |pulls| pulls.broker_suspend_max_time),
        };
        let to = out.broker_host(broker);
        let waiter = Waiter::Pull { consumer, epoch, process_queue };
        if let Some(pulls) = pulls {
            self.pull_task_asks();
            return out.call(host, to, Request::Pull(request), pulls.consumer_timeout_when_suspend, waiter);
        }
        out.call_async(host, to, Request::Pull(request), timers.consumer_timeout_when_suspend, waiter);
    }

    /// The loop goes on after a delay. Flow control looks again every 50 ms and is seen once while it lasts.
    pub(in crate::model) fn pull_troubled(
        &mut self,
        out: &mut Outside<'_>,
        process_queue: u32,
        trouble: PullTrouble,
        delay: Span,
    ) {
        let consumer = self.index;
        let held = &mut self.process_queues[process_queue as usize];
        let queue = held.queue;
        let flow_control = matches!(
            trouble,
            PullTrouble::FlowControlCount | PullTrouble::FlowControlSize | PullTrouble::FlowControlSpan
        );
        if held.trouble.replace(trouble) != Some(trouble) || !flow_control {
            out.see(Observation::PullTroubled { consumer, queue, trouble });
        }
        self.pull_later(out, process_queue, delay);
    }

    /// `PullMessageService.executePullRequestLater`.
    pub(in crate::model) fn pull_later(&mut self, out: &mut Outside<'_>, process_queue: u32, delay: Span) {
        let consumer = self.index;
        let (_, epoch) = self.seat(out);
        let due = out.now() + delay;
        self.delayed_pulls_until = self.delayed_pulls_until.max(due);
        out.after(delay, ConsumerEvent::PullDue { process_queue }.of(consumer, epoch));
    }
}
