//! Names of RocketMQ that stand in a broker's file now and then, and are read from elsewhere.

/// Each with where it is read.
const ELSEWHERE: &[(&str, &str)] = &[
    ("lockMaxLiveTime", "-Drocketmq.broker.rebalance.lockMaxLiveTime=MILLISECONDS in JAVA_OPT of the broker"),
    (
        "rocketmq.broker.rebalance.lockMaxLiveTime",
        "-Drocketmq.broker.rebalance.lockMaxLiveTime=MILLISECONDS in JAVA_OPT",
    ),
    ("lockInterval", "-Drocketmq.client.rebalance.lockInterval=MILLISECONDS of the client"),
    ("rebalanceWaitInterval", "-Drocketmq.client.rebalance.waitInterval=MILLISECONDS of the client"),
    ("retryQueueNums", "mqadmin updateSubGroup -q N"),
    ("retryMaxTimes", "mqadmin updateSubGroup -r N"),
    ("consumeEnable", "mqadmin updateSubGroup -s true"),
    ("consumeBroadcastEnable", "mqadmin updateSubGroup -d true"),
    ("clientHousekeepingInterval", "nothing: it is 10 s in the code"),
    ("pullHoldTick", "nothing: it is 5 s in the code"),
    ("nettyEventQueueSize", "nothing: it is 10,000 in the code"),
    ("consumeThreadMin", "DefaultMQPushConsumer.setConsumeThreadMin in the client"),
    ("consumeThreadMax", "DefaultMQPushConsumer.setConsumeThreadMax in the client"),
    ("consumeTimeout", "DefaultMQPushConsumer.setConsumeTimeout in the client"),
    ("pullBatchSize", "DefaultMQPushConsumer.setPullBatchSize in the client"),
    ("pullThresholdForQueue", "DefaultMQPushConsumer.setPullThresholdForQueue in the client"),
    ("heartbeatBrokerInterval", "ClientConfig.setHeartbeatBrokerInterval in the client"),
    ("pollNameServerInterval", "ClientConfig.setPollNameServerInterval in the client"),
    ("persistConsumerOffsetInterval", "ClientConfig.setPersistConsumerOffsetInterval in the client"),
    ("maxReconsumeTimes", "DefaultMQPushConsumer.setMaxReconsumeTimes in the client"),
    ("allocateMessageQueueStrategy", "DefaultMQPushConsumer.setAllocateMessageQueueStrategy in the client"),
    ("messageModel", "DefaultMQPushConsumer.setMessageModel in the client"),
    ("consumeFromWhere", "DefaultMQPushConsumer.setConsumeFromWhere in the client"),
    ("readQueueNums", "mqadmin updateTopic -r N"),
    ("writeQueueNums", "mqadmin updateTopic -w N"),
];

/// Where a name is read that is none of the broker's.
pub(in crate::doctor) fn elsewhere(name: &str) -> Option<&'static str> {
    ELSEWHERE.iter().find(|(known, _)| *known == name).map(|(_, place)| *place)
}
