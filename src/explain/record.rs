//! What is kept of a second run: the events of the stretch that is explained and of a while before it, and all that was
//! seen that may matter to one queue.

use std::collections::{BTreeMap, VecDeque};

use crate::kernel::{Instant, Occurrence, Span};
use crate::model::event::Event;
use crate::model::observation::{ClientIndex, Detail, Observation, Observed, QueueIndex};
use crate::model::plan::ConsumerIndex;
use crate::run::Heard;

/// What was set going so long before a finding is looked for; longer timers began before the record does.
const BEFORE: Span = Span::from_secs(150);

/// So many events are kept of the while before, and in all: some 48 bytes each.
const MOST_BEFORE: usize = 2_000_000;
const MOST: usize = 12_000_000;

/// What was heard of a run.
#[derive(Debug)]
pub(super) struct Record {
    queue: QueueIndex,
    from: Instant,
    events: VecDeque<Occurrence<Event>>,
    /// Places of events by their numbers, when all are there.
    places: Vec<(u64, u32)>,
    seen: Vec<Observed>,
    /// Who had a client id last.
    clients: BTreeMap<ClientIndex, ConsumerIndex>,
}

impl Record {
    /// Nothing has been heard yet.
    pub fn new(queue: QueueIndex, from: Instant) -> Self {
        let (events, places, seen, clients) = (VecDeque::new(), Vec::new(), Vec::new(), BTreeMap::new());
        Self { queue, from, events, places, seen, clients }
    }

    /// Takes in what is heard.
    pub fn hear(&mut self, heard: Heard<'_>) {
        match heard {
            Heard::Event(event) => {
                self.events.push_back(*event);
                let early = self.from - BEFORE.min(self.from.since(Instant::ZERO));
                let too_many =
                    |events: &VecDeque<_>, at| events.len() > if at < self.from { MOST_BEFORE } else { MOST };
                while self.events.front().is_some_and(|first| first.at < early) || too_many(&self.events, event.at) {
                    self.events.pop_front();
                }
            }
            Heard::Seen(seen) => {
                if let Observation::ConsumerStarting { consumer, client } = seen.what {
                    self.clients.insert(client, consumer);
                }
                if self.matters(&seen.what) {
                    self.seen.push(seen.clone());
                }
            }
        }
    }

    /// Whether an observation can be a part of the story of one queue.
    fn matters(&self, what: &Observation) -> bool {
        use Observation as O;
        match what {
            O::Delivered { queue, .. }
            | O::Consumed { queue, .. }
            | O::Readable { queue, .. }
            | O::Pulled { queue, .. }
            | O::PullTroubled { queue, .. }
            | O::PullRecovered { queue, .. }
            | O::HeldTooLate { queue, .. }
            | O::OffsetIllegal { queue, .. }
            | O::Committed { queue, .. }
            | O::StartedAt { queue, .. }
            | O::QueueTaken { queue, .. }
            | O::QueueReleased { queue, .. }
            | O::LockGranted { queue, .. }
            | O::LockRefused { queue, .. }
            | O::LockReleased { queue, .. }
            | O::LockForgotten { queue, .. }
            | O::LockLost { queue, .. }
            | O::LockExpired { queue, .. }
            | O::UnlockDelayed { queue, .. }
            | O::UnlockForced { queue, .. }
            | O::TailLost { queue, .. }
            | O::MessageLost { queue, .. }
            | O::HeadDeleted { queue, .. } => *queue == self.queue,
            O::Stored { .. }
            | O::StoredApart { .. }
            | O::KeyStored { .. }
            | O::TagStored { .. }
            | O::Filtered { .. }
            | O::ProgressMoved { .. }
            | O::OffsetSent { .. }
            | O::CommitArrived { .. }
            | O::SentBack { .. }
            | O::Served { .. }
            | O::Rejected { .. }
            | O::AttemptFailed { .. }
            | O::SendFailed { .. }
            | O::SendInDoubt { .. }
            | O::SendRefused { .. } => false,
            O::Detail(detail) => matches!(detail, Detail::RebalanceBegan { .. } | Detail::ConsumptionResumed { .. }),
            _ => true,
        }
    }

    /// All has been heard.
    pub fn complete(&mut self) {
        self.events.make_contiguous();
        self.places = (0..).zip(&self.events).map(|(place, event)| (event.sequence, place)).collect();
        self.places.sort_unstable();
    }

    /// An event by its number, where it is kept.
    pub fn event(&self, sequence: u64) -> Option<&Occurrence<Event>> {
        self.events.get(self.place(sequence)?)
    }

    fn place(&self, sequence: u64) -> Option<usize> {
        let place = self.places.binary_search_by_key(&sequence, |(sequence, _)| *sequence).ok()?;
        Some(self.places[place].1 as usize)
    }

    /// The events that happened after one, in their order.
    pub fn after(&self, event: &Occurrence<Event>) -> impl Iterator<Item = &Occurrence<Event>> {
        self.place(event.sequence).into_iter().flat_map(|place| self.events.range(place + 1..))
    }

    /// The events that happened before one, the last first.
    pub fn before(&self, event: &Occurrence<Event>) -> impl Iterator<Item = &Occurrence<Event>> {
        self.place(event.sequence).into_iter().flat_map(|place| self.events.range(..place).rev())
    }

    /// When the first event that is kept happened.
    pub fn begins(&self) -> Instant {
        self.events.front().map_or(Instant::MAX, |event| event.at)
    }

    /// What was seen from a moment on.
    pub fn forward_from(&self, at: Instant) -> impl Iterator<Item = &Observed> {
        self.seen[self.seen.partition_point(|seen| seen.at < at)..].iter()
    }

    /// The last event at this very moment.
    pub fn event_at(&self, at: Instant) -> Option<&Occurrence<Event>> {
        let after = self.events.partition_point(|event| event.at <= at);
        self.events.get(after.checked_sub(1)?).filter(|event| event.at == at)
    }

    /// What was seen during an event.
    pub fn during(&self, event: &Occurrence<Event>) -> impl Iterator<Item = &Observed> {
        let (at, sequence) = (event.at, event.sequence);
        let first = self.seen.partition_point(|seen| seen.at < at);
        self.seen[first..].iter().take_while(move |seen| seen.at == at).filter(move |seen| seen.sequence == sequence)
    }

    /// What was seen at this very moment.
    pub fn seen_at(&self, at: Instant) -> impl Iterator<Item = &Observed> {
        let first = self.seen.partition_point(|seen| seen.at < at);
        self.seen[first..].iter().take_while(move |seen| seen.at == at)
    }

    /// What was seen up to a moment, this one included, the last first.
    pub fn back_from(&self, until: Instant) -> impl Iterator<Item = &Observed> {
        self.seen[..self.seen.partition_point(|seen| seen.at <= until)].iter().rev()
    }

    /// The last that was seen after `after` and up to `until`, of which `is` says yes.
    pub fn last(&self, (after, until): (Instant, Instant), is: impl Fn(&Observation) -> bool) -> Option<&Observed> {
        self.back_from(until).take_while(|seen| seen.at > after).find(|seen| is(&seen.what))
    }

    /// Who has a client id.
    pub fn consumer(&self, client: ClientIndex) -> Option<ConsumerIndex> {
        self.clients.get(&client).copied()
    }
}
