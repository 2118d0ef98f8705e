//! What a slave has of its master (`SlaveSynchronize.syncAll`, `DefaultHAService`): the log as far as it came over, and
//! the offsets as they were when it last fetched them.
//!
//! ```text
//!   master appends --replication_lag--> LogReplicated: the slave's end of each queue
//!   every 60 to 63 s (controller mode: 12 s) the slave fetches all offsets, and overwrites its own;
//!   an answer brings them as they were when the master gave it
//! ```
//! The log itself is kept by the master; a slave knows how much of it is its own ([`super::replication`]).

use super::Broker;
use super::offsets::Differing;
use crate::kernel::Span;
use crate::model::disk::{Brought, GroupOffset, Lacking};
use crate::model::event::BrokerEvent;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::notice::Notice;
use crate::model::observation::{CommitPath, Detail, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, GroupIndex, PlantedMistake};
use crate::model::replicas::Addresses;
use crate::model::world::World;

/// A slave looks so often whether it is time to fetch offsets, and finds that it is after so long.
pub(super) const SYNC_TICK: Span = Span::from_secs(3);
/// Before 5.0.0 it fetches so often, after 3 s at first.
pub(super) const OLDER_SYNC_PERIOD: Span = Span::from_secs(10);
const SYNC_AFTER: Span = Span::from_secs(60);
const CONTROLLER_SYNC_AFTER: Span = Span::from_secs(10);
/// How long the slave waits for the offsets.
const SYNC_TIMEOUT: Span = Span::from_secs(3);
/// A slave that lost its master tries again so often (`HAClient`).
const RECONNECT: Span = Span::from_secs(5);

impl Broker {
    /// What the master had when the foremost transfer began is the slave's, if they can hear each other.
    pub(super) fn log_replicated(&mut self, out: &mut Outside<'_>) {
        let (slave, now) = (self.index, out.now());
        let master = out.keeper_of(slave);
        out.copies[slave.at()].timer = None;
        if !out.copies[slave.at()].is_connected() {
            return out.connect_to_master(slave);
        }
        if !out.is_connected(slave, master) {
            return out.connect_later(slave);
        }
        let replica = &mut out.copies[slave.at()];
        let grown = replica.arrive(now);
        replica.caught_up = now;
        let has_all = replica.has_all();
        out.await_transfer(slave);
        for queue in grown {
            self.message_arriving(out, queue);
        }
        if has_all {
            out.join_sync_state_set(slave);
        }
        out.tell(Notice::ReplicasChanged { master });
    }

    /// `DefaultHAClient.reportSlaveMaxOffset`, or the SyncStateSet is another one: what the slaves have may be enough for
    /// producers that wait, and for consumers.
    pub(in crate::model) fn replicas_changed(&mut self, out: &mut Outside<'_>) {
        self.acknowledge(out);
        self.schedule_dispatch(out);
    }

    /// `SlaveSynchronize.syncAll`, when it is time.
    pub(super) fn synchronise_slave(&mut self, out: &mut Outside<'_>) {
        let (broker, now) = (self.index, out.now());
        let controller = self.settings(out).enable_controller_mode;
        let own_timer = self.settings(out).rules.slave_sync_timer;
        let after = if controller { CONTROLLER_SYNC_AFTER } else { SYNC_AFTER };
        if !out.replicas.is_slave(broker) {
            return;
        }
        out.see_detail(Detail::SlaveLooks { broker });
        let early = !own_timer && now.since(out.copies[broker.at()].synchronised) <= after;
        if early || out.planted(PlantedMistake::SlaveNeverAsks) {
            return;
        }
        out.see_detail(Detail::SlaveAsks { broker });
        out.copies[broker.at()].synchronised = now;
        let (host, to) = (self.host(out), out.broker_host(out.keeper_of(broker)));
        let epoch = out.epoch(host);
        out.call(host, to, Request::GetAllOffsets, SYNC_TIMEOUT, Waiter::SlaveSync { broker, epoch });
    }

    /// `syncConsumerOffset`: the master's offsets overwrite the slave's, older ones too. `syncDelayOffset` fetches how far its
    /// delayed messages are: here with the same answer, as the master knew both when it gave it.
    pub(in crate::model) fn slave_synchronised(&mut self, out: &mut Outside<'_>, answer: Result<Response, CallError>) {
        let broker = self.index;
        let Ok(Response::AllOffsets(offsets, version, delivered)) = answer else { return };
        out.copies[broker.at()].delivered = delivered;
        let mut rewound = 0;
        let skipped = out.planted(PlantedMistake::SlaveOverwriteSkipped);
        let own = &mut self.offsets;
        for &GroupOffset { group, queue, offset } in offsets.iter().filter(|_| !skipped) {
            let before = own.put(group, queue, offset);
            rewound = rewound.max(before.unwrap_or(0).saturating_sub(offset));
        }
        own.version = version;
        let differs = |row: &&GroupOffset| own.get(row.group, row.queue) != Some(row.offset);
        let behind = offsets.iter().filter(differs).count() as u64;
        out.see(Observation::SlaveSynchronised { broker, rewound, behind });
        self.remake_topics(out);
    }
}

impl Outside<'_> {
    /// The end of a queue as a broker can read it.
    pub(super) fn end_at(&self, broker: BrokerIndex, queue: QueueIndex) -> u64 {
        self.readable(broker, queue).1
    }

    /// Whose log a broker serves, and the end of a queue as it can read it.
    pub(super) fn readable(&self, broker: BrokerIndex, queue: QueueIndex) -> (BrokerIndex, u64) {
        let keeper = self.log_of(broker);
        let readable = self.logs[keeper.at()].readable(queue);
        match keeper == broker {
            true => (keeper, readable),
            false => (keeper, self.copies[broker.at()].end(queue).min(readable)),
        }
    }

    /// Whose log a broker serves: its own as a master, and as a master that does not know that it is none any more.
    pub(super) fn log_of(&self, broker: BrokerIndex) -> BrokerIndex {
        if self.replicas.is_slave(broker) { self.keeper_of(broker) } else { broker }
    }

    /// Whether two brokers run and can hear each other.
    pub(super) fn is_connected(&self, one: BrokerIndex, other: BrokerIndex) -> bool {
        let (a, b) = (self.broker_host(one), self.broker_host(other));
        self.is_up(one) && self.is_up(other) && self.links.passes(a, b) && self.links.passes(b, a)
    }

    /// Whether a broker's process runs.
    pub(super) fn is_up(&self, broker: BrokerIndex) -> bool {
        self.machines[self.broker_host(broker).at()].running
    }

    /// The broker whose offsets groups begin from: the master, or while it is away the first slave that runs.
    fn offsets_count_at(&self, name: BrokerIndex) -> BrokerIndex {
        let keeper = self.replicas.keeper(name);
        let runs = |broker: &BrokerIndex| self.is_up(*broker);
        let slaves = self.replicas.brokers(name).iter().copied().filter(|broker| *broker != keeper);
        if self.is_up(keeper) && !self.replicas.is_isolated(keeper) {
            keeper
        } else {
            slaves.into_iter().find(runs).unwrap_or(keeper)
        }
    }

    /// Whether groups begin from this broker's offsets now.
    pub(super) fn offsets_count(&self, broker: BrokerIndex) -> bool {
        !self.has_replicas(broker) || self.offsets_count_at(self.replicas.name(broker)) == broker
    }

    /// Whether the members of a group begin from this broker's offsets now.
    pub(super) fn offsets_count_for(&self, broker: BrokerIndex, group: GroupIndex) -> bool {
        self.offsets_count(broker) && self.brokers_remember(group)
    }

    /// Who has stood in for a master that comes up now.
    pub(super) fn stood_in_for(&self, broker: BrokerIndex) -> Option<BrokerIndex> {
        let name = self.replicas.name(broker);
        let slaves = self.replicas.brokers(name).iter().copied();
        let mut slaves = slaves.filter(|other| *other != broker && self.is_up(*other));
        if self.replicas.keeper(name) == broker { slaves.next() } else { None }
    }

    /// A message was appended: it goes to the slaves.
    pub(super) fn replicate(&mut self, broker: BrokerIndex, message: Lacking) {
        for slave in self.slaves_to_send_to(broker) {
            self.copies[slave.at()].lack(message);
            self.begin_transfer(slave, Brought::Queue(message.queue, message.offset + 1));
        }
    }

    /// A delayed message was appended, the `count`th.
    pub(super) fn replicate_delayed(&mut self, broker: BrokerIndex, count: u32) {
        for slave in self.slaves_to_send_to(broker) {
            self.begin_transfer(slave, Brought::Delayed(count));
        }
    }

    /// Whether there is more than one broker of a name.
    pub(super) fn has_replicas(&self, broker: BrokerIndex) -> bool {
        self.replicas.brokers(self.replicas.name(broker)).len() > 1
    }

    /// The slaves that follow a master. One that was deposed has none.
    pub(super) fn slaves_to_send_to(&self, master: BrokerIndex) -> impl Iterator<Item = BrokerIndex> + use<> {
        let mut slaves = [None; Addresses::MOST];
        if self.has_replicas(master) && self.keeper_of(master) == master {
            for (place, slave) in slaves.iter_mut().zip(self.slaves_of(master)) {
                *place = Some(slave);
            }
        }
        slaves.into_iter().flatten()
    }

    /// The slaves of a broker's name.
    pub(super) fn slaves_of(&self, master: BrokerIndex) -> impl Iterator<Item = BrokerIndex> {
        let brokers = self.replicas.brokers(self.replicas.name(master)).iter().copied();
        brokers.filter(|broker| self.replicas.is_slave(*broker))
    }

    /// The end of the master's log as it is now sets out for a slave.
    fn begin_transfer(&mut self, slave: BrokerIndex, brought: Brought) {
        let (now, streams, lag) = (self.now(), self.streams, &self.environment().replication_lag);
        let position = self.logs[self.keeper_of(slave).at()].end;
        let replica = &mut self.copies[slave.at()];
        if !replica.is_connected() {
            return;
        }
        let mut stream = replica.stream.take().unwrap_or_else(|| streams.stream("replication", slave.into()));
        replica.begin(now, (position, brought), || lag.draw(&mut stream));
        replica.stream = Some(stream);
        self.await_transfer(slave);
    }

    /// Has an event for the foremost transfer.
    fn await_transfer(&mut self, slave: BrokerIndex) {
        let replica = &self.copies[slave.at()];
        if let (None, Some(at)) = (replica.timer, replica.next_arrival()) {
            let epoch = self.epoch(self.broker_host(slave));
            let timer = self.agenda.schedule(at, BrokerEvent::LogReplicated.of(slave, epoch));
            self.copies[slave.at()].timer = Some(timer);
        }
    }

    /// A slave or its master has come up: the slave fetches what it lacks.
    pub(super) fn catch_up(&mut self, broker: BrokerIndex) {
        if !self.has_replicas(broker) {
            return;
        }
        let now = self.now();
        self.copies[broker.at()].synchronised = now;
        let keeper = self.keeper_of(broker);
        for slave in self.slaves_of(keeper).collect::<Vec<_>>() {
            if slave == broker || keeper == broker {
                self.connect_to_master(slave);
            }
        }
    }

    /// `HAClient.connectMaster`: the slave says where its log ends, and the first transfer carries what follows.
    fn connect_to_master(&mut self, slave: BrokerIndex) {
        self.end_transfers(slave);
        let name = self.replicas.name(slave);
        let master = self.replicas.keeper(name);
        // The log of a machine that lost its power ends earlier, and so does its slave's.
        let log = &self.logs[master.at()];
        self.copies[slave.at()].truncate(log.end, |queue| log.appended(queue));
        if !self.is_up(slave) || !self.is_up(master) {
            return;
        }
        if !self.is_connected(slave, master) {
            return self.connect_later(slave);
        }
        self.copies[slave.at()].connect();
        let mut lacked = vec![Brought::Nothing, Brought::Delayed(self.logs[master.at()].delayed.len() as u32)];
        for queue in QueueIndex::first(self.names.queue_count()) {
            let end = self.logs[master.at()].appended(queue);
            if self.names.queue(queue).broker == name && end > self.copies[slave.at()].end(queue) {
                lacked.push(Brought::Queue(queue, end));
            }
        }
        for brought in lacked {
            self.begin_transfer(slave, brought);
        }
    }

    /// The slave tries in vain, and again later.
    fn connect_later(&mut self, slave: BrokerIndex) {
        self.end_transfers(slave);
        let epoch = self.epoch(self.broker_host(slave));
        let timer = self.after(RECONNECT, BrokerEvent::LogReplicated.of(slave, epoch));
        self.copies[slave.at()].timer = Some(timer);
    }

    fn end_transfers(&mut self, slave: BrokerIndex) {
        if let Some(timer) = self.copies[slave.at()].disconnect() {
            self.agenda.cancel(timer);
        }
    }

    /// A broker goes down, or is the master no more: what is under way to it or from it does not arrive.
    pub(super) fn stop_replication(&mut self, broker: BrokerIndex) {
        let name = self.replicas.name(broker);
        let keeper = self.replicas.keeper(name);
        for other in self.replicas.brokers(name).to_vec() {
            if other == broker || keeper == broker {
                self.end_transfers(other);
            }
        }
    }
}

impl World<'_> {
    /// Another broker's offsets count from now on.
    pub(in crate::model) fn offsets_count_instead(&mut self, (old, new): (BrokerIndex, BrokerIndex), path: CommitPath) {
        let differing = self.brokers[old.at()].offsets.differing(&self.brokers[new.at()].offsets);
        for Differing { group, queue, here: previous, there } in differing {
            let offset = there.unwrap_or(0);
            if self.out.brokers_remember(group) {
                let audience = self.out.names.audience_of_group(group);
                self.out.see(Observation::Committed { audience, queue, offset, previous, by: None, path });
            }
        }
    }

    /// The master went down: a slave that runs stands in for its offsets.
    pub(super) fn master_went_down(&mut self, broker: BrokerIndex) {
        let name = self.out.replicas.name(broker);
        let stands_in = self.out.offsets_count_at(name);
        if self.out.replicas.keeper(name) == broker && stands_in != broker {
            self.offsets_count_instead((broker, stands_in), CommitPath::SlaveCopy);
        }
    }

    /// A slave is gone: its connection leaves the SyncStateSet with it (`AutoSwitchHAService.removeConnection`).
    pub(super) fn slave_went_down(&mut self, broker: BrokerIndex) {
        let master = self.out.keeper_of(broker);
        if master != broker && self.out.leave_sync_state_set(broker) {
            self.brokers[master.at()].replicas_changed(&mut self.out);
        }
    }
}
