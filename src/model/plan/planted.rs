//! Rules of RocketMQ that a run breaks on purpose.

/// A mistake planted in the model. Checks and recordings are worth what they notice: a test plants one and sees it
/// noticed. No scenario file can ask for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlantedMistake {
    /// A slave keeps its own offsets when it has fetched its master's.
    SlaveOverwriteSkipped,
    /// The consumer scan tells the group whom it removed (`ConsumerManager.scanNotActiveChannel` tells nobody).
    ExpirySendsChange,
    /// A closed connection gives its client's locks back (`RebalanceLockManager` never hears of it).
    LocksReleasedOnDisconnect,
    /// The first rebalance of a client waits for nothing (`RebalanceService.run`, `minInterval`).
    FirstRebalanceWithoutMinimum,
    /// A changed route wakes the rebalance thread (`MQClientInstance.updateTopicRouteInfoFromNameServer` does not).
    RebalanceOnRouteChange,
    /// A queue is dropped without sending its offset (`RebalancePushImpl.removeUnnecessaryMessageQueue` sends it).
    NoCommitBeforeDrop,
    /// A commit below the stored offset is ignored (`ConsumerOffsetManager.commitOffset` stores it).
    CommitsOnlyGoUp,
    /// No notification is sent.
    NotificationsLost,
    /// The broker never writes `consumerOffset.json`.
    OffsetFlushSkipped,
    /// A name server keeps silent brokers for ever (`RouteInfoManager.scanNotActiveBroker`).
    NameServerNeverExpires,
    /// The scan of silent members never runs (`ConsumerManager.scanNotActiveChannel`).
    ExpiryNeverRuns,
    /// What a dropped queue had in the pool, or on its way, is handed out (`ConsumeRequest.run` looks at `dropped`).
    DroppedQueuesAreConsumed,
    /// Held pulls do not hear of new messages (`PullRequestHoldService.notifyMessageArriving`).
    LongPollNeverWakes,
}
