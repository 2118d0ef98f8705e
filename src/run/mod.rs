//! One run: a pure function of scenario and seed.
//!
//! ```text
//!   Scenario, seed --> World --step()--> Fingerprint, event log
//!                        +---observations--> Checks --> Findings --> Outcome
//! ```

mod event_log;
mod outcome;

pub use outcome::{EventRow, Outcome, RunOptions};

use crate::check::{Anomaly, Checks};
use crate::kernel::{Fingerprint, Instant};
use crate::model::World;
use crate::model::observation::Observation;
use crate::scenario::Scenario;

/// Plays a scenario with a seed. The same two always give the same outcome.
#[must_use]
pub fn run(scenario: &Scenario, seed: u64, options: RunOptions) -> Outcome {
    let checks = Checks::new(&scenario.plan, scenario.measure, options.rows);
    play(World::new(&scenario.plan, seed), checks, (scenario, seed), options)
}

/// As [`run`], with all laws of the protocol: what they see beyond other checks changes nothing of what happens, and costs
/// time.
#[must_use]
pub fn run_closely(scenario: &Scenario, seed: u64, options: RunOptions) -> Outcome {
    let plan = &scenario.plan;
    let mut world = World::new(plan, seed);
    world.watch_closely();
    play(world, Checks::new(plan, scenario.measure, options.rows).with_laws(plan), (scenario, seed), options)
}

/// Plays a scenario closely until a rule of the protocol is broken, and says where; `None`: it holds to the end.
#[must_use]
pub fn first_broken(scenario: &Scenario, seed: u64, rule: &str) -> Option<Anomaly> {
    let plan = &scenario.plan;
    let end = Instant::ZERO + plan.duration;
    let mut world = World::new(plan, seed);
    world.watch_closely();
    let mut checks = Checks::only_laws(plan, scenario.measure);
    loop {
        let (seen, names) = world.drain();
        for observed in seen {
            checks.observe(&observed, names);
        }
        if let Some(broken) = checks.broken(rule) {
            return Some(broken.clone());
        }
        if world.step(end).is_none() {
            let names = world.names().clone();
            return checks.finish(end, &names).anomalies.into_iter().find(|anomaly| anomaly.cause == rule);
        }
    }
}

fn play(mut world: World<'_>, mut checks: Checks, (scenario, seed): (&Scenario, u64), options: RunOptions) -> Outcome {
    let plan = &scenario.plan;
    let end = Instant::ZERO + plan.duration;
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
