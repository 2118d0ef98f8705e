//! Attempts to send a message, and what the application is told in the end (`DefaultMQProducerImpl.sendDefaultImpl`).

use super::Producer;
use crate::model::network::{Attempt, CallError, Request, Response, Waiter};
use crate::model::observation::{Observation, QueueIndex, SendFailure, SentMessage, StoreDelay};
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;

impl Producer {
    /// One attempt to send; a retry avoids the broker that failed (`MQFaultStrategy`).
    pub(super) fn send_message(
        &mut self,
        out: &mut Outside,
        sent: SentMessage,
        attempt: Attempt,
        avoid: Option<BrokerIndex>,
    ) {
        let planned = &out.plan.producers[self.index.at()];
        let mark = attempt.mark;
        let chosen = match mark.key {
            0 => self.choose_queue(&out.names, &planned.queue_weights, avoid),
            key => self.queue_of_key(key),
        };
        let Some(queue) = chosen else {
            self.ask_route(out);
            if self.route.is_none() {
                // It waits for its first route (`tryToFindTopicPublishInfo`), and is told where none comes.
                return self.unrouted.push((sent, attempt));
            }
            return self.send_ended(out, sent, attempt, (None, SendFailure::NoRoute));
        };
        let name = out.names.queue(queue).broker;
        let route = self.route.iter().flat_map(|route| route.iter());
        let master = route.clone().find(|entry| entry.broker == name).and_then(|entry| entry.addresses.master());
        let (from, to) = (out.producer_host(self.index), out.broker_host(master.unwrap_or(name)));
        let request = Request::Send { sent, queue, body_bytes: planned.body_bytes, mark };
        let left = planned.send_timeout.saturating_sub(out.now().since(attempt.began));
        let timeout = match planned.send_timeout_per_request {
            Some(most) if attempt.number < planned.retry_times => left.min(most),
            _ => left,
        };
        out.call(from, to, request, timeout, Waiter::Send { sent, queue, attempt });
    }

    /// A send was answered. A failed one is tried again on another broker, as long as `sendMsgTimeout` is not over; one to
    /// the queue of its key (`sendSelectImpl`) is not.
    pub(in crate::model) fn send_answered(
        &mut self,
        out: &mut Outside,
        sent: SentMessage,
        queue: QueueIndex,
        (attempt, stored): (Attempt, bool),
        answer: Result<Response, CallError>,
    ) {
        let mut tried_again = true;
        let why = match answer {
            Ok(Response::QueueOffset(_)) => return,
            Ok(Response::NotStoredInTime(delay)) => return self.stored_in_doubt(out, sent, queue, attempt, delay),
            Ok(Response::InSyncReplicasNotEnough) => SendFailure::InSyncReplicasNotEnough,
            Ok(Response::SendRefused(why)) => {
                out.see(Observation::SendRefused { producer: sent.producer, queue, why });
                tried_again = why.is_tried_again();
                SendFailure::Refused
            }
            Ok(_) => SendFailure::Refused,
            Err(CallError::TimedOut) => SendFailure::TimedOut,
            Err(CallError::Unreachable) => SendFailure::Unreachable,
        };
        out.see(Observation::AttemptFailed { sent, stored, why });
        let broker = out.names.queue(queue).broker;
        if tried_again && self.may_try_again(out, attempt) {
            self.send_message(out, sent, Attempt { number: attempt.number + 1, ..attempt }, Some(broker));
        } else {
            self.send_ended(out, sent, attempt, (Some(broker), why));
        }
    }

    /// The message is stored, and not where it was to be stored too: the producer may have another broker store it
    /// (`retryAnotherBrokerWhenNotStoreOK`).
    fn stored_in_doubt(
        &mut self,
        out: &mut Outside,
        sent: SentMessage,
        queue: QueueIndex,
        attempt: Attempt,
        delay: StoreDelay,
    ) {
        let (broker, why) = (out.names.queue(queue).broker, SendFailure::NotStoreOk);
        let attempt = Attempt { in_doubt: Some(delay), ..attempt };
        if out.plan.producers[self.index.at()].retry_when_not_store_ok && self.may_try_again(out, attempt) {
            out.see(Observation::AttemptFailed { sent, stored: true, why });
            self.send_message(out, sent, Attempt { number: attempt.number + 1, ..attempt }, Some(broker));
        } else {
            self.send_ended(out, sent, attempt, (Some(broker), why));
        }
    }

    fn may_try_again(&self, out: &Outside, attempt: Attempt) -> bool {
        let planned = &out.plan.producers[self.index.at()];
        let in_time = out.now().since(attempt.began) < planned.send_timeout;
        attempt.mark.key == 0 && attempt.number < planned.retry_times && in_time
    }

    /// The application is told: of a failure, or of a status that is not SEND_OK where one of the attempts had that.
    fn send_ended(
        &self,
        out: &mut Outside,
        sent: SentMessage,
        attempt: Attempt,
        (broker, why): (Option<BrokerIndex>, SendFailure),
    ) {
        match attempt.in_doubt {
            Some(why) => out.see(Observation::SendInDoubt { sent, why }),
            None => out.see(Observation::SendFailed { sent, broker, why }),
        }
    }
}
