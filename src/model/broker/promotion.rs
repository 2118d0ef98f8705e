//! A slave becomes the master, by an operator's hand or the controller's (`ReplicasManager.changeToMaster`): it has the log
//! as far as that came over.

use super::hold::HeldPull;
use super::lost_tail::LostTail;
use super::replication::Lacking;
use crate::model::observation::{CommitPath, LogLoss, Observation, QueueIndex};
use crate::model::plan::BrokerIndex;
use crate::model::world::World;

impl World<'_> {
    /// The operator makes a slave the master: both stop, swap their ids, and start. What had not come over is lost.
    pub(in crate::model) fn promote(&mut self, slave: BrokerIndex) {
        if !self.out.replicas.is_slave(slave) {
            return;
        }
        let master = self.out.replicas.keeper(self.out.replicas.name(slave));
        let was_up = self.is_up(master);
        self.end_broker(master, super::BrokerEnd::Stopped);
        self.end_broker(slave, super::BrokerEnd::Stopped);
        self.take_over(slave, false);
        self.restart_broker(slave);
        if was_up {
            self.restart_broker(master);
        }
    }

    /// The slave has the log as far as it came over; the rest is lost. Where the old master `lives`, it does not know yet,
    /// and goes on with a log of its own.
    pub(super) fn take_over(&mut self, slave: BrokerIndex, lives: bool) {
        let name = self.out.replicas.name(slave);
        self.stop_replication(self.out.replicas.keeper(name));
        let master = self.out.replicas.swap(slave, lives);
        let came_over = self.brokers[slave as usize].replica.delayed();
        let old = &mut self.brokers[master as usize];
        let mut delayed = std::mem::take(&mut old.delayed);
        let (mut store, topics) = if lives {
            (self.out.logs[master as usize].clone(), old.topics.clone())
        } else {
            // From now on the disk that counts is the new master's.
            old.flush.give_up();
            (std::mem::take(&mut self.out.logs[master as usize]), std::mem::take(&mut old.topics))
        };
        let (loss, why) = (store.life(), LogLoss::SlaveBehind);
        let (mut tail, mut seen) = (LostTail::default(), Vec::new());
        for queue in 0..self.out.names.queue_count() as QueueIndex {
            let (end, appended) = (self.brokers[slave as usize].replica.end(queue), store.appended(queue));
            if self.out.names.queue(queue).broker == name && (end < appended || lives && appended > 0) {
                let (from, records) = store.queue_mut(queue).lose(queue, appended.saturating_sub(end));
                tail.put(queue, from, records);
                seen.push(Observation::TailLost { queue, from, loss, why });
            }
        }
        let noted = std::mem::take(&mut self.brokers[slave as usize].replica.delivered);
        for (index, message) in delayed.iter_mut().enumerate() {
            message.go_by(noted.get(index).copied().unwrap_or(false));
        }
        for Lacking { queue, offset, sent, delayed: origin } in self.brokers[slave as usize].replica.take_lacking() {
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
        for message in delayed.iter_mut().skip(came_over as usize).filter(|message| !message.is_lost()) {
            let (group, origin) = message.lose();
            seen.push(Observation::RetryLost { group, origin });
        }
        store.lose(tail);
        let new = &mut self.brokers[slave as usize];
        (new.topics, new.delayed) = (topics, delayed);
        self.out.logs[slave as usize] = store;
        new.flush.give_up();
        self.hand_over_groups(master, slave);
        self.follow(slave, master);
        for observation in seen {
            self.out.see(observation);
        }
        if lives {
            self.offsets_count_instead((master, slave), CommitPath::SlaveCopy);
            let held: Vec<HeldPull> = self.brokers[master as usize].held.values().flatten().copied().collect();
            for pull in held {
                self.see_if_deposed(master, &pull);
            }
        }
    }

    /// The other brokers of a name have the new master's log as far as they had the old one's. The old master had all of
    /// it, unless its machine has lost its power: how much its disk has is not known by queues, and all comes over anew.
    fn follow(&mut self, master: BrokerIndex, old: BrokerIndex) {
        let powered = self.out.machines[self.out.broker_host(old) as usize].powered;
        let new = &self.brokers[master as usize];
        let (count, delayed) = (self.out.names.queue_count() as QueueIndex, new.delayed.len() as u32);
        let ends: Vec<u64> = (0..count).map(|queue| self.out.logs[master as usize].appended(queue)).collect();
        for other in self.out.replicas.brokers(self.out.replicas.name(master)).to_vec() {
            let replica = &mut self.brokers[other as usize].replica;
            match (other == old, powered) {
                (true, true) => replica.put(ends.clone(), delayed),
                (true, false) => replica.put(Vec::new(), 0),
                (false, _) => {}
            }
            replica.truncate(0, |queue| ends[queue as usize]);
        }
    }
}
