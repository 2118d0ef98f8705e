//! `--out` and signals: what is replaced, what is refused, what is left behind.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::rebalance_sim;

/// A story that a debug build plays in a moment.
const STORY: &str = r#"
title = "short"
question = "?"
duration = "20s"
brokers = ["b"]
expect = ["lost == 0"]
topics = [{ name = "t", queues = 2 }]
producers = [{ topic = "t", rate = "5/s" }]
groups = [{ name = "g", topics = ["t"], count = 2 }]
"#;

fn story(place: &Path, text: &str) -> String {
    let file = place.join("story.toml");
    std::fs::write(&file, text).expect("writes");
    file.to_str().expect("UTF-8").to_owned()
}

fn names(place: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(place).expect("readable").map(|entry| entry.expect("readable").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_directory_of_the_user_s_is_refused_before_the_run_and_keeps_its_files() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let out = place.path().join("p");
    std::fs::create_dir(&out).expect("creates");
    for (name, text) in [("summary.json", "{}"), ("holiday.png", "x"), ("costs.csv", "1,2")] {
        std::fs::write(out.join(name), text).expect("writes");
    }
    let file = story(place.path(), STORY);
    let path = out.to_str().expect("UTF-8");
    for arguments in [&["run", &file, "--out", path][..], &["run", &file, "--seeds", "2", "--out", path]] {
        let (code, stdout, stderr) = rebalance_sim(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains("holds `costs.csv`"), "{stderr}");
    }
    assert_eq!(names(&out), ["costs.csv", "holiday.png", "summary.json"]);
    assert_eq!(names(place.path()), ["p", "story.toml"]);
    let (code, stdout, stderr) = rebalance_sim(&["run", &file, "--out", &format!("{path}/.")]);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
}

#[test]
fn a_report_replaces_a_report_and_lists_its_files() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = story(place.path(), STORY);
    let out = place.path().join("p");
    let path = out.to_str().expect("UTF-8");
    for (arguments, there, not) in [
        (&["run", &file, "--events", "--out", path][..], "events.csv", "seeds.csv"),
        (&["run", &file, "--seeds", "3", "--out", path], "seeds.csv", "events.csv"),
        (
            &["allocate", "--topic", "T", "--brokers", "b", "--queues", "4", "--count", "2", "--out", path],
            "members.csv",
            "seeds.csv",
        ),
    ] {
        let (code, _, stderr) = rebalance_sim(arguments);
        assert_eq!(code, 0, "{arguments:?}: {stderr}");
        assert!(out.join(there).exists() && !out.join(not).exists(), "{:?}", names(&out));
        let listed = std::fs::read_to_string(out.join(".rebalance-sim-files")).expect("the marker is there");
        let mut listed: Vec<&str> = listed.lines().filter(|line| !line.starts_with('#')).collect();
        listed.push(".rebalance-sim-files");
        listed.sort_unstable();
        assert_eq!(names(&out), listed);
        assert_eq!(names(place.path()), ["p", "story.toml"]);
    }
}

#[test]
fn the_headline_and_the_figure_of_one_name_are_one_number() {
    let place = tempfile::tempdir().expect("a temporary directory");
    // c1 stands still from 15 s to 40 s, of which the measured window has 20 s.
    let more = r#"
measure = { from = "20s" }
timeline = [{ at = "15s", action = "pause", consumer = "c1" }, { at = "40s", action = "resume", consumer = "c1" }]
"#;
    let file = story(place.path(), &STORY.replace("duration = \"20s\"", &format!("duration = \"50s\"{more}")));
    let (_, text, _) = rebalance_sim(&["run", &file]);
    let (_, json, _) = rebalance_sim(&["run", &file, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let longest = json["windows"][0]["figures"]["stalled.max_ms"].as_f64().expect("a figure");
    assert!((15_000.0..=20_500.0).contains(&longest), "{longest}");
    let longest = rebalance_sim::kernel::Span::from_millis(longest.round() as u64);
    let said = format!("{}   t/b/", longest.human());
    assert!(
        text.contains(&said) && text.contains(" from 20s to 40s: ") && text.contains(", since 1"),
        "{said}\n{text}"
    );
    let look_at = text.lines().skip_while(|line| !line.contains("look at")).take_while(|line| !line.is_empty());
    let look_at: Vec<&str> = look_at.collect();
    let start_up = look_at.iter().position(|line| line.contains("start up")).unwrap_or(usize::MAX);
    assert_eq!(start_up, usize::MAX, "the start is no part of what is measured: {text}");
    assert!(text.contains("outside       the measured window: ") && text.contains("unowned 2 times"), "{text}");
}

#[test]
fn several_groups_have_figures_of_their_own_in_every_output() {
    let place = tempfile::tempdir().expect("a temporary directory");
    // The second group comes late, to a topic that has nothing old of it to keep: it begins at the end.
    let groups = r#"groups = [
    { name = "g", topics = ["t"], count = 1 },
    { name = "late", topics = ["t"], count = 1, start = "10s" },
]"#;
    let one = STORY.lines().find(|line| line.starts_with("groups")).expect("there is one");
    let file = story(place.path(), &STORY.replace(one, groups));
    let out = place.path().join("p");
    let path = out.to_str().expect("UTF-8");
    let (_, json, _) = rebalance_sim(&["run", &file, "--format", "json", "--out", path]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for window in json["windows"].as_array().expect("windows") {
        for name in ["lost", "skipped", "undelivered"] {
            let of = |group: &str| window["groups"][group][name].as_u64().expect("a count");
            let Some(whole) = window["figures"][name].as_u64() else { continue };
            assert_eq!(of("g") + of("late"), whole, "{name} in {window}");
        }
    }
    let phases = std::fs::read_to_string(out.join("phases.csv")).expect("there");
    assert!(phases.lines().any(|line| line.starts_with("measure,") && line.contains(",late,")), "{phases}");
    assert!(json["windows"][0]["groups"]["late"]["latency.max_ms"].is_number(), "{json}");
    let (_, json, _) = rebalance_sim(&["run", &file, "--seeds", "2", "--format", "json", "--out", path]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["figures_by_group"]["late"]["lost"]["worst"], 0);
    let seeds = std::fs::read_to_string(out.join("seeds.csv")).expect("there");
    assert!(seeds.lines().next().expect("a header").contains("lost@late"), "{seeds}");
    assert!(json["figures_by_phase"].is_array() && seeds.contains("latency.max_ms@late"), "{seeds}");
}

#[cfg(unix)]
mod unix {
    use super::*;

    /// The program with files of at most so many blocks of 512 or 1,024 bytes.
    fn with_a_small_disk(blocks: u32, arguments: &str) -> (Option<i32>, String, String) {
        let program = assert_cmd::cargo::cargo_bin("rebalance-sim");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec '{}' {arguments}", program.display());
        let output = Command::new("sh").args(["-c", &script]).output().expect("a shell");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    #[test]
    fn a_full_disk_is_refused_before_the_run_or_costs_no_result() {
        let place = tempfile::tempdir().expect("a temporary directory");
        let file = story(place.path(), &STORY.replace("20s", "40s").replace("5/s", "50/s"));
        let out = place.path().join("p");
        let arguments = format!("run '{file}' --events --out '{}'", out.display());
        let (code, stdout, stderr) = with_a_small_disk(1, &arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
        let (code, stdout, stderr) = with_a_small_disk(80, &arguments);
        assert_eq!(code, Some(3), "{stderr}");
        assert!(stdout.starts_with("PASS") && stderr.contains("cannot write the report into"), "{stdout}{stderr}");
        assert_eq!(names(place.path()), ["story.toml"], "nothing is left behind");
        let environment = place.path().join("mine.toml");
        let recording = "tests/fixtures/recordings/*.jsonl.gz";
        let arguments = format!("calibrate {recording} --out '{}'", environment.display());
        let (code, stdout, stderr) = with_a_small_disk(1, &arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert_eq!(names(place.path()), ["story.toml"]);
    }

    #[test]
    fn calibrate_follows_a_link_and_writes_over_no_other_file() {
        let place = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| place.path().join(name).to_str().expect("UTF-8").to_owned();
        std::fs::write(at("precious"), "mine").expect("writes");
        std::os::unix::fs::symlink(at("precious"), at("x.toml.partial")).expect("links");
        std::fs::write(at("real.toml"), "# made by `rebalance-sim calibrate`\n").expect("writes");
        std::os::unix::fs::symlink(at("real.toml"), at("x.toml")).expect("links");
        let recordings = names(Path::new("tests/fixtures/recordings"));
        let recording = recordings.iter().find(|name| name.ends_with(".jsonl.gz")).expect("there is one");
        let recording = format!("tests/fixtures/recordings/{recording}");
        let (code, _, stderr) = rebalance_sim(&["calibrate", &recording, "--out", &at("x.toml")]);
        assert_eq!(code, 0, "{stderr}");
        assert_eq!(std::fs::read_to_string(at("precious")).expect("still there"), "mine");
        assert!(Path::new(&at("x.toml")).is_symlink());
        assert!(std::fs::read_to_string(at("real.toml")).expect("there").lines().count() > 2);
        assert_eq!(names(place.path()), ["precious", "real.toml", "x.toml", "x.toml.partial"]);
        std::os::unix::fs::symlink(at("nowhere"), at("dangling")).expect("links");
        let (code, _, stderr) = rebalance_sim(&["calibrate", &recording, "--out", &at("dangling")]);
        assert!(code == 2 && stderr.contains("is a link to what does not exist"), "{stderr}");
    }

    /// Sends a signal when the program has begun to collect its report.
    fn signalled(place: &Path, signal: &str, arguments: &[&str], wait: std::time::Duration) -> (i32, String, String) {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("rebalance-sim"));
        command.args(arguments).args(["--out", place.join("p").to_str().expect("UTF-8")]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        while !names(place).iter().any(|name| name.ends_with(".partial")) {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        std::thread::sleep(wait);
        let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("it runs");
        assert!(kill.success());
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().expect("it exits"), text(output.stdout), text(output.stderr))
    }

    #[test]
    fn a_signal_ends_a_single_run_and_leaves_nothing() {
        let file = &STORY.replace("20s", "200h");
        for signal in ["-INT", "-TERM", "-HUP"] {
            let place = tempfile::tempdir().expect("a temporary directory");
            let file = story(place.path(), file);
            // It listens before it makes the directory.
            let wait = std::time::Duration::ZERO;
            let (code, stdout, stderr) = signalled(place.path(), signal, &["run", &file], wait);
            assert_eq!((code, stdout.as_str()), (3, ""), "{signal}: {stderr}");
            assert!(stderr.contains("interrupted before the run was over"), "{signal}: {stderr}");
            assert_eq!(names(place.path()), ["story.toml"], "{signal}");
        }
    }

    #[test]
    fn a_signal_keeps_the_seeds_that_are_done() {
        for wait in [1, 2, 4, 8, 16, 32] {
            let place = tempfile::tempdir().expect("a temporary directory");
            let file = story(place.path(), STORY);
            let arguments = ["run", &file, "--seeds", "1000000", "--jobs", "2"];
            let wait = std::time::Duration::from_secs(wait);
            let (code, stdout, stderr) = signalled(place.path(), "-TERM", &arguments, wait);
            assert_eq!(code, 3, "{stderr}");
            if !stdout.is_empty() {
                assert!(stdout.starts_with("INCOMPLETE  short") && stdout.contains("of 1,000,000 seeds"), "{stdout}");
                assert!(place.path().join("p/seeds.csv").exists());
                return;
            }
            assert_eq!(names(place.path()), ["story.toml"]);
        }
        panic!("no seed was done in a minute");
    }
}

#[test]
fn names_do_nothing_to_the_terminal_and_every_picture_parses() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let title = r#"title = "\u0001\u001b]0;owned\u0007\nPASS  all is well""#;
    let file = story(place.path(), &STORY.replace("title = \"short\"", title));
    let out = place.path().join("p");
    let path = out.to_str().expect("UTF-8");
    let ids = "\u{1b}[31m<a>&,=1+1";
    let allocate = ["allocate", "--queues", "4", "--consumers", ids, "--topic", "\u{9b}t", "--brokers", "\u{7}b"];
    for arguments in [&["run", &file][..], &["run", &file, "--seeds", "2"], &["check", &file], &allocate] {
        let written: &[&str] = if arguments[0] == "check" { &[] } else { &["--out", path] };
        let (_, stdout, stderr) = rebalance_sim(&[arguments, written].concat());
        let acts = |c: char| c.is_control() && c != '\n' && c != '\t';
        assert!(!stdout.contains(acts) && !stderr.contains(acts), "{arguments:?}: {stdout:?} {stderr:?}");
        assert!(!stdout.contains("\nPASS"), "{stdout}");
        let pictures = names(&out).into_iter().filter(|name| name.ends_with(".svg"));
        for name in pictures {
            let text = std::fs::read_to_string(out.join(&name)).expect("text");
            roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
    let members = std::fs::read_to_string(out.join("members.csv")).expect("there");
    assert!(members.contains("'=1+1") && !members.contains(",=1"), "{members}");
    let (code, _, stderr) = rebalance_sim(&["run", &file, "--set", &format!("duration={}s", "9".repeat(100_000))]);
    assert!(code == 2 && stderr.len() < 5_000, "{} bytes", stderr.len());
}
