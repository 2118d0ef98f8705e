//! How a queue and its lock are given up: by a rebalance (`RebalancePushImpl.removeUnnecessaryMessageQueue`), by the
//! repair of an illegal offset, by `shutdown()` (`RebalancePushImpl.removeUnnecessaryMessageQueue`,
//! `ConsumeMessageOrderlyService.unlockAllMQ`).

use std::rc::Rc;

use crate::model::client::rebalance::Phase;
use crate::model::event::{ConsumerEvent, OrderlyTask};
use crate::model::java_order::{message_queue_hash, sort_as_hash_table};
use crate::model::network::{CallError, OrderlyWait, Request, Response, Waiter};
use crate::model::observation::{CommitPath, Detail, Observation, QueueIndex, Release};
use crate::model::plan::{ConsumerIndex, PlantedMistake};
use crate::model::world::World;

/// Dropped queues that the rebalance thread removes, one after the other.
#[derive(Debug)]
pub(in crate::model::client) struct Removing {
    /// What the strategy gave.
    mine: Vec<QueueIndex>,
    /// Still to be removed, the next one last.
    left: Vec<(QueueIndex, Release)>,
    changed: bool,
    /// The process queue whose listener the thread waits for.
    waiting: Option<u32>,
}

impl World<'_> {
    /// Steps 1 and 2 of `updateProcessQueueTableInRebalance`: all are dropped at once, then removed one by one.
    pub(in crate::model::client) fn drop_orderly_queues(
        &mut self,
        consumer: ConsumerIndex,
        mut left: Vec<(QueueIndex, Release)>,
        mine: Vec<QueueIndex>,
    ) {
        let client = self.client(consumer);
        for (queue, _) in &left {
            let number = client.table[queue];
            client.process_queues[number as usize].drop_queue();
        }
        sort_as_hash_table(&mut left, |&(queue, _)| message_queue_hash(self.out.names.message_queue(queue)));
        left.reverse();
        self.rebalancing(consumer).phase = Phase::Removing(Removing { mine, left, changed: false, waiting: None });
        self.remove_next(consumer);
    }

    fn removing(&mut self, consumer: ConsumerIndex) -> Option<&mut Removing> {
        let rebalancing = self.instance(consumer).rebalance.busy.as_mut().filter(|r| r.consumer == consumer)?;
        match &mut rebalancing.phase {
            Phase::Removing(removing) => Some(removing),
            _ => None,
        }
    }

    /// Removes what is idle; a busy listener is waited for, and after `unlockDelayTimeMills` it is not.
    fn remove_next(&mut self, consumer: ConsumerIndex) {
        let (now, (_, epoch)) = (self.out.client_clock(consumer), self.client_seat(consumer));
        let timers = &self.out.planned(consumer).client.timers.orderly;
        loop {
            let removing = self.removing(consumer).expect("queues are being removed");
            let Some(&(queue, release)) = removing.left.last() else {
                let (mine, changed) = (std::mem::take(&mut removing.mine), removing.changed);
                return self.begin_adding(consumer, mine, changed);
            };
            self.persist_one(consumer, queue);
            let client = self.client(consumer);
            let number = client.table[&queue];
            let held = &client.process_queues[number as usize].orderly;
            let (busy, forced) = (held.listening, now.since(held.last_lock) > timers.unlock_delay_time_mills);
            if busy && !forced {
                self.removing(consumer).expect("queues are being removed").waiting = Some(number);
                let task = OrderlyTask::ConsumeLockTimedOut;
                let waited = ConsumerEvent::OrderlyTaskDue { process_queue: number, task }.of(consumer, epoch);
                self.out.after(timers.consume_lock_timeout, waited);
                return;
            }
            if busy {
                self.out.see(Observation::UnlockForced { consumer, queue });
            }
            self.remove_dropped(consumer, queue, release);
        }
    }

    fn remove_dropped(&mut self, consumer: ConsumerIndex, queue: QueueIndex, release: Release) {
        let number = self.client(consumer).table[&queue];
        self.release(consumer, queue, release, CommitPath::Release);
        self.unlock_one_way(consumer, number);
        let removing = self.removing(consumer).expect("queues are being removed");
        removing.left.pop();
        removing.changed = true;
        removing.waiting = None;
    }

    /// `OffsetStore.persist(mq)`.
    fn persist_one(&mut self, consumer: ConsumerIndex, queue: QueueIndex) {
        if self.out.planted(PlantedMistake::NoCommitBeforeDrop) {
            return;
        }
        let client = self.client(consumer);
        let (group, path) = (client.group, CommitPath::Release);
        if let Some(offset) = client.offsets.to_carry(&queue) {
            self.update_offset(consumer, Request::UpdateOffset { group, queue, offset, path }, queue);
        }
    }

    /// `unlock(mq, oneway = true)`: nobody hears whether it arrived.
    fn unlock_one_way(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let client = self.client(consumer);
        let held = &mut client.process_queues[process_queue as usize];
        held.orderly.locked = false;
        let queue = held.queue;
        let request = Request::UnlockBatch { group: client.group, client: client.client, queues: Rc::new(vec![queue]) };
        self.update_offset(consumer, request, queue);
    }

    /// A listener has returned: the rebalance thread goes on if it waited for it.
    pub(super) fn consume_lock_freed(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        if let Some(removing) = self.removing(consumer).filter(|removing| removing.waiting == Some(process_queue)) {
            let (queue, release) = *removing.left.last().expect("a queue is being removed");
            self.remove_dropped(consumer, queue, release);
            self.remove_next(consumer);
        }
    }

    /// The listener is still busy: its queue stays in the table, dropped and locked, for a later rebalance.
    pub(super) fn consume_lock_timed_out(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        if let Some(removing) = self.removing(consumer).filter(|removing| removing.waiting == Some(process_queue)) {
            removing.waiting = None;
            let (queue, _) = removing.left.pop().expect("a queue is being removed");
            self.out.see(Observation::UnlockDelayed { consumer, queue });
            self.remove_next(consumer);
        }
    }

    /// `removeProcessQueue`: the lock goes too, unless the listener is busy; then this client keeps it.
    pub(in crate::model::client) fn unlock_after_repair(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let busy = self.client(consumer).process_queues[process_queue as usize].orderly.listening;
        if self.out.uses_locks(consumer) && !busy {
            self.unlock_one_way(consumer, process_queue);
        }
    }

    /// `unlockAll(oneway = false)` of `shutdown()`: broker by broker, before the offsets are sent. Dropped queues are
    /// passed over: their locks stay.
    pub(in crate::model::client) fn unlock_all(&mut self, consumer: ConsumerIndex) {
        if self.client(consumer).orderly.unlocking.is_some() {
            return;
        }
        let round = self.queues_by_broker(consumer, self.out.planted(PlantedMistake::UnlockAllTakesDropped));
        for &queue in round.iter().flat_map(|(_, queues)| queues.iter()) {
            self.out.see_detail(Detail::UnlockedAtShutdown { consumer, queue });
        }
        self.client(consumer).orderly.unlocking = Some(round);
        self.unlock_next_broker(consumer);
    }

    fn unlock_next_broker(&mut self, consumer: ConsumerIndex) {
        let (host, epoch) = self.client_seat(consumer);
        let client = self.client(consumer);
        let Some((broker, queues)) = client.orderly.unlocking.as_ref().and_then(|round| round.last()) else {
            return self.leave_group(consumer);
        };
        let request = Request::UnlockBatch { group: client.group, client: client.client, queues: Rc::clone(queues) };
        let broker = client.master(*broker).unwrap_or(*broker);
        let timeout = self.out.planned(consumer).client.timers.orderly.lock_timeout;
        let waiter = Waiter::Orderly { consumer, epoch, wait: OrderlyWait::UnlockAll };
        self.out.call(host, self.out.broker_host(broker), request, timeout, waiter);
    }

    /// A broker has unlocked, or did not answer.
    pub(super) fn unlock_all_answered(&mut self, consumer: ConsumerIndex, answer: Result<Response, CallError>) {
        let client = self.client(consumer);
        let asked = client.orderly.unlocking.as_mut().and_then(Vec::pop);
        if let (Some((_, queues)), Ok(_)) = (asked, answer) {
            for queue in queues.iter() {
                if let Some(&number) = client.table.get(queue) {
                    client.process_queues[number as usize].orderly.locked = false;
                }
            }
        }
        self.unlock_next_broker(consumer);
    }
}
