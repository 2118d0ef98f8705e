//! What is said of causes that lie with the brokers of a group that pops.

use super::super::explanation::Background;

pub const CHECKPOINT_NOT_FLUSHED: Background = Background {
    comes_about: "A machine lost its power with checkpoints of POP in the page cache alone, while consumerOffset.json on \
        its disk was beyond their messages (ASYNC_FLUSH): nobody knows of them any more.",
    seen: "Messages below the Consumer Offset of `mqadmin consumerProgress` that no log of the group has.",
    advice: "flushDiskType = SYNC_FLUSH, or a slave with brokerRole = SYNC_MASTER, for groups that may lose nothing.",
};

pub const POPPED_ONCE_MORE: Background = Background {
    comes_about: "A broker that is killed forgets the offsets of the last 5 s (flushConsumerOffsetInterval): what was \
        popped in that time is popped again, acknowledged or not, and what was not comes back by its checkpoint too.",
    seen: "The same message ids with reconsumeTimes 0 at two members, right after a broker has come up.",
    advice: "Stop brokers by mqshutdown. Listeners must be idempotent.",
};

pub const REQUEST_MODES_DIFFER: Background = Background {
    comes_about: "Every broker keeps its own messageRequestMode.json (MessageRequestModeManager), the tool sends the mode to \
        one after the other, and a client asks a random one at each rebalance: it pulls and pops by turns.",
    seen: "messageRequestMode.json of the brokers side by side; client.log with assignments that come and go every 20 s.",
    advice: "Set the mode again, with all masters up, and compare the files.",
};

pub const RETRIES_STARVE: Background = Background {
    comes_about: "A pop looks into the retry topic behind the topic, where its batch is not full by then; only one in five \
        looks there first (popFromRetryProbability). Under a backlog batches are always full.",
    seen: "A retry topic `%RETRY%GROUP_TOPIC` whose lag grows with that of the topic.",
    advice: "More consumers, or a higher popFromRetryProbability, until the backlog is gone.",
};

pub const RETRY_TOPIC_WAKES_NOBODY: Background = Background {
    comes_about: "Pops wait for their topic, and what comes into `%RETRY%GROUP_TOPIC` is of another \
        (PopLongPollingService.notifyMessageArriving): it is found by the next pop that is woken or ends, up to 15 s later.",
    seen: "pop.log: `retry msg, ck=` up to 15 s before the listener gets the message, on a topic where little is sent.",
    advice: "enableRetryTopicV2 = true, or a broker from 5.5 on.",
};

pub const TIMER_WHEEL_OFF: Background = Background {
    comes_about: "POP writes its checkpoints by the timer wheel: a broker with timerWheelEnable = false answers every pop \
        with SYSTEM_ERROR (PopMessageProcessor), and clients ask again each second.",
    seen: "`the broker[..] pop message is forbidden because timerWheelEnable is false` as the remark of the answers.",
    advice: "timerWheelEnable = true on every broker of the topic, before the mode is set.",
};

pub const KV_SERVICE_NOT_INIT: Background = Background {
    comes_about: "popConsumerKVServiceEnable has pops write to RocksDB, and popConsumerKVServiceInit opens it. Without the \
        second every pop ends in a NullPointerException (PopMessageProcessor), which clients hear as SYSTEM_ERROR, and they \
        ask again each second.",
    seen: "broker.log: `process request exception` with a NullPointerException of PopMessageProcessor.",
    advice: "popConsumerKVServiceInit = true beside popConsumerKVServiceEnable, and a restart.",
};

pub const RECORDS_NOT_REPLICATED: Background = Background {
    comes_about: "With popConsumerKVServiceEnable a broker writes what was popped into its own RocksDB, which no slave copies \
        (PopConsumerRocksdbStore), while offsets and messages go over: the new master is behind them, and the old one may \
        write nothing any more.",
    seen: "Messages below the Consumer Offset of `mqadmin consumerProgress` that no log of the group has, after a failover.",
    advice: "popConsumerKVServiceEnable = false on brokers whose slaves may become masters.",
};
