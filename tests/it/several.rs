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

/// All that lies in a folder, folders with a `/` behind them.
fn below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).expect("it is there") {
            let path = entry.expect("it can be read").path();
            let name = path.strip_prefix(folder).expect("it lies below").to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
                names.push(format!("{name}/"));
            } else {
                names.push(name);
            }
        }
    }
    names.sort();
    names
}

#[test]
fn each_has_a_folder_of_its_own_and_nothing_is_half_written() {
    let place = place();
    let out = place.path().join("out");
    let (code, stdout, stderr) = run(place.path(), "run . --out out", "");
    assert_eq!(code, 2, "{stdout}{stderr}");
    let names = below(&out);
    let folders: Vec<&str> = names.iter().filter(|name| name.ends_with('/')).map(String::as_str).collect();
    assert_eq!(folders, ["holds/", "more/", "more/violated/", "silent/"]);
    for file in ["summary.json", "summary.txt", "holds/report.html", "more/violated/stalls.csv", "silent/summary.json"]
    {
        assert!(names.iter().any(|name| name == file), "{file}: {names:?}");
    }
    let read = |name: &str| std::fs::read_to_string(out.join(name)).expect("it is there");
    assert!(read("summary.txt").contains("PASS        ./holds.toml  1 of 1 held  -> holds\n"), "{stdout}");
    assert_eq!(read("summary.txt"), stdout);
    let list: serde_json::Value = serde_json::from_str(&read("summary.json")).expect("JSON");
    assert_eq!((&list[1]["folder"], &list[3]["verdict"]), (&"more/violated".into(), &"refused".into()));
    // As it is alone, and with many seeds; what is replaced is the whole of it and nothing else.
    run(place.path(), "run holds.toml --out alone", "");
    let alone = std::fs::read(place.path().join("alone/lag.csv")).expect("it is there");
    assert_eq!(alone, std::fs::read(out.join("holds/lag.csv")).expect("it is there"));
    let (code, _, stderr) = run(place.path(), "run more silent.toml --seeds 2 --out out", "");
    assert_eq!(code, 1, "{stderr}");
    let names = below(&out);
    assert!(names.contains(&"violated/seeds.csv".to_owned()) && !names.contains(&"holds/".to_owned()), "{names:?}");
    std::fs::write(out.join("violated/mine.txt"), "mine").expect("it can be written");
    let (code, stdout, stderr) = run(place.path(), "run more silent.toml --out out", "");
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    assert!(stderr.contains("holds `violated/mine.txt`"), "{stderr}");
    assert_eq!(below(&out).len(), names.len() + 1);
    let left = below(place.path()).into_iter().filter(|name| name.contains(".partial")).count();
    assert_eq!(left, 0);
}

#[test]
fn events_are_written_for_each() {
    let place = place();
    let (code, _, stderr) = run(place.path(), "run holds.toml silent.toml --out out --events --trace", "");
    assert_eq!(code, 0, "{stderr}");
    for file in ["holds/events.csv", "holds/trace.json", "silent/events.csv"] {
        assert!(place.path().join("out").join(file).is_file(), "{file}");
    }
    let (code, _, stderr) = run(place.path(), "run holds.toml silent.toml --until 5s", "");
    assert!(code == 2 && stderr.contains("prints the log of one run"), "{stderr}");
}

#[test]
fn what_is_told_of_one_is_told_of_several() {
    let place = place();
    let table: [(&str, i32, &[&str]); 5] = [
        ("explain holds.toml silent.toml --what lost --out out", 0, &["story.json", "story.txt"]),
        ("explain . --only holds|typo --what lost --out out", 2, &["story.json", "story.txt"]),
        (
            "compare holds.toml more --set title=other --seeds 2 --fail-if lost>+1 --out out",
            0,
            &["comparison.csv", "comparison.html", "comparison.json", "pairs.csv"],
        ),
        ("vary holds.toml silent.toml --over group.count=1,2 --seeds 2 --out out", 0, &["vary.csv", "vary.json"]),
        ("advise holds.toml silent.toml --less lost --seeds 2 --out out", 0, &["advice.json", "advice.txt"]),
    ];
    for (arguments, expected, files) in table {
        let (code, stdout, stderr) = run(place.path(), arguments, "");
        assert_eq!(code, expected, "{arguments}: {stdout}{stderr}");
        let command = arguments.split(' ').next().unwrap_or_default();
        let names = below(&place.path().join("out"));
        let of_one: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("holds/")).collect();
        assert!(files.iter().all(|file| of_one.contains(file)), "{arguments}: {names:?}");
        let text = std::fs::read_to_string(place.path().join("out/summary.txt")).expect("it is there");
        assert_eq!(text, stdout, "{arguments}");
        assert!(stdout.contains("holds.toml -> holds ==\n"), "{stdout}");
        // What a file alone says stands below its heading, and the last line asks for all again.
        let (_, alone, _) = run(
            place.path(),
            &arguments.replace(" silent.toml", "").replace(" more", "").replace(" --out out", ""),
            "",
        );
        if expected == 0 {
            assert!(stdout.contains(alone.trim_end()), "{arguments}: {stdout}{alone}");
        }
        let again = stdout.trim_end().lines().last().unwrap_or_default();
        assert!(again.starts_with(&format!("rebalance-sim {command} ")), "{stdout}");
        let (_, json, _) = run(place.path(), &format!("{} --format json", arguments.replace(" --out out", "")), "");
        let list: serde_json::Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
        let files: Vec<&str> = list.as_array().expect("a list").iter().filter_map(|one| one["file"].as_str()).collect();
        assert_eq!(files.len(), 2, "{json}");
    }
    for (arguments, sentence) in [
        ("shrink holds.toml silent.toml --while lost==0", "of one scenario, and here are 2"),
        ("shrink . --while lost==0", "of one scenario, and here are 4"),
        ("vary holds.toml silent.toml --over group.count=1,2 --format csv", "the table of one scenario"),
        ("compare . --seeds 2", "no variants of one another"),
    ] {
        let (code, stdout, stderr) = run(place.path(), arguments, "");
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments}: {stderr}");
        assert!(stderr.contains(sentence), "{arguments}: {stderr}");
    }
    // Two files without variants of their own are those of one another.
    let (code, stdout, stderr) = run(place.path(), "compare holds.toml silent.toml --seeds 2", "");
    assert!(code == 0 && stdout.contains("holds.toml\n") && stdout.contains("silent.toml\n"), "{stdout}{stderr}");
    let (code, stdout, _) = run(place.path(), "explain - --what lost", CALM);
    assert!(code == 0 && stdout.starts_with("nothing to explain"), "{stdout}");
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
