//! What a program that uses this crate adds to the language: a name for each strategy, offset store and listener of its own.

use std::sync::Arc;

use crate::model::plan::{MessageListener, OwnListener};
use crate::offset::{KnownStore, STORES};
use crate::strategy::{AllocateMessageQueueStrategy, Registry};
use crate::wording::instead;

/// Which strategies, offset stores and listeners a scenario can name.
///
/// ```
/// use rebalance_sim::Plugins;
/// use rebalance_sim::strategy::registry::strategy;
/// let average = strategy("AVG").ok_or("it is RocketMQ's")?;
/// let plugins = Plugins::new().strategy_as("MINE", average);
/// let cluster = rebalance_sim::Cluster::new().broker("a").topic("orders", 4)
///     .group(rebalance_sim::Group::new("g").members(2).strategy("MINE"));
/// assert!(plugins.from_toml(&cluster.to_toml()).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Plugins {
    pub(super) strategies: Registry,
    stores: Vec<&'static KnownStore>,
    listeners: Vec<OwnListener>,
}

impl Plugins {
    /// What this crate has itself.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These with other strategies to choose from.
    #[must_use]
    pub fn of_strategies(strategies: Registry) -> Self {
        Self { strategies, ..Self::default() }
    }

    /// These and a strategy under its own name.
    #[must_use]
    pub fn strategy(self, strategy: impl AllocateMessageQueueStrategy + 'static) -> Self {
        let name = strategy.name();
        self.strategy_as(&name, Arc::new(strategy))
    }

    /// These and a strategy under this name, which `allocateMessageQueueStrategy` then has; it takes the place of another of
    /// that name.
    #[must_use]
    pub fn strategy_as(mut self, name: &str, strategy: Arc<dyn AllocateMessageQueueStrategy>) -> Self {
        self.strategies = self.strategies.with(name.to_owned(), move |_| Ok(Arc::clone(&strategy)));
        self
    }

    /// These and an offset store, which `offsetStore` then has.
    #[must_use]
    pub fn offset_store(mut self, store: &'static KnownStore) -> Self {
        self.stores.retain(|known| known.name != store.name);
        self.stores.push(store);
        self
    }

    /// These and a listener under this name, which `listener` then has.
    #[must_use]
    pub fn listener(mut self, name: &str, listener: impl MessageListener + 'static) -> Self {
        self.listeners.retain(|known| known.name != name);
        self.listeners.push(OwnListener { name: name.to_owned(), listener: Arc::new(listener) });
        self
    }

    /// The offset store of a name; else which may be meant.
    pub(super) fn store(&self, name: &str) -> Result<&'static KnownStore, String> {
        let known = || self.stores.iter().copied().chain(STORES);
        known().find(|store| store.name == name).ok_or_else(|| instead(name, known().map(|store| store.name)))
    }

    /// The listener of a name; else which may be meant, and nothing where there is none.
    pub(super) fn listener_of(&self, name: &str) -> Result<OwnListener, String> {
        let names = || self.listeners.iter().map(|known| known.name.as_str());
        let other = || if self.listeners.is_empty() { String::new() } else { instead(name, names()) };
        self.listeners.iter().find(|known| known.name == name).cloned().ok_or_else(other)
    }
}
