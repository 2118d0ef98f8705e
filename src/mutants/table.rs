//! Every mistake with the guard that must catch it.

use super::{Guard, KnownAnswers, Mutant, stores, strategies, streams};
use crate::model::plan::PlantedMistake::{self, *};

const fn law(mistake: PlantedMistake, rule: &'static str, seed: u64) -> Mutant {
    Mutant { mistake, guard: Guard::Law { rule, seed } }
}

const fn rest(mistake: PlantedMistake, check: &'static str, what: &'static str, seed: u64) -> Mutant {
    Mutant { mistake, guard: Guard::Rest { check, what, seed } }
}

const fn story(mistake: PlantedMistake, rule: &'static str, text: &'static str) -> Mutant {
    Mutant { mistake, guard: Guard::Story { rule, text } }
}

const fn answers(mistake: PlantedMistake, of: &'static str, ask: KnownAnswers) -> Mutant {
    Mutant { mistake, guard: Guard::Answers { of, ask } }
}

const SLOW_LISTENER: &str = include_str!("stories/slow_listener_leaves.toml");

/// The table.
pub const TABLE: &[Mutant] = &[
    law(FirstRebalanceWithoutMinimum, "minimum_interval", 0),
    law(MinimumFromTheBeginning, "minimum_interval", 0),
    law(RebalanceLate, "wait_interval", 0),
    law(WakeupDuringRebalanceLost, "a_notification_rebalances", 0),
    law(RebalanceOnRouteChange, "a_route_wakes_nobody", 1),
    law(ListFromTheFirstBroker, "the_list_is_asked_by_chance", 0),
    law(UnknownTopicForgetsRoute, "an_unknown_topic_keeps_its_route", 1),
    law(HeartbeatHalfAsOften, "heartbeat_period", 0),
    story(DroppedQueuesNotPersisted, "persist_all_sends_all", SLOW_LISTENER),
    law(ShutdownWithoutPersist, "shutdown_sends_the_offsets", 0),
    law(NoCommitBeforeDrop, "a_drop_commits", 2),
    law(FirstPullAtOnce, "first_pull_waits", 0),
    story(FlowControlAtThreshold, "flow_control_above_the_threshold", include_str!("stories/burst.toml")),
    law(NoNewMessageKeepsOffset, "nothing_new_corrects", 0),
    law(RepairOnlyRaises, "a_repair_commits_what_it_was_told", 21),
    story(DroppedQueuesAreConsumed, "only_owners_consume", include_str!("stories/backlog_handed_over.toml")),
    story(ClientLockNeverExpires, "a_client_trusts_a_lock_for_its_age", include_str!("stories/cut_off_owner.toml")),
    story(LockAllKeepsMissing, "lock_all_takes_its_answer", include_str!("stories/lapsed_locks.toml")),
    story(UnlockAllTakesDropped, "unlock_all_passes_over_dropped", SLOW_LISTENER),
    law(ExpirySendsChange, "expiry_tells_nobody", 2),
    law(ExpiryNeverRuns, "silent_members_expire", 2),
    law(NotificationsLost, "members_are_told", 2),
    story(SubscriptionsUnited, "subscriptions_are_replaced", include_str!("stories/different_topics.toml")),
    law(LocksReleasedOnDisconnect, "locks_end_by_request_or_age", 0),
    story(BrokerLockTooLong, "a_lock_lasts_its_age", include_str!("stories/killed_owner.toml")),
    story(OwnLockNotRefreshed, "a_lock_is_refreshed_by_its_owner", include_str!("stories/late_newcomer.toml")),
    law(CommitsOnlyGoUp, "commits_are_unconditional", 2),
    story(PiggybackOnlyRaises, "commits_are_unconditional", include_str!("stories/backlog_reset.toml")),
    story(PiggybackOfRefusedPull, "a_refused_pull_commits_nothing", include_str!("stories/killed_broker.toml")),
    law(OffsetFlushSkipped, "offsets_are_written", 0),
    law(StopWithoutFlush, "a_stop_writes_the_offsets", 2),
    rest(LongPollNeverWakes, "liveness", "at rest", 0),
    law(LongPollNeverEnds, "long_polls_end", 0),
    law(RetryOneLevelLower, "a_retry_waits_its_level", 5),
    story(BelowMinimumToTheEnd, "below_the_first_goes_to_the_first", include_str!("stories/retention.toml")),
    law(SlaveOverwriteSkipped, "a_slave_takes_its_masters_offsets", 0),
    law(SlaveNeverAsks, "slaves_fetch_offsets", 0),
    law(NameServerNeverExpires, "silent_brokers_expire", 0),
    law(NameServerExpiresEarly, "silent_brokers_are_waited_for", 0),
    law(BrokerCloseUnheard, "a_closed_broker_is_unregistered", 1),
    answers(RepeatedIdsOnce, "a recorded ring with an id twice", strategies::repeated_ids),
    answers(LooseLoadBound, "the bound of BOUNDED_LOAD_HASH", strategies::load_bound),
    answers(RepairDoesNotFreeze, "a frozen offset", stores::frozen_offset),
    answers(LocalStoreForgets, "entries of other queues", stores::other_queues),
    answers(BackupNotRead, "a broken offset file", stores::broken_file),
    answers(UpdateMakesNothingLasting, "a commit at every update", stores::lasting_at_once),
    answers(LastPhaseLeftOut, "the phases of a run", streams::phases),
    rest(FirstDuplicateNotCounted, "protocol", "deliveries_add_up", 0),
    answers(LostOffByOne, "lost messages", streams::lost),
    answers(CauseFromWrongTwin, "why a message came twice", streams::duplicate_cause),
    answers(DroppedCacheUnheard, "what an illegal offset drops from a cache", streams::dropped_cache),
    answers(StallThresholdHigher, "stalls around the threshold", streams::stall_threshold),
    answers(BrokerAwayNeverWins, "why a queue stood still", streams::stall_cause),
    answers(OpenStretchNotCounted, "a queue without an owner to the end", streams::open_stretch),
    answers(CutOffCountsAsLive, "a member that is cut off", streams::cut_off),
    answers(QuantileRankLow, "nearest ranks", streams::quantiles),
];
