//! What clients of apache/rocketmq-clients and proxies say to each other (`apache/rocketmq-apis`, `service.proto`), and
//! what a proxy asks a broker for one of its clients.
//!
//! A client is known by its connection here, where the wire has its id in each request.

use std::rc::Rc;

use strum::IntoStaticStr;

use super::message::{ConsumerData, Route, SubscriptionData};
use super::pop::{AssignedQueue, PopHandle, PopRequest, PoppedMessage};
use crate::kernel::Span;
use crate::model::ids::ConnectionId;
use crate::model::observation::ClientIndex;
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, TagSet, TopicIndex};

/// Whom a client asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// Whoever it has dialled of the endpoints that it was configured with.
    Dialled,
    /// The proxy in the process of this broker, as a route said.
    Broker(BrokerIndex),
}

/// An assignment, and whom its messages are received from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GrpcAssigned {
    /// All queues of a broker, or of a FIFO group one of them.
    pub queue: AssignedQueue,
    /// Whom to ask.
    pub endpoint: Endpoint,
}

/// `ReceiveMessage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receive {
    /// The group that receives.
    pub group: GroupIndex,
    /// From which topic.
    pub topic: TopicIndex,
    /// The name of the broker; which of its queues is named counts for nothing.
    pub broker: BrokerIndex,
    /// `batchSize`.
    pub max_messages: u32,
    /// `longPollingTimeout`.
    pub poll: Span,
    /// `invisibleDuration`; `None`: `autoRenew`, of a PushConsumer.
    pub invisible: Option<Span>,
    /// `filterExpression`.
    pub tags: TagSet,
    /// `attemptId`.
    pub attempt_id: Option<u64>,
    /// How much time the call has.
    pub deadline: Span,
}

/// A request of a client.
#[derive(Debug, Clone, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers and counts named after what they are")]
pub enum GrpcRequest {
    /// `Telemetry` with `Settings`: who the client is, which registers it.
    Settings { group: GroupIndex, client: ClientIndex, subscriptions: Rc<Vec<SubscriptionData>> },
    /// `QueryRoute`.
    QueryRoute { topic: TopicIndex },
    /// `QueryAssignment`.
    QueryAssignment { group: GroupIndex, topic: TopicIndex },
    /// `Heartbeat`.
    Heartbeat { group: GroupIndex, client: ClientIndex },
    /// `ReceiveMessage`.
    Receive(Receive),
    /// `AckMessage` of one message.
    Ack { group: GroupIndex, handle: PopHandle },
    /// `ChangeInvisibleDuration`.
    ChangeInvisible { group: GroupIndex, handle: PopHandle, invisible: Span },
    /// `ForwardMessageToDeadLetterQueue`; `life`: of the log, as the message came.
    ToDeadLetterQueue { group: GroupIndex, handle: PopHandle, life: u32 },
    /// `NotifyClientTermination`.
    NotifyTermination { group: GroupIndex },
}

impl GrpcRequest {
    /// Whether it belongs to the flow of messages.
    pub fn is_data(&self) -> bool {
        matches!(
            self,
            Self::Receive(_) | Self::Ack { .. } | Self::ChangeInvisible { .. } | Self::ToDeadLetterQueue { .. }
        )
    }
}

/// What a proxy tells a client of its settings (`GrpcClientSettingsManager.mergeSubscriptionData`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrpcSettingsAnswer {
    /// `fifo`: `consumeMessageOrderly` of the group.
    pub fifo: bool,
    /// `maxAttempts`: `retryMaxTimes` of the group and one.
    pub max_attempts: u32,
    /// `longPollingTimeout`.
    pub long_polling_timeout: Span,
    /// `receiveBatchSize`.
    pub receive_batch_size: u32,
}

/// An answer of a proxy.
#[derive(Debug, Clone, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "each is the code of `Status` that it is named after")]
pub enum GrpcResponse {
    Ok,
    /// `Settings`.
    Settings(GrpcSettingsAnswer),
    /// A topic's route, and whether each broker is asked at its own endpoint; `None`: TOPIC_NOT_FOUND.
    Route {
        route: Option<Route>,
        local: bool,
    },
    /// The assignments of a topic.
    Assignment(Rc<Vec<GrpcAssigned>>),
    /// Messages.
    Received(Rc<Vec<PoppedMessage>>),
    /// MESSAGE_NOT_FOUND: nothing came in time.
    MessageNotFound,
    TooManyRequests,
    /// What the message is acknowledged with from now on.
    InvisibleChanged(PopHandle),
    InvalidReceiptHandle,
    UnrecognizedClientType,
    IllegalInvisibleTime,
    IllegalPollingTime,
    /// FORBIDDEN: no readable queue.
    Forbidden,
    InternalServerError,
}

/// What a client that speaks gRPC waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
pub enum GrpcWait {
    /// A topic's route.
    Route { topic: TopicIndex },
    /// The settings of an endpoint.
    Settings { endpoint: Endpoint },
    /// A topic's assignments.
    Assignment { topic: TopicIndex },
    /// The answer to a heartbeat, which nobody minds.
    Heartbeat,
    /// What a message queue receives.
    Receive { queue: u32 },
    /// What a thread of an application receives.
    SimpleReceive { thread: u32 },
    /// What became of a message's fate.
    Told { number: u32 },
    /// That the client ends is known.
    Termination,
}

/// What a proxy asks a broker for a client.
#[derive(Debug, Clone, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
pub enum OfProxy {
    /// `POP_MESSAGE`.
    Pop { consumer: ConsumerIndex, pop: PopRequest },
    /// `ACK_MESSAGE`; `astray`: its handle names no checkpoint (`LocalMessageService.changeInvisibleTime`).
    Ack { consumer: ConsumerIndex, group: GroupIndex, handle: PopHandle, astray: bool },
    /// `CHANGE_MESSAGE_INVISIBLETIME`, likewise.
    ChangeInvisible { consumer: ConsumerIndex, group: GroupIndex, handle: PopHandle, invisible: Span, astray: bool },
    /// `ConsumerManager.registerConsumer` of the process that proxy and broker share; without data a heartbeat.
    Register { channel: ConnectionId, client: ClientIndex, data: ConsumerData, updates: bool },
    /// `ConsumerManager.unregisterConsumer` there.
    Unregister { channel: ConnectionId, group: GroupIndex },
}
