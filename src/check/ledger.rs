//! What one group knows of one queue: who got which message, what was passed over, and what the broker lost.

use std::collections::BTreeMap;

use super::DeliveryRun;
use super::given::Given;
use crate::kernel::Instant;
use crate::model::plan::ConsumerIndex;

/// Offsets that a rule passed over: from, until, when, which rule, and which consumer followed it, if one did.
pub(super) type Passed = (u64, u64, Instant, &'static str, Option<ConsumerIndex>);

/// Messages that went with the page cache of a broker's machine.
#[derive(Debug)]
pub(super) struct Tail {
    /// Which loss of this broker.
    pub loss: u32,
    /// When, and the offsets: others will have them.
    pub at: Instant,
    pub from: u64,
    pub until: u64,
    /// Who had got them, or got them after all from a client's memory.
    pub given: Given,
    /// Those that were acknowledged, were meant for this group, and are nowhere else.
    pub gone: Vec<u64>,
    baseline: u64,
    passed: Vec<Passed>,
}

/// One queue of one group.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Who got which message last.
    pub given: Given,
    pub readable: u64,
    pub committed: u64,
    /// Readable end when the group first started: what is older is nobody's loss.
    pub baseline: u64,
    /// Offsets that a rule passed over.
    pub passed: Vec<Passed>,
    /// Offsets that the broker took back, when it came up or for its operator, and the word for it.
    pub taken_back: Option<(u64, u64, &'static str)>,
    /// Somebody has begun to read it.
    pub begun: bool,
    pub run: Option<DeliveryRun>,
    /// Offsets that were filtered out, and where a member of the group had wanted them, whose filter it was, and when.
    pub filtered: BTreeMap<u64, Option<(ConsumerIndex, Instant)>>,
    /// An orderly consumer has put messages back, and this is why.
    pub put_back: Option<(ConsumerIndex, &'static str)>,
    /// What the broker lost, loss by loss.
    pub tails: Vec<Tail>,
    /// Messages that were to come back to the group and were lost before.
    pub retries_lost: u64,
}

impl Ledger {
    /// A message goes to a consumer; answers who had it last. `lost`: it is one that the broker lost in this loss.
    pub fn give(&mut self, offset: u64, consumer: ConsumerIndex, lost: Option<u32>) -> Option<ConsumerIndex> {
        let Some(loss) = lost else { return self.given.give(offset, consumer) };
        self.tails.iter_mut().find(|tail| tail.loss == loss)?.given.give(offset, consumer)
    }

    /// The end of the queue is lost.
    pub fn lose(&mut self, from: u64, loss: u32, at: Instant) {
        self.tails.push(Tail {
            loss,
            at,
            from,
            until: self.readable.max(from),
            given: self.given.split_off(from),
            gone: Vec::new(),
            baseline: self.baseline,
            passed: self.passed.clone(),
        });
        self.filtered.split_off(&from);
        (self.readable, self.baseline) = (self.readable.min(from), self.baseline.min(from));
        for (_, until, ..) in &mut self.passed {
            *until = from.min(*until);
        }
    }

    /// One of the messages lost last was acknowledged, as far as is known.
    pub fn miss(&mut self, offset: u64) {
        let Some(tail) = self.tails.last_mut() else { return };
        let passed = tail.passed.iter().any(|(from, until, ..)| (*from..*until).contains(&offset));
        if offset >= tail.baseline && !passed {
            tail.gone.push(offset);
        }
    }

    /// A lost message was not acknowledged: its producer goes on to send it.
    pub fn excuse(&mut self, offset: u64, loss: u32) {
        for tail in self.tails.iter_mut().filter(|tail| tail.loss == loss) {
            tail.gone.retain(|gone| *gone != offset);
        }
    }

    /// How many messages were acknowledged and lost before anybody got them, and when first.
    pub fn lost_unseen(&self) -> (u64, Option<Instant>) {
        let unseen = |tail: &Tail| tail.gone.iter().filter(|offset| tail.given.last(**offset).is_none()).count() as u64;
        let with: Vec<(u64, Instant)> = self.tails.iter().map(|tail| (unseen(tail), tail.at)).collect();
        let count = with.iter().map(|(count, _)| count).sum::<u64>() + self.retries_lost;
        (count, with.iter().find(|(count, _)| *count > 0).map(|(_, at)| *at))
    }

    /// The last loss in which this offset was another message's.
    pub fn reused(&self, offset: u64) -> Option<&Tail> {
        self.tails.iter().rev().find(|tail| (tail.from..tail.until).contains(&offset))
    }

    /// Whether the group reads on behind an offset (trap E29). A committed offset beyond the end decides nothing: the
    /// client that begins there is sent back to the end.
    pub fn has_gone_on_behind(&self, offset: u64) -> bool {
        offset < self.committed && self.committed <= self.readable
    }

    /// Who got the first message from an offset on.
    pub fn first_given_from(&self, offset: u64) -> Option<ConsumerIndex> {
        (offset..self.readable).find_map(|offset| self.given.last(offset))
    }
}
