//! Traps that no single cause tells all of.

use super::super::explanation::Background;

pub const DIFFERENT_SUBSCRIPTIONS: Background = Background {
    comes_about: "The list of members belongs to the group and not to the topic, and a broker keeps only the \
        subscriptions of the last heartbeat (ConsumerGroupInfo.updateSubscription): queues go to members that do \
        not take them, and the others' pulls are refused in turn.",
    seen: "`mqadmin consumerStatus -g GROUP` says `Different subscription in the same group of consumer`; code 24 \
        now and then; queues without a client.",
    advice: "All members of a group must subscribe the same topics with the same tags. Change them with a new \
        group, or stop all members first.",
};

pub const OFFSET_GOES_BACK: Background = Background {
    comes_about: "ConsumerOffsetManager.commitOffset takes any value from anybody: a late or frozen owner's \
        persist, release or pull overwrites what the new owner has committed.",
    seen: "`[NOTIFYME]update consumer offset less than store` in the broker's log.",
    advice: "Idempotent listeners. The right owner's next commit mends it within 5 s, unless it dies before.",
};

pub const FINISHED_WORK_REDONE: Background = Background {
    comes_about: "A listener that ends after its queue was dropped is not counted: \
        ConsumeMessageConcurrentlyService and ConsumeMessageOrderlyService throw its result away, and the next \
        owner gets the message too.",
    seen: "`processQueue is dropped without process consume result` in the client's log.",
    advice: "Idempotent listeners: each hand-over repeats what was at work.",
};

pub const SLOW_MESSAGE_PINS: Background = Background {
    comes_about: "The offset that is committed is the lowest that is not done (ProcessQueue.removeMessage). One \
        slow message holds it, and when others are 2,000 ahead pulling stops, until cleanExpiredMsg sends it back \
        after consumeTimeout (15 min).",
    seen: "`the queue's messages, span too long, so do flow control` in the client's log; a Consumer Offset that \
        stands still.",
    advice: "Give each listener a timeout of its own, well below consumeTimeout.",
};

pub const REPLAY_AFTER_A_CRASH: Background = Background {
    comes_about: "All that is above the lowest unfinished offset comes again after a crash, up to about 2,031 \
        messages a queue, although nearly all of it was done (ProcessQueue.removeMessage).",
    seen: "Many message ids again after one process died, of one queue.",
    advice: "Idempotent listeners; a smaller consumeConcurrentlyMaxSpan bounds it; listeners with a timeout.",
};

pub const DEAD_BROKER_SLOWS_ALL: Background = Background {
    comes_about: "One thread of a client polls routes, sends heartbeats and commits \
        (MQClientInstance.startScheduledTask), and one rebalances: each call to an address that swallows packets \
        costs them 3 s.",
    seen: "Gaps of seconds between the client's heartbeats and commits while one broker is away.",
    advice: "Take a dead broker out of the route, and let its address refuse connections rather than swallow them.",
};

pub const THRESHOLD_FOR_TOPIC: Background = Background {
    comes_about: "RebalancePushImpl.messageQueueChanged divides pullThresholdForTopic by the number of queues that \
        the member has now, and writes it over pullThresholdForQueue for good.",
    seen: "`The pullThresholdForQueue is changed from A to B` in the client's log.",
    advice: "Set pullThresholdForQueue, and leave pullThresholdForTopic at -1.",
};

pub const SKIPPED_ON_SCALE_OUT: Background = Background {
    comes_about: "A queue that was added has no offset of the group. With CONSUME_FROM_LAST_OFFSET \
        (RebalancePushImpl.computePullFromWhere) the first owner begins at its end, and what was written since it \
        was made is passed over.",
    seen: "Consumer Offset of a new queue begins above 0 in `mqadmin consumerProgress -g GROUP`.",
    advice: "Raise readQueueNums, wait a minute, and then writeQueueNums; or set CONSUME_FROM_FIRST_OFFSET.",
};

pub const SHUTDOWN_STILL_DUPLICATES: Background = Background {
    comes_about: "shutdown() interrupts listeners (awaitTerminationMillisWhenShutdown is 0), commits once, and \
        drops its queues at the end: what was interrupted or finished later comes again.",
    seen: "The same message ids at another member just after a graceful stop.",
    advice: "Set awaitTerminationMillisWhenShutdown above the longest listener, and the grace of the container \
        above twice that.",
};

pub const BUFFERED_NOTIFICATIONS: Background = Background {
    comes_about: "With realTimeNotifyConsumerChange = false a broker gathers changes and tells them every 15 s \
        (DefaultConsumerIdsChangeListener).",
    seen: "`receive broker's notification` at clients up to 15 s after a member came or went.",
    advice: "Leave realTimeNotifyConsumerChange at true, unless storms of notifications are worse than the wait.",
};

pub const REBALANCE_LOOP: Background = Background {
    comes_about: "A consumer that is paused, the strategy CONFIG, or a queue that cannot be taken makes \
        tryRebalance answer \"not balanced\": RebalanceService goes round every second, with all its calls.",
    seen: "`doRebalance` lines each second; many GET_CONSUMER_LIST_BY_GROUP at the brokers.",
    advice: "Do not leave consumers suspended for long; with CONFIG list the retry queues too.",
};

pub const MISSING_TOPIC: Background = Background {
    comes_about: "A subscribed topic without a route makes RebalanceImpl.rebalanceByTopic call messageQueueChanged \
        each time: a new subscription version and a heartbeat to every broker, at every rebalance.",
    seen: "`doRebalance, GROUP, but the topic[TOPIC] not exist` in the client's log.",
    advice: "Create topics before they are subscribed, and drop subscriptions of topics that are gone.",
};

pub const DEAD_LETTERS_AT_ONCE: Background = Background {
    comes_about: "A message sent back by a normal send goes to the dead-letter queue at once when the broker holds \
        any live lock of the group (SendMessageProcessor.handleRetryAndDLQ).",
    seen: "Messages in %DLQ%GROUP with fewer retries than maxReconsumeTimes.",
    advice: "Do not use one group for orderly and concurrent listeners.",
};

pub const QUEUES_LEFT_OUT: Background = Background {
    comes_about: "AllocateMessageQueueByMachineRoom takes only brokers named ROOM@NAME, \
        AllocateMessageQueueByConfig only what it lists, and AllocateMachineRoomNearby leaves a room's queues to its \
        own consumers, also to one that is dead and not yet expired.",
    seen: "Queues of some brokers without a client in `mqadmin consumerProgress -g GROUP -s true`.",
    advice: "Name brokers ROOM@NAME for MACHINE_ROOM, list every queue for CONFIG, and run two consumers or more in \
        each room.",
};
