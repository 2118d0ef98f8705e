//! The timers of clients and brokers, and how a channel can end: words that events carry.

use serde::Serialize;
use strum::{IntoStaticStr, VariantNames};

use super::event::Event;
use super::plan::ProxyIndex;

/// A timer of the client's one scheduled thread (`MQClientInstance.startScheduledTask`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScheduledTask {
    /// `updateTopicRouteInfoFromNameServer` for all topics.
    RoutePoll,
    /// `sendHeartbeatToAllBroker`.
    Heartbeat,
    /// `persistAllConsumerOffset`.
    Persist,
}

/// A ticker of a Go client, each a goroutine of its own (`internal/client.go:Start`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GoTask {
    /// `UpdateTopicRouteInfo`.
    RoutePoll,
    /// `cleanOfflineBroker` and `SendHeartbeatToAllBrokerWithLock`.
    Heartbeat,
    /// `persistConsumerOffset`.
    Persist,
    /// `RebalanceIfNotPaused`.
    Rebalance,
}

/// What happens in a client that speaks gRPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
#[serde(rename_all = "snake_case")]
pub enum GrpcTask {
    /// The process has booted, and the application starts its consumer.
    Start,
    /// `ClientManagerImpl`: `doHeartbeat`.
    Heartbeat,
    /// `ClientManagerImpl`: `syncSettings`.
    SyncSettings,
    /// `ClientImpl.updateRouteCache`.
    PollRoutes,
    /// `PushConsumerImpl.scanAssignments`.
    ScanAssignments,
    /// `ProcessQueueImpl.receiveMessageLater` is over.
    Receive {
        #[serde(skip)]
        queue: u32,
    },
    /// A listener returns, or the application is done with a message.
    ListenerReturned { thread: u32 },
    /// A FIFO message that failed is consumed once more.
    ConsumeAgain {
        #[serde(skip)]
        list: u32,
    },
    /// What a message's fate was told with failed a second ago, and is said again.
    Repeat {
        #[serde(skip)]
        number: u32,
    },
    /// A telemetry stream that ended is made anew.
    RenewSession { endpoint: u32 },
    /// `close()` goes on.
    Close,
    /// An application with a SimpleConsumer calls receive() again.
    ReceiveAgain { thread: u32 },
}

/// A timer of orderly consumption at a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderlyTask {
    /// `lockMQPeriodically` of `ConsumeMessageOrderlyService`.
    LockAll,
    /// The same of `ConsumeMessagePopOrderlyService`, which nobody stops (`DefaultMQPushConsumerImpl.start`).
    SecondLockAll,
    /// `tryLockLaterAndReconsume`: asks for the lock of one queue.
    TryLock,
    /// `submitConsumeRequestLater`: the queue goes to the consume pool again.
    Resubmit,
    /// The rebalance thread has waited long enough for a listener.
    ConsumeLockTimedOut,
    /// `RebalancePushImpl.unlockDelay`: a queue that was given up with messages in memory is unlocked.
    UnlockDelayed,
    /// `MQClientInstance.rebalanceLater`, after a lock that was refused.
    RebalanceLater,
}

/// A timer of a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokerTask {
    /// `ClientHousekeepingService`: expiry of clients.
    Housekeeping,
    /// `ConsumerOffsetManager.persist`.
    FlushOffsets,
    /// `ScheduleMessageService.persist`.
    FlushDelayOffsets,
    /// `PullRequestHoldService`: looks through held pulls.
    CheckHolds,
    /// Registration with all name servers.
    Register,
    /// The first one, where it waits for the end of the broker's start.
    FirstRegistration,
    /// Buffered notifications (`realTimeNotifyConsumerChange = false`).
    Notify,
    /// A slave looks whether it is time to fetch its master's offsets.
    SyncSlave,
    /// A sign of life to all name servers (`enableSlaveActingMaster`).
    Heartbeat,
    /// `TopicRouteInfoManager`: routes for QUERY_ASSIGNMENT.
    LoadBalanceRoutes,
    /// `ConsumerOrderInfoManager.persist`; only where something was popped in order.
    PersistOrderInfo,
}

/// Why a broker's channel ended, as its event thread sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelEnd {
    /// FIN, RST or an exception.
    Closed,
    /// The idle handler closed it.
    Idle,
    /// The expiry scan closed it.
    Expired,
}

/// What happens to a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ProxyEvent {
    /// A proxy in a process of its own accepts connections.
    ProxyBooted,
    /// A proxy looks which receipt handles are to be renewed (`DefaultReceiptHandleManager.scheduleRenewTask`).
    HandlesScanned,
    /// A proxy looks for silent clients (`ConsumerManager.scanNotActiveChannel`).
    ClientsScanned,
}

impl ProxyEvent {
    /// To this proxy, in this life.
    #[must_use]
    pub const fn of(self, proxy: ProxyIndex, epoch: u32) -> Event {
        Event::Proxy { proxy, epoch, what: self }
    }
}

/// What happens to a database that keeps offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
#[serde(rename_all = "snake_case")]
pub enum DatabaseEvent {
    /// It answers what a member asked.
    DatabaseRead { number: u32 },
    /// It has written what a member sent.
    DatabaseWritten { number: u32 },
}
