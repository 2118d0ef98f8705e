//! What becomes of a message behind its listener (`ProcessQueueImpl.eraseMessage`): each word is said again every second
//! until it is heard, or until the proxy says that the handle is none any more.

use super::pool::Task;
use super::receive::body_bytes;
use super::{AT, ClientProcess};
use crate::kernel::Span;
use crate::model::consumer::State;
use crate::model::event::GrpcTask;
use crate::model::network::{CallError, GrpcRequest, GrpcResponse, GrpcWait, PoppedMessage, Request};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::ProxySettings;

/// `ACK_MESSAGE_FAILURE_BACKOFF_DELAY` and its kin.
const AGAIN: Span = Span::from_secs(1);

/// What is said of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is consumed.
    Ack,
    /// It comes again after so long.
    Later(Span),
    /// It goes to the dead-letter queue.
    DeadLetter,
}

/// A word that is not heard yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Telling {
    pub queue: u32,
    pub message: PoppedMessage,
    pub fate: Fate,
    /// The FIFO batch that goes on behind it.
    pub list: Option<u32>,
}

impl ClientProcess {
    /// `eraseMessage`: acknowledged, or invisible for a delay by how often it was tried.
    pub(super) fn grpc_erase(&mut self, out: &mut Outside<'_>, task: &Task, failed: bool) {
        let fate = match failed {
            false => Fate::Ack,
            true => Fate::Later(ProxySettings::retry_delay(task.message.reconsume_times)),
        };
        self.grpc_begin_telling(out, Telling { queue: task.queue, message: task.message, fate, list: None });
    }

    pub(super) fn grpc_begin_telling(&mut self, out: &mut Outside<'_>, telling: Telling) {
        let number = self.grpc().number();
        self.grpc().telling.insert(number, telling);
        self.grpc_tell(out, number);
    }

    /// Says it, to the endpoint that the message came from. A client that has closed its connections says nothing.
    pub(super) fn grpc_tell(&mut self, out: &mut Outside<'_>, number: u32) {
        if self.consumers[AT].state == State::Disconnected {
            return;
        }
        let Some(telling) = self.grpc().telling.get(&number).copied() else { return };
        let (group, timeout) = (self.consumers[AT].group, self.grpc_settings(out).request_timeout);
        let (handle, life) = (telling.message.handle, telling.message.life);
        let endpoint = self.grpc().queues[telling.queue as usize].assigned.endpoint;
        let request = match telling.fate {
            Fate::Ack => GrpcRequest::Ack { group, handle },
            Fate::Later(invisible) => GrpcRequest::ChangeInvisible { group, handle, invisible },
            Fate::DeadLetter => GrpcRequest::ToDeadLetterQueue { group, handle, life },
        };
        self.grpc_call(out, endpoint, (Request::Grpc(request), timeout), GrpcWait::Told { number });
    }

    /// It was heard, or not.
    pub(super) fn grpc_told(&mut self, out: &mut Outside<'_>, number: u32, answer: Result<GrpcResponse, CallError>) {
        if self.grpc_settings(out).simple.is_some() {
            return self.grpc_simple_told(out, number, answer);
        }
        let Some(telling) = self.grpc().telling.get(&number).copied() else { return };
        match answer {
            Ok(GrpcResponse::Ok | GrpcResponse::InvisibleChanged(_)) => {}
            Ok(GrpcResponse::InvalidReceiptHandle) => {
                let consumer = self.consumers[AT].index;
                let (queue, offset) = (telling.message.handle.queue, telling.message.handle.offset);
                out.see(Observation::AckFailed { consumer, queue, offset });
            }
            _ => return self.grpc_later(out, AGAIN, GrpcTask::Repeat { number }),
        }
        self.grpc().telling.remove(&number);
        let bytes = body_bytes(out, &telling.message);
        self.grpc().queues[telling.queue as usize].evict(bytes);
        if let Some(list) = telling.list {
            self.grpc_list_goes_on(out, list);
        }
    }
}
