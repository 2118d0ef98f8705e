//! `ConsumeMessageOrderlyService` and the client's side of the locks (`ConsumeMessageOrderlyService.start`,
//! `RebalanceImpl.lockAll`).
//!
//! ```text
//!   rebalance adds a queue     lock.rs          LOCK, then as with a concurrent listener
//!   every 20 s                 lock.rs          lockAll, from two timers; a lock counts 30 s at the client
//!   pull loop                  first_offset.rs  waits for the lock; its first offset is asked for again
//!   consume pool               consume.rs       one task a queue, one batch after the other
//!   a listener's answer        result.rs        commit, suspend, roll back, dead letters
//!   rebalance drops a queue    unlock.rs        waits for the listener, then UNLOCK, which nobody answers
//! ```

mod consume;
mod first_offset;
pub(in crate::model) mod lock;
pub(in crate::model) mod queue;
mod result;
pub(in crate::model) mod unlock;

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::model::consumer::Consumer;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::observation::QueueIndex;
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;

/// Queues by broker; the broker whose turn it is comes last.
type ByBroker = Vec<(BrokerIndex, Rc<Vec<QueueIndex>>)>;

/// What the orderly service keeps beside the process queues.
#[derive(Debug, Default)]
pub(in crate::model) struct OrderlyService {
    /// `shutdown()` was called.
    pub stopped: bool,
    /// The rounds of the two `lockAll` timers.
    lock_rounds: [ByBroker; 2],
    /// `shutdown()` unlocks; `None` before that.
    unlocking: Option<ByBroker>,
    /// `MessageQueueLock`: the pool thread whose task a queue has.
    object_locks: BTreeMap<QueueIndex, u32>,
    /// Pool threads that wait for one of them, with their process queue.
    blocked: Vec<(u32, u32)>,
    /// The process queue for which the pull thread waits.
    pulling: Option<u32>,
    /// Process queues that wait for the pull thread.
    pulls: VecDeque<u32>,
    /// Process queues whose broker nobody knows: the route of their topics is asked for at the end of this moment.
    pub(in crate::model::consumer) without_broker: Vec<u32>,
}

impl Consumer {
    /// Whether its queues are locked at their brokers: not those of a `BROADCASTING` member, which every member has (A4.4).
    pub(in crate::model) fn uses_locks(&self, out: &Outside<'_>) -> bool {
        self.service == ConsumeMessageService::Orderly && !out.is_broadcasting(self.index)
    }

    /// Whether it takes a queue only under its lock: older clients do in BROADCASTING too, and renew none of those.
    pub(super) fn locks_to_take(&self, out: &Outside<'_>) -> bool {
        let broadcasting = out.planned(self.index).client.rules.broadcasting_asks_for_locks;
        self.uses_locks(out) || (self.service == ConsumeMessageService::Orderly && broadcasting)
    }
}
