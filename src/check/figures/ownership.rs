//! Figures of who has which queue: none, two, how many moved, how even, how long it took.

use super::{KnownFigure, Unit};
use crate::check::Explanation;

pub(super) const FIGURES: &[KnownFigure] = &[
    KnownFigure {
        name: "unowned.max",
        unit: Unit::Seconds,
        meaning: "longest stretch in which a queue had no live owner",
        explanation: Explanation {
            means: "For so long no member that lives, and that brokers hear, had the queue in its table.",
            comes_about: "It counts from the moment the last live owner has dropped the queue, died, froze or was cut \
                          off, to the moment a live one has put it into its process-queue table \
                          (`RebalanceImpl.updateProcessQueueTableInRebalance`). A queue that no consumer is shown \
                          (see `hidden`) wants no owner and does not count.",
            seen: "`mqadmin consumerProgress` shows no Client IP beside the queue, or one that is dead.",
            advice: "After a kill the sockets close and it is about a second; after a silent death the broker waits \
                     channelExpiredTimeout (120 s), and members look every 20 s. Shut down gracefully, and stop hosts \
                     so that their sockets are closed.",
        },
    },
    KnownFigure {
        name: "unowned.total",
        unit: Unit::Seconds,
        meaning: "time without a live owner, summed over queues",
        explanation: Explanation {
            means: "All holes of the window together, queue by queue.",
            comes_about: "The parts of all stretches without a live owner that lie in the window, added up.",
            seen: "As `unowned.max`, over all queues.",
            advice: "Use it to compare two settings or two strategies with each other.",
        },
    },
    KnownFigure {
        name: "double_owned.max",
        unit: Unit::Seconds,
        meaning: "longest stretch in which a queue had two or more live owners",
        explanation: Explanation {
            means: "For so long two live members had one queue in their tables: both may hand out the same messages, \
                    and each commits over the other.",
            comes_about: "Members count from different lists or routes: nobody decides centrally, and a newcomer \
                          takes its share before the others have dropped it.",
            seen: "Two instances that `mqadmin consumerStatus` shows with one queue; duplicates without any crash.",
            advice: "Some seconds at each join are normal. Long ones come from a client id used twice, different \
                     strategies, or a broker that knows half of the group: read the cause.",
        },
    },
    KnownFigure {
        name: "double_owned.total",
        unit: Unit::Seconds,
        meaning: "time with two or more live owners, summed over queues",
        explanation: Explanation {
            means: "All stretches with two owners together, queue by queue.",
            comes_about: "The parts of those stretches that lie in the window, added up.",
            seen: "As `double_owned.max`, over all queues.",
            advice: "Use it to compare two settings or two strategies with each other.",
        },
    },
    KnownFigure {
        name: "moved_queues",
        unit: Unit::Queues,
        meaning: "queues whose owners differ between the beginning and the end",
        explanation: Explanation {
            means: "How many queues have other owners at the end of the window than at its beginning.",
            comes_about: "The live owners of each queue at both ends are compared; what moved and came back is not \
                          counted.",
            seen: "Two outputs of `mqadmin consumerProgress` with the Client IP column laid side by side.",
            advice: "Each queue that moves costs a stall and some duplicates. Compare it with `moved_queues.least`: \
                     CONSISTENT_HASH moves fewer than AVG, and is less even.",
        },
    },
    KnownFigure {
        name: "moved_queues.least",
        unit: Unit::Queues,
        meaning: "the fewest that had to move to be even again",
        explanation: Explanation {
            means: "What a perfect assignment would have moved for the same change of members.",
            comes_about: "Computed topic by topic from who was there before and after: those who left give all, those \
                          above their share give the rest.",
            seen: "Nowhere: it is a yardstick.",
            advice: "The difference to `moved_queues` is what the strategy, or the order of the client ids, costs you.",
        },
    },
    KnownFigure {
        name: "settle",
        unit: Unit::Seconds,
        meaning: "from the beginning to the last change of ownership",
        explanation: Explanation {
            means: "How long the group took to come to rest.",
            comes_about: "From the beginning of the window to the last moment in it at which a queue came to an owner \
                          or lost one.",
            seen: "The last `doRebalance ... add a new mq` or `remove unnecessary mq` in the members' client.log.",
            advice: "It ends with the slowest member: a lost notification is made good after 20 s \
                     (rocketmq.client.rebalance.waitInterval).",
        },
    },
    KnownFigure {
        name: "balance.max_min",
        unit: Unit::Queues,
        meaning: "most less fewest queues on a member at the end, worst topic",
        explanation: Explanation {
            means: "0 or 1 is as even as it can be.",
            comes_about: "At the end of the window, of each topic the most queues on a live member less the fewest; \
                          the worst topic counts.",
            seen: "Queues by Client IP in `mqadmin consumerProgress -g GROUP -t TOPIC`.",
            advice: "AVG keeps it at 1. Above: CONSISTENT_HASH, members without the topic, a client id used twice.",
        },
    },
    KnownFigure {
        name: "balance.total_max_min",
        unit: Unit::Queues,
        meaning: "most less fewest queues on a member at the end, all topics together, worst group",
        explanation: Explanation {
            means: "How many queues more the fullest member of a group has than the emptiest, whatever their topics.",
            comes_about: "At the end of the window, of each group the most queues of all its topics on a live member less \
                          the fewest; the worst group counts.",
            seen: "Queues by Client IP in `mqadmin consumerProgress -g GROUP`, added up over the topics.",
            advice: "Strategies deal topic by topic: one odd queue of each of ten topics is ten queues more for the first \
                     id, though `balance.max_min` is 1 (`explain-word E22`).",
        },
    },
    KnownFigure {
        name: "balance.idle_members",
        unit: Unit::Count,
        meaning: "members without any queue at the end",
        explanation: Explanation {
            means: "Processes that run and do nothing.",
            comes_about: "Live members that have no queue of any topic at the end of the window.",
            seen: "Instances in `mqadmin consumerConnection` that no queue of `mqadmin consumerProgress` names.",
            advice: "A queue has one owner: more members than queues of the widest topic are idle. Add queues, or run \
                     fewer.",
        },
    },
    KnownFigure {
        name: "balance.jain",
        unit: Unit::Share,
        meaning: "Jain's fairness index over all topics at the end; 1 is even",
        explanation: Explanation {
            means: "One number for how evenly all queues of all topics lie on the members.",
            comes_about: "The square of the sum over the sum of the squares times the number of members; 1 is even, \
                          1/n is everything on one of n.",
            seen: "Queues by Client IP over all topics of the group.",
            advice: "Many topics with few queues each are uneven with AVG, because each topic is dealt from the first \
                     id on (`explain-word E22`).",
        },
    },
    KnownFigure {
        name: "commits_backwards",
        unit: Unit::Count,
        meaning: "commits that took an offset back",
        explanation: Explanation {
            means: "How often a broker's offset of the group became smaller.",
            comes_about: "A commit is unconditional (`ConsumerOffsetManager.commitOffset`): a late owner's, a \
                          zombie's, a slave's older copy or an operator overwrite what is newer.",
            seen: "broker.log: `[NOTIFYME]update consumer offset less than store`.",
            advice: "Whoever takes the queue next begins there: expect so many duplicates as `commits_backwards.max` \
                     says.",
        },
    },
    KnownFigure {
        name: "commits_backwards.max",
        unit: Unit::Messages,
        meaning: "messages the largest of them took back",
        explanation: Explanation {
            means: "How far the largest of these commits went back.",
            comes_about: "The offset before less the offset after, of one commit.",
            seen: "The two numbers in `[NOTIFYME]update consumer offset less than store` in broker.log.",
            advice: "It is a bound on what comes twice if the queue changes hands before the next right commit.",
        },
    },
];
