//! A pull whose broker the client does not know asks a name server for the route of its topic, and looks once more
//! (`PullAPIWrapper.pullKernelImpl`).
//!
//! The request is synchronous: the one pull thread of a push consumer waits for it, and with it the pulls of all other
//! queues; of a consumer that pulls, the task's own thread does.

use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::{Consumer, State};
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Response, Waiter};
use crate::model::outside::Outside;
use crate::model::plan::TopicIndex;

impl Consumer {
    fn topic_of_pull(&self, out: &Outside<'_>, process_queue: u32) -> TopicIndex {
        out.names.queue(self.process_queues[process_queue as usize].queue).topic
    }

    /// Whether the route has to be asked for before this can be pulled: its broker is not known, though its topic is
    /// subscribed.
    pub(super) fn pull_looks_for_broker(&mut self, out: &Outside<'_>, process_queue: u32) -> bool {
        let place = out.names.queue(self.process_queues[process_queue as usize].queue);
        let looks = self.subscription(place.topic).is_some() && self.master_or_any(place.broker).is_none();
        if looks {
            self.orderly.without_broker.push(process_queue);
            match self.service {
                ConsumeMessageService::LitePull => self.pull_task_asks(),
                _ => self.pull_thread_waits(process_queue),
            }
        }
        looks
    }
}

impl ClientProcess {
    /// What pulls of a consumer have found missing in this moment is asked for.
    pub(in crate::model) fn pulls_ask_for_routes(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = &mut self.consumers[at];
        for process_queue in std::mem::take(&mut consumer.orderly.without_broker) {
            let (topic, (_, epoch)) = (consumer.topic_of_pull(out, process_queue), consumer.seat(out));
            let waiter = Waiter::PullRoute { consumer: consumer.index, epoch, process_queue };
            self.instance.ask_name_server(out, topic, waiter);
        }
    }

    /// The route has come, or has not: the pull is made, or comes again later.
    pub(in crate::model) fn pull_route_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let topic = self.consumers[at].topic_of_pull(out, process_queue);
        self.take_route(out, at, topic, answer);
        let consumer = &mut self.consumers[at];
        if matches!(consumer.state, State::Unregistered | State::Disconnected) {
            return;
        }
        let pulls = consumer.service == ConsumeMessageService::LitePull;
        if pulls {
            consumer.pull_task_goes_on();
        }
        consumer.pull_kernel(out, process_queue);
        match pulls {
            true => consumer.next_pull_tasks(out, process_queue),
            false => consumer.pull_thread_is_free(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::ConsumerEvent;
    use crate::model::instance::testing::{at, hold, pulls, route, running, sent};
    use crate::model::observation::{Observation, PullTrouble};
    use crate::model::plan::BrokerIndex;
    use crate::model::testing::{hear, outside, plan};

    /// What the name server answers, and what becomes of two pulls: the second waits for the thread of the first.
    #[test]
    fn a_pull_without_a_broker_asks_for_the_route_first() {
        let known = || Ok(Response::Route(Some(route(&[BrokerIndex(0)]))));
        type Answers<'a> = &'a dyn Fn() -> Result<Response, CallError>;
        let rows: [(Answers<'_>, bool); 3] =
            [(&known, true), (&|| Ok(Response::Route(None)), false), (&|| Err(CallError::TimedOut), false)];
        for (answers, found) in rows {
            let plan = plan(1);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let numbers = [0, 1].map(|id| hold(&mut out, &mut process, id, 0));
            process.consumers[0].brokers.clear();
            process.instance.routes.clear();
            for process_queue in numbers {
                process.consumer_event(&mut out, 0, ConsumerEvent::PullDue { process_queue });
            }
            let heard = hear(&mut out, at(10));
            assert_eq!(sent(&out, &heard), ["NameServer(0): route 0"], "one thread");
            process.answered(
                &mut out,
                0,
                Waiter::PullRoute { consumer: process.consumers[0].index, epoch: 0, process_queue: 0 },
                answers(),
            );
            let heard = hear(&mut out, at(20));
            let words = sent(&out, &heard);
            match found {
                true => assert!(words.len() == 2 && words.iter().all(|word| word.contains("pull")), "{words:?}"),
                false => assert_eq!(words, ["NameServer(0): route 0"], "the next one asks too"),
            }
            let trouble = heard
                .seen
                .iter()
                .any(|seen| matches!(seen, Observation::PullTroubled { trouble: PullTrouble::BrokerUnreachable, .. }));
            assert_eq!(trouble, !found);
            let later = if found { vec![] } else { vec![(1_010, 0)] };
            assert_eq!(pulls(&hear(&mut out, at(1_015))), later);
        }
    }
}
