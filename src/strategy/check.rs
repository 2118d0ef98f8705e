//! What every strategy of RocketMQ asks first (`AbstractAllocateMessageQueueStrategy.check`).

use super::{AllocateError, ClientId, MessageQueue};

/// The position of the asker, the first where its id repeats; `None`: it is not in the list and gets nothing.
///
/// # Errors
/// An empty id, no queues, no members, in this order, with Java's words.
pub(super) fn check(
    current_cid: &str,
    mq_all: &[MessageQueue],
    cid_all: &[ClientId],
) -> Result<Option<usize>, AllocateError> {
    let refuse = |message: &str| Err(AllocateError::IllegalArgument(message.to_owned()));
    if current_cid.is_empty() {
        return refuse("currentCID is empty");
    }
    if mq_all.is_empty() {
        return refuse("mqAll is null or mqAll empty");
    }
    if cid_all.is_empty() {
        return refuse("cidAll is null or cidAll empty");
    }
    Ok(cid_all.iter().position(|cid| &**cid == current_cid))
}
