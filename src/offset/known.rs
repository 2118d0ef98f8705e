//! The offset stores, for people: one entry for each [`OffsetStore`](super::OffsetStore) that the model has.

/// An offset store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownStore {
    /// RocketMQ's class.
    pub name: &'static str,
    /// Who remembers, in one sentence.
    pub keeps: &'static str,
    /// Whose it is.
    pub of: &'static str,
    /// When it is written.
    pub written: &'static str,
    /// What a crash costs.
    pub crash: &'static str,
}

/// All of them.
pub const STORES: &[KnownStore] = &[
    KnownStore {
        name: "RemoteBrokerOffsetStore",
        keeps: "The brokers remember how far the group has consumed each queue.",
        of: "messageModel = \"CLUSTERING\"",
        written: "By one-way commits: the persist timer (5 s), pulls, a release, shutdown(); a broker writes \
                  consumerOffset.json every 5 s.",
        crash: "What was consumed since the last commit comes again; after a broker's crash, what was committed since \
                it wrote its file.",
    },
    KnownStore {
        name: "LocalFileOffsetStore",
        keeps: "A file offsets.json on each member's own machine remembers how far that member has consumed.",
        of: "messageModel = \"BROADCASTING\"",
        written: "By the persist timer (5 s), a release, and shutdown(); one copy before it, offsets.json.bak.",
        crash: "What the member consumed since comes again to it; under another client id, or on another machine, there \
                is no file and consumeFromWhere decides.",
    },
];
