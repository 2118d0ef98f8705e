//! What a broker keeps of the batch that was popped last, in order, of each queue (`ConsumerOrderInfoManager`): nothing else
//! of the queue is given to the group while a message of it is neither acknowledged nor visible again.
//!
//! ```text
//!   popped    offsets 4 5 6, nothing acknowledged: the queue is blocked for all but the same attempt
//!   ack 5     the offset stays at 4             ack 4   the offset goes to 6
//!   change 6  6 is to be visible at another time
//!   over      4 5 6 are popped again, from the offset on: each once more than before, acknowledged or not
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::{Instant, Span};
use crate::model::observation::QueueIndex;
use crate::model::plan::GroupIndex;

/// `CLEAN_SPAN_FROM_LAST`: what nobody popped for longer is forgotten.
const UNUSED: Span = Span::from_secs(24 * 3_600);

/// `ConsumerOrderInfoManager.OrderInfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OrderInfo {
    /// `attemptId` of the pop.
    pub attempt: Option<u64>,
    /// When it was popped, by the broker's clock.
    pub pop_time: Instant,
    pub invisible: Span,
    /// At least one, ascending.
    pub offsets: Vec<u64>,
    /// `commitOffsetBit`: which of them are acknowledged, by their places.
    acked: BTreeSet<u64>,
    /// `offsetNextVisibleTime`, of those whose time was changed.
    next_visible: BTreeMap<u64, Instant>,
    /// `offsetConsumedCount`: how often each was popped before; 0 is left out.
    consumed: BTreeMap<u64, u32>,
}

/// What an acknowledgement does (`commitAndNext`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The offset of the group goes here.
    Commit(u64),
    /// -2: the message was popped by another since.
    NotPoppedThen,
    /// -1: it is none of the batch.
    Illegal,
}

impl OrderInfo {
    /// A batch as it was popped.
    pub fn new(attempt: Option<u64>, (pop_time, invisible): (Instant, Span), offsets: Vec<u64>) -> Self {
        assert!(!offsets.is_empty(), "a batch has messages");
        let (acked, next_visible, consumed) = Default::default();
        Self { attempt, pop_time, invisible, offsets, acked, next_visible, consumed }
    }

    /// `mergeOffsetConsumedCount`: what the batch before had too is counted once more, unless the same attempt asks again.
    pub fn follow(&mut self, before: &Self) {
        if before.attempt.is_some() && before.attempt == self.attempt {
            self.consumed.clone_from(&before.consumed);
            return;
        }
        let again = self.offsets.iter().filter(|offset| before.offsets.contains(offset));
        self.consumed = again.map(|&offset| (offset, before.consumed_count(offset) + 1)).collect();
    }

    /// How often a message was popped before.
    pub fn consumed_count(&self, offset: u64) -> u32 {
        self.consumed.get(&offset).copied().unwrap_or(0)
    }

    /// Whether a message is acknowledged.
    pub fn is_acked(&self, offset: u64) -> bool {
        self.acked.contains(&offset)
    }

    /// When a message that is not acknowledged may be given away once more.
    pub fn visible(&self, offset: u64) -> Instant {
        self.next_visible.get(&offset).copied().unwrap_or(self.pop_time + self.invisible)
    }

    fn unacked(&self) -> impl Iterator<Item = u64> {
        self.offsets.iter().copied().filter(|offset| !self.is_acked(*offset))
    }

    /// `needBlock`.
    pub fn blocks(&self, attempt: Option<u64>, clock: Instant) -> bool {
        let same = self.attempt.is_some() && self.attempt == attempt;
        !same && self.unacked().any(|offset| clock < self.visible(offset))
    }

    /// `getLockFreeTimestamp`: when the first message that is not acknowledged, and not visible, becomes so. Others may be
    /// so later: who is woken then finds the queue blocked.
    pub fn free_at(&self, clock: Instant) -> Instant {
        let mut times = self.unacked().map(|offset| self.visible(offset));
        times.find(|visible| clock < *visible).unwrap_or(clock)
    }

    /// `getNextOffset`: the first that is not acknowledged, or the one behind all.
    fn next_offset(&self) -> u64 {
        self.unacked().next().unwrap_or(self.offsets[self.offsets.len() - 1] + 1)
    }
}

/// The batches of all queues.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OrderInfos(BTreeMap<(GroupIndex, QueueIndex), (OrderInfo, Instant)>);

impl OrderInfos {
    /// Of a queue.
    pub fn get(&self, group: GroupIndex, queue: QueueIndex) -> Option<&OrderInfo> {
        self.0.get(&(group, queue)).map(|(info, _)| info)
    }

    /// `update`: a batch was popped, when the clock showed this. Answers the one before.
    pub fn put(&mut self, (group, queue): (GroupIndex, QueueIndex), mut info: OrderInfo, clock: Instant) {
        if let Some(before) = self.get(group, queue) {
            info.follow(before);
        }
        self.0.insert((group, queue), (info, clock));
    }

    /// `checkBlock`.
    pub fn blocks(&self, (group, queue): (GroupIndex, QueueIndex), attempt: Option<u64>, clock: Instant) -> bool {
        self.get(group, queue).is_some_and(|info| info.blocks(attempt, clock))
    }

    /// `commitAndNext`. Of a queue of which nothing is known the offset goes behind the message, whatever lies before it
    /// (trap PE26).
    pub fn acknowledge(&mut self, (group, queue): (GroupIndex, QueueIndex), offset: u64, pop_time: Instant) -> Next {
        let Some((info, _)) = self.0.get_mut(&(group, queue)) else { return Next::Commit(offset + 1) };
        if info.pop_time != pop_time {
            return Next::NotPoppedThen;
        }
        if !info.offsets.contains(&offset) {
            return Next::Illegal;
        }
        info.acked.insert(offset);
        Next::Commit(info.next_offset())
    }

    /// `updateNextVisibleTime`; false: the batch is not there any more.
    pub fn change(
        &mut self,
        (group, queue): (GroupIndex, QueueIndex),
        (offset, pop_time): (u64, Instant),
        visible: Instant,
    ) -> bool {
        let info = self.0.get_mut(&(group, queue)).map(|(info, _)| info);
        let Some(info) = info.filter(|info| info.pop_time == pop_time) else { return false };
        info.next_visible.insert(offset, visible);
        true
    }

    /// `clearBlock`: an operator's reset.
    pub fn forget(&mut self, group: GroupIndex, queue: QueueIndex) {
        self.0.remove(&(group, queue));
    }

    /// `autoClean`, before each write: queues of no use any more, and those that nobody popped for a day.
    pub fn clean(&mut self, clock: Instant, is_there: impl Fn(GroupIndex, QueueIndex) -> bool) {
        self.0.retain(|&(group, queue), (_, used)| is_there(group, queue) && clock.since(*used) <= UNUSED);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = ((GroupIndex, QueueIndex), &OrderInfo)> {
        self.0.iter().map(|(key, (info, _))| (*key, info))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
