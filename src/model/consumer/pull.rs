//! The pull loop of each queue: flow control and the request (`DefaultMQPushConsumerImpl.pullMessage`).

use crate::kernel::Span;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::{Consumer, State};
use crate::model::event::ConsumerEvent;
use crate::model::network::{PullRequest, Request, Waiter};
use crate::model::observation::{Detail, Observation, PullTrouble};
use crate::model::outside::Outside;
use crate::model::plan::PlantedMistake;

/// Of so many rebalances of a client that pulls at once, in so many the first pulls read the subscription's version before
/// `messageQueueChanged` raises it: of fifteen in which 4.9.8 members took queues over (`v49_join_kill.2`, `.3`,
/// `mixed_upgrade.2`, `.3`), eight were refused pulls (`the broker's subscription is not latest`).
const BEFORE_THE_VERSION: (u64, u64) = (1, 2);

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
        if !self.first_pull_waits(out, process_queue) && !self.pull_looks_for_broker(out, process_queue) {
            self.pull_kernel(out, process_queue);
        }
    }

    /// `PullAPIWrapper.pullKernelImpl`: the request, with what the consumer commits by the way.
    pub(super) fn pull_kernel(&mut self, out: &mut Outside<'_>, process_queue: u32) {
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
        // Offset 0 is never carried, and in BROADCASTING none (A6.2).
        let carries = pulls.is_none() && !out.is_broadcasting(self.index) && self.master(place.broker).is_some();
        let carried = carries.then(|| self.offset_in_memory(out, queue)).flatten();
        let request = Request::Pull(PullRequest {
            group: self.group,
            queue,
            offset,
            max_messages: planned.consumer.pull_batch_size,
            commit: carried.filter(|&offset| offset > 0),
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

    /// `dispatchPullRequest` of a rebalance: the first pull of a queue comes 500 ms after it was taken, or at once before
    /// 5.2. A consumer that pulls by itself starts its tasks at once.
    pub(super) fn dispatch_pull_requests(&mut self, out: &mut Outside<'_>, taken: Vec<u32>) {
        let pushed = self.service != ConsumeMessageService::LitePull;
        let delays = pushed && !out.planted(PlantedMistake::FirstPullAtOnce);
        let delay = if delays { out.planned(self.index).client.timers.pull_dispatch_delay } else { Span::ZERO };
        // Without a delay the pull thread and the rebalance thread, which raises the version next, go on side by side.
        let (of, all) = BEFORE_THE_VERSION;
        if delays && delay == Span::ZERO && out.environment_stream.chance(of, all) {
            return taken.into_iter().for_each(|first| self.pull_due(out, first));
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::instance::testing::{at, hold, pulls, running, sent};
    use crate::model::network::{Pulled, Response};
    use crate::model::plan::{OrderlyListener, TagSet};
    use crate::model::testing::{hear, outside, plan};

    /// What is cached, and what keeps the pull; a listener may be orderly.
    #[test]
    fn flow_control_goes_by_count_and_bytes_and_span() {
        // How many messages from offset 0 on, of how many bytes; another one at this offset; orderly.
        let rows = [
            (1_000, 1, None, false, None),
            (1_001, 1, None, false, Some(PullTrouble::FlowControlCount)),
            (1, 105_906_175, None, false, None),
            (1, 105_906_176, None, false, Some(PullTrouble::FlowControlSize)),
            (101, 1 << 20, None, false, Some(PullTrouble::FlowControlSize)),
            (2, 1, Some(2_000), false, None),
            (2, 1, Some(2_001), false, Some(PullTrouble::FlowControlSpan)),
            (2, 1, Some(2_001), true, None),
        ];
        for (count, bytes, far, orderly, expected) in rows {
            let mut plan = plan(1);
            plan.consumers[0].listener.orderly = orderly.then(OrderlyListener::default);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let number = hold(&mut out, &mut process, 0, 0);
            let held = &mut process.consumers[0].process_queues[number as usize];
            held.put(0, count, 0, |_| bytes);
            far.into_iter().for_each(|far| held.put(far, 1, 0, |_| bytes));
            held.orderly.previously_locked = true;
            process.consumers[0].pull_due(&mut out, number);
            let heard = hear(&mut out, at(100));
            let trouble = heard.seen.iter().find_map(|seen| match seen {
                Observation::PullTroubled { trouble, .. } => Some(*trouble),
                _ => None,
            });
            assert_eq!(trouble, expected, "{count} of {bytes} bytes, one at {far:?}, orderly {orderly}");
            assert_eq!(pulls(&heard), if expected.is_some() { vec![(50, 0)] } else { vec![] }, "looks again in 50 ms");
            assert_eq!(sent(&out, &heard).len(), usize::from(expected.is_none()));
        }
    }

    #[test]
    fn a_pull_carries_the_offset_and_ends_with_its_queue() {
        let plan = plan(1);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        let number = hold(&mut out, &mut process, 0, 5);
        let consumer = &mut process.consumers[0];
        let queue = consumer.process_queues[number as usize].queue;
        let commits = [(None, None), (Some(0), None), (Some(3), Some(3))];
        for (known, carried) in commits {
            known.into_iter().for_each(|offset| consumer.update_offset(&mut out, queue, offset, false));
            consumer.pull_due(&mut out, number);
            let soon = out.now() + Span::from_millis(10);
            let heard = hear(&mut out, soon);
            let [(_, Request::Pull(pull))] = heard.requests()[..] else { panic!("one pull, and not {heard:?}") };
            assert_eq!((pull.offset, pull.commit), (5, carried), "offset 0 is never carried");
        }
        consumer.process_queues[number as usize].drop_queue();
        consumer.pull_due(&mut out, number);
        let heard = hear(&mut out, at(40));
        assert_eq!((heard.arrived.len(), heard.due.len()), (0, 0), "nothing follows");
    }

    /// Producers whose bodies differ: the log says how large each message is.
    #[test]
    fn what_a_pull_brought_counts_with_its_own_bytes() {
        for (one_size, bytes) in [(Some(10), 30), (None, 6)] {
            let plan = plan(1);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let number = hold(&mut out, &mut process, 0, 0);
            let consumer = &mut process.consumers[0];
            let queue = consumer.process_queues[number as usize].queue;
            out.logs[0].fill(queue, [1, 2, 3]);
            consumer.one_body_size = one_size;
            consumer.pool.open(0);
            let found = Pulled::Found { first: 0, count: 3, tags: TagSet::ALL, life: 0 };
            consumer.pull_answered(&mut out, &mut process.instance, number, Ok(Response::Pulled(found)));
            let held = &consumer.process_queues[number as usize];
            assert_eq!((held.count(), held.bytes(), held.next_offset), (3, bytes, 3));
        }
    }
}
