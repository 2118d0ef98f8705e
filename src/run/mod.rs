//! One run: a pure function of scenario and seed.
//!
//! ```text
//!   Scenario, seed --> World --step()--> Fingerprint, event log
//!                        +---observations--> Checks --> Findings --> Outcome
//! ```

mod event_log;
mod outcome;

pub use outcome::{EventRow, Outcome, RunOptions};

use std::sync::atomic::{AtomicBool, Ordering};

use crate::check::Checks;
use crate::kernel::{Fingerprint, Instant};
use crate::model::World;
use crate::model::observation::Observation;
use crate::scenario::Scenario;

/// Plays a scenario with a seed. The same two always give the same outcome.
///
/// # Panics
/// Where an invariant of the simulator is broken.
#[must_use]
pub fn run(scenario: &Scenario, seed: u64, options: RunOptions) -> Outcome {
    run_until(scenario, seed, options, &AtomicBool::new(false)).expect("nobody stops it")
}

/// [`run`], given up between two events where `stop` is set; `None` then.
#[must_use]
pub fn run_until(scenario: &Scenario, seed: u64, options: RunOptions, stop: &AtomicBool) -> Option<Outcome> {
    let plan = &scenario.plan;
    let end = Instant::ZERO + plan.duration;
    let mut world = World::new(plan, seed);
    let mut checks = Checks::new(plan, scenario.measure, options.rows);
    let mut fingerprint = Fingerprint::default();
    let (mut events, mut steps, mut event_log) = (0, Vec::new(), Vec::new());
    loop {
        let (seen, names) = world.drain();
        for observed in seen {
            if let Observation::StepTaken { step } = observed.what {
                steps.push((observed.at, plan.timeline[step as usize].label.clone()));
            }
            if options.events {
                event_log.extend(event_log::observation_row(&observed, names));
            }
            checks.observe(&observed, names);
        }
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let Some(occurrence) = world.step(end) else { break };
        events += 1;
        fingerprint.fold(occurrence.at, occurrence.event.words());
        if options.events {
            event_log.push(event_log::event_row(&occurrence, world.names()));
        }
    }
    let names = world.names().clone();
    let findings = checks.finish(end, &names);
    let peak_pending = world.pending().1;
    Some(Outcome { seed, fingerprint, events, peak_pending, end, steps, names, findings, event_log })
}

/// The fingerprint after every `every` events and after the last, each with the time and the name of that event: what
/// two builds are compared by.
#[must_use]
pub fn checkpoints(scenario: &Scenario, seed: u64, every: u64) -> Vec<(u64, String)> {
    let plan = &scenario.plan;
    let end = Instant::ZERO + plan.duration;
    let mut world = World::new(plan, seed);
    let mut fingerprint = Fingerprint::default();
    let (mut events, mut last, mut checkpoints) = (0, String::new(), Vec::new());
    while let Some(occurrence) = world.step(end) {
        world.drain();
        events += 1;
        fingerprint.fold(occurrence.at, occurrence.event.words());
        if events % every == 0 {
            last = format!("{} {}", occurrence.at, occurrence.event.name());
            checkpoints.push((fingerprint.value(), last.clone()));
        }
    }
    checkpoints.push((fingerprint.value(), format!("the end, after {last}")));
    checkpoints
}
