//! The agenda: what will happen, in order.

use super::calendar::Calendar;
use super::lanes::Lanes;
use super::priority_queue::{Entry, PriorityQueue};
use super::reserved::Reserved;
use super::time::{Instant, Span};

/// A handle to one scheduled event, good for [`Agenda::cancel`] until the event happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    slot: u32,
    sequence: u64,
}

impl Timer {
    /// The insertion number of its event: of two, the one that was scheduled first has the smaller.
    #[must_use]
    pub const fn sequence(self) -> u64 {
        self.sequence
    }
}

/// One event as it leaves the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence<E> {
    /// When it happens.
    pub at: Instant,
    /// Its insertion number, unique in the run.
    pub sequence: u64,
    /// Insertion number of the event during which it was scheduled; 0 for what was scheduled before the run.
    pub cause: u64,
    /// What happens.
    pub event: E,
}

/// Where so many keys are in the heap, further ones go to the calendar.
const CROWD: usize = 2_000;

/// Who waits shorter than this is busy: what follows from what happens within it counts as one chain.
const MOMENT: Span = Span::from_millis(1);

/// So long a chain within a moment, with so many events in it, ends nowhere. A crowd has many events, but short chains;
/// a listener that takes no time works off a full cache in one chain, but of fewer links.
const ENDLESS: [(u32, u64); 2] = [(1_000, 20_000_000), (100_000, 1_000_000)];

struct Slot<E> {
    sequence: u64,
    cause: u64,
    /// How many events within the moment led to this one, each the cause of the next.
    links: u32,
    event: Option<E>,
}

/// Events in total order by (time, insertion number): of two events at one time the one scheduled first happens first.
///
/// Insertion numbers count from 1. `schedule` and `pop` cost O(log n), `cancel` O(1): a cancelled event leaves its
/// key behind, to be skipped when it comes up.
///
/// Timers of a fixed period, most of which are cancelled, go through [`Agenda::schedule_after_period`]: they are due in
/// the order in which they were made, so a queue a period holds them in O(1) and keeps the heap small.
///
/// ```text
///   schedule --------------> heap of keys, and of a crowd the calendar --+
///                                                                        +--> the smallest key --> slot --> event
///   schedule_after_period -> lanes of keys ------------------------------+
/// ```
pub struct Agenda<E> {
    heap: PriorityQueue,
    calendar: Calendar,
    lanes: Lanes,
    slots: Vec<Slot<E>>,
    free: Vec<u32>,
    last_sequence: u64,
    current: u64,
    links: u32,
    in_moment: u64,
    /// When the moment is over that the time lies in.
    moment_end: Instant,
    now: Instant,
    pending: usize,
    peak: usize,
}

impl<E> Default for Agenda<E> {
    fn default() -> Self {
        Self {
            heap: PriorityQueue::default(),
            calendar: Calendar::default(),
            lanes: Lanes::default(),
            slots: Vec::new(),
            free: Vec::new(),
            last_sequence: 0,
            current: 0,
            links: 0,
            in_moment: 0,
            moment_end: Instant::ZERO + MOMENT,
            now: Instant::ZERO,
            pending: 0,
            peak: 0,
        }
    }
}

impl<E> Agenda<E> {
    /// Puts `event` on the agenda. Panics where `at` lies in the past. O(log n).
    pub fn schedule(&mut self, at: Instant, event: E) -> Timer {
        let entry = self.store(at, event);
        self.insert(entry);
        Timer { slot: entry.slot(), sequence: self.last_sequence }
    }

    /// Puts `event` on the agenda `period` from now, where many events use the same period. O(1).
    pub fn schedule_after_period(&mut self, period: Span, event: E) -> Timer {
        let entry = self.store(self.now + period, event);
        let (slots, free) = (&self.slots, &mut self.free);
        let in_lane = self.lanes.push(period, entry, |entry| cancelled(slots, free, entry));
        if !in_lane {
            self.insert(entry);
        }
        Timer { slot: entry.slot(), sequence: self.last_sequence }
    }

    /// Keeps a place in the order, as [`Agenda::schedule`] would give it to an event at `at`: all later events have the
    /// numbers that they would have beside it. Panics where `at` lies in the past. O(1).
    pub fn reserve(&mut self, at: Instant) -> Reserved {
        assert!(at >= self.now, "event scheduled in the past: {at} < {}", self.now);
        self.last_sequence += 1;
        let links = if at < self.moment_end { self.links.saturating_add(1) } else { 0 };
        Reserved { at, sequence: self.last_sequence, cause: self.current, links }
    }

    /// Puts an event in the place that was kept for it. Panics where the order is past that place.
    pub fn schedule_reserved(&mut self, reserved: Reserved, event: E) {
        assert!(!self.is_past(&reserved), "the place of an event is past: {} < {}", reserved.at, self.now);
        let entry = self.fill(reserved, event);
        self.insert(entry);
    }

    /// Whether an event in this place would have happened by now.
    #[must_use]
    pub fn is_past(&self, reserved: &Reserved) -> bool {
        (reserved.at, reserved.sequence) < (self.now, self.current)
    }

    /// Puts a key where it will be found in its order.
    fn insert(&mut self, entry: Entry) {
        if self.heap.len() >= CROWD {
            self.calendar.begin(Entry::new(self.now, 0, 0));
            if self.calendar.push(entry) {
                return;
            }
        }
        self.heap.push(entry);
    }

    /// Gives an event its number and its slot.
    fn store(&mut self, at: Instant, event: E) -> Entry {
        let place = self.reserve(at);
        self.fill(place, event)
    }

    /// Puts an event into a slot.
    fn fill(&mut self, Reserved { at, sequence, cause, links }: Reserved, event: E) -> Entry {
        let filled = Slot { sequence, cause, links, event: Some(event) };
        let slot = if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = filled;
            slot
        } else {
            self.slots.push(filled);
            u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 pending events")
        };
        self.pending += 1;
        self.peak = self.peak.max(self.pending);
        Entry::new(at, sequence, slot)
    }

    /// Takes an event off the agenda; answers it, or `None` where it already happened or was cancelled.
    pub fn cancel(&mut self, timer: Timer) -> Option<E> {
        let slot = &mut self.slots[timer.slot as usize];
        if slot.sequence != timer.sequence {
            return None;
        }
        let event = slot.event.take();
        self.pending -= usize::from(event.is_some());
        event
    }

    /// The next event, with the clock moved to it; `None` when nothing is left.
    pub fn pop(&mut self) -> Option<Occurrence<E>> {
        self.pop_until(Instant::MAX)
    }

    /// The next event that happens at `until` or before.
    pub fn pop_until(&mut self, until: Instant) -> Option<Occurrence<E>> {
        loop {
            let entry = self.take_first(until)?;
            let slot = &mut self.slots[entry.slot() as usize];
            assert_eq!(slot.sequence, entry.sequence(), "a slot is reused only after its key left the agenda");
            self.free.push(entry.slot());
            let (cause, links) = (slot.cause, slot.links);
            if let Some(event) = slot.event.take() {
                let at = entry.at();
                assert!(at >= self.now, "time runs forward");
                self.pending -= 1;
                if at < self.moment_end {
                    self.in_moment += 1;
                } else {
                    (self.in_moment, self.moment_end) = (1, end_of_moment(at));
                }
                self.links = links;
                self.now = at;
                self.current = entry.sequence();
                return Some(Occurrence { at, sequence: entry.sequence(), cause, event });
            }
        }
    }

    /// Takes the smallest key, if its time has come by `until`; it may be that of a cancelled event.
    fn take_first(&mut self, until: Instant) -> Option<Entry> {
        let in_heap = self.heap.first().unwrap_or(Entry::LAST);
        let in_calendar = if self.calendar.is_empty() { Entry::LAST } else { self.calendar.first()? };
        let top = in_heap.min(in_calendar);
        if top > self.lanes.bound() {
            let (slots, free) = (&self.slots, &mut self.free);
            let first = self.lanes.first(|entry| cancelled(slots, free, entry));
            if let Some((first, lane)) = first.filter(|(first, _)| *first < top) {
                return (first.at() <= until).then(|| self.lanes.pop(lane)).flatten();
            }
        }
        match top.at() <= until {
            true if in_calendar < in_heap => self.calendar.pop(),
            true => self.heap.pop(),
            false => None,
        }
    }

    /// Whether time stands still: events that follow from each other within a moment, without an end in sight.
    #[must_use]
    pub fn stands_still(&self) -> bool {
        self.links >= ENDLESS[0].0
            && ENDLESS.iter().any(|&(links, events)| self.links >= links && self.in_moment >= events)
    }

    /// The time of the event that was popped last.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Insertion number of the event that was popped last; 0 before the first.
    #[must_use]
    pub fn current(&self) -> u64 {
        self.current
    }

    /// How many events wait, cancelled ones left out.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.pending
    }

    /// The most that ever waited at once.
    #[must_use]
    pub fn peak(&self) -> usize {
        self.peak
    }
}

/// Whether the event of a key was cancelled; its slot is free then, for the key goes too.
fn cancelled<E>(slots: &[Slot<E>], free: &mut Vec<u32>, entry: Entry) -> bool {
    let cancelled = slots[entry.slot() as usize].event.is_none();
    free.extend(cancelled.then_some(entry.slot()));
    cancelled
}

/// When the moment is over that a time lies in.
fn end_of_moment(at: Instant) -> Instant {
    let moment = MOMENT.as_nanos();
    Instant::from_nanos((at.as_nanos() / moment + 1).saturating_mul(moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pops until time stands still, and answers after how many events; `follow` says after how long the next comes.
    fn until_it_stands_still(chains: u64, follow: Span, most: u64) -> Option<u64> {
        let mut agenda = Agenda::default();
        for _ in 0..chains {
            agenda.schedule(Instant::ZERO, ());
        }
        (1..=most).find(|_| {
            agenda.pop().expect("there is always a next one");
            agenda.schedule(agenda.now() + follow, ());
            agenda.stands_still()
        })
    }

    #[test]
    fn a_circle_without_time_is_seen_and_a_crowd_is_not() {
        let table = [
            (1, Span::ZERO, 1_500_000, Some(1_000_000)),
            (1, Span::from_nanos(1), 1_500_000, Some(1_000_000)),
            (100, Span::ZERO, 12_000_000, Some(9_999_901)),
            (1, Span::from_nanos(20), 3_000_000, None),
            (1_000_000, Span::from_millis(1), 3_000_000, None),
            (1_000_000, Span::from_micros(10), 2_500_000, None),
        ];
        for (chains, follow, most, expected) in table {
            assert_eq!(until_it_stands_still(chains, follow, most), expected, "{chains} {follow}");
        }
    }

    #[test]
    fn ties_break_by_insertion_and_cancelled_events_never_come() {
        let mut agenda = Agenda::default();
        let at = Instant::from_millis;
        agenda.schedule(at(5), "late");
        let cancelled = agenda.schedule(at(1), "cancelled");
        agenda.schedule(at(1), "first");
        agenda.schedule(at(1), "second");
        assert_eq!(agenda.cancel(cancelled), Some("cancelled"));
        assert_eq!(agenda.cancel(cancelled), None);
        assert_eq!((agenda.pending(), agenda.peak()), (3, 4));
        let mut order = Vec::new();
        while let Some(occurrence) = agenda.pop() {
            order.push((occurrence.at.as_millis(), occurrence.cause, occurrence.event));
            if occurrence.event == "first" {
                agenda.schedule(at(1), "caused");
            }
        }
        assert_eq!(order, [(1, 0, "first"), (1, 0, "second"), (1, 3, "caused"), (5, 0, "late")]);
        assert_eq!(agenda.cancel(cancelled), None, "a stale handle does not reach a reused slot");
    }

    #[test]
    fn lanes_keep_the_total_order() {
        let mut agenda = Agenda::default();
        let (span, at) = (Span::from_millis, Instant::from_millis);
        for number in 0..20_u64 {
            agenda.schedule_after_period(span(1 + number % 10), (1 + number % 10, number));
            agenda.schedule(at(1 + number % 3), (1 + number % 3, 100 + number));
        }
        let mut last = (Instant::ZERO, 0);
        let mut count = 0;
        while let Some(occurrence) = agenda.pop() {
            assert!((occurrence.at, occurrence.sequence) > last, "by time, then by insertion");
            assert_eq!(occurrence.at, at(occurrence.event.0));
            last = (occurrence.at, occurrence.sequence);
            count += 1;
        }
        assert_eq!(count, 40);
    }

    #[test]
    fn a_crowd_keeps_the_total_order() {
        let (mut agenda, mut chance) = (Agenda::default(), crate::kernel::Streams::new(1).stream("crowd", 0));
        let (mut expected, crowd) = (std::collections::BTreeSet::new(), 3 * CROWD as u64);
        for number in 0..8 * crowd {
            // Some at once, most within milliseconds, some in a while.
            let spread = [1, 2_000_000, 2_000_000, 5_000_000_000][chance.below(4) as usize];
            let at = agenda.now() + Span::from_nanos(chance.below(spread));
            agenda.schedule(at, number);
            expected.insert((at, number));
            if number >= crowd {
                assert_eq!(agenda.pop().map(|next| (next.at, next.event)), expected.pop_first());
            }
        }
        while let Some(next) = agenda.pop() {
            assert_eq!(Some((next.at, next.event)), expected.pop_first());
        }
        assert!(expected.is_empty());
    }

    #[test]
    fn a_place_that_was_kept_is_where_the_event_would_have_been() {
        let mut agenda = Agenda::default();
        let at = Instant::from_millis;
        agenda.schedule(at(1), "first");
        let (kept, never) = (agenda.reserve(at(1)), agenda.reserve(at(1)));
        agenda.schedule(at(1), "last");
        assert_eq!(agenda.pop().map(|first| first.event), Some("first"));
        assert!(!agenda.is_past(&kept), "it comes after the first");
        agenda.schedule_reserved(kept, "kept");
        let order: Vec<_> =
            std::iter::from_fn(|| agenda.pop()).map(|one| (one.sequence, one.cause, one.event)).collect();
        assert_eq!(order, [(2, 0, "kept"), (4, 0, "last")]);
        assert!(agenda.is_past(&never));
    }

    #[test]
    #[should_panic(expected = "in the past")]
    fn the_past_is_closed() {
        let mut agenda = Agenda::default();
        agenda.schedule(Instant::from_millis(2), ());
        agenda.pop();
        agenda.schedule(Instant::from_millis(1), ());
    }
}
