//! The reference of the language names every key that the parser asks for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::settings::known_settings;
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
    let mut keys: BTreeSet<String> = asked_keys().into_iter().map(str::to_owned).collect();
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
