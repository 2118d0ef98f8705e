//! Brokers, topics and their routes.

use super::super::explanation::Background;

pub const BROKER_AWAY: Background = Background {
    comes_about: "The broker did not run. Its queues can be neither pulled nor committed; where it was a topic's \
        only broker, clients keep the old route (MQClientInstance.updateTopicRouteInfoFromNameServer swallows \
        TOPIC_NOT_EXIST).",
    seen: "`connect to ADDRESS failed` in clients' logs; the broker is missing in `mqadmin clusterList`.",
    advice: "Bring it back, or run it with slaves and a controller so that another one is elected.",
};

pub const BROKER_UNREACHABLE: Background = Background {
    comes_about: "The broker runs, and its owner's calls to it fail or time out: the pull is tried again after 1 s, \
        and others ask brokers that still list the owner.",
    seen: "RemotingTimeoutException or `connect to ADDRESS failed` at one client only.",
    advice: "Mend the network between the two, or stop the client so that another takes the queues.",
};

pub const NAME_SERVER_RESTARTED: Background = Background {
    comes_about: "A name server is empty when it comes up and fills as brokers register, each up to 30 s later \
        (RouteInfoManager). It answers with the part it has, and clients drop the queues of the rest.",
    seen: "`mqadmin topicRoute -t TOPIC -n THAT_SERVER` shows fewer brokers than the others do, for up to 30 s.",
    advice: "Set needWaitForService = true on name servers, and restart them one at a time, a minute apart.",
};

pub const NAME_SERVERS_DISAGREE: Background = Background {
    comes_about: "Name servers do not talk to each other, and each client stays with one \
        (NettyRemotingClient.getAndCreateNameserverChannel). A broker that cannot reach one of them is missing \
        there only.",
    seen: "`mqadmin topicRoute -t TOPIC -n SERVER` differs from server to server.",
    advice: "Mend the connection between the broker and that name server, or take the server out of the clients' \
        list.",
};

pub const NEW_QUEUE_NOT_IN_THE_ROUTES: Background = Background {
    comes_about: "Clients poll routes every 30 s (pollNameServerInterval) and act on a change at their next \
        rebalance, up to 20 s later: until then nobody takes a new queue.",
    seen: "The queue is in `mqadmin topicStatus -t TOPIC` and has no client in `mqadmin consumerProgress -g GROUP \
        -s true` for up to 50 s.",
    advice: "Normal. Raise readQueueNums first and writeQueueNums a minute later, so that nothing waits there.",
};

pub const QUEUE_IS_HIDDEN: Background = Background {
    comes_about: "writeQueueNums is above readQueueNums: producers see the queue \
        (MQClientInstance.topicRouteData2TopicPublishInfo) and consumers do not \
        (topicRouteData2TopicSubscribeInfo).",
    seen: "`mqadmin topicRoute -t TOPIC` shows writeQueueNums above readQueueNums; topicStatus shows messages in \
        queues that consumerProgress does not list.",
    advice: "Raise readQueueNums first, lower writeQueueNums first: `mqadmin updateTopic -r R -w W`.",
};

pub const ROUTE_CHANGED_WHILE_UNSUBSCRIBED: Background = Background {
    comes_about: "Consumers of one client share its routes (MQClientInstance.topicRouteTable), and each has its own list \
        of queues (RebalanceImpl.topicSubscribeInfoTable), which unsubscribe() leaves as it is. A change goes to those \
        that subscribe the topic at that moment; to one that subscribes again, polls say unchanged \
        (isSubscribeTopicNeedUpdate asks only whether it has a list), so it deals by the old one until the next change.",
    seen: "Queues without a client in `mqadmin consumerProgress -g GROUP -s true` after unsubscribe() and subscribe() \
        of a running consumer, where another group of the same client consumes them.",
    advice: "Restart the client, or change the route once more. Give the consumer an instanceName of its own before \
        it is unsubscribed and subscribed while it runs.",
};

pub const ROUTE_GONE: Background = Background {
    comes_about: "The queue was missing in the route that the owner polled: its broker unregistered, or its read \
        permission or readQueueNums went down. The next rebalance drops it.",
    seen: "`updateTopicRouteInfoFromNameServer` with the changed route in the client's log, then `remove \
        unnecessary mq`.",
    advice: "Expected while a broker is away. Otherwise look at `mqadmin topicRoute -t TOPIC` for who is missing.",
};

pub const ROUTE_POLLS_OUT_OF_PHASE: Background = Background {
    comes_about: "Each client polls routes for itself every 30 s, and a changed route wakes no rebalance. For up to \
        50 s members deal different sets of queues, and blocks overlap or leave holes, also on brokers that are \
        well.",
    seen: "Clients log the changed route at different times; queues under two client ids and under none in `mqadmin \
        consumerStatus -g GROUP`.",
    advice: "Change topics and brokers when little is consumed. A shorter pollNameServerInterval narrows the time.",
};

pub const NO_WRITABLE_QUEUE: Background = Background {
    comes_about: "The producer knows no queue of the topic with write permission and a master \
        (MQClientInstance.topicRouteData2TopicPublishInfo).",
    seen: "`No route info of this topic` in the application's log.",
    advice: "Create the topic before its first message, and on more than one broker. Check perm in `mqadmin \
        topicRoute -t TOPIC`.",
};

pub const ILLEGAL_QUEUE_ID: Background = Background {
    comes_about: "The producer's route is older than a change that lowered the queue counts; the broker refuses a \
        queue id above both (AbstractSendMessageProcessor.msgCheck).",
    seen: "`request queueId[N] is illegal` in the broker's log.",
    advice: "Lower writeQueueNums first, and readQueueNums when all producers have polled the route.",
};

pub const TOPIC_DELETED: Background = Background {
    comes_about: "`mqadmin deleteTopic` removes the topic's configuration, its queues and the offsets of its groups \
        at each broker (AdminBrokerProcessor.deleteTopic).",
    seen: "`AdminBrokerProcessor#deleteTopic` in the broker's log.",
    advice: "Stop producers and consumers first. What was in the topic is gone.",
};

pub const TOPIC_MADE_AGAIN: Background = Background {
    comes_about: "The topic came back with queues that begin at 0, and clients went on with the offsets that they \
        had in memory: what lay before these offsets was passed over.",
    seen: "`the pull request offset illegal` in clients' logs, or a Consumer Offset above the Broker Offset in \
        `mqadmin consumerProgress`.",
    advice: "Stop all members before a topic is deleted and made again, and start them when it is there.",
};

pub const TOPIC_NOT_EXIST: Background = Background {
    comes_about: "The broker has not the topic and does not create it (autoCreateTopicEnable = false, or its own \
        sign-up has not reached it).",
    seen: "`the topic[TOPIC] not exist` in the broker's log, code 17 at the client.",
    advice: "Create the topic on every broker of the cluster: `mqadmin updateTopic -c CLUSTER -t TOPIC`.",
};

pub const NO_ROUTE: Background = Background {
    comes_about: "Routes come by start() and by the poll of every 30 s (pollNameServerInterval), and not by \
        subscribe(). Until then RebalanceImpl.rebalanceByTopic has no queues, takes none, and calls \
        messageQueueChanged: a new subscription version and a heartbeat to every broker, at every rebalance.",
    seen: "`doRebalance, GROUP, but the topic[TOPIC] not exist` in the client's log.",
    advice: "Create topics before they are subscribed, and subscribe before start().",
};

pub const STALE_ROUTE: Background = Background {
    comes_about: "The client stays with one name server as long as its connection stands \
        (NettyRemotingClient.getAndCreateNameserverChannel), whether it answers or not: where \
        clientCloseSocketIfTimeout = false a time-out does not end it. Others deal by the new route and leave this \
        member a share that it does not know.",
    seen: "`updateTopicRouteInfoFromNameServer Exception` with RemotingTimeoutException in one client's log, every \
        30 s, and no changed route.",
    advice: "Restart the name server that hangs: a closed connection makes the client choose another. Leave \
        clientCloseSocketIfTimeout on (default since 4.9.1), or restart the client.",
};
