//! When a producer is answered (`CommitLog.handleDiskFlushAndHA`): at once, or when the disk and so many replicas have its
//! message, or when one of them has not had it in time.
//!
//! ```text
//!   SYNC_FLUSH   the flush that takes it ends          or syncFlushTimeout: FLUSH_DISK_TIMEOUT
//!   SYNC_MASTER  inSyncReplicas > 1 brokers have it    or slaveTimeout: FLUSH_SLAVE_TIMEOUT
//! ```

use std::collections::VecDeque;

use crate::kernel::Timer;
use crate::model::event::BrokerEvent;
use crate::model::network::{CallId, ConnectionId, Response};
use crate::model::observation::StoreDelay;
use crate::model::plan::{BrokerIndex, ReplicationSettings};
use crate::model::world::World;

/// Who must have a message.
#[derive(Debug, Clone, Copy)]
enum Need {
    /// So many brokers, the master among them.
    Replicas(u32),
    /// All of the SyncStateSet (`allAckInSyncStateSet`).
    SyncStateSet,
}

/// An answer that waits.
#[derive(Debug)]
struct Waiting {
    number: u32,
    end: u64,
    connection: ConnectionId,
    call: CallId,
    response: Response,
    disk: Option<Timer>,
    slaves: Option<(Need, Timer)>,
    late: Option<StoreDelay>,
}

/// The answers that wait, in the order of the log.
#[derive(Debug, Default)]
pub(super) struct Acknowledgement {
    next: u32,
    waiting: VecDeque<Waiting>,
}

impl Acknowledgement {
    /// The process ends: nobody is answered any more. Answers the time-outs that will not come.
    fn end(&mut self) -> Vec<Timer> {
        let waiting = std::mem::take(&mut self.waiting);
        waiting.iter().flat_map(|one| one.disk.into_iter().chain(one.slaves.map(|(_, timer)| timer))).collect()
    }
}

/// `CommitLog.calcNeedAckNums`.
fn need_ack_nums(settings: &ReplicationSettings, in_sync: u32) -> u32 {
    if settings.enable_auto_in_sync_replicas {
        settings.in_sync_replicas.min(in_sync).max(settings.min_in_sync_replicas)
    } else {
        settings.in_sync_replicas
    }
}

impl World<'_> {
    /// Whether a broker is a SYNC_MASTER. The controller makes every master one (`ReplicasManager.changeToMaster`).
    fn is_sync_master(&self, broker: BrokerIndex) -> bool {
        let settings = &self.out.plan.brokers[broker as usize].settings;
        settings.sync_master || settings.enable_controller_mode
    }

    /// `inSyncReplicas` of the group in `CommitLog.asyncPutMessage` with `enableSlaveActingMaster`: those that the name
    /// servers know, and no more than are connected.
    fn in_sync_replicas(&self, broker: BrokerIndex) -> u32 {
        let connected = 1 + self.slaves_of(broker).iter().filter(|slave| self.is_connected(**slave, broker)).count();
        self.alive_replicas(self.out.replicas.name(broker)).min(connected as u32)
    }

    /// `IN_SYNC_REPLICAS_NOT_ENOUGH`: a message is not even stored.
    pub(super) fn replicas_are_too_few(&self, broker: BrokerIndex) -> bool {
        let settings = &self.out.plan.brokers[broker as usize].settings;
        match () {
            () if !self.is_sync_master(broker) => false,
            () if settings.enable_controller_mode => {
                self.sync_state_set(broker).len() as u32 + 1 < settings.replication.min_in_sync_replicas
            }
            () if settings.enable_slave_acting_master => {
                let in_sync = self.in_sync_replicas(broker);
                need_ack_nums(&settings.replication, in_sync) > in_sync
            }
            () => false,
        }
    }

    /// Who must have a message; `None`: the master is enough (`CommitLog.handleHA`).
    fn need(&self, broker: BrokerIndex) -> Option<Need> {
        let settings = &self.out.plan.brokers[broker as usize].settings;
        let count = match () {
            () if !self.is_sync_master(broker) => 1,
            () if settings.enable_controller_mode && settings.replication.all_ack_in_sync_state_set => {
                return Some(Need::SyncStateSet);
            }
            () if settings.enable_slave_acting_master && !settings.enable_controller_mode => {
                need_ack_nums(&settings.replication, self.in_sync_replicas(broker))
            }
            () => settings.replication.in_sync_replicas,
        };
        (count > 1).then_some(Need::Replicas(count))
    }

    /// Whether enough replicas have the log up to `end` (`GroupTransferService.doWaitTransfer`).
    fn is_transferred(&self, broker: BrokerIndex, end: u64, need: Need) -> bool {
        let has = |slave: &&BrokerIndex| self.brokers[**slave as usize].replica.position() >= end;
        match need {
            Need::Replicas(count) => {
                let slaves = self.slaves_of(broker);
                1 + slaves.iter().filter(|slave| self.is_up(**slave)).filter(has).count() as u32 >= count
            }
            Need::SyncStateSet => self.sync_state_set(broker).iter().all(|slave| has(&slave)),
        }
    }

    /// Answers a producer: at once, or when its message is where it is to be.
    pub(super) fn respond_stored(
        &mut self,
        broker: BrokerIndex,
        connection: ConnectionId,
        call: Option<CallId>,
        response: Response,
    ) {
        let Some(call) = call.filter(|_| matches!(response, Response::QueueOffset(_))) else {
            return self.out.respond(connection, call, response);
        };
        let end = self.brokers[broker as usize].flush.end;
        let need = self.need(broker).filter(|need| !self.is_transferred(broker, end, *need));
        let sync_flush = self.is_sync_flush(broker);
        if need.is_none() && !sync_flush {
            return self.out.respond(connection, Some(call), response);
        }
        let (epoch, settings) =
            (self.out.epoch(self.out.broker_host(broker)), &self.out.plan.brokers[broker as usize].settings);
        let number = self.brokers[broker as usize].acknowledgement.next;
        let late = |delay| BrokerEvent::StoreTimedOut { number, delay }.of(broker, epoch);
        let disk =
            sync_flush.then(|| self.out.after(settings.replication.sync_flush_timeout, late(StoreDelay::FlushDisk)));
        let slaves =
            need.map(|need| (need, self.out.after(settings.replication.slave_timeout, late(StoreDelay::FlushSlave))));
        let acknowledgement = &mut self.brokers[broker as usize].acknowledgement;
        acknowledgement.next += 1;
        let waiting = Waiting { number, end, connection, call, response, disk, slaves, late: None };
        acknowledgement.waiting.push_back(waiting);
    }

    /// The disk or a slave has more of the log: whoever waits for nothing else is answered.
    pub(super) fn acknowledge(&mut self, broker: BrokerIndex) {
        let flushed = self.brokers[broker as usize].flush.flushed();
        let mut left = VecDeque::new();
        for mut one in std::mem::take(&mut self.brokers[broker as usize].acknowledgement.waiting) {
            if let Some(timer) = one.disk.take_if(|_| one.end <= flushed) {
                self.out.agenda.cancel(timer);
            }
            if let Some((_, timer)) = one.slaves.take_if(|(need, _)| self.is_transferred(broker, one.end, *need)) {
                self.out.agenda.cancel(timer);
            }
            left.extend(self.answer_if_done(one));
        }
        self.brokers[broker as usize].acknowledgement.waiting = left;
    }

    /// The disk or the slaves have not had a message in time.
    pub(in crate::model) fn store_timed_out(&mut self, broker: BrokerIndex, number: u32, delay: StoreDelay) {
        let waiting = &mut self.brokers[broker as usize].acknowledgement.waiting;
        let Some(at) = waiting.iter().position(|one| one.number == number) else { return };
        let mut one = waiting.remove(at).expect("it is there");
        match delay {
            StoreDelay::FlushDisk => one.disk = None,
            StoreDelay::FlushSlave => one.slaves = None,
        }
        // Of two the later says what the slaves have not.
        one.late = one.late.max(Some(delay));
        if let Some(one) = self.answer_if_done(one) {
            self.brokers[broker as usize].acknowledgement.waiting.insert(at, one);
        }
    }

    fn answer_if_done(&mut self, one: Waiting) -> Option<Waiting> {
        if one.disk.is_some() || one.slaves.is_some() {
            return Some(one);
        }
        let response = one.late.map_or(one.response, Response::NotStoredInTime);
        self.out.respond(one.connection, Some(one.call), response);
        None
    }

    /// The process ends.
    pub(super) fn stop_acknowledging(&mut self, broker: BrokerIndex) {
        for timer in self.brokers[broker as usize].acknowledgement.end() {
            self.out.agenda.cancel(timer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acks_needed_sink_with_the_replicas_only_where_that_is_allowed() {
        for (auto, wanted, least, in_sync, expected) in
            [(false, 2, 1, 1, 2), (true, 2, 1, 1, 1), (true, 3, 2, 1, 2), (true, 2, 1, 3, 2), (false, 1, 1, 3, 1)]
        {
            let settings = ReplicationSettings {
                enable_auto_in_sync_replicas: auto,
                in_sync_replicas: wanted,
                min_in_sync_replicas: least,
                ..ReplicationSettings::default()
            };
            assert_eq!(need_ack_nums(&settings, in_sync), expected, "{auto} {wanted} {least} {in_sync}");
        }
    }
}
