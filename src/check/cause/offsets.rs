//! Offsets: who writes them, who sets them back, and where a group begins.

use super::super::explanation::Background;

pub const BROKER_RESTART: Background = Background {
    comes_about: "The broker lost its memory and read consumerOffset.json, which it writes every 5 s \
        (ConsumerOffsetManager.load).",
    seen: "Consumer Offset in `mqadmin consumerProgress -g GROUP` lower than before the restart.",
    advice: "Stop brokers by mqshutdown, which writes the offsets. Members that keep their queues correct it with \
        the next commit.",
};

pub const COMMIT_OF_AN_UPDATE: Background = Background {
    comes_about: "The group sends each offset as soon as a listener has returned (offsetStore = CommitAtEveryUpdate); the \
        broker takes any value, also from an owner that is none any more.",
    seen: "`[NOTIFYME]update consumer offset less than store` in the broker's log, with the address of the client.",
    advice: "As for the persist timer: corrected by the right owner's next commit, which comes with its next batch.",
};

pub const COMMITTED_UNSEEN: Background = Background {
    comes_about: "The offset moved beyond messages that no listener got, and none of the ways that are known (start \
        rule, repair, reset, filter, retention) explains it. In the model this would be a mistake.",
    seen: "On a cluster: a diff of 0 and messages that `mqadmin queryMsgById` shows as NOT_CONSUME_YET or not \
        tracked.",
    advice: "Report it, with scenario and seed.",
};

pub const DATABASE_WRITE: Background = Background {
    comes_about: "The application writes each offset into its database (offsetStore = ApplicationDatabase), and a write \
        overwrites whatever is there: an owner that is none any more wrote after its successor.",
    seen: "The row of the queue in the application's own table; the Consumer Offset of `mqadmin consumerProgress` is only \
        what pulls carried, and nobody starts from it.",
    advice: "Write the row only where it still says what the owner began from (compare and set).",
};

pub const GROUP_DELETED: Background = Background {
    comes_about: "`mqadmin deleteSubGroup` removes the group and, with -r true, its offsets \
        (ConsumerOffsetManager.removeOffset): it begins by consumeFromWhere when it comes back.",
    seen: "`AdminBrokerProcessor#deleteSubscriptionGroup` in the broker's log.",
    advice: "Stop the group first. Keep the offsets (without -r) where it will come back.",
};

pub const GROUP_HAS_NO_OFFSET: Background = Background {
    comes_about: "`resetOffsetByTime` asks for the group's offset of each queue; one without any makes \
        Broker2Client.resetOffset answer SYSTEM_ERROR, and nothing is reset there.",
    seen: "The tool ends with code 1 and the remark `THe consumer group <GROUP> not exist` (spelled so).",
    advice: "Let the group consume once, or use `mqadmin skipAccumulatedMessage` or consumeFromWhere.",
};

pub const LOCAL_FILE: Background = Background {
    comes_about: "A member writes into its own file (LocalFileOffsetStore): the file went back, as another process wrote \
        into it, or the process began anew.",
    seen: "offsets.json under ~/.rocketmq_offsets.",
    advice: "Give each process its own instanceName.",
};

pub const MASTER_RETURNED_WITH_OLD_OFFSETS: Background = Background {
    comes_about: "While the master was away, offsets were committed to the slave. When it comes back, \
        SlaveSynchronize.syncConsumerOffset puts the master's older table over the slave's, and the master's own is \
        old as well.",
    seen: "Consumer Offset goes down some seconds after the master is back; duplicates follow.",
    advice: "Let consumers keep their queues through the failover: their next commits correct it. A controller \
        avoids the old master's return as master.",
};

pub const NOT_A_PUSH_CONSUMER: Background = Background {
    comes_about: "A reset that a broker pushes is carried out by push consumers only \
        (MQClientInstance.resetOffset): a LitePull or Pull consumer ignores it and commits its old offset again.",
    seen: "`[reset-offset] consumer dose not exist. group=GROUP` in the client's log; the offset jumps back after \
        the tool said OK.",
    advice: "Stop the consumers, reset the offsets, start them; or call seek() in the application.",
};

pub const NOT_FORCED: Background = Background {
    comes_about: "Without force, a reset by time only moves offsets back, never forward \
        (AdminBrokerProcessor.resetOffset): queues whose offset is before the time stay.",
    seen: "The tool prints the old offset for these queues.",
    advice: "`mqadmin resetOffsetByTime -g GROUP -t TOPIC -s TIME -f true`.",
};

pub const OFFSET_ILLEGAL: Background = Background {
    comes_about: "The client asked for an offset below the queue's first or above its end; the broker answers \
        PULL_OFFSET_MOVED with the nearest bound, and the client goes on there (DefaultMQPushConsumerImpl, \
        OFFSET_ILLEGAL).",
    seen: "`the pull request offset illegal` at the client, `PULL_OFFSET_MOVED:correction offset` in the broker's \
        log.",
    advice: "Below the first: messages expired, so consume faster or raise fileReservedTime. Above the end: the log \
        lost its tail, see async_flush and slave_behind.",
};

pub const OFFSET_ILLEGAL_DROPS_THE_CACHE: Background = Background {
    comes_about: "The client had pulled further than it had consumed when the log lost its tail. Its next offset is \
        above the new end: OFFSET_ILLEGAL drops the process queue with what it had pulled, and commits the new end \
        (DefaultMQPushConsumerImpl, updateAndFreezeOffset), also over messages below it that the queue still has.",
    seen: "`the pull request offset illegal` at the client, with an offset far behind that of the broker's diff; \
        messages that are in the queue were never consumed.",
    advice: "Reset the group to a time before the broker failed, and let listeners be idempotent. A slow group loses \
        up to pullThresholdForQueue messages of a queue so: keep the log's tail with SYNC_FLUSH or a SYNC_MASTER.",
};

pub const OFFSET_ILLEGAL_REPAIR: Background = Background {
    comes_about: "To correct the offset the client drops the queue, commits the new offset and takes it again with \
        the next rebalance (DefaultMQPushConsumerImpl, OFFSET_ILLEGAL).",
    seen: "`fix the pull request offset` in the client's log, then `add a new mq`.",
    advice: "Normal, 1.5 s without an owner. Look at `offset_illegal` for why the offset was out of bounds.",
};

pub const OPERATOR_RESET_OFFSETS: Background = Background {
    comes_about: "An operator set the offsets by `mqadmin resetOffsetByTime`, skipAccumulatedMessage or the \
        dashboard; what lies between is passed over or comes again.",
    seen: "`[reset-offset]` in the broker's and clients' logs.",
    advice: "Wanted, if it was wanted. Reset while the group is stopped, so that no member commits its old offset \
        over it.",
};

pub const PERSIST_TIMER: Background = Background {
    comes_about: "Every 5 s each client sends the offsets of all its queues, changed or not \
        (MQClientInstance.persistAllConsumerOffset, RemoteBrokerOffsetStore.persistAll); the broker takes any value \
        (ConsumerOffsetManager.commitOffset).",
    seen: "`[NOTIFYME]update consumer offset less than store` in the broker's log, with the address of the client.",
    advice: "Look who sent it: a late or frozen owner. It is corrected by the right owner's next commit.",
};

pub const POP_COMMIT: Background = Background {
    comes_about: "A pop counts as consumption: its broker moves the group's offset to where it ended, and back where the \
        offset lay outside of the queue or an operator had reset it (PopMessageProcessor.getPopOffset).",
    seen: "Consumer Offset in `mqadmin consumerProgress -g GROUP` goes by what was popped, acknowledged or not.",
    advice: "Let a group pull a topic or pop it, on all brokers the same: both move one offset.",
};

pub const PULL_PIGGYBACK: Background = Background {
    comes_about: "A pull carries the offset in memory, and the broker stores it as it arrives \
        (PullMessageProcessor.tryCommitOffset), also when the sender is no owner any more.",
    seen: "`[NOTIFYME]update consumer offset less than store` in the broker's log.",
    advice: "As for the persist timer: corrected by the right owner's next commit.",
};

pub const QUEUE_LEFT_AT_ZERO: Background = Background {
    comes_about: "`mqadmin resetOffsetByTime` for one queue (-q) treats offset 0 as \"not found\" and leaves the \
        queue alone.",
    seen: "The tool says OK and the Consumer Offset stays.",
    advice: "Reset the whole topic, or use a time just after the first message.",
};

pub const CONSUMER_NOT_ONLINE: Background = Background {
    comes_about: "The broker has nobody of the group to push the reset to (Broker2Client.resetOffset answers \
        CONSUMER_NOT_ONLINE); the tool then writes the offsets itself.",
    seen: "`CODE: 206` in the tool's output.",
    advice: "Nothing: this is how offsets of a stopped group are reset.",
};

pub const RELEASE: Background = Background {
    comes_about: "A member that drops a queue commits its offset once more \
        (RebalancePushImpl.removeUnnecessaryMessageQueue): one-way, so it may arrive after the next owner's first \
        commits.",
    seen: "`[NOTIFYME]update consumer offset less than store` just after a rebalance.",
    advice: "Corrected by the next owner's commit within 5 s. Idempotent listeners.",
};

pub const SHUTDOWN: Background = Background {
    comes_about: "shutdown() sends the offsets of all queues once more (persistConsumerOffset); another member may \
        already have gone further.",
    seen: "`[NOTIFYME]update consumer offset less than store` as a process stops.",
    advice: "Corrected by the next owner's commit within 5 s.",
};

pub const SLAVE_OFFSETS_ARE_OLDER: Background = Background {
    comes_about: "A slave copies its master's offsets every minute (BrokerController, SlaveSynchronize.syncAll; 10 \
        s with a controller). When it takes over, or is asked because the master does not answer, queues that are taken anew \
        start from that copy.",
    seen: "Consumer Offset goes down at the failover; up to a minute of messages comes again.",
    advice: "Idempotent listeners. Let consumers keep their queues through the failover: their commits correct it.",
};

pub const START_AT_MAXIMUM: Background = Background {
    comes_about: "The group had no offset of the queue and consumeFromWhere = CONSUME_FROM_LAST_OFFSET: \
        RebalancePushImpl.computePullFromWhere begins at the end, and what was there before is passed over.",
    seen: "Consumer Offset begins at the Broker Offset in `mqadmin consumerProgress -g GROUP`.",
    advice: "Set CONSUME_FROM_FIRST_OFFSET for groups that must get everything, also from queues that are added \
        later.",
};

pub const START_AT_TIMESTAMP: Background = Background {
    comes_about: "The group had no offset and consumeFromWhere = CONSUME_FROM_TIMESTAMP: it begins at \
        consumeTimestamp, by default half an hour before the start (RebalancePushImpl.computePullFromWhere).",
    seen: "Consumer Offset begins in the middle of the queue.",
    advice: "Set consumeTimestamp on purpose, or CONSUME_FROM_FIRST_OFFSET.",
};

pub const DELETED_BY_RETENTION: Background = Background {
    comes_about: "The head of the queue was deleted (CleanCommitLogService, fileReservedTime or a full disk) before \
        the group got there; the client is sent to the first offset that is left.",
    seen: "minOffset of `mqadmin topicStatus -t TOPIC` above the Consumer Offset; `the pull request offset illegal` \
        at the client.",
    advice: "Raise fileReservedTime or the disk, and watch the diff of slow groups.",
};
