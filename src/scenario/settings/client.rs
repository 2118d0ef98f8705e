//! `ClientConfig`, `MQClientInstance` and the client's fixed timers.

use super::{SECOND, Setting, Tables, delay, flag, period, period_in};
use crate::model::plan::ClientSettings;

/// What a group or a consumer may set of its client.
pub(in crate::scenario) static CLIENT: Tables<ClientSettings> = &[TIMERS, super::orderly::ORDERLY];

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
    flag(&["enableHeartbeatChannelEventListener"], |c: &mut ClientSettings, v| {
        c.enable_heartbeat_channel_event_listener = v
    })
    .about(
        "true",
        "A client sends a heartbeat as soon as a new connection to a broker stands.",
        "ClientConfig.enableHeartbeatChannelEventListener",
    ),
    flag(&["clientCloseSocketIfTimeout"], |c: &mut ClientSettings, v| c.client_close_socket_if_timeout = v).about(
        "true",
        "A call that times out closes the connection; false up to 4.9.0: a client stays with a server that hangs.",
        "NettyClientConfig.clientCloseSocketIfTimeout",
    ),
    period(&["connectTimeoutMillis"], |c: &mut ClientSettings, v| c.connect_timeout_millis = v).about(
        "3s",
        "How long a client waits for a connection to be made.",
        "NettyClientConfig.connectTimeoutMillis",
    ),
    flag(&["retryWhenNotBalanced"], |c: &mut ClientSettings, v| c.retry_when_not_balanced = v).about(
        "true",
        "After a rebalance that left a topic unbalanced the next comes after the minimum interval; 4.x and 5.1 wait \
         the whole one.",
        "RebalanceService.run",
    ),
    flag(&["lockBeforeProcessQueue"], |c: &mut ClientSettings, v| c.lock_before_process_queue = v).about(
        "false",
        "The lock of an ordered queue is asked for before its ProcessQueue exists, and noted in it only by the next \
         lockAll; so before 4.9.5.",
        "RebalanceImpl.updateProcessQueueTableInRebalance",
    ),
    flag(&["onewayWaitsForConnect"], |c: &mut ClientSettings, v| c.oneway_waits_for_connect = v).about(
        "false",
        "A one-way message waits on its thread until the connection is there or has failed; so before 5.3.0.",
        "NettyRemotingClient.invokeOneway",
    ),
    delay(&["offsetIllegalRepairDelay"], |c: &mut ClientSettings, v| c.offset_illegal_repair_delay = v).about(
        "0s",
        "How long a queue whose offset is illegal stays dropped before it is repaired; up to 5.1 it is 10 s.",
        "DefaultMQPushConsumerImpl.pullMessage",
    ),
    flag(&["localFilePersistsOne"], |c: &mut ClientSettings, v| c.local_file_persists_one = v).about(
        "true",
        "The local store writes one queue's offset when the queue is given up; up to 5.1 it does not, but for 4.9.8.",
        "LocalFileOffsetStore.persist",
    ),
    flag(&["tryQueryAssignment"], |c: &mut ClientSettings, v| c.try_query_assignment = v).about(
        "false",
        "Where the first queries for a topic's assignment fail the client deals it itself as long as it lives; 5.0 to \
         5.3.1.",
        "RebalanceImpl.tryQueryAssignment",
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
    delay(&["rebalanceMinInterval", "rocketmq.client.rebalance.minInterval"], |c: &mut ClientSettings, v| {
        c.timers.rebalance_min_interval = v
    })
    .about("1s", "The least time between two rebalances of a client.", "RebalanceService.minInterval"),
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
    delay(&["pullDispatchDelay"], |c: &mut ClientSettings, v| c.timers.pull_dispatch_delay = v).about(
        "500ms",
        "How long the first pull of a queue that was just taken waits; 4.x does not wait.",
        "RebalanceImpl.updateProcessQueueTableInRebalance",
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
