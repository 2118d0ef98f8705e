//! The words have every key that the parser asks for, and so has the page that tells the language.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::keys::{is_key, tables_with_known_keys};
use super::settings::known_settings;
use super::text::asked_keys;
use super::{ACTIONS, KnownAction, TABLES, known_keys};

/// The page that holds the tour and the reference.
const PAGE: &str = "scenarios/README.md";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> String {
    std::fs::read_to_string(root().join(PAGE)).expect("the page is there")
}

/// The blocks of the reference, one after the other.
fn reference() -> String {
    let page = page();
    let (_, reference) = page.split_once("\n## Reference\n").expect("a reference");
    let blocks = reference.split("```toml\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// An environment, or a file beside a scenario.
fn include(name: &str) -> Result<String, String> {
    let file = format!("scenarios/environments/{name}.toml");
    std::fs::read_to_string(root().join(file)).map_err(|error| error.to_string())
}

/// Words in quotes that the readers look for in a table: `get("at")`, `require("name", ..)`, `exclusive("at", "between")`.
fn looked_for(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for call in ["get(\"", "require(\"", "exclusive(\""] {
        for rest in code.split(call).skip(1) {
            found.extend(rest.split('"').next().map(str::to_owned));
        }
    }
    found
}

fn rust_files(folder: PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files = Vec::new();
    for path in entries {
        match path.is_dir() {
            true => files.extend(rust_files(path)),
            false => files.push(path),
        }
    }
    files
}

/// Tables and keys that the readers ask for while they read a text, well or until its first mistake.
fn asked(text: &str) -> BTreeSet<(String, &'static str)> {
    let _ = asked_keys();
    let read = super::parse(PAGE, text, &[], &include);
    assert!(read.is_ok() || text.contains(STRANGER), "{}", read.expect_err("it is no scenario"));
    let table = |what: String| if what.starts_with("environment `") { "the environment".to_owned() } else { what };
    asked_keys().into_iter().map(|(what, key)| (table(what), key)).collect()
}

/// A key that nobody knows.
const STRANGER: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz = 1\n";

/// A scenario with these parts.
fn story(head: &str, producer: &str, group: &str, rest: &str) -> String {
    format!(
        "title = \"Words\"\nquestion = \"Which are there?\"\nduration = \"300s\"\n{head}\n[[topics]]\nname = \"orders\"\nqueues = 4\n\n[[topics]]\nname = \"spare\"\nqueues = 4\n\n[[topics]]\nname = \"later\"\nexists = false\nqueues = 4\n\n[[producers]]\ntopic = \"orders\"\nrate = \"20/s\"\n{producer}\n[[groups]]\nname = \"g\"\ntopics = [\"orders\"]\n{group}\n[[groups]]\nname = \"pods\"\ntopics = [\"orders\"]\n[groups.deployment]\nreplicas = 2\n\n{rest}"
    )
}

const BROKERS: &str = "brokers = [{ name = \"broker-a\", slaves = 1 }]";
const CONSUMERS: &str = "consumers = [{ name = \"c1\" }, { name = \"c2\" }, { name = \"c9\" }]";

/// Strategies with settings of their own, and a form of distributions, that the reference has not.
fn others() -> Vec<String> {
    let strategies = [
        "{ name = \"MACHINE_ROOM\", consumeridcs = [\"room1\"] }",
        "{ name = \"BOUNDED_LOAD_HASH\", loadBoundPercent = 110 }",
        "{ name = \"CONFIG\", messageQueueList = [\"orders/broker-a/0\"] }",
        "{ name = \"MACHINE_ROOM_NEARBY-AVG\", machineRoomResolver = \"prefix_before_first_dash\" }",
    ];
    let group = |strategy| {
        format!("{CONSUMERS}\nallocateMessageQueueStrategy = {strategy}\nwork = {{ empirical = [\"1ms\", \"2ms\"] }}\n")
    };
    strategies.into_iter().map(|strategy| story(BROKERS, "", &group(strategy), "")).collect()
}

/// The story of one action.
fn story_of(action: &KnownAction) -> String {
    let entry = format!(
        "[[timeline]]\nat = \"60s\"\naction = \"{}\"\n{}\n\n[measure]\n{STRANGER}",
        action.word, action.example
    );
    story(BROKERS, "", CONSUMERS, &entry)
}

/// Everything that the readers ask for, table by table.
fn asked_in_all() -> BTreeSet<(String, &'static str)> {
    let mut all = asked(&reference());
    for text in others().into_iter().chain(ACTIONS.iter().map(story_of)) {
        all.extend(asked(&text));
    }
    all
}

fn settings() -> BTreeSet<&'static str> {
    known_settings().into_iter().flat_map(|known| known.others.into_iter().chain([known.name])).collect()
}

/// What a release is asked for only to say that it cannot change it.
const REFUSED: [&str; 4] = ["machine", "start", "instance", "listener"];

#[test]
fn the_words_have_each_key_that_the_parser_asks_for_where_it_asks_for_it() {
    let (asked, settings) = (asked_in_all(), settings());
    let known: BTreeSet<(String, &str)> =
        known_keys().flat_map(|key| key.tables.iter().map(|table| ((*table).to_owned(), key.name))).collect();
    let refused = |table: &str, key: &str| table == "a release" && REFUSED.contains(&key);
    let missing: Vec<_> = asked
        .iter()
        .filter(|(table, key)| !settings.contains(key) && !refused(table, key))
        .filter(|pair| !known.contains(*pair))
        .collect();
    assert!(missing.is_empty(), "`list keys` lacks {missing:?}");
    let stale: Vec<_> = known.iter().filter(|pair| !asked.contains(*pair)).collect();
    assert!(stale.is_empty(), "`list keys` has {stale:?}, and nobody asks for them");
    // What the code names is asked for somewhere.
    for file in rust_files(root().join("src/scenario/read")) {
        for key in looked_for(&std::fs::read_to_string(file).expect("it can be read")) {
            assert!(settings.contains(key.as_str()) || is_key(&key), "`{key}` is no word");
        }
    }
}

#[test]
fn the_page_names_each_key_in_the_part_on_its_table() {
    let (page, listed) = (page(), settings());
    let part = |section: &str| {
        let start = page.find(&format!("# {section}\n")).unwrap_or_else(|| panic!("{PAGE} has no part {section}"));
        let rest = &page[start + 2..];
        &rest[..rest.find("\n##").unwrap_or(rest.len())]
    };
    for table in &TABLES {
        let part = part(table.section);
        for key in known_keys().filter(|key| key.tables.contains(&table.name) && !listed.contains(key.name)) {
            let name = key.name;
            // A key stands alone, with a value, or as the head of a table.
            let forms = ["`{}`", "`{} = ", "{ {} = ", ", {} = ", "\n{} = ", "[{}]", ".{}]"]
                .map(|form| form.replace("{}", name));
            assert!(
                forms.iter().any(|form| part.contains(form)),
                "{PAGE}, {}: no `{name}` of {}",
                table.section,
                table.header
            );
        }
    }
    // Settings have a list of their own; what belongs to machines stands on the page as well.
    for setting in known_settings().into_iter().filter(|setting| setting.place == "[environment]") {
        assert!(part("Environment").contains(&format!("`{}`", setting.name)), "{PAGE} lacks `{}`", setting.name);
    }
}

/// Keys that the parser asks for only to say that they have no effect there, and those of every step.
const OF_EVERY_STEP: [&str; 9] =
    ["at", "between", "action", "mark", "direction", "clientId", "release", "new_address", "takes"];

#[test]
fn the_keys_of_an_action_are_those_that_the_parser_asks_for() {
    for action in &ACTIONS {
        let known: BTreeSet<&str> =
            asked(&story_of(action)).into_iter().filter(|(table, _)| table == "a step").map(|(_, key)| key).collect();
        for key in action.keys {
            assert!(known.contains(*key), "{} does not ask for `{key}`: {known:?}", action.word);
        }
        for key in &known {
            let told = action.keys.contains(key) || OF_EVERY_STEP.contains(key);
            assert!(told, "{} asks for `{key}`, and its words do not say so", action.word);
        }
    }
}

#[test]
fn the_example_of_a_key_has_the_key() {
    for key in known_keys() {
        let example = key.example;
        assert!(
            example.contains(&format!("{} = ", key.name)) || example.contains(&format!("{}]", key.name)),
            "{}: {example}",
            key.name
        );
        example.parse::<toml::Table>().unwrap_or_else(|error| panic!("{}: {error}", key.name));
        let ends = |text: &str| text.ends_with('.');
        assert!(ends(key.does) && !ends(key.form) && !ends(key.default), "{}", key.name);
        assert!(key.tables.iter().all(|name| TABLES.iter().any(|table| table.name == *name)), "{}", key.name);
    }
}

#[test]
fn a_key_that_there_is_not_is_answered_in_a_line() {
    let of_a_group = |line: &str| story(BROKERS, "", &format!("{CONSUMERS}\n{line}\n"), "");
    for (text, allowed) in [
        (of_a_group("worktime = \"5ms\""), "did you mean `work`?"),
        (of_a_group("cont = 3"), "did you mean `count`?"),
        (of_a_group("threads = 3"), "did you mean `pullThreadNums`, `receivingThreads` or `consumeThreadMin`?"),
        (of_a_group("zzz = 3"), "known are "),
        // Name servers begin with the run.
        (
            story(&format!("{BROKERS}\nname_servers = [{{ name = \"n\", start = \"1s\" }}]"), "", CONSUMERS, ""),
            "known are name, ",
        ),
        (
            story(&format!("{BROKERS}\n[name_server]\nslaves = 1"), "", CONSUMERS, ""),
            "`rebalance-sim list settings` has",
        ),
        (story(BROKERS, "zzz = 3", CONSUMERS, ""), "known are name, topic, "),
        (
            story(BROKERS, "", CONSUMERS, "[[timeline]]\nat = \"1s\"\naction = \"stop\"\nzzz = 3"),
            "known are at, between, action, mark, consumer, consumers, group, ",
        ),
        (
            story(&format!("{BROKERS}\n[broker]\nzzz = 3"), "", CONSUMERS, ""),
            "known are slaves, and what `rebalance-sim list settings` has",
        ),
    ] {
        let error = super::parse("t.toml", &text, &[], &include).expect_err("no such key");
        assert!(error.allowed.contains(allowed) && error.allowed.len() < 400, "{error}");
    }
    let misspelt = story(BROKERS, "", CONSUMERS, "").replace("rate = ", "rat = ");
    let error = super::parse("t.toml", &misspelt, &[], &include).expect_err("no rate");
    assert!(error.to_string().contains("a producer has no key `rat`; did you mean `rate`?"), "{error}");
}

#[test]
fn a_misspelled_key_is_said_before_what_is_missing_because_of_it() {
    let root = "title = \"t\"\nduration = \"10s\"\n";
    let cluster = "brokers = [\"b\"]\ntopics = [{ name = \"t\" }]\n";
    let all = format!("{root}{cluster}groups = [{{ name = \"g\", count = 1 }}]\n");
    let proxies = format!("{all}proxies = [{{ nam = \"p\" }}]\n");
    let on_a_broker =
        format!("{root}brokers = [\"b\"]\ntopics = [{{ name = \"t\", brokers = [{{ name = \"b\", queue = 0 }}] }}]\n");
    // What is read, the misspelled key, what it is called there, and what was meant.
    let table: &[(String, &str, &str, &str)] = &[
        (format!("{root}brokerss = [\"b\"]\n"), "brokerss", "the scenario", "brokers"),
        ("tilte = \"t\"\n".to_owned(), "tilte", "the scenario", "title"),
        (format!("{all}producer = []\n"), "producer", "the scenario", "producers"),
        (format!("{all}[broker]\nslave = 1\n"), "slave", "[broker]", "slaves"),
        (format!("{root}brokers = [{{ nam = \"b\" }}]\n"), "nam", "a broker", "name"),
        (format!("{root}brokers = [{{ name = \"b\", slaves = [{{ nmae = \"s\" }}] }}]\n"), "nmae", "a slave", "name"),
        (format!("{all}name_servers = [{{ nam = \"n\" }}]\n"), "nam", "a name server", "name"),
        (
            format!("{all}[name_server]\nbrokerChannelExpiredTim = 1\n"),
            "brokerChannelExpiredTim",
            "[name_server]",
            "brokerChannelExpiredTime",
        ),
        (proxies, "nam", "a proxy", "name"),
        (format!("{all}[proxy]\nrenewMaxTimeMilis = 1\n"), "renewMaxTimeMilis", "[proxy]", "renewMaxTimeMillis"),
        (format!("{all}environment = {{ bsae = \"lan\" }}\n"), "bsae", "the environment", "base"),
        (format!("{root}brokers = [\"b\"]\ntopics = [{{ names = \"t\" }}]\n"), "names", "a topic", "name"),
        (on_a_broker, "queue", "a topic on a broker", "queues"),
        (format!("{all}producers = [{{ topics = \"t\" }}]\n"), "topics", "a producer", "topic"),
        (format!("{root}{cluster}groups = [{{ name = \"g\", countt = 12 }}]\n"), "countt", "a group", "count"),
        (format!("{root}{cluster}groups = [{{ nam = \"g\", count = 12 }}]\n"), "nam", "a group", "name"),
        (
            format!("{root}{cluster}groups = [{{ name = \"g\", consumers = [{{ nme = \"c\" }}] }}]\n"),
            "nme",
            "a consumer",
            "name",
        ),
        (
            format!("{root}{cluster}groups = [{{ name = \"g\", count = 1, releases = [{{ nam = \"v\" }}] }}]\n"),
            "nam",
            "a release",
            "name",
        ),
        (
            format!("{root}{cluster}groups = [{{ name = \"g\", deployment = {{ replica = 2 }} }}]\n"),
            "replica",
            "a deployment",
            "replicas",
        ),
        (format!("{all}timeline = [{{ at = \"1s\", acton = \"kill\" }}]\n"), "acton", "a step", "action"),
        (
            format!("{all}timeline = [{{ at = \"1s\", action = \"kill\", consumerr = \"c1\" }}]\n"),
            "consumerr",
            "a step",
            "consumer",
        ),
        (format!("{all}measure = {{ form = \"1s\" }}\n"), "form", "measure", "from"),
    ];
    for (text, key, what, meant) in table {
        let error = super::parse("x.toml", text, &[], &include).expect_err(key);
        assert_eq!(*error.problem, *format!("{what} has no key `{key}`"), "{text}");
        assert_eq!(*error.allowed, *format!("did you mean `{meant}`?"), "{text}");
    }
    let told: BTreeSet<&str> = table.iter().map(|(_, _, what, _)| *what).collect();
    let listed: BTreeSet<&str> = tables_with_known_keys().into_iter().collect();
    assert_eq!(told, listed, "every table is tried");
}

#[test]
fn a_list_where_settings_for_all_stand_means_the_plural() {
    let root = "title = \"t\"\nduration = \"10s\"\n";
    let error = super::parse("x.toml", &format!("{root}broker = [\"b\"]\n"), &[], &include).expect_err("a list");
    assert_eq!(*error.allowed, *"did you mean `brokers`?");
}
