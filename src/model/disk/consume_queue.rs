//! A consume queue (`ConsumeQueue.putMessagePositionInfo`) and what it points to, column by column.
//!
//! Nearly every message is its own first copy, has never been tried, and has a body as long as the one before. Only what
//! differs from that is written down, so that a message costs its time and nothing else.

use super::stored_times::StoredTimes;
use crate::kernel::Instant;
use crate::model::observation::QueueIndex;

/// One message in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRecord {
    /// Queue and offset of its first copy: itself, unless it came back through `%RETRY%`.
    pub origin: (QueueIndex, u64),
    /// `reconsumeTimes`.
    pub reconsume_times: u32,
    /// Size of its body.
    pub body_bytes: u32,
}

/// What a copy that came back has of its own.
#[derive(Debug, Clone, Copy)]
struct Returned {
    offset: u64,
    origin: (QueueIndex, u64),
    reconsume_times: u32,
}

/// A consume queue.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct ConsumeQueue {
    /// Offset of the next message appended to the log.
    next: u64,
    /// Entries dispatched so far: the readable end.
    pub readable: u64,
    /// It has grown in the dispatch that is under way.
    pub grown: bool,
    /// `getMinOffsetInQueue`: what is below was deleted.
    pub min: u64,
    /// The message of entry 0 is not in the page cache any more.
    pub paged_out: bool,
    /// Kept where somebody may look for a moment ([`Plan::looks_up_times`](crate::model::plan::Plan::looks_up_times)): these are
    /// what an hour of messages would fill the memory with.
    stored: StoredTimes,
    /// Sizes of bodies, each from this offset on.
    bodies: Vec<(u64, u32)>,
    /// In order of their offsets.
    returned: Vec<Returned>,
}

impl ConsumeQueue {
    /// Adds a message; answers its offset. `origin`: `None` for a message of its own; `stored`: `None` where nobody will look
    /// for moments.
    pub fn append(
        &mut self,
        queue: QueueIndex,
        origin: Option<(QueueIndex, u64)>,
        (reconsume_times, body_bytes, stored): (u32, u32, Option<Instant>),
    ) -> u64 {
        let offset = self.next;
        self.next += 1;
        stored.into_iter().for_each(|at| self.stored.push(at));
        if self.bodies.last().is_none_or(|(_, bytes)| *bytes != body_bytes) {
            self.bodies.push((offset, body_bytes));
        }
        if origin.is_some() || reconsume_times > 0 {
            let origin = origin.unwrap_or((queue, offset));
            self.returned.push(Returned { offset, origin, reconsume_times });
        }
        offset
    }

    /// End of what was appended.
    pub fn end(&self) -> u64 {
        self.next
    }

    /// A message that was appended and is not lost.
    pub fn record(&self, queue: QueueIndex, offset: u64) -> Option<LogRecord> {
        if offset >= self.next {
            return None;
        }
        let body = self.bodies.partition_point(|(from, _)| *from <= offset) - 1;
        let own = LogRecord { origin: (queue, offset), reconsume_times: 0, body_bytes: self.bodies[body].1 };
        Some(match self.returned.binary_search_by_key(&offset, |returned| returned.offset) {
            Ok(at) => {
                let Returned { origin, reconsume_times, .. } = self.returned[at];
                LogRecord { origin, reconsume_times, ..own }
            }
            Err(_) => own,
        })
    }

    /// When a message was stored, where moments are kept.
    pub fn stored_at(&self, offset: u64) -> Option<Instant> {
        self.stored.at(offset)
    }

    /// First readable offset stored at or after a moment; the end where there is none.
    pub fn search(&self, moment: Instant) -> u64 {
        assert_eq!(self.stored.count(), self.next, "a plan that looks for moments keeps them");
        self.stored.before(moment).min(self.readable).max(self.min)
    }

    /// Loses its last messages; answers the first offset that is free again, and what was lost.
    pub fn lose(&mut self, queue: QueueIndex, count: u64) -> (u64, Vec<LogRecord>) {
        let from = self.next.checked_sub(count).expect("a queue loses no more than it has");
        let lost = (from..self.next).map(|offset| self.record(queue, offset).expect("it was appended")).collect();
        self.next = from;
        self.readable = self.readable.min(from);
        self.min = self.min.min(from);
        self.stored.truncate(from);
        self.bodies.truncate(self.bodies.partition_point(|(first, _)| *first < from));
        self.returned.truncate(self.returned.partition_point(|returned| returned.offset < from));
        (from, lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_what_was_appended_before_and_after_a_loss() {
        let mut queue = ConsumeQueue::default();
        let mut plain = Vec::new();
        for number in 0..100_u64 {
            let origin = (number % 5 == 0).then_some((QueueIndex(9), number / 5));
            let record = LogRecord {
                origin: origin.unwrap_or((QueueIndex(3), number)),
                reconsume_times: u32::from(origin.is_some()),
                body_bytes: (number / 30) as u32,
            };
            let rest = (record.reconsume_times, record.body_bytes, Some(Instant::from_millis(number)));
            assert_eq!(queue.append(QueueIndex(3), origin, rest), number);
            plain.push(record);
        }
        queue.readable = 100;
        let all =
            |queue: &ConsumeQueue| (0..200).map_while(|offset| queue.record(QueueIndex(3), offset)).collect::<Vec<_>>();
        assert_eq!(all(&queue), plain);
        let (from, lost) = queue.lose(QueueIndex(3), 45);
        assert_eq!((from, lost.as_slice(), queue.readable), (55, &plain[55..], 55));
        assert_eq!(all(&queue), plain[..55]);
        assert_eq!(queue.append(QueueIndex(3), None, (0, 7, Some(Instant::from_millis(9_000)))), 55);
        assert_eq!(
            queue.record(QueueIndex(3), 55),
            Some(LogRecord { origin: (QueueIndex(3), 55), reconsume_times: 0, body_bytes: 7 })
        );
        assert_eq!(queue.search(Instant::from_millis(50)), 50);
    }
}
