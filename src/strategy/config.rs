//! `CONFIG`: the list the user wrote, whatever is offered (`AllocateMessageQueueByConfig`).

use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// Answers its list to everybody, for every topic, without any check: queues of other topics too, and queues that
/// do not exist. Java answers null where the list was never set; that is the empty answer here.
#[derive(Debug, Clone, Default)]
pub struct ByConfig {
    /// `messageQueueList`.
    message_queue_list: Vec<MessageQueue>,
}

impl ByConfig {
    /// Answers this list from now on; empty as if it were never set.
    #[must_use]
    pub fn new(message_queue_list: Vec<MessageQueue>) -> Self {
        Self { message_queue_list }
    }
}

impl AllocateMessageQueueStrategy for ByConfig {
    fn name(&self) -> String {
        "CONFIG".to_owned()
    }

    fn allocate(
        &self,
        _group: &str,
        _current_cid: &str,
        _mq_all: &[MessageQueue],
        _cid_all: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        Ok(self.message_queue_list.clone())
    }
}
