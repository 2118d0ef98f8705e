//! One simulated recording.

use super::Story;
use super::recorder::Recorder;
use crate::kernel::Instant;
use crate::model::World;
use crate::trace::Trace;

/// Plays the story of a recording with a seed, and records it as the real one was recorded.
#[must_use]
pub fn play(trace: &Trace, story: &Story, seed: u64) -> Trace {
    let plan = &story.scenario.plan;
    let end = Instant::ZERO + plan.duration;
    let mut world = World::new(plan, seed);
    let mut recorder = Recorder::new(trace, story, seed);
    loop {
        let (seen, names) = world.drain();
        for observed in seen {
            recorder.observe(&observed, names);
        }
        if world.step(end).is_none() {
            break;
        }
        assert!(!world.stands_still(), "time stands still: the environment has a latency of zero that repeats itself");
    }
    recorder.finish(end, world.names())
}
