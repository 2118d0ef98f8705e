//! The words that observations use: why a process ended, how a batch left the listener, what keeps a pull.

use serde::Serialize;

use crate::model::plan::{NameServerIndex, TopicIndex};

/// Why a consumer's process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum End {
    /// `shutdown()` returned.
    Shutdown,
    /// SIGKILL.
    Killed,
    /// The machine lost power.
    PoweredOff,
    /// `start()` threw.
    StartFailed,
}

/// Why `start()` threw (`DefaultMQPushConsumerImpl.start`). What the reader can know beforehand (`checkConfig`, a second
/// consumer of a group in one instance) it refuses, and it never comes so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StartFailure {
    /// Neither `offsets.json` nor its `.bak` can be read (`LocalFileOffsetStore.load`).
    OffsetsFileBroken,
    /// The connection to this name server was refused, or lost, while a route was asked for.
    NameServerUnreachable(NameServerIndex),
    /// This name server did not answer in time.
    NameServerTimedOut(NameServerIndex),
    /// No name server has a route of a topic that is subscribed; only the Go client gives up then
    /// (`consumer/push_consumer.go:Start`).
    TopicWithoutRoute(TopicIndex),
}

/// Why a queue left a process-queue table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Release {
    /// Another member's by the asker's view (`updateProcessQueueTableInRebalance`).
    Reassigned,
    /// The list did not hold the asker itself: it was given nothing (trap E26).
    NotInList,
    /// The queue is no longer in the route.
    RouteGone,
    /// No pull for `pullMaxIdleTime`.
    PullExpired,
    /// `OFFSET_ILLEGAL` repair.
    OffsetIllegal,
    /// `shutdown()`, its last step.
    Shutdown,
    /// An operator reset its offsets, and the broker pushed that to the members.
    OffsetsReset,
    /// Its topic is not subscribed any more (`truncateMessageQueueNotMyTopic`): no offset was sent (trap E30).
    Unsubscribed,
    /// The group pops its topic now.
    ModeSwitched,
}

/// What kind of request a broker handles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// `HEART_BEAT`.
    Heartbeat,
    /// `UNREGISTER_CLIENT`.
    Unregister,
    /// `GET_CONSUMER_LIST_BY_GROUP`.
    ConsumerList,
    /// `LOCK_BATCH_MQ`, `UNLOCK_BATCH_MQ`.
    Lock,
    /// Pulls, sends, commits.
    Data,
    /// Every other.
    Other,
}

impl RequestKind {
    /// Whether it belongs to membership, and not to the flow of messages.
    #[must_use]
    pub fn is_rare(self) -> bool {
        !matches!(self, Self::Data | Self::Other)
    }
}

/// Which path an offset took to the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CommitPath {
    /// The persist timer.
    PersistTimer,
    /// A pull request that carried it.
    PullPiggyback,
    /// The release of the queue by a rebalance.
    Release,
    /// `shutdown()`.
    Shutdown,
    /// `OFFSET_ILLEGAL` repair.
    OffsetIllegal,
    /// The broker lost its memory and read its file.
    BrokerRestart,
    /// An operator's reset.
    OperatorReset,
    /// The master is away: what the slave had copied counts.
    SlaveCopy,
    /// The master is back with what it knew before (trap E34).
    MasterReturned,
    /// The topic was deleted, and the offsets with it.
    TopicDeleted,
    /// The group was deleted, and its offsets with it.
    GroupDeleted,
    /// Into the file on the member's own machine (`LocalFileOffsetStore`).
    LocalFile,
    /// At once, as a listener had returned (`CommitAtEveryUpdate`).
    Update,
    /// Into the database of the application (`ApplicationDatabase`).
    Database,
    /// A pop: what was popped counts as consumed.
    Pop,
}

/// How a batch left the listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConsumeOutcome {
    /// `CONSUME_SUCCESS`, counted.
    Success,
    /// `RECONSUME_LATER`: sent back.
    Failed,
    /// The queue was dropped meanwhile: the result is thrown away (trap E14).
    DiscardedBecauseDropped,
    /// Its invisible time was over: the result is thrown away (trap PE7).
    DiscardedTooLate,
    /// It was popped, and its assignment was dropped meanwhile: the result is thrown away.
    DiscardedWithAssignment,
    /// Interrupted by `shutdown()`: counts as failed, nobody commits it.
    Interrupted,
    /// `SUSPEND_CURRENT_QUEUE_A_MOMENT`: put back, the queue waits for it.
    Suspended,
    /// `ROLLBACK`: put back with everything since the last commit.
    RolledBack,
    /// `RECONSUME_LATER` or interrupted in a `BROADCASTING` group: logged and dropped, counts as consumed. And what an
    /// orderly listener of an old Go client has suspended: it is neither put back nor sent back.
    Dropped,
    /// A listener of the Go client panicked: its goroutine ends, or its process, and the message stays where it is.
    Panicked,
}

/// Why a pull brought no messages although the loop lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PullTrouble {
    /// Code 25: a newer subscription version than the broker's (trap E20).
    SubscriptionNotLatest,
    /// Code 24: no heartbeat of the group has told the broker of the group or of this topic.
    SubscriptionNotExist,
    /// Code 26: nobody has created the group at the broker, and it does not create it (trap E35).
    SubscriptionGroupNotExist,
    /// Code 17: the broker has not this topic.
    TopicNotExist,
    /// Code 16, `BROKER_FORBIDDEN`: `brokerPermission` does not allow to read.
    BrokerForbidden,
    /// Code 16, `GROUP_FORBIDDEN`: the group has `consumeEnable = false` there.
    GroupForbidden,
    /// Code 16, `TOPIC_FORBIDDEN`: the topic may not be read there.
    TopicForbidden,
    /// Code 16, `BROADCASTING_DISABLE_FORBIDDEN`: the group has `consumeBroadcastEnable = false` there.
    BroadcastingForbidden,
    /// The connection was refused, reset or closed.
    BrokerUnreachable,
    /// No answer in 30 s.
    TimedOut,
    /// Flow control: `pullThresholdForQueue`.
    FlowControlCount,
    /// Flow control: `pullThresholdSizeForQueue`.
    FlowControlSize,
    /// Flow control: `consumeConcurrentlyMaxSpan`.
    FlowControlSpan,
    /// An orderly consumer has not the queue's lock.
    NotLocked,
    /// The client does not subscribe the topic any more.
    NotSubscribed,
    /// The consumer is suspended.
    Suspended,
    /// LitePull: all `pullThreadNums` threads wait for answers of other queues.
    NoPullThread,
    /// A Go client makes a connection to another server, and lets no request through meanwhile.
    DialsAnother,
    /// An older client leaves a queue alone for a while before it repairs its illegal offset.
    OffsetIllegal,
    /// A slave without `slaveReadEnable` was asked, because no master is known (trap E33).
    SlaveDoesNotServe,
    /// It waits at a master that is none any more, and does not know.
    OldMaster,
    /// The broker refused otherwise (queue id out of range).
    Refused,
}

impl PullTrouble {
    /// Whether a broker refused the pull for what it knows or allows: codes 16, 24, 25 and 26.
    #[must_use]
    pub fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::SubscriptionNotLatest
                | Self::SubscriptionNotExist
                | Self::SubscriptionGroupNotExist
                | Self::BrokerForbidden
                | Self::GroupForbidden
                | Self::TopicForbidden
                | Self::BroadcastingForbidden
        )
    }
}

/// Why a command of an operator changed nothing at a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandRefusal {
    /// The broker does not run.
    BrokerAway,
    /// `TOPIC_NOT_EXIST`.
    TopicNotExist,
    /// `SUBSCRIPTION_GROUP_NOT_EXIST`.
    SubscriptionGroupNotExist,
    /// `SYSTEM_ERROR`: the group has no offset of one of the queues (`Broker2Client.resetOffset`).
    NeverConsumed,
    /// `CONSUMER_NOT_ONLINE`: the broker has nobody to push a reset to; the tool then writes the offsets itself.
    ConsumerNotOnline,
    /// A reset without `force` moves no queue forward.
    NotForced,
    /// `resetOffsetByTime -q` leaves a queue alone that would go to offset 0.
    QueueLeftAtZero,
}

/// Why an entry left a broker's membership table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MemberLoss {
    /// `UNREGISTER_CLIENT`.
    Unregistered,
    /// FIN or RST.
    Closed,
    /// 120 s without a byte.
    Idle,
    /// The expiry scan, which tells nobody.
    Expired,
    /// The expiry scan after a close event that did tell (`NettyRemotingAbstract.NettyEventExecutor`,
    /// `ConsumerManager.scanNotActiveChannel`).
    ExpiredAndTold,
    /// The broker went down.
    BrokerDown,
}

/// What a rebalance of one topic found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TopicRebalance {
    /// A list that holds the asker: (members, queues given to it).
    Allocated {
        /// Members in the list.
        members: u32,
        /// Queues in the asker's route.
        queues: u32,
        /// Queues it was given.
        mine: u32,
    },
    /// A list without the asker: it drops all (trap E26).
    NotInList {
        /// Members in the list.
        members: u32,
    },
    /// `BROADCASTING`: all queues of the route, no list asked for.
    AllQueues {
        /// How many.
        queues: u32,
    },
    /// A broker assigned queues to pull and to pop, or a whole broker to pop.
    Assigned {
        /// To pull.
        pulled: u32,
        /// To pop.
        popped: u32,
    },
    /// The query for an assignment failed, or nothing is said of the topic: not balanced, and asked again in a second.
    NoAssignment,
    /// No list: skipped as balanced (trap E5).
    NoList,
    /// No queues known.
    NoRoute,
    /// The strategy threw.
    StrategyFailed,
}

/// How the first offset of a queue was found (`computePullFromWhere`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StartRule {
    /// The broker had one, or the file on the member's machine.
    Stored,
    /// The broker had none and entry 0 is in memory: it answered 0 (`ConsumerManageProcessor.queryConsumerOffset`).
    ZeroResident,
    /// `CONSUME_FROM_FIRST_OFFSET`: 0.
    First,
    /// `CONSUME_FROM_LAST_OFFSET`: the maximum.
    Maximum,
    /// `CONSUME_FROM_TIMESTAMP`: by search.
    Timestamp,
}
