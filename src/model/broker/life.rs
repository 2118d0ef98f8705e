//! A broker's lives: it boots, its timers run, it is stopped, killed, or loses its machine (`BrokerController.start`,
//! `BrokerController.shutdown`).
//!
//! Where several brokers of a name change, as when another's offsets count from now on, the world takes the steps.

use std::rc::Rc;

use super::Broker;
use super::notification::{BUFFERED_NOTIFICATION_PERIOD, FIRST_BUFFERED_NOTIFICATION};
use super::pools::Pools;
use super::slave::{OLDER_SYNC_PERIOD, SYNC_TICK};
use crate::kernel::{Instant, Span};
use crate::model::event::{BrokerEvent, BrokerTask};
use crate::model::network::{Request, Waiter};
use crate::model::observation::{CommitPath, MemberLoss, Observation};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, NameServerIndex, PlantedMistake};
use crate::model::world::World;

/// How a broker's process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum BrokerEnd {
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
/// `brokerHeartbeatInterval`.
const HEARTBEAT_PERIOD: Span = Span::from_secs(1);

impl Broker {
    /// The process accepts connections, if this is the life that it was to begin; false: another one has begun.
    fn accept_connections(&self, out: &mut Outside<'_>, epoch: u32) -> bool {
        let host = self.host(out);
        let machine = &mut out.machines[host.at()];
        if machine.running || machine.epoch != epoch {
            return false;
        }
        (machine.running, machine.powered) = (true, true);
        out.see(Observation::BrokerUp { broker: self.index });
        out.replicas.isolate(self.index, out.prepares_itself(self.index));
        true
    }

    /// Its services begin, with what its disk and its slaves have.
    fn start_services(&mut self, out: &mut Outside<'_>) {
        self.lose_what_slaves_hold(out);
        out.catch_up(self.index);
        self.start_flushing(out);
        self.schedule_dispatch(out);
        self.reschedule_delayed(out);
        self.resume_pop(out);
        let heard = out.environment().first_registration_per_million;
        let (mut registers, late) = (false, out.environment().broker_answers_when_started);
        // What runs from the beginning has run for long.
        if out.replicas.is_isolated(self.index) {
            self.fetched_from = 0;
            self.prepare_online(out);
        } else if out.now() == Instant::ZERO
            || heard == 1_000_000
            || out.environment_stream.chance(heard.into(), 1_000_000)
        {
            registers = true;
        }
        if registers && !late {
            self.register(out);
        }
        let started = self.start_timers(out);
        if late {
            let host = self.host(out);
            out.machines[host.at()].answers_from = out.now() + started;
            if registers {
                let task = BrokerTask::FirstRegistration;
                out.after(started, self.in_this_life(out, BrokerEvent::BrokerTaskDue { task }));
            }
        }
    }

    /// Its timers, which begin to count at the end of its start: that is the answer.
    pub(super) fn start_timers(&mut self, out: &mut Outside<'_>) -> Span {
        let late = if out.now() == Instant::ZERO {
            Span::ZERO
        } else {
            out.environment().broker_timers.draw(&mut out.environment_stream)
        };
        self.order_timers_begin(out, late);
        let settings = self.settings(out);
        let mut timers = vec![
            (BrokerTask::Housekeeping, settings.client_housekeeping_interval),
            (BrokerTask::FlushOffsets, FIRST_FLUSH),
            (BrokerTask::FlushDelayOffsets, FIRST_FLUSH),
            (BrokerTask::CheckHolds, self.hold_tick(out)),
            (BrokerTask::Register, FIRST_REGISTRATION),
        ];
        if settings.gathers_notifications() {
            timers.push((BrokerTask::Notify, FIRST_BUFFERED_NOTIFICATION));
        }
        if out.has_replicas(self.index) {
            timers.push((BrokerTask::SyncSlave, SYNC_TICK));
        }
        if settings.enable_slave_acting_master {
            timers.push((BrokerTask::Heartbeat, HEARTBEAT_PERIOD));
        }
        for (task, delay) in timers {
            out.after(late + delay, self.in_this_life(out, BrokerEvent::BrokerTaskDue { task }));
        }
        late
    }

    fn hold_tick(&self, out: &Outside<'_>) -> Span {
        let settings = self.settings(out);
        if settings.long_polling_enable { settings.pull_hold_tick } else { settings.short_polling_time_mills }
    }

    /// A timer of the broker is due.
    pub(super) fn broker_task_due(&mut self, out: &mut Outside<'_>, task: BrokerTask) {
        let settings = self.settings(out);
        let period = match task {
            BrokerTask::FirstRegistration => return self.register(out),
            BrokerTask::PersistOrderInfo => return self.write_order_infos(out),
            BrokerTask::Housekeeping => settings.client_housekeeping_interval,
            BrokerTask::FlushOffsets => settings.flush_consumer_offset_interval,
            BrokerTask::FlushDelayOffsets => settings.flush_delay_offset_interval,
            BrokerTask::CheckHolds => self.hold_tick(out),
            BrokerTask::Register => settings.registration_period(),
            BrokerTask::Notify => BUFFERED_NOTIFICATION_PERIOD,
            BrokerTask::SyncSlave if settings.rules.slave_sync_timer => OLDER_SYNC_PERIOD,
            BrokerTask::SyncSlave => SYNC_TICK,
            BrokerTask::Heartbeat => HEARTBEAT_PERIOD,
            BrokerTask::LoadBalanceRoutes => settings.pop.load_balance_poll_name_server_interval,
        };
        out.after(period, self.in_this_life(out, BrokerEvent::BrokerTaskDue { task }));
        match task {
            BrokerTask::Housekeeping => self.scan_not_active_channels(out),
            BrokerTask::FlushOffsets => self.flush_offsets(out),
            BrokerTask::FlushDelayOffsets => out.logs[self.index.at()].write_delay_offsets(),
            BrokerTask::CheckHolds => self.check_held_pulls(out),
            BrokerTask::FirstRegistration | BrokerTask::PersistOrderInfo => {
                unreachable!("they have no period, and are done by now")
            }
            BrokerTask::Register => self.register(out),
            BrokerTask::Notify => self.notify_buffered(out),
            BrokerTask::SyncSlave => self.synchronise_slave(out),
            BrokerTask::Heartbeat => self.tell_name_servers(out, &Request::BrokerHeartbeat),
            BrokerTask::LoadBalanceRoutes => self.poll_load_balance_routes(out),
        }
    }

    /// Registers the full topic table with every name server.
    pub(super) fn register(&mut self, out: &mut Outside<'_>) {
        let broker = self.index;
        if out.replicas.is_isolated(broker) {
            return;
        }
        let topics = Rc::new(out.configurations[broker.at()].open_topics());
        let broker_id = out.replicas.id(broker);
        let timeout = self.settings(out).register_broker_timeout_mills;
        for name_server in NameServerIndex::first(out.plan.name_servers.len()) {
            let request = Request::RegisterBroker { broker_id, topics: Rc::clone(&topics) };
            let to = out.name_server_host(name_server);
            out.call(self.host(out), to, request, timeout, Waiter::Registration { broker });
        }
    }

    /// Tells all name servers, and waits for no answer.
    fn tell_name_servers(&mut self, out: &mut Outside<'_>, request: &Request) {
        for name_server in NameServerIndex::first(out.plan.name_servers.len()) {
            out.one_way(self.host(out), out.name_server_host(name_server), request.clone());
        }
    }

    /// The process ends. A clean stop unregisters and writes its offsets first; SIGKILL does not; the loss of the machine
    /// takes the page cache too, and tells nobody.
    fn end(&mut self, out: &mut Outside<'_>, end: BrokerEnd) {
        let (broker, graceful) = (self.index, end == BrokerEnd::Stopped);
        if graceful {
            self.flush_pop_buffer(out);
            if !out.planted(PlantedMistake::StopWithoutFlush) {
                self.write_offsets(out);
            }
            out.logs[broker.at()].write_delay_offsets();
            self.write_order_infos(out);
            self.tell_name_servers(out, &Request::UnregisterBroker);
        }
        let teardown = if end == BrokerEnd::Killed { out.kill_teardown() } else { Span::ZERO };
        out.end_process(self.host(out), end != BrokerEnd::PoweredOff, teardown);
        self.stop_flushing(out);
        out.stop_replication(broker);
        out.see(Observation::BrokerDown { broker, graceful });
        self.forget_memory(out);
        if end == BrokerEnd::PoweredOff {
            self.lose_tail(out);
        }
    }

    /// What is in the memory of a process is gone with it.
    fn forget_memory(&mut self, out: &mut Outside<'_>) {
        let (broker, loss) = (self.index, MemberLoss::BrokerDown);
        for (group, members) in std::mem::take(&mut self.groups) {
            for (connection, client) in members.entries() {
                out.see(Observation::MemberRemoved { broker, group, client, connection, loss });
            }
        }
        self.forget_locks(out);
        out.logs[broker.at()].rewind_delay_offsets();
        self.held.clear();
        self.suspending.clear();
        self.unnotified.clear();
        self.fingerprints.clear();
        self.channel_events = 0;
        self.event_thread_free = Instant::ZERO;
        self.event_thread_busy = Instant::ZERO;
        self.pools = Pools::default();
        self.passes.clear();
        self.remaking = None;
        out.event_loops.forget(broker);
        self.pop.forget();
    }
}

impl Outside<'_> {
    /// The broker's process boots again.
    pub(in crate::model) fn restart_broker(&mut self, broker: BrokerIndex) {
        let boot = self.environment().broker_boot.draw(&mut self.environment_stream);
        let epoch = self.epoch(self.broker_host(broker));
        self.after(boot, BrokerEvent::BrokerBooted.of(broker, epoch));
    }
}

impl World<'_> {
    /// A broker accepts connections. Where a slave stood in for it, its own offsets count again.
    pub(in crate::model) fn broker_booted(&mut self, broker: BrokerIndex, epoch: u32) {
        let booted = &mut self.brokers[broker.at()];
        if !booted.accept_connections(&mut self.out, epoch) {
            return;
        }
        match self.out.stood_in_for(broker) {
            Some(slave) => {
                booted.reload_offsets_unseen();
                if self.out.offsets_count(broker) {
                    self.offsets_count_instead((slave, broker), CommitPath::MasterReturned);
                }
            }
            None => booted.reload_offsets(&mut self.out),
        }
        self.brokers[broker.at()].start_services(&mut self.out);
    }

    /// A broker's process ends, if it runs. A slave stands in for the offsets of a master, and the controller sees the
    /// connection close; of a machine without power it hears nothing more.
    pub(in crate::model) fn end_broker(&mut self, broker: BrokerIndex, end: BrokerEnd) {
        if !self.out.is_up(broker) {
            return;
        }
        self.brokers[broker.at()].end(&mut self.out, end);
        self.master_went_down(broker);
        if end != BrokerEnd::PoweredOff {
            self.out.elect(broker);
            self.slave_went_down(broker);
        }
        self.brokers[broker.at()].forget_own_log(&mut self.out);
    }
}
