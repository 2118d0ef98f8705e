//! Messages under way.

use super::call::CallId;
use super::message::{Request, Response};
use crate::model::ids::{ConnectionId, FlightId};

/// What is under way.
#[derive(Debug, Clone)]
pub enum Payload {
    /// The first packet of a connection.
    Syn,
    /// The server's answer to it.
    SynAck,
    /// No process listens.
    ConnectRefused,
    /// The other end is closed.
    Fin,
    /// A request; without a call it is one-way.
    Request(Option<CallId>, Request),
    /// A response.
    Response(CallId, Response),
}

/// A message under way.
#[derive(Debug, Clone)]
pub struct Flight {
    /// On which connection.
    pub connection: ConnectionId,
    /// Which way.
    pub to_server: bool,
    /// What.
    pub payload: Payload,
}

/// All messages under way.
#[derive(Debug, Default)]
pub struct Flights {
    slots: Vec<Option<Flight>>,
    free: Vec<FlightId>,
}

impl Flights {
    /// Takes a message on.
    pub fn put(&mut self, flight: Flight) -> FlightId {
        if let Some(id) = self.free.pop() {
            self.slots[id.at()] = Some(flight);
            return id;
        }
        self.slots.push(Some(flight));
        FlightId::of(self.slots.len() - 1)
    }

    /// Takes a message off. Panics where it is not under way: each arrives once.
    pub fn take(&mut self, id: FlightId) -> Flight {
        self.free.push(id);
        self.slots[id.at()].take().expect("a flight arrives once")
    }

    /// A look at a message under way.
    #[must_use]
    pub fn get(&self, id: FlightId) -> &Flight {
        self.slots[id.at()].as_ref().expect("the flight is under way")
    }
}
