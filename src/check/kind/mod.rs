//! Kinds of anomalies: what a check noticed. Why it is so is the cause.

mod background;

use super::cause::{
    duplicates, grpc, lists, locks, offsets, owners, pop, pop_brokers, protocol, pulls, routes, stores,
};

super::explanation::words! {
    /// What an anomaly is.
    AnomalyKind {
        /// An acknowledgement did not come through, and is not repeated.
        AckLost "ack_lost" pop::ACK_LOST,
        /// A message that a producer had been told is stored is on no broker any more.
        AcknowledgedLost "acknowledged_lost" background::ACKNOWLEDGED_LOST,
        /// A rule of the protocol does not hold: the model is wrong.
        BrokenRule "broken_rule" protocol::RULE,
        /// A broker lost what it knew of popped messages.
        CheckpointLost "checkpoint_lost" pop_brokers::CHECKPOINT_NOT_FLUSHED,
        /// A wall clock jumped.
        ClockJumped "clock_jumped" lists::CLOCK_JUMPED,
        /// A broker did not do what an operator asked.
        CommandRefused "command_refused" background::COMMAND_REFUSED,
        /// A commit took an offset back.
        CommitBackwards "commit_backwards" background::COMMIT_BACKWARDS,
        /// Messages became dead letters although they had tries left.
        DeadLetterAtOnce "dead_letter_at_once" locks::GROUP_HOLDS_LOCKS,
        /// Retention deleted messages before a group that had started got them.
        DeletedUnread "deleted_unread" offsets::DELETED_BY_RETENTION,
        /// A client threw messages away that it had popped, before a listener had them.
        DiscardedUnseen "discarded_unseen" pop::INVISIBLE_TIME_OVER,
        /// A queue had two or more live owners.
        DoubleOwned "double_owned" background::DOUBLE_OWNED,
        /// Two processes of a group run under one client id.
        DuplicateClientId "duplicate_client_id" lists::DUPLICATE_CLIENT_ID,
        /// Messages were handed out that had been handed out before.
        Duplicates "duplicates" background::DUPLICATES,
        /// A broker's scan removed a silent member, and told nobody.
        ExpiredSilently "expired_silently" lists::EXPIRY_TELLS_NOBODY,
        /// A BROADCASTING member's listener failed, and the messages never come again.
        FailedAndDropped "failed_and_dropped" duplicates::BROADCASTING_DOES_NOT_RETRY,
        /// A client acknowledged messages that had come back too often.
        GivenUp "given_up" pop::GIVEN_UP_AFTER_RETRIES,
        /// A broker does not know a group whose members heartbeat to it.
        GroupUnknown "group_unknown" lists::GROUP_DOES_NOT_EXIST,
        /// A proxy died, and with it the handles of messages that its clients have.
        HandlesLost "handles_lost" grpc::PROXY_LOST_HANDLES,
        /// Messages came between the read and the hold of a pull.
        HeldTooLate "held_too_late" pulls::LONG_POLL_BLIND_SPOT,
        /// Messages went into queues that no consumer is shown.
        HiddenMessages "hidden_messages" routes::QUEUE_IS_HIDDEN,
        /// Messages of one key came beside or after later ones of it.
        KeyOutOfOrder "key_out_of_order" background::KEY_OUT_OF_ORDER,
        /// A broker lists a client twice that runs once.
        ListedTwice "listed_twice" lists::HALF_OPEN_CONNECTION,
        /// A client ended with popped messages at work or in wait.
        ListenersLeft "listeners_left" pop::SHUTDOWN_LEAVES_POPPED,
        /// An owner found its lock too old to go on with.
        LockLapsed "lock_lapsed" locks::LOCK_RENEWED_TOO_LATE,
        /// A member was refused the lock of a queue that it was dealt.
        LockRefused "lock_refused" background::LOCK_REFUSED,
        /// Messages reached nobody: a commit passed over them, or a broker lost them.
        Lost "lost" background::LOST,
        /// Members of one group have different message models.
        MixedMessageModels "mixed_message_models" lists::MIXED_MESSAGE_MODELS,
        /// A change of members moved more queues than it had to.
        MovedMoreThanNeeded "moved_more_than_needed" background::MOVED_MORE_THAN_NEEDED,
        /// A member came back under an id that sorts elsewhere.
        NewClientId "new_client_id" background::NEW_CLIENT_ID,
        /// A rebalance got no list of members.
        NoList "no_list" lists::LIST_CALL_FAILED,
        /// Rebalances knew no queue of a topic that is subscribed.
        NoRoute "no_route" routes::NO_ROUTE,
        /// A rebalance got a list that lacks the member itself.
        NotInList "not_in_list" lists::LIST_LACKS_THE_ASKER,
        /// Members were told of a change long after it.
        NotifiedLate "notified_late" lists::BUFFERED_NOTIFICATIONS,
        /// A queue of an orderly group was in two hands, or went back.
        OutOfOrder "out_of_order" background::OUT_OF_ORDER,
        /// A rebalance got a list that lacks a member that runs.
        PartialList "partial_list" background::PARTIAL_LIST,
        /// A member popped no more, as too much of it was at work.
        PopHeldBack "pop_held_back" pop::POP_THRESHOLD,
        /// A broker refused pops.
        PopRefused "pop_refused" pop_brokers::TIMER_WHEEL_OFF,
        /// Messages were popped again after a restart of their broker.
        PoppedOnceMore "popped_once_more" pop_brokers::POPPED_ONCE_MORE,
        /// A client held its pulls back, as offsets in work lay too far apart.
        PullHeldBack "pull_held_back" pulls::SLOW_MESSAGE_PINS,
        /// A broker refused pulls.
        PullRefused "pull_refused" background::PULLS_REFUSED,
        /// A member pulls a topic that its group is to pop.
        PulledThoughPop "pulled_though_pop" pop::CLIENT_REBALANCES,
        /// A member rebalanced again and again, and nothing changed.
        RebalanceLoop "rebalance_loop" owners::NOT_BALANCED,
        /// A message came back again and again.
        RedeliveredAgainAndAgain "redelivered_again_and_again" pop::INVISIBLE_TIME_OVER,
        /// A broker knows a group without its subscriptions.
        RegisteredWithoutSubscriptions "registered_without_subscriptions" lists::HEARTBEAT_V2_AFTER_RESTART,
        /// A crash took back what was consumed long before.
        ReplayAfterACrash "replay_after_a_crash" duplicates::REPLAY_AFTER_A_CRASH,
        /// Brokers differ in whether a group pulls or pops.
        RequestModesDiffer "request_modes_differ" pop_brokers::REQUEST_MODES_DIFFER,
        /// A consumer passed over a reset that was sent to it.
        ResetIgnored "reset_ignored" offsets::NOT_A_PUSH_CONSUMER,
        /// Listeners finished messages whose queue had been dropped.
        ResultThrownAway "result_thrown_away" duplicates::DROPPED_WHILE_AT_WORK,
        /// A message that failed comes again at the time of its pop, and not of its level.
        RetryAtTheOldTime "retry_at_the_old_time" pop::DELAY_LEVEL_BELOW_ZERO,
        /// A message that came back lay in its retry topic for long.
        RetryPoppedLate "retry_popped_late" pop_brokers::RETRY_TOPIC_WAKES_NOBODY,
        /// Members of a group saw different queues of a topic, and it cost ownership.
        RouteViewsDiffer "route_views_differ" background::ROUTE_VIEWS_DIFFER,
        /// A broker refused messages.
        SendRefused "send_refused" stores::SEND_REFUSED,
        /// Producers were told that messages could not be sent.
        SendsFailed "sends_failed" background::SENDS_FAILED,
        /// Producers were told that one page cache alone has their messages.
        SendsInDoubt "sends_in_doubt" background::SENDS_IN_DOUBT,
        /// Two processes keep their offsets in one file.
        SharedOffsetFile "shared_offset_file" duplicates::SHARED_OFFSET_FILE,
        /// A rule passed over messages that no listener had got.
        Skipped "skipped" background::SKIPPED,
        /// A slave's newer offsets were overwritten by its master's older ones.
        SlaveOverwritten "slave_overwritten" offsets::MASTER_RETURNED_WITH_OLD_OFFSETS,
        /// A slave refuses pulls.
        SlaveRefused "slave_refused" pulls::SLAVE_DOES_NOT_SERVE,
        /// A consumer's start() threw.
        StartFailed "start_failed" owners::START_FAILED,
        /// A step of the timeline found nobody to hit.
        StepHitsNobody "step_hits_nobody" owners::NOTHING_TO_DO_IT_TO,
        /// A message is stored twice, as its producer did not hear of the first time.
        StoredTwice "stored_twice" background::STORED_TWICE,
        /// An orderly queue was dropped, assigned again, and consumed by nobody.
        StuckQueue "stuck_queue" locks::ASSIGNED_AGAIN,
        /// A threshold for the topic was written over that for each queue.
        ThresholdOverwritten "threshold_overwritten" pulls::THRESHOLD_FOR_TOPIC,
        /// Each topic is even, and their sum over the members is not.
        UnevenAcrossTopics "uneven_across_topics" owners::DEALT_TOPIC_BY_TOPIC,
        /// No live member held the queue.
        Unowned "unowned" background::UNOWNED,
    }
}
