//! `RebalanceImpl.lock` and `lockAll`, and the retries of a task that finds its queue unlocked.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::kernel::{Instant, Span};
use crate::model::consumer::Consumer;
use crate::model::consumer::service::orderly::ByBroker;
use crate::model::event::{ConsumerEvent, OrderlyTask};
use crate::model::instance::Instance;
use crate::model::instance::rebalance_service::Step;
use crate::model::java_order::{sort_as_hash_table, string_hash};
use crate::model::network::{CallError, OrderlyWait, Request, Response, Waiter};
use crate::model::observation::{Detail, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, ConsumerIndex, PlantedMistake};

use super::queue::OrderlyQueue;

/// A task is submitted again so long after its lock was granted, or was not (`tryLockLaterAndReconsume`).
const AFTER_LOCK: Span = Span::from_millis(10);

const AFTER_REFUSAL: Span = Span::from_secs(3);

/// How far the lock of a queue to be added has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum Locking {
    /// Not asked for.
    No,
    /// Asked for.
    Asked,
    /// Granted.
    Granted,
}

impl OrderlyQueue {
    /// `isLockExpired`: the client's lock counts `REBALANCE_LOCK_MAX_LIVE_TIME`, 30 s, from the broker's last word on.
    pub(in crate::model) fn is_lock_expired(&self, out: &Outside<'_>, consumer: ConsumerIndex, now: Instant) -> bool {
        let most = out.planned(consumer).client.timers.orderly.lock_max_live_time;
        now.since(self.last_lock) > most && !out.planted(PlantedMistake::ClientLockNeverExpires)
    }
}

impl Consumer {
    /// Both services start their `lockAll` timers (`ConsumeMessageOrderlyService.start`,
    /// `ConsumeMessagePopOrderlyService.start`).
    pub(in crate::model) fn start_orderly_service(&mut self, out: &mut Outside<'_>) {
        let consumer = self.index;
        if !self.uses_locks(out) {
            return;
        }
        let (_, epoch) = self.seat(out);
        let delay = out.planned(consumer).client.timers.orderly.lock_initial_delay;
        for task in [OrderlyTask::LockAll, OrderlyTask::SecondLockAll] {
            out.after(delay, ConsumerEvent::OrderlyTaskDue { process_queue: 0, task }.of(consumer, epoch));
        }
    }

    /// The queues of the table that are not dropped (`with_dropped`: all), by broker, the first broker last.
    pub(in crate::model) fn queues_by_broker(&self, out: &Outside<'_>, with_dropped: bool) -> ByBroker {
        let mut by_broker: BTreeMap<BrokerIndex, Vec<QueueIndex>> = BTreeMap::new();
        for (&queue, &number) in &self.table {
            if with_dropped || !self.process_queues[number as usize].dropped {
                by_broker.entry(out.names.queue(queue).broker).or_default().push(queue);
            }
        }
        let mut brokers: ByBroker = by_broker
            .into_iter()
            .filter(|(broker, _)| self.master(*broker).is_some())
            .map(|(broker, queues)| (broker, Rc::new(queues)))
            .collect();
        sort_as_hash_table(&mut brokers, |(broker, _)| string_hash(out.names.broker(*broker)));
        brokers.reverse();
        brokers
    }

    /// `lockMQPeriodically`. The second timer does not know of `shutdown()`.
    pub(in crate::model) fn lock_all_due(&mut self, out: &mut Outside<'_>, second: bool) {
        let consumer = self.index;
        let (_, epoch) = self.seat(out);
        if !second && self.orderly.stopped {
            return;
        }
        let interval = out.planned(consumer).client.timers.orderly.lock_interval;
        let task = if second { OrderlyTask::SecondLockAll } else { OrderlyTask::LockAll };
        out.after(interval, ConsumerEvent::OrderlyTaskDue { process_queue: 0, task }.of(consumer, epoch));
        if self.orderly.lock_rounds[usize::from(second)].is_empty() {
            let round = self.queues_by_broker(out, out.planned(consumer).client.rules.lock_all_takes_dropped);
            self.orderly.lock_rounds[usize::from(second)] = round;
            self.lock_next_broker(out, second);
        }
    }

    fn lock_next_broker(&mut self, out: &mut Outside<'_>, second: bool) {
        let consumer = self.index;
        let (host, epoch) = self.seat(out);
        let Some((broker, queues)) = self.orderly.lock_rounds[usize::from(second)].last() else { return };
        let request = Request::LockBatch { group: self.group, client: self.client, queues: Rc::clone(queues) };
        let broker = self.master(*broker).unwrap_or(*broker);
        let timeout = out.planned(consumer).client.timers.orderly.lock_timeout;
        let waiter = Waiter::Orderly { consumer, epoch, wait: OrderlyWait::LockAll { second } };
        out.call(host, out.broker_host(broker), request, timeout, waiter);
    }

    /// One broker's answer: what it does not name is not locked any more. An error changes nothing.
    pub(in crate::model) fn lock_all_answered(
        &mut self,
        out: &mut Outside<'_>,
        second: bool,
        answer: Result<Response, CallError>,
    ) {
        let consumer = self.index;
        let asked = self.orderly.lock_rounds[usize::from(second)].pop();
        if let (Some((_, asked)), Ok(Response::Locked(locked))) = (asked, answer) {
            for &queue in asked.iter() {
                let locked = locked.contains(&queue);
                out.see_detail(Detail::LockAnswered { consumer, queue, locked, all: true });
                if locked || !out.planted(PlantedMistake::LockAllKeepsMissing) {
                    self.note_lock(out, queue, locked);
                }
            }
        }
        self.lock_next_broker(out, second);
    }

    /// A queue of the table is locked as of now, or is not.
    pub(in crate::model) fn note_lock(&mut self, out: &mut Outside<'_>, queue: QueueIndex, locked: bool) {
        let consumer = self.index;
        let now = out.client_clock(consumer);
        let Some(&number) = self.table.get(&queue) else { return };
        let held = &mut self.process_queues[number as usize].orderly;
        if locked {
            let confirmed = !held.locked || held.is_lock_expired(out, consumer, now);
            (held.locked, held.last_lock) = (true, now);
            if confirmed {
                out.see(Observation::LockConfirmed { consumer, queue });
            }
        } else if std::mem::replace(&mut held.locked, false) {
            out.see(Observation::LockLost { consumer, queue });
        }
    }

    /// A queue's lock comes before its offset. True: the rebalance thread waits for it.
    pub(in crate::model) fn lock_before_adding(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        queue: QueueIndex,
    ) -> bool {
        let consumer = self.index;
        let broker = out.names.queue(queue).broker;
        if !self.locks_to_take(out) || instance.adding().locking == Locking::Granted {
            return false;
        }
        if self.master(broker).is_none() {
            // Without a known master nothing is asked, and the queue is left for later as with any listener.
            instance.adding().refused = true;
            return false;
        }
        let (_, epoch) = out.instance_seat(consumer);
        instance.adding().locking = Locking::Asked;
        self.ask_lock(out, queue, Waiter::Rebalance { consumer, epoch });
        true
    }

    pub(in crate::model) fn ask_lock(&mut self, out: &mut Outside<'_>, queue: QueueIndex, waiter: Waiter) {
        let consumer = self.index;
        let (host, _) = self.seat(out);
        let request = Request::LockBatch { group: self.group, client: self.client, queues: Rc::new(vec![queue]) };
        let timeout = out.planned(consumer).client.timers.orderly.lock_timeout;
        let to = self.master_host(out, queue).expect("the caller knows the master");
        out.call(host, to, request, timeout, waiter);
    }

    /// Without its lock a queue is not added; the topic is not balanced, and the next rebalance comes in a second.
    pub(in crate::model) fn lock_before_adding_answered(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        answer: Result<Response, CallError>,
    ) -> Step {
        let adding = instance.adding();
        let queue = *adding.left.last().expect("a queue is being taken");
        if is_locked(&answer, queue) {
            adding.locking = Locking::Granted;
        } else {
            adding.refused = true;
            instance.pass_over_queue();
        }
        self.take_next_queue(out, instance)
    }

    /// `rebalanceLater`, after a rebalance that was refused a lock.
    pub(in crate::model) fn rebalance_later(&self, out: &mut Outside<'_>) {
        let consumer = self.index;
        let (_, epoch) = self.seat(out);
        let delay = out.planned(consumer).client.rules.rebalance_later_when_not_locked;
        if delay > Span::ZERO {
            let task = OrderlyTask::RebalanceLater;
            out.after(delay, ConsumerEvent::OrderlyTaskDue { process_queue: 0, task }.of(consumer, epoch));
        }
    }

    /// `tryLockLaterAndReconsume`.
    pub(in crate::model) fn try_lock_later(&mut self, out: &mut Outside<'_>, process_queue: u32, delay: Span) {
        let consumer = self.index;
        let (_, epoch) = self.seat(out);
        out.after(
            delay,
            ConsumerEvent::OrderlyTaskDue { process_queue, task: OrderlyTask::TryLock }.of(consumer, epoch),
        );
    }

    /// `lockOneMQ`, on the service's scheduled thread, which `shutdown()` ends.
    pub(in crate::model) fn try_lock_due(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let consumer = self.index;
        let (_, epoch) = self.seat(out);
        if self.orderly.stopped {
            return;
        }
        let queue = self.process_queues[process_queue as usize].queue;
        let broker = out.names.queue(queue).broker;
        if self.master(broker).is_none() {
            return self.resubmit_later(out, process_queue, AFTER_REFUSAL);
        }
        let wait = OrderlyWait::LockOne { process_queue };
        self.ask_lock(out, queue, Waiter::Orderly { consumer, epoch, wait });
    }

    /// The task goes to the pool again, soon or less soon.
    pub(in crate::model) fn lock_one_answered(
        &mut self,
        out: &mut Outside<'_>,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let consumer = self.index;
        let queue = self.process_queues[process_queue as usize].queue;
        let locked = is_locked(&answer, queue);
        out.see_detail(Detail::LockAnswered { consumer, queue, locked, all: false });
        if locked {
            self.note_lock(out, queue, true);
        }
        self.resubmit_later(out, process_queue, if locked { AFTER_LOCK } else { AFTER_REFUSAL });
    }
}

fn is_locked(answer: &Result<Response, CallError>, queue: QueueIndex) -> bool {
    matches!(answer, Ok(Response::Locked(locked)) if locked.contains(&queue))
}
