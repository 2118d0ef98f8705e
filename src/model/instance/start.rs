//! `DefaultMQPushConsumerImpl.start`, as the story and the process go through it.

use crate::kernel::Span;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::{Consumer, State};
use crate::model::crowd::{StartPart, at_pace};
use crate::model::event::{ConsumerEvent, InstanceEvent, ScheduledTask};
use crate::model::go_client::GoClient;
use crate::model::grpc_client::GrpcClient;
use crate::model::ids::NameServerIndex;
use crate::model::instance::heartbeat::HeartbeatOwner;
use crate::model::instance::{ClientProcess, Instance};
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{End, Observation, StartFailure};
use crate::model::outside::Outside;

impl ClientProcess {
    /// The story starts a consumer's process.
    pub(in crate::model) fn start_consumer(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        client_id: Option<&str>,
        release: Option<usize>,
    ) {
        let consumer = self.consumers[at].index;
        let host = out.consumer_host(consumer);
        self.leave_disconnected(out);
        if self.consumers[at].state != State::Down {
            return;
        }
        if let Some(id) = client_id.filter(|_| !out.machines[host.at()].running) {
            let id = out.names.intern_client(id);
            self.consumers.iter_mut().for_each(|consumer| consumer.client = id);
        }
        if let Some(release) = release {
            let strategy = out.plan.strategy_number(&out.plan.releases[release]);
            let client = &mut self.consumers[at];
            client.strategy = strategy;
            out.releases[consumer.at()] = Some(release);
        }
        self.consumers[at].reset(State::Starting);
        self.consumers[at].service = ConsumeMessageService::of(out.planned(consumer));
        if out.machines[host.at()].running {
            // Another consumer of its instance has started the process.
            let (now, (_, epoch)) = (out.now(), self.consumers[at].seat(out));
            let boots = self.instance.booted.since(now);
            out.after(boots, ConsumerEvent::ProcessBooted.of(consumer, epoch));
            return;
        }
        self.instance.reset();
        self.consumers.iter_mut().for_each(|consumer| consumer.brokers.clear());
        let rules = out.planned(consumer).client.go.as_ref();
        self.go = rules.map(|rules| GoClient::new(rules, self.instance.owner, out.streams));
        let grpc = out.planned(consumer).client.grpc.as_ref();
        self.grpc = grpc.map(|_| GrpcClient::new(self.instance.owner, out.streams));
        let cold_calls = out.environment().cold_calls;
        let pace = out.crowds.pace_of(consumer, out.now());
        let machine = &mut out.machines[host.at()];
        machine.pace = pace;
        machine.crowded = None;
        machine.running = true;
        machine.powered = true;
        machine.cold_calls_left = [cold_calls; Request::KINDS];
        if self.go.is_some() {
            return self.go_boot(out, at);
        }
        if self.grpc.is_some() {
            return self.grpc_boot(out, at);
        }
        let (_, epoch) = self.consumers[at].seat(out);
        let boot = out.environment().process_boot.draw(&mut out.environment_stream);
        self.instance.booted = out.now() + boot;
        out.after(boot, ConsumerEvent::ProcessBooted.of(consumer, epoch));
    }

    /// An old process that has nothing to do with the cluster any more: its successor does not wait for its end.
    pub(in crate::model) fn leave_disconnected(&mut self, out: &mut Outside<'_>) {
        for at in 0..self.consumers.len() {
            if self.consumers[at].state == State::Disconnected {
                self.leave(out, at);
            }
        }
    }

    /// Steps 1 to 7. The rebalance thread's minimum interval counts from here.
    pub(in crate::model) fn instance_created(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        let now = out.client_clock(consumer);
        let plan = out.plan;
        let name_servers = plan.name_servers.len() as u64;
        let planned = out.planned(consumer);
        if self.instance.created.is_none() {
            let name_server = self.consumers[at].name_server_choice.below(name_servers) as u16;
            let instance = &mut self.instance;
            (instance.created, instance.rebalance.last) = (Some(now), now);
            instance.name_server = (name_server, false);
        }
        let client = &mut self.consumers[at];
        client.subscribe(planned, &out.names, now.as_millis());
        for &topic in &planned.topics {
            let tags = planned.tags;
            out.see(Observation::SubscriptionChanged { consumer, topic, subscribed: true, tags });
        }
        self.consumers[at].apply_early_subscription_changes(out);
        self.consumers[at].create_service(out);
        if self.consumers[at].open_offset_store(out).is_err() {
            return self.start_failed(out, at, StartFailure::OffsetsFileBroken);
        }
        let (_, epoch) = self.consumers[at].seat(out);
        let delay = self.consumers[at].start_part(out, StartPart::Threads);
        out.after(delay, ConsumerEvent::InstanceStarted.of(consumer, epoch));
    }

    /// Steps 8 and 9: the threads run; then step 10 begins.
    pub(in crate::model) fn instance_started(&mut self, out: &mut Outside<'_>, at: usize) {
        if !std::mem::replace(&mut self.instance.started, true) {
            self.instance.start_instance(out);
        }
        self.hear_notifications(out);
        let client = &mut self.consumers[at];
        client.start_service(out);
        client.state = State::Running;
        client.start_topics = client.topics_to_come();
        let (consumer, (_, epoch)) = (client.index, client.seat(out));
        let Some(rest) = out.crowds.given(consumer, StartPart::Requests) else {
            return self.fetch_next_start_route(out, at);
        };
        // Its first request loads classes all that time, and whoever makes it, nobody else makes one before it.
        if self.consumers.len() == 1 {
            self.instance.scheduled.wait_for_first_request();
        }
        out.after(rest, ConsumerEvent::StartGoesOn.of(consumer, epoch));
    }

    /// The rest of a start of which the story says what it takes is over. The scheduled thread is as far: it has
    /// `lockNamesrv` first, and then `lockHeartbeat`, for its first heartbeat has long been due (`lock heartBeat, but failed`
    /// says `start()` in nearly every recording of a slow one).
    pub(in crate::model) fn start_goes_on(&mut self, out: &mut Outside<'_>, at: usize) {
        if !self.first_route_poll(out) {
            self.start_asks(out, at);
        }
    }

    /// `start()` asks for its routes; who was told to stop meanwhile asks for nothing.
    pub(in crate::model) fn start_asks(&mut self, out: &mut Outside<'_>, at: usize) {
        if self.consumers[at].state == State::Running {
            self.fetch_next_start_route(out, at);
        }
    }

    /// Step 10: one synchronous route fetch a topic that is still subscribed; then step 12.
    fn fetch_next_start_route(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        let (_, epoch) = self.consumers[at].seat(out);
        let client = &mut self.consumers[at];
        while client.start_topics.last().is_some_and(|&topic| client.subscription(topic).is_none()) {
            client.start_topics.pop();
        }
        if let Some(&topic) = client.start_topics.last() {
            return self.instance.ask_name_server(out, topic, Waiter::Start { consumer, epoch });
        }
        // A consumer that pulls leaves the first heartbeat to the timer and to its new connections.
        let pulls = self.consumers[at].service == ConsumeMessageService::LitePull;
        if pulls || !self.heartbeat_all(out, at, HeartbeatOwner::Start(at)) {
            self.consumers[at].begin_polling(out, &self.instance);
            if !pulls && out.planned(consumer).client.rules.rebalance_without_heartbeat {
                self.instance.wake_rebalance(out);
            }
            out.see(Observation::ConsumerStarted { consumer });
        }
    }

    /// A route of step 10; a name server that cannot be reached makes `start()` throw.
    pub(in crate::model) fn start_route_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        answer: Result<Response, CallError>,
    ) {
        if let Err(error) = &answer {
            let (name_server, _) = self.instance.name_server;
            return self.start_failed(
                out,
                at,
                match error {
                    CallError::Unreachable => StartFailure::NameServerUnreachable(NameServerIndex(name_server)),
                    CallError::TimedOut => StartFailure::NameServerTimedOut(NameServerIndex(name_server)),
                },
            );
        }
        let topic = self.consumers[at].start_topics.pop().expect("a topic was asked for");
        self.take_route(out, at, topic, answer);
        self.fetch_next_start_route(out, at);
    }

    /// `start()` throws, and no application goes on without its consumer: the process ends, as that of a Spring
    /// application whose context does not come up. Other consumers in it are shut down, as their beans are destroyed.
    pub(in crate::model) fn start_failed(&mut self, out: &mut Outside<'_>, at: usize, why: StartFailure) {
        let consumer = self.consumers[at].index;
        out.see(Observation::StartFailed { consumer, why });
        let runs_on = why != StartFailure::OffsetsFileBroken;
        if runs_on && !out.planned(consumer).client.rules.start_failure_shuts_down {
            // Its threads are no daemons: the process goes on without whoever called `start()`.
            return self.consumers[at].start_topics.clear();
        }
        self.end_consumer(out, at, End::StartFailed);
        for other in self.consumers.iter_mut().filter(|other| other.index != consumer && other.is_up()) {
            other.stop_consumer(out);
        }
    }

    /// Step 12 is over.
    pub(in crate::model) fn start_heartbeats_sent(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        self.instance.wake_rebalance(out);
        out.see(Observation::ConsumerStarted { consumer });
    }
}

impl Consumer {
    /// The process calls `start()`.
    pub(in crate::model) fn process_booted(&mut self, out: &mut Outside<'_>) {
        let consumer = self.index;
        let client = self.client;
        out.see(Observation::ConsumerStarting { consumer, client });
        let (_, epoch) = self.seat(out);
        let delay = self.start_part(out, StartPart::Instance);
        out.after(delay, ConsumerEvent::InstanceCreated.of(consumer, epoch));
    }

    /// How long a part of the start takes: what the story says, or else what is drawn, at the pace of its crowd.
    fn start_part(&self, out: &mut Outside<'_>, part: StartPart) -> Span {
        let consumer = self.index;
        if let Some(given) = out.crowds.given(consumer, part) {
            return given;
        }
        let environment = out.environment();
        let drawn = match part {
            StartPart::Instance => &environment.client_start,
            StartPart::Threads => &environment.client_instance_start,
            StartPart::Requests => return Span::ZERO,
        };
        let work = drawn.draw(&mut out.environment_stream);
        at_pace(work, out.machines[out.consumer_host(consumer).at()].pace)
    }
}

impl Instance {
    /// `MQClientInstance.start`: its scheduled tasks and its rebalance thread.
    fn start_instance(&mut self, out: &mut Outside<'_>) {
        let consumer = self.owner;
        let (_, epoch) = out.instance_seat(consumer);
        let timers = &out.planned(consumer).client.timers;
        let firsts = [
            (ScheduledTask::RoutePoll, timers.route_poll_initial_delay),
            (ScheduledTask::Heartbeat, timers.heartbeat_initial_delay),
            (ScheduledTask::Persist, timers.persist_initial_delay),
        ];
        for (task, delay) in firsts {
            let due = out.now() + delay;
            self.scheduled.expect(task, due);
            out.after(delay, InstanceEvent::ScheduledTaskDue { task }.of(consumer, epoch));
        }
        let wait = timers.rebalance_wait_interval;
        self.rebalance_wait(out, wait);
    }
}
