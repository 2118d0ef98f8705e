//! RocketMQ's settings of brokers and name servers, with RocketMQ's defaults (`BrokerConfig`, `MessageStoreConfig`,
//! `NamesrvConfig`).

use super::broker_rules::BrokerRules;
use super::pools::PoolsSettings;
use super::replication::ReplicationSettings;
use super::{Permission, PopBrokerSettings};
use crate::kernel::Span;

/// `FlushDiskType`: when a broker answers a producer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlushDiskType {
    /// `ASYNC_FLUSH`: when the message is in the page cache.
    Async,
    /// `SYNC_FLUSH`: when it is on the disk.
    Sync,
}

/// `BrokerConfig`, `MessageStoreConfig` and the group's `SubscriptionGroupConfig`.
#[derive(Debug, Clone, PartialEq)]
pub struct BrokerSettings {
    /// In what its release differs from others.
    pub rules: BrokerRules,
    /// The thread pools.
    pub pools: PoolsSettings,
    /// POP.
    pub pop: PopBrokerSettings,
    /// Replicas and acknowledgement.
    pub replication: ReplicationSettings,
    /// `autoCreateSubscriptionGroup`, true.
    pub auto_create_subscription_group: bool,
    /// `autoCreateTopicEnable`, false where RocketMQ's own is true: a message of a topic that is not there makes it. A
    /// scenario lists its topics, as in clusters where operators make them; else a message sent to a topic that was deleted
    /// would bring it back.
    pub auto_create_topic_enable: bool,
    /// `brokerPermission`, 6: to read and to write.
    pub broker_permission: Permission,
    /// `consumeEnable` of the groups there, true.
    pub consume_enable: bool,
    /// `consumeBroadcastEnable` of the groups there, true.
    pub consume_broadcast_enable: bool,
    /// `consumeMessageOrderly` of the groups there, false: clients of the proxy pop in order, one batch of a queue at a time.
    pub consume_message_orderly: bool,
    /// `notifyConsumerIdsChangedEnable`, true.
    pub notify_consumer_ids_changed_enable: bool,
    /// `realTimeNotifyConsumerChange`, true; false: a timer, first at 30 s, then every 15 s.
    pub real_time_notify_consumer_change: bool,
    /// `useServerSideResetOffset`, true: an operator's reset waits at the broker for the next pull; else it is pushed to the
    /// members.
    pub use_server_side_reset_offset: bool,
    /// How many events of channels may wait for the one thread that handles them; what comes beyond is dropped
    /// (`NettyEventExecutor`, a constant of 10,000).
    pub netty_event_queue_size: u32,
    /// `serverSelectorThreads`, 3: the event loops among which connections are dealt (`NettyServerNIOSelector`); they count
    /// where costs are [`BrokerCosts::Measured`](super::BrokerCosts::Measured).
    pub server_selector_threads: u32,
    /// `brokerRole` of the master: SYNC_MASTER, else ASYNC_MASTER, the default.
    pub sync_master: bool,
    /// `slaveReadEnable`, false.
    pub slave_read_enable: bool,
    /// `enableSlaveActingMaster`, false: while the master is away its lowest slave counts as the master, for reading.
    pub enable_slave_acting_master: bool,
    /// `brokerNotActiveTimeoutMillis`, 10 s: how long a name server waits for a broker with `enableSlaveActingMaster`.
    pub broker_not_active_timeout_millis: Span,
    /// `enableControllerMode`, false: slaves fetch offsets every 12 s, and one becomes the master by itself.
    pub enable_controller_mode: bool,
    /// `channelExpiredTimeout`, 120 s.
    pub channel_expired_timeout: Span,
    /// Housekeeping scan, 10 s.
    pub client_housekeeping_interval: Span,
    /// `serverChannelMaxIdleTimeSeconds`, 120 s.
    pub server_channel_max_idle_time_seconds: Span,
    /// `flushConsumerOffsetInterval`, 5 s (first at 10 s).
    pub flush_consumer_offset_interval: Span,
    /// `flushDelayOffsetInterval`, 10 s: how often `delayOffset.json` is written (`ScheduleMessageService.persist`).
    pub flush_delay_offset_interval: Span,
    /// `longPollingEnable`, true.
    pub long_polling_enable: bool,
    /// `shortPollingTimeMills`, 1 s.
    pub short_polling_time_mills: Span,
    /// Tick that looks through held pulls, 5 s.
    pub pull_hold_tick: Span,
    /// `registerNameServerPeriod` as it is written, 30 s (first at 10 s); what counts is
    /// [`BrokerSettings::registration_period`].
    pub register_name_server_period: Span,
    /// `registerBrokerTimeoutMills`, 24 s.
    pub register_broker_timeout_mills: Span,
    /// `retryQueueNums`, 1.
    pub retry_queue_nums: u32,
    /// `retryMaxTimes`, 16.
    pub retry_max_times: u32,
    /// `messageDelayLevel`: the delay of each level, level 1 first.
    pub message_delay_level: Vec<Span>,
    /// `maxTransferCountOnMessageInMemory`, 32.
    pub max_transfer_count_on_message_in_memory: u32,
    /// `rocketmq.broker.rebalance.lockMaxLiveTime`, 60 s.
    pub lock_max_live_time: Span,
    /// `flushDiskType`, ASYNC_FLUSH.
    pub flush_disk_type: FlushDiskType,
    /// `flushIntervalCommitLog`, 500 ms.
    pub flush_interval_commit_log: Span,
    /// `flushCommitLogLeastPages`, 4: with fewer dirty pages a round writes nothing.
    pub flush_commit_log_least_pages: u32,
    /// `flushCommitLogThoroughInterval`, 10 s: then a round writes whatever is dirty.
    pub flush_commit_log_thorough_interval: Span,
}

/// `NamesrvConfig` and constants of `RouteInfoManager`.
#[derive(Debug, Clone, PartialEq)]
pub struct NameServerSettings {
    /// Broker expiry, 120 s.
    pub broker_channel_expired_time: Span,
    /// `scanNotActiveBrokerInterval`, 5 s (first at 5 s).
    pub scan_not_active_broker_interval: Span,
    /// When it first looks; `None`: after an interval, as the first look of 5.x, at 5 ms, finds nobody.
    pub first_scan: Option<Span>,
    /// `supportActingMaster`, false: a slave with `enableSlaveActingMaster` is shown as the master while that is away.
    pub support_acting_master: bool,
}

impl NameServerSettings {
    /// So long a connection to a name server, or to a controller, lives on which nothing goes
    /// (`NettyServerConfig.serverChannelMaxIdleTimeSeconds`).
    pub const CHANNEL_MAX_IDLE_TIME: Span = Span::from_secs(120);
}

impl BrokerSettings {
    /// The periods of registration that RocketMQ allows.
    pub const REGISTRATION_PERIODS: (Span, Span) = (Span::from_secs(10), Span::from_secs(60));

    /// Whether changes of members are gathered and told by a timer: `realTimeNotifyConsumerChange = false`, where the release
    /// heeds it (`DefaultConsumerIdsChangeListener.handle`).
    #[must_use]
    pub fn gathers_notifications(&self) -> bool {
        !self.real_time_notify_consumer_change && self.rules.buffered_notifications
    }

    /// How often a broker registers: `registerNameServerPeriod`, or the nearest period that RocketMQ allows, which it takes
    /// without a word (`BrokerController.start`).
    #[must_use]
    pub fn registration_period(&self) -> Span {
        let (least, most) = Self::REGISTRATION_PERIODS;
        self.register_name_server_period.clamp(least, most)
    }
}

impl Default for BrokerSettings {
    fn default() -> Self {
        let s = Span::from_secs;
        let minutes = |n: u64| s(60 * n);
        let mut levels = vec![s(1), s(5), s(10), s(30)];
        levels.extend((1..=10).map(minutes));
        levels.extend([minutes(20), minutes(30), minutes(60), minutes(120)]);
        Self {
            rules: BrokerRules::default(),
            pools: PoolsSettings::default(),
            pop: PopBrokerSettings::default(),
            replication: ReplicationSettings::default(),
            auto_create_subscription_group: true,
            auto_create_topic_enable: false,
            broker_permission: Permission::default(),
            consume_enable: true,
            consume_broadcast_enable: true,
            consume_message_orderly: false,
            notify_consumer_ids_changed_enable: true,
            real_time_notify_consumer_change: true,
            use_server_side_reset_offset: true,
            netty_event_queue_size: 10_000,
            server_selector_threads: 3,
            sync_master: false,
            slave_read_enable: false,
            enable_slave_acting_master: false,
            broker_not_active_timeout_millis: s(10),
            enable_controller_mode: false,
            channel_expired_timeout: s(120),
            client_housekeeping_interval: s(10),
            server_channel_max_idle_time_seconds: s(120),
            flush_consumer_offset_interval: s(5),
            flush_delay_offset_interval: s(10),
            long_polling_enable: true,
            short_polling_time_mills: s(1),
            pull_hold_tick: s(5),
            register_name_server_period: s(30),
            register_broker_timeout_mills: s(24),
            retry_queue_nums: 1,
            retry_max_times: 16,
            message_delay_level: levels,
            max_transfer_count_on_message_in_memory: 32,
            lock_max_live_time: s(60),
            flush_disk_type: FlushDiskType::Async,
            flush_interval_commit_log: Span::from_millis(500),
            flush_commit_log_least_pages: 4,
            flush_commit_log_thorough_interval: s(10),
        }
    }
}

impl Default for NameServerSettings {
    fn default() -> Self {
        Self {
            broker_channel_expired_time: Span::from_secs(120),
            scan_not_active_broker_interval: Span::from_secs(5),
            first_scan: None,
            support_acting_master: false,
        }
    }
}
