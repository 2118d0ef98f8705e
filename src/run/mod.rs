//! One run: a pure function of scenario and seed.
//!
//! ```text
//!   Scenario, seed --> World --step()--> Fingerprint, event log
//!                        +---observations--> Checks --> Findings --> Outcome
//! ```

mod event_log;
mod outcome;

pub use outcome::{EventRow, Outcome, RunOptions};

use crate::check::Checks;
use crate::kernel::{Fingerprint, Instant};
use crate::model::World;
use crate::model::observation::{Observation, Observed};
use crate::scenario::Scenario;

/// Plays a scenario with a seed. The same two always give the same outcome.
#[must_use]
pub fn run(scenario: &Scenario, seed: u64, options: RunOptions) -> Outcome {
    run_watched(scenario, seed, options, |_| {})
}

/// Plays a scenario, and shows all that is seen of it to somebody beside the checks.
#[must_use]
pub fn run_watched(scenario: &Scenario, seed: u64, options: RunOptions, mut watch: impl FnMut(&Observed)) -> Outcome {
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
            watch(&observed);
            checks.observe(&observed, names);
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
    Outcome { seed, fingerprint, events, peak_pending: world.pending().1, end, steps, names, findings, event_log }
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
