//! What is kept of a second run: the events of the stretches that are explained and of a while before them, and all that was
//! seen that may matter to one of their queues. Several findings share one run.

use std::collections::{BTreeSet, VecDeque};

use super::finding::Finding;
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

/// What was heard of a run that may belong to one of some stories.
#[derive(Debug)]
pub(super) struct Tape {
    queues: BTreeSet<QueueIndex>,
    /// When the first of the findings begins, and the last ends.
    from: Instant,
    until: Instant,
    events: VecDeque<Occurrence<Event>>,
    /// Places of events by their numbers, when all are there.
    places: Vec<(u64, u32)>,
    seen: Vec<Observed>,
    /// Since when a consumer has a client id.
    clients: Vec<(Instant, ClientIndex, ConsumerIndex)>,
}

/// What of it belongs to one finding: nothing that came later, nothing of another queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'t> {
    tape: &'t Tape,
    queue: QueueIndex,
    /// From when on events are looked at, and until when.
    early: Instant,
    until: Instant,
}

/// The beginning of the while before a moment.
fn early(from: Instant) -> Instant {
    from - BEFORE.min(from.since(Instant::ZERO))
}

impl Tape {
    /// For these findings; nothing has been heard yet. `None`: there is no finding.
    pub fn of(findings: &[Finding]) -> Option<Self> {
        let from = findings.iter().map(|finding| finding.from).min()?;
        let until = findings.iter().map(|finding| finding.until).max()?;
        let queues = findings.iter().map(|finding| finding.queue).collect();
        let (events, places, seen, clients) = (VecDeque::new(), Vec::new(), Vec::new(), Vec::new());
        Some(Self { queues, from, until, events, places, seen, clients })
    }

    /// When the last of the findings ends.
    pub fn until(&self) -> Instant {
        self.until
    }

    /// Takes in what is heard.
    pub fn hear(&mut self, heard: Heard<'_>) {
        match heard {
            Heard::Event(event) => {
                self.events.push_back(*event);
                let early = early(self.from);
                let too_many =
                    |events: &VecDeque<_>, at| events.len() > if at < self.from { MOST_BEFORE } else { MOST };
                while self.events.front().is_some_and(|first| first.at < early) || too_many(&self.events, event.at) {
                    self.events.pop_front();
                }
            }
            Heard::Seen(seen) => {
                if let Observation::ConsumerStarting { consumer, client } = seen.what {
                    self.clients.push((seen.at, client, consumer));
                }
                if matters(&seen.what, |queue| self.queues.contains(&queue)) {
                    self.seen.push(seen.clone());
                }
            }
        }
    }

    /// All has been heard.
    pub fn complete(&mut self) {
        self.events.make_contiguous();
        self.places = (0..).zip(&self.events).map(|(place, event)| (event.sequence, place)).collect();
        self.places.sort_unstable();
    }

    /// What belongs to one of the findings.
    pub fn record(&self, finding: &Finding) -> Record<'_> {
        Record { tape: self, queue: finding.queue, early: early(finding.from), until: finding.until }
    }
}

impl<'t> Record<'t> {
    /// An event by its number, where it is kept.
    pub fn event(&self, sequence: u64) -> Option<&'t Occurrence<Event>> {
        self.tape.events.get(self.place(sequence)?).filter(|event| event.at >= self.early)
    }

    fn place(&self, sequence: u64) -> Option<usize> {
        let places = &self.tape.places;
        let place = places.binary_search_by_key(&sequence, |(sequence, _)| *sequence).ok()?;
        Some(places[place].1 as usize)
    }

    /// The events that happened after one, in their order.
    pub fn after(&self, event: &Occurrence<Event>) -> impl Iterator<Item = &'t Occurrence<Event>> + use<'t> {
        let (events, until) = (&self.tape.events, self.until);
        let after = self.place(event.sequence).into_iter().flat_map(move |place| events.range(place + 1..));
        after.take_while(move |event| event.at <= until)
    }

    /// The events that happened before one, the last first.
    pub fn before(&self, event: &Occurrence<Event>) -> impl Iterator<Item = &'t Occurrence<Event>> + use<'t> {
        let (events, early) = (&self.tape.events, self.early);
        let before = self.place(event.sequence).into_iter().flat_map(move |place| events.range(..place).rev());
        before.take_while(move |event| event.at >= early)
    }

    /// When the first event that is kept happened.
    pub fn begins(&self) -> Instant {
        self.tape.events.front().map_or(Instant::MAX, |event| event.at)
    }

    /// What was seen up to the end of the finding, in order.
    fn seen(&self) -> &'t [Observed] {
        let seen = &self.tape.seen;
        &seen[..seen.partition_point(|seen| seen.at <= self.until)]
    }

    /// Whether it belongs to this finding.
    fn is_of(&self, seen: &Observed) -> bool {
        matters(&seen.what, |queue| queue == self.queue)
    }

    /// What was seen from a moment on.
    pub fn forward_from(&self, at: Instant) -> impl Iterator<Item = &'t Observed> + use<'t> {
        let (record, seen) = (*self, self.seen());
        seen[seen.partition_point(|seen| seen.at < at)..].iter().filter(move |seen| record.is_of(seen))
    }

    /// The last event at this very moment.
    pub fn event_at(&self, at: Instant) -> Option<&'t Occurrence<Event>> {
        let events = &self.tape.events;
        let after = events.partition_point(|event| event.at <= at);
        events.get(after.checked_sub(1)?).filter(|event| event.at == at && at >= self.early)
    }

    /// What was seen during an event.
    pub fn during(&self, event: &Occurrence<Event>) -> impl Iterator<Item = &'t Observed> + use<'t> {
        let sequence = event.sequence;
        self.seen_at(event.at).filter(move |seen| seen.sequence == sequence)
    }

    /// What was seen at this very moment.
    pub fn seen_at(&self, at: Instant) -> impl Iterator<Item = &'t Observed> + use<'t> {
        self.forward_from(at).take_while(move |seen| seen.at == at)
    }

    /// What was seen up to a moment, this one included, the last first.
    pub fn back_from(&self, until: Instant) -> impl Iterator<Item = &'t Observed> + use<'t> {
        let (record, seen) = (*self, self.seen());
        seen[..seen.partition_point(|seen| seen.at <= until)].iter().rev().filter(move |seen| record.is_of(seen))
    }

    /// The last that was seen after `after` and up to `until`, of which `is` says yes.
    pub fn last(&self, (after, until): (Instant, Instant), is: impl Fn(&Observation) -> bool) -> Option<&'t Observed> {
        self.back_from(until).take_while(|seen| seen.at > after).find(|seen| is(&seen.what))
    }

    /// Who has a client id.
    pub fn consumer(&self, client: ClientIndex) -> Option<ConsumerIndex> {
        let before = self.tape.clients.iter().rev().skip_while(|(at, ..)| *at > self.until);
        before.into_iter().find(|(_, id, _)| *id == client).map(|(.., consumer)| *consumer)
    }
}

/// Whether an observation can be a part of the story of a queue of which `is` says yes.
fn matters(what: &Observation, is: impl Fn(QueueIndex) -> bool) -> bool {
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
        | O::LockConfirmed { queue, .. }
        | O::UnlockDelayed { queue, .. }
        | O::UnlockPostponed { queue, .. }
        | O::UnlockForced { queue, .. }
        | O::TailLost { queue, .. }
        | O::MessageLost { queue, .. }
        | O::HeadDeleted { queue, .. } => is(*queue),
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
