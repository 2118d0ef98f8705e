//! A producer's route: polled, asked for where a queue is missing, and that of `TBW102` where nobody has the topic
//! (`MQClientInstance.updateTopicRouteInfoFromNameServer`, `DefaultMQProducerImpl.tryToFindTopicPublishInfo`).

use super::Producer;
use crate::kernel::Span;
use crate::model::event::ProducerEvent;
use crate::model::ids::NameServerIndex;
use crate::model::names::QueuePlace;
use crate::model::network::{CallError, Request, Response, Route, Waiter};
use crate::model::observation::{Observation, SendFailure};
use crate::model::outside::Outside;
use crate::model::plan::TopicIndex;

/// How long a producer waits for its route.
const ROUTE_TIMEOUT: Span = Span::from_secs(3);

impl Producer {
    /// The route timer.
    pub(super) fn route_polled(&mut self, out: &mut Outside) {
        self.ask_route(out);
        let interval = out.plan.producers[self.index.at()].poll_name_server_interval;
        out.after(interval, ProducerEvent::ProducerRoutePolled.of(self.index));
    }

    pub(super) fn ask_route(&mut self, out: &mut Outside) {
        if std::mem::replace(&mut self.asking, true) {
            return;
        }
        let topic = out.plan.producers[self.index.at()].topic;
        let from = out.producer_host(self.index);
        let chosen = out.name_server_of(from, self.name_server);
        self.name_server = chosen;
        let to = out.name_server_host(NameServerIndex(chosen.0));
        out.call(
            from,
            to,
            Request::GetRoute { topic },
            ROUTE_TIMEOUT,
            Waiter::ProducerRoute { producer: self.index, topic },
        );
    }

    /// A route came; none, or no answer, leaves the old one.
    pub(in crate::model) fn route_answered(
        &mut self,
        out: &mut Outside,
        topic: TopicIndex,
        answer: Result<Response, CallError>,
    ) {
        self.asking = false;
        let unknown = matches!(answer, Ok(Response::Route(None)));
        if unknown && self.queues.is_empty() && out.is_made_nowhere(topic) {
            return self.ask_default_route(out);
        }
        let Ok(Response::Route(Some(route))) = answer else { return self.route_missed(out) };
        self.take_route(out, topic, route);
    }

    /// `tryToFindTopicPublishInfo`: name servers do not know the topic, and brokers that make topics by themselves may have
    /// what is sent.
    fn ask_default_route(&mut self, out: &mut Outside) {
        let topic = out.plan.producers[self.index.at()].topic;
        let (from, to) = (out.producer_host(self.index), out.name_server_host(NameServerIndex(0)));
        let waiter = Waiter::ProducerDefaultRoute { producer: self.index, topic };
        out.call(from, to, Request::GetDefaultRoute, ROUTE_TIMEOUT, waiter);
    }

    /// The route of `TBW102` came: it counts until the topic has one.
    pub(in crate::model) fn default_route_answered(
        &mut self,
        out: &mut Outside,
        topic: TopicIndex,
        answer: Result<Response, CallError>,
    ) {
        match answer {
            Ok(Response::Route(Some(route))) if self.queues.is_empty() => {
                self.take_route(out, topic, route);
            }
            _ => self.route_missed(out),
        }
    }

    /// What waited for a first route has none (`sendDefaultImpl`: "No route info of this topic").
    fn route_missed(&mut self, out: &mut Outside) {
        for (sent, _) in std::mem::take(&mut self.unrouted) {
            out.see(Observation::SendFailed { sent, broker: None, why: SendFailure::NoRoute });
        }
    }

    fn take_route(&mut self, out: &mut Outside, topic: TopicIndex, route: Route) {
        if self.route.as_ref() == Some(&route) {
            return;
        }
        let mut queues = Vec::new();
        for entry in route.iter().filter(|entry| entry.addresses.master().is_some()) {
            for queue_id in 0..entry.write_queue_nums {
                queues.push(out.names.intern_queue(QueuePlace { topic, broker: entry.broker, queue_id }));
            }
        }
        out.learn_addresses(out.producer_host(self.index), &route);
        self.queues = queues;
        self.route = Some(route);
        for (sent, attempt) in std::mem::take(&mut self.unrouted) {
            self.send_message(out, sent, attempt, None);
        }
    }
}
