//! What only the Go client does (apache/rocketmq-client-go).

use super::super::explanation::Background;

pub const DIALS_ANOTHER: Background = Background {
    comes_about: "internal/remote/remote_client.go:connect holds one mutex for all addresses of a process while it dials, \
        up to 15 s where packets vanish, and every request takes that mutex, on an open connection too: pulls, commits \
        and heartbeats to healthy brokers wait.",
    seen: "Requests to all brokers end together, with `i/o timeout`, while one broker's host drops packets.",
    advice: "Let a dead broker's address refuse connections instead of dropping packets. No setting of a consumer \
        shortens ConnectionTimeout.",
};

pub const FORGOT_THE_OFFSET: Background = Background {
    comes_about: "consumer/offset_store.go:persist deletes every offset in memory that it was not asked to commit, and \
        consumer/consumer.go:removeUnnecessaryMessageQueue asks for one queue. Of several queues that a rebalance gives \
        up, the first is committed; what the others had done since their last pull or timer comes again.",
    seen: "Several `remove unnecessary mq` at one moment and one `update offset` in the member's log; the duplicates are \
        in all queues that moved but one.",
    advice: "Make listeners idempotent. Short processing, small PullBatchSize and few queues a member keep what is lost \
        small.",
};

pub const GOROUTINE_DIED: Background = Background {
    comes_about: "After v2.1.2 primitive/base.go:WithRecover catches a panic whatever it is, and an orderly queue has one \
        goroutine (consumer/push_consumer.go:pullMessage): after a panic of its listener nobody takes from the queue's \
        cache. lockAll renews its lock all the same, and pulls go on until the cache is full.",
    seen: "The lag of one queue grows while its member is healthy and consumes its other queues; nothing in the log \
        unless primitive.DefaultPanicHandler is set.",
    advice: "Recover inside the listener, and return SuspendCurrentQueueAMoment. Restart the member to free the queue.",
};

pub const LOSES_WHAT_IS_SUSPENDED: Background = Background {
    comes_about: "In v2.1.0 consumer/push_consumer.go:consumeMessageOrderly puts a suspended message back by putMessage, \
        which passes over what is being consumed (apache/rocketmq-client-go#618). The next message of the queue that \
        succeeds commits past it.",
    seen: "`consumeMessage Orderly return not OK` once for a message that never comes again.",
    advice: "Upgrade to v2.1.1 or later; until then let the listener try again itself instead of suspending.",
};

pub const KEEPS_THE_LOCK: Background = Background {
    comes_about: "consumer/consumer.go:removeUnnecessaryMessageQueue never unlocks what it gives up \
        (apache/rocketmq-client-go#1220). The broker keeps the lock for 60 s from the last lockAll, and a Go successor \
        asks at its ticks of 20 s only, and pulls 3 s after that.",
    seen: "`lock MessageQueue` with lockOK=false at the newcomer, three times at 20 s, while the former owner lives and \
        does not consume the queue.",
    advice: "Start all members of an orderly Go group together and scale rarely; a lower lockMaxLiveTime of the brokers \
        (rocketmq.broker.rebalance.lockMaxLiveTime) shortens the wait.",
};

pub const TAKES_AN_ERROR_FOR_AN_EMPTY_LIST: Background = Background {
    comes_about: "consumer/consumer.go:findConsumerList does not look at the code of the answer. A broker that does not \
        know the group, because it has just come up, answers an error without a body, which is an empty list, and \
        updateProcessQueueTable gives up every queue of the topic, on whichever broker.",
    seen: "`MessageQueue do balance done` with cidAllSize=0 and rebalanceResultSize=0.",
    advice: "Expect a gap of up to 30 s on all brokers whenever one of them restarts; Java members keep their queues.",
};

pub const TELLS_NOBODY_THAT_IT_LEAVES: Background = Background {
    comes_about: "Shutdown of the Go client sends no UNREGISTER_CLIENT, and internal/client.go:Shutdown closes the \
        connections only when no other consumer or producer of the process uses the client. Until then brokers list the \
        member: 120 s from its last heartbeat, then a scan that tells nobody, then the next tick of the others.",
    seen: "The member stays in `mqadmin consumerConnection -g GROUP` after its Shutdown returned; later `SCAN: remove \
        expired channel from ConsumerManager consumerTable`.",
    advice: "End the whole process, or give each consumer a client of its own with WithInstance.",
};

pub const TOPIC_WITHOUT_ROUTE: Background = Background {
    comes_about: "consumer/push_consumer.go:Start asks for the route of each subscribed topic, and shuts down with an \
        error where none comes, because the topic does not exist or no name server answers. The Java client goes on.",
    seen: "`the topic=... route info not found, it may not exist` as the error of Start.",
    advice: "Create topics before Go services that subscribe them, and let the service try Start again.",
};
