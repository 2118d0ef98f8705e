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
    check_arguments(current_cid, mq_all, cid_all)?;
    Ok(cid_all.iter().position(|cid| &**cid == current_cid))
}

/// The part of [`check`] that does not look for the asker.
///
/// # Errors
/// As [`check`].
pub(super) fn check_arguments(
    current_cid: &str,
    mq_all: &[MessageQueue],
    cid_all: &[ClientId],
) -> Result<(), AllocateError> {
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
    Ok(())
}

/// `allocate_all` of a strategy that needs only a member's first position: that position is looked up once for all.
pub(super) fn answers_by_position(
    mq_all: &[MessageQueue],
    cid_all: &[ClientId],
    share: impl Fn(usize) -> Result<Vec<MessageQueue>, AllocateError>,
) -> Vec<Result<Vec<MessageQueue>, AllocateError>> {
    let firsts = first_positions(cid_all);
    let answer = |(cid, first): (&ClientId, usize)| {
        check_arguments(cid, mq_all, cid_all)?;
        share(first)
    };
    cid_all.iter().zip(firsts).map(answer).collect()
}

/// For every entry of a list the first position of its id, as Java's `indexOf` finds it. The list may be unsorted.
pub(super) fn first_positions(cid_all: &[ClientId]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..cid_all.len()).collect();
    order.sort_by(|&a, &b| cid_all[a].cmp(&cid_all[b]).then(a.cmp(&b)));
    let mut firsts: Vec<usize> = (0..cid_all.len()).collect();
    for pair in order.windows(2) {
        if cid_all[pair[0]] == cid_all[pair[1]] {
            firsts[pair[1]] = firsts[pair[0]];
        }
    }
    firsts
}
