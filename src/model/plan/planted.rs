//! Rules of RocketMQ, and of this program, that a run breaks on purpose.

/// Writes the enum, its list and its texts from one table.
macro_rules! mistakes {
    ($($part:ident { $($mistake:ident: $rule:literal, $source:literal;)* })*) => {
        /// A mistake planted in the model, in a strategy, a store or a check. Checks and recordings are worth what they
        /// notice: a test plants one and sees it noticed. No scenario file can ask for one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum PlantedMistake {
            $($(
                #[doc = concat!($rule, " (`", $source, "`).")]
                $mistake,
            )*)*
        }

        impl PlantedMistake {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$($(Self::$mistake,)*)*];

            /// Its name, as a command takes it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $($(Self::$mistake => stringify!($mistake),)*)* }
            }

            /// What is wrong with it in place, as a sentence without its full stop.
            #[must_use]
            pub fn rule(self) -> &'static str {
                match self { $($(Self::$mistake => $rule,)*)* }
            }

            /// Class and method of RocketMQ that do otherwise, or the place in this program.
            #[must_use]
            pub fn source(self) -> &'static str {
                match self { $($(Self::$mistake => $source,)*)* }
            }

            /// Which part of the cluster, or of this program, has it.
            #[must_use]
            pub fn part(self) -> &'static str {
                match self { $($(Self::$mistake => stringify!($part),)*)* }
            }
        }
    };
}

mistakes! {
    client {
        FirstRebalanceWithoutMinimum: "The first rebalance of a client waits for nothing", "RebalanceService.run";
        MinimumFromTheBeginning: "The minimum interval counts from the beginning of the last rebalance, not from its end",
            "RebalanceService.run";
        RebalanceLate: "A rebalance comes 5 s after its interval", "RebalanceService.run";
        WakeupDuringRebalanceLost: "A wake-up during a rebalance makes none after it", "ServiceThread.wakeup";
        RebalanceOnRouteChange: "A changed route wakes the rebalance thread",
            "MQClientInstance.updateTopicRouteInfoFromNameServer";
        ListFromTheFirstBroker: "The member list is always asked from the first broker of the route",
            "MQClientInstance.findBrokerAddrByTopic";
        UnknownTopicForgetsRoute: "TOPIC_NOT_EXIST takes the route away",
            "MQClientInstance.updateTopicRouteInfoFromNameServer";
        HeartbeatHalfAsOften: "Heartbeats come at twice their interval", "MQClientInstance.startScheduledTask";
        DroppedQueuesNotPersisted: "The persist timer passes over dropped queues that are still in the table",
            "DefaultMQPushConsumerImpl.persistConsumerOffset";
        ShutdownWithoutPersist: "A shutdown sends no offsets", "DefaultMQPushConsumerImpl.shutdown";
        NoCommitBeforeDrop: "A queue is dropped without sending its offset",
            "RebalancePushImpl.removeUnnecessaryMessageQueue";
        FirstPullAtOnce: "A queue just taken is pulled without the dispatch delay", "RebalancePushImpl.dispatchPullRequest";
        FlowControlAtThreshold: "Flow control begins at the threshold, not above it", "DefaultMQPushConsumerImpl.pullMessage";
        NoNewMessageKeepsOffset: "NO_NEW_MSG does not correct the offset of an empty queue",
            "DefaultMQPushConsumerImpl.correctTagsOffset";
        RepairOnlyRaises: "The repair of an illegal offset never takes it back", "OffsetStore.updateAndFreezeOffset";
        DroppedQueuesAreConsumed: "What a dropped queue had in the pool, or on its way, is handed out",
            "ConsumeMessageConcurrentlyService.ConsumeRequest.run";
        ClientLockNeverExpires: "A client trusts a lock for ever that it cannot refresh", "ProcessQueue.isLockExpired";
        LockAllKeepsMissing: "Queues that the answer of lockAll lacks stay locked", "RebalanceImpl.lockAll";
        UnlockAllTakesDropped: "unlockAll covers queues that were dropped", "RebalanceImpl.buildProcessQueueTableByBrokerName";
    }
    broker {
        ExpirySendsChange: "The consumer scan tells the group whom it removed", "ConsumerManager.scanNotActiveChannel";
        ExpiryNeverRuns: "The scan of silent members never runs", "ConsumerManager.scanNotActiveChannel";
        NotificationsLost: "No notification is sent", "DefaultConsumerIdsChangeListener.handle";
        SubscriptionsUnited: "The subscriptions of a heartbeat are added to the old ones",
            "ConsumerGroupInfo.updateSubscription";
        LocksReleasedOnDisconnect: "A closed connection gives its client's locks back", "RebalanceLockManager";
        BrokerLockTooLong: "A lock lasts 10 s longer than lockMaxLiveTime", "RebalanceLockManager.LockEntry.isExpired";
        OwnLockNotRefreshed: "Who asks again for its own lock does not refresh it", "RebalanceLockManager.tryLockBatch";
        CommitsOnlyGoUp: "A commit below the stored offset is ignored", "ConsumerOffsetManager.commitOffset";
        PiggybackOnlyRaises: "An offset that a pull carries is ignored where it is lower",
            "PullMessageProcessor.processRequest";
        PiggybackOfRefusedPull: "The offset that a refused pull carries is taken", "PullMessageProcessor.processRequest";
        OffsetFlushSkipped: "The broker never writes consumerOffset.json", "ConfigManager.persist";
        StopWithoutFlush: "A broker that is stopped does not write its offsets", "BrokerController.shutdown";
        LongPollNeverWakes: "Held pulls do not hear of new messages", "PullRequestHoldService.notifyMessageArriving";
        LongPollNeverEnds: "A held pull is never answered empty", "PullRequestHoldService.checkHoldRequest";
        RetryOneLevelLower: "A message that is sent back waits one delay level too little",
            "AbstractSendMessageProcessor.consumerSendMsgBack";
        BelowMinimumToTheEnd: "A pull below the first offset is sent to the end of the queue",
            "DefaultMessageStore.getMessage";
        SlaveOverwriteSkipped: "A slave keeps its own offsets when it has fetched its master's",
            "SlaveSynchronize.syncConsumerOffset";
        SlaveNeverAsks: "A slave never fetches its master's offsets", "SlaveSynchronize.syncAll";
    }
    name_server {
        NameServerNeverExpires: "A name server keeps silent brokers for ever", "RouteInfoManager.scanNotActiveBroker";
        NameServerExpiresEarly: "A name server waits half as long for a silent broker",
            "RouteInfoManager.scanNotActiveBroker";
        BrokerCloseUnheard: "A broker whose connection closes stays in the routes", "RouteInfoManager.onChannelDestroy";
    }
    strategy {
        RepeatedIdsOnce: "An id that stands twice in the list has the nodes of one on the ring",
            "ConsistentHashRouter.addNode";
        LooseLoadBound: "The bound of a member's load is 150 percent", "BOUNDED_LOAD_HASH";
    }
    store {
        RepairDoesNotFreeze: "An offset that was frozen can be moved", "ControllableOffset.updateAndFreeze";
        LocalStoreForgets: "The local store's persistAll forgets what it was not given", "LocalFileOffsetStore.persistAll";
        BackupNotRead: "A broken offset file is not made good by its copy", "LocalFileOffsetStore.readLocalOffsetBak";
        UpdateMakesNothingLasting: "A store that commits at every update only notes it", "OffsetStore::update_offset";
    }
    check {
        LastPhaseLeftOut: "The last phase of a run is left out", "Checks::windows";
        FirstDuplicateNotCounted: "The first duplicate of a queue is not counted", "Delivery::delivered";
        LostOffByOne: "One message too few is counted as lost", "Delivery::finish";
        CauseFromWrongTwin: "Why a message came twice is asked of who got it, not of who had it before",
            "duplicate_cause";
        DroppedCacheUnheard: "What goes with its queue where a client is sent back to the end of a log is not heard of",
            "Delivery::sent_back";
        StallThresholdHigher: "A stall counts from 1 ms above the threshold on", "Stalled::end_wait";
        BrokerAwayNeverWins: "A broker that was away is never the cause of a stall", "cause_of";
        OpenStretchNotCounted: "A stretch without an owner that has not ended is not counted", "Stage::finish";
        CutOffCountsAsLive: "A member that is cut off from a broker counts as live", "Stage::serves";
        QuantileRankLow: "A quantile is one rank too low", "Quantiles::at";
    }
}
