//! Tables of one broker without a world: it is asked, time passes, and what it saw, sent and planned is looked at. What
//! is expected is what `BrokerController.registerProcessor` names for each request.

mod holds;
mod locks;
mod membership;
mod notification;
mod offsets;
mod pop;
mod releases;

use crate::model::ids::{BrokerIndex, ClientIndex, ConsumerIndex, GroupIndex, ProducerIndex, TopicIndex};
use std::rc::Rc;

use super::Broker;
use crate::kernel::{Instant, Span};
use crate::model::event::{BrokerEvent, ChannelEnd, Event, NetworkEvent};
use crate::model::ids::ConnectionId;
use crate::model::marks::Mark;
use crate::model::network::{ConsumerData, Flight, Payload, PullRequest, Pulled, Request, Response, SubscriptionData};
use crate::model::observation::{Observation, QueueIndex, SentMessage};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerSettings, Host, MessageModel, Plan, TagSet};
use crate::model::testing::{self, CALL, Heard};

/// The plan of two consumers, with another setting of the broker.
fn plan_with(change: impl FnOnce(&mut BrokerSettings)) -> Plan {
    let mut plan = testing::plan(2);
    change(&mut plan.brokers[0].settings);
    plan
}

/// A moment of a table.
const fn ms(at: u64) -> Instant {
    Instant::from_millis(at)
}

/// A broker that runs, and what is outside of it.
struct Scene<'a> {
    broker: Broker,
    out: Outside<'a>,
    /// A connection of each consumer.
    channels: Vec<ConnectionId>,
}

impl<'a> Scene<'a> {
    fn of(plan: &'a Plan) -> Self {
        Self::of_broker(plan, BrokerIndex(0))
    }

    /// Another broker of the plan than the first, which has the queues and the groups all the same.
    fn of_broker(plan: &'a Plan, own: BrokerIndex) -> Self {
        let (broker, mut out) = (Broker::new(own), testing::outside(plan));
        let mut keeper = Broker::new(BrokerIndex(0));
        keeper.create_planned_queues(&mut out);
        keeper.create_planned_groups(&mut out);
        let consumers = 0..plan.consumers.len() as u16;
        let channels = consumers
            .map(|consumer| testing::connect(&mut out, Host::Consumer(ConsumerIndex(consumer)), Host::Broker(own)))
            .collect();
        out.seen.clear();
        Self { broker, out, channels }
    }

    /// A consumer asks, and the broker works on it now.
    fn ask(&mut self, consumer: usize, request: Request) {
        self.broker.request_arrived(&mut self.out, self.channels[consumer], CALL, request);
    }

    /// Something happens to the broker.
    fn happen(&mut self, what: BrokerEvent) {
        let epoch = self.out.epoch(self.broker.host(&self.out));
        self.broker.event(&mut self.out, epoch, what);
    }

    /// All that is seen and arrives up to a moment, while what the broker plans for itself happens to it.
    fn until(&mut self, moment: Instant) -> Heard {
        let mut heard = Heard::default();
        // What was cancelled never comes up: this makes the moment come.
        self.out.agenda.schedule(moment, Event::ControllerTicked);
        while let Some(occurrence) = self.out.agenda.pop_until(moment) {
            match occurrence.event {
                Event::Broker { epoch, what, .. } => self.broker.event(&mut self.out, epoch, what),
                Event::Network(NetworkEvent::Arrived { flight }) => {
                    let Flight { connection, payload, .. } = self.out.flights.take(flight);
                    let left_out = matches!(payload, Payload::Request(_, Request::NotifyConsumerIdsChanged { place, .. })
                        if !self.out.passes.is_sent(place));
                    if !left_out {
                        heard.arrived.push((connection, payload));
                    }
                }
                _ => {}
            }
        }
        heard.seen = self.out.seen.drain(..).map(|observed| observed.what).collect();
        heard
    }

    /// A heartbeat of a consumer that subscribes these topics with this version.
    fn heartbeat(&mut self, consumer: usize, topics: &[u16], version: u64) {
        self.heartbeat_as(consumer, topics, version, MessageModel::Clustering, TagSet::ALL);
    }

    fn heartbeat_as(
        &mut self,
        consumer: usize,
        topics: &[u16],
        version: u64,
        message_model: MessageModel,
        tags: TagSet,
    ) {
        let subscriptions =
            topics.iter().map(|&topic| SubscriptionData { topic: TopicIndex(topic), version, tags }).collect();
        let data = ConsumerData { group: GroupIndex(0), message_model, subscriptions: Rc::new(subscriptions) };
        self.ask(
            consumer,
            Request::Heartbeat { client: ClientIndex(consumer as u32), consumers: vec![data], v2: None },
        );
    }

    /// The channel of a consumer ends.
    fn end_channel(&mut self, consumer: usize, cause: ChannelEnd) {
        self.broker.channel_ended(&mut self.out, self.channels[consumer], cause);
    }

    /// A pull of the first consumer that may wait for 15 s.
    fn pull(&mut self, queue: QueueIndex, offset: u64, commit: Option<u64>) {
        let (suspend, max_messages, subscription_version) = (Span::from_secs(15), 32, 0);
        let pull =
            PullRequest { group: GroupIndex(0), queue, offset, max_messages, commit, subscription_version, suspend };
        self.ask(0, Request::Pull(pull));
    }

    /// A producer's message is stored.
    fn send(&mut self, queue: QueueIndex, tag: u8) {
        let sent = SentMessage { producer: ProducerIndex(0), number: 0 };
        let stored = self.broker.store_sent(&mut self.out, sent, queue, (100, Mark { tag, key: 0 }));
        assert!(matches!(stored, Response::QueueOffset(_)), "{stored:?}");
    }
}

/// Which consumers a broker told that their group has changed.
fn told(scene: &Scene<'_>, heard: &Heard) -> Vec<usize> {
    let position = |connection| scene.channels.iter().position(|&channel| channel == connection);
    let told =
        heard.requests().into_iter().filter(|(_, what)| matches!(what, Request::NotifyConsumerIdsChanged { .. }));
    told.filter_map(|(connection, _)| position(connection)).collect()
}

/// What pulls were told.
fn pulled(heard: &Heard) -> Vec<Pulled> {
    let answers = heard.arrived.iter().map(|(_, payload)| match payload {
        Payload::Response(_, Response::Pulled(pulled)) => Some(*pulled),
        _ => None,
    });
    answers.flatten().collect()
}

/// Whether something was seen.
fn saw(heard: &Heard, what: impl Fn(&Observation) -> bool) -> bool {
    heard.seen.iter().any(what)
}
