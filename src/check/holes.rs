//! Of a stall in which its queue had no owner, why it had none.

use std::collections::BTreeMap;

use super::{Anomaly, AnomalyKind, Cause, Findings, Key, Stall};
use crate::kernel::Span;

/// When queues had no owner: of a storm there are too many to look through for every stall.
pub struct Holes<'a>(BTreeMap<Key, Vec<&'a Anomaly>>);

impl Findings {
    /// The holes of the run.
    #[must_use]
    pub fn holes(&self) -> Holes<'_> {
        let mut holes: BTreeMap<_, Vec<&Anomaly>> = BTreeMap::new();
        for row in self.anomalies.iter().filter(|row| row.kind == AnomalyKind::Unowned) {
            if let (Some(audience), Some(queue)) = (row.audience, row.queue) {
                holes.entry(Key { audience, queue }).or_default().push(row);
            }
        }
        Holes(holes)
    }
}

impl Holes<'_> {
    /// Why a queue had no owner during a stall of which that is the cause: the cause of the hole that covers most of it.
    #[must_use]
    pub fn why(&self, stall: &Stall) -> Option<Cause> {
        let holes = self.0.get(&stall.key())?.iter();
        let covered = |row: &Anomaly| row.until.min(stall.until).since(row.from.max(stall.from));
        let most = holes.max_by_key(|row| (covered(row), std::cmp::Reverse(row.from)))?;
        (stall.cause == Cause::Unowned && covered(most) > Span::ZERO).then_some(most.cause)
    }
}
