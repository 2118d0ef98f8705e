//! Rows of popped messages that wait in memory for their acknowledgements, with `enablePopBufferMerge`
//! (`PopConsumerCache.cleanupRecords`): what is acknowledged within 10 s never comes to RocksDB.
//!
//! ```text
//!   every second   what is visible again is given back; what has waited for popCkStayBufferTime becomes a row
//!                  what of a group and topic that nobody popped for two minutes becomes rows at once
//!                  the offset goes to the first message that waits still
//! ```
//! A process that ends forgets what waits, a clean stop too: the offset is not beyond it.

use std::collections::BTreeMap;

use super::Broker;
use super::records::RecordKey;
use crate::kernel::{Instant, Span};
use crate::model::event::BrokerEvent;
use crate::model::observation::{CommitPath, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{GroupIndex, TopicIndex};

/// How often it is looked through.
const PERIOD: Span = Span::from_secs(1);
/// `PopConsumerLockService`: nobody has popped for so long.
const UNUSED: Span = Span::from_secs(120);

/// Messages of one group in one queue by their offsets: when each is visible again, and for how long it is not.
type Waiting = BTreeMap<u64, (Instant, Span)>;

/// `PopConsumerCache`.
#[derive(Debug, Default)]
pub(super) struct RecordCache {
    waiting: BTreeMap<(GroupIndex, QueueIndex), Waiting>,
    size: usize,
    /// When each group last popped from a topic.
    popped: BTreeMap<(GroupIndex, TopicIndex), Instant>,
    /// The next look is planned.
    looks: bool,
}

impl RecordCache {
    /// `getMinOffsetInCache`.
    pub fn first(&self, group: GroupIndex, queue: QueueIndex) -> Option<u64> {
        self.waiting.get(&(group, queue))?.first_key_value().map(|(offset, _)| *offset)
    }

    /// `isCacheFull`.
    pub fn is_full(&self, most: u32) -> bool {
        self.size > most as usize
    }

    /// A group pops from a topic.
    pub fn note_pop(&mut self, group: GroupIndex, topic: TopicIndex, now: Instant) {
        self.popped.insert((group, topic), now);
    }

    /// A message is popped.
    pub fn put(&mut self, key: RecordKey, invisible: Span) {
        let waiting = self.waiting.entry((key.group, key.queue)).or_default();
        self.size += usize::from(waiting.insert(key.offset, (key.visible, invisible)).is_none());
    }

    /// One waits no more, whichever pop it is of; false: none did.
    pub fn delete(&mut self, key: &RecordKey) -> bool {
        let waiting = self.waiting.get_mut(&(key.group, key.queue));
        let deleted = waiting.is_some_and(|waiting| waiting.remove(&key.offset).is_some());
        self.size -= usize::from(deleted);
        deleted
    }

    /// `removeRecords`: an operator's reset.
    pub fn forget(&mut self, group: GroupIndex, queue: QueueIndex) {
        self.size -= self.waiting.remove(&(group, queue)).map_or(0, |waiting| waiting.len());
    }

    /// What leaves: what is visible by now, and what has waited long enough; all of it, where nobody pops any more.
    fn take(
        &mut self,
        (group, queue): (GroupIndex, QueueIndex),
        until: Instant,
        clock: Instant,
    ) -> Vec<(RecordKey, Span)> {
        let Some(waiting) = self.waiting.get_mut(&(group, queue)) else { return Vec::new() };
        let leaves = |(visible, invisible): (Instant, Span)| {
            visible <= clock || visible.since(Instant::ZERO + invisible) <= until.since(Instant::ZERO)
        };
        let offsets: Vec<u64> = waiting.iter().filter(|(_, row)| leaves(**row)).map(|(offset, _)| *offset).collect();
        let row = |offset: u64| {
            let (visible, invisible) = waiting.remove(&offset)?;
            Some((RecordKey { visible, group, queue, offset }, invisible))
        };
        let taken: Vec<(RecordKey, Span)> = offsets.into_iter().filter_map(row).collect();
        if waiting.is_empty() {
            self.waiting.remove(&(group, queue));
        }
        self.size -= taken.len();
        taken
    }
}

impl Broker {
    /// What a pop took is written down: in memory, or as rows.
    pub(super) fn write_records(&mut self, out: &mut Outside<'_>, keys: Vec<RecordKey>, invisible: Span) {
        let settings = self.pop_settings(out);
        let waits = settings.enable_pop_buffer_merge && !self.pop.cache.is_full(settings.pop_ck_max_buffer_size);
        for key in keys {
            match waits {
                true => self.pop.cache.put(key, invisible),
                false => self.pop.records.put(key, invisible),
            }
        }
        self.await_records(out);
        self.look_through_cache_later(out);
    }

    fn look_through_cache_later(&mut self, out: &mut Outside<'_>) {
        if self.pop.cache.waiting.is_empty() || std::mem::replace(&mut self.pop.cache.looks, true) {
            return;
        }
        let began = self.pop.records.began;
        let rounds = out.now().since(began).as_nanos() / PERIOD.as_nanos() + 1;
        let at = began + PERIOD.saturating_mul(rounds);
        out.agenda.schedule(at, self.in_this_life(out, BrokerEvent::PopCacheLooked));
    }

    /// `cleanupRecords`.
    pub(in crate::model::broker) fn pop_cache_looked(&mut self, out: &mut Outside<'_>) {
        self.pop.cache.looks = false;
        let clock = out.broker_clock(self.index);
        let stays = self.pop_settings(out).pop_ck_stay_buffer_time;
        let places: Vec<(GroupIndex, QueueIndex)> = self.pop.cache.waiting.keys().copied().collect();
        for (group, queue) in places {
            let topic = Self::normal_topic(out, out.names.queue(queue).topic);
            let popped = self.pop.cache.popped.get(&(group, topic)).copied().unwrap_or(Instant::ZERO);
            let unused = out.now().since(popped) > UNUSED;
            let until = if unused { clock } else { Instant::ZERO + clock.since(Instant::ZERO + stays) };
            for (key, invisible) in self.pop.cache.take((group, queue), until, clock) {
                match key.visible <= clock && !unused {
                    // Whether that could be written nobody looks.
                    true => _ = self.give_back(out, key),
                    false => self.pop.records.put(key, invisible),
                }
            }
            if let Some(first) = self.pop.cache.first(group, queue) {
                self.commit(out, group, queue, first, None, CommitPath::Pop);
            }
        }
        self.await_records(out);
        self.look_through_cache_later(out);
    }
}
