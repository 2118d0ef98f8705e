//! What the pull thread does for orderly queues: it waits for the lock, and asks once more where to begin
//! (`DefaultMQPushConsumerImpl.pullMessage`, where `consumeOrderly`).

use crate::model::consumer::Consumer;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::start_offset::NothingStored;
use crate::model::network::{CallError, OrderlyWait, Request, Response, Waiter};
use crate::model::observation::{Observation, PullTrouble, StartRule};
use crate::model::outside::Outside;

impl Consumer {
    /// The one pull thread waits for an answer: this request waits for the thread.
    pub(in crate::model) fn pull_thread_is_busy(&mut self, process_queue: u32) -> bool {
        let orderly = &mut self.orderly;
        let busy = orderly.pulling.is_some();
        if busy {
            orderly.pulls.push_back(process_queue);
        }
        busy
    }

    /// Whether a queue cannot be pulled yet: an orderly one is not locked, or its first offset is asked for once more, as
    /// it is of consumers that pull, where memory has none.
    pub(in crate::model) fn first_pull_waits(&mut self, out: &mut Outside<'_>, process_queue: u32) -> bool {
        let consumer = self.index;
        if self.service == ConsumeMessageService::Concurrently {
            return false;
        }
        let pulls = self.service == ConsumeMessageService::LitePull;
        let delay = out.planned(consumer).client.pull_time_delay_mills_when_exception;
        let (group, held) = (self.group, &self.process_queues[process_queue as usize]);
        if !held.orderly.locked {
            self.pull_troubled(out, process_queue, PullTrouble::NotLocked, delay);
            return true;
        }
        let queue = held.queue;
        if held.orderly.previously_locked || pulls && self.offsets.to_carry(&queue).is_some() {
            return false;
        }
        if out.is_broadcasting(consumer) {
            return self.local_first_offset_waits(out, process_queue);
        }
        if self.any_host(out, queue).is_none() {
            self.pull_troubled(out, process_queue, PullTrouble::BrokerUnreachable, delay);
            return true;
        }
        self.orderly.pulling = Some(process_queue);
        self.ask_first_offset(out, (process_queue, false), Request::QueryOffset { group, queue });
        true
    }

    /// The same with a local store: the file is read again; where it has nothing, the start rule asks the broker.
    fn local_first_offset_waits(&mut self, out: &mut Outside<'_>, process_queue: u32) -> bool {
        let queue = self.process_queues[process_queue as usize].queue;
        match self.local_start_offset(out, queue) {
            Some((offset, _)) => {
                let held = &mut self.process_queues[process_queue as usize];
                (held.next_offset, held.orderly.previously_locked) = (offset, true);
                false
            }
            None => {
                self.orderly.pulling = Some(process_queue);
                let nothing = Response::Offset { offset: None, assumed: false };
                self.first_offset_answered(out, (process_queue, false), Ok(nothing));
                true
            }
        }
    }

    fn ask_first_offset(&mut self, out: &mut Outside<'_>, (process_queue, from_end): (u32, bool), request: Request) {
        let consumer = self.index;
        let (host, epoch) = self.seat(out);
        let timers = &out.planned(consumer).client.timers;
        let timeout = if from_end { timers.admin_timeout } else { timers.offset_query_timeout };
        let queue = self.process_queues[process_queue as usize].queue;
        let wait = OrderlyWait::FirstOffset { process_queue, from_end };
        let to = if from_end { self.master_host(out, queue) } else { self.any_host(out, queue) };
        let Some(to) = to else {
            return self.first_offset_answered(out, (process_queue, from_end), Err(CallError::Unreachable));
        };
        out.call(host, to, request, timeout, Waiter::Orderly { consumer, epoch, wait });
    }

    /// `computePullFromWhereWithException` goes on, and then the pull; or it comes again after a delay.
    pub(in crate::model) fn first_offset_answered(
        &mut self,
        out: &mut Outside<'_>,
        (process_queue, from_end): (u32, bool),
        answer: Result<Response, CallError>,
    ) {
        let consumer = self.index;
        let planned = out.planned(consumer);
        let delay = planned.client.pull_time_delay_mills_when_exception;
        let queue = self.process_queues[process_queue as usize].queue;
        let topic = out.names.queue(queue).topic;
        let is_retry = out.is_retry_topic(topic);
        let begin = match answer {
            Ok(Response::Offset { offset: Some(offset), .. }) => {
                self.offsets.update(&queue, offset, false);
                Some((offset, StartRule::Stored))
            }
            Ok(Response::Offset { offset: None, .. }) => {
                match NothingStored::of(planned.consumer.consume_from_where, is_retry, queue) {
                    NothingStored::BeginsAtZero => Some((0, StartRule::First)),
                    NothingStored::Asks(request, _) => {
                        return self.ask_first_offset(out, (process_queue, true), request);
                    }
                }
            }
            Ok(Response::QueueOffset(offset)) if from_end => Some((offset, StartRule::Maximum)),
            _ => None,
        };
        self.orderly.pulling = None;
        match begin {
            Some((offset, rule)) => {
                let held = &mut self.process_queues[process_queue as usize];
                held.orderly.previously_locked = true;
                if std::mem::replace(&mut held.next_offset, offset) != offset {
                    out.see(Observation::StartedAt { consumer, queue, offset, rule });
                }
                self.pull_due(out, process_queue);
            }
            None => self.pull_troubled(out, process_queue, PullTrouble::BrokerUnreachable, delay),
        }
        while self.orderly.pulling.is_none() {
            let Some(next) = self.orderly.pulls.pop_front() else { return };
            self.pull_due(out, next);
        }
    }
}
