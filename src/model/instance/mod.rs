//! A client's process: one actor, which is one `MQClientInstance` and the consumers that share it, one a group
//! (`MQClientManager.getOrCreateMQClientInstance`).
//!
//! The threads of an instance are serial, as in the real client; each is a small state machine that goes on when its
//! answer comes:
//!
//! ```text
//!   start()/shutdown()             start.rs, shutdown.rs    heartbeat lock and its rounds  heartbeat.rs
//!   MQClientFactoryScheduledThread scheduled.rs             what brokers send to clients   notified.rs
//!   RebalanceService               rebalance_service.rs     routes, name servers           route.rs
//!   rebalanceByTopic               rebalance_by_topic.rs    events, answers                happen.rs
//!   getRebalanceResultFromBroker   query_assignment.rs
//! ```
//! What is one consumer's alone, from its queues to its listener, is in `consumer`; what only one of them is told of
//! goes there with the instance beside it, whose rebalance thread it may wake.

mod happen;
pub(in crate::model) mod heartbeat;
mod heartbeat_v2;
mod notified;
mod query_assignment;
mod reach;
mod rebalance_by_topic;
pub(in crate::model) mod rebalance_service;
#[cfg(test)]
mod releases;
mod route;
mod scheduled;
mod shutdown;
mod start;
#[cfg(test)]
pub(in crate::model) mod testing;

use std::collections::BTreeMap;

use crate::kernel::{Instant, Stream, Streams};
use crate::model::consumer::Consumer;
use crate::model::go_client::GoClient;
use crate::model::grpc_client::GrpcClient;
use crate::model::ids::HostId;
use crate::model::instance::heartbeat::HeartbeatRound;
use crate::model::instance::heartbeat_v2::Fingerprints;
use crate::model::instance::rebalance_service::RebalanceThread;
use crate::model::instance::scheduled::ScheduledThread;
use crate::model::network::Route;
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, TopicIndex};

/// `MQClientInstance`: what all consumers of one client id in one process share.
#[derive(Debug)]
pub(in crate::model) struct Instance {
    /// The first of its consumers in the plan, whose settings are its own: messages to it are addressed to that one.
    pub owner: ConsumerIndex,
    /// When its rebalance thread was made.
    pub created: Option<Instant>,
    /// Its threads run.
    pub started: bool,
    /// When its process has booted.
    pub booted: Instant,
    /// Position of the name server it sticks to (`namesrvAddrChoosed`), and whether it was ever asked.
    pub name_server: (u16, bool),
    /// `topicRouteTable`: it outlives subscriptions, and topics that name servers have forgotten.
    pub routes: BTreeMap<TopicIndex, Route>,
    pub scheduled: ScheduledThread,
    pub heartbeat: Option<HeartbeatRound>,
    pub fingerprints: Fingerprints,
    pub rebalance: RebalanceThread,
    pub lost_wakeups: Stream,
}

/// A process: its instance, and the consumers that share it.
#[derive(Debug)]
pub(in crate::model) struct ClientProcess {
    pub instance: Instance,
    /// The Go client that runs in it; `None`: the Java client. Of the instance it then has the routes alone.
    pub go: Option<GoClient>,
    /// The client of apache/rocketmq-clients that runs in it; `None`: one that asks brokers.
    pub grpc: Option<GrpcClient>,
    /// `consumerTable`, in the order in which the instance goes through it; those that do not run too.
    pub consumers: Vec<Consumer>,
}

impl Instance {
    /// An instance whose process does not run yet.
    pub(in crate::model) fn new(owner: ConsumerIndex, streams: Streams) -> Self {
        Self {
            owner,
            created: None,
            started: false,
            booted: Instant::ZERO,
            name_server: (0, false),
            routes: BTreeMap::new(),
            scheduled: ScheduledThread::default(),
            heartbeat: None,
            fingerprints: Fingerprints::default(),
            rebalance: RebalanceThread::default(),
            lost_wakeups: streams.stream("lost wake-ups", owner.into()),
        }
    }

    /// Forgets everything that an instance forgets when its process ends.
    pub(in crate::model) fn reset(&mut self) {
        (self.created, self.started, self.booted) = (None, false, Instant::ZERO);
        self.name_server = (0, false);
        self.routes.clear();
        self.scheduled = ScheduledThread::default();
        self.heartbeat = None;
        self.fingerprints = Fingerprints::default();
        self.rebalance = RebalanceThread::default();
    }
}

impl ClientProcess {
    /// The processes of a plan.
    pub(in crate::model) fn all(out: &mut Outside<'_>) -> Vec<Self> {
        let (plan, streams) = (out.plan, out.streams);
        // Client ids get their numbers in the order of the plan.
        plan.consumers.iter().for_each(|consumer| _ = out.names.intern_client(&consumer.client_id));
        let mut processes = Vec::new();
        for table in out.instances.tables() {
            let owner = out.instances.owner(table[0]);
            let consumers = (table.iter().enumerate())
                .map(|(at, &index)| {
                    let planned = &plan.consumers[index.at()];
                    Consumer::new((index, at), planned, &mut out.names, plan, streams)
                })
                .collect();
            processes.push(Self { instance: Instance::new(owner, streams), go: None, grpc: None, consumers });
        }
        processes
    }

    /// The place of the consumer by which the instance is addressed.
    pub(in crate::model) fn owner_at(&self) -> usize {
        let owner = |consumer: &Consumer| consumer.index == self.instance.owner;
        self.consumers.iter().position(owner).expect("the owner is one of them")
    }

    /// Whether any consumer is known to the instance.
    pub(in crate::model) fn any_is_registered(&self) -> bool {
        self.consumers.iter().any(Consumer::is_registered)
    }
}

impl<'a> Outside<'a> {
    /// Host of a consumer's process, and the process's life.
    pub(in crate::model) fn instance_seat(&self, consumer: ConsumerIndex) -> (HostId, u32) {
        let host = self.consumer_host(consumer);
        (host, self.epoch(host))
    }
}
