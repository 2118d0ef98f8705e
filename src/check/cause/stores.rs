//! Logs and sends: what is stored, what is lost again, and what producers are told.

use super::super::explanation::Background;

pub const ASYNC_FLUSH: Background = Background {
    comes_about: "flushDiskType = ASYNC_FLUSH answers when the message is in the page cache and flushes up to 500 \
        ms later, with little traffic up to 10 s (CommitLog, FlushRealTimeService). The machine lost its power in \
        between.",
    seen: "Messages with SEND_OK that `mqadmin queryMsgById` does not find after the machine is back; a lower \
        maxOffset in topicStatus.",
    advice: "SYNC_FLUSH, or SYNC_MASTER with a slave on another machine, where messages must survive a power loss.",
};

pub const CONNECTION_LOST: Background = Background {
    comes_about: "The connection closed before the answer came: the producer does not know whether the broker \
        stored the message, and sends it again (DefaultMQProducerImpl.sendDefaultImpl).",
    seen: "RemotingConnectException or RemotingSendRequestException in the application's log; two message ids with \
        one key.",
    advice: "Keys and idempotent consumers; a retry is right and may store twice.",
};

pub const FLUSH_DISK_TIMEOUT: Background = Background {
    comes_about: "With SYNC_FLUSH the producer is answered FLUSH_DISK_TIMEOUT when the flush takes longer than \
        syncFlushTimeout (5 s): the message is in memory and perhaps on disk.",
    seen: "SendStatus FLUSH_DISK_TIMEOUT in the application; `do groupcommit, wait for flush failed` in the \
        broker's log.",
    advice: "Look at the disk. Treat the status as \"not sure\", and send again with the same key if it must not be \
        lost.",
};

pub const FLUSH_SLAVE_TIMEOUT: Background = Background {
    comes_about: "With SYNC_MASTER the producer is answered FLUSH_SLAVE_TIMEOUT when no slave has confirmed within \
        slaveTimeout (3 s): one machine has the message.",
    seen: "SendStatus FLUSH_SLAVE_TIMEOUT in the application; `do sync transfer other node, wait return, but \
        failed` in the broker's log.",
    advice: "Look at the slave and its network. Treat the status as \"not sure\", and send again with the same key.",
};

pub const IN_SYNC_REPLICAS_NOT_ENOUGH: Background = Background {
    comes_about: "A master with fewer replicas in sync than minInSyncReplicas refuses to store \
        (CommitLog.asyncPutMessage).",
    seen: "`in-sync replicas not enough` as the remark of the refused send; `mqadmin getSyncStateSet` shows too few.",
    advice: "Bring the replicas back. A smaller minInSyncReplicas, or enableAutoInSyncReplicas, gives safety away.",
};

pub const LOST_LOG_TAIL: Background = Background {
    comes_about: "The end of a log was lost, and its offsets were given to new messages. Clients that had come \
        further go on behind them (ConsumeQueue begins again at the lower end), and the new ones are passed over.",
    seen: "Consumer Offset above Broker Offset in `mqadmin consumerProgress` after a failover, and no `offset \
        illegal` afterwards.",
    advice: "Avoid the loss: SYNC_MASTER or a controller with minInSyncReplicas. After one, reset the group to a \
        time before it.",
};

pub const NOT_STORE_OK: Background = Background {
    comes_about: "The broker stored the message and answered FLUSH_DISK_TIMEOUT or FLUSH_SLAVE_TIMEOUT, and \
        retryAnotherBrokerWhenNotStoreOK sent it to another broker too.",
    seen: "Two messages with one key at two brokers.",
    advice: "Keys and idempotent consumers, as long as the setting is on.",
};

pub const SEND_REFUSED: Background = Background {
    comes_about: "The broker answered with an error: busy, no permission, no such topic or queue, or a slave \
        (SendMessageProcessor).",
    seen: "MQBrokerException with the code in the application's log.",
    advice: "Look at the code: it says what to set.",
};

pub const SEND_TIMED_OUT: Background = Background {
    comes_about: "sendMsgTimeout (3 s) was over for all attempts together, or the broker's answer came too late: \
        the message may be stored (DefaultMQProducerImpl.sendDefaultImpl).",
    seen: "`sendDefaultImpl call timeout` or RemotingTimeoutException in the application's log.",
    advice: "Keys and idempotent consumers. Raise sendMsgTimeout so that a second broker can be tried.",
};

pub const SLAVE_BEHIND: Background = Background {
    comes_about: "An asynchronous slave became the master before it had everything (HAService pushes behind the \
        answer to the producer): the rest is gone, or cut off when the old master comes back.",
    seen: "maxOffset in `mqadmin topicStatus -t TOPIC` lower after the failover.",
    advice: "SYNC_MASTER, or a controller with allAckInSyncStateSet and minInSyncReplicas of 2.",
};

pub const SLAVE_STORES_NOTHING: Background = Background {
    comes_about: "A producer with an old route sent to a broker that is a slave now (SendMessageProcessor answers \
        SERVICE_NOT_AVAILABLE).",
    seen: "MQBrokerException with code 14 (SERVICE_NOT_AVAILABLE) in the application's log.",
    advice: "Normal until the next route poll; the send is tried at another broker.",
};

pub const TWO_MASTERS: Background = Background {
    comes_about: "A master that was cut off from the controller did not know that another had been elected, and \
        went on storing. When it comes back it becomes a slave, and its own messages are truncated.",
    seen: "Two brokers of one name take messages at the same time; `truncate` in the log of the one that returns.",
    advice: "allAckInSyncStateSet with minInSyncReplicas of 2: a master alone then refuses.",
};
