//! The strategies by name. Adding one is one file and one line here; in a crate that uses this one it is one file and
//! one [`Registry::with`].

use std::sync::Arc;

use super::avg::Averagely;
use super::avg_by_circle::AveragelyByCircle;
use super::avg_over_topics::AveragelyOverTopics;
use super::bounded_load_hash::BoundedLoadHash;
use super::config::ByConfig;
use super::consistent_hash::ConsistentHash;
use super::machine_room::ByMachineRoom;
use super::machine_room_nearby::MachineRoomNearby;
use super::rendezvous_hash::RendezvousHash;
use super::sticky::Sticky;
use super::{AllocateMessageQueueStrategy, StrategyError, StrategyParameters};

/// A strategy that all members of a group share.
type Shared = Arc<dyn AllocateMessageQueueStrategy>;

/// Makes a strategy from its settings.
pub type Maker = fn(&StrategyParameters) -> Result<Shared, StrategyError>;

/// What stands before the inner strategy's name.
const NEARBY: &str = "MACHINE_ROOM_NEARBY-";

/// The most rooms within rooms: a strategy is asked through each of them.
const MOST_ROOMS: usize = 8;

/// Name and maker of each of this crate's.
const STRATEGIES: &[(&str, Maker)] = &[
    ("AVG", |_| Ok(Arc::new(Averagely))),
    ("AVG_BY_CIRCLE", |_| Ok(Arc::new(AveragelyByCircle))),
    ("CONFIG", |parameters| Ok(Arc::new(ByConfig::new(parameters.message_queue_list.clone().unwrap_or_default())))),
    ("MACHINE_ROOM", |parameters| {
        let strategy = ByMachineRoom::new(parameters.consumer_idcs.clone());
        Ok(Arc::new(if parameters.before_2478 { strategy.before_2478() } else { strategy }))
    }),
    ("MACHINE_ROOM_NEARBY-AVG", |parameters| nearby(build("AVG", parameters)?, parameters)),
    ("MACHINE_ROOM_NEARBY-AVG_BY_CIRCLE", |parameters| nearby(build("AVG_BY_CIRCLE", parameters)?, parameters)),
    ("CONSISTENT_HASH", |parameters| Ok(Arc::new(ConsistentHash::new(parameters.virtual_node_cnt)?))),
    // From here on none is RocketMQ's.
    ("BOUNDED_LOAD_HASH", |parameters| {
        Ok(Arc::new(BoundedLoadHash::new(parameters.virtual_node_cnt, parameters.load_bound_percent)?))
    }),
    ("RENDEZVOUS_HASH", |_| Ok(Arc::new(RendezvousHash))),
    ("STICKY", |parameters| Ok(Arc::new(Sticky::after(&parameters.previous)))),
    ("AVG_OVER_TOPICS", |parameters| Ok(Arc::new(AveragelyOverTopics::new(&parameters.group_queues)))),
];

fn nearby(inner: Shared, parameters: &StrategyParameters) -> Result<Shared, StrategyError> {
    Ok(Arc::new(MachineRoomNearby::new(inner, parameters.machine_room_resolver.clone())))
}

/// Which strategies there are. A value like any other: who reads a scenario says which one it means.
#[derive(Debug, Clone)]
pub struct Registry {
    strategies: Vec<(&'static str, Maker)>,
}

impl Default for Registry {
    /// The strategies of this crate: RocketMQ's, and those that its users ask for.
    fn default() -> Self {
        Self { strategies: STRATEGIES.to_vec() }
    }
}

impl Registry {
    /// These and one more. Where the name is taken, the new one takes its place.
    #[must_use]
    pub fn with(mut self, name: &'static str, make: Maker) -> Self {
        match self.strategies.iter_mut().find(|(known, _)| *known == name) {
            Some(taken) => taken.1 = make,
            None => self.strategies.push((name, make)),
        }
        self
    }

    /// The strategy with this name and these settings. Any name may stand behind `MACHINE_ROOM_NEARBY-`.
    ///
    /// # Errors
    /// There is no such strategy, or it refuses its settings.
    pub fn build(&self, name: &str, parameters: &StrategyParameters) -> Result<Shared, StrategyError> {
        if let Some((_, make)) = self.strategies.iter().find(|(known, _)| *known == name) {
            return make(parameters);
        }
        match name.strip_prefix(NEARBY) {
            Some(_) if name.matches(NEARBY).count() > MOST_ROOMS => Err(StrategyError::Setting {
                setting: "allocateMessageQueueStrategy",
                value: format!("{} times {NEARBY}", name.matches(NEARBY).count()),
                allowed: "MACHINE_ROOM_NEARBY- up to 8 times",
            }),
            Some(inner) => nearby(self.build(inner, parameters)?, parameters),
            None => Err(StrategyError::Unknown { name: name.to_owned(), known: self.names().join(", ") }),
        }
    }

    /// All names, in the order in which they were registered.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.strategies.iter().map(|(name, _)| *name).collect()
    }
}

/// [`Registry::build`] of this crate's strategies.
///
/// # Errors
/// There is no such strategy, or it refuses its settings.
pub fn build(name: &str, parameters: &StrategyParameters) -> Result<Shared, StrategyError> {
    Registry::default().build(name, parameters)
}

/// The strategy of this crate with this name as it is by default; `None`: there is none.
#[must_use]
pub fn strategy(name: &str) -> Option<Shared> {
    build(name, &StrategyParameters::default()).ok()
}

/// The names of this crate's strategies, in the order of the registry.
#[must_use]
pub fn names() -> Vec<&'static str> {
    Registry::default().names()
}
