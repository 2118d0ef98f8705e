//! `BrokerConfig`, `MessageStoreConfig`, `NettyServerConfig` and the group's `SubscriptionGroupConfig`.

use super::{Kind, MS, SECOND, Setting, count, delay, flag, period, period_in};
use crate::model::plan::{BrokerSettings, FlushDiskType, Permission};

/// The longest queue of a thread pool.
const CAPACITY: u32 = 10_000_000;

/// What a broker may set.
pub(in crate::scenario) static BROKER: &[Setting<BrokerSettings>] = &[
    flag(&["autoCreateSubscriptionGroup"], |b, v| b.auto_create_subscription_group = v),
    flag(&["autoCreateTopicEnable"], |b, v| b.auto_create_topic_enable = v),
    // `PermName`: 4 is to read, 2 to write, 1 is for topics alone.
    count(&["brokerPermission"], 0, 7, |b, v| {
        b.broker_permission = Permission { read: v & 4 != 0, write: v & 2 != 0 };
    }),
    flag(&["consumeEnable"], |b, v| b.consume_enable = v),
    flag(&["consumeBroadcastEnable"], |b, v| b.consume_broadcast_enable = v),
    flag(&["notifyConsumerIdsChangedEnable"], |b, v| b.notify_consumer_ids_changed_enable = v),
    flag(&["realTimeNotifyConsumerChange"], |b, v| b.real_time_notify_consumer_change = v),
    flag(&["useServerSideResetOffset"], |b, v| b.use_server_side_reset_offset = v),
    count(&["nettyEventQueueSize"], 1, 1_000_000, |b, v| b.netty_event_queue_size = v),
    Setting {
        names: &["brokerRole"],
        kind: Kind::Word { words: &["ASYNC_MASTER", "SYNC_MASTER"], set: |b, v| b.sync_master = v == 1 },
    },
    flag(&["slaveReadEnable"], |b, v| b.slave_read_enable = v),
    flag(&["enableSlaveActingMaster"], |b, v| b.enable_slave_acting_master = v),
    period(&["brokerNotActiveTimeoutMillis"], |b, v| b.broker_not_active_timeout_millis = v),
    flag(&["enableControllerMode"], |b, v| b.enable_controller_mode = v),
    count(&["totalReplicas"], 1, 100, |b, v| b.replication.total_replicas = v),
    flag(&["skipPreOnline"], |b, v| b.replication.skip_pre_online = v),
    count(&["inSyncReplicas"], 1, 100, |b, v| b.replication.in_sync_replicas = v),
    count(&["minInSyncReplicas"], 1, 100, |b, v| b.replication.min_in_sync_replicas = v),
    flag(&["allAckInSyncStateSet"], |b, v| b.replication.all_ack_in_sync_state_set = v),
    flag(&["enableAutoInSyncReplicas"], |b, v| b.replication.enable_auto_in_sync_replicas = v),
    period(&["slaveTimeout"], |b, v| b.replication.slave_timeout = v),
    period(&["syncFlushTimeout"], |b, v| b.replication.sync_flush_timeout = v),
    period(&["controllerHeartBeatTimeoutMills"], |b, v| b.replication.controller_heart_beat_timeout_mills = v),
    period(&["haMaxTimeSlaveNotCatchup"], |b, v| b.replication.ha_max_time_slave_not_catchup = v),
    period(&["channelExpiredTimeout"], |b, v| b.channel_expired_timeout = v),
    period(&["clientHousekeepingInterval"], |b, v| b.client_housekeeping_interval = v),
    period_in(SECOND, &["serverChannelMaxIdleTimeSeconds"], |b, v| b.server_channel_max_idle_time_seconds = v),
    period(&["flushConsumerOffsetInterval"], |b, v| b.flush_consumer_offset_interval = v),
    flag(&["longPollingEnable"], |b, v| b.long_polling_enable = v),
    period(&["shortPollingTimeMills"], |b, v| b.short_polling_time_mills = v),
    period(&["pullHoldTick"], |b, v| b.pull_hold_tick = v),
    // Outside these bounds RocketMQ would clamp without a word (`BrokerController.start`).
    Setting {
        names: &["registerNameServerPeriod"],
        kind: Kind::Span { unit: MS, least_ms: 10_000, most_ms: 60_000, set: |b, v| b.register_name_server_period = v },
    },
    period(&["registerBrokerTimeoutMills"], |b, v| b.register_broker_timeout_mills = v),
    count(&["retryQueueNums"], 1, 1_024, |b, v| b.retry_queue_nums = v),
    count(&["retryMaxTimes"], 0, 1_000, |b, v| b.retry_max_times = v),
    Setting { names: &["messageDelayLevel"], kind: Kind::Spans(|b, v| b.message_delay_level = v) },
    count(&["maxTransferCountOnMessageInMemory"], 1, 65_535, |b, v| b.max_transfer_count_on_message_in_memory = v),
    delay(&["lockMaxLiveTime", "rocketmq.broker.rebalance.lockMaxLiveTime"], |b, v| b.lock_max_live_time = v),
    Setting {
        names: &["flushDiskType"],
        kind: Kind::Word {
            words: &["ASYNC_FLUSH", "SYNC_FLUSH"],
            set: |b, v| b.flush_disk_type = [FlushDiskType::Async, FlushDiskType::Sync][v],
        },
    },
    period(&["flushIntervalCommitLog"], |b, v| b.flush_interval_commit_log = v),
    count(&["flushCommitLogLeastPages"], 0, 1_000_000, |b, v| b.flush_commit_log_least_pages = v),
    period(&["flushCommitLogThoroughInterval"], |b, v| b.flush_commit_log_thorough_interval = v),
    period(&["flushDelayOffsetInterval"], |b, v| b.flush_delay_offset_interval = v),
    flag(&["brokerFastFailureEnable"], |b, v| b.pools.broker_fast_failure_enable = v),
    count(&["heartbeatThreadPoolNums"], 1, 1_024, |b, v| b.pools.heartbeat.thread_pool_nums = Some(v)),
    count(&["clientManageThreadPoolNums"], 1, 1_024, |b, v| b.pools.client_manage.thread_pool_nums = Some(v)),
    count(&["consumerManageThreadPoolNums"], 1, 1_024, |b, v| b.pools.consumer_manage.thread_pool_nums = Some(v)),
    count(&["adminBrokerThreadPoolNums"], 1, 1_024, |b, v| b.pools.admin.thread_pool_nums = Some(v)),
    count(&["pullMessageThreadPoolNums"], 1, 1_024, |b, v| b.pools.pull.thread_pool_nums = Some(v)),
    count(&["sendMessageThreadPoolNums"], 1, 1_024, |b, v| b.pools.send.thread_pool_nums = Some(v)),
    count(&["heartbeatThreadPoolQueueCapacity"], 1, CAPACITY, |b, v| b.pools.heartbeat.queue_capacity = v),
    count(&["clientManagerThreadPoolQueueCapacity"], 1, CAPACITY, |b, v| b.pools.client_manage.queue_capacity = v),
    count(&["consumerManagerThreadPoolQueueCapacity"], 1, CAPACITY, |b, v| b.pools.consumer_manage.queue_capacity = v),
    count(&["adminBrokerThreadPoolQueueCapacity"], 1, CAPACITY, |b, v| b.pools.admin.queue_capacity = v),
    count(&["pullThreadPoolQueueCapacity"], 1, CAPACITY, |b, v| b.pools.pull.queue_capacity = v),
    count(&["sendThreadPoolQueueCapacity"], 1, CAPACITY, |b, v| b.pools.send.queue_capacity = v),
    period(&["waitTimeMillsInHeartbeatQueue"], |b, v| b.pools.heartbeat.wait_time_in_queue = Some(v)),
    period(&["waitTimeMillsInAdminBrokerQueue"], |b, v| b.pools.admin.wait_time_in_queue = Some(v)),
    period(&["waitTimeMillsInPullQueue"], |b, v| b.pools.pull.wait_time_in_queue = Some(v)),
    period(&["waitTimeMillsInSendQueue"], |b, v| b.pools.send.wait_time_in_queue = Some(v)),
];
