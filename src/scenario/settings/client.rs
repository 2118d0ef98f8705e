//! `ClientConfig`, `MQClientInstance` and the client's fixed timers.

use super::{SECOND, Setting, Tables, delay, flag, period, period_in};
use crate::model::plan::ClientSettings;

/// What a group or a consumer may set of its client.
pub(in crate::scenario) static CLIENT: Tables<ClientSettings> =
    &[TIMERS, super::orderly::ORDERLY, &super::client_rules::RULE_SETTINGS];

/// What every client has.
static TIMERS: &[Setting<ClientSettings>] = &[
    period(&["pollNameServerInterval"], |c: &mut ClientSettings, v| c.poll_name_server_interval = v).about(
        "30s",
        "How often a client asks its name server for the routes of its topics.",
        "ClientConfig.pollNameServerInterval",
    ),
    period(&["heartbeatBrokerInterval"], |c: &mut ClientSettings, v| c.heartbeat_broker_interval = v).about(
        "30s",
        "How often a client sends its heartbeat to every broker.",
        "ClientConfig.heartbeatBrokerInterval",
    ),
    period(&["persistConsumerOffsetInterval"], |c: &mut ClientSettings, v| c.persist_consumer_offset_interval = v)
        .about(
            "5s",
            "How often a client commits the offsets of its queues; what is above them comes again after a crash.",
            "ClientConfig.persistConsumerOffsetInterval",
        ),
    delay(&["pullTimeDelayMillsWhenException"], |c: &mut ClientSettings, v| c.pull_time_delay_mills_when_exception = v)
        .about(
            "1s",
            "How long a pull that failed or was refused waits before it is tried again.",
            "ClientConfig.pullTimeDelayMillsWhenException",
        ),
    period(&["mqClientApiTimeout"], |c: &mut ClientSettings, v| c.mq_client_api_timeout = v).about(
        "3s",
        "How long a client waits for routes, member lists, heartbeats and its unregistration.",
        "ClientConfig.mqClientApiTimeout",
    ),
    flag(&["useHeartbeatV2", "com.rocketmq.heartbeat.v2"], |c: &mut ClientSettings, v| c.use_heartbeat_v2 = v).about(
        "false",
        "Heartbeats carry their subscriptions only where they changed (trap E44).",
        "ClientConfig.useHeartbeatV2",
    ),
    flag(&["enableConcurrentHeartbeat"], |c: &mut ClientSettings, v| c.enable_concurrent_heartbeat = v).about(
        "false",
        "The heartbeats of a round go to all brokers at once, so that dead ones do not add up; clients have it from 5.5.0 on.",
        "MQClientInstance.sendHeartbeatToAllBrokerConcurrently",
    ),
    period(&["connectTimeoutMillis"], |c: &mut ClientSettings, v| c.connect_timeout_millis = v).about(
        "3s",
        "How long a client waits for a connection to be made.",
        "NettyClientConfig.connectTimeoutMillis",
    ),
    period_in(SECOND, &["clientChannelMaxIdleTimeSeconds"], |c: &mut ClientSettings, v| {
        c.client_channel_max_idle_time_seconds = v
    })
    .about(
        "120s",
        "A client closes a connection on which nothing went for so long.",
        "NettyClientConfig.clientChannelMaxIdleTimeSeconds",
    ),
    period(&["rebalanceWaitInterval", "rocketmq.client.rebalance.waitInterval"], |c: &mut ClientSettings, v| {
        c.timers.rebalance_wait_interval = v
    })
    .about(
        "20s",
        "How often a client rebalances where nobody wakes it; a lost notification is made good after it.",
        "RebalanceService.waitInterval",
    ),
    period(&["pullMaxIdleTime", "rocketmq.client.pull.pullMaxIdleTime"], |c: &mut ClientSettings, v| {
        c.timers.pull_max_idle_time = v
    })
    .about(
        "120s",
        "A queue that was not pulled for so long is given up at the next rebalance.",
        "ProcessQueue.PULL_MAX_IDLE_TIME",
    ),
    delay(&["routePollInitialDelay"], |c: &mut ClientSettings, v| c.timers.route_poll_initial_delay = v).about(
        "10ms",
        "From the start of an instance to its first poll of routes.",
        "MQClientInstance.startScheduledTask",
    ),
    delay(&["heartbeatInitialDelay"], |c: &mut ClientSettings, v| c.timers.heartbeat_initial_delay = v).about(
        "1s",
        "From the start of an instance to the first heartbeat of its timer.",
        "MQClientInstance.startScheduledTask",
    ),
    delay(&["persistInitialDelay"], |c: &mut ClientSettings, v| c.timers.persist_initial_delay = v).about(
        "10s",
        "From the start of an instance to its first commit by the timer.",
        "MQClientInstance.startScheduledTask",
    ),
    period(&["pullFlowControlDelay"], |c: &mut ClientSettings, v| c.timers.pull_flow_control_delay = v).about(
        "50ms",
        "How long a pull waits where the queue's cache is full.",
        "DefaultMQPushConsumerImpl.PULL_TIME_DELAY_MILLS_WHEN_CACHE_FLOW_CONTROL",
    ),
    period(&["pullSuspendedDelay"], |c: &mut ClientSettings, v| c.timers.pull_suspended_delay = v).about(
        "1s",
        "How long a pull waits while the consumer is suspended.",
        "DefaultMQPushConsumerImpl.PULL_TIME_DELAY_MILLS_WHEN_SUSPEND",
    ),
    period(&["brokerSuspendMaxTime", "BROKER_SUSPEND_MAX_TIME_MILLIS"], |c: &mut ClientSettings, v| {
        c.timers.broker_suspend_max_time = v
    })
    .about(
        "15s",
        "How long a broker may hold a pull that found nothing.",
        "DefaultMQPushConsumerImpl.BROKER_SUSPEND_MAX_TIME_MILLIS",
    ),
    period(&["consumerTimeoutWhenSuspend", "CONSUMER_TIMEOUT_MILLIS_WHEN_SUSPEND"], |c: &mut ClientSettings, v| {
        c.timers.consumer_timeout_when_suspend = v;
    })
    .about(
        "30s",
        "How long a client waits for the answer to a pull.",
        "DefaultMQPushConsumerImpl.CONSUMER_TIMEOUT_MILLIS_WHEN_SUSPEND",
    ),
    period(&["offsetQueryTimeout"], |c: &mut ClientSettings, v| c.timers.offset_query_timeout = v).about(
        "5s",
        "How long a client waits for the offset of a queue that it takes.",
        "RemoteBrokerOffsetStore.fetchConsumeOffsetFromBroker",
    ),
    period(&["adminTimeout"], |c: &mut ClientSettings, v| c.timers.admin_timeout = v).about(
        "6s",
        "How long a client waits for the end of a queue, or for an offset by time.",
        "MQAdminImpl.timeoutMillis",
    ),
    period(&["sendBackTimeout"], |c: &mut ClientSettings, v| c.timers.send_back_timeout = v).about(
        "5s",
        "How long a client waits until a message that failed is sent back.",
        "DefaultMQPushConsumerImpl.sendMessageBack",
    ),
    delay(&["sendBackRetryDelay"], |c: &mut ClientSettings, v| c.timers.send_back_retry_delay = v).about(
        "5s",
        "How long a message whose send-back failed waits until it is consumed again in place.",
        "ConsumeMessageConcurrentlyService.submitConsumeRequestLater",
    ),
];
