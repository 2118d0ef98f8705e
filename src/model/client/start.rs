//! `DefaultMQPushConsumerImpl.start`, as the story and the process go through it.

use crate::kernel::Span;
use crate::model::crowd::at_pace;
use crate::model::event::{ConsumerEvent, InstanceEvent, ScheduledTask};
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::notice::Notice;
use crate::model::observation::{End, Observation, StartFailure};
use crate::model::plan::ConsumerIndex;
use crate::model::world::World;

use super::heartbeat::HeartbeatOwner;
use super::{Instance, State};

impl World<'_> {
    /// The story starts a consumer's process.
    pub(in crate::model) fn start_consumer(
        &mut self,
        consumer: ConsumerIndex,
        client_id: Option<&str>,
        release: Option<usize>,
    ) {
        let host = self.out.consumer_host(consumer);
        self.leave_disconnected(consumer);
        if self.client(consumer).state != State::Down {
            return;
        }
        if let Some(id) = client_id.filter(|_| !self.out.machines[host as usize].running) {
            let id = self.out.names.intern_client(id);
            for &other in self.out.instances.consumers(consumer).iter() {
                self.client(other).client = id;
            }
        }
        if let Some(release) = release {
            let strategy = self.out.plan.strategy_number(&self.out.plan.releases[release]);
            let client = self.client(consumer);
            client.strategy = strategy;
            self.out.releases[consumer as usize] = Some(release);
        }
        self.client(consumer).reset(State::Starting);
        if self.out.machines[host as usize].running {
            // Another consumer of its instance has started the process.
            let (now, (_, epoch)) = (self.out.now(), self.client_seat(consumer));
            let boots = self.instance(consumer).booted.since(now);
            self.out.after(boots, ConsumerEvent::ProcessBooted.of(consumer, epoch));
            return;
        }
        *self.instance(consumer) = Instance::default();
        let cold_calls = self.out.environment().cold_calls;
        let pace = self.out.crowds.pace(self.out.now());
        let machine = &mut self.out.machines[host as usize];
        machine.pace = pace;
        machine.running = true;
        machine.powered = true;
        machine.cold_calls_left = [cold_calls; Request::KINDS];
        let (_, epoch) = self.client_seat(consumer);
        let boot = self.out.environment().process_boot.draw(&mut self.out.environment_stream);
        self.instance(consumer).booted = self.out.now() + boot;
        self.out.after(boot, ConsumerEvent::ProcessBooted.of(consumer, epoch));
    }

    /// An old process that has nothing to do with the cluster any more: its successor does not wait for its end.
    pub(in crate::model) fn leave_disconnected(&mut self, consumer: ConsumerIndex) {
        for &other in self.out.instances.consumers(consumer).iter() {
            if self.client(other).state == State::Disconnected {
                self.leave(other);
            }
        }
    }

    /// The process calls `start()`.
    pub(in crate::model) fn process_booted(&mut self, consumer: ConsumerIndex) {
        let client = self.client(consumer).client;
        self.out.see(Observation::ConsumerStarting { consumer, client });
        let (_, epoch) = self.client_seat(consumer);
        let delay = self.out.environment().client_start.draw(&mut self.out.environment_stream);
        let delay = self.start_work(consumer, delay);
        self.out.after(delay, ConsumerEvent::InstanceCreated.of(consumer, epoch));
    }

    /// How long a part of the start takes at the pace of its crowd.
    fn start_work(&self, consumer: ConsumerIndex, work: Span) -> Span {
        at_pace(work, self.out.machines[self.out.consumer_host(consumer) as usize].pace)
    }

    /// Steps 1 to 7. The rebalance thread's minimum interval counts from here.
    pub(in crate::model) fn instance_created(&mut self, consumer: ConsumerIndex) {
        let now = self.out.client_clock(consumer);
        let plan = self.out.plan;
        let name_servers = plan.name_servers.len() as u64;
        let planned = self.out.planned(consumer);
        if self.instance(consumer).created.is_none() {
            let name_server = self.client(consumer).name_server_choice.below(name_servers) as u16;
            let instance = self.instance(consumer);
            (instance.created, instance.rebalance.last) = (Some(now), now);
            instance.name_server = (name_server, false);
        }
        let brokers = self.clients[self.out.instances.owner(consumer) as usize].brokers.clone();
        let client = &mut self.clients[consumer as usize];
        client.brokers = brokers;
        client.subscribe(planned, &self.out.names, now.as_millis());
        for &topic in &planned.topics {
            let tags = planned.tags;
            self.out.see(Observation::SubscriptionChanged { consumer, topic, subscribed: true, tags });
        }
        self.apply_early_subscription_changes(consumer);
        let client = &mut self.clients[consumer as usize];
        // A consumer that pulls has the one thread of its application.
        let threads = if planned.consumer.lite_pull.is_some() { 1 } else { planned.consumer.consume_thread_min };
        client.pool.open(threads);
        self.start_orderly_service(consumer);
        if self.open_offset_store(consumer).is_err() {
            return self.start_failed(consumer, StartFailure::OffsetsFileBroken);
        }
        let (_, epoch) = self.client_seat(consumer);
        let delay = self.out.environment().client_instance_start.draw(&mut self.out.environment_stream);
        let delay = self.start_work(consumer, delay);
        self.out.after(delay, ConsumerEvent::InstanceStarted.of(consumer, epoch));
    }

    /// Steps 8 and 9: the threads run; then step 10 begins.
    pub(in crate::model) fn instance_started(&mut self, consumer: ConsumerIndex) {
        if !std::mem::replace(&mut self.instance(consumer).started, true) {
            self.start_instance(self.out.instances.owner(consumer));
        }
        let (_, epoch) = self.client_seat(consumer);
        let clean = self.out.planned(consumer).consumer.consume_timeout;
        if !self.out.is_orderly(consumer) && self.out.lite_pull(consumer).is_none() {
            self.out.after(clean, ConsumerEvent::CleanDue.of(consumer, epoch));
        }
        let client = self.client(consumer);
        client.state = State::Running;
        client.start_topics = client.topics_to_come();
        self.fetch_next_start_route(consumer);
    }

    /// `MQClientInstance.start`: its scheduled tasks and its rebalance thread.
    fn start_instance(&mut self, consumer: ConsumerIndex) {
        let (_, epoch) = self.out.instance_seat(consumer);
        let timers = &self.out.planned(consumer).client.timers;
        let firsts = [
            (ScheduledTask::RoutePoll, timers.route_poll_initial_delay),
            (ScheduledTask::Heartbeat, timers.heartbeat_initial_delay),
            (ScheduledTask::Persist, timers.persist_initial_delay),
        ];
        for (task, delay) in firsts {
            let due = self.out.now() + delay;
            self.instance(consumer).scheduled.expect(task, due);
            self.out.after(delay, InstanceEvent::ScheduledTaskDue { task }.of(consumer, epoch));
        }
        let wait = timers.rebalance_wait_interval;
        self.rebalance_wait(consumer, wait);
    }

    /// Step 10: one synchronous route fetch a topic that is still subscribed; then step 12.
    fn fetch_next_start_route(&mut self, consumer: ConsumerIndex) {
        let (_, epoch) = self.client_seat(consumer);
        let client = self.client(consumer);
        while client.start_topics.last().is_some_and(|&topic| client.subscription(topic).is_none()) {
            client.start_topics.pop();
        }
        if let Some(&topic) = client.start_topics.last() {
            return self.ask_name_server(consumer, topic, Waiter::Start { consumer, epoch });
        }
        // A consumer that pulls leaves the first heartbeat to the timer and to its new connections.
        if self.out.lite_pull(consumer).is_some() || !self.heartbeat_all(consumer, HeartbeatOwner::Start(consumer)) {
            self.begin_polling(consumer);
            self.out.see(Observation::ConsumerStarted { consumer });
        }
    }

    /// A route of step 10; a name server that cannot be reached makes `start()` throw.
    pub(in crate::model) fn start_route_answered(
        &mut self,
        consumer: ConsumerIndex,
        answer: Result<Response, CallError>,
    ) {
        if let Err(error) = &answer {
            let (name_server, _) = self.instance(consumer).name_server;
            return self.start_failed(
                consumer,
                match error {
                    CallError::Unreachable => StartFailure::NameServerUnreachable(name_server),
                    CallError::TimedOut => StartFailure::NameServerTimedOut(name_server),
                },
            );
        }
        let topic = self.client(consumer).start_topics.pop().expect("a topic was asked for");
        self.take_route(consumer, topic, answer);
        self.fetch_next_start_route(consumer);
    }

    /// `start()` throws, and no application goes on without its consumer: the process ends, as that of a Spring
    /// application whose context does not come up. Other consumers in it are shut down, as their beans are destroyed.
    fn start_failed(&mut self, consumer: ConsumerIndex, why: StartFailure) {
        self.out.see(Observation::StartFailed { consumer, why });
        self.end_consumer(consumer, End::StartFailed);
        for &other in self.out.instances.consumers(consumer).iter().filter(|&&other| other != consumer) {
            if self.client(other).is_up() {
                self.stop_consumer(other);
            }
        }
    }

    /// Step 12 is over.
    pub(super) fn start_heartbeats_sent(&mut self, consumer: ConsumerIndex) {
        self.wake_rebalance(consumer);
        self.out.see(Observation::ConsumerStarted { consumer });
    }

    /// The process is gone.
    pub(in crate::model) fn end_consumer(&mut self, consumer: ConsumerIndex, end: End) {
        let host = self.out.consumer_host(consumer);
        if !self.out.machines[host as usize].running {
            return;
        }
        let mut ending = vec![consumer];
        let table = self.out.instances.consumers(consumer);
        let others = table.iter().copied().filter(|&other| other != consumer);
        let others: Vec<_> = others.filter(|&other| self.clients[other as usize].state != State::Down).collect();
        let at_once = matches!(end, End::Killed | End::PoweredOff);
        if at_once {
            ending.extend(&others);
            ending.retain(|&ended| self.clients[ended as usize].state != State::Down);
        }
        let last = at_once || others.is_empty();
        for &ended in ending.iter().filter(|_| last) {
            self.out.disks.process_died(ended, self.out.now());
        }
        if last {
            let teardown = if end == End::Killed { self.out.kill_teardown() } else { Span::ZERO };
            self.out.end_process(host, end != End::PoweredOff, teardown);
        }
        for consumer in ending {
            let client = self.client(consumer);
            client.reset(State::Down);
            client.life += 1;
            if !last {
                self.rebalance_without(consumer);
            }
            self.out.see(Observation::ConsumerEnded { consumer, end });
            self.out.tell(Notice::ContainerEnded { consumer, end });
        }
    }
}
