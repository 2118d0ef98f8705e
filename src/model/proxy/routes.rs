//! Routes that a proxy knows (`TopicRouteService`), and what it tells of them (`RouteActivity`): which queues there are, and
//! which message queues a client receives from. Who else is there counts for nothing.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::receive::Waiting;
use super::{Asker, Proxy, Site};
use crate::kernel::Instant;
use crate::model::ids::BrokerIndex;
use crate::model::names::QueuePlace;
use crate::model::network::{
    AssignedQueue, CallError, Endpoint, GrpcAssigned, GrpcResponse, Response, Route, RouteEntry,
};
use crate::model::outside::Outside;
use crate::model::plan::{GroupIndex, TopicIndex};

/// A topic in the cache.
#[derive(Debug)]
struct Cached {
    /// `None`: name servers do not know it.
    route: Option<Route>,
    /// When it was written.
    written: Instant,
    /// When it was last asked for.
    accessed: Instant,
    /// A name server is asked for it anew.
    refreshing: bool,
}

/// Who waits for a route.
#[derive(Debug)]
pub(super) enum ForRoute {
    /// `QueryRoute`.
    Route(Asker),
    /// `QueryAssignment`.
    Assignment(Asker, GroupIndex),
    /// `ReceiveMessage`.
    Receive(Waiting),
}

/// `topicCache`.
#[derive(Debug, Default)]
pub(super) struct Routes {
    cached: BTreeMap<TopicIndex, Cached>,
    /// Who waits for one that is not there yet.
    waiting: BTreeMap<TopicIndex, Vec<ForRoute>>,
}

impl Routes {
    /// The master of a broker's name, or the first broker there is, as the route of a topic says.
    pub fn broker(&self, topic: TopicIndex, name: BrokerIndex) -> Option<BrokerIndex> {
        let route = self.cached.get(&topic)?.route.as_ref()?;
        route.iter().find(|entry| entry.broker == name)?.addresses.master_or_any()
    }

    /// The entries of a topic that can be read.
    pub fn readable(&self, topic: TopicIndex) -> Vec<RouteEntry> {
        let route = self.cached.get(&topic).and_then(|cached| cached.route.clone());
        route.map_or_else(Vec::new, |route| route.iter().copied().filter(|entry| entry.read_queue_nums > 0).collect())
    }
}

impl Proxy {
    /// `QueryRoute`.
    pub(super) fn query_route(&mut self, out: &mut Outside<'_>, asker: Asker, topic: TopicIndex) {
        self.with_route(out, topic, ForRoute::Route(asker));
    }

    /// `QueryAssignment`.
    pub(super) fn query_assignment(
        &mut self,
        out: &mut Outside<'_>,
        asker: Asker,
        group: GroupIndex,
        topic: TopicIndex,
    ) {
        self.with_route(out, topic, ForRoute::Assignment(asker, group));
    }

    /// Goes on with the route of a topic: with that in the cache, which is asked for anew behind it where it is old; else
    /// when it comes.
    pub(super) fn with_route(&mut self, out: &mut Outside<'_>, topic: TopicIndex, then: ForRoute) {
        let (now, settings) = (out.now(), self.settings(out));
        let cached = &mut self.memory.routes.cached;
        if cached.get(&topic).is_some_and(|known| now.since(known.accessed) > settings.route_cache_expired) {
            cached.remove(&topic);
        }
        if let Some(known) = cached.get_mut(&topic) {
            known.accessed = now;
            let old = now.since(known.written) >= settings.route_cache_refresh;
            if old && !std::mem::replace(&mut known.refreshing, true) {
                self.ask_name_server(out, topic);
            }
            return self.route_is_there(out, topic, then);
        }
        let waiting = self.memory.routes.waiting.entry(topic).or_default();
        waiting.push(then);
        if waiting.len() == 1 {
            self.ask_name_server(out, topic);
        }
    }

    /// A name server answered. Without an answer what is in the cache stays, and who waits hears of a failure.
    pub(super) fn route_answered(
        &mut self,
        out: &mut Outside<'_>,
        topic: TopicIndex,
        answer: Result<Response, CallError>,
    ) {
        let now = out.now();
        let routes = &mut self.memory.routes;
        if let Ok(Response::Route(route)) = answer {
            if let Some(route) = &route {
                out.learn_addresses(out.proxy_host(self.index), route);
            }
            routes.cached.insert(topic, Cached { route, written: now, accessed: now, refreshing: false });
        } else if let Some(known) = routes.cached.get_mut(&topic) {
            known.refreshing = false;
        }
        for then in routes.waiting.remove(&topic).unwrap_or_default() {
            self.route_is_there(out, topic, then);
        }
    }

    fn route_is_there(&mut self, out: &mut Outside<'_>, topic: TopicIndex, then: ForRoute) {
        let known = self.memory.routes.cached.get(&topic).map(|cached| cached.route.clone());
        let local = matches!(self.site, Site::Local(_));
        match (then, known) {
            (ForRoute::Receive(waiting), _) => self.pop(out, waiting),
            (ForRoute::Route(asker) | ForRoute::Assignment(asker, _), None) => {
                self.respond(out, asker, GrpcResponse::InternalServerError);
            }
            (ForRoute::Route(asker), Some(route)) => {
                self.respond(out, asker, GrpcResponse::Route { route, local });
            }
            (ForRoute::Assignment(asker, group), Some(_)) => {
                let answer = self.assignments(out, group, topic);
                let answer = match answer.is_empty() {
                    true => GrpcResponse::Forbidden,
                    false => GrpcResponse::Assignment(Rc::new(answer)),
                };
                self.respond(out, asker, answer);
            }
        }
    }

    /// `RouteActivity.queryAssignment`: all of each broker that has a queue to read, or of a FIFO group each queue.
    fn assignments(&mut self, out: &mut Outside<'_>, group: GroupIndex, topic: TopicIndex) -> Vec<GrpcAssigned> {
        let fifo = self.is_fifo(out, group);
        let mut assigned = Vec::new();
        for entry in self.memory.routes.readable(topic) {
            let endpoint = match (self.site, entry.addresses.master()) {
                (Site::Cluster, _) => Endpoint::Dialled,
                (Site::Local(_), Some(master)) => Endpoint::Broker(master),
                // No broker is behind the name.
                (Site::Local(_), None) => continue,
            };
            let broker = entry.broker;
            if !fifo {
                assigned.push(GrpcAssigned { queue: AssignedQueue::AllOf(broker, topic), endpoint });
                continue;
            }
            for queue_id in 0..entry.read_queue_nums {
                let queue = out.names.intern_queue(QueuePlace { topic, broker, queue_id });
                assigned.push(GrpcAssigned { queue: AssignedQueue::One(queue), endpoint });
            }
        }
        assigned
    }
}
