//! `RebalanceImpl.updateMessageQueueAssignment`: what brokers assigned, in its order: the subscription of the topic that POP
//! comes back through, queues that are pulled no more, assignments that are popped no more, new queues, new assignments.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::process_queue::PopProcessQueue;
use crate::kernel::Span;
use crate::model::consumer::rebalance_impl::Share;
use crate::model::consumer::{Consumer, Subscription};
use crate::model::event::ConsumerEvent;
use crate::model::ids::{BrokerIndex, TopicIndex};
use crate::model::instance::Instance;
use crate::model::instance::rebalance_service::Step;
use crate::model::java_order::{sort_as_hash_table, string_hash};
use crate::model::network::{Assigned, AssignedQueue, InitMode};
use crate::model::observation::{Observation, PopRelease, QueueIndex, Release, RequestMode, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumeFromWhere, TagSet};

impl Consumer {
    /// What a broker assigned of the topic whose turn it is becomes the tables of this consumer.
    pub(in crate::model) fn update_assignment(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        (broker, assigned): (BrokerIndex, Rc<Vec<Assigned>>),
    ) -> Step {
        let consumer = self.index;
        let topic = instance.rebalancing().topic;
        let (mut pulled, mut popped): (Vec<QueueIndex>, BTreeSet<AssignedQueue>) = (Vec::new(), BTreeSet::new());
        for Assigned { queue, mode } in assigned.iter() {
            match (mode, queue) {
                (RequestMode::Pull, AssignedQueue::One(queue)) => pulled.push(*queue),
                _ => _ = popped.insert(*queue),
            }
        }
        let found = TopicRebalance::Assigned { pulled: pulled.len() as u32, popped: popped.len() as u32 };
        out.see(Observation::TopicRebalanced { consumer, topic, broker: Some(broker), found });
        self.subscribe_pop_retry(out, instance, topic, (pulled.is_empty(), popped.is_empty()));
        let all_of_it = match instance.rebalancing().queues {
            Some(view) => view,
            None => out.views.queues(pulled.clone(), &out.names),
        };
        let otherwise = if popped.is_empty() { Release::Reassigned } else { Release::ModeSwitched };
        self.update_share(out, instance, all_of_it, Share { pulled, popped, otherwise })
    }

    /// Where all of a topic is pulled, what was popped before may yet come back through `%RETRY%group_topic`: it is
    /// subscribed, anew at every rebalance and with a version of this moment that no heartbeat has told (trap PE5). Where
    /// all is popped, it is not subscribed.
    fn subscribe_pop_retry(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        topic: TopicIndex,
        (no_pull, no_pop): (bool, bool),
    ) {
        if no_pull == no_pop || out.is_retry_topic(topic) {
            return;
        }
        if no_pull {
            let Some(retry) = out.names.find_pop_retry(self.group, topic, false) else { return };
            self.subscriptions.retain(|subscription| subscription.topic != retry);
            return self.refresh_subscription_set();
        }
        let retry = out.names.intern_pop_retry(self.group, topic, false);
        let version = out.client_clock(self.index).as_millis();
        match self.subscriptions.iter_mut().find(|known| known.topic == retry) {
            Some(known) => known.version = version,
            None => {
                self.subscriptions.push(Subscription { topic: retry, version, tags: TagSet::ALL });
                let names = &out.names;
                sort_as_hash_table(&mut self.subscriptions, |s| string_hash(&names.topic(s.topic).name));
                // The thread that goes through the table meets it where it stands behind the topic whose turn it is.
                let at = |topic| self.subscriptions.iter().position(|known| known.topic == topic);
                if at(retry) > at(topic) {
                    let order: Vec<TopicIndex> = self.topics_to_come();
                    instance.rebalancing().meet(retry, &order);
                }
            }
        }
        self.refresh_subscription_set();
    }

    /// Assignments of the topic that are popped no more, or were not for too long, are dropped and leave the table. What is
    /// left of them is thrown away, and comes again when its invisible time is over.
    pub(in crate::model) fn drop_pop_queues(
        &mut self,
        out: &mut Outside<'_>,
        topic: TopicIndex,
        wanted: &BTreeSet<AssignedQueue>,
        otherwise: PopRelease,
    ) -> bool {
        let now = out.client_clock(self.index);
        let idle = out.planned(self.index).client.timers.pull_max_idle_time;
        let mut dropped = Vec::new();
        for (&assigned, &number) in &self.popping.table {
            let held = &self.popping.process_queues[number as usize];
            if held.topic != topic {
                continue;
            }
            if !wanted.contains(&assigned) {
                dropped.push((assigned, otherwise));
            } else if held.is_expired(now, idle) {
                dropped.push((assigned, PopRelease::NotPoppedForTooLong));
            }
        }
        let changed = !dropped.is_empty();
        for (assigned, why) in dropped {
            self.drop_pop_queue(out, assigned, why);
        }
        changed
    }

    /// One leaves the table.
    pub(in crate::model) fn drop_pop_queue(&mut self, out: &mut Outside<'_>, assigned: AssignedQueue, why: PopRelease) {
        let number = self.popping.table.remove(&assigned).expect("only what is assigned is dropped");
        let held = &mut self.popping.process_queues[number as usize];
        held.dropped = true;
        let (consumer, topic, broker, queue) = (self.index, held.topic, held.broker, held.queue());
        out.see(Observation::PopQueueReleased { consumer, topic, broker, queue, why });
    }

    /// `shutdown()` is over. Nobody has shut the consume service of POP down: its listeners run, and nothing of what they
    /// have or of what waits for them is acknowledged (trap PE15).
    pub(in crate::model) fn leave_pop_queues(&mut self, out: &mut Outside<'_>) {
        let all: Vec<AssignedQueue> = self.popping.table.keys().copied().collect();
        for assigned in all {
            self.drop_pop_queue(out, assigned, PopRelease::Shutdown);
        }
        let (running, waiting) = self.popping.pool.left();
        if running + waiting > 0 {
            let consumer = self.index;
            out.see(Observation::PopListenersLeft { consumer, running, waiting });
        }
    }

    /// New assignments come into the table; each is popped for the first time after the delay of a first pull.
    pub(in crate::model) fn take_pop_queues(
        &mut self,
        out: &mut Outside<'_>,
        wanted: &BTreeSet<AssignedQueue>,
    ) -> bool {
        let consumer = self.index;
        let settings = out.planned(consumer);
        let init_mode = match settings.consumer.consume_from_where {
            ConsumeFromWhere::FirstOffset => InitMode::Min,
            _ => InitMode::Max,
        };
        let delay = settings.client.timers.pull_dispatch_delay;
        let new: Vec<AssignedQueue> =
            wanted.iter().copied().filter(|assigned| !self.popping.table.contains_key(assigned)).collect();
        for &assigned in &new {
            let (topic, broker, queue) = match assigned {
                AssignedQueue::One(queue) => {
                    let place = out.names.queue(queue);
                    (place.topic, place.broker, Some(queue))
                }
                AssignedQueue::AllOf(broker, topic) => (topic, broker, None),
            };
            let last_pop = out.client_clock(consumer);
            let (unfinished, dropped, trouble) = (0, false, None);
            let held = PopProcessQueue { assigned, topic, broker, init_mode, unfinished, dropped, last_pop, trouble };
            self.popping.process_queues.push(held);
            let number = (self.popping.process_queues.len() - 1) as u32;
            self.popping.table.insert(assigned, number);
            out.see(Observation::PopQueueTaken { consumer, topic, broker, queue });
            self.pop_later(out, number, delay);
        }
        !new.is_empty()
    }

    /// What is popped of a topic now.
    pub(in crate::model) fn popped_of(&self, topic: TopicIndex) -> BTreeSet<AssignedQueue> {
        let of_topic = |(_, number): &(_, &u32)| self.popping.process_queues[**number as usize].topic == topic;
        self.popping.table.iter().filter(of_topic).map(|(assigned, _)| *assigned).collect()
    }

    /// `executePopPullRequestLater`.
    pub(super) fn pop_later(&mut self, out: &mut Outside<'_>, process_queue: u32, delay: Span) {
        let (_, epoch) = self.seat(out);
        self.delayed_pulls_until = self.delayed_pulls_until.max(out.now() + delay);
        out.after(delay, ConsumerEvent::PopDue { process_queue }.of(self.index, epoch));
    }
}
