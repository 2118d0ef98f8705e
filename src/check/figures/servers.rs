//! Figures of brokers, operators and routes.

use super::{KnownFigure, Unit};
use crate::check::Explanation;

pub(super) const FIGURES: &[KnownFigure] = &[
    KnownFigure {
        name: "commands_refused",
        unit: Unit::Count,
        meaning: "commands of an operator that a broker refused, or that changed nothing there",
        explanation: Explanation {
            means: "What an operator believes to have done, and has not.",
            comes_about: "A command of the timeline (reset_offsets, delete_group, set_queues and their kin) is \
                          counted for each broker that does not run, does not know the topic or the group, or leaves \
                          things as they are.",
            seen: "The output of mqadmin, broker by broker; some of these it does not print at all.",
            advice: "Look at the result afterwards (`mqadmin consumerProgress`, `topicRoute`), and not at the exit code.",
        },
    },
    KnownFigure {
        name: "notifications",
        unit: Unit::Count,
        meaning: "CHANGE notifications that reached clients",
        explanation: Explanation {
            means: "How often a client was told that its group has changed, and woke up to rebalance.",
            comes_about: "A broker sends NOTIFY_CONSUMER_IDS_CHANGED to every member it knows, for every member that \
                          comes or goes (`DefaultConsumerIdsChangeListener.handle`): members times brokers times \
                          changes.",
            seen: "client.log: `receive broker's notification[...], the consumer group: ... changed, rebalance \
                   immediately`.",
            advice: "In groups of hundreds it storms: realTimeNotifyConsumerChange = false gathers them, and makes \
                     takeovers slower by up to 15 s.",
        },
    },
    KnownFigure {
        name: "heartbeats",
        unit: Unit::Count,
        meaning: "heartbeats that brokers handled",
        explanation: Explanation {
            means: "HEART_BEAT requests of consumers at all brokers.",
            comes_about: "Every 30 s of each client to each broker, and whenever a subscription version changes \
                          (`RebalancePushImpl.messageQueueChanged`): a rebalance of all is a heartbeat of all.",
            seen: "HEART_BEAT in the broker's request metrics, or `client.log` at heartbeats.",
            advice: "Look at the peak at a rollout beside heartbeatThreadPoolQueueCapacity.",
        },
    },
    KnownFigure {
        name: "list_requests",
        unit: Unit::Count,
        meaning: "member lists that brokers were asked for",
        explanation: Explanation {
            means: "GET_CONSUMER_LIST_BY_GROUP requests at all brokers.",
            comes_about: "Every rebalance asks one random broker once for each topic, %RETRY% among them \
                          (`MQClientInstance.findConsumerIdList`).",
            seen: "GET_CONSUMER_LIST_BY_GROUP in the broker's request metrics.",
            advice: "A group that cannot balance asks every second: see `explain-word E40`.",
        },
    },
    KnownFigure {
        name: "list_requests.peak",
        unit: Unit::Count,
        meaning: "member lists asked for in the busiest second",
        explanation: Explanation {
            means: "The storm of a release, in its worst second, over all brokers.",
            comes_about: "List requests by second; the largest counts.",
            seen: "The same by second in the broker's request metrics.",
            advice: "Start members of large groups apart from each other.",
        },
    },
    KnownFigure {
        name: "pool_wait.max",
        unit: Unit::Seconds,
        meaning: "longest wait of a request for a broker's thread",
        explanation: Explanation {
            means: "How long a request lay in the queue of a broker's thread pool.",
            comes_about: "Only where `broker_processors` of the environment gives pools a limit; else nothing waits.",
            seen: "`pullThreadPoolQueueHeadWaitTimeMills` and its kin in `mqadmin brokerStatus`.",
            advice: "Above waitTimeMillsIn...Queue a broker answers SYSTEM_BUSY: give it processors, or spread the load.",
        },
    },
    KnownFigure {
        name: "rejected",
        unit: Unit::Count,
        meaning: "requests that brokers were too busy for",
        explanation: Explanation {
            means: "Requests answered SYSTEM_BUSY.",
            comes_about: "A pool's queue was full, or the request had waited longer than allowed (`BrokerFastFailure`).",
            seen: "`[TIMEOUT_CLEAN_QUEUE]broker busy` in broker.log, SYSTEM_BUSY in client.log.",
            advice: "A list request that is refused leaves its member as it is for 20 s (`explain-word E5`).",
        },
    },
    KnownFigure {
        name: "route.stale.max",
        unit: Unit::Seconds,
        meaning: "longest time in which a client's queues of a topic were not what its name servers told",
        explanation: Explanation {
            means: "How long a client went by an old route.",
            comes_about: "Routes are polled every pollNameServerInterval (30 s), each client at its own time; nobody \
                          is told of a change.",
            seen: "`the topic[...] route info changed` in client.log, against the time of the change.",
            advice: "After adding or taking away queues wait a full poll before you judge.",
        },
    },
    KnownFigure {
        name: "route.disagree.max",
        unit: Unit::Seconds,
        meaning: "longest time in which members of a group saw different queues of a topic",
        explanation: Explanation {
            means: "For so long two members dealt different queues among the same members.",
            comes_about: "Each polls the route at its own time, and counts with it at its next rebalance.",
            seen: "`the topic[...] route info changed` at different times in the members' client.log.",
            advice: "See `explain-word E17`. It ends by itself after the slowest poll.",
        },
    },
    KnownFigure {
        name: "route.disagree.total",
        unit: Unit::Seconds,
        meaning: "that time, summed over groups and topics",
        explanation: Explanation {
            means: "All such stretches of the window together.",
            comes_about: "The time in which members of a group saw different queues, of each group and topic.",
            seen: "As `route.disagree.max`.",
            advice: "Use it to compare, for example, two pollNameServerInterval.",
        },
    },
    KnownFigure {
        name: "route.disagree.unowned",
        unit: Unit::Seconds,
        meaning: "time without a live owner of the topic's queues meanwhile, summed over queues",
        explanation: Explanation {
            means: "What different routes cost in queues without an owner.",
            comes_about: "The time without a live owner that lies in stretches in which routes differed.",
            seen: "As `unowned.max`, while routes differ.",
            advice: "Add queues in quiet hours; the hole is at most a poll and a rebalance long.",
        },
    },
    KnownFigure {
        name: "route.disagree.double_owned",
        unit: Unit::Seconds,
        meaning: "time with two or more live owners meanwhile, summed over queues",
        explanation: Explanation {
            means: "What different routes cost in queues with two owners.",
            comes_about: "The time with two live owners that lies in stretches in which routes differed.",
            seen: "As `double_owned.max`, while routes differ.",
            advice: "Expect duplicates of these queues for as long.",
        },
    },
];
