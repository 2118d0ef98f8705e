//! Runs in which time stands still.

use std::collections::BTreeSet;

use crate::kernel::Instant;
use crate::model::World;

/// Events follow from each other without an end and without time passing: a delay of zero repeats itself. What the
/// scenario says has no end, and so the run is given up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "at {at} time stands still: {}, each follows from the one before and none takes time; look for a delay, interval \
     or latency of zero (or nearly) and give it a millisecond",
    events.join(", ")
)]
pub struct Circle {
    /// When.
    pub at: Instant,
    /// The names of the events, in the order in which they come.
    pub events: Vec<&'static str>,
}

/// So many further events show which they are.
const WATCHED: usize = 1_000;

impl Circle {
    /// Watches a world in which time stands still a little longer, to name what happens in it.
    pub(super) fn of(world: &mut World<'_>, end: Instant) -> Self {
        let (mut events, mut seen) = (Vec::new(), BTreeSet::new());
        for _ in 0..WATCHED {
            let Some(occurrence) = world.step(end) else { break };
            world.drain();
            let name = occurrence.event.name();
            if seen.insert(name) {
                events.push(name);
            }
        }
        Self { at: world.now(), events }
    }
}
