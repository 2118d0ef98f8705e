//! Settings that are not read from a table, because they need more than one key or know of other parts of a scenario.

/// One of them.
pub(super) struct ByHand {
    pub name: &'static str,
    pub place: &'static str,
    pub unit: &'static str,
    pub allowed: &'static str,
    pub default: &'static str,
    pub does: &'static str,
    pub source: &'static str,
}

const CONSUMER: &str = "a group, a consumer, a release";
const PRODUCER: &str = "a producer";
const BROKER: &str = "a broker";
const NAME_SERVER: &str = "a name server";
const PROXY: &str = "a proxy";

const fn of_consumer(
    name: &'static str,
    (allowed, default): (&'static str, &'static str),
    does: &'static str,
    source: &'static str,
) -> ByHand {
    ByHand { name, place: CONSUMER, unit: "", allowed, default, does, source }
}

const fn of_server(name: &'static str, place: &'static str, does: &'static str) -> ByHand {
    const RELEASES: &str = "4.9.0 to 5.5.0; \"5.4\" is 5.4.0";
    ByHand { name, place, unit: "", allowed: RELEASES, default: "5.3.3", does, source: "" }
}

const fn of_producer(
    name: &'static str,
    (unit, allowed, default): (&'static str, &'static str, &'static str),
    does: &'static str,
    source: &'static str,
) -> ByHand {
    ByHand { name, place: PRODUCER, unit, allowed, default, does, source }
}

/// All of them.
pub(super) static BY_HAND: &[ByHand] = &[
    of_consumer(
        "class",
        ("DefaultMQPushConsumer, DefaultLitePullConsumer, PushConsumer or SimpleConsumer", "DefaultMQPushConsumer"),
        "Which of RocketMQ's consumers it is; PushConsumer and SimpleConsumer speak gRPC to a proxy.",
        "",
    ),
    of_consumer(
        "clientVersion",
        ("4.9.0 to 5.5.0, go-2.1.0 to go-master, grpc-java-5.0.7 to grpc-java-5.2.1; \"4.9\" is 4.9.0", "5.3.3"),
        "Sets the rules that `list clients` has to what that release of the client does.",
        "",
    ),
    of_consumer(
        "messageModel",
        ("CLUSTERING or BROADCASTING", "CLUSTERING"),
        "Whether one member of the group gets a message, or every member.",
        "DefaultMQPushConsumer.messageModel",
    ),
    of_consumer(
        "consumeFromWhere",
        ("CONSUME_FROM_LAST_OFFSET, CONSUME_FROM_FIRST_OFFSET or CONSUME_FROM_TIMESTAMP", "CONSUME_FROM_LAST_OFFSET"),
        "Where a queue begins for which the group has no offset (trap E28).",
        "DefaultMQPushConsumer.consumeFromWhere",
    ),
    of_consumer(
        "consumeTimestamp",
        ("a moment of the run, with CONSUME_FROM_TIMESTAMP", "before the run"),
        "The moment from which such a queue begins.",
        "DefaultMQPushConsumer.consumeTimestamp",
    ),
    of_consumer(
        "allocateMessageQueueStrategy",
        ("a name of `list strategies`, or a table with `name` and the settings of its class", "AVG"),
        "How the members deal the queues among themselves; each computes it alone.",
        "DefaultMQPushConsumer.allocateMessageQueueStrategy",
    ),
    of_consumer(
        "subExpression",
        ("tags such as \"paid || shipped\", or \"*\"", "*"),
        "Which tags it takes; the broker filters by the group's newest subscription, the client by its own (trap E1).",
        "DefaultMQPushConsumer.subscribe",
    ),
    of_consumer(
        "clientIP",
        ("a text without spaces", "the address of the machine"),
        "The first part of the client id.",
        "ClientConfig.clientIP",
    ),
    of_consumer(
        "instanceName",
        ("a text without spaces", "the process, and DEFAULT in BROADCASTING"),
        "The second part of the client id; two processes with one are one member (trap E2).",
        "ClientConfig.instanceName",
    ),
    of_consumer(
        "unitName",
        ("a text without spaces", "none"),
        "The last part of the client id.",
        "ClientConfig.unitName",
    ),
    ByHand {
        name: "clientId",
        place: "a consumer, a start, a restart",
        unit: "",
        allowed: "a text without spaces",
        default: "clientIP@instanceName",
        does: "The whole client id, by which brokers know a member and strategies sort it (trap E23).",
        source: "ClientConfig.buildMQClientId",
    },
    of_server("version", PROXY, "Its release; the rules of which `list brokers` has."),
    of_server("version", BROKER, "Sets the rules in which this release of a broker differs; `list brokers` has them."),
    of_server(
        "version",
        NAME_SERVER,
        "Sets the rules in which this release of a name server differs; `list brokers` has them.",
    ),
    ByHand {
        name: "brokerConf",
        place: BROKER,
        unit: "",
        allowed: "the name of a file beside the scenario",
        default: "none",
        does: "A broker's own broker.conf, or the output of mqadmin getBrokerConfig, laid below what the scenario \
               says.",
        source: "BrokerStartup.createBrokerController",
    },
    of_producer(
        "sendMsgTimeout",
        ("ms", "1ms or more", "3s"),
        "How long a producer tries to send a message, all attempts together.",
        "DefaultMQProducer.sendMsgTimeout",
    ),
    of_producer(
        "sendMsgMaxTimeoutPerRequest",
        ("ms", "a duration, or -1 for none", "-1"),
        "The longest of one attempt.",
        "DefaultMQProducer.sendMsgMaxTimeoutPerRequest",
    ),
    of_producer(
        "retryTimesWhenSendFailed",
        ("", "0 to 100", "2"),
        "How often a producer tries again, mostly on another broker.",
        "DefaultMQProducer.retryTimesWhenSendFailed",
    ),
    of_producer(
        "retryAnotherBrokerWhenNotStoreOK",
        ("", "true or false", "false"),
        "A producer tries again, too, where the answer is FLUSH_SLAVE_TIMEOUT or FLUSH_DISK_TIMEOUT.",
        "DefaultMQProducer.retryAnotherBrokerWhenNotStoreOK",
    ),
    of_producer(
        "pollNameServerInterval",
        ("ms", "1ms or more", "30s"),
        "How often a producer asks its name server for the route of its topic.",
        "ClientConfig.pollNameServerInterval",
    ),
];

/// Those that stand in a table, which is one of their places.
pub(in crate::scenario) fn settings_by_hand(table: &str) -> impl Iterator<Item = &'static str> {
    BY_HAND.iter().filter(move |own| own.place.split(", ").any(|place| place == table)).map(|own| own.name)
}
