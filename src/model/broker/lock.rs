//! `RebalanceLockManager` (`RebalanceLockManager.tryLockBatch`, `RebalanceLockManager.unlockBatch`): which client may
//! consume a queue in order.
//!
//! The table is in the broker's memory. A lock is given back by its client or grows old; a closed connection, an
//! unregistered or an expired member leave it as it is, and a restart forgets it.

use super::Broker;
use super::retry::FailedMessage;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::kernel::{Instant, Span};
use crate::model::network::Response;
use crate::model::observation::{ClientIndex, Detail, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GroupIndex, PlantedMistake};

/// `LockEntry`.
#[derive(Debug, Clone, Copy)]
struct Lock {
    client: ClientIndex,
    updated: Instant,
}

/// `mqLockTable`.
#[derive(Debug, Default)]
pub(super) struct RebalanceLocks(BTreeMap<(GroupIndex, QueueIndex), Lock>);

impl RebalanceLocks {
    /// The queues of a group that anybody holds.
    pub fn of(&self, group: GroupIndex) -> Vec<QueueIndex> {
        self.0.range((group, QueueIndex::MIN)..=(group, QueueIndex::MAX)).map(|(&(_, queue), _)| queue).collect()
    }
}

impl Broker {
    /// `tryLockBatch`: the queues that are the client's now.
    pub(super) fn lock_batch(
        &mut self,
        out: &mut Outside<'_>,
        group: GroupIndex,
        client: ClientIndex,
        queues: &[QueueIndex],
    ) -> Response {
        let broker = self.index;
        let now = out.broker_clock(broker);
        let longer = out.planted(PlantedMistake::BrokerLockTooLong);
        let longer = if longer { Span::from_secs(10) } else { Span::ZERO };
        let limit = self.settings(out).lock_max_live_time + longer;
        let keeps_age = out.planted(PlantedMistake::OwnLockNotRefreshed);
        let mut locked = Vec::new();
        for &queue in queues {
            out.see_detail(Detail::LockAsked { broker, group, queue, client });
            let locks = &mut self.locks.0;
            let before = locks.get(&(group, queue)).copied();
            match before {
                Some(held) if held.client != client && now.since(held.updated) <= limit => {
                    let (holder, age) = (held.client, now.since(held.updated));
                    out.see(Observation::LockRefused { broker, group, queue, client, holder, age });
                    continue;
                }
                Some(held) if held.client == client && keeps_age => {}
                _ => _ = locks.insert((group, queue), Lock { client, updated: now }),
            }
            locked.push(queue);
            if before.is_none_or(|held| held.client != client) {
                let previous = before.map(|held| held.client);
                out.see(Observation::LockGranted { broker, group, queue, client, previous });
            }
        }
        Response::Locked(Rc::new(locked))
    }

    /// `unlockBatch`: removes what the client itself holds.
    pub(super) fn unlock_batch(
        &mut self,
        out: &mut Outside<'_>,
        group: GroupIndex,
        client: ClientIndex,
        queues: &[QueueIndex],
    ) -> Response {
        let broker = self.index;
        for &queue in queues {
            let locks = &mut self.locks.0;
            if locks.get(&(group, queue)).is_some_and(|held| held.client == client) {
                locks.remove(&(group, queue));
                out.see(Observation::LockReleased { broker, group, queue, client });
            }
        }
        Response::Done
    }

    /// The broker goes down.
    pub(super) fn forget_locks(&mut self, out: &mut Outside<'_>) {
        let broker = self.index;
        for ((group, queue), lock) in std::mem::take(&mut self.locks).0 {
            out.see(Observation::LockForgotten { broker, group, queue, client: lock.client });
        }
    }

    /// `SendMessageProcessor.handleRetryAndDLQ`: a message sent to `%RETRY%` is a dead letter at once where it was
    /// tried more often than allowed, or where this broker holds any live lock of the group (trap E43).
    pub(super) fn send_to_retry(
        &mut self,
        out: &mut Outside<'_>,
        consumer: ConsumerIndex,
        group: GroupIndex,
        FailedMessage { queue, offset, life }: FailedMessage,
        (reconsume_times, max_reconsume_times): (u32, u32),
    ) -> Response {
        let Some((mut record, _)) = out.record(queue, offset, life) else { return Response::Refused };
        record.reconsume_times = reconsume_times;
        let (now, limit) = (out.broker_clock(self.index), self.settings(out).lock_max_live_time);
        let mut locks = self.locks.0.range((group, QueueIndex::MIN)..=(group, QueueIndex::MAX));
        let rules = self.settings(out).rules;
        let locked = rules.dead_letter_while_locked && locks.any(|(_, lock)| now.since(lock.updated) <= limit);
        let at_limit = rules.dead_letter_at_limit && reconsume_times == max_reconsume_times;
        let tried_enough = at_limit || reconsume_times > max_reconsume_times;
        let stored = self.store_failed(out, (consumer, group), (queue, offset), record, locked || tried_enough, None);
        if !tried_enough && matches!(stored, Response::SentBack { dead_letter: true }) {
            out.see(Observation::DeadLetterAtOnce { consumer, queue });
        }
        stored
    }
}
