//! RocketMQ's settings of clients and groups, with RocketMQ's defaults (`ClientConfig`, `DefaultMQPushConsumer`,
//! `SubscriptionGroupConfig`).

use std::sync::Arc;

use super::{ClientRules, GoRules, GrpcSettings, LitePullSettings, PopConsumerSettings};
use crate::kernel::{Instant, Span};
use crate::offset::ChosenStore;
use crate::strategy::AllocateMessageQueueStrategy;

/// Where a group without a stored offset begins (`ConsumeFromWhere`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsumeFromWhere {
    /// `CONSUME_FROM_LAST_OFFSET`, the default.
    LastOffset,
    /// `CONSUME_FROM_FIRST_OFFSET`.
    FirstOffset,
    /// `CONSUME_FROM_TIMESTAMP` with `consumeTimestamp` as a moment of the run (the default, half an hour before
    /// the process started, lies before every message of a run: `Instant::ZERO`).
    Timestamp(Instant),
}

/// `MessageModel`: who of a group gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageModel {
    /// `CLUSTERING`, the default: one member; progress is kept by the brokers.
    Clustering,
    /// `BROADCASTING`: every member; progress is kept in a file on the member's own machine.
    Broadcasting,
}

/// `MQClientInstance` and `ClientConfig`.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientSettings {
    /// `pollNameServerInterval`, 30 s.
    pub poll_name_server_interval: Span,
    /// `heartbeatBrokerInterval`, 30 s.
    pub heartbeat_broker_interval: Span,
    /// `persistConsumerOffsetInterval`, 5 s.
    pub persist_consumer_offset_interval: Span,
    /// `pullTimeDelayMillsWhenException`, 1 s.
    pub pull_time_delay_mills_when_exception: Span,
    /// `mqClientApiTimeout`, 3 s.
    pub mq_client_api_timeout: Span,
    /// `useHeartbeatV2`, false.
    pub use_heartbeat_v2: bool,
    /// `enableHeartbeatChannelEventListener`, true.
    pub enable_heartbeat_channel_event_listener: bool,
    /// `clientCloseSocketIfTimeout`, true; false up to 4.9.0: a client stays with a server that hangs.
    pub client_close_socket_if_timeout: bool,
    /// `connectTimeoutMillis`, 3 s.
    pub connect_timeout_millis: Span,
    /// `clientChannelMaxIdleTimeSeconds`, 120 s.
    pub client_channel_max_idle_time_seconds: Span,
    /// After a rebalance that left a topic unbalanced the next one comes after the minimum interval, true; 4.x waits its
    /// whole interval (`RebalanceService.run`).
    pub retry_when_not_balanced: bool,
    /// The lock of an ordered queue is asked for before its `ProcessQueue` exists, and so is not noted in it before the
    /// next `lockAll`, false; clients before apache/rocketmq#5466.
    pub lock_before_process_queue: bool,
    /// A one-way message waits on its thread until the connection is there or has failed, false; 4.x
    /// (`NettyRemotingClient.invokeOneway` with `getAndCreateChannel`).
    pub oneway_waits_for_connect: bool,
    /// How long a queue whose offset is illegal stays dropped in the table before it is repaired, and no rebalance comes at
    /// once, 0: repaired and rebalanced at once; up to 5.1 10 s (`DefaultMQPushConsumerImpl.pullMessage`).
    pub offset_illegal_repair_delay: Span,
    /// The local store writes one queue's offset when it is given up, true; `LocalFileOffsetStore.persist(mq)` is empty up
    /// to 5.1, but for 4.9.8.
    pub local_file_persists_one: bool,
    /// `enableConcurrentHeartbeat`, false; there from 5.5.0 on.
    pub enable_concurrent_heartbeat: bool,
    /// What its release does and nobody can set there.
    pub rules: ClientRules,
    /// Fixed timers, and those set by JVM properties.
    pub timers: TimerSettings,
    /// It is the Go client, by these rules; `None`: the Java client.
    pub go: Option<GoRules>,
    /// It is a client of apache/rocketmq-clients, which speaks gRPC to a proxy; `None`: one that asks brokers.
    pub grpc: Option<GrpcSettings>,
}

/// Timers of the client that are system properties or constants of the code.
#[derive(Debug, Clone, PartialEq)]
pub struct TimerSettings {
    /// `rocketmq.client.rebalance.waitInterval`, 20 s.
    pub rebalance_wait_interval: Span,
    /// `rocketmq.client.rebalance.minInterval`, 1 s.
    pub rebalance_min_interval: Span,
    /// `rocketmq.client.pull.pullMaxIdleTime`, 120 s.
    pub pull_max_idle_time: Span,
    /// First route poll after the instance started, 10 ms.
    pub route_poll_initial_delay: Span,
    /// First timer heartbeat, 1 s.
    pub heartbeat_initial_delay: Span,
    /// First persist of offsets, 10 s.
    pub persist_initial_delay: Span,
    /// Delay of the first pull of a queue just taken (`RebalanceImpl.dispatchPullRequest`), 500 ms.
    pub pull_dispatch_delay: Span,
    /// Delay of a pull under flow control, 50 ms.
    pub pull_flow_control_delay: Span,
    /// Delay of a pull while the consumer is suspended, 1 s.
    pub pull_suspended_delay: Span,
    /// `BROKER_SUSPEND_MAX_TIME_MILLIS`, 15 s.
    pub broker_suspend_max_time: Span,
    /// `CONSUMER_TIMEOUT_MILLIS_WHEN_SUSPEND`, 30 s.
    pub consumer_timeout_when_suspend: Span,
    /// Timeout of offset queries, 5 s.
    pub offset_query_timeout: Span,
    /// Timeout of max-offset and search-offset calls (`MQAdminImpl`), 6 s.
    pub admin_timeout: Span,
    /// Timeout of a send-back, 5 s.
    pub send_back_timeout: Span,
    /// Delay of the local retry after a failed send-back, 5 s.
    pub send_back_retry_delay: Span,
    /// Timers of orderly consumption.
    pub orderly: OrderlySettings,
}

/// Timers of orderly consumption: system properties, and constants of the code.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderlySettings {
    /// First `lockAll` after the service started, 1 s.
    pub lock_initial_delay: Span,
    /// `rocketmq.client.rebalance.lockInterval`, 20 s.
    pub lock_interval: Span,
    /// `rocketmq.client.rebalance.lockMaxLiveTime`, 30 s.
    pub lock_max_live_time: Span,
    /// Timeout of lock and unlock calls, 1 s.
    pub lock_timeout: Span,
    /// How long a removal waits for the listener (`RebalancePushImpl.tryRemoveOrderMessageQueue`), 500 ms.
    pub consume_lock_timeout: Span,
    /// `rocketmq.client.unlockDelayTimeMills`, 20 s.
    pub unlock_delay_time_mills: Span,
    /// `rocketmq.client.maxTimeConsumeContinuously`, 60 s.
    pub max_time_consume_continuously: Span,
}

impl Default for OrderlySettings {
    fn default() -> Self {
        let s = Span::from_secs;
        Self {
            lock_initial_delay: s(1),
            lock_interval: s(20),
            lock_max_live_time: s(30),
            lock_timeout: s(1),
            consume_lock_timeout: Span::from_millis(500),
            unlock_delay_time_mills: s(20),
            max_time_consume_continuously: s(60),
        }
    }
}

/// `DefaultMQPushConsumer`, or `DefaultLitePullConsumer`.
#[derive(Clone)]
pub struct ConsumerSettings {
    /// It is a `DefaultLitePullConsumer`, with these settings.
    pub lite_pull: Option<LitePullSettings>,
    /// Who deals its queues, and how it pops.
    pub pop: PopConsumerSettings,
    /// `messageModel`, CLUSTERING.
    pub message_model: MessageModel,
    /// `offsetStore`, where it was set ([`ConsumerSettings::offset_store`]).
    pub chosen_offset_store: Option<ChosenStore>,
    /// `consumeFromWhere`.
    pub consume_from_where: ConsumeFromWhere,
    /// `allocateMessageQueueStrategy`, AVG.
    pub allocate_message_queue_strategy: Arc<dyn AllocateMessageQueueStrategy>,
    /// `consumeThreadMin`, 20; the pool never grows beyond it.
    pub consume_thread_min: u32,
    /// `consumeThreadMax`, 20, where it was set. The pool's queue has no bound, so it never gets so many.
    pub consume_thread_max: Option<u32>,
    /// `consumeConcurrentlyMaxSpan`, 2000 offsets.
    pub consume_concurrently_max_span: u32,
    /// `pullThresholdForQueue`, 1000 messages.
    pub pull_threshold_for_queue: u32,
    /// `pullThresholdSizeForQueue`, 100 MiB.
    pub pull_threshold_size_for_queue_mib: u32,
    /// `pullThresholdForTopic`, off.
    pub pull_threshold_for_topic: Option<u32>,
    /// `pullThresholdSizeForTopic`, off.
    pub pull_threshold_size_for_topic_mib: Option<u32>,
    /// `pullInterval`, 0.
    pub pull_interval: Span,
    /// `pullBatchSize`, 32.
    pub pull_batch_size: u32,
    /// `consumeMessageBatchMaxSize`, 1.
    pub consume_message_batch_max_size: u32,
    /// `maxReconsumeTimes`; `None` is -1, which means 16, and for an orderly listener without end.
    pub max_reconsume_times: Option<u32>,
    /// `consumeTimeout`, 15 minutes.
    pub consume_timeout: Span,
    /// `awaitTerminationMillisWhenShutdown`, 0.
    pub await_termination_millis_when_shutdown: Span,
    /// `suspendCurrentQueueTimeMillis` as it is written, 1 s; what counts is
    /// [`ConsumerSettings::suspend_current_queue_time`].
    pub suspend_current_queue_time_millis: Span,
}

impl Default for ClientSettings {
    fn default() -> Self {
        let s = Span::from_secs;
        Self {
            poll_name_server_interval: s(30),
            heartbeat_broker_interval: s(30),
            persist_consumer_offset_interval: s(5),
            pull_time_delay_mills_when_exception: s(1),
            mq_client_api_timeout: s(3),
            use_heartbeat_v2: false,
            enable_heartbeat_channel_event_listener: true,
            client_close_socket_if_timeout: true,
            connect_timeout_millis: s(3),
            client_channel_max_idle_time_seconds: s(120),
            retry_when_not_balanced: true,
            lock_before_process_queue: false,
            oneway_waits_for_connect: false,
            offset_illegal_repair_delay: Span::ZERO,
            local_file_persists_one: true,
            enable_concurrent_heartbeat: false,
            rules: ClientRules::default(),
            timers: TimerSettings::default(),
            go: None,
            grpc: None,
        }
    }
}

impl Default for TimerSettings {
    fn default() -> Self {
        let (s, ms) = (Span::from_secs, Span::from_millis);
        Self {
            rebalance_wait_interval: s(20),
            rebalance_min_interval: s(1),
            pull_max_idle_time: s(120),
            route_poll_initial_delay: ms(10),
            heartbeat_initial_delay: s(1),
            persist_initial_delay: s(10),
            pull_dispatch_delay: ms(500),
            pull_flow_control_delay: ms(50),
            pull_suspended_delay: s(1),
            broker_suspend_max_time: s(15),
            consumer_timeout_when_suspend: s(30),
            offset_query_timeout: s(5),
            admin_timeout: s(6),
            send_back_timeout: s(5),
            send_back_retry_delay: s(5),
            orderly: OrderlySettings::default(),
        }
    }
}

impl ConsumerSettings {
    /// The pauses after a failed listener that RocketMQ allows.
    pub const SUSPEND_TIMES: (Span, Span) = (Span::from_millis(10), Span::from_secs(30));

    /// How long an orderly queue waits after its listener failed: `suspendCurrentQueueTimeMillis`, or the nearest time that
    /// RocketMQ allows, which it takes without a word (`ConsumeMessageOrderlyService.submitConsumeRequestLater`).
    #[must_use]
    pub fn suspend_current_queue_time(&self) -> Span {
        let (least, most) = Self::SUSPEND_TIMES;
        self.suspend_current_queue_time_millis.clamp(least, most)
    }

    /// RocketMQ's defaults with this strategy.
    #[must_use]
    pub fn with_strategy(strategy: Arc<dyn AllocateMessageQueueStrategy>) -> Self {
        Self {
            lite_pull: None,
            pop: PopConsumerSettings::default(),
            message_model: MessageModel::Clustering,
            chosen_offset_store: None,
            consume_from_where: ConsumeFromWhere::LastOffset,
            allocate_message_queue_strategy: strategy,
            consume_thread_min: 20,
            consume_thread_max: None,
            consume_concurrently_max_span: 2_000,
            pull_threshold_for_queue: 1_000,
            pull_threshold_size_for_queue_mib: 100,
            pull_threshold_for_topic: None,
            pull_threshold_size_for_topic_mib: None,
            pull_interval: Span::ZERO,
            pull_batch_size: 32,
            consume_message_batch_max_size: 1,
            max_reconsume_times: None,
            consume_timeout: Span::from_secs(15 * 60),
            await_termination_millis_when_shutdown: Span::ZERO,
            suspend_current_queue_time_millis: Span::from_secs(1),
        }
    }

    /// The store that was set, else that of the message model (`DefaultMQPushConsumerImpl.start`).
    #[must_use]
    pub fn offset_store(&self) -> ChosenStore {
        self.chosen_offset_store.unwrap_or_else(|| {
            ChosenStore::named(match self.message_model {
                MessageModel::Clustering => "RemoteBrokerOffsetStore",
                MessageModel::Broadcasting => "LocalFileOffsetStore",
            })
        })
    }
}

impl std::fmt::Debug for ConsumerSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsumerSettings")
            .field("strategy", &self.allocate_message_queue_strategy.name())
            .finish_non_exhaustive()
    }
}
