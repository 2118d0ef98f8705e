//! What an event is about, for those who tell of it: the numbers that it carries name what is gone once it has happened.

use serde::Serialize;

use super::event::{BrokerEvent, ConsumerEvent, Event, InstanceEvent, NetworkEvent, OrderlyTask};
use super::ids::{ConnectionId, FlightId};
use super::network::{CallId, GrpcRequest, OfProxy, Payload, Request, Response, Waiter};
use super::observation::QueueIndex;
use super::plan::{ConsumerIndex, GroupIndex, Host, TopicIndex};
use super::world::World;

/// Who and what stand behind the numbers of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Concern {
    /// Where it happens, which a message does not say itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Host>,
    /// The other end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Host>,
    /// What came: a request, or a packet of the connection's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'static str>,
    /// What came as an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<&'static str>,
    /// Who waits for the answer of a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<&'static str>,
    /// A group that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupIndex>,
    /// A topic that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicIndex>,
    /// A queue that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueIndex>,
    /// An offset in that queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
}

impl World<'_> {
    /// From now on what each event is about is looked up before it happens, and [`Detail`](super::observation::Detail)s
    /// are said. What happens stays the same.
    pub fn tell_all(&mut self) {
        self.concern = Some(Concern::default());
        self.watch_closely();
    }

    /// What the last event was about, where it is looked up.
    #[must_use]
    pub fn concern(&self) -> Concern {
        self.concern.unwrap_or_default()
    }

    pub(super) fn concern_of(&self, event: &Event) -> Concern {
        match *event {
            Event::Network(NetworkEvent::Arrived { flight }) => self.arrival(flight),
            Event::Network(NetworkEvent::ConnectTimedOut { connection }) => self.at_end_of(connection, false),
            Event::Network(NetworkEvent::IdleChecked { connection, at_server }) => {
                self.at_end_of(connection, at_server)
            }
            Event::Network(
                NetworkEvent::CallTimedOut { slot, generation } | NetworkEvent::CallFailed { slot, generation },
            ) => self.call(CallId { slot, generation }),
            Event::Instance { what: InstanceEvent::ChannelActive { connection }, .. } => {
                Concern { at: None, ..self.at_end_of(connection, false) }
            }
            Event::Broker {
                what: BrokerEvent::ChannelClosed { connection, .. } | BrokerEvent::MemberExpired { connection },
                ..
            } => Concern { at: None, ..self.at_end_of(connection, true) },
            Event::Consumer { consumer, epoch, what } => {
                Concern { queue: self.queue_of(consumer, epoch, what), ..Concern::default() }
            }
            Event::Database(what) => {
                Concern { from: self.out.waits_for_database(what).map(Host::Consumer), ..Concern::default() }
            }
            _ => Concern::default(),
        }
    }

    /// The queue whose timer is due.
    fn queue_of(&self, consumer: ConsumerIndex, epoch: u32, what: ConsumerEvent) -> Option<QueueIndex> {
        use OrderlyTask::{ConsumeLockTimedOut, Resubmit, TryLock, UnlockDelayed};
        match what {
            ConsumerEvent::PullDue { process_queue }
            | ConsumerEvent::ResubmitDue { process_queue, .. }
            | ConsumerEvent::OffsetRepaired { process_queue }
            | ConsumerEvent::OrderlyTaskDue {
                process_queue,
                task: TryLock | Resubmit | ConsumeLockTimedOut | UnlockDelayed,
            } => self.queue_held_as(consumer, epoch, process_queue),
            _ => None,
        }
    }

    /// The queue of a process queue, while that life of its consumer goes on.
    fn queue_held_as(&self, consumer: ConsumerIndex, epoch: u32, process_queue: u32) -> Option<QueueIndex> {
        let held = self.consumer(consumer).process_queues.get(process_queue as usize);
        held.filter(|_| self.lives(consumer, epoch)).map(|held| held.queue)
    }

    /// One end of a connection, and the other one.
    fn at_end_of(&self, connection: ConnectionId, at_server: bool) -> Concern {
        let ends = &self.out.connections[connection];
        let (client, server) = (Some(self.out.role(ends.client)), Some(self.out.role(ends.server)));
        let (at, from) = if at_server { (server, client) } else { (client, server) };
        Concern { at, from, ..Concern::default() }
    }

    /// A call that gets no answer.
    fn call(&self, call: CallId) -> Concern {
        let Some(call) = self.out.calls.get(call) else { return Concern::default() };
        let ends = self.at_end_of(call.connection, false);
        Concern { waiting: Some(call.waiter.into()), queue: self.waits_for_queue(call.waiter), ..ends }
    }

    /// The queue for whose sake somebody waits.
    fn waits_for_queue(&self, waiter: Waiter) -> Option<QueueIndex> {
        match waiter {
            Waiter::Pull { consumer, epoch, process_queue }
            | Waiter::PullRoute { consumer, epoch, process_queue }
            | Waiter::Clean { consumer, epoch, process_queue, .. } => {
                self.queue_held_as(consumer, epoch, process_queue)
            }
            Waiter::Send { queue, .. } => Some(queue),
            _ => None,
        }
    }

    /// A message that reaches its end.
    fn arrival(&self, flight: FlightId) -> Concern {
        let flight = self.out.flights.get(flight);
        let ends = self.at_end_of(flight.connection, flight.to_server);
        match &flight.payload {
            Payload::Syn => Concern { message: Some("syn"), ..ends },
            Payload::SynAck => Concern { message: Some("syn_ack"), ..ends },
            Payload::ConnectRefused => Concern { message: Some("connect_refused"), ..ends },
            Payload::Fin => Concern { message: Some("fin"), ..ends },
            Payload::Request(_, request) => request_of(request, ends),
            Payload::Response(call, response) => {
                let answer = Some(match response {
                    Response::Pulled(pulled) => pulled.into(),
                    Response::Popped(popped) => popped.into(),
                    Response::Grpc(answer) => answer.into(),
                    other => other.into(),
                });
                Concern { answer, ..Concern { at: ends.at, from: ends.from, ..self.call(*call) } }
            }
        }
    }
}

/// What a request is, and what it is about.
fn request_of(request: &Request, ends: Concern) -> Concern {
    let of = Concern { message: Some(request.into()), ..ends };
    let one = |queues: &[QueueIndex]| queues.first().copied().filter(|_| queues.len() == 1);
    match request {
        Request::GetRoute { topic } => Concern { topic: Some(*topic), ..of },
        Request::UnregisterClient { group } | Request::GetConsumerList { group } => {
            Concern { group: Some(*group), ..of }
        }
        Request::QueryOffset { group, queue } => Concern { group: Some(*group), queue: Some(*queue), ..of },
        Request::UpdateOffset { group, queue, offset, .. }
        | Request::SendBack { group, queue, offset, .. }
        | Request::SendToRetry { group, queue, offset, .. } => {
            Concern { group: Some(*group), queue: Some(*queue), offset: Some(*offset), ..of }
        }
        Request::Pull(pull) => {
            Concern { group: Some(pull.group), queue: Some(pull.queue), offset: Some(pull.offset), ..of }
        }
        Request::GetMaxOffset { queue } | Request::SearchOffset { queue, .. } | Request::Send { queue, .. } => {
            Concern { queue: Some(*queue), ..of }
        }
        Request::LockBatch { group, queues, .. } | Request::UnlockBatch { group, queues, .. } => {
            Concern { group: Some(*group), queue: one(queues), ..of }
        }
        Request::ResetClientOffset { group, .. } => Concern { group: Some(*group), ..of },
        Request::QueryAssignment(question) => {
            Concern { group: Some(question.group), topic: Some(question.topic), ..of }
        }
        Request::Pop(pop) => Concern { group: Some(pop.group), topic: Some(pop.topic), queue: pop.queue, ..of },
        Request::Ack { handle, group } | Request::ChangeInvisible { handle, group, .. } => {
            Concern { group: Some(*group), queue: Some(handle.queue), offset: Some(handle.offset), ..of }
        }
        Request::Grpc(request) => grpc_request_of(request, of),
        Request::OfProxy(request) => of_proxy(request, of),
        Request::GetDefaultRoute
        | Request::RegisterBroker { .. }
        | Request::GetAllOffsets
        | Request::BrokerHeartbeat
        | Request::UnregisterBroker
        | Request::Heartbeat { .. }
        | Request::NotifyConsumerIdsChanged { .. } => of,
    }
}

/// What a client asks a proxy.
fn grpc_request_of(request: &GrpcRequest, of: Concern) -> Concern {
    let of = Concern { message: Some(request.into()), ..of };
    match request {
        GrpcRequest::QueryRoute { topic } => Concern { topic: Some(*topic), ..of },
        GrpcRequest::QueryAssignment { group, topic } => Concern { group: Some(*group), topic: Some(*topic), ..of },
        GrpcRequest::Receive(receive) => Concern { group: Some(receive.group), topic: Some(receive.topic), ..of },
        GrpcRequest::Ack { group, handle }
        | GrpcRequest::ChangeInvisible { group, handle, .. }
        | GrpcRequest::ToDeadLetterQueue { group, handle, .. } => {
            Concern { group: Some(*group), queue: Some(handle.queue), offset: Some(handle.offset), ..of }
        }
        GrpcRequest::Settings { group, .. }
        | GrpcRequest::Heartbeat { group, .. }
        | GrpcRequest::NotifyTermination { group } => Concern { group: Some(*group), ..of },
    }
}

/// What a proxy asks a broker.
fn of_proxy(request: &OfProxy, of: Concern) -> Concern {
    let of = Concern { message: Some(request.into()), ..of };
    match request {
        OfProxy::Pop { pop, .. } => Concern { group: Some(pop.group), topic: Some(pop.topic), ..of },
        OfProxy::Ack { group, handle, .. } | OfProxy::ChangeInvisible { group, handle, .. } => {
            Concern { group: Some(*group), queue: Some(handle.queue), offset: Some(handle.offset), ..of }
        }
        OfProxy::Register { data, .. } => Concern { group: Some(data.group), ..of },
        OfProxy::Unregister { group, .. } => Concern { group: Some(*group), ..of },
    }
}
