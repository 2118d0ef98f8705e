//! No page of `cargo doc` that users of the library look for is without an example.

use std::path::Path;

use super::{read, root};

/// What those need who keep offsets themselves, beside what stands at the root of the crate.
const OF_OFFSET_STORES: [&str; 14] = [
    "ByName",
    "InMemory",
    "Keeper",
    "KnownStore",
    "OffsetDatabase",
    "OffsetPort",
    "OffsetRead",
    "OffsetStore",
    "OffsetStoreError",
    "OffsetSurroundings",
    "QueryAnswer",
    "ReadOffsetType",
    "Reading",
    "RemoteBrokerOffsetStore",
];

/// The names that a text re-exports: `pub use a::{B, C};` and `pub use a::b;`.
fn exported(text: &str) -> Vec<String> {
    let uses = text.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next());
    let names = uses.flat_map(|path| {
        let last = path.rsplit("::").next().unwrap_or_default();
        last.trim_matches(['{', '}', ' ', '\n']).split(',').map(str::trim).collect::<Vec<_>>()
    });
    names.filter(|name| !name.is_empty() && *name != "*").map(str::to_owned).collect()
}

/// The names of what a module says itself.
fn said(text: &str) -> Vec<String> {
    let items =
        text.lines().filter(|line| ["pub fn ", "pub struct ", "pub enum "].iter().any(|kind| line.starts_with(kind)));
    let name = |line: &str| line.split([' ', '(', '<', '{', ';']).nth(2).map(str::to_owned);
    items.filter_map(name).collect()
}

/// All sources below a folder.
fn sources(folder: &Path, into: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            into.push(std::fs::read_to_string(&path).expect("sources are text"));
        }
    }
}

/// The doc comment of an item; `None` where no source has it.
fn documented(name: &str, sources: &[String]) -> Option<String> {
    let begins = ["struct", "enum", "trait", "type", "fn", "const fn"].map(|kind| format!("pub {kind} {name}"));
    let is_item = |line: &str| {
        let rest = begins.iter().find_map(|begin| line.strip_prefix(begin.as_str()));
        rest.is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
    };
    sources.iter().find_map(|text| {
        let lines: Vec<&str> = text.lines().collect();
        let at = lines.iter().position(|line| is_item(line))?;
        let above = lines[..at].iter().rev().take_while(|line| line.starts_with("///") || line.starts_with('#'));
        Some(above.copied().collect::<Vec<_>>().join("\n"))
    })
}

#[test]
fn every_item_that_users_look_for_shows_an_example() {
    let mut names = exported(&read("src/lib.rs"));
    for module in ["src/library/mod.rs", "src/library/properties/mod.rs", "src/library/proptest/mod.rs"] {
        names.extend(exported(&read(module)).into_iter().chain(said(&read(module))));
    }
    names.extend(OF_OFFSET_STORES.map(str::to_owned));
    assert!(
        names.len() > 40 && names.contains(&"secs".to_owned()) && names.contains(&"Broken".to_owned()),
        "{names:?}"
    );
    let mut all = Vec::new();
    for room in ["kernel", "library", "model/plan", "offset", "scenario", "strategy"] {
        sources(&root().join("src").join(room), &mut all);
    }
    let mut wrong = Vec::new();
    for name in names {
        match documented(&name, &all) {
            None => wrong.push(format!("{name} is nowhere")),
            Some(comment) if !comment.contains("```") => wrong.push(format!("{name} shows no example")),
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
