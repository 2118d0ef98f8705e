//! What a broker has been told and keeps on its disk: topics, groups, and what it permits (`ConfigManager.load`).
//!
//! Replicas of one name go by what their master has, so it stands outside of them. A broker writes its own, and a slave
//! that meets a new group its master's.

use std::collections::BTreeMap;

use super::subscription_group::SubscriptionGroups;
use super::topic_config::{OpenTopic, TopicConfig};
use crate::model::observation::RequestMode;
use crate::model::plan::{GroupIndex, Permission, TopicIndex};

/// The files of one broker.
#[derive(Debug, Default)]
pub(in crate::model) struct Configuration {
    /// `topicConfigTable`, by topic number.
    topics: Vec<Option<TopicConfig>>,
    /// `brokerPermission`; it is written into the broker's file.
    pub(in crate::model) permission: Permission,
    pub(in crate::model) groups: SubscriptionGroups,
    /// `messageRequestMode.json`: how groups consume topics, and `popShareQueueNum`; it is written with every change.
    pub(in crate::model) request_modes: BTreeMap<(TopicIndex, GroupIndex), (RequestMode, i32)>,
}

impl Configuration {
    /// A topic, if it is there.
    pub(in crate::model) fn topic(&self, topic: TopicIndex) -> Option<TopicConfig> {
        *self.topics.get(topic.at())?
    }

    /// Whether a topic is there.
    pub fn has_topic(&self, topic: TopicIndex) -> bool {
        self.topic(topic).is_some()
    }

    /// Puts a topic; answers what was there.
    pub(in crate::model) fn put_topic(&mut self, topic: TopicIndex, config: TopicConfig) -> Option<TopicConfig> {
        let at = topic.at();
        if self.topics.len() <= at {
            self.topics.resize(at + 1, None);
        }
        self.topics[at].replace(config)
    }

    /// Takes a topic away; answers what was there.
    pub(in crate::model) fn remove_topic(&mut self, topic: TopicIndex) -> Option<TopicConfig> {
        self.topics.get_mut(topic.at())?.take()
    }

    /// All topics that are there.
    pub(in crate::model) fn topics(&self) -> impl Iterator<Item = (TopicIndex, TopicConfig)> {
        TopicIndex::number(&self.topics).filter_map(|(topic, config)| Some((topic, (*config)?)))
    }

    /// What name servers are told of the topics: how many queues of each can be read and written.
    pub(in crate::model) fn open_topics(&self) -> Vec<OpenTopic> {
        let open = self.topics().map(|(topic, config)| (topic, config.open(self.permission)));
        open.map(|(topic, (read, write))| OpenTopic { topic, read, write }).collect()
    }

    /// All topics go, to another broker or with the log of a deposed master.
    pub(in crate::model) fn take_topics(&mut self) -> Vec<Option<TopicConfig>> {
        std::mem::take(&mut self.topics)
    }

    /// Another broker has the disk that counts: its groups are those of the one before, and its topics. An old master that
    /// lives goes on with its own topics.
    pub(in crate::model) fn take_over(&mut self, old: &mut Self, lives: bool) {
        self.topics = if lives { old.topics.clone() } else { old.take_topics() };
        self.groups = std::mem::take(&mut old.groups);
        self.request_modes.clone_from(&old.request_modes);
    }
}
