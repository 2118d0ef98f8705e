//! Locks that keep an orderly queue from the member that was dealt it.

use std::collections::BTreeMap;

use crate::check::locks::holder_cause;
use crate::check::{Cause, Key, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{ClientIndex, Kinds, Observation, Observed, kinds};

/// A client was refused a lock again and again, for one reason.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal {
    client: ClientIndex,
    pub holder: ClientIndex,
    pub cause: Cause,
    from: Instant,
    until: Instant,
}

/// All of a run.
#[derive(Debug, Default)]
pub(super) struct Refusals(BTreeMap<Key, Vec<Refusal>>);

impl Refusals {
    /// What it reads.
    pub const READS: Kinds = kinds![LockRefused];

    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let Observation::LockRefused { group, queue, client, holder, .. } = seen.what else { return };
        let cause = holder_cause((group, queue), holder, stage, names);
        let (at, again) = (seen.at, stage.timers().lock_asked_again);
        let all = self.0.entry(Key::of_group(group, queue, names)).or_default();
        let same = |one: &&mut Refusal| {
            (one.client, one.holder, one.cause) == (client, holder, cause) && at.since(one.until) <= again
        };
        match all.iter_mut().rev().find(same) {
            Some(one) => one.until = at,
            None => all.push(Refusal { client, holder, cause, from: at, until: at }),
        }
    }

    /// Why a client was refused a queue's lock last within a stretch, if it was until the end of it.
    pub fn until_the_end(
        &self,
        key: Key,
        client: ClientIndex,
        (from, until): (Instant, Instant),
        stage: &Stage,
    ) -> Option<Refusal> {
        let again = stage.timers().lock_asked_again;
        let inside = |one: &&Refusal| {
            one.client == client && one.until >= from && one.from <= until && until.since(one.until) <= again
        };
        self.0
            .get(&key)?
            .iter()
            .filter(inside)
            .max_by_key(|one| one.until.min(until).since(one.from.max(from)))
            .copied()
    }
}
