//! The texts behind the dense numbers that the model and its observations carry.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ids::{
    AudienceIndex, BrokerIndex, ClientIndex, ConsumerIndex, GroupIndex, NameServerIndex, ProducerIndex, ProxyIndex,
    QueueIndex, TopicIndex,
};
use super::plan::{MessageModel, Plan};
use crate::strategy::MessageQueue;

/// What a topic is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicKind {
    /// A topic of the plan.
    Normal,
    /// `%RETRY%group`.
    Retry(GroupIndex),
    /// `%DLQ%group`.
    DeadLetter(GroupIndex),
    /// What a group popped of a topic and did not acknowledge: `%RETRY%group_topic`, or `%RETRY%group+topic` where `v2`.
    PopRetry {
        /// Whose.
        group: GroupIndex,
        /// Of which topic.
        topic: TopicIndex,
        /// `enableRetryTopicV2` named it.
        v2: bool,
    },
}

/// A topic by name and kind.
#[derive(Debug, Clone)]
pub struct TopicName {
    /// Its name.
    pub name: Arc<str>,
    /// What it is for.
    pub kind: TopicKind,
}

/// Where a queue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueuePlace {
    /// Its topic.
    pub topic: TopicIndex,
    /// Its broker.
    pub broker: BrokerIndex,
    /// Its number within topic and broker.
    pub queue_id: u32,
}

/// Names of everything in a run. Queues and client ids are added as they appear, and never removed.
///
/// Topics: those of the plan, then `%RETRY%` of each group, then `%DLQ%` of each group, then those that POP makes, as they
/// appear.
#[derive(Debug, Clone)]
pub struct Names {
    topics: Vec<TopicName>,
    /// How many of them the plan has.
    planned_topics: usize,
    /// Those that POP made, by group and topic, and whether `enableRetryTopicV2` named it.
    pop_retry_topics: BTreeMap<(GroupIndex, TopicIndex, bool), TopicIndex>,
    brokers: Vec<Arc<str>>,
    name_servers: Vec<Arc<str>>,
    proxies: Vec<Arc<str>>,
    producers: Vec<Arc<str>>,
    groups: Vec<Arc<str>>,
    /// Each group as a whole, then each `BROADCASTING` member: its name and its group.
    audiences: Vec<(Arc<str>, GroupIndex)>,
    /// Name, group and audience.
    consumers: Vec<(Arc<str>, GroupIndex, AudienceIndex)>,
    queues: Vec<(QueuePlace, MessageQueue)>,
    queue_numbers: BTreeMap<QueuePlace, QueueIndex>,
    clients: Vec<Arc<str>>,
    client_numbers: BTreeMap<Arc<str>, ClientIndex>,
}

/// The names of proxies, in the order of their numbers.
fn proxies(plan: &Plan) -> Vec<Arc<str>> {
    match plan.proxies.is_empty() {
        true => plan.brokers.iter().map(|broker| format!("proxy of {}", broker.name).into()).collect(),
        false => plan.proxies.iter().map(|proxy| proxy.name.as_str().into()).collect(),
    }
}

impl Names {
    /// The names of a plan, before any queue or client exists.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let mut topics: Vec<TopicName> =
            plan.topics.iter().map(|t| TopicName { name: t.name.as_str().into(), kind: TopicKind::Normal }).collect();
        for (prefix, kind) in
            [("%RETRY%", TopicKind::Retry as fn(GroupIndex) -> TopicKind), ("%DLQ%", TopicKind::DeadLetter)]
        {
            topics.extend(plan.groups.iter().enumerate().map(|(index, group)| TopicName {
                name: format!("{prefix}{}", group.name).into(),
                kind: kind(GroupIndex::of(index)),
            }));
        }
        let groups: Vec<Arc<str>> = plan.groups.iter().map(|g| g.name.as_str().into()).collect();
        let mut audiences: Vec<(Arc<str>, GroupIndex)> =
            GroupIndex::number(&groups).map(|(group, name)| (Arc::clone(name), group)).collect();
        let mut consumers = Vec::with_capacity(plan.consumers.len());
        for consumer in &plan.consumers {
            let audience = if consumer.consumer.message_model == MessageModel::Broadcasting {
                let name = format!("{}@{}", plan.groups[consumer.group.at()].name, consumer.name);
                audiences.push((name.into(), consumer.group));
                AudienceIndex::of(audiences.len() - 1)
            } else {
                AudienceIndex::of(consumer.group.at())
            };
            consumers.push((consumer.name.as_str().into(), consumer.group, audience));
        }
        Self {
            topics,
            planned_topics: plan.topics.len(),
            pop_retry_topics: BTreeMap::new(),
            brokers: plan.brokers.iter().map(|b| b.name.as_str().into()).collect(),
            name_servers: plan.name_servers.iter().map(|n| n.name.as_str().into()).collect(),
            proxies: proxies(plan),
            producers: plan.producers.iter().map(|p| p.name.as_str().into()).collect(),
            groups,
            audiences,
            consumers,
            queues: Vec::new(),
            queue_numbers: BTreeMap::new(),
            clients: Vec::new(),
            client_numbers: BTreeMap::new(),
        }
    }

    /// The number of a queue, given out on its first appearance.
    pub fn intern_queue(&mut self, place: QueuePlace) -> QueueIndex {
        if let Some(&number) = self.queue_numbers.get(&place) {
            return number;
        }
        let number = QueueIndex::of(self.queues.len());
        let message_queue = MessageQueue {
            topic: self.topics[place.topic.at()].name.clone(),
            broker_name: self.brokers[place.broker.at()].clone(),
            queue_id: i32::try_from(place.queue_id).expect("queue ids fit into Java's int"),
        };
        self.queues.push((place, message_queue));
        self.queue_numbers.insert(place, number);
        number
    }

    /// As [`Self::intern_queue`], of a queue whose number is mostly the next one after that of the one before.
    pub fn intern_queue_after(&mut self, before: Option<QueueIndex>, place: QueuePlace) -> QueueIndex {
        let next = before.map_or(QueueIndex::MIN, QueueIndex::next);
        match self.queues.get(next.at()) {
            Some((there, _)) if *there == place => next,
            _ => self.intern_queue(place),
        }
    }

    /// How many client ids there are so far.
    #[must_use]
    pub fn client_count(&self) -> usize {
        self.clients.len()
    }

    /// The number of a client id, given out on its first appearance.
    pub fn intern_client(&mut self, id: &str) -> ClientIndex {
        if let Some(&number) = self.client_numbers.get(id) {
            return number;
        }
        let id: Arc<str> = id.into();
        let number = ClientIndex::of(self.clients.len());
        self.clients.push(id.clone());
        self.client_numbers.insert(id, number);
        number
    }

    /// The number of a queue that appeared before.
    #[must_use]
    pub fn find_queue(&self, place: QueuePlace) -> Option<QueueIndex> {
        self.queue_numbers.get(&place).copied()
    }

    /// The number of a queue by its names.
    #[must_use]
    pub fn find_message_queue(&self, queue: &MessageQueue) -> Option<QueueIndex> {
        let topic = TopicIndex::of(self.topics.iter().position(|topic| topic.name == queue.topic)?);
        let broker = BrokerIndex::of(self.brokers.iter().position(|name| *name == queue.broker_name)?);
        self.find_queue(QueuePlace { topic, broker, queue_id: u32::try_from(queue.queue_id).ok()? })
    }

    /// Where a queue stands.
    #[must_use]
    #[inline]
    pub fn queue(&self, queue: QueueIndex) -> QueuePlace {
        self.queues[queue.at()].0
    }

    /// The queue as strategies see it; prints as `topic/broker/queueId`.
    #[must_use]
    pub fn message_queue(&self, queue: QueueIndex) -> &MessageQueue {
        &self.queues[queue.at()].1
    }

    /// How many queues have appeared.
    #[must_use]
    #[inline]
    pub fn queue_count(&self) -> usize {
        self.queues.len()
    }

    /// A topic.
    #[must_use]
    pub fn topic(&self, topic: TopicIndex) -> &TopicName {
        &self.topics[topic.at()]
    }

    /// How many topics the plan has, `%RETRY%` and `%DLQ%` topics not counted.
    #[must_use]
    pub fn planned_topic_count(&self) -> usize {
        self.planned_topics
    }

    /// The topic that holds what this group could not consume.
    #[must_use]
    pub fn retry_topic(&self, group: GroupIndex) -> TopicIndex {
        TopicIndex::of(self.planned_topics + group.at())
    }

    /// The topic where this group's dead letters go.
    #[must_use]
    pub fn dead_letter_topic(&self, group: GroupIndex) -> TopicIndex {
        TopicIndex::of(self.planned_topics + self.groups.len() + group.at())
    }

    /// The topic that holds what this group popped of a topic and did not acknowledge, given a number on its first
    /// appearance (`KeyBuilder.buildPopRetryTopic`).
    pub fn intern_pop_retry(&mut self, group: GroupIndex, topic: TopicIndex, v2: bool) -> TopicIndex {
        if let Some(&number) = self.pop_retry_topics.get(&(group, topic, v2)) {
            return number;
        }
        let number = TopicIndex::of(self.topics.len());
        let (of, between) = (&self.topics[topic.at()].name, if v2 { '+' } else { '_' });
        let name = format!("%RETRY%{}{between}{of}", self.groups[group.at()]).into();
        self.topics.push(TopicName { name, kind: TopicKind::PopRetry { group, topic, v2 } });
        self.pop_retry_topics.insert((group, topic, v2), number);
        number
    }

    /// The same, where it has appeared.
    #[must_use]
    pub fn find_pop_retry(&self, group: GroupIndex, topic: TopicIndex, v2: bool) -> Option<TopicIndex> {
        self.pop_retry_topics.get(&(group, topic, v2)).copied()
    }

    /// The topic of the plan that a topic's messages are of: of what comes back through POP, that which it was popped from.
    #[must_use]
    pub fn first_topic(&self, topic: TopicIndex) -> TopicIndex {
        match self.topic(topic).kind {
            TopicKind::PopRetry { topic, .. } => topic,
            _ => topic,
        }
    }

    /// How many client ids are known.
    #[must_use]
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// A client id.
    #[must_use]
    pub fn client(&self, client: ClientIndex) -> &Arc<str> {
        &self.clients[client.at()]
    }

    /// A broker's name.
    #[must_use]
    pub fn broker(&self, broker: BrokerIndex) -> &str {
        &self.brokers[broker.at()]
    }

    /// A name server's name.
    #[must_use]
    pub fn name_server(&self, name_server: NameServerIndex) -> &str {
        &self.name_servers[name_server.at()]
    }

    /// A proxy's name: of one in a broker's process, that of the broker.
    #[must_use]
    pub fn proxy(&self, proxy: ProxyIndex) -> &str {
        &self.proxies[proxy.at()]
    }

    /// A producer's name.
    #[must_use]
    pub fn producer(&self, producer: ProducerIndex) -> &str {
        &self.producers[producer.at()]
    }

    /// The name of a group.
    #[must_use]
    pub fn group(&self, group: GroupIndex) -> &str {
        &self.groups[group.at()]
    }

    /// The name of an audience: that of its group, or of a `BROADCASTING` member `group@consumer`.
    #[must_use]
    pub fn audience(&self, audience: AudienceIndex) -> &str {
        &self.audiences[audience.at()].0
    }

    /// How many audiences there are: each group as a whole, and each `BROADCASTING` member.
    #[must_use]
    pub fn audience_count(&self) -> usize {
        self.audiences.len()
    }

    /// How many groups the plan has.
    #[must_use]
    pub fn planned_group_count(&self) -> usize {
        self.groups.len()
    }

    /// A consumer's name in the story.
    #[must_use]
    pub fn consumer(&self, consumer: ConsumerIndex) -> &str {
        &self.consumers[consumer.at()].0
    }

    /// The group of a consumer.
    #[must_use]
    pub fn group_of(&self, consumer: ConsumerIndex) -> GroupIndex {
        self.consumers[consumer.at()].1
    }

    /// Among whom each message counts once: the consumer's group, or in `BROADCASTING` the consumer alone.
    #[must_use]
    #[inline]
    pub fn audience_of(&self, consumer: ConsumerIndex) -> AudienceIndex {
        self.consumers[consumer.at()].2
    }

    /// A group as a whole: the audience of its `CLUSTERING` members.
    #[must_use]
    #[inline]
    pub fn audience_of_group(&self, group: GroupIndex) -> AudienceIndex {
        AudienceIndex::of(group.at())
    }

    /// The group of an audience.
    #[must_use]
    pub fn group_of_audience(&self, audience: AudienceIndex) -> GroupIndex {
        self.audiences[audience.at()].1
    }

    /// Whether an audience is a `BROADCASTING` member.
    #[must_use]
    pub fn is_one_member(&self, audience: AudienceIndex) -> bool {
        audience.at() >= self.groups.len()
    }

    /// How many consumers the plan has.
    #[must_use]
    pub fn consumer_count(&self) -> usize {
        self.consumers.len()
    }
}
