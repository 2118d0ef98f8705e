//! A slave becomes the master, by an operator's hand or the controller's (`ReplicasManager.changeToMaster`): it has the log
//! as far as that came over.

use super::hold::HeldPull;
use super::lost_tail::LostTail;
use crate::model::observation::{CommitPath, LogLoss, Observation, QueueIndex};
use crate::model::plan::BrokerIndex;
use crate::model::world::World;

impl World<'_> {
    /// The operator makes a slave the master: both stop, swap their ids, and start. What had not come over is lost.
    pub(in crate::model) fn promote(&mut self, slave: BrokerIndex) {
        if !self.replicas.is_slave(slave) {
            return;
        }
        let master = self.replicas.keeper(self.replicas.name(slave));
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
        let name = self.replicas.name(slave);
        let master = self.replicas.swap(slave, lives);
        let old = &mut self.brokers[master as usize];
        let delayed = std::mem::take(&mut old.delayed);
        let (mut store, topics) = if lives {
            (old.store.clone(), old.topics.clone())
        } else {
            // From now on the disk that counts is the new master's.
            old.flush.give_up();
            (std::mem::take(&mut old.store), std::mem::take(&mut old.topics))
        };
        let (loss, why) = (store.life(), LogLoss::SlaveBehind);
        let (mut tail, mut seen) = (LostTail::default(), Vec::new());
        for queue in 0..self.names.queue_count() as QueueIndex {
            let (end, appended) = (self.brokers[slave as usize].replica.end(queue), store.appended(queue));
            if self.names.queue(queue).broker == name && (end < appended || lives && appended > 0) {
                let (from, records) = store.queue_mut(queue).lose(queue, appended.saturating_sub(end));
                tail.put(queue, from, records);
                seen.push(Observation::TailLost { queue, from, loss, why });
            }
        }
        for (queue, offset, sent) in std::mem::take(&mut self.brokers[slave as usize].replica.messages) {
            // What went with the old master's machine before is lost already.
            if tail.record(queue, offset).is_some() {
                seen.push(Observation::MessageLost { queue, offset, loss, sent, why });
            }
        }
        store.lose(tail);
        let new = &mut self.brokers[slave as usize];
        (new.store, new.topics, new.delayed) = (store, topics, delayed);
        new.flush.give_up();
        self.hand_over_groups(master, slave);
        for other in self.replicas.brokers(name).to_vec() {
            self.brokers[other as usize].replica.position = 0;
        }
        for observation in seen {
            self.see(observation);
        }
        if lives {
            self.offsets_count_instead((master, slave), CommitPath::SlaveCopy);
            let held: Vec<HeldPull> = self.brokers[master as usize].held.values().flatten().copied().collect();
            for pull in held {
                self.see_if_deposed(master, &pull);
            }
        }
    }
}
