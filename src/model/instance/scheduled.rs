//! `MQClientFactoryScheduledThread`: one thread for route polls, heartbeats and persisting
//! (`MQClientInstance.startScheduledTask`).

use crate::model::ids::NameServerIndex;
use std::collections::VecDeque;

use crate::kernel::{Instant, Span};
use crate::model::event::{InstanceEvent, ScheduledTask};
use crate::model::instance::ClientProcess;
use crate::model::instance::heartbeat::HeartbeatOwner;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{CommitPath, Detail, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{PlantedMistake, TopicIndex};

/// The thread: what waits for it and what it does.
#[derive(Debug, Default)]
pub(in crate::model) struct ScheduledThread {
    waiting: VecDeque<ScheduledTask>,
    busy: bool,
    /// Topics that the running route poll has yet to ask for, the next one last.
    topics: Vec<TopicIndex>,
    /// Offsets that are sent one after the other, where sending may wait.
    persisting: VecDeque<(Request, QueueIndex)>,
    /// The thread asks for the master of the first of them.
    asks_for_master: bool,
    /// When each task is due by its fixed rate.
    due: [Instant; 3],
    first: FirstRequest,
}

/// Where a start of which the story says what it takes is with its first request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum FirstRequest {
    /// It has been made, or nobody waits for it.
    #[default]
    Made,
    /// Its classes are loaded.
    Loading,
    /// The scheduled thread polls, and `start()` waits for `lockNamesrv`.
    Polling,
}

impl ScheduledThread {
    /// Notes when a task is due next.
    pub fn expect(&mut self, task: ScheduledTask, due: Instant) {
        self.due[task as usize] = due;
    }

    /// Nothing is asked for until the classes of the first request are there.
    pub fn wait_for_first_request(&mut self) {
        (self.busy, self.first) = (true, FirstRequest::Loading);
    }
}

impl ClientProcess {
    /// A task is due: it runs when the thread is free. Runs missed while the process stood still follow at once.
    pub(in crate::model) fn scheduled_task_due(&mut self, out: &mut Outside<'_>, task: ScheduledTask) {
        let consumer = self.instance.owner;
        let (_, epoch) = out.instance_seat(consumer);
        let settings = &out.planned(consumer).client;
        let period: Span = match task {
            ScheduledTask::RoutePoll => settings.poll_name_server_interval,
            ScheduledTask::Heartbeat if out.planted(PlantedMistake::HeartbeatHalfAsOften) => {
                settings.heartbeat_broker_interval + settings.heartbeat_broker_interval
            }
            ScheduledTask::Heartbeat => settings.heartbeat_broker_interval,
            ScheduledTask::Persist => settings.persist_consumer_offset_interval,
        };
        match task {
            ScheduledTask::Heartbeat => out.see_detail(Detail::HeartbeatDue { consumer }),
            ScheduledTask::Persist => out.see_detail(Detail::PersistDue { consumer }),
            ScheduledTask::RoutePoll => {}
        }
        let now = out.now();
        let thread = &mut self.instance.scheduled;
        let next = thread.due[task as usize] + period;
        thread.expect(task, next);
        thread.waiting.push_back(task);
        out.agenda.schedule(next.max(now), InstanceEvent::ScheduledTaskDue { task }.of(consumer, epoch));
        self.run_scheduled(out);
    }

    /// Takes up the next task if the thread is free.
    fn run_scheduled(&mut self, out: &mut Outside<'_>) {
        let consumer = self.instance.owner;
        loop {
            let thread = &mut self.instance.scheduled;
            if thread.busy {
                return;
            }
            let Some(task) = thread.waiting.pop_front() else { return };
            match task {
                ScheduledTask::RoutePoll => {
                    thread.busy = true;
                    self.poll_routes(out);
                }
                ScheduledTask::Heartbeat => {
                    self.clean_offline_brokers();
                    let sent = self.heartbeat_all(out, self.owner_at(), HeartbeatOwner::Scheduled);
                    self.instance.scheduled.busy = sent;
                }
                ScheduledTask::Persist => {
                    if out.planned(consumer).client.oneway_waits_for_connect {
                        self.persist_one_by_one(out);
                        continue;
                    }
                    for consumer in &mut self.consumers {
                        consumer.persist_all(out, CommitPath::PersistTimer);
                    }
                }
            }
        }
    }

    /// The thread's task is over.
    pub(in crate::model) fn scheduled_task_done(&mut self, out: &mut Outside<'_>) {
        self.instance.scheduled.busy = false;
        self.run_scheduled(out);
    }

    /// The classes of the first request are there. Answers whether the scheduled thread has a poll to make, for whose end
    /// `start()` waits.
    pub(in crate::model) fn first_route_poll(&mut self, out: &mut Outside<'_>) -> bool {
        let thread = &mut self.instance.scheduled;
        if thread.first != FirstRequest::Loading {
            return false;
        }
        let polls = thread.waiting.contains(&ScheduledTask::RoutePoll);
        thread.first = if polls { FirstRequest::Polling } else { FirstRequest::Made };
        self.scheduled_task_done(out);
        polls
    }

    /// A route poll is over. Who started the instance has waited for its first one.
    fn route_poll_over(&mut self, out: &mut Outside<'_>) {
        let first = std::mem::take(&mut self.instance.scheduled.first) == FirstRequest::Polling;
        self.scheduled_task_done(out);
        if first {
            self.start_asks(out, self.owner_at());
        }
    }

    /// The topics of all consumers of the instance, each once.
    fn poll_routes(&mut self, out: &mut Outside<'_>) {
        let mut topics: Vec<TopicIndex> = Vec::new();
        for subscription in self.consumers.iter().flat_map(|consumer| &consumer.subscriptions) {
            if !topics.contains(&subscription.topic) {
                topics.push(subscription.topic);
            }
        }
        topics.reverse();
        self.instance.scheduled.topics = topics;
        self.poll_next_topic(out);
    }

    fn poll_next_topic(&mut self, out: &mut Outside<'_>) {
        let consumer = self.instance.owner;
        let (_, epoch) = out.instance_seat(consumer);
        match self.instance.scheduled.topics.last().copied() {
            Some(topic) => self.instance.ask_name_server(out, topic, Waiter::RoutePoll { consumer, epoch }),
            None => self.route_poll_over(out),
        }
    }

    /// A route came; an unreachable name server aborts the rest of the round.
    pub(in crate::model) fn route_poll_answered(&mut self, out: &mut Outside<'_>, answer: Result<Response, CallError>) {
        if answer.is_err() {
            let (name_server, _) = self.instance.name_server;
            for consumer in &self.consumers {
                out.see(Observation::RoutePollFailed {
                    consumer: consumer.index,
                    name_server: NameServerIndex(name_server),
                });
            }
            return self.route_poll_over(out);
        }
        let topic = self.instance.scheduled.topics.pop().expect("a topic was asked for");
        self.take_route(out, self.owner_at(), topic, answer);
        self.poll_next_topic(out);
    }

    /// `persistAllConsumerOffset` of 4.x: the thread waits for each connection that is not there.
    pub(super) fn persist_one_by_one(&mut self, out: &mut Outside<'_>) {
        let mut offsets = VecDeque::new();
        for consumer in &mut self.consumers {
            offsets.extend(consumer.offsets_to_persist(out, CommitPath::PersistTimer));
        }
        let thread = &mut self.instance.scheduled;
        (thread.persisting, thread.busy) = (offsets, true);
        self.persist_next(out);
    }

    /// What the thread waited for is there, or failed: a connection, or the route of an offset whose master was not known.
    pub(in crate::model) fn persist_answered(&mut self, out: &mut Outside<'_>, answer: Result<Response, CallError>) {
        let thread = &mut self.instance.scheduled;
        if thread.asks_for_master && answer.is_err() {
            // The exception leaves this offset for the next time.
            thread.asks_for_master = false;
            thread.persisting.pop_front();
        } else if thread.asks_for_master {
            let (_, queue) = thread.persisting.front().expect("an offset waits for its master");
            let topic = out.names.queue(*queue).topic;
            self.take_route(out, self.owner_at(), topic, answer);
        }
        self.persist_next(out);
    }

    /// The next offset's turn.
    fn persist_next(&mut self, out: &mut Outside<'_>) {
        let consumer = self.instance.owner;
        let (host, epoch) = out.instance_seat(consumer);
        let timeout = out.planned(consumer).client.connect_timeout_millis;
        let at = self.owner_at();
        let asks = out.planned(consumer).client.rules.commit_asks_for_the_master;
        let mut asked = std::mem::take(&mut self.instance.scheduled.asks_for_master);
        while let Some((request, queue)) = self.instance.scheduled.persisting.pop_front() {
            let asked = std::mem::take(&mut asked);
            if asks && !asked && self.consumers[at].master_host(out, queue).is_none() {
                let (_, epoch) = out.instance_seat(consumer);
                let topic = out.names.queue(queue).topic;
                let thread = &mut self.instance.scheduled;
                thread.persisting.push_front((request, queue));
                thread.asks_for_master = true;
                return self.instance.ask_name_server(out, topic, Waiter::Persist { consumer, epoch });
            }
            let Some(to) = self.consumers[at].any_host(out, queue) else { continue };
            let connection = out.machines[host.at()].channels.get(to);
            let connected = connection.is_some_and(|connection| !out.connections[connection].is_connecting());
            if !connected {
                // Its answer comes as soon as the connection is there: that is what is waited for.
                return out.call(host, to, request, timeout, Waiter::Persist { consumer, epoch });
            }
            self.consumers[at].tell_broker(out, request, queue);
        }
        self.scheduled_task_done(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::instance::testing::{at, running, sent, shared};
    use crate::model::testing::{hear, outside};

    /// Two groups with topic 0 and their `%RETRY%` topics, 1 and 2.
    #[test]
    fn a_route_poll_asks_for_each_topic_once_and_ends_with_the_first_failure() {
        for (failing, polled) in [(None, 3), (Some(0), 1), (Some(1), 2)] {
            let plan = shared(2);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            process.scheduled_task_due(&mut out, ScheduledTask::RoutePoll);
            let (mut asked, mut seen) = (Vec::new(), Vec::new());
            for turn in 0..3 {
                let heard = hear(&mut out, at(10 * (turn + 1)));
                let routes = sent(&out, &heard);
                assert!(routes.len() <= 1, "the thread waits for each answer");
                asked.extend(routes);
                seen.extend(heard.seen);
                if process.instance.scheduled.busy {
                    let failed = failing == Some(turn);
                    let answer = if failed { Err(CallError::TimedOut) } else { Ok(Response::Route(None)) };
                    process.route_poll_answered(&mut out, answer);
                }
            }
            let mut different = asked.clone();
            different.sort();
            different.dedup();
            assert_eq!((asked.len(), different.len()), (polled, polled), "{failing:?} fails");
            assert!(!process.instance.scheduled.busy, "the thread is free");
            seen.extend(hear(&mut out, at(30)).seen);
            let failures = seen.iter().filter(|seen| matches!(seen, Observation::RoutePollFailed { .. })).count();
            assert_eq!(failures, if failing.is_some() { 2 } else { 0 }, "each consumer of the instance says so");
        }
    }

    #[test]
    fn a_heartbeat_that_is_due_waits_for_the_route_poll() {
        let plan = shared(1);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.scheduled_task_due(&mut out, ScheduledTask::RoutePoll);
        process.scheduled_task_due(&mut out, ScheduledTask::Heartbeat);
        let heard = hear(&mut out, at(10));
        assert_eq!(sent(&out, &heard).len(), 1, "only the route is asked for");
        process.route_poll_answered(&mut out, Err(CallError::Unreachable));
        let heard = hear(&mut out, at(20));
        assert_eq!(sent(&out, &heard), ["Broker(0): heartbeat of 1"]);
    }

    /// `lockNamesrv` and `lockHeartbeat` of a slow start: nobody asks while the first classes are loaded, then the scheduled
    /// thread does, and `start()` behind it, which finds the second lock taken where a heartbeat is due.
    #[test]
    fn the_first_request_of_a_slow_start_is_that_of_the_scheduled_thread() {
        for (heartbeat_due, by_start) in [(true, false), (false, true)] {
            let plan = shared(1);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            process.instance.scheduled.wait_for_first_request();
            process.scheduled_task_due(&mut out, ScheduledTask::RoutePoll);
            if heartbeat_due {
                process.scheduled_task_due(&mut out, ScheduledTask::Heartbeat);
            }
            let heard = hear(&mut out, at(10));
            assert!(sent(&out, &heard).is_empty(), "its classes are loaded");
            process.start_goes_on(&mut out, 0);
            let (mut asked, mut seen) = (Vec::new(), Vec::new());
            for turn in 2..9 {
                let heard = hear(&mut out, at(10 * turn));
                asked.extend(sent(&out, &heard));
                seen.extend(heard.seen);
                if !process.instance.scheduled.topics.is_empty() {
                    process.route_poll_answered(&mut out, Ok(Response::Route(None)));
                }
            }
            let routes = asked.iter().take_while(|asked| asked.contains("route")).count();
            assert_eq!(asked[routes..], ["Broker(0): heartbeat of 1"], "{asked:?}");
            let starts = seen.contains(&Observation::ConsumerStarted { consumer: process.instance.owner });
            let locked = seen.contains(&Observation::HeartbeatSkipped { consumer: process.instance.owner });
            assert_eq!((starts, locked), (!by_start, !by_start), "{heartbeat_due}");
            assert_eq!(process.instance.scheduled.first, FirstRequest::Made);
        }
    }

    #[test]
    fn tasks_keep_their_fixed_rate_and_those_missed_follow_at_once() {
        let plan = shared(1);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.instance.scheduled.expect(ScheduledTask::Persist, at(5_000));
        // The process stood still for 12 s.
        hear(&mut out, at(17_000));
        process.scheduled_task_due(&mut out, ScheduledTask::Persist);
        process.scheduled_task_due(&mut out, ScheduledTask::Persist);
        process.scheduled_task_due(&mut out, ScheduledTask::Persist);
        let due = hear(&mut out, at(60_000)).due.into_iter().map(|(at, _)| at.since(Instant::ZERO).as_millis());
        assert_eq!(due.collect::<Vec<_>>(), [17_000, 17_000, 20_000]);
    }
}
