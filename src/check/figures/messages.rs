//! Figures of messages: lost, skipped, handed out again, failed to be sent.

use super::{KnownFigure, Unit};
use crate::check::Explanation;

pub(super) const FIGURES: &[KnownFigure] = &[
    KnownFigure {
        name: "lost",
        unit: Unit::Messages,
        meaning: "messages that no listener got: a commit passed over them then, or a broker lost them then",
        explanation: Explanation {
            means: "At-least-once is broken: the group goes on behind these messages, and none of its listeners ever \
                    saw them.",
            comes_about: "A message counts when an offset above it is committed and no listener of the group was \
                          given it, or when the broker that had it loses it and no copy is left. What a start rule or \
                          an operator passes over on purpose is `skipped` instead.",
            seen: "Nothing in RocketMQ counts it. Compare what producers stored (message trace, or keys in your \
                   database) with what listeners handled.",
            advice: "Read the causes beside it: most are a lost log tail (flushDiskType, brokerRole and \
                     inSyncReplicas decide that), or members that subscribe different tags.",
        },
    },
    KnownFigure {
        name: "skipped",
        unit: Unit::Messages,
        meaning: "messages that a start rule, an offset repair or an operator passed over then",
        explanation: Explanation {
            means: "Messages that were stored and that the group never got, because its offset was set behind them by \
                    a rule and not by consuming.",
            comes_about: "`consumeFromWhere` begins a queue without a stored offset at its end \
                          (`RebalancePushImpl.computePullFromWhereWithException`), an illegal offset is corrected to \
                          the end of a queue, a filter leaves messages out for all members, or an operator resets \
                          offsets forward.",
            seen: "`mqadmin consumerProgress` shows a group without lag that has handled fewer messages than were \
                   stored; client.log says `fix the pull request offset` at a repair.",
            advice: "Start new groups with CONSUME_FROM_FIRST_OFFSET where nothing may be passed over, and \
                     keep the tags of a group the same in all its members.",
        },
    },
    KnownFigure {
        name: "undelivered",
        unit: Unit::Messages,
        meaning: "readable messages that no listener had got at the end of the run",
        explanation: Explanation {
            means: "What the group still had before it when the run ended: a lag and no loss.",
            comes_about: "Counted once, at the end of the run, over all queues of the group's topics: readable \
                          messages behind the highest that was handed out.",
            seen: "`Diff Total` of `mqadmin consumerProgress -g GROUP`, but for messages that wait in the client.",
            advice: "Where it is not zero, the story ends too early, or a queue has no owner that consumes: look at \
                     the stalls and at `unowned`.",
        },
    },
    KnownFigure {
        name: "delivered",
        unit: Unit::Messages,
        meaning: "messages handed to listeners, each time counted",
        explanation: Explanation {
            means: "How much work the listeners were given, duplicates and retries included.",
            comes_about: "Each message of a batch counts when the batch is handed to the listener \
                          (`ConsumeMessageConcurrentlyService`, `ConsumeMessageOrderlyService`) or returned by \
                          `poll()`.",
            seen: "`Consume TPS` of `mqadmin consumerStatus`, summed over the members.",
            advice: "Compare it with what was sent; the difference is duplicates above, and loss or lag below.",
        },
    },
    KnownFigure {
        name: "duplicates",
        unit: Unit::Messages,
        meaning: "deliveries of messages that a listener had been given before",
        explanation: Explanation {
            means: "How often a listener of the group was handed a message of a queue that one of them had been \
                    handed already. Copies that come back through %RETRY% are `retried` instead.",
            comes_about: "A queue changes hands, and its new owner begins at the committed offset: everything that \
                          was handed out above it comes again. The offset lags by what is in work and by \
                          persistConsumerOffsetInterval (5 s).",
            seen: "The same message id in two listeners' logs with reconsumeTimes 0; RocketMQ counts no duplicates.",
            advice: "Make listeners idempotent. Fewer come with a graceful `shutdown()` that waits for its listeners \
                     (awaitTerminationMillisWhenShutdown), shorter batches, and a shorter \
                     persistConsumerOffsetInterval.",
        },
    },
    KnownFigure {
        name: "retried",
        unit: Unit::Messages,
        meaning: "deliveries of copies that came back through %RETRY%",
        explanation: Explanation {
            means: "How often a listener was given a message again because one failed it, or held it for too long.",
            comes_about: "A listener that answers RECONSUME_LATER, or holds a message beyond consumeTimeout, has it \
                          sent back (CONSUMER_SEND_MSG_BACK); the broker puts a copy into a delay level and then into \
                          %RETRY%group.",
            seen: "Messages with reconsumeTimes above 0; the topic `%RETRY%GROUP` in `mqadmin topicStatus`.",
            advice: "Look at why the listener fails. Raise consumeTimeout above the longest listener.",
        },
    },
    KnownFigure {
        name: "dead_lettered",
        unit: Unit::Messages,
        meaning: "messages put into the dead-letter queue",
        explanation: Explanation {
            means: "Messages that the group gave up: nobody gets them any more unless somebody reads %DLQ%group.",
            comes_about: "A copy that was sent back more than maxReconsumeTimes goes into %DLQ%group \
                          (`AbstractSendMessageProcessor.consumerSendMsgBack`).",
            seen: "The topic `%DLQ%GROUP` in `mqadmin topicStatus`.",
            advice: "Watch %DLQ% topics. Do not mix orderly and concurrent consumers in one group: a group with live \
                     orderly locks sends some retries straight there (`explain-word E43`).",
        },
    },
    KnownFigure {
        name: "acknowledged_lost",
        unit: Unit::Messages,
        meaning: "messages acknowledged to a producer that no broker has any more",
        explanation: Explanation {
            means: "Messages whose producer was told SEND_OK and that are nowhere now.",
            comes_about: "ASYNC_FLUSH answers from the page cache and ASYNC_MASTER before its slaves have it: a \
                          machine that loses power, or a master that is replaced, loses the end of its log.",
            seen: "Ids in the producer's log that `mqadmin queryMsgById` does not find on any broker.",
            advice: "flushDiskType = SYNC_FLUSH against a loss of power, SYNC_MASTER with inSyncReplicas of 2 or more \
                     against the loss of a machine.",
        },
    },
    KnownFigure {
        name: "sends_failed",
        unit: Unit::Messages,
        meaning: "messages whose last attempt to be sent failed: their application was told",
        explanation: Explanation {
            means: "Messages for which `send()` threw: the application knows, and RocketMQ has them or not.",
            comes_about: "Every attempt within sendMsgTimeout (3 s) and retryTimesWhenSendFailed (2) was refused or \
                          got no answer (`DefaultMQProducerImpl.sendDefaultImpl`).",
            seen: "MQClientException or RemotingTimeoutException in the producer's application.",
            advice: "Send again from the application, with a key that makes a second copy harmless.",
        },
    },
    KnownFigure {
        name: "sends_in_doubt",
        unit: Unit::Messages,
        meaning: "messages answered with FLUSH_SLAVE_TIMEOUT or FLUSH_DISK_TIMEOUT: one page cache has them",
        explanation: Explanation {
            means: "Messages that were stored, and not where the configuration wants them to be.",
            comes_about: "The slaves did not have it within slaveTimeout, or the disk within syncFlushTimeout \
                          (`CommitLog.handleDiskFlushAndHA`). `send()` does not throw; the state of its result says \
                          so.",
            seen: "A SendStatus that is not SEND_OK; most applications do not look at it.",
            advice: "Look at SendResult.getSendStatus(), or set retryAnotherBrokerWhenNotStoreOK.",
        },
    },
    KnownFigure {
        name: "stored_twice",
        unit: Unit::Messages,
        meaning: "messages stored again by a producer that did not hear that they had been",
        explanation: Explanation {
            means: "Second copies in the log: both are delivered, at different offsets, and neither is a duplicate of \
                    the group's making.",
            comes_about: "The answer to a send was lost or late, and the producer tried again, mostly on another \
                          broker (retryTimesWhenSendFailed).",
            seen: "Two messages with one UNIQ_KEY in `mqadmin queryMsgByUniqueKey`.",
            advice: "Tell messages apart by a key of your own and not by offset; let listeners be idempotent.",
        },
    },
    KnownFigure {
        name: "deleted_unread",
        unit: Unit::Messages,
        meaning: "messages that retention or an operator deleted before a group that had started got them",
        explanation: Explanation {
            means: "The group was slower than retention, and these messages are gone.",
            comes_about: "The broker deletes log files after fileReservedTime (72 h) or on a full disk, whoever still \
                          needs them; the next pull is below the first offset and goes on at it.",
            seen: "`mqadmin consumerProgress` jumps; the broker answers PULL_OFFSET_MOVED, and client.log says `the \
                   pull request offset illegal`.",
            advice: "Alert on lag long before the age of retention; give disks room.",
        },
    },
    KnownFigure {
        name: "hidden",
        unit: Unit::Messages,
        meaning: "messages stored in queues that no consumer was shown then",
        explanation: Explanation {
            means: "Messages in queues that no route shows to consumers: they wait, and nobody knows.",
            comes_about: "writeQueueNums is above readQueueNums, a permission hides the queue from readers, or copies \
                          go into queues of %RETRY% that it does not have.",
            seen: "`mqadmin topicStatus` shows offsets in queues that `mqadmin consumerProgress` does not list.",
            advice: "Raise readQueueNums first and writeQueueNums after, and lower them the other way round.",
        },
    },
    KnownFigure {
        name: "start_failed",
        unit: Unit::Count,
        meaning: "consumers whose start() threw: their processes ended",
        explanation: Explanation {
            means: "Consumers that were to be there and are not. All else in the result follows from it.",
            comes_about: "No route from the name server, no readable offset file, or settings that `checkConfig` \
                          refuses make `start()` throw; an application whose context does not come up ends.",
            seen: "MQClientException from `DefaultMQPushConsumerImpl.start` in the application's log, and a pod that \
                   is started again and again.",
            advice: "Read the cause beside it. Whoever expects anything expects this to be zero, unless it is named.",
        },
    },
];
