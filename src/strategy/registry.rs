//! The strategies by name. Adding one is one file and one line here.

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

/// Makes a strategy.
type Maker = fn(&StrategyParameters) -> Result<Shared, StrategyError>;

/// What stands before the inner strategy's name.
const NEARBY: &str = "MACHINE_ROOM_NEARBY-";

/// Name and maker of each.
const STRATEGIES: &[(&str, Maker)] = &[
    ("AVG", |_| Ok(Arc::new(Averagely))),
    ("AVG_BY_CIRCLE", |_| Ok(Arc::new(AveragelyByCircle))),
    ("CONFIG", |parameters| Ok(Arc::new(ByConfig::new(parameters.message_queue_list.clone().unwrap_or_default())))),
    ("MACHINE_ROOM", |parameters| {
        let strategy = ByMachineRoom::new(parameters.consumer_idcs.clone());
        Ok(Arc::new(if parameters.before_2478 { strategy.before_2478() } else { strategy }))
    }),
    ("MACHINE_ROOM_NEARBY-AVG", |parameters| nearby("AVG", parameters)),
    ("MACHINE_ROOM_NEARBY-AVG_BY_CIRCLE", |parameters| nearby("AVG_BY_CIRCLE", parameters)),
    ("CONSISTENT_HASH", |parameters| Ok(Arc::new(ConsistentHash::new(parameters.virtual_node_cnt)?))),
    // From here on none is RocketMQ's.
    ("BOUNDED_LOAD_HASH", |parameters| {
        Ok(Arc::new(BoundedLoadHash::new(parameters.virtual_node_cnt, parameters.load_bound_percent)?))
    }),
    ("RENDEZVOUS_HASH", |_| Ok(Arc::new(RendezvousHash))),
    ("STICKY", |parameters| Ok(Arc::new(Sticky::after(&parameters.previous)))),
    ("AVG_OVER_TOPICS", |parameters| Ok(Arc::new(AveragelyOverTopics::new(&parameters.group_queues)))),
];

fn nearby(inner: &str, parameters: &StrategyParameters) -> Result<Shared, StrategyError> {
    let rule = parameters.machine_room_resolver.clone();
    Ok(Arc::new(MachineRoomNearby::new(build(inner, parameters)?, rule)))
}

/// The strategy with this name and these settings. Any name may stand behind `MACHINE_ROOM_NEARBY-`.
///
/// # Errors
/// There is no such strategy, or it refuses its settings.
pub fn build(name: &str, parameters: &StrategyParameters) -> Result<Shared, StrategyError> {
    if let Some((_, make)) = STRATEGIES.iter().find(|(known, _)| *known == name) {
        return make(parameters);
    }
    match name.strip_prefix(NEARBY) {
        Some(inner) => nearby(inner, parameters),
        None => Err(StrategyError::Unknown { name: name.to_owned(), known: names().join(", ") }),
    }
}

/// The strategy with this name as it is by default; `None`: there is none.
#[must_use]
pub fn strategy(name: &str) -> Option<Shared> {
    build(name, &StrategyParameters::default()).ok()
}

/// All names, in the order of the registry.
#[must_use]
pub fn names() -> Vec<&'static str> {
    STRATEGIES.iter().map(|(name, _)| *name).collect()
}
