//! Who is there: one broker of the topic's route is asked (`consumer/consumer.go:findConsumerList`).
//!
//! Only an answer that does not come keeps the queues. The code of an answer is not looked at: the error of a broker that
//! does not know the group has no body, which is an empty list, and of an empty list every queue of the topic is given up.

use crate::model::go_client::rebalance::Phase;
use crate::model::go_client::routes::RouteFor;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{Detail, Observation, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;

impl ClientProcess {
    /// `findConsumerList` asks for a route first where no broker of the topic is known.
    pub(super) fn go_find_members(&mut self, out: &mut Outside<'_>) {
        let at = self.go_run().at;
        if out.is_broadcasting(self.consumers[at].index) {
            return self.go_take_all(out);
        }
        match self.go_broker_of_topic(out) {
            Some(broker) => self.go_ask_members(out, broker),
            None => {
                let topic = self.go_run().topic;
                self.go_run().phase = Phase::Route;
                self.go_ask_route(out, topic, RouteFor::Rebalance);
            }
        }
    }

    /// `FindBrokerAddrByTopic`: a random broker of the route, the master, else any.
    fn go_broker_of_topic(&mut self, out: &mut Outside<'_>) -> Option<BrokerIndex> {
        let (at, topic) = (self.go_run().at, self.go_run().topic);
        let route = self.instance.routes.get(&topic).cloned().filter(|route| !route.is_empty())?;
        let client = &mut self.consumers[at];
        let chosen = client.broker_choice.below(route.len() as u64) as usize;
        let (broker, of) = (route[chosen].broker, route.len() as u32);
        out.see_detail(Detail::ListAsked { topic, broker, of });
        // What `cleanOfflineBroker` has taken out of the shared map of addresses is gone from the cached route too.
        client.master_or_any(broker)
    }

    fn go_ask_members(&mut self, out: &mut Outside<'_>, broker: BrokerIndex) {
        let at = self.go_run().at;
        let (consumer, group) = (self.instance.owner, self.consumers[at].group);
        let (host, epoch) = out.instance_seat(consumer);
        self.go_run().phase = Phase::List(broker);
        let timeout = out.planned(consumer).client.mq_client_api_timeout;
        let request = Request::GetConsumerList { group };
        out.call(host, out.broker_host(broker), request, timeout, Waiter::Rebalance { consumer, epoch });
    }

    /// The route has come, or has not.
    pub(super) fn go_member_route_answered(&mut self, out: &mut Outside<'_>) {
        if self.go_run_is_gone() {
            return self.go_next_consumer(out);
        }
        match self.go_broker_of_topic(out) {
            Some(broker) => self.go_ask_members(out, broker),
            None => self.go_no_list(out, None),
        }
    }

    fn go_no_list(&mut self, out: &mut Outside<'_>, broker: Option<BrokerIndex>) {
        let (at, topic) = (self.go_run().at, self.go_run().topic);
        let consumer = self.consumers[at].index;
        let found = TopicRebalance::NoList;
        out.see(Observation::TopicRebalanced { consumer, topic, broker, found });
        self.go_topic_done(out);
    }

    /// The list, an error, or nothing.
    pub(super) fn go_list_answered(
        &mut self,
        out: &mut Outside<'_>,
        broker: BrokerIndex,
        answer: Result<Response, CallError>,
    ) {
        let (at, topic, queues) = (self.go_run().at, self.go_run().topic, self.go_run().queues);
        let queues = queues.expect("a topic without queues is passed over");
        let consumer = self.consumers[at].index;
        let nobody = TopicRebalance::NotInList { members: 0 };
        let (found, mine) = match answer {
            Err(_) => return self.go_no_list(out, Some(broker)),
            Ok(Response::ConsumerList(Some(members))) => match self.consumers[at].allocate(out, members, queues) {
                Some((found, mine, left_out)) => {
                    let (strategy, members) = (self.consumers[at].strategy, out.views.member_list(members));
                    out.see(Observation::Viewed { consumer, topic, broker, members, queues, strategy, left_out });
                    (found, mine)
                }
                // Where a strategy of Java throws, that of Go answers with nothing.
                None => (TopicRebalance::StrategyFailed, Vec::new()),
            },
            Ok(_) => (nobody, Vec::new()),
        };
        out.see(Observation::TopicRebalanced { consumer, topic, broker: Some(broker), found });
        let in_list = !matches!(found, TopicRebalance::NotInList { .. });
        self.go_update_table(out, queues, mine, in_list);
    }
}
