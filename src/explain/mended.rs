//! What an operator mended between two ticks of a client's timer: the tick before could not do what this one did.

use super::link::Chain;
use crate::kernel::Occurrence;
use crate::model::event::Event;
use crate::model::observation::{Observation, Observed};
use crate::model::plan::{Action, ConsumerIndex, Host};

impl<'r> Chain<'_, 'r> {
    /// The last step of the story since a timer's tick before, if it took away what can keep a client from its queue.
    pub(super) fn mended(&self, event: &Occurrence<Event>, consumer: ConsumerIndex) -> Option<&'r Observed> {
        let mends = |what: &Observation| match what {
            Observation::StepTaken { step } => self.mends(&self.around.plan.timeline[*step as usize].action, consumer),
            _ => false,
        };
        self.record.last((self.since(event), event.at), mends)
    }

    fn mends(&self, action: &Action, consumer: ConsumerIndex) -> bool {
        let (group, topic, broker) = (self.around.group(), self.around.topic(), self.around.queue_broker());
        let asks = |host: &Host| matches!(host, Host::NameServer(_)) || *host == Host::Broker(broker);
        match action {
            Action::Heal { from, to } | Action::Release { from, to } => {
                let own = Host::Consumer(consumer);
                (from.contains(&own) && to.iter().any(asks)) || (to.contains(&own) && from.iter().any(asks))
            }
            Action::ResumeConsumer(who) => *who == consumer,
            Action::StartBroker { broker: started, .. } => *started == broker,
            Action::StartNameServer(_) => true,
            Action::SetGroup { group: of, brokers, .. } => *of == group && brokers.contains(&broker),
            Action::CreateTopic { topic: of, .. } => *of == topic,
            Action::SetPermission { topic: of, brokers, .. } => *of == topic && brokers.contains(&broker),
            Action::SetBrokerPermission { brokers, .. } => brokers.contains(&broker),
            Action::Subscribe { consumer: who, topic: of } => (*who, *of) == (consumer, topic),
            _ => false,
        }
    }
}
