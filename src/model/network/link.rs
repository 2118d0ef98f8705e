//! Links between pairs of hosts: latency, and the faults that the timeline puts on them.

use std::collections::BTreeMap;

use crate::kernel::{Distribution, Instant, Span, Stream, Streams};
use crate::model::ids::FlightId;
use crate::model::ids::HostId;

/// What is wrong with one direction of a link.
#[derive(Debug, Clone, Default)]
pub struct LinkFaults {
    /// Nothing passes; TCP sends again and again.
    pub cut: bool,
    /// Everything waits.
    pub held: bool,
    /// Each message takes so much longer.
    pub extra: Option<Distribution>,
    /// Lost packets of a million, and the time until the first is sent again.
    pub loss: Option<(u32, Span)>,
}

/// One direction of a link.
#[derive(Debug)]
pub struct Lane {
    /// Its faults.
    pub faults: LinkFaults,
    /// What could not pass, with the time it was sent.
    pub stranded: Vec<(FlightId, Instant)>,
    stream: Stream,
}

/// A link between a client and a server.
#[derive(Debug)]
pub struct Link {
    /// The host that opens connections.
    pub client: HostId,
    /// The host they are opened to.
    pub server: HostId,
    /// Client to server.
    pub to_server: Lane,
    /// Server to client.
    pub to_client: Lane,
}

impl Link {
    /// One direction.
    pub fn lane(&mut self, to_server: bool) -> &mut Lane {
        if to_server { &mut self.to_server } else { &mut self.to_client }
    }
}

impl Lane {
    /// Whether what is sent now sets out at once.
    pub fn lets_pass(&self) -> bool {
        !self.faults.cut && !self.faults.held
    }

    /// How long the next message takes on the way.
    pub fn transit(&mut self, latency: &Distribution) -> Span {
        let mut span = latency.draw(&mut self.stream);
        if let Some(extra) = &self.faults.extra {
            span += extra.draw(&mut self.stream);
        }
        if let Some((per_million, retransmission)) = self.faults.loss {
            let mut wait = retransmission;
            // TCP gives up after 15 retransmissions; so many in a row mean a cut, not loss.
            for _ in 0..15 {
                if !self.stream.chance(per_million.into(), 1_000_000) {
                    break;
                }
                span += wait;
                wait = wait + wait;
            }
        }
        span
    }

    /// A span from this lane's stream.
    pub fn draw(&mut self, distribution: &Distribution) -> Span {
        distribution.draw(&mut self.stream)
    }
}

/// All links that were ever used.
#[derive(Debug)]
pub struct Links {
    links: Vec<Link>,
    numbers: BTreeMap<(HostId, HostId), u32>,
    streams: Streams,
    /// Faults put on pairs of hosts, for links that are not there yet.
    faults: BTreeMap<(HostId, HostId), LinkFaults>,
}

impl Links {
    /// No links yet.
    #[must_use]
    pub fn new(streams: Streams) -> Self {
        Self { links: Vec::new(), numbers: BTreeMap::new(), streams, faults: BTreeMap::new() }
    }

    /// The link from a client to a server.
    pub fn number(&mut self, client: HostId, server: HostId) -> u32 {
        if let Some(&number) = self.numbers.get(&(client, server)) {
            return number;
        }
        let lane = |from: HostId, to: HostId| Lane {
            faults: self.faults.get(&(from, to)).cloned().unwrap_or_default(),
            stranded: Vec::new(),
            stream: self.streams.stream("link", u64::from(from) << 16 | u64::from(to)),
        };
        let link = Link { client, server, to_server: lane(client, server), to_client: lane(server, client) };
        self.links.push(link);
        let number = (self.links.len() - 1) as u32;
        self.numbers.insert((client, server), number);
        number
    }

    /// Changes the faults of one direction between two hosts; answers the lanes it concerns.
    pub fn change(&mut self, from: HostId, to: HostId, change: &dyn Fn(&mut LinkFaults)) -> Vec<(u32, bool)> {
        change(self.faults.entry((from, to)).or_default());
        let mut lanes = Vec::new();
        for (pair, to_server) in [((from, to), true), ((to, from), false)] {
            if let Some(&number) = self.numbers.get(&pair) {
                change(&mut self.links[number as usize].lane(to_server).faults);
                lanes.push((number, to_server));
            }
        }
        lanes
    }

    /// Whether bytes pass from one host to another.
    #[must_use]
    pub fn passes(&self, from: HostId, to: HostId) -> bool {
        self.faults.get(&(from, to)).is_none_or(|faults| !faults.cut)
    }
}

impl std::ops::Index<u32> for Links {
    type Output = Link;
    fn index(&self, number: u32) -> &Link {
        &self.links[number as usize]
    }
}

impl std::ops::IndexMut<u32> for Links {
    fn index_mut(&mut self, number: u32) -> &mut Link {
        &mut self.links[number as usize]
    }
}
