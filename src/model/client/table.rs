//! `RebalanceImpl.updateProcessQueueTableInRebalance`: drop first, then take, one offset query a queue.

use std::collections::BTreeSet;

use crate::kernel::Span;
use crate::model::java_order::{message_queue_hash, sort_as_hash_table};
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{CommitPath, Detail, Observation, QueueIndex, Release, StartRule};
use crate::model::plan::{ConsumeFromWhere, ConsumerIndex, PlantedMistake};
use crate::model::views::ViewId;
use crate::model::world::World;

use super::orderly::Locking;
use super::process_queue::ProcessQueue;
use super::rebalance::Phase;

/// Queues being taken, one after the other.
#[derive(Debug)]
pub(super) struct Adding {
    /// What the strategy gave.
    mine: BTreeSet<QueueIndex>,
    /// Still to be taken, the next one last.
    pub(super) left: Vec<QueueIndex>,
    /// Process queues made so far.
    taken: Vec<u32>,
    changed: bool,
    /// The lock of the next queue has been asked for, and granted.
    pub(super) locking: Locking,
    /// The offset query was answered "none": now the maximum or a time is asked for.
    asked_store: Option<StartRule>,
}

impl World<'_> {
    /// Steps 1 and 2: queues that are not the client's any more are dropped and their offsets sent.
    pub(super) fn update_process_queue_table(
        &mut self,
        consumer: ConsumerIndex,
        view: ViewId,
        mine: Vec<QueueIndex>,
        in_list: bool,
    ) {
        let now = self.out.client_clock(consumer);
        let idle = self.out.planned(consumer).client.timers.pull_max_idle_time;
        let topic = self.rebalancing(consumer).topic;
        let wanted: BTreeSet<QueueIndex> = mine.iter().copied().collect();
        let client = &self.clients[consumer as usize];
        let mut released = Vec::new();
        for (&queue, &number) in &client.table {
            if self.out.names.queue(queue).topic != topic {
                continue;
            }
            if !wanted.contains(&queue) {
                let in_route = self.out.views.queue_list(view).contains(&queue);
                let release = match (in_list, in_route) {
                    (_, false) => Release::RouteGone,
                    (false, true) => Release::NotInList,
                    (true, true) => Release::Reassigned,
                };
                released.push((queue, release));
            } else if self.out.lite_pull(consumer).is_none()
                && now.since(client.process_queues[number as usize].last_pull) > idle
            {
                released.push((queue, Release::PullExpired));
            }
        }
        if self.out.uses_locks(consumer) {
            return self.drop_orderly_queues(consumer, released, mine);
        }
        let changed = !released.is_empty();
        for (queue, release) in released {
            self.release(consumer, queue, release, CommitPath::Release);
        }
        self.begin_adding(consumer, mine, changed);
    }

    /// Step 3 begins with what is not in the table.
    pub(super) fn begin_adding(&mut self, consumer: ConsumerIndex, mine: Vec<QueueIndex>, changed: bool) {
        let wanted: BTreeSet<QueueIndex> = mine.iter().copied().collect();
        let table = &self.clients[consumer as usize].table;
        let mut seen = BTreeSet::new();
        let mut left: Vec<QueueIndex> = mine.into_iter().filter(|&queue| seen.insert(queue)).collect();
        sort_as_hash_table(&mut left, |&queue| message_queue_hash(self.out.names.message_queue(queue)));
        left.retain(|queue| !table.contains_key(queue));
        left.reverse();
        let adding = Adding { mine: wanted, left, taken: Vec::new(), changed, locking: Locking::No, asked_store: None };
        self.rebalancing(consumer).phase = Phase::Adding(adding);
        self.take_next_queue(consumer);
    }

    /// Drops a queue: its offset goes to the broker and out of memory, it leaves the table.
    pub(super) fn release(&mut self, consumer: ConsumerIndex, queue: QueueIndex, release: Release, path: CommitPath) {
        if self.out.is_broadcasting(consumer) && self.out.planned(consumer).client.local_file_persists_one {
            self.persist_local(consumer, &BTreeSet::from([queue]));
        }
        let client = self.client(consumer);
        let number = client.table.remove(&queue).expect("only owned queues are released");
        client.process_queues[number as usize].drop_queue();
        let group = client.group;
        if let Some(offset) =
            client.offsets.remove(&queue).filter(|_| !self.out.planted(PlantedMistake::NoCommitBeforeDrop))
        {
            self.out.see(Observation::OffsetSent { consumer, queue });
            self.out.see_detail(Detail::LastOffsetTold { consumer, queue, offset });
            self.update_offset(consumer, Request::UpdateOffset { group, queue, offset, path }, queue);
        }
        self.out.see(Observation::QueueReleased { consumer, queue, release });
    }

    pub(super) fn adding(&mut self, consumer: ConsumerIndex) -> &mut Adding {
        match &mut self.rebalancing(consumer).phase {
            Phase::Adding(adding) => adding,
            other => unreachable!("queues are being taken, not {other:?}"),
        }
    }

    /// Step 3: asks where the next queue begins. A broker that is not in the table fails the query at once.
    pub(super) fn take_next_queue(&mut self, consumer: ConsumerIndex) {
        let (host, epoch) = self.out.instance_seat(consumer);
        loop {
            let adding = self.adding(consumer);
            adding.asked_store = None;
            let Some(&queue) = adding.left.last() else { return self.finish_adding(consumer) };
            if self.lock_before_adding(consumer, queue) {
                return;
            }
            let client = self.client(consumer);
            client.offsets.remove(&queue);
            let group = client.group;
            if self.out.is_broadcasting(consumer) {
                let first = self.out.planned(consumer).consumer.consume_from_where;
                let found = self.local_start_offset(consumer, queue);
                if let Some((offset, rule)) =
                    found.or((first == ConsumeFromWhere::FirstOffset).then_some((0, StartRule::First)))
                {
                    self.put_queue(consumer, queue, offset, rule);
                    continue;
                }
                // The file has none: the start rule asks the broker.
                let nothing = Response::Offset { offset: None, assumed: false };
                return self.start_offset_answered(consumer, Ok(nothing));
            }
            if let Some(to) = self.any_host(consumer, queue) {
                let timeout = self.out.planned(consumer).client.timers.offset_query_timeout;
                let request = Request::QueryOffset { group, queue };
                return self.out.call(host, to, request, timeout, Waiter::Rebalance { consumer, epoch });
            }
            self.pass_over_queue(consumer);
        }
    }

    /// The next queue is left for the next rebalance.
    pub(super) fn pass_over_queue(&mut self, consumer: ConsumerIndex) {
        let adding = self.adding(consumer);
        adding.left.pop();
        adding.locking = Locking::No;
    }

    /// `computePullFromWhereWithException` goes on with an answer; an error leaves the queue for the next rebalance.
    pub(super) fn start_offset_answered(&mut self, consumer: ConsumerIndex, answer: Result<Response, CallError>) {
        if self.adding(consumer).locking == Locking::Asked {
            return self.lock_before_adding_answered(consumer, answer);
        }
        let (host, epoch) = self.out.instance_seat(consumer);
        let adding = self.adding(consumer);
        let queue = *adding.left.last().expect("a queue is being taken");
        let asked = adding.asked_store;
        let topic = self.rebalancing(consumer).topic;
        let is_retry = self.out.is_retry_topic(topic);
        let planned = self.out.planned(consumer);
        let begin = match (answer, asked) {
            (Ok(Response::Offset { offset: Some(offset), assumed }), _) => {
                Some((offset, if assumed { StartRule::ZeroResident } else { StartRule::Stored }))
            }
            (Ok(Response::QueueOffset(offset)), Some(rule)) => Some((offset, rule)),
            (Ok(Response::Offset { offset: None, .. }), _) => {
                let ask = match planned.consumer.consume_from_where {
                    ConsumeFromWhere::LastOffset if !is_retry => (Request::GetMaxOffset { queue }, StartRule::Maximum),
                    ConsumeFromWhere::Timestamp(_) if is_retry => (Request::GetMaxOffset { queue }, StartRule::Maximum),
                    ConsumeFromWhere::Timestamp(timestamp) => {
                        (Request::SearchOffset { queue, timestamp }, StartRule::Timestamp)
                    }
                    ConsumeFromWhere::LastOffset | ConsumeFromWhere::FirstOffset => {
                        return self.take_queue(consumer, queue, 0, StartRule::First);
                    }
                };
                self.adding(consumer).asked_store = Some(ask.1);
                let timeout = planned.client.timers.admin_timeout;
                if let Some(to) = self.master_host(consumer, queue) {
                    return self.out.call(host, to, ask.0, timeout, Waiter::Rebalance { consumer, epoch });
                }
                // Only a master is asked for its maximum.
                None
            }
            _ => None,
        };
        match begin {
            Some((offset, rule)) => self.take_queue(consumer, queue, offset, rule),
            None => {
                self.pass_over_queue(consumer);
                self.take_next_queue(consumer);
            }
        }
    }

    /// The queue is the client's; its first pull comes after the dispatch delay.
    fn take_queue(&mut self, consumer: ConsumerIndex, queue: QueueIndex, offset: u64, rule: StartRule) {
        self.put_queue(consumer, queue, offset, rule);
        self.take_next_queue(consumer);
    }

    /// Into the process-queue table.
    fn put_queue(&mut self, consumer: ConsumerIndex, queue: QueueIndex, offset: u64, rule: StartRule) {
        let now = self.out.client_clock(consumer);
        let noted = !self.out.planned(consumer).client.lock_before_process_queue;
        let client = self.client(consumer);
        if matches!(rule, StartRule::Stored | StartRule::ZeroResident) {
            client.offsets.update(&queue, offset, false);
        }
        let mut new = ProcessQueue::new(queue, offset, now);
        new.orderly.locked = noted;
        client.process_queues.push(new);
        let number = (client.process_queues.len() - 1) as u32;
        client.table.insert(queue, number);
        self.pass_over_queue(consumer);
        let adding = self.adding(consumer);
        adding.taken.push(number);
        adding.changed = true;
        self.out.see(Observation::StartedAt { consumer, queue, offset, rule });
        self.out.see(Observation::QueueTaken { consumer, queue, offset });
    }

    /// Step 5, then `messageQueueChanged` where anything changed.
    fn finish_adding(&mut self, consumer: ConsumerIndex) {
        // Of a consumer that pulls, `messageQueueChanged` starts the tasks at once.
        let push = self.out.lite_pull(consumer).is_none();
        let delays = push && !self.out.planted(PlantedMistake::FirstPullAtOnce);
        let delay = if delays { self.out.planned(consumer).client.timers.pull_dispatch_delay } else { Span::ZERO };
        let adding = self.adding(consumer);
        let (taken, changed) = (std::mem::take(&mut adding.taken), adding.changed);
        let mine = std::mem::take(&mut adding.mine);
        for process_queue in taken {
            self.pull_later(consumer, process_queue, delay);
        }
        let topic = self.rebalancing(consumer).topic;
        let client = &self.clients[consumer as usize];
        let working = client.table.iter().filter(|&(&queue, &number)| {
            self.out.names.queue(queue).topic == topic && !client.process_queues[number as usize].dropped
        });
        let balanced = working.map(|(queue, _)| queue).eq(mine.iter());
        self.rebalancing(consumer).balanced &= balanced;
        if changed && push { self.message_queue_changed(consumer) } else { self.rebalance_next_topic(consumer) }
    }
}
