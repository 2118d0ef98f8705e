//! What a slave has of its master (`SlaveSynchronize.syncAll`, `DefaultHAService`): the log as far as it came over, and
//! the offsets as they were when it last fetched them.
//!
//! ```text
//!   master appends --replication_lag--> LogReplicated: the slave's end of each queue
//!   every 60 to 63 s (controller mode: 12 s) the slave fetches all offsets, and overwrites its own;
//!   an answer brings them as they were when the master gave it
//! ```
//! The log itself is kept by the master; a slave knows how much of it is its own ([`super::replication`]).

use super::replication::{Brought, Lacking};
use crate::kernel::Span;
use crate::model::event::BrokerEvent;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{CommitPath, Detail, Observation, QueueIndex};
use crate::model::plan::{Action, BrokerIndex, PlantedMistake};
use crate::model::world::World;

/// A slave looks so often whether it is time to fetch offsets, and finds that it is after so long.
pub(super) const SYNC_TICK: Span = Span::from_secs(3);
const SYNC_AFTER: Span = Span::from_secs(60);
const CONTROLLER_SYNC_AFTER: Span = Span::from_secs(10);
/// How long the slave waits for the offsets.
const SYNC_TIMEOUT: Span = Span::from_secs(3);
/// A slave that lost its master tries again so often (`HAClient`).
const RECONNECT: Span = Span::from_secs(5);

impl World<'_> {
    /// The end of a queue as a broker can read it.
    pub(super) fn end_at(&self, broker: BrokerIndex, queue: QueueIndex) -> u64 {
        let keeper = self.log_of(broker);
        let readable = self.out.logs[keeper as usize].readable(queue);
        match keeper == broker {
            true => readable,
            false => self.brokers[broker as usize].replica.end(queue).min(readable),
        }
    }

    /// Whose log a broker serves: its own as a master, and as a master that does not know that it is none any more.
    pub(super) fn log_of(&self, broker: BrokerIndex) -> BrokerIndex {
        if self.out.replicas.is_slave(broker) {
            self.out.replicas.keeper(self.out.replicas.name(broker))
        } else {
            broker
        }
    }

    /// Whether two brokers run and can hear each other.
    pub(super) fn is_connected(&self, one: BrokerIndex, other: BrokerIndex) -> bool {
        let (a, b) = (self.out.broker_host(one), self.out.broker_host(other));
        self.is_up(one) && self.is_up(other) && self.out.links.passes(a, b) && self.out.links.passes(b, a)
    }

    /// Whether a broker's process runs.
    pub(super) fn is_up(&self, broker: BrokerIndex) -> bool {
        self.out.machines[self.out.broker_host(broker) as usize].running
    }

    /// The broker whose offsets groups begin from: the master, or while it is away the first slave that runs.
    fn offsets_count_at(&self, name: BrokerIndex) -> BrokerIndex {
        let keeper = self.out.replicas.keeper(name);
        let runs = |broker: &BrokerIndex| self.is_up(*broker);
        let slaves = self.out.replicas.brokers(name).iter().copied().filter(|broker| *broker != keeper);
        if self.is_up(keeper) && !self.brokers[keeper as usize].isolated {
            keeper
        } else {
            slaves.into_iter().find(runs).unwrap_or(keeper)
        }
    }

    /// Whether groups begin from this broker's offsets now.
    pub(super) fn offsets_count(&self, broker: BrokerIndex) -> bool {
        let name = self.out.replicas.name(broker);
        self.out.replicas.brokers(name).len() == 1 || self.offsets_count_at(name) == broker
    }

    /// Another broker's offsets count from now on.
    pub(super) fn offsets_count_instead(&mut self, (old, new): (BrokerIndex, BrokerIndex), path: CommitPath) {
        for (group, queue, previous, kept) in self.offsets_that_differ(old, new) {
            let offset = kept.unwrap_or(0);
            self.out.see(Observation::Committed { group, queue, offset, previous, by: None, path });
        }
    }

    /// The master went down: a slave that runs stands in for its offsets.
    pub(super) fn master_went_down(&mut self, broker: BrokerIndex) {
        let name = self.out.replicas.name(broker);
        let stands_in = self.offsets_count_at(name);
        if self.out.replicas.keeper(name) == broker && stands_in != broker {
            self.offsets_count_instead((broker, stands_in), CommitPath::SlaveCopy);
        }
    }

    /// Who has stood in for a master that comes up now.
    pub(super) fn stood_in_for(&self, broker: BrokerIndex) -> Option<BrokerIndex> {
        let name = self.out.replicas.name(broker);
        let slaves = self.out.replicas.brokers(name).iter().copied();
        let mut slaves = slaves.filter(|other| *other != broker && self.is_up(*other));
        if self.out.replicas.keeper(name) == broker { slaves.next() } else { None }
    }

    /// A message was appended: it goes to the slaves.
    pub(super) fn replicate(&mut self, broker: BrokerIndex, message: Lacking) {
        if !self.has_slaves(broker) {
            return;
        }
        for slave in self.slaves_of(broker) {
            if self.may_be_promoted(slave) {
                self.brokers[slave as usize].replica.lack(message);
            }
            self.begin_transfer(slave, Brought::Queue(message.queue, message.offset + 1));
        }
    }

    /// A delayed message was appended, the `count`th.
    pub(super) fn replicate_delayed(&mut self, broker: BrokerIndex, count: u32) {
        if self.has_slaves(broker) {
            for slave in self.slaves_of(broker) {
                self.begin_transfer(slave, Brought::Delayed(count));
            }
        }
    }

    /// Whether a broker is the master of slaves. One that was deposed has none.
    fn has_slaves(&self, broker: BrokerIndex) -> bool {
        let name = self.out.replicas.name(broker);
        self.out.replicas.brokers(name).len() > 1 && self.out.replicas.keeper(name) == broker
    }

    /// Whether a slave can become the master in this story: what it lacks then is kept in mind.
    fn may_be_promoted(&self, slave: BrokerIndex) -> bool {
        self.out.plan.brokers[slave as usize].settings.enable_controller_mode
            || self.out.plan.timeline.iter().any(|step| step.action == Action::Promote(slave))
    }

    pub(super) fn slaves_of(&self, master: BrokerIndex) -> Vec<BrokerIndex> {
        let brokers = self.out.replicas.brokers(self.out.replicas.name(master)).iter().copied();
        brokers.filter(|broker| self.out.replicas.is_slave(*broker)).collect()
    }

    /// The end of the master's log as it is now sets out for a slave.
    fn begin_transfer(&mut self, slave: BrokerIndex, brought: Brought) {
        let (now, streams, lag) = (self.out.now(), self.out.streams, &self.out.environment().replication_lag);
        let position = self.brokers[self.out.replicas.keeper(self.out.replicas.name(slave)) as usize].flush.end;
        let replica = &mut self.brokers[slave as usize].replica;
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
        let replica = &self.brokers[slave as usize].replica;
        if let (None, Some(at)) = (replica.timer, replica.next_arrival()) {
            let epoch = self.out.epoch(self.out.broker_host(slave));
            let timer = self.out.agenda.schedule(at, BrokerEvent::LogReplicated.of(slave, epoch));
            self.brokers[slave as usize].replica.timer = Some(timer);
        }
    }

    /// What the master had when the foremost transfer began is the slave's, if they can hear each other.
    pub(in crate::model) fn log_replicated(&mut self, slave: BrokerIndex) {
        let (now, master) = (self.out.now(), self.out.replicas.keeper(self.out.replicas.name(slave)));
        self.brokers[slave as usize].replica.timer = None;
        if !self.brokers[slave as usize].replica.is_connected() {
            return self.connect_to_master(slave);
        }
        if !self.is_connected(slave, master) {
            return self.connect_later(slave);
        }
        let replica = &mut self.brokers[slave as usize].replica;
        let grown = replica.arrive(now);
        replica.caught_up = now;
        let has_all = replica.has_all();
        self.await_transfer(slave);
        for queue in grown {
            self.message_arriving(slave, queue);
        }
        if has_all {
            self.join_sync_state_set(slave);
        }
        self.acknowledge(master);
        self.schedule_dispatch(master);
    }

    /// A slave or its master has come up: the slave fetches what it lacks.
    pub(super) fn catch_up(&mut self, broker: BrokerIndex) {
        let name = self.out.replicas.name(broker);
        if self.out.replicas.brokers(name).len() == 1 {
            return;
        }
        let now = self.out.now();
        self.brokers[broker as usize].replica.synchronised = now;
        let keeper = self.out.replicas.keeper(name);
        for slave in self.slaves_of(keeper) {
            if slave == broker || keeper == broker {
                self.connect_to_master(slave);
            }
        }
    }

    /// `HAClient.connectMaster`: the slave says where its log ends, and the first transfer carries what follows.
    fn connect_to_master(&mut self, slave: BrokerIndex) {
        self.end_transfers(slave);
        let name = self.out.replicas.name(slave);
        let master = self.out.replicas.keeper(name);
        let [old, new] =
            self.brokers.get_disjoint_mut([master as usize, slave as usize]).expect("a slave has a master");
        // The log of a machine that lost its power ends earlier, and so does its slave's.
        new.replica.truncate(old.flush.end, |queue| self.out.logs[master as usize].appended(queue));
        if !self.is_up(slave) || !self.is_up(master) {
            return;
        }
        if !self.is_connected(slave, master) {
            return self.connect_later(slave);
        }
        self.brokers[slave as usize].replica.connect();
        let mut lacked = vec![Brought::Nothing, Brought::Delayed(self.brokers[master as usize].delayed.len() as u32)];
        for queue in 0..self.out.names.queue_count() as QueueIndex {
            let end = self.out.logs[master as usize].appended(queue);
            if self.out.names.queue(queue).broker == name && end > self.brokers[slave as usize].replica.end(queue) {
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
        let epoch = self.out.epoch(self.out.broker_host(slave));
        let timer = self.out.after(RECONNECT, BrokerEvent::LogReplicated.of(slave, epoch));
        self.brokers[slave as usize].replica.timer = Some(timer);
    }

    fn end_transfers(&mut self, slave: BrokerIndex) {
        if let Some(timer) = self.brokers[slave as usize].replica.disconnect() {
            self.out.agenda.cancel(timer);
        }
    }

    /// A broker goes down, or is the master no more: what is under way to it or from it does not arrive.
    pub(super) fn stop_replication(&mut self, broker: BrokerIndex) {
        let name = self.out.replicas.name(broker);
        let keeper = self.out.replicas.keeper(name);
        for other in self.out.replicas.brokers(name).to_vec() {
            if other == broker || keeper == broker {
                self.end_transfers(other);
            }
        }
    }

    /// The master has dispatched what its slaves may have had before: one dispatch counts for all.
    pub(super) fn dispatched_at_slaves(&mut self, broker: BrokerIndex, queue: QueueIndex) {
        if self.has_slaves(broker) {
            for slave in self.slaves_of(broker) {
                self.message_arriving(slave, queue);
            }
        }
    }

    /// A slave is gone: its connection leaves the SyncStateSet with it (`AutoSwitchHAService.removeConnection`).
    pub(super) fn slave_went_down(&mut self, broker: BrokerIndex) {
        let master = self.out.replicas.keeper(self.out.replicas.name(broker));
        if master != broker {
            self.leave_sync_state_set(broker);
        }
    }

    /// `SlaveSynchronize.syncAll`, when it is time.
    pub(super) fn synchronise_slave(&mut self, broker: BrokerIndex) {
        let now = self.out.now();
        let controller = self.out.plan.brokers[broker as usize].settings.enable_controller_mode;
        let after = if controller { CONTROLLER_SYNC_AFTER } else { SYNC_AFTER };
        if !self.out.replicas.is_slave(broker) {
            return;
        }
        self.out.see_detail(Detail::SlaveLooks { broker });
        if now.since(self.brokers[broker as usize].replica.synchronised) <= after
            || self.out.planted(PlantedMistake::SlaveNeverAsks)
        {
            return;
        }
        self.out.see_detail(Detail::SlaveAsks { broker });
        self.brokers[broker as usize].replica.synchronised = now;
        let (host, master) = (self.out.broker_host(broker), self.out.replicas.keeper(self.out.replicas.name(broker)));
        let epoch = self.out.epoch(host);
        let to = self.out.broker_host(master);
        self.out.call(host, to, Request::GetAllOffsets, SYNC_TIMEOUT, Waiter::SlaveSync { broker, epoch });
    }

    /// `syncConsumerOffset`: the master's offsets overwrite the slave's, older ones too. `syncDelayOffset` fetches how far its
    /// delayed messages are: here with the same answer, as the master knew both when it gave it.
    pub(in crate::model) fn slave_synchronised(&mut self, broker: BrokerIndex, answer: Result<Response, CallError>) {
        let Ok(Response::AllOffsets(offsets, version, delivered)) = answer else { return };
        self.brokers[broker as usize].replica.delivered = delivered;
        let mut rewound = 0;
        let skipped = self.out.planted(PlantedMistake::SlaveOverwriteSkipped);
        let own = &mut self.brokers[broker as usize].offsets;
        for &(group, queue, offset) in offsets.iter().filter(|_| !skipped) {
            let before = own.put(group, queue, offset);
            rewound = rewound.max(before.unwrap_or(0).saturating_sub(offset));
        }
        own.version = version;
        let differs = |(group, queue, offset): &&(_, _, u64)| own.get(*group, *queue) != Some(*offset);
        let behind = offsets.iter().filter(differs).count() as u64;
        self.out.see(Observation::SlaveSynchronised { broker, rewound, behind });
    }
}
