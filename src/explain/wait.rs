//! What a link of the chain waited for: the rule or timer, and the setting that governs it.

use super::around::Around;
use crate::kernel::Span;
use crate::model::plan::NameServerSettings;

/// Where a setting stands in a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the group.
    Group,
    /// In the brokers.
    Broker,
    /// In the name servers.
    NameServer,
}

/// The setting that says how long a wait is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Governor {
    /// Its name.
    pub setting: &'static str,
    /// Where it stands.
    pub place: Place,
    /// RocketMQ's users can set it; else it is a constant of its code, which this program alone can change.
    pub settable: bool,
}

const fn group(setting: &'static str) -> Option<Governor> {
    Some(Governor { setting, place: Place::Group, settable: true })
}

const fn broker(setting: &'static str) -> Option<Governor> {
    Some(Governor { setting, place: Place::Broker, settable: true })
}

const fn name_server(setting: &'static str) -> Option<Governor> {
    Some(Governor { setting, place: Place::NameServer, settable: true })
}

/// A constant of RocketMQ's code.
const fn constant(governor: Option<Governor>) -> Option<Governor> {
    match governor {
        Some(Governor { setting, place, .. }) => Some(Governor { setting, place, settable: false }),
        None => None,
    }
}

/// Writes the enum of waits, each with its rule in words, `Class.method` and governing setting.
macro_rules! waits {
    ($($(#[doc = $rule:literal])+ $wait:ident $source:literal $governor:expr,)+) => {
        /// What a link of the chain waited for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Wait {
            $($(#[doc = $rule])+ $wait,)+
        }

        impl Wait {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$wait),+];

            /// The rule or timer in words.
            #[must_use]
            pub fn rule(self) -> &'static str {
                match self {
                    $(Self::$wait => concat!($($rule),+).trim_ascii_start().trim_end_matches('.'),)+
                }
            }

            /// `Class.method` of RocketMQ; empty where it is none of RocketMQ's.
            #[must_use]
            pub const fn source(self) -> &'static str {
                match self {
                    $(Self::$wait => $source,)+
                }
            }

            /// The setting that says how long it is.
            #[must_use]
            pub const fn governor(self) -> Option<Governor> {
                match self {
                    $(Self::$wait => $governor,)+
                }
            }
        }
    };
}

waits! {
    /// the rebalance timer.
    RebalanceTimer "RebalanceService.run" group("rebalanceWaitInterval"),
    /// the rebalance ticker of a Go client.
    RebalanceTicker "internal/client.go:Start" None,
    /// the scan for assignments of a client that speaks gRPC.
    Assignments "PushConsumerImpl.scanAssignments" None,
    /// the route poll of a client that speaks gRPC.
    GrpcRoutes "ClientImpl.updateRouteCache" None,
    /// a timer of a client that speaks gRPC.
    GrpcTimer "ClientManagerImpl.startUp" None,
    /// the pause before a client that speaks gRPC receives again.
    Receive "ProcessQueueImpl.receiveMessageLater" None,
    /// the second after which a client says again what it had to say of a message.
    Repeat "ProcessQueueImpl.ackMessageLater" None,
    /// the start of a proxy.
    ProxyStart "ProxyStartup.main" None,
    /// a timer of a proxy.
    ProxyTimer "DefaultReceiptHandleManager.scheduleRenewTask" None,
    /// the least time between two rebalances.
    RebalanceMinimum "RebalanceService.run" group("rebalanceMinInterval"),
    /// the least time between two rebalances, by a wall clock that went back.
    ClockWentBack "RebalanceService.run" None,
    /// the next try of a topic that was not balanced.
    NotBalanced "RebalanceService.run" group("rebalanceMinInterval"),
    /// the rebalance that was under way.
    RebalanceUnderWay "RebalanceService.run" None,
    /// the timer of buffered notifications.
    BufferedNotification "DefaultConsumerIdsChangeListener.handle" broker("realTimeNotifyConsumerChange"),
    /// how long a broker keeps a member it does not hear.
    ChannelExpiry "ConsumerManager.scanNotActiveChannel" broker("channelExpiredTimeout"),
    /// the broker's scan for silent members.
    ExpiryScan "ClientHousekeepingService.start" constant(broker("clientHousekeepingInterval")),
    /// how long a broker keeps a connection on which nothing goes.
    ServerIdle "NettyRemotingServer.NettyConnectManageHandler" broker("serverChannelMaxIdleTimeSeconds"),
    /// how long a name server keeps a connection on which nothing goes.
    NameServerIdle "NettyRemotingServer.NettyConnectManageHandler" None,
    /// how long a client keeps a connection on which nothing goes.
    ClientIdle "NettyRemotingClient.NettyConnectManageHandler" group("clientChannelMaxIdleTimeSeconds"),
    /// how long a broker keeps the lock of one that does not renew it.
    BrokerLock "RebalanceLockManager.tryLockBatch" broker("lockMaxLiveTime"),
    /// how long a broker keeps the lock that a Go client does not give back.
    GoKeepsLock "consumer/consumer.go:removeUnnecessaryMessageQueue" broker("lockMaxLiveTime"),
    /// the timer of locks.
    LockTimer "ConsumeMessageOrderlyService.lockMQPeriodically" group("lockInterval"),
    /// the next try to lock one queue.
    LockRetry "ConsumeMessageOrderlyService.tryLockLaterAndReconsume" None,
    /// the pause of an orderly queue.
    OrderlyPause "ConsumeMessageOrderlyService.submitConsumeRequestLater" group("suspendCurrentQueueTimeMillis"),
    /// the wait for the listener of a queue that is given up.
    ConsumeLock "RebalancePushImpl.tryRemoveOrderMessageQueue" constant(group("consumeLockTimeout")),
    /// the delayed unlock of a queue that was given up with messages in memory.
    UnlockDelay "RebalancePushImpl.unlockDelay" group("unlockDelayTimeMills"),
    /// the next rebalance after a lock was refused.
    RebalanceLater "MQClientInstance.rebalanceLater" constant(group("rebalanceLaterWhenNotLocked")),
    /// the delay of a queue's first pull.
    FirstPull "RebalanceImpl.updateProcessQueueTableInRebalance" constant(group("pullDispatchDelay")),
    /// the pause after a pull that failed.
    PullFailed "DefaultMQPushConsumerImpl.pullMessage" group("pullTimeDelayMillsWhenException"),
    /// the sleep of a Go client's pull loop that does not know of its lock yet.
    GoFirstPull "consumer/push_consumer.go:pullMessage" constant(group("pullTimeDelayMillsWhenException")),
    /// flow control, looked at again.
    FlowControl "DefaultMQPushConsumerImpl.pullMessage" constant(group("pullFlowControlDelay")),
    /// the pause of a consumer that is suspended.
    PullSuspended "DefaultMQPushConsumerImpl.pullMessage" constant(group("pullSuspendedDelay")),
    /// the pause between two pulls.
    PullInterval "DefaultMQPushConsumerImpl.pullMessage" group("pullInterval"),
    /// the pause before the next pop.
    Pop "DefaultMQPushConsumerImpl.popMessage" None,
    /// the repair of an illegal offset.
    OffsetRepair "DefaultMQPushConsumerImpl.pullMessage" group("offsetIllegalRepairDelay"),
    /// the broker's look through the pulls it holds.
    HoldTick "PullRequestHoldService.run" constant(broker("pullHoldTick")),
    /// the client's poll of routes.
    RoutePoll "MQClientInstance.startScheduledTask" group("pollNameServerInterval"),
    /// the client's heartbeat.
    Heartbeat "MQClientInstance.startScheduledTask" group("heartbeatBrokerInterval"),
    /// the client's commit.
    Persist "MQClientInstance.startScheduledTask" group("persistConsumerOffsetInterval"),
    /// the broker's registration.
    Registration "BrokerController.registerBrokerAll" broker("registerNameServerPeriod"),
    /// how long a name server keeps a broker it does not hear.
    BrokerExpiry "RouteInfoManager.scanNotActiveBroker" name_server("brokerChannelExpiredTime"),
    /// the name server's scan for silent brokers.
    BrokerScan "RouteInfoManager.scanNotActiveBroker" name_server("scanNotActiveBrokerInterval"),
    /// how long a pop waits for a message.
    PopPolling "PopLongPollingService.run" None,
    /// the end of the block of a queue that is popped in order.
    PopOrder "ConsumerOrderInfoLockManager.notifyLockIsFree" None,
    /// the timer wheel and the thread that gives back what was popped and not acknowledged.
    Revive "PopReviveService.run" None,
    /// the service that gives back what rows in RocksDB say was popped and not acknowledged.
    PopRecords "PopConsumerService.run" None,
    /// another timer of the broker.
    BrokerTimer "BrokerController.initializeScheduledTasks" None,
    /// the slave's copying.
    Replication "SlaveSynchronize.syncAll" None,
    /// the controller.
    Controller "DefaultBrokerHeartbeatManager.scanNotActiveBroker" broker("controllerHeartBeatTimeoutMills"),
    /// the listener's work.
    Listener "MessageListener.consumeMessage" None,
    /// messages that a listener has held for too long.
    ConsumeTimeout "ConsumeMessageConcurrentlyService.cleanExpireMsg" group("consumeTimeout"),
    /// the next try of a message that could not be sent back.
    SendBackRetry "ConsumeMessageConcurrentlyService.submitConsumeRequestLater" constant(group("sendBackRetryDelay")),
    /// the delay of a message that failed.
    RetryDelay "ScheduleMessageService.computeDeliverTimestamp" broker("messageDelayLevel"),
    /// a reset of offsets.
    Reset "DefaultMQPushConsumerImpl.resetOffset" None,
    /// the wait of `poll()`.
    PollTimeout "DefaultLitePullConsumerImpl.poll" group("pollTimeoutMillis"),
    /// a call that nobody answered.
    CallTimeout "NettyRemotingAbstract.invokeSyncImpl" None,
    /// a connect that nobody answered.
    ConnectTimeout "NettyRemotingClient.createChannel" group("connectTimeoutMillis"),
    /// the wait for listeners at a shutdown.
    AwaitTermination "ConsumeMessageConcurrentlyService.shutdown" group("awaitTerminationMillisWhenShutdown"),
    /// the shutdown of the client.
    Shutdown "DefaultMQPushConsumerImpl.shutdown" None,
    /// the start of the client.
    StartUp "DefaultMQPushConsumerImpl.start" None,
    /// Kubernetes.
    Kubernetes "" None,
    /// the start of the broker.
    BrokerStart "BrokerStartup.main" None,
    /// the start of the name server.
    NameServerStart "NamesrvStartup.main" None,
    /// threads of the broker.
    BrokerThreads "NettyRemotingServer" None,
    /// the broker's log.
    Log "ReputMessageService.doReput" None,
    /// the network, and the work of those it reaches.
    Network "" None,
    /// what TCP sends again after a cut.
    Retransmission "" None,
    /// the operator's command.
    Operator "" None,
    /// the database of the application.
    Database "" None,
    /// the producer's next message.
    Producer "" None,
    /// what the scenario says.
    Story "" None,
    /// the end of the run.
    EndOfRun "" None,
    /// unknown.
    Unknown "" None,
}

impl Wait {
    /// What the governing setting says here, where it is a length of time.
    #[must_use]
    pub fn value(self, around: &Around<'_>) -> Option<Span> {
        let (client, timers) = (around.client(), &around.client().timers);
        let (consumer, broker, server) = (around.consumer(), around.broker(), around.name_server());
        Some(match self {
            Self::RebalanceTimer => timers.rebalance_wait_interval,
            Self::RebalanceMinimum | Self::NotBalanced => timers.rebalance_min_interval,
            Self::ChannelExpiry => broker.channel_expired_timeout,
            Self::ExpiryScan => broker.client_housekeeping_interval,
            Self::ServerIdle => broker.server_channel_max_idle_time_seconds,
            Self::NameServerIdle => NameServerSettings::CHANNEL_MAX_IDLE_TIME,
            Self::ClientIdle => client.client_channel_max_idle_time_seconds,
            Self::BrokerLock | Self::GoKeepsLock => broker.lock_max_live_time,
            Self::LockTimer => timers.orderly.lock_interval,
            Self::OrderlyPause => consumer.suspend_current_queue_time(),
            Self::ConsumeLock => timers.orderly.consume_lock_timeout,
            Self::UnlockDelay => timers.orderly.unlock_delay_time_mills,
            Self::RebalanceLater => client.rules.rebalance_later_when_not_locked,
            Self::FirstPull => timers.pull_dispatch_delay,
            Self::PullFailed | Self::GoFirstPull => client.pull_time_delay_mills_when_exception,
            Self::FlowControl => timers.pull_flow_control_delay,
            Self::PullSuspended => timers.pull_suspended_delay,
            Self::PullInterval => consumer.pull_interval,
            Self::OffsetRepair => client.offset_illegal_repair_delay,
            Self::HoldTick => broker.pull_hold_tick,
            Self::RoutePoll => client.poll_name_server_interval,
            Self::Heartbeat => client.heartbeat_broker_interval,
            Self::Persist => client.persist_consumer_offset_interval,
            Self::Registration => broker.registration_period(),
            Self::BrokerExpiry => server.broker_channel_expired_time,
            Self::BrokerScan => server.scan_not_active_broker_interval,
            Self::ConsumeTimeout => consumer.consume_timeout,
            Self::SendBackRetry => timers.send_back_retry_delay,
            Self::ConnectTimeout => client.connect_timeout_millis,
            Self::AwaitTermination => consumer.await_termination_millis_when_shutdown,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Wait;
    use crate::scenario::known_settings;

    #[test]
    fn every_governor_is_a_setting() {
        let known = known_settings();
        for wait in Wait::ALL {
            if let Some(governor) = wait.governor() {
                assert!(known.iter().any(|setting| setting.name == governor.setting), "{}", governor.setting);
            }
            assert!(!wait.rule().is_empty() && !wait.rule().ends_with('.'), "{wait:?}");
        }
    }
}
