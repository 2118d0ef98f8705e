//! What is written behind a key, as the tables say it to people, and as a schema says it.

use serde_json::{Map, Value, json};

use super::reference;
use crate::check::{AnomalyKind, Cause, Trap, known_figures};
use crate::offset::STORES;
use crate::scenario::environments::BUILT_IN;
use crate::scenario::{ACTIONS, KnownKey, KnownSetting};
use crate::strategy::registry;

/// Values that many keys have.
pub(super) fn shared() -> Map<String, Value> {
    const SPAN: &str =
        r"^\s*(?:[0-9]+(?:\.[0-9]+)?\s*(?:ns|us|ms|s|m|h|d)\s*)+$|^\s*[0-9]+:[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?\s*$";
    const RATE: &str = r"^\s*[0-9]+(?:\.[0-9]+)?\s*/\s*(?:ns|us|ms|s|m|h|d)\s*$";
    let shared = [
        ("duration", json!({"type": "string", "pattern": SPAN, "examples": ["5s", "1m30s", "500ms", "00:05:00"]})),
        ("rate", any([json!({"type": "string", "pattern": RATE}), json!({"type": "number", "exclusiveMinimum": 0})])),
        ("drawn", any([shape("duration"), reference("a distribution")])),
        ("figure", json!({"type": "string", "pattern": bound()})),
        (
            "strategy",
            any([json!({"enum": registry::names()}), json!({"type": "string", "pattern": "^MACHINE_ROOM_NEARBY-."})]),
        ),
        ("store", json!({"enum": STORES.iter().map(|store| store.name).collect::<Vec<_>>()})),
        ("trap", json!({"enum": Trap::ALL.iter().map(|trap| trap.word()).collect::<Vec<_>>()})),
    ];
    shared.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A line of `expect`: its scopes, its figure, an operator and a value.
fn bound() -> String {
    let escaped = |word: &str| word.replace('.', r"\.");
    let of = |prefix: &str, words: Vec<&str>| {
        words.iter().map(|word| escaped(&format!("{prefix}{word}"))).collect::<Vec<_>>()
    };
    let figures = [
        of("", known_figures().map(|figure| figure.name).collect()),
        of("anomaly.", AnomalyKind::ALL.iter().map(|kind| kind.word()).collect()),
        of("cause.", Cause::ALL.iter().map(|cause| cause.word()).collect()),
        of("trap.", Trap::ALL.iter().map(|trap| trap.word()).collect()),
    ];
    let figures = figures.concat().join("|");
    format!(
        r"^\s*(?:(?:some|every|phase [^:]+|[^:\s]+)\s*:\s*)*(?:{figures})(?:\.p[0-9]+(?:\.[0-9])?|\.mean|\.median)?\s*(?:==|!=|<=|>=|<|>)\s*\S.*$"
    )
}

fn any<const N: usize>(shapes: [Value; N]) -> Value {
    json!({"anyOf": shapes.as_slice()})
}

fn list(of: Value) -> Value {
    json!({"type": "array", "items": of})
}

/// One of the shared values.
fn shape(name: &str) -> Value {
    json!({"$ref": format!("#/definitions/{name}")})
}

fn text() -> Value {
    json!({"type": "string"})
}

/// What a key of a table may be.
pub(super) fn of_key(table: &str, key: &KnownKey) -> Value {
    let tables = |table: &str| list(reference(table));
    let named = |table: &str| list(any([text(), reference(table)]));
    match (table, key.name) {
        ("the scenario", "topics") => tables("a topic"),
        ("the scenario", "producers") => tables("a producer"),
        ("the scenario", "groups") => tables("a group"),
        ("the scenario", "timeline") => tables("a step"),
        ("the scenario", "brokers") => named("a broker"),
        ("the scenario", "name_servers") => named("a name server"),
        ("the scenario", "proxies") => named("a proxy"),
        ("the scenario", "proxy") => one(reference("[proxy]")),
        ("the scenario", "broker") => one(reference("[broker]")),
        ("the scenario", "name_server") => one(reference("[name_server]")),
        ("the scenario", "measure") => one(reference("measure")),
        ("the scenario", "environment") => any([text(), reference("the environment")]),
        ("the scenario", "expect") => list(shape("figure")),
        ("a group", "consumers") => tables("a consumer"),
        ("a group", "releases") => tables("a release"),
        ("a group", "deployment") => one(reference("a deployment")),
        ("a topic", "brokers") => named("a topic on a broker"),
        (_, "slaves") => any([json!({"type": "integer", "minimum": 0, "maximum": 3}), tables("a slave")]),
        (_, "log_normal") => one(reference("log_normal")),
        _ => of_form(key.form),
    }
}

/// A reference beside which a description may stand.
fn one(reference: Value) -> Value {
    json!({"allOf": [reference]})
}

/// What a setting may be.
pub(super) fn of_setting(known: &KnownSetting) -> Value {
    match known.name {
        "allocateMessageQueueStrategy" => any([shape("strategy"), reference("a strategy")]),
        // A moment of the run, releases of a client, tags, a file.
        "consumeTimestamp" => one(shape("duration")),
        "clientVersion" | "version" | "subExpression" | "brokerConf" | "clientId" => text(),
        // Where a number is a length of time it may have its unit.
        _ if !known.unit.is_empty() => any([shape("duration"), json!({"type": "integer", "minimum": -1})]),
        _ => of_form(&known.allowed),
    }
}

/// What a form says; an empty schema where it is not known.
fn of_form(form: &str) -> Value {
    let beginnings = [
        ("true or false", json!({"type": "boolean"})),
        ("true, false, or a list", any([json!({"type": "boolean"}), list(text())])),
        (
            "a duration, a distribution, or a table",
            any([
                shape("duration"),
                reference("a distribution"),
                json!({"type": "object", "additionalProperties": shape("drawn")}),
            ]),
        ),
        ("a duration or a distribution", one(shape("drawn"))),
        ("a duration, or a distribution", one(shape("drawn"))),
        ("a duration, with -", text()),
        ("a time, or two", any([shape("duration"), pair()])),
        ("a time, or the label", text()),
        ("\"settled\", a time", text()),
        ("\"100/s\"", one(shape("rate"))),
        ("a duration", one(shape("duration"))),
        ("a time", one(shape("duration"))),
        ("two durations", pair()),
        ("two times", pair()),
        ("a list of durations", list(shape("duration"))),
        ("durations separated by spaces", text()),
        ("seconds, or a duration", any([json!({"type": "integer", "minimum": 0}), shape("duration")])),
        ("a share from 0 to 1", json!({"type": "number", "minimum": 0, "maximum": 1})),
        ("a share such as", any([json!({"type": "number", "minimum": 0, "maximum": 1}), text()])),
        ("a number from 0 to 5", json!({"type": "number", "minimum": 0, "maximum": 5})),
        (
            "a number of pods",
            any([
                json!({"type": "integer", "minimum": 0}),
                json!({"type": "string", "pattern": "^[0-9]+(?:\\.[0-9]+)?%$"}),
            ]),
        ),
        ("a list of whole numbers", list(json!({"type": "integer", "minimum": 0}))),
        (
            "a list, or a table with weights",
            any([list(text()), json!({"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}})]),
        ),
        ("a list of [broker", list(json!({"type": "array", "minItems": 5, "maxItems": 5}))),
        ("a list of brokers, or \"all\"", any([list(text()), json!({"const": "all"})])),
        ("a list of", list(text())),
        ("a host, brokers", any([text(), list(text())])),
        ("as `from`", any([text(), list(text())])),
        ("a thread or a link", any([text(), list(text())])),
        ("a trap, or a list", any([shape("trap"), list(shape("trap"))])),
        ("a word of `list actions`", json!({"enum": ACTIONS.iter().map(|action| action.word).collect::<Vec<_>>()})),
        ("a name of `list strategies`", one(shape("strategy"))),
        ("a name of `list stores`, or", any([shape("store"), reference("an offset store")])),
        ("a name of `list stores`", one(shape("store"))),
        (
            "a name of `list environments`",
            json!({"type": "string", "examples": BUILT_IN.map(|environment| environment.name)}),
        ),
        (
            "\"prefix_before",
            any([
                json!({"enum": ["prefix_before_first_dash", "prefix_before_first_at"]}),
                json!({"type": "object", "additionalProperties": text()}),
            ]),
        ),
    ];
    let known = beginnings.into_iter().find(|(begins, _)| form.starts_with(begins));
    known.map(|(_, shape)| shape).or_else(|| numbers(form)).or_else(|| words(form)).unwrap_or_else(|| plain(form))
}

fn pair() -> Value {
    json!({"type": "array", "items": shape("duration"), "minItems": 2, "maxItems": 2})
}

/// `0 to 100`; `0 to 100, or -1`.
fn numbers(form: &str) -> Option<Value> {
    let bounds = form.strip_suffix(", or -1").unwrap_or(form);
    let (least, most) = bounds.split_once(" to ")?;
    let (least, most) = (least.parse::<i64>().ok()?, most.parse::<i64>().ok()?);
    let least = if bounds == form { least } else { -1 };
    Some(json!({"type": "integer", "minimum": least, "maximum": most}))
}

/// `"both" or "forward"`; `CLUSTERING or BROADCASTING`.
fn words(form: &str) -> Option<Value> {
    let words: Vec<&str> = form.split([',', ' ']).filter(|word| !word.is_empty() && *word != "or").collect();
    let quoted = words.iter().all(|word| word.len() > 2 && word.starts_with('"') && word.ends_with('"'));
    let bare = words.len() > 1
        && form.contains(" or ")
        && words.iter().all(|word| word.chars().all(|c| c.is_alphanumeric() || c == '_'));
    let bare = bare && words.len() == form.matches(", ").count() + form.matches(" or ").count() + 1;
    (quoted || bare).then(|| json!({"enum": words.iter().map(|word| word.trim_matches('"')).collect::<Vec<_>>()}))
}

/// What is a text, whatever it names.
fn plain(form: &str) -> Value {
    const NAMES: [&str; 11] = [
        "a name",
        "text",
        "a topic",
        "a broker",
        "a group",
        "a consumer",
        "a machine",
        "a name server",
        "a proxy",
        "a release of",
        "a text",
    ];
    if NAMES.iter().any(|begins| form.starts_with(begins)) { text() } else { json!({}) }
}
