//! POP: who has which messages until when, how long what was not acknowledged is away, and what clients throw away.

mod rows;

use std::collections::{BTreeMap, BTreeSet};

use super::delivery::{balanced, unrenewed};
use super::moments::Moments;
use super::repeated::Repeated;
use super::{Check, Figure, Findings, Key, Measure, PoppedTopic, Stage, Window};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{Kinds, Observation, Observed, QueueIndex, kinds};
use crate::model::plan::{ConsumerIndex, GroupIndex, Plan, TopicIndex};
use rows::Noticed;

/// Where a message lies: of one that came back, in the retry topic.
type Place = (AudienceIndex, QueueIndex, u64);

/// A message in flight, as its broker has it.
#[derive(Debug, Clone, Copy)]
struct Held {
    consumer: ConsumerIndex,
    origin: (QueueIndex, u64),
    until: Instant,
}

/// Something of which the largest of a window counts, with its moments.
#[derive(Debug, Default)]
struct Largest<T>(Vec<(Instant, T)>);

impl<T: Copy + Ord + Default> Largest<T> {
    /// One more; of those within a second the largest is kept, and the first of these.
    fn add(&mut self, at: Instant, value: T) {
        match self.0.last_mut() {
            Some((last, most)) if at.since(*last) < Span::from_secs(1) && *most >= value => {}
            Some((last, most)) if *last == at => *most = value,
            _ => self.0.push((at, value)),
        }
    }

    fn inside(&self, window: &Window) -> T {
        let inside = self.0.iter().filter(|(at, _)| window.contains(*at));
        inside.map(|(_, value)| *value).max().unwrap_or_default()
    }
}

/// The check.
#[derive(Debug)]
pub(super) struct Pop {
    /// A group may pop.
    pops: bool,
    named: Vec<Instant>,
    held: BTreeMap<Place, Held>,
    holds: BTreeMap<ConsumerIndex, u64>,
    /// When messages became visible again that came back, by their first copy.
    visible: BTreeMap<Place, Instant>,
    held_most: Largest<u64>,
    redeliveries: Largest<Span>,
    revive_lag: Largest<Span>,
    late: Moments,
    /// What each member was handed.
    handed: BTreeMap<ConsumerIndex, Moments>,
    /// Who ran from when until when.
    lives: Vec<(ConsumerIndex, Instant, Option<Instant>)>,
    noticed: BTreeMap<Noticed, Repeated>,
    /// What brokers were told to pop.
    to_pop: Vec<(GroupIndex, TopicIndex)>,
    /// Whose messages no proxy renews.
    unrenewed: Vec<bool>,
    /// Whose requests a balancer spreads over proxies.
    balanced: Vec<bool>,
    /// Those whose proxy died with handles of theirs.
    without_handles: BTreeSet<ConsumerIndex>,
    /// The most that a message came back because its time was over.
    most_again: BTreeMap<AudienceIndex, (u32, Repeated)>,
}

impl Pop {
    pub fn new(plan: &Plan, measure: &Measure) -> Self {
        Self {
            pops: plan.may_pop(),
            named: measure.named_times(),
            held: BTreeMap::new(),
            holds: BTreeMap::new(),
            visible: BTreeMap::new(),
            held_most: Largest::default(),
            redeliveries: Largest::default(),
            revive_lag: Largest::default(),
            late: Moments::default(),
            handed: BTreeMap::new(),
            lives: Vec::new(),
            noticed: BTreeMap::new(),
            to_pop: Vec::new(),
            unrenewed: unrenewed(plan),
            balanced: balanced(plan),
            without_handles: BTreeSet::new(),
            most_again: BTreeMap::new(),
        }
    }

    fn popped(&mut self, at: Instant, place: Place, held: Held, reconsume_times: u32) {
        let first = (place.0, held.origin.0, held.origin.1);
        if let Some(visible) = self.visible.remove(&first).filter(|visible| *visible <= at) {
            self.redeliveries.add(at, at.since(visible));
        }
        let before = self.held.insert(place, held);
        if before.is_none_or(|before| before.consumer != held.consumer) {
            // Its broker forgot who has it.
            if let Some(holds) = before.and_then(|before| self.holds.get_mut(&before.consumer)) {
                *holds = holds.saturating_sub(1);
            }
            let holds = self.holds.entry(held.consumer).or_default();
            *holds += 1;
            self.held_most.add(at, *holds);
        }
        self.came_again(at, place.0, reconsume_times);
    }

    /// A message is in nobody's hands any more.
    fn leave(&mut self, place: Place) -> Option<Held> {
        let held = self.held.remove(&place)?;
        if let Some(holds) = self.holds.get_mut(&held.consumer) {
            *holds = holds.saturating_sub(1);
        }
        Some(held)
    }

    /// What brokers do with messages in flight.
    fn hear_brokers(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::Popped { consumer, queue, offset, origin, reconsume_times, until } => {
                let place = (names.audience_of(consumer), queue, offset);
                self.popped(at, place, Held { consumer, origin, until }, reconsume_times);
            }
            Observation::AckTaken { group, queue, offset, late, counts, .. } => {
                if late > Span::ZERO {
                    self.late.add(at, stage, &self.named);
                }
                let place = (names.audience_of_group(group), queue, offset);
                if let Some(held) = self.leave(place).filter(|_| counts) {
                    self.visible.remove(&(place.0, held.origin.0, held.origin.1));
                }
            }
            Observation::InvisibleChanged { group, queue, offset, until, .. } => {
                if let Some(held) = self.held.get_mut(&(names.audience_of_group(group), queue, offset)) {
                    held.until = until;
                }
            }
            Observation::Revived { group, queue, offset, origin, after, .. } => {
                self.revive_lag.add(at, after);
                let audience = names.audience_of_group(group);
                self.leave((audience, queue, offset));
                // When it became visible, however far the wall clocks of brokers are.
                let visible = Instant::from_nanos(at.as_nanos().saturating_sub(after.as_nanos()));
                self.visible.insert((audience, origin.0, origin.1), visible);
            }
            Observation::TakenBackInOrder { group, queue, offset, acked, after } => {
                self.leave((names.audience_of_group(group), queue, offset));
                // It is given away in the same moment.
                if !acked && after > Span::ZERO {
                    self.redeliveries.add(at, after);
                }
            }
            Observation::CheckpointLost { group, queue, offset, .. } => {
                self.leave((names.audience_of_group(group), queue, offset));
            }
            Observation::RequestModeSet { group, topic, mode, .. } => self.mode_set((group, topic), mode),
            _ => {}
        }
    }

    /// The least and the most that a member had of what was handed out in a window, among those who ran all the time; or among
    /// all, where none did.
    fn shares(&self, window: &Window) -> (u64, u64) {
        let ran = |until: Option<Instant>| until.is_none_or(|until| until >= window.until);
        let all_along = self.lives.iter().filter(|(_, from, until)| *from <= window.from && ran(*until));
        let members: Vec<ConsumerIndex> = all_along.map(|(consumer, ..)| *consumer).collect();
        let count = |consumer: &ConsumerIndex| self.handed.get(consumer).map_or(0, |moments| moments.inside(window));
        let total: u64 = self.handed.keys().map(&count).sum();
        let counts: Vec<u64> = match members.is_empty() {
            true => self.handed.keys().map(count).collect(),
            false => members.iter().map(count).collect(),
        };
        let share = |count: Option<u64>| (count.unwrap_or(0) * 1_000_000).checked_div(total).unwrap_or(0);
        (share(counts.iter().min().copied()), share(counts.iter().max().copied()))
    }
}

impl Check for Pop {
    fn name(&self) -> &'static str {
        "pop"
    }

    fn reads(&self) -> Kinds {
        if !self.pops {
            return kinds![RequestModeSet, TopicRebalanced];
        }
        kinds![Popped, AckTaken, InvisibleChanged, Revived, CheckpointLost, RequestModeSet, Delivered]
            .and(kinds![TakenBackInOrder])
            .and(kinds![ConsumerStarting, ConsumerEnded])
            .and(rows::READS)
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        match seen.what {
            Observation::Delivered { consumer, .. } => {
                self.handed.entry(consumer).or_default().add(seen.at, stage, &self.named);
            }
            Observation::ConsumerStarting { consumer, .. } => self.lives.push((consumer, seen.at, None)),
            Observation::ConsumerEnded { consumer, .. } => {
                let open = self.lives.iter_mut().rev().find(|(who, _, until)| *who == consumer && until.is_none());
                if let Some((_, _, until)) = open {
                    *until = Some(seen.at);
                }
            }
            _ => {
                self.notice(seen, stage, names);
                self.hear_brokers(seen, stage, names);
            }
        }
    }

    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        self.tell(names, findings);
        for (of, stretches) in stage.popped_topics() {
            let (audience, topic) = of;
            let popped = |&(from, until): &(Instant, Option<Instant>)| PoppedTopic { audience, topic, from, until };
            findings.popped.extend(stretches.iter().map(popped));
        }
        if !self.pops {
            return;
        }
        for window in &mut findings.windows {
            window.set("redelivery.max", Figure::Span(self.redeliveries.inside(window)));
            window.set("revive_lag.max", Figure::Span(self.revive_lag.inside(window)));
            window.set("held.max", Figure::Count(self.held_most.inside(window)));
            window.set("ack_late", Figure::Count(self.late.inside(window)));
            let (least, most) = self.shares(window);
            window.set("share.least", Figure::Millionths(least));
            window.set("share.most", Figure::Millionths(most));
        }
    }
}

/// The place of a message that a consumer names.
fn place_of(consumer: ConsumerIndex, queue: QueueIndex, offset: u64, names: &Names) -> Place {
    let Key { audience, queue } = Key::of(consumer, queue, names);
    (audience, queue, offset)
}
