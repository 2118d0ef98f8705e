//! The commit log of a broker and its consume queues (`CommitLog.asyncPutMessage`,
//! `DefaultMessageStore.ReputMessageService`).
//!
//! One log holds the messages of all topics in the order of their arrival. A consume queue points into it; its entry
//! comes a moment after the append, and until then the message is invisible. Which bytes lie where in the log does not
//! matter here, so the messages stand in their queues; the log is what is not dispatched yet, and how long it is.

use super::Broker;
use std::collections::VecDeque;

use crate::kernel::{Instant, Span};
use crate::model::event::BrokerEvent;
use crate::model::marks::Mark;
use crate::model::network::Response;
use crate::model::notice::Notice;
use crate::model::observation::{Observation, QueueIndex, SendRefusal, SentMessage};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, TopicIndex};

use super::consume_queue::{ConsumeQueue, LogRecord};
use super::flush::Content;
use super::lost_tail::LostTail;
use super::replication::Lacking;
use super::retry::DelayedMessage;

/// A message's bytes in the log besides its body and the name of its topic, IPv4, without properties.
const OVERHEAD: u64 = 91;

/// How many bytes a message of a topic takes.
pub(super) fn log_bytes(topic: &str, body_bytes: u32) -> u64 {
    OVERHEAD + u64::from(body_bytes) + topic.len() as u64
}

/// Log and consume queues.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct Store {
    /// Appended and not dispatched: where it ends in the log, and its queue.
    undispatched: VecDeque<(u64, QueueIndex)>,
    dispatch_pending: bool,
    /// By queue number; other brokers' queues have none.
    queues: Vec<Option<ConsumeQueue>>,
    /// Where the log ends, in bytes.
    pub(super) end: u64,
    /// `SCHEDULE_TOPIC_XXXX`, and what `delayOffset.json` says of it.
    pub(super) delayed: Vec<DelayedMessage>,
    /// What the machine has taken with it, loss by loss.
    pub(super) losses: Vec<LostTail>,
}

impl Store {
    /// Makes a queue; false where it is there already.
    pub fn create(&mut self, queue: QueueIndex) -> bool {
        let index = queue.at();
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
        self.queues.get(queue.at())?.as_ref()
    }

    /// A queue that messages are in, or come into.
    pub(super) fn queue_mut(&mut self, queue: QueueIndex) -> &mut ConsumeQueue {
        self.queues[queue.at()].as_mut().expect("messages are appended to queues that exist")
    }

    /// End of what can be read: the maximum offset.
    pub fn readable(&self, queue: QueueIndex) -> u64 {
        self.queue(queue).map_or(0, |queue| queue.readable)
    }

    /// End of what was appended.
    pub fn appended(&self, queue: QueueIndex) -> u64 {
        self.queue(queue).map_or(0, ConsumeQueue::end)
    }

    /// The end of the log is lost, and with it what was not dispatched.
    pub fn lose(&mut self, tail: LostTail) {
        self.losses.push(tail);
        self.undispatched.clear();
        self.dispatch_pending = false;
        for queue in self.queues.iter_mut().flatten() {
            queue.readable = queue.end();
        }
    }

    /// First offset that is still there.
    pub fn min(&self, queue: QueueIndex) -> u64 {
        self.queue(queue).map_or(0, |queue| queue.min)
    }

    /// Whether the very first message of a queue is in memory (`checkInMemByConsumeOffset(topic, queueId, 0, 1)`).
    pub fn begins_in_memory(&self, queue: QueueIndex) -> bool {
        self.queue(queue).is_some_and(|queue| queue.min == 0 && queue.readable > 0 && !queue.paged_out)
    }

    /// First offset stored at or after a moment; the end where there is none.
    pub fn search(&self, queue: QueueIndex, timestamp: Instant) -> u64 {
        self.queue(queue).map_or(0, |queue| queue.search(timestamp))
    }

    /// Other files have pushed the messages that are there out of the page cache.
    fn page_out(&mut self, queue: QueueIndex) {
        if let Some(queue) = self.queues.get_mut(queue.at()).and_then(Option::as_mut) {
            queue.paged_out |= queue.readable > 0;
        }
    }

    /// Deletes what was stored before a moment; answers the new minimum where it rose.
    fn delete_before(&mut self, queue: QueueIndex, moment: Instant) -> Option<u64> {
        let queue = self.queues.get_mut(queue.at())?.as_mut()?;
        let min = queue.search(moment);
        let rose = min > queue.min;
        queue.min = min;
        rose.then_some(min)
    }

    /// How often the machine has lost the end of the log: a reader who got a message says after how many it did.
    pub fn life(&self) -> u32 {
        self.losses.len() as u32
    }

    /// A message as a reader got it after `life` losses, and in which loss it went, if it did.
    pub fn record(&self, queue: QueueIndex, offset: u64, life: u32) -> Option<(LogRecord, Option<u32>)> {
        for (loss, lost) in (life..).zip(self.losses.iter().skip(life as usize)) {
            if let Some(record) = lost.record(queue, offset) {
                return Some((record, Some(loss)));
            }
        }
        Some((self.queue(queue)?.record(queue, offset)?, None))
    }

    /// A deposed master has stored one more message, which goes with those that were lost when it was deposed.
    pub(super) fn lose_later(&mut self, loss: u32, queue: QueueIndex, offset: u64, record: LogRecord) {
        if let Some(tail) = self.losses.get_mut(loss as usize) {
            tail.push(queue, offset, record);
        }
    }

    /// All of a queue is deleted; answers what it had, from offset 0 on.
    pub(super) fn delete(&mut self, queue: QueueIndex) -> Vec<LogRecord> {
        self.undispatched.retain(|(_, other)| *other != queue);
        let Some(queue_of) = self.queues.get_mut(queue.at()).and_then(Option::as_mut) else { return Vec::new() };
        queue_of.paged_out = false;
        queue_of.lose(queue, queue_of.end()).1
    }

    /// What is not dispatched ends with the process that would; the log that is left is dispatched by the next.
    pub(super) fn forget_undispatched_after(&mut self, end: u64) {
        self.undispatched.retain(|(at, _)| *at <= end);
    }
}

impl Broker {
    /// `SEND_MESSAGE`.
    pub(super) fn store_sent(
        &mut self,
        out: &mut Outside<'_>,
        sent: SentMessage,
        queue: QueueIndex,
        (body_bytes, mark): (u32, Mark),
    ) -> Response {
        let broker = self.index;
        let place = out.names.queue(queue);
        if out.replicas.is_slave(broker) {
            return Response::SendRefused(SendRefusal::NotMaster);
        }
        match self.find_topic(out, place.topic) {
            None => return Response::SendRefused(SendRefusal::TopicNotExist),
            Some(config) if !config.takes(place.queue_id) => {
                return Response::SendRefused(SendRefusal::IllegalQueueId);
            }
            Some(_) => {}
        }
        if self.replicas_are_too_few(out) {
            return Response::InSyncReplicasNotEnough;
        }
        let offset = self.append(out, (queue, None), (0, body_bytes), Some(sent));
        if out.replicas.is_deposed(broker) {
            self.stored_apart(out, queue, offset, Some(sent));
            return Response::QueueOffset(offset);
        }
        out.marks.put(queue, offset, mark);
        out.see(Observation::Stored { queue, offset, sent: Some(sent) });
        if mark.tag > 0 {
            out.see(Observation::TagStored { queue, offset, tag: mark.tag });
        }
        if mark.key > 0 {
            out.see(Observation::KeyStored { queue, offset, key: mark.key });
        }
        Response::QueueOffset(offset)
    }

    /// Appends a message and has it dispatched. `origin`: its first copy and the delayed message that it comes from, if
    /// it came back.
    pub(super) fn append(
        &mut self,
        out: &mut Outside<'_>,
        (queue, origin): (QueueIndex, Option<Origin>),
        (reconsume_times, body_bytes): (u32, u32),
        sent: Option<SentMessage>,
    ) -> u64 {
        let stored = out.keeps_times.then(|| out.now());
        let bytes = log_bytes(&out.names.topic(out.names.queue(queue).topic).name, body_bytes);
        let delayed = origin.and_then(|origin| origin.delayed);
        let end = self.log_grew(out, bytes, Content::Message { queue, sent, delayed });
        let store = &mut out.logs[self.index.at()];
        let first = origin.map(|origin| origin.first);
        let offset = store.queue_mut(queue).append(queue, first, (reconsume_times, body_bytes, stored));
        store.undispatched.push_back((end, queue));
        self.schedule_dispatch(out);
        out.replicate(self.index, Lacking { queue, offset, sent, delayed });
        offset
    }

    /// Has `ReputMessageService` run if there is something to dispatch.
    pub(super) fn schedule_dispatch(&mut self, out: &mut Outside<'_>) {
        let limit = self.dispatch_limit(out);
        let store = &mut out.logs[self.index.at()];
        if store.dispatch_pending || store.undispatched.front().is_none_or(|(end, _)| *end > limit) {
            return;
        }
        store.dispatch_pending = true;
        let delay = out.environment().dispatch_delay.draw(&mut out.environment_stream);
        out.after(delay, self.in_this_life(out, BrokerEvent::Dispatched));
    }

    /// Everything appended so far gets its consume-queue entry, and wakes the pulls that wait for it.
    pub(super) fn dispatched(&mut self, out: &mut Outside<'_>, epoch: u32) {
        let broker = self.index;
        let alive = out.broker_lives(broker, epoch);
        let limit = self.dispatch_limit(out);
        let store = &mut out.logs[broker.at()];
        store.dispatch_pending = false;
        if !alive {
            return;
        }
        let mut woken = std::mem::take(&mut self.woken);
        while let Some((_, queue)) = store.undispatched.front().copied().filter(|(end, _)| *end <= limit) {
            store.undispatched.pop_front();
            let grown = store.queue_mut(queue);
            grown.readable += 1;
            if !std::mem::replace(&mut grown.grown, true) {
                woken.push(queue);
            }
        }
        for queue in woken.drain(..) {
            let grown = out.logs[broker.at()].queue_mut(queue);
            grown.grown = false;
            let end = grown.readable;
            if !out.replicas.is_deposed(broker) {
                out.see(Observation::Readable { queue, end });
            }
            self.message_arriving(out, queue);
            // What they have had before counts as dispatched with this: one dispatch counts for all.
            for slave in out.slaves_to_send_to(broker) {
                out.tell(Notice::Dispatched { slave, queue });
            }
        }
        self.woken = woken;
    }
}

impl Outside<'_> {
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
        for queue in QueueIndex::first(self.names.queue_count()) {
            let place = self.names.queue(queue);
            if !brokers.contains(&place.broker) || topic.is_some_and(|topic| topic != place.topic) {
                continue;
            }
            let keeper = self.replicas.keeper(place.broker);
            let store = &mut self.logs[keeper.at()];
            store.page_out(queue);
            if let Some(min) = before.and_then(|before| store.delete_before(queue, before)) {
                self.see(Observation::HeadDeleted { queue, min, with_topic: false });
            }
        }
    }

    /// A message of a queue, as the broker stored it, and in which loss of its log it went, if it did. Messages never
    /// change, so a client that got it may look here; `life`: how often the log had lost its end before.
    pub(in crate::model) fn record(
        &self,
        queue: QueueIndex,
        offset: u64,
        life: u32,
    ) -> Option<(LogRecord, Option<u32>)> {
        self.logs[(self.replicas.keeper(self.names.queue(queue).broker)).at()].record(queue, offset, life)
    }
}

/// Where a message that came back comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    /// Queue and offset of its first copy.
    pub first: (QueueIndex, u64),
    /// The delayed message, by its number.
    pub delayed: Option<u32>,
}

#[cfg(test)]
impl Store {
    /// Messages of so many bytes each, for tests of those who read them.
    pub(in crate::model) fn fill(&mut self, queue: QueueIndex, bodies: impl IntoIterator<Item = u32>) {
        self.create(queue);
        for body_bytes in bodies {
            self.queue_mut(queue).append(queue, None, (0, body_bytes, None));
        }
    }
}
