//! Facts: the smallest things that an input says, each with its place. They are joined later; a fact claims no more than
//! its line does, and what the line does not say is `None`.

pub use super::logs::{LogEvent, LogTrouble};
pub use super::names::{BrokerRef, QueueName};
use super::section::Place;

/// A fact and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighted {
    /// Where.
    pub place: Place,
    /// What.
    pub fact: Fact,
}

/// What an input says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    // Brokers and name servers.
    /// A broker process.
    Broker {
        /// Of which cluster.
        cluster: Option<String>,
        /// `brokerName`.
        name: String,
        /// `brokerId`: 0 is a master.
        id: Option<u64>,
        /// `host:port`.
        address: Option<String>,
        /// Such as `V5_3_3`.
        version: Option<String>,
        /// `#ACTIVATED`.
        activated: Option<bool>,
    },
    /// The address of a name server.
    NameServer {
        /// `host:port`.
        address: String,
    },
    /// A line of a broker's configuration, as it is written; both are unparsed.
    BrokerSetting {
        /// Whose.
        broker: BrokerRef,
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    },
    /// A line of a name server's configuration.
    NameServerSetting {
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    },
    /// A runtime figure of a broker, as `brokerStatus` prints it.
    BrokerStatus {
        /// Whose.
        broker: BrokerRef,
        /// Its name, such as `brokerVersionDesc` or `bootTimestamp`.
        key: String,
        /// Its value.
        value: String,
    },
    /// A line of a slave's configuration, as it is written; both are unparsed.
    SlaveSetting {
        /// `brokerName`, which it has in common with its master.
        broker: String,
        /// `brokerId`, 1 or more.
        id: u64,
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    },

    // Topics.
    /// What a broker has of a topic.
    TopicAt {
        /// The topic.
        topic: String,
        /// The broker.
        broker: BrokerRef,
        /// `readQueueNums`: the queues that are allocated.
        read_queues: Option<u32>,
        /// `writeQueueNums`.
        write_queues: Option<u32>,
        /// `perm`: 4 reads, 2 writes.
        perm: Option<u8>,
    },
    /// A topic that there is in a cluster, without more.
    Topic {
        /// The topic.
        topic: String,
        /// Of which cluster.
        cluster: Option<String>,
    },
    /// A row of `topicStatus`: that there is a queue, which may be written, read or both.
    QueueRange {
        /// The topic, where it is known from the call.
        topic: Option<String>,
        /// `brokerName`.
        broker: String,
        /// `queueId`.
        queue: u32,
        /// `minOffset`.
        min: i64,
        /// `maxOffset`.
        max: i64,
        /// `lastUpdated`, as it is written.
        last_updated: Option<String>,
    },
    /// What a broker has of a topic that the text does not name, as a route without its call.
    UnnamedTopicAt {
        /// The broker.
        broker: BrokerRef,
        /// `readQueueNums`.
        read_queues: Option<u32>,
        /// `writeQueueNums`.
        write_queues: Option<u32>,
        /// `perm`: 4 reads, 2 writes.
        perm: Option<u8>,
    },
    /// How far a broker has delivered the messages of a delay level: `delayOffset.json`.
    DelayedUpTo {
        /// The broker.
        broker: BrokerRef,
        /// The level, from 1.
        level: u32,
        /// One past the last message of its queue that was delivered.
        offset: i64,
    },
    /// Messages that were ever sent to a topic at a broker: the sum of `maxOffset` over its queues.
    Sent {
        /// The topic.
        topic: String,
        /// The broker.
        broker: BrokerRef,
        /// How many.
        messages: i64,
    },

    // Groups.
    /// What a broker has of a group: `SubscriptionGroupConfig`.
    GroupAt {
        /// The group.
        group: String,
        /// The broker.
        broker: BrokerRef,
        /// `consumeEnable`.
        consume_enable: Option<bool>,
        /// `consumeBroadcastEnable`.
        consume_broadcast_enable: Option<bool>,
        /// `retryQueueNums`.
        retry_queue_nums: Option<u32>,
        /// `retryMaxTimes`.
        retry_max_times: Option<i32>,
        /// `consumeMessageOrderly`.
        consume_message_orderly: Option<bool>,
    },
    /// What a group is by its heartbeats. The words are RocketMQ's, such as `CONSUME_PASSIVELY` and `CLUSTERING`.
    GroupIs {
        /// The group, where it is known.
        group: Option<String>,
        /// How many members, where that is all that is said.
        members: Option<u32>,
        /// `ConsumeType`.
        consume_type: Option<String>,
        /// `MessageModel`.
        message_model: Option<String>,
        /// `ConsumeFromWhere`.
        consume_from_where: Option<String>,
        /// Messages a second, as written.
        consume_tps: Option<String>,
        /// `Diff Total`.
        diff_total: Option<i64>,
    },
    /// A member.
    Member {
        /// The group, where it is known.
        group: Option<String>,
        /// `clientId`; it contains `@`.
        client_id: String,
        /// `host:port` that its connection comes from.
        address: Option<String>,
        /// Such as `JAVA`.
        language: Option<String>,
        /// Such as `V5_3_3`.
        version: Option<String>,
    },
    /// A topic that a group, or one member, subscribes.
    Subscription {
        /// The group, where it is known.
        group: Option<String>,
        /// Whose; `None`: what the broker has for the group.
        client_id: Option<String>,
        /// The topic.
        topic: String,
        /// `*`, or tags with `||`.
        expression: String,
    },
    /// A setting of a client as it is written, from running info, properties, or code.
    ClientSetting {
        /// The group, where it is known.
        group: Option<String>,
        /// Whose; `None`: all of the group.
        client_id: Option<String>,
        /// RocketMQ's name where there is one.
        key: String,
        /// As it is written.
        value: String,
    },
    /// A row of `consumerProgress`, or what says the same.
    Progress {
        /// The group, where it is known.
        group: Option<String>,
        /// The queue.
        queue: QueueName,
        /// `brokerOffset`: one past the last message.
        broker_offset: i64,
        /// `consumerOffset`: what is committed; -1 if nothing is.
        consumer_offset: i64,
        /// The host of its owner, `None` where the column is missing or `N/A`.
        client_ip: Option<String>,
        /// Messages that were popped or pulled and not committed.
        inflight: Option<i64>,
        /// `lastTime` as it is written.
        last_time: Option<String>,
    },
    /// A committed offset, of a file.
    Committed {
        /// The broker that stores it, or the folder of the client that does.
        broker: BrokerRef,
        /// The group; a client's file does not name it.
        group: Option<String>,
        /// The queue's topic.
        topic: String,
        /// Its broker, in a client's file.
        queue_broker: Option<String>,
        /// `queueId`.
        queue: u32,
        /// One past the last message that is done.
        offset: i64,
    },
    /// A queue that a member has in its process queue table.
    Owner {
        /// The group, where it is known.
        group: Option<String>,
        /// The member.
        client_id: String,
        /// The queue.
        queue: QueueName,
        /// `ProcessQueueInfo.locked`.
        locked: Option<bool>,
        /// `ProcessQueueInfo.droped`.
        dropped: Option<bool>,
        /// `cachedMsgCount`.
        cached: Option<u64>,
        /// `lastPullTimestamp`, milliseconds since 1970 of the clock and zone of who printed it.
        last_pull_ms: Option<i64>,
        /// `lastConsumeTimestamp`, milliseconds since 1970 of the clock and zone of who printed it.
        last_consume_ms: Option<i64>,
    },
    /// `messageRequestMode.json`, or `setConsumeMode`.
    RequestMode {
        /// The broker.
        broker: BrokerRef,
        /// The topic.
        topic: String,
        /// The group.
        group: String,
        /// `PULL` or `POP`.
        mode: String,
        /// `popShareQueueNum`.
        pop_share_queue_num: Option<i32>,
    },
    /// Another field of `SubscriptionGroupConfig`, as it is written.
    GroupSetting {
        /// The group.
        group: String,
        /// The broker.
        broker: BrokerRef,
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    },
    /// Messages of a topic that a group has not consumed.
    Lag {
        /// The group.
        group: String,
        /// The topic.
        topic: String,
        /// At which broker, where it is not of all.
        broker: Option<BrokerRef>,
        /// How many.
        messages: i64,
    },
    /// A group that a broker knows of a topic, because it subscribes it or has offsets of it: `topicList -c`, `statsAll`.
    TopicOfGroup {
        /// The group.
        group: String,
        /// The topic.
        topic: String,
        /// `#Accumulation`: messages of this topic that the group has not consumed.
        accumulation: Option<i64>,
    },
    /// An offset in the store of a running client (`getConsumerStatus`): a queue that it has or had.
    ClientOffset {
        /// The group, where it is known.
        group: Option<String>,
        /// The member.
        client_id: String,
        /// The queue.
        queue: QueueName,
        /// One past the last message that it has done.
        offset: i64,
    },
    /// What a member pops from, by its pop process queue table; several members may.
    PopOwner {
        /// The group, where it is known.
        group: Option<String>,
        /// The member.
        client_id: String,
        /// The topic.
        topic: String,
        /// `brokerName`.
        broker: String,
        /// `queueId`; `None`: all of the broker, which stands there as -1.
        queue: Option<u32>,
        /// `waitAckCount`: popped and not acknowledged.
        wait_ack_count: Option<i64>,
        /// `PopProcessQueueInfo.droped`.
        dropped: Option<bool>,
    },
    /// Members of a group subscribe different things, as `consumerStatus` finds it (`analyzeSubscription`).
    SubscriptionsDiffer {
        /// The group, where it is known.
        group: Option<String>,
    },

    // What was deployed.
    /// Processes that belong together, of a manifest.
    Workload {
        /// `metadata.name`, the service's name.
        name: String,
        /// `kind`, or `service`.
        kind: String,
        /// `spec.replicas`.
        replicas: Option<u32>,
        /// Milliseconds.
        termination_grace_ms: Option<u64>,
        /// `RollingUpdate` or `Recreate`.
        strategy: Option<String>,
        /// As it is written: a number or a percentage.
        max_surge: Option<String>,
        /// As it is written.
        max_unavailable: Option<String>,
        /// `preStop` sleeps so long, milliseconds.
        pre_stop_ms: Option<u64>,
        /// Until a pod is ready by its probes at the earliest, milliseconds.
        ready_after_ms: Option<u64>,
        /// The image, as it is written.
        image: Option<String>,
    },
    /// A variable of a workload's environment that is RocketMQ's or a JVM's, as it is written.
    WorkloadEnvironment {
        /// [`Fact::Workload`]'s name.
        workload: String,
        /// The variable.
        key: String,
        /// Its value.
        value: String,
    },
    /// A system property that a JVM is started with (`-Dname=value`, `rocketmq.client.*` among them), as it is written.
    SystemProperty {
        /// [`Fact::Workload`]'s name, where there is one.
        workload: Option<String>,
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    },

    // Logs.
    /// A line of a client's or a broker's log.
    Logged {
        /// Milliseconds since 1970 of the log's own clock, whose zone is not known.
        at_ms: i64,
        /// What it says.
        event: LogEvent,
    },
}
