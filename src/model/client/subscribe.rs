//! `subscribe` and `unsubscribe` of a running consumer (`DefaultMQPushConsumerImpl.subscribe`,
//! `RebalanceImpl.truncateMessageQueueNotMyTopic`).
//!
//! `subscribe` sends a heartbeat at once, but a topic that is new to the client has no queues before its route has come.
//! `unsubscribe` tells nobody: brokers hear of it with the next heartbeat, and the client drops the queues at its next
//! rebalance without a word about how far it came. Neither changes whom the others give the topic's queues to: the list is the group's.

use crate::model::java_order::{sort_as_hash_table, string_hash};
use crate::model::observation::{Observation, QueueIndex, Release};
use crate::model::plan::{ConsumerIndex, TopicIndex};
use crate::model::world::World;

use super::heartbeat::HeartbeatOwner;
use super::{State, Subscription};

impl World<'_> {
    /// The application subscribes a topic or gives it up. Before `start()` it says so in what it starts with.
    pub(in crate::model) fn change_subscription(&mut self, consumer: ConsumerIndex, topic: TopicIndex, wanted: bool) {
        let client = self.client(consumer);
        match client.state {
            State::Starting if client.subscriptions.is_empty() => client.subscription_changes.push((topic, wanted)),
            State::Starting | State::Running => {
                self.apply_subscription_change(consumer, topic, wanted);
                if wanted {
                    // The application's thread waits for the heartbeats; nothing of the model waits for it.
                    self.heartbeat_all(consumer, HeartbeatOwner::Application);
                }
            }
            _ => {}
        }
    }

    /// What the application had said before `start()` took its subscriptions.
    pub(super) fn apply_early_subscription_changes(&mut self, consumer: ConsumerIndex) {
        for (topic, wanted) in std::mem::take(&mut self.client(consumer).subscription_changes) {
            self.apply_subscription_change(consumer, topic, wanted);
        }
    }

    fn apply_subscription_change(&mut self, consumer: ConsumerIndex, topic: TopicIndex, wanted: bool) {
        let version = self.out.client_clock(consumer).as_millis();
        let tags = self.out.planned(consumer).tags;
        let client = &mut self.clients[consumer as usize];
        let known = client.subscriptions.iter_mut().find(|subscription| subscription.topic == topic);
        match (wanted, known) {
            (true, Some(known)) => known.version = version,
            (true, None) => {
                client.subscriptions.push(Subscription { topic, version, tags });
                let names = &self.out.names;
                sort_as_hash_table(&mut client.subscriptions, |s| string_hash(&names.topic(s.topic).name));
            }
            (false, _) => client.subscriptions.retain(|subscription| subscription.topic != topic),
        }
        client.refresh_subscription_set();
        self.out.see(Observation::SubscriptionChanged { consumer, topic, subscribed: wanted, tags });
    }

    /// `truncateMessageQueueNotMyTopic`: queues of topics that are not subscribed are dropped, and their offsets are
    /// neither sent nor kept.
    pub(super) fn truncate_queues_not_my_topic(&mut self, consumer: ConsumerIndex) {
        let client = &self.clients[consumer as usize];
        let foreign = |queue: &QueueIndex| client.subscription(self.out.names.queue(*queue).topic).is_none();
        let foreign: Vec<QueueIndex> = client.table.keys().copied().filter(foreign).collect();
        for queue in foreign {
            let client = self.client(consumer);
            let number = client.table.remove(&queue).expect("the queue was found in the table");
            client.process_queues[number as usize].drop_queue();
            self.out.see(Observation::QueueReleased { consumer, queue, release: Release::Unsubscribed });
        }
    }
}
