//! Settings that RocketMQ has and this model has not: refused by name, never ignored.

/// Groups of settings with the reason why they are not here.
const NOT_MODELLED: &[(&str, &[&str])] = &[
    (
        "locks are asked of one broker, and broadcasting consumers keep their offsets themselves",
        &["lockInStrictMode", "enableBroadcastOffsetStore"],
    ),
    (
        "every machine keeps its local offsets in ~/.rocketmq_offsets",
        &["localOffsetStoreDir", "rocketmq.client.localOffsetStoreDir"],
    ),
    (
        "each checkpoint or row of POP is stored before its messages go out, and nothing limits how many are in flight",
        &[
            "enableSkipLongAwaitingAck",
            "reviveAckWaitMs",
            "skipWhenCKRePutReachMaxTimes",
            "popPollingMapSize",
            "popResponseReturnActualRetryTopic",
            "appendCkAsync",
            "appendAckAsync",
            "enablePopBatchAck",
            "enablePopMessageThreshold",
            "popInflightMessageThreshold",
            "enablePopLog",
            "popConsumerFSServiceInit",
            "popConsumerKVServiceLog",
            "popReviveMaxReturnSizePerRead",
            "popReviveMaxAttemptTimes",
            "timerPrecisionMs",
            "timerMaxDelaySec",
            "timerFlushIntervalMs",
            "timerEnableRetryUntilSuccess",
        ],
    ),
    (
        "pull consumers are not part of the model, and LitePull consumers subscribe",
        &["topicMetadataCheckIntervalMillis", "consumerPullTimeoutMillis", "enableRebalance"],
    ),
    (
        "slaves and masters have ids by their place in the scenario, and their log goes over as one",
        &[
            "haTransferBatchSize",
            "haSendHeartbeatInterval",
            "haHousekeepingInterval",
            "offsetCheckInSlave",
            "notifyMinBrokerIdChanged",
            "brokerId",
            "whichBrokerWhenConsumeSlowly",
        ],
    ),
    (
        "the store never runs out of disk or of memory, and writes to the page cache first",
        &[
            "mappedFileSizeCommitLog",
            "mappedFileSizeConsumeQueue",
            "commitIntervalCommitLog",
            "transientStorePoolEnable",
            "flushIntervalConsumeQueue",
            "fileReservedTime",
            "deleteWhen",
            "diskMaxUsedSpaceRatio",
            "accessMessageInMemoryMaxRatio",
            "maxFilterMessageSize",
            "maxTransferBytesOnMessageInMemory",
            "maxTransferCountOnMessageInDisk",
            "maxTransferBytesOnMessageInDisk",
            "disableConsumeIfConsumerReadSlowly",
        ],
    ),
    (
        "this part of RocketMQ does not change how a group rebalances here",
        &[
            "rocketmq.client.name",
            "vipChannelEnabled",
            "unitMode",
            "sendLatencyEnable",
            "startDetectorEnable",
            "clientCallbackExecutorThreads",
            "pullBatchSizeInBytes",
            "postSubscriptionWhenPull",
            "adjustThreadPoolNumsThreshold",
            "retryTimesWhenSendAsyncFailed",
            "defaultTopicQueueNums",
            "subscriptionExpiredTimeout",
            "enableFastChannelEventProcess",
            "rejectPullConsumerEnable",
            "needWaitForService",
            "waitSecondsForService",
            "deleteTopicWithBrokerRegistration",
        ],
    ),
];

/// Why this setting of RocketMQ is not modelled; `None` where RocketMQ has no such setting.
pub(in crate::scenario) fn not_modelled(key: &str) -> Option<&'static str> {
    NOT_MODELLED.iter().find(|(_, names)| names.contains(&key)).map(|(reason, _)| *reason)
}

/// All names that are refused, each with the reason.
pub fn settings_not_modelled() -> impl Iterator<Item = (&'static str, &'static str)> {
    NOT_MODELLED.iter().flat_map(|(reason, names)| names.iter().map(|name| (*name, *reason)))
}
