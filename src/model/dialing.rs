//! The connect mutex of the Go client (`internal/remote/remote_client.go:connect`): a process has one for all brokers, and
//! one for all name servers, whom another `remotingClient` asks (`internal/namesrv.go:NewNamesrv`). It is held while a
//! connection is made, and every request takes it first, on an open connection too.
//!
//! ```text
//!   pull to b0 -----> no connection: dials b0, which is silent ...............  fails after 15 s
//!   heartbeat to b1 ----> the mutex is held: waits ..........................-> its 3 s are over, and it fails
//!   commit to b1 -----------> waits ..........................................-> is sent on the open connection
//! ```
//! A dial takes no longer than its request has time, and no longer than `ConnectionTimeout`. Whoever waits for the mutex does
//! not see that its time is over before it has it; then it dials no more. On an open connection it is sent all the same by
//! older rules, and by the newest it fails and closes the connection, whose deadline it sets to a moment that has passed.

use std::collections::VecDeque;

use super::event::NetworkEvent;
use super::network::{CallId, Payload};
use super::outside::Outside;
use super::plan::Host;
use crate::kernel::{Instant, Span};
use crate::model::ids::{ConnectionId, HostId};

/// Whose mutex it is: the process at a host, and whether that for name servers.
pub(super) type Dialer = (HostId, bool);

/// The mutex is held.
#[derive(Debug)]
pub(super) struct Dialing {
    /// For this connection.
    connection: ConnectionId,
    /// Who waits for it: to whom, and what.
    waiting: VecDeque<(HostId, Payload)>,
}

/// The call that waits for the answer to a request.
const fn call_of(payload: &Payload) -> Option<CallId> {
    match payload {
        Payload::Request(call, _) => *call,
        _ => None,
    }
}

impl Outside<'_> {
    /// The mutex that a request from one host to another takes.
    fn dialer(&self, from: HostId, to: HostId) -> Dialer {
        (from, matches!(self.role(to), Host::NameServer(_)))
    }

    /// The connection for which the process at a host holds the mutex that it needs for another host.
    pub(super) fn dialed(&self, from: HostId, to: HostId) -> Option<ConnectionId> {
        self.dialing.get(&self.dialer(from, to)).map(|dialing| dialing.connection)
    }

    /// A request waits for the mutex.
    pub(super) fn wait_for_dial(&mut self, from: HostId, to: HostId, payload: Payload) {
        let dialer = self.dialer(from, to);
        self.dialing.get_mut(&dialer).expect("the mutex is held").waiting.push_back((to, payload));
    }

    /// Whether a call waits for the mutex: it does not know that its time is over.
    pub(super) fn waits_for_dial(&self, id: CallId) -> bool {
        let waits = |dialing: &Dialing| dialing.waiting.iter().any(|(_, payload)| call_of(payload) == Some(id));
        self.dialing.values().any(waits)
    }

    /// A connection is opened at a host. A Go client holds its mutex meanwhile.
    pub(super) fn dial_begins(&mut self, from: HostId, connection: ConnectionId) {
        if self.speaks_go(from) {
            let dialer = self.dialer(from, self.connections[connection].server);
            self.dialing.entry(dialer).or_insert_with(|| Dialing { connection, waiting: VecDeque::new() }).connection =
                connection;
        }
    }

    /// A dial ends with its request's time at the latest.
    pub(super) fn limit_dial(&mut self, connection: ConnectionId, until: Instant) {
        let end = &self.connections[connection];
        let (from, to, now) = (end.client, end.server, self.now());
        let Host::Consumer(consumer) = self.role(from) else { return };
        let longest = self.planned(consumer).client.connect_timeout_millis;
        if self.dialed(from, to) != Some(connection) || now + longest <= until {
            return;
        }
        let timer = self.agenda.schedule(until, NetworkEvent::ConnectTimedOut { connection }.into());
        let handshake = self.connections[connection].handshake.get_or_insert_default();
        if let Some(before) = handshake.timer.replace(timer) {
            self.agenda.cancel(before);
        }
    }

    /// The connection stands, or could not be made: whoever waits has its turn, until one has to dial.
    pub(super) fn dial_ends(&mut self, from: HostId, connection: ConnectionId) {
        let dialer = self.dialer(from, self.connections[connection].server);
        if self.dialing.get(&dialer).is_none_or(|dialing| dialing.connection != connection) {
            return;
        }
        let Some(Dialing { mut waiting, .. }) = self.dialing.remove(&dialer) else { return };
        while let Some((to, payload)) = waiting.pop_front() {
            self.takes_mutex(from, to, payload);
            if let Some(dialing) = self.dialing.get_mut(&dialer) {
                dialing.waiting = waiting;
                return;
            }
        }
    }

    /// A request has the mutex.
    fn takes_mutex(&mut self, from: HostId, to: HostId, payload: Payload) {
        let call = call_of(&payload);
        let until = call.and_then(|id| self.calls.get(id)).map(|call| call.until);
        let late = until.is_some_and(|until| self.now() >= until);
        let open = self.open_channel(from, to);
        if let (true, Some(CallId { slot, generation })) = (late, call) {
            self.after(Span::ZERO, NetworkEvent::CallTimedOut { slot, generation }.into());
            return match open {
                Some(connection) if self.late_request_closes(from) => self.close_client_end(connection, true),
                Some(connection) => self.send(connection, payload),
                None => {}
            };
        }
        let connection = open.unwrap_or_else(|| self.open_connection(from, to));
        if let Some(call) = call.and_then(|id| self.calls.get_mut(id)) {
            call.connection = connection;
        }
        self.send(connection, payload);
        if let Some(until) = until {
            self.limit_dial(connection, until);
        }
    }

    fn late_request_closes(&self, from: HostId) -> bool {
        let Host::Consumer(consumer) = self.role(from) else { return false };
        self.planned(consumer).client.go.as_ref().is_some_and(|rules| rules.late_request_closes)
    }

    /// The process is gone, and who waited with it.
    pub(super) fn forget_dial(&mut self, host: HostId) {
        for dialing in [false, true].into_iter().filter_map(|name_servers| self.dialing.remove(&(host, name_servers))) {
            for id in dialing.waiting.iter().filter_map(|(_, payload)| call_of(payload)) {
                if let Some(call) = self.calls.end(id) {
                    self.agenda.cancel(call.timer);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::Event;
    use crate::model::ids::{BrokerIndex, ConsumerIndex, NameServerIndex};
    use crate::model::instance::testing::at;
    use crate::model::network::{Request, Waiter};
    use crate::model::plan::{BrokerPlan, GoRules, Plan};
    use crate::model::testing::{Heard, connect, hear, outside, plan};

    const WAITER: Waiter = Waiter::Rebalance { consumer: ConsumerIndex(0), epoch: 0 };

    fn of_go(mut plan: Plan) -> Plan {
        plan.consumers[0].client.go = Some(GoRules::newest());
        plan
    }

    /// Calls that failed, or whose time was up, by slot.
    fn ended(heard: &Heard) -> Vec<(u64, u32)> {
        let end = |(at, event): &(Instant, Event)| match event {
            Event::Network(NetworkEvent::CallTimedOut { slot, .. } | NetworkEvent::CallFailed { slot, .. }) => {
                Some((at.as_millis(), *slot))
            }
            _ => None,
        };
        heard.due.iter().filter_map(end).collect()
    }

    /// The process dials a broker that does not answer, with this time-out; then it has a call of 3 s for another, to which a
    /// connection is open, and a one-way message: when they reach it. By rule the late call closes its connection.
    #[test]
    fn requests_wait_until_another_connection_is_made_or_is_not() {
        let rows = [
            (true, 1_000, true, (1_000, 2), false),
            (true, 30_000, true, (15_000, 0), true),
            (true, 30_000, false, (15_000, 2), false),
            (false, 30_000, true, (0, 2), false),
        ];
        for (go, timeout, closes, (dialed, reach), closed) in rows {
            let mut plan = if go { of_go(plan(1)) } else { plan(1) };
            plan.brokers.push(BrokerPlan::master("b1"));
            plan.consumers[0].client.connect_timeout_millis = Span::from_secs(15);
            plan.consumers[0].client.go.as_mut().into_iter().for_each(|rules| rules.late_request_closes = closes);
            let mut out = outside(&plan);
            let host = out.consumer_host(ConsumerIndex(0));
            let [silent, healthy] = [0, 1].map(|broker| out.broker_host(BrokerIndex(broker)));
            let open = connect(&mut out, Host::Consumer(ConsumerIndex(0)), Host::Broker(BrokerIndex(1)));
            out.call(host, silent, Request::BrokerHeartbeat, Span::from_millis(timeout), WAITER);
            out.call(host, healthy, Request::BrokerHeartbeat, Span::from_secs(3), WAITER);
            out.one_way(host, healthy, Request::BrokerHeartbeat);
            let row = format!("go {go}, {timeout} ms, closes {closes}");
            let soon = hear(&mut out, at(10));
            assert_eq!(soon.requests().len(), if go { 0 } else { 2 }, "{row}");
            let heard = hear(&mut out, at(dialed.max(20)));
            let timed_out = heard
                .due
                .iter()
                .any(|(_, event)| matches!(event, Event::Network(NetworkEvent::ConnectTimedOut { .. })));
            assert_eq!(timed_out, go, "{row}: the dial ends with its request, or after 15 s");
            if go {
                let dialed = out.dialed(host, silent).expect("the mutex is held");
                out.close_client_end(dialed, true);
            }
            let heard = hear(&mut out, at(dialed.max(20) + 10));
            assert_eq!(soon.requests().len() + heard.requests().len(), reach, "{row}");
            // The dialer fails; of the others who is late.
            let late = dialed > 3_000;
            assert_eq!(
                ended(&heard).len(),
                if !go {
                    0
                } else if late {
                    2
                } else {
                    1
                },
                "{row}"
            );
            assert_eq!(!out.connections[open].client_open, closed, "{row}");
            // A connection that was closed is made anew for whoever comes next.
            assert_eq!(out.dialed(host, healthy).is_some(), closed, "{row}: the one-way message dials");
        }
    }

    /// A broker that is silent keeps nobody from the name servers.
    #[test]
    fn name_servers_have_a_mutex_of_their_own() {
        let mut out_plan = of_go(plan(1));
        out_plan.consumers[0].client.connect_timeout_millis = Span::from_secs(15);
        let mut out = outside(&out_plan);
        let host = out.consumer_host(ConsumerIndex(0));
        let (silent, name_server) = (out.broker_host(BrokerIndex(0)), out.name_server_host(NameServerIndex(0)));
        connect(&mut out, Host::Consumer(ConsumerIndex(0)), Host::NameServer(NameServerIndex(0)));
        out.call(host, silent, Request::BrokerHeartbeat, Span::from_secs(30), WAITER);
        assert!(out.dialed(host, silent).is_some() && out.dialed(host, name_server).is_none());
        out.call(host, name_server, Request::BrokerHeartbeat, Span::from_secs(3), WAITER);
        assert_eq!(hear(&mut out, at(10)).requests().len(), 1);
    }

    /// What waits for the mutex of a process that dies does not wait on.
    #[test]
    fn who_waits_dies_with_the_process() {
        let mut plan = of_go(plan(1));
        plan.brokers.push(BrokerPlan::master("b1"));
        let mut out = outside(&plan);
        let host = out.consumer_host(ConsumerIndex(0));
        for broker in [0, 1] {
            let to = out.broker_host(BrokerIndex(broker));
            out.call(host, to, Request::BrokerHeartbeat, Span::from_secs(3), WAITER);
        }
        out.end_process(host, true, Span::ZERO);
        let broker = out.broker_host(BrokerIndex(0));
        assert!(out.dialed(host, broker).is_none());
        assert_eq!(ended(&hear(&mut out, at(10_000))), []);
    }
}
