//! What the pull thread does for orderly queues: it waits for the lock, and asks once more where to begin
//! (`DefaultMQPushConsumerImpl.pullMessage`, where `consumeOrderly`).

use crate::model::network::{CallError, OrderlyWait, Request, Response, Waiter};
use crate::model::observation::{Observation, PullTrouble, StartRule};
use crate::model::plan::{ConsumeFromWhere, ConsumerIndex};
use crate::model::world::World;

impl World<'_> {
    /// The one pull thread waits for an answer: this request waits for the thread.
    pub(in crate::model::client) fn pull_thread_is_busy(
        &mut self,
        consumer: ConsumerIndex,
        process_queue: u32,
    ) -> bool {
        let orderly = &mut self.client(consumer).orderly;
        let busy = orderly.pulling.is_some();
        if busy {
            orderly.pulls.push_back(process_queue);
        }
        busy
    }

    /// Whether a queue cannot be pulled yet: an orderly one is not locked, or its first offset is asked for once more, as
    /// it is of consumers that pull, where memory has none.
    pub(in crate::model::client) fn first_pull_waits(&mut self, consumer: ConsumerIndex, process_queue: u32) -> bool {
        let pulls = self.out.lite_pull(consumer).is_some();
        if !self.out.is_orderly(consumer) && !pulls {
            return false;
        }
        let delay = self.out.planned(consumer).client.pull_time_delay_mills_when_exception;
        let client = self.client(consumer);
        let (group, held) = (client.group, &client.process_queues[process_queue as usize]);
        if !held.orderly.locked {
            self.pull_troubled(consumer, process_queue, PullTrouble::NotLocked, delay);
            return true;
        }
        let queue = held.queue;
        if held.orderly.previously_locked || pulls && client.offsets.to_carry(&queue).is_some() {
            return false;
        }
        if self.out.is_broadcasting(consumer) {
            return self.local_first_offset_waits(consumer, process_queue);
        }
        if self.any_host(consumer, queue).is_none() {
            self.pull_troubled(consumer, process_queue, PullTrouble::BrokerUnreachable, delay);
            return true;
        }
        self.client(consumer).orderly.pulling = Some(process_queue);
        self.ask_first_offset(consumer, (process_queue, false), Request::QueryOffset { group, queue });
        true
    }

    /// The same with a local store: the file is read again; where it has nothing, the start rule asks the broker.
    fn local_first_offset_waits(&mut self, consumer: ConsumerIndex, process_queue: u32) -> bool {
        let queue = self.client(consumer).process_queues[process_queue as usize].queue;
        match self.local_start_offset(consumer, queue) {
            Some((offset, _)) => {
                let held = &mut self.client(consumer).process_queues[process_queue as usize];
                (held.next_offset, held.orderly.previously_locked) = (offset, true);
                false
            }
            None => {
                self.client(consumer).orderly.pulling = Some(process_queue);
                let nothing = Response::Offset { offset: None, assumed: false };
                self.first_offset_answered(consumer, (process_queue, false), Ok(nothing));
                true
            }
        }
    }

    fn ask_first_offset(&mut self, consumer: ConsumerIndex, (process_queue, from_end): (u32, bool), request: Request) {
        let (host, epoch) = self.client_seat(consumer);
        let timers = &self.out.planned(consumer).client.timers;
        let timeout = if from_end { timers.admin_timeout } else { timers.offset_query_timeout };
        let queue = self.client(consumer).process_queues[process_queue as usize].queue;
        let wait = OrderlyWait::FirstOffset { process_queue, from_end };
        let to = if from_end { self.master_host(consumer, queue) } else { self.any_host(consumer, queue) };
        let Some(to) = to else {
            return self.first_offset_answered(consumer, (process_queue, from_end), Err(CallError::Unreachable));
        };
        self.out.call(host, to, request, timeout, Waiter::Orderly { consumer, epoch, wait });
    }

    /// `computePullFromWhereWithException` goes on, and then the pull; or it comes again after a delay.
    pub(super) fn first_offset_answered(
        &mut self,
        consumer: ConsumerIndex,
        (process_queue, from_end): (u32, bool),
        answer: Result<Response, CallError>,
    ) {
        let planned = self.out.planned(consumer);
        let delay = planned.client.pull_time_delay_mills_when_exception;
        let queue = self.client(consumer).process_queues[process_queue as usize].queue;
        let topic = self.out.names.queue(queue).topic;
        let is_retry = self.out.is_retry_topic(topic);
        let begin = match answer {
            Ok(Response::Offset { offset: Some(offset), .. }) => {
                self.client(consumer).offsets.update(&queue, offset, false);
                Some((offset, StartRule::Stored))
            }
            Ok(Response::Offset { offset: None, .. }) => match planned.consumer.consume_from_where {
                ConsumeFromWhere::Timestamp(timestamp) if !is_retry => {
                    let search = Request::SearchOffset { queue, timestamp };
                    return self.ask_first_offset(consumer, (process_queue, true), search);
                }
                ConsumeFromWhere::LastOffset if !is_retry => {
                    return self.ask_first_offset(consumer, (process_queue, true), Request::GetMaxOffset { queue });
                }
                ConsumeFromWhere::Timestamp(_) => {
                    return self.ask_first_offset(consumer, (process_queue, true), Request::GetMaxOffset { queue });
                }
                ConsumeFromWhere::LastOffset | ConsumeFromWhere::FirstOffset => Some((0, StartRule::First)),
            },
            Ok(Response::QueueOffset(offset)) if from_end => Some((offset, StartRule::Maximum)),
            _ => None,
        };
        self.client(consumer).orderly.pulling = None;
        match begin {
            Some((offset, rule)) => {
                let held = &mut self.client(consumer).process_queues[process_queue as usize];
                held.orderly.previously_locked = true;
                if std::mem::replace(&mut held.next_offset, offset) != offset {
                    self.out.see(Observation::StartedAt { consumer, queue, offset, rule });
                }
                self.pull_due(consumer, process_queue);
            }
            None => self.pull_troubled(consumer, process_queue, PullTrouble::BrokerUnreachable, delay),
        }
        while self.client(consumer).orderly.pulling.is_none() {
            let Some(next) = self.client(consumer).orderly.pulls.pop_front() else { return };
            self.pull_due(consumer, next);
        }
    }
}
