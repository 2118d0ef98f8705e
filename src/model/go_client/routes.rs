//! Route requests, one after the other: all of a process wait for one mutex
//! (`internal/route.go:UpdateTopicRouteInfoWithDefault`, `queryTopicRouteInfoFromServer`).

use std::collections::VecDeque;

use crate::model::ids::NameServerIndex;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::TopicIndex;

/// Whose request it is. A consumer is meant in the life that it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RouteFor {
    /// The `Start` of the consumer at this place.
    Start(usize, u32),
    /// The poll of the client.
    Poll,
    /// The rebalance that holds the rebalance mutex.
    Rebalance,
    /// The pull loop of a process queue, whose broker is not known.
    Pull(usize, u32, u32),
}

/// The mutex.
#[derive(Debug, Default)]
pub(super) struct Routes {
    /// Those that ask and wait, the one that asks first.
    asking: VecDeque<(TopicIndex, RouteFor)>,
    /// How many name servers the one that asks may still ask.
    name_servers_left: usize,
}

impl ClientProcess {
    /// A route is asked for, now or when those before it have theirs.
    pub(super) fn go_ask_route(&mut self, out: &mut Outside<'_>, topic: TopicIndex, of: RouteFor) {
        let asking = &mut self.go().routes.asking;
        asking.push_back((topic, of));
        if asking.len() == 1 {
            self.go_begin_route(out);
        }
    }

    fn go_begin_route(&mut self, out: &mut Outside<'_>) {
        self.go().routes.name_servers_left = out.plan.name_servers.len();
        self.go_asks_next_name_server(out);
    }

    /// The next name server is asked, at every request, if one is left that this one has not asked.
    fn go_asks_next_name_server(&mut self, out: &mut Outside<'_>) -> bool {
        let timeout = self.go().rules.route_timeout;
        let routes = &mut self.go().routes;
        let Some(&(topic, _)) = routes.asking.front().filter(|_| routes.name_servers_left > 0) else { return false };
        routes.name_servers_left -= 1;
        let consumer = self.instance.owner;
        let (host, epoch) = out.instance_seat(consumer);
        let (last, _) = self.instance.name_server;
        let next = (last + 1) % out.plan.name_servers.len() as u16;
        self.instance.name_server = (next, true);
        let (to, waiter) = (out.name_server_host(NameServerIndex(next)), Waiter::RoutePoll { consumer, epoch });
        out.call(host, to, Request::GetRoute { topic }, timeout, waiter);
        true
    }

    /// A route came, or a name server has none, or does not answer. The next one asks, and whoever had the mutex goes on.
    pub(super) fn go_route_answered(&mut self, out: &mut Outside<'_>, answer: Result<Response, CallError>) {
        let Some(&(topic, of)) = self.go().routes.asking.front() else { return };
        if answer.is_err() {
            let (name_server, _) = self.instance.name_server;
            for consumer in self.consumers.iter().filter(|_| of == RouteFor::Poll) {
                let name_server = NameServerIndex(name_server);
                out.see(Observation::RoutePollFailed { consumer: consumer.index, name_server });
            }
            if self.go_asks_next_name_server(out) {
                return;
            }
        }
        let at = match of {
            RouteFor::Start(at, _) | RouteFor::Pull(at, ..) => at,
            RouteFor::Rebalance => self.go_run().at,
            RouteFor::Poll => self.owner_at(),
        };
        let told = self.go().rules.any_route_gives_queues;
        match of {
            RouteFor::Rebalance | RouteFor::Pull(..) if !told => self.take_route_untold(out, topic, answer),
            _ => self.take_route(out, at, topic, answer),
        }
        self.go().routes.asking.pop_front();
        if !self.go().routes.asking.is_empty() {
            self.go_begin_route(out);
        }
        match of {
            RouteFor::Poll => self.go_route_polled(out),
            RouteFor::Rebalance => self.go_member_route_answered(out),
            RouteFor::Start(at, life) if self.consumers[at].life == life => self.go_start_route_answered(out, at),
            RouteFor::Pull(at, life, process_queue) if self.consumers[at].life == life => {
                self.go_pull_route_answered(out, at, process_queue);
            }
            RouteFor::Start(..) | RouteFor::Pull(..) => {}
        }
    }
}
