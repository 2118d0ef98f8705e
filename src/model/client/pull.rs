//! The pull loop of each queue: flow control, the request, its callback (`DefaultMQPushConsumerImpl.pullMessage`).

use crate::kernel::Span;
use crate::model::event::ConsumerEvent;
use crate::model::network::{CallError, PullRequest, Pulled, Request, Response, Waiter};
use crate::model::observation::{CommitPath, Detail, Observation, PullTrouble, QueueIndex, Release};
use crate::model::plan::{ConsumerIndex, PlantedMistake, TagSet};
use crate::model::world::World;

use super::State;

impl World<'_> {
    /// `DefaultMQPushConsumerImpl.pullMessage`: the checks in their order, then the request.
    pub(in crate::model) fn pull_due(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let (host, epoch) = self.client_seat(consumer);
        let now = self.out.client_clock(consumer);
        let plan = self.out.plan;
        let planned = self.out.planned(consumer);
        let timers = &planned.client.timers;
        let client = &mut self.clients[consumer as usize];
        if matches!(client.state, State::Unregistered | State::Disconnected) {
            return;
        }
        let held = &mut client.process_queues[process_queue as usize];
        if held.dropped {
            return;
        }
        if self.pull_thread_is_busy(consumer, process_queue) || self.pull_task_waits(consumer, process_queue) {
            return;
        }
        self.client(consumer).process_queues[process_queue as usize].last_pull = now;
        if self.pull_is_suspended(consumer, process_queue) {
            return;
        }
        let early = u32::from(self.out.planted(PlantedMistake::FlowControlAtThreshold));
        let client = &mut self.clients[consumer as usize];
        let most = client.pull_threshold_for_queue.saturating_sub(early);
        let held = &mut client.process_queues[process_queue as usize];
        let bytes = u64::from(held.count()) * u64::from(plan.producers.iter().map(|p| p.body_bytes).max().unwrap_or(0));
        let pulls = planned.consumer.lite_pull.as_ref();
        let looked = (held.queue, held.count(), bytes >> 20, held.max_span());
        let flow = if pulls.is_some() {
            self.lite_flow_control(consumer, process_queue)
        } else if held.count() > most {
            Some(PullTrouble::FlowControlCount)
        } else if bytes >> 20 > u64::from(client.pull_threshold_size_for_queue_mib) {
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
            self.out.see_detail(Detail::PullLooked { consumer, queue, messages, mebibytes, span, held_back: flow });
        }
        if let Some(trouble) = flow {
            return self.pull_troubled(consumer, process_queue, trouble, timers.pull_flow_control_delay);
        }
        if self.first_pull_waits(consumer, process_queue) {
            return;
        }
        let client = &mut self.clients[consumer as usize];
        let held = &mut client.process_queues[process_queue as usize];
        let queue = held.queue;
        let place = self.out.names.queue(queue);
        let offset = held.next_offset;
        let version = client.subscriptions.iter().find(|s| s.topic == place.topic).map(|s| s.version);
        let (Some(subscription_version), Some(broker)) = (version, client.master_or_any(place.broker)) else {
            let delay = planned.client.pull_time_delay_mills_when_exception;
            let trouble = match version {
                None => PullTrouble::NotSubscribed,
                Some(_) => PullTrouble::BrokerUnreachable,
            };
            return self.pull_troubled(consumer, process_queue, trouble, delay);
        };
        let request = PullRequest {
            group: client.group,
            queue,
            offset,
            max_messages: planned.consumer.pull_batch_size,
            // Offset 0 is never carried (A6.2).
            commit: client
                .offsets
                .to_carry(&queue)
                .filter(|&offset| offset > 0 && pulls.is_none() && client.master(place.broker).is_some()),
            subscription_version,
            suspend: pulls.map_or(timers.broker_suspend_max_time, |pulls| pulls.broker_suspend_max_time),
        };
        let to = self.out.broker_host(broker);
        let waiter = Waiter::Pull { consumer, epoch, process_queue };
        if let Some(pulls) = pulls {
            self.pull_task_asks(consumer);
            return self.out.call(host, to, Request::Pull(request), pulls.consumer_timeout_when_suspend, waiter);
        }
        self.out.call_async(host, to, Request::Pull(request), timers.consumer_timeout_when_suspend, waiter);
    }

    /// The loop goes on after a delay. Flow control looks again every 50 ms and is seen once while it lasts.
    pub(super) fn pull_troubled(
        &mut self,
        consumer: ConsumerIndex,
        process_queue: u32,
        trouble: PullTrouble,
        delay: Span,
    ) {
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        let queue = held.queue;
        let flow_control = matches!(
            trouble,
            PullTrouble::FlowControlCount | PullTrouble::FlowControlSize | PullTrouble::FlowControlSpan
        );
        if held.trouble.replace(trouble) != Some(trouble) || !flow_control {
            self.out.see(Observation::PullTroubled { consumer, queue, trouble });
        }
        self.pull_later(consumer, process_queue, delay);
    }

    /// `PullMessageService.executePullRequestLater`.
    pub(super) fn pull_later(&mut self, consumer: ConsumerIndex, process_queue: u32, delay: Span) {
        let (_, epoch) = self.client_seat(consumer);
        let due = self.out.now() + delay;
        let client = self.client(consumer);
        client.delayed_pulls_until = client.delayed_pulls_until.max(due);
        self.out.after(delay, ConsumerEvent::PullDue { process_queue }.of(consumer, epoch));
    }

    /// The callback of a pull.
    pub(in crate::model) fn pull_answered(
        &mut self,
        consumer: ConsumerIndex,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        if self.out.lite_pull(consumer).is_some() {
            return self.pull_task_answered(consumer, process_queue, answer);
        }
        match answer {
            Ok(Response::Pulled(Pulled::Found { first, count, tags, life })) => {
                self.found(consumer, process_queue, (first, count), (tags, life));
            }
            Ok(Response::Pulled(Pulled::NoMatchedMessage { next, tags })) => {
                let held = &self.client(consumer).process_queues[process_queue as usize];
                let (queue, first) = (held.queue, held.next_offset);
                (first..next).for_each(|offset| _ = self.is_filtered(consumer, (queue, offset), (tags, tags)));
                self.no_new_message(consumer, process_queue, next);
            }
            Ok(Response::Pulled(Pulled::NoNewMessage { next })) => self.no_new_message(consumer, process_queue, next),
            Ok(Response::Pulled(Pulled::OffsetIllegal { next })) => self.offset_illegal(consumer, process_queue, next),
            other => self.pull_failed(consumer, process_queue, other),
        }
    }

    /// `onException`: the loop goes on later.
    pub(super) fn pull_failed(
        &mut self,
        consumer: ConsumerIndex,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let delay = self.out.planned(consumer).client.pull_time_delay_mills_when_exception;
        let trouble = match answer {
            Ok(Response::Pulled(Pulled::Refused(trouble))) => trouble,
            Ok(_) => PullTrouble::Refused,
            Err(CallError::Unreachable) => PullTrouble::BrokerUnreachable,
            Err(CallError::TimedOut) => PullTrouble::TimedOut,
        };
        self.pull_troubled(consumer, process_queue, trouble, delay);
    }

    /// The broker answers: what kept the loop is over.
    pub(super) fn pull_recovered(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        let queue = held.queue;
        if held.trouble.take().is_some() {
            self.out.see(Observation::PullRecovered { consumer, queue });
        }
    }

    /// `FOUND`: into the process queue, to the pool, and on. A queue dropped meanwhile is not told apart here; its
    /// messages are discarded by the pool, and its loop ends at the next check.
    fn found(&mut self, consumer: ConsumerIndex, process_queue: u32, (first, count): (u64, u32), read: (TagSet, u32)) {
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        held.next_offset = first + u64::from(count);
        self.pull_recovered(consumer, process_queue);
        let held = &mut self.client(consumer).process_queues[process_queue as usize];
        if held.dropped && !self.out.planted(PlantedMistake::DroppedQueuesAreConsumed) {
            return;
        }
        if !self.put_found(consumer, process_queue, (first, count), read) {
            // Empty after the filter: pulled again at once, without a correction of the offset.
            return self.pull_due(consumer, process_queue);
        }
        let planned = self.out.planned(consumer);
        if self.client(consumer).pool.closed {
            // The pool refuses, and so does the executor that would try again: the pull failed (`onException`).
            return self.pull_later(consumer, process_queue, planned.client.pull_time_delay_mills_when_exception);
        }
        // The pool gets the batch and the pull thread the next pull at the same moment. Mostly the pull is faster, and
        // carries the offset from before this batch: a killed consumer's successor gets the batch again (in
        // `crash_kill9` and `silent_stop` 18 of 24 queues).
        let pool_first = self.out.environment().pool_before_pull_per_million.into();
        let pool_first = self.client(consumer).thread_race.chance(pool_first, 1_000_000);
        if pool_first {
            self.submit(consumer, process_queue, first, count);
        }
        if planned.consumer.pull_interval == Span::ZERO {
            self.pull_due(consumer, process_queue);
        } else {
            self.pull_later(consumer, process_queue, planned.consumer.pull_interval);
        }
        if !pool_first {
            self.submit(consumer, process_queue, first, count);
        }
    }

    /// `processPullResult` and `putMessage`: what the broker's filter let pass is filtered once more by the client's own
    /// tags. False where nothing is left.
    pub(super) fn put_found(
        &mut self,
        consumer: ConsumerIndex,
        process_queue: u32,
        (first, count): (u64, u32),
        (tags, life): (TagSet, u32),
    ) -> bool {
        let client = self.client(consumer);
        let queue = client.process_queues[process_queue as usize].queue;
        let topic = self.out.names.queue(queue).topic;
        let client = &self.clients[consumer as usize];
        let own = client.subscriptions.iter().find(|s| s.topic == topic).map_or(TagSet::ALL, |s| s.tags);
        if !self.out.marks.matters(queue, tags) && !self.out.marks.matters(queue, own) {
            self.client(consumer).process_queues[process_queue as usize].put(first, count, life);
            self.out.see(Observation::Pulled { consumer, queue, until: first + u64::from(count) });
            return true;
        }
        let mut any = false;
        for offset in first..first + u64::from(count) {
            let filtered = self.is_filtered(consumer, (queue, offset), (tags, own));
            let held = &mut self.client(consumer).process_queues[process_queue as usize];
            match filtered {
                true => held.pass_over(offset),
                false => held.put(offset, 1, life),
            }
            any |= !filtered;
        }
        if any {
            self.out.see(Observation::Pulled { consumer, queue, until: first + u64::from(count) });
        }
        any
    }

    /// Whether one of two filters leaves a message out, which can be seen.
    pub(super) fn is_filtered(
        &mut self,
        consumer: ConsumerIndex,
        (queue, offset): (QueueIndex, u64),
        (one, other): (TagSet, TagSet),
    ) -> bool {
        let tag = self.out.marks.of(queue, offset).tag;
        let filtered = !one.contains(tag) || !other.contains(tag);
        if filtered {
            self.out.see(Observation::Filtered { consumer, queue, offset, tag });
        }
        filtered
    }

    /// `NO_NEW_MSG`: an empty queue's offset is corrected, which makes the first record of a queue never committed.
    fn no_new_message(&mut self, consumer: ConsumerIndex, process_queue: u32, next: u64) {
        let keeps = self.out.planted(PlantedMistake::NoNewMessageKeepsOffset);
        let client = self.client(consumer);
        let held = &mut client.process_queues[process_queue as usize];
        held.next_offset = next;
        let recovered = held.trouble.take().is_some();
        let (queue, correct) = (held.queue, held.count() == 0 && !held.dropped);
        if correct && !keeps {
            client.offsets.update(&queue, next, true);
        }
        if correct {
            self.out.see_detail(Detail::NothingNew { consumer, queue, next });
        }
        if recovered {
            self.out.see(Observation::PullRecovered { consumer, queue });
        }
        self.pull_due(consumer, process_queue);
    }

    /// `OFFSET_ILLEGAL`: the queue is given up with the corrected offset frozen, and taken again by a rebalance.
    fn offset_illegal(&mut self, consumer: ConsumerIndex, process_queue: u32, corrected: u64) {
        let raises = self.out.planted(PlantedMistake::RepairOnlyRaises);
        let client = self.client(consumer);
        let held = &mut client.process_queues[process_queue as usize];
        let (queue, asked, dropped) = (held.queue, held.next_offset, held.dropped);
        held.next_offset = corrected;
        if dropped {
            return;
        }
        self.out.see(Observation::OffsetIllegal { consumer, queue, asked, corrected });
        let (_, epoch) = self.client_seat(consumer);
        let delay = self.out.planned(consumer).client.offset_illegal_repair_delay;
        if delay > Span::ZERO {
            self.client(consumer).process_queues[process_queue as usize].drop_queue();
            self.out.see(Observation::PullTroubled { consumer, queue, trouble: PullTrouble::OffsetIllegal });
            self.out.after(delay, ConsumerEvent::OffsetRepaired { process_queue }.of(consumer, epoch));
            return;
        }
        match raises {
            true => self.client(consumer).offsets.update(&queue, corrected, true),
            false => self.client(consumer).offsets.update_and_freeze(&queue, corrected),
        }
        self.release(consumer, queue, Release::OffsetIllegal, CommitPath::OffsetIllegal);
        self.unlock_after_repair(consumer, process_queue);
        self.wake_rebalance(consumer);
    }

    /// The repair of clients before 5.2: the queue comes back with the next rebalance, whenever that is. What the store
    /// does not write is forgotten with the queue: a `BROADCASTING` member then reads the illegal offset again, for ever.
    pub(in crate::model) fn offset_repaired(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let client = self.client(consumer);
        let held = &client.process_queues[process_queue as usize];
        let (group, queue, offset, path) = (client.group, held.queue, held.next_offset, CommitPath::OffsetIllegal);
        client.offsets.update(&queue, offset, false);
        if client.table.contains_key(&queue) {
            self.release(consumer, queue, Release::OffsetIllegal, path);
            self.unlock_after_repair(consumer, process_queue);
        } else if !self.out.is_broadcasting(consumer) {
            self.update_offset(consumer, Request::UpdateOffset { group, queue, offset, path }, queue);
        }
    }
}
