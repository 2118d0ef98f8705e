//! `ProcessQueueImpl.receiveMessage`: one receive is under way for each assignment, or none.

use std::rc::Rc;

use super::{AT, ClientProcess};
use crate::kernel::Span;
use crate::model::consumer::State;
use crate::model::event::GrpcTask;
use crate::model::network::{CallError, GrpcRequest, GrpcResponse, GrpcWait, PoppedMessage, Receive, Request};
use crate::model::observation::{Observation, PopTrouble};
use crate::model::outside::Outside;
use crate::model::plan::TagSet;

/// `RECEIVING_FLOW_CONTROL_BACKOFF_DELAY`.
const FLOW_CONTROL: Span = Span::from_millis(20);
/// `RECEIVING_FAILURE_BACKOFF_DELAY`, and that of a full cache.
const FAILURE: Span = Span::from_secs(1);

impl ClientProcess {
    /// `receiveMessage`: unless the queue was dropped or its cache is full.
    pub(super) fn grpc_receive(&mut self, out: &mut Outside<'_>, number: u32) {
        let now = out.now();
        let (most, most_bytes) = self.grpc_thresholds(out);
        let queue = &mut self.grpc().queues[number as usize];
        if queue.dropped {
            return;
        }
        if most <= queue.cached || most_bytes <= queue.cached_bytes {
            queue.full = Some(now);
            return self.grpc_troubled(out, number, PopTrouble::FlowControl, FAILURE);
        }
        let attempt = queue.attempt;
        self.grpc_receive_now(out, number, attempt);
    }

    /// What each assignment may cache: messages and bytes.
    fn grpc_thresholds(&mut self, out: &Outside<'_>) -> (u32, u64) {
        let settings = self.grpc_settings(out);
        let queues = self.grpc().table.len().max(1) as u32;
        let bytes = (settings.max_cache_message_size_in_bytes / queues).max(1);
        ((settings.max_cache_message_count / queues).max(1), bytes.into())
    }

    /// `receiveMessageImmediately`: nothing any more while the client closes.
    pub(super) fn grpc_receive_now(&mut self, out: &mut Outside<'_>, number: u32, attempt: Option<u64>) {
        if self.consumers[AT].state != State::Running {
            return;
        }
        let attempt = attempt.unwrap_or_else(|| self.grpc_attempt_id());
        let (most, _) = self.grpc_thresholds(out);
        let (timeout, group) = (self.grpc_settings(out).request_timeout, self.consumers[AT].group);
        let settings = self.grpc().settings;
        let queue = &mut self.grpc().queues[number as usize];
        (queue.active, queue.attempt) = (out.now(), Some(attempt));
        let (topic, endpoint, broker) = (queue.topic, queue.assigned.endpoint, queue.broker);
        let room = most.saturating_sub(queue.cached).max(1);
        let tags = self.consumers[AT].subscription(topic).map_or(TagSet::ALL, |known| known.tags);
        let deadline = settings.long_polling_timeout + timeout;
        let receive = Receive {
            group,
            topic,
            broker,
            max_messages: room.min(settings.receive_batch_size),
            poll: settings.long_polling_timeout,
            invisible: None,
            tags,
            attempt_id: Some(attempt),
            deadline,
        };
        self.grpc().receiving += 1;
        let request = Request::Grpc(GrpcRequest::Receive(receive));
        self.grpc_call(out, endpoint, (request, deadline), GrpcWait::Receive { queue: number });
    }

    fn grpc_attempt_id(&mut self) -> u64 {
        let number = self.grpc().number();
        let consumer = self.consumers[AT].index;
        u64::from(consumer) << 40 | u64::from(self.consumers[AT].life & 0xff) << 32 | u64::from(number)
    }

    /// What was received, or nothing, or why not. Only what got no answer in time is asked for once more as the same attempt.
    pub(super) fn grpc_received(
        &mut self,
        out: &mut Outside<'_>,
        number: u32,
        answer: Result<GrpcResponse, CallError>,
    ) {
        self.grpc().receiving -= 1;
        let queue = &mut self.grpc().queues[number as usize];
        let attempt = queue.attempt.take();
        let (trouble, delay) = match answer {
            Ok(GrpcResponse::Received(messages)) => {
                queue.trouble = None;
                self.grpc_cache(out, number, &messages);
                return self.grpc_receive(out, number);
            }
            Ok(GrpcResponse::MessageNotFound) => {
                queue.trouble = None;
                return self.grpc_receive(out, number);
            }
            Ok(GrpcResponse::TooManyRequests) => (PopTrouble::PollingFull, FLOW_CONTROL),
            Ok(_) => (PopTrouble::Refused, FAILURE),
            Err(CallError::Unreachable) => (PopTrouble::BrokerUnreachable, FAILURE),
            Err(CallError::TimedOut) => {
                queue.attempt = attempt;
                (PopTrouble::TimedOut, FAILURE)
            }
        };
        self.grpc_troubled(out, number, trouble, delay);
    }

    fn grpc_troubled(&mut self, out: &mut Outside<'_>, number: u32, trouble: PopTrouble, delay: Span) {
        let consumer = self.consumers[AT].index;
        let queue = &mut self.grpc().queues[number as usize];
        let (topic, broker) = (queue.topic, queue.broker);
        if queue.trouble.replace(trouble) != Some(trouble) {
            out.see(Observation::PopTroubled { consumer, topic, broker, trouble });
        }
        if !queue.dropped {
            self.grpc_later(out, delay, GrpcTask::Receive { queue: number });
        }
    }

    /// `cacheMessages`, and `ConsumeService.consume`.
    fn grpc_cache(&mut self, out: &mut Outside<'_>, number: u32, messages: &Rc<Vec<PoppedMessage>>) {
        let bytes: u64 = messages.iter().map(|message| u64::from(body_bytes(out, message))).sum();
        let queue = &mut self.grpc().queues[number as usize];
        queue.cached += messages.len() as u32;
        queue.cached_bytes += bytes;
        match self.grpc().settings.fifo {
            true => self.grpc_consume_in_order(out, number, messages),
            false => self.grpc_consume_all(out, number, messages),
        }
    }
}

/// The size of a message's body.
pub(super) fn body_bytes(out: &Outside<'_>, message: &PoppedMessage) -> u32 {
    let record = out.record(message.handle.queue, message.handle.offset, message.life);
    record.map_or(0, |(record, _)| record.body_bytes)
}
