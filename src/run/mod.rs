//! One run: a pure function of scenario and seed.
//!
//! ```text
//!   Scenario, seed --> World --step()--> Fingerprint, events told to whoever listens
//!                        +---observations--> Checks --> Findings --> Outcome
//! ```

mod circle;
mod event_log;
mod outcome;
mod replay;

pub use circle::Circle;
pub use outcome::{EventRow, Outcome, RunOptions};
pub use replay::{Heard, replay};

use std::sync::atomic::{AtomicBool, Ordering};

use crate::check::{Anomaly, Checks};
use crate::kernel::{Fingerprint, Instant};
use crate::model::World;
use crate::model::observation::{Observation, Observed};
use crate::scenario::Scenario;

/// Why a run has no outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfinished {
    /// It was told to stop.
    #[error("the run was stopped")]
    Stopped,
    /// Its time stands still.
    #[error(transparent)]
    Circle(#[from] Circle),
}

/// Plays a scenario with a seed. The same two always give the same outcome.
///
/// # Panics
/// Where an invariant of the simulator is broken, and where [`try_run`] gives up.
#[must_use]
pub fn run(scenario: &Scenario, seed: u64, options: RunOptions) -> Outcome {
    try_run(scenario, seed, options, &AtomicBool::new(false)).unwrap_or_else(|unfinished| panic!("{unfinished}"))
}

/// Plays a scenario with a seed, as it may come from a user, and looks between two events whether `stop` is set.
///
/// # Errors
/// [`Unfinished`] where the scenario has no end or somebody set `stop`.
pub fn try_run(scenario: &Scenario, seed: u64, options: RunOptions, stop: &AtomicBool) -> Result<Outcome, Unfinished> {
    let checks = Checks::new(&scenario.plan, scenario.measure, options.rows);
    play(
        World::new(&scenario.plan, seed),
        checks,
        (scenario, seed),
        Listening { stop, watch: None, events: None, every_event: options.every_event },
    )
}

/// As [`try_run`], and tells `events` every row of the event log as it comes: there are dozens for each message, and
/// nobody keeps them.
///
/// # Errors
/// As [`try_run`].
pub fn try_run_telling(
    scenario: &Scenario,
    seed: u64,
    options: RunOptions,
    stop: &AtomicBool,
    events: &mut dyn FnMut(&EventRow),
) -> Result<Outcome, Unfinished> {
    let checks = Checks::new(&scenario.plan, scenario.measure, options.rows);
    let listening = Listening { stop, watch: None, events: Some(events), every_event: true };
    play(World::new(&scenario.plan, seed), checks, (scenario, seed), listening)
}

/// As [`run`], with all laws of the protocol: what they see beyond other checks changes nothing of what happens, and costs
/// time. All that is seen is shown to `watch` too.
///
/// # Panics
/// As [`run`].
#[must_use]
pub fn run_closely(scenario: &Scenario, seed: u64, options: RunOptions, mut watch: impl FnMut(&Observed)) -> Outcome {
    let plan = &scenario.plan;
    let mut world = World::new(plan, seed);
    world.watch_closely();
    let checks = Checks::new(plan, scenario.measure, options.rows).with_laws(plan);
    let stop = &AtomicBool::new(false);
    let listening = Listening { stop, watch: Some(&mut watch), events: None, every_event: options.every_event };
    play(world, checks, (scenario, seed), listening).unwrap_or_else(|unfinished| panic!("{unfinished}"))
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
            return checks.finish(end, &names).anomalies.into_iter().find(|anomaly| anomaly.cause.word() == rule);
        }
    }
}

/// Who takes part in a run without changing it.
struct Listening<'a> {
    /// Set by whoever wants it to end.
    stop: &'a AtomicBool,
    /// Is shown all that is seen.
    watch: Option<&'a mut dyn FnMut(&Observed)>,
    /// Is told every row of the event log.
    events: Option<&'a mut dyn FnMut(&EventRow)>,
    /// Every event is played, those that change nothing too.
    every_event: bool,
}

fn play(
    mut world: World<'_>,
    mut checks: Checks,
    (scenario, seed): (&Scenario, u64),
    mut listening: Listening<'_>,
) -> Result<Outcome, Unfinished> {
    let plan = &scenario.plan;
    let end = Instant::ZERO + plan.duration;
    let mut fingerprint = Fingerprint::default();
    let (mut events, mut steps) = (0, Vec::new());
    if listening.every_event {
        world.play_every_event();
    }
    loop {
        // They are looked at where they lie: there are more of them than events.
        let (seen, names) = world.seen();
        for observed in seen {
            if let Observation::StepTaken { step } = observed.what {
                steps.push((observed.at, plan.timeline[step as usize].label.clone()));
            }
            if let Some(tell) = &mut listening.events
                && let Some(row) = event_log::observation_row(observed, names)
            {
                tell(&row);
            }
            if let Some(watch) = &mut listening.watch {
                watch(observed);
            }
            checks.observe(observed, names);
        }
        if !seen.is_empty() {
            world.forget_seen();
        }
        if listening.stop.load(Ordering::Relaxed) {
            return Err(Unfinished::Stopped);
        }
        let Some(ref occurrence) = world.step(end) else { break };
        events += 1;
        if world.stands_still() {
            return Err(Circle::of(&mut world, end).into());
        }
        fingerprint.fold(occurrence.at, &occurrence.event);
        if let Some(tell) = &mut listening.events {
            tell(&event_log::event_row(occurrence, world.names()));
        }
    }
    let names = world.names().clone();
    let findings = checks.finish(end, &names);
    let peak_pending = world.pending().1;
    Ok(Outcome { seed, fingerprint, events, peak_pending, end, steps, names, findings })
}

/// The fingerprint after every `every` events and after the last, each with the time and the name of that event: what
/// two builds are compared by. Every event is played, those that change nothing too.
#[must_use]
pub fn checkpoints(scenario: &Scenario, seed: u64, every: u64) -> Vec<(u64, String)> {
    let plan = &scenario.plan;
    let end = Instant::ZERO + plan.duration;
    let mut world = World::new(plan, seed);
    world.play_every_event();
    let mut fingerprint = Fingerprint::default();
    let (mut events, mut last, mut checkpoints) = (0, String::new(), Vec::new());
    while let Some(occurrence) = world.step(end) {
        world.drain();
        events += 1;
        fingerprint.fold(occurrence.at, &occurrence.event);
        if events % every == 0 {
            last = format!("{} {}", occurrence.at, occurrence.event.name());
            checkpoints.push((fingerprint.value(), last.clone()));
        }
    }
    checkpoints.push((fingerprint.value(), format!("the end, after {last}")));
    checkpoints
}
