//! How a queue and its lock are given up: by a rebalance (`RebalancePushImpl.removeUnnecessaryMessageQueue`), by the
//! repair of an illegal offset, by `shutdown()` (`ConsumeMessageOrderlyService.unlockAllMQ`). Clients before 5.2.0 give it
//! up by another rule (`RebalancePushImpl.unlockDelay`): the lock may outlast the queue by 20 s.

use std::rc::Rc;

use crate::model::consumer::Consumer;
use crate::model::event::{ConsumerEvent, OrderlyTask};
use crate::model::instance::rebalance_service::{Phase, Step};
use crate::model::instance::{ClientProcess, Instance};
use crate::model::java_order::{message_queue_hash, sort_as_hash_table};
use crate::model::network::{CallError, OrderlyWait, Request, Response, Waiter};
use crate::model::observation::{CommitPath, Detail, Observation, QueueIndex, Release};
use crate::model::outside::Outside;
use crate::model::plan::PlantedMistake;

/// Dropped queues that the rebalance thread removes, one after the other.
#[derive(Debug)]
pub(in crate::model) struct Removing {
    /// What the strategy gave.
    mine: Vec<QueueIndex>,
    /// Still to be removed, the next one last.
    left: Vec<(QueueIndex, Release)>,
    changed: bool,
    /// The process queue whose listener the thread waits for.
    waiting: Option<u32>,
}

impl Consumer {
    /// Steps 1 and 2 of `updateProcessQueueTableInRebalance`: all are dropped at once, then removed one by one; before
    /// 5.0.0 each is dropped when its turn comes.
    pub(in crate::model) fn drop_orderly_queues(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        mut left: Vec<(QueueIndex, Release)>,
        mine: Vec<QueueIndex>,
    ) -> Step {
        if !out.planned(self.index).client.rules.drop_queues_one_by_one {
            for (queue, _) in &left {
                let number = self.table[queue];
                self.process_queues[number as usize].drop_queue();
            }
        }
        sort_as_hash_table(&mut left, |&(queue, _)| message_queue_hash(out.names.message_queue(queue)));
        left.reverse();
        instance.rebalancing().phase = Phase::Removing(Removing { mine, left, changed: false, waiting: None });
        self.remove_next(out, instance)
    }

    /// Removes what is idle; a busy listener is waited for, and after `unlockDelayTimeMills` it is not.
    fn remove_next(&mut self, out: &mut Outside<'_>, instance: &mut Instance) -> Step {
        let consumer = self.index;
        let (now, (_, epoch)) = (out.client_clock(consumer), self.seat(out));
        let client = &out.planned(consumer).client;
        let (timers, delays) = (&client.timers.orderly, client.rules.unlock_delay);
        loop {
            let removing = instance.removing(self.at).expect("queues are being removed");
            let Some(&(queue, release)) = removing.left.last() else {
                let (mine, changed) = (std::mem::take(&mut removing.mine), removing.changed);
                return self.begin_adding(out, instance, mine, changed);
            };
            let Some(&number) = self.table.get(&queue) else {
                // A reset took it out meanwhile.
                removing.left.pop();
                continue;
            };
            self.process_queues[number as usize].drop_queue();
            self.persist_one(out, queue);
            if delays {
                self.remove_offset(out, queue);
            }
            let held = &self.process_queues[number as usize].orderly;
            let forced = !delays && now.since(held.last_lock) > timers.unlock_delay_time_mills;
            let busy = held.listening;
            if busy && !forced {
                instance.removing(self.at).expect("queues are being removed").waiting = Some(number);
                let task = OrderlyTask::ConsumeLockTimedOut;
                let waited = ConsumerEvent::OrderlyTaskDue { process_queue: number, task }.of(consumer, epoch);
                out.after(timers.consume_lock_timeout, waited);
                return Step::Waits;
            }
            if busy {
                out.see(Observation::UnlockForced { consumer, queue });
            }
            self.remove_dropped(out, instance, queue, release);
        }
    }

    fn remove_dropped(&mut self, out: &mut Outside<'_>, instance: &mut Instance, queue: QueueIndex, release: Release) {
        let number = self.table[&queue];
        self.release(out, queue, release, CommitPath::Release);
        self.unlock_released(out, number);
        let removing = instance.removing(self.at).expect("queues are being removed");
        removing.left.pop();
        removing.changed = true;
        removing.waiting = None;
    }

    /// `OffsetStore.persist(mq)`.
    fn persist_one(&mut self, out: &mut Outside<'_>, queue: QueueIndex) {
        if out.planted(PlantedMistake::NoCommitBeforeDrop) {
            return;
        }
        self.persist(out, queue, CommitPath::Release);
    }

    /// The lock of a queue that has left the table; before 5.2.0 `unlockDelay` keeps it where messages were in memory.
    fn unlock_released(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let (consumer, (_, epoch)) = (self.index, self.seat(out));
        let client = &out.planned(consumer).client;
        let held = &self.process_queues[process_queue as usize];
        if !client.rules.unlock_delay || !held.orderly.had_temp_message {
            return self.unlock_one_way(out, process_queue);
        }
        let queue = held.queue;
        out.see(Observation::UnlockPostponed { consumer, queue });
        let task = OrderlyTask::UnlockDelayed;
        let due = ConsumerEvent::OrderlyTaskDue { process_queue, task }.of(consumer, epoch);
        out.after(client.timers.orderly.unlock_delay_time_mills, due);
    }

    /// The delay is over. The queue may be this client's own again by now: its lock goes all the same.
    pub(in crate::model) fn unlock_delayed(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        if self.is_registered() {
            self.unlock_one_way(out, process_queue);
        }
    }

    /// `unlock(mq, oneway = true)`: nobody hears whether it arrived.
    fn unlock_one_way(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let held = &mut self.process_queues[process_queue as usize];
        held.orderly.locked = false;
        let queue = held.queue;
        let request = Request::UnlockBatch { group: self.group, client: self.client, queues: Rc::new(vec![queue]) };
        self.tell_broker(out, request, queue);
    }

    /// A listener has returned: the rebalance thread goes on if it waited for it.
    pub(in crate::model) fn consume_lock_freed(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        process_queue: u32,
    ) -> Step {
        if let Some(removing) = instance.removing(self.at).filter(|removing| removing.waiting == Some(process_queue)) {
            removing.waiting = None;
            let (queue, release) = *removing.left.last().expect("a queue is being removed");
            if self.table.contains_key(&queue) {
                self.remove_dropped(out, instance, queue, release);
            }
            return self.remove_next(out, instance);
        }
        Step::Waits
    }

    /// The listener is still busy: its queue stays in the table, dropped and locked, for a later rebalance.
    pub(in crate::model) fn consume_lock_timed_out(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        process_queue: u32,
    ) -> Step {
        let consumer = self.index;
        if let Some(removing) = instance.removing(self.at).filter(|removing| removing.waiting == Some(process_queue)) {
            removing.waiting = None;
            let (queue, _) = removing.left.pop().expect("a queue is being removed");
            out.see(Observation::UnlockDelayed { consumer, queue });
            return self.remove_next(out, instance);
        }
        Step::Waits
    }

    /// `removeProcessQueue`: the lock goes too, unless the listener is busy; then this client keeps it.
    pub(in crate::model) fn unlock_after_repair(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let busy = self.process_queues[process_queue as usize].orderly.listening;
        if self.uses_locks(out) && !busy {
            self.unlock_released(out, process_queue);
        }
    }
}

impl Instance {
    /// Whether the rebalance thread is about to remove a queue of one of its consumers.
    pub(in crate::model) fn is_giving_up(&mut self, at: usize, queue: QueueIndex) -> bool {
        self.removing(at).is_some_and(|removing| removing.left.iter().any(|(left, _)| *left == queue))
    }

    fn removing(&mut self, at: usize) -> Option<&mut Removing> {
        let rebalancing = self.rebalance.busy.as_mut().filter(|r| r.at == at)?;
        match &mut rebalancing.phase {
            Phase::Removing(removing) => Some(removing),
            _ => None,
        }
    }
}

impl ClientProcess {
    /// `unlockAll(oneway = false)` of `shutdown()`: broker by broker, before the offsets are sent. Dropped queues are
    /// passed over: their locks stay.
    pub(in crate::model) fn unlock_all(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        if self.consumers[at].orderly.unlocking.is_some() {
            return;
        }
        let takes_dropped = out.planned(consumer).client.rules.lock_all_takes_dropped
            || out.planted(PlantedMistake::UnlockAllTakesDropped);
        let round = self.consumers[at].queues_by_broker(out, takes_dropped);
        for &queue in round.iter().flat_map(|(_, queues)| queues.iter()) {
            out.see_detail(Detail::UnlockedAtShutdown { consumer, queue });
        }
        self.consumers[at].orderly.unlocking = Some(round);
        self.unlock_next_broker(out, at);
    }

    fn unlock_next_broker(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        let (host, epoch) = self.consumers[at].seat(out);
        let client = &mut self.consumers[at];
        let Some((broker, queues)) = client.orderly.unlocking.as_ref().and_then(|round| round.last()) else {
            return self.leave_group(out, at);
        };
        let request = Request::UnlockBatch { group: client.group, client: client.client, queues: Rc::clone(queues) };
        let broker = client.master(*broker).unwrap_or(*broker);
        let timeout = out.planned(consumer).client.timers.orderly.lock_timeout;
        let waiter = Waiter::Orderly { consumer, epoch, wait: OrderlyWait::UnlockAll };
        out.call(host, out.broker_host(broker), request, timeout, waiter);
    }

    /// A broker has unlocked, or did not answer.
    pub(in crate::model) fn unlock_all_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        answer: Result<Response, CallError>,
    ) {
        let client = &mut self.consumers[at];
        let asked = client.orderly.unlocking.as_mut().and_then(Vec::pop);
        if let (Some((_, queues)), Ok(_)) = (asked, answer) {
            for queue in queues.iter() {
                if let Some(&number) = client.table.get(queue) {
                    client.process_queues[number as usize].orderly.locked = false;
                }
            }
        }
        self.unlock_next_broker(out, at);
    }
}
