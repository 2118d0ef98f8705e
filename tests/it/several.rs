//! Several scenarios at once: files, a folder, what is piped in, and a choice by name.

use std::path::Path;

use assert_cmd::Command;

use super::cli::rebalance_sim;

/// A group of two that is never short of a consumer.
const CALM: &str = r#"
title = "Calm"
duration = "20s"
brokers = ["broker-a"]
topics = [{ name = "orders" }]
producers = [{ topic = "orders", rate = "20/s" }]
groups = [{ name = "g", count = 2 }]
"#;

fn write(folder: &Path, name: &str, more: &str) {
    std::fs::write(folder.join(name), format!("{CALM}{more}")).expect("a file can be written");
}

/// A place with scenarios that hold, are violated, expect nothing, and are none.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a temporary directory");
    std::fs::create_dir(place.path().join("more")).expect("a folder can be made");
    write(place.path(), "holds.toml", "expect = [\"lost == 0\"]\n");
    write(place.path(), "more/violated.toml", "expect = [\"lost == 0\", \"duplicates >= 1\"]\n");
    write(place.path(), "silent.toml", "");
    write(place.path(), "typo.toml", "duratoin = \"1s\"\n");
    place
}

fn run(place: &Path, arguments: &str, stdin: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("rebalance-sim").expect("the binary is built");
    let command = command.current_dir(place).args(arguments.split(' ')).write_stdin(stdin);
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it speaks UTF-8");
    (output.status.code().expect("it exits"), text(output.stdout), text(output.stderr))
}

#[test]
fn each_has_its_line_and_the_worst_is_the_answer() {
    let place = place();
    let table = [
        (
            "run holds.toml silent.toml",
            0,
            "PASS        holds.toml  1 of 1 held\nNO VERDICT  silent.toml  expects nothing\n\n2 scenarios: 1 PASS, 1 NO VERDICT\nrebalance-sim run holds.toml silent.toml --seed 0\n",
        ),
        (
            "run more --seed 3",
            1,
            "VIOLATED    more/violated.toml  1 of 2 held\n            violated: duplicates >= 1; it is 0; `rebalance-sim run more/violated.toml --seed 3`\n\n1 scenario: 1 VIOLATED\nrebalance-sim run more --seed 3\n",
        ),
        (
            "run . --only holds|typo",
            2,
            "PASS        ./holds.toml  1 of 1 held\nREFUSED     ./typo.toml\n\n2 scenarios: 1 PASS, 1 REFUSED\nrebalance-sim run . --only 'holds|typo' --seed 0\n",
        ),
        (
            "run . --seeds 2 --only violated",
            1,
            "VIOLATED    ./more/violated.toml  1 of 2 held\n            violated: duplicates >= 1; broken in 2 of 2 seeds, worst 0 (seed 0); `rebalance-sim run ./more/violated.toml --seed 0`\n\n1 scenario: 1 VIOLATED\nrebalance-sim run . --only violated --seeds 0..2\n",
        ),
    ];
    for (arguments, code, expected) in table {
        let (exit, stdout, stderr) = run(place.path(), arguments, "");
        assert_eq!((exit, stdout.as_str()), (code, expected), "{arguments}: {stderr}");
        assert_eq!(stderr.is_empty(), code < 2, "{arguments}: {stderr}");
    }
    let (code, stdout, stderr) = run(place.path(), "run .", "");
    assert_eq!((code, stdout.lines().count()), (2, 8), "{stdout}");
    assert!(stderr.starts_with("error: ./typo.toml:8:1: ") && stderr.lines().count() <= 4, "{stderr}");
}

#[test]
fn what_is_piped_in_is_a_scenario_as_any() {
    let place = place();
    let table = [
        ("run -", 0, "NO VERDICT  Calm  (-, seed 0"),
        ("check -", 0, "-: ok: Calm, 1 broker"),
        ("run - holds.toml", 0, "NO VERDICT  -  expects nothing\nPASS        holds.toml"),
        ("compare - --strategy AVG,AVG_BY_CIRCLE --seeds 2", 0, "COMPARED"),
    ];
    for (arguments, code, begins) in table {
        let (exit, stdout, stderr) = run(place.path(), arguments, CALM);
        assert_eq!(exit, code, "{arguments}: {stderr}");
        assert!(stdout.starts_with(begins), "{arguments}: {stdout}");
    }
    let (code, _, stderr) = run(place.path(), "run -", "title = 3\n");
    assert!(code == 2 && stderr.starts_with("error: -:1:9: "), "{stderr}");
    let (code, _, stderr) = run(place.path(), "run - -", CALM);
    assert!(code == 2 && stderr.contains("can be read once"), "{stderr}");
}

#[test]
fn programs_read_a_list_of_summaries() {
    let place = place();
    let (code, stdout, _) = run(place.path(), "run . --format json", "");
    let list: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    let verdicts: Vec<&str> =
        list.as_array().expect("a list").iter().filter_map(|one| one["verdict"].as_str()).collect();
    assert_eq!((code, verdicts), (2, vec!["pass", "violated", "no_verdict", "refused"]));
    let (_, alone, _) = run(place.path(), "run ./holds.toml --format json", "");
    assert_eq!(list[0], serde_json::from_str::<serde_json::Value>(&alone).expect("it is JSON"), "as it is alone");
    assert!(list[3]["why"].as_str().is_some_and(|why| why.contains("duratoin")), "{}", list[3]);
}

#[test]
fn a_folder_is_checked_as_a_whole() {
    let place = place();
    let (code, stdout, stderr) = run(place.path(), "check . --only holds|more/", "");
    assert_eq!((code, stdout.matches(": ok: ").count()), (0, 2), "{stdout}{stderr}");
    let (code, _, stderr) = run(place.path(), "check . --only nothing_of_that_name", "");
    assert!(code == 2 && stderr.contains("matches none of the 4 files"), "{stderr}");
    let (code, _, stderr) = rebalance_sim(&["check", "scenarios", "--only", "("]);
    assert!(code == 2 && stderr.contains("--only"), "{stderr}");
}

#[test]
fn servers_read_what_was_violated_and_where() {
    let place = place();
    let (code, stdout, _) = run(place.path(), "run . --format github", "");
    let lines: Vec<&str> = stdout.lines().collect();
    let [violated, refused] = lines[..] else { panic!("{stdout}") };
    assert!(
        violated.starts_with("::error file=more/violated.toml,line=8,title=duplicates >= 1::violated: "),
        "{stdout}"
    );
    assert!(refused.starts_with("::error file=typo.toml,line=8,title=not a scenario::./typo.toml:8:1: "), "{stdout}");
    assert_eq!(code, 2);
    let (code, stdout, _) = run(place.path(), "run . --format junit --seeds 3", "");
    let document = roxmltree::Document::parse(&stdout).unwrap_or_else(|error| panic!("{error}\n{stdout}"));
    let root = document.root_element();
    let counted = ["tests", "failures", "errors", "skipped"].map(|name| root.attribute(name).unwrap_or_default());
    assert_eq!((code, counted), (2, ["5", "1", "1", "0"]), "{stdout}");
    assert_eq!(stdout, run(place.path(), "run . --format junit --seeds 3", "").1);
    // One file is a list of one, a refused one too.
    for (arguments, code, said) in [
        ("run typo.toml --format junit", 2, "<error message="),
        ("run holds.toml --format junit", 0, "name=\"lost == 0\"/>"),
        ("run holds.toml --format github --set expect=[\"lost>1\"]", 1, "::error file=holds.toml,title=lost>1::"),
        ("run more --format markdown", 1, "## 1 of 1 scenario not as expected\n"),
        ("run holds.toml --format markdown", 0, "## 1 scenario, nothing violated\n"),
        ("run holds.toml --format github", 0, ""),
    ] {
        let (exit, stdout, stderr) = run(place.path(), arguments, "");
        assert!(exit == code && stdout.contains(said), "{arguments}: {exit} {stdout}{stderr}");
    }
}
