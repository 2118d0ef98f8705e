//! `RebalanceImpl.getRebalanceResultFromBroker`: a broker says who has what of a topic, and whether it is pulled or popped.
//!
//! A query that fails, and one that is answered with nothing, change nothing: the topic is not balanced, and the next
//! rebalance comes in a second, for ever.

use std::rc::Rc;

use crate::kernel::Span;
use crate::model::instance::ClientProcess;
use crate::model::instance::rebalance_service::Phase;
use crate::model::network::{Assigned, CallError, QueryAssignment, Request, Response, Waiter};
use crate::model::observation::{Observation, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;

/// How often a client before 5.3.2 tries brokers before it deals a topic itself (`TIMEOUT_CHECK_TIMES`).
const TRIES: u32 = 3;

/// The time-out of the first try; the second has twice as much, and the third three times.
const FIRST_TRY: Span = Span::from_secs(1);

impl ClientProcess {
    /// `MQClientInstance.queryAssignment`, behind the route.
    pub(super) fn query_assignment(&mut self, out: &mut Outside<'_>, at: usize) {
        let topic = self.instance.rebalancing().topic;
        match self.consumers[at].tries_brokers(out, topic) {
            true => self.try_query_assignment(out, at, 1),
            false => self.ask_assignment(out, at),
        }
    }

    /// `tryQueryAssignment`.
    fn try_query_assignment(&mut self, out: &mut Outside<'_>, at: usize, tries: u32) {
        let Some(broker) = self.any_broker_of_topic(out, at) else {
            // No route is no failure: it counts as an answer.
            return self.assignment_tried(out, at, tries, Ok(Response::Assignment(None)));
        };
        self.instance.rebalancing().phase = Phase::TryingAssignment(tries);
        let timeout = (0..tries).fold(Span::ZERO, |sum, _| sum + FIRST_TRY);
        self.send_query(out, at, broker, timeout);
    }

    /// A try was answered, or failed: with an answer brokers deal the topic as long as the client lives; time-outs are
    /// tried again, and any other failure, and the third time-out, make the client deal it as long as it lives.
    pub(super) fn assignment_tried(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        tries: u32,
        answer: Result<Response, CallError>,
    ) {
        let topic = self.instance.rebalancing().topic;
        match answer {
            Ok(Response::Assignment(_)) => {
                self.consumers[at].popping.by_brokers.insert(topic);
                self.ask_assignment(out, at);
            }
            Err(CallError::TimedOut) if tries < TRIES => self.try_query_assignment(out, at, tries + 1),
            _ => {
                let consumer = self.consumers[at].index;
                self.consumers[at].popping.by_client.insert(topic);
                out.see(Observation::DealtByClient { consumer, topic });
                self.rebalance_topic(out, at);
            }
        }
    }

    /// `queryAssignment`: one random broker of the topic is asked.
    fn ask_assignment(&mut self, out: &mut Outside<'_>, at: usize) {
        let Some(broker) = self.any_broker_of_topic(out, at) else { return self.no_assignment(out, at, None) };
        self.instance.rebalancing().phase = Phase::AskingAssignment(broker);
        let timeout = out.planned(self.consumers[at].index).client.mq_client_api_timeout;
        self.send_query(out, at, broker, timeout);
    }

    fn send_query(&mut self, out: &mut Outside<'_>, at: usize, broker: BrokerIndex, timeout: Span) {
        let client = &self.consumers[at];
        let consumer = client.index;
        let (host, epoch) = out.instance_seat(consumer);
        let request = Request::QueryAssignment(QueryAssignment {
            group: client.group,
            topic: self.instance.rebalancing().topic,
            client: client.client,
            strategy: client.strategy,
            message_model: out.planned(consumer).consumer.message_model,
        });
        let to = out.broker_host(broker);
        out.call(host, to, request, timeout, Waiter::Rebalance { consumer, epoch });
    }

    /// A broker answered, or did not.
    pub(super) fn assignment_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        broker: BrokerIndex,
        answer: Result<Response, CallError>,
    ) {
        let assigned: Option<Rc<Vec<Assigned>>> = match answer {
            Ok(Response::Assignment(assigned)) => assigned,
            _ => None,
        };
        let Some(assigned) = assigned else { return self.no_assignment(out, at, Some(broker)) };
        self.hear_notifications(out);
        let (consumer, instance) = (&mut self.consumers[at], &mut self.instance);
        let step = consumer.update_assignment(out, instance, (broker, assigned));
        self.rebalance_goes_on(out, at, step);
    }

    /// Nothing is known: everything stays as it is.
    pub(super) fn no_assignment(&mut self, out: &mut Outside<'_>, at: usize, broker: Option<BrokerIndex>) {
        let consumer = self.consumers[at].index;
        let topic = self.instance.rebalancing().topic;
        out.see(Observation::TopicRebalanced { consumer, topic, broker, found: TopicRebalance::NoAssignment });
        self.instance.rebalancing().balanced = false;
        self.rebalance_next_topic(out, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::TopicIndex;
    use crate::model::instance::testing::{at, running, sent, wakes};
    use crate::model::network::AssignedQueue;
    use crate::model::observation::RequestMode;
    use crate::model::testing::{hear, outside, plan};

    /// The answers to a topic's query, and whether the topic is balanced then.
    #[test]
    fn what_fails_or_says_nothing_is_asked_again_in_a_second() {
        let all = AssignedQueue::AllOf(BrokerIndex(0), TopicIndex(0));
        let assigned = Assigned { queue: all, mode: RequestMode::Pop };
        let rows = [
            (Err(CallError::TimedOut), 0, 1_000),
            (Err(CallError::Unreachable), 0, 1_000),
            (Ok(Response::Refused), 0, 1_000),
            (Ok(Response::Assignment(None)), 0, 1_000),
            (Ok(Response::Assignment(Some(Rc::new(vec![])))), 0, 20_000),
            (Ok(Response::Assignment(Some(Rc::new(vec![assigned])))), 1, 20_000),
        ];
        for (answer, popped, again) in rows {
            let mut plan = plan(1);
            plan.consumers[0].consumer.pop.client_rebalance = false;
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            process.consumers[0].subscriptions.retain(|subscription| subscription.topic == TopicIndex(0));
            hear(&mut out, at(5_000));
            process.rebalance_woken(&mut out);
            let heard = hear(&mut out, at(5_010));
            let [question] = &sent(&out, &heard)[..] else { panic!("one question") };
            assert!(question.contains("QueryAssignment"), "{question}");
            let said = format!("{answer:?}");
            process.rebalance_answered(&mut out, 0, answer);
            while process.instance.rebalance.busy.is_some() {
                // The heartbeats behind a change.
                process.heartbeat_answered(&mut out, Ok(Response::Done));
            }
            let now = out.now().as_millis();
            let heard = hear(&mut out, at(60_000));
            assert_eq!(
                (process.consumers[0].popping.table.len(), wakes(&heard)),
                (popped, vec![now + again]),
                "{said}"
            );
        }
    }

    /// A client of 5.0 to 5.3.1 tries first; how the tries end, and who deals the topic then.
    #[test]
    fn older_clients_deal_a_topic_themselves_where_the_first_tries_fail() {
        let rows: [(&[Result<Response, CallError>], bool); 4] = [
            (&[Ok(Response::Assignment(None))], true),
            (&[Err(CallError::TimedOut), Err(CallError::TimedOut), Ok(Response::Assignment(None))], true),
            (&[Err(CallError::Unreachable)], false),
            (&[Err(CallError::TimedOut), Err(CallError::TimedOut), Err(CallError::TimedOut)], false),
        ];
        for (answers, by_brokers) in rows {
            let mut plan = plan(1);
            plan.consumers[0].consumer.pop.client_rebalance = false;
            plan.consumers[0].client.rules.try_query_assignment = true;
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            hear(&mut out, at(5_000));
            process.instance.rebalance_begun(&out, TopicIndex(0), true);
            process.rebalance_topic(&mut out, 0);
            for answer in answers {
                process.rebalance_answered(&mut out, 0, answer.clone());
            }
            let dealt = process.consumers[0].is_dealt_by_brokers(&out, TopicIndex(0));
            assert_eq!(dealt, by_brokers, "{answers:?}");
            let heard = hear(&mut out, at(5_100));
            let last = sent(&out, &heard).pop().expect("somebody is asked");
            assert_eq!(last.contains("QueryAssignment"), by_brokers, "{last}");
        }
    }
}
