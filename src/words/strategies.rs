//! Strategies, from [`crate::strategy::registry::STRATEGIES`].

use super::Entry;
use crate::strategy::registry::STRATEGIES;

pub(super) fn entries() -> Vec<Entry> {
    let entry = |strategy: &crate::strategy::registry::KnownStrategy| {
        Entry::new(strategy.name, strategy.deals)
            .with("what a change moves", strategy.moves)
            .with("settings", strategy.settings.join(", "))
            .with("class", strategy.class)
            .with("by itself", format!("rebalance-sim allocate --strategy {} ...", strategy.name))
    };
    STRATEGIES.iter().map(entry).collect()
}
