//! How the world moves messages: calls, one-way messages, answers, time-outs (`NettyRemotingClient.invokeSync`,
//! `NettyRemotingAbstract.scanResponseTable`).

use super::crowd::at_pace;
use super::event::{ChannelEnd, NetworkEvent};
use super::fault::FIRST_RETRANSMISSION;
use super::network::{Call, CallError, CallId, Connection, Flight, Payload, Pulled, Request, Response, Waiter};
use super::notice::Notice;
use super::outside::Outside;
use super::plan::Host;
use super::world::World;
use crate::kernel::{Distribution, Instant, Span};
use crate::model::ids::{ConnectionId, FlightId, HostId};

/// A netty client looks for late answers of asynchronous calls once a second, with a second of grace
/// (`NettyRemotingAbstract.scanResponseTable`).
const RESPONSE_SCAN: Span = Span::from_secs(1);

impl<'a> World<'a> {
    /// A message reaches its end.
    pub(super) fn arrived(&mut self, id: FlightId) {
        let Flight { connection, to_server, payload } = self.out.flights.take(id);
        let Connection {
            client, server, client_open, server_open, client_epoch, client_address, server_address, ..
        } = self.out.connections[connection];
        let (host, address) = if to_server { (server, server_address) } else { (client, client_address) };
        if !self.out.machines[host.at()].powered || self.out.machines[host.at()].address != address {
            return;
        }
        match payload {
            Payload::Syn => return self.out.connect_arrived(connection),
            Payload::SynAck if client_open => return self.out.connected(connection),
            Payload::ConnectRefused => return self.out.close_client_end(connection, false),
            _ => {}
        }
        let open = if to_server { server_open } else { client_open && client_epoch == self.out.epoch(client) };
        let said = to_server && self.out.connections[connection].said_last && self.out.machines[host.at()].running;
        let reads = open || said && is_one_way(&payload);
        if !reads {
            // The kernel answers bytes for a closed socket with RST; a FIN for it needs no answer.
            if !matches!(payload, Payload::Fin) {
                self.out.reset(connection, !to_server);
            }
            return;
        }
        let now = self.out.now();
        let end = &mut self.out.connections[connection];
        match to_server {
            true => end.server_active = now,
            false => (end.client_active, end.client_heard) = (now, now),
        }
        match payload {
            Payload::Fin if to_server => self.close_server_end(connection, ChannelEnd::Closed),
            Payload::Fin => self.out.close_client_end(connection, false),
            Payload::Response(call, response) => {
                if let Some(call) = self.out.end_call(call) {
                    self.complete(call.waiter, call.stored, Ok(response));
                }
            }
            Payload::Request(call, Request::Grpc(request)) => {
                let proxy = match self.out.role(host) {
                    Host::Broker(broker) if self.out.plan.proxies.is_empty() => self.proxies.get_mut(broker.at()),
                    Host::Proxy(proxy) => self.proxies.get_mut(proxy.at()),
                    _ => None,
                };
                if let Some(proxy) = proxy {
                    proxy.request(&mut self.out, connection, call, request);
                }
            }
            Payload::Request(call, request) => match self.out.role(host) {
                Host::NameServer(index) => {
                    self.name_servers[index.at()].request(&mut self.out, connection, call, request);
                }
                Host::Broker(index) => {
                    self.brokers[index.at()].request_arrived(&mut self.out, connection, call, request);
                }
                Host::Consumer(index) => self.client_notified(index, request),
                Host::Producer(_) | Host::Proxy(_) => {}
            },
            Payload::Syn | Payload::SynAck | Payload::ConnectRefused => {}
        }
    }

    /// A call's time is up.
    pub(super) fn call_timed_out(&mut self, slot: u32, generation: u32) {
        self.out.settle_connection_of(CallId { slot, generation });
        if self.out.waits_for_its_connection(CallId { slot, generation }) {
            return;
        }
        let Some(call) = self.out.end_call(CallId { slot, generation }) else { return };
        if call.synchronous && self.out.closes_on_timeout(&call) {
            self.out.close_client_end(call.connection, true);
        }
        self.complete(call.waiter, call.stored, Err(CallError::TimedOut));
    }

    /// A call lost its connection.
    pub(super) fn call_failed(&mut self, slot: u32, generation: u32) {
        if let Some(call) = self.out.end_call(CallId { slot, generation }) {
            self.complete(call.waiter, call.stored, Err(CallError::Unreachable));
        }
    }

    /// Hands an answer to whoever waits for it, if it still lives. `stored`: the server has stored what a producer sent.
    pub(super) fn complete(&mut self, waiter: Waiter, stored: bool, answer: Result<Response, CallError>) {
        match waiter {
            Waiter::RoutePoll { consumer, epoch }
            | Waiter::Persist { consumer, epoch }
            | Waiter::Heartbeat { consumer, epoch }
            | Waiter::Rebalance { consumer, epoch }
                if self.out.instance_lives(consumer, epoch) =>
            {
                self.client_answered(consumer, waiter, answer);
            }
            Waiter::Start { consumer, epoch }
            | Waiter::Pull { consumer, epoch, .. }
            | Waiter::Pop { consumer, epoch, .. }
            | Waiter::PullRoute { consumer, epoch, .. }
            | Waiter::PopRoute { consumer, epoch, .. }
            | Waiter::Ack { consumer, epoch, .. }
            | Waiter::SendBack { consumer, epoch, .. }
            | Waiter::Clean { consumer, epoch, .. }
            | Waiter::Orderly { consumer, epoch, .. }
            | Waiter::Shutdown { consumer, epoch }
                if self.lives(consumer, epoch) =>
            {
                self.client_answered(consumer, waiter, answer);
            }
            Waiter::Send { sent, queue, attempt } => {
                self.producers[sent.producer.at()].send_answered(&mut self.out, sent, queue, (attempt, stored), answer);
            }
            Waiter::SlaveSync { broker, epoch } if self.out.broker_lives(broker, epoch) => {
                self.brokers[broker.at()].slave_synchronised(&mut self.out, answer);
            }
            Waiter::MetadataReverse { broker, epoch } if self.out.broker_lives(broker, epoch) => {
                self.brokers[broker.at()].metadata_answered(&mut self.out, answer);
            }
            Waiter::LoadBalanceRoute { broker, epoch, topic } if self.out.broker_lives(broker, epoch) => {
                self.brokers[broker.at()].load_balance_route_answered(&mut self.out, topic, answer);
            }
            Waiter::Grpc { consumer, epoch, .. } if self.out.instance_lives(consumer, epoch) => {
                self.client_answered(consumer, waiter, answer);
            }
            Waiter::Proxy { proxy, epoch, task } if self.out.proxy_lives(proxy, epoch) => {
                self.proxies[proxy.at()].answered(&mut self.out, (epoch, task), answer);
            }
            Waiter::ProducerRoute { producer, topic } => {
                self.producers[producer.at()].route_answered(&mut self.out, topic, answer);
            }
            Waiter::ProducerDefaultRoute { producer, topic } => {
                self.producers[producer.at()].default_route_answered(&mut self.out, topic, answer);
            }
            _ => {}
        }
    }
}

/// Nobody waits for an answer.
const fn is_one_way(payload: &Payload) -> bool {
    matches!(payload, Payload::Request(None, _))
}

impl<'a> Outside<'a> {
    /// Makes a call. The waiter goes on with the answer, or with an error when the connection fails or the time is up.
    pub(super) fn call(&mut self, from: HostId, to: HostId, request: Request, timeout: Span, waiter: Waiter) {
        self.make_call(from, to, request, timeout, waiter, true);
    }

    /// Makes an asynchronous call: its time-out is found by the scan and leaves the connection open.
    pub(super) fn call_async(&mut self, from: HostId, to: HostId, request: Request, timeout: Span, waiter: Waiter) {
        self.make_call(from, to, request, timeout + RESPONSE_SCAN, waiter, false);
    }

    /// Makes a call with a deadline, as gRPC has it: it is over to the moment, and the connection stays.
    pub(super) fn call_until(&mut self, from: HostId, to: HostId, request: Request, timeout: Span, waiter: Waiter) {
        self.make_call(from, to, request, timeout, waiter, false);
    }

    fn make_call(
        &mut self,
        from: HostId,
        to: HostId,
        request: Request,
        timeout: Span,
        waiter: Waiter,
        synchronous: bool,
    ) {
        let dialed = self.dialed(from, to);
        let connection = dialed.unwrap_or_else(|| self.channel(from, to));
        let id = self.calls.next_id();
        let timed_out = NetworkEvent::CallTimedOut { slot: id.slot, generation: id.generation }.into();
        let timer = self.agenda.schedule_after_period(timeout, timed_out);
        let began = self.now();
        let until = began + timeout;
        let (stored, late) = (false, false);
        let stored = self.calls.begin(Call { connection, waiter, synchronous, stored, late, began, until, timer });
        assert_eq!(stored, id, "the call got the id that its time-out names");
        let payload = Payload::Request(Some(id), request);
        if dialed.is_some() {
            return self.wait_for_dial(from, to, payload);
        }
        self.send(connection, payload);
        if !self.dialing.is_empty() {
            self.limit_dial(connection, until);
        }
    }

    /// Sends a request that nobody answers.
    pub(super) fn one_way(&mut self, from: HostId, to: HostId, request: Request) {
        let payload = Payload::Request(None, request);
        if self.dialed(from, to).is_some() {
            return self.wait_for_dial(from, to, payload);
        }
        let connection = self.channel(from, to);
        self.send(connection, payload);
    }

    /// Answers a call, where the server still holds the connection.
    pub(super) fn respond(&mut self, connection: ConnectionId, call: Option<CallId>, response: Response) {
        let Some(call) = call else { return };
        let end = &self.connections[connection];
        if end.client == end.server {
            return self.tell(Notice::AnsweredInProcess { call, response });
        }
        if end.server_open {
            let mut cold = Span::ZERO;
            if let Response::Pulled(Pulled::Found { .. }) = response {
                // The code that hands messages to the listener is as cold as the calls.
                cold = self.cold_code(self.connections[connection].client, Request::FOUND);
            }
            self.launch(connection, false, Payload::Response(call, response), cold);
        }
    }

    /// The connection of a host to a server, opened where there is none.
    fn channel(&mut self, from: HostId, to: HostId) -> ConnectionId {
        self.open_channel(from, to).unwrap_or_else(|| self.open_connection(from, to))
    }

    /// The connection of a host to a server, where there is one.
    pub(super) fn open_channel(&self, from: HostId, to: HostId) -> Option<ConnectionId> {
        let address = self.known_address(from, to);
        let known = self.machines[from.at()].channels.get(to);
        known.filter(|&connection| self.connections[connection].server_address == address)
    }

    /// Opens a connection.
    pub(super) fn open_connection(&mut self, from: HostId, to: HostId) -> ConnectionId {
        let address = self.known_address(from, to);
        let link = self.links.number(from, to);
        let connection = self.connections.open(from, self.epoch(from), to, link, self.now());
        let end = &mut self.connections[connection];
        (end.client_address, end.server_address) = (self.machines[from.at()].address, address);
        self.machines[from.at()].channels.insert(to, connection);
        let (connect_timeout, idle) = match self.role(from) {
            Host::Consumer(consumer) => {
                let settings = &self.planned(consumer).client;
                (settings.connect_timeout_millis, settings.client_channel_max_idle_time_seconds)
            }
            _ => (Span::from_secs(3), Span::from_secs(120)),
        };
        let timer = self.after(connect_timeout, NetworkEvent::ConnectTimedOut { connection }.into());
        self.connections[connection].handshake.get_or_insert_default().timer = Some(timer);
        self.after(idle, NetworkEvent::IdleChecked { connection, at_server: false }.into());
        self.launch(connection, true, Payload::Syn, Span::ZERO);
        self.dial_begins(from, connection);
        connection
    }

    /// Sends from the client's end, after the handshake.
    pub(super) fn send(&mut self, connection: ConnectionId, payload: Payload) {
        if let Some(handshake) = &mut self.connections[connection].handshake {
            return handshake.waiting.push(payload);
        }
        let from = self.connections[connection].client;
        let mut extra = Span::ZERO;
        if let Payload::Request(Some(_), request) = &payload {
            extra = match self.machines[from.at()].crowded.filter(|(until, _)| self.agenda.now() < *until) {
                Some((_, call)) if !request.is_data() => {
                    Distribution::Exponential(call).draw(&mut self.environment_stream)
                }
                _ => request.starting_kind().map_or(Span::ZERO, |kind| self.cold_code(from, kind)),
            };
        }
        self.launch(connection, true, payload, extra);
    }

    /// What the first uses of a piece of code cost a fresh process.
    fn cold_code(&mut self, host: HostId, kind: usize) -> Span {
        let left = &mut self.machines[host.at()].cold_calls_left[kind];
        if *left == 0 {
            return Span::ZERO;
        }
        *left -= 1;
        let work = self.environment().cold_call.draw(&mut self.environment_stream);
        at_pace(work, self.machines[host.at()].pace)
    }

    /// Puts a message on the link; `extra` passes before it leaves.
    pub(super) fn launch(&mut self, connection: ConnectionId, to_server: bool, payload: Payload, extra: Span) {
        let now = self.agenda.now();
        self.settle(connection);
        let end = &mut self.connections[connection];
        *(if to_server { &mut end.client_active } else { &mut end.server_active }) = now;
        match end.severed {
            // The answer to a byte of a connection that the middlebox does not know is RST, where it answers.
            Some(true) if !matches!(payload, Payload::Fin) => {
                let flight = self.flights.put(Flight { connection, to_server: !to_server, payload: Payload::Fin });
                return self.fly(flight, Span::ZERO);
            }
            Some(_) => return,
            None => {}
        }
        let link = end.link;
        let extra = if to_server { extra } else { self.through_event_loop(connection, &payload, extra) };
        let flight = Flight { connection, to_server, payload };
        let lane = self.links[link].lane(to_server);
        if lane.lets_pass() {
            return self.travel(flight, extra);
        }
        let stranded = self.flights.put(flight);
        self.links[link].lane(to_server).stranded.push((stranded, now));
    }

    /// Sends RST. It is no byte of the stream: it waits for none that TCP has yet to send again, as the FIN of a socket
    /// that was closed while the link was cut.
    fn reset(&mut self, connection: ConnectionId, to_server: bool) {
        let now = self.now();
        let end = &mut self.connections[connection];
        let last = if to_server { &mut end.last_arrival_at_server } else { &mut end.last_arrival_at_client };
        if last.since(now.min(*last)) > FIRST_RETRANSMISSION {
            *last = now;
        }
        self.launch(connection, to_server, Payload::Fin, Span::ZERO);
    }

    /// Lets a message that waited travel now.
    pub(super) fn fly(&mut self, id: FlightId, extra: Span) {
        let flight = self.flights.take(id);
        self.travel(flight, extra);
    }

    /// Lets a message travel now.
    fn travel(&mut self, flight: Flight, extra: Span) {
        let (connection, to_server) = (flight.connection, flight.to_server);
        let (service, control) = match &flight.payload {
            Payload::Request(_, request) if to_server => (Some(self.service_time(request)), !request.is_data()),
            _ => (None, false),
        };
        let (client, server, link) = {
            let end = &self.connections[connection];
            (end.client, end.server, end.link)
        };
        // Where pools have limits, the broker's threads take the time, and not the way there.
        let pooled = self.environment().broker_processors.is_some() && matches!(self.role(server), Host::Broker(_));
        let service = service.filter(|_| !pooled);
        let latency = self.latency(client, server);
        let answers_from = if control { self.machines[server.at()].answers_from } else { Instant::ZERO };
        let lane = self.links[link].lane(to_server);
        let transit = lane.transit(latency) + extra;
        let service = service.map_or(Span::ZERO, |time| lane.draw(time));
        let end = &mut self.connections[connection];
        let last = if to_server { &mut end.last_arrival_at_server } else { &mut end.last_arrival_at_client };
        // TCP keeps the order of bytes; the server's threads may apply two requests in the other order (0.1).
        *last = (*last).max(self.agenda.now() + transit);
        let arrival = (*last).max(answers_from) + service;
        if !self.silence(&flight, arrival) {
            let flight = self.flights.put(flight);
            self.agenda.schedule(arrival, NetworkEvent::Arrived { flight }.into());
        }
    }

    /// What a server needs for a request.
    pub(super) fn service_time(&self, request: &Request) -> &'a Distribution {
        let environment = &self.plan.environment;
        let control = environment.control_service_time.as_ref().filter(|_| !request.is_data());
        control.unwrap_or(&environment.service_time)
    }

    pub(super) fn latency(&self, client: HostId, server: HostId) -> &'a Distribution {
        let environment = &self.plan.environment;
        match (self.role(client), self.role(server)) {
            (Host::Broker(_), _) => &environment.broker_name_server_latency,
            (_, Host::NameServer(_)) => &environment.client_name_server_latency,
            _ => &environment.client_broker_latency,
        }
    }

    pub(super) fn end_call(&mut self, id: CallId) -> Option<Call> {
        let call = self.calls.end(id)?;
        self.agenda.cancel(call.timer);
        Some(call)
    }
}
