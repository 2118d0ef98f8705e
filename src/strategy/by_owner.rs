//! Strategies that decide for each queue who has it, rather than for each member what it has.

use super::check::{answers_by_position, check, first_positions};
use super::{AllocateError, ClientId, MessageQueue};

/// Decides the owners of all queues at once.
pub(super) trait Owners {
    /// For every queue, in their order, the position in `members.firsts` of who has it; `None`: nobody.
    fn owners(&self, mq_all: &[MessageQueue], members: &Members) -> Vec<Option<usize>>;
}

/// The entries of a client-id list and, where ids repeat, which stand for the same id.
pub(super) struct Members<'a> {
    /// The list as it stands.
    pub cid_all: &'a [ClientId],
    /// For every entry the first position of its id.
    pub firsts: Vec<usize>,
}

impl<'a> Members<'a> {
    pub(super) fn of(cid_all: &'a [ClientId]) -> Self {
        Self { cid_all, firsts: first_positions(cid_all) }
    }

    /// First positions of the different ids, ascending.
    pub(super) fn distinct(&self) -> Vec<usize> {
        (0..self.cid_all.len()).filter(|&position| self.firsts[position] == position).collect()
    }
}

/// `allocate` of such a strategy.
pub(super) fn share_of(
    strategy: &impl Owners,
    current_cid: &str,
    mq_all: &[MessageQueue],
    cid_all: &[ClientId],
) -> Result<Vec<MessageQueue>, AllocateError> {
    let Some(index) = check(current_cid, mq_all, cid_all)? else { return Ok(Vec::new()) };
    let owners = strategy.owners(mq_all, &Members::of(cid_all));
    Ok(mq_all.iter().zip(owners).filter(|(_, owner)| *owner == Some(index)).map(|(queue, _)| queue.clone()).collect())
}

/// `allocate_all` of such a strategy: the owners are decided once.
pub(super) fn shares(
    strategy: &impl Owners,
    mq_all: &[MessageQueue],
    cid_all: &[ClientId],
) -> Vec<Result<Vec<MessageQueue>, AllocateError>> {
    let mut shares = vec![Vec::new(); cid_all.len()];
    if !mq_all.is_empty() && !cid_all.is_empty() {
        for (queue, owner) in mq_all.iter().zip(strategy.owners(mq_all, &Members::of(cid_all))) {
            if let Some(owner) = owner {
                shares[owner].push(queue.clone());
            }
        }
    }
    answers_by_position(mq_all, cid_all, |index| Ok(shares[index].clone()))
}

/// Writes `allocate` and `allocate_all` of a strategy that is [`Owners`].
macro_rules! allocates_by_owner {
    () => {
        fn allocate(
            &self,
            _group: &str,
            current_cid: &str,
            mq_all: &[MessageQueue],
            cid_all: &[ClientId],
        ) -> Result<Vec<MessageQueue>, AllocateError> {
            share_of(self, current_cid, mq_all, cid_all)
        }

        fn allocate_all(
            &self,
            _group: &str,
            mq_all: &[MessageQueue],
            cid_all: &[ClientId],
        ) -> Vec<Result<Vec<MessageQueue>, AllocateError>> {
            shares(self, mq_all, cid_all)
        }
    };
}
pub(super) use allocates_by_owner;
