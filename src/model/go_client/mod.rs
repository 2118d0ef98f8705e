//! The Go client (apache/rocketmq-client-go), beside the Java one.
//!
//! # The seam
//!
//! A process is one actor, [`ClientProcess`], whichever client runs in it. What is the same is data, and lives where it
//! did: who its consumers are, what they subscribe, their process queues, offset stores and listeners
//! ([`Consumer`](super::consumer::Consumer)), and the routes that the process knows. What a client *does* is of two kinds:
//! the threads of `MQClientInstance` in `instance` and `consumer`, or the goroutines here. Which one it is the process
//! decides when it boots (`ClientProcess::go`), by the release that is started; so a member may be Java in one life and Go
//! in the next. The entry points of `ClientProcess` ask once, and hand over:
//!
//! ```text
//!   events, answers, notifications --> ClientProcess --go: None--> instance/, consumer/   threads of a Java client
//!                                          |
//!                                          +-------go: Some--> go_client/                  goroutines of a Go client
//!
//!   start.rs      Start                     table.rs     updateProcessQueueTable: drop, then take
//!   timers.rs     tickers, one each         offsets.rs   persist, which forgets what it is not asked for
//!   heartbeat.rs  rounds, one by one        pull.rs      the pull loop of a queue
//!   rebalance.rs  one mutex, no loop        workers.rs   listeners, so many a topic
//!   member_list.rs  an error is an empty list  orderly.rs   one goroutine a queue, and its locks
//!   shutdown.rs   no word to the brokers    orderly_result.rs  what such a listener says
//!   panics.rs     a listener that panics    reset.rs     an operator's reset
//!   ../dialing.rs one connection at a time  routes.rs    route requests, one by one
//! ```
//! Both stand behind the same messages and say the same observations. A Go client has no rebalance thread, no instance
//! settings and no `%RETRY%` producer; where the two only differ in a number, the number is a setting, which `clientVersion`
//! sets. Where releases of the Go client differ, the rule is asked by name ([`GoRules`]).
//!
//! # What is left out
//!
//! - Panics of a strategy, or of a send on a closed channel; the deadlock of adding queues during a shutdown. The deadlock of a
//!   full channel (apache/rocketmq-client-go#897, #903) was in no release: it takes the limit of listeners (#883), which came
//!   before its repair and after v2.1.1.
//! - Orderly listeners that commit by themselves or say ConsumeRetryLater; producers of the process, the read-write lock of the
//!   offset store, and names whose UTF-8 and UTF-16 orders differ.

mod broadcasting;
mod heartbeat;
mod member_list;
mod offsets;
mod orderly;
mod orderly_result;
mod panics;
mod pull;
mod rebalance;
mod reset;
mod routes;
mod shutdown;
mod start;
mod table;
#[cfg(test)]
mod tests;
mod timers;
mod workers;

use std::collections::{BTreeMap, VecDeque};

use crate::kernel::{Stream, Streams};
use crate::model::event::{ConsumerEvent, InstanceEvent, OrderlyTask};
use crate::model::go_client::heartbeat::Heartbeats;
use crate::model::go_client::orderly::OrderlyQueues;
use crate::model::go_client::rebalance::Rebalances;
use crate::model::go_client::routes::Routes;
use crate::model::go_client::start::GivenStart;
use crate::model::go_client::timers::Tickers;
use crate::model::go_client::workers::Workers;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, OrderlyWait, Response, Waiter};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GoRules, TopicIndex};

/// `rmqClient`: what all consumers of one process share, and what each of them has besides.
#[derive(Debug)]
pub(in crate::model) struct GoClient {
    /// Its release's rules: of the consumer that made it.
    rules: GoRules,
    heartbeats: Heartbeats,
    rebalances: Rebalances,
    tickers: Tickers,
    /// Topics that the running route poll has yet to ask for, the next one last.
    polling: Vec<TopicIndex>,
    routes: Routes,
    /// By place in the process.
    members: BTreeMap<usize, Member>,
    /// In which order Go goes through a map: any.
    map_order: Stream,
    /// What of a given start is when.
    starts: Stream,
}

/// What one consumer has besides its queues.
#[derive(Debug, Default)]
struct Member {
    given_start: Option<GivenStart>,
    workers: Workers,
    orderly: OrderlyQueues,
    /// Resets that sleep.
    resets: VecDeque<crate::model::consumer::NewOffsets>,
}

impl GoClient {
    /// A process that has just booted.
    pub(in crate::model) fn new(rules: &GoRules, owner: ConsumerIndex, streams: Streams) -> Self {
        Self {
            rules: rules.clone(),
            heartbeats: Heartbeats::default(),
            rebalances: Rebalances::default(),
            tickers: Tickers::default(),
            polling: Vec::new(),
            routes: Routes::default(),
            members: BTreeMap::new(),
            map_order: streams.stream("order of Go's maps", owner.into()),
            starts: streams.stream("steps of a Go start", owner.into()),
        }
    }

    /// In the order in which Go's `Range` gives what a map holds.
    fn in_map_order<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.map_order.below(at as u64 + 1) as usize);
        }
    }

    fn member(&mut self, at: usize) -> &mut Member {
        self.members.entry(at).or_default()
    }
}

impl ClientProcess {
    /// The Go client of this process.
    pub(in crate::model) fn go(&mut self) -> &mut GoClient {
        self.go.as_mut().expect("a Go client runs in this process")
    }

    /// Something happens to the client.
    pub(in crate::model) fn go_instance_event(&mut self, out: &mut Outside<'_>, what: InstanceEvent) {
        match what {
            InstanceEvent::GoTaskDue { task } => self.go_task_due(out, task),
            // A connection stands: no heartbeat, no rebalance.
            InstanceEvent::ChannelActive { .. } => {}
            InstanceEvent::ScheduledTaskDue { .. }
            | InstanceEvent::RebalanceWoken
            | InstanceEvent::GrpcTaskDue { .. } => {
                unreachable!("a Go client has no thread of MQClientInstance: {what:?}")
            }
        }
    }

    /// Something happens to one of its consumers.
    pub(in crate::model) fn go_consumer_event(&mut self, out: &mut Outside<'_>, at: usize, what: ConsumerEvent) {
        match what {
            ConsumerEvent::ProcessBooted => self.go_start(out, at),
            ConsumerEvent::StartGoesOn => self.go_start_goes_on(out, at),
            ConsumerEvent::ShutdownCalled => self.go_shutdown(out, at),
            ConsumerEvent::PullDue { process_queue } => self.go_pull_slept(out, at, process_queue),
            ConsumerEvent::ListenerReturned { thread } => self.go_listener_returned(out, at, thread),
            ConsumerEvent::ResubmitDue { process_queue, offset } => {
                self.go_retry(out, at, process_queue, offset.into());
            }
            ConsumerEvent::CleanDue => self.consumers[at].clean_due(out),
            ConsumerEvent::OffsetRepaired { process_queue } => self.go_offset_repaired(out, at, process_queue),
            ConsumerEvent::ResetSlept => self.go_reset_slept(out, at),
            ConsumerEvent::OrderlyTaskDue { task: OrderlyTask::LockAll, .. } => self.go_lock_all(out, at),
            ConsumerEvent::OrderlyTaskDue { process_queue, task: OrderlyTask::TryLock } => {
                self.go_try_lock(out, at, process_queue);
            }
            ConsumerEvent::OrderlyTaskDue { process_queue, task: OrderlyTask::Resubmit } => {
                self.go_orderly_goes_on(out, at, process_queue);
            }
            other => unreachable!("a Go consumer plans nothing of this kind: {other:?}"),
        }
    }

    /// An answer came for one of its goroutines.
    pub(in crate::model) fn go_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        waiter: Waiter,
        answer: Result<Response, CallError>,
    ) {
        match waiter {
            Waiter::RoutePoll { .. } => self.go_route_answered(out, answer),
            Waiter::Heartbeat { .. } => self.go_heartbeat_answered(out),
            Waiter::Rebalance { .. } => self.go_rebalance_answered(out, answer),
            Waiter::Pull { process_queue, .. } => self.go_pull_answered(out, at, process_queue, answer),
            Waiter::SendBack { thread, .. } => self.go_send_back_answered(out, at, thread, answer),
            Waiter::Clean { process_queue, offset, left, .. } => {
                self.consumers[at].clean_answered(out, process_queue, (offset, left), answer);
            }
            Waiter::Orderly { wait, .. } => self.go_orderly_answered(out, at, wait, answer),
            other => unreachable!("{other:?} waits elsewhere"),
        }
    }

    fn go_orderly_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        wait: OrderlyWait,
        answer: Result<Response, CallError>,
    ) {
        match wait {
            OrderlyWait::LockAll { .. } => self.go_lock_all_answered(out, at, answer),
            OrderlyWait::LockOne { process_queue } => self.go_lock_answered(out, at, process_queue, answer),
            OrderlyWait::FirstOffset { process_queue, from_end } => {
                self.go_first_offset_answered(out, at, (process_queue, from_end), answer);
            }
            OrderlyWait::UnlockAll => self.go_unlock_all_answered(out, at),
        }
    }
}
