//! What lines of logs say.

use crate::import::fact::QueueName;

/// What a line of a log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogEvent {
    /// `receive broker's notification[..], the consumer group: .. changed`.
    Notified {
        /// The group.
        group: String,
        /// The broker's address.
        broker_address: String,
    },
    /// `doRebalance, .., add a new mq, ..`.
    QueueAdded {
        /// The group.
        group: String,
        /// The queue.
        queue: QueueName,
    },
    /// `doRebalance, .., remove unnecessary mq, ..`.
    QueueRemoved {
        /// The group.
        group: String,
        /// The queue.
        queue: QueueName,
    },
    /// `.. rebalanced result changed. allocateMessageQueueStrategyName=..`.
    Rebalanced {
        /// The group.
        group: String,
        /// The topic.
        topic: String,
        /// The member that says it.
        client_id: String,
        /// The strategy's `getName()`.
        strategy: String,
        /// `mqAllSize`.
        queues: u32,
        /// `cidAllSize`.
        members: u32,
        /// What it has from now on.
        own: Vec<QueueName>,
    },
    /// The broker did not give a lock, as another client has it (`RebalanceLockManager.tryLock`, `tryLockBatch`).
    LockRefused {
        /// The group.
        group: String,
        /// The queue.
        queue: QueueName,
        /// Who has it.
        holder: String,
        /// Who asked.
        client_id: String,
    },
    /// The broker gave a lock that nobody had, or that had expired.
    LockTaken {
        /// The group.
        group: String,
        /// The queue.
        queue: QueueName,
        /// Who has it from now on.
        client_id: String,
    },
    /// The broker took a lock back (`RebalanceLockManager.unlockBatch`).
    LockGivenBack {
        /// The group.
        group: String,
        /// The queue.
        queue: QueueName,
        /// Who had it.
        client_id: String,
    },
    /// Something that went wrong, by the kind that RocketMQ's sentence is of.
    Trouble {
        /// The kind.
        kind: LogTrouble,
        /// The group, where the line says it.
        group: Option<String>,
        /// The queue, where the line says it.
        queue: Option<QueueName>,
        /// The client, where the line says it.
        client_id: Option<String>,
    },
}

/// Kinds of trouble that logs tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogTrouble {
    /// `the pull request offset illegal` (`DefaultMQPushConsumerImpl.pullMessage`).
    OffsetIllegal,
    /// `[BUG]doRebalance, .., remove unnecessary mq, .., because pull is pause` (`RebalanceImpl`): pull expired.
    PullExpired,
    /// The broker says that the subscription is not the latest.
    SubscriptionNotLatest,
    /// `send heart beat to broker[..] failed`.
    HeartbeatFailed,
    /// A route could not be had.
    NoRoute,
    /// `get consumer id list failed`.
    NoMemberList,
    /// A message was consumed for longer than `consumeTimeout`.
    ConsumeTimeout,
    /// `the message queue consume ..` was not locked; `lock the mq failed`.
    NotLocked,
    /// A broker closed the channel of a client that was silent (`NettyServerHandler`, `ClientHousekeepingService`).
    ChannelExpired,
    /// `[BUG] ConsumerGroup: .. The consumerId: .. not in cidAll` (`AbstractAllocateMessageQueueStrategy.check`).
    NotInMemberList,
    /// `allocate message queue exception` (`RebalanceImpl.rebalanceByTopic`).
    StrategyThrew,
    /// `event queue size [..] over the limit [..], so drop this event` (`NettyEventExecutor.putNettyEvent`).
    ChannelEventDropped,
    /// `[NOTIFYME]update consumer offset less than store` (`ConsumerOffsetManager.commitOffset`).
    OffsetWentBack,
    /// `processQueue is dropped without process consume result` (`ConsumeMessageConcurrentlyService`).
    DroppedWhileAtWork,
    /// `sendMessageBack exception`, `Failed to send message back`.
    SendBackFailed,
    /// `the cached message count exceeds the threshold`, and the like (`DefaultMQPushConsumerImpl.pullMessage`).
    FlowControl,
    /// A broker saw a group give a topic up: `subscription changed, .. remove topic` (`ConsumerGroupInfo.updateSubscription`).
    SubscriptionChanged,
    /// `the consumer's subscription not exist` (`PullMessageProcessor`).
    SubscriptionNotExist,
    /// `the consumer's group info not exist`: a broker does not know the group's members (`PullMessageProcessor`).
    GroupNotRegistered,
    /// `consumer channel exists in broker, but clientId is not the same one` (`ConsumerGroupInfo.updateChannel`).
    TwoIdsOfOneChannel,
}
