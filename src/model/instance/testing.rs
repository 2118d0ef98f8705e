//! For tests of one process: its consumers run, and know the route of the one topic.

use crate::model::ids::{AddressNumber, ConsumerIndex, NameServerIndex, TopicIndex};
use std::rc::Rc;

use super::ClientProcess;
use crate::kernel::{Instant, Span};
use crate::model::consumer::State;
use crate::model::consumer::process_queue::ProcessQueue;
use crate::model::event::{ConsumerEvent, Event, InstanceEvent};
use crate::model::network::{Payload, Request, Response, Route, RouteEntry};
use crate::model::observation::QueueIndex;
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, GroupIndex, Host, Plan};
use crate::model::replicas::Addresses;
use crate::model::testing::{self, Heard};

/// The plan of so many consumers in one process, each of a group of its own: their strategies, topics and settings are
/// those of [`testing::plan`].
pub(in crate::model) fn shared(consumers: u16) -> Plan {
    let mut plan = testing::plan(consumers);
    for at in 1..usize::from(consumers) {
        let mut group = plan.groups[0].clone();
        group.name = format!("group{at}");
        plan.groups.push(group);
        plan.consumers[at].group = GroupIndex::of(at);
        plan.consumers[at].instance_of = Some(ConsumerIndex(0));
    }
    plan
}

/// The route of a topic with four queues on each of these brokers.
pub(in crate::model) fn route(brokers: &[BrokerIndex]) -> Route {
    let entry = |&broker: &BrokerIndex| {
        let mut addresses = Addresses::default();
        addresses.put(0, broker, AddressNumber::MIN);
        RouteEntry { broker, read_queue_nums: 4, write_queue_nums: 4, addresses }
    };
    Rc::new(brokers.iter().map(entry).collect())
}

/// The first process of the plan, running, with connections to all brokers, the route of topic 0, and nothing on its
/// threads.
pub(in crate::model) fn running(out: &mut Outside<'_>) -> ClientProcess {
    let mut process = ClientProcess::all(out).swap_remove(0);
    let owner = process.instance.owner;
    let brokers: Vec<BrokerIndex> = BrokerIndex::first(out.plan.brokers.len()).collect();
    for &broker in &brokers {
        testing::connect(out, Host::Consumer(owner), Host::Broker(broker));
    }
    testing::connect(out, Host::Consumer(owner), Host::NameServer(NameServerIndex(0)));
    for consumer in &mut process.consumers {
        let planned = out.planned(consumer.index);
        consumer.subscribe(planned, &out.names, 1);
        consumer.pool.open(planned.consumer.consume_thread_min);
        consumer.state = State::Running;
    }
    process.take_route(out, 0, TopicIndex(0), Ok(Response::Route(Some(route(&brokers)))));
    testing::hear(out, out.now());
    process
}

/// The number of a queue of topic 0 on broker 0.
pub(in crate::model) fn queue(out: &mut Outside<'_>, queue_id: u32) -> QueueIndex {
    out.names.intern_queue(crate::model::names::QueuePlace { topic: TopicIndex(0), broker: BrokerIndex(0), queue_id })
}

/// When the rebalance thread wakes next, in ms from now on.
pub(in crate::model) fn wakes(heard: &Heard) -> Vec<u64> {
    let woken = |(at, event): &(Instant, _)| match event {
        Event::Instance { what: InstanceEvent::RebalanceWoken, .. } => Some(at.since(Instant::ZERO).as_millis()),
        _ => None,
    };
    heard.due.iter().filter_map(woken).collect()
}

/// When pulls of these process queues are due.
pub(in crate::model) fn pulls(heard: &Heard) -> Vec<(u64, u32)> {
    let due = |(at, event): &(Instant, _)| match event {
        Event::Consumer { what: ConsumerEvent::PullDue { process_queue }, .. } => {
            Some((at.since(Instant::ZERO).as_millis(), *process_queue))
        }
        _ => None,
    };
    heard.due.iter().filter_map(due).collect()
}

/// The words of what was sent: enough to see in which order, and to whom.
pub(in crate::model) fn sent(out: &Outside<'_>, heard: &Heard) -> Vec<String> {
    let requests = heard.arrived.iter().filter_map(|(connection, payload)| match payload {
        Payload::Request(_, request) => Some((out.connections[*connection].server, request)),
        _ => None,
    });
    let word = |request: &Request| match request {
        Request::Heartbeat { consumers, .. } => format!("heartbeat of {}", consumers.len()),
        Request::GetRoute { topic } => format!("route {topic}"),
        Request::GetConsumerList { .. } => "list".to_owned(),
        Request::QueryOffset { queue, .. } => format!("query {queue}"),
        Request::UpdateOffset { queue, offset, .. } => format!("commit {queue} at {offset}"),
        Request::GetMaxOffset { queue } => format!("maximum of {queue}"),
        Request::SearchOffset { queue, .. } => format!("search {queue}"),
        Request::Pull(pull) => format!("pull {} from {}", pull.queue, pull.offset),
        Request::LockBatch { queues, .. } => format!("lock {queues:?}"),
        Request::UnlockBatch { queues, .. } => format!("unlock {queues:?}"),
        Request::SendBack { queue, offset, .. } => format!("send back {offset} of {queue}"),
        other => format!("{other:?}"),
    };
    requests.map(|(server, request)| format!("{:?}: {}", out.role(server), word(request))).collect()
}

/// A moment of the test.
pub(in crate::model) fn at(ms: u64) -> Instant {
    Instant::ZERO + Span::from_millis(ms)
}

/// A process queue of the first consumer with so many messages of the log, each of as many bytes as its offset says.
pub(in crate::model) fn hold(out: &mut Outside<'_>, process: &mut ClientProcess, queue_id: u32, count: u32) -> u32 {
    let queue = queue(out, queue_id);
    out.logs[0].fill(queue, 0..count);
    let mut held = ProcessQueue::new(queue, 0, out.client_clock(process.consumers[0].index));
    held.put(0, count, 0, |offset| offset as u32);
    held.next_offset = count.into();
    let consumer = &mut process.consumers[0];
    consumer.process_queues.push(held);
    let number = consumer.process_queues.len() as u32 - 1;
    consumer.table.insert(queue, number);
    number
}
