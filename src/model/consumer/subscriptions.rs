//! `subscribe` and `unsubscribe`, before `start()` and of a running consumer (`DefaultMQPushConsumerImpl.subscribe`,
//! `RebalanceImpl.truncateMessageQueueNotMyTopic`).
//!
//! `subscribe` sends a heartbeat at once, but a topic that is new to the client has no queues before its route has come.
//! `unsubscribe` tells nobody: brokers hear of it with the next heartbeat, and the client drops the queues at its next
//! rebalance without a word about how far it came. Neither changes whom the others give the topic's queues to: the list is the group's.

use std::rc::Rc;

use crate::model::consumer::{Consumer, State, Subscription};
use crate::model::instance::ClientProcess;
use crate::model::instance::heartbeat::HeartbeatOwner;
use crate::model::java_order::{sort_as_hash_table, string_hash};
use crate::model::names::{Names, TopicKind};
use crate::model::network::{AssignedQueue, SubscriptionData};
use crate::model::observation::{Observation, PopRelease, QueueIndex, Release};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, ConsumerPlan, MessageModel, TagSet, TopicIndex};

impl Consumer {
    /// Subscribes the planned topics and, unless it is `BROADCASTING`, `%RETRY%`, with versions of this moment (`copySubscription`).
    pub(in crate::model) fn subscribe(&mut self, consumer: &ConsumerPlan, names: &Names, version: u64) {
        let mut topics = consumer.topics.clone();
        if consumer.consumer.message_model == MessageModel::Clustering && consumer.consumer.lite_pull.is_none() {
            topics.push(names.retry_topic(self.group));
        }
        sort_as_hash_table(&mut topics, |&topic| string_hash(&names.topic(topic).name));
        self.subscriptions = (topics.into_iter())
            .map(|topic| {
                let is_retry = matches!(names.topic(topic).kind, TopicKind::Retry(_));
                let tags = if is_retry { TagSet::ALL } else { consumer.tags };
                Subscription { topic, version, tags }
            })
            .collect();
        self.pull_threshold_for_queue = consumer.consumer.pull_threshold_for_queue;
        self.pull_threshold_size_for_queue_mib = consumer.consumer.pull_threshold_size_for_queue_mib;
        self.refresh_subscription_set();
    }

    /// Makes the heartbeat's subscription set anew.
    pub(in crate::model) fn refresh_subscription_set(&mut self) {
        let data = |s: &Subscription| SubscriptionData { topic: s.topic, version: s.version, tags: s.tags };
        self.subscription_set = Rc::new(self.subscriptions.iter().map(data).collect());
    }

    /// The subscription of a topic, if the consumer has it now.
    pub(in crate::model) fn subscription(&self, topic: TopicIndex) -> Option<&Subscription> {
        self.subscriptions.iter().find(|subscription| subscription.topic == topic)
    }

    /// The subscribed topics, the first one last: what a thread that goes through them has before it.
    pub(in crate::model) fn topics_to_come(&self) -> Vec<TopicIndex> {
        self.subscriptions.iter().rev().map(|subscription| subscription.topic).collect()
    }

    /// What the application had said before `start()` took its subscriptions.
    pub(in crate::model) fn apply_early_subscription_changes(&mut self, out: &mut Outside<'_>) {
        for (topic, wanted) in std::mem::take(&mut self.subscription_changes) {
            self.apply_subscription_change(out, topic, wanted);
        }
    }

    fn apply_subscription_change(&mut self, out: &mut Outside<'_>, topic: TopicIndex, wanted: bool) {
        let consumer = self.index;
        let version = out.subscription_version(consumer);
        let tags = out.planned(consumer).tags;
        let known = self.subscriptions.iter_mut().find(|subscription| subscription.topic == topic);
        match (wanted, known) {
            (true, Some(known)) => known.version = version,
            (true, None) => {
                self.subscriptions.push(Subscription { topic, version, tags });
                let names = &out.names;
                sort_as_hash_table(&mut self.subscriptions, |s| string_hash(&names.topic(s.topic).name));
            }
            (false, _) => self.subscriptions.retain(|subscription| subscription.topic != topic),
        }
        self.refresh_subscription_set();
        out.see(Observation::SubscriptionChanged { consumer, topic, subscribed: wanted, tags });
    }

    /// `truncateMessageQueueNotMyTopic`: queues of topics that are not subscribed are dropped, and their offsets are
    /// neither sent nor kept.
    pub(in crate::model) fn truncate_queues_not_my_topic(&mut self, out: &mut Outside<'_>) {
        let consumer = self.index;
        let foreign = |queue: &QueueIndex| self.subscription(out.names.queue(*queue).topic).is_none();
        let foreign: Vec<QueueIndex> = self.table.keys().copied().filter(foreign).collect();
        for queue in foreign {
            let number = self.table.remove(&queue).expect("the queue was found in the table");
            self.process_queues[number as usize].drop_queue();
            out.see(Observation::QueueReleased { consumer, queue, release: Release::Unsubscribed });
        }
        let foreign = |&assigned: &AssignedQueue| self.subscription(out.assigned_topic(assigned)).is_none();
        let foreign: Vec<AssignedQueue> = self.popping.table.keys().copied().filter(foreign).collect();
        for assigned in foreign {
            self.drop_pop_queue(out, assigned, PopRelease::Unsubscribed);
        }
    }
}

impl Outside<'_> {
    /// `SubscriptionData.subVersion` of this moment: milliseconds, and of a Go client nanoseconds.
    pub(in crate::model) fn subscription_version(&self, consumer: ConsumerIndex) -> u64 {
        let now = self.client_clock(consumer);
        if self.planned(consumer).client.go.is_some() { now.as_nanos() } else { now.as_millis() }
    }
}

impl ClientProcess {
    /// The application subscribes a topic or gives it up. Before `start()` it says so in what it starts with.
    pub(in crate::model) fn change_subscription(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        topic: TopicIndex,
        wanted: bool,
    ) {
        let client = &mut self.consumers[at];
        match client.state {
            State::Starting if client.subscriptions.is_empty() => client.subscription_changes.push((topic, wanted)),
            State::Starting | State::Running => {
                self.consumers[at].apply_subscription_change(out, topic, wanted);
                if self.grpc.is_some() {
                    // The scan for assignments asks for its route; what is no longer subscribed is received on.
                    return;
                }
                if wanted && self.go.is_none() {
                    // The application's thread waits for the heartbeats; nothing of the model waits for it.
                    self.heartbeat_all(out, at, HeartbeatOwner::Application);
                }
            }
            _ => {}
        }
    }
}
