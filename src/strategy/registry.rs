//! The strategies by RocketMQ's name. Adding one is one file and one line here.

use std::sync::Arc;

use super::AllocateMessageQueueStrategy;
use super::avg::Averagely;

/// Makes a strategy.
type Maker = fn() -> Arc<dyn AllocateMessageQueueStrategy>;

/// Name and maker of each.
const STRATEGIES: &[(&str, Maker)] = &[("AVG", || Arc::new(Averagely))];

/// The strategy with this name; `None`: there is none.
#[must_use]
pub fn strategy(name: &str) -> Option<Arc<dyn AllocateMessageQueueStrategy>> {
    STRATEGIES.iter().find(|(known, _)| *known == name).map(|(_, make)| make())
}

/// All names, in the order of the registry.
#[must_use]
pub fn names() -> Vec<&'static str> {
    STRATEGIES.iter().map(|(name, _)| *name).collect()
}
