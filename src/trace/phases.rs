//! The phases of a story: steps less than two seconds apart belong together.

use super::event::What;
use super::{StoryStep, Trace};

/// How far apart, as written, the steps of one phase may be.
const SAME_PHASE_S: f64 = 2.0;
/// A step may take effect so much before its written time.
const EARLY_MS: i64 = 50;

/// A stretch of a recording that begins with steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Its steps: `start:c1+start:c2`.
    pub name: String,
    /// The earliest moment one of its steps takes effect.
    pub from_ms: i64,
    /// Where the next begins, or the end of the recording.
    pub until_ms: i64,
}

/// The phases of a recording, in order.
///
/// # Errors
/// One sentence, if no step of a phase ever takes effect.
pub fn phases(trace: &Trace) -> Result<Vec<Phase>, String> {
    let mut steps: Vec<&StoryStep> = trace.header.steps.iter().collect();
    steps.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    let mut groups: Vec<Vec<&StoryStep>> = Vec::new();
    for step in steps {
        match groups.last_mut() {
            Some(group) if step.at_s - group[group.len() - 1].at_s < SAME_PHASE_S => group.push(step),
            _ => groups.push(vec![step]),
        }
    }
    let mut found: Vec<Phase> = Vec::new();
    for group in groups {
        let words: Vec<String> = group.iter().map(|step| format!("{}:{}", step.action, step.target)).collect();
        let name = words.join("+");
        let given_up = |step: &StoryStep| step.action == "start" && trace.header.never_started.contains(&step.target);
        let planned = |step: &StoryStep| given_up(step).then_some((step.at_s * 1000.0) as i64);
        let from_ms = group.iter().filter_map(|step| effect(trace, step).or_else(|| planned(step))).min();
        let from_ms = from_ms.ok_or_else(|| format!("the step {name} of the story never takes effect"))?;
        if let Some(before) = found.last_mut() {
            before.until_ms = from_ms;
        }
        found.push(Phase { name, from_ms, until_ms: (trace.header.seconds * 1000.0) as i64 });
    }
    Ok(found)
}

/// When a step takes effect: `start` when `start()` is called, `broker_start` when the broker accepts connections,
/// everything else at once.
fn effect(trace: &Trace, step: &StoryStep) -> Option<i64> {
    let earliest = (step.at_s * 1000.0) as i64 - EARLY_MS;
    let is = |what: &What| match (step.action.as_str(), what) {
        ("start", What::Starting { who, .. }) => *who == step.target,
        ("start", _) => false,
        ("broker_start", What::Step { action, target }) => action == "broker_up" && *target == step.target,
        (wanted, What::Step { action, target }) => action == wanted && *target == step.target,
        _ => false,
    };
    trace.events.iter().find(|event| event.t >= earliest && is(&event.what)).map(|event| event.t)
}
