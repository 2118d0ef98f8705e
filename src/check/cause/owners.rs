//! Who is dealt what: starting, leaving, strategies and subscriptions.

use super::super::explanation::Background;

pub const BLOCK_BOUNDARIES_MOVED: Background = Background {
    comes_about: "AllocateMessageQueueAveragely deals contiguous blocks by the place in the sorted list of ids: one \
        member more or less moves the boundaries of most blocks behind it.",
    seen: "After one join many clients log `remove unnecessary mq` and `add a new mq`, far more than the newcomer's \
        share.",
    advice: "AllocateMessageQueueConsistentHash moves about a share per join, and deals less evenly. Otherwise \
        start and stop members together.",
};

pub const CLIENT_IDS_SORT_BY_TEXT: Background = Background {
    comes_about: "Ids are sorted by String.compareTo: 10.0.0.10@ comes before 10.0.0.9@. A member gets another \
        place than its number says, and more blocks move.",
    seen: "The order of `mqadmin consumerConnection -g GROUP` sorted as text is not that of the addresses.",
    advice: "Choose addresses or instance names of equal length, such as consumer-09.",
};

pub const CRASH_TAKEOVER: Background = Background {
    comes_about: "A process was killed, its connections closed, brokers sent CHANGE at once, and the survivors \
        rebalanced: at least the minimum interval, a list call, an offset query per queue and the 500 ms dispatch.",
    seen: "Broker: `NETTY EVENT: remove not active channel`; survivors: `receive broker's notification`, then `add \
        a new mq` within about a second.",
    advice: "Normal; half a second to two seconds without an owner are what RocketMQ needs.",
};

pub const DEALT_TOPIC_BY_TOPIC: Background = Background {
    comes_about: "RebalanceImpl.doRebalance deals each topic on its own, always from the first id on: with few \
        queues a topic, the first ids get a queue of each, and the last get none.",
    seen: "Client ids that sort first have most queues in `mqadmin consumerProgress -g GROUP -s true`.",
    advice: "Give topics as many queues as there are members, or a multiple of it, or use a group for each topic.",
};

pub const GIVEN_TO_A_BROADCASTING_MEMBER: Background = Background {
    comes_about: "A BROADCASTING member stands in the list of a CLUSTERING group and is counted when the queues are \
        dealt. It takes all queues for itself, and the group's offset of its share stands still.",
    seen: "Queues with a growing diff whose client is a BROADCASTING process.",
    advice: "Use one group for one message model.",
};

pub const GIVEN_TO_A_MEMBER_WITHOUT_THE_TOPIC: Background = Background {
    comes_about: "The list of members belongs to the group and not to the topic \
        (ConsumerManager.getConsumerGroupInfo). A member without the topic is dealt queues that it never takes.",
    seen: "`mqadmin consumerStatus -g GROUP` says `Different subscription in the same group of consumer`; some \
        queues have no client.",
    advice: "All members of a group must subscribe the same topics. For a rollout that adds a topic, use a new \
        group.",
};

pub const GRACEFUL_LEAVE: Background = Background {
    comes_about: "A member shut down, unregistered at each broker in turn, and the others rebalanced when they were \
        told: about 0.5 s to 1.7 s without an owner.",
    seen: "Broker: `unregister a consumer`; the others: `receive broker's notification`, then `add a new mq`.",
    advice: "Normal. A dead broker in the route delays the later ones by 3 s each, as the calls come one after the \
        other.",
};

pub const GROUP_HAS_NOT_STARTED: Background = Background {
    comes_about: "No member of the group has called start() yet.",
    seen: "`mqadmin consumerConnection -g GROUP` says that the group is not online.",
    advice: "Nothing to do if the group was not to run yet.",
};

pub const HAND_OVER: Background = Background {
    comes_about: "One member gave the queue up and another took it, each at its own rebalance: between the two the \
        queue has no owner, or two.",
    seen: "`remove unnecessary mq` at one client and `add a new mq` at another, up to a few seconds apart.",
    advice: "Normal at every change of members.",
};

pub const NEW_CLIENT_ID_SORTS_ELSEWHERE: Background = Background {
    comes_about: "A restarted consumer has a new pid and nano time in its id \
        (ClientConfig.changeInstanceNameToPID), or a pod a new address. It sorts elsewhere in the list, and block \
        boundaries move though the number of members is the same.",
    seen: "After a restart other clients too log `remove unnecessary mq` and `add a new mq`.",
    advice: "Set an instanceName that stays the same and is unique, where queues should stay with their members.",
};

pub const NOBODY_ELSE_RAN: Background = Background {
    comes_about: "There was no other member that could have taken the queue.",
    seen: "One client, or none, in `mqadmin consumerConnection -g GROUP`.",
    advice: "Run at least two members where a stop must not interrupt consumption.",
};

pub const NOTHING_TO_DO_IT_TO: Background = Background {
    comes_about: "A step of the timeline names something that is not there at its time: a kill of a process that is \
        dead, a resume of one that was not paused.",
    seen: "On a real cluster it would be a command that finds no process.",
    advice: "Correct the time or the target of the step: the result does not answer what was asked.",
};

pub const START_FAILED: Background = Background {
    comes_about: "DefaultMQPushConsumerImpl.start() threw, and the process ended or was started again: it was \
        wanted, and does not consume.",
    seen: "MQClientException or IllegalStateException in the application's log at its start; the client is missing \
        in `mqadmin consumerConnection`.",
    advice: "Let the application be started again after a failed start, and look at the anomaly `start_failed`, \
        which says why.",
};

pub const START_UP: Background = Background {
    comes_about: "A new client rebalances 1 s after its MQClientInstance was made at the earliest \
        (RebalanceService.lastRebalanceTimestamp starts at now), and first pulls 500 ms after that.",
    seen: "1.5 s and more between `the client factory [ID] start OK` and the first message.",
    advice: "Normal. Start the new process before the old one stops, if even this is too long.",
};

pub const STRATEGIES_DIFFER: Background = Background {
    comes_about: "Every member computes its own share, and nobody compares (AllocateMessageQueueStrategy.allocate). \
        Two strategies in one group overlap in some queues and leave others out.",
    seen: "Queues under two client ids and queues under none at the same time in `mqadmin consumerStatus -g GROUP`.",
    advice: "Change the strategy with a new group, or stop all members before the first new one starts.",
};

pub const GIVEN_TO_NOBODY: Background = Background {
    comes_about: "AllocateMessageQueueByConfig answers its list and nothing else, AllocateMessageQueueByMachineRoom \
        only queues of brokers named ROOM@NAME with a ROOM of consumeridcs, and CONSISTENT_HASH with virtualNodeCnt = \
        0 nothing: what no member's answer holds stays without an owner, without an error.",
    seen: "Queues without a client in `mqadmin consumerProgress -g GROUP -s true` that stay so whatever the members \
        do.",
    advice: "CONFIG: write the queue into messageQueueList of one member, also after queues were added. MACHINE_ROOM: \
        name brokers ROOM@NAME and list every ROOM in consumeridcs. CONSISTENT_HASH: virtualNodeCnt of 1 or more. Or \
        use AVG, which leaves nothing out.",
};

pub const STRATEGY_THROWS: Background = Background {
    comes_about: "When AllocateMessageQueueStrategy.allocate throws, RebalanceImpl.rebalanceByTopic leaves the \
        queues as they are and counts the topic as not balanced: it tries again every second.",
    seen: "`allocate message queue exception. strategy name: NAME` in the client's log, each second.",
    advice: "Let a strategy of your own return an empty list rather than throw, and test it with no queues.",
};

pub const UNOWNED: Background = Background {
    comes_about: "No live member had the queue in its process-queue table: between two owners, after a death, or \
        because the queue was dealt to nobody.",
    seen: "No Client IP for the queue in `mqadmin consumerProgress -g GROUP -s true`, and a growing diff.",
    advice: "Look at the anomaly `unowned` of the same queue: its cause says why.",
};

pub const UNSUBSCRIBED: Background = Background {
    comes_about: "consumer.unsubscribe(topic): the next rebalance drops its queues \
        (RebalanceImpl.truncateMessageQueueNotMyTopic) without committing and without unlocking, and the others \
        still count the member.",
    seen: "`doRebalance, GROUP, truncateMessageQueueNotMyTopic remove unnecessary mq` in the client's log.",
    advice: "Do not unsubscribe in a running group: roll out a new group, or stop and start all members.",
};

pub const SUBSCRIPTIONS_DIFFER: Background = Background {
    comes_about: "The broker keeps one subscription for each topic of a group, that of the newest version \
        (ConsumerGroupInfo.updateSubscription), and filters every pull by it. What others wanted is passed over for \
        good.",
    seen: "`mqadmin consumerStatus -g GROUP` says `Different subscription in the same group of consumer`; messages \
        of a tag come to nobody, and the diff is 0.",
    advice: "All members of a group must take the same tags. Change tags with a new group, or stop all members \
        first.",
};

pub const PULL_EXPIRED: Background = Background {
    comes_about: "A queue that was not pulled for 120 s (ProcessQueue.isPullExpired, pullMaxIdleTime) is dropped by \
        the rebalance and taken again.",
    seen: "`[BUG]doRebalance, GROUP, try remove unnecessary mq, MQ, because pull is pause, so try to fixed it` in \
        the client's log.",
    advice: "Find what stopped the pulls: long polls longer than pullMaxIdleTime, a stopped pull thread, or an \
        orderly queue that was dropped and assigned again.",
};

pub const NAME_SERVER_TIMED_OUT: Background = Background {
    comes_about: "start() fetches the route of each topic (updateTopicSubscribeInfoWhenSubscriptionChanged); a name \
        server that takes the connection and does not answer within 3 s makes it throw.",
    seen: "RemotingTimeoutException with the address of the name server in the application's log.",
    advice: "Give several name servers, watch that they answer, and start the application again when start() throws.",
};

pub const NAME_SERVER_UNREACHABLE: Background = Background {
    comes_about: "start() fetches the route of each topic; where no name server can be connected to, it throws an \
        IllegalStateException and shuts the consumer down again.",
    seen: "`connect to null failed` or `connect to ADDRESS failed` in the application's log.",
    advice: "Give several name servers by one DNS name or a list, and start the application again when start() \
        throws.",
};

pub const OFFSETS_FILE_BROKEN: Background = Background {
    comes_about: "LocalFileOffsetStore writes offsets.json without fsync or rename, after copying the old one to \
        .bak. A power loss or a full disk can leave both unreadable, and load() throws.",
    seen: "`Load local offset store file exception` or MQClientException from start().",
    advice: "Remove the broken file: the member starts by consumeFromWhere then. Keep localOffsetStoreDir on a \
        reliable disk.",
};

pub const UNKNOWN: Background = Background {
    comes_about: "The simulator looked at lists, routes, locks, connections and clocks around this moment, and none \
        of them explains it.",
    seen: "Compare the events of the run around this moment (`--events`).",
    advice: "Read it as \"not explained\" and not as \"harmless\". A scenario that shows it often is worth a report.",
};

pub const NOT_BALANCED: Background = Background {
    comes_about: "A consumer that is paused, the strategy CONFIG, or a queue that cannot be taken makes \
        tryRebalance answer \"not balanced\": RebalanceService goes round every second, with all its calls.",
    seen: "`doRebalance` lines each second; many GET_CONSUMER_LIST_BY_GROUP at the brokers.",
    advice: "Do not leave consumers suspended for long; with CONFIG list the retry queues too.",
};
