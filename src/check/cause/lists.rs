//! Who is a member: lists that brokers give, and what members make of them.

use super::super::explanation::Background;

pub const BROKER_DROPPED_A_LIVING_MEMBER: Background = Background {
    comes_about: "A broker removes a member whose connection closed, was idle for 120 s, or whose last heartbeat is \
        120 s old (ConsumerManager.doChannelCloseEvent, scanNotActiveChannel), although its process runs and still \
        holds its queues.",
    seen: "Broker: `SCAN: remove expired channel from ConsumerManager` or `NETTY EVENT: remove not active channel` \
        for a client that goes on logging.",
    advice: "Look at the network between that client and the broker, at long GC pauses, and at a \
        heartbeatBrokerInterval near channelExpiredTimeout.",
};

pub const CHANNEL_EVENT_DROPPED: Background = Background {
    comes_about: "NettyEventExecutor keeps about 10,000 events; when thousands of connections end at once, further \
        close events are thrown away, and the broker lists the dead until their heartbeats are 120 s old.",
    seen: "`event queue size [N] over the limit [10000], so drop this event` in the broker's log.",
    advice: "Spread many connections over more brokers or fewer clients, and restart applications in portions.",
};

pub const CLOCK_JUMPED: Background = Background {
    comes_about: "Ages of heartbeats, pulls and locks are differences of System.currentTimeMillis(). A jump forward \
        expires everything at once, a jump back freezes RebalanceService for its length.",
    seen: "A step in the timestamps of the host's own log, `SCAN: remove expired channel` for all members at one \
        moment, or no `doRebalance` line for minutes.",
    advice: "Let NTP or chrony slew and not step, also after a VM was suspended.",
};

pub const CLOCK_WENT_BACK: Background = Background {
    comes_about: "RebalanceService.run waits until minInterval has passed since the last rebalance by the wall \
        clock: after a jump back by X it rebalances nothing for about X.",
    seen: "The member logs no `doRebalance` although members come and go, and its queues stay as they were in \
        `mqadmin consumerStatus`.",
    advice: "Let NTP slew and not step. Restart the process if its clock was set back by more than seconds.",
};

pub const DUPLICATE_CLIENT_ID: Background = Background {
    comes_about: "Two processes built the same IP@instanceName (ClientConfig.buildMQClientId). Brokers keep both \
        connections, the list has the id twice, and both processes compute the same share; the second place's share \
        belongs to nobody.",
    seen: "`mqadmin consumerConnection -g GROUP` shows one client id with two addresses; some queues have no client \
        in `mqadmin consumerProgress -g GROUP -s true`.",
    advice: "Do not set instanceName by hand, or set it to something unique, above all where containers share an \
        address.",
};

pub const EXPIRY_TELLS_NOBODY: Background = Background {
    comes_about: "ConsumerManager.scanNotActiveChannel removes who was silent for 120 s and sends no CHANGE: the \
        others find out with their own timer, up to 20 s later (rebalanceWaitInterval; RebalanceService.waitInterval).",
    seen: "`SCAN: remove expired channel from ConsumerManager consumerTable` without a following `receive broker's \
        notification` at the clients.",
    advice: "Let machines that die close their connections (kill by SIGTERM, no silent power-off); a shorter \
        channelExpiredTimeout shortens the wait, and makes long pauses deadly.",
};

pub const HALF_OPEN_CONNECTION: Background = Background {
    comes_about: "A client closes its connection after a timeout and connects again, and the broker has not heard \
        of the close. ConsumerGroupInfo is keyed by channel, so getAllClientId has the id twice and a share goes to \
        nobody.",
    seen: "One client id with two ports in `mqadmin consumerConnection -g GROUP`, until the old one is idle or \
        expired after 120 to 130 s.",
    advice: "Look for a firewall or load balancer that drops idle connections without a reset; shorten \
        serverChannelMaxIdleTimeSeconds where that is usual.",
};

pub const HEARTBEAT_V2_AFTER_RESTART: Background = Background {
    comes_about: "With useHeartbeatV2 a client leaves its subscriptions out while its fingerprint is unchanged. A \
        broker that restarted registers the group without any (ClientManageProcessor.heartBeatV2), and refuses its \
        pulls.",
    seen: "`The consumer's subscription not exist, group: GROUP` in the broker's log after its restart.",
    advice: "Leave useHeartbeatV2 off, or let any member join or leave after a broker's restart: a changed \
        rebalance sends everything again.",
};

pub const LEAVER_IN_AN_OLDER_LIST: Background = Background {
    comes_about: "A member left, and one of two others acted on a list that still held it: brokers hear of the \
        leave one after the other (MQClientInstance.unregisterClient), and each rebalance asks one at random.",
    seen: "Two members log different numbers of cidAll within a second; the next `receive broker's notification` \
        mends it.",
    advice: "Normal for about a second. Longer where a dead broker stands in the route and each UNREGISTER_CLIENT \
        waits 3 s for it.",
};

pub const LIST_CALL_FAILED: Background = Background {
    comes_about: "MQClientInstance.findConsumerIdList asks one random broker of the topic and no second one. A \
        failure leaves the topic as it is, counts as balanced, and is tried again only after 20 s or at the next \
        notification.",
    seen: "`doRebalance, GROUP TOPIC, get consumer id list failed` and `getConsumerIdListByGroup exception` in the \
        client's log.",
    advice: "Take a broker that is gone out of the topic's route soon. A shorter \
        rocketmq.client.rebalance.waitInterval shortens the wait.",
};

pub const LIST_THAT_HAD_NOT_HEARD: Background = Background {
    comes_about: "A taker was woken by one broker and asked another (findConsumerIdList picks at random), which had \
        not yet seen the dead one's connection close, and so got a list that still held it.",
    seen: "`doRebalance` right after `receive broker's notification` without `add a new mq`, and another a second \
        later with it.",
    advice: "Normal: the second broker's own notification comes at once and is served 1 s later. Fewer brokers \
        under a topic make it rarer.",
};

pub const LIST_LACKS_THE_ASKER: Background = Background {
    comes_about: "The broker that was asked lists others and not the one who asks: it restarted, or has just \
        dropped it. AllocateMessageQueueStrategy.check returns an empty share, and every queue of the topic is \
        dropped.",
    seen: "`[BUG] ConsumerGroup: GROUP The consumerId: ID not in cidAll` in the client's log, then `doRebalance, \
        Group: GROUP, remove unnecessary mq`.",
    advice: "Restart brokers one by one, and wait between them until `mqadmin consumerConnection` shows all members.",
};

pub const LOST_WAKEUP: Background = Background {
    comes_about: "ServiceThread.waitForRunning tests a flag and then resets its latch: a wakeup that falls between \
        the two is lost and blocks those that follow until the timer, up to 20 s later.",
    seen: "`receive broker's notification` in the client's log, and no rebalance until a multiple of the wait \
        interval.",
    advice: "Rare, and not to be avoided; a shorter rocketmq.client.rebalance.waitInterval bounds it.",
};

pub const MIXED_MESSAGE_MODELS: Background = Background {
    comes_about: "ConsumerManager.registerConsumer takes message model and consume type from the latest heartbeat: \
        while it says BROADCASTING, the group is told of no change, and members of both models stand in the list.",
    seen: "`mqadmin consumerConnection -g GROUP` shows MessageModel change from call to call.",
    advice: "Use one group for one model. Change the model with a new group name.",
};

pub const NEWCOMER_TAKES_BEFORE_RELEASE: Background = Background {
    comes_about: "A member that has just started acts on a list with itself, while another has not yet rebalanced: \
        it has not heard, waits out its minInterval of 1 s, or saw the list of another broker.",
    seen: "`add a new mq` at the newcomer before `remove unnecessary mq` of the same queue at the old owner, by a \
        second or so.",
    advice: "Normal at every join. Make listeners idempotent; orderly groups are kept apart by the broker's lock.",
};

pub const OWNER_CANNOT_REACH_THE_BROKER: Background = Background {
    comes_about: "The owner is cut off from the broker of this queue and still heard by another. The others ask \
        that other broker, find the owner in its list, and leave it the queue that it cannot pull.",
    seen: "The client is missing in the consumerConnection of one broker only, and one broker's queues have a \
        growing diff in `mqadmin consumerProgress -g GROUP`.",
    advice: "Mend the network between that client and broker, or stop the client: rebalancing looks at members, not \
        at queues that stand still.",
};

pub const PARTIAL_LIST_AFTER_BROKER_RESTART: Background = Background {
    comes_about: "A broker's member table is in memory and fills again connection by connection \
        (ConsumerManager.registerConsumer). Who asks it early sees few members, perhaps only itself, and takes \
        queues of all brokers of the topic.",
    seen: "Just after a broker's restart one client logs `add a new mq` for queues that others hold; `mqadmin \
        consumerConnection` of that broker is short.",
    advice: "Restart brokers when little is consumed, one at a time. Idempotent listeners, as nothing keeps this \
        away.",
};

pub const PARTIAL_LIST_OF_A_NEW_BROKER: Background = Background {
    comes_about: "A broker that was just added has heard only of the clients whose route poll has told them of it \
        (up to 30 s). Asked for the list it gives these, and they deal all queues among themselves.",
    seen: "`mqadmin consumerConnection` at the new broker shows fewer members than at the others.",
    advice: "Start the broker and let all clients connect before its topics get queues: create them there a minute \
        later.",
};

pub const WAITING_FOR_EXPIRY: Background = Background {
    comes_about: "The owner, or the one that the queue is dealt to, died, is frozen or was cut off without a close that \
        brokers saw. It stays in their lists until its heartbeat is 120 s old (channelExpiredTimeout) and the scan of \
        every 10 s comes round.",
    seen: "A client in `mqadmin consumerConnection -g GROUP` whose machine is off; its queues keep their Client IP \
        in consumerProgress and a growing diff.",
    advice: "Nothing shortens it but channelExpiredTimeout (and heartbeats well below it). Avoid silent deaths: \
        stop processes before machines.",
};

pub const GROUP_DOES_NOT_EXIST: Background = Background {
    comes_about: "With autoCreateSubscriptionGroup = false a broker answers the heartbeat of an unknown group with \
        SUCCESS and registers nothing (ConsumerManager.registerConsumer); the list call and all pulls then fail.",
    seen: "`mqadmin consumerConnection -g GROUP` says the group is not online though it runs; pulls end with \
        SUBSCRIPTION_GROUP_NOT_EXIST (26).",
    advice: "Create the group on every broker before it starts: `mqadmin updateSubGroup -c CLUSTER -g GROUP`.",
};

pub const BUFFERED_NOTIFICATIONS: Background = Background {
    comes_about: "With realTimeNotifyConsumerChange = false a broker gathers changes and tells them every 15 s \
        (DefaultConsumerIdsChangeListener).",
    seen: "`receive broker's notification` at clients up to 15 s after a member came or went.",
    advice: "Leave realTimeNotifyConsumerChange at true, unless storms of notifications are worse than the wait.",
};
