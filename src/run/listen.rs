//! A run once more, event by event: for those that look into what a first run has found.

use std::sync::atomic::{AtomicBool, Ordering};

use super::Unfinished;
use crate::kernel::{Instant, Occurrence};
use crate::model::event::Event;
use crate::model::observation::Observed;
use crate::model::{Names, World};
use crate::scenario::Scenario;

/// What is heard of a run: an event, and then what was seen while it happened.
#[derive(Debug, Clone, Copy)]
pub enum Heard<'a> {
    /// It happened.
    Event(&'a Occurrence<Event>),
    /// It was seen.
    Seen(&'a Observed),
}

/// Plays a scenario up to a moment, the details that only laws read included, and tells everything. Every event is played,
/// so that they have the numbers of `events.csv`.
///
/// # Errors
/// [`Unfinished::Stopped`] where somebody set `stop`. A circle was found by the run before.
pub fn listen(
    scenario: &Scenario,
    seed: u64,
    until: Instant,
    stop: &AtomicBool,
    hear: &mut dyn FnMut(Heard<'_>),
) -> Result<Names, Unfinished> {
    let mut world = World::new(&scenario.plan, seed);
    world.watch_closely();
    world.play_every_event();
    loop {
        world.seen().0.iter().for_each(|seen| hear(Heard::Seen(seen)));
        world.forget_seen();
        if stop.load(Ordering::Relaxed) {
            return Err(Unfinished::Stopped);
        }
        match world.step(until) {
            Some(occurrence) => hear(Heard::Event(&occurrence)),
            None => return Ok(world.names().clone()),
        }
    }
}
