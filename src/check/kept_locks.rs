//! Locks that a client before 5.2.0 keeps for 20 s after it gave the queue up (`RebalancePushImpl.unlockDelay`).

use std::collections::BTreeMap;

use super::locks::holder_cause;
use super::{Cause, Key, Stage};
use crate::model::Names;
use crate::model::observation::{ClientIndex, Kinds, Observation, Observed, kinds};
use crate::model::plan::{ConsumerIndex, GroupIndex};

/// Queues that were given up and are still locked, by whom.
#[derive(Debug, Default)]
pub(super) struct KeptLocks(BTreeMap<Key, ConsumerIndex>);

impl KeptLocks {
    /// What it reads.
    pub const READS: Kinds = kinds![UnlockPostponed, LockReleased];

    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed, names: &Names) {
        match seen.what {
            Observation::UnlockPostponed { consumer, queue } => {
                self.0.insert(Key::of_group(names.group_of(consumer), queue, names), consumer);
            }
            Observation::LockReleased { group, queue, .. } => _ = self.0.remove(&Key::of_group(group, queue, names)),
            _ => {}
        }
    }

    /// What keeps a queue's lock with its holder.
    pub fn cause(&self, key: Key, (group, holder): (GroupIndex, ClientIndex), stage: &Stage, names: &Names) -> Cause {
        let kept = self.0.get(&key).is_some_and(|&consumer| stage.seat(consumer).client == holder);
        match holder_cause(group, holder, stage, names) {
            Cause::WaitingForTheLock if kept => Cause::LockKeptForMessages,
            word => word,
        }
    }
}
