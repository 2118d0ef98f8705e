//! What releases of the Java client do differently and nobody can set there: each rule has a name, so that a scenario can
//! look at it alone. Which release has which stands in one table, in `scenario::settings`.

use crate::kernel::Span;

/// Rules of one client, as 5.3.3 has them by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRules {
    /// `start()` rebalances whatever became of its heartbeats, false (`DefaultMQPushConsumerImpl.start`).
    pub rebalance_without_heartbeat: bool,
    /// A `start()` that throws shuts the consumer down, true; else its threads run on in a consumer that nobody has
    /// (`DefaultMQPushConsumerImpl.start`).
    pub start_failure_shuts_down: bool,
    /// A rebalance that was refused a lock wakes the thread again so long after it, 0: never
    /// (`MQClientInstance.rebalanceLater`). From 5.2.0 on `minInterval` swallows it.
    pub rebalance_later_when_not_locked: Span,
    /// Queues are dropped, persisted and removed one after the other, false: all are dropped first
    /// (`RebalanceImpl.updateProcessQueueTableInRebalance`).
    pub drop_queues_one_by_one: bool,
    /// An orderly queue that is given up with messages in memory leaves the table at once and is unlocked
    /// `unlockDelayTimeMills` later, and a listener that does not return is never forced, false
    /// (`RebalancePushImpl.unlockDelay`).
    pub unlock_delay: bool,
    /// `lockAll` and `unlockAll` take dropped queues too, false (`RebalanceImpl.buildProcessQueueTableByBrokerName`).
    pub lock_all_takes_dropped: bool,
    /// An orderly member in BROADCASTING asks for locks that all members want, false (`RebalanceImpl.rebalanceByTopic`).
    pub broadcasting_asks_for_locks: bool,
    /// Whatever error a broker answers to the query of an offset counts as "there is none", false
    /// (`RemoteBrokerOffsetStore.readOffset`).
    pub broker_error_is_no_offset: bool,
    /// The query of an offset takes a 0 that the broker only assumes, true (`setZeroIfNotFound`).
    pub set_zero_if_not_found: bool,
    /// A commit looks for the master, then asks a name server for the route, and only then goes to a slave, false
    /// (`RemoteBrokerOffsetStore.updateConsumeOffsetToBroker`).
    pub commit_asks_for_the_master: bool,
    /// Before the first rebalance of a topic a broker is asked whether it deals queues itself, false
    /// (`RebalanceImpl.tryQueryAssignment`); only where `clientRebalance` is false.
    pub try_query_assignment: bool,
    /// The member list is asked for although the topic has no queues, true (`RebalanceImpl.rebalanceByTopic`).
    pub list_without_queues: bool,
    /// A topic without queues is told as a change, true (`RebalanceImpl.rebalanceByTopic`).
    pub no_queues_is_a_change: bool,
    /// A reset that a broker pushes waits for the listener of each orderly queue instead of 10 s, false
    /// (`MQClientInstance.waitResetOffsetReady`).
    pub reset_waits_for_the_listener: bool,
    /// A message that ran out of tries is sent to `%RETRY%` with the try that it had last, true; else without
    /// (`ConsumeMessageOrderlyService.sendMessageBack`).
    pub counts_the_last_try: bool,
    /// A synchronous call that times out closes its connection however late that was made, false
    /// (`NettyRemotingClient.invokeSync`).
    pub late_connection_closes: bool,
}

impl Default for ClientRules {
    fn default() -> Self {
        Self {
            rebalance_without_heartbeat: false,
            start_failure_shuts_down: true,
            rebalance_later_when_not_locked: Span::ZERO,
            drop_queues_one_by_one: false,
            unlock_delay: false,
            lock_all_takes_dropped: false,
            broadcasting_asks_for_locks: false,
            broker_error_is_no_offset: false,
            set_zero_if_not_found: true,
            commit_asks_for_the_master: false,
            try_query_assignment: false,
            list_without_queues: true,
            no_queues_is_a_change: true,
            reset_waits_for_the_listener: false,
            counts_the_last_try: true,
            late_connection_closes: false,
        }
    }
}
