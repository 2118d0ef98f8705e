//! The timers of a client (`ClientManagerImpl.startUp`, `ClientImpl.startUp`, `PushConsumerImpl.startUp`), each so long after
//! its last run was begun, since what they do they do not wait for.

use super::AT;
use crate::kernel::Span;
use crate::model::consumer::State;
use crate::model::event::GrpcTask;
use crate::model::instance::ClientProcess;
use crate::model::network::{Endpoint, GrpcRequest, GrpcWait, Request};
use crate::model::outside::Outside;
use crate::model::plan::TopicIndex;

/// A timer, when it is first due and how often then.
const HEARTBEAT: (Span, Span) = (Span::from_secs(1), Span::from_secs(10));
const SETTINGS: (Span, Span) = (Span::from_secs(1), Span::from_secs(300));
const ROUTES: (Span, Span) = (Span::from_secs(10), Span::from_secs(30));
const ASSIGNMENTS: (Span, Span) = (Span::from_secs(1), Span::from_secs(5));

impl ClientProcess {
    /// Those of the client manager, which begin before the first route is asked for.
    pub(super) fn grpc_begin_timers(&mut self, out: &mut Outside<'_>) {
        self.grpc_later(out, HEARTBEAT.0, GrpcTask::Heartbeat);
        self.grpc_later(out, SETTINGS.0, GrpcTask::SyncSettings);
    }

    /// Those that begin when the client has started.
    pub(super) fn grpc_begin_later_timers(&mut self, out: &mut Outside<'_>) {
        self.grpc_later(out, ROUTES.0, GrpcTask::PollRoutes);
        if self.grpc_settings(out).simple.is_none() {
            self.grpc_later(out, ASSIGNMENTS.0, GrpcTask::ScanAssignments);
        }
    }

    /// A timer is due.
    pub(super) fn grpc_task_due(&mut self, out: &mut Outside<'_>, task: GrpcTask) {
        let gone = matches!(self.consumers[AT].state, State::Down | State::Disconnected);
        match task {
            GrpcTask::ListenerReturned { thread } => return self.grpc_listener_returned(out, thread),
            _ if gone => return,
            _ => {}
        }
        match task {
            GrpcTask::Start => self.grpc_start(out),
            GrpcTask::Heartbeat => {
                self.grpc_later(out, HEARTBEAT.1, task);
                self.grpc_heartbeat(out);
            }
            GrpcTask::SyncSettings => {
                self.grpc_later(out, SETTINGS.1, task);
                for endpoint in self.grpc_endpoints() {
                    self.grpc_send_settings(out, endpoint);
                }
            }
            GrpcTask::PollRoutes => {
                self.grpc_later(out, ROUTES.1, task);
                let known: Vec<TopicIndex> = self.grpc().routes.keys().copied().collect();
                known.into_iter().for_each(|topic| self.grpc_fetch(out, topic, false));
            }
            GrpcTask::ScanAssignments if self.consumers[AT].state == State::Running => {
                self.grpc_later(out, ASSIGNMENTS.1, task);
                self.grpc_scan_assignments(out);
            }
            // `close()` has cancelled it.
            GrpcTask::ScanAssignments => {}
            GrpcTask::Receive { queue } => self.grpc_receive(out, queue),
            GrpcTask::ConsumeAgain { list } => self.grpc_consume_again(out, list),
            GrpcTask::Repeat { number } => self.grpc_tell(out, number),
            GrpcTask::RenewSession { endpoint } => self.grpc_renew_session(out, endpoint),
            GrpcTask::Close => self.grpc_close_goes_on(out),
            GrpcTask::ReceiveAgain { thread } => self.grpc_simple_receive(out, thread),
            GrpcTask::ListenerReturned { .. } => unreachable!("it was handled above"),
        }
    }

    /// `doHeartbeat`: to every endpoint, and nobody waits for the answers.
    fn grpc_heartbeat(&mut self, out: &mut Outside<'_>) {
        let (group, client) = (self.consumers[AT].group, self.consumers[AT].client);
        let timeout = self.grpc_settings(out).request_timeout;
        for endpoint in self.grpc_endpoints() {
            let request = Request::Grpc(GrpcRequest::Heartbeat { group, client });
            self.grpc_call(out, endpoint, (request, timeout), GrpcWait::Heartbeat);
        }
    }

    /// Where a client asks for assignments: whom it has dialled, if a route names that, else an endpoint of the route
    /// (`pickEndpointsToQueryAssignments`).
    pub(super) fn grpc_endpoint_of_assignments(&mut self, topic: TopicIndex) -> Endpoint {
        let known = self.grpc().routes.get(&topic);
        let of_route: Vec<Endpoint> =
            known.map_or_else(Vec::new, |(route, local)| super::start::endpoints(route, *local).into_iter().collect());
        match of_route.as_slice() {
            [] | [Endpoint::Dialled] => Endpoint::Dialled,
            several => several[self.grpc().choices.below(several.len() as u64) as usize],
        }
    }
}
