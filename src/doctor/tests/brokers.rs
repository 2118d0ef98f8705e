//! Stories of brokers: topics, groups, settings, POP.

use super::story::{check, evidence};
use crate::doctor::{Asked, diagnose};

/// Each with what is found.
pub(super) const STORIES: &[(&str, &str)] = &[
    ("topic o a 4 4 6\n topic o b 4 4 4", "topic_not_writable"),
    ("topic o a 4 4 2", "topic_not_readable"),
    ("topic o a 4 8 6", "queues_hidden"),
    ("topic o a 8 4 6", "queues_drained"),
    ("topic o a 4 4 6\n ---\n topic o a 4 8 6\n ---\n topic o a 8 8 6", ""),
    // A broker without the topic; one broker has it alone, which is usual.
    ("broker a\n broker b\n broker c\n topic o a 4 4 6\n topic o b 4 4 6", "topic_missing_at_a_broker"),
    ("broker a\n broker b\n topic o a 4 4 6", ""),
    ("broker a 1.1.1.1:1\n broker b\n topic o 1.1.1.1:1 4 4 6\n topic o b 4 4 6", ""),
    ("group g a enable=false", "group_disabled"),
    ("group g a broadcast=false\n is g - BROADCASTING", "broadcasting_not_enabled"),
    ("group g a broadcast=false\n is g - CLUSTERING", ""),
    ("group g a retryQueues=0", "no_retry_queue"),
    ("group g a retryTimes=0", "no_retries"),
    ("group g a retryQueues=2\n topic %RETRY%g a 1 1 6", "retry_queues_hidden"),
    ("group g a retryQueues=1\n topic %RETRY%g a 1 1 6", ""),
    ("group g a retryTimes=16\n group g b retryTimes=3", "group_settings_differ"),
    // Tables of both brokers are known by another group; a broker may create groups by itself.
    ("group g a\n group h a\n group h b\n member g c@1 1.1.1.1:1", "group_missing_at_a_broker"),
    ("group g a\n group h a\n group h b\n member g c@1 1.1.1.1:1\n conf here autoCreateSubscriptionGroup true", ""),
    ("group g a\n member g c@1 1.1.1.1:1", ""),
    // Settings that are not read as they look.
    ("conf here lockMaxLiveTime 60000", "setting_ignored"),
    ("conf here mapedFileSizeCommitLog 1073741824", "setting_ignored"),
    ("conf here channelExpiredTimeout 60s", "setting_ignored"),
    ("conf here waitTimeMillsInSendQueue 300_", "setting_ignored"),
    ("conf here slaveReadEnable true # reads", "setting_ignored"),
    ("conf here channelExpiredTimeout 60000\n conf here channelExpiredTimeout 90000", "setting_twice"),
    ("conf here channelExpiredTimeout 90000\n conf here channelExpiredTimeout 90000", ""),
    ("conf here rmqAddressServerDomain x\n conf here deleteWhen 04\n conf here slaveReadEnable TRUE", ""),
    ("conf here notifyConsumerIdsChangedEnable false", "setting_dangerous"),
    ("conf here channelExpiredTimeout 20000", "setting_dangerous"),
    ("client g - heartbeatBrokerInterval 5000\n conf here channelExpiredTimeout 20000", ""),
    ("client g - pullThresholdForTopic 1000", "setting_dangerous"),
    ("client g - pullThresholdForTopic -1", ""),
    ("client g - consumeThreadMin 20\n client g - consumeThreadMax 64", "setting_dangerous"),
    ("client g - consumeThreadMin 20\n client g - consumeThreadMax 20", ""),
    (
        "client g - brokerSuspendMaxTimeMillis 40000\n client g - consumerTimeoutMillisWhenSuspend 30000",
        "setting_dangerous",
    ),
    // POP.
    ("mode a o g POP\n mode b o g PULL", "request_modes_differ"),
    ("mode a o g POP\n mode b o g POP", ""),
    ("row CID_RMQ_SYS_x rmq_sys_REVIVE_LOG_c/a/0 9000 10", "revive_lag"),
    ("row CID_RMQ_SYS_x rmq_sys_REVIVE_LOG_c/a/0 9000 8990", ""),
    ("mode a o g POP\n row g o/a/0 9000 10 - 4000", "inflight"),
    ("row g o/a/0 9000 10 - 4000", ""),
];

#[test]
fn brokers_are_judged_by_what_is_told() {
    check(STORIES);
}

#[test]
fn what_to_do_about_a_setting_names_what_was_meant() {
    for (story, step) in [
        (
            "conf here mapedFileSizeCommitLog 7",
            "did you mean `mappedFileSizeCommitLog`? write `mappedFileSizeCommitLog=7`",
        ),
        ("conf here retryQueueNums 2", "mqadmin updateSubGroup -q N"),
        (
            "conf here slaveReadEnable true # x",
            "write `slaveReadEnable=true` or `slaveReadEnable=false`, and nothing behind it",
        ),
    ] {
        let found = diagnose(&evidence(story), &Asked::default());
        assert_eq!(found[0].what_to_do, [step], "{}", found[0].what);
    }
}
