//! TCP connections with two ends that live their own lives.

use std::collections::VecDeque;

use super::CallId;
use super::PassPlace;
use super::flight::Payload;
use crate::kernel::{Instant, Reserved, Timer};
use crate::model::ids::{AddressNumber, BrokerIndex, ConnectionId, HostId};

/// A message on its way to the client whose arrival changes nothing.
#[derive(Debug)]
pub struct Silent {
    /// The place of its arrival in the order of all events.
    pub place: Reserved,
    /// What it says.
    pub message: SilentMessage,
}

/// What may be told to somebody whom it does not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SilentMessage {
    /// To a producer, what it takes for granted: its message is stored.
    Stored {
        /// The call that is answered.
        call: CallId,
        /// Where the message is stored.
        offset: u64,
    },
    /// To a client whose rebalance thread has been woken already: members came or went.
    ConsumerIdsChanged {
        /// Who tells it.
        broker: BrokerIndex,
        /// Where in the pass.
        place: PassPlace,
    },
}

/// A connection. The client is the end that opened it. Twenty thousand of them are told something in turn: it is two
/// lines of a processor's cache, and what it seldom needs lies elsewhere.
#[derive(Debug)]
#[repr(align(64))]
pub struct Connection {
    /// The host that opened it.
    pub client: HostId,
    /// How many lives that host's process had when it opened it.
    pub client_epoch: u32,
    /// The host it was opened to.
    pub server: HostId,
    /// The address of the client's end. Once the host has another one, nobody answers for this end any more.
    pub client_address: AddressNumber,
    /// The address that it was opened to.
    pub server_address: AddressNumber,
    /// Position of its link.
    pub link: u32,
    /// A middlebox between the two has forgotten it, and drops (false) or resets (true) what it carries from then on.
    pub severed: Option<bool>,
    /// The client holds it open.
    pub client_open: bool,
    /// The server holds it open.
    pub server_open: bool,
    /// The client's process has said all before it closed: what it said is done, though the server hears of the close first.
    pub said_last: bool,
    /// When the last message to the server arrives: TCP keeps the order.
    pub last_arrival_at_server: Instant,
    /// When the last message to the client arrives.
    pub last_arrival_at_client: Instant,
    /// When the client last sent or received a byte.
    pub client_active: Instant,
    /// When the client last received a byte.
    pub client_heard: Instant,
    /// When the server last sent or received a byte.
    pub server_active: Instant,
    /// The handshake, while it is under way.
    pub handshake: Option<Box<Handshake>>,
    /// Messages on the way to the client that will change nothing, in the order in which they arrive.
    pub silent: VecDeque<Silent>,
    /// When the first of them arrives; far beyond any end where there is none.
    pub silent_until: Instant,
}

/// What a connection needs while it is opened.
#[derive(Debug, Default)]
pub struct Handshake {
    /// Requests that wait for it.
    pub waiting: Vec<Payload>,
    /// The connect's time-out.
    pub timer: Option<Timer>,
}

impl Handshake {
    /// The calls whose requests wait for it.
    #[must_use]
    pub fn calls(&self) -> Vec<CallId> {
        let call = |payload: &Payload| match payload {
            Payload::Request(call, _) => *call,
            _ => None,
        };
        self.waiting.iter().filter_map(call).collect()
    }
}

impl Connection {
    /// Whether the handshake is under way: what is sent waits for it.
    #[must_use]
    pub fn is_connecting(&self) -> bool {
        self.handshake.is_some()
    }

    /// Takes note of a message whose arrival changes nothing.
    pub fn be_silent(&mut self, silent: Silent) {
        if self.silent.is_empty() {
            self.silent_until = silent.place.at();
        }
        self.silent.push_back(silent);
    }

    /// Takes the first silent message off.
    pub fn next_silent(&mut self) -> Option<Silent> {
        let first = self.silent.pop_front();
        self.silent_until = self.silent.front().map_or(Instant::MAX, |next| next.place.at());
        first
    }
}

/// All connections of a run.
#[derive(Debug, Default)]
pub struct Connections(Vec<Connection>);

impl Connections {
    /// Adds a connection whose handshake begins.
    pub fn open(&mut self, client: HostId, client_epoch: u32, server: HostId, link: u32, now: Instant) -> ConnectionId {
        self.0.push(Connection {
            client,
            client_epoch,
            server,
            client_address: AddressNumber::MIN,
            server_address: AddressNumber::MIN,
            link,
            severed: None,
            client_open: true,
            server_open: false,
            said_last: false,
            last_arrival_at_server: now,
            last_arrival_at_client: now,
            client_active: now,
            client_heard: now,
            server_active: now,
            handshake: Some(Box::default()),
            silent: VecDeque::new(),
            silent_until: Instant::MAX,
        });
        ConnectionId::of(self.0.len() - 1)
    }

    /// A middlebox forgets all connections between two hosts.
    pub fn sever(&mut self, one: HostId, other: HostId, reset: bool) {
        let between =
            |c: &&mut Connection| (c.client, c.server) == (one, other) || (c.client, c.server) == (other, one);
        for connection in self.0.iter_mut().filter(between) {
            connection.severed = Some(reset);
        }
    }

    /// Every connection with an end at this host that the host still holds open.
    pub fn open_at(&self, host: HostId) -> Vec<ConnectionId> {
        // What stands for the way within a process is no socket.
        let held = |c: &Connection| {
            c.client != c.server && ((c.client == host && c.client_open) || (c.server == host && c.server_open))
        };
        ConnectionId::number(&self.0).filter(|(_, c)| held(c)).map(|(id, _)| id).collect()
    }
}

impl std::ops::Index<ConnectionId> for Connections {
    type Output = Connection;
    fn index(&self, id: ConnectionId) -> &Connection {
        &self.0[id.at()]
    }
}

impl std::ops::IndexMut<ConnectionId> for Connections {
    fn index_mut(&mut self, id: ConnectionId) -> &mut Connection {
        &mut self.0[id.at()]
    }
}
