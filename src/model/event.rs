//! Everything that can happen, as small values: to whom, and what.
//!
//! Events of a process carry its `epoch`, the count of its lives: what a dead process had planned is told apart from
//! the plans of its successor and ignored, in one place ([`World`](super::World)). Names and the words of fingerprints
//! are derived: no number is given by hand.

use serde::Serialize;
use strum::{IntoStaticStr, VariantNames};

use super::observation::{QueueIndex, StoreDelay};
use super::plan::{BrokerIndex, ConsumerIndex, GroupIndex, NameServerIndex, ProducerIndex, ProxyIndex};
pub use super::tasks::{
    BrokerTask, ChannelEnd, DatabaseEvent, GoTask, GrpcTask, OrderlyTask, ProxyEvent, ScheduledTask,
};
use crate::model::ids::{ConnectionId, FlightId};

/// What happens, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The story goes on.
    Timeline(TimelineEvent),
    /// The controller hears of the brokers that it can hear, and looks for silent ones every five seconds.
    ControllerTicked,
    /// To the network.
    Network(NetworkEvent),
    /// To the process with a consumer's `MQClientInstance`; `epoch` counts the lives of the process.
    Instance {
        consumer: ConsumerIndex,
        #[serde(skip)]
        epoch: u32,
        what: InstanceEvent,
    },
    /// To a consumer; `epoch` counts its own lives.
    Consumer {
        consumer: ConsumerIndex,
        #[serde(skip)]
        epoch: u32,
        what: ConsumerEvent,
    },
    /// To the pod of a consumer.
    Pod {
        consumer: ConsumerIndex,
        #[serde(skip)]
        epoch: u32,
        what: PodEvent,
    },
    /// To a broker.
    Broker {
        broker: BrokerIndex,
        #[serde(skip)]
        epoch: u32,
        what: BrokerEvent,
    },
    /// To a name server.
    NameServer {
        name_server: NameServerIndex,
        #[serde(skip)]
        epoch: u32,
        what: NameServerEvent,
    },
    /// To a producer.
    Producer { producer: ProducerIndex, what: ProducerEvent },
    /// To a proxy.
    Proxy {
        proxy: ProxyIndex,
        #[serde(skip)]
        epoch: u32,
        what: ProxyEvent,
    },
    /// To the database of a group's application.
    Database(DatabaseEvent),
}

impl Event {
    /// Its name, for the event log and for people.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Timeline(what) => what.into(),
            Self::ControllerTicked => "controller_ticked",
            Self::Network(what) => what.into(),
            Self::Instance { what, .. } => what.into(),
            Self::Consumer { what, .. } => what.into(),
            Self::Pod { what, .. } => what.into(),
            Self::Broker { what, .. } => what.into(),
            Self::NameServer { what, .. } => what.into(),
            Self::Producer { what, .. } => what.into(),
            Self::Proxy { what, .. } => what.into(),
            Self::Database(what) => what.into(),
        }
    }
}

/// What the story says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
#[serde(rename_all = "snake_case")]
pub enum TimelineEvent {
    /// A step of the timeline is due.
    StepDue { step: u32 },
    /// The operator's tool has booted and acts.
    OperatorActed { step: u32 },
}

impl From<TimelineEvent> for Event {
    fn from(what: TimelineEvent) -> Self {
        Self::Timeline(what)
    }
}

/// What happens to messages, connections and calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
#[serde(rename_all = "snake_case")]
pub enum NetworkEvent {
    /// A message reaches the other end of its connection.
    Arrived {
        #[serde(skip)]
        flight: FlightId,
    },
    /// A connect was not answered in time.
    ConnectTimedOut { connection: ConnectionId },
    /// Netty's idle handler looks at one end of a connection.
    IdleChecked { connection: ConnectionId, at_server: bool },
    /// A call was not answered in time.
    CallTimedOut {
        #[serde(skip)]
        slot: u32,
        #[serde(skip)]
        generation: u32,
    },
    /// A call lost its connection.
    CallFailed {
        #[serde(skip)]
        slot: u32,
        #[serde(skip)]
        generation: u32,
    },
}

impl From<NetworkEvent> for Event {
    fn from(what: NetworkEvent) -> Self {
        Self::Network(what)
    }
}

/// What happens to an `MQClientInstance`, which consumers of one process share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
#[serde(rename_all = "snake_case")]
pub enum InstanceEvent {
    /// A timer of the scheduled thread is due.
    ScheduledTaskDue { task: ScheduledTask },
    /// The rebalance thread wakes.
    RebalanceWoken,
    /// The client's event thread learns that a connection is active.
    ChannelActive { connection: ConnectionId },
    /// A ticker of a Go client ticks.
    GoTaskDue { task: GoTask },
    /// A timer of a client that speaks gRPC is due, or one of its listeners returns.
    GrpcTaskDue { task: GrpcTask },
}

impl InstanceEvent {
    /// To the process with this consumer's instance, in this life.
    #[must_use]
    pub const fn of(self, consumer: ConsumerIndex, epoch: u32) -> Event {
        Event::Instance { consumer, epoch, what: self }
    }
}

/// What happens to one consumer of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
#[serde(rename_all = "snake_case")]
pub enum ConsumerEvent {
    /// A client process has booted and calls `start()`.
    ProcessBooted,
    /// `start()` has made its `MQClientInstance`.
    InstanceCreated,
    /// The instance's threads run; `start()` goes on to fetch routes.
    InstanceStarted,
    /// The shutdown hook calls `shutdown()`.
    ShutdownCalled,
    /// `awaitTerminationMillisWhenShutdown` is over, for the first or second time.
    TerminationAwaited { second: bool },
    /// `shutdown()`: the pull service ends; `waited`: its executor of delayed pulls has had its time.
    PullsStopped { waited: bool },
    /// `shutdown()`: the instance's threads have ended.
    InstanceStopped,
    /// A pull request's delay is over.
    PullDue {
        #[serde(skip)]
        process_queue: u32,
    },
    /// A listener returns.
    ListenerReturned { thread: u32 },
    /// A message that could not be sent back is consumed again.
    ResubmitDue {
        #[serde(skip)]
        process_queue: u32,
        offset: u32,
    },
    /// The cleaner looks for messages that a listener has held for too long.
    CleanDue,
    /// An older client repairs a queue whose offset was illegal.
    OffsetRepaired {
        #[serde(skip)]
        process_queue: u32,
    },
    /// A reset of offsets has slept long enough.
    ResetSlept,
    /// `poll()` of a consumer that pulls has waited long enough.
    PollTimedOut { poll: u32 },
    /// A timer of orderly consumption; `process_queue` is 0 where it concerns all.
    OrderlyTaskDue {
        #[serde(skip)]
        process_queue: u32,
        task: OrderlyTask,
    },
    /// What the story says of the length of this start is over: its requests come.
    StartGoesOn,
    /// A pop's delay is over.
    PopDue {
        #[serde(skip)]
        process_queue: u32,
    },
    /// A listener of popped messages returns.
    PopListenerReturned { thread: u32 },
}

impl ConsumerEvent {
    /// To this consumer, in this life.
    #[must_use]
    pub const fn of(self, consumer: ConsumerIndex, epoch: u32) -> Event {
        Event::Consumer { consumer, epoch, what: self }
    }
}

/// What a kubelet does with a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PodEvent {
    /// A pod's `readinessProbe` succeeds.
    PodReady,
    /// SIGTERM reaches a pod.
    PodSignalled,
    /// A pod's grace period is over: SIGKILL.
    GraceOver,
    /// The kubelet starts the process of a pod again.
    ContainerRestarted,
    /// A pod is evicted from a node that has been silent for too long, and another one takes its place.
    PodEvicted,
}

impl PodEvent {
    /// To the pod of this consumer, in this life.
    #[must_use]
    pub const fn of(self, consumer: ConsumerIndex, epoch: u32) -> Event {
        Event::Pod { consumer, epoch, what: self }
    }
}

/// What happens to a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
#[serde(rename_all = "snake_case")]
pub enum BrokerEvent {
    /// A broker accepts connections.
    BrokerBooted,
    /// A thread of a broker has worked on a request.
    RequestServed {
        #[serde(skip)]
        slot: u32,
    },
    /// A broker's timer is due.
    BrokerTaskDue { task: BrokerTask },
    /// The broker's event thread handles a closed channel.
    ChannelClosed { connection: ConnectionId, cause: ChannelEnd },
    /// The expiry scan reaches a consumer's entry.
    MemberExpired { connection: ConnectionId },
    /// `ReputMessageService` dispatches what was appended.
    Dispatched,
    /// A pull that has read nothing begins to wait.
    PullHeld {
        #[serde(skip)]
        slot: u32,
    },
    /// The controller makes a slave the master.
    MasterElected,
    /// What a master appended came over to a slave.
    LogReplicated,
    /// A flush of the log ends (`GroupCommitService`).
    LogFlushed,
    /// The disk or the slaves of a broker have not had a message in time.
    StoreTimedOut { number: u32, delay: StoreDelay },
    /// A broker that starts goes on to prepare itself (`BrokerPreOnlineService`).
    PreOnlineDue,
    /// A broker has written its offsets.
    OffsetsWritten,
    /// A delayed message is due.
    DelayedMessageDue { index: u32 },
    /// The poll of a pop is over.
    PopPollingOver {
        #[serde(skip)]
        number: u32,
    },
    /// A second of the timer wheel is over (`TimerMessageStore`).
    TimerSecond {
        #[serde(skip)]
        second: u64,
    },
    /// The thread of a queue of the revive topic rests no more, or looks again.
    ReviveDue { queue: u32 },
    /// A checkpoint has been in memory for long enough.
    CheckpointBuffered {
        #[serde(skip)]
        number: u32,
    },
    /// A queue that was popped in order is free again, or may be (`ConsumerOrderInfoLockManager`).
    PopOrderFree { group: GroupIndex, queue: QueueIndex },
    /// A row in RocksDB of a popped message is due (`PopConsumerService`).
    PopRecordsDue,
    /// The rows of popped messages are looked through that wait in memory (`PopConsumerCache`).
    PopCacheLooked,
}

impl BrokerEvent {
    /// To this broker, in this life.
    #[must_use]
    pub const fn of(self, broker: BrokerIndex, epoch: u32) -> Event {
        Event::Broker { broker, epoch, what: self }
    }

    /// Whether its handler wants it even when that life is over: to begin another, or to note that nothing is under way.
    pub(super) const fn outlives_its_process(self) -> bool {
        matches!(self, Self::BrokerBooted | Self::Dispatched | Self::MasterElected)
    }
}

/// What happens to a name server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum NameServerEvent {
    /// A name server accepts connections.
    NameServerBooted,
    /// The name server looks for silent brokers.
    NameServerScanned,
}

impl NameServerEvent {
    /// To this name server, in this life.
    #[must_use]
    pub const fn of(self, name_server: NameServerIndex, epoch: u32) -> Event {
        Event::NameServer { name_server, epoch, what: self }
    }
}

/// What happens to a producer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ProducerEvent {
    /// A producer sends.
    MessageDue,
    /// A producer polls its route.
    ProducerRoutePolled,
}

impl ProducerEvent {
    /// To this producer.
    #[must_use]
    pub const fn of(self, producer: ProducerIndex) -> Event {
        Event::Producer { producer, what: self }
    }
}

impl From<DatabaseEvent> for Event {
    fn from(what: DatabaseEvent) -> Self {
        Self::Database(what)
    }
}
