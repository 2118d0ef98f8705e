//! The topics of a broker (`TopicConfigManager`), and what an operator does to them: queue counts, permissions, deletion.

use super::lost_tail::LostTail;
use crate::model::names::QueuePlace;
use crate::model::network::{Pulled, Response};
use crate::model::observation::{CommitPath, LogLoss, Observation, QueueIndex};
use crate::model::plan::{BrokerIndex, Permission, TopicIndex};
use crate::model::world::World;

/// `TopicConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TopicConfig {
    read: u32,
    write: u32,
    permission: Permission,
}

impl TopicConfig {
    /// How many queues can be read and written: none without the permission.
    pub fn open(self) -> (u32, u32) {
        let Permission { read, write } = self.permission;
        (if read { self.read } else { 0 }, if write { self.write } else { 0 })
    }
}

impl World<'_> {
    /// Makes the queues that the plan gives to a broker.
    pub(in crate::model) fn create_planned_queues(&mut self, broker: BrokerIndex) {
        let plan = self.plan;
        for (topic, planned) in (0..).zip(&plan.topics) {
            for on in planned.queues.iter().filter(|on| on.broker == broker) {
                self.set_topic(broker, topic, on.read_queue_nums, on.write_queue_nums);
            }
        }
    }

    /// Sets the queue counts of a topic and makes the queues that are new.
    pub(super) fn set_topic(&mut self, broker: BrokerIndex, topic: TopicIndex, read: u32, write: u32) {
        let known = self.brokers[broker as usize].topics.get(&topic);
        let permission = known.map_or(Permission::default(), |config| config.permission);
        self.configure_topic(broker, topic, TopicConfig { read, write, permission });
        for queue_id in 0..read.max(write) {
            let place = QueuePlace { topic, broker: self.replicas.name(broker), queue_id };
            let queue = self.names.intern_queue(place);
            if self.brokers[broker as usize].store.create(queue) {
                self.see(Observation::QueueCreated { queue });
            }
        }
    }

    fn configure_topic(&mut self, broker: BrokerIndex, topic: TopicIndex, config: TopicConfig) {
        let before = self.brokers[broker as usize].topics.insert(topic, config);
        if before.map(TopicConfig::open) != Some(config.open()) {
            let ((read, write), broker) = (config.open(), self.replicas.name(broker));
            self.see(Observation::QueuesOpened { broker, topic, read, write });
        }
    }

    /// What a broker tells name servers of its topics.
    pub(super) fn topic_table(&self, broker: BrokerIndex) -> Vec<(TopicIndex, u32, u32)> {
        let topics = self.brokers[broker as usize].topics.iter();
        let opened = topics.map(|(&topic, config)| (topic, config.open()));
        opened.map(|(topic, (read, write))| (topic, read, write)).collect()
    }

    /// The operator changes queue counts; the broker tells all name servers at once (`registerIncrementBrokerData`).
    pub(in crate::model) fn change_queues(
        &mut self,
        broker: BrokerIndex,
        topic: TopicIndex,
        (read, write): (Option<u32>, Option<u32>),
    ) {
        let broker = self.replicas.keeper(broker);
        let known = self.brokers[broker as usize].topics.get(&topic);
        let (old_read, old_write) = known.map_or((0, 0), |config| (config.read, config.write));
        self.set_topic(broker, topic, read.unwrap_or(old_read), write.unwrap_or(old_write));
        self.register_if_up(broker);
    }

    /// `updateTopicPerm`: the broker tells all name servers at once, and refuses what is not allowed any more.
    pub(in crate::model) fn change_permission(
        &mut self,
        broker: BrokerIndex,
        topic: TopicIndex,
        permission: Permission,
    ) {
        let broker = self.replicas.keeper(broker);
        if let Some(&config) = self.brokers[broker as usize].topics.get(&topic) {
            self.configure_topic(broker, topic, TopicConfig { permission, ..config });
            self.register_if_up(broker);
        }
    }

    fn register_if_up(&mut self, broker: BrokerIndex) {
        if self.machines[self.broker_host(broker) as usize].running {
            self.register(broker);
        }
    }

    /// `deleteTopic` at a broker (`AdminBrokerProcessor.deleteTopicInBroker`): the topic, its offsets of all groups, its
    /// messages. Members that own its queues know nothing of it.
    pub(in crate::model) fn delete_topic(&mut self, name: BrokerIndex, topic: TopicIndex) {
        let broker = self.replicas.keeper(name);
        let runs = self.machines[self.broker_host(broker) as usize].running;
        if !runs || self.brokers[broker as usize].topics.remove(&topic).is_none() {
            return;
        }
        self.see(Observation::QueuesOpened { broker: name, topic, read: 0, write: 0 });
        let (loss, why) = (self.brokers[broker as usize].store.life(), LogLoss::TopicDeleted);
        let mut deleted = LostTail::default();
        for queue in self.queues_of(name, topic) {
            for (group, previous) in self.brokers[broker as usize].offsets.remove(queue) {
                let (previous, path) = (Some(previous), CommitPath::TopicDeleted);
                self.see(Observation::Committed { group, queue, offset: 0, previous, by: None, path });
            }
            let store = &mut self.brokers[broker as usize].store;
            let min = store.appended(queue);
            deleted.put(queue, 0, store.delete(queue));
            self.forget_queue(name, queue);
            if min > 0 {
                self.see(Observation::HeadDeleted { queue, min, with_topic: true });
                self.see(Observation::TailLost { queue, from: 0, loss, why });
            }
            // `PullRequestHoldService` runs them again sooner or later, and finds no topic.
            for pull in self.brokers[broker as usize].held.remove(&queue).into_iter().flatten() {
                self.respond(pull.connection, pull.call, Response::Pulled(Pulled::Refused));
            }
        }
        self.brokers[broker as usize].store.losses.push(deleted);
        self.register(broker);
    }

    /// What is kept in mind of a queue besides its messages goes with them, at the master and its slaves.
    fn forget_queue(&mut self, name: BrokerIndex, queue: QueueIndex) {
        for broker in self.replicas.brokers(name).to_vec() {
            let state = &mut self.brokers[broker as usize];
            state.flush.forget(queue);
            state.replica.forget(queue);
        }
    }

    fn queues_of(&self, name: BrokerIndex, topic: TopicIndex) -> Vec<QueueIndex> {
        let all = 0..self.names.queue_count() as QueueIndex;
        all.filter(|queue| (self.names.queue(*queue).broker, self.names.queue(*queue).topic) == (name, topic)).collect()
    }

    /// Whether a commit is for a topic that is there (`ConsumerManageProcessor.updateConsumerOffset`: `TOPIC_NOT_EXIST`).
    pub(super) fn has_topic_of(&self, queue: QueueIndex) -> bool {
        let place = self.names.queue(queue);
        let planned = usize::from(place.topic) < self.plan.topics.len();
        let keeper = self.replicas.keeper(place.broker);
        !planned || self.brokers[keeper as usize].topics.contains_key(&place.topic)
    }
}
