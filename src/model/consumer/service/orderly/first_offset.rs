//! What the pull thread does for orderly queues: it waits for the lock, and asks once more where to begin
//! (`DefaultMQPushConsumerImpl.pullMessage`, where `consumeOrderly`).

use crate::model::consumer::Consumer;
use crate::model::consumer::progress::StoredOffset;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::start_offset::{NothingStored, stored_answer};
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
        let held = &self.process_queues[process_queue as usize];
        // A consumer that pulls asks for no locks, and goes by none (`DefaultLitePullConsumerImpl.PullTaskImpl`).
        if !pulls && !held.orderly.locked {
            self.pull_troubled(out, process_queue, PullTrouble::NotLocked, delay);
            return true;
        }
        let queue = held.queue;
        if held.orderly.previously_locked || pulls && self.offset_in_memory(out, queue).is_some() {
            return false;
        }
        let (_, epoch) = self.seat(out);
        let wait = OrderlyWait::FirstOffset { process_queue, from_end: false };
        match self.read_stored_offset(out, queue, Waiter::Orderly { consumer, epoch, wait }) {
            None => self.orderly.pulling = Some(process_queue),
            Some(StoredOffset::Unknown) => {
                self.pull_troubled(out, process_queue, PullTrouble::BrokerUnreachable, delay);
            }
            // A store that answers at once: the pull goes on, or the start rule asks the broker.
            Some(StoredOffset::At(offset)) => {
                let held = &mut self.process_queues[process_queue as usize];
                (held.next_offset, held.orderly.previously_locked) = (offset, true);
                return false;
            }
            Some(StoredOffset::None) => {
                self.orderly.pulling = Some(process_queue);
                let begin = self.first_offset_by_rule(out, process_queue);
                self.begin_first_pull(out, process_queue, begin);
            }
        }
        true
    }

    /// Asks the broker for the end of a queue, or for what came first after a time.
    fn ask_queue_offset(&mut self, out: &mut Outside<'_>, process_queue: u32, request: Request) -> FirstOffset {
        let consumer = self.index;
        let (host, epoch) = self.seat(out);
        let timeout = out.planned(consumer).client.timers.admin_timeout;
        let queue = self.process_queues[process_queue as usize].queue;
        let wait = OrderlyWait::FirstOffset { process_queue, from_end: true };
        let Some(to) = self.master_host(out, queue) else { return FirstOffset::Unknown };
        out.call(host, to, request, timeout, Waiter::Orderly { consumer, epoch, wait });
        FirstOffset::Asked
    }

    /// `computePullFromWhereWithException` goes on, and then the pull; or it comes again after a delay.
    pub(in crate::model) fn first_offset_answered(
        &mut self,
        out: &mut Outside<'_>,
        (process_queue, from_end): (u32, bool),
        answer: Result<Response, CallError>,
    ) {
        let queue = self.process_queues[process_queue as usize].queue;
        let begin = match answer {
            Ok(Response::QueueOffset(offset)) if from_end => FirstOffset::At(offset, StartRule::Maximum),
            _ if from_end => FirstOffset::Unknown,
            answer => {
                let (answer, _) = stored_answer(answer, &out.planned(self.index).client.rules);
                match self.stored_offset_answered(out, queue, answer) {
                    StoredOffset::At(offset) => FirstOffset::At(offset, StartRule::Stored),
                    StoredOffset::None => self.first_offset_by_rule(out, process_queue),
                    StoredOffset::Unknown => FirstOffset::Unknown,
                }
            }
        };
        self.begin_first_pull(out, process_queue, begin);
    }

    /// Nobody remembers an offset: `consumeFromWhere` decides.
    fn first_offset_by_rule(&mut self, out: &mut Outside<'_>, process_queue: u32) -> FirstOffset {
        let queue = self.process_queues[process_queue as usize].queue;
        let is_retry = out.is_retry_topic(out.names.queue(queue).topic);
        match NothingStored::of(out.planned(self.index).consumer.consume_from_where, is_retry, queue) {
            NothingStored::BeginsAtZero => FirstOffset::At(0, StartRule::First),
            NothingStored::Asks(request, _) => self.ask_queue_offset(out, process_queue, request),
        }
    }

    /// The pull thread is free again, unless a broker was asked.
    fn begin_first_pull(&mut self, out: &mut Outside<'_>, process_queue: u32, begin: FirstOffset) {
        let consumer = self.index;
        let delay = out.planned(consumer).client.pull_time_delay_mills_when_exception;
        if begin == FirstOffset::Asked {
            return;
        }
        self.orderly.pulling = None;
        match begin {
            FirstOffset::At(offset, rule) => {
                let held = &mut self.process_queues[process_queue as usize];
                let queue = held.queue;
                held.orderly.previously_locked = true;
                if std::mem::replace(&mut held.next_offset, offset) != offset {
                    out.see(Observation::StartedAt { consumer, queue, offset, rule });
                }
                self.pull_due(out, process_queue);
            }
            FirstOffset::Unknown | FirstOffset::Asked => {
                self.pull_troubled(out, process_queue, PullTrouble::BrokerUnreachable, delay);
            }
        }
        self.pull_thread_goes_on(out);
    }

    /// The one pull thread takes up what waits for it.
    fn pull_thread_goes_on(&mut self, out: &mut Outside<'_>) {
        while self.orderly.pulling.is_none() {
            let Some(next) = self.orderly.pulls.pop_front() else { return };
            self.pull_due(out, next);
        }
    }

    /// The pull thread waits for the answer to a request of this queue.
    pub(in crate::model::consumer) fn pull_thread_waits(&mut self, process_queue: u32) {
        self.orderly.pulling = Some(process_queue);
    }

    /// It has its answer.
    pub(in crate::model::consumer) fn pull_thread_is_free(&mut self, out: &mut Outside<'_>) {
        self.orderly.pulling = None;
        self.pull_thread_goes_on(out);
    }
}

/// Where the first pull of a queue begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FirstOffset {
    /// Here, by this rule.
    At(u64, StartRule),
    /// A broker was asked.
    Asked,
    /// Nobody could be asked, or nobody knows.
    Unknown,
}
