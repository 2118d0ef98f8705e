//! The tables of words beside the parser: it names its keys itself when it meets one that it does not know.

use std::collections::BTreeSet;

use rebalance_sim::scenario::{ACTIONS, known_settings, parse, settings_not_modelled};
use rebalance_sim::words::find;

/// A key that is near to none.
const STRANGER: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz = 1\n";

/// Keys of the language that are no settings.
const LANGUAGE: &[&str] = &[
    "name",
    "topics",
    "count",
    "consumers",
    "copies",
    "created",
    "deployment",
    "releases",
    "start",
    "machine",
    "instance",
    "work",
    "failures",
    "listener",
    "autoCommit",
    "commitEvery",
    "failureResult",
    "topic",
    "rate",
    "arrivals",
    "burst",
    "runs",
    "from",
    "until",
    "weights",
    "tags",
    "keys",
    "body_bytes",
    "slaves",
    "base",
];

/// A scenario with these parts.
fn story(head: &str, producer: &str, group: &str, rest: &str) -> String {
    format!(
        "title = \"Words\"\nquestion = \"Which are there?\"\nduration = \"300s\"\n{head}\n[[topics]]\nname = \"orders\"\nqueues = 4\n\n[[topics]]\nname = \"spare\"\nqueues = 4\n\n[[topics]]\nname = \"later\"\nexists = false\nqueues = 4\n\n[[producers]]\ntopic = \"orders\"\nrate = \"20/s\"\n{producer}\n[[groups]]\nname = \"g\"\ntopics = [\"orders\"]\n{group}\n[[groups]]\nname = \"pods\"\ntopics = [\"orders\"]\n[groups.deployment]\nreplicas = 2\n\n{rest}"
    )
}

const BROKERS: &str = "brokers = [{ name = \"broker-a\", slaves = 1 }]";
const CONSUMERS: &str = "consumers = [{ name = \"c1\" }, { name = \"c2\" }, { name = \"c9\" }]";

/// The keys that the parser says it knows where the stranger stands.
fn known_keys(text: &str) -> BTreeSet<String> {
    let error = parse("t.toml", text, &[], &|_| Err(String::new())).expect_err("nobody knows the stranger");
    let known = error.allowed.strip_prefix("known are ").unwrap_or_else(|| panic!("{error}"));
    known.split(", ").map(str::to_owned).collect()
}

#[test]
fn the_parser_reads_no_setting_that_the_words_do_not_know() {
    let settings: BTreeSet<&str> =
        known_settings().into_iter().flat_map(|setting| std::iter::once(setting.name).chain(setting.others)).collect();
    let tables = [
        ("a group", story(BROKERS, "", &format!("{CONSUMERS}\n{STRANGER}"), "")),
        ("a consumer", story(BROKERS, "", &format!("[[groups.consumers]]\nname = \"c1\"\n{STRANGER}"), "")),
        ("a release", story(BROKERS, "", &format!("{CONSUMERS}\n[[groups.releases]]\nname = \"v2\"\n{STRANGER}"), "")),
        (
            "a LitePull consumer",
            story(BROKERS, "", &format!("class = \"DefaultLitePullConsumer\"\n{CONSUMERS}\n{STRANGER}"), ""),
        ),
        ("a producer", story(BROKERS, STRANGER, CONSUMERS, "")),
        ("brokers", story(&format!("{BROKERS}\n[broker]\n{STRANGER}"), "", CONSUMERS, "")),
        ("a broker", story(&format!("[[brokers]]\nname = \"broker-a\"\n{STRANGER}"), "", CONSUMERS, "")),
        ("name servers", story(&format!("{BROKERS}\n[name_server]\n{STRANGER}"), "", CONSUMERS, "")),
        ("an environment", story(&format!("{BROKERS}\n[environment]\n{STRANGER}"), "", CONSUMERS, "")),
    ];
    for (table, text) in tables {
        for key in known_keys(&text) {
            assert!(
                settings.contains(key.as_str()) || LANGUAGE.contains(&key.as_str()),
                "{table} reads `{key}`, and `list settings` lacks it"
            );
        }
    }
}

/// Keys that the parser asks for only to say that they have no effect there, and those of every step.
const OF_EVERY_STEP: [&str; 8] = ["at", "between", "action", "mark", "direction", "clientId", "release", "new_address"];

#[test]
fn the_keys_of_an_action_are_those_that_the_parser_asks_for() {
    for action in &ACTIONS {
        let entry = format!("[[timeline]]\nat = \"60s\"\naction = \"{}\"\n{}\n{STRANGER}", action.word, action.example);
        let known = known_keys(&story(BROKERS, "", CONSUMERS, &entry));
        for key in action.keys {
            assert!(known.contains(*key), "{} does not ask for `{key}`: {known:?}", action.word);
        }
        for key in &known {
            let told = action.keys.contains(&key.as_str()) || OF_EVERY_STEP.contains(&key.as_str());
            assert!(told, "{} asks for `{key}`, and its words do not say so", action.word);
        }
    }
}

#[test]
fn what_is_modelled_is_not_refused() {
    let settings: BTreeSet<&str> = known_settings().into_iter().map(|setting| setting.name).collect();
    for (name, _) in settings_not_modelled() {
        assert!(!settings.contains(name), "`{name}` is both a setting and refused");
        assert!(!find(name).is_empty());
    }
}
