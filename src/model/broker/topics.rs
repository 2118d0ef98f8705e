//! The topics of a broker (`TopicConfigManager`), and what an operator does to them: queue counts, permissions, deletion.

use super::lost_tail::LostTail;
use crate::model::names::QueuePlace;
use crate::model::network::{Pulled, Response};
use crate::model::observation::{CommitPath, LogLoss, Observation, PullTrouble, QueueIndex};
use crate::model::plan::{BrokerIndex, GroupIndex, Permission, TopicIndex};
use crate::model::world::World;

/// The producer's `defaultTopicQueueNums`, 4, which is less than the broker's 8.
pub(in crate::model) const AUTO_CREATED_QUEUES: u32 = 4;

/// `TopicConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TopicConfig {
    read: u32,
    write: u32,
    permission: Permission,
}

impl TopicConfig {
    /// How many queues name servers are told can be read and written: none without the permission of the topic and of
    /// the broker (`BrokerController.registerBrokerAll`).
    fn open(self, broker: Permission) -> (u32, u32) {
        let Permission { read, write } = self.permission;
        (if read && broker.read { self.read } else { 0 }, if write && broker.write { self.write } else { 0 })
    }

    /// `PermName.isReadable`.
    pub fn is_readable(self) -> bool {
        self.permission.read
    }

    /// `readQueueNums`, whatever is permitted.
    pub fn read_queue_nums(self) -> u32 {
        self.read
    }

    /// `writeQueueNums`, whatever is permitted.
    pub fn write_queue_nums(self) -> u32 {
        self.write
    }

    /// Whether a message may be sent to this queue: neither the permission nor the two counts for themselves are looked
    /// at, so that producers with an old route are served (`AbstractSendMessageProcessor.msgCheck`).
    pub fn takes(self, queue_id: u32) -> bool {
        queue_id < self.read.max(self.write)
    }
}

impl World<'_> {
    /// Makes the queues that the plan gives to a broker.
    pub(in crate::model) fn create_planned_queues(&mut self, broker: BrokerIndex) {
        let plan = self.out.plan;
        self.brokers[broker as usize].permission = plan.brokers[broker as usize].settings.broker_permission;
        for (topic, planned) in (0..).zip(&plan.topics).filter(|(_, planned)| planned.exists) {
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
            let place = QueuePlace { topic, broker: self.out.replicas.name(broker), queue_id };
            let queue = self.out.names.intern_queue(place);
            self.make_queue(broker, queue);
        }
    }

    /// Makes a consume queue where there is none.
    pub(super) fn make_queue(&mut self, broker: BrokerIndex, queue: QueueIndex) {
        if self.out.logs[broker as usize].create(queue) {
            self.out.see(Observation::QueueCreated { queue });
        }
    }

    fn configure_topic(&mut self, broker: BrokerIndex, topic: TopicIndex, config: TopicConfig) {
        let before = self.brokers[broker as usize].topics.insert(topic, config);
        let permission = self.brokers[broker as usize].permission;
        if before.map(|before| before.open(permission)) != Some(config.open(permission)) {
            let ((read, write), broker) = (config.open(permission), self.out.replicas.name(broker));
            self.out.see(Observation::QueuesOpened { broker, topic, read, write });
        }
    }

    /// What a broker tells name servers of its topics.
    pub(super) fn topic_table(&self, broker: BrokerIndex) -> Vec<(TopicIndex, u32, u32)> {
        let state = &self.brokers[broker as usize];
        let opened = state.topics.iter().map(|(&topic, config)| (topic, config.open(state.permission)));
        opened.map(|(topic, (read, write))| (topic, read, write)).collect()
    }

    /// The operator changes queue counts; the broker tells all name servers at once (`registerIncrementBrokerData`).
    pub(in crate::model) fn change_queues(
        &mut self,
        broker: BrokerIndex,
        topic: TopicIndex,
        (read, write): (Option<u32>, Option<u32>),
    ) {
        let broker = self.out.replicas.keeper(broker);
        let known = self.brokers[broker as usize].topics.get(&topic);
        let (old_read, old_write) = known.map_or((0, 0), |config| (config.read, config.write));
        self.set_topic(broker, topic, read.unwrap_or(old_read), write.unwrap_or(old_write));
        self.register_if_up(broker);
    }

    /// `updateTopic` of a topic that may be there already: with every permission.
    pub(in crate::model) fn create_topic(&mut self, name: BrokerIndex, topic: TopicIndex, (read, write): (u32, u32)) {
        let broker = self.out.replicas.keeper(name);
        self.set_topic(broker, topic, read, write);
        self.configure_topic(broker, topic, TopicConfig { read, write, permission: Permission::default() });
        self.register_if_up(broker);
    }

    /// `updateTopicPerm`: the broker tells all name servers at once, and refuses pulls that are not allowed any more;
    /// false: the topic is not there.
    pub(in crate::model) fn change_permission(
        &mut self,
        broker: BrokerIndex,
        topic: TopicIndex,
        permission: Permission,
    ) -> bool {
        let broker = self.out.replicas.keeper(broker);
        let known = self.brokers[broker as usize].topics.get(&topic).copied();
        if let Some(config) = known {
            self.configure_topic(broker, topic, TopicConfig { permission, ..config });
            self.register_if_up(broker);
        }
        known.is_some()
    }

    /// `updateBrokerConfig` of `brokerPermission`: the broker registers all its topics with what it allows, and refuses
    /// pulls at once where it does not allow to read. Sends are refused for ordered topics only, which are not part of
    /// the model (`AbstractSendMessageProcessor.msgCheck`), and what is sent back (`consumerSendMsgBack`).
    pub(in crate::model) fn change_broker_permission(&mut self, name: BrokerIndex, permission: Permission) {
        let broker = self.out.replicas.keeper(name);
        let before = std::mem::replace(&mut self.brokers[broker as usize].permission, permission);
        let topics: Vec<(TopicIndex, TopicConfig)> =
            self.brokers[broker as usize].topics.iter().map(|(&topic, &config)| (topic, config)).collect();
        for (topic, config) in topics {
            let (read, write) = config.open(permission);
            if config.open(before) != (read, write) {
                self.out.see(Observation::QueuesOpened { broker: name, topic, read, write });
            }
        }
        self.register_if_up(broker);
    }

    /// `createTopicInSendMessageBackMethod` of `%RETRY%`: a topic that is there stays as it is.
    pub(super) fn create_retry_topic(&mut self, broker: BrokerIndex, group: GroupIndex, queues: u32) {
        let topic = self.out.names.retry_topic(group);
        if !self.brokers[broker as usize].topics.contains_key(&topic) {
            self.set_topic(broker, topic, queues, queues);
            self.register(broker);
        }
    }

    /// Whether no broker has a topic. Name servers that know none have only just begun where one has.
    pub(in crate::model) fn is_made_nowhere(&self, topic: TopicIndex) -> bool {
        self.brokers.iter().all(|broker| !broker.topics.contains_key(&topic))
    }

    /// `createTopicInSendMessageMethod`: a message of a topic that is not there makes it, with `autoCreateTopicEnable`.
    pub(super) fn find_topic(&mut self, broker: BrokerIndex, topic: TopicIndex) -> Option<TopicConfig> {
        let auto = self.out.plan.brokers[broker as usize].settings.auto_create_topic_enable;
        if auto && !self.brokers[broker as usize].topics.contains_key(&topic) {
            self.set_topic(broker, topic, AUTO_CREATED_QUEUES, AUTO_CREATED_QUEUES);
            self.register(broker);
        }
        self.brokers[broker as usize].topics.get(&topic).copied()
    }

    fn register_if_up(&mut self, broker: BrokerIndex) {
        if self.out.machines[self.out.broker_host(broker) as usize].running {
            self.register(broker);
        }
    }

    /// `deleteTopic` at a broker (`AdminBrokerProcessor.deleteTopicInBroker`): the topic, its offsets of all groups, its
    /// messages. Members that own its queues know nothing of it.
    pub(in crate::model) fn delete_topic(&mut self, name: BrokerIndex, topic: TopicIndex) {
        let broker = self.out.replicas.keeper(name);
        let runs = self.out.machines[self.out.broker_host(broker) as usize].running;
        if !runs || self.brokers[broker as usize].topics.remove(&topic).is_none() {
            return;
        }
        self.out.see(Observation::QueuesOpened { broker: name, topic, read: 0, write: 0 });
        let (loss, why) = (self.out.logs[broker as usize].life(), LogLoss::TopicDeleted);
        let mut deleted = LostTail::default();
        for queue in self.queues_of(name, topic) {
            for (group, previous) in self.brokers[broker as usize].offsets.remove(queue) {
                let (previous, path) = (Some(previous), CommitPath::TopicDeleted);
                self.out.see(Observation::Committed { group, queue, offset: 0, previous, by: None, path });
            }
            let store = &mut self.out.logs[broker as usize];
            let min = store.appended(queue);
            deleted.put(queue, 0, store.delete(queue));
            self.forget_queue(name, queue);
            if min > 0 {
                self.out.see(Observation::HeadDeleted { queue, min, with_topic: true });
                self.out.see(Observation::TailLost { queue, from: 0, loss, why });
            }
            // `PullRequestHoldService` runs them again sooner or later, and finds no topic.
            for pull in self.brokers[broker as usize].held.remove(&queue).into_iter().flatten() {
                self.out.respond(
                    pull.connection,
                    pull.call,
                    Response::Pulled(Pulled::Refused(PullTrouble::TopicNotExist)),
                );
            }
        }
        self.out.logs[broker as usize].losses.push(deleted);
        self.register(broker);
    }

    /// What is kept in mind of a queue besides its messages goes with them, at the master and its slaves.
    fn forget_queue(&mut self, name: BrokerIndex, queue: QueueIndex) {
        for broker in self.out.replicas.brokers(name).to_vec() {
            let state = &mut self.brokers[broker as usize];
            state.flush.forget(queue);
            state.replica.forget(queue);
        }
    }

    fn queues_of(&self, name: BrokerIndex, topic: TopicIndex) -> Vec<QueueIndex> {
        let all = 0..self.out.names.queue_count() as QueueIndex;
        all.filter(|queue| (self.out.names.queue(*queue).broker, self.out.names.queue(*queue).topic) == (name, topic))
            .collect()
    }

    /// Whether a commit is for a topic that is there (`ConsumerManageProcessor.updateConsumerOffset`: `TOPIC_NOT_EXIST`).
    pub(super) fn has_topic_of(&self, queue: QueueIndex) -> bool {
        let place = self.out.names.queue(queue);
        let planned = usize::from(place.topic) < self.out.plan.topics.len();
        let keeper = self.out.replicas.keeper(place.broker);
        !planned || self.brokers[keeper as usize].topics.contains_key(&place.topic)
    }
}
