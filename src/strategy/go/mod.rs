//! The strategies of the Go client (`consumer/strategy.go`, the same from v2.0.0 on): what a Go member of a group answers
//! where a Java member asks the class of the same name.
//!
//! | name | against Java's |
//! |---|---|
//! | `AVG`, `AVG_BY_CIRCLE`, `CONFIG` | the same; where Java throws, and keeps its queues, Go answers nothing, and gives them up |
//! | `MACHINE_ROOM` | blocks are cut from all queues, so it is Java's only where every queue is in a room |
//! | `CONSISTENT_HASH` | another ring: half of a group in either language leaves queues to nobody and gives others to two |
//! | `MACHINE_ROOM_NEARBY-<inner>` | `AVG`: it asks no room, and no inner strategy |
//!
//! Anything else is none of Go's, and is refused.

mod consistent_hash;
mod machine_room;
mod ring;
mod silent;

use std::sync::Arc;

use super::avg::Averagely;
use super::avg_by_circle::AveragelyByCircle;
use super::config::ByConfig;
use super::registry::NEARBY;
use super::{AllocateMessageQueueStrategy, StrategyError, StrategyParameters};
use crate::wording::instead;
use consistent_hash::ConsistentHash;
use machine_room::ByMachineRoom;
use silent::Silent;

/// The names under which Go's strategies are asked for: those of the Java classes.
pub const NAMES: &[&str] =
    &["AVG", "AVG_BY_CIRCLE", "CONFIG", "MACHINE_ROOM", "CONSISTENT_HASH", "MACHINE_ROOM_NEARBY-AVG"];

/// Whether Go has a strategy where Java has the one of this name.
#[must_use]
pub fn has(name: &str) -> bool {
    NAMES.contains(&name) || name.starts_with(NEARBY)
}

/// The strategy of the Go client that stands where Java has the one of this name.
///
/// # Errors
/// Go has no such strategy, or refuses its settings.
pub fn build(
    name: &str,
    parameters: &StrategyParameters,
) -> Result<Arc<dyn AllocateMessageQueueStrategy>, StrategyError> {
    Ok(match name {
        "AVG" => Arc::new(Silent::new(Averagely)),
        "AVG_BY_CIRCLE" => Arc::new(Silent::new(AveragelyByCircle)),
        "CONFIG" => Arc::new(ByConfig::new(parameters.message_queue_list.clone().unwrap_or_default())),
        "MACHINE_ROOM" => Arc::new(ByMachineRoom::new(parameters.consumer_idcs.clone().unwrap_or_default())),
        "CONSISTENT_HASH" => Arc::new(ConsistentHash::new(parameters.virtual_node_cnt)?),
        nearby if nearby.starts_with(NEARBY) => Arc::new(Silent::named(nearby, Averagely)),
        _ => {
            return Err(StrategyError::Unknown { name: name.to_owned(), known: instead(name, NAMES.to_vec()) });
        }
    })
}
