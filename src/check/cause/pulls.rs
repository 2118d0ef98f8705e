//! What troubles pulls, and what holds messages inside a client.

use super::super::explanation::Background;

pub const BROADCASTING_IS_NOT_ENABLED: Background = Background {
    comes_about: "The group has consumeBroadcastEnable = false at the broker, and PullMessageProcessor refuses \
        BROADCASTING members with NO_PERMISSION.",
    seen: "`the consumer group[GROUP] can not consume by broadcast way` at the client.",
    advice: "`mqadmin updateSubGroup -c CLUSTER -g GROUP -d true`.",
};

pub const BROKER_PERMISSION: Background = Background {
    comes_about: "brokerPermission of the broker does not allow to read, and PullMessageProcessor refuses every \
        pull with NO_PERMISSION; the route does not show it.",
    seen: "`the broker[IP] pulling message is forbidden` at clients.",
    advice: "`mqadmin updateBrokerConfig -b ADDRESS -k brokerPermission -v 6`. To drain a broker use wipeWritePerm, \
        which leaves reading.",
};

pub const CONSUME_IS_NOT_ENABLED: Background = Background {
    comes_about: "The group has consumeEnable = false at the broker: every pull of it is refused with NO_PERMISSION \
        (PullMessageProcessor).",
    seen: "`subscription group no permission, GROUP` at clients.",
    advice: "`mqadmin updateSubGroup -c CLUSTER -g GROUP -s true`.",
};

pub const FILTERED_OUT: Background = Background {
    comes_about: "The message that seemed to wait matched no tag: the broker passes over it \
        (DefaultMessageStore.getMessage), and holds the pull until one matches.",
    seen: "The diff in `mqadmin consumerProgress` stays above 0 for a while although the application gets all that \
        it wants.",
    advice: "Nothing. Give topics with rare tags a group that takes all, if the diff is watched.",
};

pub const FIRST_PULL_OF_A_TAKEN_QUEUE: Background = Background {
    comes_about: "A queue that was just taken is first pulled 500 ms later (RebalancePushImpl.dispatchPullRequest).",
    seen: "Half a second between `add a new mq` and the first message.",
    advice: "Normal, with every take of a queue.",
};

pub const FLOW_CONTROL: Background = Background {
    comes_about: "The client has more of the queue than it may: pullThresholdForQueue (1,000 messages), \
        pullThresholdSizeForQueue (100 MiB), or offsets further apart than consumeConcurrentlyMaxSpan \
        (DefaultMQPushConsumerImpl.pullMessage).",
    seen: "`so do flow control` in the client's log, once in 1,000 times.",
    advice: "Make the listener faster, add members, or raise consumeThreadMin where all its threads are at work \
        (consumeThreadMax alone does nothing). If only the span is too long, one message has been at work for long: \
        look for it by jstack.",
};

pub const HELD_BY_THE_OLD_MASTER: Background = Background {
    comes_about: "The pull waits in the long-poll table of a broker that was the master (PullRequestHoldService). \
        It is answered there with nothing, and the client goes to the new one only when its route tells.",
    seen: "The client pulls the old address after `mqadmin clusterList` shows another master.",
    advice: "Normal for up to the long poll and the next route poll. A shorter pollNameServerInterval shortens it.",
};

pub const LONG_POLL_BLIND_SPOT: Background = Background {
    comes_about: "A message came after the pull had found nothing and before it was held (PullMessageProcessor, \
        then PullRequestHoldService.suspendPullRequest): it waits for the next message or the 5 s check.",
    seen: "A single message now and then takes up to 5 s on a quiet topic.",
    advice: "Rare; only quiet topics show it. Nothing to set.",
};

pub const MESSAGES_WAIT_IN_THE_POOL: Background = Background {
    comes_about: "Messages were pulled and wait for a thread of the consume pool, whose queue is unbounded: it \
        never has more than consumeThreadMin threads (ConsumeMessageConcurrentlyService).",
    seen: "`mqadmin consumerStatus -g GROUP` shows many cached messages; jstack shows all ConsumeMessageThread at \
        work.",
    advice: "Raise consumeThreadMin (consumeThreadMax alone does nothing), make the listener faster, or give slow \
        topics a group of their own.",
};

pub const NO_PULL_THREAD: Background = Background {
    comes_about: "DefaultLitePullConsumerImpl pulls with pullThreadNums threads (20), each of which waits for the \
        answer of its queue: with more queues than threads some wait for a long poll of others.",
    seen: "jstack shows all PullMsgThread in a pull while other queues have a diff.",
    advice: "Set pullThreadNums to the number of queues that a member may have.",
};

pub const OWNER_SHUTS_DOWN: Background = Background {
    comes_about: "shutdown() has closed the consume pool first, and the process keeps its queues until it has \
        unregistered at each broker.",
    seen: "`the consumer [GROUP] shutdown` has begun and not ended in the application's log.",
    advice: "Short listeners and brokers that answer shorten it.",
};

pub const PULL_REFUSED: Background = Background {
    comes_about: "The broker was too busy or answered with an error (for example SYSTEM_BUSY), and the pull is \
        tried again after 1 s.",
    seen: "`pullKernelImpl exception` or `execute the pull request exception` in the client's log.",
    advice: "Look at the broker's load: pull thread pool, page cache, disk.",
};

pub const SLAVE_DOES_NOT_SERVE: Background = Background {
    comes_about: "A slave with slaveReadEnable = false refuses every pull (PullMessageProcessor.rejectRequest): \
        with its master away the queues stand still though a slave has their messages.",
    seen: "`[REJECTREQUEST]` or code 2 from the slave's address at the client.",
    advice: "Set slaveReadEnable = true on slaves, or let a controller elect a new master.",
};

pub const SUBSCRIPTION_GROUP_NOT_EXIST: Background = Background {
    comes_about: "The broker has not the group and does not make it (autoCreateSubscriptionGroup = false, \
        SubscriptionGroupManager.findSubscriptionGroupConfig).",
    seen: "`subscription group [GROUP] does not exist`, code 26.",
    advice: "`mqadmin updateSubGroup -c CLUSTER -g GROUP` on every broker.",
};

pub const SUBSCRIPTION_NOT_EXIST: Background = Background {
    comes_about: "The broker knows the group and not its subscription of this topic: no heartbeat has reached it \
        since it came up, or the last one was of a member without the topic (ConsumerGroupInfo.updateSubscription).",
    seen: "`The consumer's subscription not exist, group: GROUP, topic:TOPIC` in the broker's log, code 24.",
    advice: "All members of a group must subscribe the same topics. After a broker's restart it lasts until the \
        next heartbeat.",
};

pub const SUBSCRIPTION_NOT_LATEST: Background = Background {
    comes_about: "Every changed rebalance raises the version of the subscription \
        (RebalancePushImpl.messageQueueChanged) and sends a heartbeat with it; until that has arrived, or if it was \
        skipped, pulls are refused.",
    seen: "`The broker's subscription is not latest, group: GROUP` in the broker's log, code 25.",
    advice: "Normal for a second after each rebalance. Longer: a dead broker delays the heartbeats to the others.",
};

pub const SUBSCRIPTION_VERSION_WENT_BACK: Background = Background {
    comes_about: "The version of a subscription is the wall clock at its creation. After a clock went back, the \
        broker keeps what it has as newer (ConsumerGroupInfo.updateSubscription), and filters by the old one.",
    seen: "A release with new tags gets messages by the old ones; the host's clock is behind.",
    advice: "Set the clock right and restart the consumers, so that their version is the newest.",
};

pub const TOPIC_PERMISSION: Background = Background {
    comes_about: "The topic has no read permission at this broker (perm of its TopicConfig): PullMessageProcessor \
        refuses with NO_PERMISSION.",
    seen: "`the topic[TOPIC] pulling message is forbidden` at clients.",
    advice: "`mqadmin updateTopicPerm -b ADDRESS -t TOPIC -p 6`.",
};

pub const SLOW_MESSAGE_PINS: Background = Background {
    comes_about: "The offset that is committed is the lowest that is not done (ProcessQueue.removeMessage). One \
        slow message holds it, and when others are 2,000 ahead pulling stops, until cleanExpiredMsg sends it back \
        after consumeTimeout (15 min).",
    seen: "`the queue's messages, span too long, so do flow control` in the client's log; a Consumer Offset that \
        stands still.",
    advice: "Give each listener a timeout of its own, well below consumeTimeout.",
};

pub const THRESHOLD_FOR_TOPIC: Background = Background {
    comes_about: "RebalancePushImpl.messageQueueChanged divides pullThresholdForTopic by the number of queues that \
        the member has now, and writes it over pullThresholdForQueue for good.",
    seen: "`The pullThresholdForQueue is changed from A to B` in the client's log.",
    advice: "Set pullThresholdForQueue, and leave pullThresholdForTopic at -1.",
};
