//! `ProxyConfig`, and the rules in which releases of the proxy differ.

use super::broker::{Rule, from};
use super::{Kind, LONGEST_MS, MS, SECOND, Setting, Tables, about, count, delay, flag, period, period_in};
use crate::model::plan::ProxySettings;

/// In what releases differ. Where each changed was read from the tags of apache/rocketmq from 5.0.0 to 5.3.3, and from its
/// source of September 2025.
pub(super) const OF_PROXIES: &[Rule<ProxySettings>] = &[
    Rule {
        name: "renewalNotStarted",
        they: "never start the task that renews the receipt handles of PushConsumers (apache/rocketmq#7837)",
        releases: from((5, 1, 4)).to_before((5, 4, 0)),
        source: "DefaultReceiptHandleManager.scheduleRenewTask",
        set: |proxy, has| proxy.renewal_not_started = has,
    },
    Rule {
        name: "nacksCancelledReceives",
        they: "make messages visible again after a second whose receive was cancelled before they could be written",
        releases: from((5, 4, 0)),
        source: "ReceiveMessageResponseStreamWriter.writeAndComplete",
        set: |proxy, has| proxy.nacks_cancelled_receives = has,
    },
];

/// What a proxy may set.
pub(in crate::scenario) static PROXY: Tables<ProxySettings> = &[&[
    flag(&["renewalNotStarted"], |p: &mut ProxySettings, v| p.renewal_not_started = v).about(
        "true",
        "Nobody renews the receipt handles of PushConsumers, so that a listener has defaultInvisibleTimeMills (trap PE2); \
         from 5.1.4 on, before 5.4.0.",
        "DefaultReceiptHandleManager.scheduleRenewTask",
    ),
    flag(&["nacksCancelledReceives"], |p: &mut ProxySettings, v| p.nacks_cancelled_receives = v).about(
        "false",
        "What a proxy received for a client that has gone is visible again after a second; from 5.4.0 on.",
        "ReceiveMessageResponseStreamWriter.writeAndComplete",
    ),
    flag(&["enableProxyAutoRenew"], |p: &mut ProxySettings, v| p.enable_proxy_auto_renew = v).about(
        "true",
        "The proxy decides how long a PushConsumer's messages are invisible, and keeps their receipt handles.",
        "ProxyConfig.enableProxyAutoRenew",
    ),
    period(&["defaultInvisibleTimeMills"], |p: &mut ProxySettings, v| p.default_invisible_time = v).about(
        "60s",
        "For how long nobody else is given what a PushConsumer received.",
        "ProxyConfig.defaultInvisibleTimeMills",
    ),
    delay(&["minInvisibleTimeMillsForRecv"], |p: &mut ProxySettings, v| p.min_invisible_time_for_recv = v).about(
        "10s",
        "The least invisibleDuration that a SimpleConsumer may ask for.",
        "ProxyConfig.minInvisibleTimeMillsForRecv",
    ),
    period(&["grpcClientConsumerMinLongPollingTimeoutMillis"], |p: &mut ProxySettings, v| {
        p.min_long_polling_timeout = v;
    })
    .about(
        "5s",
        "The least that a receive waits; one whose deadline is nearer is refused.",
        "ProxyConfig.grpcClientConsumerMinLongPollingTimeoutMillis",
    ),
    period(&["grpcClientConsumerMaxLongPollingTimeoutMillis"], |p: &mut ProxySettings, v| {
        p.max_long_polling_timeout = v;
    })
    .about("20s", "The most that a receive waits.", "ProxyConfig.grpcClientConsumerMaxLongPollingTimeoutMillis"),
    period(&["renewSchedulePeriodMillis"], |p: &mut ProxySettings, v| p.renew_schedule_period = v).about(
        "5s",
        "How often the proxy looks which receipt handles are to be renewed.",
        "ProxyConfig.renewSchedulePeriodMillis",
    ),
    delay(&["renewAheadTimeMillis"], |p: &mut ProxySettings, v| p.renew_ahead_time = v).about(
        "10s",
        "A receipt handle is renewed when it has no more left than this.",
        "ProxyConfig.renewAheadTimeMillis",
    ),
    delay(&["renewMaxTimeMillis"], |p: &mut ProxySettings, v| p.renew_max_time = v).about(
        "3h",
        "So long after it was received a message is renewed no more.",
        "ProxyConfig.renewMaxTimeMillis",
    ),
    count(&["maxRenewRetryTimes"], 0, 1_000, |p: &mut ProxySettings, v| p.max_renew_retry_times = v).about(
        "3",
        "After so many failures a receipt handle is given up.",
        "ProxyConfig.maxRenewRetryTimes",
    ),
    delay(&["invisibleTimeMillisWhenClear"], |p: &mut ProxySettings, v| p.invisible_time_when_clear = v).about(
        "1s",
        "So long after a client has gone what it had received is visible again.",
        "ProxyConfig.invisibleTimeMillisWhenClear",
    ),
    Setting {
        names: &["channelExpiredTimeoutOfProxy"],
        kind: Kind::Span { unit: MS, least_ms: 1, most_ms: LONGEST_MS, set: |p, v| p.channel_expired_timeout = v },
        about: about(
            "120s",
            "How long a proxy of its own keeps a client that it does not hear; in a broker's process it is the broker's \
             channelExpiredTimeout.",
            "ProxyConfig.channelExpiredTimeout",
        ),
    },
    period_in(SECOND, &["topicRouteServiceCacheRefreshSeconds"], |p: &mut ProxySettings, v| p.route_cache_refresh = v)
        .about(
            "20s",
            "A route that is older is asked for anew, behind the one who asks.",
            "ProxyConfig.topicRouteServiceCacheRefreshSeconds",
        ),
    period_in(SECOND, &["topicRouteServiceCacheExpiredSeconds"], |p: &mut ProxySettings, v| p.route_cache_expired = v)
        .about(
            "300s",
            "A route that nobody asked for so long is forgotten.",
            "ProxyConfig.topicRouteServiceCacheExpiredSeconds",
        ),
]];
