//! What POP takes of a broker's settings (`BrokerConfig`, `MessageStoreConfig`), with RocketMQ's defaults.

use crate::kernel::Span;
use crate::model::observation::RequestMode;

/// POP and the assignment of queues by a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PopBrokerSettings {
    /// `defaultMessageRequestMode`, PULL: of a topic and group of which no operator has said otherwise.
    pub default_message_request_mode: RequestMode,
    /// `defaultPopShareQueueNum`, -1: every member pops all queues.
    pub default_pop_share_queue_num: i32,
    /// `serverLoadBalancerEnable`, true; false: every member is assigned all queues.
    pub server_load_balancer_enable: bool,
    /// `loadBalancePollNameServerInterval`, 30 s.
    pub load_balance_poll_name_server_interval: Span,
    /// `timerWheelEnable`, true; false: every pop is refused.
    pub timer_wheel_enable: bool,
    /// `reviveQueueNum`, 8.
    pub revive_queue_num: u32,
    /// `reviveInterval`, 1 s.
    pub revive_interval: Span,
    /// `reviveMaxSlow`, 3: how many intervals a revive thread rests at most that found no checkpoint.
    pub revive_max_slow: u32,
    /// `reviveScanTime`, 10 s: so long a scan of a revive queue reads.
    pub revive_scan_time: Span,
    /// `popPollingSize`, 1,024: how many pops more than this may wait for one queue, or for all of one topic.
    pub pop_polling_size: u32,
    /// `maxPopPollingSize`, 100,000: of all pops that wait.
    pub max_pop_polling_size: u32,
    /// `popLongPollingForceNotifyInterval`, 800: every so many messages wake a pop whatever its tags are; 0: none.
    pub pop_long_polling_force_notify_interval: u32,
    /// `popFromRetryProbability`, 20: of a hundred pops so many look into the retry topic first.
    pub pop_from_retry_probability: u32,
    /// `enableRetryTopicV2`, false: retry topics are named `%RETRY%group+topic`.
    pub enable_retry_topic_v2: bool,
    /// `retrieveMessageFromPopRetryTopicV1`, true: with the new names the old ones are popped too.
    pub retrieve_message_from_pop_retry_topic_v1: bool,
    /// Whether a message that comes into the retry topic wakes a pop of its topic whatever the name is: from 5.5 on.
    pub retry_arrival_wakes: bool,
    /// `enableNotifyAfterPopOrderLockRelease`, true: the end of a block wakes a pop that waits.
    pub notify_after_pop_order_lock_release: bool,
    /// `initPopOffsetByCheckMsgInMem`, true: a group without an offset begins at 0 where the first message is in memory.
    pub init_pop_offset_by_check_msg_in_mem: bool,
    /// `enablePopBufferMerge`, false: checkpoints are stored at once.
    pub enable_pop_buffer_merge: bool,
    /// `popConsumerKVServiceInit`, false: the service of rows in RocksDB runs.
    pub pop_consumer_kv_service_init: bool,
    /// `popConsumerKVServiceEnable`, false: pops write rows in RocksDB; without the service every pop is refused.
    pub pop_consumer_kv_service_enable: bool,
    /// `popCkStayBufferTime`, 10 s: so long a checkpoint stays in memory.
    pub pop_ck_stay_buffer_time: Span,
    /// `popCkStayBufferTimeOut`, 3 s: so long before the message becomes visible a checkpoint is stored.
    pub pop_ck_stay_buffer_time_out: Span,
    /// `popCkMaxBufferSize`, 200,000.
    pub pop_ck_max_buffer_size: u32,
    /// `popCkOffsetMaxQueueSize`, 20,000: of one queue and group.
    pub pop_ck_offset_max_queue_size: u32,
}

impl Default for PopBrokerSettings {
    fn default() -> Self {
        Self {
            default_message_request_mode: RequestMode::Pull,
            default_pop_share_queue_num: -1,
            server_load_balancer_enable: true,
            load_balance_poll_name_server_interval: Span::from_secs(30),
            timer_wheel_enable: true,
            revive_queue_num: 8,
            revive_interval: Span::from_secs(1),
            revive_max_slow: 3,
            revive_scan_time: Span::from_secs(10),
            pop_polling_size: 1_024,
            max_pop_polling_size: 100_000,
            pop_long_polling_force_notify_interval: 800,
            pop_from_retry_probability: 20,
            enable_retry_topic_v2: false,
            retrieve_message_from_pop_retry_topic_v1: true,
            retry_arrival_wakes: false,
            notify_after_pop_order_lock_release: true,
            init_pop_offset_by_check_msg_in_mem: true,
            enable_pop_buffer_merge: false,
            pop_consumer_kv_service_init: false,
            pop_consumer_kv_service_enable: false,
            pop_ck_stay_buffer_time: Span::from_secs(10),
            pop_ck_stay_buffer_time_out: Span::from_secs(3),
            pop_ck_max_buffer_size: 200_000,
            pop_ck_offset_max_queue_size: 20_000,
        }
    }
}
