//! `allocateMessageQueueStrategy` by its name.

use std::sync::Arc;

use crate::scenario::text::{Fault, Fields};
use crate::strategy::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// The strategy a table names; `None` where it names none.
pub(super) fn read_strategy(fields: &Fields<'_>) -> Result<Option<Arc<dyn AllocateMessageQueueStrategy>>, Fault> {
    let Some(node) = fields.get("allocateMessageQueueStrategy") else {
        return Ok(None);
    };
    match node.text("the name of a strategy, such as \"AVG\"")? {
        "AVG" => Ok(Some(default_strategy())),
        other => Err(Fault::new(node.place, format!("`{other}` is no strategy"), "known is AVG")),
    }
}

/// RocketMQ's default.
pub(super) fn default_strategy() -> Arc<dyn AllocateMessageQueueStrategy> {
    Arc::new(Averagely)
}

/// Stands in for the registry of strategies: `AllocateMessageQueueAveragely`.
struct Averagely;

impl AllocateMessageQueueStrategy for Averagely {
    fn name(&self) -> String {
        "AVG".to_owned()
    }

    fn allocate(
        &self,
        _: &str,
        cid: &str,
        queues: &[MessageQueue],
        cids: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        let Some(index) = cids.iter().position(|id| &**id == cid) else {
            return Ok(Vec::new());
        };
        let (each, rest) = (queues.len() / cids.len(), queues.len() % cids.len());
        let from = index * each + index.min(rest);
        Ok(queues[from..from + each + usize::from(index < rest)].to_vec())
    }
}
