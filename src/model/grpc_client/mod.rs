//! Clients that speak gRPC to a proxy (apache/rocketmq-clients, Java), beside those that ask brokers.
//!
//! # The seam
//!
//! A process is one actor, [`ClientProcess`], whichever client runs in it, as with the [Go client](super::go_client): who its
//! consumer is, what it subscribes, and what its listener does is in [`Consumer`](super::consumer::Consumer); what a client
//! does is here. There is no rebalance: what a consumer receives from is asked every five seconds, and the answer is a pure
//! function of the route.
//!
//! ```text
//!   start.rs       routes, then the settings of each endpoint    queue.rs    a ProcessQueue: what is cached of an assignment
//!   session.rs     whom it asks, and the telemetry streams       receive.rs  one receive under way for each
//!   timers.rs      heartbeats, settings, routes, assignments     pool.rs     listeners
//!   assignment.rs  what is received from                         result.rs   acknowledged, later, dead; said until it is heard
//!   close.rs       close()                                       fifo.rs     one message after the other
//!   simple.rs      a SimpleConsumer and its application
//! ```
//! Each process has one consumer. Its calls have deadlines, and leave the connection open.
//!
//! # What is left out
//!
//! - Other languages; LitePushConsumer; message interceptors; `subscribe()` of what has no route, which waits here.
//! - `TRANSPORT_RECOVERY` of releases behind 5.2.1, which reconnect after two lost heartbeats.
//! - `enableFifoConsumeAccelerator`: the messages of a FIFO batch come to the listener one by one.
//! - A telemetry stream is found broken by the next call on its connection, not by itself.
//! - Of several endpoints the next is dialled when a call to one could not be made; gRPC tries them all at once.

mod assignment;
mod close;
mod fifo;
mod pool;
mod queue;
mod receive;
mod result;
mod session;
mod simple;
mod start;
#[cfg(test)]
mod tests;
mod timers;

use std::collections::BTreeMap;

use crate::kernel::{Span, Stream, Streams};
use crate::model::event::{ConsumerEvent, GrpcTask, InstanceEvent};
use crate::model::ids::HostId;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, GrpcAssigned, GrpcResponse, GrpcSettingsAnswer, GrpcWait, Response, Route};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GrpcSettings, TopicIndex};
use close::Closing;
use fifo::FifoList;
use pool::Pool;
use queue::Queue;
use result::Telling;
use session::Sessions;
use simple::Simple;
use start::Fetch;

/// A `PushConsumerImpl` or a `SimpleConsumerImpl`, with its `ClientManager`.
#[derive(Debug)]
pub(in crate::model) struct GrpcClient {
    sessions: Sessions,
    /// `topicRouteCache`; whether each broker is asked at an endpoint of its own.
    routes: BTreeMap<TopicIndex, (Route, bool)>,
    /// Routes that are asked for, or that wait for the settings of their endpoints.
    fetches: Vec<Fetch>,
    /// How often `startUp` has failed.
    failed_starts: u32,
    /// What the proxy said of settings.
    settings: GrpcSettingsAnswer,
    /// All of this life, dropped ones included.
    queues: Vec<Queue>,
    /// `processQueueTable`.
    table: BTreeMap<GrpcAssigned, u32>,
    pool: Pool,
    lists: Vec<FifoList>,
    /// What is said of messages and not heard yet, by number.
    telling: BTreeMap<u32, Telling>,
    /// Receives under way.
    receiving: u32,
    /// The last number that was given to anything.
    last_number: u32,
    closing: Option<Closing>,
    simple: Simple,
    /// Where round robin begins.
    choices: Stream,
}

impl GrpcClient {
    /// A process that has just booted.
    pub(in crate::model) fn new(owner: ConsumerIndex, streams: Streams) -> Self {
        Self {
            sessions: Sessions::default(),
            routes: BTreeMap::new(),
            fetches: Vec::new(),
            failed_starts: 0,
            settings: GrpcSettingsAnswer {
                fifo: false,
                max_attempts: 17,
                long_polling_timeout: Span::from_secs(20),
                receive_batch_size: 32,
            },
            queues: Vec::new(),
            table: BTreeMap::new(),
            pool: Pool::default(),
            lists: Vec::new(),
            telling: BTreeMap::new(),
            receiving: 0,
            last_number: 0,
            closing: None,
            simple: Simple::default(),
            choices: streams.stream("round robin of a gRPC client", owner.into()),
        }
    }

    fn number(&mut self) -> u32 {
        self.last_number += 1;
        self.last_number
    }
}

/// The only consumer of such a process.
const AT: usize = 0;

impl ClientProcess {
    /// The gRPC client of this process.
    fn grpc(&mut self) -> &mut GrpcClient {
        self.grpc.as_mut().expect("a gRPC client runs in this process")
    }

    fn grpc_settings<'a>(&self, out: &Outside<'a>) -> &'a GrpcSettings {
        let planned = out.planned(self.consumers[AT].index);
        planned.client.grpc.as_ref().expect("a gRPC client runs in this process")
    }

    fn grpc_later(&self, out: &mut Outside<'_>, delay: Span, task: GrpcTask) {
        let consumer = self.instance.owner;
        let (_, epoch) = out.instance_seat(consumer);
        out.after(delay, InstanceEvent::GrpcTaskDue { task }.of(consumer, epoch));
    }

    /// Something happens to the client.
    pub(in crate::model) fn grpc_instance_event(&mut self, out: &mut Outside<'_>, what: InstanceEvent) {
        match what {
            InstanceEvent::GrpcTaskDue { task } => self.grpc_task_due(out, task),
            // A connection stands, or somebody came or went: nothing follows from either.
            InstanceEvent::ChannelActive { .. } | InstanceEvent::RebalanceWoken => {}
            InstanceEvent::ScheduledTaskDue { .. } | InstanceEvent::GoTaskDue { .. } => {
                unreachable!("a gRPC client has no thread of this kind: {what:?}")
            }
        }
    }

    /// Something happens to its consumer.
    pub(in crate::model) fn grpc_consumer_event(&mut self, out: &mut Outside<'_>, what: ConsumerEvent) {
        match what {
            ConsumerEvent::ProcessBooted => self.grpc_booted(out),
            ConsumerEvent::ShutdownCalled => self.grpc_close(out),
            other => unreachable!("a gRPC consumer plans nothing of this kind: {other:?}"),
        }
    }

    /// An answer came.
    pub(in crate::model) fn grpc_answered(
        &mut self,
        out: &mut Outside<'_>,
        (host, wait): (HostId, GrpcWait),
        answer: Result<Response, CallError>,
    ) {
        let answer = match answer {
            Ok(Response::Grpc(answer)) => Ok(answer),
            Ok(_) => Ok(GrpcResponse::InternalServerError),
            Err(error) => Err(error),
        };
        if answer.as_ref().is_err_and(|error| *error == CallError::Unreachable) {
            self.grpc_unreachable(out, host);
        }
        match wait {
            GrpcWait::Route { topic } => self.grpc_route_answered(out, topic, answer),
            GrpcWait::Settings { endpoint, .. } => self.grpc_settings_answered(out, endpoint, answer),
            GrpcWait::Assignment { topic } => self.grpc_assignment_answered(out, topic, answer),
            GrpcWait::Heartbeat => {}
            GrpcWait::Receive { queue } => self.grpc_received(out, queue, answer),
            GrpcWait::SimpleReceive { thread } => self.grpc_simple_received(out, thread, answer),
            GrpcWait::Told { number } => self.grpc_told(out, number, answer),
            GrpcWait::Termination => self.grpc_termination_answered(out),
        }
    }
}
