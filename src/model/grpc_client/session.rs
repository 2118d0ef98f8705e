//! Whom a client asks, and the telemetry stream that it has with each (`ClientSessionImpl`): its settings go there when the
//! stream is made, every five minutes, and a second after the stream has broken.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::AT;
use super::start::endpoints;
use crate::kernel::Span;
use crate::model::consumer::State;
use crate::model::event::GrpcTask;
use crate::model::ids::{BrokerIndex, HostId};
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Endpoint, GrpcRequest, GrpcResponse, GrpcWait, Request, Waiter};
use crate::model::outside::Outside;
use crate::model::plan::{Host, ProxyIndex};

/// `REQUEST_OBSERVER_RENEW_BACKOFF_DELAY`.
const RENEW: Span = Span::from_secs(1);
/// `SETTINGS_INITIALIZATION_TIMEOUT`, to which the request's time-out comes.
const SETTINGS_TIMEOUT: Span = Span::from_secs(3);

/// A telemetry stream.
#[derive(Debug, Default)]
struct Session {
    /// Settings came from there once.
    settled: bool,
    /// It broke, and will be made anew.
    renewing: bool,
}

/// All of them, and which of the configured endpoints is dialled.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_endpoint: BTreeMap<Endpoint, Session>,
    dialled: usize,
    /// Which proxy a balancer gives the next request to.
    next: usize,
}

impl Sessions {
    pub fn is_settled(&self, endpoint: &Endpoint) -> bool {
        self.by_endpoint.get(endpoint).is_some_and(|session| session.settled)
    }
}

impl ClientProcess {
    /// The endpoints that all routes name (`getTotalRouteEndpoints`).
    pub(super) fn grpc_endpoints(&mut self) -> BTreeSet<Endpoint> {
        self.grpc().routes.values().flat_map(|(route, local)| endpoints(route, *local)).collect()
    }

    /// The hosts that the client was configured with: those that the plan names, or all that there are.
    fn grpc_configured(&self, out: &Outside<'_>) -> Vec<HostId> {
        let named = &self.grpc_settings(out).endpoints;
        let all = || match out.plan.proxies.len() {
            0 => {
                let masters = out.plan.brokers.iter().take_while(|broker| broker.slave_of.is_none()).count();
                BrokerIndex::first(masters).map(Host::Broker).collect()
            }
            count => ProxyIndex::first(count).map(Host::Proxy).collect(),
        };
        let hosts: Vec<Host> = if named.is_empty() { all() } else { named.clone() };
        hosts.into_iter().map(|host| out.host_id(host)).collect()
    }

    fn grpc_host(&mut self, out: &Outside<'_>, endpoint: Endpoint) -> HostId {
        match endpoint {
            Endpoint::Broker(broker) => out.broker_host(broker),
            Endpoint::Dialled => {
                let configured = self.grpc_configured(out);
                let balances = self.grpc_settings(out).balances_requests;
                let sessions = &mut self.grpc().sessions;
                if balances {
                    sessions.next += 1;
                    return configured[sessions.next % configured.len()];
                }
                configured[sessions.dialled % configured.len()]
            }
        }
    }

    /// A call with a deadline.
    pub(super) fn grpc_call(
        &mut self,
        out: &mut Outside<'_>,
        endpoint: Endpoint,
        (request, timeout): (Request, Span),
        wait: GrpcWait,
    ) {
        let consumer = self.instance.owner;
        let (from, epoch) = out.instance_seat(consumer);
        let host = self.grpc_host(out, endpoint);
        out.call_until(from, host, request, timeout, Waiter::Grpc { consumer, epoch, host, wait });
    }

    /// A call could not be made, or lost its connection: the next endpoint is dialled, and the stream is broken.
    pub(super) fn grpc_unreachable(&mut self, out: &mut Outside<'_>, host: HostId) {
        let configured = self.grpc_configured(out);
        let sessions = &mut self.grpc().sessions;
        let dialled = configured[sessions.dialled % configured.len()] == host;
        if dialled {
            sessions.dialled = (sessions.dialled + 1) % configured.len();
        }
        let broker = Endpoint::Broker(match out.role(host) {
            Host::Broker(broker) => broker,
            _ => BrokerIndex::MAX,
        });
        for endpoint in [Some(broker), dialled.then_some(Endpoint::Dialled)].into_iter().flatten() {
            let session = self.grpc().sessions.by_endpoint.get_mut(&endpoint);
            if let Some(session) = session.filter(|session| session.settled)
                && !std::mem::replace(&mut session.renewing, true)
            {
                self.grpc_later(out, RENEW, GrpcTask::RenewSession { endpoint: number_of(endpoint) });
            }
        }
    }

    /// `getClientSession`: the settings are sent.
    pub(super) fn grpc_open_session(&mut self, out: &mut Outside<'_>, endpoint: Endpoint) {
        let sessions = &mut self.grpc().sessions.by_endpoint;
        if let Entry::Vacant(new) = sessions.entry(endpoint) {
            new.insert(Session::default());
            self.grpc_send_settings(out, endpoint);
        }
    }

    /// `syncSettings`, to one endpoint.
    pub(super) fn grpc_send_settings(&mut self, out: &mut Outside<'_>, endpoint: Endpoint) {
        let timeout = SETTINGS_TIMEOUT + self.grpc_settings(out).request_timeout;
        let consumer = &self.consumers[AT];
        let (group, client, subscriptions) = (consumer.group, consumer.client, consumer.subscription_set.clone());
        let request = Request::Grpc(GrpcRequest::Settings { group, client, subscriptions });
        self.grpc_call(out, endpoint, (request, timeout), GrpcWait::Settings { endpoint });
    }

    /// Settings came back. Before the client runs a failure ends the start; later they are sent again.
    pub(super) fn grpc_settings_answered(
        &mut self,
        out: &mut Outside<'_>,
        endpoint: Endpoint,
        answer: Result<GrpcResponse, CallError>,
    ) {
        let starting = self.consumers[AT].state == State::Starting;
        let Some(session) = self.grpc().sessions.by_endpoint.get_mut(&endpoint) else { return };
        if let Ok(GrpcResponse::Settings(settings)) = answer {
            (session.settled, session.renewing) = (true, false);
            self.grpc().settings = settings;
            return self.grpc_routes_that_wait(out);
        }
        if !starting {
            if !std::mem::replace(&mut session.renewing, true) || !session.settled {
                self.grpc_later(out, RENEW, GrpcTask::RenewSession { endpoint: number_of(endpoint) });
            }
            return;
        }
        self.grpc().sessions.by_endpoint.remove(&endpoint);
        let waits = |route: &super::Fetch| route.route.as_ref().is_some_and(|(.., new)| new.contains(&endpoint));
        let failed = self.grpc().fetches.iter().find(|fetch| waits(fetch)).map(|fetch| fetch.topic);
        if let Some(topic) = failed {
            self.grpc_fetch_failed(out, topic);
        }
    }

    /// `renewRequestObserver`, unless no route names the endpoint any more.
    pub(super) fn grpc_renew_session(&mut self, out: &mut Outside<'_>, endpoint: u32) {
        let endpoint = endpoint_of(endpoint);
        let waited_for = self
            .grpc()
            .fetches
            .iter()
            .any(|fetch| fetch.route.as_ref().is_some_and(|(.., new)| new.contains(&endpoint)));
        if !self.grpc_endpoints().contains(&endpoint) && !waited_for {
            self.grpc().sessions.by_endpoint.remove(&endpoint);
            return;
        }
        if let Some(session) = self.grpc().sessions.by_endpoint.get_mut(&endpoint) {
            session.renewing = false;
            self.grpc_send_settings(out, endpoint);
        }
    }
}

/// An endpoint as a timer carries it.
fn number_of(endpoint: Endpoint) -> u32 {
    match endpoint {
        Endpoint::Dialled => 0,
        Endpoint::Broker(broker) => u32::from(broker.0) + 1,
    }
}

fn endpoint_of(number: u32) -> Endpoint {
    match number.checked_sub(1) {
        None => Endpoint::Dialled,
        Some(broker) => Endpoint::Broker(BrokerIndex::of(broker as usize)),
    }
}
