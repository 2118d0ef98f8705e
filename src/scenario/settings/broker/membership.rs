//! Groups, topics, members, locks, routes and pulls of a broker: `BrokerConfig`, and of groups `SubscriptionGroupConfig`.

use crate::model::plan::{BrokerSettings, Permission};
use crate::scenario::settings::{SECOND, Setting, count, delay, flag, period, period_in};

/// Whom a broker knows, whom it tells, and how it answers.
pub(super) static MEMBERSHIP: &[Setting<BrokerSettings>] = &[
    flag(&["autoCreateSubscriptionGroup"], |b: &mut BrokerSettings, v| b.auto_create_subscription_group = v).about(
        "true",
        "A broker makes a group that it does not know at its first heartbeat; else it refuses its pulls (trap E35).",
        "BrokerConfig.autoCreateSubscriptionGroup",
    ),
    flag(&["autoCreateTopicEnable"], |b: &mut BrokerSettings, v| b.auto_create_topic_enable = v).about(
        "false",
        "A broker makes a topic at its first message. RocketMQ's own default is true; a scenario lists its topics.",
        "BrokerConfig.autoCreateTopicEnable",
    ),
    // `PermName`: 4 is to read, 2 to write, 1 is for topics alone.
    count(&["brokerPermission"], 0, 7, |b: &mut BrokerSettings, v| {
        b.broker_permission = Permission { read: v & 4 != 0, write: v & 2 != 0 };
    })
    .about("6", "What may be done at a broker: 4 to read, 2 to write, 6 both.", "BrokerConfig.brokerPermission"),
    flag(&["consumeEnable"], |b: &mut BrokerSettings, v| b.consume_enable = v).about(
        "true",
        "The groups there may consume.",
        "SubscriptionGroupConfig.consumeEnable",
    ),
    flag(&["consumeBroadcastEnable"], |b: &mut BrokerSettings, v| b.consume_broadcast_enable = v).about(
        "true",
        "The groups there may consume in BROADCASTING; mqadmin updateSubGroup sets it to false unless told otherwise.",
        "SubscriptionGroupConfig.consumeBroadcastEnable",
    ),
    flag(&["consumeMessageOrderly"], |b: &mut BrokerSettings, v| b.consume_message_orderly = v).about(
        "false",
        "The groups there pop in order where a proxy pops for them: of a queue one batch is out at a time.",
        "SubscriptionGroupConfig.consumeMessageOrderly",
    ),
    flag(&["notifyConsumerIdsChangedEnable"], |b: &mut BrokerSettings, v| b.notify_consumer_ids_changed_enable = v)
        .about("true", "Members are told when others come or go.", "BrokerConfig.notifyConsumerIdsChangedEnable"),
    flag(&["realTimeNotifyConsumerChange"], |b: &mut BrokerSettings, v| b.real_time_notify_consumer_change = v).about(
        "true",
        "They are told at once; else by a timer, first after 30 s, then every 15 s (trap E36).",
        "BrokerConfig.realTimeNotifyConsumerChange",
    ),
    flag(&["useServerSideResetOffset"], |b: &mut BrokerSettings, v| b.use_server_side_reset_offset = v).about(
        "true",
        "An operator's reset waits at the broker for the next pull; else it is pushed to the members.",
        "BrokerConfig.useServerSideResetOffset",
    ),
    count(&["nettyEventQueueSize"], 1, 1_000_000, |b: &mut BrokerSettings, v| b.netty_event_queue_size = v).about(
        "10000",
        "How many events of channels may wait; what comes beyond is dropped (trap E37). A constant of RocketMQ.",
        "NettyRemotingAbstract.NettyEventExecutor",
    ),
    count(&["serverSelectorThreads"], 1, 1_024, |b: &mut BrokerSettings, v| b.server_selector_threads = v).about(
        "3",
        "Among how many event loops a broker deals its connections; they count where broker_costs is \"measured\".",
        "NettyServerConfig.serverSelectorThreads",
    ),
    period(&["channelExpiredTimeout"], |b: &mut BrokerSettings, v| b.channel_expired_timeout = v).about(
        "120s",
        "A broker removes a member that it has not heard for so long.",
        "BrokerConfig.channelExpiredTimeout",
    ),
    period(&["clientHousekeepingInterval"], |b: &mut BrokerSettings, v| b.client_housekeeping_interval = v).about(
        "10s",
        "How often a broker looks for such members. A constant of RocketMQ.",
        "ClientHousekeepingService.start",
    ),
    period_in(SECOND, &["serverChannelMaxIdleTimeSeconds"], |b: &mut BrokerSettings, v| {
        b.server_channel_max_idle_time_seconds = v
    })
    .about(
        "120s",
        "A broker closes a connection on which nothing went for so long.",
        "NettyServerConfig.serverChannelMaxIdleTimeSeconds",
    ),
    flag(&["longPollingEnable"], |b: &mut BrokerSettings, v| b.long_polling_enable = v).about(
        "true",
        "A broker holds a pull that found nothing until a message comes.",
        "BrokerConfig.longPollingEnable",
    ),
    period(&["shortPollingTimeMills"], |b: &mut BrokerSettings, v| b.short_polling_time_mills = v).about(
        "1s",
        "How long it holds one where long polling is off.",
        "BrokerConfig.shortPollingTimeMills",
    ),
    period(&["pullHoldTick"], |b: &mut BrokerSettings, v| b.pull_hold_tick = v).about(
        "5s",
        "How often a broker looks through the pulls that it holds. A constant of RocketMQ.",
        "PullRequestHoldService.run",
    ),
    delay(&["registerNameServerPeriod"], |b: &mut BrokerSettings, v| b.register_name_server_period = v).about(
        "30s",
        "How often a broker registers with every name server; below 10 s it is 10 s, and above 60 s it is 60 s.",
        "BrokerConfig.registerNameServerPeriod",
    ),
    period(&["registerBrokerTimeoutMills"], |b: &mut BrokerSettings, v| b.register_broker_timeout_mills = v).about(
        "24s",
        "How long a broker waits for the answer to it.",
        "BrokerConfig.registerBrokerTimeoutMills",
    ),
    count(&["retryQueueNums"], 1, 1_024, |b: &mut BrokerSettings, v| b.retry_queue_nums = v).about(
        "1",
        "Over how many queues of %RETRY% a broker spreads what is sent back.",
        "SubscriptionGroupConfig.retryQueueNums",
    ),
    count(&["retryMaxTimes"], 0, 1_000, |b: &mut BrokerSettings, v| b.retry_max_times = v).about(
        "16",
        "How often a message may be sent back; clients bring a maxReconsumeTimes of their own, which decides.",
        "SubscriptionGroupConfig.retryMaxTimes",
    ),
    delay(&["lockMaxLiveTime", "rocketmq.broker.rebalance.lockMaxLiveTime"], |b: &mut BrokerSettings, v| {
        b.lock_max_live_time = v
    })
    .about(
        "60s",
        "A broker gives a lock that was not renewed for so long to another client.",
        "RebalanceLockManager.REBALANCE_LOCK_MAX_LIVE_TIME",
    ),
];
