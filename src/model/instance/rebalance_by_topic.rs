//! `RebalanceImpl.rebalanceByTopic`: how the rebalance thread learns who is there, and what follows from a change.

use std::sync::Arc;

use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::{Consumer, State};
use crate::model::ids::{MemberViewId, ViewId};
use crate::model::instance::ClientProcess;
use crate::model::instance::heartbeat::HeartbeatOwner;
use crate::model::instance::rebalance_service::{Phase, Rebalancing};
use crate::model::names::TopicKind;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{Detail, Observation, QueueIndex, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, PlantedMistake, TopicIndex};

impl ClientProcess {
    /// `rebalanceByTopic`: a `BROADCASTING` member needs no list. `findConsumerIdList` of the others asks for a route first,
    /// where the instance has none.
    pub(in crate::model) fn rebalance_topic(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        if out.is_broadcasting(consumer) {
            let step = self.consumers[at].rebalance_broadcasting(out, &mut self.instance);
            return self.rebalance_goes_on(out, at, step);
        }
        let &mut Rebalancing { topic, queues, .. } = self.instance.rebalancing();
        if queues.is_none() && !out.planned(consumer).client.rules.list_without_queues {
            return self.list_answered(out, at, None, None);
        }
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
    fn list_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        broker: Option<BrokerIndex>,
        list: Option<MemberViewId>,
    ) {
        let consumer = self.consumers[at].index;
        let &mut Rebalancing { topic, queues, .. } = self.instance.rebalancing();
        let Some(queues) = queues else {
            out.see(Observation::TopicRebalanced { consumer, topic, broker, found: TopicRebalance::NoRoute });
            let pushed = self.consumers[at].service != ConsumeMessageService::LitePull;
            let tells =
                !out.is_retry_topic(topic) && pushed && out.planned(consumer).client.rules.no_queues_is_a_change;
            return if tells { self.message_queue_changed(out, at) } else { self.rebalance_next_topic(out, at) };
        };
        let Some(members) = list else {
            out.see(Observation::TopicRebalanced { consumer, topic, broker, found: TopicRebalance::NoList });
            return self.rebalance_next_topic(out, at);
        };
        match self.consumers[at].allocate(out, members, queues) {
            Some((found, mine, left_out)) => {
                if let Some(broker) = broker {
                    self.hear_notifications(out);
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
}

impl Consumer {
    /// The strategy's answer for this client, and what it gives to nobody; `None` where it threw.
    fn allocate(
        &mut self,
        out: &mut Outside<'_>,
        members: MemberViewId,
        queues: ViewId,
    ) -> Option<(TopicRebalance, Vec<QueueIndex>, Arc<[QueueIndex]>)> {
        let consumer = self.index;
        let plan = out.plan;
        let strategy = &*out.planned(consumer).consumer.allocate_message_queue_strategy;
        let group = (self.group, plan.groups[self.group.at()].name.as_str());
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

impl Outside<'_> {
    pub(in crate::model) fn is_retry_topic(&self, topic: TopicIndex) -> bool {
        matches!(self.names.topic(topic).kind, TopicKind::Retry(_))
    }
}
