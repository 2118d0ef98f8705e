//! `AVG_BY_CIRCLE`: one queue after the other, like dealing cards (`AllocateMessageQueueAveragelyByCircle`).

use super::check::{answers_by_position, check};
use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// The member at position `i` of `C` gets the sorted queues `i`, `i + C`, `i + 2C` and so on.
#[derive(Debug, Clone, Copy, Default)]
pub struct AveragelyByCircle;

impl AveragelyByCircle {
    fn circle(index: usize, mq_all: &[MessageQueue], members: usize) -> Vec<MessageQueue> {
        mq_all.iter().skip(index).step_by(members).cloned().collect()
    }
}

impl AllocateMessageQueueStrategy for AveragelyByCircle {
    fn name(&self) -> String {
        "AVG_BY_CIRCLE".to_owned()
    }

    fn allocate(
        &self,
        _group: &str,
        current_cid: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        let index = check(current_cid, mq_all, cid_all)?;
        Ok(index.map_or_else(Vec::new, |index| Self::circle(index, mq_all, cid_all.len())))
    }

    fn allocate_all(
        &self,
        _group: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Vec<Result<Vec<MessageQueue>, AllocateError>> {
        answers_by_position(mq_all, cid_all, |index| Ok(Self::circle(index, mq_all, cid_all.len())))
    }
}
