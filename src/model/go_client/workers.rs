//! Concurrent listeners: of each topic so many run at a time, and the queues take turns
//! (`consumer/push_consumer.go:consumeMessageConcurrently`).
//!
//! ```text
//!   pull loop --batch--> channel of 32 --> dispatcher of the queue --each message waits for a slot of its topic--> listener
//! ```
//! A dispatcher holds one batch, and takes the next when all of it has been given to listeners. Dispatchers that wait for
//! a slot get it in turn, so no queue starves another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::kernel::Span;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::service::pool::{Batch, Work};
use crate::model::event::ConsumerEvent;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Response};
use crate::model::outside::Outside;
use crate::model::plan::TopicIndex;

/// How many batches wait in a queue's channel (`consumer/process_queue.go:newProcessQueue`).
const CHANNEL: usize = 32;

/// The dispatchers and the slots of a consumer.
#[derive(Debug, Default)]
pub(super) struct Workers {
    /// By process queue.
    dispatchers: BTreeMap<u32, Dispatcher>,
    slots: BTreeMap<TopicIndex, Slots>,
}

/// The dispatcher of one queue.
#[derive(Debug, Default)]
struct Dispatcher {
    /// The batch that it holds, and those in the channel behind it, by first offset and the one behind the last.
    batches: VecDeque<(u64, u64)>,
    /// It waits for a slot.
    waits: bool,
    /// The pull loop waits for the channel.
    blocks_pull: bool,
}

/// The slots of one topic.
#[derive(Debug, Default)]
struct Slots {
    /// Threads of the pool that stand for the goroutines that run.
    busy: BTreeSet<u32>,
    /// How many sleep because their message could not be sent back, and hold their slots.
    sleeping: usize,
    /// Process queues whose dispatchers wait, the next one first.
    waiting: VecDeque<u32>,
}

impl ClientProcess {
    fn go_workers(&mut self, at: usize) -> &mut Workers {
        &mut self.go().member(at).workers
    }

    fn go_topic_of(&self, out: &Outside<'_>, at: usize, process_queue: u32) -> TopicIndex {
        out.names.queue(self.consumers[at].process_queues[process_queue as usize].queue).topic
    }

    /// `putMessage`: false where the channel is full, and the pull loop waits.
    pub(super) fn go_put_into_channel(&mut self, at: usize, process_queue: u32, (first, count): (u64, u32)) -> bool {
        if self.consumers[at].service == ConsumeMessageService::Orderly {
            return true;
        }
        let dispatcher = self.go_workers(at).dispatchers.entry(process_queue).or_default();
        dispatcher.batches.push_back((first, first + u64::from(count)));
        dispatcher.blocks_pull = dispatcher.batches.len() > CHANNEL + 1;
        !dispatcher.blocks_pull
    }

    /// The dispatcher, or the goroutine of an orderly queue, finds that something has come.
    pub(super) fn go_dispatch(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        if self.consumers[at].service == ConsumeMessageService::Orderly {
            return self.go_orderly_found(out, at, process_queue);
        }
        let topic = self.go_topic_of(out, at, process_queue);
        self.go_wait_for_slot(at, topic, process_queue);
        self.go_run_workers(out, at, topic);
    }

    fn go_wait_for_slot(&mut self, at: usize, topic: TopicIndex, process_queue: u32) {
        let workers = self.go_workers(at);
        let dispatcher = workers.dispatchers.entry(process_queue).or_default();
        if !dispatcher.batches.is_empty() && !std::mem::replace(&mut dispatcher.waits, true) {
            workers.slots.entry(topic).or_default().waiting.push_back(process_queue);
        }
    }

    /// Free slots are given to those who wait.
    fn go_run_workers(&mut self, out: &mut Outside<'_>, at: usize, topic: TopicIndex) {
        let limited = self.go().rules.limits_workers;
        let most = if limited { out.planned(self.consumers[at].index).consumer.consume_thread_min } else { u32::MAX };
        // A listener that takes no time may have ended the process.
        while self.consumers[at].is_up() {
            let slots = self.go_workers(at).slots.entry(topic).or_default();
            if slots.busy.len() + slots.sleeping >= most as usize {
                return;
            }
            let Some(process_queue) = slots.waiting.pop_front() else { return };
            self.go_workers(at).dispatchers.entry(process_queue).or_default().waits = false;
            if self.consumers[at].process_queues[process_queue as usize].dropped {
                self.go_workers(at).dispatchers.remove(&process_queue);
                continue;
            }
            let batch = self.go_next_for_listener(out, at, process_queue);
            self.go_wait_for_slot(at, topic, process_queue);
            if let Some(batch) = batch {
                self.go_listen(out, at, topic, batch);
            }
        }
    }

    /// What the listener gets next of a queue. A batch that is given out makes room in the channel.
    fn go_next_for_listener(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) -> Option<Batch> {
        let most = out.planned(self.consumers[at].index).consumer.consume_message_batch_max_size.max(1);
        let (first, end) = *self.go_workers(at).dispatchers.get(&process_queue)?.batches.front()?;
        let (width, messages) = self.consumers[at].process_queues[process_queue as usize].stretch(first, end, most);
        let dispatcher = self.go_workers(at).dispatchers.get_mut(&process_queue)?;
        let behind = first + width.max(1);
        if behind < end {
            dispatcher.batches[0].0 = behind;
        } else {
            dispatcher.batches.pop_front();
            if std::mem::take(&mut dispatcher.blocks_pull) {
                let interval = out.planned(self.consumers[at].index).consumer.pull_interval;
                self.consumers[at].pull_later(out, process_queue, interval);
            }
        }
        (messages > 0).then_some(Batch { process_queue, first, count: width as u32 })
    }

    fn go_listen(&mut self, out: &mut Outside<'_>, at: usize, topic: TopicIndex, batch: Batch) {
        let client = &mut self.consumers[at];
        let (work, thread) = (client.listener_work(out, batch), client.pool.take_thread());
        let (now, (_, epoch)) = (out.client_clock(client.index), client.seat(out));
        client.pool.threads[thread as usize] = Some(Work::Listening(batch, now));
        client.hand_out(out, batch);
        if work > Span::ZERO {
            out.after(work, ConsumerEvent::ListenerReturned { thread }.of(client.index, epoch));
        } else if !self.go_listener_panics(out, at, thread, batch) {
            self.consumers[at].process_consume_result(out, &self.instance, thread, batch, false);
        }
        if self.consumers[at].pool.threads.get(thread as usize).is_some_and(Option::is_some) {
            self.go_workers(at).slots.entry(topic).or_default().busy.insert(thread);
        }
    }

    /// A goroutine may be done: its slot is free, and the next waiter gets it.
    fn go_slot_may_be_free(&mut self, out: &mut Outside<'_>, at: usize, thread: u32, topic: TopicIndex) {
        if self.consumers[at].pool.threads.get(thread as usize).is_some_and(Option::is_none) {
            self.go_workers(at).slots.entry(topic).or_default().busy.remove(&thread);
            self.go_run_workers(out, at, topic);
        }
    }

    /// The listener returns. Its result counts, unless the queue was given up meanwhile.
    pub(super) fn go_listener_returned(&mut self, out: &mut Outside<'_>, at: usize, thread: u32) {
        let work = self.consumers[at].pool.threads.get(thread as usize).copied();
        let Some(Some(Work::Listening(batch, _))) = work else { return };
        if self.consumers[at].service == ConsumeMessageService::Orderly {
            return self.go_orderly_done(out, at, thread, batch);
        }
        let topic = self.go_topic_of(out, at, batch.process_queue);
        if !self.go_listener_panics(out, at, thread, batch) {
            self.consumers[at].process_consume_result(out, &self.instance, thread, batch, false);
        }
        self.go_slot_may_be_free(out, at, thread, topic);
    }

    /// `sendMessageBack`: what was not taken back goes to any broker as a normal message, by newer rules only, or is
    /// consumed again after 5 s.
    pub(super) fn go_send_back_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        thread: u32,
        answer: Result<Response, CallError>,
    ) {
        let as_normal = self.go().rules.sends_back_as_normal;
        // By older rules nobody looks at the code of the answer.
        let answer = match answer {
            Ok(Response::Refused) if !as_normal => Ok(Response::SentBack { dead_letter: false }),
            answer => answer,
        };
        let client = &mut self.consumers[at];
        let work = client.pool.threads.get_mut(thread as usize);
        if let Some(Some(Work::SendingToRetry(batch, offset))) = work {
            let message = (*batch, *offset);
            return self.go_gave_up_message(out, at, thread, message, answer);
        }
        let Some(Some(Work::SendingBack(batch, offset, elsewhere))) = work else { return };
        *elsewhere |= !as_normal;
        let (process_queue, offset) = (batch.process_queue, *offset);
        let topic = self.go_topic_of(out, at, process_queue);
        self.consumers[at].send_back_answered(out, &self.instance, thread, answer);
        let client = &self.consumers[at];
        let asks = |work: &Option<Work>| matches!(work, Some(Work::SendingBack(_, asked, _)) if *asked == offset);
        let sleeps = client.process_queues[process_queue as usize].holds(offset)
            && !client.pool.threads.get(thread as usize).is_some_and(asks);
        if sleeps {
            self.go_workers(at).slots.entry(topic).or_default().sleeping += 1;
        }
        self.go_slot_may_be_free(out, at, thread, topic);
    }

    /// What could not be sent back is consumed again, by the goroutine that has slept.
    pub(super) fn go_retry(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32, offset: u64) {
        let topic = self.go_topic_of(out, at, process_queue);
        let slots = self.go_workers(at).slots.entry(topic).or_default();
        slots.sleeping = slots.sleeping.saturating_sub(1);
        if self.consumers[at].process_queues[process_queue as usize].holds(offset) {
            self.go_listen(out, at, topic, Batch { process_queue, first: offset, count: 1 });
        }
        self.go_run_workers(out, at, topic);
    }
}
