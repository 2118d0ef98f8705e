//! The requests and responses of the wire (`RequestCode`, `ResponseCode`), with dense numbers for names.

use std::rc::Rc;

use strum::IntoStaticStr;

use crate::kernel::{Instant, Span};
use crate::model::disk::{DataVersion, GroupOffset, OpenTopic};
use crate::model::ids::MemberViewId;
use crate::model::marks::Mark;
use crate::model::network::{
    Assigned, GrpcRequest, GrpcResponse, OfProxy, PopHandle, PopRequest, Popped, QueryAssignment,
};
use crate::model::observation::{
    ClientIndex, CommitPath, PullTrouble, QueueIndex, RequestKind, SendRefusal, SentMessage, StoreDelay,
};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, MessageModel, TagSet, TopicIndex};
use crate::model::replicas::Addresses;

/// The queues of one topic on one broker, as a name server tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteEntry {
    /// The broker's name.
    pub broker: BrokerIndex,
    /// `readQueueNums`.
    pub read_queue_nums: u32,
    /// `writeQueueNums`.
    pub write_queue_nums: u32,
    /// The addresses of that name.
    pub addresses: Addresses,
}

/// `TopicRouteData`: entries in order of the broker names.
pub type Route = Rc<Vec<RouteEntry>>;

/// Where in a pass of notifications one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassPlace {
    /// The pass by its number; 0: one that nothing breaks off.
    pub pass: u32,
    /// Its place in it, from 1 on.
    pub place: u32,
}

impl PassPlace {
    /// In a pass that nothing breaks off.
    pub const NONE: Self = Self { pass: 0, place: 0 };
}

/// `PULL_MESSAGE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullRequest {
    /// The group that pulls.
    pub group: GroupIndex,
    /// From which queue.
    pub queue: QueueIndex,
    /// From which offset on.
    pub offset: u64,
    /// At most so many messages.
    pub max_messages: u32,
    /// The offset to commit on arrival (the piggyback), if any.
    pub commit: Option<u64>,
    /// The subscription version of the asker for this topic.
    pub subscription_version: u64,
    /// How long the broker may hold the request.
    pub suspend: Span,
}

/// `SubscriptionData`: one topic of a subscription set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubscriptionData {
    /// The topic.
    pub topic: TopicIndex,
    /// `subVersion`: wall clock in ms.
    pub version: u64,
    /// The tags it takes.
    pub tags: TagSet,
}

/// What a heartbeat of the second version says beside its consumers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeartbeatV2 {
    /// `heartbeatFingerprint`.
    pub fingerprint: u64,
    /// `isWithoutSub`: the subscriptions are left out.
    pub without_subscriptions: bool,
}

/// `ConsumerData`: what a heartbeat says of one consumer.
#[derive(Debug, Clone)]
pub struct ConsumerData {
    /// Its group.
    pub group: GroupIndex,
    /// Its message model.
    pub message_model: MessageModel,
    /// Its subscription set with the versions.
    pub subscriptions: Rc<Vec<SubscriptionData>>,
}

/// A request.
#[derive(Debug, Clone, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers and counts named after what they are")]
pub enum Request {
    /// `GET_ROUTEINFO_BY_TOPIC`.
    GetRoute { topic: TopicIndex },
    /// The same of `TBW102`, the topic that brokers have which make topics by themselves (`autoCreateTopicEnable`).
    GetDefaultRoute,
    /// `REGISTER_BROKER` with the full topic table, which counts of a master only.
    RegisterBroker { broker_id: u32, topics: Rc<Vec<OpenTopic>> },
    /// `GET_ALL_CONSUMER_OFFSET`, of a slave.
    GetAllOffsets,
    /// `BROKER_HEARTBEAT`, one-way: the broker is still there (`enableSlaveActingMaster`).
    BrokerHeartbeat,
    /// `UNREGISTER_BROKER`.
    UnregisterBroker,
    /// `HEART_BEAT`, for all consumers of an `MQClientInstance`.
    Heartbeat { client: ClientIndex, consumers: Vec<ConsumerData>, v2: Option<HeartbeatV2> },
    /// `UNREGISTER_CLIENT`.
    UnregisterClient { group: GroupIndex },
    /// `GET_CONSUMER_LIST_BY_GROUP`.
    GetConsumerList { group: GroupIndex },
    /// `QUERY_CONSUMER_OFFSET`.
    QueryOffset { group: GroupIndex, queue: QueueIndex },
    /// `UPDATE_CONSUMER_OFFSET`, one-way.
    UpdateOffset { group: GroupIndex, queue: QueueIndex, offset: u64, path: CommitPath },
    /// `GET_MAX_OFFSET`.
    GetMaxOffset { queue: QueueIndex },
    /// `SEARCH_OFFSET_BY_TIMESTAMP`.
    SearchOffset { queue: QueueIndex, timestamp: Instant },
    /// `PULL_MESSAGE`.
    Pull(PullRequest),
    /// `QUERY_ASSIGNMENT`.
    QueryAssignment(QueryAssignment),
    /// `POP_MESSAGE`.
    Pop(PopRequest),
    /// `ACK_MESSAGE`.
    Ack { handle: PopHandle, group: GroupIndex },
    /// `CHANGE_MESSAGE_INVISIBLETIME`: from now on for so long.
    ChangeInvisible { handle: PopHandle, group: GroupIndex, invisible: Span },
    /// `CONSUMER_SEND_MSG_BACK`: `queue`, `offset` and `life` name the message (as [`Pulled::Found`] did), `max_reconsume_times` is the asker's;
    /// `delay_level`: `None` is 0, by the times it was consumed.
    SendBack {
        consumer: ConsumerIndex,
        group: GroupIndex,
        queue: QueueIndex,
        offset: u64,
        life: u32,
        max_reconsume_times: u32,
        delay_level: Option<u32>,
    },
    /// `LOCK_BATCH_MQ`.
    LockBatch { group: GroupIndex, client: ClientIndex, queues: Rc<Vec<QueueIndex>> },
    /// `UNLOCK_BATCH_MQ`.
    UnlockBatch { group: GroupIndex, client: ClientIndex, queues: Rc<Vec<QueueIndex>> },
    /// `SEND_MESSAGE` to `%RETRY%` by an orderly consumer that has tried often enough.
    SendToRetry {
        consumer: ConsumerIndex,
        group: GroupIndex,
        queue: QueueIndex,
        offset: u64,
        life: u32,
        reconsume_times: u32,
        max_reconsume_times: u32,
    },
    /// `SEND_MESSAGE` to a queue of this broker.
    Send { sent: SentMessage, queue: QueueIndex, body_bytes: u32, mark: Mark },
    /// `RESET_CONSUMER_CLIENT_OFFSET`, one-way from broker to client.
    ResetClientOffset { group: GroupIndex, offsets: Rc<Vec<(QueueIndex, u64)>> },
    /// What a client of apache/rocketmq-clients asks a proxy.
    Grpc(GrpcRequest),
    /// What a proxy asks a broker for one of its clients.
    OfProxy(OfProxy),
    /// `NOTIFY_CONSUMER_IDS_CHANGED`, one-way from broker to client.
    NotifyConsumerIdsChanged { broker: BrokerIndex, place: PassPlace },
}

impl Request {
    /// What statistics count it as.
    pub fn kind(&self) -> RequestKind {
        match self {
            Self::Heartbeat { .. } => RequestKind::Heartbeat,
            Self::UnregisterClient { .. } => RequestKind::Unregister,
            Self::GetConsumerList { .. } => RequestKind::ConsumerList,
            Self::LockBatch { .. } | Self::UnlockBatch { .. } => RequestKind::Lock,
            Self::Pull(_) | Self::Send { .. } | Self::UpdateOffset { .. } => RequestKind::Data,
            Self::Pop(_) | Self::Ack { .. } | Self::ChangeInvisible { .. } => RequestKind::Data,
            Self::OfProxy(_) => RequestKind::Data,
            _ => RequestKind::Other,
        }
    }

    /// Whether it belongs to the flow of messages; all others are rare.
    pub fn is_data(&self) -> bool {
        match self {
            Self::Pull(_) | Self::Send { .. } | Self::Pop(_) | Self::Ack { .. } | Self::ChangeInvisible { .. } => true,
            Self::OfProxy(_) => true,
            Self::Grpc(request) => request.is_data(),
            _ => false,
        }
    }

    /// A small number, below [`Request::KINDS`], for each kind whose first uses run in cold code when a client starts.
    pub fn starting_kind(&self) -> Option<usize> {
        Some(match self {
            Self::GetRoute { .. } => 0,
            Self::Heartbeat { .. } => 1,
            Self::GetConsumerList { .. } => 2,
            Self::QueryOffset { .. } => 3,
            Self::GetMaxOffset { .. } | Self::SearchOffset { .. } => 4,
            Self::Pull(_) => 5,
            _ => return None,
        })
    }

    /// The kind that stands for the handling of pulled messages.
    pub const FOUND: usize = 6;

    /// How many kinds there are.
    pub const KINDS: usize = 7;
}

/// What a pull brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers and counts named after what they are")]
pub enum Pulled {
    /// `FOUND`: of this many consecutive messages from `first` on those with one of these tags, of a log that had lost its
    /// end `life` times before.
    Found { first: u64, count: u32, tags: TagSet, life: u32 },
    /// `NO_MATCHED_MSG`: none of the messages before `next` has one of these tags.
    NoMatchedMessage { next: u64, tags: TagSet },
    /// `NO_NEW_MSG`.
    NoNewMessage { next: u64 },
    /// `OFFSET_ILLEGAL` with the offset to go on from.
    OffsetIllegal { next: u64 },
    /// An error code of the broker, as the client takes it.
    Refused(PullTrouble),
}

/// A response.
#[derive(Debug, Clone, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers and counts named after what they are")]
pub enum Response {
    /// `SUCCESS` without a body.
    Done,
    /// `SUCCESS` to a heartbeat of the second version; `isSubChange`.
    HeartbeatTaken { subscriptions_changed: bool },
    /// A topic's route; `None`: `TOPIC_NOT_EXIST`.
    Route(Option<Route>),
    /// The client ids of a group, sorted; `None`: no consumer for this group.
    ConsumerList(Option<MemberViewId>),
    /// A committed offset; `None`: `QUERY_NOT_FOUND`. `assumed`: none is stored, entry 0 is in memory (B2.2).
    Offset { offset: Option<u64>, assumed: bool },
    /// All offsets of a broker, and their version; which of its delayed messages it has delivered (`getAllDelayOffset`).
    AllOffsets(Rc<Vec<GroupOffset>>, DataVersion, Rc<Vec<bool>>),
    /// A maximum or searched offset.
    QueueOffset(u64),
    /// FLUSH_DISK_TIMEOUT or FLUSH_SLAVE_TIMEOUT: the broker has stored a message, and its disk or its slaves have not.
    NotStoredInTime(StoreDelay),
    /// `IN_SYNC_REPLICAS_NOT_ENOUGH`: nothing is stored.
    InSyncReplicasNotEnough,
    /// What a pull brought.
    Pulled(Pulled),
    /// What a member has of a topic; `None`: nothing is said of it.
    Assignment(Option<Rc<Vec<Assigned>>>),
    /// What a pop brought.
    Popped(Popped),
    /// What a proxy answers its client.
    Grpc(GrpcResponse),
    /// A message stays with its client for longer ([`PopHandle::changed`]): since when, and for how long from then on. Both
    /// are 0 where it was popped in order and is done already.
    InvisibleChanged { pop_time: Instant, invisible: Span },
    /// `lockOKMQSet`.
    Locked(Rc<Vec<QueueIndex>>),
    /// A message was not stored.
    SendRefused(SendRefusal),
    /// A send-back was stored, or was a dead letter.
    SentBack { dead_letter: bool },
    /// An error code that the asker treats as a failure.
    Refused,
}
