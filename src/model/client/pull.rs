//! The pull loop of each queue: flow control, the request, its callback (`DefaultMQPushConsumerImpl.pullMessage`).

use crate::kernel::Span;
use crate::model::client::{Consumer, Instance};
use crate::model::event::ConsumerEvent;
use crate::model::network::{CallError, PullRequest, Pulled, Request, Response, Waiter};
use crate::model::observation::{CommitPath, Detail, Observation, PullTrouble, QueueIndex, Release};
use crate::model::outside::Outside;
use crate::model::plan::{PlantedMistake, TagSet};

use super::State;

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
        let request = PullRequest {
            group: self.group,
            queue,
            offset,
            max_messages: planned.consumer.pull_batch_size,
            // Offset 0 is never carried (A6.2).
            commit: self
                .offsets
                .to_carry(&queue)
                .filter(|&offset| offset > 0 && pulls.is_none() && self.master(place.broker).is_some()),
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

    /// The callback of a pull.
    pub(in crate::model) fn pull_answered(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let consumer = self.index;
        if out.lite_pull(consumer).is_some() {
            return self.pull_task_answered(out, instance, process_queue, answer);
        }
        match answer {
            Ok(Response::Pulled(Pulled::Found { first, count, tags, life })) => {
                self.found(out, instance, process_queue, (first, count), (tags, life));
            }
            Ok(Response::Pulled(Pulled::NoMatchedMessage { next, tags })) => {
                let held = &self.process_queues[process_queue as usize];
                let (queue, first) = (held.queue, held.next_offset);
                (first..next).for_each(|offset| _ = self.is_filtered(out, (queue, offset), (tags, tags)));
                self.no_new_message(out, process_queue, next);
            }
            Ok(Response::Pulled(Pulled::NoNewMessage { next })) => self.no_new_message(out, process_queue, next),
            Ok(Response::Pulled(Pulled::OffsetIllegal { next })) => {
                self.offset_illegal(out, instance, process_queue, next)
            }
            other => self.pull_failed(out, process_queue, other),
        }
    }

    /// `onException`: the loop goes on later.
    pub(in crate::model) fn pull_failed(
        &mut self,
        out: &mut Outside<'_>,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let consumer = self.index;
        let delay = out.planned(consumer).client.pull_time_delay_mills_when_exception;
        let trouble = match answer {
            Ok(Response::Pulled(Pulled::Refused(trouble))) => trouble,
            Ok(_) => PullTrouble::Refused,
            Err(CallError::Unreachable) => PullTrouble::BrokerUnreachable,
            Err(CallError::TimedOut) => PullTrouble::TimedOut,
        };
        self.pull_troubled(out, process_queue, trouble, delay);
    }

    /// The broker answers: what kept the loop is over.
    pub(in crate::model) fn pull_recovered(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let consumer = self.index;
        let held = &mut self.process_queues[process_queue as usize];
        let queue = held.queue;
        if held.trouble.take().is_some() {
            out.see(Observation::PullRecovered { consumer, queue });
        }
    }

    /// `FOUND`: into the process queue, to the pool, and on. A queue dropped meanwhile is not told apart here; its
    /// messages are discarded by the pool, and its loop ends at the next check.
    fn found(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        process_queue: u32,
        (first, count): (u64, u32),
        read: (TagSet, u32),
    ) {
        let consumer = self.index;
        let held = &mut self.process_queues[process_queue as usize];
        held.next_offset = first + u64::from(count);
        self.pull_recovered(out, process_queue);
        let held = &mut self.process_queues[process_queue as usize];
        if held.dropped && !out.planted(PlantedMistake::DroppedQueuesAreConsumed) {
            return;
        }
        if !self.put_found(out, process_queue, (first, count), read) {
            // Empty after the filter: pulled again at once, without a correction of the offset.
            return self.pull_due(out, process_queue);
        }
        let planned = out.planned(consumer);
        if self.pool.closed {
            // The pool refuses, and so does the executor that would try again: the pull failed (`onException`).
            return self.pull_later(out, process_queue, planned.client.pull_time_delay_mills_when_exception);
        }
        // The pool gets the batch and the pull thread the next pull at the same moment. Mostly the pull is faster, and
        // carries the offset from before this batch: a killed consumer's successor gets the batch again (in
        // `crash_kill9` and `silent_stop` 18 of 24 queues).
        let pool_first = out.environment().pool_before_pull_per_million.into();
        let pool_first = self.thread_race.chance(pool_first, 1_000_000);
        if pool_first {
            self.submit(out, instance, process_queue, first, count);
        }
        if planned.consumer.pull_interval == Span::ZERO {
            self.pull_due(out, process_queue);
        } else {
            self.pull_later(out, process_queue, planned.consumer.pull_interval);
        }
        if !pool_first {
            self.submit(out, instance, process_queue, first, count);
        }
    }

    /// `processPullResult` and `putMessage`: what the broker's filter let pass is filtered once more by the client's own
    /// tags. False where nothing is left.
    pub(in crate::model) fn put_found(
        &mut self,
        out: &mut Outside<'_>,
        process_queue: u32,
        (first, count): (u64, u32),
        (tags, life): (TagSet, u32),
    ) -> bool {
        let consumer = self.index;
        let queue = self.process_queues[process_queue as usize].queue;
        let topic = out.names.queue(queue).topic;
        let own = self.subscriptions.iter().find(|s| s.topic == topic).map_or(TagSet::ALL, |s| s.tags);
        if !out.marks.matters(queue, tags) && !out.marks.matters(queue, own) {
            self.process_queues[process_queue as usize].put(first, count, life);
            out.see(Observation::Pulled { consumer, queue, until: first + u64::from(count) });
            return true;
        }
        let mut any = false;
        for offset in first..first + u64::from(count) {
            let filtered = self.is_filtered(out, (queue, offset), (tags, own));
            let held = &mut self.process_queues[process_queue as usize];
            match filtered {
                true => held.pass_over(offset),
                false => held.put(offset, 1, life),
            }
            any |= !filtered;
        }
        if any {
            out.see(Observation::Pulled { consumer, queue, until: first + u64::from(count) });
        }
        any
    }

    /// Whether one of two filters leaves a message out, which can be seen.
    pub(in crate::model) fn is_filtered(
        &mut self,
        out: &mut Outside<'_>,
        (queue, offset): (QueueIndex, u64),
        (one, other): (TagSet, TagSet),
    ) -> bool {
        let consumer = self.index;
        let tag = out.marks.of(queue, offset).tag;
        let filtered = !one.contains(tag) || !other.contains(tag);
        if filtered {
            out.see(Observation::Filtered { consumer, queue, offset, tag });
        }
        filtered
    }

    /// `NO_NEW_MSG`: an empty queue's offset is corrected, which makes the first record of a queue never committed.
    fn no_new_message(&mut self, out: &mut Outside<'_>, process_queue: u32, next: u64) {
        let consumer = self.index;
        let keeps = out.planted(PlantedMistake::NoNewMessageKeepsOffset);
        let held = &mut self.process_queues[process_queue as usize];
        held.next_offset = next;
        let recovered = held.trouble.take().is_some();
        let (queue, correct) = (held.queue, held.count() == 0 && !held.dropped);
        if correct && !keeps {
            self.offsets.update(&queue, next, true);
        }
        if correct {
            out.see_detail(Detail::NothingNew { consumer, queue, next });
        }
        if recovered {
            out.see(Observation::PullRecovered { consumer, queue });
        }
        self.pull_due(out, process_queue);
    }

    /// `OFFSET_ILLEGAL`: the queue is given up with the corrected offset frozen, and taken again by a rebalance.
    fn offset_illegal(&mut self, out: &mut Outside<'_>, instance: &mut Instance, process_queue: u32, corrected: u64) {
        let consumer = self.index;
        let raises = out.planted(PlantedMistake::RepairOnlyRaises);
        let held = &mut self.process_queues[process_queue as usize];
        let (queue, asked, dropped) = (held.queue, held.next_offset, held.dropped);
        held.next_offset = corrected;
        if dropped {
            return;
        }
        out.see(Observation::OffsetIllegal { consumer, queue, asked, corrected });
        let (_, epoch) = self.seat(out);
        let delay = out.planned(consumer).client.offset_illegal_repair_delay;
        if delay > Span::ZERO {
            self.process_queues[process_queue as usize].drop_queue();
            out.see(Observation::PullTroubled { consumer, queue, trouble: PullTrouble::OffsetIllegal });
            out.after(delay, ConsumerEvent::OffsetRepaired { process_queue }.of(consumer, epoch));
            return;
        }
        match raises {
            true => self.offsets.update(&queue, corrected, true),
            false => self.offsets.update_and_freeze(&queue, corrected),
        }
        self.release(out, queue, Release::OffsetIllegal, CommitPath::OffsetIllegal);
        self.unlock_after_repair(out, process_queue);
        instance.wake_rebalance(out);
    }

    /// The repair of clients before 5.2: the queue comes back with the next rebalance, whenever that is. What the store
    /// does not write is forgotten with the queue: a `BROADCASTING` member then reads the illegal offset again, for ever.
    pub(in crate::model) fn offset_repaired(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let consumer = self.index;
        let held = &self.process_queues[process_queue as usize];
        let (group, queue, offset, path) = (self.group, held.queue, held.next_offset, CommitPath::OffsetIllegal);
        self.offsets.update(&queue, offset, false);
        if self.table.contains_key(&queue) {
            self.release(out, queue, Release::OffsetIllegal, path);
            self.unlock_after_repair(out, process_queue);
        } else if !out.is_broadcasting(consumer) {
            self.update_offset(out, Request::UpdateOffset { group, queue, offset, path }, queue);
        }
    }
}
