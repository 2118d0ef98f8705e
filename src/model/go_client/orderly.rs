//! Orderly consumption: one goroutine a queue, and the client's side of the locks
//! (`consumer/push_consumer.go:consumeMessageOrderly`, `consumer/consumer.go:lock`, `lockAll`).
//!
//! ```text
//!   a queue is taken: its lock was asked for before it was there, and is not noted in it
//!      +0        the pull loop finds it unlocked, and sleeps 3 s
//!      +100 ms   its goroutine asks for the lock once more, and has it
//!      +3 s      the first pull
//! ```
//! What is to keep two goroutines of one queue apart, `queueLock`, keeps nobody: `consumer/lock.go:fetchLock` makes a lock in a
//! copy of its table at each call. So a queue that comes back is consumed beside the listener of its earlier life.
//! A queue that is given up stays locked at its broker; the next owner waits until the lock lapses there.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::kernel::Span;
use crate::model::consumer::progress::StoredOffset;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::service::pool::{Batch, Work};
use crate::model::consumer::start_offset::NothingStored;
use crate::model::consumer::{Consumer, State};
use crate::model::event::{ConsumerEvent, OrderlyTask};
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, OrderlyWait, Request, Response, Waiter};
use crate::model::observation::{Observation, PullTrouble, QueueIndex, StartRule};
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;

/// Before a queue that is found unlocked is locked: at the beginning of a turn, and in the middle of one.
const LOCK_AT_BEGINNING: Span = Span::from_millis(100);

pub(super) const LOCK_IN_BETWEEN: Span = Span::from_millis(10);

/// The goroutine goes on so long after its lock was granted, or was not.
const AFTER_LOCK: Span = Span::from_millis(10);

const AFTER_REFUSAL: Span = Span::from_secs(3);

/// What the goroutine of a queue does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// It sleeps, or waits for its lock.
    Sleeps,
    /// It polls an empty cache every 10 ms: it takes what comes at once.
    Polls,
    /// Its listener runs.
    Listens,
    /// Its listener panicked: it is no more.
    Dead,
}

/// The goroutines of a consumer's orderly queues.
#[derive(Debug, Default)]
pub(super) struct OrderlyQueues {
    /// By process queue.
    pub(super) doing: BTreeMap<u32, Doing>,
    /// What `lockAll` has yet to ask for.
    locking: VecDeque<(BrokerIndex, Rc<Vec<QueueIndex>>)>,
    /// What `unlockAll` of a shutdown has yet to ask for.
    pub(super) unlocking: VecDeque<(BrokerIndex, Rc<Vec<QueueIndex>>)>,
}

impl ClientProcess {
    pub(super) fn go_orderly(&mut self, at: usize) -> &mut OrderlyQueues {
        &mut self.go().member(at).orderly
    }

    /// `Start`: the first `lockAll` comes a second later, in `BROADCASTING` too.
    pub(super) fn go_start_locking(&mut self, out: &mut Outside<'_>, at: usize) {
        let client = &self.consumers[at];
        if client.service == ConsumeMessageService::Orderly {
            let delay = out.planned(client.index).client.timers.orderly.lock_initial_delay;
            lock_all_after(out, client, delay);
        }
    }

    /// A queue is taken: its goroutine runs.
    pub(super) fn go_begin_orderly(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        if self.consumers[at].service == ConsumeMessageService::Orderly {
            self.go_orderly_goes_on(out, at, process_queue);
        }
    }

    /// Messages have come.
    pub(super) fn go_orderly_found(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        if self.go_orderly(at).doing.get(&process_queue) == Some(&Doing::Polls) {
            self.go_orderly_turn(out, at, process_queue, LOCK_IN_BETWEEN);
        }
    }

    /// The goroutine begins a turn.
    pub(super) fn go_orderly_goes_on(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        self.go_orderly_turn(out, at, process_queue, LOCK_AT_BEGINNING);
    }

    /// A turn: the lock is looked at, and the next batch goes to the listener.
    pub(super) fn go_orderly_turn(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32, before_lock: Span) {
        let client = &mut self.consumers[at];
        let (consumer, now) = (client.index, out.client_clock(client.index));
        let held = &client.process_queues[process_queue as usize];
        let queue = held.queue;
        if held.dropped || client.state != State::Running {
            self.go_orderly(at).doing.remove(&process_queue);
            return;
        }
        let lapsed = held.orderly.locked && held.orderly.is_lock_expired(out, consumer, now);
        // In `BROADCASTING` only the pull loop minds whether it is locked.
        if !out.is_broadcasting(consumer) && (!held.orderly.locked || lapsed) {
            if lapsed {
                out.see(Observation::LockExpired { consumer, queue });
            }
            client.try_lock_later(out, process_queue, before_lock);
            self.go_orderly(at).doing.insert(process_queue, Doing::Sleeps);
            return;
        }
        let client = &mut self.consumers[at];
        let most = out.planned(consumer).consumer.consume_message_batch_max_size;
        let Some((first, count)) = client.process_queues[process_queue as usize].take(most) else {
            self.go_orderly(at).doing.insert(process_queue, Doing::Polls);
            return;
        };
        let batch = Batch { process_queue, first, count };
        let (work, thread) = (client.listener_work(out, batch), client.pool.take_thread());
        client.pool.threads[thread as usize] = Some(Work::Listening(batch, now));
        client.hand_out(out, batch);
        let (_, epoch) = client.seat(out);
        self.go_orderly(at).doing.insert(process_queue, Doing::Listens);
        out.after(work, ConsumerEvent::ListenerReturned { thread }.of(consumer, epoch));
    }

    pub(super) fn queue_of(&self, at: usize, process_queue: u32) -> QueueIndex {
        self.consumers[at].process_queues[process_queue as usize].queue
    }

    /// The goroutine of a queue is no more.
    pub(super) fn go_orderly_dies(&mut self, at: usize, process_queue: u32) {
        self.go_orderly(at).doing.insert(process_queue, Doing::Dead);
    }

    /// `tryLockLaterAndReconsume` has slept.
    pub(super) fn go_try_lock(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        let queue = self.queue_of(at, process_queue);
        let client = &mut self.consumers[at];
        let (consumer, (_, epoch)) = (client.index, client.seat(out));
        if client.state != State::Running {
            return;
        }
        if client.master(out.names.queue(queue).broker).is_none() {
            return client.resubmit_later(out, process_queue, AFTER_REFUSAL);
        }
        let wait = OrderlyWait::LockOne { process_queue };
        client.ask_lock(out, queue, Waiter::Orderly { consumer, epoch, wait });
    }

    /// The lock of one queue is granted, or is not; then the goroutine sleeps a little or a while.
    pub(super) fn go_lock_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let queue = self.queue_of(at, process_queue);
        let locked = matches!(answer, Ok(Response::Locked(locked)) if locked.contains(&queue));
        if locked {
            self.consumers[at].note_lock(out, queue, true);
        }
        let delay = if locked { AFTER_LOCK } else { AFTER_REFUSAL };
        self.consumers[at].resubmit_later(out, process_queue, delay);
    }

    /// `lockAll` is due: every queue of the table, broker by broker.
    pub(super) fn go_lock_all(&mut self, out: &mut Outside<'_>, at: usize) {
        let client = &self.consumers[at];
        if client.state != State::Running {
            return;
        }
        let interval = out.planned(client.index).client.timers.orderly.lock_interval;
        lock_all_after(out, client, interval);
        if self.go_orderly(at).locking.is_empty() {
            let round = self.consumers[at].queues_by_broker(out, true);
            self.go_orderly(at).locking = round.into();
            self.go_lock_next(out, at);
        }
    }

    fn go_lock_next(&mut self, out: &mut Outside<'_>, at: usize) {
        let Some((name, queues)) = self.go_orderly(at).locking.front().cloned() else { return };
        let client = &self.consumers[at];
        let request = Request::LockBatch { group: client.group, client: client.client, queues };
        client.ask_about_locks(out, name, request, OrderlyWait::LockAll { second: false });
    }

    /// One broker's answer. What it does not name keeps its lock: it is looked for under a key that is never found
    /// (`consumer/consumer.go:lockAll`).
    pub(super) fn go_lock_all_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        answer: Result<Response, CallError>,
    ) {
        let renews = self.go().rules.lock_all_renews;
        self.go_orderly(at).locking.pop_front();
        if let Ok(Response::Locked(locked)) = answer {
            let client = &mut self.consumers[at];
            let now = out.client_clock(client.index);
            for queue in locked.iter() {
                let Some(&number) = client.table.get(queue) else { continue };
                let held = &mut client.process_queues[number as usize].orderly;
                held.locked = true;
                if renews {
                    held.last_lock = now;
                }
            }
        }
        self.go_lock_next(out, at);
    }

    /// Whether an orderly queue cannot be pulled yet: it is not locked, or asks once more where to begin.
    pub(super) fn go_first_pull_waits(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) -> bool {
        let client = &mut self.consumers[at];
        if client.service != ConsumeMessageService::Orderly {
            return false;
        }
        let (consumer, (_, epoch)) = (client.index, client.seat(out));
        let delay = out.planned(consumer).client.pull_time_delay_mills_when_exception;
        let held = &client.process_queues[process_queue as usize];
        let queue = held.queue;
        if !held.orderly.locked && held.dropped {
            return true;
        }
        if !held.orderly.locked {
            client.pull_troubled(out, process_queue, PullTrouble::NotLocked, delay);
            return true;
        }
        if held.orderly.previously_locked {
            return false;
        }
        let wait = OrderlyWait::FirstOffset { process_queue, from_end: false };
        let read = client.read_stored_offset(out, queue, Waiter::Orderly { consumer, epoch, wait });
        if let Some(read) = read {
            self.go_first_offset(out, at, process_queue, read);
        }
        true
    }

    /// The broker says where an orderly queue begins.
    pub(super) fn go_first_offset_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        (process_queue, from_end): (u32, bool),
        answer: Result<Response, CallError>,
    ) {
        let queue = self.queue_of(at, process_queue);
        let read = match answer {
            Ok(Response::QueueOffset(offset)) if from_end => StoredOffset::At(offset),
            _ if from_end => StoredOffset::Unknown,
            answer => {
                let (answer, _) = self.go_query_answer(answer);
                self.consumers[at].stored_offset_answered(out, queue, answer)
            }
        };
        self.go_first_offset(out, at, process_queue, read);
    }

    /// Where the first pull of an orderly queue begins is known, or is not.
    fn go_first_offset(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32, read: StoredOffset) {
        let client = &mut self.consumers[at];
        let (consumer, (host, epoch)) = (client.index, client.seat(out));
        let planned = out.planned(consumer);
        let queue = client.process_queues[process_queue as usize].queue;
        let from = planned.consumer.consume_from_where;
        let offset = match read {
            StoredOffset::At(offset) => Some(offset),
            StoredOffset::Unknown => None,
            StoredOffset::None => {
                match NothingStored::of(from, out.is_retry_topic(out.names.queue(queue).topic), queue) {
                    NothingStored::BeginsAtZero => Some(0),
                    NothingStored::Asks(request, _) => {
                        let wait = OrderlyWait::FirstOffset { process_queue, from_end: true };
                        if let Some(to) = client.master_host(out, queue) {
                            let timeout = planned.client.timers.admin_timeout;
                            return out.call(host, to, request, timeout, Waiter::Orderly { consumer, epoch, wait });
                        }
                        None
                    }
                }
            }
        };
        let Some(offset) = offset else {
            let delay = planned.client.pull_time_delay_mills_when_exception;
            return client.pull_troubled(out, process_queue, PullTrouble::BrokerUnreachable, delay);
        };
        let held = &mut client.process_queues[process_queue as usize];
        held.orderly.previously_locked = true;
        if std::mem::replace(&mut held.next_offset, offset) != offset {
            out.see(Observation::StartedAt { consumer, queue, offset, rule: StartRule::Stored });
        }
        self.go_ask_for_messages(out, at, process_queue);
    }
}

fn lock_all_after(out: &mut Outside<'_>, client: &Consumer, delay: Span) {
    let (_, epoch) = client.seat(out);
    let due = ConsumerEvent::OrderlyTaskDue { process_queue: 0, task: OrderlyTask::LockAll };
    out.after(delay, due.of(client.index, epoch));
}

impl Consumer {
    /// Locks or unlocks at the master of a broker name.
    pub(super) fn ask_about_locks(
        &self,
        out: &mut Outside<'_>,
        name: BrokerIndex,
        request: Request,
        wait: OrderlyWait,
    ) {
        let (host, epoch) = self.seat(out);
        let broker = self.master(name).unwrap_or(name);
        let timeout = out.planned(self.index).client.timers.orderly.lock_timeout;
        let waiter = Waiter::Orderly { consumer: self.index, epoch, wait };
        out.call(host, out.broker_host(broker), request, timeout, waiter);
    }
}
