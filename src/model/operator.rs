//! The commands of an operator (`mqadmin`): the tool boots, and asks one broker after the other.

use super::broker::Broker;
use super::event::TimelineEvent;
use super::observation::CommandRefusal;
use super::outside::Outside;
use super::plan::{Action, BrokerIndex, TopicIndex};
use super::world::World;
use crate::kernel::Span;

impl<'a> World<'a> {
    /// The operator starts the tool.
    pub(super) fn begin_command(&mut self, step: u32) {
        match self.out.environment().operator_command.draw(&mut self.out.environment_stream) {
            Span::ZERO => self.operator_acted(step),
            boot => {
                self.out.after(boot, TimelineEvent::OperatorActed { step }.into());
            }
        }
    }

    /// The operator's tool does its work, broker by broker.
    pub(super) fn operator_acted(&mut self, step: u32) {
        let plan = self.out.plan;
        match &plan.timeline[step as usize].action {
            Action::SetQueues { topic, brokers, read_queue_nums, write_queue_nums } => {
                for broker in self.reached(step, brokers) {
                    let (keeper, out) = self.keeper(broker);
                    keeper.change_queues(out, *topic, (*read_queue_nums, *write_queue_nums));
                }
            }
            Action::SetPermission { topic, brokers, permission } => {
                for broker in self.reached(step, brokers) {
                    let (keeper, out) = self.keeper(broker);
                    if !keeper.change_permission(out, *topic, *permission) {
                        self.out.refuse_command(step, broker, CommandRefusal::TopicNotExist);
                    }
                }
            }
            Action::DeleteTopic { topic, brokers } => {
                for broker in self.reached(step, brokers) {
                    self.delete_topic(broker, *topic);
                }
                brokers.iter().for_each(|&broker| self.forget_topic(broker, *topic));
            }
            Action::CreateTopic { topic, queues } => {
                for on in queues {
                    for broker in self.reached(step, &[on.broker]) {
                        let (keeper, out) = self.keeper(broker);
                        keeper.create_topic(out, *topic, (on.read_queue_nums, on.write_queue_nums));
                    }
                }
            }
            Action::SetBrokerPermission { brokers, permission } => {
                for broker in self.reached(step, brokers) {
                    let (keeper, out) = self.keeper(broker);
                    keeper.change_broker_permission(out, *permission);
                }
            }
            Action::SetGroup { group, brokers, change } => {
                for broker in self.reached(step, brokers) {
                    let (keeper, out) = self.keeper(broker);
                    keeper.set_group(out, *group, change);
                }
            }
            Action::DeleteGroup { group, brokers, remove_offset, everywhere } => {
                for broker in self.reached(step, brokers) {
                    let (keeper, out) = self.keeper(broker);
                    keeper.delete_group(out, *group, *remove_offset);
                    for topic in [self.out.names.retry_topic(*group), self.out.names.dead_letter_topic(*group)] {
                        if *everywhere {
                            self.delete_topic(broker, topic);
                            self.forget_topic(broker, topic);
                        }
                    }
                }
            }
            &Action::SetMode { group, topic, ref brokers, mode, share } => {
                for broker in self.reached(step, brokers) {
                    let (keeper, out) = self.keeper(broker);
                    if let Err(why) = keeper.set_request_mode(out, (group, topic), (mode, share)) {
                        self.out.refuse_command(step, broker, why);
                    }
                }
            }
            Action::ResetOffsets(reset) => self.reset_offsets(step, reset),
            other => unreachable!("{other:?} is not done with a tool"),
        }
    }

    /// The broker that has the log of a name, and what is outside of it.
    pub(super) fn keeper(&mut self, name: BrokerIndex) -> (&mut Broker, &mut Outside<'a>) {
        let keeper = self.out.replicas.keeper(name);
        (&mut self.brokers[keeper.at()], &mut self.out)
    }

    /// `deleteTopicInNameServer`, of every name server that runs.
    fn forget_topic(&mut self, name: BrokerIndex, topic: TopicIndex) {
        for name_server in &mut self.name_servers {
            name_server.forget_topic(&mut self.out, name, topic);
        }
    }

    /// The brokers of a command that run; of the others it is said that nothing changed there.
    fn reached(&mut self, step: u32, brokers: &[BrokerIndex]) -> Vec<BrokerIndex> {
        let runs = |world: &Self, name: BrokerIndex| {
            world.out.machines[world.out.broker_host(world.out.replicas.keeper(name)).at()].running
        };
        let (up, away): (Vec<_>, Vec<_>) = brokers.iter().partition(|name| runs(self, **name));
        away.into_iter().for_each(|name| self.out.refuse_command(step, name, CommandRefusal::BrokerAway));
        up
    }
}
