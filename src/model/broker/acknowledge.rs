//! When a producer is answered (`CommitLog.handleDiskFlushAndHA`): at once, or when the disk and so many replicas have its
//! message, or when one of them has not had it in time.
//!
//! ```text
//!   SYNC_FLUSH   the flush that takes it ends          or syncFlushTimeout: FLUSH_DISK_TIMEOUT
//!   SYNC_MASTER  inSyncReplicas > 1 brokers have it    or slaveTimeout: FLUSH_SLAVE_TIMEOUT
//! ```

use super::Broker;
use std::collections::VecDeque;

use crate::kernel::Timer;
use crate::model::event::BrokerEvent;
use crate::model::ids::ConnectionId;
use crate::model::network::{CallId, Response};
use crate::model::observation::StoreDelay;
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, ReplicationSettings};

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

impl Broker {
    /// Answers a producer: at once, or when its message is where it is to be.
    pub(super) fn respond_stored(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: Option<CallId>,
        response: Response,
    ) {
        let broker = self.index;
        let Some(call) = call.filter(|_| matches!(response, Response::QueueOffset(_))) else {
            return out.respond(connection, call, response);
        };
        let end = out.logs[broker.at()].end;
        let need = self.need(out).filter(|need| !out.is_transferred(broker, end, *need));
        let sync_flush = self.is_sync_flush(out);
        if need.is_none() && !sync_flush {
            return out.respond(connection, Some(call), response);
        }
        let (number, settings) = (self.acknowledgement.next, &self.settings(out).replication);
        let late = |delay| self.in_this_life(out, BrokerEvent::StoreTimedOut { number, delay });
        let (no_disk, no_slaves) = (late(StoreDelay::FlushDisk), late(StoreDelay::FlushSlave));
        let disk = sync_flush.then(|| out.after(settings.sync_flush_timeout, no_disk));
        let slaves = need.map(|need| (need, out.after(settings.slave_timeout, no_slaves)));
        self.acknowledgement.next += 1;
        let waiting = Waiting { number, end, connection, call, response, disk, slaves, late: None };
        self.acknowledgement.waiting.push_back(waiting);
    }

    /// The disk or a slave has more of the log: whoever waits for nothing else is answered.
    pub(super) fn acknowledge(&mut self, out: &mut Outside<'_>) {
        let broker = self.index;
        let flushed = self.flush.flushed();
        let mut left = VecDeque::new();
        for mut one in std::mem::take(&mut self.acknowledgement.waiting) {
            if let Some(timer) = one.disk.take_if(|_| one.end <= flushed) {
                out.agenda.cancel(timer);
            }
            if let Some((_, timer)) = one.slaves.take_if(|(need, _)| out.is_transferred(broker, one.end, *need)) {
                out.agenda.cancel(timer);
            }
            left.extend(answer_if_done(out, one));
        }
        self.acknowledgement.waiting = left;
    }

    /// The disk or the slaves have not had a message in time.
    pub(super) fn store_timed_out(&mut self, out: &mut Outside<'_>, number: u32, delay: StoreDelay) {
        let waiting = &mut self.acknowledgement.waiting;
        let Some(at) = waiting.iter().position(|one| one.number == number) else { return };
        let mut one = waiting.remove(at).expect("it is there");
        match delay {
            StoreDelay::FlushDisk => one.disk = None,
            StoreDelay::FlushSlave => one.slaves = None,
        }
        // Of two the later says what the slaves have not.
        one.late = one.late.max(Some(delay));
        if let Some(one) = answer_if_done(out, one) {
            self.acknowledgement.waiting.insert(at, one);
        }
    }

    /// The process ends.
    pub(super) fn stop_acknowledging(&mut self, out: &mut Outside<'_>) {
        for timer in self.acknowledgement.end() {
            out.agenda.cancel(timer);
        }
    }

    /// Whether a broker is a SYNC_MASTER. The controller makes every master one (`ReplicasManager.changeToMaster`).
    fn is_sync_master(&self, out: &Outside<'_>) -> bool {
        let settings = self.settings(out);
        settings.sync_master || settings.enable_controller_mode
    }

    /// `inSyncReplicas` of the group in `CommitLog.asyncPutMessage` with `enableSlaveActingMaster`: those that the name
    /// servers know, and no more than are connected.
    fn in_sync_replicas(&self, out: &Outside<'_>) -> u32 {
        let connected = 1 + out.slaves_of(self.index).filter(|slave| out.is_connected(*slave, self.index)).count();
        out.alive_replicas(out.replicas.name(self.index)).min(connected as u32)
    }

    /// `IN_SYNC_REPLICAS_NOT_ENOUGH`: a message is not even stored.
    pub(super) fn replicas_are_too_few(&self, out: &Outside<'_>) -> bool {
        let settings = self.settings(out);
        match () {
            () if !self.is_sync_master(out) => false,
            () if settings.enable_controller_mode => {
                (out.sync_state_set(self.index).count() as u32) + 1 < settings.replication.min_in_sync_replicas
            }
            () if settings.enable_slave_acting_master => {
                let in_sync = self.in_sync_replicas(out);
                need_ack_nums(&settings.replication, in_sync) > in_sync
            }
            () => false,
        }
    }

    /// Who must have a message; `None`: the master is enough (`CommitLog.handleHA`).
    fn need(&self, out: &Outside<'_>) -> Option<Need> {
        let settings = self.settings(out);
        let count = match () {
            () if !self.is_sync_master(out) => 1,
            () if settings.enable_controller_mode && settings.replication.all_ack_in_sync_state_set => {
                return Some(Need::SyncStateSet);
            }
            () if settings.enable_slave_acting_master && !settings.enable_controller_mode => {
                need_ack_nums(&settings.replication, self.in_sync_replicas(out))
            }
            () => settings.replication.in_sync_replicas,
        };
        (count > 1).then_some(Need::Replicas(count))
    }
}

/// Answers a producer, unless it still waits.
fn answer_if_done(out: &mut Outside<'_>, one: Waiting) -> Option<Waiting> {
    if one.disk.is_some() || one.slaves.is_some() {
        return Some(one);
    }
    let response = one.late.map_or(one.response, Response::NotStoredInTime);
    out.respond(one.connection, Some(one.call), response);
    None
}

impl Outside<'_> {
    /// Whether enough replicas have the log up to `end` (`GroupTransferService.doWaitTransfer`).
    fn is_transferred(&self, master: BrokerIndex, end: u64, need: Need) -> bool {
        let has = |slave: &BrokerIndex| self.copies[slave.at()].position() >= end;
        match need {
            Need::Replicas(count) => {
                let slaves = self.slaves_of(master).filter(|slave| self.is_up(*slave));
                1 + slaves.filter(has).count() as u32 >= count
            }
            Need::SyncStateSet => self.sync_state_set(master).all(|slave| has(&slave)),
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
