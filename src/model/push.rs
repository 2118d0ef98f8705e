//! One-way requests from a server's end: to one client, or to all of a group, one after the other.
//!
//! A thousand joins of a thousand members are ten million notifications on twenty brokers, each to another connection,
//! link and machine, which lie far from each other in memory. So a pass first reads of all what it needs, in loops that do
//! nothing else, and a processor fetches for many at once; then each is sent. What is drawn and in which order is the same as
//! if they were sent one by one: the draws of a pass are of one direction of each link, in the order of its messages.

use super::event::NetworkEvent;
use super::network::{Flight, Payload, Request, Silent, SilentMessage};
use super::outside::Outside;
use crate::kernel::Span;
use crate::model::ids::ConnectionId;

/// So many messages lie on a connection before those that have come are taken in.
const MANY: usize = 64;

/// What is known of a message of a pass before it is sent.
#[derive(Debug, Clone, Copy)]
struct Prepared {
    /// The link that it will travel on, where nothing is out of the ordinary.
    link: Option<u32>,
    /// How long it will be under way.
    transit: Option<Span>,
    /// It will change nothing at its client.
    silent: bool,
}

impl Outside<'_> {
    /// Sends a one-way request from the server's end of a connection.
    pub(super) fn push_after(&mut self, connection: ConnectionId, request: Request, delay: Span) {
        if self.connections[connection].server_open {
            self.launch(connection, false, Payload::Request(None, request), delay);
        }
    }

    /// Sends a one-way request from the server's end of each of these connections, one after the other; `each`: what one
    /// takes, `request`: what is told to the one in this place, from 1 on.
    pub(super) fn push_to_all(&mut self, to: &[ConnectionId], each: Span, request: impl Fn(u32) -> Request) {
        let prepared = self.prepare(to);
        let mut spent = Span::ZERO;
        for ((place, &connection), ready) in (1..).zip(to).zip(prepared) {
            spent += each;
            match ready.transit {
                Some(transit) => self.push_prepared(connection, request(place), spent, (transit, ready.silent)),
                None => self.push_after(connection, request(place), spent),
            }
        }
    }

    /// Reads of all connections what sending needs, and draws how long the messages are under way.
    fn prepare(&mut self, to: &[ConnectionId]) -> Vec<Prepared> {
        let look = |&connection: &ConnectionId| {
            let end = &self.connections[connection];
            let link = (end.server_open && end.severed.is_none()).then_some(end.link);
            Prepared { link, transit: None, silent: !self.plays_every_event && self.is_woken(connection) }
        };
        let mut prepared: Vec<_> = to.iter().map(look).collect();
        let Some(&first) = to.first() else { return prepared };
        let (client, server) = (self.connections[first].client, self.connections[first].server);
        // All are clients of this server.
        let latency = self.latency(client, server);
        for ready in &mut prepared {
            let lane = ready.link.map(|link| self.links[link].lane(false)).filter(|lane| lane.lets_pass());
            ready.transit = lane.map(|lane| lane.transit(latency));
        }
        prepared
    }

    /// Sends a message of which all is known, as [`Outside::launch`] would.
    fn push_prepared(
        &mut self,
        connection: ConnectionId,
        request: Request,
        delay: Span,
        (transit, silent): (Span, bool),
    ) {
        // What has come is taken in together, and before it is much: it takes less room there.
        if self.connections[connection].silent.len() >= MANY {
            self.settle(connection);
        }
        let payload = Payload::Request(None, request);
        let delay = self.through_event_loop(connection, &payload, delay);
        let now = self.agenda.now();
        let end = &mut self.connections[connection];
        end.server_active = now;
        end.last_arrival_at_client = end.last_arrival_at_client.max(now + transit + delay);
        let arrival = end.last_arrival_at_client;
        match payload {
            Payload::Request(None, Request::NotifyConsumerIdsChanged { broker, place: of_pass }) if silent => {
                let message = SilentMessage::ConsumerIdsChanged { broker, place: of_pass };
                end.be_silent(Silent { place: self.agenda.reserve(arrival), message });
                self.machines[end.client.at()].news += 1;
            }
            payload => {
                let flight = self.flights.put(Flight { connection, to_server: false, payload });
                self.agenda.schedule(arrival, NetworkEvent::Arrived { flight }.into());
            }
        }
    }
}
