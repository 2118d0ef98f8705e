//! What becomes of a message behind its listener: acknowledged, invisible for longer, or given up
//! (`ConsumeMessagePopConcurrentlyService.processConsumeResult`). Each is one call that nobody repeats.

use super::callback::max_reconsume_times;
use super::pool::PopBatch;
use crate::kernel::Span;
use crate::model::consumer::{Consumer, State};
use crate::model::ids::QueueIndex;
use crate::model::network::{CallError, PopHandle, PoppedMessage, Request, Response, Waiter};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::PopConsumerSettings;

/// The time-out of these calls (`ASYNC_TIMEOUT`).
const TIMEOUT: Span = Span::from_secs(3);

impl Consumer {
    /// A batch is done with: each message is acknowledged, or comes again later.
    pub(super) fn popped_messages_done(&mut self, out: &mut Outside<'_>, batch: &PopBatch, consumed: bool) {
        for message in &batch.messages {
            self.popping.process_queues[batch.process_queue as usize].finish(1);
            match consumed {
                true => self.acknowledge(out, message),
                false => self.popped_message_failed(out, message),
            }
        }
    }

    /// The next attempt comes after a delay by the level that the listener asked for, or by how often the message came
    /// back; one that came back too often is acknowledged where it is old enough (`checkNeedAckOrDelay`).
    fn popped_message_failed(&mut self, out: &mut Outside<'_>, message: &PoppedMessage) {
        let planned = out.planned(self.index);
        let asked = planned.listener.delay_level_when_next_consume;
        let level = if message.reconsume_times >= max_reconsume_times(&planned.consumer) {
            let age = self.age(out, message);
            let last = PopConsumerSettings::DELAY_LEVELS.len() as u32 - 1;
            let oldest = PopConsumerSettings::delay(last);
            if age > oldest + oldest {
                let (consumer, queue, offset) = (self.index, message.handle.queue, message.handle.offset);
                let origin = self.popped_record(out, message).0;
                out.see(Observation::PopGivenUp { consumer, queue, offset, origin });
                return self.acknowledge(out, message);
            }
            // The level behind the last one that is not above its age, and -1 where it is younger than the first. Level 0
            // is then taken for "none asked for".
            let younger = PopConsumerSettings::DELAY_LEVELS.iter().rposition(|delay| age >= *delay);
            younger.map_or(-1, |level| level as i32 + 1)
        } else {
            asked
        };
        let level = if level == 0 { message.reconsume_times as i32 } else { level };
        match u32::try_from(level) {
            Ok(level) => self.change_invisible(out, message, PopConsumerSettings::delay(level)),
            Err(_) => {
                // `popDelayLevel[-1]` throws: nothing is sent, and the message comes again after the time it was popped for.
                let (consumer, queue, offset) = (self.index, message.handle.queue, message.handle.offset);
                out.see(Observation::DelayLevelThrew { consumer, queue, offset });
            }
        }
    }

    /// `System.currentTimeMillis() - bornTimestamp`.
    fn age(&self, out: &Outside<'_>, message: &PoppedMessage) -> Span {
        let born = self.popped_born(out, message).unwrap_or(out.now());
        out.now().since(born)
    }

    /// `ackAsync`.
    pub(super) fn acknowledge(&mut self, out: &mut Outside<'_>, message: &PoppedMessage) {
        let handle = message.handle;
        self.tell_of_message(out, handle, Request::Ack { handle, group: self.group });
    }

    /// `changePopInvisibleTimeAsync`.
    fn change_invisible(&mut self, out: &mut Outside<'_>, message: &PoppedMessage, invisible: Span) {
        let handle = message.handle;
        self.tell_of_message(out, handle, Request::ChangeInvisible { handle, group: self.group, invisible });
    }

    /// To the master of the broker that the handle names. Where it is not known, or the connections are closed, an error is
    /// logged and that is all.
    fn tell_of_message(&mut self, out: &mut Outside<'_>, handle: PopHandle, request: Request) {
        let (host, epoch) = self.seat(out);
        let (consumer, queue, offset) = (self.index, handle.queue, handle.offset);
        let master = self.master(handle.broker).filter(|_| self.state != State::Disconnected);
        let Some(master) = master else {
            return out.see(Observation::AckFailed { consumer, queue, offset });
        };
        let waiter = Waiter::Ack { consumer, epoch, queue, offset };
        let to = out.broker_host(master);
        out.call_async(host, to, request, TIMEOUT, waiter);
    }

    /// The answer is only logged.
    pub(in crate::model) fn ack_answered(
        &mut self,
        out: &mut Outside<'_>,
        (queue, offset): (QueueIndex, u64),
        answer: &Result<Response, CallError>,
    ) {
        if !matches!(answer, Ok(Response::Done | Response::InvisibleChanged { .. })) {
            let consumer = self.index;
            out.see(Observation::AckFailed { consumer, queue, offset });
        }
    }
}
