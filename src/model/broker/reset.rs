//! An operator's reset of a group's offsets, as `mqadmin resetOffsetByTime` has it done
//! (`AdminBrokerProcessor.resetOffset`, `Broker2Client.resetOffset`).
//!
//! ```text
//!   useServerSideResetOffset   the broker notes the offsets, the next pull of each queue is told (resetOffsetInner)
//!   without                    the broker pushes them to the members it knows (Broker2Client.resetOffset); of a group that
//!                              is not online it says so, and the tool writes the offsets itself
//! ```
//! The tool goes from broker to broker, and stops at the first that refuses.

use std::rc::Rc;

use super::membership::GroupMembers;
use crate::kernel::Span;
use crate::model::names::QueuePlace;
use crate::model::network::Request;
use crate::model::observation::{CommandRefusal, CommitPath, Observation, QueueIndex};
use crate::model::plan::{BrokerIndex, GroupIndex, OffsetReset, ResetTo, TopicIndex};
use crate::model::world::World;

impl World<'_> {
    /// The tool does its work.
    pub(in crate::model) fn reset_offsets(&mut self, step: u32, reset: &OffsetReset) {
        let named = !reset.brokers.is_empty();
        let all =
            || (0..self.out.plan.brokers.len() as BrokerIndex).filter(|broker| self.told_of(*broker, reset.topic));
        let brokers: Vec<BrokerIndex> = if named { reset.brokers.clone() } else { all().collect() };
        for &name in &brokers {
            match self.reset_at(step, name, reset) {
                Ok(()) => {}
                Err(CommandRefusal::ConsumerNotOnline) => {
                    self.refuse_command(step, name, CommandRefusal::ConsumerNotOnline);
                    return self.write_offsets_by_tool(&brokers, reset);
                }
                Err(why) => {
                    self.refuse_command(step, name, why);
                    // With names each broker is a command of its own.
                    if !named {
                        return;
                    }
                }
            }
        }
    }

    /// Says that a command changed nothing at a broker.
    pub(in crate::model) fn refuse_command(&mut self, step: u32, broker: BrokerIndex, why: CommandRefusal) {
        self.out.see(Observation::CommandRefused { step, broker, why });
    }

    /// Whether a broker of this name is among those that the tool finds: it runs, or name servers have not noticed yet
    /// that it does not.
    fn told_of(&self, name: BrokerIndex, topic: TopicIndex) -> bool {
        let planned = self.out.plan.brokers[name as usize].slave_of.is_none();
        planned && self.name_servers[0].tells(topic, name)
    }

    /// The new offset of a queue.
    fn reset_target(&self, keeper: BrokerIndex, queue: QueueIndex, to: ResetTo) -> u64 {
        let store = &self.out.logs[keeper as usize];
        match to {
            ResetTo::Earliest => store.min(queue),
            ResetTo::Latest => store.readable(queue),
            ResetTo::Time(moment) => store.search(queue, moment),
        }
    }

    fn queue_at(&mut self, name: BrokerIndex, topic: TopicIndex, queue_id: u32) -> QueueIndex {
        self.out.names.intern_queue(QueuePlace { topic, broker: name, queue_id })
    }

    /// The queue of a command, and where it is to go; `None`: to offset 0, or the queue never was.
    fn queue_target(&self, keeper: BrokerIndex, place: QueuePlace, to: ResetTo) -> Option<(QueueIndex, u64)> {
        let queue = self.out.names.find_queue(place)?;
        Some((queue, self.reset_target(keeper, queue, to))).filter(|(_, offset)| *offset > 0)
    }

    fn reset_at(&mut self, step: u32, name: BrokerIndex, reset: &OffsetReset) -> Result<(), CommandRefusal> {
        let &OffsetReset { group, topic, to, queue: queue_id, force, .. } = reset;
        let broker = self.out.replicas.keeper(name);
        if !self.out.machines[self.out.broker_host(broker) as usize].running {
            return Err(CommandRefusal::BrokerAway);
        }
        let server_side = self.out.plan.brokers[broker as usize].settings.use_server_side_reset_offset;
        let Some(queue_id) = queue_id else {
            return match server_side {
                true => self.note_reset(broker, (group, topic), None, to),
                false => self.push_reset(step, broker, (group, topic), to, force),
            };
        };
        // `resetOffsetByQueueId`: the tool commits first, and asks for the reset of the queue then.
        let place = QueuePlace { topic, broker: name, queue_id };
        let (queue, offset) = self.queue_target(broker, place, to).ok_or(CommandRefusal::QueueLeftAtZero)?;
        self.commit_by_tool(broker, group, queue, offset)?;
        match server_side {
            true => self.note_reset(broker, (group, topic), Some(queue), to),
            // This request knows no queue here, and asks for time 0: all queues of the broker go to their beginning.
            false => self.push_reset(step, broker, (group, topic), ResetTo::Earliest, false),
        }
    }

    /// `AdminBrokerProcessor.resetOffsetInner`, which knows no `force`. A pull that is held hears of it when it is
    /// answered.
    fn note_reset(
        &mut self,
        broker: BrokerIndex,
        (group, topic): (GroupIndex, TopicIndex),
        only: Option<QueueIndex>,
        to: ResetTo,
    ) -> Result<(), CommandRefusal> {
        let config = self.brokers[broker as usize].topics.get(&topic).copied();
        let config = config.ok_or(CommandRefusal::TopicNotExist)?;
        if !self.has_group(broker, group) {
            return Err(CommandRefusal::SubscriptionGroupNotExist);
        }
        let name = self.out.replicas.name(broker);
        let queues: Vec<QueueIndex> = match only {
            Some(queue) => vec![queue],
            None => (0..config.read_queue_nums()).map(|queue_id| self.queue_at(name, topic, queue_id)).collect(),
        };
        for queue in queues {
            let offset = self.reset_target(broker, queue, to);
            let offsets = &mut self.brokers[broker as usize].offsets;
            let previous = offsets.assign_reset(group, queue, offset);
            let path = CommitPath::OperatorReset;
            self.out.see(Observation::Committed { group, queue, offset, previous, by: None, path });
        }
        Ok(())
    }

    /// `Broker2Client.resetOffset`: the members that this broker knows are told; it notes nothing itself. Without `force`
    /// no queue goes beyond its committed offset.
    fn push_reset(
        &mut self,
        step: u32,
        broker: BrokerIndex,
        (group, topic): (GroupIndex, TopicIndex),
        to: ResetTo,
        force: bool,
    ) -> Result<(), CommandRefusal> {
        let config = self.brokers[broker as usize].topics.get(&topic).copied();
        let config = config.ok_or(CommandRefusal::TopicNotExist)?;
        let name = self.out.replicas.name(broker);
        let (mut offsets, mut moved) = (Vec::new(), false);
        for queue_id in 0..config.write_queue_nums() {
            let queue = self.queue_at(name, topic, queue_id);
            let committed = self.brokers[broker as usize].offsets.get(group, queue);
            let committed = committed.ok_or(CommandRefusal::NeverConsumed)?;
            let wanted = self.reset_target(broker, queue, to);
            let offset = if force { wanted } else { wanted.min(committed) };
            moved |= offset == wanted;
            offsets.push((queue, offset));
        }
        let members = self.brokers[broker as usize].groups.get(&group).map(GroupMembers::entries).unwrap_or_default();
        if members.is_empty() {
            return Err(CommandRefusal::ConsumerNotOnline);
        }
        let offsets = Rc::new(offsets);
        for (connection, _) in members {
            let offsets = Rc::clone(&offsets);
            self.out.push_after(connection, Request::ResetClientOffset { group, offsets }, Span::ZERO);
        }
        if !moved {
            self.refuse_command(step, name, CommandRefusal::NotForced);
        }
        Ok(())
    }

    /// `UPDATE_CONSUMER_OFFSET` from the tool.
    fn commit_by_tool(
        &mut self,
        broker: BrokerIndex,
        group: GroupIndex,
        queue: QueueIndex,
        offset: u64,
    ) -> Result<(), CommandRefusal> {
        if !self.has_group(broker, group) {
            return Err(CommandRefusal::SubscriptionGroupNotExist);
        }
        self.update_offset_arrived(broker, (group, queue, offset), None, CommitPath::OperatorReset);
        Ok(())
    }

    /// `ResetOffsetByTimeOldCommand`: the tool has heard `CONSUMER_NOT_ONLINE`, and commits for the group.
    fn write_offsets_by_tool(&mut self, brokers: &[BrokerIndex], reset: &OffsetReset) {
        let &OffsetReset { group, topic, to, force, .. } = reset;
        for &name in brokers {
            let broker = self.out.replicas.keeper(name);
            let running = self.out.machines[self.out.broker_host(broker) as usize].running;
            let Some(config) = self.brokers[broker as usize].topics.get(&topic).copied().filter(|_| running) else {
                continue;
            };
            for queue_id in 0..config.read_queue_nums() {
                let queue = self.queue_at(name, topic, queue_id);
                let committed = self.brokers[broker as usize].offsets.get(group, queue).unwrap_or(0);
                let offset = self.reset_target(broker, queue, to);
                if force || offset <= committed {
                    let _ = self.commit_by_tool(broker, group, queue, offset);
                }
            }
        }
    }
}
