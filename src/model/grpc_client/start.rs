//! `startUp` (`ClientImpl.startUp`): the route of each topic, and behind each route the settings of its endpoints.

use std::collections::BTreeSet;

use super::AT;
use crate::model::consumer::{State, Subscription};
use crate::model::event::{ConsumerEvent, GrpcTask};
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Endpoint, GrpcRequest, GrpcResponse, GrpcWait, Request, Route};
use crate::model::observation::{Observation, StartFailure};
use crate::model::outside::Outside;
use crate::model::plan::TopicIndex;

/// A route on its way into the cache.
#[derive(Debug)]
pub(super) struct Fetch {
    pub topic: TopicIndex,
    /// The route, once it has come, and the endpoints whose settings it waits for.
    pub route: Option<(Route, bool, BTreeSet<Endpoint>)>,
    /// `startUp` waits for it.
    pub starts: bool,
}

impl ClientProcess {
    /// The process boots, as any of a virtual machine.
    pub(in crate::model) fn grpc_boot(&mut self, out: &mut Outside<'_>, at: usize) {
        let (consumer, (_, epoch)) = (self.consumers[at].index, self.consumers[at].seat(out));
        let boot = out.environment().process_boot.draw(&mut out.environment_stream);
        self.instance.booted = out.now() + boot;
        out.after(boot, ConsumerEvent::ProcessBooted.of(consumer, epoch));
    }

    /// The application builds its consumer.
    pub(super) fn grpc_booted(&mut self, out: &mut Outside<'_>) {
        let client = &self.consumers[AT];
        out.see(Observation::ConsumerStarting { consumer: client.index, client: client.client });
        let work = out.environment().client_start.draw(&mut out.environment_stream);
        self.grpc_later(out, work, GrpcTask::Start);
    }

    /// `startUp`.
    pub(super) fn grpc_start(&mut self, out: &mut Outside<'_>) {
        let client = &mut self.consumers[AT];
        if client.state != State::Starting {
            return;
        }
        let (consumer, planned) = (client.index, out.planned(client.index));
        let version = out.client_clock(consumer).as_millis();
        let subscription = |&topic: &TopicIndex| Subscription { topic, version, tags: planned.tags };
        client.subscriptions = planned.topics.iter().map(subscription).collect();
        client.refresh_subscription_set();
        for &topic in &planned.topics {
            out.see(Observation::SubscriptionChanged { consumer, topic, subscribed: true, tags: planned.tags });
        }
        client.apply_early_subscription_changes(out);
        let threads = match &self.grpc_settings(out).simple {
            Some(simple) => simple.receiving_threads,
            None => self.grpc_settings(out).consumption_thread_count,
        };
        self.grpc().pool.open(threads);
        self.grpc_begin_timers(out);
        self.grpc_attempt_start(out);
    }

    /// All topics, one after the other.
    fn grpc_attempt_start(&mut self, out: &mut Outside<'_>) {
        self.consumers[AT].start_topics = self.consumers[AT].topics_to_come();
        self.grpc_fetch_next_start_route(out);
    }

    fn grpc_fetch_next_start_route(&mut self, out: &mut Outside<'_>) {
        match self.consumers[AT].start_topics.last() {
            Some(&topic) => self.grpc_fetch(out, topic, true),
            None => self.grpc_started(out),
        }
    }

    /// `fetchTopicRoute`, unless it is under way.
    pub(super) fn grpc_fetch(&mut self, out: &mut Outside<'_>, topic: TopicIndex, starts: bool) {
        if self.grpc().fetches.iter().any(|fetch| fetch.topic == topic) {
            return;
        }
        self.grpc().fetches.push(Fetch { topic, route: None, starts });
        let request = Request::Grpc(GrpcRequest::QueryRoute { topic });
        let timeout = self.grpc_settings(out).request_timeout;
        self.grpc_call(out, Endpoint::Dialled, (request, timeout), GrpcWait::Route { topic });
    }

    /// A route came, or did not: `onTopicRouteDataFetched`.
    pub(super) fn grpc_route_answered(
        &mut self,
        out: &mut Outside<'_>,
        topic: TopicIndex,
        answer: Result<GrpcResponse, CallError>,
    ) {
        let Ok(GrpcResponse::Route { route: Some(route), local }) = answer else {
            return self.grpc_fetch_failed(out, topic);
        };
        let (known, of_it) = (self.grpc_endpoints(), endpoints(&route, local));
        let new: BTreeSet<Endpoint> = of_it.difference(&known).copied().collect();
        if let Some(fetch) = self.grpc().fetches.iter_mut().find(|fetch| fetch.topic == topic) {
            fetch.route = Some((route, local, new.clone()));
        }
        for endpoint in new {
            self.grpc_open_session(out, endpoint);
        }
        self.grpc_routes_that_wait(out);
    }

    /// Routes whose endpoints have all sent their settings come into the cache.
    pub(super) fn grpc_routes_that_wait(&mut self, out: &mut Outside<'_>) {
        loop {
            let grpc = self.grpc();
            let settled = |endpoint: &Endpoint| grpc.sessions.is_settled(endpoint);
            let ready = |(_, _, new): &(Route, bool, BTreeSet<Endpoint>)| new.iter().all(settled);
            let is_ready = |fetch: &Fetch| fetch.route.as_ref().is_some_and(&ready);
            let Some(at) = grpc.fetches.iter().position(is_ready) else { return };
            let Fetch { topic, route, starts } = grpc.fetches.remove(at);
            let (route, local, _) = route.expect("it is ready");
            self.grpc_take_route(out, topic, (route, local));
            if starts {
                self.consumers[AT].start_topics.pop();
                self.grpc_fetch_next_start_route(out);
            }
        }
    }

    fn grpc_take_route(&mut self, out: &mut Outside<'_>, topic: TopicIndex, (route, local): (Route, bool)) {
        let consumer = self.consumers[AT].index;
        if self.grpc().routes.get(&topic).is_some_and(|(known, _)| *known == route) {
            return;
        }
        let view = out.readable_queues(topic, &route);
        let queues = out.views.queue_list(view).len() as u32;
        let (host, _) = out.instance_seat(self.instance.owner);
        if local {
            out.learn_addresses(host, &route);
        }
        self.grpc().routes.insert(topic, (route, local));
        self.consumers[AT].topic_subscribe_info.insert(topic, view);
        out.see(Observation::RouteChanged { consumer, topic, queues, view });
        if self.grpc_settings(out).simple.is_some() {
            self.grpc_shares_all(out, topic);
        }
    }

    /// A route did not come: `startUp` tries all of them again, or throws.
    pub(super) fn grpc_fetch_failed(&mut self, out: &mut Outside<'_>, topic: TopicIndex) {
        let fetches = &mut self.grpc().fetches;
        let Some(at) = fetches.iter().position(|fetch| fetch.topic == topic) else { return };
        if !fetches.remove(at).starts || self.consumers[AT].state != State::Starting {
            return;
        }
        self.grpc().failed_starts += 1;
        if self.grpc().failed_starts < self.grpc_settings(out).max_startup_attempts {
            return self.grpc_attempt_start(out);
        }
        self.start_failed(out, AT, StartFailure::TopicWithoutRoute(topic));
    }

    /// `startUp` is over.
    fn grpc_started(&mut self, out: &mut Outside<'_>) {
        let consumer = self.consumers[AT].index;
        self.consumers[AT].state = State::Running;
        out.see(Observation::ConsumerStarted { consumer });
        self.grpc_begin_later_timers(out);
        if self.grpc_settings(out).simple.is_some() {
            self.grpc_begin_receiving(out);
        }
    }
}

/// `TopicRouteData.getTotalEndpoints`.
pub(super) fn endpoints(route: &Route, local: bool) -> BTreeSet<Endpoint> {
    match local {
        true => route.iter().filter_map(|entry| entry.addresses.master().map(Endpoint::Broker)).collect(),
        false => BTreeSet::from([Endpoint::Dialled]),
    }
}
