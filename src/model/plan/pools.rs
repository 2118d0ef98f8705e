//! The thread pools of a broker, as `BrokerConfig` sets them.

use crate::kernel::Span;

/// One pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSettings {
    /// Its threads (`...ThreadPoolNums`); `None`: by the processors of the machine.
    pub thread_pool_nums: Option<u32>,
    /// How many requests may wait (`...ThreadPoolQueueCapacity`); the next is answered SYSTEM_BUSY.
    pub queue_capacity: u32,
    /// How long a request may wait (`waitTimeMillsIn...Queue`, `BrokerFastFailure`); `None`: as long as it takes.
    pub wait_time_in_queue: Option<Span>,
}

/// All pools that the model has (`BrokerController.initializeResources`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolsSettings {
    /// `brokerFastFailureEnable`, true: nobody waits longer than allowed.
    pub broker_fast_failure_enable: bool,
    /// `heartbeatExecutor`: HEART_BEAT.
    pub heartbeat: PoolSettings,
    /// `clientManageExecutor`: UNREGISTER_CLIENT.
    pub client_manage: PoolSettings,
    /// `consumerManageExecutor`: member lists, offsets.
    pub consumer_manage: PoolSettings,
    /// `adminBrokerExecutor`: locks, the ends of queues.
    pub admin: PoolSettings,
    /// `pullMessageExecutor`.
    pub pull: PoolSettings,
    /// `sendMessageExecutor`.
    pub send: PoolSettings,
    /// `ackMessageExecutor`: what is said of popped messages.
    pub ack: PoolSettings,
    /// `loadBalanceExecutor`: QUERY_ASSIGNMENT.
    pub load_balance: PoolSettings,
}

impl Default for PoolsSettings {
    fn default() -> Self {
        let pool = |threads, queue_capacity, wait_ms: Option<u64>| PoolSettings {
            thread_pool_nums: threads,
            queue_capacity,
            wait_time_in_queue: wait_ms.map(Span::from_millis),
        };
        Self {
            broker_fast_failure_enable: true,
            heartbeat: pool(None, 50_000, Some(31_000)),
            client_manage: pool(Some(32), 1_000_000, None),
            consumer_manage: pool(Some(32), 1_000_000, None),
            admin: pool(Some(16), 10_000, Some(5_000)),
            pull: pool(None, 100_000, Some(5_000)),
            send: pool(None, 10_000, Some(200)),
            ack: pool(Some(16), 100_000, Some(3_000)),
            load_balance: pool(Some(32), 100_000, None),
        }
    }
}
