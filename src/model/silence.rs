//! Messages that change nothing have no event.
//!
//! A producer that hears in time that its message is stored does nothing: it takes that for granted. A client whose
//! rebalance thread has been woken is not woken more by the next notification, and a thousand of them tell it of a thousand
//! joins. So the arrival of such a message is no event, and only its place in the order is kept:
//!
//! ```text
//!   message launched, changes nothing --> silent, in the order of the connection
//!        next message on the connection, a look at its idle time, a time-out: what has arrived by then is settled
//!        the connection ends before one arrives, the process is paused, the rebalance thread goes to work:
//!        what has not arrived gets its event back, in the place that was kept for it
//! ```
//! Everything else has the same time, draws and number as if it were an event: a run that plays every event
//! ([`World::play_every_event`]) sees the same, to the byte. Only when it is said that a notification came is later: at the
//! next moment at which it could matter, with the time and the number of its arrival.

use super::event::NetworkEvent;
use super::network::{Call, CallId, Flight, Payload, Request, Response, Silent, SilentMessage, Waiter};
use super::observation::Observation;
use super::outside::Outside;
use super::world::World;
use crate::kernel::{Instant, Reserved};
use crate::model::ids::{BrokerIndex, ConnectionId, HostId};

impl World<'_> {
    /// From now on every event is played, those that change nothing too. What can be seen stays the same.
    pub fn play_every_event(&mut self) {
        self.out.plays_every_event = true;
    }

    /// Nothing is left until the end of the run but what is silent: it is said, or is an event again.
    pub fn end_silence(&mut self) {
        for process in &mut self.processes {
            process.hear_notifications(&mut self.out);
            self.out.end_silence_of(self.out.consumer_host(process.instance.owner));
        }
    }
}

impl Outside<'_> {
    /// Makes a message under way silent if its arrival changes nothing, and answers whether it did.
    pub(super) fn silence(&mut self, flight: &Flight, arrival: Instant) -> bool {
        let &Flight { connection, to_server: false, ref payload } = flight else { return false };
        let message = match *payload {
            Payload::Response(call, Response::QueueOffset(offset))
                if self.is_taken_for_granted(connection, call, arrival) =>
            {
                SilentMessage::Stored { call, offset }
            }
            Payload::Request(None, Request::NotifyConsumerIdsChanged { broker, place })
                if self.is_woken(connection) =>
            {
                SilentMessage::ConsumerIdsChanged { broker, place }
            }
            _ => return false,
        };
        if self.plays_every_event {
            return false;
        }
        let place = self.agenda.reserve(arrival);
        let end = &mut self.connections[connection];
        end.be_silent(Silent { place, message });
        if let SilentMessage::ConsumerIdsChanged { .. } = message {
            self.machines[end.client.at()].news += 1;
        }
        true
    }

    /// Whether a producer hears in time that its message is stored.
    fn is_taken_for_granted(&self, connection: ConnectionId, call: CallId, arrival: Instant) -> bool {
        let in_time = |call: &Call| matches!(call.waiter, Waiter::Send { .. }) && arrival < call.until;
        self.connections[connection].client_open && self.calls.get(call).is_some_and(in_time)
    }

    /// Whether the process at the client's end of a connection will rebalance anyway. Laws of the protocol look at each
    /// notification when it comes.
    pub(super) fn is_woken(&self, connection: ConnectionId) -> bool {
        let end = &self.connections[connection];
        let machine = &self.machines[end.client.at()];
        let there = machine.running && machine.epoch == end.client_epoch && machine.address == end.client_address;
        let woken = machine.rebalance_woken || machine.rebalance_rests;
        woken && !machine.paused && there && end.client_open && !self.watched_closely
    }

    /// Takes in the silent messages that have arrived on a connection.
    #[inline]
    pub(super) fn settle(&mut self, connection: ConnectionId) {
        if self.connections[connection].silent_until <= self.agenda.now() {
            self.take_in_silent(connection);
        }
    }

    fn take_in_silent(&mut self, connection: ConnectionId) {
        let now = self.agenda.now();
        while self.connections[connection].silent_until <= now
            && let Some(silent) = self.connections[connection].silent.front()
            && self.agenda.is_past(&silent.place)
        {
            let end = &mut self.connections[connection];
            let Silent { place, message } = end.next_silent().expect("it is the first of them");
            end.client_active = end.client_active.max(place.at());
            end.client_heard = end.client_heard.max(place.at());
            match message {
                SilentMessage::Stored { call, .. } => drop(self.end_call(call)),
                SilentMessage::ConsumerIdsChanged { broker, place: of_pass } => {
                    let machine = &mut self.machines[end.client.at()];
                    match self.passes.is_sent(of_pass) {
                        true => {
                            if machine.heard.is_empty() {
                                machine.heard.reserve(machine.news as usize);
                            }
                            machine.heard.push((place, broker));
                        }
                        false => machine.news -= 1,
                    }
                }
            }
        }
    }

    /// As [`World::settle`], for the connection that a call was made on.
    pub(super) fn settle_connection_of(&mut self, call: CallId) {
        if let Some(connection) = self.calls.get(call).map(|call| call.connection) {
            self.settle(connection);
        }
    }

    /// What has not arrived on a connection by now may find another world: it is an event again.
    pub(super) fn end_silence(&mut self, connection: ConnectionId) {
        self.settle(connection);
        while let Some(Silent { place, message }) = self.connections[connection].next_silent() {
            let payload = match message {
                SilentMessage::Stored { call, offset } => Payload::Response(call, Response::QueueOffset(offset)),
                SilentMessage::ConsumerIdsChanged { broker, place } => {
                    self.machines[self.connections[connection].client.at()].news -= 1;
                    Payload::Request(None, Request::NotifyConsumerIdsChanged { broker, place })
                }
            };
            let flight = self.flights.put(Flight { connection, to_server: false, payload });
            self.agenda.schedule_reserved(place, NetworkEvent::Arrived { flight }.into());
        }
    }

    /// The notifications that have reached a client's process since the last time, in their order.
    pub(super) fn take_heard(&mut self, host: HostId) -> Vec<(Reserved, BrokerIndex)> {
        if self.machines[host.at()].news == 0 {
            return Vec::new();
        }
        for connection in self.connections_of(host) {
            self.settle(connection);
        }
        let machine = &mut self.machines[host.at()];
        let mut heard = std::mem::take(&mut machine.heard);
        machine.news -= heard.len() as u32;
        Reserved::sort(&mut heard);
        heard
    }

    /// The next notification that reaches a process moves it.
    pub(super) fn end_silence_of(&mut self, host: HostId) {
        if self.machines[host.at()].news > 0 {
            for connection in self.connections_of(host) {
                self.end_silence(connection);
            }
        }
    }

    fn connections_of(&self, host: HostId) -> Vec<ConnectionId> {
        self.machines[host.at()].channels.values().collect()
    }

    /// Says what could be seen at a place in the order that is past.
    pub(super) fn see_at(&mut self, place: &Reserved, what: Observation) {
        let (at, sequence, cause) = (place.at(), place.sequence(), place.cause());
        self.seen.push(super::observation::Observed { at, sequence, cause, what });
    }
}
