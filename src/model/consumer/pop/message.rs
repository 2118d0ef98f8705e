//! `DefaultMQPushConsumerImpl.popMessage`: the loop of one assignment, which has one request under way or none.

use crate::kernel::Span;
use crate::model::consumer::{Consumer, State};
use crate::model::instance::Instance;
use crate::model::network::{CallError, PopRequest, Request, Response, Waiter};
use crate::model::observation::{Observation, PopTrouble};
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;

/// The time-out of a pop beside the time that it may wait at the broker.
const POP_TIMEOUT: Span = Span::from_secs(25);

impl Consumer {
    /// The checks in their order, then the request.
    pub(in crate::model) fn pop_due(&mut self, out: &mut Outside<'_>, instance: &mut Instance, process_queue: u32) {
        let gone = matches!(self.state, State::Unregistered | State::Disconnected);
        if gone || self.popping.process_queues[process_queue as usize].dropped {
            return;
        }
        let now = out.client_clock(self.index);
        let planned = out.planned(self.index);
        let timers = &planned.client.timers;
        let held = &mut self.popping.process_queues[process_queue as usize];
        held.last_pop = now;
        let (topic, broker, unfinished) = (held.topic, held.broker, held.unfinished);
        if self.suspended {
            return self.pop_troubled(out, process_queue, PopTrouble::Suspended, timers.pull_suspended_delay);
        }
        if unfinished > planned.consumer.pop.threshold_for_queue {
            return self.pop_troubled(out, process_queue, PopTrouble::FlowControl, timers.pull_flow_control_delay);
        }
        let later = planned.client.pull_time_delay_mills_when_exception;
        if self.subscription(topic).is_none() {
            return self.pop_troubled(out, process_queue, PopTrouble::NotSubscribed, later);
        }
        match self.master(broker) {
            Some(master) => self.pop_kernel(out, process_queue, master),
            // `popAsync` updates the route, and then looks for the master once more.
            None => {
                let (_, epoch) = self.seat(out);
                let waiter = Waiter::PopRoute { consumer: self.index, epoch, process_queue };
                instance.ask_name_server(out, topic, waiter);
            }
        }
    }

    /// The route came that a pop had asked for; the process has taken it already.
    pub(in crate::model) fn pop_route_answered(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let broker = self.popping.process_queues[process_queue as usize].broker;
        match self.master(broker) {
            Some(master) => self.pop_kernel(out, process_queue, master),
            None => {
                let later = out.planned(self.index).client.pull_time_delay_mills_when_exception;
                self.pop_troubled(out, process_queue, PopTrouble::BrokerUnreachable, later);
            }
        }
    }

    /// `PullAPIWrapper.popAsync`: masters alone are asked.
    fn pop_kernel(&mut self, out: &mut Outside<'_>, process_queue: u32, master: BrokerIndex) {
        let (host, epoch) = self.seat(out);
        let planned = out.planned(self.index);
        let held = &self.popping.process_queues[process_queue as usize];
        let request = Request::Pop(PopRequest {
            group: self.group,
            topic: held.topic,
            queue: held.queue(),
            max_messages: planned.consumer.pop.batch_nums,
            invisible: planned.consumer.pop.invisible_time,
            poll: planned.client.timers.broker_suspend_max_time,
            born: out.client_clock(self.index),
            init_mode: held.init_mode,
            tags: self.subscription(held.topic).map_or(planned.tags, |subscription| subscription.tags),
            // Not even of a listener that is orderly (`popMessage`).
            fifo: false,
            attempt_id: None,
        });
        let waiter = Waiter::Pop { consumer: self.index, epoch, process_queue };
        let to = out.broker_host(master);
        out.call_async(host, to, request, POP_TIMEOUT, waiter);
    }

    /// The loop goes on after a delay; what keeps it is said once while it lasts.
    pub(super) fn pop_troubled(&mut self, out: &mut Outside<'_>, process_queue: u32, trouble: PopTrouble, delay: Span) {
        let held = &mut self.popping.process_queues[process_queue as usize];
        let (consumer, topic, broker) = (self.index, held.topic, held.broker);
        if held.trouble.replace(trouble) != Some(trouble) {
            out.see(Observation::PopTroubled { consumer, topic, broker, trouble });
        }
        self.pop_later(out, process_queue, delay);
    }

    /// The broker did not take it, or did not answer.
    pub(super) fn pop_failed(
        &mut self,
        out: &mut Outside<'_>,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let later = out.planned(self.index).client.pull_time_delay_mills_when_exception;
        let trouble = match answer {
            Err(CallError::Unreachable) => PopTrouble::BrokerUnreachable,
            Err(CallError::TimedOut) => PopTrouble::TimedOut,
            Ok(_) => PopTrouble::Refused,
        };
        self.pop_troubled(out, process_queue, trouble, later);
    }
}
