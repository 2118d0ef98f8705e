//! For invented runs: no strategy is asked in them.

use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// Gives nobody anything.
pub(crate) struct Unasked;

impl AllocateMessageQueueStrategy for Unasked {
    fn name(&self) -> String {
        "NONE".to_owned()
    }

    fn allocate(
        &self,
        _: &str,
        _: &str,
        _: &[MessageQueue],
        _: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        Ok(vec![])
    }
}
