//! A proxy, which answers clients that speak gRPC and asks brokers for them (`ProxyConfig`).

use crate::kernel::Span;

/// A proxy in a process of its own (`proxyMode = CLUSTER`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyPlan {
    /// Its name, unique among all hosts.
    pub name: String,
    /// Its settings.
    pub settings: ProxySettings,
}

/// `ProxyConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxySettings {
    /// Nobody starts `DefaultReceiptHandleManager`, which would renew receipt handles, true; false up to 5.1.3 and from the
    /// fix of apache/rocketmq#7837 on.
    pub renewal_not_started: bool,
    /// What is received for a client that has gone is visible again after a second, false; true from later than 5.3.3 on
    /// (`ReceiveMessageResponseStreamWriter.writeAndComplete`).
    pub nacks_cancelled_receives: bool,
    /// `enableProxyAutoRenew`, true: what a PushConsumer receives is invisible for `defaultInvisibleTimeMills`, and is noted.
    pub enable_proxy_auto_renew: bool,
    /// `defaultInvisibleTimeMills`, 60 s.
    pub default_invisible_time: Span,
    /// `minInvisibleTimeMillsForRecv`, 10 s.
    pub min_invisible_time_for_recv: Span,
    /// `grpcClientConsumerMinLongPollingTimeoutMillis`, 5 s.
    pub min_long_polling_timeout: Span,
    /// `grpcClientConsumerMaxLongPollingTimeoutMillis`, 20 s.
    pub max_long_polling_timeout: Span,
    /// `renewSchedulePeriodMillis`, 5 s.
    pub renew_schedule_period: Span,
    /// `renewAheadTimeMillis`, 10 s.
    pub renew_ahead_time: Span,
    /// `renewMaxTimeMillis`, 3 h.
    pub renew_max_time: Span,
    /// `maxRenewRetryTimes`, 3.
    pub max_renew_retry_times: u32,
    /// `invisibleTimeMillisWhenClear`, 1 s.
    pub invisible_time_when_clear: Span,
    /// `channelExpiredTimeout`, 120 s, of a proxy in a process of its own.
    pub channel_expired_timeout: Span,
    /// `topicRouteServiceCacheRefreshSeconds`, 20 s.
    pub route_cache_refresh: Span,
    /// `topicRouteServiceCacheExpiredSeconds`, 300 s.
    pub route_cache_expired: Span,
}

impl ProxySettings {
    /// How long a renewal makes a message invisible, by how many there were (`RenewStrategyPolicy`).
    #[must_use]
    pub fn renewal(times: u32) -> Span {
        const MINUTES: [u64; 6] = [1, 3, 5, 10, 30, 60];
        let at = (times as usize).min(MINUTES.len() - 1);
        Span::from_secs(MINUTES[at] * 60)
    }

    /// The delay before the next attempt, by how many there were (`CustomizedRetryPolicy.nextDelayDuration`, the
    /// `groupRetryPolicy` of a group of which nothing else was said).
    #[must_use]
    pub fn retry_delay(reconsume_times: u32) -> Span {
        const SECONDS: [u64; 18] =
            [1, 5, 10, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 1_200, 1_800, 3_600, 7_200];
        let at = (reconsume_times as usize).min(SECONDS.len() - 1);
        Span::from_secs(SECONDS[at])
    }
}

impl Default for ProxySettings {
    fn default() -> Self {
        let s = Span::from_secs;
        Self {
            renewal_not_started: true,
            nacks_cancelled_receives: false,
            enable_proxy_auto_renew: true,
            default_invisible_time: s(60),
            min_invisible_time_for_recv: s(10),
            min_long_polling_timeout: s(5),
            max_long_polling_timeout: s(20),
            renew_schedule_period: s(5),
            renew_ahead_time: s(10),
            renew_max_time: s(3 * 3_600),
            max_renew_retry_times: 3,
            invisible_time_when_clear: s(1),
            channel_expired_timeout: s(120),
            route_cache_refresh: s(20),
            route_cache_expired: s(300),
        }
    }
}
