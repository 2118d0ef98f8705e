//! Latency: from the moment at which a message was stored to the one at which the group's listener first had it.
//!
//! Where windows begin and end is known when the run is over, and how long each message took is not kept: what lies between
//! two edges, as far as they are known, is one histogram.

mod histogram;
mod waiting;

use std::collections::BTreeMap;

use super::moments::edges;
use super::part::Part;
use super::{Figure, Findings, Stage, Window};
use crate::check::Key;
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::QueueIndex;
use crate::model::plan::{GroupIndex, TopicIndex};
use histogram::{Closed, Histogram};
use waiting::Waiting;

/// A group, and a topic of its.
type Pair = (GroupIndex, TopicIndex);

/// What messages took.
#[derive(Debug, Default)]
pub(super) struct Latency {
    named: Vec<Instant>,
    waiting: Waiting,
    /// The moment of what was handed out last, and what that was: an edge may still turn out to lie there.
    at: Instant,
    handed_out: Vec<(usize, u64)>,
    /// Where the pair of a group and topic stands, audience by audience.
    places: Vec<Vec<Option<usize>>>,
    pairs: Vec<Pair>,
    open: Vec<Histogram>,
    /// The last edge before what is open, and the first behind it that is known.
    from: Instant,
    until: Option<Instant>,
    known: (u32, Option<Instant>),
    closed: BTreeMap<(Instant, usize), Closed>,
}

impl Latency {
    /// `named`: the times that the scenario's windows name.
    pub fn new(named: Vec<Instant>) -> Self {
        let until = named.iter().copied().min();
        Self { named, until, ..Self::default() }
    }

    /// A message was stored. `reached`: up to which offset all who may get it have had it or will not.
    #[inline]
    pub fn stored(&mut self, queue: QueueIndex, offset: u64, at: Instant, reached: impl FnOnce() -> u64) {
        self.waiting.stored(queue, offset, at, reached);
    }

    /// The end of a queue is lost.
    pub fn lost_from(&mut self, queue: QueueIndex, offset: u64) {
        self.waiting.lost_from(queue, offset);
    }

    /// A group's listener has a message for the first time.
    #[inline]
    pub fn handed_out(
        &mut self,
        at: Instant,
        Key { audience, queue }: super::Key,
        offset: u64,
        (stage, names): (&Stage, &Names),
    ) {
        let Some(stored) = self.waiting.since(queue, offset) else { return };
        if at != self.at {
            self.settle(stage);
            self.at = at;
        }
        let pair = self.place(audience, names.queue(queue).topic, names);
        self.handed_out.push((pair, at.since(stored).as_nanos()));
    }

    #[inline]
    fn place(&mut self, audience: AudienceIndex, topic: TopicIndex, names: &Names) -> usize {
        match self.places.get(audience.at()).and_then(|topics| *topics.get(topic.at())?) {
            Some(place) => place,
            None => self.make(audience, topic, names),
        }
    }

    #[cold]
    fn make(&mut self, audience: AudienceIndex, topic: TopicIndex, names: &Names) -> usize {
        if audience.at() >= self.places.len() {
            self.places.resize(audience.at() + 1, Vec::new());
        }
        let topics = &mut self.places[audience.at()];
        if topic.at() >= topics.len() {
            topics.resize(topic.at() + 1, None);
        }
        let pair = (names.group_of_audience(audience), topic);
        let place = self.pairs.iter().position(|known| *known == pair).unwrap_or_else(|| {
            self.pairs.push(pair);
            self.open.push(Histogram::default());
            self.pairs.len() - 1
        });
        topics[topic.at()] = Some(place);
        place
    }

    /// All that happened at the last moment has been seen: it lies behind the last edge that is not later.
    #[inline]
    fn settle(&mut self, stage: &Stage) {
        if self.known != stage.edges_so_far() || self.until.is_some_and(|until| until <= self.at) {
            self.find_edges(stage);
        }
        for (pair, nanos) in self.handed_out.drain(..) {
            self.open[pair].add(nanos);
        }
    }

    #[cold]
    fn find_edges(&mut self, stage: &Stage) {
        let edges = edges(stage, &self.named);
        let last = |at: Instant| edges.iter().rev().find(|edge| **edge <= at).copied().unwrap_or_default();
        let (from, next) = (last(self.from), last(self.at));
        if from != next {
            self.close(from);
        }
        // The moment at which ownership seemed to have settled may have been none.
        let gone: Vec<(Instant, usize)> = self.closed.keys().filter(|(at, _)| last(*at) != *at).copied().collect();
        for (at, pair) in gone {
            let closed = self.closed.remove(&(at, pair)).expect("its key was there");
            self.closed.entry((last(at), pair)).or_default().join(&closed);
        }
        self.known = stage.edges_so_far();
        (self.from, self.until) = (next, edges.iter().find(|edge| **edge > self.at).copied());
    }

    fn close(&mut self, from: Instant) {
        for (pair, open) in self.open.iter_mut().enumerate() {
            let closed = open.close();
            if !closed.is_empty() {
                self.closed.entry((from, pair)).or_default().join(&closed);
            }
        }
    }

    /// The run is over: sets the figures of each window in which something was handed out.
    pub fn set(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        self.settle(stage);
        self.find_edges(stage);
        self.close(self.from);
        for window in &mut findings.windows {
            let inside = |at: Instant| window.from <= at && at < window.until;
            let within: Vec<(Pair, &Closed)> =
                self.closed.iter().filter(|((at, _), _)| inside(*at)).map(|((_, p), c)| (self.pairs[*p], c)).collect();
            set(window, None, within.iter().map(|(_, closed)| *closed));
            for part in Part::all(names) {
                let of = within.iter().filter(|((group, topic), _)| part.is_of(*group, *topic));
                set(window, Some((part, names)), of.map(|(_, closed)| *closed));
            }
        }
    }
}

fn set<'a>(window: &mut Window, part: Option<(Part, &Names)>, all: impl Iterator<Item = &'a Closed>) {
    let mut sum = Histogram::default();
    all.for_each(|closed| sum.join(closed));
    if let (Some(p99), Some(longest)) = (sum.at(990), sum.longest()) {
        window.set_of(part, "latency.p99", Figure::Span(p99));
        window.set_of(part, "latency.max", Figure::Span(longest));
    }
}
