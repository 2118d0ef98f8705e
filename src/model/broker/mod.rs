//! A broker: what is in its memory, what happens to it, and which handler works on which request
//! (`BrokerController.registerProcessor`).
//!
//! What survives a kill is on its disk or in the page cache: the log, the topic table, delayed messages, the offsets
//! as they were last flushed. Membership, held pulls and newer offsets live in memory and are lost. The loss of its
//! machine takes the page cache too.

mod acknowledge;
mod controller;
mod expiry;
mod flush;
mod groups;
mod hold;
mod life;
mod lock;
mod lost_tail;
mod membership;
mod notification;
mod offsets;
mod pools;
mod pop;
mod pre_online;
mod promotion;
mod pull;
mod remaking;
mod reset;
mod retry;
mod slave;
mod store;
#[cfg(test)]
mod tests;
mod topics;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use acknowledge::Acknowledgement;
use flush::Flush;
use hold::{HeldPulls, Suspending};
pub(super) use life::BrokerEnd;
use lock::RebalanceLocks;
use membership::GroupMembers;
use notification::Pass;
use offsets::Offsets;
use pools::{Pools, Running};
use pop::Pop;
use remaking::Remaking;
use retry::FailedMessage;

use super::event::{BrokerEvent, Event};
use super::network::{CallId, Request, Response};
use super::notice::Notice;
use super::observation::QueueIndex;
use super::outside::Outside;
use super::plan::{BrokerIndex, BrokerSettings, GroupIndex};
use crate::kernel::Instant;
use crate::model::disk::GroupOffset;
use crate::model::ids::{ConnectionId, HostId};

/// The state of one broker: what is in its memory, and what of its disk nobody else reads.
///
/// What replicas of one name share stands outside: logs ([`Store`](super::disk::Store)), copies of them ([`Replica`](super::disk::Replica)), [`Configuration`](super::disk::Configuration).
#[derive(Debug, Default)]
pub(super) struct Broker {
    /// Which broker of the plan this is.
    index: BrokerIndex,
    flush: Flush,
    /// Producers that wait for the disk or for slaves.
    acknowledgement: Acknowledgement,
    /// Slaves whose offsets it has fetched since it started (`waitBrokerIndex`).
    fetched_from: usize,
    offsets: Offsets,
    groups: BTreeMap<GroupIndex, GroupMembers>,
    /// `consumerGroupHeartbeatTable`: what each group last said it subscribes, as a fingerprint.
    fingerprints: BTreeMap<GroupIndex, u64>,
    locks: RebalanceLocks,
    held: HeldPulls,
    /// Room for the queues that a dispatch wakes, each with where it ended before.
    woken: Vec<(QueueIndex, u64)>,
    suspending: Suspending,
    /// Groups with a change that the buffered notification timer has not told yet.
    unnotified: BTreeSet<GroupIndex>,
    /// Channel events that wait for the one event thread.
    channel_events: u32,
    /// When the one event thread has worked off its queue.
    event_thread_free: Instant,
    /// Until when the event thread notifies members, where that takes time.
    event_thread_busy: Instant,
    pools: Pools,
    /// The newest pass of notifications of each group.
    passes: BTreeMap<GroupIndex, Pass>,
    /// A slave that makes its topics and groups again.
    remaking: Option<Remaking>,
    pop: Pop,
}

impl Broker {
    /// A broker that has not booted yet.
    pub fn new(index: BrokerIndex) -> Self {
        Self { index, ..Self::default() }
    }

    fn settings<'a>(&self, out: &Outside<'a>) -> &'a BrokerSettings {
        &out.plan.brokers[self.index.at()].settings
    }

    fn host(&self, out: &Outside<'_>) -> HostId {
        out.broker_host(self.index)
    }

    /// What this broker plans for the life that it is in.
    fn in_this_life(&self, out: &Outside<'_>, what: BrokerEvent) -> Event {
        what.of(self.index, out.epoch(self.host(out)))
    }

    /// Something happens to this broker, planned in its life `epoch`.
    pub fn event(&mut self, out: &mut Outside<'_>, epoch: u32, what: BrokerEvent) {
        if !(out.broker_lives(self.index, epoch) || what.outlives_its_process()) {
            return;
        }
        let broker = self.index;
        match what {
            BrokerEvent::BrokerBooted => out.tell(Notice::BrokerBooted { broker, epoch }),
            BrokerEvent::RequestServed { slot } => self.request_served(out, slot),
            BrokerEvent::BrokerTaskDue { task } => self.broker_task_due(out, task),
            BrokerEvent::ChannelClosed { connection, cause } => self.channel_closed(out, connection, cause),
            BrokerEvent::MemberExpired { connection } => self.member_expired(out, connection),
            BrokerEvent::Dispatched => self.dispatched(out, epoch),
            BrokerEvent::PullHeld { slot } => self.pull_held(out, slot),
            BrokerEvent::MasterElected => out.tell(Notice::MasterElected { slave: broker, epoch }),
            BrokerEvent::LogReplicated => self.log_replicated(out),
            BrokerEvent::LogFlushed => self.log_flushed(out),
            BrokerEvent::StoreTimedOut { number, delay } => self.store_timed_out(out, number, delay),
            BrokerEvent::PreOnlineDue => self.prepare_online(out),
            BrokerEvent::OffsetsWritten => self.offsets_written(out),
            BrokerEvent::DelayedMessageDue { index } => self.delayed_message_due(out, index),
            BrokerEvent::PopPollingOver { number } => self.pop_polling_over(out, number),
            BrokerEvent::TimerSecond { second } => self.timer_second(out, second),
            BrokerEvent::ReviveDue { queue } => self.revive_due(out, queue),
            BrokerEvent::CheckpointBuffered { number } => self.checkpoint_buffered(out, number),
            BrokerEvent::PopRecordsDue => self.pop_records_due(out),
            BrokerEvent::PopCacheLooked => self.pop_cache_looked(out),
            BrokerEvent::PopOrderFree { group, queue } => self.pop_order_free(out, group, queue),
        }
    }

    /// A thread handles a request.
    pub(in crate::model::broker) fn broker_request(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: Option<CallId>,
        request: Request,
    ) {
        let broker = self.index;
        let answer = match request {
            Request::Heartbeat { client, consumers, v2 } => {
                let changed = v2.map(|v2| self.fingerprints_differ(&consumers, v2.fingerprint));
                let without = v2.is_some_and(|v2| v2.without_subscriptions);
                consumers.iter().for_each(|data| self.heartbeat(out, connection, client, (data, without)));
                changed
                    .map_or(Response::Done, |subscriptions_changed| Response::HeartbeatTaken { subscriptions_changed })
            }
            Request::UnregisterClient { group } => {
                self.unregister_client(out, connection, group);
                Response::Done
            }
            Request::GetConsumerList { group } => Response::ConsumerList(self.consumer_list(out, group)),
            Request::QueryOffset { group, queue } => self.query_offset(out, group, queue),
            Request::UpdateOffset { group, queue, offset, path } => {
                let by = out.consumer_of(connection, group);
                self.update_offset_arrived(out, GroupOffset { group, queue, offset }, by, path);
                Response::Done
            }
            Request::GetAllOffsets => {
                let version = self.offsets.version;
                Response::AllOffsets(Rc::new(self.offsets.all()), version, out.logs[broker.at()].delay_offsets())
            }
            Request::GetMaxOffset { queue } => Response::QueueOffset(out.end_at(broker, queue)),
            Request::SearchOffset { queue, timestamp } => {
                let keeper = out.log_of(broker);
                let found = out.logs[keeper.at()].search(queue, timestamp);
                Response::QueueOffset(found.min(out.end_at(broker, queue)))
            }
            Request::Pull(pull) => return self.pull_arrived(out, connection, call, pull),
            Request::SendBack { consumer, group, queue, offset, life, max_reconsume_times, delay_level } => {
                let message = FailedMessage { queue, offset, life };
                self.send_back(out, consumer, group, message, (max_reconsume_times, delay_level))
            }
            Request::LockBatch { group, client, queues } => self.lock_batch(out, group, client, &queues),
            Request::UnlockBatch { group, client, queues } => self.unlock_batch(out, group, client, &queues),
            Request::SendToRetry { consumer, group, queue, offset, life, reconsume_times, max_reconsume_times } => {
                let times = (reconsume_times, max_reconsume_times);
                self.send_to_retry(out, consumer, group, FailedMessage { queue, offset, life }, times)
            }
            Request::Send { sent, queue, body_bytes, mark } => {
                let answer = self.store_sent(out, sent, queue, (body_bytes, mark));
                if let (Response::QueueOffset(_), Some(call)) = (&answer, call) {
                    out.calls.note_stored(call);
                }
                return self.respond_stored(out, connection, call, answer);
            }
            Request::QueryAssignment(_) | Request::Pop(_) | Request::Ack { .. } | Request::ChangeInvisible { .. } => {
                return self.request_of_pop(out, connection, call, request);
            }
            Request::OfProxy(what) => return self.request_of_proxy(out, connection, call, what),
            Request::GetRoute { .. }
            | Request::Grpc(_)
            | Request::GetDefaultRoute
            | Request::RegisterBroker { .. }
            | Request::BrokerHeartbeat
            | Request::UnregisterBroker
            | Request::ResetClientOffset { .. }
            | Request::NotifyConsumerIdsChanged { .. } => Response::Refused,
        };
        out.respond(connection, call, answer);
    }

    /// A request of POP.
    fn request_of_pop(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: Option<CallId>,
        request: Request,
    ) {
        let answer = match request {
            Request::QueryAssignment(question) => return self.query_assignment(out, connection, call, question),
            Request::Pop(pop) => return self.pop_arrived(out, connection, call, pop),
            Request::Ack { handle, group } => {
                let consumer = out.consumer_of(connection, group);
                self.acknowledge_popped(out, consumer, group, (&handle, false))
            }
            Request::ChangeInvisible { handle, group, invisible } => {
                let consumer = out.consumer_of(connection, group);
                self.change_invisible(out, consumer, group, (&handle, invisible))
            }
            _ => unreachable!("requests of POP come here"),
        };
        out.respond(connection, call, answer);
    }
}
