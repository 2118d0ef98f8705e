//! What can be seen of a run: the one stream that checks, metrics and reports read. The model never reads it.
//!
//! Observations carry dense ids; [`super::Names`] turns them into texts.

mod detail;
mod facts;
mod kind;
mod pop;
mod stores;

pub use super::ids::{ClientIndex, QueueIndex};
pub use detail::Detail;
pub use facts::{
    CommandRefusal, CommitPath, ConsumeOutcome, End, MemberLoss, PullTrouble, Release, RequestKind, StartFailure,
    StartRule, TopicRebalance,
};
pub(crate) use kind::kinds;
pub use kind::{Kind, Kinds};
pub use pop::{CheckpointLoss, PopDiscard, PopRefusal, PopRelease, PopTrouble, RequestMode};
pub use stores::{LogLoss, SendFailure, SendRefusal, StoreDelay};

use super::ids::{AudienceIndex, ConnectionId, ViewId};
use super::plan::{
    BrokerIndex, ConsumerIndex, GroupIndex, Host, NameServerIndex, ProducerIndex, ProxyIndex, TagSet, TopicIndex,
};
use crate::kernel::{Instant, Span};
use serde::{Serialize, Serializer};
use std::sync::Arc;
use strum::VariantNames;

/// One observation with its place in the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// When.
    pub at: Instant,
    /// Insertion number of the event during which it was seen.
    pub sequence: u64,
    /// Insertion number of the event that caused that one; 0: the plan.
    pub cause: u64,
    /// What.
    pub what: Observation,
}

/// A message as its producer knows it, whatever attempt and broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SentMessage {
    /// Who sends it.
    pub producer: ProducerIndex,
    /// How many it sent before.
    #[serde(rename = "sent_before")]
    pub number: u64,
}

/// Everything that can be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, VariantNames)]
#[expect(missing_docs, reason = "the fields are dense numbers and counts named after what they are")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Observation {
    /// A step of the timeline took place.
    StepTaken { step: u32 },
    /// A step of the timeline found nobody it could do anything to.
    StepMissed { step: u32 },
    /// The consumer's process calls `start()`.
    ConsumerStarting { consumer: ConsumerIndex, client: ClientIndex },
    /// A topic was subscribed, at a start or later, or given up.
    SubscriptionChanged { consumer: ConsumerIndex, topic: TopicIndex, subscribed: bool, tags: TagSet },
    /// `start()` threw; the process ends with it.
    StartFailed { consumer: ConsumerIndex, why: StartFailure },
    /// `start()` returned.
    ConsumerStarted { consumer: ConsumerIndex },
    /// `shutdown()` is called.
    ConsumerStopping { consumer: ConsumerIndex },
    /// The process is gone.
    ConsumerEnded { consumer: ConsumerIndex, end: End },
    /// SIGSTOP took effect.
    ConsumerPaused { consumer: ConsumerIndex },
    /// SIGCONT took effect.
    ConsumerResumed { consumer: ConsumerIndex },
    /// The consumer and a broker cannot hear each other, in one direction at least, or can again.
    ConsumerCutOff { consumer: ConsumerIndex, broker: BrokerIndex, cut_off: bool },
    /// The broker is gone.
    BrokerDown { broker: BrokerIndex, graceful: bool },
    /// The broker accepts connections.
    BrokerUp { broker: BrokerIndex },
    /// The name server is gone.
    NameServerDown { name_server: NameServerIndex },
    /// The name server accepts connections.
    NameServerUp { name_server: NameServerIndex },
    /// A queue exists at its broker from now on.
    QueueCreated { queue: QueueIndex },
    /// How many queues of a topic can be read and written at a broker changed; none where the permission is missing.
    QueuesOpened { broker: BrokerIndex, topic: TopicIndex, read: u32, write: u32 },
    /// Messages of a queue were deleted: `min` is the first that is left. `with_topic`: with their topic, and none is.
    HeadDeleted { queue: QueueIndex, min: u64, with_topic: bool },
    /// Messages from `from` on are gone, and their offsets are given out again. `loss`: how many losses this broker had
    /// before.
    TailLost { queue: QueueIndex, from: u64, loss: u32, why: LogLoss },
    /// A message that was lost in this way, and does not come again from a delayed one.
    MessageLost { queue: QueueIndex, offset: u64, loss: u32, sent: Option<SentMessage>, why: LogLoss },
    /// A message that was to come back to a group is lost, at the broker to which it had been sent back. `origin`: its first
    /// copy.
    RetryLost { broker: BrokerIndex, group: GroupIndex, origin: (QueueIndex, u64), why: LogLoss },
    /// A name server took a broker off its routes.
    BrokerUnregistered { name_server: NameServerIndex, broker: BrokerIndex },
    /// The queues of a topic in a client's view changed.
    RouteChanged {
        consumer: ConsumerIndex,
        topic: TopicIndex,
        queues: u32,
        #[serde(skip)]
        view: ViewId,
    },
    /// A client's scheduled poll of routes got no answer: it goes on with the routes it has.
    RoutePollFailed { consumer: ConsumerIndex, name_server: NameServerIndex },
    /// What a name server tells of a topic changed; `None`: the topic does not exist.
    RouteToldChanged {
        name_server: NameServerIndex,
        topic: TopicIndex,
        #[serde(rename = "exists", serialize_with = "is_there")]
        view: Option<ViewId>,
    },
    /// A heartbeat of a group that the broker does not know and does not make: nothing is registered.
    GroupUnknown { broker: BrokerIndex, group: GroupIndex, client: ClientIndex },
    /// A heartbeat had a subscription of other tags and an older version than the broker has: the broker keeps its own
    /// (`ConsumerGroupInfo.updateSubscription`).
    SubscriptionKept { broker: BrokerIndex, group: GroupIndex, topic: TopicIndex, client: ClientIndex },
    /// A heartbeat that left its subscriptions out reached a broker that has none of the group (trap E44).
    RegisteredWithoutSubscriptions { broker: BrokerIndex, group: GroupIndex, client: ClientIndex },
    /// The queue of channel events was full: a closed channel stays in the member tables until it expires (trap E37).
    ChannelEventDropped { broker: BrokerIndex },
    /// A slave has fetched its master's offsets: `rewound` is how far its own went back at most, `behind` how many still
    /// differ from what it fetched.
    SlaveSynchronised { broker: BrokerIndex, rewound: u64, behind: u64 },
    /// A commit arrived that is below the stored offset.
    CommitArrived { broker: BrokerIndex, queue: QueueIndex, offset: u64 },
    /// A client sent the offset of a queue that it gives up.
    OffsetSent { consumer: ConsumerIndex, queue: QueueIndex },
    /// A Go client gives a queue up and has no offset of it to send: none since it took the queue, or it has forgotten it
    /// with another queue's commit (`consumer/offset_store.go:persist`).
    OffsetNotKnown { consumer: ConsumerIndex, queue: QueueIndex },
    /// A broker took a heartbeat of a member.
    HeartbeatTaken { broker: BrokerIndex, group: GroupIndex, client: ClientIndex },
    /// A name server heard of a broker.
    BrokerRegistered { name_server: NameServerIndex, broker: BrokerIndex },
    /// A host's wall clock jumped.
    ClockJumped { host: Host },
    /// A thread of the broker handled a request, which had waited for it.
    Served { broker: BrokerIndex, kind: RequestKind, waited: Span },
    /// A request would have waited too long (`BrokerFastFailure`): SYSTEM_BUSY.
    Rejected { broker: BrokerIndex, kind: RequestKind },
    /// A broker told so many members of a change.
    NotificationsSent { broker: BrokerIndex, count: u32 },
    /// A newer change of a group broke off the notifications of an older one, with so many members untold of that.
    NotificationsBrokenOff { broker: BrokerIndex, count: u32 },
    /// An entry came into a broker's membership table.
    MemberAdded { broker: BrokerIndex, group: GroupIndex, client: ClientIndex, connection: ConnectionId },
    /// An entry left a broker's membership table.
    MemberRemoved {
        broker: BrokerIndex,
        group: GroupIndex,
        client: ClientIndex,
        connection: ConnectionId,
        loss: MemberLoss,
    },
    /// `NOTIFY_CONSUMER_IDS_CHANGED` reached the client.
    Notified { consumer: ConsumerIndex, broker: BrokerIndex },
    /// A wake-up of the rebalance thread was lost, and so are all others until its wait is over.
    WakeupLost { consumer: ConsumerIndex },
    /// A client's rebalance of one topic got its answer.
    TopicRebalanced { consumer: ConsumerIndex, topic: TopicIndex, broker: Option<BrokerIndex>, found: TopicRebalance },
    /// What a rebalance that gave queues out acted on: the broker's member list, the queues of the client's route, and
    /// the strategy by its number ([`super::plan::Plan::strategy_number`]); and which of the queues that strategy gives
    /// to nobody of the list.
    Viewed {
        consumer: ConsumerIndex,
        topic: TopicIndex,
        broker: BrokerIndex,
        members: Arc<[ClientIndex]>,
        #[serde(skip)]
        queues: ViewId,
        #[serde(skip)]
        strategy: usize,
        left_out: Arc<[QueueIndex]>,
    },
    /// A rebalance over all topics ended.
    RebalanceEnded { consumer: ConsumerIndex, balanced: bool, took: Span },
    /// A queue came into the process-queue table.
    QueueTaken { consumer: ConsumerIndex, queue: QueueIndex, offset: u64 },
    /// A queue left it.
    QueueReleased { consumer: ConsumerIndex, queue: QueueIndex, release: Release },
    /// A changed rebalance raised the topic's subscription version.
    SubscriptionVersionRaised { consumer: ConsumerIndex, topic: TopicIndex },
    /// A heartbeat round was skipped because another thread held the heartbeat lock.
    HeartbeatSkipped { consumer: ConsumerIndex },
    /// A pull ended without an answer that carries the loop on at once.
    PullTroubled { consumer: ConsumerIndex, queue: QueueIndex, trouble: PullTrouble },
    /// A client's pull was held after so many messages had become readable for it: they wake nobody.
    HeldTooLate { consumer: ConsumerIndex, queue: QueueIndex, missed: u64 },
    /// The broker answers pulls again after a trouble.
    PullRecovered { consumer: ConsumerIndex, queue: QueueIndex },
    /// Messages of a queue came into the client's memory: the listener has not got them yet, up to this offset.
    Pulled { consumer: ConsumerIndex, queue: QueueIndex, until: u64 },
    /// `OFFSET_ILLEGAL`: the client goes on from another offset.
    OffsetIllegal { consumer: ConsumerIndex, queue: QueueIndex, asked: u64, corrected: u64 },
    /// A message was stored; its readers see it from [`Observation::Readable`] on.
    Stored { queue: QueueIndex, offset: u64, sent: Option<SentMessage> },
    /// A master that was deposed has stored a message for itself.
    StoredApart { queue: QueueIndex, sent: Option<SentMessage> },
    /// The message just stored has a key.
    KeyStored { queue: QueueIndex, offset: u64, key: u32 },
    /// The message just stored has a tag, by its number in the scenario.
    TagStored { queue: QueueIndex, offset: u64, tag: u8 },
    /// A message was passed over because of its tag: by the client's own subscription, or by what the broker knew of it.
    Filtered { consumer: ConsumerIndex, queue: QueueIndex, offset: u64, tag: u8 },
    /// An attempt to send failed for the producer; `stored`: but the broker has stored the message by then.
    AttemptFailed { sent: SentMessage, stored: bool, why: SendFailure },
    /// A broker did not store what a producer sent to a queue.
    SendRefused { producer: ProducerIndex, queue: QueueIndex, why: SendRefusal },
    /// A command of an operator was refused by a broker, or changed nothing there.
    CommandRefused { step: u32, broker: BrokerIndex, why: CommandRefusal },
    /// A reset of offsets was pushed to a consumer that passes over it, because it is no push consumer.
    ResetIgnored { consumer: ConsumerIndex },
    /// A send failed for good, and its application was told so; `broker`: where it was tried last.
    SendFailed { sent: SentMessage, broker: Option<BrokerIndex>, why: SendFailure },
    /// A send ended with a status that is not SEND_OK: the message is stored, and not where it was to be stored too.
    SendInDoubt { sent: SentMessage, why: StoreDelay },
    /// The consume-queue entry exists: all offsets below `end` are readable.
    Readable { queue: QueueIndex, end: u64 },
    /// A message was handed to a listener. `origin`: queue and offset of its first copy (itself unless a retry). `lost`:
    /// the broker has lost it meanwhile, in this loss, and the offset may be another message's.
    Delivered {
        consumer: ConsumerIndex,
        queue: QueueIndex,
        offset: u64,
        origin: (QueueIndex, u64),
        reconsume_times: u32,
        lost: Option<u32>,
    },
    /// A message left the listener.
    Consumed { consumer: ConsumerIndex, queue: QueueIndex, offset: u64, outcome: ConsumeOutcome },
    /// A failed message was stored for later, or in the dead-letter queue.
    SentBack { consumer: ConsumerIndex, queue: QueueIndex, offset: u64, dead_letter: bool },
    /// A message that a listener failed on became a dead letter with tries left, as the broker holds locks of its group
    /// (trap E43).
    DeadLetterAtOnce { consumer: ConsumerIndex, queue: QueueIndex },
    /// A rebalance divided `pullThresholdForTopic`, and this is each queue's threshold from now on (trap E27).
    ThresholdSet { consumer: ConsumerIndex, queues: u32, threshold: u32 },
    /// An offset reached the broker's memory, or with [`CommitPath::LocalFile`] the file on the member's machine:
    /// `audience` is then the member alone ([`super::Names::audience_of`]). `previous`: what it replaced.
    Committed {
        #[serde(rename = "group")]
        audience: AudienceIndex,
        queue: QueueIndex,
        offset: u64,
        previous: Option<u64>,
        by: Option<ConsumerIndex>,
        path: CommitPath,
    },
    /// A client's in-memory offset moved.
    ProgressMoved { consumer: ConsumerIndex, queue: QueueIndex, offset: u64 },
    /// The broker wrote its offsets to disk.
    OffsetsFlushed { broker: BrokerIndex },
    /// A broker gave a queue's lock to a client that had it not. `previous`: whose lock had expired.
    LockGranted {
        broker: BrokerIndex,
        group: GroupIndex,
        queue: QueueIndex,
        client: ClientIndex,
        previous: Option<ClientIndex>,
    },
    /// A broker refused a queue's lock: another client holds it, and refreshed it last `age` ago.
    LockRefused {
        broker: BrokerIndex,
        group: GroupIndex,
        queue: QueueIndex,
        client: ClientIndex,
        holder: ClientIndex,
        age: Span,
    },
    /// A client gave a queue's lock back.
    LockReleased { broker: BrokerIndex, group: GroupIndex, queue: QueueIndex, client: ClientIndex },
    /// The broker went down, and with it the lock.
    LockForgotten { broker: BrokerIndex, group: GroupIndex, queue: QueueIndex, client: ClientIndex },
    /// `lockAll` was answered without this queue: its owner stops consuming it.
    LockLost { consumer: ConsumerIndex, queue: QueueIndex },
    /// A client has not refreshed this queue's lock for `lockMaxLiveTime`, and stops by itself.
    LockExpired { consumer: ConsumerIndex, queue: QueueIndex },
    /// A queue that its owner did not count as locked, or whose lock was too old, is locked: it goes on.
    LockConfirmed { consumer: ConsumerIndex, queue: QueueIndex },
    /// A queue was dropped but stays in the table, locked, because its listener is busy
    /// (`RebalancePushImpl.removeUnnecessaryMessageQueue`).
    UnlockDelayed { consumer: ConsumerIndex, queue: QueueIndex },
    /// A queue was given up with messages in memory by a client before 5.2.0, which unlocks it `unlockDelayTimeMills` later
    /// (`RebalancePushImpl.unlockDelay`).
    UnlockPostponed { consumer: ConsumerIndex, queue: QueueIndex },
    /// A dropped queue is unlocked although its listener may still run.
    UnlockForced { consumer: ConsumerIndex, queue: QueueIndex },
    /// A new queue's start was computed from the maximum or a timestamp: messages below `offset` are not read.
    StartedAt { consumer: ConsumerIndex, queue: QueueIndex, offset: u64, rule: StartRule },
    /// A broker gave a message to a client that popped it: nobody else sees it before `until`. Where it lies, of a retry in
    /// the retry topic; `origin`: queue and offset of its first copy.
    Popped {
        consumer: ConsumerIndex,
        queue: QueueIndex,
        offset: u64,
        origin: (QueueIndex, u64),
        reconsume_times: u32,
        until: Instant,
    },
    /// A broker stored what acknowledges a popped message, so long after it had become visible again (`late`, zero: before);
    /// `counts`: its checkpoint had not been looked at by then.
    AckTaken {
        consumer: Option<ConsumerIndex>,
        group: GroupIndex,
        queue: QueueIndex,
        offset: u64,
        late: Span,
        counts: bool,
    },
    /// A popped message stays with its client until another moment than it was told first.
    InvisibleChanged {
        consumer: Option<ConsumerIndex>,
        group: GroupIndex,
        queue: QueueIndex,
        offset: u64,
        until: Instant,
    },
    /// A broker put a message that was not acknowledged into the retry topic, as this one of `to`, so long after it had
    /// become visible again.
    Revived {
        group: GroupIndex,
        queue: QueueIndex,
        offset: u64,
        origin: (QueueIndex, u64),
        to: QueueIndex,
        to_offset: u64,
        reconsume_times: u32,
        after: Span,
    },
    /// A broker takes a message that was popped in order from the one who has it, to give the queue to another or to the same
    /// attempt once more; so long after it had become visible again (zero: before). `acked`: it was acknowledged, but one
    /// before it was not.
    TakenBackInOrder { group: GroupIndex, queue: QueueIndex, offset: u64, acked: bool, after: Span },
    /// A broker knows nothing more of a message that it gave away: it never comes again unless it was acknowledged.
    CheckpointLost { group: GroupIndex, queue: QueueIndex, offset: u64, why: CheckpointLoss },
    /// An operator told a broker how a group consumes a topic.
    RequestModeSet { broker: BrokerIndex, group: GroupIndex, topic: TopicIndex, mode: RequestMode, share: i32 },
    /// A client pops from now on what a broker assigned to it: one queue, or all that the broker has of the topic.
    PopQueueTaken { consumer: ConsumerIndex, topic: TopicIndex, broker: BrokerIndex, queue: Option<QueueIndex> },
    /// It pops it no more: what is left of it is thrown away.
    PopQueueReleased {
        consumer: ConsumerIndex,
        topic: TopicIndex,
        broker: BrokerIndex,
        queue: Option<QueueIndex>,
        why: PopRelease,
    },
    /// Something keeps a client from popping what it was assigned.
    PopTroubled { consumer: ConsumerIndex, topic: TopicIndex, broker: BrokerIndex, trouble: PopTrouble },
    /// A client threw a message away that it had popped, before its listener got it.
    PopDiscarded { consumer: ConsumerIndex, queue: QueueIndex, offset: u64, why: PopDiscard },
    /// A client acknowledges a message that came back too often: nobody gets it any more (trap PE6). `origin`: its first
    /// copy.
    PopGivenUp { consumer: ConsumerIndex, queue: QueueIndex, offset: u64, origin: (QueueIndex, u64) },
    /// An acknowledgement, or the wish for a longer time, did not reach its broker or was refused; nobody repeats it.
    AckFailed { consumer: ConsumerIndex, queue: QueueIndex, offset: u64 },
    /// `popDelayLevel[-1]` threw: a message that failed comes again after the time for which it was popped (trap PE6).
    DelayLevelThrew { consumer: ConsumerIndex, queue: QueueIndex, offset: u64 },
    /// `shutdown()` is over, and so many popped messages were with listeners or waited for one (trap PE15).
    PopListenersLeft { consumer: ConsumerIndex, running: u32, waiting: u32 },
    /// The first queries for a topic's assignment failed: this client deals it itself as long as it lives (trap PE3).
    DealtByClient { consumer: ConsumerIndex, topic: TopicIndex },
    /// A proxy in a process of its own accepts connections.
    ProxyUp { proxy: ProxyIndex },
    /// It is gone.
    ProxyDown { proxy: ProxyIndex },
    /// And with it the receipt handles of so many messages that a client has.
    HandlesLost { proxy: ProxyIndex, consumer: ConsumerIndex, count: u32 },
    /// A client was silent for too long: a proxy knows it no more.
    ProxyLostClient { proxy: ProxyIndex, consumer: ConsumerIndex },
    /// A proxy makes what a client had received visible again after a second, as the client is gone.
    HandlesCleared { proxy: ProxyIndex, consumer: ConsumerIndex, count: u32 },
    /// A proxy refused what a client says of a message, whose time is over by the proxy's clock (INVALID_RECEIPT_HANDLE).
    ReceiptHandleExpired { proxy: ProxyIndex, consumer: ConsumerIndex, queue: QueueIndex, offset: u64 },
    /// A SimpleConsumer receives from this broker from now on, and had received from another one, or from none.
    ReceivesFrom { consumer: ConsumerIndex, topic: TopicIndex, broker: BrokerIndex },
    /// A client that speaks gRPC closes, and waits for what it receives and for its listeners.
    GrpcClosing { consumer: ConsumerIndex },
    /// What only a run that is watched closely shows.
    Detail(Detail),
}

/// Of a list only whether there is one: its number says nothing to people.
fn is_there<S: Serializer>(view: &Option<ViewId>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(view.is_some())
}
