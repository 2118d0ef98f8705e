//! The tickers of a client, each a goroutine of its own: a slow one holds none of the others up (`internal/client.go:Start`).
//!
//! Each sleeps, runs once, and then ticks: routes and heartbeats so long after that first run has *ended*. A tick that comes
//! while a run goes on waits for its end, and of several only one.

use crate::kernel::Span;
use crate::model::event::{GoTask, InstanceEvent};
use crate::model::go_client::heartbeat::RoundOf;
use crate::model::go_client::rebalance::Wanted;
use crate::model::go_client::routes::RouteFor;
use crate::model::instance::ClientProcess;
use crate::model::observation::CommitPath;
use crate::model::outside::Outside;
use crate::model::plan::TopicIndex;

/// The tickers whose first run has a length.
#[derive(Debug, Default)]
pub(super) struct Tickers {
    /// The first route poll is over, and its ticker ticks.
    polls: bool,
    /// A tick came during a route poll.
    poll_waits: bool,
    /// The same of heartbeats.
    heartbeats: bool,
}

impl ClientProcess {
    /// `rmqClient.Start`, once in a process.
    pub(super) fn go_start_timers(&mut self, out: &mut Outside<'_>) {
        let timers = &out.planned(self.instance.owner).client.timers;
        let firsts = [
            (GoTask::RoutePoll, timers.route_poll_initial_delay),
            (GoTask::Heartbeat, timers.heartbeat_initial_delay),
            (GoTask::Persist, timers.persist_initial_delay),
            // The first tick comes as late as any other, and no other rebalance puts it off.
            (GoTask::Rebalance, timers.rebalance_wait_interval),
        ];
        for (task, delay) in firsts {
            self.go_task_later(out, task, delay);
        }
    }

    fn go_task_later(&self, out: &mut Outside<'_>, task: GoTask, delay: Span) {
        let (_, epoch) = out.instance_seat(self.instance.owner);
        out.after(delay, InstanceEvent::GoTaskDue { task }.of(self.instance.owner, epoch));
    }

    /// Its next tick comes a period from now.
    fn go_tick_later(&self, out: &mut Outside<'_>, task: GoTask) {
        let settings = &out.planned(self.instance.owner).client;
        let period = match task {
            GoTask::RoutePoll => settings.poll_name_server_interval,
            GoTask::Heartbeat => settings.heartbeat_broker_interval,
            GoTask::Persist => settings.persist_consumer_offset_interval,
            GoTask::Rebalance => settings.timers.rebalance_wait_interval,
        };
        self.go_task_later(out, task, period);
    }

    /// A ticker ticks, or its goroutine has slept before the first run.
    pub(super) fn go_task_due(&mut self, out: &mut Outside<'_>, task: GoTask) {
        let tickers = &self.go().tickers;
        let ticks = match task {
            GoTask::RoutePoll => tickers.polls,
            GoTask::Heartbeat => tickers.heartbeats,
            GoTask::Persist | GoTask::Rebalance => true,
        };
        if ticks {
            self.go_tick_later(out, task);
        }
        match task {
            GoTask::RoutePoll if self.go().polling.is_empty() => self.go_poll_routes(out),
            GoTask::RoutePoll => self.go().tickers.poll_waits = true,
            GoTask::Heartbeat => {
                self.clean_offline_brokers();
                self.go_heartbeat(out, RoundOf::Ticker);
            }
            GoTask::Persist => {
                for at in 0..self.consumers.len() {
                    self.consumers[at].persist_all(out, CommitPath::PersistTimer);
                }
            }
            GoTask::Rebalance => self.go_rebalance(out, Wanted::Unpaused),
        }
    }

    /// `UpdateTopicRouteInfo`: every topic of every consumer, one after the other, in the order of a map.
    fn go_poll_routes(&mut self, out: &mut Outside<'_>) {
        let mut topics: Vec<TopicIndex> = Vec::new();
        for subscription in self.consumers.iter().flat_map(|consumer| &consumer.subscriptions) {
            if !topics.contains(&subscription.topic) {
                topics.push(subscription.topic);
            }
        }
        self.go().in_map_order(&mut topics);
        self.go().polling = topics;
        self.go_poll_next(out);
    }

    fn go_poll_next(&mut self, out: &mut Outside<'_>) {
        if let Some(&topic) = self.go().polling.last() {
            return self.go_ask_route(out, topic, RouteFor::Poll);
        }
        if !std::mem::replace(&mut self.go().tickers.polls, true) {
            self.go_tick_later(out, GoTask::RoutePoll);
        }
        if std::mem::take(&mut self.go().tickers.poll_waits) {
            self.go_poll_routes(out);
        }
    }

    /// A round of heartbeats of the ticker is over.
    pub(super) fn go_ticked_heartbeats(&mut self, out: &mut Outside<'_>) {
        if !std::mem::replace(&mut self.go().tickers.heartbeats, true) {
            self.go_tick_later(out, GoTask::Heartbeat);
        }
    }

    /// A topic's route came. One whose route does not come is skipped, and the others go on.
    pub(super) fn go_route_polled(&mut self, out: &mut Outside<'_>) {
        self.go().polling.pop();
        self.go_poll_next(out);
    }
}
