//! `ClientConfig`, `MQClientInstance` and the client's fixed timers.

use super::{SECOND, Setting, delay, flag, period, period_in};
use crate::model::plan::ClientSettings;

/// What a group or a consumer may set of its client.
pub(in crate::scenario) static CLIENT: &[Setting<ClientSettings>] = &[
    period(&["pollNameServerInterval"], |c, v| c.poll_name_server_interval = v),
    period(&["heartbeatBrokerInterval"], |c, v| c.heartbeat_broker_interval = v),
    period(&["persistConsumerOffsetInterval"], |c, v| c.persist_consumer_offset_interval = v),
    delay(&["pullTimeDelayMillsWhenException"], |c, v| c.pull_time_delay_mills_when_exception = v),
    period(&["mqClientApiTimeout"], |c, v| c.mq_client_api_timeout = v),
    flag(&["useHeartbeatV2", "com.rocketmq.heartbeat.v2"], |c, v| c.use_heartbeat_v2 = v),
    flag(&["enableHeartbeatChannelEventListener"], |c, v| c.enable_heartbeat_channel_event_listener = v),
    flag(&["clientCloseSocketIfTimeout"], |c, v| c.client_close_socket_if_timeout = v),
    period(&["connectTimeoutMillis"], |c, v| c.connect_timeout_millis = v),
    flag(&["retryWhenNotBalanced"], |c, v| c.retry_when_not_balanced = v),
    flag(&["lockBeforeProcessQueue"], |c, v| c.lock_before_process_queue = v),
    flag(&["onewayWaitsForConnect"], |c, v| c.oneway_waits_for_connect = v),
    delay(&["offsetIllegalRepairDelay"], |c, v| c.offset_illegal_repair_delay = v),
    flag(&["localFilePersistsOne"], |c, v| c.local_file_persists_one = v),
    period_in(SECOND, &["clientChannelMaxIdleTimeSeconds"], |c, v| c.client_channel_max_idle_time_seconds = v),
    period(&["rebalanceWaitInterval", "rocketmq.client.rebalance.waitInterval"], |c, v| {
        c.timers.rebalance_wait_interval = v
    }),
    delay(&["rebalanceMinInterval", "rocketmq.client.rebalance.minInterval"], |c, v| {
        c.timers.rebalance_min_interval = v
    }),
    period(&["pullMaxIdleTime", "rocketmq.client.pull.pullMaxIdleTime"], |c, v| c.timers.pull_max_idle_time = v),
    delay(&["routePollInitialDelay"], |c, v| c.timers.route_poll_initial_delay = v),
    delay(&["heartbeatInitialDelay"], |c, v| c.timers.heartbeat_initial_delay = v),
    delay(&["persistInitialDelay"], |c, v| c.timers.persist_initial_delay = v),
    delay(&["pullDispatchDelay"], |c, v| c.timers.pull_dispatch_delay = v),
    period(&["pullFlowControlDelay"], |c, v| c.timers.pull_flow_control_delay = v),
    period(&["pullSuspendedDelay"], |c, v| c.timers.pull_suspended_delay = v),
    period(&["brokerSuspendMaxTime", "BROKER_SUSPEND_MAX_TIME_MILLIS"], |c, v| c.timers.broker_suspend_max_time = v),
    period(&["consumerTimeoutWhenSuspend", "CONSUMER_TIMEOUT_MILLIS_WHEN_SUSPEND"], |c, v| {
        c.timers.consumer_timeout_when_suspend = v;
    }),
    period(&["offsetQueryTimeout"], |c, v| c.timers.offset_query_timeout = v),
    period(&["adminTimeout"], |c, v| c.timers.admin_timeout = v),
    period(&["sendBackTimeout"], |c, v| c.timers.send_back_timeout = v),
    delay(&["sendBackRetryDelay"], |c, v| c.timers.send_back_retry_delay = v),
    delay(&["lockInitialDelay"], |c, v| c.timers.orderly.lock_initial_delay = v),
    period(&["lockInterval", "rocketmq.client.rebalance.lockInterval"], |c, v| c.timers.orderly.lock_interval = v),
    delay(&["lockMaxLiveTime", "rocketmq.client.rebalance.lockMaxLiveTime"], |c, v| {
        c.timers.orderly.lock_max_live_time = v;
    }),
    period(&["lockTimeout"], |c, v| c.timers.orderly.lock_timeout = v),
    delay(&["consumeLockTimeout"], |c, v| c.timers.orderly.consume_lock_timeout = v),
    delay(&["unlockDelayTimeMills", "rocketmq.client.unlockDelayTimeMills"], |c, v| {
        c.timers.orderly.unlock_delay_time_mills = v;
    }),
    delay(&["maxTimeConsumeContinuously", "rocketmq.client.maxTimeConsumeContinuously"], |c, v| {
        c.timers.orderly.max_time_consume_continuously = v;
    }),
];
