//! Thread pools of a broker: `BrokerConfig`, `BrokerFastFailure`.

use crate::model::plan::BrokerSettings;
use crate::scenario::settings::{Setting, count, flag, period};

/// The longest queue of a thread pool.
const CAPACITY: u32 = 10_000_000;

/// Threads of a broker, and how long requests wait for them.
pub(super) static POOLS: &[Setting<BrokerSettings>] = &[
    flag(&["brokerFastFailureEnable"], |b: &mut BrokerSettings, v| b.pools.broker_fast_failure_enable = v).about(
        "true",
        "A broker answers SYSTEM_BUSY to requests that waited too long.",
        "BrokerConfig.brokerFastFailureEnable",
    ),
    count(&["heartbeatThreadPoolNums"], 1, 1_024, |b: &mut BrokerSettings, v| {
        b.pools.heartbeat.thread_pool_nums = Some(v)
    })
    .about(
        "by the machine's processors",
        "How many threads handle heartbeats; it counts where broker_processors is set.",
        "BrokerConfig.heartbeatThreadPoolNums",
    ),
    count(&["clientManageThreadPoolNums"], 1, 1_024, |b: &mut BrokerSettings, v| {
        b.pools.client_manage.thread_pool_nums = Some(v)
    })
    .about(
        "32",
        "How many threads handle clients that unregister; it counts where broker_processors is set.",
        "BrokerConfig.clientManageThreadPoolNums",
    ),
    count(&["consumerManageThreadPoolNums"], 1, 1_024, |b: &mut BrokerSettings, v| {
        b.pools.consumer_manage.thread_pool_nums = Some(v)
    })
    .about(
        "32",
        "How many threads handle member lists and offsets; it counts where broker_processors is set.",
        "BrokerConfig.consumerManageThreadPoolNums",
    ),
    count(&["adminBrokerThreadPoolNums"], 1, 1_024, |b: &mut BrokerSettings, v| {
        b.pools.admin.thread_pool_nums = Some(v)
    })
    .about(
        "16",
        "How many threads handle locks and the ends of queues; it counts where broker_processors is set.",
        "BrokerConfig.adminBrokerThreadPoolNums",
    ),
    count(&["pullMessageThreadPoolNums"], 1, 1_024, |b: &mut BrokerSettings, v| {
        b.pools.pull.thread_pool_nums = Some(v)
    })
    .about(
        "by the machine's processors",
        "How many threads handle pulls; it counts where broker_processors is set.",
        "BrokerConfig.pullMessageThreadPoolNums",
    ),
    count(&["sendMessageThreadPoolNums"], 1, 1_024, |b: &mut BrokerSettings, v| {
        b.pools.send.thread_pool_nums = Some(v)
    })
    .about(
        "by the machine's processors",
        "How many threads handle messages that are sent; it counts where broker_processors is set.",
        "BrokerConfig.sendMessageThreadPoolNums",
    ),
    count(&["heartbeatThreadPoolQueueCapacity"], 1, CAPACITY, |b: &mut BrokerSettings, v| {
        b.pools.heartbeat.queue_capacity = v
    })
    .about(
        "50000",
        "How many heartbeats may wait for a thread; the next is answered SYSTEM_BUSY.",
        "BrokerConfig.heartbeatThreadPoolQueueCapacity",
    ),
    count(&["clientManagerThreadPoolQueueCapacity"], 1, CAPACITY, |b: &mut BrokerSettings, v| {
        b.pools.client_manage.queue_capacity = v
    })
    .about(
        "1000000",
        "How many clients that unregister may wait for a thread; the next is answered SYSTEM_BUSY.",
        "BrokerConfig.clientManagerThreadPoolQueueCapacity",
    ),
    count(&["consumerManagerThreadPoolQueueCapacity"], 1, CAPACITY, |b: &mut BrokerSettings, v| {
        b.pools.consumer_manage.queue_capacity = v
    })
    .about(
        "1000000",
        "How many requests for member lists and offsets may wait for a thread; the next is answered SYSTEM_BUSY.",
        "BrokerConfig.consumerManagerThreadPoolQueueCapacity",
    ),
    count(&["adminBrokerThreadPoolQueueCapacity"], 1, CAPACITY, |b: &mut BrokerSettings, v| {
        b.pools.admin.queue_capacity = v
    })
    .about(
        "10000",
        "How many requests for locks and ends of queues may wait for a thread; the next is answered SYSTEM_BUSY.",
        "BrokerConfig.adminBrokerThreadPoolQueueCapacity",
    ),
    count(&["pullThreadPoolQueueCapacity"], 1, CAPACITY, |b: &mut BrokerSettings, v| b.pools.pull.queue_capacity = v)
        .about(
            "100000",
            "How many pulls may wait for a thread; the next is answered SYSTEM_BUSY.",
            "BrokerConfig.pullThreadPoolQueueCapacity",
        ),
    count(&["sendThreadPoolQueueCapacity"], 1, CAPACITY, |b: &mut BrokerSettings, v| b.pools.send.queue_capacity = v)
        .about(
            "10000",
            "How many messages may wait for a thread; the next is answered SYSTEM_BUSY.",
            "BrokerConfig.sendThreadPoolQueueCapacity",
        ),
    period(&["waitTimeMillsInHeartbeatQueue"], |b: &mut BrokerSettings, v| {
        b.pools.heartbeat.wait_time_in_queue = Some(v)
    })
    .about(
        "31s",
        "A heartbeat that waited so long for a thread is answered SYSTEM_BUSY.",
        "BrokerConfig.waitTimeMillsInHeartbeatQueue",
    ),
    period(&["waitTimeMillsInAdminBrokerQueue"], |b: &mut BrokerSettings, v| {
        b.pools.admin.wait_time_in_queue = Some(v)
    })
    .about(
        "5s",
        "A request for a lock or the end of a queue that waited so long for a thread is answered SYSTEM_BUSY.",
        "BrokerConfig.waitTimeMillsInAdminBrokerQueue",
    ),
    period(&["waitTimeMillsInPullQueue"], |b: &mut BrokerSettings, v| b.pools.pull.wait_time_in_queue = Some(v)).about(
        "5s",
        "A pull that waited so long for a thread is answered SYSTEM_BUSY.",
        "BrokerConfig.waitTimeMillsInPullQueue",
    ),
    period(&["waitTimeMillsInSendQueue"], |b: &mut BrokerSettings, v| b.pools.send.wait_time_in_queue = Some(v)).about(
        "200ms",
        "A message that waited so long for a thread is answered SYSTEM_BUSY.",
        "BrokerConfig.waitTimeMillsInSendQueue",
    ),
];
