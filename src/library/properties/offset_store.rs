//! The properties of an offset store of one's own.

use ::proptest::prelude::Strategy;

use super::calls::{Call, calls};
use super::{Broken, DEALT, PLAYED, Trial, played, stored};
use crate::library::proptest::clusters;
use crate::library::{Cluster, Scenario};
use crate::offset::KnownStore;
use crate::scenario::Plugins;

/// The properties of an offset store, as it is plugged in.
///
/// ```
/// use rebalance_sim::offset::{ByName, Keeper, KnownStore, RemoteBrokerOffsetStore};
/// use rebalance_sim::{MessageQueue, properties};
/// /// A store of one's own implements `OffsetStore<MessageQueue>`, as RocketMQ's does.
/// type Mine = RemoteBrokerOffsetStore<MessageQueue>;
/// static MINE: KnownStore = KnownStore::own("Mine", Keeper::Brokers, |_, _| Box::new(ByName::new(Mine::default())));
///
/// let mine = properties::offset_store(&MINE);
/// mine.updates_are_read()?;
/// mine.persisted_is_kept()?;
/// # Ok::<(), properties::Broken>(())
/// ```
#[must_use]
pub fn offset_store(store: &'static KnownStore) -> OffsetStoreProperties {
    OffsetStoreProperties { store, cases: None }
}

/// What an offset store can be held to. Most properties try sequences of calls, always the same ones, with brokers, a
/// database and a disk in memory ([`InMemory`](crate::offset::InMemory)), and shrink the first that breaks it;
/// [`OffsetStoreProperties::no_message_is_missed`] plays clusters of [`clusters`].
///
/// ```
/// use rebalance_sim::{offset::known_store, properties};
/// let own_file = known_store("LocalFileOffsetStore").ok_or("it is RocketMQ's")?;
/// properties::offset_store(own_file).cases(16).frozen_stays()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct OffsetStoreProperties {
    store: &'static KnownStore,
    cases: Option<u32>,
}

/// What must hold of a store and of calls.
type Holds = fn(&'static KnownStore, &[Call]) -> Result<(), String>;

impl OffsetStoreProperties {
    /// So many tries for each property, instead of 256 sequences of calls, or 12 clusters that are played.
    #[must_use]
    pub fn cases(self, cases: u32) -> Self {
        Self { cases: Some(cases), ..self }
    }

    /// What was updated is in memory, and nothing else is.
    ///
    /// # Errors
    /// [`Broken`], with the fewest calls.
    pub fn updates_are_read(&self) -> Result<(), Broken> {
        self.hold("updates are read", stored::updates_are_read)
    }

    /// An update with `increase_only` leaves the larger of both.
    ///
    /// # Errors
    /// [`Broken`], with the fewest calls.
    pub fn increase_only_never_lowers(&self) -> Result<(), Broken> {
        self.hold("increase_only never lowers", stored::increase_only_never_lowers)
    }

    /// What is persisted, the next process on the machine goes on from; and where all members know the same
    /// ([`Keeper::Brokers`](crate::offset::Keeper::Brokers), [`Keeper::Database`](crate::offset::Keeper::Database)), a
    /// member on another machine too.
    ///
    /// # Errors
    /// [`Broken`], with the fewest calls.
    pub fn persisted_is_kept(&self) -> Result<(), Broken> {
        self.hold("what is persisted is kept", stored::persisted_is_kept)
    }

    /// What is removed is forgotten in memory, and there alone.
    ///
    /// # Errors
    /// [`Broken`], with the fewest calls.
    pub fn removed_is_forgotten(&self) -> Result<(), Broken> {
        self.hold("what is removed is forgotten", stored::removed_is_forgotten)
    }

    /// No update moves an offset that is frozen, as an operator's `resetOffsetByTime` freezes it, until it is removed.
    ///
    /// # Errors
    /// [`Broken`], with the fewest calls.
    pub fn frozen_stays(&self) -> Result<(), Broken> {
        self.hold("a frozen offset stays", stored::frozen_stays)
    }

    /// To persist some queues writes nothing of others, and nothing at all where there are none.
    ///
    /// # Errors
    /// [`Broken`], with the fewest calls.
    pub fn only_what_is_asked_is_written(&self) -> Result<(), Broken> {
        self.hold("only what is asked is written", stored::only_what_is_asked_is_written)
    }

    /// Where brokers or a database answer later, their answer is given back and in memory, and is not sent to them.
    ///
    /// # Errors
    /// [`Broken`]: what was answered, and how it was read.
    pub fn answers_may_come_later(&self) -> Result<(), Broken> {
        let trial = Trial { property: "answers may come later", cases: self.cases.unwrap_or(PLAYED) };
        let answers = (0..3_u32, 0..=40_i64);
        trial.hold(
            &answers,
            |_| String::new(),
            |(queue, offset)| stored::answers_may_come_later(self.store, *queue, *offset),
        )
    }

    /// No message is lost, skipped or left undelivered where no broker fails, whatever happens to members.
    ///
    /// # Errors
    /// [`Broken`], with the smallest cluster.
    pub fn no_message_is_missed(&self) -> Result<(), Broken> {
        let trial = Trial { property: "no message is missed", cases: self.cases.unwrap_or(PLAYED) };
        trial.hold(
            &clusters(),
            |cluster| self.file_of(cluster),
            |cluster| played::nothing_missed(&self.scenario_of(cluster)?),
        )
    }

    /// All of them.
    ///
    /// # Errors
    /// [`Broken`]: the first that does not hold.
    pub fn hold_all(&self) -> Result<(), Broken> {
        self.hold_calls()?;
        self.no_message_is_missed()
    }

    /// All that tries calls, and plays no cluster.
    ///
    /// # Errors
    /// [`Broken`]: the first that does not hold.
    pub fn hold_calls(&self) -> Result<(), Broken> {
        self.updates_are_read()?;
        self.increase_only_never_lowers()?;
        self.persisted_is_kept()?;
        self.removed_is_forgotten()?;
        self.frozen_stays()?;
        self.only_what_is_asked_is_written()?;
        self.answers_may_come_later()
    }

    fn hold(&self, property: &'static str, holds: Holds) -> Result<(), Broken> {
        let trial = Trial { property, cases: self.cases.unwrap_or(DEALT) };
        trial.hold(&calls().boxed(), |_| String::new(), |calls| holds(self.store, calls))
    }

    fn scenario_of(&self, cluster: &Cluster) -> Result<Scenario, String> {
        let plugins = Plugins::new().offset_store(self.store);
        plugins.from_toml(&self.file_of(cluster)).map_err(|error| error.to_string())
    }

    /// The cluster with the store in its group.
    fn file_of(&self, cluster: &Cluster) -> String {
        cluster.clone().with_offset_store(self.store.name).to_toml()
    }
}
