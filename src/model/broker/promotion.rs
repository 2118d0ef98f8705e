//! A slave becomes the master, by an operator's hand or the controller's (`ReplicasManager.changeToMaster`): it has the log
//! as far as that came over.

use super::{Broker, BrokerEnd};
use crate::model::disk::{Lacking, LostTail};
use crate::model::observation::{CommitPath, LogLoss, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;
use crate::model::world::World;

impl Broker {
    /// Another disk counts from now on than the one that did.
    fn give_up_disk(&mut self) {
        self.flush.give_up();
    }

    /// Its consumers read from a master that is none any more, and wait at it for what never comes.
    fn was_deposed(&self, out: &mut Outside<'_>) {
        for pull in self.held.all() {
            self.see_if_deposed(out, pull);
        }
    }
}

impl Outside<'_> {
    /// The log of a name goes from its old master to a slave, as far as it came over. Answers what is lost.
    fn hand_over_log(&mut self, (old, new): (BrokerIndex, BrokerIndex), lives: bool) -> Vec<Observation> {
        let name = self.replicas.name(new);
        let mut delayed = std::mem::take(&mut self.logs[old.at()].delayed);
        let revive = std::mem::take(&mut self.logs[old.at()].revive);
        let mut store = match lives {
            true => self.logs[old.at()].clone(),
            false => std::mem::take(&mut self.logs[old.at()]),
        };
        let (loss, why) = (store.life(), LogLoss::SlaveBehind);
        let (mut tail, mut seen) = (LostTail::default(), Vec::new());
        let copy = &mut self.copies[new.at()];
        for queue in QueueIndex::first(self.names.queue_count()) {
            let (end, appended) = (copy.end(queue), store.appended(queue));
            if self.names.queue(queue).broker == name && (end < appended || lives && appended > 0) {
                let (from, records) = store.queue_mut(queue).lose(queue, appended.saturating_sub(end));
                tail.put(queue, from, records);
                seen.push(Observation::TailLost { queue, from, loss, why });
            }
        }
        let noted = std::mem::take(&mut copy.delivered);
        for (index, message) in delayed.iter_mut().enumerate() {
            message.go_by(noted.get(index).copied().unwrap_or(false));
        }
        for Lacking { queue, offset, sent, delayed: origin } in copy.take_lacking() {
            // What went with the old master's machine before is lost already.
            if tail.record(queue, offset).is_none() {
                continue;
            }
            match origin {
                // The schedule service delivers it once more.
                Some(index) => delayed[index as usize].take_back(),
                None => seen.push(Observation::MessageLost { queue, offset, loss, sent, why }),
            }
        }
        for message in delayed.iter_mut().skip(copy.delayed() as usize).filter(|message| !message.is_lost()) {
            let (group, origin) = message.lose();
            seen.push(Observation::RetryLost { broker: name, group, origin, why });
        }
        store.lose(tail);
        (store.delayed, store.end, store.revive) = (delayed, 0, revive);
        self.logs[new.at()] = store;
        let [before, after] = self.configurations.get_disjoint_mut([old.at(), new.at()]).expect("a slave has a master");
        after.take_over(before, lives);
        self.follow(new, old);
        seen
    }

    /// The other brokers of a name have the new master's log as far as they had the old one's. The old master had all of
    /// it, unless its machine has lost its power: how much its disk has is not known by queues, and all comes over anew.
    fn follow(&mut self, master: BrokerIndex, old: BrokerIndex) {
        let powered = self.machines[self.broker_host(old).at()].powered;
        let new = &self.logs[master.at()];
        let (count, delayed) = (self.names.queue_count(), new.delayed.len() as u32);
        let ends: Vec<u64> = QueueIndex::first(count).map(|queue| new.appended(queue)).collect();
        for &other in self.replicas.brokers(self.replicas.name(master)) {
            let replica = &mut self.copies[other.at()];
            match (other == old, powered) {
                (true, true) => replica.put(ends.clone(), delayed),
                (true, false) => replica.put(Vec::new(), 0),
                (false, _) => {}
            }
            replica.truncate(0, |queue| ends[queue.at()]);
        }
    }
}

impl World<'_> {
    /// The operator makes a slave the master: both stop, swap their ids, and start. What had not come over is lost.
    pub(in crate::model) fn promote(&mut self, slave: BrokerIndex) {
        if !self.out.replicas.is_slave(slave) {
            return;
        }
        let master = self.out.keeper_of(slave);
        let was_up = self.out.is_up(master);
        self.end_broker(master, BrokerEnd::Stopped);
        self.end_broker(slave, BrokerEnd::Stopped);
        self.take_over(slave, false);
        self.out.restart_broker(slave);
        if was_up {
            self.out.restart_broker(master);
        }
    }

    /// The slave has the log as far as it came over; the rest is lost. Where the old master `lives`, it does not know yet,
    /// and goes on with a log of its own.
    pub(super) fn take_over(&mut self, slave: BrokerIndex, lives: bool) {
        self.out.stop_replication(self.out.keeper_of(slave));
        let master = self.out.replicas.swap(slave, lives);
        if !lives {
            self.brokers[master.at()].give_up_disk();
        }
        let lost = self.out.hand_over_log((master, slave), lives);
        let [old, new] = self.brokers.get_disjoint_mut([master.at(), slave.at()]).expect("a slave has a master");
        new.offsets.go_on_reviving(&old.offsets);
        old.leave_records_behind(&mut self.out, new);
        self.brokers[slave.at()].give_up_disk();
        for observation in lost {
            self.out.see(observation);
        }
        if lives {
            self.offsets_count_instead((master, slave), CommitPath::SlaveCopy);
            self.brokers[master.at()].was_deposed(&mut self.out);
        }
    }
}
