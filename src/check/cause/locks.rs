//! Orderly groups: locks, listeners, and the order of messages.

use super::super::explanation::Background;

pub const ASSIGNED_AGAIN: Background = Background {
    comes_about: "An orderly queue was dropped while its listener ran, so that it stayed in the table, and was \
        dealt back before it was removed (RebalanceImpl.updateProcessQueueTableInRebalance): nothing is added, \
        nothing is pulled, until its pulls count as expired after 120 s.",
    seen: "`[WRONG]mq is consuming, so can not unlock it`, then two minutes later `[BUG]doRebalance, ... because \
        pull is pause`.",
    advice: "Keep listeners of orderly groups below the 500 ms for which the removal waits, and start and stop \
        members one at a time.",
};

pub const BROKER_FORGOT_THE_LOCKS: Background = Background {
    comes_about: "RebalanceLockManager keeps locks in memory only. After a restart any client is given the lock at \
        once, while the old owner trusts its own until its next lockAll, up to 20 s later.",
    seen: "Two clients consume one queue just after a broker's restart; `tryLock, message queue not locked, I got \
        it` in the broker's log.",
    advice: "Stop orderly consumers of a broker before it restarts, or make listeners check the order themselves (a \
        version in the database).",
};

pub const FORCED_UNLOCK: Background = Background {
    comes_about: "A dropped orderly queue whose listener runs on is unlocked by force when its last lock is 20 s \
        old (RebalancePushImpl.tryRemoveOrderMessageQueue, unlockDelayTimeMills): the next owner begins beside it.",
    seen: "`[WRONG]mq is consuming, so can not unlock it ... maybe hanged for a while` some times, then the \
        removal, while the listener has not returned.",
    advice: "Keep listeners of orderly groups well below 20 s, or raise rocketmq.client.unlockDelayTimeMills.",
};

pub const KEY_CHANGED_ITS_QUEUE: Background = Background {
    comes_about: "A MessageQueueSelector takes the key modulo the number of queues that the producer knows. When \
        that number changes, a key goes to another queue, and the older messages may still wait in the first.",
    seen: "`mqadmin queryMsgByKey -t TOPIC -k KEY` shows one key in two queues.",
    advice: "Keep the number of queues of ordered topics; before a change stop producers and wait until the diff is \
        0. A topic with order configuration (orderMessageEnable) keeps its queues.",
};

pub const CAME_AFTER_LATER_ONES: Background = Background {
    comes_about: "Messages of one queue went to a listener after later ones: a listener failed and its batch was \
        repeated, an offset went back, or the queue was read again by another owner.",
    seen: "Queue offsets go down in the listener's own log.",
    advice: "Look at the duplicates and commits of the same queue: their cause is this one's too.",
};

pub const LISTENER_DELAYS_THE_UNLOCK: Background = Background {
    comes_about: "tryRemoveOrderMessageQueue waits 500 ms for the listener. One that takes longer keeps the queue \
        locked until the next rebalance, 20 s later (rebalanceWaitInterval; RebalanceService.waitInterval).",
    seen: "`[WRONG]mq is consuming, so can not unlock it` at the old owner, `tryLock, message queue locked by other \
        client` in the broker's log.",
    advice: "Keep listeners of orderly groups below 500 ms, with small batches (consumeMessageBatchMaxSize).",
};

pub const LISTENER_IS_BUSY: Background = Background {
    comes_about: "ConsumeMessageOrderlyService gives one batch of a queue to the listener at a time; the next waits \
        until it is back.",
    seen: "`mqadmin consumerStatus -g GROUP` shows cached messages and a commitOffset that moves slowly.",
    advice: "Make the listener faster, or use more queues: threads do not help within one queue.",
};

pub const LOCK_EXPIRED: Background = Background {
    comes_about: "A lock that was not refreshed for 60 s is given to whoever asks \
        (RebalanceLockManager.tryLockBatch): the holder could not reach the broker, was frozen, or is dead.",
    seen: "`tryLock, message queue lock expired, I got it` in the broker's log.",
    advice: "Watch long pauses and the network of consumers; a client stops by itself after 30 s only if its \
        process runs.",
};

pub const LOCK_KEPT_FOR_MESSAGES: Background = Background {
    comes_about: "A client before 5.2.0 that gives an orderly queue up with messages in memory takes it out of its table \
        at once and unlocks it 20 s later (RebalancePushImpl.unlockDelay); a new owner of 4.9 asks again only every \
        20 s.",
    seen: "`unlockDelay, begin` and 20 s later `unlockDelay, execute at once` at the old owner; `tryLock, message queue \
        locked by other client` in the broker's log meanwhile.",
    advice: "Update the client to 5.2.0 or later, or lower rocketmq.client.unlockDelayTimeMills at the old members.",
};

pub const LOCK_LOST: Background = Background {
    comes_about: "The owner's lock was refused at lockAll, or is older than lockMaxLiveTime \
        (ProcessQueue.isLockExpired, 30 s): its pull and consume tasks wait and ask for the lock again.",
    seen: "`the message queue not locked, so consume later` or `the message queue lock expired, so consume later` \
        in the client's log.",
    advice: "Look for what keeps lockAll from the broker: it runs every 20 s on one thread, with 1 s for each \
        broker.",
};

pub const LOCK_OF_A_DEAD_MEMBER: Background = Background {
    comes_about: "A lock outlives its holder: closing the connection, unregistering and expiry free none \
        (RebalanceLockManager). The next owner waits until it is 60 s old, which is 40 to 60 s after a crash; one of 4.9 \
        asks again only every 20 s, and has it at 60 s.",
    seen: "`tryLock, message queue locked by other client ... OtherClientId` with the id of the dead one, each \
        second.",
    advice: "Shut orderly consumers down properly: unlockAll frees the locks. The broker's \
        rocketmq.broker.rebalance.lockMaxLiveTime bounds the wait.",
};

pub const LOCK_OUTLIVES_SHUTDOWN: Background = Background {
    comes_about: "shutdown() unlocks what is in its table and not dropped; a dropped queue stays locked, and the \
        second lockAll timer (ConsumeMessagePopOrderlyService) may lock all again before the connections close.",
    seen: "`tryLock, message queue locked by other client` with the id of a consumer that has logged `shutdown OK`.",
    advice: "Expect up to 60 s. Stop members one at a time, so that no queue is being dropped while another stops.",
};

pub const LOCK_RENEWED_TOO_LATE: Background = Background {
    comes_about: "The consume task found its lock older than lockMaxLiveTime (30 s) and asked for it again before \
        going on (ConsumeMessageOrderlyService.tryLockLaterAndReconsume).",
    seen: "`the message queue lock expired, so consume later` in the client's log.",
    advice: "Look for a slow or unreachable broker: lockAll runs every 20 s and has 1 s for each broker.",
};

pub const SUSPENDED_AFTER_A_FAILURE: Background = Background {
    comes_about: "The listener of an orderly queue failed or asked to suspend: the queue waits \
        suspendCurrentQueueTimeMillis (1 s) and repeats the batch, without end by default (maxReconsumeTimes = -1).",
    seen: "One message id again and again at one client, and a growing diff of its queue.",
    advice: "Set maxReconsumeTimes, so that what cannot be consumed goes to the dead-letter queue.",
};

pub const TWO_TASKS_OF_ONE_QUEUE: Background = Background {
    comes_about: "One client handed messages of a queue to its listener twice at a time: the queue was dropped with \
        a listener at work and taken again, with a new process queue and a new object lock.",
    seen: "Two threads of one client log messages of one queue at the same time.",
    advice: "Keep listeners short, so that a drop finds none at work.",
};

pub const WAITING_FOR_THE_LOCK: Background = Background {
    comes_about: "Another member that lives holds the queue's lock, and the one that was dealt the queue asks again \
        after each failed rebalance, 1 s later (RebalanceImpl.lock).",
    seen: "`doRebalance, GROUP, add a new mq failed, MQ, because lock the mq failed` in the client's log.",
    advice: "Normal for a second or two at each change of members. Longer: look for a listener that does not return.",
};

pub const GROUP_HOLDS_LOCKS: Background = Background {
    comes_about: "A message sent back by a normal send goes to the dead-letter queue at once when the broker holds \
        any live lock of the group (SendMessageProcessor.handleRetryAndDLQ).",
    seen: "Messages in %DLQ%GROUP with fewer retries than maxReconsumeTimes.",
    advice: "Do not use one group for orderly and concurrent listeners.",
};
