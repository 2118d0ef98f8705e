//! Traps: ways in which a cluster that does all right by the book surprises its users. Each has a number.

mod background;

use super::cause::{duplicates, grpc, lists, locks, offsets, owners, pop, pop_brokers, pulls, routes, stores};

super::explanation::words! {
    /// A known trap of RocketMQ's rebalancing. A check that sees one says its number.
    Trap {
        /// Queues go unconsumed where members of a group subscribe different topics or tags.
        E1 "E1" background::DIFFERENT_SUBSCRIPTIONS,
        /// Two processes with one client id own the same queues, and a share goes to nobody.
        E2 "E2" lists::DUPLICATE_CLIENT_ID,
        /// Queues have two owners after a broker restarted or came new, as its list is short.
        E3 "E3" lists::PARTIAL_LIST_AFTER_BROKER_RESTART,
        /// A half-open old connection keeps a second place in the list, whose share goes to nobody.
        E4 "E4" lists::HALF_OPEN_CONNECTION,
        /// A list call that fails leaves a member blind for 20 s.
        E5 "E5" lists::LIST_CALL_FAILED,
        /// A member that expires is removed without a word to the others.
        E6 "E6" lists::EXPIRY_TELLS_NOBODY,
        /// An orderly queue stands still for 40 to 60 s after its owner crashed.
        E7 "E7" locks::LOCK_OF_A_DEAD_MEMBER,
        /// An orderly queue stands still for 20 s when it is handed over with a listener at work.
        E8 "E8" locks::LISTENER_DELAYS_THE_UNLOCK,
        /// An orderly queue is stuck for 120 s when it is assigned again before it was removed.
        E9 "E9" locks::ASSIGNED_AGAIN,
        /// An orderly queue stands still for up to 60 s after its owner shut down.
        E10 "E10" locks::LOCK_OUTLIVES_SHUTDOWN,
        /// The order breaks, because a broker forgot its locks or two processes share a client id.
        E11 "E11" locks::BROKER_FORGOT_THE_LOCKS,
        /// An offset goes backwards, because a late owner's commit overwrites the new one's.
        E12 "E12" background::OFFSET_GOES_BACK,
        /// The taker of a queue reads its offset before the commit of the releaser is applied.
        E13 "E13" duplicates::HANDOVER_BEFORE_COMMIT,
        /// Work that was finished is done again, as it ended after the queue was dropped.
        E14 "E14" duplicates::DROPPED_WHILE_AT_WORK,
        /// One slow message pins the offset of its queue, and stops its pulls.
        E15 "E15" pulls::SLOW_MESSAGE_PINS,
        /// A crash replays much of a queue although nearly all of it was consumed.
        E16 "E16" duplicates::REPLAY_AFTER_A_CRASH,
        /// Clients see a changed route at different times, and their shares overlap or leave holes.
        E17 "E17" routes::ROUTE_POLLS_OUT_OF_PHASE,
        /// A name server that restarted tells partial routes, and clients drop queues.
        E18 "E18" routes::NAME_SERVER_RESTARTED,
        /// Two name servers disagree, and clients stay with one of them.
        E19 "E19" routes::NAME_SERVERS_DISAGREE,
        /// Pulls are refused after each rebalance until the new subscription version has arrived.
        E20 "E20" pulls::SUBSCRIPTION_NOT_LATEST,
        /// One dead broker slows everything that its clients do.
        E21 "E21" background::DEAD_BROKER_SLOWS_ALL,
        /// Members are loaded unevenly, as each topic is dealt from the first id on.
        E22 "E22" owners::DEALT_TOPIC_BY_TOPIC,
        /// Ids sort as text, and a restart or a join moves more blocks than expected.
        E23 "E23" owners::CLIENT_IDS_SORT_BY_TEXT,
        /// Members with different strategies overlap and leave holes.
        E24 "E24" owners::STRATEGIES_DIFFER,
        /// A strategy that throws keeps the old queues and tries again every second.
        E25 "E25" owners::STRATEGY_THROWS,
        /// A healthy member drops a whole topic, because a list lacked it.
        E26 "E26" lists::LIST_LACKS_THE_ASKER,
        /// A threshold for the topic overwrites the threshold for each queue.
        E27 "E27" pulls::THRESHOLD_FOR_TOPIC,
        /// Messages are skipped when queues are added.
        E28 "E28" background::SKIPPED_ON_SCALE_OUT,
        /// Messages are skipped or replayed after the end of a log was lost.
        E29 "E29" stores::LOST_LOG_TAIL,
        /// Unsubscribing loses progress, and leaves locks behind.
        E30 "E30" owners::UNSUBSCRIBED,
        /// A graceful shutdown still makes duplicates.
        E31 "E31" background::SHUTDOWN_STILL_DUPLICATES,
        /// BROADCASTING processes of one host share an offset file.
        E32 "E32" duplicates::SHARED_OFFSET_FILE,
        /// A slave does not serve reads, and its queues stand still without their master.
        E33 "E33" pulls::SLAVE_DOES_NOT_SERVE,
        /// Offsets are rewound when a master returns, or a slave takes over.
        E34 "E34" offsets::MASTER_RETURNED_WITH_OLD_OFFSETS,
        /// A group that is not created is told SUCCESS and gets nothing.
        E35 "E35" lists::GROUP_DOES_NOT_EXIST,
        /// Notifications are buffered, and members hear of a change up to 15 s later.
        E36 "E36" lists::BUFFERED_NOTIFICATIONS,
        /// When masses disconnect, close events are dropped and the dead stay listed.
        E37 "E37" lists::CHANNEL_EVENT_DROPPED,
        /// A wake-up is lost, and with it those that follow for up to 20 s.
        E38 "E38" lists::LOST_WAKEUP,
        /// A clock jumps: everything expires at once, or rebalancing stands still.
        E39 "E39" lists::CLOCK_JUMPED,
        /// A client rebalances every second, with all its calls, and nothing changes.
        E40 "E40" owners::NOT_BALANCED,
        /// A topic that is missing makes a heartbeat to all brokers with every rebalance.
        E41 "E41" routes::NO_ROUTE,
        /// Members of one group have different message models, and the last heartbeat wins.
        E42 "E42" lists::MIXED_MESSAGE_MODELS,
        /// Retries of a group with locks go straight to the dead-letter queue.
        E43 "E43" locks::GROUP_HOLDS_LOCKS,
        /// Heartbeats of version 2 leave a restarted broker without subscriptions.
        E44 "E44" lists::HEARTBEAT_V2_AFTER_RESTART,
        /// Producers write into queues that no consumer reads.
        E45 "E45" routes::QUEUE_IS_HIDDEN,
        /// A message falls into the blind spot of a long poll, and waits for up to 5 s.
        E46 "E46" pulls::LONG_POLL_BLIND_SPOT,
        /// A new client consumes nothing for its first 1.5 s.
        E47 "E47" owners::START_UP,
        /// Strategies of machine rooms, and CONFIG, leave queues out, or to a consumer that is dead.
        E48 "E48" background::QUEUES_LEFT_OUT,
        /// On a quiet topic a retry is popped up to 15 s late.
        PE1 "PE1" pop_brokers::RETRY_TOPIC_WAKES_NOBODY,
        /// A proxy does not renew what a PushConsumer has, and gives it to another after a minute.
        PE2 "PE2" grpc::RECEIPT_NOT_RENEWED,
        /// A group is set to POP, and a member pulls without a word.
        PE3 "PE3" pop::CLIENT_REBALANCES,
        /// Brokers differ in whether a group pulls or pops, and its clients go from the one to the other.
        PE4 "PE4" pop_brokers::REQUEST_MODES_DIFFER,
        /// A client that asks brokers who has what, and pulls, rebalances every second.
        PE5 "PE5" pop::POP_RETRY_TOPIC_MISSING,
        /// POP has no dead-letter queue: what comes back too often is dropped.
        PE6 "PE6" pop::GIVEN_UP_AFTER_RETRIES,
        /// A success counts for nothing behind the invisible time, or when its assignment was dropped.
        PE7 "PE7" pop::INVISIBLE_TIME_OVER,
        /// A checkpoint is lost, and with it its messages.
        PE9 "PE9" pop_brokers::CHECKPOINT_NOT_FLUSHED,
        /// A broker that was killed has popped once more what it gave away in the last 5 s.
        PE10 "PE10" pop_brokers::POPPED_ONCE_MORE,
        /// PULL and POP share their offsets, and throw them back while both are at work.
        PE11 "PE11" pop::MODE_SWITCH_WINDOW,
        /// Clocks that differ stop consumption, or destroy messages.
        PE14 "PE14" pop::CLIENT_CLOCK_IS_AHEAD,
        /// A JVM does not end after shutdown(), and its running listeners are not acknowledged.
        PE15 "PE15" pop::SHUTDOWN_LEAVES_POPPED,
        /// A member has at most 128 messages of a broker at work, whatever its threads.
        PE16 "PE16" pop::POP_THRESHOLD,
        /// Retries starve under a backlog.
        PE17 "PE17" pop_brokers::RETRIES_STARVE,
        /// A broker brings a message back without end: only clients give up.
        PE20 "PE20" pop::INVISIBLE_TIME_OVER,
        /// What a proxy has renewed only that proxy can acknowledge.
        PE29 "PE29" grpc::PROXY_LOST_HANDLES,
        /// A broker without a timer wheel refuses every pop.
        PE32 "PE32" pop_brokers::TIMER_WHEEL_OFF,
    }
}
