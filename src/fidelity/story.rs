//! From a recording to the scenario that predicts it.

use std::fmt::Write as _;

use super::cluster::{cluster, producers};
use super::machine::{Machine, start_took, without_requests};
use super::member::{Variant, groups, silent_neighbour, variant_of, variants};
use crate::kernel::Span;
use crate::scenario::{self, Scenario, ScenarioError};
use crate::trace::{Event, RequestMode, StoryStep, Trace, What};

/// Time 0 of a recording in the run.
pub const ORIGIN: Span = Span::from_secs(40);
/// When the recorder sets a request mode before the story, where the recording does not say it.
const MODE_SET_MS: i64 = -12_000;
/// A Go process calls `Start` so long after its step, in ms: 23 to 209 in 28 recorded starts, half of them below this.
const GO_BOOT_MS: i64 = 70;
/// A step may take effect so much before its written time.
const EARLY_MS: i64 = 50;

/// Why no scenario can be made of a recording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoryError {
    /// The story does something that the model does not know.
    #[error("{trace}: {what}")]
    NotModelled {
        /// Name of the recording.
        trace: String,
        /// What, in one sentence.
        what: String,
    },
    /// The scenario was refused.
    #[error("{trace}: the story it tells is refused: {}", sentence(reason))]
    Refused {
        /// Name of the recording.
        trace: String,
        /// Why.
        reason: ScenarioError,
    },
}

/// A recording's story as a scenario.
#[derive(Debug, Clone)]
pub struct Story {
    /// The scenario file.
    pub text: String,
    /// The same, read.
    pub scenario: Scenario,
    /// Who each consumer of the plan is in the recording: a restart with other settings is another consumer here. Empty:
    /// one that nobody watched.
    pub who: Vec<String>,
}

/// What the story does to a consumer or broker, and when, in milliseconds of the recording.
struct Act {
    at_ms: i64,
    text: String,
}

impl Story {
    /// Makes the scenario that predicts a recording. `environment` is the text of an environment, without a header.
    ///
    /// # Errors
    /// The story does something that is not modelled, or the scenario is refused.
    pub fn of(trace: &Trace, environment: &str) -> Result<Self, StoryError> {
        let variants = variants(&trace.header);
        let acts = acts(trace, &variants).map_err(|what| not_modelled(trace, what))?;
        let mut text = cluster(trace, environment);
        producers(trace, &mut text).map_err(|what| not_modelled(trace, what))?;
        groups(&trace.header, &variants, &mut text).map_err(|what| not_modelled(trace, what))?;
        for act in &acts {
            writeln!(text, "\n[[timeline]]\nat = \"{}\"\n{}", moment(act.at_ms), act.text).expect("a text takes all");
        }
        let file = format!("{}.toml", trace.name);
        let scenario = scenario::parse(&file, &text, &[], &|_| Err("a story names no environment".to_owned()));
        let scenario = scenario.map_err(|reason| StoryError::Refused { trace: trace.name.clone(), reason })?;
        let mut who: Vec<String> = variants.iter().map(|variant| variant.who.to_owned()).collect();
        who.resize(scenario.plan.consumers.len(), String::new());
        Ok(Self { text, scenario, who })
    }
}

/// What is wrong, without the place: it lies in a text that is no file.
fn sentence(reason: &ScenarioError) -> String {
    let said = if reason.allowed.is_empty() { String::new() } else { format!("; {}", reason.allowed) };
    format!("{}{said}", reason.problem)
}

/// A text without what would end its line.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A text as TOML writes it in quotes.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

fn not_modelled(trace: &Trace, what: String) -> StoryError {
    StoryError::NotModelled { trace: trace.name.clone(), what }
}

/// A moment of the recording as one of the run.
pub(super) fn moment(ms: i64) -> Span {
    let origin = i64::try_from(ORIGIN.as_millis()).expect("the origin is small");
    Span::from_millis(u64::try_from(ms + origin).unwrap_or(0))
}

/// The timeline: starts at `starting`, stops at `stopping`, brokers' returns at `broker_up`, the rest at its step.
fn acts(trace: &Trace, variants: &[Variant<'_>]) -> Result<Vec<Act>, String> {
    let mut acts = first_mode(trace);
    let mut steps: Vec<&StoryStep> = trace.header.steps.iter().collect();
    steps.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    for (position, step) in steps.iter().enumerate() {
        let begins = (step.at_s * 1000.0) as i64 - EARLY_MS;
        let again = |other: &&&StoryStep| {
            other.target == step.target && (other.action == step.action || step.action == "start")
        };
        let ends =
            steps[position + 1..].iter().find(again).map_or(i64::MAX, |next| (next.at_s * 1000.0) as i64 - EARLY_MS);
        let told = Told { trace, variants, step, before: &steps[..position], within: (begins, ends) };
        told.acts(&mut acts)?;
    }
    acts.sort_by_key(|act| act.at_ms);
    Ok(acts)
}

/// The mode that the operator set before the story.
fn first_mode(trace: &Trace) -> Vec<Act> {
    let Some(mode) = trace.header.mode else { return Vec::new() };
    let set = trace.events.iter().find(|event| event.t < 0 && matches!(event.what, What::Mode { .. }));
    let word = if mode == RequestMode::Pop { "POP" } else { "PULL" };
    modes(trace, set.map_or(MODE_SET_MS, |event| event.t), word, trace.header.pop_share)
}

/// The operator sets the group's mode of every topic.
fn modes(trace: &Trace, at_ms: i64, mode: &str, share: u32) -> Vec<Act> {
    let of_topic = |topic: &String| {
        let (topic, mode) = (quoted(topic), quoted(mode));
        let text =
            format!("action = \"set_mode\"\ngroup = \"g\"\ntopic = {topic}\nmode = {mode}\npopShareQueueNum = {share}");
        Act { at_ms, text }
    };
    trace.header.topics.iter().map(of_topic).collect()
}

/// One step of the story, and where the recording says what came of it.
struct Told<'a> {
    trace: &'a Trace,
    variants: &'a [Variant<'a>],
    step: &'a StoryStep,
    /// The steps before it.
    before: &'a [&'a StoryStep],
    /// From where to where it can take effect, in ms.
    within: (i64, i64),
}

impl Told<'_> {
    /// When the recording first says this.
    fn first(&self, wanted: impl Fn(&What) -> bool) -> Option<i64> {
        let inside = |event: &&Event| event.t >= self.within.0 && event.t < self.within.1 && wanted(&event.what);
        self.trace.events.iter().find(inside).map(|event| event.t)
    }

    /// When the story did this to the step's target.
    fn did(&self, action: &str) -> Option<i64> {
        let is = |what: &What| matches!(what, What::Step { action: done, target } if done == action && *target == self.step.target);
        self.first(is)
    }

    fn acts(&self, acts: &mut Vec<Act>) -> Result<(), String> {
        let step = self.step;
        let Some(at_ms) = self.did(&step.action) else { return Ok(()) };
        let mut act = |at_ms: i64, action: &str, rest: String| {
            acts.push(Act { at_ms, text: format!("action = {action:?}\n{rest}") });
        };
        let consumer = || self.running().map(|name| format!("consumer = {}", quoted(&name)));
        let broker = || format!("broker = {}", quoted(&step.target));
        match step.action.as_str() {
            "start" => {
                let starting = self.first(|what| matches!(what, What::Starting { who, .. } if *who == step.target));
                for (begins, text) in starting.map(|starting| self.starts(at_ms, starting)).unwrap_or_default() {
                    act(begins, "start", text);
                }
            }
            "term" => {
                let stopping = self.first(|what| matches!(what, What::Stopping { who, .. } if *who == step.target));
                // A process without its hook dies of the signal.
                match stopping {
                    Some(at_ms) => act(at_ms, "stop", consumer()?),
                    None => act(at_ms, "kill", consumer()?),
                }
            }
            "kill" => act(at_ms, "kill", consumer()?),
            "stop" => act(at_ms, "pause", consumer()?),
            "cont" => act(at_ms, "resume", consumer()?),
            "broker_kill" | "slave_kill" => act(at_ms, "kill", broker()),
            "broker_term" | "slave_term" => act(at_ms, "stop", broker()),
            "broker_stop" | "slave_stop" => act(at_ms, "pause", broker()),
            "broker_cont" | "slave_cont" => act(at_ms, "resume", broker()),
            "broker_start" | "slave_start" => {
                if let Some(at_ms) = self.did("broker_up") {
                    act(at_ms, "start", broker());
                }
            }
            "queues" => {
                for topic in &self.trace.header.topics {
                    act(at_ms, "set_queues", format!("topic = {}\nqueues = {}", quoted(topic), count(&step.target)?));
                }
            }
            "mode" => {
                // The operator's tool boots first: every master has answered at the event.
                let answered = self.first(|what| matches!(what, What::Mode { .. })).unwrap_or(at_ms);
                let share = step.overrides.share.unwrap_or(self.trace.header.pop_share);
                acts.extend(modes(self.trace, answered, &step.target, share));
            }
            other => return Err(format!("the story's action `{other}` is not modelled")),
        }
        Ok(())
    }

    /// When, in ms, and of which consumer a start is, its client id, and how long it takes where the machine decides that;
    /// before it that of its silent neighbour, which the process starts first.
    fn starts(&self, step_ms: i64, starting_ms: i64) -> Vec<(i64, String)> {
        let header = &self.trace.header;
        let name = &variant_of(header, self.variants, self.step).name;
        let took = start_took(self.trace, self.step, starting_ms).filter(|_| Machine::of(header).gives_starts());
        let takes = |ms| format!("\ntakes = \"{}ms\"", without_requests(ms, header.language(self.step)));
        let id = quoted(&client_id(self.step));
        let mut starts = Vec::new();
        if self.step.overrides.also.is_some() {
            let began = (step_ms + GO_BOOT_MS).min(starting_ms);
            let takes = takes(starting_ms - began);
            starts.push((began, format!("consumer = {}\nclientId = {id}{takes}", quoted(&silent_neighbour(name)))));
        }
        let takes = took.map_or(String::new(), takes);
        starts.push((starting_ms, format!("consumer = {}\nclientId = {id}{takes}", quoted(name))));
        starts
    }

    /// The variant of the consumer that its last start before the step began.
    fn running(&self) -> Result<String, String> {
        let who = &self.step.target;
        let start = self.before.iter().rev().find(|step| step.action == "start" && step.target == *who);
        let start = start.ok_or_else(|| format!("the story ends or freezes `{who}` before it starts it"))?;
        Ok(variant_of(&self.trace.header, self.variants, start).name.clone())
    }
}

/// The client id that a start gives: `clientIP@instanceName`.
fn client_id(step: &StoryStep) -> String {
    let number = step.target.get(1..).unwrap_or_default();
    let ip = step.overrides.ip.clone().unwrap_or_else(|| format!("10.0.0.{number}"));
    format!("{ip}@{}", step.overrides.instance.as_ref().unwrap_or(&step.target))
}

/// A number of queues.
fn count(target: &str) -> Result<u32, String> {
    target.parse().map_err(|_| format!("the story's `{target}` is no number of queues"))
}
