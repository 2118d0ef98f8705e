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

pub const DEAD_BROKER_SLOWS_ALL: Background = Background {
    comes_about: "One thread of a client polls routes, sends heartbeats and commits \
        (MQClientInstance.startScheduledTask), and one rebalances: each call to an address that swallows packets \
        costs them 3 s.",
    seen: "Gaps of seconds between the client's heartbeats and commits while one broker is away.",
    advice: "Take a dead broker out of the route, and let its address refuse connections rather than swallow them.",
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

pub const QUEUES_LEFT_OUT: Background = Background {
    comes_about: "AllocateMessageQueueByMachineRoom takes only brokers named ROOM@NAME, \
        AllocateMessageQueueByConfig only what it lists, and AllocateMachineRoomNearby leaves a room's queues to its \
        own consumers, also to one that is dead and not yet expired.",
    seen: "Queues of some brokers without a client in `mqadmin consumerProgress -g GROUP -s true`.",
    advice: "Name brokers ROOM@NAME for MACHINE_ROOM, list every queue for CONFIG, and run two consumers or more in \
        each room.",
};
