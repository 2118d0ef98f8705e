//! `DefaultMQPushConsumerImpl.shutdown(await)`, step by step.

use crate::kernel::Span;
use crate::model::event::ConsumerEvent;
use crate::model::network::{Request, Waiter};
use crate::model::observation::{CommitPath, End, Observation, Release};
use crate::model::plan::{ConsumerIndex, PlantedMistake};
use crate::model::world::World;

use super::State;

/// How long `PullMessageService.shutdown` waits for its executor.
const PULL_EXECUTOR_WAIT: Span = Span::from_secs(1);
/// How long the event thread waits for an event before it looks whether it shall stop (`NettyEventExecutor.run`).
const EVENT_POLL: Span = Span::from_secs(3);

impl World<'_> {
    /// SIGTERM: the hook will call `shutdown()`.
    pub(in crate::model) fn stop_consumer(&mut self, consumer: ConsumerIndex) {
        let (host, epoch) = self.client_seat(consumer);
        if self.out.machines[host as usize].running {
            let delay = self.out.environment().client_shutdown_hook.draw(&mut self.out.environment_stream);
            self.out.after(delay, ConsumerEvent::ShutdownCalled.of(consumer, epoch));
        }
    }

    /// Step 1: the consume pool takes no more, and has `awaitTerminationMillisWhenShutdown` to finish.
    pub(in crate::model) fn shutdown_called(&mut self, consumer: ConsumerIndex) {
        if self.client(consumer).state != State::Running {
            // `shutdown()` does nothing before RUNNING; the process ends all the same.
            return if self.client(consumer).state == State::Starting {
                self.end_consumer(consumer, End::Killed)
            };
        }
        self.out.see(Observation::ConsumerStopping { consumer });
        let client = self.client(consumer);
        client.state = State::Stopping;
        client.pool.closed = true;
        client.orderly.stopped = true;
        if self.out.lite_pull(consumer).is_some() {
            // `DefaultLitePullConsumerImpl.shutdown` waits for nobody, and commits nothing that was polled since.
            return self.leave_group(consumer);
        }
        self.wait_for_termination(consumer, false);
    }

    fn wait_for_termination(&mut self, consumer: ConsumerIndex, second: bool) {
        let (_, epoch) = self.client_seat(consumer);
        let wait = self.out.planned(consumer).consumer.await_termination_millis_when_shutdown;
        if wait == Span::ZERO || self.client(consumer).pool.is_idle() {
            return self.termination_awaited(consumer, second);
        }
        self.client(consumer).pool.terminating = Some(second);
        self.out.after(wait, ConsumerEvent::TerminationAwaited { second }.of(consumer, epoch));
    }

    /// The pool has finished, or its time is up: then what waits is thrown away and what runs is interrupted.
    pub(in crate::model) fn termination_awaited(&mut self, consumer: ConsumerIndex, second: bool) {
        if self.client(consumer).state != State::Stopping || !self.client(consumer).unregistering.is_empty() {
            return;
        }
        if !second && !self.client(consumer).pool.is_idle() {
            self.client(consumer).pool.discard_waiting();
            self.interrupt_listeners(consumer);
            return self.wait_for_termination(consumer, true);
        }
        self.client(consumer).pool.terminating = None;
        if self.out.uses_locks(consumer) { self.unlock_all(consumer) } else { self.leave_group(consumer) }
    }

    /// Steps 2 and 3: offsets are sent, then the instance forgets the consumer and tells the brokers.
    pub(super) fn leave_group(&mut self, consumer: ConsumerIndex) {
        if !self.out.planted(PlantedMistake::ShutdownWithoutPersist) {
            self.persist_all(consumer, CommitPath::Shutdown);
        }
        let client = &mut self.clients[consumer as usize];
        client.state = State::Unregistered;
        client.unregistering = client.broker_order(&self.out.names);
        client.unregistering.reverse();
        self.unregister_next(consumer);
    }

    /// Step 3: one broker after the other is told; errors are only logged.
    fn unregister_next(&mut self, consumer: ConsumerIndex) {
        let (host, epoch) = self.client_seat(consumer);
        let Some(&broker) = self.client(consumer).unregistering.last() else {
            let table = self.out.instances.consumers(consumer);
            if table
                .iter()
                .any(|&other| !matches!(self.clients[other as usize].state, State::Down | State::Unregistered))
            {
                // `MQClientInstance.shutdown` does nothing while other consumers use it.
                return self.leave(consumer);
            }
            let work = self.out.environment().client_shutdown_work.draw(&mut self.out.environment_stream);
            self.out.after(work, ConsumerEvent::PullsStopped { waited: false }.of(consumer, epoch));
            return;
        };
        let group = self.client(consumer).group;
        let timeout = self.out.planned(consumer).client.mq_client_api_timeout;
        let to = self.out.broker_host(broker);
        self.out.call(host, to, Request::UnregisterClient { group }, timeout, Waiter::Shutdown { consumer, epoch });
    }

    /// A broker answered, or did not.
    pub(in crate::model) fn unregister_answered(&mut self, consumer: ConsumerIndex) {
        self.client(consumer).unregistering.pop();
        self.unregister_next(consumer);
    }

    /// Step 4, `PullMessageService.shutdown`: its executor has a second to run the delayed pulls it holds. A pull that
    /// was answered after the pool had closed is one (above), so a busy consumer takes this second more often than not.
    pub(in crate::model) fn pulls_stopped(&mut self, consumer: ConsumerIndex, waited: bool) {
        let (_, epoch) = self.client_seat(consumer);
        let now = self.out.now();
        let wait = self.client(consumer).delayed_pulls_until.max(now).since(now).min(PULL_EXECUTOR_WAIT);
        if waited || wait == Span::ZERO {
            return self.disconnect(consumer);
        }
        self.out.after(wait, ConsumerEvent::PullsStopped { waited: true }.of(consumer, epoch));
    }

    /// Step 4, `NettyRemotingClient.shutdown`: connections close; then the event thread is waited for.
    fn disconnect(&mut self, consumer: ConsumerIndex) {
        let (host, epoch) = self.client_seat(consumer);
        let open: Vec<_> = self.out.machines[host as usize].channels.values().copied().collect();
        for connection in open {
            self.out.close_client_end(connection, true);
        }
        self.client(consumer).state = State::Disconnected;
        let environment = self.out.environment();
        let drained = environment.client_event_drain.draw(&mut self.out.environment_stream);
        let told = environment.client_event_stop.draw(&mut self.out.environment_stream);
        let wait = if drained < told { drained + EVENT_POLL } else { drained };
        self.out.after(wait, ConsumerEvent::InstanceStopped.of(consumer, epoch));
    }

    /// Steps 5 and 6: only now the process queues are dropped.
    pub(in crate::model) fn leave(&mut self, consumer: ConsumerIndex) {
        for queue in std::mem::take(&mut self.client(consumer).table).into_keys() {
            self.out.see(Observation::QueueReleased { consumer, queue, release: Release::Shutdown });
        }
        self.end_consumer(consumer, End::Shutdown);
    }
}
