//! The consumers of a recording in the words of a scenario.

use std::fmt::Write as _;

use super::property;
use super::story::quoted;
use crate::trace::{Class, ConsumeFrom, Header, Language, Listener, MessageModel, Overrides, Properties, StoryStep};

/// RocketMQ's version of consumers that a scenario need not name.
const NEWEST: &str = "5.3.3";

/// A consumer of the story with one set of settings.
pub(super) struct Variant<'a> {
    /// Who it is in the recording.
    pub who: &'a str,
    /// Its name in the scenario.
    pub name: String,
    /// What its starts say otherwise than the header, identity left out.
    pub settings: Overrides,
}

/// The consumers of the story, each with the settings of its starts; identity is no setting.
pub(super) fn variants(header: &Header) -> Vec<Variant<'_>> {
    let mut variants: Vec<Variant<'_>> = Vec::new();
    for step in header.steps.iter().filter(|step| step.action == "start") {
        let settings = settings_of(header, step);
        let of_same = variants.iter().filter(|variant| variant.who == step.target).count();
        if !variants.iter().any(|variant| variant.who == step.target && variant.settings == settings) {
            let name = if of_same == 0 { step.target.clone() } else { format!("{}~{}", step.target, of_same + 1) };
            variants.push(Variant { who: &step.target, name, settings });
        }
    }
    variants
}

/// The settings of a start. Its version stands there where the scenario must name one.
pub(super) fn settings_of(header: &Header, step: &StoryStep) -> Overrides {
    let version = match header.language(step) {
        Language::Java => header.java_version(step).filter(|version| *version != NEWEST).map(str::to_owned),
        Language::Go => Some(go_version(header.go_client.as_deref().unwrap_or_default())),
    };
    Overrides { instance: None, ip: None, home: None, client: None, client_version: version, ..step.overrides.clone() }
}

/// How scenarios call a version of the Go client: a pseudo-version of its module is a state of its master.
fn go_version(module: &str) -> String {
    let number = module.strip_prefix('v').unwrap_or(module);
    if number.is_empty() || number.contains('-') { "go-master".to_owned() } else { format!("go-{number}") }
}

/// The variant that a start is of.
pub(super) fn variant_of<'a, 'b>(header: &Header, variants: &'b [Variant<'a>], start: &StoryStep) -> &'b Variant<'a> {
    let settings = settings_of(header, start);
    let found = variants.iter().find(|variant| variant.who == start.target && variant.settings == settings);
    found.expect("every start has its variant")
}

/// The name of the silent consumer beside one, in its process.
pub(super) fn silent_neighbour(name: &str) -> String {
    format!("{name}~also")
}

/// The groups: that of the story, and one of silent consumers beside some of its members.
pub(super) fn groups(header: &Header, variants: &[Variant<'_>], text: &mut String) -> Result<(), String> {
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
        class: header.class,
        sub: header.sub.clone(),
        pop: Some(header.pop),
        fail_every: Some(header.fail_every),
        set: header.set.clone(),
        client_props: header.client_props.clone(),
        ..Overrides::default()
    };
    settings(&common, text);
    for variant in variants {
        writeln!(text, "\n[[groups.consumers]]\nname = {}", quoted(&variant.name)).expect("a text takes all");
        settings(&variant.settings, text);
        if variant.settings.also.is_some() {
            writeln!(text, "instance = {}", quoted(&variant.name)).expect("a text takes all");
        }
    }
    silent(variants, text)
}

/// Consumers of another group in the processes of some, which nobody watches.
fn silent(variants: &[Variant<'_>], text: &mut String) -> Result<(), String> {
    let also: Vec<&Variant<'_>> = variants.iter().filter(|variant| variant.settings.also.is_some()).collect();
    let Some(group) = also.first().and_then(|variant| variant.settings.also.as_ref()) else { return Ok(()) };
    if let Some(other) = also.iter().find(|variant| variant.settings.also.as_ref() != Some(group)) {
        let other = other.settings.also.as_deref().unwrap_or_default();
        return Err(format!("the story has silent consumers of two groups, {group} and {other}"));
    }
    writeln!(text, "\n[[groups]]\nname = {}", quoted(group)).expect("a text takes all");
    for variant in also {
        let mut line = |words: std::fmt::Arguments<'_>| writeln!(text, "{words}").expect("a text takes all");
        line(format_args!("\n[[groups.consumers]]\nname = {}", quoted(&silent_neighbour(&variant.name))));
        line(format_args!("instance = {}", quoted(&variant.name)));
        if let Some(version) = &variant.settings.client_version {
            line(format_args!("clientVersion = {}", quoted(version)));
        }
    }
    Ok(())
}

/// Settings in the words of a scenario; RocketMQ's defaults are left out where the words are new.
fn settings(settings: &Overrides, text: &mut String) {
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
    if let Some(class) = settings.class {
        let name = if class == Class::Lite { "DefaultLitePullConsumer" } else { "DefaultMQPushConsumer" };
        line("class", format!("{name:?}"));
    }
    if let Some(version) = &settings.client_version {
        line("clientVersion", quoted(version));
    }
    if let Some(sub) = &settings.sub {
        line("subExpression", quoted(&sub.replace("||", " || ")));
    }
    if settings.pop == Some(true) {
        line("clientRebalance", "false".to_owned());
    }
    if let Some(every) = settings.fail_every.filter(|every| *every > 0) {
        line("failures", format!("{}", 1.0 / f64::from(every)));
    }
    let told: [&Properties; 2] = [&settings.set, &settings.client_props];
    for (key, value) in told.into_iter().flatten() {
        line(&property::key(key), property::value(value));
    }
}
