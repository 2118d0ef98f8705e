//! `MQClientFactoryScheduledThread`: one thread for route polls, heartbeats and persisting (specification A2).

use std::collections::VecDeque;

use crate::kernel::{Instant, Span};
use crate::model::event::{Event, ScheduledTask};
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{CommitPath, Observation};
use crate::model::plan::{ConsumerIndex, PlantedMistake};
use crate::model::world::World;

use super::heartbeat::HeartbeatOwner;

/// The thread: what waits for it and what it does.
#[derive(Debug, Default)]
pub(in crate::model) struct ScheduledThread {
    waiting: VecDeque<ScheduledTask>,
    busy: bool,
    /// Position of the topic that the running route poll asks for.
    topic: usize,
    /// When each task is due by its fixed rate.
    due: [Instant; 3],
}

impl ScheduledThread {
    /// Whether a task is under way.
    pub fn is_busy(&self) -> bool {
        self.busy
    }

    /// Notes when a task is due next.
    pub fn expect(&mut self, task: ScheduledTask, due: Instant) {
        self.due[task as usize] = due;
    }
}

impl World<'_> {
    /// A task is due: it runs when the thread is free. Runs missed while the process stood still follow at once.
    pub(in crate::model) fn scheduled_task_due(&mut self, consumer: ConsumerIndex, task: ScheduledTask) {
        let (_, epoch) = self.client_seat(consumer);
        let settings = &self.planned(consumer).client;
        let period: Span = match task {
            ScheduledTask::RoutePoll => settings.poll_name_server_interval,
            ScheduledTask::Heartbeat => settings.heartbeat_broker_interval,
            ScheduledTask::Persist => settings.persist_consumer_offset_interval,
        };
        let now = self.now();
        let client = self.client(consumer);
        let next = client.scheduled.due[task as usize] + period;
        client.scheduled.expect(task, next);
        client.scheduled.waiting.push_back(task);
        self.agenda.schedule(next.max(now), Event::ScheduledTaskDue { consumer, epoch, task });
        self.run_scheduled(consumer);
    }

    /// Takes up the next task if the thread is free.
    fn run_scheduled(&mut self, consumer: ConsumerIndex) {
        loop {
            let client = self.client(consumer);
            if client.scheduled.busy {
                return;
            }
            let Some(task) = client.scheduled.waiting.pop_front() else { return };
            match task {
                ScheduledTask::RoutePoll => {
                    client.scheduled.busy = true;
                    client.scheduled.topic = 0;
                    self.poll_next_topic(consumer);
                }
                ScheduledTask::Heartbeat => {
                    self.clean_offline_brokers(consumer);
                    let sent = self.heartbeat_all(consumer, HeartbeatOwner::Scheduled);
                    self.client(consumer).scheduled.busy = sent;
                }
                ScheduledTask::Persist => self.persist_all(consumer, CommitPath::PersistTimer),
            }
        }
    }

    /// The thread's task is over.
    pub(super) fn scheduled_task_done(&mut self, consumer: ConsumerIndex) {
        self.client(consumer).scheduled.busy = false;
        self.apply_subscription_changes(consumer);
        self.run_scheduled(consumer);
    }

    fn poll_next_topic(&mut self, consumer: ConsumerIndex) {
        let (_, epoch) = self.client_seat(consumer);
        let client = self.client(consumer);
        match client.subscriptions.get(client.scheduled.topic) {
            Some(subscription) => {
                let topic = subscription.topic;
                self.ask_name_server(consumer, topic, Waiter::RoutePoll { consumer, epoch });
            }
            None => self.scheduled_task_done(consumer),
        }
    }

    /// A route came; an unreachable name server aborts the rest of the round.
    pub(in crate::model) fn route_poll_answered(
        &mut self,
        consumer: ConsumerIndex,
        answer: Result<Response, CallError>,
    ) {
        if answer.is_err() {
            self.leave_name_server(consumer);
            return self.scheduled_task_done(consumer);
        }
        let at = self.client(consumer).scheduled.topic;
        self.take_route(consumer, at, answer);
        self.client(consumer).scheduled.topic += 1;
        self.poll_next_topic(consumer);
    }

    /// The connection to the name server failed: the next one's turn.
    pub(super) fn leave_name_server(&mut self, consumer: ConsumerIndex) {
        let count = self.plan.name_servers.len() as u16;
        let client = self.client(consumer);
        client.name_server = (client.name_server + 1) % count;
    }

    /// `updateTopicRouteInfoFromNameServer`: a changed route gives brokers and queues, and wakes nobody. A topic that
    /// does not exist (any more) leaves everything as it is.
    pub(super) fn take_route(&mut self, consumer: ConsumerIndex, at: usize, answer: Result<Response, CallError>) {
        let Ok(Response::Route(Some(route))) = answer else { return };
        let subscription = &self.clients[consumer as usize].subscriptions[at];
        if subscription.queues.is_some() && subscription.route.as_ref() == Some(&route) {
            return;
        }
        let topic = subscription.topic;
        let mut queues = Vec::new();
        for entry in route.iter() {
            for queue_id in 0..entry.read_queue_nums {
                queues.push(self.names.intern_queue(crate::model::QueuePlace {
                    topic,
                    broker: entry.broker,
                    queue_id,
                }));
            }
        }
        let count = queues.len() as u32;
        let view = self.views.queues(queues, &self.names);
        let client = self.client(consumer);
        client.brokers.extend(route.iter().map(|entry| entry.broker));
        client.subscriptions[at].route = Some(route);
        client.subscriptions[at].queues = Some(view);
        self.see(Observation::RouteChanged { consumer, topic, queues: count });
        if self.planted(PlantedMistake::RebalanceOnRouteChange) {
            self.wake_rebalance(consumer);
        }
    }

    /// `cleanOfflineBroker`: brokers in no topic's route are forgotten.
    fn clean_offline_brokers(&mut self, consumer: ConsumerIndex) {
        let client = self.client(consumer);
        let routes: Vec<_> = client.subscriptions.iter().filter_map(|s| s.route.clone()).collect();
        client.brokers.retain(|broker| routes.iter().any(|route| route.iter().any(|entry| entry.broker == *broker)));
    }

    /// `persistAllConsumerOffset`: every offset of an owned queue, changed or not, one-way.
    pub(super) fn persist_all(&mut self, consumer: ConsumerIndex, path: CommitPath) {
        let client = self.client(consumer);
        if !client.is_registered() {
            return;
        }
        let group = client.group;
        let assigned = client.table.keys().copied().collect();
        if client.offsets.local().is_some() {
            return self.persist_local(consumer, &assigned);
        }
        for (queue, offset) in client.offsets.take_for_persist_all(&assigned) {
            self.update_offset(consumer, Request::UpdateOffset { group, queue, offset, path }, queue);
        }
    }

    /// Sends an offset to the queue's broker, where the client knows one.
    pub(super) fn update_offset(&mut self, consumer: ConsumerIndex, request: Request, queue: u32) {
        let (host, _) = self.client_seat(consumer);
        let broker = self.names.queue(queue).broker;
        if self.client(consumer).brokers.contains(&broker) {
            let to = self.queue_host(queue);
            self.one_way(host, to, request);
        }
    }
}
