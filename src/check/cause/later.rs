//! The second half of the causes, by their words.

/// All causes: those given, which come first by their words, and these.
macro_rules! with_later_causes {
    ($($earlier:tt)*) => {
        crate::check::explanation::words! {
            /// Why something is so: of anomalies, stalls, duplicates and commits that go back.
            Cause {
                $($earlier)*
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
    };
}

pub(super) use with_later_causes;
