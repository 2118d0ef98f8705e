//! How groups consume topics, as an operator has told this broker (`QueryAssignmentProcessor.setMessageRequestMode`,
//! `MessageRequestModeManager`). It tells nobody: clients hear of it with their next question, and each broker has its own
//! mind (trap PE4).

use super::Broker;
use crate::model::network::RequestMode;
use crate::model::observation::{CommandRefusal, Observation};
use crate::model::outside::Outside;
use crate::model::plan::{GroupIndex, TopicIndex};

impl Broker {
    /// `SET_MESSAGE_REQUEST_MODE`.
    pub(in crate::model) fn set_request_mode(
        &mut self,
        out: &mut Outside<'_>,
        (group, topic): (GroupIndex, TopicIndex),
        (mode, share): (RequestMode, i32),
    ) -> Result<(), CommandRefusal> {
        let broker = self.index;
        if !out.configurations[broker.at()].has_topic(topic) {
            return Err(CommandRefusal::TopicNotExist);
        }
        // It looks as a heartbeat looks: a group that nobody has created yet is created.
        if self.find_group(out, group).is_none() {
            return Err(CommandRefusal::SubscriptionGroupNotExist);
        }
        out.configurations[broker.at()].request_modes.insert((topic, group), (mode, share));
        let broker = out.replicas.name(broker);
        out.see(Observation::RequestModeSet { broker, group, topic, mode, share });
        Ok(())
    }

    /// The mode of a topic and group, and `popShareQueueNum`; what nobody has told is as the broker's settings say. Retry
    /// topics are always pulled.
    pub(super) fn request_mode(&self, out: &Outside<'_>, group: GroupIndex, topic: TopicIndex) -> (RequestMode, i32) {
        if topic.at() >= out.names.planned_topic_count() {
            return (RequestMode::Pull, 0);
        }
        let (settings, keeper) = (self.pop_settings(out), out.keeper_of(self.index));
        let told = out.configurations[keeper.at()].request_modes.get(&(topic, group)).copied();
        told.unwrap_or((settings.default_message_request_mode, settings.default_pop_share_queue_num))
    }
}
