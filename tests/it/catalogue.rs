//! The catalogue: the list, its index in `scenarios/README.md`, the clients in `results/README.md`, and the answer to names
//! of before.
//!
//! `UPDATE_INDEX=1 cargo test index` writes the index anew.

use std::path::Path;

use rebalance_sim::scenario::catalogue::{Entry, FOLDERS};
use rebalance_sim::scenario::{all_moved, moved};

use crate::cli::rebalance_sim;
use crate::scenario_files::shipped;

/// The pages that show a list, and which.
const PAGES: [(&str, &str); 2] = [("scenarios/README.md", "scenarios"), ("results/README.md", "features")];

fn listed(arguments: &[&str]) -> String {
    listed_of("scenarios", arguments)
}

fn listed_of(kind: &str, arguments: &[&str]) -> String {
    let (code, stdout, stderr) = rebalance_sim(&[&["list", kind], arguments].concat());
    assert_eq!((code, stderr.as_str()), (0, ""), "{kind} {arguments:?}");
    stdout
}

#[test]
fn the_index_is_what_the_list_says() {
    for (file, kind) in PAGES {
        let begin = format!("<!-- begin: rebalance-sim list {kind} --format markdown -->\n");
        let end = format!("<!-- end: list {kind} -->\n");
        let page = std::fs::read_to_string(file).expect("the page is there");
        let (before, rest) = page.split_once(&begin).expect("the index has a beginning");
        let (index, after) = rest.split_once(&end).expect("the index has an end");
        let said = format!("\n{}\n", listed_of(kind, &["--format", "markdown"]));
        if std::env::var_os("UPDATE_INDEX").is_some() {
            std::fs::write(file, format!("{before}{begin}{said}{end}{after}")).expect("the page can be written");
        } else {
            assert_eq!(index, said, "UPDATE_INDEX=1 writes {file} anew");
        }
    }
}

#[test]
fn every_scenario_is_listed_with_its_question_and_every_folder_has_one() {
    let text = listed(&[]);
    let paths: Vec<String> = shipped().iter().map(|path| path.display().to_string()).collect();
    assert_eq!(text.lines().count(), paths.len());
    for path in &paths {
        assert!(text.lines().any(|line| line.split_whitespace().next() == Some(path)), "{path} is not listed");
        let folder = path.split('/').nth(1).expect("it stands in a folder");
        assert!(FOLDERS.iter().any(|(known, _)| *known == folder), "{path} is in no folder of the catalogue");
        let own = std::fs::read_to_string(path).expect("it is there");
        let entry = Entry::read(folder, path, &own).expect("it has a head");
        assert!(text.contains(&entry.question), "{path}");
    }
    for (folder, question) in FOLDERS {
        assert!(question.ends_with('?') && Path::new("scenarios").join(folder).is_dir(), "{folder}");
    }
    let mut files: Vec<_> = paths.iter().map(|path| Path::new(path).file_name()).collect();
    files.sort();
    files.dedup();
    assert_eq!(files.len(), paths.len(), "a name is used once, so that it can be found without its folder");
}

#[test]
fn the_list_is_searched_by_thread_trap_and_word() {
    let found = |search: &str| {
        let text = listed(&["--search", search]);
        text.lines().filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(found("2763"), ["scenarios/stalls/fifty_consumers_one_dead_address.toml"]);
    assert_eq!(found("rocketmq-client-go#592"), ["scenarios/releases/release_adds_a_topic.toml"]);
    let twins = found("E2");
    assert!(
        twins.contains(&"scenarios/ownership/duplicate_client_id.toml".to_owned()) && twins.len() == 5,
        "{twins:?}"
    );
    assert_eq!(
        found("KILL -9 orderly"),
        ["scenarios/order/orderly_kill_9.toml", "scenarios/order/orderly_kill_9_of_4_9.toml"]
    );
    let (code, stdout, stderr) = rebalance_sim(&["list", "scenarios", "--search", "no such words"]);
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert!(stderr.starts_with("note: none of them holds `no such words`; "), "{stderr}");
    let json: serde_json::Value =
        serde_json::from_str(&listed(&["--search", "2763", "--format", "json"])).expect("it is JSON");
    let entry = &json[0];
    assert_eq!((json.as_array().map(Vec::len), &entry["traps"]), (Some(1), &serde_json::json!(["E21"])));
    assert_eq!(entry["path"], "scenarios/stalls/fifty_consumers_one_dead_address.toml");
    assert!(entry["sources"].as_array().is_some_and(|all| all.contains(&serde_json::json!("apache/rocketmq#2763"))));
}

#[test]
fn a_folder_that_cannot_be_listed_is_named() {
    for (arguments, expected) in [
        (&["--dir", "no/such"][..], "no folder `no/such`"),
        (&["--dir", "Cargo.toml"], "`Cargo.toml`"),
        (&["--dir", "tests/it"], "`tests/it` holds no scenario"),
    ] {
        let (code, stdout, stderr) = rebalance_sim(&[&["list", "scenarios"], arguments].concat());
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }
}

#[test]
fn what_is_no_scenario_is_named_and_the_others_are_listed() {
    let place = tempfile::tempdir().expect("a temporary directory");
    std::fs::create_dir(place.path().join("mine")).expect("it can be made");
    std::fs::write(place.path().join("mine/a.toml"), "title = 'One'\ntrap = 'E3'\n").expect("it can be written");
    std::fs::write(place.path().join("b.toml"), "trap = 'E99'\ntitle = 'Two'\n").expect("it can be written");
    let (code, stdout, stderr) = rebalance_sim(&["list", "scenarios", "--dir", place.path().to_str().expect("UTF-8")]);
    assert!(code == 2 && stderr.contains("b.toml:1:8: `E99` is no trap; write \"E1\" to \"E48\""), "{stderr}");
    assert!(stdout.ends_with("/mine/a.toml  One  (E3)\n"), "{stdout}");
}

#[test]
fn an_old_name_leads_to_a_scenario_that_is_there() {
    let mut new: Vec<&str> = Vec::new();
    for (old, path) in all_moved() {
        assert!(Path::new("scenarios").join(path).is_file(), "{old} leads to {path}, which is not there");
        new.push(path);
    }
    new.sort_unstable();
    new.dedup();
    assert_eq!(new.len(), 172, "each of them had a name of its own");
    assert_eq!(moved("scenarios/no_such.toml"), None);
}

#[test]
fn every_command_that_opens_a_scenario_says_where_it_has_moved() {
    const OLD: &str = "scenarios/kill_9.toml";
    let said = "error: `scenarios/kill_9.toml` has moved to `scenarios/duplicates/kill_9_under_load.toml`\n";
    for command in [&["run", OLD][..], &["check", OLD], &["allocate", "--scenario", OLD]] {
        let (code, stdout, stderr) = rebalance_sim(command);
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (2, "", said), "{command:?}");
    }
    // Where nothing tells that the folder is ours, the file is missing first of all.
    let (code, _, stderr) = rebalance_sim(&["run", "elsewhere/kill_9.toml"]);
    let expected = "cannot read `elsewhere/kill_9.toml`: No such file or directory (os error 2); \
                    the scenario of that name has moved to `scenarios/duplicates/kill_9_under_load.toml`";
    assert!(code == 2 && stderr.contains(expected), "{stderr}");
}
