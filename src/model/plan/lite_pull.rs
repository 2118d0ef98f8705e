//! `DefaultLitePullConsumer`.

use crate::kernel::Span;

/// What a consumer that pulls by `poll()` has for settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LitePullSettings {
    /// `pullThreadNums`, 20: so many queues are pulled at the same time.
    pub pull_thread_nums: u32,
    /// `pullThresholdForAll`, 10,000 messages in the cache of `poll()`.
    pub pull_threshold_for_all: u32,
    /// `consumeMaxSpan`, 2,000 offsets.
    pub consume_max_span: u32,
    /// `autoCommitIntervalMillis`, 5 s.
    pub auto_commit_interval: Span,
    /// `pollTimeoutMillis`, 5 s: how long `poll()` waits for messages.
    pub poll_timeout: Span,
    /// `brokerSuspendMaxTimeMillis`, 20 s.
    pub broker_suspend_max_time: Span,
    /// `consumerTimeoutMillisWhenSuspend`, 30 s.
    pub consumer_timeout_when_suspend: Span,
}

impl LitePullSettings {
    /// `pullBatchSize` of a LitePull consumer.
    pub const PULL_BATCH_SIZE: u32 = 10;
}

impl Default for LitePullSettings {
    fn default() -> Self {
        let s = Span::from_secs;
        Self {
            pull_thread_nums: 20,
            pull_threshold_for_all: 10_000,
            consume_max_span: 2_000,
            auto_commit_interval: s(5),
            poll_timeout: s(5),
            broker_suspend_max_time: s(20),
            consumer_timeout_when_suspend: s(30),
        }
    }
}
