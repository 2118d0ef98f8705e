//! What is said of causes that POP has: nobody owns a queue, and each message is somebody's for a while.

use super::super::explanation::Background;

pub const INVISIBLE_TIME_OVER: Background = Background {
    comes_about: "ConsumeMessagePopConcurrentlyService compares the time since the pop with popInvisibleTime before \
        and after the listener: what has waited or worked for as long is thrown away, success too, and nobody is told. \
        The broker revives the message some 2 to 6 s later (PopReviveService).",
    seen: "client.log: `the pop message time out so abort consume`, or `processQueue invalid or popTimeout`; \
        reconsumeTimes of messages that no listener failed.",
    advice: "popInvisibleTime above the longest listener and the wait for a thread: 128 messages a broker times the \
        work of one, divided by the threads. Lower popBatchNums and popThresholdForQueue for slow listeners.",
};

pub const POP_QUEUE_DROPPED: Background = Background {
    comes_about: "A PopProcessQueue whose assignment is gone, by a route, a mode or popShareQueueNum, is dropped: \
        what waits and what runs of it is thrown away (ConsumeMessagePopConcurrentlyService), and comes to others \
        when its invisible time is over.",
    seen: "client.log: `the message queue not be able to consume, because it's dropped(pop)`.",
    advice: "Idempotent listeners; popShareQueueNum 0, where members come and go without any of this.",
};

pub const CONSUMER_KILLED_HOLDING: Background = Background {
    comes_about: "What a process had popped and not acknowledged is nobody else's until its invisible time is over: \
        the broker asks for no sign of life. Then PopReviveService copies it to the retry topic.",
    seen: "Messages with reconsumeTimes 1, popInvisibleTime and some seconds after a crash.",
    advice: "A shorter popInvisibleTime brings them back sooner; it must stay above the longest listener.",
};

pub const SHUTDOWN_LEAVES_POPPED: Background = Background {
    comes_about: "DefaultMQPushConsumerImpl.shutdown() shuts the consume service down that pulls and not that of POP: \
        its listeners run on while connections close, nothing of theirs is acknowledged, and its threads keep the JVM \
        alive until System.exit.",
    seen: "A JVM that does not end with threads `ConsumeMessageThread_...` of the POP service, and messages with \
        reconsumeTimes 1 after each deployment.",
    advice: "Suspend the consumer and wait until its listeners are through before shutdown(), and end with \
        System.exit.",
};

pub const ACK_LOST: Background = Background {
    comes_about: "DefaultMQPushConsumerImpl.ackAsync sends one request a message, and an error is only logged: no \
        acknowledgement is ever repeated (ConsumeMessagePopConcurrentlyService).",
    seen: "client.log: `Ack message fail`; the message comes again when its invisible time is over.",
    advice: "Idempotent listeners: every broker that restarts, and every connection that breaks, costs what was under \
        way.",
};

pub const MODE_SWITCH_WINDOW: Background = Background {
    comes_about: "PULL and POP share one table of offsets (ConsumerOffsetManager), and each member learns the mode at \
        its own rebalance: while some pull and some pop, each message of a pulled queue goes to both, and every pull \
        throws the offset back to what its owner has finished.",
    seen: "`[NOTIFYME]update consumer offset less than store` in broker.log for as long as modes differ; the same \
        message ids with reconsumeTimes 0 at two members.",
    advice: "Stop all members, wait popInvisibleTime and 6 s, set the mode on every broker, and start them.",
};

pub const MODE_SWITCHED: Background = Background {
    comes_about: "An operator set the request mode of topic and group (setConsumeMode): each member gives the queue up \
        in the one way at its next rebalance, and takes it in the other.",
    seen: "`mqadmin consumerStatus`: mqPopTable has what processQueueTable had, or the other way round.",
    advice: "Nothing to do; see mode_switch_window for what the change costs.",
};

pub const GIVEN_UP_AFTER_RETRIES: Background = Background {
    comes_about: "DefaultMQPushConsumerImpl.processPopResult acknowledges what came back more than maxReconsumeTimes \
        (16) on receipt: there is no dead-letter queue in POP over remoting, and no listener is asked.",
    seen: "client.log: `message reconsume times is up`; nothing in `%DLQ%GROUP`.",
    advice: "Write what fails for good aside in the listener, before its last attempt (getReconsumeTimes).",
};

pub const DELAY_LEVEL_BELOW_ZERO: Background = Background {
    comes_about: "delayLevelWhenNextConsume = -1 means the dead-letter queue where a message is pulled. \
        ConsumeMessagePopConcurrentlyService takes it for an index of its table: an exception ends the task, and \
        neither an acknowledgement nor a later time is sent.",
    seen: "ArrayIndexOutOfBoundsException in client.log; the message comes again after popInvisibleTime, and not after \
        the delay of its level.",
    advice: "Do not set delayLevelWhenNextConsume to -1 in a group that may be popped.",
};

pub const CLIENT_CLOCK_IS_AHEAD: Background = Background {
    comes_about: "popTime is the broker's clock, and the client compares it with its own \
        (ConsumeMessagePopConcurrentlyService.isPopTimeout): ahead by popInvisibleTime it throws every message away \
        before a listener has it. After 17 rounds it acknowledges them on receipt, and they are gone.",
    seen: "`the pop message time out so abort consume` for messages that have just come; a group that consumes nothing \
        and has no lag.",
    advice: "Keep clocks together (NTP), and alert on reconsumeTimes that grow without a failure.",
};

pub const CLIENT_REBALANCES: Background = Background {
    comes_about: "clientRebalance is true by default, and with an orderly listener or BROADCASTING whatever was set \
        (RebalancePushImpl.clientRebalance): such a client never asks a broker, and pulls although the group was set \
        to POP. Clients of 5.0 to 5.3.1 do so too once a first query failed.",
    seen: "`mqadmin consumerConnection` shows queues, and mqPopTable of `consumerStatus` is empty.",
    advice: "setClientRebalance(false) on every member, with a concurrent listener; clients of 5.3.2 or later.",
};

pub const POP_RETRY_TOPIC_MISSING: Background = Background {
    comes_about: "With clientRebalance = false and PULL every rebalance subscribes %RETRY%group_topic \
        (RebalanceImpl.updateMessageQueueAssignment), which no broker has before something was revived: its query is \
        answered with nothing, and the client rebalances again after a second, for ever.",
    seen: "`get Topic [%RETRY%GROUP_TOPIC] RouteInfoFromNameServer is not exist value` each second in client.log.",
    advice: "Leave clientRebalance true where the group is not to pop, or create the topic.",
};

pub const POP_THRESHOLD: Background = Background {
    comes_about: "popThresholdForQueue counts the unfinished messages of an assignment, which is a whole broker: a \
        member has at most 128 of each broker at work, and its rate is that divided by the time of a message \
        (DefaultMQPushConsumerImpl.popMessage).",
    seen: "client.log: `the messages waiting to ack exceeds the threshold`.",
    advice: "Raise popThresholdForQueue and consumeThreadMin together, or add members.",
};

pub const CHECKPOINT_FORGOTTEN: Background = Background {
    comes_about: "Who has a message stands in a checkpoint that the broker stores like any message, and the offset of the \
        group stands behind the message as soon as that is done: a power loss before the flush takes the checkpoint, and \
        not always the offset.",
    seen: "Messages that `mqadmin queryMsgById` finds, that no listener had, and behind which the group's offset stands.",
    advice: "flushDiskType = SYNC_FLUSH, or a slave that has to have it (SYNC_MASTER).",
};

pub const BEHIND_AN_UNACKNOWLEDGED_ONE: Background = Background {
    comes_about: "What is popped in order comes again from the first message on that was not acknowledged: those behind it \
        too that were, as a group has one offset in a queue (ConsumerOrderInfoManager.getNextOffset).",
    seen: "Messages with reconsumeTimes 1 whose acknowledgement the broker had answered with SUCCESS.",
    advice: "Acknowledge in order, one after the other; listeners must be idempotent.",
};
