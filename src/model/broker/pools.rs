//! The thread pools of a broker (`BrokerController.initializeResources`, `BrokerFastFailure.cleanExpiredRequest`):
//! which threads work on which requests, and who has to wait.
//!
//! ```text
//!   request --> its pool --> the thread that is free first --> RequestServed --> handled, answered
//!                  |
//!                  +--> the queue is full, or it would wait longer than BrokerFastFailure allows: SYSTEM_BUSY
//! ```
//!
//! Requests wait in the order of their arrival. A pool works on as many at once as it has threads, and no more than the
//! machine has processors; that pools share the processors is left out. Without `broker_processors` in the environment
//! nobody waits.

use super::Broker;
use std::collections::VecDeque;

use crate::kernel::{Instant, Span, Stream};
use crate::model::event::BrokerEvent;
use crate::model::ids::ConnectionId;
use crate::model::network::{CallId, Request, Response};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::{PoolSettings, PoolsSettings};

/// A pool of a broker (`BrokerController.initializeResources`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pool {
    /// `heartbeatExecutor`.
    Heartbeat,
    /// `clientManageExecutor`.
    ClientManage,
    /// `consumerManageExecutor`.
    ConsumerManage,
    /// `adminBrokerExecutor`.
    Admin,
    /// `pullMessageExecutor`.
    Pull,
    /// `sendMessageExecutor`.
    Send,
    /// `ackMessageExecutor`.
    Ack,
    /// `loadBalanceExecutor`.
    LoadBalance,
}

impl Pool {
    const COUNT: usize = 8;

    /// Where a request is worked on (`BrokerController.registerProcessor`).
    fn of(request: &Request) -> Self {
        match request {
            Request::Heartbeat { .. } => Self::Heartbeat,
            Request::UnregisterClient { .. } => Self::ClientManage,
            Request::GetConsumerList { .. } | Request::QueryOffset { .. } | Request::UpdateOffset { .. } => {
                Self::ConsumerManage
            }
            Request::Pull(_) | Request::Pop(_) => Self::Pull,
            Request::Ack { .. } | Request::ChangeInvisible { .. } => Self::Ack,
            Request::QueryAssignment(_) => Self::LoadBalance,
            Request::Send { .. } | Request::SendBack { .. } | Request::SendToRetry { .. } => Self::Send,
            _ => Self::Admin,
        }
    }

    fn settings(self, of: &PoolsSettings) -> PoolSettings {
        match self {
            Self::Heartbeat => of.heartbeat,
            Self::ClientManage => of.client_manage,
            Self::ConsumerManage => of.consumer_manage,
            Self::Admin => of.admin,
            Self::Pull => of.pull,
            Self::Send => of.send,
            Self::Ack => of.ack,
            Self::LoadBalance => of.load_balance,
        }
    }

    /// Threads, on a machine with so many processors, where the broker's settings name none.
    fn threads(self, processors: u32) -> u32 {
        match self {
            Self::Heartbeat => processors.min(32),
            Self::Pull => 16 + 2 * processors,
            Self::Send => processors.min(4),
            Self::ClientManage | Self::ConsumerManage | Self::Admin | Self::Ack | Self::LoadBalance => processors,
        }
    }
}

/// A request that a thread works on, or will.
#[derive(Debug)]
struct Accepted {
    connection: ConnectionId,
    call: Option<CallId>,
    request: Request,
    waited: Span,
    thread: (usize, usize),
}

/// Who works on the request that is handled right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Running {
    /// Nobody in particular: pools have no limit.
    #[default]
    Anybody,
    /// The event thread of the channels.
    EventThread,
    /// A thread of a pool.
    Thread(usize, usize),
}

/// The pools of one broker, in one life.
#[derive(Debug, Default)]
pub(super) struct Pools {
    /// When each thread of each pool is free.
    pub(super) free: Vec<Vec<Instant>>,
    /// When the requests that wait for each pool will begin, the next first.
    begins: Vec<VecDeque<Instant>>,
    accepted: Vec<Option<Accepted>>,
    vacant: Vec<u32>,
    pub(super) running: Running,
    work: Option<Stream>,
}

impl Pools {
    fn put(&mut self, accepted: Accepted) -> u32 {
        if let Some(slot) = self.vacant.pop() {
            self.accepted[slot as usize] = Some(accepted);
            return slot;
        }
        self.accepted.push(Some(accepted));
        (self.accepted.len() - 1) as u32
    }
}

impl Broker {
    /// A request has reached the broker: a thread takes it, now or when one is free.
    pub(in crate::model) fn request_arrived(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: Option<CallId>,
        request: Request,
    ) {
        let broker = self.index;
        let Some(processors) = out.environment().broker_processors else {
            return self.serve(out, connection, call, (request, Span::ZERO));
        };
        let now = out.now();
        let pool = Pool::of(&request);
        let work = self.work_of(out, &request);
        let settings = &self.settings(out).pools;
        let PoolSettings { thread_pool_nums, queue_capacity, wait_time_in_queue } = pool.settings(settings);
        let longest = wait_time_in_queue.filter(|_| settings.broker_fast_failure_enable);
        let pools = &mut self.pools;
        if pools.free.is_empty() {
            pools.free = vec![Vec::new(); Pool::COUNT];
            pools.begins = vec![VecDeque::new(); Pool::COUNT];
        }
        let threads = &mut pools.free[pool as usize];
        if threads.is_empty() {
            let number = thread_pool_nums.unwrap_or_else(|| pool.threads(processors));
            threads.resize(number.min(processors).max(1) as usize, Instant::ZERO);
        }
        let (thread, &free) = threads.iter().enumerate().min_by_key(|(_, free)| **free).expect("a pool has threads");
        let start = free.max(now);
        let waited = start.since(now);
        let begins = &mut pools.begins[pool as usize];
        begins.drain(..begins.partition_point(|at| *at <= now));
        if begins.len() >= queue_capacity as usize || longest.is_some_and(|longest| waited > longest) {
            let kind = request.kind();
            out.see(Observation::Rejected { broker, kind });
            return out.respond(connection, call, Response::Refused);
        }
        threads[thread] = start + work;
        if waited > Span::ZERO {
            begins.push_back(start);
        }
        let thread = (pool as usize, thread);
        let slot = pools.put(Accepted { connection, call, request, waited, thread });
        out.agenda.schedule(start + work, self.in_this_life(out, BrokerEvent::RequestServed { slot }));
    }

    /// How long a thread works on a request.
    fn work_of(&mut self, out: &Outside<'_>, request: &Request) -> Span {
        let streams = out.streams;
        let time = out.service_time(request);
        let entry = out.environment().list_entry_time;
        let members = match request {
            Request::GetConsumerList { group } => self.groups.get(group).map_or(0, |members| members.len()),
            _ => 0,
        };
        let stream = self.pools.work.get_or_insert_with(|| streams.stream("broker pools", self.index.into()));
        time.draw(stream) + entry.saturating_mul(members as u64)
    }

    /// A thread has worked on a request.
    pub(super) fn request_served(&mut self, out: &mut Outside<'_>, slot: u32) {
        let pools = &mut self.pools;
        let accepted = pools.accepted[slot as usize].take().expect("a request is served once");
        pools.vacant.push(slot);
        let Accepted { connection, call, request, waited, thread } = accepted;
        pools.running = Running::Thread(thread.0, thread.1);
        self.serve(out, connection, call, (request, waited));
        self.pools.running = Running::Anybody;
    }

    fn serve(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: Option<CallId>,
        (request, waited): (Request, Span),
    ) {
        let kind = request.kind();
        if kind.is_rare() || waited > Span::ZERO {
            out.see(Observation::Served { broker: self.index, kind, waited });
        }
        self.broker_request(out, connection, call, request);
    }
}
