//! `ReceiveMessage` (`ReceiveMessageActivity`, `ConsumerProcessor.popMessage`): a pop of all queues of a broker. Which queue a
//! client named counts for nothing, not even of a FIFO group.

use std::rc::Rc;

use super::handles::{Handle, HandleKey};
use super::routes::ForRoute;
use super::upstream::Task;
use super::{Asker, Proxy, Site};
use crate::kernel::{Instant, Span};
use crate::model::ids::BrokerIndex;
use crate::model::network::{
    CallError, GrpcResponse, InitMode, OfProxy, PopRequest, Popped, PoppedMessage, Receive, Request, Response,
};
use crate::model::outside::Outside;
use crate::model::plan::ConsumerIndex;

/// `ProxyUtils.MAX_MSG_NUMS_FOR_POP_REQUEST`.
const MOST_MESSAGES: u32 = 32;
/// `ReceiveMessageResponseStreamWriter.NACK_INVISIBLE_TIME`.
const NACK: Span = Span::from_secs(1);

/// A receive that waits for the route.
#[derive(Debug)]
pub(super) struct Waiting {
    asker: Asker,
    consumer: ConsumerIndex,
    receive: Receive,
    poll: Span,
}

/// A receive whose pop is under way.
#[derive(Debug)]
pub(super) struct Receiving {
    asker: Asker,
    consumer: ConsumerIndex,
    receive: Receive,
}

impl Proxy {
    /// `ReceiveMessage`: its time is clamped, and has to be enough for a poll.
    pub(super) fn receive(&mut self, out: &mut Outside<'_>, asker: Asker, receive: Receive) {
        let settings = self.settings(out);
        let known = Self::client_of(out, asker, receive.group);
        let has_settings = |consumer: &ConsumerIndex| {
            self.memory.clients.contains_key(consumer) || self.memory.synced.contains_key(consumer)
        };
        let Some(consumer) = known.filter(has_settings) else {
            return self.respond(out, asker, GrpcResponse::InternalServerError);
        };
        let mut poll = receive.poll.clamp(settings.min_long_polling_timeout, settings.max_long_polling_timeout);
        // What the way here took is gone.
        let left = receive.deadline.saturating_sub(Span::from_millis(1));
        if poll > left {
            if left < settings.min_long_polling_timeout {
                return self.respond(out, asker, GrpcResponse::IllegalPollingTime);
            }
            poll = left;
        }
        let renewed = settings.enable_proxy_auto_renew && receive.invisible.is_none();
        let least = settings.min_invisible_time_for_recv;
        if !renewed && receive.invisible.is_none_or(|invisible| invisible < least) {
            return self.respond(out, asker, GrpcResponse::IllegalInvisibleTime);
        }
        let waiting = Waiting { asker, consumer, receive, poll };
        match self.site {
            Site::Local(_) => self.pop(out, waiting),
            Site::Cluster => self.with_route(out, receive.topic, ForRoute::Receive(waiting)),
        }
    }

    /// `POP_MESSAGE` to the broker that the client named, or where the name is not known to another.
    pub(super) fn pop(&mut self, out: &mut Outside<'_>, waiting: Waiting) {
        let Waiting { asker, consumer, receive, poll } = waiting;
        let Some(broker) = self.broker_to_pop(&receive) else {
            return self.respond(out, asker, GrpcResponse::Forbidden);
        };
        let pop = PopRequest {
            group: receive.group,
            topic: receive.topic,
            queue: None,
            max_messages: receive.max_messages.min(MOST_MESSAGES),
            invisible: receive.invisible.unwrap_or(self.settings(out).default_invisible_time),
            poll,
            // The broker puts its own clock there.
            born: Instant::ZERO,
            init_mode: InitMode::Max,
            tags: receive.tags,
            fifo: self.is_fifo(out, receive.group),
            attempt_id: receive.attempt_id,
        };
        let request = Request::OfProxy(OfProxy::Pop { consumer, pop });
        let task = Task::Receive(Receiving { asker, consumer, receive });
        self.ask_for(out, broker, (request, receive.deadline), task);
    }

    fn broker_to_pop(&mut self, receive: &Receive) -> Option<BrokerIndex> {
        if let Site::Local(own) = self.site {
            return Some(own);
        }
        if let Some(named) = self.memory.routes.broker(receive.topic, receive.broker) {
            return Some(named);
        }
        let readable = self.memory.routes.readable(receive.topic);
        let next = self.memory.next_broker;
        self.memory.next_broker += 1;
        readable.get(next % readable.len().max(1))?.addresses.master_or_any()
    }

    /// What a pop brought goes to its client: what came back too often to the dead-letter queue instead.
    pub(super) fn pop_answered(
        &mut self,
        out: &mut Outside<'_>,
        receiving: Receiving,
        answer: Result<Response, CallError>,
    ) {
        let asker = receiving.asker;
        let answer = match answer {
            Ok(Response::Popped(Popped::Found(messages))) => return self.found(out, &receiving, &messages),
            Ok(Response::Popped(Popped::PollingTimeout)) => GrpcResponse::MessageNotFound,
            Ok(Response::Popped(Popped::PollingFull)) => GrpcResponse::TooManyRequests,
            _ => GrpcResponse::InternalServerError,
        };
        self.respond(out, asker, answer);
    }

    fn found(&mut self, out: &mut Outside<'_>, receiving: &Receiving, messages: &[PoppedMessage]) {
        let Receiving { asker, consumer, receive } = *receiving;
        let settings = self.settings(out);
        let most = out.plan.brokers[self.a_broker().at()].settings.retry_max_times + 1;
        let (left, given_up): (Vec<PoppedMessage>, Vec<PoppedMessage>) =
            messages.iter().copied().partition(|message| message.reconsume_times < most);
        for message in given_up {
            self.send_to_dead_letter_queue(out, None, consumer, (receive.group, message.handle), message.life);
        }
        if settings.enable_proxy_auto_renew && receive.invisible.is_none() {
            // Without a channel of the client noting the handles throws, and nothing is written: a minute's wait
            // (`ReceiptHandleGroupKey.getChannelId`).
            if !self.memory.clients.contains_key(&consumer) {
                return self.respond(out, asker, GrpcResponse::InternalServerError);
            }
            let popped = self.clock(out);
            for message in &left {
                let key = HandleKey::of(consumer, &message.handle);
                self.note_handle(out, key, Handle::new(message, receive.group, popped));
            }
        }
        if left.is_empty() {
            return self.respond(out, asker, GrpcResponse::MessageNotFound);
        }
        if out.connections[asker.0].server_open {
            return self.respond(out, asker, GrpcResponse::Received(Rc::new(left)));
        }
        // The stream is cancelled. Up to 5.3.3 the first write fails, of the status, and nothing more is done.
        if settings.nacks_cancelled_receives {
            for message in &left {
                let (group, handle, invisible) = (receive.group, message.handle, NACK);
                let Some(broker) = self.broker_of(out, &handle) else { continue };
                let astray = false;
                let what = OfProxy::ChangeInvisible { consumer, group, handle, invisible, astray };
                self.ask(out, broker, what, Task::Nobody);
            }
        }
    }
}
