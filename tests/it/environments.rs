//! Environments by name: built in, or a file beside the scenario.

use std::fs;

use rebalance_sim::model::plan::Environment;
use rebalance_sim::scenario::environments::{BUILT_IN, DEFAULT};
use rebalance_sim::scenario::parse;

use crate::cli::rebalance_sim;

const STORY: &str = r#"
title = "short"
duration = "20s"
brokers = ["b"]
topics = [{ name = "t", queues = 2 }]
groups = [{ name = "g", topics = ["t"], count = 1 }]
"#;

const RECORDING: &str = "tests/inputs/recording.jsonl";

#[test]
fn those_that_are_built_in_are_the_files_that_we_ship() {
    let mut files: Vec<String> = fs::read_dir("scenarios/environments")
        .expect("the folder is there")
        .map(|entry| {
            entry.expect("it can be listed").path().file_stem().expect("a name").to_string_lossy().into_owned()
        })
        .collect();
    files.push(DEFAULT.to_owned());
    files.sort();
    assert_eq!(files, BUILT_IN.map(|environment| environment.name));
    for environment in BUILT_IN.iter().filter(|environment| environment.name != DEFAULT) {
        let file = fs::read_to_string(format!("scenarios/environments/{}.toml", environment.name));
        assert_eq!(file.expect("it is there"), environment.text, "{}", environment.name);
    }
    let default = format!("environment = \"{DEFAULT}\"{STORY}");
    let text = |_: &str| Ok(BUILT_IN.iter().find(|one| one.name == DEFAULT).expect("it is built in").text.to_owned());
    let scenario = parse("story.toml", &default, &[], &text).expect("it reads");
    assert_eq!(scenario.plan.environment, Environment::default());
}

#[test]
fn the_verdict_says_which_environment_is_played() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = place.path().join("story.toml");
    fs::write(&file, STORY).expect("a temporary file");
    let file = file.to_str().expect("UTF-8");
    let own = place.path().join("environments");
    fs::create_dir(&own).expect("a temporary directory");
    fs::write(own.join("lan.toml"), "cold_calls = 2\n").expect("a temporary file");
    let said = format!("environment lan, from {}/environments/lan.toml)", place.path().display());
    let over = format!("environment a table of its own over lan, from {}/", place.path().display());
    for (set, expected) in [
        (None, "environment quiet-lan)"),
        (Some("environment=quiet-lan"), "environment quiet-lan)"),
        (Some("environment=cloud"), "environment cloud)"),
        (Some("environment={ cold_calls = 3 }"), "environment a table of its own)"),
        (Some("environment={ base = \"cloud\", cold_calls = 3 }"), "environment a table of its own over cloud)"),
        (Some("environment=lan"), said.as_str()),
        (Some("environment={ base = \"lan\" }"), over.as_str()),
    ] {
        let set: Vec<&str> = set.into_iter().flat_map(|set| ["--set", set]).collect();
        let (code, stdout, stderr) = rebalance_sim(&[&["run", file], &*set].concat());
        assert_eq!(code, 0, "{stderr}");
        assert!(stdout.lines().next().is_some_and(|line| line.contains(expected)), "{expected}: {stdout}");
    }
    let (_, json, _) = rebalance_sim(&["run", file, "--set", "environment=cloud", "--format", "json"]);
    assert!(json.contains("\"environment\": \"cloud\"") && json.contains("\"environment_file\": null"), "{json}");
}

#[test]
fn an_unknown_name_is_answered_with_those_there_are() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = place.path().join("story.toml");
    fs::write(&file, STORY).expect("a temporary file");
    fs::create_dir(place.path().join("environments")).expect("a temporary directory");
    fs::write(place.path().join("environments/mine.toml"), "").expect("a temporary file");
    let file = file.to_str().expect("UTF-8");
    let all = "there are `cloud`, `lan`, `mine`, `quiet-lan`, `two-core-jvm`;";
    for (name, names) in [("mars", all), ("../lan", "did you mean `lan`?"), ("cluod", "did you mean `cloud`?")] {
        let (code, stdout, stderr) = rebalance_sim(&["run", file, "--set", &format!("environment={name}")]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(&format!("no environment `{name}`")) && stderr.contains(names), "{stderr}");
    }
    for arguments in [["validate", RECORDING, "--environment", "mars"], ["calibrate", RECORDING, "--base", "mars"]] {
        let (code, stdout, stderr) = rebalance_sim(&arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains("built in are `cloud`, `lan`, `quiet-lan`, `two-core-jvm`"), "{stderr}");
    }
}

#[test]
fn commands_that_take_an_environment_take_its_name_too() {
    for (command, option, more) in [("validate", "--environment", "--print-scenario"), ("calibrate", "--base", "")] {
        let said = |environment: &str| {
            let arguments = [command, RECORDING, option, environment, more];
            let (code, stdout, stderr) =
                rebalance_sim(arguments.split(|word| word.is_empty()).next().expect("there is one"));
            assert_eq!(code, 0, "{stderr}");
            stdout
        };
        assert_eq!(said("cloud"), said("scenarios/environments/cloud.toml"));
        assert_ne!(said("cloud"), said("two-core-jvm"));
    }
}
