//! An operator's reset of a group's offsets, as `mqadmin resetOffsetByTime` has it done
//! (`AdminBrokerProcessor.resetOffset`, `Broker2Client.resetOffset`).
//!
//! ```text
//!   useServerSideResetOffset   the broker notes the offsets, the next pull of each queue is told (resetOffsetInner)
//!   without                    the broker pushes them to the members it knows (Broker2Client.resetOffset); of a group that
//!                              is not online it says so, and the tool writes the offsets itself
//! ```
//! The tool goes from broker to broker, and stops at the first that refuses.

use super::Broker;
use std::rc::Rc;

use super::membership::GroupMembers;
use crate::kernel::Span;
use crate::model::disk::GroupOffset;
use crate::model::names::QueuePlace;
use crate::model::network::Request;
use crate::model::observation::{CommandRefusal, CommitPath, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, GroupIndex, OffsetReset, ResetTo, TopicIndex};
use crate::model::world::World;

impl Broker {
    /// `AdminBrokerProcessor.resetOffsetInner`, which knows no `force`. A pull that is held hears of it when it is
    /// answered.
    fn note_reset(
        &mut self,
        out: &mut Outside<'_>,
        (group, topic): (GroupIndex, TopicIndex),
        only: Option<QueueIndex>,
        to: ResetTo,
    ) -> Result<(), CommandRefusal> {
        let broker = self.index;
        let config = out.configurations[broker.at()].topic(topic).ok_or(CommandRefusal::TopicNotExist)?;
        if !self.has_group(out, group) {
            return Err(CommandRefusal::SubscriptionGroupNotExist);
        }
        let name = out.replicas.name(broker);
        let queues: Vec<QueueIndex> = match only {
            Some(queue) => vec![queue],
            None => (0..config.read_queue_nums()).map(|queue_id| out.queue_at(name, topic, queue_id)).collect(),
        };
        for queue in queues {
            let offset = out.reset_target(broker, queue, to);
            let previous = self.offsets.assign_reset(group, queue, offset);
            let path = CommitPath::OperatorReset;
            let audience = out.names.audience_of_group(group);
            out.see(Observation::Committed { audience, queue, offset, previous, by: None, path });
        }
        Ok(())
    }

    /// `Broker2Client.resetOffset`: the members that this broker knows are told; it notes nothing itself. Without `force`
    /// no queue goes beyond its committed offset.
    fn push_reset(
        &mut self,
        out: &mut Outside<'_>,
        step: u32,
        (group, topic): (GroupIndex, TopicIndex),
        to: ResetTo,
        force: bool,
    ) -> Result<(), CommandRefusal> {
        let broker = self.index;
        let config = out.configurations[broker.at()].topic(topic).ok_or(CommandRefusal::TopicNotExist)?;
        let name = out.replicas.name(broker);
        let (mut offsets, mut moved) = (Vec::new(), false);
        for queue_id in 0..config.write_queue_nums() {
            let queue = out.queue_at(name, topic, queue_id);
            let committed = self.offsets.get(group, queue);
            let committed = committed.ok_or(CommandRefusal::NeverConsumed)?;
            let wanted = out.reset_target(broker, queue, to);
            let offset = if force { wanted } else { wanted.min(committed) };
            moved |= offset == wanted;
            offsets.push((queue, offset));
        }
        let members = self.groups.get(&group).map(GroupMembers::entries).unwrap_or_default();
        if members.is_empty() {
            return Err(CommandRefusal::ConsumerNotOnline);
        }
        let offsets = Rc::new(offsets);
        for (connection, _) in members {
            let offsets = Rc::clone(&offsets);
            out.push_after(connection, Request::ResetClientOffset { group, offsets }, Span::ZERO);
        }
        if !moved {
            out.refuse_command(step, name, CommandRefusal::NotForced);
        }
        Ok(())
    }

    /// `UPDATE_CONSUMER_OFFSET` from the tool.
    fn commit_by_tool(
        &mut self,
        out: &mut Outside<'_>,
        group: GroupIndex,
        queue: QueueIndex,
        offset: u64,
    ) -> Result<(), CommandRefusal> {
        if !self.has_group(out, group) {
            return Err(CommandRefusal::SubscriptionGroupNotExist);
        }
        self.update_offset_arrived(out, GroupOffset { group, queue, offset }, None, CommitPath::OperatorReset);
        Ok(())
    }
}

impl Outside<'_> {
    /// Says that a command changed nothing at a broker.
    pub(in crate::model) fn refuse_command(&mut self, step: u32, broker: BrokerIndex, why: CommandRefusal) {
        self.see(Observation::CommandRefused { step, broker, why });
    }

    /// The new offset of a queue.
    fn reset_target(&self, keeper: BrokerIndex, queue: QueueIndex, to: ResetTo) -> u64 {
        let store = &self.logs[keeper.at()];
        match to {
            ResetTo::Earliest => store.min(queue),
            ResetTo::Latest => store.readable(queue),
            ResetTo::Time(moment) => store.search(queue, moment),
        }
    }

    fn queue_at(&mut self, name: BrokerIndex, topic: TopicIndex, queue_id: u32) -> QueueIndex {
        self.names.intern_queue(QueuePlace { topic, broker: name, queue_id })
    }

    /// The queue of a command, and where it is to go; `None`: to offset 0, or the queue never was.
    fn queue_target(&self, keeper: BrokerIndex, place: QueuePlace, to: ResetTo) -> Option<(QueueIndex, u64)> {
        let queue = self.names.find_queue(place)?;
        Some((queue, self.reset_target(keeper, queue, to))).filter(|(_, offset)| *offset > 0)
    }
}

impl World<'_> {
    /// The tool does its work.
    pub(in crate::model) fn reset_offsets(&mut self, step: u32, reset: &OffsetReset) {
        let named = !reset.brokers.is_empty();
        let all =
            || BrokerIndex::first(self.out.plan.brokers.len()).filter(|broker| self.told_of(*broker, reset.topic));
        let brokers: Vec<BrokerIndex> = if named { reset.brokers.clone() } else { all().collect() };
        for &name in &brokers {
            match self.reset_at(step, name, reset) {
                Ok(()) => {}
                Err(CommandRefusal::ConsumerNotOnline) => {
                    self.out.refuse_command(step, name, CommandRefusal::ConsumerNotOnline);
                    return self.write_offsets_by_tool(&brokers, reset);
                }
                Err(why) => {
                    self.out.refuse_command(step, name, why);
                    // With names each broker is a command of its own.
                    if !named {
                        return;
                    }
                }
            }
        }
    }

    /// Whether a broker of this name is among those that the tool finds: it runs, or name servers have not noticed yet
    /// that it does not.
    fn told_of(&self, name: BrokerIndex, topic: TopicIndex) -> bool {
        let planned = self.out.plan.brokers[name.at()].slave_of.is_none();
        planned && self.name_servers[0].tells(topic, name)
    }

    fn reset_at(&mut self, step: u32, name: BrokerIndex, reset: &OffsetReset) -> Result<(), CommandRefusal> {
        let &OffsetReset { group, topic, to, queue: queue_id, force, .. } = reset;
        let (broker, out) = self.keeper(name);
        if !out.is_up(broker.index) {
            return Err(CommandRefusal::BrokerAway);
        }
        let server_side = broker.settings(out).use_server_side_reset_offset;
        let Some(queue_id) = queue_id else {
            return match server_side {
                true => broker.note_reset(out, (group, topic), None, to),
                false => broker.push_reset(out, step, (group, topic), to, force),
            };
        };
        // `resetOffsetByQueueId`: the tool commits first, and asks for the reset of the queue then.
        let place = QueuePlace { topic, broker: name, queue_id };
        let (queue, offset) = out.queue_target(broker.index, place, to).ok_or(CommandRefusal::QueueLeftAtZero)?;
        broker.commit_by_tool(out, group, queue, offset)?;
        match server_side {
            true => broker.note_reset(out, (group, topic), Some(queue), to),
            // This request knows no queue here, and asks for time 0: all queues of the broker go to their beginning.
            false => broker.push_reset(out, step, (group, topic), ResetTo::Earliest, false),
        }
    }

    /// `ResetOffsetByTimeOldCommand`: the tool has heard `CONSUMER_NOT_ONLINE`, and commits for the group.
    fn write_offsets_by_tool(&mut self, brokers: &[BrokerIndex], reset: &OffsetReset) {
        let &OffsetReset { group, topic, to, force, .. } = reset;
        for &name in brokers {
            let (broker, out) = self.keeper(name);
            let running = out.is_up(broker.index);
            let config = out.configurations[broker.index.at()].topic(topic);
            let Some(config) = config.filter(|_| running) else { continue };
            for queue_id in 0..config.read_queue_nums() {
                let queue = out.queue_at(name, topic, queue_id);
                let committed = broker.offsets.get(group, queue).unwrap_or(0);
                let offset = out.reset_target(broker.index, queue, to);
                if force || offset <= committed {
                    let _ = broker.commit_by_tool(out, group, queue, offset);
                }
            }
        }
    }
}
