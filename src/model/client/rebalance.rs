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
use crate::model::plan::{BrokerIndex, PlantedMistake, TopicIndex};
use crate::model::views::ViewId;

use super::heartbeat::HeartbeatOwner;
use super::orderly::Removing;
use super::table::Adding;
use super::{ClientProcess, Consumer, Instance, State};

/// What the thread waits for in the middle of a topic.
#[derive(Debug)]
pub(in crate::model) enum Phase {
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

/// How a step of a topic ends.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum Step {
    /// The thread waits for an answer, or for a listener.
    Waits,
    /// The topic is done with, and nothing of it changed.
    Settled,
    /// The topic is done with, and `messageQueueChanged` has to be called.
    Changed,
}

/// A rebalance under way.
#[derive(Debug)]
pub(in crate::model) struct Rebalancing {
    pub began: Instant,
    /// Whose turn it is, by its place in the process.
    pub at: usize,
    /// Consumers of the instance that come after it, the next one last.
    left: Vec<usize>,
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

impl Instance {
    /// `waitForRunning`: sleeps, or does not where it was notified meanwhile.
    pub(in crate::model) fn rebalance_wait(&mut self, out: &mut Outside<'_>, wait: Span) {
        let consumer = self.owner;
        let (_, epoch) = out.instance_seat(consumer);
        let wait = if self.rebalance.notified { Span::ZERO } else { wait };
        let timer = out.after(wait, InstanceEvent::RebalanceWoken.of(consumer, epoch));
        self.rebalance.timer = Some(timer);
    }

    /// `rebalanceImmediately`: wake-ups during a rebalance make one more after it.
    pub(in crate::model) fn wake_rebalance(&mut self, out: &mut Outside<'_>) {
        let thread = &mut self.rebalance;
        let busy = thread.busy.is_some();
        if busy && out.planted(PlantedMistake::WakeupDuringRebalanceLost) {
            return;
        }
        let thread = &mut self.rebalance;
        if thread.deaf || std::mem::replace(&mut thread.notified, true) || busy {
            return;
        }
        let lost = out.environment().lost_wakeups_per_million;
        if lost > 0 && self.lost_wakeups.chance(lost.into(), 1_000_000) {
            let thread = &mut self.rebalance;
            (thread.deaf, thread.notified) = (true, false);
            return out.see(Observation::WakeupLost { consumer: self.owner });
        }
        let thread = &mut self.rebalance;
        // A process that has just thawed may have missed its wake-up, which then comes by itself.
        let timer = thread.timer.take();
        if timer.is_some_and(|timer| out.agenda.cancel(timer).is_some()) {
            self.rebalance_wait(out, Span::ZERO);
        }
    }
}

impl ClientProcess {
    /// `NOTIFY_CONSUMER_IDS_CHANGED` reaches the client.
    pub(in crate::model) fn client_notified(&mut self, out: &mut Outside<'_>, request: Request) {
        if let Request::ResetClientOffset { group, offsets } = &request {
            let told = self.consumers.iter_mut().find(|consumer| consumer.group == *group);
            return told.map_or((), |told| told.reset_pushed(out, Rc::clone(offsets)));
        }
        if let Request::NotifyConsumerIdsChanged { broker } = request {
            let owner = self.instance.owner;
            for consumer in &self.consumers {
                if consumer.index == owner || consumer.is_registered() {
                    out.see(Observation::Notified { consumer: consumer.index, broker });
                }
            }
            out.see_detail(Detail::RebalanceWanted { consumer: owner });
            self.instance.wake_rebalance(out);
        }
    }

    /// The thread wakes: it rebalances if its last one ended at least the minimum interval ago.
    pub(in crate::model) fn rebalance_woken(&mut self, out: &mut Outside<'_>) {
        let consumer = self.instance.owner;
        let now = out.client_clock(consumer);
        let minimum = out.planned(consumer).client.timers.rebalance_min_interval;
        let thread = &mut self.instance.rebalance;
        assert!(thread.busy.is_none(), "the thread sleeps between rebalances");
        thread.timer = None;
        thread.deaf = false;
        thread.notified = false;
        let last = thread.last;
        let since = now.since(last);
        let excused = out.planted(PlantedMistake::FirstRebalanceWithoutMinimum) && !self.instance.rebalance.ran;
        let resumed = std::mem::take(&mut self.instance.rebalance.resumed);
        if since < minimum && !excused && !resumed {
            // A clock that went back makes the difference negative, and the wait as much longer (trap E39).
            let back = last.since(now);
            return self.instance.rebalance_wait(out, minimum.saturating_sub(since) + back);
        }
        let left = (0..self.consumers.len()).rev().collect();
        let thread = &mut self.instance.rebalance;
        thread.ran = true;
        let (balanced, phase) = (true, Phase::FetchingRoute);
        let (topics, topic, queues) = (Vec::new(), TopicIndex::MAX, None);
        thread.busy = Some(Rebalancing { began: now, at: 0, left, topics, topic, queues, balanced, phase });
        out.see_detail(Detail::RebalanceBegan { consumer });
        self.rebalance_next_consumer(out);
    }

    /// `MQClientInstance.doRebalance`: the next consumer of the instance, where there is one left.
    fn rebalance_next_consumer(&mut self, out: &mut Outside<'_>) {
        while let Some(next) = self.instance.rebalancing().left.pop() {
            if self.consumers[next].suspended {
                // `tryRebalance` of a paused consumer answers false, and the next comes in a second.
                self.instance.rebalancing().balanced = false;
            } else if self.consumers[next].is_registered() {
                let topics = self.consumers[next].topics_to_come();
                let rebalancing = self.instance.rebalancing();
                (rebalancing.at, rebalancing.topics) = (next, topics);
                return self.rebalance_next_topic(out, next);
            }
        }
        self.end_rebalance(out);
    }

    /// A consumer has left an instance that goes on: the rebalance thread waits no longer for its listeners.
    pub(in crate::model) fn rebalance_without(&mut self, out: &mut Outside<'_>, at: usize) {
        let Some(rebalancing) = &self.instance.rebalance.busy else { return };
        if rebalancing.at == at && matches!(rebalancing.phase, Phase::Removing(_)) {
            self.rebalance_next_consumer(out);
        }
    }
}

impl Instance {
    pub(in crate::model) fn rebalancing(&mut self) -> &mut Rebalancing {
        self.rebalance.busy.as_mut().expect("a rebalance is under way")
    }
}

impl ClientProcess {
    /// Goes on to the next topic.
    pub(in crate::model) fn rebalance_next_topic(&mut self, out: &mut Outside<'_>, at: usize) {
        if !self.consumers[at].is_registered() {
            return self.rebalance_next_consumer(out);
        }
        while let Some(topic) = self.instance.rebalancing().topics.pop() {
            let client = &mut self.consumers[at];
            if client.subscription(topic).is_none() {
                // It was given up while others had their turn.
                continue;
            }
            let queues = client.topic_subscribe_info.get(&topic).copied();
            let rebalancing = self.instance.rebalancing();
            (rebalancing.topic, rebalancing.queues) = (topic, queues);
            return self.rebalance_topic(out, at);
        }
        self.consumers[at].truncate_queues_not_my_topic(out);
        self.rebalance_next_consumer(out);
    }

    /// `rebalanceByTopic`: a `BROADCASTING` member needs no list. `findConsumerIdList` of the others asks for a route first,
    /// where the instance has none.
    fn rebalance_topic(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        if out.is_broadcasting(consumer) {
            let step = self.consumers[at].rebalance_broadcasting(out, &mut self.instance);
            return self.rebalance_goes_on(out, at, step);
        }
        let topic = self.instance.rebalancing().topic;
        if self.instance.routes.contains_key(&topic) {
            return self.ask_consumer_list(out, at);
        }
        let (_, epoch) = out.instance_seat(consumer);
        self.instance.rebalancing().phase = Phase::FetchingRoute;
        self.instance.ask_name_server(out, topic, Waiter::Rebalance { consumer, epoch });
    }

    /// `findConsumerIdList`: one random broker of the topic's route is asked.
    fn ask_consumer_list(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        let (host, epoch) = out.instance_seat(consumer);
        let topic = self.instance.rebalancing().topic;
        let route = self.instance.routes.get(&topic).cloned();
        let Some(route) = route else { return self.list_answered(out, at, None, None) };
        let first = out.planted(PlantedMistake::ListFromTheFirstBroker);
        let client = &mut self.consumers[at];
        let (of, chosen) = (route.len() as u32, client.broker_choice.below(route.len() as u64) as usize);
        let entry = route[if first { 0 } else { chosen }];
        // `selectBrokerAddr`: the master, else a slave by chance.
        let broker = entry.addresses.master().unwrap_or_else(|| {
            let slaves: Vec<BrokerIndex> = entry.addresses.all().collect();
            let chance = client.broker_choice.below(slaves.len().max(1) as u64) as usize;
            slaves.get(chance).copied().unwrap_or(entry.broker)
        });
        let group = client.group;
        out.see_detail(Detail::ListAsked { topic, broker: entry.broker, of });
        self.instance.rebalancing().phase = Phase::AskingList(broker);
        let timeout = out.planned(consumer).client.mq_client_api_timeout;
        let to = out.broker_host(broker);
        out.call(host, to, Request::GetConsumerList { group }, timeout, Waiter::Rebalance { consumer, epoch });
    }

    /// The thread goes on where a step of a topic ends.
    pub(in crate::model) fn rebalance_goes_on(&mut self, out: &mut Outside<'_>, at: usize, step: Step) {
        match step {
            Step::Waits => {}
            Step::Settled => self.rebalance_next_topic(out, at),
            Step::Changed => self.message_queue_changed(out, at),
        }
    }

    /// An answer for the rebalance thread.
    pub(in crate::model) fn rebalance_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        answer: Result<Response, CallError>,
    ) {
        if self.consumers[at].state == State::Down {
            // It has left the instance, which goes on for others.
            return self.rebalance_next_consumer(out);
        }
        match self.instance.rebalancing().phase {
            Phase::FetchingRoute => {
                let topic = self.instance.rebalancing().topic;
                if answer.is_err() {
                    // The exception makes a topic unbalanced, except a `%RETRY%` topic (A2.5).
                    self.instance.rebalancing().balanced &= out.is_retry_topic(topic);
                    return self.rebalance_next_topic(out, at);
                }
                self.take_route(out, at, topic, answer);
                self.ask_consumer_list(out, at);
            }
            Phase::AskingList(broker) => match answer {
                Ok(Response::ConsumerList(list)) => self.list_answered(out, at, Some(broker), list),
                _ => self.list_answered(out, at, Some(broker), None),
            },
            Phase::Removing(_) => unreachable!("a listener is waited for without a call"),
            Phase::Adding(_) => {
                let step = self.consumers[at].start_offset_answered(out, &mut self.instance, answer);
                self.rebalance_goes_on(out, at, step);
            }
            Phase::Heartbeats => unreachable!("the heartbeat round has its own waiter"),
        }
    }

    /// `rebalanceByTopic` with what is known now.
    fn list_answered(&mut self, out: &mut Outside<'_>, at: usize, broker: Option<BrokerIndex>, list: Option<ViewId>) {
        let consumer = self.consumers[at].index;
        let &mut Rebalancing { topic, queues, .. } = self.instance.rebalancing();
        let Some(queues) = queues else {
            out.see(Observation::TopicRebalanced { consumer, topic, broker, found: TopicRebalance::NoRoute });
            let tells = !out.is_retry_topic(topic) && out.lite_pull(consumer).is_none();
            return if tells { self.message_queue_changed(out, at) } else { self.rebalance_next_topic(out, at) };
        };
        let Some(members) = list else {
            out.see(Observation::TopicRebalanced { consumer, topic, broker, found: TopicRebalance::NoList });
            return self.rebalance_next_topic(out, at);
        };
        match self.consumers[at].allocate(out, members, queues) {
            Some((found, mine, left_out)) => {
                if let Some(broker) = broker {
                    let (strategy, members) = (self.consumers[at].strategy, out.views.member_list(members));
                    out.see(Observation::Viewed { consumer, topic, broker, members, queues, strategy, left_out });
                }
                out.see(Observation::TopicRebalanced { consumer, topic, broker, found });
                let in_list = !matches!(found, TopicRebalance::NotInList { .. });
                let (consumer, instance) = (&mut self.consumers[at], &mut self.instance);
                let step = consumer.update_process_queue_table(out, instance, queues, mine, in_list);
                self.rebalance_goes_on(out, at, step);
            }
            None => {
                out.see(Observation::TopicRebalanced {
                    consumer,
                    topic,
                    broker,
                    found: TopicRebalance::StrategyFailed,
                });
                self.instance.rebalancing().balanced = false;
                self.rebalance_next_topic(out, at);
            }
        }
    }
}

impl Consumer {
    /// The strategy's answer for this client, and what it gives to nobody; `None` where it threw.
    fn allocate(
        &mut self,
        out: &mut Outside<'_>,
        members: ViewId,
        queues: ViewId,
    ) -> Option<(TopicRebalance, Vec<QueueIndex>, Arc<[QueueIndex]>)> {
        let consumer = self.index;
        let plan = out.plan;
        let strategy = &*out.planned(consumer).consumer.allocate_message_queue_strategy;
        let group = (self.group, plan.groups[self.group as usize].name.as_str());
        let allocation = out.views.allocate((self.strategy, strategy), group, (members, queues), &out.names);
        let (count, left_out) = (out.views.member_count(members) as u32, Arc::clone(&allocation.left_out));
        let Some(position) = out.views.position(members, self.client) else {
            return Some((TopicRebalance::NotInList { members: count }, Vec::new(), left_out));
        };
        let mine = allocation.shares[position].clone()?;
        let queues = out.views.queue_list(queues).len() as u32;
        Some((TopicRebalance::Allocated { members: count, queues, mine: mine.len() as u32 }, mine, left_out))
    }
}

impl ClientProcess {
    /// `messageQueueChanged`: raises the subscription version and tells all brokers, if the heartbeat lock is free.
    pub(in crate::model) fn message_queue_changed(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        let version = out.client_clock(consumer).as_millis();
        let topic = self.instance.rebalancing().topic;
        let settings = &out.planned(consumer).consumer;
        let (threshold, size) = (settings.pull_threshold_for_topic, settings.pull_threshold_size_for_topic_mib);
        let client = &mut self.consumers[at];
        let Some(subscription) = client.subscriptions.iter_mut().find(|known| known.topic == topic) else {
            // The topic was given up meanwhile: a `NullPointerException`, caught and taken for "not balanced".
            self.instance.rebalancing().balanced = false;
            return self.rebalance_next_topic(out, at);
        };
        subscription.version = version;
        client.refresh_subscription_set();
        let queues = client.table.len() as u32;
        if let Some(threshold) = threshold.filter(|_| queues > 0) {
            client.pull_threshold_for_queue = (threshold / queues).max(1);
            let threshold = client.pull_threshold_for_queue;
            out.see(Observation::ThresholdSet { consumer, queues, threshold });
        }
        let client = &mut self.consumers[at];
        if let Some(size) = size.filter(|_| queues > 0) {
            client.pull_threshold_size_for_queue_mib = (size / queues).max(1);
        }
        out.see(Observation::SubscriptionVersionRaised { consumer, topic });
        self.instance.rebalancing().phase = Phase::Heartbeats;
        if !self.heartbeat_all(out, at, HeartbeatOwner::Rebalance) {
            self.rebalance_next_topic(out, at);
        }
    }

    fn end_rebalance(&mut self, out: &mut Outside<'_>) {
        let consumer = self.instance.owner;
        let now = out.client_clock(consumer);
        let settings = &out.planned(consumer).client;
        let (timers, retries) = (&settings.timers, settings.retry_when_not_balanced);
        let late = out.planted(PlantedMistake::RebalanceLate);
        let late = if late { Span::from_secs(5) } else { Span::ZERO };
        let (wait, minimum) = (timers.rebalance_wait_interval + late, timers.rebalance_min_interval);
        let from_the_beginning = out.planted(PlantedMistake::MinimumFromTheBeginning);
        let thread = &mut self.instance.rebalance;
        let done = thread.busy.take().expect("a rebalance is under way");
        thread.last = if from_the_beginning { done.began } else { now };
        let (took, again) = (now.since(done.began), thread.notified);
        out.see(Observation::RebalanceEnded { consumer, balanced: done.balanced, took });
        self.instance.rebalance_wait(out, if done.balanced || !retries { wait } else { minimum });
        if !again {
            self.begin_resets_to_come(out);
        }
    }
}

impl Outside<'_> {
    pub(super) fn is_retry_topic(&self, topic: TopicIndex) -> bool {
        matches!(self.names.topic(topic).kind, TopicKind::Retry(_))
    }
}
