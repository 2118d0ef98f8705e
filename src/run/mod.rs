//! One run: a pure function of scenario and seed.
//!
//! ```text
//!   Scenario, seed --> World --step()--> Fingerprint, events told to whoever listens
//!                        +---observations--> Checks --> Findings --> Outcome
//! ```

mod chronicle;
mod circle;
mod event_log;
mod listen;
mod outcome;

pub use chronicle::{Chronicle, Mark};
pub use circle::Circle;
pub use event_log::{Chosen, EventRow, UnknownWord, kinds, near_kinds, observation_row};
pub use listen::{Heard, listen};
pub use outcome::{Outcome, RunOptions};

use std::sync::atomic::{AtomicBool, Ordering};

use crate::check::{Anomaly, Checks};
use crate::kernel::{Fingerprint, Instant, Occurrence};
use crate::model::event::Event;
use crate::model::observation::{Observation, Observed};
use crate::model::plan::Plan;
use crate::model::{Names, World};
use crate::scenario::Scenario;

/// Why a run has no outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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
    try_run_telling(scenario, seed, options, stop, Told::default())
}

/// As [`try_run`], and tells what happens as it happens.
///
/// # Errors
/// As [`try_run`].
pub fn try_run_telling<'a>(
    scenario: &Scenario,
    seed: u64,
    options: RunOptions,
    stop: &'a AtomicBool,
    told: Told<'a>,
) -> Result<Outcome, Unfinished> {
    let checks = Checks::new(&scenario.plan, scenario.measure, options.rows);
    let every_event = options.every_event || told.events.is_some();
    let listening = Listening { stop, watch: None, every_event, until: Instant::MAX, told };
    play(World::new(&scenario.plan, seed), checks, (scenario, seed), listening)
}

/// Plays a scenario with a seed up to a moment, for the sake of what is told on the way: there is no outcome.
///
/// # Errors
/// As [`try_run`].
pub fn replay<'a>(
    scenario: &Scenario,
    seed: u64,
    until: Instant,
    stop: &'a AtomicBool,
    told: Told<'a>,
) -> Result<(), Unfinished> {
    let checks = Checks::only_laws(&scenario.plan, scenario.measure);
    let listening = Listening { stop, watch: None, every_event: true, until, told };
    play(World::new(&scenario.plan, seed), checks, (scenario, seed), listening).map(drop)
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
    let (until, told) = (Instant::MAX, Told::default());
    let mut watch = |seen: &Observed, _: &Names| watch(seen);
    let listening = Listening { stop, watch: Some(&mut watch), every_event: options.every_event, until, told };
    play(world, checks, (scenario, seed), listening).unwrap_or_else(|unfinished| panic!("{unfinished}"))
}

/// As [`try_run`], and shows all that is seen with the names behind its numbers to `watch`, which changes nothing of it.
///
/// # Errors
/// As [`try_run`].
pub fn try_run_watched<'a>(
    scenario: &Scenario,
    seed: u64,
    options: RunOptions,
    stop: &'a AtomicBool,
    watch: &'a mut dyn FnMut(&Observed, &Names),
) -> Result<Outcome, Unfinished> {
    let checks = Checks::new(&scenario.plan, scenario.measure, options.rows);
    let (until, told) = (Instant::MAX, Told::default());
    let listening = Listening { stop, watch: Some(watch), every_event: options.every_event, until, told };
    play(World::new(&scenario.plan, seed), checks, (scenario, seed), listening)
}

/// Plays a scenario closely until a rule of the protocol is broken, and says where; `None`: it holds to the end.
#[must_use]
pub fn first_broken(scenario: &Scenario, seed: u64, rule: &str) -> Option<Anomaly> {
    let plan = &scenario.plan;
    let end = Instant::ZERO + plan.duration;
    let mut world = World::new(plan, seed);
    world.watch_closely();
    let mut checks = Checks::of_rule(plan, scenario.measure, rule);
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

/// Who is told of a run while it goes on.
#[derive(Default)]
pub struct Told<'a> {
    /// Every row of the event log as it comes: there are dozens for each message, and nobody keeps them.
    pub events: Option<&'a mut dyn FnMut(&EventRow)>,
    /// From time to time, how far it is: the simulated time, and how many events happened.
    pub progress: Option<&'a mut dyn FnMut(Instant, u64)>,
}

/// So many events happen between two looks at how far a run is.
const BETWEEN_LOOKS: u64 = 4_096;

/// Is shown all that is seen, with the names behind its numbers.
type Watch<'a> = dyn FnMut(&Observed, &Names) + 'a;

/// Who takes part in a run without changing it.
struct Listening<'a> {
    /// Set by whoever wants it to end.
    stop: &'a AtomicBool,
    /// Is shown all that is seen.
    watch: Option<&'a mut Watch<'a>>,
    /// Every event is played, those that change nothing too.
    every_event: bool,
    /// It ends here at the latest.
    until: Instant,
    /// Is told of it.
    told: Told<'a>,
}

impl Listening<'_> {
    /// Something was seen.
    fn saw(&mut self, observed: &Observed, names: &Names, plan: &Plan) {
        if let Some(tell) = &mut self.told.events {
            tell(&event_log::observation_row(observed, names, plan));
        }
        if let Some(watch) = &mut self.watch {
            watch(observed, names);
        }
    }

    /// An event has happened, the last of so many.
    fn happened(&mut self, occurrence: &Occurrence<Event>, events: u64, world: &World<'_>, plan: &Plan) {
        if let Some(tell) = &mut self.told.events {
            tell(&event_log::event_row(occurrence, world.concern(), world.names(), plan));
        }
        if let Some(progress) = &mut self.told.progress
            && events.is_multiple_of(BETWEEN_LOOKS)
        {
            progress(occurrence.at, events);
        }
    }
}

fn play(
    mut world: World<'_>,
    mut checks: Checks,
    (scenario, seed): (&Scenario, u64),
    mut listening: Listening<'_>,
) -> Result<Outcome, Unfinished> {
    let plan = &scenario.plan;
    let end = listening.until.min(Instant::ZERO + plan.duration);
    let mut fingerprint = Fingerprint::default();
    let (mut events, mut steps) = (0, Vec::new());
    if listening.every_event {
        world.play_every_event();
    }
    let mut over = false;
    if listening.told.events.is_some() {
        world.tell_all();
    }
    loop {
        // They are looked at where they lie: there are more of them than events.
        let (seen, names) = world.seen();
        for observed in seen {
            if let Observation::StepTaken { step } = observed.what {
                steps.push((observed.at, plan.timeline[step as usize].label.clone()));
            }
            listening.saw(observed, names, plan);
            checks.observe(observed, names);
        }
        if !seen.is_empty() {
            world.forget_seen();
        }
        if listening.stop.load(Ordering::Relaxed) {
            return Err(Unfinished::Stopped);
        }
        let Some(ref occurrence) = world.step(end) else {
            if std::mem::replace(&mut over, true) {
                break;
            }
            world.end_silence();
            continue;
        };
        events += 1;
        if world.stands_still() {
            return Err(Circle::of(&mut world, end).into());
        }
        fingerprint.fold(occurrence.at, &occurrence.event);
        listening.happened(occurrence, events, &world, plan);
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
