//! The causes: of each its sentence, its word, and where the rest of it is explained.

use super::{duplicates, go, grpc, lists, locks, offsets, owners, pop, pop_brokers, protocol, pulls, routes, stores};

crate::check::explanation::words! {
    /// Why something is so: of anomalies, stalls, duplicates and commits that go back.
    Cause {
        /// A message was done with, and its acknowledgement did not come through.
        AckLost "ack_lost" pop::ACK_LOST,
        /// An acknowledgement came to another proxy than the one that renewed the message.
        AcknowledgedElsewhere "acknowledged_elsewhere" grpc::ACKNOWLEDGED_ELSEWHERE,
        /// A dropped orderly queue was given back before its listener had returned.
        AssignedAgainBeforeItWasRemoved "assigned_again_before_it_was_removed" locks::ASSIGNED_AGAIN,
        /// The machine of the broker lost its power, and with it what was not flushed.
        AsyncFlush "async_flush" stores::ASYNC_FLUSH,
        /// It was popped in order and acknowledged, and one before it was not.
        BehindAnUnacknowledgedOne "behind_an_unacknowledged_one" pop::BEHIND_AN_UNACKNOWLEDGED_ONE,
        /// The strategy deals by the place in the list, and members came or went.
        BlockBoundariesMoved "block_boundaries_moved" owners::BLOCK_BOUNDARIES_MOVED,
        /// A listener of a BROADCASTING group failed.
        BroadcastingDoesNotRetry "broadcasting_does_not_retry" duplicates::BROADCASTING_DOES_NOT_RETRY,
        /// The group may not broadcast there.
        BroadcastingIsNotEnabled "broadcasting_is_not_enabled" pulls::BROADCASTING_IS_NOT_ENABLED,
        /// The queue's broker was down.
        BrokerAway "broker_away" routes::BROKER_AWAY,
        /// A broker removed a member that runs, as expired, idle or disconnected.
        BrokerDroppedALivingMember "broker_dropped_a_living_member" lists::BROKER_DROPPED_A_LIVING_MEMBER,
        /// The queue's broker went down shortly before.
        BrokerForgotTheLocks "broker_forgot_the_locks" locks::BROKER_FORGOT_THE_LOCKS,
        /// The broker came up with older offsets than it had had.
        BrokerOffsetLoss "broker_offset_loss" duplicates::BROKER_OFFSET_LOSS,
        /// The broker may not be read.
        BrokerPermission "broker_permission" pulls::BROKER_PERMISSION,
        /// The broker read its offsets from its file.
        BrokerRestart "broker_restart" offsets::BROKER_RESTART,
        /// The queue's broker ran, and its owner could not reach it.
        BrokerUnreachable "broker_unreachable" routes::BROKER_UNREACHABLE,
        /// A broker gathered changes of members and told them later.
        BufferedNotifications "buffered_notifications" lists::BUFFERED_NOTIFICATIONS,
        /// Messages of one queue were handed out behind later ones.
        CameAfterLaterOnes "came_after_later_ones" locks::CAME_AFTER_LATER_ONES,
        /// A broker's queue of channel events was full, and it still listed the dead.
        ChannelEventDropped "channel_event_dropped" lists::CHANNEL_EVENT_DROPPED,
        /// The broker forgot that it had given the message away.
        CheckpointForgotten "checkpoint_forgotten" pop::CHECKPOINT_FORGOTTEN,
        /// A broker lost what it knew of a popped message with its power.
        CheckpointNotFlushed "checkpoint_not_flushed" pop_brokers::CHECKPOINT_NOT_FLUSHED,
        /// A proxy gave back what a client had, as that said goodbye or was silent for too long.
        ClearedByProxy "cleared_by_proxy" grpc::CLEARED_BY_PROXY,
        /// The client's wall clock was ahead of the broker's.
        ClientClockIsAhead "client_clock_is_ahead" pop::CLIENT_CLOCK_IS_AHEAD,
        /// Ids sorted by number would have moved fewer queues.
        ClientIdsSortByText "client_ids_sort_by_text" owners::CLIENT_IDS_SORT_BY_TEXT,
        /// A member deals its queues itself, and does not ask how the group consumes.
        ClientRebalances "client_rebalances" pop::CLIENT_REBALANCES,
        /// A host's wall clock jumped.
        ClockJumped "clock_jumped" lists::CLOCK_JUMPED,
        /// The taker's wall clock jumped, and it did not rebalance.
        ClockWentBack "clock_went_back" lists::CLOCK_WENT_BACK,
        /// An offset was committed as soon as a listener had returned.
        CommitOfAnUpdate "commit_of_an_update" offsets::COMMIT_OF_AN_UPDATE,
        /// Offsets were committed beyond messages that no listener got, and nothing shows why.
        CommittedUnseen "committed_unseen" offsets::COMMITTED_UNSEEN,
        /// A producer lost its connection before the answer.
        ConnectionLost "connection_lost" stores::CONNECTION_LOST,
        /// The group may not consume there.
        ConsumeIsNotEnabled "consume_is_not_enabled" pulls::CONSUME_IS_NOT_ENABLED,
        /// The process that held the message was killed, lost power or failed to start.
        ConsumerKilledHolding "consumer_killed_holding" pop::CONSUMER_KILLED_HOLDING,
        /// No member of the group was registered.
        ConsumerNotOnline "consumer_not_online" offsets::CONSUMER_NOT_ONLINE,
        /// The process that had the message died, and its store writes each update.
        CrashBeforeTheWrite "crash_before_the_write" duplicates::CRASH_BEFORE_THE_WRITE,
        /// The process that had the message was killed, lost power or failed to start.
        CrashLag "crash_lag" duplicates::CRASH_LAG,
        /// The owner was killed, and others heard of it.
        CrashTakeover "crash_takeover" owners::CRASH_TAKEOVER,
        /// An offset was written into the application's database.
        DatabaseWrite "database_write" offsets::DATABASE_WRITE,
        /// Each topic is dealt evenly, from the first id on.
        DealtTopicByTopic "dealt_topic_by_topic" owners::DEALT_TOPIC_BY_TOPIC,
        /// A listener asked for a delay level below 0.
        DelayLevelBelowZero "delay_level_below_zero" pop::DELAY_LEVEL_BELOW_ZERO,
        /// Retention deleted the head of the queue.
        DeletedByRetention "deleted_by_retention" offsets::DELETED_BY_RETENTION,
        /// Both members held the queue.
        DoubleOwnership "double_ownership" duplicates::DOUBLE_OWNERSHIP,
        /// A queue was dropped while its listener ran, and the result was thrown away.
        DroppedWhileAtWork "dropped_while_at_work" duplicates::DROPPED_WHILE_AT_WORK,
        /// Two members of the group ran under one id.
        DuplicateClientId "duplicate_client_id" lists::DUPLICATE_CLIENT_ID,
        /// The owner fell silent, and a broker's scan removed it.
        ExpiryTellsNobody "expiry_tells_nobody" lists::EXPIRY_TELLS_NOBODY,
        /// A filter left the message out in the end.
        FilteredOut "filtered_out" pulls::FILTERED_OUT,
        /// The process that had the message shut down and had not committed it.
        FinishedAfterLastCommit "finished_after_last_commit" duplicates::FINISHED_AFTER_LAST_COMMIT,
        /// The queue was just taken.
        FirstPullOfATakenQueue "first_pull_of_a_taken_queue" pulls::FIRST_PULL_OF_A_TAKEN_QUEUE,
        /// The owner had more than it may.
        FlowControl "flow_control" pulls::FLOW_CONTROL,
        /// A message was not flushed in time.
        FlushDiskTimeout "flush_disk_timeout" stores::FLUSH_DISK_TIMEOUT,
        /// A message had not come over to the slaves in time.
        FlushSlaveTimeout "flush_slave_timeout" stores::FLUSH_SLAVE_TIMEOUT,
        /// A dropped queue was unlocked while its listener ran.
        ForcedUnlock "forced_unlock" locks::FORCED_UNLOCK,
        /// A BROADCASTING member stands in the list.
        GivenToABroadcastingMember "given_to_a_broadcasting_member" owners::GIVEN_TO_A_BROADCASTING_MEMBER,
        /// Members subscribe different topics.
        GivenToAMemberWithoutTheTopic "given_to_a_member_without_the_topic" owners::GIVEN_TO_A_MEMBER_WITHOUT_THE_TOPIC,
        /// The strategy gives the queue to no member.
        GivenToNobody "given_to_nobody" owners::GIVEN_TO_NOBODY,
        /// A message had come back too often.
        GivenUpAfterRetries "given_up_after_retries" pop::GIVEN_UP_AFTER_RETRIES,
        /// A Go member made a connection to another server, for which all its requests waited.
        GoDialsAnother "go_dials_another" go::DIALS_ANOTHER,
        /// A Go member gave the queue up and had forgotten how far it was.
        GoForgotTheOffset "go_forgot_the_offset" go::FORGOT_THE_OFFSET,
        /// A listener of a Go member panicked, and the goroutine of the queue with it.
        GoGoroutineDied "go_goroutine_died" go::GOROUTINE_DIED,
        /// A Go member gave the orderly queue up and kept its lock.
        GoKeepsTheLock "go_keeps_the_lock" go::KEEPS_THE_LOCK,
        /// An old Go member neither put back nor sent back what its orderly listener had suspended.
        GoLosesWhatIsSuspended "go_loses_what_is_suspended" go::LOSES_WHAT_IS_SUSPENDED,
        /// A Go member asked a broker that did not know the group, and took its error for an empty list.
        GoTakesAnErrorForAnEmptyList "go_takes_an_error_for_an_empty_list" go::TAKES_AN_ERROR_FOR_AN_EMPTY_LIST,
        /// A Go member shut down in a process that went on.
        GoTellsNobodyThatItLeaves "go_tells_nobody_that_it_leaves" go::TELLS_NOBODY_THAT_IT_LEAVES,
        /// The owner shut down.
        GracefulLeave "graceful_leave" owners::GRACEFUL_LEAVE,
        /// An operator deleted the group there.
        GroupDeleted "group_deleted" offsets::GROUP_DELETED,
        /// A broker that was asked lacks the group.
        GroupDoesNotExist "group_does_not_exist" lists::GROUP_DOES_NOT_EXIST,
        /// The group had no offset there.
        GroupHasNoOffset "group_has_no_offset" offsets::GROUP_HAS_NO_OFFSET,
        /// No member had started.
        GroupHasNotStarted "group_has_not_started" owners::GROUP_HAS_NOT_STARTED,
        /// The broker held locks of the group.
        GroupHoldsLocks "group_holds_locks" locks::GROUP_HOLDS_LOCKS,
        /// A broker listed one client by two connections.
        HalfOpenConnection "half_open_connection" lists::HALF_OPEN_CONNECTION,
        /// One member gave the queue up and another took it.
        HandOver "hand_over" owners::HAND_OVER,
        /// One member gave the queue up, and another took it at an offset that was older.
        HandoverBeforeCommit "handover_before_commit" duplicates::HANDOVER_BEFORE_COMMIT,
        /// A heartbeat without subscriptions reached a broker that had none.
        HeartbeatV2AfterRestart "heartbeat_v2_after_restart" lists::HEARTBEAT_V2_AFTER_RESTART,
        /// A pull waited at a master that was none any more.
        HeldByTheOldMaster "held_by_the_old_master" pulls::HELD_BY_THE_OLD_MASTER,
        /// The broker has no queue of that number.
        IllegalQueueId "illegal_queue_id" routes::ILLEGAL_QUEUE_ID,
        /// A broker had too few replicas to store a message.
        InSyncReplicasNotEnough "in_sync_replicas_not_enough" stores::IN_SYNC_REPLICAS_NOT_ENOUGH,
        /// Shutdown interrupted the listener.
        InterruptedListener "interrupted_listener" duplicates::INTERRUPTED_LISTENER,
        /// The time was over for which a popped message is its client's.
        InvisibleTimeOver "invisible_time_over" pop::INVISIBLE_TIME_OVER,
        /// Messages of one key were in two queues.
        KeyChangedItsQueue "key_changed_its_queue" locks::KEY_CHANGED_ITS_QUEUE,
        /// A broker is to keep what was popped in RocksDB, and has not opened it.
        KvServiceNotInit "kv_service_not_init" pop_brokers::KV_SERVICE_NOT_INIT,
        /// A member had left, and one of two lists still held it.
        LeaverInAnOlderList "leaver_in_an_older_list" lists::LEAVER_IN_AN_OLDER_LIST,
        /// A rebalance got no list.
        ListCallFailed "list_call_failed" lists::LIST_CALL_FAILED,
        /// The taker saw the dead in a list.
        ListFromABrokerThatHadNotHeard "list_from_a_broker_that_had_not_heard" lists::LIST_THAT_HAD_NOT_HEARD,
        /// A list did not hold the asker.
        ListLacksTheAsker "list_lacks_the_asker" lists::LIST_LACKS_THE_ASKER,
        /// A dropped orderly queue stayed locked while its listener ran.
        ListenerDelaysTheUnlock "listener_delays_the_unlock" locks::LISTENER_DELAYS_THE_UNLOCK,
        /// The one batch of the queue was with the listener.
        ListenerIsBusy "listener_is_busy" locks::LISTENER_IS_BUSY,
        /// An offset was written into a member's own file.
        LocalFile "local_file" offsets::LOCAL_FILE,
        /// A broker gave an old lock to another.
        LockExpired "lock_expired" locks::LOCK_EXPIRED,
        /// The old owner unlocks a queue 20 s after it gave it up.
        LockKeptForMessages "lock_kept_for_messages" locks::LOCK_KEPT_FOR_MESSAGES,
        /// The owner lost the lock, or it was too old.
        LockLost "lock_lost" locks::LOCK_LOST,
        /// The holder of the lock was killed or lost power.
        LockOfADeadMember "lock_of_a_dead_member" locks::LOCK_OF_A_DEAD_MEMBER,
        /// The holder of the lock shut down.
        LockOutlivesShutdown "lock_outlives_shutdown" locks::LOCK_OUTLIVES_SHUTDOWN,
        /// The owner's lock was older than it may be.
        LockRenewedTooLate "lock_renewed_too_late" locks::LOCK_RENEWED_TOO_LATE,
        /// Messages came between the read and the hold of a pull.
        LongPollBlindSpot "long_poll_blind_spot" pulls::LONG_POLL_BLIND_SPOT,
        /// The end of the log was lost, and its offsets were given out again.
        LostLogTail "lost_log_tail" stores::LOST_LOG_TAIL,
        /// The taker lost a wake-up.
        LostWakeup "lost_wakeup" lists::LOST_WAKEUP,
        /// A master that came back brought the offset.
        MasterReturned "master_returned" offsets::MASTER_RETURNED_WITH_OLD_OFFSETS,
        /// The master came back with the offsets it had had.
        MasterReturnedWithOldOffsets "master_returned_with_old_offsets" offsets::MASTER_RETURNED_WITH_OLD_OFFSETS,
        /// Messages had been pulled and waited for a thread.
        MessagesWaitInThePool "messages_wait_in_the_pool" pulls::MESSAGES_WAIT_IN_THE_POOL,
        /// Members of one group have different message models.
        MixedMessageModels "mixed_message_models" lists::MIXED_MESSAGE_MODELS,
        /// Some members of the group pulled, and some popped.
        ModeSwitchWindow "mode_switch_window" pop::MODE_SWITCH_WINDOW,
        /// The request mode of the group changed.
        ModeSwitched "mode_switched" pop::MODE_SWITCHED,
        /// A name server came up and told a part of the route.
        NameServerRestarted "name_server_restarted" routes::NAME_SERVER_RESTARTED,
        /// The name server did not answer in time.
        NameServerTimedOut "name_server_timed_out" owners::NAME_SERVER_TIMED_OUT,
        /// No connection to the name server could be made.
        NameServerUnreachable "name_server_unreachable" owners::NAME_SERVER_UNREACHABLE,
        /// Name servers told different routes.
        NameServersDisagree "name_servers_disagree" routes::NAME_SERVERS_DISAGREE,
        /// A BROADCASTING member came back under another id.
        NewClientIdHasNoFile "new_client_id_has_no_file" duplicates::NEW_CLIENT_ID_HAS_NO_FILE,
        /// A member came back under an id that sorts elsewhere.
        NewClientIdSortsElsewhere "new_client_id_sorts_elsewhere" owners::NEW_CLIENT_ID_SORTS_ELSEWHERE,
        /// The queue was made, or shown again, while the group ran.
        NewQueueNotInTheRoutes "new_queue_not_in_the_routes" routes::NEW_QUEUE_NOT_IN_THE_ROUTES,
        /// A member had just started, and not all had heard of it.
        NewcomerTakesBeforeRelease "newcomer_takes_before_release" lists::NEWCOMER_TAKES_BEFORE_RELEASE,
        /// A rebalance got no list.
        NoList "no_list" lists::LIST_CALL_FAILED,
        /// All pull threads waited for other queues.
        NoPullThread "no_pull_thread" pulls::NO_PULL_THREAD,
        /// A member knew no queue of the topic.
        NoRoute "no_route" routes::NO_ROUTE,
        /// A producer knew no queue that it may write to.
        NoWritableQueue "no_writable_queue" routes::NO_WRITABLE_QUEUE,
        /// No other member of the group ran.
        NobodyElseRan "nobody_else_ran" owners::NOBODY_ELSE_RAN,
        /// New offsets were sent to a consumer that is no push consumer.
        NotAPushConsumer "not_a_push_consumer" offsets::NOT_A_PUSH_CONSUMER,
        /// Rebalances ended unbalanced, and were done again at once.
        NotBalanced "not_balanced" owners::NOT_BALANCED,
        /// An operator's reset without force left a live group as it was.
        NotForced "not_forced" offsets::NOT_FORCED,
        /// The owner found itself in no list.
        NotInList "not_in_list" lists::LIST_LACKS_THE_ASKER,
        /// A message was stored, and not where it was to be stored too.
        NotStoreOk "not_store_ok" stores::NOT_STORE_OK,
        /// A step found nobody to hit.
        NothingToDoItTo "nothing_to_do_it_to" owners::NOTHING_TO_DO_IT_TO,
        /// An offset was corrected by the broker's bounds.
        OffsetIllegal "offset_illegal" offsets::OFFSET_ILLEGAL,
        /// What was pulled and not consumed went with the process queue whose offset was corrected.
        OffsetIllegalDropsTheCache "offset_illegal_drops_the_cache" offsets::OFFSET_ILLEGAL_DROPS_THE_CACHE,
        /// The queue was given up to correct its offset.
        OffsetIllegalRepair "offset_illegal_repair" offsets::OFFSET_ILLEGAL_REPAIR,
        /// Another process wrote the offset file.
        OffsetOfAnotherProcess "offset_of_another_process" duplicates::OFFSET_OF_ANOTHER_PROCESS,
        /// The offset file and its copy could not be read.
        OffsetsFileBroken "offsets_file_broken" owners::OFFSETS_FILE_BROKEN,
        /// Each member of a CLUSTERING group has its own file of offsets.
        OffsetsInOwnFiles "offsets_in_own_files" duplicates::OFFSETS_IN_OWN_FILES,
        /// An operator's reset committed.
        OperatorReset "operator_reset" offsets::OPERATOR_RESET_OFFSETS,
        /// An operator set the offsets.
        OperatorResetOffsets "operator_reset_offsets" offsets::OPERATOR_RESET_OFFSETS,
        /// The owner was cut off from the queue's broker, and another broker listed it.
        OwnerCannotReachTheBroker "owner_cannot_reach_the_broker" lists::OWNER_CANNOT_REACH_THE_BROKER,
        /// The owner was in the middle of its shutdown.
        OwnerShutsDown "owner_shuts_down" pulls::OWNER_SHUTS_DOWN,
        /// A broker was just back and did not list a member that it had listed.
        PartialListAfterBrokerRestart "partial_list_after_broker_restart" lists::PARTIAL_LIST_AFTER_BROKER_RESTART,
        /// A broker had just come and did not list a member that others list.
        PartialListOfANewBroker "partial_list_of_a_new_broker" lists::PARTIAL_LIST_OF_A_NEW_BROKER,
        /// The persist timer committed.
        PersistTimer "persist_timer" offsets::PERSIST_TIMER,
        /// Somebody popped from where the group was told to be.
        PopCommit "pop_commit" offsets::POP_COMMIT,
        /// What was popped was dropped with its assignment.
        PopQueueDropped "pop_queue_dropped" pop::POP_QUEUE_DROPPED,
        /// The topic that popped messages come back through does not exist.
        PopRetryTopicMissing "pop_retry_topic_missing" pop::POP_RETRY_TOPIC_MISSING,
        /// A member had more popped messages at work than it may.
        PopThreshold "pop_threshold" pop::POP_THRESHOLD,
        /// The proxy died that knew the renewed handles of messages.
        ProxyLostHandles "proxy_lost_handles" grpc::PROXY_LOST_HANDLES,
        /// The queue was not pulled for too long.
        PullExpired "pull_expired" owners::PULL_EXPIRED,
        /// A pull carried the offset.
        PullPiggyback "pull_piggyback" offsets::PULL_PIGGYBACK,
        /// The broker refused the pull.
        PullRefused "pull_refused" pulls::PULL_REFUSED,
        /// No consumer was shown the queue.
        QueueIsHidden "queue_is_hidden" routes::QUEUE_IS_HIDDEN,
        /// A reset to offset 0 leaves the queue as it is.
        QueueLeftAtZero "queue_left_at_zero" offsets::QUEUE_LEFT_AT_ZERO,
        /// The minute of a message was over, and no proxy renews it.
        ReceiptNotRenewed "receipt_not_renewed" grpc::RECEIPT_NOT_RENEWED,
        /// What a broker knew of a popped message stayed on its disk when another took its name over.
        RecordsNotReplicated "records_not_replicated" pop_brokers::RECORDS_NOT_REPLICATED,
        /// A release committed.
        Release "release" offsets::RELEASE,
        /// The handle that a local proxy made of a renewal names nothing.
        RenewedHandleAstray "renewed_handle_astray" grpc::RENEWED_HANDLE_ASTRAY,
        /// One broker has a group pop, and another has it pull.
        RequestModesDiffer "request_modes_differ" pop_brokers::REQUEST_MODES_DIFFER,
        /// Pops were full of other messages.
        RetriesStarve "retries_starve" pop_brokers::RETRIES_STARVE,
        /// What comes into a retry topic wakes no pop.
        RetryTopicWakesNobody "retry_topic_wakes_nobody" pop_brokers::RETRY_TOPIC_WAKES_NOBODY,
        /// A member gave the queue up and took it again at an older offset.
        Rewind "rewind" duplicates::REWIND,
        /// The listener rolled back.
        RolledBack "rolled_back" duplicates::ROLLED_BACK,
        /// The route changed while the member did not subscribe the topic, and only another consumer of its client was told.
        RouteChangedWhileUnsubscribed "route_changed_while_unsubscribed" routes::ROUTE_CHANGED_WHILE_UNSUBSCRIBED,
        /// The queue was not in the owner's route any more.
        RouteGone "route_gone" routes::ROUTE_GONE,
        /// Members polled a changed route at different times.
        RoutePollsOutOfPhase "route_polls_out_of_phase" routes::ROUTE_POLLS_OUT_OF_PHASE,
        /// Members acted on different routes.
        RouteViewSkew "route_view_skew" routes::ROUTE_POLLS_OUT_OF_PHASE,
        /// A message that failed could not be sent back, and its consumer tried it again.
        SendBackFailed "send_back_failed" duplicates::SEND_BACK_FAILED,
        /// A broker refused a message.
        SendRefused "send_refused" stores::SEND_REFUSED,
        /// A producer got no answer in time.
        SendTimedOut "send_timed_out" stores::SEND_TIMED_OUT,
        /// Two processes write one offset file.
        SharedOffsetFile "shared_offset_file" duplicates::SHARED_OFFSET_FILE,
        /// A shutdown committed.
        Shutdown "shutdown" offsets::SHUTDOWN,
        /// The process that held the message shut down.
        ShutdownLeavesPopped "shutdown_leaves_popped" pop::SHUTDOWN_LEAVES_POPPED,
        /// The slave became the master before it had all.
        SlaveBehind "slave_behind" stores::SLAVE_BEHIND,
        /// A slave's copy brought the offset.
        SlaveCopyIsOlder "slave_copy_is_older" offsets::SLAVE_OFFSETS_ARE_OLDER,
        /// A slave was asked that serves no pulls.
        SlaveDoesNotServe "slave_does_not_serve" pulls::SLAVE_DOES_NOT_SERVE,
        /// The slave's copy of the offsets is older.
        SlaveOffsetsAreOlder "slave_offsets_are_older" offsets::SLAVE_OFFSETS_ARE_OLDER,
        /// A slave was sent a message.
        SlaveStoresNothing "slave_stores_nothing" stores::SLAVE_STORES_NOTHING,
        /// One unfinished message held the offset of its queue.
        SlowMessagePins "slow_message_pins" pulls::SLOW_MESSAGE_PINS,
        /// A member dealt by an old route, as its name server did not answer.
        StaleRoute "stale_route" routes::STALE_ROUTE,
        /// The queue's start was computed as its end.
        StartAtMaximum "start_at_maximum" offsets::START_AT_MAXIMUM,
        /// The queue's start was computed by a time.
        StartAtTimestamp "start_at_timestamp" offsets::START_AT_TIMESTAMP,
        /// A member's start() threw.
        StartFailed "start_failed" owners::START_FAILED,
        /// The group started.
        StartUp "start_up" owners::START_UP,
        /// Members dealt by different strategies.
        StrategiesDiffer "strategies_differ" owners::STRATEGIES_DIFFER,
        /// A member's strategy threw.
        StrategyThrows "strategy_throws" owners::STRATEGY_THROWS,
        /// The broker has not the group.
        SubscriptionGroupNotExist "subscription_group_not_exist" pulls::SUBSCRIPTION_GROUP_NOT_EXIST,
        /// The broker did not know the group's subscription.
        SubscriptionNotExist "subscription_not_exist" pulls::SUBSCRIPTION_NOT_EXIST,
        /// The broker had an older subscription than the client.
        SubscriptionNotLatest "subscription_not_latest" pulls::SUBSCRIPTION_NOT_LATEST,
        /// The broker kept its own subscription, as newer than the client's.
        SubscriptionVersionWentBack "subscription_version_went_back" pulls::SUBSCRIPTION_VERSION_WENT_BACK,
        /// Members took different tags.
        SubscriptionsDiffer "subscriptions_differ" owners::SUBSCRIPTIONS_DIFFER,
        /// The listener suspended the queue, or the consumer was suspended.
        Suspended "suspended" duplicates::SUSPENDED,
        /// The listener of an orderly queue failed.
        SuspendedAfterAFailure "suspended_after_a_failure" locks::SUSPENDED_AFTER_A_FAILURE,
        /// The taker asked its store before the former owner had written.
        TakenBeforeTheWrite "taken_before_the_write" duplicates::TAKEN_BEFORE_THE_WRITE,
        /// A threshold for the topic was divided by all queues of the member.
        ThresholdForTopic "threshold_for_topic" pulls::THRESHOLD_FOR_TOPIC,
        /// A broker has no timer wheel, which pops need.
        TimerWheelOff "timer_wheel_off" pop_brokers::TIMER_WHEEL_OFF,
        /// The topic was deleted.
        TopicDeleted "topic_deleted" routes::TOPIC_DELETED,
        /// The topic was deleted and made again.
        TopicMadeAgain "topic_made_again" routes::TOPIC_MADE_AGAIN,
        /// The broker has not the topic.
        TopicNotExist "topic_not_exist" routes::TOPIC_NOT_EXIST,
        /// The topic may not be read there.
        TopicPermission "topic_permission" pulls::TOPIC_PERMISSION,
        /// A Go consumer subscribes a topic that no name server knows.
        TopicWithoutRoute "topic_without_route" go::TOPIC_WITHOUT_ROUTE,
        /// An isolated master went on beside the elected one, and what it had alone was cut off.
        TwoMasters "two_masters" stores::TWO_MASTERS,
        /// Two members had the queue.
        TwoOwners "two_owners" duplicates::DOUBLE_OWNERSHIP,
        /// One member consumed the queue twice at a time.
        TwoTasksOfOneQueue "two_tasks_of_one_queue" locks::TWO_TASKS_OF_ONE_QUEUE,
        /// Nothing that was seen explains it.
        Unknown "unknown" owners::UNKNOWN,
        /// No live member held the queue.
        Unowned "unowned" owners::UNOWNED,
        /// The owner gave the topic up.
        Unsubscribed "unsubscribed" owners::UNSUBSCRIBED,
        /// The owner fell silent, and brokers still listed it.
        WaitingForExpiry "waiting_for_expiry" lists::WAITING_FOR_EXPIRY,
        /// Another member held the lock.
        WaitingForTheLock "waiting_for_the_lock" locks::WAITING_FOR_THE_LOCK,
        /// A SimpleConsumer waited at one broker, and another had messages.
        WaitsAtAnotherBroker "waits_at_another_broker" grpc::WAITS_AT_ANOTHER_BROKER,
        /// A member came back from a pause or a cut with the queue.
        ZombieCameBack "zombie_came_back" duplicates::ZOMBIE_CAME_BACK,
        /// The member that had the message was frozen or cut off with the queue.
        ZombieOwner "zombie_owner" duplicates::ZOMBIE_OWNER,
    }
    /// A rule of the protocol does not hold: the model is wrong, and not the cluster.
    Rule protocol::RULE
}
