//! `MQClientFactoryScheduledThread`: one thread for route polls, heartbeats and persisting
//! (`MQClientInstance.startScheduledTask`).

use std::collections::{BTreeSet, VecDeque};

use crate::kernel::{Instant, Span};
use crate::model::event::{InstanceEvent, ScheduledTask};
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{CommitPath, Detail, Observation, QueueIndex};
use crate::model::plan::{ConsumerIndex, PlantedMistake, TopicIndex};
use crate::model::world::World;

use super::heartbeat::HeartbeatOwner;

/// The thread: what waits for it and what it does.
#[derive(Debug, Default)]
pub(in crate::model) struct ScheduledThread {
    waiting: VecDeque<ScheduledTask>,
    busy: bool,
    /// Topics that the running route poll has yet to ask for, the next one last.
    topics: Vec<TopicIndex>,
    /// Offsets that are sent one after the other, where sending may wait.
    persisting: VecDeque<(Request, QueueIndex)>,
    /// When each task is due by its fixed rate.
    due: [Instant; 3],
}

impl ScheduledThread {
    /// Notes when a task is due next.
    pub fn expect(&mut self, task: ScheduledTask, due: Instant) {
        self.due[task as usize] = due;
    }
}

impl World<'_> {
    /// A task is due: it runs when the thread is free. Runs missed while the process stood still follow at once.
    pub(in crate::model) fn scheduled_task_due(&mut self, consumer: ConsumerIndex, task: ScheduledTask) {
        let (_, epoch) = self.out.instance_seat(consumer);
        let settings = &self.out.planned(consumer).client;
        let period: Span = match task {
            ScheduledTask::RoutePoll => settings.poll_name_server_interval,
            ScheduledTask::Heartbeat if self.out.planted(PlantedMistake::HeartbeatHalfAsOften) => {
                settings.heartbeat_broker_interval + settings.heartbeat_broker_interval
            }
            ScheduledTask::Heartbeat => settings.heartbeat_broker_interval,
            ScheduledTask::Persist => settings.persist_consumer_offset_interval,
        };
        match task {
            ScheduledTask::Heartbeat => self.out.see_detail(Detail::HeartbeatDue { consumer }),
            ScheduledTask::Persist => self.out.see_detail(Detail::PersistDue { consumer }),
            ScheduledTask::RoutePoll => {}
        }
        let now = self.out.now();
        let thread = &mut self.instance(consumer).scheduled;
        let next = thread.due[task as usize] + period;
        thread.expect(task, next);
        thread.waiting.push_back(task);
        self.out.agenda.schedule(next.max(now), InstanceEvent::ScheduledTaskDue { task }.of(consumer, epoch));
        self.run_scheduled(consumer);
    }

    /// Takes up the next task if the thread is free.
    fn run_scheduled(&mut self, consumer: ConsumerIndex) {
        loop {
            let thread = &mut self.instance(consumer).scheduled;
            if thread.busy {
                return;
            }
            let Some(task) = thread.waiting.pop_front() else { return };
            match task {
                ScheduledTask::RoutePoll => {
                    thread.busy = true;
                    self.poll_routes(consumer);
                }
                ScheduledTask::Heartbeat => {
                    self.clean_offline_brokers(consumer);
                    let sent = self.heartbeat_all(consumer, HeartbeatOwner::Scheduled);
                    self.instance(consumer).scheduled.busy = sent;
                }
                ScheduledTask::Persist => {
                    if self.out.planned(consumer).client.oneway_waits_for_connect {
                        self.persist_one_by_one(consumer);
                        continue;
                    }
                    for &other in self.out.instances.consumers(consumer).iter() {
                        self.persist_all(other, CommitPath::PersistTimer);
                    }
                }
            }
        }
    }

    /// The thread's task is over.
    pub(super) fn scheduled_task_done(&mut self, consumer: ConsumerIndex) {
        self.instance(consumer).scheduled.busy = false;
        self.run_scheduled(consumer);
    }

    /// The topics of all consumers of the instance, each once.
    fn poll_routes(&mut self, consumer: ConsumerIndex) {
        let mut topics: Vec<TopicIndex> = Vec::new();
        for &other in self.out.instances.consumers(consumer).iter() {
            for subscription in &self.clients[other as usize].subscriptions {
                if !topics.contains(&subscription.topic) {
                    topics.push(subscription.topic);
                }
            }
        }
        topics.reverse();
        self.instance(consumer).scheduled.topics = topics;
        self.poll_next_topic(consumer);
    }

    fn poll_next_topic(&mut self, consumer: ConsumerIndex) {
        let (_, epoch) = self.out.instance_seat(consumer);
        match self.instance(consumer).scheduled.topics.last().copied() {
            Some(topic) => self.ask_name_server(consumer, topic, Waiter::RoutePoll { consumer, epoch }),
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
            let (name_server, _) = self.instance(consumer).name_server;
            for &consumer in self.out.instances.consumers(consumer).iter() {
                self.out.see(Observation::RoutePollFailed { consumer, name_server });
            }
            return self.scheduled_task_done(consumer);
        }
        let topic = self.instance(consumer).scheduled.topics.pop().expect("a topic was asked for");
        self.take_route(consumer, topic, answer);
        self.poll_next_topic(consumer);
    }

    /// `persistAllConsumerOffset`: every offset of an owned queue, changed or not, one-way.
    pub(super) fn persist_all(&mut self, consumer: ConsumerIndex, path: CommitPath) {
        for (request, queue) in self.offsets_to_persist(consumer, path) {
            self.update_offset(consumer, request, queue);
        }
    }

    /// What `persistAll` sends; a local store is written at once.
    fn offsets_to_persist(&mut self, consumer: ConsumerIndex, path: CommitPath) -> Vec<(Request, QueueIndex)> {
        let skips_dropped = self.out.planted(PlantedMistake::DroppedQueuesNotPersisted);
        let client = self.client(consumer);
        if !client.is_registered() {
            return Vec::new();
        }
        let group = client.group;
        let mut assigned: BTreeSet<QueueIndex> = client.table.keys().copied().collect();
        if skips_dropped {
            assigned.retain(|queue| !client.process_queues[client.table[queue] as usize].dropped);
        }
        if client.offsets.local().is_some() {
            self.persist_local(consumer, &assigned);
            return Vec::new();
        }
        let offsets = client.offsets.take_for_persist_all(&assigned);
        for &(queue, offset) in &offsets {
            self.out.see_detail(Detail::OffsetTold { consumer, queue, offset });
        }
        self.out.see_detail(Detail::PersistedAll { consumer, last: path == CommitPath::Shutdown });
        let offsets = offsets.into_iter();
        offsets.map(|(queue, offset)| (Request::UpdateOffset { group, queue, offset, path }, queue)).collect()
    }

    /// `persistAllConsumerOffset` of 4.x: the thread waits for each connection that is not there.
    fn persist_one_by_one(&mut self, consumer: ConsumerIndex) {
        let mut offsets = VecDeque::new();
        for &other in self.out.instances.consumers(consumer).iter() {
            offsets.extend(self.offsets_to_persist(other, CommitPath::PersistTimer));
        }
        let thread = &mut self.instance(consumer).scheduled;
        (thread.persisting, thread.busy) = (offsets, true);
        self.persist_next(consumer);
    }

    /// The connection is there, or failed: the next offset's turn.
    pub(in crate::model) fn persist_next(&mut self, consumer: ConsumerIndex) {
        let (host, epoch) = self.out.instance_seat(consumer);
        let timeout = self.out.planned(consumer).client.connect_timeout_millis;
        while let Some((request, queue)) = self.instance(consumer).scheduled.persisting.pop_front() {
            let Some(to) = self.any_host(consumer, queue) else { continue };
            let connection = self.out.machines[host as usize].channels.get(&to);
            let connected = connection.is_some_and(|&connection| !self.out.connections[connection].connecting);
            if !connected {
                // Its answer comes as soon as the connection is there: that is what is waited for.
                return self.out.call(host, to, request, timeout, Waiter::Persist { consumer, epoch });
            }
            self.update_offset(consumer, request, queue);
        }
        self.scheduled_task_done(consumer);
    }

    /// Sends an offset to the queue's broker, where the client knows one.
    pub(super) fn update_offset(&mut self, consumer: ConsumerIndex, request: Request, queue: u32) {
        let (host, _) = self.client_seat(consumer);
        let unlocks = matches!(request, Request::UnlockBatch { .. });
        let to = if unlocks { self.master_host(consumer, queue) } else { self.any_host(consumer, queue) };
        if let Some(to) = to {
            self.out.one_way(host, to, request);
        }
    }
}
