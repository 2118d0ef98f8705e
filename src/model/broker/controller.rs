//! Controller mode: who is heard, who may be elected, and a master that learns late that it is none any more.
//!
//! ```text
//!   broker --heartbeat, 1 s--> controller   scan, 5 s: silent for 10 s, and it is the master: elect of the SyncStateSet
//!   the old master, where it lives, goes on until it hears the controller again: what it stored meanwhile is cut off
//! ```
//! The controllers are the name servers' (`enableControllerInNamesrv`): a broker is heard that reaches one which runs. What
//! they agree on among themselves is not part of the model.

use super::Broker;
use super::replication::Replica;
use crate::kernel::{Instant, Span};
use crate::model::event::{BrokerEvent, Event};
use crate::model::observation::{LogLoss, Observation, QueueIndex, SentMessage};
use crate::model::plan::{BrokerIndex, NameServerIndex};
use crate::model::world::World;

/// `brokerHeartbeatInterval`.
const HEARTBEAT: Span = Span::from_secs(1);
/// `scanNotActiveBrokerInterval`, `syncBrokerMetadataPeriod` and `checkSyncStateSetPeriod`, from the second second on.
const SCAN_SECONDS: u64 = 5;
const FIRST_SCAN_SECONDS: u64 = 2;

impl World<'_> {
    /// The controller begins to listen, if there is one.
    pub(in crate::model) fn start_controller(&mut self) {
        if self.out.plan.brokers.iter().any(|broker| broker.settings.enable_controller_mode) {
            self.out.after(HEARTBEAT, Event::ControllerTicked);
        }
    }

    /// Whether a controller can hear a broker.
    fn reaches_controller(&self, broker: BrokerIndex) -> bool {
        let host = self.out.broker_host(broker);
        let hears = |index: NameServerIndex| {
            let controller = self.out.name_server_host(index);
            let passes = self.out.links.passes(host, controller) && self.out.links.passes(controller, host);
            passes && self.out.machines[controller as usize].running
        };
        self.is_up(broker) && (0..self.out.plan.name_servers.len() as NameServerIndex).any(hears)
    }

    /// `DefaultBrokerHeartbeatManager.isBrokerActive`.
    fn is_active(&self, broker: BrokerIndex) -> bool {
        let settings = &self.out.plan.brokers[broker as usize].settings.replication;
        self.out.now().since(self.brokers[broker as usize].heard) <= settings.controller_heart_beat_timeout_mills
    }

    /// Heartbeats arrive; every five seconds silent brokers are looked for (`scanNotActiveBroker`), old masters learn of new
    /// ones (`ReplicasManager.schedulingSyncBrokerMetadata`), and slaves that fell behind leave the SyncStateSet.
    pub(in crate::model) fn controller_ticked(&mut self) {
        self.out.after(HEARTBEAT, Event::ControllerTicked);
        let now = self.out.now();
        let controlled: Vec<BrokerIndex> = (0..self.out.plan.brokers.len() as BrokerIndex)
            .filter(|broker| self.out.plan.brokers[*broker as usize].settings.enable_controller_mode)
            .collect();
        for &broker in controlled.iter().filter(|broker| self.reaches_controller(**broker)).collect::<Vec<_>>() {
            self.brokers[broker as usize].heard = now;
        }
        let seconds = now.since(Instant::ZERO).as_millis() / 1_000;
        if seconds % SCAN_SECONDS != FIRST_SCAN_SECONDS {
            return;
        }
        for broker in controlled {
            let keeper = self.out.replicas.keeper(self.out.replicas.name(broker)) == broker;
            match () {
                () if self.out.replicas.is_deposed(broker) && self.reaches_controller(broker) => self.step_down(broker),
                () if keeper && !self.is_active(broker) => self.elect(broker),
                () if self.out.replicas.is_slave(broker) => self.check_sync_state_set(broker),
                () => {}
            }
        }
    }

    /// The slaves of a master that are in its SyncStateSet. A master that was deposed could not tell the controller that the
    /// new one is out of sync, and still counts on it.
    pub(super) fn sync_state_set(&self, master: BrokerIndex) -> Vec<BrokerIndex> {
        if self.out.replicas.is_deposed(master) {
            return vec![self.out.replicas.keeper(self.out.replicas.name(master))];
        }
        let mut slaves = self.slaves_of(master);
        slaves.retain(|slave| !self.brokers[*slave as usize].replica.out_of_sync);
        slaves
    }

    /// `maybeShrinkSyncStateSet`: a slave to which not all could be sent for too long. What is under way is sent
    /// (`AutoSwitchHAConnection.transferToSlave` with nothing left). One that has it all comes back with the report that
    /// it makes every `haSendHeartbeatInterval`.
    fn check_sync_state_set(&mut self, slave: BrokerIndex) {
        let master = self.out.replicas.keeper(self.out.replicas.name(slave));
        let settings = &self.out.plan.brokers[master as usize].settings.replication;
        let late = self.out.now().since(self.brokers[slave as usize].replica.caught_up);
        let replica = &self.brokers[slave as usize].replica;
        let (sent, has_all) = (self.is_connected(slave, master) && replica.is_connected(), replica.has_all());
        if !sent && late > settings.ha_max_time_slave_not_catchup {
            self.leave_sync_state_set(slave);
        } else if sent {
            self.brokers[slave as usize].replica.caught_up = self.out.now();
            if has_all {
                self.join_sync_state_set(slave);
            }
        }
    }

    /// The master tells the controller that a slave is not in sync any more; one that cannot changes nothing.
    pub(super) fn leave_sync_state_set(&mut self, slave: BrokerIndex) {
        self.change_sync_state_set(slave, true);
    }

    /// `maybeExpandInSyncStateSet`: a slave has all that its master has.
    pub(super) fn join_sync_state_set(&mut self, slave: BrokerIndex) {
        self.change_sync_state_set(slave, false);
    }

    fn change_sync_state_set(&mut self, slave: BrokerIndex, out_of_sync: bool) {
        let master = self.out.replicas.keeper(self.out.replicas.name(slave));
        let controlled = self.out.plan.brokers[slave as usize].settings.enable_controller_mode;
        let replica = &self.brokers[slave as usize].replica;
        if controlled && replica.out_of_sync != out_of_sync && self.reaches_controller(master) {
            self.brokers[slave as usize].replica.out_of_sync = out_of_sync;
            self.acknowledge(master);
            self.schedule_dispatch(master);
        }
    }

    /// The master is gone: the slave of the SyncStateSet with the longest log will be the master (`DefaultElectPolicy`).
    pub(super) fn elect(&mut self, master: BrokerIndex) {
        let name = self.out.replicas.name(master);
        let controlled = self.out.plan.brokers[master as usize].settings.enable_controller_mode;
        if !controlled || self.out.replicas.keeper(name) != master {
            return;
        }
        let candidates = self.sync_state_set(master).into_iter();
        let position = |slave: &BrokerIndex| {
            let replica: &Replica = &self.brokers[*slave as usize].replica;
            (replica.position(), std::cmp::Reverse(*slave))
        };
        let chosen = candidates.filter(|slave| self.reaches_controller(*slave)).max_by_key(position);
        if let Some(slave) = chosen {
            let epoch = self.out.epoch(self.out.broker_host(slave));
            let delay = self.out.environment().controller_election.draw(&mut self.out.environment_stream);
            self.out.after(delay, BrokerEvent::MasterElected.of(slave, epoch));
        }
    }

    /// The controller makes a slave the master, which needs no restart; unless the master is heard again.
    pub(in crate::model) fn master_elected(&mut self, slave: BrokerIndex, epoch: u32) {
        let master = self.out.replicas.keeper(self.out.replicas.name(slave));
        let lives = self.is_up(master);
        let heard = lives && self.is_active(master);
        if self.out.broker_lives(slave, epoch) && self.out.replicas.is_slave(slave) && !heard {
            self.take_over(slave, lives);
            for other in self.slaves_of(slave) {
                self.brokers[other as usize].replica.out_of_sync = true;
            }
            self.catch_up(slave);
            self.schedule_dispatch(slave);
            self.reschedule_delayed(slave);
            self.register(slave);
        }
    }

    /// An old master hears of the new one and becomes its slave: what it stored alone is cut off
    /// (`ReplicasManager.changeToSlave`, `AutoSwitchHAClient` by the epochs of both logs).
    fn step_down(&mut self, broker: BrokerIndex) {
        self.forget_own_log(broker);
        self.catch_up(broker);
        self.register(broker);
    }

    /// The log that a deposed master had for itself is gone.
    pub(super) fn forget_own_log(&mut self, broker: BrokerIndex) {
        if !self.out.replicas.is_deposed(broker) {
            return;
        }
        self.out.replicas.step_down(broker);
        self.out.logs[broker as usize] = super::store::Store::default();
        let state: &mut Broker = &mut self.brokers[broker as usize];
        state.topics.clear();
        state.flush.give_up();
        state.replica.out_of_sync = true;
    }

    /// A master that was deposed has stored a message: it acknowledges it, its own consumers may read it, and it goes when
    /// the broker learns of the new master.
    pub(super) fn stored_apart(
        &mut self,
        broker: BrokerIndex,
        queue: QueueIndex,
        offset: u64,
        sent: Option<SentMessage>,
    ) {
        let keeper = self.out.replicas.keeper(self.out.replicas.name(broker));
        let (loss, why) = (self.out.logs[broker as usize].life(), LogLoss::Deposed);
        let record = self.out.logs[broker as usize].queue_mut(queue).record(queue, offset);
        let record = record.expect("it was appended");
        self.out.logs[keeper as usize].lose_later(loss, queue, offset, record);
        self.out.see(Observation::StoredApart { queue, sent });
        self.out.see(Observation::MessageLost { queue, offset, loss, sent, why });
    }
}
