//! `DefaultMQPushConsumerImpl.shutdown(await)`, step by step, and the end of a process.

use crate::kernel::Span;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::{Consumer, State};
use crate::model::event::ConsumerEvent;
use crate::model::instance::ClientProcess;
use crate::model::network::{Request, Waiter};
use crate::model::notice::Notice;
use crate::model::observation::{CommitPath, End, Observation, Release};
use crate::model::outside::Outside;
use crate::model::plan::PlantedMistake;

/// How long `PullMessageService.shutdown` waits for its executor.
const PULL_EXECUTOR_WAIT: Span = Span::from_secs(1);

/// How long the event thread waits for an event before it looks whether it shall stop (`NettyEventExecutor.run`).
const EVENT_POLL: Span = Span::from_secs(3);

impl Consumer {
    /// SIGTERM: the hook will call `shutdown()`.
    pub(in crate::model) fn stop_consumer(&mut self, out: &mut Outside<'_>) {
        let consumer = self.index;
        let (host, epoch) = self.seat(out);
        if out.machines[host.at()].running {
            let hook = &out.environment().client_shutdown_hook;
            // A Go process has no threads of a virtual machine to start: its signal handler calls `Shutdown` at once.
            let is_go = out.planned(consumer).client.go.is_some();
            let delay = if is_go { Span::ZERO } else { hook.draw(&mut out.environment_stream) };
            out.after(delay, ConsumerEvent::ShutdownCalled.of(consumer, epoch));
        }
    }
}

impl ClientProcess {
    /// Step 1: the consume pool takes no more, and has `awaitTerminationMillisWhenShutdown` to finish.
    pub(in crate::model) fn shutdown_called(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        if self.consumers[at].state != State::Running {
            // `shutdown()` does nothing before RUNNING; the process ends all the same.
            return if self.consumers[at].state == State::Starting {
                self.end_consumer(out, at, End::Killed)
            };
        }
        out.see(Observation::ConsumerStopping { consumer });
        let client = &mut self.consumers[at];
        client.state = State::Stopping;
        client.close_service();
        if client.service == ConsumeMessageService::LitePull {
            // `DefaultLitePullConsumerImpl.shutdown` waits for nobody, and commits nothing that was polled since.
            return self.leave_group(out, at);
        }
        self.wait_for_termination(out, at, false);
    }

    fn wait_for_termination(&mut self, out: &mut Outside<'_>, at: usize, second: bool) {
        let consumer = self.consumers[at].index;
        let (_, epoch) = self.consumers[at].seat(out);
        let wait = out.planned(consumer).consumer.await_termination_millis_when_shutdown;
        if wait == Span::ZERO || self.consumers[at].pool.is_idle() {
            return self.termination_awaited(out, at, second);
        }
        self.consumers[at].pool.terminating = Some(second);
        out.after(wait, ConsumerEvent::TerminationAwaited { second }.of(consumer, epoch));
    }

    /// The pool has finished, or its time is up: then what waits is thrown away and what runs is interrupted.
    pub(in crate::model) fn termination_awaited(&mut self, out: &mut Outside<'_>, at: usize, second: bool) {
        if self.consumers[at].state != State::Stopping || !self.consumers[at].unregistering.is_empty() {
            return;
        }
        if !second && !self.consumers[at].pool.is_idle() {
            self.consumers[at].pool.discard_waiting();
            self.interrupt_listeners(out, at);
            return self.wait_for_termination(out, at, true);
        }
        self.consumers[at].pool.terminating = None;
        if self.consumers[at].uses_locks(out) { self.unlock_all(out, at) } else { self.leave_group(out, at) }
    }

    /// Steps 2 and 3: offsets are sent, then the instance forgets the consumer and tells the brokers.
    pub(in crate::model) fn leave_group(&mut self, out: &mut Outside<'_>, at: usize) {
        if !out.planted(PlantedMistake::ShutdownWithoutPersist) {
            self.consumers[at].persist_all(out, CommitPath::Shutdown);
        }
        self.hear_notifications(out);
        let client = &mut self.consumers[at];
        client.state = State::Unregistered;
        client.unregistering = client.broker_order(&out.names);
        client.unregistering.reverse();
        self.unregister_next(out, at);
    }

    /// Step 3: one broker after the other is told; errors are only logged.
    fn unregister_next(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        let (host, epoch) = self.consumers[at].seat(out);
        let Some(&broker) = self.consumers[at].unregistering.last() else {
            let gone = |other: &Consumer| matches!(other.state, State::Down | State::Unregistered);
            if !self.consumers.iter().all(gone) {
                // `MQClientInstance.shutdown` does nothing while other consumers use it.
                return self.leave(out, at);
            }
            let work = out.environment().client_shutdown_work.draw(&mut out.environment_stream);
            out.after(work, ConsumerEvent::PullsStopped { waited: false }.of(consumer, epoch));
            return;
        };
        let group = self.consumers[at].group;
        let timeout = out.planned(consumer).client.mq_client_api_timeout;
        let to = out.broker_host(broker);
        out.call(host, to, Request::UnregisterClient { group }, timeout, Waiter::Shutdown { consumer, epoch });
    }

    /// A broker answered, or did not.
    pub(in crate::model) fn unregister_answered(&mut self, out: &mut Outside<'_>, at: usize) {
        self.consumers[at].unregistering.pop();
        self.unregister_next(out, at);
    }

    /// Step 4, `PullMessageService.shutdown`: its executor has a second to run the delayed pulls it holds. A pull that
    /// was answered after the pool had closed is one (above), so a busy consumer takes this second more often than not.
    pub(in crate::model) fn pulls_stopped(&mut self, out: &mut Outside<'_>, at: usize, waited: bool) {
        let consumer = self.consumers[at].index;
        let (_, epoch) = self.consumers[at].seat(out);
        let now = out.now();
        let wait = self.consumers[at].delayed_pulls_until.max(now).since(now).min(PULL_EXECUTOR_WAIT);
        if waited || wait == Span::ZERO {
            return self.disconnect(out, at);
        }
        out.after(wait, ConsumerEvent::PullsStopped { waited: true }.of(consumer, epoch));
    }

    /// Step 4, `NettyRemotingClient.shutdown`: connections close; then the event thread is waited for.
    pub(in crate::model) fn disconnect(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        let (host, epoch) = self.consumers[at].seat(out);
        let open: Vec<_> = out.machines[host.at()].channels.values().collect();
        for connection in open {
            out.close_client_end(connection, true);
        }
        self.consumers[at].state = State::Disconnected;
        let environment = out.environment();
        let drained = environment.client_event_drain.draw(&mut out.environment_stream);
        let told = environment.client_event_stop.draw(&mut out.environment_stream);
        let wait = if drained < told { drained + EVENT_POLL } else { drained };
        out.after(wait, ConsumerEvent::InstanceStopped.of(consumer, epoch));
    }

    /// Steps 5 and 6: only now the process queues are dropped.
    pub(in crate::model) fn leave(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        for queue in std::mem::take(&mut self.consumers[at].table).into_keys() {
            out.see(Observation::QueueReleased { consumer, queue, release: Release::Shutdown });
        }
        self.consumers[at].leave_pop_queues(out);
        self.end_consumer(out, at, End::Shutdown);
    }

    /// The process is gone.
    pub(in crate::model) fn end_consumer(&mut self, out: &mut Outside<'_>, at: usize, end: End) {
        let consumer = self.consumers[at].index;
        let host = out.consumer_host(consumer);
        if !out.machines[host.at()].running {
            return;
        }
        self.hear_notifications(out);
        let mut ending = vec![at];
        let others: Vec<_> = (0..self.consumers.len()).filter(|&o| o != at && self.consumers[o].is_up()).collect();
        let at_once = matches!(end, End::Killed | End::PoweredOff);
        if at_once {
            ending.extend(&others);
            ending.retain(|&ended| self.consumers[ended].is_up());
        }
        let last = at_once || others.is_empty();
        for &ended in ending.iter().filter(|_| last) {
            out.disks.process_died(self.consumers[ended].index, out.now());
        }
        if last {
            let teardown = if end == End::Killed { out.kill_teardown() } else { Span::ZERO };
            out.end_process(host, end != End::PoweredOff, teardown);
        }
        for at in ending {
            let client = &mut self.consumers[at];
            let consumer = client.index;
            client.reset(State::Down);
            client.life += 1;
            if !last {
                self.rebalance_without(out, at);
            }
            out.see(Observation::ConsumerEnded { consumer, end });
            out.tell(Notice::ContainerEnded { consumer, end });
        }
    }
}
