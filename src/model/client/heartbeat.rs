//! Heartbeats: one round at a time under `lockHeartbeat`, broker after broker, each a synchronous call
//! (`MQClientInstance.sendHeartbeatToAllBrokerWithLock`).

use crate::model::network::{CallError, ConnectionId, ConsumerData, HeartbeatV2, Request, Response, Waiter};
use crate::model::observation::Observation;
use crate::model::plan::{BrokerIndex, ConsumerIndex, Host};
use crate::model::world::World;

use std::rc::Rc;

/// The thread that holds the heartbeat lock and waits for the round to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum HeartbeatOwner {
    /// The thread in this consumer's `start()`.
    Start(ConsumerIndex),
    /// The scheduled thread.
    Scheduled,
    /// The rebalance thread, after a change.
    Rebalance,
    /// The event thread, after a connection became active.
    Channel,
    /// The application's thread, in `subscribe`.
    Application,
}

/// A round under way.
#[derive(Debug)]
pub(in crate::model) struct HeartbeatRound {
    owner: HeartbeatOwner,
    /// Brokers to come, the next one last.
    left: Vec<BrokerIndex>,
    /// What the one that is asked now was told, in the second version.
    told: Option<HeartbeatV2>,
}

impl World<'_> {
    /// `sendHeartbeatToAllBrokerWithLock`: begins a round; false where the lock is busy or no broker is known.
    pub(super) fn heartbeat_all(&mut self, consumer: ConsumerIndex, owner: HeartbeatOwner) -> bool {
        let mut brokers = self.clients[consumer as usize].broker_order(&self.out.names);
        brokers.reverse();
        self.begin_heartbeats(consumer, owner, brokers)
    }

    fn begin_heartbeats(&mut self, consumer: ConsumerIndex, owner: HeartbeatOwner, left: Vec<BrokerIndex>) -> bool {
        if self.instance(consumer).heartbeat.is_some() {
            self.out.see(Observation::HeartbeatSkipped { consumer });
            return false;
        }
        if left.is_empty() || !self.any_is_registered(consumer) {
            return false;
        }
        self.forget_fingerprints(consumer, owner);
        self.instance(consumer).heartbeat = Some(HeartbeatRound { owner, left, told: None });
        self.send_next_heartbeat(consumer);
        true
    }

    fn send_next_heartbeat(&mut self, consumer: ConsumerIndex) {
        let (host, epoch) = self.out.instance_seat(consumer);
        let round = self.instance(consumer).heartbeat.as_ref().expect("a round is under way");
        let Some(&broker) = round.left.last() else { return self.end_heartbeats(consumer) };
        let timeout = self.out.planned(consumer).client.mq_client_api_timeout;
        let to = self.out.broker_host(broker);
        let v2 = self.heartbeat_v2(consumer, broker);
        self.instance(consumer).heartbeat.as_mut().expect("a round is under way").told = v2;
        let request = self.heartbeat_data(consumer, v2);
        self.out.call(host, to, request, timeout, Waiter::Heartbeat { consumer, epoch });
    }

    /// `prepareHeartbeatData`: every consumer that the instance knows; of a round that `shutdown()` has overtaken, the
    /// last one all the same.
    fn heartbeat_data(&self, consumer: ConsumerIndex, v2: Option<HeartbeatV2>) -> Request {
        let table = self.out.instances.consumers(consumer);
        let told = |other: &&ConsumerIndex| table.len() == 1 || self.clients[**other as usize].is_registered();
        let data = |&other: &ConsumerIndex| {
            let client = &self.clients[other as usize];
            let message_model = self.out.planned(other).consumer.message_model;
            ConsumerData { group: client.group, message_model, subscriptions: Rc::clone(&client.subscription_set) }
        };
        let consumers = table.iter().filter(told).map(data).collect();
        Request::Heartbeat { client: self.clients[consumer as usize].client, consumers, v2 }
    }

    /// A broker answered, or did not: failures are only logged.
    pub(in crate::model) fn heartbeat_answered(
        &mut self,
        consumer: ConsumerIndex,
        answer: Result<Response, CallError>,
    ) {
        let round = self.instance(consumer).heartbeat.as_mut().expect("a round is under way");
        let told = round.told.take().zip(round.left.pop());
        if round.owner == HeartbeatOwner::Channel && answer.is_ok() {
            self.wake_rebalance(consumer);
        }
        if let Some((sent, broker)) = told {
            self.note_fingerprint(consumer, (broker, sent), &answer);
        }
        self.send_next_heartbeat(consumer);
    }

    fn end_heartbeats(&mut self, consumer: ConsumerIndex) {
        let round = self.instance(consumer).heartbeat.take().expect("a round is under way");
        match round.owner {
            HeartbeatOwner::Start(starting) => self.start_heartbeats_sent(starting),
            HeartbeatOwner::Scheduled => self.scheduled_task_done(consumer),
            HeartbeatOwner::Rebalance => {
                let consumer = self.rebalancing(consumer).consumer;
                self.rebalance_next_topic(consumer);
            }
            HeartbeatOwner::Channel | HeartbeatOwner::Application => {}
        }
    }

    /// A connection to a broker became active: the event thread sends that broker a heartbeat, unless the lock is busy
    /// (as it is when a heartbeat opened the connection).
    pub(in crate::model) fn channel_active(&mut self, consumer: ConsumerIndex, connection: ConnectionId) {
        let enabled = self.out.planned(consumer).client.enable_heartbeat_channel_event_listener;
        let Host::Broker(broker) = self.out.role(self.out.connections[connection].server) else { return };
        if enabled && self.instance(consumer).heartbeat.is_none() {
            self.begin_heartbeats(consumer, HeartbeatOwner::Channel, vec![broker]);
        }
    }
}
