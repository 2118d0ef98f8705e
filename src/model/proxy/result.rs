//! What clients say of messages (`AckMessageActivity`, `ChangeInvisibleDurationActivity`, `ForwardMessageToDLQActivity`).
//!
//! A handle whose time is over by the proxy's clock is refused before any broker hears of it.

use super::handles::{After, HandleKey, given_back};
use super::upstream::Task;
use super::{Asker, Proxy, Site};
use crate::kernel::Span;
use crate::model::network::{CallError, GrpcResponse, OfProxy, PopHandle, Request, Response};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GroupIndex};

/// `MessagingProcessor.DEFAULT_TIMEOUT_MILLS`.
const TIMEOUT: Span = Span::from_secs(2);

impl Proxy {
    /// Whether a handle's time is over (`ReceiptHandle.isExpired`).
    fn refuses(&self, out: &mut Outside<'_>, consumer: ConsumerIndex, handle: &PopHandle) -> bool {
        let late = handle.revive_time() <= self.clock(out);
        if late {
            let PopHandle { queue, offset, .. } = *handle;
            out.see(Observation::ReceiptHandleExpired { proxy: self.index, consumer, queue, offset });
        }
        late
    }

    /// `AckMessage`.
    pub(super) fn acknowledge(&mut self, out: &mut Outside<'_>, asker: Asker, group: GroupIndex, named: PopHandle) {
        let Some(consumer) = Self::client_of(out, asker, group) else { return };
        let key = HandleKey::of(consumer, &named);
        let Ok(handle) = self.take_handle(&key, named, After::Ack(asker)) else { return };
        if self.refuses(out, consumer, &handle) {
            return self.respond(out, asker, GrpcResponse::InvalidReceiptHandle);
        }
        let Some(broker) = self.broker_of(out, &handle) else {
            return self.respond(out, asker, GrpcResponse::InternalServerError);
        };
        let astray = self.is_astray(&key, &handle);
        self.ask(out, broker, OfProxy::Ack { consumer, group, handle, astray }, Task::Ack { to: asker });
    }

    pub(super) fn ack_answered(&mut self, out: &mut Outside<'_>, to: Asker, answer: &Result<Response, CallError>) {
        let answer = match answer {
            Ok(Response::Done) => GrpcResponse::Ok,
            _ => GrpcResponse::InternalServerError,
        };
        self.respond(out, to, answer);
    }

    /// `ChangeInvisibleDuration`: the handle is the client's own from then on, and nobody renews it.
    pub(super) fn change_invisible(
        &mut self,
        out: &mut Outside<'_>,
        asker: Asker,
        (group, named): (GroupIndex, PopHandle),
        invisible: Span,
    ) {
        let Some(consumer) = Self::client_of(out, asker, group) else { return };
        let key = HandleKey::of(consumer, &named);
        let Ok(old) = self.take_handle(&key, named, After::Change(asker, invisible)) else { return };
        if self.refuses(out, consumer, &old) {
            return self.respond(out, asker, GrpcResponse::InvalidReceiptHandle);
        }
        let Some(broker) = self.broker_of(out, &old) else {
            return self.respond(out, asker, GrpcResponse::InternalServerError);
        };
        let astray = self.is_astray(&key, &old);
        let what = OfProxy::ChangeInvisible { consumer, group, handle: old, invisible, astray };
        self.ask(out, broker, what, Task::Change { to: asker, key, old });
    }

    pub(super) fn change_answered(
        &mut self,
        out: &mut Outside<'_>,
        to: Asker,
        (key, old): (HandleKey, PopHandle),
        answer: &Result<Response, CallError>,
    ) {
        let local = matches!(self.site, Site::Local(_));
        let answer = match answer {
            Ok(Response::InvisibleChanged { pop_time, invisible }) => {
                let new = given_back(local, old, (*pop_time, *invisible));
                if local && !new.is_fifo() && new.start_offset != new.offset {
                    self.memory.astray.insert((key, new.pop_time));
                }
                GrpcResponse::InvisibleChanged(new)
            }
            _ => GrpcResponse::InternalServerError,
        };
        self.respond(out, to, answer);
    }

    /// `ForwardMessageToDeadLetterQueue`.
    pub(super) fn forward_to_dead_letter_queue(
        &mut self,
        out: &mut Outside<'_>,
        asker: Asker,
        (group, named): (GroupIndex, PopHandle),
        life: u32,
    ) {
        let Some(consumer) = Self::client_of(out, asker, group) else { return };
        let key = HandleKey::of(consumer, &named);
        let Ok(handle) = self.take_handle(&key, named, After::DeadLetter(asker, life)) else { return };
        self.send_to_dead_letter_queue(out, Some(asker), consumer, (group, handle), life);
    }

    /// `ProducerProcessor.forwardMessageToDeadLetterQueue`: it is sent back as one that came back too often, and
    /// acknowledged when that is done.
    pub(super) fn send_to_dead_letter_queue(
        &mut self,
        out: &mut Outside<'_>,
        to: Option<Asker>,
        consumer: ConsumerIndex,
        (group, handle): (GroupIndex, PopHandle),
        life: u32,
    ) {
        let Some(broker) = self.broker_of(out, &handle) else {
            return to.map_or((), |asker| self.respond(out, asker, GrpcResponse::InternalServerError));
        };
        let PopHandle { queue, offset, .. } = handle;
        let (max_reconsume_times, delay_level) = (0, None);
        let request = Request::SendBack { consumer, group, queue, offset, life, max_reconsume_times, delay_level };
        self.ask_for(out, broker, (request, TIMEOUT), Task::DeadLetter { to, consumer, group, handle });
    }

    pub(super) fn dead_letter_answered(
        &mut self,
        out: &mut Outside<'_>,
        to: Option<Asker>,
        consumer: ConsumerIndex,
        (group, handle): (GroupIndex, PopHandle),
        answer: &Result<Response, CallError>,
    ) {
        let done = matches!(answer, Ok(Response::SentBack { .. }));
        if let Some(asker) = to {
            let answer = if done { GrpcResponse::Ok } else { GrpcResponse::InternalServerError };
            self.respond(out, asker, answer);
        }
        let key = HandleKey::of(consumer, &handle);
        let astray = self.is_astray(&key, &handle);
        if let Some(broker) = self.broker_of(out, &handle).filter(|_| done) {
            self.ask(out, broker, OfProxy::Ack { consumer, group, handle, astray }, Task::Nobody);
        }
    }
}
