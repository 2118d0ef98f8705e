//! The causes: of each its sentence, its word, and where the rest of it is explained.

use super::{duplicates, go, grpc, lists, locks, offsets, owners, pop, pop_brokers, protocol, pulls, routes, stores};

super::later::with_later_causes! {
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
}
