//! The client's timers of orderly consumption: system properties, and constants of the code.

use super::{Setting, delay, period};
use crate::model::plan::ClientSettings;

/// What an orderly consumer has beside what every client has.
pub(super) static ORDERLY: &[Setting<ClientSettings>] = &[
    delay(&["lockInitialDelay"], |c: &mut ClientSettings, v| c.timers.orderly.lock_initial_delay = v).about(
        "1s",
        "From the start of an orderly consumer to its first lockAll.",
        "ConsumeMessageOrderlyService.start",
    ),
    period(&["lockInterval", "rocketmq.client.rebalance.lockInterval"], |c: &mut ClientSettings, v| {
        c.timers.orderly.lock_interval = v
    })
    .about(
        "20s",
        "How often an orderly consumer renews its locks at the brokers.",
        "ProcessQueue.REBALANCE_LOCK_INTERVAL",
    ),
    delay(&["lockMaxLiveTime", "rocketmq.client.rebalance.lockMaxLiveTime"], |c: &mut ClientSettings, v| {
        c.timers.orderly.lock_max_live_time = v;
    })
    .about(
        "30s",
        "How long an orderly consumer trusts a lock that it has not renewed.",
        "ProcessQueue.REBALANCE_LOCK_MAX_LIVE_TIME",
    ),
    period(&["lockTimeout"], |c: &mut ClientSettings, v| c.timers.orderly.lock_timeout = v).about(
        "1s",
        "How long a client waits for a lock or an unlock.",
        "RebalanceImpl.lock",
    ),
    delay(&["unlockDelayTimeMills", "rocketmq.client.unlockDelayTimeMills"], |c: &mut ClientSettings, v| {
        c.timers.orderly.unlock_delay_time_mills = v;
    })
    .about(
        "20s",
        "After so long a queue that was given up is unlocked, though its listener may still run.",
        "RebalancePushImpl.UNLOCK_DELAY_TIME_MILLS",
    ),
    delay(
        &["maxTimeConsumeContinuously", "rocketmq.client.maxTimeConsumeContinuously"],
        |c: &mut ClientSettings, v| {
            c.timers.orderly.max_time_consume_continuously = v;
        },
    )
    .about(
        "60s",
        "So long a thread stays with one orderly queue before it lets others have a turn.",
        "ConsumeMessageOrderlyService.MAX_TIME_CONSUME_CONTINUOUSLY",
    ),
];
