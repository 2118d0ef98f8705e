//! The commit log of a broker and its consume queues (`CommitLog.asyncPutMessage`,
//! `DefaultMessageStore.ReputMessageService`).
//!
//! One log holds the messages of all topics in the order of their arrival. A consume queue points into it; its entry
//! comes a moment after the append, and until then the message is invisible. Which bytes lie where in the log does not
//! matter here, so the messages stand in their queues; the log is what is not dispatched yet, and how long it is.

use super::Broker;

use crate::kernel::{Instant, Span};
use crate::model::event::BrokerEvent;
use crate::model::marks::Mark;
use crate::model::network::Response;
use crate::model::notice::Notice;
use crate::model::observation::{Observation, QueueIndex, SendRefusal, SentMessage};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, TopicIndex};

use super::flush::Content;
use crate::model::disk::{Lacking, LogRecord};

/// A message's bytes in the log besides its body and the name of its topic, IPv4, without properties.
const OVERHEAD: u64 = 91;

/// How many bytes a message of a topic takes.
pub(super) fn log_bytes(topic: &str, body_bytes: u32) -> u64 {
    OVERHEAD + u64::from(body_bytes) + topic.len() as u64
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
            if !std::mem::replace(&mut grown.grown, true) {
                woken.push((queue, grown.readable));
            }
            grown.readable += 1;
        }
        for (queue, from) in woken.drain(..) {
            let grown = out.logs[broker.at()].queue_mut(queue);
            grown.grown = false;
            let end = grown.readable;
            if !out.replicas.is_deposed(broker) {
                out.see(Observation::Readable { queue, end });
            }
            self.message_arriving(out, queue);
            self.pops_hear(out, queue, (from, end));
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
