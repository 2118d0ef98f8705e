//! The properties that servers have, by their setters: a key that has none is passed over without a word
//! (`MixAll.properties2Object`).

/// The type of a setter's parameter, by which a value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JavaType {
    /// `Boolean.parseBoolean`: all but `true`, in any letters, is false.
    Boolean,
    /// `Integer.parseInt`.
    Int,
    /// `Long.parseLong`.
    Long,
    /// `Double.parseDouble`.
    Double,
    /// `Float.parseFloat`.
    Float,
    /// A text, without white space around it; of an enumeration one of its words.
    Text,
}

/// What is known of a key of a server's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Property {
    /// A setter reads it.
    Of(JavaType),
    /// It has no setter in this server: where the value does belong.
    Elsewhere(&'static str),
}

impl JavaType {
    /// Whether Java reads a value as this; where it does not, it throws, and RocketMQ keeps its default and says nothing.
    #[must_use]
    pub fn reads(self, value: &str) -> bool {
        match self {
            Self::Boolean | Self::Text => true,
            Self::Int => value.parse::<i32>().is_ok(),
            Self::Long => value.parse::<i64>().is_ok(),
            // Java's allow white space around them, and a letter behind them that says their type.
            Self::Double | Self::Float => {
                let number = value.trim();
                number.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(number).parse::<f64>().is_ok()
            }
        }
    }
}

/// Setters of `BrokerConfig`, `MessageStoreConfig`, `NettyServerConfig`, `NettyClientConfig` and `AuthConfig` of
/// 4.0 and later, each line a type and names of it.
const BROKER: &str = include_str!("broker.txt");

/// Setters of `NamesrvConfig` and `NettyServerConfig`.
const NAME_SERVER: &str = include_str!("name_server.txt");

/// What people write into a broker's file, and where it belongs.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (
        &["lockMaxLiveTime", "rocketmq.broker.rebalance.lockMaxLiveTime"],
        "it is a system property of the broker's JVM: -Drocketmq.broker.rebalance.lockMaxLiveTime=60000",
    ),
    (
        &[
            "rebalanceLockInterval",
            "rocketmq.client.rebalance.lockInterval",
            "rocketmq.client.rebalance.lockMaxLiveTime",
        ],
        "it is a system property of the client's JVM, set with -Drocketmq.client...",
    ),
    (
        &["retryQueueNums", "retryMaxTimes", "consumeEnable", "consumeBroadcastEnable", "consumeMessageOrderly"],
        "it belongs to a group, not to a broker: set it with mqadmin updateSubGroup",
    ),
    (
        &["readQueueNums", "writeQueueNums", "perm"],
        "it belongs to a topic, not to a broker: set it with mqadmin updateTopic",
    ),
    (
        &["clientHousekeepingInterval"],
        "it is none of RocketMQ's: ClientHousekeepingService looks every 10 s, and nothing changes that",
    ),
    (
        &["nettyEventQueueSize"],
        "it is none of RocketMQ's: NettyEventExecutor holds 10000 events, and nothing changes that",
    ),
    (
        &["pullHoldTick"],
        "it is none of RocketMQ's: PullRequestHoldService looks every 5 s, or every shortPollingTimeMills without \
         longPollingEnable",
    ),
    (
        &[
            "consumeThreadMin",
            "consumeThreadMax",
            "pullBatchSize",
            "pullInterval",
            "consumeMessageBatchMaxSize",
            "pullThresholdForQueue",
            "consumeTimeout",
            "maxReconsumeTimes",
            "heartbeatBrokerInterval",
            "pollNameServerInterval",
            "persistConsumerOffsetInterval",
            "messageModel",
            "consumeFromWhere",
        ],
        "it belongs to a consumer, not to a broker: its program sets it",
    ),
];

/// What a broker makes of a key; `None` where nobody has it.
#[must_use]
pub fn broker_property(key: &str) -> Option<Property> {
    of(BROKER, key).or_else(|| elsewhere(key))
}

/// The property of a broker that a key means, where it is nearly that.
#[must_use]
pub fn near_broker_property(key: &str) -> Option<&'static str> {
    crate::wording::nearest(key, BROKER.lines().flat_map(|line| line.split(' ').skip(1)))
}

/// What a name server makes of a key; `None` where nobody has it.
#[must_use]
pub fn name_server_property(key: &str) -> Option<Property> {
    let brokers = || of(BROKER, key).map(|_| Property::Elsewhere("it belongs to a broker"));
    of(NAME_SERVER, key).or_else(brokers).or_else(|| elsewhere(key))
}

fn of(table: &str, key: &str) -> Option<Property> {
    let named = |line: &&str| line.split(' ').skip(1).any(|name| name == key);
    let kind = table.lines().find(named)?.split(' ').next()?;
    Some(Property::Of(match kind {
        "boolean" => JavaType::Boolean,
        "int" => JavaType::Int,
        "long" => JavaType::Long,
        "double" => JavaType::Double,
        "float" => JavaType::Float,
        _ => JavaType::Text,
    }))
}

fn elsewhere(key: &str) -> Option<Property> {
    let known = ELSEWHERE.iter().find(|(names, _)| names.contains(&key)).map(|(_, why)| *why);
    let system = || {
        let is_one = key.starts_with("-D") || key.starts_with("rocketmq.") || key.starts_with("com.rocketmq.");
        is_one.then_some("system properties are given to the JVM as -Dname=value (JAVA_OPT), not in this file")
    };
    known.or_else(system).map(Property::Elsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_setters() {
        for (key, expected) in [
            ("brokerName", Some(Property::Of(JavaType::Text))),
            ("brokerId", Some(Property::Of(JavaType::Long))),
            ("channelExpiredTimeout", Some(Property::Of(JavaType::Long))),
            ("flushDiskType", Some(Property::Of(JavaType::Text))),
            ("waitTimeMillsInSendQueue", Some(Property::Of(JavaType::Long))),
            ("slaveReadEnable", Some(Property::Of(JavaType::Boolean))),
            ("listenPort", Some(Property::Of(JavaType::Int))),
            ("brokerNam", None),
        ] {
            assert_eq!(broker_property(key), expected, "{key}");
        }
        for key in ["lockMaxLiveTime", "retryQueueNums", "pullHoldTick", "-Drocketmq.x", "rocketmq.client.x"] {
            assert!(matches!(broker_property(key), Some(Property::Elsewhere(_))), "{key}");
        }
        assert!(matches!(name_server_property("brokerRole"), Some(Property::Elsewhere(_))));
        assert_eq!(name_server_property("scanNotActiveBrokerInterval"), Some(Property::Of(JavaType::Long)));
    }

    #[test]
    fn values_are_read_as_java_reads_them() {
        use JavaType::{Double, Int, Long};
        for (kind, value, reads) in [
            (Int, "+5", true),
            (Int, "3000000000", false),
            (Long, "3000000000", true),
            (Long, "60s", false),
            (Long, "60000 ", false),
            (Long, "60000L", false),
            (Long, "", false),
            (Double, " 0.9d ", true),
            (Double, "90%", false),
        ] {
            assert_eq!(kind.reads(value), reads, "{value:?}");
        }
    }
}
