//! What the ownership timeline shows in one row: who held the queue, when nobody did, when two did.

use std::collections::BTreeMap;

use crate::check::{Key, OwnerState, Stall};
use crate::kernel::Instant;
use crate::model::TopicKind;
use crate::model::ids::AudienceIndex;
use crate::model::observation::QueueIndex;
use crate::model::plan::ConsumerIndex;
use crate::run::Outcome;

/// What holds during one stretch of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Held {
    /// Nobody has owned the queue yet.
    NotYet,
    /// Nobody owns it.
    Gap,
    /// One live owner.
    Owner(ConsumerIndex),
    /// Two live owners or more.
    Overlap,
    /// Its topic is popped: it needs no owner, and each member may have messages of it.
    Popped,
}

/// One stretch of one client's table: from, until, whose, and whether it could act.
type Holding = (Instant, Instant, ConsumerIndex, OwnerState);

/// One queue of one audience.
#[derive(Debug, Clone)]
pub(in crate::report) struct Row<'a> {
    pub(in crate::report) audience: AudienceIndex,
    pub(in crate::report) queue: QueueIndex,
    /// Stretches without holes, in order.
    pub(in crate::report) stretches: Vec<(Instant, Instant, Held)>,
    pub(in crate::report) zombies: Vec<(Instant, Instant)>,
    pub(in crate::report) stalls: Vec<&'a Stall>,
}

impl Row<'_> {
    /// Audience and queue.
    pub(in crate::report) fn key(&self) -> Key {
        Key { audience: self.audience, queue: self.queue }
    }

    /// How long nobody or two owned it or it stood still, in nanoseconds.
    pub(in crate::report) fn trouble(&self) -> u64 {
        let bad = self.stretches.iter().filter(|(_, _, held)| matches!(held, Held::Gap | Held::Overlap));
        let bad: u64 = bad.map(|(from, until, _)| until.since(*from).as_nanos()).sum();
        bad + self.stalls.iter().map(|stall| stall.until.since(stall.from).as_nanos()).sum::<u64>()
    }
}

/// A row for each queue that an audience ever owned or missed: by audience, ordinary topics first, then Java's order.
pub(in crate::report) fn rows(outcome: &Outcome) -> Vec<Row<'_>> {
    let mut owned: BTreeMap<Key, Vec<Holding>> = BTreeMap::new();
    for row in &outcome.findings.ownership {
        owned.entry(row.key()).or_default().push((row.from, row.until, row.consumer, row.state));
    }
    let mut stalls: BTreeMap<Key, Vec<&Stall>> = BTreeMap::new();
    for stall in &outcome.findings.stalls {
        stalls.entry(stall.key()).or_default().push(stall);
        owned.entry(stall.key()).or_default();
    }
    let mut rows: Vec<Row<'_>> = owned
        .into_iter()
        .map(|(key, held)| Row {
            audience: key.audience,
            queue: key.queue,
            stretches: stretches(&held, &popped(outcome, key), outcome.end),
            zombies: held.iter().filter(|row| row.3 == OwnerState::Zombie).map(|row| (row.0, row.1)).collect(),
            stalls: stalls.remove(&key).unwrap_or_default(),
        })
        .collect();
    let names = &outcome.names;
    let ordinary = |row: &Row<'_>| names.topic(names.queue(row.queue).topic).kind != TopicKind::Normal;
    rows.sort_by(|a, b| {
        let by_kind = (a.audience, ordinary(a)).cmp(&(b.audience, ordinary(b)));
        by_kind.then_with(|| names.message_queue(a.queue).compare(names.message_queue(b.queue)))
    });
    rows
}

/// When a queue was popped.
#[derive(Debug, Default)]
struct Popped {
    during: Vec<(Instant, Instant)>,
    /// It has what came back of the topic: those who pull take it when they come to know of it, and lack it before no more
    /// than any other retry topic.
    returns: bool,
}

/// When the topic of a queue was popped: what came back of one is popped with it.
fn popped(outcome: &Outcome, key: Key) -> Popped {
    let own = outcome.names.queue(key.queue).topic;
    let (topic, returns) = match outcome.names.topic(own).kind {
        TopicKind::PopRetry { topic, .. } => (topic, true),
        _ => (own, false),
    };
    let of_topic = outcome.findings.popped.iter().filter(|row| (row.audience, row.topic) == (key.audience, topic));
    Popped { during: of_topic.map(|row| (row.from, row.until.unwrap_or(outcome.end))).collect(), returns }
}

/// Cuts the run at every change of a live owner, and where the queue begins and ends to be popped.
fn stretches(held: &[Holding], popped: &Popped, end: Instant) -> Vec<(Instant, Instant, Held)> {
    let live: Vec<_> = held.iter().filter(|row| row.3 == OwnerState::Live && row.0 < row.1).collect();
    let changes = live
        .iter()
        .flat_map(|row| [row.0, row.1])
        .chain(popped.during.iter().flat_map(|(from, until)| [*from, *until]));
    let mut cuts: Vec<Instant> = changes.chain([Instant::ZERO, end]).filter(|cut| *cut <= end).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut stretches: Vec<(Instant, Instant, Held)> = Vec::new();
    let mut ever = false;
    for pair in cuts.windows(2) {
        let (from, until) = (pair[0], pair[1]);
        let mut owners: Vec<ConsumerIndex> =
            live.iter().filter(|row| row.0 <= from && until <= row.1).map(|row| row.2).collect();
        owners.sort_unstable();
        owners.dedup();
        let pops = popped.during.iter().any(|row| row.0 <= from && until <= row.1);
        ever |= (pops && !popped.returns) || !owners.is_empty();
        let now = match owners[..] {
            [] if pops => Held::Popped,
            [] if ever => Held::Gap,
            [] => Held::NotYet,
            [one] => Held::Owner(one),
            _ => Held::Overlap,
        };
        match stretches.last_mut() {
            Some(last) if last.2 == now => last.1 = until,
            _ => stretches.push((from, until, now)),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use OwnerState::{Live, Zombie};

    #[test]
    fn stretches_tell_gaps_overlaps_and_zombies_apart() {
        let at = Instant::from_millis;
        let held =
            [(at(2), at(5), 1, Live), (at(5), at(9), 1, Zombie), (at(7), at(10), 2, Live), (at(9), at(20), 3, Live)]
                .map(|(from, until, consumer, state)| (from, until, ConsumerIndex(consumer), state));
        let expected = [
            (at(0), at(2), Held::NotYet),
            (at(2), at(5), Held::Owner(ConsumerIndex(1))),
            (at(5), at(7), Held::Gap),
            (at(7), at(9), Held::Owner(ConsumerIndex(2))),
            (at(9), at(10), Held::Overlap),
            (at(10), at(20), Held::Owner(ConsumerIndex(3))),
            (at(20), at(30), Held::Gap),
        ];
        assert_eq!(stretches(&held, &Popped::default(), at(30)), expected);
        assert_eq!(stretches(&[], &Popped::default(), at(30)), [(at(0), at(30), Held::NotYet)]);
    }

    #[test]
    fn what_is_popped_has_no_owner_and_lacks_none() {
        let (at, one) = (Instant::from_millis, ConsumerIndex(1));
        let held = [(at(2), at(5), one, Live), (at(12), at(20), one, Live)];
        let expected = [
            (at(0), at(2), Held::NotYet),
            (at(2), at(5), Held::Owner(one)),
            (at(5), at(6), Held::Gap),
            (at(6), at(12), Held::Popped),
            // Some still pop what one has begun to pull.
            (at(12), at(20), Held::Owner(one)),
            (at(20), at(30), Held::Gap),
        ];
        let popped = |from, until, returns| Popped { during: vec![(at(from), at(until))], returns };
        assert_eq!(stretches(&held, &popped(6, 14, false), at(30)), expected);
        let never_pulled = [(at(0), at(1), Held::NotYet), (at(1), at(9), Held::Popped), (at(9), at(30), Held::Gap)];
        assert_eq!(stretches(&[], &popped(1, 9, false), at(30)), never_pulled);
        let came_back = [(at(0), at(1), Held::NotYet), (at(1), at(9), Held::Popped), (at(9), at(30), Held::NotYet)];
        assert_eq!(stretches(&[], &popped(1, 9, true), at(30)), came_back);
    }
}
