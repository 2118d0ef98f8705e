//! Why a message came twice.

use super::super::explanation::Background;

pub const CRASH_BEFORE_THE_WRITE: Background = Background {
    comes_about: "The group writes an offset as soon as a listener has returned (offsetStore = CommitAtEveryUpdate or \
        ApplicationDatabase). What a killed process had in its listeners is not in it, nor what it had finished above \
        the first unfinished message of the queue, as an offset is a low watermark; nor what was still under way to the \
        broker or to the database.",
    seen: "Messages come again that were begun just before the kill, at most as many as the consume threads had, and \
        those that had overtaken a slow one.",
    advice: "commit = \"with_work\" and a listener with one message of a queue at a time (orderly, or consumeThreadMin = \
        1): then only work that was rolled back comes again.",
};

pub const CRASH_LAG: Background = Background {
    comes_about: "Offsets reach the broker every 5 s (MQClientInstance.persistAllConsumerOffset) and with each \
        pull. What a process finished after the last of these dies with it, and the next owner starts at the older \
        offset.",
    seen: "No UNREGISTER_CLIENT before the broker's `NETTY EVENT: remove not active channel`; after it the next \
        owner's `doRebalance, add a new mq` and messages with offsets below those that the dead one logged.",
    advice: "Make listeners idempotent. Stop processes by SIGTERM with a shutdown hook and enough grace; a shorter \
        persistConsumerOffsetInterval narrows the gap and does not close it.",
};

pub const DOUBLE_OWNERSHIP: Background = Background {
    comes_about: "Each member deals the queues for itself from the list and route that it saw \
        (RebalanceImpl.rebalanceByTopic); until views agree, two process-queue tables hold one queue, and both pull \
        from the same offset.",
    seen: "`mqadmin consumerStatus -g GROUP` shows one queue under two client ids, and both clients log \
        `doRebalance, add a new mq` for it without a removal in between.",
    advice: "Make listeners idempotent. Look at the anomaly `double_owned` of the same queue: its cause says why \
        the views differed.",
};

pub const FINISHED_AFTER_LAST_COMMIT: Background = Background {
    comes_about: "DefaultMQPushConsumerImpl.shutdown() sends the offsets once (persistConsumerOffset) and drops its \
        queues only at its very end: what listeners finish in between moves an offset that nobody sends any more.",
    seen: "The old process logs results after its `the consumer [GROUP] shutdown OK` or shortly before; the next \
        owner gets the same message ids.",
    advice: "Set awaitTerminationMillisWhenShutdown above the longest listener, and give the process at least twice \
        as long before it is killed.",
};

pub const HANDOVER_BEFORE_COMMIT: Background = Background {
    comes_about: "A releasing member commits one-way (RemoteBrokerOffsetStore.persist), and the taker asks for the \
        offset by another thread and executor of the broker: nothing makes the commit come first. Results after the \
        drop are thrown away too.",
    seen: "`processQueue is dropped without process consume result` in the old owner's log, and a few messages with \
        the same ids at the new one right after each rebalance.",
    advice: "Make listeners idempotent: every join and leave repeats some messages. Roll out slowly, so that fewer \
        queues move at a time.",
};

pub const INTERRUPTED_LISTENER: Background = Background {
    comes_about: "With awaitTerminationMillisWhenShutdown = 0 (the default), ConsumeMessageService.shutdown() \
        interrupts listeners at once (ThreadUtils.shutdownGracefully), and nothing of an interrupted message is \
        committed.",
    seen: "InterruptedException in the listener's log at the moment of the stop; the same message ids at another \
        member within seconds.",
    advice: "Set awaitTerminationMillisWhenShutdown above the longest listener, and the grace of the container \
        above twice that.",
};

pub const REWIND: Background = Background {
    comes_about: "The same process started at an offset below what it had had: after it dropped the queue and took \
        it again (RebalancePushImpl.computePullFromWhere asks the broker), or after an offset of the broker went \
        back.",
    seen: "One client id logs `doRebalance, remove unnecessary mq` and `add a new mq` of the same queue within \
        seconds, and gets message ids again.",
    advice: "Find out why it let the queue go: a member list without it, a route without the queue, or a broker \
        that came back. Make listeners idempotent.",
};

pub const ROLLED_BACK: Background = Background {
    comes_about: "An orderly listener with autoCommit off returned ROLLBACK: ProcessQueue.rollback() puts the batch \
        back, and it is handed out again after the pause (ConsumeMessageOrderlyService.processConsumeResult).",
    seen: "The same message ids at the same client, suspendCurrentQueueTimeMillis apart, and the queue's diff in \
        `mqadmin consumerProgress -g GROUP` grows.",
    advice: "Wanted, if the application asked for it. Commit what is done before rolling back the rest, and bound \
        the attempts with maxReconsumeTimes.",
};

pub const SEND_BACK_FAILED: Background = Background {
    comes_about: "The listener failed, and neither the broker of the message nor another took it back \
        (DefaultMQPushConsumerImpl.sendMessageBack): ConsumeMessageConcurrentlyService.processConsumeResult keeps it, \
        and consumes it again after 5 s (submitConsumeRequestLater).",
    seen: "`sendMessageBack exception` in the client's log, and the same message id at the same client 5 s later \
        with the same reconsumeTimes.",
    advice: "Find out why the broker took nothing back: it was down, or its retry topic could not be written. Make \
        listeners idempotent.",
};

pub const SUSPENDED: Background = Background {
    comes_about: "The listener of an orderly queue answered SUSPEND_CURRENT_QUEUE_A_MOMENT, threw, or \
        consumer.suspend() was called: the batch goes back and is handed out again, by default without end \
        (checkReconsumeTimes).",
    seen: "One message id again and again at the same client; `mqadmin consumerStatus -g GROUP` shows a queue whose \
        commitOffset stands still.",
    advice: "Set maxReconsumeTimes for orderly groups, so that a message that cannot be consumed goes to the \
        dead-letter queue instead of holding its queue.",
};

pub const TAKEN_BEFORE_THE_WRITE: Background = Background {
    comes_about: "The group writes an offset as soon as a listener has returned (offsetStore = CommitAtEveryUpdate or \
        ApplicationDatabase), and nothing makes the new owner of a queue wait for a listener of the former one that is \
        still at work, or for a write that is under way. Results after the drop are thrown away too.",
    seen: "`processQueue is dropped without process consume result` in the former owner's log, and those messages at the \
        new owner.",
    advice: "Orderly listeners: the queue's lock waits for the listener. Else write the row only where it still says what \
        the owner began from, in the transaction of the work, and let that fail.",
};

pub const ZOMBIE_OWNER: Background = Background {
    comes_about: "A process that was frozen (GC, SIGSTOP, VM pause) or cut off keeps its process-queue table and \
        the messages in memory. After 120 s brokers drop it, others take its queues and consume what it has already \
        been given.",
    seen: "Broker: `SCAN: remove expired channel from ConsumerManager`; the frozen process logs nothing for \
        minutes, then goes on with the old messages.",
    advice: "Watch GC pauses and the network of consumers. Make listeners idempotent with a key in the database, as \
        no setting prevents this.",
};

pub const ZOMBIE_CAME_BACK: Background = Background {
    comes_about: "The process came back from a pause or a cut and still holds what was given to others meanwhile. \
        It consumes from memory and commits old offsets until its next rebalance finds the new list \
        (RebalanceService, at most 20 s).",
    seen: "Two client ids with one queue in `mqadmin consumerStatus -g GROUP` for some seconds; broker: \
        `[NOTIFYME]update consumer offset less than store`.",
    advice: "As for a zombie owner: idempotent listeners. Restart a process that was away for long rather than \
        letting it go on.",
};

pub const BROKER_OFFSET_LOSS: Background = Background {
    comes_about: "A broker writes consumerOffset.json every 5 s (flushConsumerOffsetInterval, \
        ConsumerOffsetManager.persist). Killed or powered off it comes up with the older file, and who asks for an \
        offset then starts there.",
    seen: "The `Consumer Offset` of `mqadmin consumerProgress -g GROUP` is lower after the restart than before it.",
    advice: "Stop brokers by mqshutdown. Owners that keep their queues correct the offset with their next commit; \
        only those that took a queue anew see duplicates.",
};

pub const NEW_CLIENT_ID_HAS_NO_FILE: Background = Background {
    comes_about: "A BROADCASTING member keeps its offsets in a file whose path has its client id \
        (LocalFileOffsetStore). A pod with a new address or a new instanceName finds no file and starts by \
        consumeFromWhere.",
    seen: "A new folder beside the old one under ~/.rocketmq_offsets, and old messages at a member that was just \
        restarted.",
    advice: "Set instanceName and a stable address or hostname, and keep rocketmq.client.localOffsetStoreDir on a \
        volume that outlives the process.",
};

pub const OFFSETS_IN_OWN_FILES: Background = Background {
    comes_about: "The group is CLUSTERING and each member keeps its offsets in a file of its own (offsetStore = \
        LocalFileOffsetStore): a queue that changes its owner does not take its offset along. The new owner goes on where \
        its own file last was, or by consumeFromWhere where it has none.",
    seen: "A member that takes a queue after a rebalance gets what others have had since it last had that queue, or \
        passes over what waits there.",
    advice: "Leave CLUSTERING groups with RemoteBrokerOffsetStore, or share the store: all members must read what one \
        wrote.",
};

pub const OFFSET_OF_ANOTHER_PROCESS: Background = Background {
    comes_about: "Two processes with one client id write the same offsets.json (LocalFileOffsetStore.persistAll \
        reads, changes and writes it without a lock), and each reads what the other wrote last.",
    seen: "Both processes show the same clientIP@DEFAULT in `mqadmin consumerConnection -g GROUP`, and offsets.json \
        jumps back and forth.",
    advice: "Give each BROADCASTING process on a host its own instanceName.",
};

pub const SHARED_OFFSET_FILE: Background = Background {
    comes_about: "DefaultMQPushConsumerImpl.start() calls changeInstanceNameToPID for CLUSTERING only: every \
        BROADCASTING process on a host is IP@DEFAULT, and the path of its offset file has only client id and group.",
    seen: "One folder IP@DEFAULT under ~/.rocketmq_offsets although several processes run on the host.",
    advice: "Give each BROADCASTING process on a host its own instanceName.",
};

pub const BROADCASTING_DOES_NOT_RETRY: Background = Background {
    comes_about: "ConsumeMessageConcurrentlyService.processConsumeResult sends failed messages back for CLUSTERING \
        only; of BROADCASTING it logs them and moves on.",
    seen: "`BROADCASTING, the message consume failed, drop it` in the client's log.",
    advice: "Retry within the listener, or write failures aside: no broker will send them again.",
};

pub const DROPPED_WHILE_AT_WORK: Background = Background {
    comes_about: "A listener that ends after its queue was dropped is not counted: \
        ConsumeMessageConcurrentlyService and ConsumeMessageOrderlyService throw its result away, and the next \
        owner gets the message too.",
    seen: "`processQueue is dropped without process consume result` in the client's log.",
    advice: "Idempotent listeners: each hand-over repeats what was at work.",
};

pub const REPLAY_AFTER_A_CRASH: Background = Background {
    comes_about: "All that is above the lowest unfinished offset comes again after a crash, up to about 2,031 \
        messages a queue, although nearly all of it was done (ProcessQueue.removeMessage).",
    seen: "Many message ids again after one process died, of one queue.",
    advice: "Idempotent listeners; a smaller consumeConcurrentlyMaxSpan bounds it; listeners with a timeout.",
};
