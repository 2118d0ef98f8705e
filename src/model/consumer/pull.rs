//! The pull loop of each queue: flow control and the request (`DefaultMQPushConsumerImpl.pullMessage`).

use crate::kernel::Span;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::{Consumer, State};
use crate::model::event::ConsumerEvent;
use crate::model::network::{PullRequest, Request, Waiter};
use crate::model::observation::{Detail, Observation, PullTrouble};
use crate::model::outside::Outside;
use crate::model::plan::PlantedMistake;

impl Consumer {
    /// `DefaultMQPushConsumerImpl.pullMessage`: the checks in their order, then the request.
    pub(in crate::model) fn pull_due(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let gone = matches!(self.state, State::Unregistered | State::Disconnected);
        if gone || self.process_queues[process_queue as usize].dropped {
            return;
        }
        if self.pull_thread_is_busy(process_queue) || self.pull_task_waits(out, process_queue) {
            return;
        }
        let timers = &out.planned(self.index).client.timers;
        self.process_queues[process_queue as usize].last_pull = out.client_clock(self.index);
        if self.suspended {
            return self.pull_troubled(out, process_queue, PullTrouble::Suspended, timers.pull_suspended_delay);
        }
        let held_back = self.flow_control(out, process_queue);
        if out.watched_closely && self.service != ConsumeMessageService::LitePull {
            let (consumer, held) = (self.index, &self.process_queues[process_queue as usize]);
            let (queue, messages, mebibytes, span) = (held.queue, held.count(), held.bytes() >> 20, held.max_span());
            out.see_detail(Detail::PullLooked { consumer, queue, messages, mebibytes, span, held_back });
        }
        if let Some(trouble) = held_back {
            return self.pull_troubled(out, process_queue, trouble, timers.pull_flow_control_delay);
        }
        if !self.first_pull_waits(out, process_queue) {
            self.pull_kernel(out, process_queue);
        }
    }

    /// `PullAPIWrapper.pullKernelImpl`: the request, with what the consumer commits by the way.
    fn pull_kernel(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let (host, epoch) = self.seat(out);
        let planned = out.planned(self.index);
        let held = &self.process_queues[process_queue as usize];
        let (queue, offset) = (held.queue, held.next_offset);
        let place = out.names.queue(queue);
        let version = self.subscription(place.topic).map(|subscription| subscription.version);
        let (Some(subscription_version), Some(broker)) = (version, self.master_or_any(place.broker)) else {
            let delay = planned.client.pull_time_delay_mills_when_exception;
            let trouble = match version {
                None => PullTrouble::NotSubscribed,
                Some(_) => PullTrouble::BrokerUnreachable,
            };
            return self.pull_troubled(out, process_queue, trouble, delay);
        };
        let (timers, pulls) = (&planned.client.timers, planned.consumer.lite_pull.as_ref());
        let commits = pulls.is_none() && self.master(place.broker).is_some();
        let request = Request::Pull(PullRequest {
            group: self.group,
            queue,
            offset,
            max_messages: planned.consumer.pull_batch_size,
            // Offset 0 is never carried (A6.2).
            commit: self.offsets.to_carry(&queue).filter(|&offset| offset > 0 && commits),
            subscription_version,
            suspend: pulls.map_or(timers.broker_suspend_max_time, |pulls| pulls.broker_suspend_max_time),
        });
        let to = out.broker_host(broker);
        let waiter = Waiter::Pull { consumer: self.index, epoch, process_queue };
        if let Some(pulls) = pulls {
            self.pull_task_asks();
            return out.call(host, to, request, pulls.consumer_timeout_when_suspend, waiter);
        }
        out.call_async(host, to, request, timers.consumer_timeout_when_suspend, waiter);
    }

    /// `dispatchPullRequest` of a rebalance: the first pull of a queue comes 500 ms after it was taken. A consumer that
    /// pulls by itself starts its tasks at once.
    pub(super) fn dispatch_pull_requests(&mut self, out: &mut Outside<'_>, taken: Vec<u32>) {
        let pushed = self.service != ConsumeMessageService::LitePull;
        let delays = pushed && !out.planted(PlantedMistake::FirstPullAtOnce);
        let delay = if delays { out.planned(self.index).client.timers.pull_dispatch_delay } else { Span::ZERO };
        for process_queue in taken {
            self.pull_later(out, process_queue, delay);
        }
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
