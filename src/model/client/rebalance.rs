//! `RebalanceService` and `RebalanceImpl.rebalanceByTopic`: when a client looks again at who owns what, and how it
//! learns who is there.

use std::rc::Rc;
use std::sync::Arc;

use crate::kernel::{Instant, Span, Timer};
use crate::model::event::InstanceEvent;
use crate::model::names::TopicKind;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{Detail, Observation, QueueIndex, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, ConsumerIndex, PlantedMistake, TopicIndex};
use crate::model::views::ViewId;
use crate::model::world::World;

use super::State;
use super::heartbeat::HeartbeatOwner;
use super::orderly::Removing;
use super::table::Adding;

/// What the thread waits for in the middle of a topic.
#[derive(Debug)]
pub(super) enum Phase {
    /// A route, because no broker of the topic is known that could be asked for its members; asked once.
    FetchingRoute,
    /// The member list, from this broker.
    AskingList(BrokerIndex),
    /// Listeners of dropped orderly queues.
    Removing(Removing),
    /// Offsets of queues to be taken.
    Adding(Adding),
    /// The heartbeats after a change; the round ends it.
    Heartbeats,
}

/// A rebalance under way.
#[derive(Debug)]
pub(super) struct Rebalancing {
    pub began: Instant,
    /// Whose turn it is.
    pub consumer: ConsumerIndex,
    /// Consumers of the instance that come after it, the next one last.
    left: Vec<ConsumerIndex>,
    /// Its topics that are still to come, the next one last.
    topics: Vec<TopicIndex>,
    /// The topic whose turn it is.
    pub topic: TopicIndex,
    /// `mqSet`: the topic's queues as they were known when its turn came. A route that is fetched to find its members
    /// counts from the next rebalance on.
    pub queues: Option<ViewId>,
    pub balanced: bool,
    pub phase: Phase,
}

/// The thread.
#[derive(Debug, Default)]
pub(in crate::model) struct RebalanceThread {
    /// End of the last rebalance; at first the creation of the client instance.
    pub last: Instant,
    notified: bool,
    /// It has rebalanced at least once.
    ran: bool,
    /// A wake-up was lost: it sleeps to the end of its wait.
    deaf: bool,
    /// `resume()` rebalances by itself: the minimum interval is none of its business.
    pub(super) resumed: bool,
    timer: Option<Timer>,
    pub(super) busy: Option<Rebalancing>,
}

impl World<'_> {
    /// `waitForRunning`: sleeps, or does not where it was notified meanwhile.
    pub(super) fn rebalance_wait(&mut self, consumer: ConsumerIndex, wait: Span) {
        let consumer = self.out.instances.owner(consumer);
        let (_, epoch) = self.out.instance_seat(consumer);
        let wait = if self.instance(consumer).rebalance.notified { Span::ZERO } else { wait };
        let timer = self.out.after(wait, InstanceEvent::RebalanceWoken.of(consumer, epoch));
        self.instance(consumer).rebalance.timer = Some(timer);
    }

    /// `rebalanceImmediately`: wake-ups during a rebalance make one more after it.
    pub(in crate::model) fn wake_rebalance(&mut self, consumer: ConsumerIndex) {
        let thread = &mut self.instance(consumer).rebalance;
        let busy = thread.busy.is_some();
        if busy && self.out.planted(PlantedMistake::WakeupDuringRebalanceLost) {
            return;
        }
        let thread = &mut self.instance(consumer).rebalance;
        if thread.deaf || std::mem::replace(&mut thread.notified, true) || busy {
            return;
        }
        let lost = self.out.environment().lost_wakeups_per_million;
        if lost > 0 && self.client(consumer).lost_wakeups.chance(lost.into(), 1_000_000) {
            let thread = &mut self.instance(consumer).rebalance;
            (thread.deaf, thread.notified) = (true, false);
            return self.out.see(Observation::WakeupLost { consumer });
        }
        let thread = &mut self.instance(consumer).rebalance;
        // A process that has just thawed may have missed its wake-up, which then comes by itself.
        let timer = thread.timer.take();
        if timer.is_some_and(|timer| self.out.agenda.cancel(timer).is_some()) {
            self.rebalance_wait(consumer, Span::ZERO);
        }
    }

    /// `NOTIFY_CONSUMER_IDS_CHANGED` reaches the client.
    pub(in crate::model) fn client_notified(&mut self, consumer: ConsumerIndex, request: Request) {
        if let Request::ResetClientOffset { group, offsets } = &request {
            let table = self.out.instances.consumers(consumer);
            let told = table.iter().find(|&&other| self.clients[other as usize].group == *group);
            return told.map_or((), |&told| self.reset_pushed(told, Rc::clone(offsets)));
        }
        if let Request::NotifyConsumerIdsChanged { broker } = request {
            for &consumer in self.out.instances.consumers(consumer).iter() {
                if self.out.instances.owner(consumer) == consumer || self.client(consumer).is_registered() {
                    self.out.see(Observation::Notified { consumer, broker });
                }
            }
            let owner = self.out.instances.owner(consumer);
            self.out.see_detail(Detail::RebalanceWanted { consumer: owner });
            self.wake_rebalance(consumer);
        }
    }

    /// The thread wakes: it rebalances if its last one ended at least the minimum interval ago.
    pub(in crate::model) fn rebalance_woken(&mut self, consumer: ConsumerIndex) {
        let now = self.out.client_clock(consumer);
        let minimum = self.out.planned(consumer).client.timers.rebalance_min_interval;
        let thread = &mut self.instance(consumer).rebalance;
        assert!(thread.busy.is_none(), "the thread sleeps between rebalances");
        thread.timer = None;
        thread.deaf = false;
        thread.notified = false;
        let last = thread.last;
        let since = now.since(last);
        let excused =
            self.out.planted(PlantedMistake::FirstRebalanceWithoutMinimum) && !self.instance(consumer).rebalance.ran;
        let resumed = std::mem::take(&mut self.instance(consumer).rebalance.resumed);
        if since < minimum && !excused && !resumed {
            // A clock that went back makes the difference negative, and the wait as much longer (trap E39).
            let back = last.since(now);
            return self.rebalance_wait(consumer, minimum.saturating_sub(since) + back);
        }
        let left = self.out.instances.consumers(consumer).iter().rev().copied().collect();
        let thread = &mut self.instance(consumer).rebalance;
        thread.ran = true;
        let (balanced, phase) = (true, Phase::FetchingRoute);
        let (topics, topic, queues) = (Vec::new(), TopicIndex::MAX, None);
        thread.busy = Some(Rebalancing { began: now, consumer, left, topics, topic, queues, balanced, phase });
        self.out.see_detail(Detail::RebalanceBegan { consumer });
        self.rebalance_next_consumer(consumer);
    }

    /// `MQClientInstance.doRebalance`: the next consumer of the instance, where there is one left.
    fn rebalance_next_consumer(&mut self, consumer: ConsumerIndex) {
        while let Some(next) = self.rebalancing(consumer).left.pop() {
            if self.client(next).suspended {
                // `tryRebalance` of a paused consumer answers false, and the next comes in a second.
                self.rebalancing(consumer).balanced = false;
            } else if self.client(next).is_registered() {
                let topics = self.client(next).topics_to_come();
                let rebalancing = self.rebalancing(consumer);
                (rebalancing.consumer, rebalancing.topics) = (next, topics);
                return self.rebalance_next_topic(next);
            }
        }
        self.end_rebalance(consumer);
    }

    /// A consumer has left an instance that goes on: the rebalance thread waits no longer for its listeners.
    pub(super) fn rebalance_without(&mut self, consumer: ConsumerIndex) {
        let Some(rebalancing) = &self.instance(consumer).rebalance.busy else { return };
        if rebalancing.consumer == consumer && matches!(rebalancing.phase, Phase::Removing(_)) {
            self.rebalance_next_consumer(consumer);
        }
    }

    pub(super) fn rebalancing(&mut self, consumer: ConsumerIndex) -> &mut Rebalancing {
        self.instance(consumer).rebalance.busy.as_mut().expect("a rebalance is under way")
    }

    /// Goes on to the next topic.
    pub(super) fn rebalance_next_topic(&mut self, consumer: ConsumerIndex) {
        if !self.client(consumer).is_registered() {
            return self.rebalance_next_consumer(consumer);
        }
        while let Some(topic) = self.rebalancing(consumer).topics.pop() {
            let client = self.client(consumer);
            if client.subscription(topic).is_none() {
                // It was given up while others had their turn.
                continue;
            }
            let queues = client.topic_subscribe_info.get(&topic).copied();
            let rebalancing = self.rebalancing(consumer);
            (rebalancing.topic, rebalancing.queues) = (topic, queues);
            return self.rebalance_topic(consumer);
        }
        self.truncate_queues_not_my_topic(consumer);
        self.rebalance_next_consumer(consumer);
    }

    /// `rebalanceByTopic`: a `BROADCASTING` member needs no list. `findConsumerIdList` of the others asks for a route first,
    /// where the instance has none.
    fn rebalance_topic(&mut self, consumer: ConsumerIndex) {
        if self.out.is_broadcasting(consumer) {
            return self.rebalance_broadcasting(consumer);
        }
        let topic = self.rebalancing(consumer).topic;
        if self.instance(consumer).routes.contains_key(&topic) {
            return self.ask_consumer_list(consumer);
        }
        let (_, epoch) = self.out.instance_seat(consumer);
        self.rebalancing(consumer).phase = Phase::FetchingRoute;
        self.ask_name_server(consumer, topic, Waiter::Rebalance { consumer, epoch });
    }

    /// `findConsumerIdList`: one random broker of the topic's route is asked.
    fn ask_consumer_list(&mut self, consumer: ConsumerIndex) {
        let (host, epoch) = self.out.instance_seat(consumer);
        let topic = self.rebalancing(consumer).topic;
        let route = self.instance(consumer).routes.get(&topic).cloned();
        let Some(route) = route else { return self.list_answered(consumer, None, None) };
        let first = self.out.planted(PlantedMistake::ListFromTheFirstBroker);
        let client = self.client(consumer);
        let (of, chosen) = (route.len() as u32, client.broker_choice.below(route.len() as u64) as usize);
        let entry = route[if first { 0 } else { chosen }];
        // `selectBrokerAddr`: the master, else a slave by chance.
        let broker = entry.addresses.master().unwrap_or_else(|| {
            let slaves: Vec<BrokerIndex> = entry.addresses.all().collect();
            let chance = client.broker_choice.below(slaves.len().max(1) as u64) as usize;
            slaves.get(chance).copied().unwrap_or(entry.broker)
        });
        let group = client.group;
        self.out.see_detail(Detail::ListAsked { topic, broker: entry.broker, of });
        self.rebalancing(consumer).phase = Phase::AskingList(broker);
        let timeout = self.out.planned(consumer).client.mq_client_api_timeout;
        let to = self.out.broker_host(broker);
        self.out.call(host, to, Request::GetConsumerList { group }, timeout, Waiter::Rebalance { consumer, epoch });
    }

    /// An answer for the rebalance thread.
    pub(in crate::model) fn rebalance_answered(
        &mut self,
        consumer: ConsumerIndex,
        answer: Result<Response, CallError>,
    ) {
        if self.client(consumer).state == State::Down {
            // It has left the instance, which goes on for others.
            return self.rebalance_next_consumer(consumer);
        }
        match self.rebalancing(consumer).phase {
            Phase::FetchingRoute => {
                let topic = self.rebalancing(consumer).topic;
                if answer.is_err() {
                    // The exception makes a topic unbalanced, except a `%RETRY%` topic (A2.5).
                    self.rebalancing(consumer).balanced &= self.out.is_retry_topic(topic);
                    return self.rebalance_next_topic(consumer);
                }
                self.take_route(consumer, topic, answer);
                self.ask_consumer_list(consumer);
            }
            Phase::AskingList(broker) => match answer {
                Ok(Response::ConsumerList(list)) => self.list_answered(consumer, Some(broker), list),
                _ => self.list_answered(consumer, Some(broker), None),
            },
            Phase::Removing(_) => unreachable!("a listener is waited for without a call"),
            Phase::Adding(_) => self.start_offset_answered(consumer, answer),
            Phase::Heartbeats => unreachable!("the heartbeat round has its own waiter"),
        }
    }

    /// `rebalanceByTopic` with what is known now.
    fn list_answered(&mut self, consumer: ConsumerIndex, broker: Option<BrokerIndex>, list: Option<ViewId>) {
        let &mut Rebalancing { topic, queues, .. } = self.rebalancing(consumer);
        let Some(queues) = queues else {
            self.out.see(Observation::TopicRebalanced { consumer, topic, broker, found: TopicRebalance::NoRoute });
            let tells = !self.out.is_retry_topic(topic) && self.out.lite_pull(consumer).is_none();
            return if tells { self.message_queue_changed(consumer) } else { self.rebalance_next_topic(consumer) };
        };
        let Some(members) = list else {
            self.out.see(Observation::TopicRebalanced { consumer, topic, broker, found: TopicRebalance::NoList });
            return self.rebalance_next_topic(consumer);
        };
        match self.allocate(consumer, members, queues) {
            Some((found, mine, left_out)) => {
                if let Some(broker) = broker {
                    let (strategy, members) = (self.client(consumer).strategy, self.out.views.member_list(members));
                    self.out.see(Observation::Viewed { consumer, topic, broker, members, queues, strategy, left_out });
                }
                self.out.see(Observation::TopicRebalanced { consumer, topic, broker, found });
                let in_list = !matches!(found, TopicRebalance::NotInList { .. });
                self.update_process_queue_table(consumer, queues, mine, in_list);
            }
            None => {
                self.out.see(Observation::TopicRebalanced {
                    consumer,
                    topic,
                    broker,
                    found: TopicRebalance::StrategyFailed,
                });
                self.rebalancing(consumer).balanced = false;
                self.rebalance_next_topic(consumer);
            }
        }
    }

    /// The strategy's answer for this client, and what it gives to nobody; `None` where it threw.
    fn allocate(
        &mut self,
        consumer: ConsumerIndex,
        members: ViewId,
        queues: ViewId,
    ) -> Option<(TopicRebalance, Vec<QueueIndex>, Arc<[QueueIndex]>)> {
        let plan = self.out.plan;
        let client = &self.clients[consumer as usize];
        let strategy = &*self.out.planned(consumer).consumer.allocate_message_queue_strategy;
        let group = (client.group, plan.groups[client.group as usize].name.as_str());
        let allocation =
            self.out.views.allocate((client.strategy, strategy), group, (members, queues), &self.out.names);
        let (count, left_out) = (self.out.views.member_count(members) as u32, Arc::clone(&allocation.left_out));
        let Some(position) = self.out.views.position(members, client.client) else {
            return Some((TopicRebalance::NotInList { members: count }, Vec::new(), left_out));
        };
        let mine = allocation.shares[position].clone()?;
        let queues = self.out.views.queue_list(queues).len() as u32;
        Some((TopicRebalance::Allocated { members: count, queues, mine: mine.len() as u32 }, mine, left_out))
    }

    /// `messageQueueChanged`: raises the subscription version and tells all brokers, if the heartbeat lock is free.
    pub(super) fn message_queue_changed(&mut self, consumer: ConsumerIndex) {
        let version = self.out.client_clock(consumer).as_millis();
        let topic = self.rebalancing(consumer).topic;
        let settings = &self.out.planned(consumer).consumer;
        let (threshold, size) = (settings.pull_threshold_for_topic, settings.pull_threshold_size_for_topic_mib);
        let client = self.client(consumer);
        let Some(subscription) = client.subscriptions.iter_mut().find(|known| known.topic == topic) else {
            // The topic was given up meanwhile: a `NullPointerException`, caught and taken for "not balanced".
            self.rebalancing(consumer).balanced = false;
            return self.rebalance_next_topic(consumer);
        };
        subscription.version = version;
        client.refresh_subscription_set();
        let queues = client.table.len() as u32;
        if let Some(threshold) = threshold.filter(|_| queues > 0) {
            client.pull_threshold_for_queue = (threshold / queues).max(1);
            let threshold = client.pull_threshold_for_queue;
            self.out.see(Observation::ThresholdSet { consumer, queues, threshold });
        }
        let client = self.client(consumer);
        if let Some(size) = size.filter(|_| queues > 0) {
            client.pull_threshold_size_for_queue_mib = (size / queues).max(1);
        }
        self.out.see(Observation::SubscriptionVersionRaised { consumer, topic });
        self.rebalancing(consumer).phase = Phase::Heartbeats;
        if !self.heartbeat_all(consumer, HeartbeatOwner::Rebalance) {
            self.rebalance_next_topic(consumer);
        }
    }

    fn end_rebalance(&mut self, consumer: ConsumerIndex) {
        let now = self.out.client_clock(consumer);
        let settings = &self.out.planned(consumer).client;
        let (timers, retries) = (&settings.timers, settings.retry_when_not_balanced);
        let late = self.out.planted(PlantedMistake::RebalanceLate);
        let late = if late { Span::from_secs(5) } else { Span::ZERO };
        let (wait, minimum) = (timers.rebalance_wait_interval + late, timers.rebalance_min_interval);
        let from_the_beginning = self.out.planted(PlantedMistake::MinimumFromTheBeginning);
        let thread = &mut self.instance(consumer).rebalance;
        let done = thread.busy.take().expect("a rebalance is under way");
        thread.last = if from_the_beginning { done.began } else { now };
        let (took, again) = (now.since(done.began), thread.notified);
        let consumer = self.out.instances.owner(consumer);
        self.out.see(Observation::RebalanceEnded { consumer, balanced: done.balanced, took });
        self.rebalance_wait(consumer, if done.balanced || !retries { wait } else { minimum });
        if !again {
            self.begin_resets_to_come(consumer);
        }
    }
}

impl Outside<'_> {
    pub(super) fn is_retry_topic(&self, topic: TopicIndex) -> bool {
        matches!(self.names.topic(topic).kind, TopicKind::Retry(_))
    }
}
