//! POP and the assignment of queues by brokers: `BrokerConfig`, `MessageStoreConfig`.

use crate::model::observation::RequestMode;
use crate::model::plan::BrokerSettings;
use crate::scenario::settings::{Kind, Setting, about, count, flag, period};

/// How a broker deals queues, lets messages be popped, and gives back what nobody acknowledges.
pub(super) static POP: &[Setting<BrokerSettings>] = &[
    Setting {
        names: &["defaultMessageRequestMode"],
        kind: Kind::Word {
            words: &["PULL", "POP"],
            set: |b, v| b.pop.default_message_request_mode = [RequestMode::Pull, RequestMode::Pop][v],
        },
        about: about(
            "PULL",
            "How groups with clientRebalance = false consume topics of which set_mode has said nothing.",
            "BrokerConfig.defaultMessageRequestMode",
        ),
    },
    Setting {
        names: &["defaultPopShareQueueNum"],
        kind: Kind::Optional {
            least: 0,
            most: 65_535,
            set: |b, v| b.pop.default_pop_share_queue_num = v.map_or(-1, |v| i32::try_from(v).unwrap_or(i32::MAX)),
        },
        about: about(
            "-1",
            "With how many others a member shares each of its queues where set_mode has said nothing; 0 or less: all \
             pop all.",
            "BrokerConfig.defaultPopShareQueueNum",
        ),
    },
    flag(&["serverLoadBalancerEnable"], |b: &mut BrokerSettings, v| b.pop.server_load_balancer_enable = v).about(
        "true",
        "Without it every member that asks a broker is assigned all queues, whatever the mode.",
        "BrokerConfig.serverLoadBalancerEnable",
    ),
    period(&["loadBalancePollNameServerInterval"], |b: &mut BrokerSettings, v| {
        b.pop.load_balance_poll_name_server_interval = v
    })
    .about(
        "30s",
        "How often a broker polls the routes of the topics that it is asked to assign.",
        "BrokerConfig.loadBalancePollNameServerInterval",
    ),
    count(&["loadBalanceProcessorThreadPoolNums"], 1, 1_024, |b: &mut BrokerSettings, v| {
        b.pools.load_balance.thread_pool_nums = Some(v)
    })
    .about(
        "32",
        "How many threads answer QUERY_ASSIGNMENT; it counts where broker_processors is set.",
        "BrokerConfig.loadBalanceProcessorThreadPoolNums",
    ),
    count(&["ackMessageThreadPoolNums"], 1, 1_024, |b: &mut BrokerSettings, v| b.pools.ack.thread_pool_nums = Some(v))
        .about(
            "16",
            "How many threads take acknowledgements; it counts where broker_processors is set.",
            "BrokerConfig.ackMessageThreadPoolNums",
        ),
    period(&["waitTimeMillsInAckQueue"], |b: &mut BrokerSettings, v| b.pools.ack.wait_time_in_queue = Some(v)).about(
        "3s",
        "An acknowledgement that waited longer for a thread is refused, and its client does not send it again.",
        "BrokerConfig.waitTimeMillsInAckQueue",
    ),
    flag(&["timerWheelEnable"], |b: &mut BrokerSettings, v| b.pop.timer_wheel_enable = v).about(
        "true",
        "Without the timer wheel a broker refuses every pop (trap PE32).",
        "MessageStoreConfig.timerWheelEnable",
    ),
    count(&["reviveQueueNum"], 1, 1_024, |b: &mut BrokerSettings, v| b.pop.revive_queue_num = v).about(
        "8",
        "How many queues the revive topic has, each with a thread that gives messages back.",
        "BrokerConfig.reviveQueueNum",
    ),
    period(&["reviveInterval"], |b: &mut BrokerSettings, v| b.pop.revive_interval = v).about(
        "1s",
        "How long such a thread rests between two scans.",
        "BrokerConfig.reviveInterval",
    ),
    count(&["reviveMaxSlow"], 1, 1_000, |b: &mut BrokerSettings, v| b.pop.revive_max_slow = v).about(
        "3",
        "How many more intervals it rests, at most, where a scan found no checkpoint.",
        "BrokerConfig.reviveMaxSlow",
    ),
    period(&["reviveScanTime"], |b: &mut BrokerSettings, v| b.pop.revive_scan_time = v).about(
        "10s",
        "How long a scan reads.",
        "BrokerConfig.reviveScanTime",
    ),
    count(&["popPollingSize"], 1, 10_000_000, |b: &mut BrokerSettings, v| b.pop.pop_polling_size = v).about(
        "1024",
        "With more pops than this that wait for one queue, or for all of a topic, the next is refused.",
        "BrokerConfig.popPollingSize",
    ),
    count(&["maxPopPollingSize"], 1, 10_000_000, |b: &mut BrokerSettings, v| b.pop.max_pop_polling_size = v).about(
        "100000",
        "How many pops may wait in all.",
        "BrokerConfig.maxPopPollingSize",
    ),
    count(&["popLongPollingForceNotifyInterval"], 0, 1_000_000, |b: &mut BrokerSettings, v| {
        b.pop.pop_long_polling_force_notify_interval = v
    })
    .about(
        "800",
        "Every so many messages of a queue wake a pop whatever its tags are.",
        "BrokerConfig.popLongPollingForceNotifyInterval",
    ),
    count(&["popFromRetryProbability"], 0, 100, |b: &mut BrokerSettings, v| b.pop.pop_from_retry_probability = v)
        .about(
            "20",
            "Of a hundred pops so many look into the retry topic first; the others only where their batch is not full.",
            "BrokerConfig.popFromRetryProbability",
        ),
    flag(&["enableRetryTopicV2"], |b: &mut BrokerSettings, v| b.pop.enable_retry_topic_v2 = v).about(
        "false",
        "Retry topics have a + in their names, and what comes into one wakes a pop.",
        "BrokerConfig.enableRetryTopicV2",
    ),
    flag(&["retrieveMessageFromPopRetryTopicV1"], |b: &mut BrokerSettings, v| {
        b.pop.retrieve_message_from_pop_retry_topic_v1 = v
    })
    .about(
        "true",
        "With enableRetryTopicV2 half of the pops look into the retry topic with the old name.",
        "BrokerConfig.retrieveMessageFromPopRetryTopicV1",
    ),
    flag(&["enableNotifyAfterPopOrderLockRelease"], |b: &mut BrokerSettings, v| {
        b.pop.notify_after_pop_order_lock_release = v
    })
    .about(
        "true",
        "The end of a block wakes a pop in order that waits for the queue.",
        "BrokerConfig.enableNotifyAfterPopOrderLockRelease",
    ),
    flag(&["initPopOffsetByCheckMsgInMem"], |b: &mut BrokerSettings, v| b.pop.init_pop_offset_by_check_msg_in_mem = v)
        .about(
            "true",
            "A group without an offset pops from the first message on where that is in memory.",
            "BrokerConfig.initPopOffsetByCheckMsgInMem",
        ),
    flag(&["enablePopBufferMerge"], |b: &mut BrokerSettings, v| b.pop.enable_pop_buffer_merge = v).about(
        "false",
        "Checkpoints wait in memory for their acknowledgements, and most are never stored.",
        "BrokerConfig.enablePopBufferMerge",
    ),
    flag(&["popConsumerKVServiceInit"], |b: &mut BrokerSettings, v| b.pop.pop_consumer_kv_service_init = v).about(
        "false",
        "The service of rows in RocksDB runs, and gives back what they say.",
        "BrokerConfig.popConsumerKVServiceInit",
    ),
    flag(&["popConsumerKVServiceEnable"], |b: &mut BrokerSettings, v| b.pop.pop_consumer_kv_service_enable = v).about(
        "false",
        "A row in RocksDB for each popped message, and no checkpoints; without popConsumerKVServiceInit every pop is \
         refused.",
        "BrokerConfig.popConsumerKVServiceEnable",
    ),
    period(&["popCkStayBufferTime"], |b: &mut BrokerSettings, v| b.pop.pop_ck_stay_buffer_time = v).about(
        "10s",
        "How long a checkpoint waits in memory.",
        "BrokerConfig.popCkStayBufferTime",
    ),
    period(&["popCkStayBufferTimeOut"], |b: &mut BrokerSettings, v| b.pop.pop_ck_stay_buffer_time_out = v).about(
        "3s",
        "How long before its messages become visible a checkpoint is stored at the latest.",
        "BrokerConfig.popCkStayBufferTimeOut",
    ),
    count(&["popCkMaxBufferSize"], 1, 100_000_000, |b: &mut BrokerSettings, v| b.pop.pop_ck_max_buffer_size = v).about(
        "200000",
        "How many checkpoints wait in memory at most.",
        "BrokerConfig.popCkMaxBufferSize",
    ),
    count(&["popCkOffsetMaxQueueSize"], 1, 100_000_000, |b: &mut BrokerSettings, v| {
        b.pop.pop_ck_offset_max_queue_size = v
    })
    .about("20000", "How many of one queue and group.", "BrokerConfig.popCkOffsetMaxQueueSize"),
];
