//! How each kind of anomaly shows, and what one does about it; its cause says more.

use super::super::explanation::Background;

pub const UNOWNED: Background = Background {
    comes_about: "No live member holds the queue: its owner left, died or fell silent, nobody was dealt it, or \
        nobody could take it (RebalanceImpl.updateProcessQueueTableInRebalance). A second or two come with every \
        change of members.",
    seen: "No Client IP for the queue in `mqadmin consumerProgress -g GROUP -s true`, and a growing diff.",
    advice: "Look at its cause. `expect` bounds it by unowned.max.",
};

pub const DOUBLE_OWNED: Background = Background {
    comes_about: "Each member deals the queues for itself (RebalanceImpl.rebalanceByTopic); members with different \
        lists or routes come to shares that overlap, until both have the same view.",
    seen: "One queue under two client ids in `mqadmin consumerStatus -g GROUP`.",
    advice: "Look at its cause. Idempotent listeners; `expect` bounds it by double_owned.max.",
};

pub const DUPLICATES: Background = Background {
    comes_about: "RocketMQ delivers at least once: an owner starts at the offset that the broker has, which is \
        behind what was handed out.",
    seen: "The same message ids twice in the application's log.",
    advice: "Idempotent listeners; its cause says what else would have made them fewer.",
};

pub const SKIPPED: Background = Background {
    comes_about: "A start rule, a correction of the offset, a reset, a filter or a lost log sent the group behind \
        messages that no listener had got.",
    seen: "The Consumer Offset jumps in `mqadmin consumerProgress -g GROUP`, and messages are never consumed.",
    advice: "Look at its cause: most are settings (consumeFromWhere) or practice (tags, resets).",
};

pub const LOST: Background = Background {
    comes_about: "A commit passed over messages that no listener had got, or a broker lost them after they had been \
        acknowledged.",
    seen: "`mqadmin queryMsgById` does not find what a producer was answered SEND_OK for, or nobody has logged it.",
    advice: "Look at its cause: flushDiskType and brokerRole decide what a broker may lose.",
};

pub const COMMIT_BACKWARDS: Background = Background {
    comes_about: "ConsumerOffsetManager.commitOffset stores any value, also a lower one: of a late owner, a slave's \
        copy, a broker's older file, an operator.",
    seen: "`[NOTIFYME]update consumer offset less than store` in the broker's log, where a client sent it.",
    advice: "Look at its cause. Messages come again only if somebody starts from it before the next commit.",
};

pub const NEW_CLIENT_ID: Background = Background {
    comes_about: "A restarted consumer has another client id (ClientConfig.changeInstanceNameToPID or a new \
        address) that sorts elsewhere in the list, and blocks of queues move.",
    seen: "After the restart other clients log `remove unnecessary mq` too.",
    advice: "Set a fixed, unique instanceName where queues should stay.",
};

pub const PARTIAL_LIST: Background = Background {
    comes_about: "A member acted on the list of a broker that came up a moment before and did not list another that \
        runs (ConsumerManager is in memory only).",
    seen: "`mqadmin consumerConnection` at that broker is shorter than at the others.",
    advice: "Restart brokers one at a time, when little is consumed.",
};

pub const PULLS_REFUSED: Background = Background {
    comes_about: "A broker answered a pull with a refusal (PullMessageProcessor.processRequest), and the client \
        tries again after a second (pullTimeDelayMillsWhenException).",
    seen: "The code in the client's log: 16 no permission, 24 to 26 subscription or group.",
    advice: "Look at its cause: it names the setting.",
};

pub const MOVED_MORE_THAN_NEEDED: Background = Background {
    comes_about: "The strategy deals by the place in the sorted list, and one member more or less moves blocks that \
        need not have moved (AllocateMessageQueueAveragely).",
    seen: "Many `remove unnecessary mq` after one join.",
    advice: "AllocateMessageQueueConsistentHash, or ids that sort by number.",
};

pub const KEY_OUT_OF_ORDER: Background = Background {
    comes_about: "Messages of one key were handed out beside or after later ones, because the key changed its queue \
        or a queue was read again.",
    seen: "Older values after newer ones in the application's log, for one key.",
    advice: "Keep the number of queues of ordered topics; compare versions in the listener.",
};

pub const LOCK_REFUSED: Background = Background {
    comes_about: "A member that was dealt a queue of an orderly group asked for its lock and was refused \
        (RebalanceLockManager.tryLockBatch).",
    seen: "`tryLock, message queue locked by other client` in the broker's log.",
    advice: "Look at its cause: who holds it, and whether that one lives.",
};

pub const ACKNOWLEDGED_LOST: Background = Background {
    comes_about: "A producer was told that a message is stored, and no broker has it any more.",
    seen: "`mqadmin queryMsgById` does not find a message with SEND_OK.",
    advice: "SYNC_FLUSH or SYNC_MASTER, or a controller with minInSyncReplicas of 2.",
};

pub const STORED_TWICE: Background = Background {
    comes_about: "A producer that did not hear that its message was stored sent it again \
        (DefaultMQProducerImpl.sendDefaultImpl).",
    seen: "Two message ids with one key in `mqadmin queryMsgByKey -t TOPIC -k KEY`.",
    advice: "Keys and idempotent consumers.",
};

pub const OUT_OF_ORDER: Background = Background {
    comes_about: "A queue of an orderly group was in two hands, or went back behind what was handed out: a lock was \
        forgotten, expired, forced open or shared by two processes with one id.",
    seen: "Two clients log messages of one queue at the same time.",
    advice: "Look at its cause; compare versions in the listener, as no setting excludes it.",
};

pub const COMMAND_REFUSED: Background = Background {
    comes_about: "A broker did not do what an operator asked, or only a part (AdminBrokerProcessor, \
        Broker2Client.resetOffset).",
    seen: "The code and remark in the output of mqadmin.",
    advice: "Look at its cause.",
};

pub const ROUTE_VIEWS_DIFFER: Background = Background {
    comes_about: "Members of a group acted on different queues of a topic for a while, and queues were without \
        owner or with two: each polls its route for itself, and name servers do not agree with each other.",
    seen: "`mqadmin topicRoute -t TOPIC -n SERVER` or the logged routes of clients differ.",
    advice: "Look at its cause. Change topics and brokers when little is consumed.",
};

pub const SENDS_FAILED: Background = Background {
    comes_about: "All attempts of a send failed, and the application was told so \
        (DefaultMQProducerImpl.sendDefaultImpl).",
    seen: "MQClientException `Send [N] times, still failed` in the application's log.",
    advice: "Topics on more than one broker, and an application that stores what it could not send.",
};

pub const SENDS_IN_DOUBT: Background = Background {
    comes_about: "The broker answered FLUSH_DISK_TIMEOUT or FLUSH_SLAVE_TIMEOUT: one page cache has the message.",
    seen: "SendStatus other than SEND_OK in the application.",
    advice: "Send again with the same key if it must not be lost; look at disk and slave.",
};
