//! `DefaultMQPushConsumerImpl.start` (specification A1.2), as the story and the process go through it.

use crate::kernel::Span;
use crate::model::crowd::at_pace;
use crate::model::event::{Event, ScheduledTask};
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{End, Observation};
use crate::model::plan::ConsumerIndex;
use crate::model::world::World;

use super::State;
use super::heartbeat::HeartbeatOwner;

impl World<'_> {
    /// The story starts a consumer's process.
    pub(in crate::model) fn start_consumer(
        &mut self,
        consumer: ConsumerIndex,
        client_id: Option<&str>,
        release: Option<usize>,
    ) {
        let host = self.consumer_host(consumer);
        if self.client(consumer).state == State::Disconnected {
            // The old process has nothing to do with the cluster any more; its successor does not wait for its end.
            self.leave(consumer);
        }
        if self.machines[host as usize].running {
            return;
        }
        if let Some(id) = client_id {
            self.clients[consumer as usize].client = self.names.intern_client(id);
        }
        if let Some(release) = release {
            let strategy = self.plan.strategy_number(&self.plan.releases[release]);
            let client = self.client(consumer);
            (client.release, client.strategy) = (Some(release), strategy);
        }
        self.client(consumer).reset(State::Starting);
        let cold_calls = self.environment().cold_calls;
        let pace = self.crowds.pace(self.now());
        let machine = &mut self.machines[host as usize];
        machine.pace = pace;
        machine.running = true;
        machine.powered = true;
        machine.cold_calls_left = [cold_calls; Request::KINDS];
        let epoch = machine.epoch;
        let boot = self.environment().process_boot.draw(&mut self.environment_stream);
        self.after(boot, Event::ProcessBooted { consumer, epoch });
    }

    /// The process calls `start()`.
    pub(in crate::model) fn process_booted(&mut self, consumer: ConsumerIndex) {
        let client = self.client(consumer).client;
        self.see(Observation::ConsumerStarting { consumer, client });
        let (_, epoch) = self.client_seat(consumer);
        let delay = self.environment().client_start.draw(&mut self.environment_stream);
        let delay = self.start_work(consumer, delay);
        self.after(delay, Event::InstanceCreated { consumer, epoch });
    }

    /// How long a part of the start takes at the pace of its crowd.
    fn start_work(&self, consumer: ConsumerIndex, work: Span) -> Span {
        at_pace(work, self.machines[self.consumer_host(consumer) as usize].pace)
    }

    /// Steps 1 to 7. The rebalance thread's minimum interval counts from here.
    pub(in crate::model) fn instance_created(&mut self, consumer: ConsumerIndex) {
        let now = self.client_clock(consumer);
        let plan = self.plan;
        let name_servers = plan.name_servers.len() as u64;
        let planned = self.planned(consumer);
        let client = &mut self.clients[consumer as usize];
        client.rebalance.last = now;
        client.subscribe(planned, &self.names, now.as_millis());
        client.name_server = client.name_server_choice.below(name_servers) as u16;
        for &topic in &planned.topics {
            self.see(Observation::SubscriptionChanged { consumer, topic, subscribed: true });
        }
        let client = &mut self.clients[consumer as usize];
        client.pool.open(planned.consumer.consume_thread_min);
        self.start_orderly_service(consumer);
        if self.open_offset_store(consumer).is_err() {
            return self.end_consumer(consumer, End::StartFailed);
        }
        let (_, epoch) = self.client_seat(consumer);
        let delay = self.environment().client_instance_start.draw(&mut self.environment_stream);
        let delay = self.start_work(consumer, delay);
        self.after(delay, Event::InstanceStarted { consumer, epoch });
    }

    /// Steps 8 and 9: the threads run; then step 10 begins.
    pub(in crate::model) fn instance_started(&mut self, consumer: ConsumerIndex) {
        let (_, epoch) = self.client_seat(consumer);
        let timers = &self.planned(consumer).client.timers;
        let firsts = [
            (ScheduledTask::RoutePoll, timers.route_poll_initial_delay),
            (ScheduledTask::Heartbeat, timers.heartbeat_initial_delay),
            (ScheduledTask::Persist, timers.persist_initial_delay),
        ];
        for (task, delay) in firsts {
            let due = self.now() + delay;
            self.client(consumer).scheduled.expect(task, due);
            self.after(delay, Event::ScheduledTaskDue { consumer, epoch, task });
        }
        let clean = self.planned(consumer).consumer.consume_timeout;
        if !self.is_orderly(consumer) {
            self.after(clean, Event::CleanDue { consumer, epoch });
        }
        let wait = timers.rebalance_wait_interval;
        self.rebalance_wait(consumer, wait);
        self.client(consumer).state = State::Running;
        self.fetch_next_start_route(consumer);
    }

    /// Step 10: one synchronous route fetch a topic; then step 12.
    fn fetch_next_start_route(&mut self, consumer: ConsumerIndex) {
        let (_, epoch) = self.client_seat(consumer);
        let client = self.client(consumer);
        if let Some(subscription) = client.subscriptions.get(client.start_topic) {
            let topic = subscription.topic;
            return self.ask_name_server(consumer, topic, Waiter::Start { consumer, epoch });
        }
        if !self.heartbeat_all(consumer, HeartbeatOwner::Start) {
            self.see(Observation::ConsumerStarted { consumer });
        }
    }

    /// Asks the client's name server for a route.
    pub(super) fn ask_name_server(&mut self, consumer: ConsumerIndex, topic: u16, waiter: Waiter) {
        let (host, _) = self.client_seat(consumer);
        let to = self.name_server_host(self.clients[consumer as usize].name_server);
        let timeout: Span = self.planned(consumer).client.mq_client_api_timeout;
        self.call(host, to, Request::GetRoute { topic }, timeout, waiter);
    }

    /// A route of step 10; a name server that cannot be reached makes `start()` throw.
    pub(in crate::model) fn start_route_answered(
        &mut self,
        consumer: ConsumerIndex,
        answer: Result<Response, CallError>,
    ) {
        if answer.is_err() {
            return self.end_consumer(consumer, End::StartFailed);
        }
        let at = self.client(consumer).start_topic;
        self.take_route(consumer, at, answer);
        self.client(consumer).start_topic += 1;
        self.fetch_next_start_route(consumer);
    }

    /// Step 12 is over.
    pub(super) fn start_heartbeats_sent(&mut self, consumer: ConsumerIndex) {
        self.wake_rebalance(consumer);
        self.see(Observation::ConsumerStarted { consumer });
        self.apply_subscription_changes(consumer);
    }

    /// The process is gone.
    pub(in crate::model) fn end_consumer(&mut self, consumer: ConsumerIndex, end: End) {
        let host = self.consumer_host(consumer);
        if !self.machines[host as usize].running {
            return;
        }
        self.disks.process_died(consumer, self.now());
        let teardown = if end == End::Killed { self.kill_teardown() } else { Span::ZERO };
        self.end_process(host, end != End::PoweredOff, teardown);
        self.client(consumer).reset(State::Down);
        self.see(Observation::ConsumerEnded { consumer, end });
    }
}
