//! A broker (master): its boot and timers, and the door through which requests come in.
//!
//! What survives a kill is on its disk or in the page cache: the log, the topic table, delayed messages, the offsets
//! as they were last flushed. Membership, held pulls and newer offsets live in memory and are lost. The loss of its
//! machine takes the page cache too.

mod acknowledge;
mod consume_queue;
mod controller;
mod flush;
mod groups;
mod hold;
mod lock;
mod lost_tail;
mod membership;
mod offsets;
mod pools;
mod pre_online;
mod promotion;
mod pull;
mod replication;
mod reset;
mod retry;
mod slave;
mod store;
mod stored_times;
mod topics;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use acknowledge::Acknowledgement;
use flush::Flush;
use groups::SubscriptionGroups;
use hold::{HeldPull, Suspending};
use lock::RebalanceLocks;
use membership::GroupMembers;
pub(super) use offsets::DataVersion;
use offsets::Offsets;
use pools::{Pools, Running};
use replication::Replica;
use retry::DelayedMessage;
use slave::SYNC_TICK;
pub(super) use store::Store;
pub(super) use topics::AUTO_CREATED_QUEUES;
use topics::TopicConfig;

use super::event::{BrokerEvent, BrokerTask};
use super::network::{CallId, ConnectionId, Request, Response, Waiter};
use super::observation::{CommitPath, MemberLoss, Observation, QueueIndex};
use super::plan::{BrokerIndex, GroupIndex, Permission, PlantedMistake, TopicIndex};
use super::world::World;
use crate::kernel::{Instant, Span};

/// The state of one broker.
#[derive(Debug, Default)]
pub(super) struct Broker {
    topics: BTreeMap<TopicIndex, TopicConfig>,
    /// `brokerPermission`; it is written into the broker's file.
    permission: Permission,
    subscription_groups: SubscriptionGroups,
    flush: Flush,
    /// Of a slave: what it has of its master's log.
    replica: Replica,
    /// Producers that wait for the disk or for slaves.
    acknowledgement: Acknowledgement,
    /// When the controller last heard of it.
    heard: Instant,
    /// It runs and does not serve yet (`isIsolated`): it fetches what its slaves know first.
    isolated: bool,
    /// Slaves whose offsets it has fetched since it started (`waitBrokerIndex`).
    fetched_from: usize,
    offsets: Offsets,
    groups: BTreeMap<GroupIndex, GroupMembers>,
    /// `consumerGroupHeartbeatTable`: what each group last said it subscribes, as a fingerprint.
    fingerprints: BTreeMap<GroupIndex, u64>,
    locks: RebalanceLocks,
    held: BTreeMap<QueueIndex, Vec<HeldPull>>,
    suspending: Suspending,
    delayed: Vec<DelayedMessage>,
    /// Groups with a change that the buffered notification timer has not told yet.
    unnotified: BTreeSet<GroupIndex>,
    /// Channel events that wait for the one event thread.
    channel_events: u32,
    /// When the one event thread has worked off its queue.
    event_thread_free: Instant,
    /// Until when the event thread notifies members, where that takes time.
    event_thread_busy: Instant,
    pools: Pools,
}

/// How a broker's process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BrokerEnd {
    /// SIGTERM.
    Stopped,
    /// SIGKILL.
    Killed,
    /// The machine lost its power.
    PoweredOff,
}

/// First runs of a broker's timers (`BrokerController.startBasicService`,
/// `BrokerController.initializeBrokerScheduledTasks`).
const FIRST_FLUSH: Span = Span::from_secs(10);
const FIRST_REGISTRATION: Span = Span::from_secs(10);
const FIRST_BUFFERED_NOTIFICATION: Span = Span::from_secs(30);
const BUFFERED_NOTIFICATION_PERIOD: Span = Span::from_secs(15);
/// `brokerHeartbeatInterval`.
const HEARTBEAT_PERIOD: Span = Span::from_secs(1);

impl World<'_> {
    /// The broker accepts connections.
    pub(super) fn broker_booted(&mut self, broker: BrokerIndex, epoch: u32) {
        let host = self.out.broker_host(broker);
        let machine = &mut self.out.machines[host as usize];
        if machine.running || machine.epoch != epoch {
            return;
        }
        machine.running = true;
        machine.powered = true;
        self.out.see(Observation::BrokerUp { broker });
        self.brokers[broker as usize].isolated = self.prepares_itself(broker);
        match self.stood_in_for(broker) {
            Some(slave) => {
                self.reload_offsets_unseen(broker);
                if self.offsets_count(broker) {
                    self.offsets_count_instead((slave, broker), CommitPath::MasterReturned);
                }
            }
            None => self.reload_offsets(broker),
        }
        self.lose_what_slaves_hold(broker);
        self.catch_up(broker);
        self.start_flushing(broker);
        self.schedule_dispatch(broker);
        self.reschedule_delayed(broker);
        let heard = self.out.environment().first_registration_per_million;
        // What runs from the beginning has run for long.
        if self.brokers[broker as usize].isolated {
            self.brokers[broker as usize].fetched_from = 0;
            self.prepare_online(broker);
        } else if self.out.now() == Instant::ZERO
            || heard == 1_000_000
            || self.out.environment_stream.chance(heard.into(), 1_000_000)
        {
            self.register(broker);
        }
        let late = if self.out.now() == Instant::ZERO {
            Span::ZERO
        } else {
            self.out.environment().broker_timers.draw(&mut self.out.environment_stream)
        };
        let settings = &self.out.plan.brokers[broker as usize].settings;
        let mut timers = vec![
            (BrokerTask::Housekeeping, settings.client_housekeeping_interval),
            (BrokerTask::FlushOffsets, FIRST_FLUSH),
            (BrokerTask::FlushDelayOffsets, FIRST_FLUSH),
            (BrokerTask::CheckHolds, self.hold_tick(broker)),
            (BrokerTask::Register, FIRST_REGISTRATION),
        ];
        if !settings.real_time_notify_consumer_change {
            timers.push((BrokerTask::Notify, FIRST_BUFFERED_NOTIFICATION));
        }
        if self.out.replicas.brokers(self.out.replicas.name(broker)).len() > 1 {
            timers.push((BrokerTask::SyncSlave, SYNC_TICK));
        }
        if settings.enable_slave_acting_master {
            timers.push((BrokerTask::Heartbeat, HEARTBEAT_PERIOD));
        }
        for (task, delay) in timers {
            self.out.after(late + delay, BrokerEvent::BrokerTaskDue { task }.of(broker, epoch));
        }
    }

    fn hold_tick(&self, broker: BrokerIndex) -> Span {
        let settings = &self.out.plan.brokers[broker as usize].settings;
        if settings.long_polling_enable { settings.pull_hold_tick } else { settings.short_polling_time_mills }
    }

    /// A timer of the broker is due.
    pub(super) fn broker_task_due(&mut self, broker: BrokerIndex, epoch: u32, task: BrokerTask) {
        let settings = &self.out.plan.brokers[broker as usize].settings;
        let period = match task {
            BrokerTask::Housekeeping => settings.client_housekeeping_interval,
            BrokerTask::FlushOffsets => settings.flush_consumer_offset_interval,
            BrokerTask::FlushDelayOffsets => settings.flush_delay_offset_interval,
            BrokerTask::CheckHolds => self.hold_tick(broker),
            BrokerTask::Register => settings.registration_period(),
            BrokerTask::Notify => BUFFERED_NOTIFICATION_PERIOD,
            BrokerTask::SyncSlave => SYNC_TICK,
            BrokerTask::Heartbeat => HEARTBEAT_PERIOD,
        };
        self.out.after(period, BrokerEvent::BrokerTaskDue { task }.of(broker, epoch));
        match task {
            BrokerTask::Housekeeping => self.scan_not_active_channels(broker),
            BrokerTask::FlushOffsets => self.flush_offsets(broker),
            BrokerTask::FlushDelayOffsets => self.write_delay_offsets(broker),
            BrokerTask::CheckHolds => self.check_held_pulls(broker),
            BrokerTask::Register => self.register(broker),
            BrokerTask::Notify => self.notify_buffered(broker),
            BrokerTask::SyncSlave => self.synchronise_slave(broker),
            BrokerTask::Heartbeat => self.tell_name_servers(broker, &Request::BrokerHeartbeat),
        }
    }

    /// Registers the full topic table with every name server.
    pub(super) fn register(&mut self, broker: BrokerIndex) {
        if self.brokers[broker as usize].isolated {
            return;
        }
        let topics = Rc::new(self.topic_table(broker));
        let broker_id = self.out.replicas.id(broker);
        let timeout = self.out.plan.brokers[broker as usize].settings.register_broker_timeout_mills;
        let host = self.out.broker_host(broker);
        for name_server in 0..self.out.plan.name_servers.len() as u16 {
            let request = Request::RegisterBroker { broker_id, topics: Rc::clone(&topics) };
            let to = self.out.name_server_host(name_server);
            self.out.call(host, to, request, timeout, Waiter::Registration { broker });
        }
    }

    /// Tells all name servers, and waits for no answer.
    fn tell_name_servers(&mut self, broker: BrokerIndex, request: &Request) {
        for name_server in 0..self.out.plan.name_servers.len() as u16 {
            self.out.one_way(self.out.broker_host(broker), self.out.name_server_host(name_server), request.clone());
        }
    }

    /// A clean stop unregisters and writes its offsets first; SIGKILL does not; the loss of the machine takes the
    /// page cache too, and tells nobody.
    pub(super) fn end_broker(&mut self, broker: BrokerIndex, end: BrokerEnd) {
        let graceful = end == BrokerEnd::Stopped;
        let host = self.out.broker_host(broker);
        if !self.out.machines[host as usize].running {
            return;
        }
        if graceful {
            if !self.out.planted(PlantedMistake::StopWithoutFlush) {
                self.write_offsets(broker);
            }
            self.write_delay_offsets(broker);
            self.tell_name_servers(broker, &Request::UnregisterBroker);
        }
        let teardown = if end == BrokerEnd::Killed { self.out.kill_teardown() } else { Span::ZERO };
        self.out.end_process(host, end != BrokerEnd::PoweredOff, teardown);
        self.stop_flushing(broker);
        self.stop_replication(broker);
        self.out.see(Observation::BrokerDown { broker, graceful });
        let groups = std::mem::take(&mut self.brokers[broker as usize].groups);
        for (group, members) in groups {
            for (connection, client) in members.entries() {
                self.out.see(Observation::MemberRemoved {
                    broker,
                    group,
                    client,
                    connection,
                    loss: MemberLoss::BrokerDown,
                });
            }
        }
        self.forget_locks(broker);
        self.rewind_delay_offsets(broker);
        let state = &mut self.brokers[broker as usize];
        state.held.clear();
        state.suspending.clear();
        state.unnotified.clear();
        state.fingerprints.clear();
        state.channel_events = 0;
        state.event_thread_free = Instant::ZERO;
        state.event_thread_busy = Instant::ZERO;
        state.pools = Pools::default();
        if end == BrokerEnd::PoweredOff {
            self.lose_tail(broker);
        }
        self.master_went_down(broker);
        // The controller sees the connection close; of a machine without power it hears nothing more.
        if end != BrokerEnd::PoweredOff {
            self.elect(broker);
            self.slave_went_down(broker);
        }
        self.forget_own_log(broker);
    }

    /// The broker's process boots again.
    pub(super) fn restart_broker(&mut self, broker: BrokerIndex) {
        let host = self.out.broker_host(broker);
        let boot = self.out.environment().broker_boot.draw(&mut self.out.environment_stream);
        let epoch = self.out.epoch(host);
        self.out.after(boot, BrokerEvent::BrokerBooted.of(broker, epoch));
    }

    /// A thread handles a request.
    fn broker_request(
        &mut self,
        broker: BrokerIndex,
        connection: ConnectionId,
        call: Option<CallId>,
        request: Request,
    ) {
        let answer = match request {
            Request::Heartbeat { client, consumers, v2 } => {
                let changed = v2.map(|v2| self.fingerprints_differ(broker, &consumers, v2.fingerprint));
                let without = v2.is_some_and(|v2| v2.without_subscriptions);
                for data in &consumers {
                    self.heartbeat(broker, connection, client, (data, without));
                }
                changed
                    .map_or(Response::Done, |subscriptions_changed| Response::HeartbeatTaken { subscriptions_changed })
            }
            Request::UnregisterClient { group } => {
                self.unregister_client(broker, connection, group);
                Response::Done
            }
            Request::GetConsumerList { group } => Response::ConsumerList(self.consumer_list(broker, group)),
            Request::QueryOffset { group, queue } => self.query_offset(broker, group, queue),
            Request::UpdateOffset { group, queue, offset, path } => {
                let by = self.out.consumer_of(connection, group);
                self.update_offset_arrived(broker, (group, queue, offset), by, path);
                Response::Done
            }
            Request::GetAllOffsets => {
                let version = self.brokers[broker as usize].offsets.version;
                Response::AllOffsets(self.all_offsets(broker), version, self.delay_offsets(broker))
            }
            Request::GetMaxOffset { queue } => Response::QueueOffset(self.end_at(broker, queue)),
            Request::SearchOffset { queue, timestamp } => {
                let keeper = self.log_of(broker);
                let found = self.out.logs[keeper as usize].search(queue, timestamp);
                Response::QueueOffset(found.min(self.end_at(broker, queue)))
            }
            Request::Pull(pull) => return self.pull_arrived(broker, connection, call, pull),
            Request::SendBack { consumer, group, queue, offset, life, max_reconsume_times, delay_level } => {
                let message = (queue, offset, life);
                self.send_back(broker, consumer, group, message, (max_reconsume_times, delay_level))
            }
            Request::LockBatch { group, client, queues } => self.lock_batch(broker, group, client, &queues),
            Request::UnlockBatch { group, client, queues } => self.unlock_batch(broker, group, client, &queues),
            Request::SendToRetry { consumer, group, queue, offset, life, reconsume_times, max_reconsume_times } => {
                let times = (reconsume_times, max_reconsume_times);
                self.send_to_retry(broker, consumer, group, (queue, offset, life), times)
            }
            Request::Send { sent, queue, body_bytes, mark } => {
                let answer = self.store_sent(broker, sent, queue, (body_bytes, mark));
                if let (Response::QueueOffset(_), Some(call)) = (&answer, call) {
                    self.out.calls.note_stored(call);
                }
                return self.respond_stored(broker, connection, call, answer);
            }
            Request::GetRoute { .. }
            | Request::GetDefaultRoute
            | Request::RegisterBroker { .. }
            | Request::BrokerHeartbeat
            | Request::UnregisterBroker
            | Request::ResetClientOffset { .. }
            | Request::NotifyConsumerIdsChanged { .. } => Response::Refused,
        };
        self.out.respond(connection, call, answer);
    }
}
