//! What of which client is modelled, and how we know: a row a feature, a column a client. `results/README.md` shows it.

use super::Entry;

/// How a feature of a client is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Held to recordings of a real cluster.
    Measured,
    /// Modelled as its source was read.
    Read,
    /// Not modelled.
    No,
}

use Standing::{Measured as M, No as N, Read as R};

/// The clients; each is a column.
pub(super) const CLIENTS: &[&str] = &["Java 4.9", "Java 5.1", "Java 5.3", "Java 5.5", "Go", "LitePull", "POP", "gRPC"];

/// A feature, what it is, and how it stands with each of [`CLIENTS`].
type Row = (&'static str, &'static str, [Standing; CLIENTS.len()]);

/// All of them.
const FEATURES: &[Row] = &[
    (
        "joins and leaves",
        "members start, stop and are killed; who owns what, for how long nobody, what comes twice",
        [M, R, M, M, M, M, M, R],
    ),
    ("silent members", "members that are frozen, cut off or lose their power", [R, R, M, R, R, R, R, R]),
    ("orderly hand-over", "locks, listeners that are waited for, unlocks", [R, R, M, R, M, N, N, N]),
    ("orderly kill -9", "the lock of a dead owner, and how often it is asked for", [M, R, M, R, M, N, N, N]),
    ("broadcasting", "each member has every queue, and a file of offsets", [R, R, M, R, R, N, N, N]),
    ("upgrade beside 5.3", "members of both in one group, replaced one by one", [M, R, M, R, M, R, R, R]),
    ("added queues", "a topic gets more queues; routes that are polled", [R, R, M, R, M, R, R, R]),
    ("broker restart", "a broker stops, dies or comes back; connections, offsets, lists", [R, R, M, R, M, R, R, R]),
    ("start without a route", "start() finds no name server", [R, R, R, R, R, R, R, R]),
    ("offsets", "commits, resets, illegal offsets, where a queue begins", [R, R, R, R, R, R, R, R]),
    ("retries", "send-back, dead letters, consumeTimeout", [R, R, R, R, R, N, M, R]),
    ("slaves", "what reads and commits do while a master is away", [R, R, M, R, R, R, N, N]),
    ("hung connections", "a call that times out closes the connection", [R, R, R, R, R, R, R, N]),
    (
        "time left of a call",
        "a call that was connected late times out and keeps its connection (from 5.1.4 on)",
        [R, R, R, R, N, R, R, N],
    ),
    (
        "panics",
        "a listener that throws or panics: a failure, or the end of a goroutine or a process",
        [R, R, R, R, R, N, R, N],
    ),
    ("one dial at a time", "all requests of a process wait while it makes a connection", [N, N, N, N, R, N, N, N]),
    ("parallel heartbeats", "enableConcurrentHeartbeat, from 5.5.0 on", [N, N, N, R, N, R, N, N]),
    ("broker deals queues", "clientRebalance = false: QUERY_ASSIGNMENT in PULL mode", [N, R, M, R, N, N, M, N]),
];

pub(super) fn entries() -> Vec<Entry> {
    let entry = |(word, is, standings): &Row| {
        let columns = CLIENTS.iter().zip(standings).map(|(client, standing)| (*client, word_of(*standing)));
        columns.fold(Entry::new(*word, *is), |entry, (client, standing)| entry.with(client, standing))
    };
    FEATURES.iter().map(entry).collect()
}

/// The same in a line each, for a list.
pub(super) fn in_lines() -> Vec<Entry> {
    let line = |(word, _, standings): &Row| {
        let those = |wanted: Standing| {
            let clients = CLIENTS.iter().zip(standings).filter(|(_, standing)| **standing == wanted);
            let clients: Vec<&str> = clients.map(|(client, _)| *client).collect();
            (!clients.is_empty()).then(|| format!("{}: {}", word_of(wanted), clients.join(", ")))
        };
        let parts: Vec<String> = [M, R, N].into_iter().filter_map(those).collect();
        Entry::new(*word, format!("{}.", parts.join("; ")))
    };
    FEATURES.iter().map(line).collect()
}

const fn word_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Measured => "measured",
        Standing::Read => "read",
        Standing::No => "no",
    }
}
