//! The rules by name, each with what holds in every cluster.

/// A rule of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name, as a broken one is told.
    pub word: &'static str,
    /// What holds.
    pub holds: &'static str,
    /// Where RocketMQ makes it so.
    pub source: &'static str,
    /// It counts again what other checks have found: where those do not look, nothing can break it.
    pub counts_again: bool,
}

const fn rule(word: &'static str, holds: &'static str, source: &'static str) -> Rule {
    Rule { word, holds, source, counts_again: false }
}

const fn counted_again(word: &'static str, holds: &'static str, source: &'static str) -> Rule {
    Rule { word, holds, source, counts_again: true }
}

/// All of them.
pub static RULES: &[Rule] = &[
    rule(
        "minimum_interval",
        "A client rebalances no sooner than the minimum interval after the last time.",
        "RebalanceService.run",
    ),
    rule(
        "wait_interval",
        "A client rebalances at the latest after its interval, and after the minimum where it could not balance.",
        "RebalanceService.run",
    ),
    rule(
        "a_notification_rebalances",
        "A client that is notified rebalances as soon as it may.",
        "ClientRemotingProcessor.notifyConsumerIdsChanged",
    ),
    rule(
        "a_route_wakes_nobody",
        "A changed route makes no client rebalance before its time.",
        "MQClientInstance.updateTopicRouteInfoFromNameServer",
    ),
    rule(
        "the_list_is_asked_by_chance",
        "A client asks a broker for members that it picks by chance.",
        "MQClientInstance.findBrokerAddrByTopic",
    ),
    rule(
        "an_unknown_topic_keeps_its_route",
        "A name server that does not know a topic makes no client forget where it is.",
        "MQClientInstance.updateTopicRouteInfoFromNameServer",
    ),
    rule("heartbeat_period", "A client's heartbeats keep their period.", "MQClientInstance.startScheduledTask"),
    rule("persist_period", "A client's commits by timer keep their period.", "MQClientInstance.startScheduledTask"),
    rule(
        "persist_all_sends_all",
        "A commit by timer says of every queue of the table how far it is, dropped ones among them.",
        "DefaultMQPushConsumerImpl.persistConsumerOffset",
    ),
    rule(
        "nothing_new_corrects",
        "A client that is told that there is nothing new takes over the offset that it is told.",
        "PullCallback.onSuccess",
    ),
    rule(
        "shutdown_sends_the_offsets",
        "A client that shuts down says how far it is.",
        "DefaultMQPushConsumerImpl.shutdown",
    ),
    rule(
        "a_repair_commits_what_it_was_told",
        "A client that repairs an illegal offset commits the one that the broker named.",
        "PullCallback.onSuccess",
    ),
    rule(
        "first_pull_waits",
        "The first pull of a queue that was just taken waits its delay.",
        "RebalanceImpl.updateProcessQueueTableInRebalance",
    ),
    rule(
        "flow_control_above_the_threshold",
        "A queue is pulled until it holds more than its threshold, and not until it holds it.",
        "DefaultMQPushConsumerImpl.pullMessage",
    ),
    rule(
        "below_the_first_goes_to_the_first",
        "A pull below the first offset of a queue is sent to the first.",
        "DefaultMessageStore.getMessage",
    ),
    rule(
        "lock_all_takes_its_answer",
        "A client goes on with an ordered queue only if lockAll answered that it is its own.",
        "RebalanceImpl.lockAll",
    ),
    rule(
        "a_client_trusts_a_lock_for_its_age",
        "A client consumes no ordered queue whose lock it has not renewed for its age.",
        "ProcessQueue.isLockExpired",
    ),
    rule(
        "unlock_all_passes_over_dropped",
        "At shutdown a client unlocks the queues of its table that are not dropped.",
        "RebalanceImpl.unlockAll",
    ),
    rule(
        "a_lock_is_refreshed_by_its_owner",
        "An owner that asks for its lock again makes it new.",
        "RebalanceLockManager.tryLockBatch",
    ),
    rule(
        "a_lock_lasts_its_age",
        "A broker refuses a lock to others for no longer than its age.",
        "RebalanceLockManager.LockEntry.isExpired",
    ),
    rule(
        "locks_end_by_request_or_age",
        "A broker takes no lock away because a connection ends.",
        "RebalanceLockManager",
    ),
    rule(
        "a_refused_pull_commits_nothing",
        "The offset that a refused pull carries is not committed.",
        "PullMessageProcessor.processRequest",
    ),
    rule(
        "long_polls_end",
        "A broker holds a pull no longer than it may.",
        "PullRequestHoldService.notifyMessageArriving",
    ),
    rule(
        "subscriptions_are_replaced",
        "A heartbeat's subscriptions take the place of those before; they are not added.",
        "ConsumerGroupInfo.updateSubscription",
    ),
    rule("expiry_tells_nobody", "A broker's expiry scan tells no member by itself.", "ClientHousekeepingService"),
    rule(
        "silent_members_expire",
        "A broker keeps no member that it has not heard for its age.",
        "ConsumerManager.scanNotActiveChannel",
    ),
    rule(
        "members_are_told",
        "A broker that tells at once tells of every member that comes.",
        "DefaultConsumerIdsChangeListener.handle",
    ),
    rule(
        "commits_are_unconditional",
        "A broker takes any offset that is committed.",
        "ConsumerOffsetManager.commitOffset",
    ),
    rule(
        "offsets_are_written",
        "A broker writes its offsets at each interval.",
        "BrokerController.initializeScheduledTasks",
    ),
    rule("a_stop_writes_the_offsets", "A broker that stops in order writes its offsets.", "BrokerController.shutdown"),
    rule(
        "a_drop_commits",
        "A client that gives a queue up commits how far it is.",
        "RebalancePushImpl.removeUnnecessaryMessageQueue",
    ),
    rule(
        "only_owners_consume",
        "A listener is handed nothing of a queue that was given up.",
        "ConsumeMessageConcurrentlyService.ConsumeRequest.run",
    ),
    rule(
        "slaves_fetch_offsets",
        "A slave fetches its master's offsets at each interval.",
        "SlaveSynchronize.syncConsumerOffset",
    ),
    rule(
        "a_slave_takes_its_masters_offsets",
        "A slave has the offsets that it fetched, older ones among them.",
        "SlaveSynchronize.syncConsumerOffset",
    ),
    rule(
        "a_retry_waits_its_level",
        "A message that was sent back comes after the delay of its level, and no sooner.",
        "ScheduleMessageService",
    ),
    rule(
        "silent_brokers_expire",
        "A name server keeps no broker that it has not heard for its age.",
        "RouteInfoManager.scanNotActiveBroker",
    ),
    rule(
        "silent_brokers_are_waited_for",
        "A name server waits for a silent broker as long as its age.",
        "RouteInfoManager.scanNotActiveBroker",
    ),
    rule(
        "a_closed_broker_is_unregistered",
        "A broker whose connection ends leaves the routes at once.",
        "RouteInfoManager.onChannelDestroy",
    ),
    counted_again("deliveries_add_up", "What deliveries add up to is what the figures say.", ""),
    counted_again("losses_add_up", "What nobody got, counted by message, is what the figures say was lost.", ""),
    counted_again("stalls_add_up", "What hand-outs and arrivals add up to is what the figures say of stalls.", ""),
    counted_again(
        "deaths_repeat_what_was_not_committed",
        "A death repeats no more of a queue than lies between its committed and its highest delivered offset.",
        "RemoteBrokerOffsetStore.persistAll",
    ),
];

/// Rules that are not asked of Go members: such a one forgets offsets when it gives a queue up
/// (`consumer/offset_store.go:persist`), and goes on with a queue that the answer to `lockAll` lacks
/// (`consumer/consumer.go:lockAll`); it has no rebalance loop, its tickers are goroutines that tick on their own, nothing
/// delays its first pull, and its thresholds follow its queues.
pub static NOT_OF_GO: &[&str] = &[
    "minimum_interval",
    "wait_interval",
    "a_notification_rebalances",
    "heartbeat_period",
    "persist_period",
    "first_pull_waits",
    "flow_control_above_the_threshold",
    "persist_all_sends_all",
    "nothing_new_corrects",
    "a_drop_commits",
    "lock_all_takes_its_answer",
    "a_client_trusts_a_lock_for_its_age",
];

/// The rule of this name.
#[must_use]
pub fn rule_of(word: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.word == word)
}

#[cfg(test)]
mod tests {
    use super::{NOT_OF_GO, rule_of};

    #[test]
    fn what_is_not_asked_of_go_members_is_a_rule() {
        NOT_OF_GO.iter().for_each(|word| assert!(rule_of(word).is_some(), "{word}"));
    }
}
