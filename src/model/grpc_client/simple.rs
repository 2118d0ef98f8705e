//! A `SimpleConsumer`, and an application that receives, works and acknowledges, on so many threads
//! (`SimpleConsumerImpl.receive0`).
//!
//! Each receive() asks one broker: topics take turns, and of a topic its queues. It waits there, whatever another one has.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::queue::Queue;
use super::{AT, ClientProcess};
use crate::kernel::Span;
use crate::model::consumer::State;
use crate::model::event::GrpcTask;
use crate::model::network::{
    AssignedQueue, CallError, Endpoint, GrpcAssigned, GrpcRequest, GrpcResponse, GrpcWait, PoppedMessage, Receive,
    Request,
};
use crate::model::observation::{Observation, PopTrouble};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, SimpleConsumerSettings, TagSet, TopicIndex};

/// An application waits so long after an error before it receives again.
const AFTER_ERROR: Span = Span::from_secs(1);

/// What a thread of the application has.
#[derive(Debug, Default)]
struct Hands {
    messages: VecDeque<PoppedMessage>,
    /// Whom they came from.
    endpoint: Option<Endpoint>,
    /// Whom it asked last.
    asked: Option<(TopicIndex, BrokerIndex, Endpoint)>,
}

/// All threads, and where round robin is.
#[derive(Debug, Default)]
pub(super) struct Simple {
    threads: Vec<Hands>,
    /// `topicIndex`, and that of the queues of each topic.
    next_topic: u64,
    next_queue: BTreeMap<TopicIndex, u64>,
    /// Which broker was asked last of each topic.
    asked: BTreeMap<TopicIndex, BrokerIndex>,
    trouble: Option<PopTrouble>,
}

impl ClientProcess {
    fn grpc_simple<'a>(&self, out: &Outside<'a>) -> &'a SimpleConsumerSettings {
        self.grpc_settings(out).simple.as_ref().expect("it is a SimpleConsumer")
    }

    /// Each thread begins.
    pub(super) fn grpc_begin_receiving(&mut self, out: &mut Outside<'_>) {
        let threads = self.grpc().pool.len();
        let first = self.grpc().choices.below(1 << 31);
        let simple = &mut self.grpc().simple;
        simple.next_topic = first;
        simple.threads = (0..threads).map(|_| Hands::default()).collect();
        (0..threads).for_each(|thread| self.grpc_simple_receive(out, thread));
    }

    /// `receive()`.
    pub(super) fn grpc_simple_receive(&mut self, out: &mut Outside<'_>, thread: u32) {
        if self.consumers[AT].state != State::Running {
            return;
        }
        let topics: Vec<TopicIndex> = self.consumers[AT].subscriptions.iter().map(|known| known.topic).collect();
        let simple = &mut self.grpc().simple;
        let Some(&topic) = topics.get(simple.next_topic as usize % topics.len().max(1)) else { return };
        simple.next_topic += 1;
        let Some((broker, endpoint)) = self.grpc_take_message_queue(topic) else {
            self.grpc_fetch(out, topic, false);
            return self.grpc_later(out, AFTER_ERROR, GrpcTask::ReceiveAgain { thread });
        };
        self.grpc_receives_from(out, thread, (topic, broker, endpoint));
        let settings = *self.grpc_simple(out);
        let (group, timeout) = (self.consumers[AT].group, self.grpc_settings(out).request_timeout);
        let tags = self.consumers[AT].subscription(topic).map_or(TagSet::ALL, |known| known.tags);
        let deadline = settings.await_duration + timeout;
        let receive = Receive {
            group,
            topic,
            broker,
            max_messages: settings.max_message_num,
            poll: settings.await_duration,
            invisible: Some(settings.invisible_duration),
            tags,
            attempt_id: None,
            deadline,
        };
        let request = Request::Grpc(GrpcRequest::Receive(receive));
        self.grpc_call(out, endpoint, (request, deadline), GrpcWait::SimpleReceive { thread });
    }

    /// `SubscriptionLoadBalancer.takeMessageQueue`: the broker of the queue whose turn it is.
    fn grpc_take_message_queue(&mut self, topic: TopicIndex) -> Option<(BrokerIndex, Endpoint)> {
        let (route, local) = self.grpc().routes.get(&topic).cloned()?;
        let readable = route.iter().filter(|entry| entry.read_queue_nums > 0 && entry.addresses.master().is_some());
        let queues: Vec<(BrokerIndex, Endpoint)> = readable
            .flat_map(|entry| {
                let master = entry.addresses.master().expect("it has one");
                let endpoint = if local { Endpoint::Broker(master) } else { Endpoint::Dialled };
                std::iter::repeat_n((entry.broker, endpoint), entry.read_queue_nums as usize)
            })
            .collect();
        let first = self.grpc().choices.below(1 << 31);
        let next = self.grpc().simple.next_queue.entry(topic).or_insert(first);
        let taken = queues.get(*next as usize % queues.len().max(1)).copied();
        *next += 1;
        taken
    }

    /// Whoever receives of a topic shares all its queues with all who do: nobody owns one.
    pub(super) fn grpc_shares_all(&mut self, out: &mut Outside<'_>, topic: TopicIndex) {
        let consumer = self.consumers[AT].index;
        let Some((route, local)) = self.grpc().routes.get(&topic).cloned() else { return };
        for entry in route.iter().filter(|entry| entry.read_queue_nums > 0) {
            let Some(master) = entry.addresses.master() else { continue };
            let broker = entry.broker;
            let endpoint = if local { Endpoint::Broker(master) } else { Endpoint::Dialled };
            let assigned = GrpcAssigned { queue: AssignedQueue::AllOf(broker, topic), endpoint };
            if !self.grpc().table.contains_key(&assigned) {
                self.grpc().queues.push(Queue::new(assigned, &out.names, out.now()));
                let number = (self.grpc().queues.len() - 1) as u32;
                self.grpc().table.insert(assigned, number);
                out.see(Observation::PopQueueTaken { consumer, topic, broker, queue: None });
            }
        }
    }

    /// A thread asks a broker, which another one may not be.
    fn grpc_receives_from(&mut self, out: &mut Outside<'_>, thread: u32, asked: (TopicIndex, BrokerIndex, Endpoint)) {
        let consumer = self.consumers[AT].index;
        let (topic, broker, _) = asked;
        let simple = &mut self.grpc().simple;
        simple.threads[thread as usize].asked = Some(asked);
        if simple.asked.insert(topic, broker) != Some(broker) {
            out.see(Observation::ReceivesFrom { consumer, topic, broker });
        }
    }

    /// receive() returns, or throws.
    pub(super) fn grpc_simple_received(
        &mut self,
        out: &mut Outside<'_>,
        thread: u32,
        answer: Result<GrpcResponse, CallError>,
    ) {
        let consumer = self.consumers[AT].index;
        let simple = &mut self.grpc().simple;
        let asked = simple.threads[thread as usize].asked;
        let trouble = match answer {
            Ok(GrpcResponse::Received(messages)) => {
                simple.trouble = None;
                return self.grpc_simple_takes(out, thread, &messages);
            }
            Ok(GrpcResponse::MessageNotFound) => {
                simple.trouble = None;
                return self.grpc_simple_receive(out, thread);
            }
            Ok(GrpcResponse::TooManyRequests) => PopTrouble::PollingFull,
            Ok(_) => PopTrouble::Refused,
            Err(CallError::Unreachable) => PopTrouble::BrokerUnreachable,
            Err(CallError::TimedOut) => PopTrouble::TimedOut,
        };
        if let Some((topic, broker, _)) = asked.filter(|_| simple.trouble.replace(trouble) != Some(trouble)) {
            out.see(Observation::PopTroubled { consumer, topic, broker, trouble });
        }
        self.grpc_later(out, AFTER_ERROR, GrpcTask::ReceiveAgain { thread });
    }

    fn grpc_simple_takes(&mut self, out: &mut Outside<'_>, thread: u32, messages: &Rc<Vec<PoppedMessage>>) {
        let hands = &mut self.grpc().simple.threads[thread as usize];
        hands.messages = messages.iter().copied().collect();
        hands.endpoint = hands.asked.map(|(.., endpoint)| endpoint);
        self.grpc_simple_works(out, thread);
    }

    /// The next message in a thread's hands, or the next receive().
    fn grpc_simple_works(&mut self, out: &mut Outside<'_>, thread: u32) {
        let next = self.grpc().simple.threads[thread as usize].messages.front().copied();
        let Some(message) = next else { return self.grpc_simple_receive(out, thread) };
        let work = self.grpc_hand_out(out, &message);
        self.grpc_later(out, work, GrpcTask::ListenerReturned { thread });
    }

    /// The application is done with a message: it acknowledges it, or says what it is to say of one that failed.
    pub(super) fn grpc_application_is_done(&mut self, out: &mut Outside<'_>, thread: u32) {
        let hands = &self.grpc().simple.threads[thread as usize];
        let (Some(message), endpoint) = (hands.messages.front().copied(), hands.endpoint) else { return };
        let failed = self.grpc_consumed(out, &message);
        // A consumer that is closed throws.
        if self.consumers[AT].state != State::Running {
            return;
        }
        let (group, handle) = (self.consumers[AT].group, message.handle);
        let request = match (failed, self.grpc_simple(out).change_invisible_duration) {
            (false, _) => GrpcRequest::Ack { group, handle },
            (true, Some(invisible)) => GrpcRequest::ChangeInvisible { group, handle, invisible },
            (true, None) => return self.grpc_simple_next(out, thread),
        };
        let timeout = self.grpc_settings(out).request_timeout;
        let endpoint = endpoint.unwrap_or(Endpoint::Dialled);
        self.grpc_call(out, endpoint, (Request::Grpc(request), timeout), GrpcWait::Told { number: thread });
    }

    /// ack() returns, or throws: the application goes on.
    pub(super) fn grpc_simple_told(
        &mut self,
        out: &mut Outside<'_>,
        thread: u32,
        answer: Result<GrpcResponse, CallError>,
    ) {
        if !matches!(answer, Ok(GrpcResponse::Ok | GrpcResponse::InvisibleChanged(_))) {
            let consumer = self.consumers[AT].index;
            if let Some(message) = self.grpc().simple.threads[thread as usize].messages.front() {
                let (queue, offset) = (message.handle.queue, message.handle.offset);
                out.see(Observation::AckFailed { consumer, queue, offset });
            }
        }
        self.grpc_simple_next(out, thread);
    }

    fn grpc_simple_next(&mut self, out: &mut Outside<'_>, thread: u32) {
        self.grpc().simple.threads[thread as usize].messages.pop_front();
        self.grpc_simple_works(out, thread);
    }
}
