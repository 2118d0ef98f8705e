//! One pop (`PopMessageProcessor.processRequest`): which queues it looks into, what it takes, what it leaves behind.
//!
//! ```text
//!   every fifth pop or so:  retry topic, T(q), T(q+1), ..          q drawn among the queues of T
//!   every other:            T(q), T(q+1), .., retry topic if the batch is not full
//! ```

use std::collections::VecDeque;
use std::rc::Rc;

use super::Broker;
use super::long_polling::{HeldPop, PollingKey};
use crate::kernel::{Instant, Span};
use crate::model::disk::{Checkpoint, CheckpointKey};
use crate::model::ids::ConnectionId;
use crate::model::names::QueuePlace;
use crate::model::network::{
    CallId, InitMode, POP_ORDER_REVIVE_QUEUE, PopHandle, PopRequest, Popped, PoppedMessage, Response, RetryFlag,
};
use crate::model::observation::{CommitPath, Observation, PopRefusal, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, ConsumerIndex, TopicIndex};

/// The most that a pop may ask for.
const MOST_MESSAGES: u32 = 32;
/// A filter looks at no more entries of a consume queue (`GetMessageResult`, `maxFilterMessageSize`).
const MOST_SCANNED: u64 = 800;
/// `isTimeoutTooMuch`: a request that is so much older than its poll is not worked on.
const TOO_LATE: Span = Span::from_millis(500);

/// A pop at work.
pub(super) struct Run {
    pub request: PopRequest,
    pub consumer: Option<ConsumerIndex>,
    pub pop_time: Instant,
    pub revive_queue: u32,
    /// The name of this broker.
    pub name: BrokerIndex,
    messages: Vec<PoppedMessage>,
    /// How many more the queues have that it looked into.
    rest: u64,
}

impl Run {
    /// What it has taken so far.
    pub fn messages(&self) -> &[PoppedMessage] {
        &self.messages
    }

    /// It takes nothing more.
    pub fn is_full(&self) -> bool {
        self.room() == 0
    }

    /// So many more it leaves where it has looked.
    pub fn leave(&mut self, more: u64) {
        self.rest += more;
    }

    fn room(&self) -> u32 {
        self.request.max_messages - self.messages.len() as u32
    }
}

impl Read {
    /// How many lie behind what was read.
    pub fn left(&self) -> u64 {
        self.end.saturating_sub(self.next)
    }
}

/// What a queue has for a pop.
pub(super) struct Read {
    pub offsets: Vec<u64>,
    /// What it passes over, as the tags do not want it.
    filtered: Vec<u64>,
    pub next: u64,
    end: u64,
    /// The group was told to be elsewhere than the queue reaches.
    corrected: bool,
}

impl Broker {
    /// `POP_MESSAGE`.
    pub(in crate::model::broker) fn pop_arrived(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: Option<CallId>,
        request: PopRequest,
    ) {
        let consumer = out.consumer_of(connection, request.group);
        self.pop_for(out, (connection, call), consumer, request);
    }

    /// The same for a consumer that may have asked somebody else.
    pub(super) fn pop_for(
        &mut self,
        out: &mut Outside<'_>,
        (connection, call): (ConnectionId, Option<CallId>),
        consumer: Option<ConsumerIndex>,
        request: PopRequest,
    ) {
        let pop = HeldPop::new(self.poll_ends(out, &request), (connection, call), consumer, request);
        self.run_pops(out, pop);
    }

    /// Works on a pop, and on those that wait and are woken because it left something behind: one each time.
    pub(super) fn run_pops(&mut self, out: &mut Outside<'_>, first: HeldPop) {
        let mut due = VecDeque::from([first]);
        while let Some(pop) = due.pop_front() {
            let key = PollingKey::of(&pop.request);
            if self.serve_pop(out, pop) > 0 {
                due.extend(self.take_waiting(out, &key));
            }
        }
    }

    /// Answers a pop, or has it wait. Answers how much it left behind.
    fn serve_pop(&mut self, out: &mut Outside<'_>, pop: HeldPop) -> u64 {
        if let Err(answer) = self.admit_pop(out, &pop.request) {
            out.respond(pop.connection, pop.call, Response::Popped(answer));
            return 0;
        }
        let run = match self.keeps_records(out) {
            true => self.take_for_records(out, &pop),
            false => self.take(out, &pop),
        };
        match run.messages.is_empty() {
            true => self.hold_pop(out, pop),
            false => {
                let found = Popped::Found(Rc::new(run.messages));
                out.respond(pop.connection, pop.call, Response::Popped(found));
            }
        }
        run.rest
    }

    /// The checks of `processRequest`, in its order. Membership is none of them, nor is an assignment.
    fn admit_pop(&self, out: &mut Outside<'_>, request: &PopRequest) -> Result<(), Popped> {
        let refused = |why| Err(Popped::Refused(why));
        let keeper = out.keeper_of(self.index);
        if out.broker_clock(self.index).since(request.born + request.poll) > TOO_LATE {
            return Err(Popped::PollingTimeout);
        }
        if !out.configurations[self.index.at()].permission.read {
            return refused(PopRefusal::BrokerForbidden);
        }
        if request.max_messages > MOST_MESSAGES {
            return refused(PopRefusal::InvalidParameter);
        }
        if !self.pop_settings(out).timer_wheel_enable {
            return refused(PopRefusal::TimerWheelOff);
        }
        let queue_id = request.queue.map(|queue| out.names.queue(queue).queue_id);
        match out.configurations[keeper.at()].topic(request.topic) {
            None => return refused(PopRefusal::TopicNotExist),
            Some(config) if !config.is_readable() => return refused(PopRefusal::TopicForbidden),
            Some(config) if queue_id.is_some_and(|id| id >= config.read_queue_nums()) => {
                return refused(PopRefusal::InvalidParameter);
            }
            Some(_) => {}
        }
        match self.find_group(out, request.group) {
            None => refused(PopRefusal::SubscriptionGroupNotExist),
            Some(group) if !group.consume_enable => refused(PopRefusal::GroupForbidden),
            Some(_) if self.keeps_records(out) && !self.pop_settings(out).pop_consumer_kv_service_init => {
                refused(PopRefusal::KvServiceNotInit)
            }
            Some(_) => Ok(()),
        }
    }

    /// Takes what is there, up to a full batch.
    fn take(&mut self, out: &mut Outside<'_>, pop: &HeldPop) -> Run {
        let (settings, request) = (*self.pop_settings(out), pop.request);
        let chosen = self.pop_stream(out).below(100);
        let revive_queue = self.next_revive_queue(&request, settings.revive_queue_num);
        let mut run = self.begin_run(out, pop, revive_queue);
        let by_old_name = settings.retrieve_message_from_pop_retry_topic_v1 && chosen.is_multiple_of(2);
        let flag = if settings.enable_retry_topic_v2 && !by_old_name { RetryFlag::V2 } else { RetryFlag::V1 };
        // What is popped in order never comes into a retry topic.
        let first = chosen < u64::from(settings.pop_from_retry_probability);
        if first && !request.fifo {
            self.take_retries(out, &mut run, flag, chosen);
        }
        match request.queue {
            None => self.take_of_topic(out, &mut run, (request.topic, RetryFlag::Normal), chosen),
            Some(queue) => self.take_of_queue(out, &mut run, queue, RetryFlag::Normal),
        }
        if !first && run.room() > 0 && !request.fifo {
            self.take_retries(out, &mut run, flag, chosen);
        }
        run
    }

    pub(super) fn begin_run(&self, out: &Outside<'_>, pop: &HeldPop, revive_queue: u32) -> Run {
        let request = pop.request;
        Run {
            request,
            consumer: pop.consumer,
            pop_time: out.broker_clock(self.index),
            revive_queue,
            name: out.replicas.name(self.index),
            messages: Vec::new(),
            rest: 0,
        }
    }

    /// Where the checkpoints of a pop go; one in order leaves none.
    fn next_revive_queue(&mut self, request: &PopRequest, count: u32) -> u32 {
        if request.fifo {
            return POP_ORDER_REVIVE_QUEUE;
        }
        let queue = (self.pop.checkpoints % u64::from(count)) as u32;
        self.pop.checkpoints += 1;
        queue
    }

    fn take_retries(&mut self, out: &mut Outside<'_>, run: &mut Run, flag: RetryFlag, chosen: u64) {
        let PopRequest { group, topic, .. } = run.request;
        if let Some(retry) = out.names.find_pop_retry(group, topic, flag == RetryFlag::V2) {
            self.take_of_topic(out, run, (retry, flag), chosen);
        }
    }

    /// `popMsgFromTopic`: its queues one after the other, from a drawn one on.
    fn take_of_topic(
        &mut self,
        out: &mut Outside<'_>,
        run: &mut Run,
        (topic, flag): (TopicIndex, RetryFlag),
        chosen: u64,
    ) {
        let keeper = out.keeper_of(self.index);
        let count = out.configurations[keeper.at()].topic(topic).map_or(0, |config| config.read_queue_nums());
        for step in 0..u64::from(count) {
            let queue_id = ((chosen + step) % u64::from(count)) as u32;
            let queue = out.names.intern_queue(QueuePlace { topic, broker: run.name, queue_id });
            self.take_of_queue(out, run, queue, flag);
        }
    }

    /// `popMsgFromQueue`.
    fn take_of_queue(&mut self, out: &mut Outside<'_>, run: &mut Run, queue: QueueIndex, flag: RetryFlag) {
        let group = run.request.group;
        if run.request.fifo && self.finds_blocked(out, run, (queue, flag)) {
            // Nor does its backlog count: it would wake others for nothing.
            return;
        }
        if run.room() == 0 {
            let popped = self.popped_up_to(group, queue).unwrap_or(0);
            run.rest += out.end_at(self.index, queue).saturating_sub(popped);
            return;
        }
        let offset = self.pop_offset(out, run, queue, flag);
        let read = self.read_for_pop(out, run, queue, (offset, flag));
        self.show_read(out, run, queue, &read);
        run.leave(read.left());
        if run.request.fifo {
            return self.pop_in_order(out, run, (queue, offset), read);
        }
        let Read { offsets, next, .. } = read;
        if offsets.is_empty() {
            if next > offset {
                // A checkpoint of nothing, which moves the offset past what the tags do not want.
                self.move_offset(out, run, queue, next);
            }
            return;
        }
        let start_offset = offsets[0];
        let PopRequest { invisible, .. } = run.request;
        let key = CheckpointKey { group, queue, start_offset, pop_time: run.pop_time };
        let point = Checkpoint { key, invisible, revive_queue: run.revive_queue, offsets };
        self.show_popped(out, run, (queue, start_offset, flag), &point.offsets);
        self.append_checkpoint(out, run.consumer, point, next);
    }

    /// What reading a queue showed: what the tags passed over, and that the group was elsewhere than the queue reaches.
    pub(super) fn show_read(&mut self, out: &mut Outside<'_>, run: &Run, queue: QueueIndex, read: &Read) {
        for (consumer, &offset) in read.filtered.iter().filter_map(|offset| Some((run.consumer?, offset))) {
            let tag = out.marks.of(queue, offset).tag;
            out.see(Observation::Filtered { consumer, queue, offset, tag });
        }
        if read.corrected {
            let at = read.offsets.first().copied().unwrap_or(read.next);
            self.commit(out, run.request.group, queue, at, run.consumer, CommitPath::Pop);
        }
    }

    /// What was read of a queue goes to the client.
    pub(super) fn show_popped(
        &self,
        out: &mut Outside<'_>,
        run: &mut Run,
        (queue, start_offset, retry): (QueueIndex, u64, RetryFlag),
        offsets: &[u64],
    ) {
        let Run { pop_time, revive_queue, name: broker, .. } = *run;
        let (store, invisible) = (&out.logs[out.log_of(self.index).at()], run.request.invisible);
        let (life, until) = (store.life(), out.now() + invisible);
        let mut seen = Vec::new();
        for &offset in offsets {
            let (record, _) = store.record(queue, offset, life).expect("what was read is there");
            let handle = PopHandle { pop_time, invisible, revive_queue, retry, broker, queue, offset, start_offset };
            let reconsume_times = self.consumed_in_order(run, queue, offset).unwrap_or(record.reconsume_times);
            run.messages.push(PoppedMessage { life, reconsume_times, handle });
            let origin = record.origin;
            if let Some(consumer) = run.consumer {
                seen.push(Observation::Popped { consumer, queue, offset, origin, reconsume_times, until });
            }
        }
        seen.into_iter().for_each(|what| out.see(what));
    }

    /// How far a group has popped a queue; the committed offset follows it.
    pub(super) fn popped_up_to(&self, group: crate::model::plan::GroupIndex, queue: QueueIndex) -> Option<u64> {
        self.pop.buffer.last_of(group, queue).max(self.offsets.get(group, queue))
    }

    /// `getPopOffset`, with `getInitOffset`, which is committed at once.
    pub(super) fn pop_offset(&mut self, out: &mut Outside<'_>, run: &Run, queue: QueueIndex, flag: RetryFlag) -> u64 {
        let group = run.request.group;
        if let Some(offset) = self.take_reset(group, queue) {
            // What waits in memory stays in flight: a reset does not call it back (trap PE24).
            self.pop.buffer.forget_offsets(group, queue);
            self.pop.orderly.infos.forget(group, queue);
            self.commit(out, group, queue, offset, run.consumer, CommitPath::Pop);
            return offset;
        }
        if let Some(offset) = self.popped_up_to(group, queue) {
            return offset;
        }
        let (keeper, end) = out.readable(self.index, queue);
        let log = &out.logs[keeper.at()];
        let min = log.min(queue);
        let checks = self.pop_settings(out).init_pop_offset_by_check_msg_in_mem;
        let offset = match run.request.init_mode {
            _ if flag != RetryFlag::Normal => min,
            InitMode::Min => min,
            InitMode::Max if checks && log.begins_in_memory(queue) => 0,
            // The last old message is popped too (trap PE13).
            InitMode::Max => end.saturating_sub(1),
        };
        self.commit(out, group, queue, offset, run.consumer, CommitPath::Pop);
        offset
    }

    /// `getMessageAsync`; what lies outside of the queue is corrected, and read there.
    pub(super) fn read_for_pop(
        &self,
        out: &Outside<'_>,
        run: &Run,
        queue: QueueIndex,
        (wanted, flag): (u64, RetryFlag),
    ) -> Read {
        let (keeper, end) = out.readable(self.index, queue);
        let min = out.logs[keeper.at()].min(queue);
        let offset = if wanted > end { end } else { wanted.max(min) };
        let corrected = offset != wanted;
        let most = run.room().min(self.settings(out).max_transfer_count_on_message_in_memory);
        // What comes back was wanted before, and keeps its tag.
        let tags = run.request.tags;
        let filters = flag == RetryFlag::Normal && out.marks.matters(queue, tags);
        let (mut offsets, mut filtered, mut next) = (Vec::new(), Vec::new(), offset);
        let last = if filters { end.min(offset + MOST_SCANNED) } else { end };
        while next < last && offsets.len() < most as usize {
            let wanted = !filters || tags.contains(out.marks.of(queue, next).tag);
            if wanted {
                offsets.push(next)
            } else {
                filtered.push(next)
            }
            next += 1;
        }
        Read { offsets, filtered, next, end, corrected }
    }
}
