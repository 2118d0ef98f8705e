//! `close()` (`PushConsumerImpl.shutDown`, `ClientImpl.shutDown`).
//!
//! ```text
//!   from 5.0.8 on   no receive any more --> those under way, 23 s at most --> all listeners --> 1 s --> goodbye --> end
//!   before          goodbye --> connections closed --> all listeners, of whose results nobody hears --> end
//! ```

use super::{AT, ClientProcess};
use crate::kernel::{Instant, Span};
use crate::model::consumer::State;
use crate::model::event::GrpcTask;
use crate::model::network::{GrpcRequest, GrpcWait, Request};
use crate::model::observation::{End, Observation, PopRelease};
use crate::model::outside::Outside;

/// How often it looks whether receives are under way.
const LOOK: Span = Span::from_millis(100);
/// What it gives acknowledgements.
const FOR_ACKS: Span = Span::from_secs(1);

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// Receives are under way; waits for them until then.
    Receives(Instant),
    /// Listeners run, or messages wait for one.
    Listeners,
    /// Acknowledgements have a second.
    Acks,
    /// So many endpoints have not heard yet that it ends.
    Goodbye(u32),
    /// The connections are closed, and listeners run.
    LastListeners,
}

impl ClientProcess {
    /// `close()` is called.
    pub(super) fn grpc_close(&mut self, out: &mut Outside<'_>) {
        let consumer = self.consumers[AT].index;
        match self.consumers[AT].state {
            State::Running => {}
            State::Starting => return self.end_consumer(out, AT, End::Killed),
            _ => return,
        }
        out.see(Observation::ConsumerStopping { consumer });
        self.consumers[AT].state = State::Stopping;
        let settings = self.grpc_settings(out);
        let waits = settings.close_waits && settings.simple.is_none();
        let longest = settings.request_timeout + self.grpc().settings.long_polling_timeout;
        if waits {
            out.see(Observation::GrpcClosing { consumer });
            self.grpc().closing = Some(Closing::Receives(out.now() + longest));
            return self.grpc_close_goes_on(out);
        }
        self.grpc_say_goodbye(out);
    }

    /// Whether the pool takes nothing any more.
    pub(super) fn grpc_pool_is_closed(&mut self) -> bool {
        matches!(
            self.grpc().closing,
            Some(Closing::Listeners | Closing::Acks | Closing::Goodbye(_) | Closing::LastListeners)
        )
    }

    /// The next step, if its time has come.
    pub(super) fn grpc_close_goes_on(&mut self, out: &mut Outside<'_>) {
        let receiving = self.grpc().receiving;
        match self.grpc().closing {
            Some(Closing::Receives(until)) if receiving > 0 && out.now() < until => {
                self.grpc_later(out, LOOK, GrpcTask::Close);
            }
            Some(Closing::Receives(_)) => {
                self.grpc().closing = Some(Closing::Listeners);
                self.grpc_pool_may_be_idle(out);
            }
            Some(Closing::Acks) => self.grpc_say_goodbye(out),
            _ => {}
        }
    }

    /// A listener has returned, or there is none.
    pub(super) fn grpc_pool_may_be_idle(&mut self, out: &mut Outside<'_>) {
        if !self.grpc().pool.is_idle() {
            return;
        }
        match self.grpc().closing {
            Some(Closing::Listeners) => {
                self.grpc().closing = Some(Closing::Acks);
                self.grpc_later(out, FOR_ACKS, GrpcTask::Close);
            }
            Some(Closing::LastListeners) => self.end_consumer(out, AT, End::Shutdown),
            _ => {}
        }
    }

    /// `NotifyClientTermination`, to every endpoint.
    fn grpc_say_goodbye(&mut self, out: &mut Outside<'_>) {
        let (group, timeout) = (self.consumers[AT].group, self.grpc_settings(out).request_timeout);
        let endpoints = self.grpc_endpoints();
        self.grpc().closing = Some(Closing::Goodbye(endpoints.len() as u32));
        for &endpoint in &endpoints {
            let request = Request::Grpc(GrpcRequest::NotifyTermination { group });
            self.grpc_call(out, endpoint, (request, timeout), GrpcWait::Termination);
        }
        if endpoints.is_empty() {
            self.grpc_disconnect(out);
        }
    }

    /// An endpoint has heard it, or cannot.
    pub(super) fn grpc_termination_answered(&mut self, out: &mut Outside<'_>) {
        let Some(Closing::Goodbye(left)) = self.grpc().closing else { return };
        self.grpc().closing = Some(Closing::Goodbye(left - 1));
        if left == 1 {
            self.grpc_disconnect(out);
        }
    }

    /// The connections are closed. A listener that still runs is waited for.
    fn grpc_disconnect(&mut self, out: &mut Outside<'_>) {
        let (host, _) = out.instance_seat(self.instance.owner);
        let open: Vec<_> = out.machines[host.at()].channels.values().collect();
        open.into_iter().for_each(|connection| out.close_client_end(connection, true));
        self.consumers[AT].state = State::Disconnected;
        let all: Vec<_> = self.grpc().table.keys().copied().collect();
        all.into_iter().for_each(|assigned| self.grpc_drop_queue(out, assigned, PopRelease::Shutdown));
        self.grpc().closing = Some(Closing::LastListeners);
        match self.grpc_settings(out).simple.is_some() {
            true => self.end_consumer(out, AT, End::Shutdown),
            false => self.grpc_pool_may_be_idle(out),
        }
    }
}
