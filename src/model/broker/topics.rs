//! The topics of a broker (`TopicConfigManager`), and what an operator does to them: queue counts, permissions, deletion.

use super::Broker;
use crate::model::disk::{AUTO_CREATED_QUEUES, LostTail, OpenTopic, TopicConfig};
use crate::model::names::QueuePlace;
use crate::model::network::{Pulled, Response};
use crate::model::observation::{CommitPath, LogLoss, Observation, PullTrouble, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, GroupIndex, Permission, TopicIndex};
use crate::model::world::World;

impl Broker {
    /// Makes the queues that the plan gives to a broker.
    pub(in crate::model) fn create_planned_queues(&mut self, out: &mut Outside<'_>) {
        let broker = self.index;
        out.configurations[broker.at()].permission = self.settings(out).broker_permission;
        for (topic, planned) in TopicIndex::number(&out.plan.topics).filter(|(_, planned)| planned.exists) {
            for on in planned.queues.iter().filter(|on| on.broker == broker) {
                self.set_topic(out, topic, on.read_queue_nums, on.write_queue_nums);
            }
        }
    }

    /// Sets the queue counts of a topic and makes the queues that are new.
    pub(super) fn set_topic(&mut self, out: &mut Outside<'_>, topic: TopicIndex, read: u32, write: u32) {
        let known = out.configurations[self.index.at()].topic(topic);
        let permission = known.map_or(Permission::default(), |config| config.permission);
        self.configure_topic(out, topic, TopicConfig { read, write, permission });
        for queue_id in 0..read.max(write) {
            let place = QueuePlace { topic, broker: out.replicas.name(self.index), queue_id };
            let queue = out.names.intern_queue(place);
            self.make_queue(out, queue);
        }
    }

    /// Makes a consume queue where there is none.
    pub(super) fn make_queue(&self, out: &mut Outside<'_>, queue: QueueIndex) {
        if out.logs[self.index.at()].create(queue) {
            out.see(Observation::QueueCreated { queue });
        }
    }

    fn configure_topic(&self, out: &mut Outside<'_>, topic: TopicIndex, config: TopicConfig) {
        let configuration = &mut out.configurations[self.index.at()];
        let before = configuration.put_topic(topic, config);
        let permission = configuration.permission;
        if before.map(|before| before.open(permission)) != Some(config.open(permission)) {
            let ((read, write), broker) = (config.open(permission), out.replicas.name(self.index));
            out.see(Observation::QueuesOpened { broker, topic, read, write });
        }
    }

    /// The operator changes queue counts; the broker tells all name servers at once (`registerIncrementBrokerData`).
    pub(in crate::model) fn change_queues(
        &mut self,
        out: &mut Outside<'_>,
        topic: TopicIndex,
        (read, write): (Option<u32>, Option<u32>),
    ) {
        let known = out.configurations[self.index.at()].topic(topic);
        let (old_read, old_write) = known.map_or((0, 0), |config| (config.read, config.write));
        self.set_topic(out, topic, read.unwrap_or(old_read), write.unwrap_or(old_write));
        self.register_if_up(out);
    }

    /// `updateTopic` of a topic that may be there already: with every permission.
    pub(in crate::model) fn create_topic(
        &mut self,
        out: &mut Outside<'_>,
        topic: TopicIndex,
        (read, write): (u32, u32),
    ) {
        self.set_topic(out, topic, read, write);
        self.configure_topic(out, topic, TopicConfig { read, write, permission: Permission::default() });
        self.register_if_up(out);
    }

    /// `updateTopicPerm`: the broker tells all name servers at once, and refuses pulls that are not allowed any more;
    /// false: the topic is not there.
    pub(in crate::model) fn change_permission(
        &mut self,
        out: &mut Outside<'_>,
        topic: TopicIndex,
        permission: Permission,
    ) -> bool {
        let known = out.configurations[self.index.at()].topic(topic);
        if let Some(config) = known {
            self.configure_topic(out, topic, TopicConfig { permission, ..config });
            self.register_if_up(out);
        }
        known.is_some()
    }

    /// `updateBrokerConfig` of `brokerPermission`: the broker registers all its topics with what it allows, and refuses
    /// pulls at once where it does not allow to read. Sends are refused for ordered topics only, which are not part of
    /// the model (`AbstractSendMessageProcessor.msgCheck`), and what is sent back (`consumerSendMsgBack`).
    pub(in crate::model) fn change_broker_permission(&mut self, out: &mut Outside<'_>, permission: Permission) {
        let configuration = &mut out.configurations[self.index.at()];
        let before = std::mem::replace(&mut configuration.permission, permission);
        let changes = |(topic, config): (TopicIndex, TopicConfig)| {
            let (read, write) = config.open(permission);
            (config.open(before) != (read, write)).then_some(OpenTopic { topic, read, write })
        };
        let changed: Vec<OpenTopic> = configuration.topics().filter_map(changes).collect();
        let broker = out.replicas.name(self.index);
        for OpenTopic { topic, read, write } in changed {
            out.see(Observation::QueuesOpened { broker, topic, read, write });
        }
        self.register_if_up(out);
    }

    /// `createTopicInSendMessageBackMethod` of `%RETRY%`: a topic that is there stays as it is.
    pub(super) fn create_retry_topic(&mut self, out: &mut Outside<'_>, group: GroupIndex, queues: u32) {
        let topic = out.names.retry_topic(group);
        if !out.configurations[self.index.at()].has_topic(topic) {
            self.set_topic(out, topic, queues, queues);
            self.register(out);
        }
    }

    /// `createTopicInSendMessageMethod`: a message of a topic that is not there makes it, with `autoCreateTopicEnable`.
    pub(super) fn find_topic(&mut self, out: &mut Outside<'_>, topic: TopicIndex) -> Option<TopicConfig> {
        let known = out.configurations[self.index.at()].topic(topic);
        if known.is_some() || !self.settings(out).auto_create_topic_enable {
            return known;
        }
        self.set_topic(out, topic, AUTO_CREATED_QUEUES, AUTO_CREATED_QUEUES);
        self.register(out);
        out.configurations[self.index.at()].topic(topic)
    }

    fn register_if_up(&mut self, out: &mut Outside<'_>) {
        if out.is_up(self.index) {
            self.register(out);
        }
    }

    /// `deleteTopic` (`AdminBrokerProcessor.deleteTopicInBroker`): the topic, its offsets of all groups, its messages.
    /// Members that own its queues know nothing of it. Answers the queues that are gone.
    fn delete_topic(&mut self, out: &mut Outside<'_>, topic: TopicIndex) -> Vec<QueueIndex> {
        let (name, keeper) = (out.replicas.name(self.index), self.index.at());
        if !out.is_up(self.index) || out.configurations[keeper].remove_topic(topic).is_none() {
            return Vec::new();
        }
        out.see(Observation::QueuesOpened { broker: name, topic, read: 0, write: 0 });
        let (loss, why) = (out.logs[keeper].life(), LogLoss::TopicDeleted);
        let mut deleted = LostTail::default();
        let queues = out.queues_of(name, topic);
        for &queue in &queues {
            for (group, previous) in self.offsets.remove(queue) {
                let (previous, path) = (Some(previous), CommitPath::TopicDeleted);
                if out.brokers_remember(group) {
                    let audience = out.names.audience_of_group(group);
                    out.see(Observation::Committed { audience, queue, offset: 0, previous, by: None, path });
                }
            }
            let min = out.logs[keeper].appended(queue);
            deleted.put(queue, 0, out.logs[keeper].delete(queue));
            if min > 0 {
                out.see(Observation::HeadDeleted { queue, min, with_topic: true });
                out.see(Observation::TailLost { queue, from: 0, loss, why });
            }
            // `PullRequestHoldService` runs them again sooner or later, and finds no topic.
            for pull in self.held.take(queue) {
                let refused = Pulled::Refused(PullTrouble::TopicNotExist);
                out.respond(pull.connection, pull.call, Response::Pulled(refused));
            }
        }
        out.logs[keeper].losses.push(deleted);
        self.register(out);
        queues
    }
}

impl Outside<'_> {
    /// Whether no broker has a topic. Name servers that know none have only just begun where one has.
    pub(in crate::model) fn is_made_nowhere(&self, topic: TopicIndex) -> bool {
        self.configurations.iter().all(|broker| !broker.has_topic(topic))
    }

    fn queues_of(&self, name: BrokerIndex, topic: TopicIndex) -> Vec<QueueIndex> {
        let all = QueueIndex::first(self.names.queue_count());
        all.filter(|queue| (self.names.queue(*queue).broker, self.names.queue(*queue).topic) == (name, topic)).collect()
    }

    /// Whether a commit is for a topic that is there (`ConsumerManageProcessor.updateConsumerOffset`: `TOPIC_NOT_EXIST`).
    pub(super) fn has_topic_of(&self, queue: QueueIndex) -> bool {
        let place = self.names.queue(queue);
        let planned = usize::from(place.topic) < self.plan.topics.len();
        !planned || self.configurations[self.replicas.keeper(place.broker).at()].has_topic(place.topic)
    }
}

impl World<'_> {
    /// `deleteTopic` at a broker, with the topics that POP made for it.
    pub(in crate::model) fn delete_topic(&mut self, name: BrokerIndex, topic: TopicIndex) {
        self.delete_one_topic(name, topic);
        for group in GroupIndex::first(self.out.names.planned_group_count()) {
            let retries = [false, true].map(|v2| self.out.names.find_pop_retry(group, topic, v2));
            retries.into_iter().flatten().for_each(|retry| self.delete_one_topic(name, retry));
        }
    }

    /// What is kept in mind of its queues besides their messages goes with them, at the master and its slaves.
    fn delete_one_topic(&mut self, name: BrokerIndex, topic: TopicIndex) {
        let (keeper, out) = self.keeper(name);
        for queue in keeper.delete_topic(out, topic) {
            for &broker in self.out.replicas.brokers(name) {
                self.brokers[broker.at()].flush.forget(queue);
                self.out.copies[broker.at()].forget(queue);
            }
        }
    }
}
