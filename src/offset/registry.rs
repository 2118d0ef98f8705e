//! The offset stores by name, as a group may choose them (`DefaultMQPushConsumer.setOffsetStore`), and for people. Adding
//! one is one file and one entry here.

use super::application_database::{ApplicationDatabase, DatabaseCommit};
use super::commit_at_every_update::CommitAtEveryUpdate;
use super::local::LocalFileOffsetStore;
use super::local_by_number::LocalByNumber;
use super::local_of_go::LocalFileOfGo;
use super::remote::RemoteBrokerOffsetStore;
use super::store::OffsetStore;
use crate::kernel::Span;

/// Who remembers what a group has committed: where a member that takes a queue looks.
///
/// ```
/// use rebalance_sim::offset::{Keeper, known_store};
/// assert_eq!(known_store("LocalFileOffsetStore").map(|store| store.keeper), Some(Keeper::OwnFile));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Keeper {
    /// The brokers.
    Brokers,
    /// Each member's own machine, for that member alone.
    OwnFile,
    /// A database that all members of the group reach.
    Database,
}

/// What a store may be told beside its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreParameters {
    /// How long the database takes to answer, 2 ms.
    pub latency: Span,
    /// When an offset is written into the database.
    pub commit: DatabaseCommit,
}

impl Default for StoreParameters {
    fn default() -> Self {
        Self { latency: Span::from_millis(2), commit: DatabaseCommit::AfterWork }
    }
}

/// Whose store it is.
///
/// ```
/// use rebalance_sim::offset::{ChosenStore, StoreOwner};
/// let owner = StoreOwner::new("/offsets", "10.0.0.1@1", "g");
/// let store = ChosenStore::named("LocalFileOffsetStore").make(&owner);
/// assert!(store.clone_offset_table(&|_| true).is_empty());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreOwner<'a> {
    /// `rocketmq.client.localOffsetStoreDir`.
    pub dir: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// The group.
    pub group: &'a str,
    /// The local store's `persist` of one queue writes.
    pub local_file_persists_one: bool,
    /// The member runs the Go client, whose local store is another.
    pub of_go: bool,
}

impl<'a> StoreOwner<'a> {
    /// A member of 5.3.3 with Java's client.
    #[must_use]
    pub fn new(dir: &'a str, client_id: &'a str, group: &'a str) -> Self {
        Self { dir, client_id, group, local_file_persists_one: true, of_go: false }
    }
}

/// Makes a store; queues are known by number.
pub type StoreMaker = fn(&StoreParameters, &StoreOwner<'_>) -> Box<dyn OffsetStore<u32>>;

/// An offset store.
///
/// ```
/// use rebalance_sim::offset::{ByName, Keeper, KnownStore, RemoteBrokerOffsetStore};
/// use rebalance_sim::{Cluster, Group, MessageQueue, Plugins};
///
/// /// A store of one's own implements `OffsetStore<MessageQueue>`, as RocketMQ's does.
/// type Mine = RemoteBrokerOffsetStore<MessageQueue>;
/// static MINE: KnownStore = KnownStore::own("Mine", Keeper::Brokers, |_, _| Box::new(ByName::new(Mine::default())));
///
/// let group = Group::new("g").members(2).offset_store("Mine");
/// let cluster = Cluster::new().broker("a").topic("orders", 4).group(group);
/// assert!(Plugins::new().offset_store(&MINE).from_toml(&cluster.to_toml()).is_ok());
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct KnownStore {
    /// RocketMQ's class, or what those are called that it has not.
    pub name: &'static str,
    /// Who remembers, in one sentence.
    pub keeps: &'static str,
    /// Whose it is.
    pub of: &'static str,
    /// When it is written.
    pub written: &'static str,
    /// What a crash costs.
    pub crash: &'static str,
    /// Where a member that takes a queue looks.
    pub keeper: Keeper,
    /// Each update is written as it is made: nothing waits for the persist timer.
    pub at_every_update: bool,
    /// What it may be told beside its name.
    pub settings: &'static [&'static str],
    /// Makes it.
    pub make: StoreMaker,
}

impl KnownStore {
    /// A store of somebody else's, such as lives in a `static`; `make` wraps what knows queues by name in
    /// [`ByName`](super::ByName).
    #[must_use]
    pub const fn own(name: &'static str, keeper: Keeper, make: StoreMaker) -> Self {
        const ELSEWHERE: &str = "What its own crate says of it.";
        Self {
            name,
            keeps: ELSEWHERE,
            of: "offsetStore, in CLUSTERING; none of RocketMQ's",
            written: ELSEWHERE,
            crash: ELSEWHERE,
            keeper,
            at_every_update: false,
            settings: &[],
            make,
        }
    }

    /// The same store, said to write each update as it is made: nothing waits for the persist timer.
    #[must_use]
    pub const fn writes_at_every_update(self) -> Self {
        Self { at_every_update: true, ..self }
    }
}

impl PartialEq for KnownStore {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// All of them, RocketMQ's first.
pub const STORES: &[KnownStore] = &[
    KnownStore {
        name: "RemoteBrokerOffsetStore",
        keeps: "The brokers remember how far the group has consumed each queue.",
        of: "messageModel = \"CLUSTERING\"",
        written: "By one-way commits: the persist timer (5 s), pulls, a release, shutdown(); a broker writes \
                  consumerOffset.json every 5 s.",
        crash: "What was consumed since the last commit comes again; after a broker's crash, what was committed since \
                it wrote its file.",
        keeper: Keeper::Brokers,
        at_every_update: false,
        settings: &[],
        make: |_, _| Box::new(RemoteBrokerOffsetStore::default()),
    },
    KnownStore {
        name: "LocalFileOffsetStore",
        keeps: "A file offsets.json on each member's own machine remembers how far that member has consumed.",
        of: "messageModel = \"BROADCASTING\"; in CLUSTERING by offsetStore, where a queue loses its offset with its member",
        written: "By the persist timer (5 s), a release, and shutdown(); one copy before it, offsets.json.bak.",
        crash: "What the member consumed since comes again to it; under another client id, or on another machine, there \
                is no file and consumeFromWhere decides.",
        keeper: Keeper::OwnFile,
        at_every_update: false,
        settings: &[],
        make: |_, owner| {
            if owner.of_go {
                return Box::new(LocalFileOfGo::new(owner.dir, owner.client_id, owner.group));
            }
            let store = LocalFileOffsetStore::new(owner.dir, owner.client_id, owner.group);
            Box::new(LocalByNumber::new(store, owner.local_file_persists_one))
        },
    },
    // From here on none is RocketMQ's.
    KnownStore {
        name: "CommitAtEveryUpdate",
        keeps: "The brokers remember, as with RemoteBrokerOffsetStore.",
        of: "offsetStore, in CLUSTERING; none of RocketMQ's",
        written: "By a one-way commit each time that a listener has returned: a message to the broker for every batch, \
                  of which one may overtake another; and as RemoteBrokerOffsetStore does.",
        crash: "What was in the listeners comes again, and what was finished above the first unfinished message of its \
                queue; after a broker's crash, what was committed since it wrote its file.",
        keeper: Keeper::Brokers,
        at_every_update: true,
        settings: &[],
        make: |_, _| Box::new(CommitAtEveryUpdate::default()),
    },
    KnownStore {
        name: "ApplicationDatabase",
        keeps: "The application's database, which all members reach, remembers how far the group has consumed each queue.",
        of: "offsetStore, in CLUSTERING; none of RocketMQ's",
        written: "With the transaction of the work (commit = \"with_work\"), or so much later as the database takes to \
                  answer; the commits that pulls carry still reach the brokers, and no member starts from them.",
        crash: "What was in the listeners comes again, and what was finished above the first unfinished message of its \
                queue, as an offset says no more; with after_work also what the database had not written yet. A broker's \
                crash takes nothing back.",
        keeper: Keeper::Database,
        at_every_update: true,
        settings: &["latency", "commit"],
        make: |parameters, _| Box::new(ApplicationDatabase::new(parameters.commit, parameters.latency)),
    },
];

/// The store of this name.
#[must_use]
pub fn known_store(name: &str) -> Option<&'static KnownStore> {
    STORES.iter().find(|store| store.name == name)
}

/// A store with what it was told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChosenStore {
    /// Which.
    pub store: &'static KnownStore,
    /// What it was told.
    pub parameters: StoreParameters,
}

impl ChosenStore {
    /// The store of this name, as it is by default.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let store = known_store(name).unwrap_or_else(|| panic!("`{name}` is no offset store"));
        Self { store, parameters: StoreParameters::default() }
    }

    /// `RemoteBrokerOffsetStore`.
    #[must_use]
    pub fn of_brokers() -> Self {
        Self::named("RemoteBrokerOffsetStore")
    }

    /// Makes it.
    #[must_use]
    pub fn make(&self, owner: &StoreOwner<'_>) -> Box<dyn OffsetStore<u32>> {
        (self.store.make)(&self.parameters, owner)
    }
}
