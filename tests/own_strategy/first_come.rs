//! A strategy of somebody else's: the first member by order of ids gets everything, the others wait.

use rebalance_sim::strategy::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// All queues to the first id.
pub struct FirstCome;

impl AllocateMessageQueueStrategy for FirstCome {
    fn name(&self) -> String {
        "FIRST_COME".to_owned()
    }

    fn allocate(
        &self,
        _group: &str,
        current_cid: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        Ok(if cid_all.first().is_some_and(|first| &**first == current_cid) { mq_all.to_vec() } else { Vec::new() })
    }
}
