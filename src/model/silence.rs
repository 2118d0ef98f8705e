//! Answers that change nothing have no event.
//!
//! A producer that hears in time that its message is stored does nothing: it takes that for granted. So the arrival of such
//! an answer is no event, and only its place in the order is kept:
//!
//! ```text
//!   answer launched, will be in time --> silent, in the order of the connection
//!        next message on the connection, a look at its idle time, a time-out: what has arrived by then is settled
//!        the connection ends before one arrives: it gets its event back, in the place that was kept for it
//! ```
//! Everything else has the same time, draws and number as if it were an event: a run that plays every event
//! ([`World::play_every_event`]) sees the same, to the byte.

use super::event::NetworkEvent;
use super::network::{Call, CallId, Flight, Payload, Response, SilentAnswer, Waiter};
use super::outside::Outside;
use super::world::World;
use crate::kernel::Instant;
use crate::model::ids::{ConnectionId, FlightId};

impl World<'_> {
    /// From now on every event is played, those that change nothing too. What can be seen stays the same.
    pub fn play_every_event(&mut self) {
        self.out.plays_every_event = true;
    }
}

impl Outside<'_> {
    /// Makes a message under way silent if its arrival changes nothing, and answers whether it did.
    pub(super) fn silence(&mut self, id: FlightId, arrival: Instant) -> bool {
        let Flight { connection, to_server: false, payload: Payload::Response(call, Response::QueueOffset(offset)) } =
            *self.flights.get(id)
        else {
            return false;
        };
        let in_time = |call: &Call| matches!(call.waiter, Waiter::Send { .. }) && arrival < call.until;
        let heard = self.connections[connection].client_open && self.calls.get(call).is_some_and(in_time);
        if self.plays_every_event || !heard {
            return false;
        }
        self.flights.take(id);
        let place = self.agenda.reserve(arrival);
        self.connections[connection].silent.push_back(SilentAnswer { place, call, offset });
        true
    }

    /// Takes in the silent answers that have arrived on a connection.
    pub(super) fn settle(&mut self, connection: ConnectionId) {
        while let Some(answer) = self.connections[connection].silent.front()
            && self.agenda.is_past(&answer.place)
        {
            let (call, at) = (answer.call, answer.place.at());
            self.connections[connection].silent.pop_front();
            let end = &mut self.connections[connection];
            end.client_active = end.client_active.max(at);
            self.end_call(call);
        }
    }

    /// As [`World::settle`], for the connection that a call was made on.
    pub(super) fn settle_connection_of(&mut self, call: CallId) {
        if let Some(connection) = self.calls.get(call).map(|call| call.connection) {
            self.settle(connection);
        }
    }

    /// The client's end is about to close: what has not arrived by now will find it closed, and is an event again.
    pub(super) fn end_silence(&mut self, connection: ConnectionId) {
        self.settle(connection);
        for SilentAnswer { place, call, offset } in std::mem::take(&mut self.connections[connection].silent) {
            let payload = Payload::Response(call, Response::QueueOffset(offset));
            let flight = self.flights.put(Flight { connection, to_server: false, payload });
            self.agenda.schedule_reserved(place, NetworkEvent::Arrived { flight }.into());
        }
    }
}
