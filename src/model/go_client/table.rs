//! `updateProcessQueueTable`: queues that are not the member's any more are dropped first, each in its turn; then new
//! ones are taken, one lock and one offset query after the other (`consumer/consumer.go:updateProcessQueueTable`).
//!
//! Both go through maps, whose order is any. What cannot be locked, and what no offset is known of, is left for the next
//! run.

use crate::model::consumer::process_queue::ProcessQueue;
use crate::model::consumer::progress::StoredOffset;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::start_offset::{NothingStored, stored_answer};
use crate::model::go_client::rebalance::Phase;
use crate::model::ids::ViewId;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Response, Waiter};
use crate::model::observation::{CommitPath, Observation, QueueIndex, Release, StartRule};
use crate::model::outside::Outside;
use crate::model::plan::ClientRules;
use crate::offset::QueryAnswer;

/// What is known of the queue whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Nothing has been asked.
    Nothing,
    /// Its lock.
    Lock,
    /// Its stored offset.
    Offset,
    /// None is stored: the queue's end, or the offset of a time.
    Store(StartRule),
}

/// Queues being taken.
#[derive(Debug)]
pub(super) struct Taking {
    /// Still to be taken, the next one last.
    left: Vec<QueueIndex>,
    asked: Asked,
    changed: bool,
}

impl ClientProcess {
    fn go_taking(&mut self) -> &mut Taking {
        match &mut self.go_run().phase {
            Phase::Taking(taking) => taking,
            other => unreachable!("queues are being taken, not {other:?}"),
        }
    }

    /// The strategy has answered.
    pub(super) fn go_update_table(
        &mut self,
        out: &mut Outside<'_>,
        view: ViewId,
        mut mine: Vec<QueueIndex>,
        in_list: bool,
    ) {
        let (at, topic) = (self.go_run().at, self.go_run().topic);
        let client = &self.consumers[at];
        let (now, idle) = (out.client_clock(client.index), out.planned(client.index).client.timers.pull_max_idle_time);
        let mut given_up: Vec<(QueueIndex, Release)> = Vec::new();
        for (&queue, &number) in client.table.iter().filter(|(queue, _)| out.names.queue(**queue).topic == topic) {
            if !mine.contains(&queue) {
                let in_route = out.views.queue_list(view).contains(&queue);
                let release = match (in_list, in_route) {
                    (_, false) => Release::RouteGone,
                    (false, true) => Release::NotInList,
                    (true, true) => Release::Reassigned,
                };
                given_up.push((queue, release));
            } else if client.process_queues[number as usize].is_pull_expired(now, idle) {
                given_up.push((queue, Release::PullExpired));
            }
        }
        let changed = !given_up.is_empty();
        self.go().in_map_order(&mut given_up);
        for (queue, release) in given_up {
            self.consumers[at].go_give_up(out, queue, release, CommitPath::Release);
        }
        mine.sort_unstable();
        mine.dedup();
        mine.retain(|queue| !self.consumers[at].table.contains_key(queue));
        self.go().in_map_order(&mut mine);
        self.go_run().phase = Phase::Taking(Taking { left: mine, asked: Asked::Nothing, changed });
        self.go_take_next(out);
    }

    /// Asks for the lock of the next queue, then for its offset; at the end says whether anything changed.
    fn go_take_next(&mut self, out: &mut Outside<'_>) {
        let at = self.go_run().at;
        loop {
            let taking = self.go_taking();
            let Some(&queue) = taking.left.last() else {
                let changed = taking.changed;
                return if changed { self.go_queues_changed(out) } else { self.go_topic_done(out) };
            };
            // In `BROADCASTING` too, where all members want all of them.
            if self.consumers[at].service != ConsumeMessageService::Orderly {
                if self.go_ask_offset(out, queue) {
                    return;
                }
                continue;
            }
            let (consumer, waiter) = (&mut self.consumers[at], Self::go_waits(out, self.instance.owner));
            if consumer.master(out.names.queue(queue).broker).is_some() {
                consumer.ask_lock(out, queue, waiter);
                self.go_taking().asked = Asked::Lock;
                return;
            }
            self.go_pass_over(false);
        }
    }

    fn go_waits(out: &Outside<'_>, consumer: crate::model::plan::ConsumerIndex) -> Waiter {
        let (_, epoch) = out.instance_seat(consumer);
        Waiter::Rebalance { consumer, epoch }
    }

    /// `computePullFromWhereWithException`: true where the run waits for a broker.
    fn go_ask_offset(&mut self, out: &mut Outside<'_>, queue: QueueIndex) -> bool {
        let (at, waiter) = (self.go_run().at, Self::go_waits(out, self.instance.owner));
        self.go_taking().asked = Asked::Offset;
        self.consumers[at].remove_offset(out, queue);
        match self.consumers[at].read_stored_offset(out, queue, waiter) {
            None => return true,
            Some(StoredOffset::At(offset)) => self.go_put(out, queue, offset, StartRule::Stored),
            Some(StoredOffset::None) => return self.go_begin_by_rule(out, queue),
            Some(StoredOffset::Unknown) => self.go_pass_over(false),
        }
        false
    }

    /// An answer for the queue whose turn it is.
    pub(super) fn go_taking_answered(&mut self, out: &mut Outside<'_>, answer: Result<Response, CallError>) {
        let (at, asked) = (self.go_run().at, self.go_taking().asked);
        let queue = *self.go_taking().left.last().expect("a queue is being taken");
        let waits = match asked {
            Asked::Nothing => unreachable!("nothing was asked"),
            Asked::Lock => match answer {
                Ok(Response::Locked(locked)) if locked.contains(&queue) => self.go_ask_offset(out, queue),
                _ => self.go_leave_for_later(),
            },
            Asked::Offset => {
                let (answer, rule) = self.go_query_answer(answer);
                match self.consumers[at].stored_offset_answered(out, queue, answer) {
                    StoredOffset::At(offset) => self.go_take(out, queue, offset, rule),
                    StoredOffset::None => self.go_begin_by_rule(out, queue),
                    StoredOffset::Unknown => self.go_leave_for_later(),
                }
            }
            Asked::Store(rule) => match answer {
                Ok(Response::QueueOffset(offset)) => self.go_take(out, queue, offset, rule),
                _ => self.go_leave_for_later(),
            },
        };
        if !waits {
            self.go_take_next(out);
        }
    }

    /// What the answer of a query means to this release.
    pub(super) fn go_query_answer(&mut self, answer: Result<Response, CallError>) -> (QueryAnswer, StartRule) {
        let rules = &self.go().rules;
        let (none_fails, failure_is_none) = (rules.not_found_fails, rules.failed_query_is_none);
        match stored_answer(answer, &ClientRules::default()) {
            (QueryAnswer::QueryNotFound, rule) if none_fails => (QueryAnswer::Failed, rule),
            (QueryAnswer::Failed, rule) if failure_is_none => (QueryAnswer::QueryNotFound, rule),
            known => known,
        }
    }

    fn go_take(&mut self, out: &mut Outside<'_>, queue: QueueIndex, offset: u64, rule: StartRule) -> bool {
        self.go_put(out, queue, offset, rule);
        false
    }

    fn go_leave_for_later(&mut self) -> bool {
        self.go_pass_over(false);
        false
    }

    fn go_begin_by_rule(&mut self, out: &mut Outside<'_>, queue: QueueIndex) -> bool {
        let (at, topic, waiter) = (self.go_run().at, self.go_run().topic, Self::go_waits(out, self.instance.owner));
        let planned = out.planned(self.consumers[at].index);
        let from = planned.consumer.consume_from_where;
        let (request, rule) = match NothingStored::of(from, out.is_retry_topic(topic), queue) {
            NothingStored::Asks(request, rule) => (request, rule),
            NothingStored::BeginsAtZero => return self.go_take(out, queue, 0, StartRule::First),
        };
        let Some(to) = self.consumers[at].master_host(out, queue) else { return self.go_leave_for_later() };
        self.go_taking().asked = Asked::Store(rule);
        let (host, _) = out.instance_seat(self.instance.owner);
        out.call(host, to, request, planned.client.timers.admin_timeout, waiter);
        true
    }

    /// The next queue's turn comes.
    fn go_pass_over(&mut self, taken: bool) {
        self.go_run().complete &= taken;
        let taking = self.go_taking();
        taking.left.pop();
        taking.asked = Asked::Nothing;
        taking.changed |= taken;
    }

    /// Into the table. Its goroutines run at once: nothing delays the first pull of a queue but its lock, which was asked
    /// for before it was there, and so does not count as held (`consumer/consumer.go:lock`).
    fn go_put(&mut self, out: &mut Outside<'_>, queue: QueueIndex, offset: u64, rule: StartRule) {
        let at = self.go_run().at;
        let client = &mut self.consumers[at];
        let consumer = client.index;
        let mut new = ProcessQueue::new(queue, offset, out.client_clock(consumer));
        new.orderly.locked = false;
        client.process_queues.push(new);
        let number = (client.process_queues.len() - 1) as u32;
        client.table.insert(queue, number);
        self.go_pass_over(true);
        out.see(Observation::StartedAt { consumer, queue, offset, rule });
        out.see(Observation::QueueTaken { consumer, queue, offset });
        self.go_begin_orderly(out, at, number);
        self.go_pull(out, at, number);
    }

    /// `truncateMessageQueueNotMyTopic`: committed, unlike Java's.
    pub(super) fn go_drop_unsubscribed(&mut self, out: &mut Outside<'_>, at: usize) {
        let client = &mut self.consumers[at];
        let foreign = |queue: &QueueIndex| client.subscription(out.names.queue(*queue).topic).is_none();
        let foreign: Vec<QueueIndex> = client.table.keys().copied().filter(foreign).collect();
        for queue in foreign {
            client.go_give_up(out, queue, Release::Unsubscribed, CommitPath::Release);
        }
    }
}
