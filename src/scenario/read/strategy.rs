//! `allocateMessageQueueStrategy` by its name.

use std::sync::Arc;

use crate::scenario::text::{Fault, Fields};
use crate::strategy::{AllocateMessageQueueStrategy, registry};

/// The strategy a table names; `None` where it names none.
pub(super) fn read_strategy(fields: &Fields<'_>) -> Result<Option<Arc<dyn AllocateMessageQueueStrategy>>, Fault> {
    let Some(node) = fields.get("allocateMessageQueueStrategy") else {
        return Ok(None);
    };
    let name = node.text("the name of a strategy, such as \"AVG\"")?;
    let known = || format!("known is {}", registry::names().join(", "));
    registry::strategy(name)
        .map(Some)
        .ok_or_else(|| Fault::new(node.place, format!("`{name}` is no strategy"), known()))
}

/// RocketMQ's default.
pub(super) fn default_strategy() -> Arc<dyn AllocateMessageQueueStrategy> {
    registry::strategy("AVG").expect("the default strategy is registered")
}
