//! `subscribe` and `unsubscribe` of a running consumer (specification A2.2, A4.1).
//!
//! `subscribe` sends a heartbeat at once, but the topic has no queues before the next route poll. `unsubscribe` tells
//! nobody: brokers hear of it with the next heartbeat, and the client drops the queues at its next rebalance without
//! a word about how far it came. Neither changes whom the others give the topic's queues to: the list is the group's.

use crate::model::java_order::{sort_as_hash_table, string_hash};
use crate::model::observation::{Observation, QueueIndex, Release};
use crate::model::plan::{ConsumerIndex, TopicIndex};
use crate::model::world::World;

use super::heartbeat::HeartbeatOwner;
use super::{State, Subscription};

impl World<'_> {
    /// The application subscribes a topic or gives it up.
    pub(in crate::model) fn change_subscription(&mut self, consumer: ConsumerIndex, topic: TopicIndex, wanted: bool) {
        self.client(consumer).subscription_changes.push((topic, wanted));
        self.apply_subscription_changes(consumer);
    }

    /// Makes what was asked for true, as soon as no thread goes through the subscriptions.
    pub(super) fn apply_subscription_changes(&mut self, consumer: ConsumerIndex) {
        let version = self.client_clock(consumer).as_millis();
        let client = self.client(consumer);
        if client.subscription_changes.is_empty() || client.state != State::Running {
            return;
        }
        let instance = self.instance(consumer);
        if instance.rebalance.is_busy() || instance.scheduled.is_busy() {
            return;
        }
        let mut told = false;
        let tags = self.planned(consumer).tags;
        for (topic, wanted) in std::mem::take(&mut self.client(consumer).subscription_changes) {
            let client = &mut self.clients[consumer as usize];
            let before = client.subscriptions.iter().position(|subscription| subscription.topic == topic);
            match (wanted, before) {
                (true, Some(at)) => client.subscriptions[at].version = version,
                (true, None) => {
                    let new = Subscription { topic, is_retry: false, version, tags, route: None, queues: None };
                    client.subscriptions.push(new);
                    let names = &self.names;
                    sort_as_hash_table(&mut client.subscriptions, |s| string_hash(&names.topic(s.topic).name));
                }
                (false, Some(at)) => drop(client.subscriptions.remove(at)),
                (false, None) => {}
            }
            told |= wanted;
            self.client(consumer).refresh_subscription_set();
            self.see(Observation::SubscriptionChanged { consumer, topic, subscribed: wanted, tags });
        }
        if told {
            // The application's thread waits for the heartbeats; nothing of the model waits for it.
            self.heartbeat_all(consumer, HeartbeatOwner::Application);
        }
    }

    /// `truncateMessageQueueNotMyTopic`: queues of topics that are not subscribed are dropped, and their offsets are
    /// neither sent nor kept.
    pub(super) fn truncate_queues_not_my_topic(&mut self, consumer: ConsumerIndex) {
        let client = &self.clients[consumer as usize];
        let foreign = |queue: &QueueIndex| {
            let topic = self.names.queue(*queue).topic;
            client.subscriptions.iter().all(|subscription| subscription.topic != topic)
        };
        let foreign: Vec<QueueIndex> = client.table.keys().copied().filter(foreign).collect();
        for queue in foreign {
            let client = self.client(consumer);
            let number = client.table.remove(&queue).expect("the queue was found in the table");
            client.process_queues[number as usize].drop_queue();
            self.see(Observation::QueueReleased { consumer, queue, release: Release::Unsubscribed });
        }
    }
}
