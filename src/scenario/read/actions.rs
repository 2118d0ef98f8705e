//! The actions of `[[timeline]]`, with what each is and what it may be told.

/// An action that a step of a timeline can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownAction {
    /// What stands behind `action =`.
    pub word: &'static str,
    /// What happens, in one sentence.
    pub does: &'static str,
    /// What it is in the world: a method of RocketMQ, a command of its tools or of the system; empty where it is none.
    pub in_the_world: &'static str,
    /// What it may be told, beside `at`, `between`, `action` and `mark`.
    pub keys: &'static [&'static str],
    /// The least of an entry, beside its time and the action; one line a key.
    pub example: &'static str,
}

const fn action(
    word: &'static str,
    keys: &'static [&'static str],
    does: &'static str,
    in_the_world: &'static str,
    example: &'static str,
) -> KnownAction {
    KnownAction { word, does, in_the_world, keys, example }
}

/// Which processes something happens to.
const PROCESSES: &[&str] =
    &["consumer", "consumers", "group", "machine", "broker", "brokers", "name_server", "proxy", "together"];

/// All of them. The parser knows these words and no others.
pub static ACTIONS: [KnownAction; 32] = [
    action(
        "start",
        &[
            "consumer",
            "consumers",
            "group",
            "machine",
            "broker",
            "brokers",
            "name_server",
            "proxy",
            "together",
            "clientId",
            "release",
            "new_address",
            "takes",
        ],
        "A process starts: a consumer, a broker or a name server that does not run.",
        "DefaultMQPushConsumer.start, BrokerStartup",
        "consumer = \"c9\"",
    ),
    action(
        "stop",
        PROCESSES,
        "A process shuts down in order, as at SIGTERM with a hook: it commits, unlocks and unregisters.",
        "DefaultMQPushConsumer.shutdown, BrokerController.shutdown",
        "consumer = \"c1\"",
    ),
    action(
        "kill",
        PROCESSES,
        "A process dies by kill -9: its kernel closes the sockets, and nothing is committed.",
        "kill -9; an OOM kill; a crash",
        "consumer = \"c1\"",
    ),
    action(
        "power_off",
        PROCESSES,
        "A machine loses its power: nobody closes the sockets, and a broker loses what its log had only in the page \
         cache.",
        "a pulled plug; a lost node, a node down, a node that goes silent",
        "consumer = \"c1\"",
    ),
    action(
        "pause",
        PROCESSES,
        "A process stands still and keeps its sockets, until `resume`.",
        "SIGSTOP; a long pause of the garbage collector; a frozen machine",
        "consumer = \"c1\"",
    ),
    action(
        "promote",
        PROCESSES,
        "An operator makes a slave the master of its name.",
        "brokerRole and brokerId changed by hand, and a restart",
        "broker = \"broker-a-1\"",
    ),
    action(
        "suspend",
        PROCESSES,
        "A consumer stops to pull and to consume, and keeps its queues.",
        "DefaultMQPushConsumer.suspend",
        "consumer = \"c1\"",
    ),
    action(
        "resume",
        PROCESSES,
        "What `pause` or `suspend` began ends.",
        "SIGCONT; DefaultMQPushConsumer.resume",
        "consumer = \"c1\"",
    ),
    action(
        "restart",
        &[
            "kill",
            "down",
            "consumer",
            "consumers",
            "group",
            "machine",
            "broker",
            "brokers",
            "name_server",
            "proxy",
            "together",
            "clientId",
            "release",
            "new_address",
        ],
        "A process ends, in order or with `kill = true`, and starts again after `down` (3 s).",
        "a restarted pod or service",
        "consumer = \"c1\"\ndown = \"5s\"",
    ),
    action(
        "rolling_restart",
        &["kill", "interval", "down", "order", "new_client_ids", "group", "brokers", "release", "new_address"],
        "The consumers of a group, or all brokers, restart one after the other, `interval` apart.",
        "a rolling release",
        "group = \"g\"\ninterval = \"20s\"",
    ),
    action(
        "cut",
        &["from", "machine", "to", "direction"],
        "Nothing that one side sends reaches the other, and nobody is told: a partition.",
        "a silent network, silence: a dropped route; iptables DROP",
        "from = \"c1\"",
    ),
    action(
        "heal",
        &["from", "machine", "to"],
        "What `cut`, `delay` and `loss` did between these hosts ends.",
        "the network is well again",
        "from = \"c1\"",
    ),
    action(
        "delay",
        &["from", "machine", "to", "direction", "extra"],
        "What is sent between these hosts takes longer by `extra`.",
        "tc netem delay",
        "from = \"c1\"\nextra = \"100ms\"",
    ),
    action(
        "loss",
        &["from", "machine", "to", "direction", "share", "retransmission"],
        "A share of what is sent is lost and comes after a retransmission.",
        "tc netem loss",
        "from = \"c1\"\nshare = 0.01",
    ),
    action(
        "hold",
        &["from", "machine", "to", "direction"],
        "What is sent between these hosts waits, in order, until `release`.",
        "a stuck switch or proxy",
        "from = \"c1\"",
    ),
    action(
        "release",
        &["from", "machine", "to"],
        "What `hold` kept goes on its way.",
        "the switch or proxy goes on",
        "from = \"c1\"",
    ),
    action(
        "sever",
        &["from", "machine", "to", "reset"],
        "The connections that there are between these hosts are forgotten, in silence or with `reset = true`.",
        "a middlebox that forgets its connections",
        "from = \"c1\"",
    ),
    action(
        "set_queues",
        &["topic", "brokers", "queues", "readQueueNums", "writeQueueNums"],
        "An operator gives a topic another number of queues, or makes one again that was deleted.",
        "mqadmin updateTopic -r -w",
        "topic = \"orders\"\nqueues = 8",
    ),
    action(
        "set_permission",
        &["perm", "topic", "brokers"],
        "An operator changes what may be done with a topic; without `topic`, at a broker.",
        "mqadmin updateTopicPerm; brokerPermission",
        "topic = \"orders\"\nperm = \"r\"",
    ),
    action(
        "create_topic",
        &["topic", "brokers", "queues", "readQueueNums", "writeQueueNums"],
        "An operator makes a topic that does not exist at first.",
        "mqadmin updateTopic",
        "topic = \"later\"",
    ),
    action(
        "delete_topic",
        &["topic", "brokers"],
        "An operator deletes a topic, its messages with it.",
        "mqadmin deleteTopic",
        "topic = \"orders\"",
    ),
    action(
        "set_group",
        &[
            "group",
            "brokers",
            "retryMaxTimes",
            "consumeEnable",
            "consumeBroadcastEnable",
            "retryQueueNums",
            "consumeMessageOrderly",
        ],
        "An operator creates a group or gives it another configuration; what is left out goes back to the tool's \
         defaults.",
        "mqadmin updateSubGroup",
        "group = \"g\"\nretryQueueNums = 2",
    ),
    action(
        "delete_group",
        &["group", "brokers", "removeOffset"],
        "An operator deletes a group.",
        "mqadmin deleteSubGroup",
        "group = \"g\"",
    ),
    action(
        "reset_offsets",
        &["topic", "brokers", "group", "queue", "force", "to"],
        "An operator sets a group's offsets of a topic to its beginning, its end or a moment.",
        "mqadmin resetOffsetByTime",
        "group = \"g\"\ntopic = \"orders\"\nto = \"earliest\"",
    ),
    action(
        "set_mode",
        &["topic", "brokers", "group", "mode", "popShareQueueNum"],
        "An operator says whether a group with clientRebalance = false pulls a topic or pops it; clients hear of it at \
         their next rebalance.",
        "mqadmin setConsumeMode",
        "group = \"g\"\ntopic = \"orders\"\nmode = \"POP\"",
    ),
    action("mark", &[], "Nothing happens; the moment gets a label for `measure` and for figures by phase.", "", ""),
    action(
        "subscribe",
        &[
            "topic",
            "consumer",
            "consumers",
            "group",
            "machine",
            "broker",
            "brokers",
            "name_server",
            "proxy",
            "together",
        ],
        "A running consumer subscribes one more topic.",
        "DefaultMQPushConsumer.subscribe",
        "consumer = \"c1\"\ntopic = \"spare\"",
    ),
    action(
        "unsubscribe",
        &[
            "topic",
            "consumer",
            "consumers",
            "group",
            "machine",
            "broker",
            "brokers",
            "name_server",
            "proxy",
            "together",
        ],
        "A running consumer gives a topic up; nothing is committed for it.",
        "DefaultMQPushConsumer.unsubscribe",
        "consumer = \"c1\"\ntopic = \"orders\"",
    ),
    action(
        "rollout",
        &["group", "release"],
        "A deployment brings its next revision: new pods with new addresses and ids, old ones end as new ones are \
         ready.",
        "kubectl rollout; a deploy",
        "group = \"pods\"",
    ),
    action(
        "delete_expired",
        &["topic", "brokers", "older_than"],
        "Retention deletes the heads of queues.",
        "fileReservedTime, deleteWhen",
        "older_than = \"60s\"",
    ),
    action(
        "page_out",
        &["topic", "brokers"],
        "The page cache forgets the heads of queues: what is read there is on the disk and not in memory.",
        "other files in the page cache",
        "topic = \"orders\"",
    ),
    action(
        "clock",
        &["by", "consumer", "consumers", "group", "machine", "broker", "brokers", "name_server", "proxy", "together"],
        "A host's wall clock jumps by so much, forward or back.",
        "ntpd -g; a VM that was moved",
        "consumer = \"c1\"\nby = \"-90s\"",
    ),
];
