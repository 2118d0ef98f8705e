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
            stretches: stretches(&held, outcome.end),
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

/// Cuts the run at every change of a live owner.
fn stretches(held: &[Holding], end: Instant) -> Vec<(Instant, Instant, Held)> {
    let live: Vec<_> = held.iter().filter(|row| row.3 == OwnerState::Live && row.0 < row.1).collect();
    let mut cuts: Vec<Instant> =
        live.iter().flat_map(|row| [row.0, row.1]).chain([Instant::ZERO, end]).filter(|cut| *cut <= end).collect();
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
        ever |= !owners.is_empty();
        let now = match owners[..] {
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
        assert_eq!(stretches(&held, at(30)), expected);
        assert_eq!(stretches(&[], at(30)), [(at(0), at(30), Held::NotYet)]);
    }
}
