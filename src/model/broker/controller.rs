//! Controller mode: who is heard, who may be elected, and a master that learns late that it is none any more.
//!
//! ```text
//!   broker --heartbeat, 1 s--> controller   scan, 5 s: silent for 10 s, and it is the master: elect of the SyncStateSet
//!   the old master, where it lives, goes on until it hears the controller again: what it stored meanwhile is cut off
//! ```
//! The controllers are the name servers' (`enableControllerInNamesrv`): a broker is heard that reaches one which runs. What
//! they agree on among themselves is not part of the model.

use super::Broker;
use crate::kernel::{Instant, Span};
use crate::model::disk::Store;
use crate::model::event::{BrokerEvent, Event};
use crate::model::observation::{LogLoss, Observation, QueueIndex, SentMessage};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, NameServerIndex};
use crate::model::world::World;

/// `brokerHeartbeatInterval`.
const HEARTBEAT: Span = Span::from_secs(1);
/// `scanNotActiveBrokerInterval`, `syncBrokerMetadataPeriod` and `checkSyncStateSetPeriod`, from the second second on.
const SCAN_SECONDS: u64 = 5;
const FIRST_SCAN_SECONDS: u64 = 2;

impl Broker {
    /// An old master hears of the new one and becomes its slave: what it stored alone is cut off
    /// (`ReplicasManager.changeToSlave`, `AutoSwitchHAClient` by the epochs of both logs).
    fn step_down(&mut self, out: &mut Outside<'_>) {
        self.forget_own_log(out);
        out.catch_up(self.index);
        self.register(out);
    }

    /// The log is this broker's now; nobody is in sync with it yet.
    fn begin_as_master(&mut self, out: &mut Outside<'_>) {
        for &other in out.replicas.brokers(out.replicas.name(self.index)) {
            if out.replicas.is_slave(other) {
                out.controller.out_of_sync[other.at()] = true;
            }
        }
        out.catch_up(self.index);
        self.schedule_dispatch(out);
        self.reschedule_delayed(out);
        self.resume_pop(out);
        self.register(out);
    }

    /// The log that a deposed master had for itself is gone.
    pub(super) fn forget_own_log(&mut self, out: &mut Outside<'_>) {
        let broker = self.index;
        if !out.replicas.is_deposed(broker) {
            return;
        }
        out.replicas.step_down(broker);
        out.logs[broker.at()] = Store::default();
        out.configurations[broker.at()].take_topics();
        out.controller.out_of_sync[broker.at()] = true;
        self.flush.give_up();
    }

    /// A master that was deposed has stored a message: it acknowledges it, its own consumers may read it, and it goes when
    /// the broker learns of the new master.
    pub(super) fn stored_apart(
        &mut self,
        out: &mut Outside<'_>,
        queue: QueueIndex,
        offset: u64,
        sent: Option<SentMessage>,
    ) {
        let broker = self.index;
        let keeper = out.keeper_of(broker);
        let (loss, why) = (out.logs[broker.at()].life(), LogLoss::Deposed);
        let record = out.logs[broker.at()].queue_mut(queue).record(queue, offset);
        let record = record.expect("it was appended");
        out.logs[keeper.at()].lose_later(loss, queue, offset, record);
        out.see(Observation::StoredApart { queue, sent });
        out.see(Observation::MessageLost { queue, offset, loss, sent, why });
    }
}

impl Outside<'_> {
    /// The controller begins to listen, if there is one.
    pub(in crate::model) fn start_controller(&mut self) {
        if self.plan.brokers.iter().any(|broker| broker.settings.enable_controller_mode) {
            self.after(HEARTBEAT, Event::ControllerTicked);
        }
    }

    /// Whether a controller can hear a broker.
    fn reaches_controller(&self, broker: BrokerIndex) -> bool {
        let host = self.broker_host(broker);
        let hears = |index: NameServerIndex| {
            let controller = self.name_server_host(index);
            let passes = self.links.passes(host, controller) && self.links.passes(controller, host);
            passes && self.machines[controller.at()].running
        };
        self.is_up(broker) && NameServerIndex::first(self.plan.name_servers.len()).any(hears)
    }

    /// `DefaultBrokerHeartbeatManager.isBrokerActive`.
    fn is_active(&self, broker: BrokerIndex) -> bool {
        let settings = &self.plan.brokers[broker.at()].settings.replication;
        self.now().since(self.controller.heard[broker.at()]) <= settings.controller_heart_beat_timeout_mills
    }

    /// The slaves of a master that are in its SyncStateSet. A master that was deposed could not tell the controller that the
    /// new one is out of sync, and still counts on it.
    pub(super) fn sync_state_set(&self, master: BrokerIndex) -> impl Iterator<Item = BrokerIndex> {
        let deposed = self.replicas.is_deposed(master).then(|| self.keeper_of(master));
        let in_sync = |slave: BrokerIndex| self.replicas.is_slave(slave) && !self.controller.out_of_sync[slave.at()];
        let brokers = self.replicas.brokers(self.replicas.name(master)).iter().copied();
        brokers.filter(move |broker| deposed.map_or_else(|| in_sync(*broker), |new| *broker == new))
    }

    /// `maybeShrinkSyncStateSet`: a slave to which not all could be sent for too long. What is under way is sent
    /// (`AutoSwitchHAConnection.transferToSlave` with nothing left). One that has it all comes back with the report that
    /// it makes every `haSendHeartbeatInterval`. Answers whether the SyncStateSet is another one now.
    fn check_sync_state_set(&mut self, slave: BrokerIndex) -> bool {
        let master = self.keeper_of(slave);
        let settings = &self.plan.brokers[master.at()].settings.replication;
        let late = self.now().since(self.copies[slave.at()].caught_up);
        let replica = &self.copies[slave.at()];
        let (sent, has_all) = (self.is_connected(slave, master) && replica.is_connected(), replica.has_all());
        if !sent && late > settings.ha_max_time_slave_not_catchup {
            return self.leave_sync_state_set(slave);
        }
        if sent {
            self.copies[slave.at()].caught_up = self.now();
        }
        sent && has_all && self.join_sync_state_set(slave)
    }

    /// The master tells the controller that a slave is not in sync any more; one that cannot changes nothing.
    pub(super) fn leave_sync_state_set(&mut self, slave: BrokerIndex) -> bool {
        self.change_sync_state_set(slave, true)
    }

    /// `maybeExpandInSyncStateSet`: a slave has all that its master has.
    pub(super) fn join_sync_state_set(&mut self, slave: BrokerIndex) -> bool {
        self.change_sync_state_set(slave, false)
    }

    /// Answers whether it is another one now: its master hears of that.
    fn change_sync_state_set(&mut self, slave: BrokerIndex, out_of_sync: bool) -> bool {
        let controlled = self.plan.brokers[slave.at()].settings.enable_controller_mode;
        let differs = self.controller.out_of_sync[slave.at()] != out_of_sync;
        let changes = controlled && differs && self.reaches_controller(self.keeper_of(slave));
        if changes {
            self.controller.out_of_sync[slave.at()] = out_of_sync;
        }
        changes
    }

    /// The master is gone: the slave of the SyncStateSet with the longest log will be the master (`DefaultElectPolicy`).
    pub(super) fn elect(&mut self, master: BrokerIndex) {
        let name = self.replicas.name(master);
        let controlled = self.plan.brokers[master.at()].settings.enable_controller_mode;
        if !controlled || self.replicas.keeper(name) != master {
            return;
        }
        let candidates = self.sync_state_set(master);
        let position = |slave: &BrokerIndex| (self.copies[slave.at()].position(), std::cmp::Reverse(*slave));
        let chosen = candidates.filter(|slave| self.reaches_controller(*slave)).max_by_key(position);
        if let Some(slave) = chosen {
            let epoch = self.epoch(self.broker_host(slave));
            let delay = self.environment().controller_election.draw(&mut self.environment_stream);
            self.after(delay, BrokerEvent::MasterElected.of(slave, epoch));
        }
    }
}

impl World<'_> {
    /// Heartbeats arrive; every five seconds silent brokers are looked for (`scanNotActiveBroker`), old masters learn of new
    /// ones (`ReplicasManager.schedulingSyncBrokerMetadata`), and slaves that fell behind leave the SyncStateSet.
    pub(in crate::model) fn controller_ticked(&mut self) {
        self.out.after(HEARTBEAT, Event::ControllerTicked);
        let now = self.out.now();
        let controlled: Vec<BrokerIndex> = BrokerIndex::first(self.out.plan.brokers.len())
            .filter(|broker| self.out.plan.brokers[broker.at()].settings.enable_controller_mode)
            .collect();
        for &broker in &controlled {
            if self.out.reaches_controller(broker) {
                self.out.controller.heard[broker.at()] = now;
            }
        }
        let seconds = now.since(Instant::ZERO).as_millis() / 1_000;
        if seconds % SCAN_SECONDS != FIRST_SCAN_SECONDS {
            return;
        }
        for broker in controlled {
            let keeper = self.out.keeper_of(broker);
            match () {
                () if self.out.replicas.is_deposed(broker) && self.out.reaches_controller(broker) => {
                    self.brokers[broker.at()].step_down(&mut self.out);
                }
                () if keeper == broker && !self.out.is_active(broker) => self.out.elect(broker),
                () if self.out.replicas.is_slave(broker) && self.out.check_sync_state_set(broker) => {
                    self.brokers[keeper.at()].replicas_changed(&mut self.out);
                }
                () => {}
            }
        }
    }

    /// The controller makes a slave the master, which needs no restart; unless the master is heard again.
    pub(in crate::model) fn master_elected(&mut self, slave: BrokerIndex, epoch: u32) {
        let master = self.out.keeper_of(slave);
        let lives = self.out.is_up(master);
        let heard = lives && self.out.is_active(master);
        if self.out.broker_lives(slave, epoch) && self.out.replicas.is_slave(slave) && !heard {
            self.take_over(slave, lives);
            self.brokers[slave.at()].begin_as_master(&mut self.out);
        }
    }
}
