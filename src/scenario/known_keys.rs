//! The reference of the language names every key that the parser asks for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::settings::known_settings;
use super::table_keys::TABLES;
use super::text::asked_keys;

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

/// Keys that readers ask for: those that the code names, and those that were asked while the reference was read.
fn keys() -> BTreeSet<String> {
    let scenario = super::parse(PAGE, &reference(), &[], &include).unwrap_or_else(|error| panic!("{error}"));
    assert!(!scenario.expect.is_empty());
    let mut keys: BTreeSet<String> = asked_keys().into_iter().map(|(_, key)| key.to_owned()).collect();
    for file in rust_files(root().join("src/scenario/read")) {
        keys.extend(looked_for(&std::fs::read_to_string(file).expect("it can be read")));
    }
    keys
}

#[test]
fn the_reference_is_one_scenario_and_names_every_key() {
    // `list settings` prints those; what belongs to machines stands here as well.
    let listed = known_settings().into_iter().filter(|setting| setting.place != "[environment]");
    let settings: BTreeSet<&str> = listed.flat_map(|known| known.others.into_iter().chain([known.name])).collect();
    let (keys, page) = (keys(), page());
    for known in ["title", "maxSurge", "retransmission", "virtualNodeCnt", "clientId", "node_monitor_grace_period"] {
        assert!(keys.contains(known), "the readers are known to ask for {known}: {keys:?}");
    }
    let own = keys.iter().filter(|key| !settings.contains(key.as_str()));
    // A key stands alone, or with a value, or in the example of a small table.
    let named = |key: &str| {
        page.contains(&format!("`{key}`"))
            || page.contains(&format!("`{key} = "))
            || page.contains(&format!("`{{ {key} = "))
    };
    let missing: Vec<&String> = own.filter(|key| !named(key)).collect();
    assert!(missing.is_empty(), "{PAGE} does not name {missing:?}");
}

/// Keys of tables that are listed: what the readers ask of a table is on its list, and what is on it some reader knows.
#[test]
fn the_tables_list_the_keys_that_their_readers_ask_for() {
    let known = keys();
    for table in TABLES {
        let listed = table.all();
        let asked = asked_keys().into_iter().filter(|(what, _)| what == table.what).map(|(_, key)| key);
        let missing: Vec<&str> = asked.filter(|key| !listed.contains(key)).collect();
        assert!(missing.is_empty(), "{} does not list {missing:?}", table.what);
        // `brokerConf` is laid below before any reader comes; these keys are asked for by a name that is no literal.
        const OTHERS: [&str; 3] = ["brokerConf", "kill", "brokers"];
        let stale = listed.iter().filter(|key| !known.contains(**key) && !OTHERS.contains(key));
        assert_eq!(stale.collect::<Vec<_>>(), Vec::<&&str>::new(), "{} lists what nobody asks for", table.what);
    }
}

#[test]
fn a_misspelled_key_is_said_before_what_is_missing_because_of_it() {
    let root = "title = \"t\"\nduration = \"10s\"\n";
    let cluster = "brokers = [\"b\"]\ntopics = [{ name = \"t\" }]\n";
    let group = "groups = [{ name = \"g\", count = 1 }]\n";
    let all = format!("{root}{cluster}{group}");
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
        (format!("{all}environment = {{ bsae = \"lan\" }}\n"), "bsae", "the environment", "base"),
        (format!("{root}brokers = [\"b\"]\ntopics = [{{ names = \"t\" }}]\n"), "names", "a topic", "name"),
        (
            format!(
                "{root}brokers = [\"b\"]\ntopics = [{{ name = \"t\", brokers = [{{ name = \"b\", queue = 0 }}] }}]\n"
            ),
            "queue",
            "a topic on a broker",
            "queues",
        ),
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
    let listed: BTreeSet<&str> = TABLES.iter().map(|table| table.what).collect();
    assert_eq!(told, listed, "every table is tried");
}

#[test]
fn a_list_where_settings_for_all_stand_means_the_plural() {
    let root = "title = \"t\"\nduration = \"10s\"\n";
    let error = super::parse("x.toml", &format!("{root}broker = [\"b\"]\n"), &[], &include).expect_err("a list");
    assert_eq!(*error.allowed, *"did you mean `brokers`?");
}
