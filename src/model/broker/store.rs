//! The commit log of a broker and its consume queues (specification B3.4, B3.5).
//!
//! One log holds the messages of all topics in the order of their arrival. A consume queue points into it by
//! position; its entry comes a moment after the append, and until then the message is invisible.

use crate::kernel::{Instant, Span};
use crate::model::event::Event;
use crate::model::marks::Mark;
use crate::model::network::Response;
use crate::model::observation::{Observation, QueueIndex};
use crate::model::plan::{BrokerIndex, ProducerIndex, TopicIndex};
use crate::model::world::World;

/// One message in the log.
#[derive(Debug, Clone, Copy)]
pub struct LogRecord {
    /// Its queue.
    pub queue: QueueIndex,
    /// Queue and offset of its first copy: itself, unless it came back through `%RETRY%`.
    pub origin: (QueueIndex, u64),
    /// `reconsumeTimes`.
    pub reconsume_times: u32,
    /// Size of its body.
    pub body_bytes: u32,
    /// When it was stored.
    pub stored: Instant,
}

/// A consume queue: positions in the log by offset.
#[derive(Debug, Default)]
struct ConsumeQueue {
    /// Offset of the next message appended to the log.
    next: u64,
    /// Entries dispatched so far; their count is the readable end.
    entries: Vec<u32>,
    /// `getMinOffsetInQueue`: what is below was deleted.
    min: u64,
    /// The message of entry 0 is not in the page cache any more.
    paged_out: bool,
}

/// Log and consume queues.
#[derive(Debug, Default)]
pub(super) struct Store {
    log: Vec<LogRecord>,
    dispatched: usize,
    dispatch_pending: bool,
    /// By queue number; other brokers' queues have none.
    queues: Vec<Option<ConsumeQueue>>,
}

impl Store {
    /// Makes a queue; false where it is there already.
    pub fn create(&mut self, queue: QueueIndex) -> bool {
        let index = queue as usize;
        if self.queues.len() <= index {
            self.queues.resize_with(index + 1, || None);
        }
        let new = self.queues[index].is_none();
        if new {
            self.queues[index] = Some(ConsumeQueue::default());
        }
        new
    }

    fn queue(&self, queue: QueueIndex) -> Option<&ConsumeQueue> {
        self.queues.get(queue as usize)?.as_ref()
    }

    /// End of what can be read: the maximum offset.
    pub fn readable(&self, queue: QueueIndex) -> u64 {
        self.queue(queue).map_or(0, |queue| queue.entries.len() as u64)
    }

    /// First offset that is still there.
    pub fn min(&self, queue: QueueIndex) -> u64 {
        self.queue(queue).map_or(0, |queue| queue.min)
    }

    /// Whether the very first message of a queue is in memory (`checkInMemByConsumeOffset(topic, queueId, 0, 1)`).
    pub fn begins_in_memory(&self, queue: QueueIndex) -> bool {
        self.queue(queue).is_some_and(|queue| queue.min == 0 && !queue.entries.is_empty() && !queue.paged_out)
    }

    /// First offset stored at or after a moment; the end where there is none.
    pub fn search(&self, queue: QueueIndex, timestamp: Instant) -> u64 {
        let Some(queue) = self.queue(queue) else { return 0 };
        let first = queue.entries.partition_point(|&entry| self.log[entry as usize].stored < timestamp) as u64;
        first.max(queue.min)
    }

    /// Other files have pushed the messages that are there out of the page cache.
    fn page_out(&mut self, queue: QueueIndex) {
        if let Some(queue) = self.queues.get_mut(queue as usize).and_then(Option::as_mut) {
            queue.paged_out |= !queue.entries.is_empty();
        }
    }

    /// Deletes what was stored before a moment; answers the new minimum where it rose.
    fn delete_before(&mut self, queue: QueueIndex, moment: Instant) -> Option<u64> {
        let min = self.search(queue, moment);
        let queue = self.queues.get_mut(queue as usize)?.as_mut()?;
        let rose = min > queue.min;
        queue.min = min;
        rose.then_some(min)
    }

    /// A readable message.
    pub fn record(&self, queue: QueueIndex, offset: u64) -> Option<LogRecord> {
        let entry = *self.queue(queue)?.entries.get(usize::try_from(offset).ok()?)?;
        Some(self.log[entry as usize])
    }

    /// Appends to the log; answers the offset in the queue. `origin`: `None` for a message of its own.
    fn append(&mut self, queue: QueueIndex, origin: Option<(QueueIndex, u64)>, rest: (u32, u32, Instant)) -> u64 {
        let target = self.queues[queue as usize].as_mut().expect("messages are appended to queues that exist");
        let offset = target.next;
        target.next += 1;
        let (reconsume_times, body_bytes, stored) = rest;
        let origin = origin.unwrap_or((queue, offset));
        self.log.push(LogRecord { queue, origin, reconsume_times, body_bytes, stored });
        offset
    }
}

impl World<'_> {
    /// The operator's retention deletes the heads of queues, and the page cache forgets them: `keep` is how far back
    /// messages stay on the disk, or `None` where only the cache is concerned.
    ///
    /// RocketMQ deletes files of the log as a whole (`DefaultMessageStore.CleanCommitLogService`); here it is messages.
    pub(in crate::model) fn forget_heads(
        &mut self,
        topic: Option<TopicIndex>,
        brokers: &[BrokerIndex],
        keep: Option<Span>,
    ) {
        let now = self.now();
        let before = keep.map(|keep| Instant::from_nanos(now.as_nanos().saturating_sub(keep.as_nanos())));
        for queue in 0..self.names.queue_count() as QueueIndex {
            let place = self.names.queue(queue);
            if !brokers.contains(&place.broker) || topic.is_some_and(|topic| topic != place.topic) {
                continue;
            }
            let store = &mut self.brokers[place.broker as usize].store;
            store.page_out(queue);
            if let Some(min) = before.and_then(|before| store.delete_before(queue, before)) {
                self.see(Observation::HeadDeleted { queue, min });
            }
        }
    }

    /// A message of a queue, as the broker stored it. Messages never change, so a client that got it may look here.
    pub(in crate::model) fn record(&self, queue: QueueIndex, offset: u64) -> Option<LogRecord> {
        self.brokers[self.names.queue(queue).broker as usize].store.record(queue, offset)
    }

    /// `SEND_MESSAGE`.
    pub(super) fn store_sent(
        &mut self,
        broker: BrokerIndex,
        producer: ProducerIndex,
        queue: QueueIndex,
        (body_bytes, mark): (u32, Mark),
    ) -> Response {
        let place = self.names.queue(queue);
        let writable =
            self.brokers[broker as usize].topics.get(&place.topic).is_some_and(|&(_, write)| place.queue_id < write);
        if !writable {
            return Response::Refused;
        }
        let offset = self.append(broker, queue, None, 0, body_bytes);
        self.marks.put(queue, offset, mark);
        self.see(Observation::Stored { queue, offset, producer: Some(producer) });
        if mark.key > 0 {
            self.see(Observation::KeyStored { queue, offset, key: mark.key });
        }
        Response::QueueOffset(offset)
    }

    /// Appends a message and has it dispatched.
    pub(super) fn append(
        &mut self,
        broker: BrokerIndex,
        queue: QueueIndex,
        origin: Option<(QueueIndex, u64)>,
        reconsume_times: u32,
        body_bytes: u32,
    ) -> u64 {
        let now = self.now();
        let offset = self.brokers[broker as usize].store.append(queue, origin, (reconsume_times, body_bytes, now));
        self.schedule_dispatch(broker);
        offset
    }

    /// Has `ReputMessageService` run if there is something to dispatch.
    pub(super) fn schedule_dispatch(&mut self, broker: BrokerIndex) {
        let store = &mut self.brokers[broker as usize].store;
        if store.dispatch_pending || store.dispatched == store.log.len() {
            return;
        }
        store.dispatch_pending = true;
        let delay = self.environment().dispatch_delay.draw(&mut self.environment_stream);
        let epoch = self.epoch(self.broker_host(broker));
        self.after(delay, Event::Dispatched { broker, epoch });
    }

    /// Everything appended so far gets its consume-queue entry, and wakes the pulls that wait for it.
    pub(in crate::model) fn dispatched(&mut self, broker: BrokerIndex, epoch: u32) {
        let alive = self.broker_lives(broker, epoch);
        let store = &mut self.brokers[broker as usize].store;
        store.dispatch_pending = false;
        if !alive {
            return;
        }
        let mut woken = Vec::new();
        for position in store.dispatched..store.log.len() {
            let queue = store.log[position].queue;
            let target = store.queues[queue as usize].as_mut().expect("logged messages have a queue");
            target.entries.push(position as u32);
            if !woken.contains(&queue) {
                woken.push(queue);
            }
        }
        store.dispatched = store.log.len();
        for queue in woken {
            let end = self.brokers[broker as usize].store.readable(queue);
            self.see(Observation::Readable { queue, end });
            self.message_arriving(broker, queue);
        }
    }
}
