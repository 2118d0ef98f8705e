//! A strategy that asks the right one and makes something else of its answer.

use std::sync::Arc;

use rebalance_sim::strategy::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

pub type Shared = Arc<dyn AllocateMessageQueueStrategy>;
pub type Answer = Result<Vec<MessageQueue>, AllocateError>;

/// One question to a strategy.
pub struct Asked<'a> {
    pub right: &'a dyn AllocateMessageQueueStrategy,
    pub group: &'a str,
    pub cid: &'a str,
    pub queues: &'a [MessageQueue],
    pub cids: &'a [ClientId],
}

impl Asked<'_> {
    pub fn right(&self) -> Answer {
        self.right.allocate(self.group, self.cid, self.queues, self.cids)
    }

    pub fn of(&self, cid: &str, queues: &[MessageQueue], cids: &[ClientId]) -> Answer {
        self.right.allocate(self.group, cid, queues, cids)
    }

    pub fn first(&self) -> usize {
        self.cids.iter().position(|cid| &**cid == self.cid).unwrap_or_default()
    }

    pub fn last(&self) -> usize {
        self.cids.iter().rposition(|cid| &**cid == self.cid).unwrap_or_default()
    }

    /// A block of the list.
    pub fn block(&self, start: usize, size: usize) -> Answer {
        self.right()?;
        Ok(self.queues.iter().skip(start).take(size).cloned().collect())
    }
}

/// A strategy that asks the right one and makes something else of it.
pub struct Wrong {
    pub right: Shared,
    pub answer: fn(&Asked<'_>) -> Answer,
}

impl AllocateMessageQueueStrategy for Wrong {
    fn name(&self) -> String {
        self.right.name()
    }

    fn allocate(&self, group: &str, cid: &str, queues: &[MessageQueue], cids: &[ClientId]) -> Answer {
        (self.answer)(&Asked { right: &*self.right, group, cid, queues, cids })
    }
}
