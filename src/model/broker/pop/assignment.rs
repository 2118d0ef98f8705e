//! QUERY_ASSIGNMENT: a broker says who consumes what (`QueryAssignmentProcessor.doLoadBalance`).
//!
//! ```text
//!   client --QUERY_ASSIGNMENT--> broker    its own route of the topic, polled every 30 s, asked for where it has none
//!                                          its own list of the group's members, its own request mode
//!   PULL   what the strategy gives; to one that is not in the list nothing
//!   POP    s <= 0 or s >= C - 1:  all queues of each broker, whoever asks
//!          C <= N:                what the strategy gives to the asker and to the next s members
//!          C > N:                 one queue, the asker's position among them
//! ```
//! `None` is an answer too: the client keeps what it has, and asks again a second later.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Broker;
use crate::kernel::{Instant, Span};
use crate::model::event::{BrokerEvent, BrokerTask};
use crate::model::ids::{ConnectionId, MemberViewId, ViewId};
use crate::model::names::QueuePlace;
use crate::model::network::{
    Assigned, AssignedQueue, CallError, CallId, QueryAssignment, Request, RequestMode, Response, Route, Waiter,
};
use crate::model::observation::QueueIndex;
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerPlan, MessageModel, NameServerIndex, TopicIndex};

/// A broker asks a name server for so long.
const ROUTE_TIMEOUT: Span = Span::from_secs(3);
/// `TopicRouteInfoManager` polls for the first time so long after the broker began.
const FIRST_POLL: Span = Span::from_secs(1);
/// `allocateMessageQueueStrategy` of the processor: it knows no others.
const STRATEGIES: [&str; 2] = ["AVG", "AVG_BY_CIRCLE"];

/// A question that waits for a route.
#[derive(Debug, Clone, Copy)]
struct Asked {
    connection: ConnectionId,
    call: Option<CallId>,
    question: QueryAssignment,
}

/// `TopicRouteInfoManager`.
#[derive(Debug, Default)]
pub(super) struct Routes {
    began: Instant,
    known: BTreeMap<TopicIndex, Route>,
    asked: BTreeMap<TopicIndex, Vec<Asked>>,
    polls: bool,
}

impl Routes {
    pub fn began(&mut self, now: Instant) {
        self.began = now;
    }
}

impl Broker {
    /// `QUERY_ASSIGNMENT`.
    pub(in crate::model::broker) fn query_assignment(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: Option<CallId>,
        question: QueryAssignment,
    ) {
        self.begin_polls(out);
        let topic = question.topic;
        if let Some(route) = self.pop.routes.known.get(&topic).cloned() {
            return self.answer_assignment(out, Asked { connection, call, question }, Some(&route));
        }
        let asked = self.pop.routes.asked.entry(topic).or_default();
        asked.push(Asked { connection, call, question });
        if asked.len() == 1 {
            self.ask_route(out, topic);
        }
    }

    fn begin_polls(&mut self, out: &mut Outside<'_>) {
        if std::mem::replace(&mut self.pop.routes.polls, true) {
            return;
        }
        let interval = self.pop_settings(out).load_balance_poll_name_server_interval;
        let (first, now) = (self.pop.routes.began + FIRST_POLL, out.now());
        let over = now.since(first).as_nanos().next_multiple_of(interval.as_nanos());
        let task = BrokerTask::LoadBalanceRoutes;
        out.agenda
            .schedule(first + Span::from_nanos(over), self.in_this_life(out, BrokerEvent::BrokerTaskDue { task }));
    }

    /// The poll of all topics that were ever asked for.
    pub(in crate::model::broker) fn poll_load_balance_routes(&mut self, out: &mut Outside<'_>) {
        let topics: Vec<TopicIndex> = self.pop.routes.known.keys().copied().collect();
        topics.into_iter().for_each(|topic| self.ask_route(out, topic));
    }

    fn ask_route(&self, out: &mut Outside<'_>, topic: TopicIndex) {
        let (broker, host) = (self.index, self.host(out));
        let epoch = out.epoch(host);
        let name_server = NameServerIndex::of(broker.at() % out.plan.name_servers.len());
        let to = out.name_server_host(name_server);
        let waiter = Waiter::LoadBalanceRoute { broker, epoch, topic };
        out.call(host, to, Request::GetRoute { topic }, ROUTE_TIMEOUT, waiter);
    }

    /// A name server answered: a topic that is not there is forgotten, and nothing changes where there is no answer.
    pub(in crate::model) fn load_balance_route_answered(
        &mut self,
        out: &mut Outside<'_>,
        topic: TopicIndex,
        answer: Result<Response, CallError>,
    ) {
        let normal = topic.at() < out.names.planned_topic_count();
        let routes = &mut self.pop.routes;
        match answer {
            Ok(Response::Route(Some(route))) => drop(routes.known.insert(topic, route)),
            Ok(Response::Route(None)) if normal => drop(routes.known.remove(&topic)),
            _ => {}
        }
        let known = routes.known.get(&topic).cloned();
        for asked in routes.asked.remove(&topic).unwrap_or_default() {
            self.answer_assignment(out, asked, known.as_ref());
        }
    }

    fn answer_assignment(&mut self, out: &mut Outside<'_>, asked: Asked, route: Option<&Route>) {
        let assigned = route.and_then(|route| self.load_balance(out, &asked.question, route));
        out.respond(asked.connection, asked.call, Response::Assignment(assigned.map(Rc::new)));
    }

    /// `doLoadBalance`.
    fn load_balance(
        &mut self,
        out: &mut Outside<'_>,
        question: &QueryAssignment,
        route: &Route,
    ) -> Option<Vec<Assigned>> {
        let QueryAssignment { group, topic, client, strategy, message_model } = *question;
        let (mode, share) = self.request_mode(out, group, topic);
        let mut queues: Vec<QueueIndex> = Vec::new();
        for entry in route.iter() {
            for queue_id in 0..entry.read_queue_nums {
                queues.push(out.names.intern_queue(QueuePlace { topic, broker: entry.broker, queue_id }));
            }
        }
        let view = out.views.queues(queues, &out.names);
        let sorted = out.views.queue_list(view).to_vec();
        let balances = self.pop_settings(out).server_load_balancer_enable;
        let mine = if message_model == MessageModel::Broadcasting || !balances {
            all(&sorted)
        } else {
            let members = self.consumer_list(out, group)?;
            let plan = plan_of(out, strategy)?;
            let dealt =
                |out: &mut Outside<'_>, position: usize| dealt_to(out, (plan, strategy), (members, view), position);
            let count = out.views.member_count(members);
            let position = out.views.position(members, client);
            match (mode, position) {
                (RequestMode::Pop, _) if share <= 0 || share as usize + 1 >= count => all_of_each(out, topic, &sorted),
                (_, None) => Vec::new(),
                (RequestMode::Pull, Some(position)) => all(&dealt(out, position)?),
                (RequestMode::Pop, Some(position)) if count <= sorted.len() => {
                    let mut shared = Vec::new();
                    for step in 0..=share as usize {
                        shared.extend(dealt(out, (position + step) % count)?);
                    }
                    let view = out.views.queues(shared, &out.names);
                    all(out.views.queue_list(view))
                }
                (RequestMode::Pop, Some(position)) => sorted
                    .get(position % sorted.len().max(1))
                    .map(|&queue| AssignedQueue::One(queue))
                    .into_iter()
                    .collect(),
            }
        };
        Some(mine.into_iter().map(|queue| Assigned { queue, mode }).collect())
    }
}

fn all(queues: &[QueueIndex]) -> Vec<AssignedQueue> {
    queues.iter().map(|&queue| AssignedQueue::One(queue)).collect()
}

/// Queue -1 of every broker that has one of these.
fn all_of_each(out: &Outside<'_>, topic: TopicIndex, queues: &[QueueIndex]) -> Vec<AssignedQueue> {
    let mut brokers: Vec<_> = queues.iter().map(|queue| out.names.queue(*queue).broker).collect();
    brokers.dedup();
    brokers.into_iter().map(|broker| AssignedQueue::AllOf(broker, topic)).collect()
}

/// Who has a strategy in the plan that the processor knows; none: it knows it not, and the asker hears nothing.
fn plan_of<'a>(out: &Outside<'a>, strategy: usize) -> Option<&'a ConsumerPlan> {
    let plan = out.plan;
    let planned = plan.consumers.iter().chain(&plan.releases).nth(strategy)?;
    let name = planned.consumer.allocate_message_queue_strategy.name();
    STRATEGIES.contains(&name.as_str()).then_some(planned)
}

/// What a strategy gives to the member at a position of the list.
fn dealt_to(
    out: &mut Outside<'_>,
    (plan, number): (&ConsumerPlan, usize),
    (members, view): (MemberViewId, ViewId),
    position: usize,
) -> Option<Vec<QueueIndex>> {
    let group = out.names.group(plan.group).to_owned();
    let strategy = plan.consumer.allocate_message_queue_strategy.as_ref();
    let dealt = out.views.allocate((number, strategy), (plan.group, &group), (members, view), &out.names);
    dealt.shares.get(position).cloned().flatten()
}
