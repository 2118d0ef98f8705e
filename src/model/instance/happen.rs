//! Which handler of a client's process hears of which event, and of which answer.

use crate::model::event::{ConsumerEvent, InstanceEvent, OrderlyTask};
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, OrderlyWait, Response, Waiter};
use crate::model::outside::Outside;

impl ClientProcess {
    /// Something happens to the instance.
    pub(in crate::model) fn instance_event(&mut self, out: &mut Outside<'_>, what: InstanceEvent) {
        if self.go.is_some() {
            return self.go_instance_event(out, what);
        }
        if self.grpc.is_some() {
            return self.grpc_instance_event(out, what);
        }
        match what {
            InstanceEvent::ScheduledTaskDue { task } => self.scheduled_task_due(out, task),
            InstanceEvent::RebalanceWoken => self.rebalance_woken(out),
            InstanceEvent::ChannelActive { connection } => self.channel_active(out, connection),
            InstanceEvent::GoTaskDue { .. } => unreachable!("a Java client has no goroutines"),
            InstanceEvent::GrpcTaskDue { .. } => unreachable!("a client that asks brokers speaks no gRPC"),
        }
    }

    /// Something happens to one of its consumers.
    pub(in crate::model) fn consumer_event(&mut self, out: &mut Outside<'_>, at: usize, what: ConsumerEvent) {
        if self.go.is_some() {
            return self.go_consumer_event(out, at, what);
        }
        if self.grpc.is_some() {
            return self.grpc_consumer_event(out, what);
        }
        let (consumer, instance) = (&mut self.consumers[at], &mut self.instance);
        match what {
            ConsumerEvent::ProcessBooted => consumer.process_booted(out),
            ConsumerEvent::InstanceCreated => self.instance_created(out, at),
            ConsumerEvent::InstanceStarted => self.instance_started(out, at),
            ConsumerEvent::StartGoesOn => self.start_goes_on(out, at),
            ConsumerEvent::ShutdownCalled => self.shutdown_called(out, at),
            ConsumerEvent::TerminationAwaited { second } => self.termination_awaited(out, at, second),
            ConsumerEvent::PullsStopped { waited } => self.pulls_stopped(out, at, waited),
            ConsumerEvent::InstanceStopped => self.leave(out, at),
            ConsumerEvent::PullDue { process_queue } => consumer.pull_due(out, process_queue),
            ConsumerEvent::PopDue { process_queue } => consumer.pop_due(out, instance, process_queue),
            ConsumerEvent::PopListenerReturned { thread } => consumer.pop_thread_is_free(out, thread),
            ConsumerEvent::ListenerReturned { thread } => self.listener_returned(out, at, thread),
            ConsumerEvent::ResubmitDue { process_queue, offset } => {
                consumer.resubmit_due(out, instance, process_queue, offset);
            }
            ConsumerEvent::CleanDue => consumer.clean_due(out),
            ConsumerEvent::OffsetRepaired { process_queue } => {
                consumer.offset_repaired(out, instance, process_queue);
            }
            ConsumerEvent::ResetSlept => consumer.reset_slept(out, instance),
            ConsumerEvent::PollTimedOut { poll } => consumer.poll_timed_out(out, instance, poll),
            ConsumerEvent::OrderlyTaskDue { process_queue, task } => {
                self.orderly_task_due(out, at, process_queue, task)
            }
        }
        self.pulls_ask_for_routes(out, at);
    }

    /// A timer of orderly consumption is due.
    fn orderly_task_due(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32, task: OrderlyTask) {
        let (consumer, instance) = (&mut self.consumers[at], &mut self.instance);
        match task {
            OrderlyTask::LockAll => consumer.lock_all_due(out, false),
            OrderlyTask::SecondLockAll => consumer.lock_all_due(out, true),
            OrderlyTask::TryLock => consumer.try_lock_due(out, process_queue),
            OrderlyTask::Resubmit => consumer.orderly_resubmit_due(out, instance, process_queue),
            OrderlyTask::UnlockDelayed => consumer.unlock_delayed(out, process_queue),
            OrderlyTask::RebalanceLater => instance.wake_rebalance(out),
            OrderlyTask::ConsumeLockTimedOut => {
                let step = consumer.consume_lock_timed_out(out, instance, process_queue);
                self.rebalance_goes_on(out, at, step);
            }
        }
    }

    /// An answer came for one of its threads.
    pub(in crate::model) fn answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        waiter: Waiter,
        answer: Result<Response, CallError>,
    ) {
        if self.go.is_some() {
            return self.go_answered(out, at, waiter, answer);
        }
        if let Waiter::Grpc { host, wait, .. } = waiter {
            return self.grpc_answered(out, (host, wait), answer);
        }
        let (consumer, instance) = (&mut self.consumers[at], &mut self.instance);
        match waiter {
            Waiter::Start { .. } => self.start_route_answered(out, at, answer),
            Waiter::RoutePoll { .. } => self.route_poll_answered(out, answer),
            Waiter::Persist { .. } => self.persist_answered(out, answer),
            Waiter::Heartbeat { .. } => self.heartbeat_answered(out, answer),
            Waiter::Rebalance { .. } => self.rebalance_answered(out, at, answer),
            Waiter::Pull { process_queue, .. } => consumer.pull_answered(out, instance, process_queue, answer),
            Waiter::Pop { process_queue, .. } => consumer.pop_answered(out, instance, process_queue, answer),
            Waiter::PullRoute { process_queue, .. } => self.pull_route_answered(out, at, process_queue, answer),
            Waiter::PopRoute { process_queue, .. } => {
                let topic = consumer.popping.process_queues[process_queue as usize].topic;
                self.take_route(out, at, topic, answer);
                self.consumers[at].pop_route_answered(out, process_queue);
            }
            Waiter::Ack { queue, offset, .. } => consumer.ack_answered(out, (queue, offset), &answer),
            Waiter::SendBack { thread, .. } => {
                consumer.send_back_answered(out, instance, thread, answer);
                self.pool_may_have_terminated(out, at);
            }
            Waiter::Clean { process_queue, offset, left, .. } => {
                consumer.clean_answered(out, process_queue, (offset, left), answer);
            }
            Waiter::Orderly { wait, .. } => self.orderly_answered(out, at, wait, answer),
            Waiter::Shutdown { .. } => self.unregister_answered(out, at),
            other => unreachable!("{other:?} waits elsewhere"),
        }
        self.pulls_ask_for_routes(out, at);
    }

    /// An answer came for a thread of orderly consumption.
    fn orderly_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        wait: OrderlyWait,
        answer: Result<Response, CallError>,
    ) {
        let consumer = &mut self.consumers[at];
        match wait {
            OrderlyWait::LockAll { second } => consumer.lock_all_answered(out, second, answer),
            OrderlyWait::LockOne { process_queue } => consumer.lock_one_answered(out, process_queue, answer),
            OrderlyWait::FirstOffset { process_queue, from_end } => {
                consumer.first_offset_answered(out, (process_queue, from_end), answer);
            }
            OrderlyWait::UnlockAll => self.unlock_all_answered(out, at, answer),
        }
    }
}
