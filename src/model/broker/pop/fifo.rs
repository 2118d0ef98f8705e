//! Pops in order (`order = true`): a queue is with one client until all of a batch is acknowledged or visible again
//! (`PopMessageProcessor.popMsgFromQueue`, `AckMessageProcessor.ackOrderly`,
//! `ChangeInvisibleTimeProcessor.processChangeInvisibleTimeForOrder`, `ConsumerOrderInfoLockManager`).
//!
//! ```text
//!   pop     blocked: the queue is passed over     else: a batch, and the offset stays at its beginning
//!   ack     the offset goes to the first that is not acknowledged; free: a pop of this queue is woken
//!   wheel   at the end of a block, within 100 ms: a pop of all queues is woken, or else one of this queue
//! ```
//! There is no checkpoint, no retry topic and nobody who revives: the queue is popped again from its offset on. What a broker
//! knows of it is in its memory, and every 10 s in `consumerOrderInfo.json`; slaves have nothing of it.

use std::collections::BTreeMap;

use super::Broker;
use super::long_polling::PollingKey;
use super::order_info::{Next, OrderInfo, OrderInfos};
use super::popping::{Read, Run};
use crate::kernel::{Instant, Span, Timer};
use crate::model::event::{BrokerEvent, BrokerTask};
use crate::model::network::{PopHandle, PopRequest, Response, RetryFlag};
use crate::model::observation::{CommitPath, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GroupIndex};

/// `ConsumerOrderInfoLockManager.TIMER_TICK_MS`.
const TICK_NANOS: u64 = 100_000_000;
/// `ConsumerOrderInfoManager.persist`: first after 10 s, then every 10 s.
const PERSISTS: Span = Span::from_secs(10);

/// Of a group in a queue.
type Place = (GroupIndex, QueueIndex);

/// What a broker knows of pops in order.
#[derive(Debug, Default)]
pub(super) struct Orderly {
    pub infos: OrderInfos,
    /// `consumerOrderInfo.json`.
    file: OrderInfos,
    /// The wheel turns since its first timer of this process (`HashedWheelTimer.start`).
    wheel_began: Option<Instant>,
    timers: BTreeMap<Place, Timer>,
    /// When the timers of this process began to count.
    began: Instant,
    /// The next write is planned.
    writes: bool,
}

impl Orderly {
    /// The process ends: the file stays.
    pub fn forget(&mut self) -> Self {
        Self { file: std::mem::take(&mut self.file), ..Self::default() }
    }
}

impl Broker {
    /// Whether a queue is passed over, as somebody works on a batch of it. Where it begins is looked up first: a reset sets
    /// it free.
    pub(super) fn finds_blocked(
        &mut self,
        out: &mut Outside<'_>,
        run: &Run,
        (queue, flag): (QueueIndex, RetryFlag),
    ) -> bool {
        self.pop_offset(out, run, queue, flag);
        self.is_blocked(out, run, queue)
    }

    /// `checkBlock`.
    pub(super) fn is_blocked(&self, out: &Outside<'_>, run: &Run, queue: QueueIndex) -> bool {
        let PopRequest { group, attempt_id, .. } = run.request;
        self.pop.orderly.infos.blocks((group, queue), attempt_id, out.broker_clock(self.index))
    }

    /// `reconsumeTimes` of a message that is popped in order: how often it was popped before, if it was.
    pub(super) fn consumed_in_order(&self, run: &Run, queue: QueueIndex, offset: u64) -> Option<u32> {
        let info = self.pop.orderly.infos.get(run.request.group, queue).filter(|_| run.request.fifo);
        info.map(|info| info.consumed_count(offset)).filter(|count| *count > 0)
    }

    /// A batch goes to a client, and blocks its queue. The offset is the one with which the pop began, even where that
    /// lies outside of the queue.
    pub(super) fn pop_in_order(
        &mut self,
        out: &mut Outside<'_>,
        run: &mut Run,
        (queue, wanted): (QueueIndex, u64),
        read: Read,
    ) {
        let (group, clock) = (run.request.group, out.broker_clock(self.index));
        if read.offsets.is_empty() {
            if read.next > wanted {
                // What the tags do not want is passed over for good.
                self.commit(out, group, queue, read.next, run.consumer, CommitPath::Pop);
            }
            return;
        }
        self.take_back(out, (group, queue), clock);
        let times = (run.pop_time, run.request.invisible);
        let info = OrderInfo::new(run.request.attempt_id, times, read.offsets.clone());
        self.pop.orderly.infos.put((group, queue), info, clock);
        self.order_info_changed(out, (group, queue));
        self.commit(out, group, queue, wanted, run.consumer, CommitPath::Pop);
        self.show_popped(out, run, (queue, wanted, RetryFlag::Normal), &read.offsets);
    }

    /// What was popped of a queue, and not acknowledged, is nobody's any more.
    fn take_back(&self, out: &mut Outside<'_>, (group, queue): Place, clock: Instant) {
        let Some(info) = self.pop.orderly.infos.get(group, queue) else { return };
        for &offset in &info.offsets {
            let (acked, after) = (info.is_acked(offset), clock.since(info.visible(offset)));
            out.see(Observation::TakenBackInOrder { group, queue, offset, acked, after });
        }
    }

    /// Answers what an acknowledgement of a message is told that was popped in order.
    pub(super) fn acknowledge_in_order(
        &mut self,
        out: &mut Outside<'_>,
        consumer: Option<ConsumerIndex>,
        group: GroupIndex,
        handle: &PopHandle,
    ) -> Response {
        let (place @ (_, queue), offset) = ((group, handle.queue), handle.offset);
        if self.offsets.get(group, queue) > Some(offset) {
            return Response::Done;
        }
        let next = match self.pop.orderly.infos.acknowledge(place, offset, handle.pop_time) {
            Next::Commit(next) => next,
            Next::NotPoppedThen => return Response::Done,
            Next::Illegal => return Response::Refused,
        };
        self.order_info_changed(out, place);
        let clock = out.broker_clock(self.index);
        let late = clock.since(handle.revive_time());
        if !self.offsets.has_reset(group, queue) {
            self.commit(out, group, queue, next, consumer, CommitPath::Pop);
        }
        out.see(Observation::AckTaken { consumer, group, queue, offset, late, counts: true });
        if !self.pop.orderly.infos.blocks(place, None, clock) {
            let key = PollingKey::of_queue(out, group, queue);
            if let Some(pop) = self.take_waiting(out, &key) {
                self.run_pops(out, pop);
            }
        }
        Response::Done
    }

    /// A message that was popped in order is to stay with its client: its handle is invisible for longer, since the same
    /// moment.
    pub(super) fn change_in_order(
        &mut self,
        out: &mut Outside<'_>,
        consumer: Option<ConsumerIndex>,
        group: GroupIndex,
        (handle, invisible): (&PopHandle, Span),
    ) -> Response {
        let PopHandle { queue, offset, pop_time, .. } = *handle;
        if self.offsets.get(group, queue) > Some(offset) {
            // SUCCESS, with nothing in it.
            return Response::InvisibleChanged { pop_time: Instant::ZERO, invisible: Span::ZERO };
        }
        let visible = out.broker_clock(self.index) + invisible;
        if self.pop.orderly.infos.change((group, queue), (offset, pop_time), visible) {
            self.order_info_changed(out, (group, queue));
            let until = out.now() + invisible;
            out.see(Observation::InvisibleChanged { consumer, group, queue, offset, until });
        }
        Response::InvisibleChanged { pop_time, invisible: visible.since(pop_time) }
    }

    /// The wheel is to turn up at the end of the block (`updateLockFreeTimestamp`), and the file is to be written.
    fn order_info_changed(&mut self, out: &mut Outside<'_>, place: Place) {
        self.await_free(out, place);
        self.write_order_infos_later(out);
    }

    fn await_free(&mut self, out: &mut Outside<'_>, (group, queue): Place) {
        if !self.pop_settings(out).notify_after_pop_order_lock_release {
            return;
        }
        let Some(info) = self.pop.orderly.infos.get(group, queue) else { return };
        let free = self.moment_of(out, info.free_at(out.broker_clock(self.index)));
        let began = *self.pop.orderly.wheel_began.get_or_insert(out.now());
        // A timer runs with the first tick behind it.
        let ticks = free.since(began).as_nanos() / TICK_NANOS + 1;
        let at = began + Span::from_nanos(ticks * TICK_NANOS);
        let timer = out.agenda.schedule(at, self.in_this_life(out, BrokerEvent::PopOrderFree { group, queue }));
        if let Some(before) = self.pop.orderly.timers.insert((group, queue), timer) {
            out.agenda.cancel(before);
        }
    }

    /// `notifyLongPollingRequestIfNeed`: a queue is free, or so the wheel was told.
    pub(in crate::model::broker) fn pop_order_free(
        &mut self,
        out: &mut Outside<'_>,
        group: GroupIndex,
        queue: QueueIndex,
    ) {
        self.pop.orderly.timers.remove(&(group, queue));
        if self.popped_up_to(group, queue) >= Some(out.end_at(self.index, queue)) {
            return;
        }
        let of_queue = PollingKey::of_queue(out, group, queue);
        let of_all = of_queue.of_all();
        let woken = self.take_waiting(out, &of_all).or_else(|| self.take_waiting(out, &of_queue));
        if let Some(pop) = woken {
            self.run_pops(out, pop);
        }
    }

    /// The timers of this process begin to count after so long.
    pub(in crate::model::broker) fn order_timers_begin(&mut self, out: &mut Outside<'_>, late: Span) {
        self.pop.orderly.began = out.now() + late;
        if !self.pop.orderly.infos.is_empty() {
            self.write_order_infos_later(out);
        }
    }

    /// The next write of the file; none is planned while there is nothing to write.
    fn write_order_infos_later(&mut self, out: &mut Outside<'_>) {
        let orderly = &mut self.pop.orderly;
        if std::mem::replace(&mut orderly.writes, true) {
            return;
        }
        let rounds = out.now().since(orderly.began).as_nanos() / PERSISTS.as_nanos() + 1;
        let at = orderly.began + PERSISTS.saturating_mul(rounds);
        let task = BrokerTask::PersistOrderInfo;
        out.agenda.schedule(at, self.in_this_life(out, BrokerEvent::BrokerTaskDue { task }));
    }

    /// `ConsumerOrderInfoManager.persist`.
    pub(in crate::model::broker) fn write_order_infos(&mut self, out: &mut Outside<'_>) {
        let clock = out.broker_clock(self.index);
        let mut infos = std::mem::take(&mut self.pop.orderly.infos);
        infos.clean(clock, |group, queue| self.has_use_of(out, group, queue));
        let orderly = &mut self.pop.orderly;
        orderly.file.clone_from(&infos);
        orderly.infos = infos;
        orderly.writes = false;
        if !orderly.infos.is_empty() {
            self.write_order_infos_later(out);
        }
    }

    fn has_use_of(&self, out: &Outside<'_>, group: GroupIndex, queue: QueueIndex) -> bool {
        let (place, keeper) = (out.names.queue(queue), out.keeper_of(self.index));
        let config = out.configurations[keeper.at()].topic(place.topic);
        config.is_some_and(|config| place.queue_id < config.read_queue_nums()) && self.has_group(out, group)
    }

    /// The process begins: it knows what the file has, and the wheel is told of what is blocked.
    pub(super) fn resume_order(&mut self, out: &mut Outside<'_>) {
        let orderly = &mut self.pop.orderly;
        orderly.infos.clone_from(&orderly.file);
        let clock = out.broker_clock(self.index);
        let blocked = self.pop.orderly.infos.iter().filter(|(_, info)| info.free_at(clock) > clock);
        let blocked: Vec<Place> = blocked.map(|(place, _)| place).collect();
        blocked.into_iter().for_each(|place| self.await_free(out, place));
    }
}
