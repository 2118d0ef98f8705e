//! A connection's life: it is opened, found idle, closed at one end and then at the other
//! (`NettyRemotingClient.closeChannel`, `NettyRemotingServer.NettyConnectManageHandler`).

use super::event::{ChannelEnd, InstanceEvent, NetworkEvent};
use super::network::{CallId, Handshake, Payload};
use super::outside::Outside;
use super::plan::{Host, NameServerSettings};
use super::world::World;
use crate::kernel::Span;
use crate::model::ids::{ConnectionId, HostId};

impl World<'_> {
    /// Closes the server's end and lets the server's event thread know.
    pub(super) fn close_server_end(&mut self, connection: ConnectionId, cause: ChannelEnd) {
        if !self.out.close_server_end(connection, cause) {
            return;
        }
        match self.out.role(self.out.connections[connection].server) {
            // To a proxy the end of a connection is no event.
            Host::Broker(_) if self.out.speaks_grpc(self.out.connections[connection].client) => {}
            Host::Broker(broker) => {
                self.brokers[broker.at()].channel_ended(&mut self.out, connection, cause);
            }
            Host::NameServer(index) => {
                self.name_servers[index.at()].channel_ended(&mut self.out, connection);
            }
            Host::Producer(_) | Host::Consumer(_) | Host::Proxy(_) => {}
        }
    }

    /// The idle handler of one end looks: closes after too long without a byte, else looks again later.
    pub(super) fn idle_checked(&mut self, connection: ConnectionId, at_server: bool) {
        self.out.settle(connection);
        let end = &self.out.connections[connection];
        let (open, active) = match at_server {
            true => (end.server_open, end.server_active),
            // A Go client sets a time by which it must have read something
            // (`internal/remote/remote_client.go:receiveResponse`); Netty's handler asks for either.
            // So does the keep-alive of gRPC.
            false if self.out.speaks_go(end.client) || self.out.speaks_grpc(end.client) => {
                (end.client_open, end.client_heard)
            }
            false => (end.client_open, end.client_active),
        };
        if !open {
            return;
        }
        let limit = match self.out.role(end.client) {
            _ if at_server => self.out.server_idle(end.server),
            Host::Consumer(consumer) => self.out.planned(consumer).client.client_channel_max_idle_time_seconds,
            _ => Span::from_secs(120),
        };
        if self.out.now().since(active) < limit {
            self.out.agenda.schedule(active + limit, NetworkEvent::IdleChecked { connection, at_server }.into());
        } else if at_server {
            self.close_server_end(connection, ChannelEnd::Idle);
        } else {
            self.out.close_client_end(connection, true);
        }
    }
}

impl Outside<'_> {
    pub(super) fn connect_arrived(&mut self, connection: ConnectionId) {
        let server = self.connections[connection].server;
        if !self.machines[server.at()].running {
            self.launch(connection, false, Payload::ConnectRefused, Span::ZERO);
            return;
        }
        let now = self.now();
        self.connections[connection].server_open = true;
        self.connections[connection].server_active = now;
        self.launch(connection, false, Payload::SynAck, Span::ZERO);
        let idle = self.server_idle(server);
        self.after(idle, NetworkEvent::IdleChecked { connection, at_server: true }.into());
    }

    fn server_idle(&self, server: HostId) -> Span {
        match self.role(server) {
            Host::Broker(broker) => self.plan.brokers[broker.at()].settings.server_channel_max_idle_time_seconds,
            _ => NameServerSettings::CHANNEL_MAX_IDLE_TIME,
        }
    }

    pub(super) fn connected(&mut self, connection: ConnectionId) {
        let end = &mut self.connections[connection];
        let (client, server, epoch) = (end.client, end.server, end.client_epoch);
        let Handshake { waiting, timer } = end.handshake.take().map_or_else(Handshake::default, |made| *made);
        if let Some(timer) = timer {
            self.agenda.cancel(timer);
        }
        for payload in waiting {
            if self.leaves_in_time(&payload) {
                self.send(connection, payload);
            }
        }
        if let (Host::Consumer(consumer), Host::Broker(_)) = (self.role(client), self.role(server)) {
            self.after(Span::ZERO, InstanceEvent::ChannelActive { connection }.of(consumer, epoch));
        }
        self.dial_ends(client, connection);
    }

    /// The connect was not answered in time.
    pub(super) fn connect_timed_out(&mut self, connection: ConnectionId) {
        if self.connections[connection].is_connecting() && self.connections[connection].client_open {
            self.close_client_end(connection, true);
        }
    }

    /// Whether a Go client runs on a host.
    pub(super) fn speaks_go(&self, client: HostId) -> bool {
        matches!(self.role(client), Host::Consumer(consumer) if self.planned(consumer).client.go.is_some())
    }

    /// Closes the client's end; every call on it fails at once.
    pub(super) fn close_client_end(&mut self, connection: ConnectionId, tell: bool) {
        self.end_silence(connection);
        let end = &mut self.connections[connection];
        if !end.client_open {
            return;
        }
        end.client_open = false;
        let (client, server, handshake) = (end.client, end.server, end.handshake.take());
        // The requests under way on a connection that a Go client loses are not failed: each waits for its time
        // (`internal/remote/remote_client.go:receiveResponse`).
        let calls = match (&handshake, self.speaks_go(client)) {
            (None, true) => Vec::new(),
            // Those that wait for the mutex have not asked for this connection.
            (Some(handshake), true) => handshake.calls(),
            (_, false) => self.calls.on(connection),
        };
        if let Some(timer) = handshake.and_then(|handshake| handshake.timer) {
            self.agenda.cancel(timer);
        }
        let channels = &mut self.machines[client.at()].channels;
        if channels.get(server) == Some(connection) {
            channels.remove(server);
        }
        for CallId { slot, generation } in calls {
            self.after(Span::ZERO, NetworkEvent::CallFailed { slot, generation }.into());
        }
        if tell {
            self.launch(connection, true, Payload::Fin, Span::ZERO);
        }
        self.dial_ends(client, connection);
    }

    /// Closes the server's end, and answers whether it was open: then the server's event thread is to hear of it.
    pub(super) fn close_server_end(&mut self, connection: ConnectionId, cause: ChannelEnd) -> bool {
        let was_open = std::mem::replace(&mut self.connections[connection].server_open, false);
        if was_open && cause != ChannelEnd::Closed {
            self.launch(connection, false, Payload::Fin, Span::ZERO);
        }
        was_open
    }

    /// The process of a host is gone: after `teardown` its kernel closes its sockets, if the machine still has power.
    pub(super) fn end_process(&mut self, host: HostId, powered: bool, teardown: Span) {
        let machine = &mut self.machines[host.at()];
        machine.running = false;
        self.paused -= u32::from(std::mem::replace(&mut machine.paused, false));
        machine.powered = powered;
        machine.epoch += 1;
        machine.deferred.clear();
        (machine.rebalance_woken, machine.rebalance_rests) = (false, false);
        machine.channels.clear();
        machine.known_addresses.clear();
        self.forget_dial(host);
        for connection in self.connections.open_at(host) {
            let at_client = self.connections[connection].client == host;
            if at_client {
                self.end_silence(connection);
            }
            let end = &mut self.connections[connection];
            if at_client {
                end.client_open = false;
                let handshake = end.handshake.take();
                for call in self.calls.on(connection) {
                    if let Some(call) = self.calls.end(call) {
                        self.agenda.cancel(call.timer);
                    }
                }
                if let Some(timer) = handshake.and_then(|handshake| handshake.timer) {
                    self.agenda.cancel(timer);
                }
            } else {
                end.server_open = false;
            }
            if powered {
                let delay = teardown + self.environment().connection_close.draw(&mut self.environment_stream);
                self.launch(connection, at_client, Payload::Fin, delay);
            }
        }
    }
}
