//! From a recording to the scenario that predicts it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::arrivals::pieces;
use crate::kernel::Span;
use crate::scenario::{self, Scenario, ScenarioError};
use crate::trace::{
    ConsumeFrom, Event, Header, Listener, MessageModel, Overrides, Run, StoryStep, Trace, What, queue_parts,
};

/// Time 0 of a recording in the run.
pub const ORIGIN: Span = Span::from_secs(40);
/// The recorder boots its brokers one after the other, waits 12 s, creates the topics (JVMs boot), waits 3 s, starts
/// its monitor and producer, waits 8 s, and begins the story: the last broker is up so many ms before time 0.
const LAST_BROKER_MS: (i64, i64) = (-27_500, -23_000);
/// A broker boots in so many ms, and the one before it was up so much earlier.
const BROKER_BOOT_MS: i64 = 4_200;

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
    /// Who each consumer of the plan is in the recording: a restart with other settings is another consumer here.
    pub who: Vec<String>,
}

/// A consumer of the story with one set of settings.
struct Variant<'a> {
    who: &'a str,
    name: String,
    settings: Overrides,
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
        group(&trace.header, &variants, &mut text).map_err(|what| not_modelled(trace, what))?;
        for act in &acts {
            writeln!(text, "\n[[timeline]]\nat = \"{}\"\n{}", moment(act.at_ms), act.text).expect("a text takes all");
        }
        let file = format!("{}.toml", trace.name);
        let scenario = scenario::parse(&file, &text, &[], &|_| Err("a story names no environment".to_owned()));
        let scenario = scenario.map_err(|reason| StoryError::Refused { trace: trace.name.clone(), reason })?;
        Ok(Self { text, scenario, who: variants.iter().map(|variant| variant.who.to_owned()).collect() })
    }
}

/// What is wrong, without the place: it lies in a text that is no file.
fn sentence(reason: &ScenarioError) -> String {
    let said = if reason.allowed.is_empty() { String::new() } else { format!("; {}", reason.allowed) };
    format!("{}{said}", reason.problem)
}

/// A text without what would end its line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A text as TOML writes it in quotes.
fn quoted(text: &str) -> String {
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
fn moment(ms: i64) -> Span {
    let origin = i64::try_from(ORIGIN.as_millis()).expect("the origin is small");
    Span::from_millis(u64::try_from(ms + origin).unwrap_or(0))
}

/// The consumers of the story, each with the settings of its starts; identity is no setting.
fn variants(header: &Header) -> Vec<Variant<'_>> {
    let mut variants: Vec<Variant<'_>> = Vec::new();
    for step in header.steps.iter().filter(|step| step.action == "start") {
        let settings = settings_of(step);
        let of_same = variants.iter().filter(|variant| variant.who == step.target).count();
        if !variants.iter().any(|variant| variant.who == step.target && variant.settings == settings) {
            let name = if of_same == 0 { step.target.clone() } else { format!("{}~{}", step.target, of_same + 1) };
            variants.push(Variant { who: &step.target, name, settings });
        }
    }
    variants
}

fn settings_of(step: &StoryStep) -> Overrides {
    Overrides { instance: None, ip: None, home: None, ..step.overrides.clone() }
}

/// The client id that a start gives: `clientIP@instanceName`.
fn client_id(step: &StoryStep) -> String {
    let number = step.target.get(1..).unwrap_or_default();
    let ip = step.overrides.ip.clone().unwrap_or_else(|| format!("10.0.0.{number}"));
    format!("{ip}@{}", step.overrides.instance.as_ref().unwrap_or(&step.target))
}

fn cluster(trace: &Trace, environment: &str) -> String {
    let header = &trace.header;
    let length = moment((header.seconds * 1000.0) as i64);
    let mut text = format!(
        "# The story of the recording {}; time 0 of the recording is {ORIGIN} here.\ntitle = {}\nduration = \"{length}\"\n\n[environment]\n",
        one_line(&trace.name),
        quoted(&header.name),
    );
    for line in environment.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        // The recording says when these three are over.
        if !["process_boot", "client_shutdown_hook", "broker_boot"].iter().any(|key| line.starts_with(key)) {
            writeln!(text, "{line}").expect("a text takes all");
        }
    }
    text.push_str("process_boot = \"0s\"\nclient_shutdown_hook = \"0s\"\nbroker_boot = \"0s\"\n");
    for (after, broker) in (0..).zip(header.brokers.iter().rev()).collect::<Vec<(i64, _)>>().iter().rev() {
        let up = |ms: i64| moment(ms - after * BROKER_BOOT_MS);
        let (from, until) = (up(LAST_BROKER_MS.0), up(LAST_BROKER_MS.1));
        writeln!(text, "\n[[brokers]]\nname = {}\nstart = {{ uniform = [\"{from}\", \"{until}\"] }}", quoted(broker))
            .expect("a text takes all");
    }
    for topic in &header.topics {
        writeln!(text, "\n[[topics]]\nname = {}\nqueues = {}", quoted(topic), header.queues_per_broker)
            .expect("a text takes all");
    }
    text
}

/// One producer a topic: what was stored, at the time at which it was.
fn producers(trace: &Trace, text: &mut String) -> Result<(), String> {
    let mut runs: BTreeMap<&str, Vec<(&Event, &Run)>> = BTreeMap::new();
    for event in &trace.events {
        if let What::Sent(run) = &event.what {
            runs.entry(queue_parts(&run.queue)?.0).or_default().push((event, run));
        }
    }
    for (topic, runs) in runs {
        writeln!(text, "\n[[producers]]\ntopic = {}\narrivals = \"recorded\"\nruns = [", quoted(topic))
            .expect("a text takes all");
        for piece in pieces(&runs) {
            let (_, broker, queue_id) = queue_parts(piece.queue)?;
            let (from, until) = (moment(piece.from_ms), moment(piece.until_ms));
            writeln!(text, "    [{}, {queue_id}, \"{from}\", \"{until}\", {}],", quoted(broker), piece.messages)
                .expect("a text takes all");
        }
        text.push_str("]\n");
    }
    Ok(())
}

fn group(header: &Header, variants: &[Variant<'_>], text: &mut String) -> Result<(), String> {
    let topics: Vec<String> = header.topics.iter().map(|topic| quoted(topic)).collect();
    writeln!(text, "\n[[groups]]\nname = \"g\"\ntopics = [{}]", topics.join(", ")).expect("a text takes all");
    let common = Overrides {
        strategy: Some(header.allocate_strategy.clone()),
        work_ms: Some(header.work_ms),
        threads: Some(header.consume_threads),
        await_termination_ms: Some(header.await_termination_ms),
        from: Some(header.consume_from),
        model: Some(header.message_model),
        orderly: Some(header.listener == Listener::Orderly),
        ..Overrides::default()
    };
    settings(&common, text)?;
    for variant in variants {
        writeln!(text, "\n[[groups.consumers]]\nname = {}", quoted(&variant.name)).expect("a text takes all");
        settings(&variant.settings, text)?;
    }
    Ok(())
}

/// Settings in the words of a scenario; RocketMQ's defaults are left out where the words are new.
fn settings(settings: &Overrides, text: &mut String) -> Result<(), String> {
    let mut line = |key: &str, value: String| writeln!(text, "{key} = {value}").expect("a text takes all");
    if let Some(strategy) = &settings.strategy {
        line("allocateMessageQueueStrategy", quoted(strategy));
    }
    if let Some(topics) = &settings.topics {
        line("topics", format!("[{}]", topics.iter().map(|topic| quoted(topic)).collect::<Vec<_>>().join(", ")));
    }
    if let Some(work) = settings.work_ms {
        line("work", format!("\"{work}ms\""));
    }
    if let Some(threads) = settings.threads {
        line("consumeThreadMin", threads.to_string());
        line("consumeThreadMax", threads.max(20).to_string());
    }
    if let Some(wait) = settings.await_termination_ms {
        line("awaitTerminationMillisWhenShutdown", wait.to_string());
    }
    if let Some(from) = settings.from {
        let rule = if from == ConsumeFrom::First { "CONSUME_FROM_FIRST_OFFSET" } else { "CONSUME_FROM_LAST_OFFSET" };
        line("consumeFromWhere", format!("{rule:?}"));
    }
    if settings.model == Some(MessageModel::Broadcasting) {
        line("messageModel", "\"BROADCASTING\"".to_owned());
    }
    if let Some(orderly) = settings.orderly.filter(|orderly| *orderly) {
        line("listener", if orderly { "\"orderly\"" } else { "\"concurrent\"" }.to_owned());
    }
    match settings.client_props.first_key_value() {
        Some((property, _)) => Err(format!("the client's system property {property} is not taken from a recording")),
        None => Ok(()),
    }
}

/// The timeline: starts at `starting`, stops at `stopping`, brokers' returns at `broker_up`, the rest at its step.
fn acts(trace: &Trace, variants: &[Variant<'_>]) -> Result<Vec<Act>, String> {
    let mut acts = Vec::new();
    let mut steps: Vec<&StoryStep> = trace.header.steps.iter().collect();
    steps.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    for (position, step) in steps.iter().enumerate() {
        let begins = (step.at_s * 1000.0) as i64 - 50;
        let again = |other: &&&StoryStep| {
            other.target == step.target && (other.action == step.action || step.action == "start")
        };
        let ends = steps[position + 1..].iter().find(again).map_or(i64::MAX, |next| (next.at_s * 1000.0) as i64 - 50);
        let within = |wanted: &dyn Fn(&What) -> bool| {
            let inside = |event: &&Event| event.t >= begins && event.t < ends && wanted(&event.what);
            trace.events.iter().find(inside).map(|event| event.t)
        };
        let did = |action: &str| {
            within(
                &|what| matches!(what, What::Step { action: done, target } if done == action && *target == step.target),
            )
        };
        let Some(at_ms) = did(&step.action) else { continue };
        let consumer = running(variants, &steps[..position], &step.target);
        let mut act = |at_ms: i64, action: &str, rest: String| {
            acts.push(Act { at_ms, text: format!("action = {action:?}\n{rest}") });
        };
        match step.action.as_str() {
            "start" => {
                let starting = within(&|what| matches!(what, What::Starting { who, .. } if *who == step.target));
                if let Some(at_ms) = starting {
                    act(at_ms, "start", start_of(step, variants));
                }
            }
            "term" => {
                let stopping = within(&|what| matches!(what, What::Stopping { who, .. } if *who == step.target));
                // A process without its hook dies of the signal.
                match stopping {
                    Some(at_ms) => act(at_ms, "stop", format!("consumer = {}", quoted(&consumer?))),
                    None => act(at_ms, "kill", format!("consumer = {}", quoted(&consumer?))),
                }
            }
            "kill" => act(at_ms, "kill", format!("consumer = {}", quoted(&consumer?))),
            "stop" => act(at_ms, "pause", format!("consumer = {}", quoted(&consumer?))),
            "cont" => act(at_ms, "resume", format!("consumer = {}", quoted(&consumer?))),
            "broker_kill" => act(at_ms, "kill", format!("broker = {}", quoted(&step.target))),
            "broker_term" => act(at_ms, "stop", format!("broker = {}", quoted(&step.target))),
            "broker_start" => {
                let up = within(
                    &|what| matches!(what, What::Step { action, target } if action == "broker_up" && *target == step.target),
                );
                if let Some(at_ms) = up {
                    act(at_ms, "start", format!("broker = {}", quoted(&step.target)));
                }
            }
            "queues" => {
                for topic in &trace.header.topics {
                    act(at_ms, "set_queues", format!("topic = {}\nqueues = {}", quoted(topic), count(&step.target)?));
                }
            }
            other => return Err(format!("the story's action `{other}` is not modelled")),
        }
    }
    acts.sort_by_key(|act| act.at_ms);
    Ok(acts)
}

/// Which consumer a start is of, and its client id.
fn start_of(step: &StoryStep, variants: &[Variant<'_>]) -> String {
    let is_it = |variant: &&Variant<'_>| variant.who == step.target && variant.settings == settings_of(step);
    let name = &variants.iter().find(is_it).expect("every start has its variant").name;
    format!("consumer = {}\nclientId = {}", quoted(name), quoted(&client_id(step)))
}

/// A number of queues.
fn count(target: &str) -> Result<u32, String> {
    target.parse().map_err(|_| format!("the story's `{target}` is no number of queues"))
}

/// The variant of a consumer that its last start before a step began.
fn running(variants: &[Variant<'_>], before: &[&StoryStep], who: &str) -> Result<String, String> {
    let start = before.iter().rev().find(|step| step.action == "start" && step.target == who);
    let start = start.ok_or_else(|| format!("the story ends or freezes `{who}` before it starts it"))?;
    let settings = settings_of(start);
    let variant = variants.iter().find(|variant| variant.who == who && variant.settings == settings);
    Ok(variant.expect("every start has its variant").name.clone())
}
