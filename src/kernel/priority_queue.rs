//! The few keys that are due first, sorted, before a heap of all others with four children a node: half as deep as one with
//! two, and the four fill a cache line.

use super::time::Instant;

/// What the order is kept by, and the slot of the event, in one word of sixteen bytes: time above insertion number above
/// slot. Insertion numbers are unique, so that nothing is left for the slots to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry(u128);

/// Bits of a slot: so many events may wait at once, 16 million.
const SLOT_BITS: u32 = 24;
/// Bits of an insertion number: so many events may be in a run, a million millions.
const SEQUENCE_BITS: u32 = u64::BITS - SLOT_BITS;

impl Entry {
    /// Later than any event: the end of the clock, with a number that none gets.
    pub const LAST: Self = Self(u128::MAX);

    /// The key of an event at `at` with this insertion number. Panics where a run has more events than a key can count.
    pub fn new(at: Instant, sequence: u64, slot: u32) -> Self {
        assert!(sequence < 1 << SEQUENCE_BITS, "a run has fewer than 2^{SEQUENCE_BITS} events");
        assert!(slot < 1 << SLOT_BITS, "fewer than 2^{SLOT_BITS} events wait at once");
        let low = sequence << SLOT_BITS | u64::from(slot);
        Self(u128::from(at.as_nanos()) << u64::BITS | u128::from(low))
    }

    /// When it happens.
    pub fn at(self) -> Instant {
        Instant::from_nanos((self.0 >> u64::BITS) as u64)
    }

    /// Its insertion number.
    pub fn sequence(self) -> u64 {
        self.0 as u64 >> SLOT_BITS
    }

    /// Where the event is.
    pub fn slot(self) -> u32 {
        self.0 as u32 & ((1 << SLOT_BITS) - 1)
    }
}

const CHILDREN: usize = 4;
/// So many of the smallest keys are kept sorted.
const MOST_SOON: usize = 32;
/// So many come out of the heap together, where none is left of them.
const REFILL: usize = 4;

/// Keys, the smallest first.
///
/// Most of what is scheduled in a small cluster is due before all but a few of what waits: timers of seconds lie deep, and
/// messages come and go above them. The few smallest keys lie sorted in front of a heap, where such a key comes and goes
/// without it.
///
/// ```text
///   push --due before the last of the few?--> soon, sorted --the few are many: the later half--> heap
///          else ---------------------------------------------------------------------------------^ |
///   pop <----------------------------------- soon <----------------------------- none is left -----+
/// ```
#[derive(Debug, Default)]
pub(super) struct PriorityQueue {
    /// The smallest keys, the smallest last; none is left only where there is no key at all.
    soon: Vec<Entry>,
    /// All others: a heap with four children a node.
    later: Vec<Entry>,
}

impl PriorityQueue {
    /// The smallest key. O(1).
    #[inline]
    pub fn first(&self) -> Option<Entry> {
        self.soon.last().copied()
    }

    /// How many keys it has.
    #[inline]
    pub fn len(&self) -> usize {
        self.soon.len() + self.later.len()
    }

    /// Adds a key. O(log n), and O(1) for one that is among the first or later than most.
    #[inline]
    pub fn push(&mut self, entry: Entry) {
        match self.soon.first() {
            Some(&last) if last < entry => self.push_later(entry),
            _ => self.push_soon(entry),
        }
    }

    fn push_soon(&mut self, entry: Entry) {
        let place = self.soon.iter().rposition(|other| entry < *other).map_or(0, |larger| larger + 1);
        self.soon.insert(place, entry);
        if self.soon.len() > MOST_SOON {
            for later in 0..MOST_SOON / 2 {
                self.push_later(self.soon[later]);
            }
            self.soon.drain(..MOST_SOON / 2);
        }
    }

    /// Takes the smallest key. O(log n), and O(1) for one that never was in the heap.
    #[inline]
    pub fn pop(&mut self) -> Option<Entry> {
        let first = self.soon.pop();
        if self.soon.is_empty() {
            self.refill();
        }
        first
    }

    #[cold]
    fn refill(&mut self) {
        let next = std::iter::from_fn(|| pop(&mut self.later)).take(REFILL);
        self.soon.extend(next);
        self.soon.reverse();
    }

    fn push_later(&mut self, entry: Entry) {
        let heap = &mut self.later;
        let mut hole = heap.len();
        heap.push(entry);
        while hole > 0 {
            let parent = (hole - 1) / CHILDREN;
            if heap[parent] < entry {
                break;
            }
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = entry;
    }
}

/// Takes the smallest key of a heap.
fn pop(heap: &mut Vec<Entry>) -> Option<Entry> {
    let last = heap.pop()?;
    let Some(&first) = heap.first() else { return Some(last) };
    // The hole at the top sinks until the last key fits: mostly to a leaf, for it is one of the latest.
    let mut hole = 0;
    loop {
        let children = hole * CHILDREN + 1;
        let Some((mut least, rest)) = heap[children.min(heap.len())..].split_first() else { break };
        let mut at = children;
        for (sibling, entry) in (children + 1..).zip(rest.iter().take(CHILDREN - 1)) {
            if entry < least {
                (at, least) = (sibling, entry);
            }
        }
        if last < *least {
            break;
        }
        let least = *least;
        heap[hole] = least;
        hole = at;
    }
    heap[hole] = last;
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is pushed between pops, the smallest of what is there comes next.
        #[test]
        fn keys_come_in_order(steps in prop::collection::vec(prop::option::weighted(0.6, 0..50_u64), 0..400)) {
            let (mut queue, mut model) = (PriorityQueue::default(), std::collections::BTreeSet::new());
            for (sequence, step) in (1..).zip(steps) {
                match step {
                    Some(at) => {
                        let entry = Entry::new(Instant::from_nanos(at), sequence, sequence as u32);
                        model.insert(entry);
                        queue.push(entry);
                    }
                    None => prop_assert_eq!(queue.pop(), model.pop_first()),
                }
                prop_assert_eq!(queue.first(), model.first().copied());
            }
        }
    }
}
