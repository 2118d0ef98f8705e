//! What the model is asked to play: the cluster, the load, the groups and the timeline, all names resolved.
//!
//! A plan is plain data, made from a scenario file by `scenario`, and never changed by a run. Everything is named by
//! its position in the plan's lists ([`BrokerIndex`] and its kin).

mod broker_costs;
mod broker_rules;
mod client_rules;
mod deployment;
mod environment;
mod go_client;
mod grpc_client;
mod listener;
mod lite_pull;
mod own_listener;
mod planted;
mod pools;
mod pop_broker;
mod pop_consumer;
mod proxy;
mod replication;
mod server_settings;
mod settings;
mod tags;
mod timeline;

pub use super::ids::{BrokerIndex, ConsumerIndex, GroupIndex, NameServerIndex, ProducerIndex, ProxyIndex, TopicIndex};
pub use broker_costs::{BrokerCosts, Cost};
pub use broker_rules::BrokerRules;
pub use client_rules::ClientRules;
pub use deployment::{DeploymentPlan, Sigterm};
pub use environment::Environment;
pub use go_client::GoRules;
pub use grpc_client::{GrpcSettings, SimpleConsumerSettings};
pub use listener::{Listener, OrderlyListener};
pub use lite_pull::LitePullSettings;
pub use own_listener::{MessageBatch, MessageListener, OwnListener};
pub use planted::PlantedMistake;
pub use pools::{PoolSettings, PoolsSettings};
pub use pop_broker::PopBrokerSettings;
pub use pop_consumer::PopConsumerSettings;
pub use proxy::{ProxyPlan, ProxySettings};
pub use replication::ReplicationSettings;
pub use server_settings::{BrokerSettings, FlushDiskType, NameServerSettings};
pub use settings::{ClientSettings, ConsumeFromWhere, ConsumerSettings, MessageModel, OrderlySettings, TimerSettings};
pub use tags::TagSet;
pub use timeline::{Action, Direction, GroupChange, Host, OffsetReset, Permission, ResetTo, Step, When};

use crate::kernel::{Distribution, Instant, Span};
use crate::offset::ChosenStore;

/// One story, ready to be played with any seed.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How long the run lasts.
    pub duration: Span,
    /// What belongs to machines and not to RocketMQ.
    pub environment: Environment,
    /// Name servers; at least one.
    pub name_servers: Vec<NameServerPlan>,
    /// Brokers, the masters first; at least one.
    pub brokers: Vec<BrokerPlan>,
    /// Proxies in processes of their own, for clients that speak gRPC; without any each broker has one in its process.
    pub proxies: Vec<ProxyPlan>,
    /// Settings of the proxies in brokers' processes.
    pub local_proxy: ProxySettings,
    /// Topics that exist from the start.
    pub topics: Vec<TopicPlan>,
    /// Tags that producers put on messages; [`TagSet`] counts them from 1.
    pub tags: Vec<String>,
    /// Producers.
    pub producers: Vec<ProducerPlan>,
    /// Consumer groups.
    pub groups: Vec<GroupPlan>,
    /// Consumers: processes with one group each. They run from their first `start` step on.
    pub consumers: Vec<ConsumerPlan>,
    /// Consumers as later releases of their application start them: the same name, machine and group, other settings.
    pub releases: Vec<ConsumerPlan>,
    /// Groups that Kubernetes runs.
    pub deployments: Vec<DeploymentPlan>,
    /// Steps in the order of the file; their times need not ascend.
    pub timeline: Vec<Step>,
    /// A rule that the model breaks, for tests of what would notice it.
    pub planted: Option<PlantedMistake>,
}

impl Plan {
    /// Whether anybody may ask which message was the first at a moment: a consumer that starts at one, an operator who
    /// resets to one, or the retention.
    #[must_use]
    pub fn looks_up_times(&self) -> bool {
        let starts =
            |consumer: &ConsumerPlan| matches!(consumer.consumer.consume_from_where, ConsumeFromWhere::Timestamp(_));
        let acts = |step: &Step| match &step.action {
            Action::ResetOffsets(reset) => matches!(reset.to, ResetTo::Time(_)),
            Action::ForgetHeads { keep, .. } => keep.is_some(),
            _ => false,
        };
        // A popped message that failed too often is given up by its age.
        let ages = |member: &ConsumerPlan| !member.consumer.pop.client_rebalance && member.listener.fails();
        let mut members = self.consumers.iter().chain(&self.releases);
        members.any(|member| starts(member) || ages(member)) || self.timeline.iter().any(acts)
    }

    /// Whether anybody may pop: brokers are asked who has what.
    #[must_use]
    pub fn may_pop(&self) -> bool {
        let pops = |member: &ConsumerPlan| !member.consumer.pop.client_rebalance || member.client.grpc.is_some();
        self.consumers.iter().chain(&self.releases).any(pops)
    }

    /// The offset store of a group's `CLUSTERING` members. What a `BROADCASTING` member keeps is its own.
    #[must_use]
    pub fn offset_store(&self, group: GroupIndex) -> ChosenStore {
        let of_group = |consumer: &&ConsumerPlan| {
            consumer.group == group && consumer.consumer.message_model == MessageModel::Clustering
        };
        let member = self.consumers.iter().find(of_group);
        member.map_or_else(ChosenStore::of_brokers, |member| member.consumer.offset_store())
    }

    /// Strategies by number: the first consumer or release that has the same one.
    ///
    /// # Panics
    /// Where the consumer is none of this plan.
    #[must_use]
    pub fn strategy_number(&self, consumer: &ConsumerPlan) -> usize {
        let strategy = &consumer.consumer.allocate_message_queue_strategy;
        let same =
            |other: &ConsumerPlan| std::sync::Arc::ptr_eq(&other.consumer.allocate_message_queue_strategy, strategy);
        self.consumers.iter().chain(&self.releases).position(same).expect("the consumer is in the plan")
    }
}

/// A name server.
#[derive(Debug, Clone)]
pub struct NameServerPlan {
    /// Its name, unique among all hosts.
    pub name: String,
    /// Its settings.
    pub settings: NameServerSettings,
}

/// A broker: a master or a slave.
#[derive(Debug, Clone)]
pub struct BrokerPlan {
    /// Of a master `brokerName`, of a slave a name of its own; unique among all hosts.
    pub name: String,
    /// Of a slave: its master, which stands before all slaves.
    pub slave_of: Option<BrokerIndex>,
    /// `brokerId`: 0 of a master.
    pub broker_id: u32,
    /// The machine it runs on, where the story names one.
    pub machine: Option<String>,
    /// When it first accepts connections, after the start of the run.
    pub start: Distribution,
    /// Its settings.
    pub settings: BrokerSettings,
}

impl BrokerPlan {
    /// A master as RocketMQ's defaults make it, that runs from the beginning.
    #[must_use]
    pub fn master(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            slave_of: None,
            broker_id: 0,
            machine: None,
            start: Distribution::ZERO,
            settings: BrokerSettings::default(),
        }
    }
}

/// A topic.
#[derive(Debug, Clone)]
pub struct TopicPlan {
    /// Its name.
    pub name: String,
    /// It is there from the beginning; else its queues are what `create_topic` makes.
    pub exists: bool,
    /// Its queues, broker by broker.
    pub queues: Vec<TopicOnBroker>,
}

/// The queues of a topic on one broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicOnBroker {
    /// The broker.
    pub broker: BrokerIndex,
    /// `readQueueNums`.
    pub read_queue_nums: u32,
    /// `writeQueueNums`.
    pub write_queue_nums: u32,
}

/// A producer that sends to one topic.
#[derive(Debug, Clone)]
pub struct ProducerPlan {
    /// Its name, unique among all hosts.
    pub name: String,
    /// Where it sends.
    pub topic: TopicIndex,
    /// When it sends.
    pub arrivals: Arrivals,
    /// When it starts.
    pub from: Instant,
    /// When it stops sending; the end of the run if `None`.
    pub until: Option<Instant>,
    /// Relative weights by position of the queue in the producer's sorted view; empty: round-robin.
    /// Queues past the end of the list weigh 1.
    pub queue_weights: Vec<u32>,
    /// Tags of its messages, by number, with relative weights; empty: none.
    pub tags: Vec<(u8, u32)>,
    /// Each message has one of so many keys, which decides its queue (`SelectMessageQueueByHash`); 0: none.
    pub keys: u32,
    /// `sendMsgTimeout`, default 3 s: of all attempts together.
    pub send_timeout: Span,
    /// `sendMsgMaxTimeoutPerRequest`, of an attempt that is not the last; default: none.
    pub send_timeout_per_request: Option<Span>,
    /// `retryTimesWhenSendFailed`, default 2.
    pub retry_times: u32,
    /// `retryAnotherBrokerWhenNotStoreOK`, default false.
    pub retry_when_not_store_ok: bool,
    /// `body` size of a message in bytes.
    pub body_bytes: u32,
    /// `pollNameServerInterval`.
    pub poll_name_server_interval: Span,
}

/// When messages are sent, open loop: a slow broker does not slow the sender.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrivals {
    /// One message every `interval`.
    Constant {
        /// Time between two messages.
        interval: Span,
    },
    /// Exponential gaps with this mean.
    Poisson {
        /// Mean time between two messages.
        interval: Span,
    },
    /// `burst` messages at once every `every`.
    Bursty {
        /// Messages in a burst.
        burst: u32,
        /// Time between the starts of two bursts.
        every: Span,
    },
    /// What a recording says: each message at its time into its queue, in order of time.
    Recorded(Vec<RecordedMessage>),
}

/// A message whose time and queue are known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordedMessage {
    /// When it is sent, at the earliest.
    pub at: Instant,
    /// A recording gives the times of the first and the last message of a run. Those between are evenly spread, but
    /// nobody knows in which phase: up to so much later, by a share that the seed draws for the whole recording.
    pub phase: Span,
    /// To which broker.
    pub broker: BrokerIndex,
    /// Into which queue.
    pub queue_id: u32,
}

/// A consumer group.
#[derive(Debug, Clone)]
pub struct GroupPlan {
    /// `consumerGroup`.
    pub name: String,
    /// Where an operator has created the group; matters where `autoCreateSubscriptionGroup` is off, and for commands.
    pub created: Created,
    /// Names of the releases that its consumers can be started as; each has an entry a consumer in [`Plan::releases`].
    pub releases: Vec<String>,
}

/// On which brokers an operator has created a group before the run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Created {
    /// On none.
    #[default]
    Nowhere,
    /// On all.
    Everywhere,
    /// On these.
    On(Vec<BrokerIndex>),
}

impl Created {
    /// Whether the group is on a broker.
    #[must_use]
    pub fn on(&self, broker: BrokerIndex) -> bool {
        match self {
            Self::Nowhere => false,
            Self::Everywhere => true,
            Self::On(brokers) => brokers.contains(&broker),
        }
    }
}

/// One consumer: a `DefaultMQPushConsumer`, in a process of its own unless it shares an `MQClientInstance`.
#[derive(Debug, Clone)]
pub struct ConsumerPlan {
    /// Its name in the story, unique among all hosts; it survives restarts.
    pub name: String,
    /// Client id of its first start; a restart may bring another.
    pub client_id: String,
    /// The address of its machine, where its client ids begin with it; `None`: `clientIP` or `clientId` says otherwise.
    pub address: Option<String>,
    /// Its next process has the same client id but for the address: `instanceName` or `clientId` is set, or it is
    /// `BROADCASTING`. Else the name is that of the process.
    pub fixed_name: bool,
    /// The machine it runs on: consumers of one machine share its disk. The network and power faults of the story are
    /// those of a process all the same.
    pub machine: String,
    /// The consumer whose `MQClientInstance` it uses, in one process with it; `None`: it has one of its own.
    pub instance_of: Option<ConsumerIndex>,
    /// Its group.
    pub group: GroupIndex,
    /// Topics it subscribes, `%RETRY%` left out.
    pub topics: Vec<TopicIndex>,
    /// `subExpression` for all of them.
    pub tags: TagSet,
    /// `MQClientInstance` settings.
    pub client: ClientSettings,
    /// `DefaultMQPushConsumer` settings.
    pub consumer: ConsumerSettings,
    /// What the listener does.
    pub listener: Listener,
}

impl ConsumerPlan {
    /// The longest that its listener works on a batch of any of its topics; `None` where there is no bound.
    #[must_use]
    pub fn longest_work(&self) -> Option<Span> {
        if self.listener.own.is_some() {
            return None;
        }
        let longest = self.topics.iter().map(|&topic| self.listener.work_on(topic).upper_bound());
        longest.collect::<Option<Vec<Span>>>().map(|all| all.into_iter().max().unwrap_or(Span::ZERO))
    }

    /// Its client id where its machine has the address with this number.
    #[must_use]
    pub fn id_at(&self, number: usize) -> String {
        match &self.address {
            Some(address) => format!("{}{}", super::ip_address(number), &self.client_id[address.len()..]),
            None => self.client_id.clone(),
        }
    }
}
