//! `RebalanceImpl.lock` and `lockAll`, and the retries of a task that finds its queue unlocked.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::kernel::Span;
use crate::model::event::{ConsumerEvent, OrderlyTask};
use crate::model::java_order::{sort_as_hash_table, string_hash};
use crate::model::network::{CallError, OrderlyWait, Request, Response, Waiter};
use crate::model::observation::{Detail, Observation, QueueIndex};
use crate::model::plan::{BrokerIndex, ConsumerIndex, PlantedMistake};
use crate::model::world::World;

use super::ByBroker;

/// A task is submitted again so long after its lock was granted, or was not (`tryLockLaterAndReconsume`).
const AFTER_LOCK: Span = Span::from_millis(10);
const AFTER_REFUSAL: Span = Span::from_secs(3);

/// How far the lock of a queue to be added has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model::client) enum Locking {
    /// Not asked for.
    No,
    /// Asked for.
    Asked,
    /// Granted.
    Granted,
}

impl World<'_> {
    /// Both services start their `lockAll` timers (`ConsumeMessageOrderlyService.start`,
    /// `ConsumeMessagePopOrderlyService.start`).
    pub(in crate::model::client) fn start_orderly_service(&mut self, consumer: ConsumerIndex) {
        if !self.out.uses_locks(consumer) {
            return;
        }
        let (_, epoch) = self.client_seat(consumer);
        let delay = self.out.planned(consumer).client.timers.orderly.lock_initial_delay;
        for task in [OrderlyTask::LockAll, OrderlyTask::SecondLockAll] {
            self.out.after(delay, ConsumerEvent::OrderlyTaskDue { process_queue: 0, task }.of(consumer, epoch));
        }
    }

    /// The queues of the table that are not dropped (`with_dropped`: all), by broker, the first broker last.
    pub(super) fn queues_by_broker(&self, consumer: ConsumerIndex, with_dropped: bool) -> ByBroker {
        let client = &self.clients[consumer as usize];
        let mut by_broker: BTreeMap<BrokerIndex, Vec<QueueIndex>> = BTreeMap::new();
        for (&queue, &number) in &client.table {
            if with_dropped || !client.process_queues[number as usize].dropped {
                by_broker.entry(self.out.names.queue(queue).broker).or_default().push(queue);
            }
        }
        let mut brokers: ByBroker = by_broker
            .into_iter()
            .filter(|(broker, _)| client.master(*broker).is_some())
            .map(|(broker, queues)| (broker, Rc::new(queues)))
            .collect();
        sort_as_hash_table(&mut brokers, |(broker, _)| string_hash(self.out.names.broker(*broker)));
        brokers.reverse();
        brokers
    }

    /// `lockMQPeriodically`. The second timer does not know of `shutdown()`.
    pub(super) fn lock_all_due(&mut self, consumer: ConsumerIndex, second: bool) {
        let (_, epoch) = self.client_seat(consumer);
        if !second && self.client(consumer).orderly.stopped {
            return;
        }
        let interval = self.out.planned(consumer).client.timers.orderly.lock_interval;
        let task = if second { OrderlyTask::SecondLockAll } else { OrderlyTask::LockAll };
        self.out.after(interval, ConsumerEvent::OrderlyTaskDue { process_queue: 0, task }.of(consumer, epoch));
        if self.client(consumer).orderly.lock_rounds[usize::from(second)].is_empty() {
            let round = self.queues_by_broker(consumer, false);
            self.client(consumer).orderly.lock_rounds[usize::from(second)] = round;
            self.lock_next_broker(consumer, second);
        }
    }

    fn lock_next_broker(&mut self, consumer: ConsumerIndex, second: bool) {
        let (host, epoch) = self.client_seat(consumer);
        let client = self.client(consumer);
        let Some((broker, queues)) = client.orderly.lock_rounds[usize::from(second)].last() else { return };
        let request = Request::LockBatch { group: client.group, client: client.client, queues: Rc::clone(queues) };
        let broker = client.master(*broker).unwrap_or(*broker);
        let timeout = self.out.planned(consumer).client.timers.orderly.lock_timeout;
        let waiter = Waiter::Orderly { consumer, epoch, wait: OrderlyWait::LockAll { second } };
        self.out.call(host, self.out.broker_host(broker), request, timeout, waiter);
    }

    /// One broker's answer: what it does not name is not locked any more. An error changes nothing.
    pub(super) fn lock_all_answered(
        &mut self,
        consumer: ConsumerIndex,
        second: bool,
        answer: Result<Response, CallError>,
    ) {
        let asked = self.client(consumer).orderly.lock_rounds[usize::from(second)].pop();
        if let (Some((_, asked)), Ok(Response::Locked(locked))) = (asked, answer) {
            for &queue in asked.iter() {
                let locked = locked.contains(&queue);
                self.out.see_detail(Detail::LockAnswered { consumer, queue, locked, all: true });
                if locked || !self.out.planted(PlantedMistake::LockAllKeepsMissing) {
                    self.note_lock(consumer, queue, locked);
                }
            }
        }
        self.lock_next_broker(consumer, second);
    }

    /// A queue of the table is locked as of now, or is not.
    fn note_lock(&mut self, consumer: ConsumerIndex, queue: QueueIndex, locked: bool) {
        let now = self.out.client_clock(consumer);
        let client = self.client(consumer);
        let Some(&number) = client.table.get(&queue) else { return };
        let held = &mut client.process_queues[number as usize].orderly;
        if locked {
            (held.locked, held.last_lock) = (true, now);
        } else if std::mem::replace(&mut held.locked, false) {
            self.out.see(Observation::LockLost { consumer, queue });
        }
    }

    /// A queue's lock comes before its offset. True: the rebalance thread waits for it.
    pub(in crate::model::client) fn lock_before_adding(&mut self, consumer: ConsumerIndex, queue: QueueIndex) -> bool {
        let broker = self.out.names.queue(queue).broker;
        if !self.out.uses_locks(consumer)
            || self.adding(consumer).locking == Locking::Granted
            || self.client(consumer).master(broker).is_none()
        {
            // Without a known master nothing is asked, and the queue is left for later as with any listener.
            return false;
        }
        let (_, epoch) = self.out.instance_seat(consumer);
        self.adding(consumer).locking = Locking::Asked;
        self.ask_lock(consumer, queue, Waiter::Rebalance { consumer, epoch });
        true
    }

    fn ask_lock(&mut self, consumer: ConsumerIndex, queue: QueueIndex, waiter: Waiter) {
        let (host, _) = self.client_seat(consumer);
        let client = self.client(consumer);
        let request = Request::LockBatch { group: client.group, client: client.client, queues: Rc::new(vec![queue]) };
        let timeout = self.out.planned(consumer).client.timers.orderly.lock_timeout;
        let to = self.master_host(consumer, queue).expect("the caller knows the master");
        self.out.call(host, to, request, timeout, waiter);
    }

    /// Without its lock a queue is not added; the topic is not balanced, and the next rebalance comes in a second.
    pub(in crate::model::client) fn lock_before_adding_answered(
        &mut self,
        consumer: ConsumerIndex,
        answer: Result<Response, CallError>,
    ) {
        let adding = self.adding(consumer);
        let queue = *adding.left.last().expect("a queue is being taken");
        if is_locked(&answer, queue) {
            adding.locking = Locking::Granted;
        } else {
            self.pass_over_queue(consumer);
        }
        self.take_next_queue(consumer);
    }

    /// `tryLockLaterAndReconsume`.
    pub(super) fn try_lock_later(&mut self, consumer: ConsumerIndex, process_queue: u32, delay: Span) {
        let (_, epoch) = self.client_seat(consumer);
        self.out.after(
            delay,
            ConsumerEvent::OrderlyTaskDue { process_queue, task: OrderlyTask::TryLock }.of(consumer, epoch),
        );
    }

    /// `lockOneMQ`, on the service's scheduled thread, which `shutdown()` ends.
    pub(super) fn try_lock_due(&mut self, consumer: ConsumerIndex, process_queue: u32) {
        let (_, epoch) = self.client_seat(consumer);
        let client = self.client(consumer);
        if client.orderly.stopped {
            return;
        }
        let queue = client.process_queues[process_queue as usize].queue;
        let broker = self.out.names.queue(queue).broker;
        if self.client(consumer).master(broker).is_none() {
            return self.resubmit_later(consumer, process_queue, AFTER_REFUSAL);
        }
        let wait = OrderlyWait::LockOne { process_queue };
        self.ask_lock(consumer, queue, Waiter::Orderly { consumer, epoch, wait });
    }

    /// The task goes to the pool again, soon or less soon.
    pub(super) fn lock_one_answered(
        &mut self,
        consumer: ConsumerIndex,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let queue = self.client(consumer).process_queues[process_queue as usize].queue;
        let locked = is_locked(&answer, queue);
        self.out.see_detail(Detail::LockAnswered { consumer, queue, locked, all: false });
        if locked {
            self.note_lock(consumer, queue, true);
        }
        self.resubmit_later(consumer, process_queue, if locked { AFTER_LOCK } else { AFTER_REFUSAL });
    }
}

fn is_locked(answer: &Result<Response, CallError>, queue: QueueIndex) -> bool {
    matches!(answer, Ok(Response::Locked(locked)) if locked.contains(&queue))
}
