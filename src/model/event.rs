//! Everything that can happen, as small values.
//!
//! Events of a process carry its `epoch`, the count of its lives: what a dead process had planned is told apart from
//! the plans of its successor and ignored.

use super::network::{ConnectionId, FlightId};
use super::observation::StoreDelay;
use super::plan::{BrokerIndex, ConsumerIndex, NameServerIndex, ProducerIndex};

/// A timer of the client's one scheduled thread (`MQClientInstance.startScheduledTask`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduledTask {
    /// `updateTopicRouteInfoFromNameServer` for all topics.
    RoutePoll,
    /// `sendHeartbeatToAllBroker`.
    Heartbeat,
    /// `persistAllConsumerOffset`.
    Persist,
}

/// A timer of orderly consumption at a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderlyTask {
    /// `lockMQPeriodically` of `ConsumeMessageOrderlyService`.
    LockAll,
    /// The same of `ConsumeMessagePopOrderlyService`, which nobody stops (`DefaultMQPushConsumerImpl.start`).
    SecondLockAll,
    /// `tryLockLaterAndReconsume`: asks for the lock of one queue.
    TryLock,
    /// `submitConsumeRequestLater`: the queue goes to the consume pool again.
    Resubmit,
    /// The rebalance thread has waited long enough for a listener.
    ConsumeLockTimedOut,
}

/// A timer of a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokerTask {
    /// `ClientHousekeepingService`: expiry of clients.
    Housekeeping,
    /// `ConsumerOffsetManager.persist`.
    FlushOffsets,
    /// `ScheduleMessageService.persist`.
    FlushDelayOffsets,
    /// `PullRequestHoldService`: looks through held pulls.
    CheckHolds,
    /// Registration with all name servers.
    Register,
    /// Buffered notifications (`realTimeNotifyConsumerChange = false`).
    Notify,
    /// A slave looks whether it is time to fetch its master's offsets.
    SyncSlave,
    /// A sign of life to all name servers (`enableSlaveActingMaster`).
    Heartbeat,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they number")]
pub enum Event {
    /// A step of the timeline is due.
    StepDue { step: u32 },
    /// The operator's tool has booted and acts.
    OperatorActed { step: u32 },
    /// A client process has booted and calls `start()`.
    ProcessBooted { consumer: ConsumerIndex, epoch: u32 },
    /// `start()` has made its `MQClientInstance`.
    InstanceCreated { consumer: ConsumerIndex, epoch: u32 },
    /// The instance's threads run; `start()` goes on to fetch routes.
    InstanceStarted { consumer: ConsumerIndex, epoch: u32 },
    /// The shutdown hook calls `shutdown()`.
    ShutdownCalled { consumer: ConsumerIndex, epoch: u32 },
    /// `awaitTerminationMillisWhenShutdown` is over, for the first or second time.
    TerminationAwaited { consumer: ConsumerIndex, epoch: u32, second: bool },
    /// `shutdown()`: the pull service ends; `waited`: its executor of delayed pulls has had its time.
    PullsStopped { consumer: ConsumerIndex, epoch: u32, waited: bool },
    /// `shutdown()`: the instance's threads have ended.
    InstanceStopped { consumer: ConsumerIndex, epoch: u32 },
    /// A timer of the scheduled thread is due.
    ScheduledTaskDue { consumer: ConsumerIndex, epoch: u32, task: ScheduledTask },
    /// The rebalance thread wakes.
    RebalanceWoken { consumer: ConsumerIndex, epoch: u32 },
    /// A pull request's delay is over.
    PullDue { consumer: ConsumerIndex, epoch: u32, process_queue: u32 },
    /// A listener returns.
    ListenerReturned { consumer: ConsumerIndex, epoch: u32, thread: u32 },
    /// A message that could not be sent back is consumed again.
    ResubmitDue { consumer: ConsumerIndex, epoch: u32, process_queue: u32, offset: u32 },
    /// The cleaner looks for messages that a listener has held for too long.
    CleanDue { consumer: ConsumerIndex, epoch: u32 },
    /// An older client repairs a queue whose offset was illegal.
    OffsetRepaired { consumer: ConsumerIndex, epoch: u32, process_queue: u32 },
    /// A reset of offsets has slept long enough.
    ResetSlept { consumer: ConsumerIndex, epoch: u32 },
    /// `poll()` of a consumer that pulls has waited long enough.
    PollTimedOut { consumer: ConsumerIndex, epoch: u32, poll: u32 },
    /// A timer of orderly consumption; `process_queue` is 0 where it concerns all.
    OrderlyTaskDue { consumer: ConsumerIndex, epoch: u32, process_queue: u32, task: OrderlyTask },
    /// The client's event thread learns that a connection is active.
    ChannelActive { consumer: ConsumerIndex, epoch: u32, connection: ConnectionId },
    /// A pod's `readinessProbe` succeeds.
    PodReady { consumer: ConsumerIndex, epoch: u32 },
    /// SIGTERM reaches a pod.
    PodSignalled { consumer: ConsumerIndex, epoch: u32 },
    /// The kubelet starts the process of a pod again.
    ContainerRestarted { consumer: ConsumerIndex, epoch: u32 },
    /// A pod is evicted from a node that has been silent for too long, and another one takes its place.
    PodEvicted { consumer: ConsumerIndex, epoch: u32 },
    /// A pod's grace period is over: SIGKILL.
    GraceOver { consumer: ConsumerIndex, epoch: u32 },
    /// A message reaches the other end of its connection.
    Arrived { flight: FlightId },
    /// A connect was not answered in time.
    ConnectTimedOut { connection: ConnectionId },
    /// Netty's idle handler looks at one end of a connection.
    IdleChecked { connection: ConnectionId, at_server: bool },
    /// A call was not answered in time.
    CallTimedOut { slot: u32, generation: u32 },
    /// A call lost its connection.
    CallFailed { slot: u32, generation: u32 },
    /// A broker accepts connections.
    BrokerBooted { broker: BrokerIndex, epoch: u32 },
    /// A thread of a broker has worked on a request.
    RequestServed { broker: BrokerIndex, epoch: u32, slot: u32 },
    /// A broker's timer is due.
    BrokerTaskDue { broker: BrokerIndex, epoch: u32, task: BrokerTask },
    /// The broker's event thread handles a closed channel.
    ChannelClosed { broker: BrokerIndex, epoch: u32, connection: ConnectionId, cause: ChannelEnd },
    /// The expiry scan reaches a consumer's entry.
    MemberExpired { broker: BrokerIndex, epoch: u32, connection: ConnectionId },
    /// `ReputMessageService` dispatches what was appended.
    Dispatched { broker: BrokerIndex, epoch: u32 },
    /// A pull that has read nothing begins to wait.
    PullHeld { broker: BrokerIndex, epoch: u32, slot: u32 },
    /// The controller makes a slave the master.
    MasterElected { broker: BrokerIndex, epoch: u32 },
    /// What a master appended came over to a slave.
    LogReplicated { broker: BrokerIndex, epoch: u32 },
    /// A flush of the log ends (`GroupCommitService`).
    LogFlushed { broker: BrokerIndex, epoch: u32 },
    /// The disk or the slaves of a broker have not had a message in time.
    StoreTimedOut { broker: BrokerIndex, epoch: u32, number: u32, delay: StoreDelay },
    /// The controller hears of the brokers that it can hear, and looks for silent ones every five seconds.
    ControllerTicked,
    /// A broker that starts goes on to prepare itself (`BrokerPreOnlineService`).
    PreOnlineDue { broker: BrokerIndex, epoch: u32 },
    /// A broker has written its offsets.
    OffsetsWritten { broker: BrokerIndex, epoch: u32 },
    /// A delayed message is due.
    DelayedMessageDue { broker: BrokerIndex, epoch: u32, index: u32 },
    /// A name server accepts connections.
    NameServerBooted { name_server: NameServerIndex, epoch: u32 },
    /// The name server looks for silent brokers.
    NameServerScanned { name_server: NameServerIndex, epoch: u32 },
    /// A producer sends.
    MessageDue { producer: ProducerIndex },
    /// A producer polls its route.
    ProducerRoutePolled { producer: ProducerIndex },
}

/// Why a broker's channel ended, as its event thread sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelEnd {
    /// FIN, RST or an exception.
    Closed,
    /// The idle handler closed it.
    Idle,
    /// The expiry scan closed it.
    Expired,
}

impl Event {
    /// Its name, for the event log and the events of a fingerprint.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::StepDue { .. } => "step_due",
            Self::OperatorActed { .. } => "operator_acted",
            Self::ProcessBooted { .. } => "process_booted",
            Self::InstanceCreated { .. } => "instance_created",
            Self::InstanceStarted { .. } => "instance_started",
            Self::ShutdownCalled { .. } => "shutdown_called",
            Self::TerminationAwaited { .. } => "termination_awaited",
            Self::PullsStopped { .. } => "pulls_stopped",
            Self::InstanceStopped { .. } => "instance_stopped",
            Self::ScheduledTaskDue { .. } => "scheduled_task_due",
            Self::RebalanceWoken { .. } => "rebalance_woken",
            Self::PullDue { .. } => "pull_due",
            Self::ListenerReturned { .. } => "listener_returned",
            Self::ResubmitDue { .. } => "resubmit_due",
            Self::CleanDue { .. } => "clean_due",
            Self::OffsetRepaired { .. } => "offset_repaired",
            Self::ResetSlept { .. } => "reset_slept",
            Self::PollTimedOut { .. } => "poll_timed_out",
            Self::OrderlyTaskDue { .. } => "orderly_task_due",
            Self::ChannelActive { .. } => "channel_active",
            Self::PodReady { .. } => "pod_ready",
            Self::PodSignalled { .. } => "pod_signalled",
            Self::ContainerRestarted { .. } => "container_restarted",
            Self::PodEvicted { .. } => "pod_evicted",
            Self::GraceOver { .. } => "grace_over",
            Self::Arrived { .. } => "arrived",
            Self::ConnectTimedOut { .. } => "connect_timed_out",
            Self::IdleChecked { .. } => "idle_checked",
            Self::CallTimedOut { .. } => "call_timed_out",
            Self::CallFailed { .. } => "call_failed",
            Self::BrokerBooted { .. } => "broker_booted",
            Self::RequestServed { .. } => "request_served",
            Self::BrokerTaskDue { .. } => "broker_task_due",
            Self::ChannelClosed { .. } => "channel_closed",
            Self::MemberExpired { .. } => "member_expired",
            Self::Dispatched { .. } => "dispatched",
            Self::PullHeld { .. } => "pull_held",
            Self::MasterElected { .. } => "master_elected",
            Self::LogReplicated { .. } => "log_replicated",
            Self::LogFlushed { .. } => "log_flushed",
            Self::StoreTimedOut { .. } => "store_timed_out",
            Self::ControllerTicked => "controller_ticked",
            Self::PreOnlineDue { .. } => "pre_online_due",
            Self::OffsetsWritten { .. } => "offsets_written",
            Self::DelayedMessageDue { .. } => "delayed_message_due",
            Self::NameServerBooted { .. } => "name_server_booted",
            Self::NameServerScanned { .. } => "name_server_scanned",
            Self::MessageDue { .. } => "message_due",
            Self::ProducerRoutePolled { .. } => "producer_route_polled",
        }
    }

    /// Two words that tell this event from others, for the fingerprint.
    #[must_use]
    pub fn words(&self) -> [u64; 2] {
        let word = |kind: u64, who: u16, epoch: u32| kind << 56 | u64::from(who) << 32 | u64::from(epoch);
        match *self {
            Self::StepDue { step } => [word(1, 0, step), 0],
            Self::OperatorActed { step } => [word(29, 0, step), 0],
            Self::ProcessBooted { consumer, epoch } => [word(2, consumer, epoch), 0],
            Self::InstanceCreated { consumer, epoch } => [word(3, consumer, epoch), 0],
            Self::InstanceStarted { consumer, epoch } => [word(4, consumer, epoch), 0],
            Self::ShutdownCalled { consumer, epoch } => [word(5, consumer, epoch), 0],
            Self::TerminationAwaited { consumer, epoch, second } => [word(6, consumer, epoch), second.into()],
            Self::PullsStopped { consumer, epoch, waited } => [word(30, consumer, epoch), waited.into()],
            Self::InstanceStopped { consumer, epoch } => [word(31, consumer, epoch), 0],
            Self::ScheduledTaskDue { consumer, epoch, task } => [word(7, consumer, epoch), task as u64],
            Self::RebalanceWoken { consumer, epoch } => [word(8, consumer, epoch), 0],
            Self::PullDue { consumer, epoch, process_queue } => [word(9, consumer, epoch), process_queue.into()],
            Self::ListenerReturned { consumer, epoch, thread } => [word(10, consumer, epoch), thread.into()],
            Self::ResubmitDue { consumer, epoch, process_queue, offset } => {
                [word(11, consumer, epoch), u64::from(process_queue) << 32 | u64::from(offset)]
            }
            Self::CleanDue { consumer, epoch } => [word(28, consumer, epoch), 0],
            Self::OffsetRepaired { consumer, epoch, process_queue } => {
                [word(50, consumer, epoch), process_queue.into()]
            }
            Self::ResetSlept { consumer, epoch } => [word(38, consumer, epoch), 0],
            Self::PollTimedOut { consumer, epoch, poll } => [word(39, consumer, epoch), poll.into()],
            Self::OrderlyTaskDue { consumer, epoch, process_queue, task } => {
                [word(29, consumer, epoch), u64::from(process_queue) << 8 | task as u64]
            }
            Self::ChannelActive { consumer, epoch, connection } => [word(12, consumer, epoch), connection.into()],
            Self::PodReady { consumer, epoch } => [word(32, consumer, epoch), 0],
            Self::PodSignalled { consumer, epoch } => [word(33, consumer, epoch), 0],
            Self::GraceOver { consumer, epoch } => [word(34, consumer, epoch), 0],
            Self::ContainerRestarted { consumer, epoch } => [word(50, consumer, epoch), 0],
            Self::PodEvicted { consumer, epoch } => [word(51, consumer, epoch), 0],
            Self::Arrived { flight } => [word(13, 0, flight), 0],
            Self::ConnectTimedOut { connection } => [word(14, 0, connection), 0],
            Self::IdleChecked { connection, at_server } => [word(15, 0, connection), at_server.into()],
            Self::CallTimedOut { slot, generation } => [word(16, 0, slot), generation.into()],
            Self::CallFailed { slot, generation } => [word(17, 0, slot), generation.into()],
            Self::BrokerBooted { broker, epoch } => [word(18, broker, epoch), 0],
            Self::RequestServed { broker, epoch, slot } => [word(35, broker, epoch), slot.into()],
            Self::BrokerTaskDue { broker, epoch, task } => [word(19, broker, epoch), task as u64],
            Self::ChannelClosed { broker, epoch, connection, cause } => {
                [word(20, broker, epoch), u64::from(connection) << 8 | cause as u64]
            }
            Self::MemberExpired { broker, epoch, connection } => [word(21, broker, epoch), connection.into()],
            Self::Dispatched { broker, epoch } => [word(22, broker, epoch), 0],
            Self::PullHeld { broker, epoch, slot } => [word(37, broker, epoch), slot.into()],
            Self::MasterElected { broker, epoch } => [word(41, broker, epoch), 0],
            Self::LogReplicated { broker, epoch } => [word(40, broker, epoch), 0],
            Self::LogFlushed { broker, epoch } => [word(36, broker, epoch), 0],
            Self::StoreTimedOut { broker, epoch, number, delay } => {
                [word(43, broker, epoch), u64::from(number) << 8 | delay as u64]
            }
            Self::ControllerTicked => [word(44, 0, 0), 0],
            Self::PreOnlineDue { broker, epoch } => [word(45, broker, epoch), 0],
            Self::OffsetsWritten { broker, epoch } => [word(42, broker, epoch), 0],
            Self::DelayedMessageDue { broker, epoch, index } => [word(23, broker, epoch), index.into()],
            Self::NameServerBooted { name_server, epoch } => [word(24, name_server, epoch), 0],
            Self::NameServerScanned { name_server, epoch } => [word(25, name_server, epoch), 0],
            Self::MessageDue { producer } => [word(26, producer, 0), 0],
            Self::ProducerRoutePolled { producer } => [word(27, producer, 0), 0],
        }
    }
}
