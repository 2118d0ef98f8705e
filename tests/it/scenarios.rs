//! Every scenario that we ship holds what it expects, and says the same as its reference in `results/`: in a few seeds in
//! the quick tier, in 40 in the long one. A test is a folder, so that they run beside each other.
//!
//! `UPDATE_RESULTS=1 cargo test say_what_they_said -- --ignored` writes the references anew; the diff shows what a change
//! did. What is in `scenarios/large` is not played: each of its seeds takes minutes.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use rebalance_sim::run::{RunOptions, run};
use rebalance_sim::scenario::parse;
use rebalance_sim::sweep::{SeedResult, Standing, judge_so_far};

use crate::scenario_files::{include, shipped};

/// So many seeds show what breaks at once.
const FEW: u64 = 2;
/// In one of so many a scenario shows the traps that it is about.
const SHOWING: u64 = 10;

/// Traps that a scenario is about and no check counts, each with the reason.
const NOT_COUNTED: &[(&str, &str, &str)] = &[(
    "scenarios/stalls/fifty_consumers_one_dead_address.toml",
    "E21",
    "that each call waits for its time-out is felt in everything; what is counted are the lists that fail (E5)",
)];

macro_rules! questions {
    ($($question:ident)+) => {
        const QUESTIONS: &[&str] = &[$(stringify!($question)),+];

        mod hold_in_a_few_seeds {
            $(#[test]
            fn $question() {
                super::hold_in_a_few_seeds(stringify!($question));
            })+
        }

        mod say_what_they_said {
            $(#[test]
            #[ignore = "long tier: 40 seeds of every scenario"]
            fn $question() {
                super::say_what_they_said(stringify!($question));
            })+
        }
    };
}

questions! { balance brokers duplicates go grpc loss order ownership pop releases stalls timers }

fn of(question: &str) -> Vec<PathBuf> {
    let folder = Path::new("scenarios").join(question);
    shipped().into_iter().filter(|path| path.parent() == Some(&folder)).collect()
}

#[test]
fn every_folder_is_played() {
    let mut folders: Vec<PathBuf> =
        shipped().iter().map(|path| path.parent().expect("a folder").to_path_buf()).collect();
    folders.dedup();
    folders.retain(|folder| !folder.ends_with("large"));
    let played: Vec<PathBuf> = QUESTIONS.iter().map(|question| Path::new("scenarios").join(question)).collect();
    assert_eq!(folders, played);
    assert!(QUESTIONS.iter().map(|question| of(question).len()).sum::<usize>() >= 170, "the scenarios are there");
}

/// What an expectation says of many seeds is left to the long tier; what it says of each must hold in these.
fn hold_in_a_few_seeds(question: &str) {
    let (mut violated, mut unseen) = (Vec::new(), Vec::new());
    for file in of(question) {
        let text = std::fs::read_to_string(&file).expect("the scenario is there");
        let name = file.display().to_string();
        let scenario = parse(&name, &text, &[], &include).unwrap_or_else(|error| panic!("{error}"));
        let play = |seed| SeedResult::from(&run(&scenario, seed, RunOptions::default()));
        let results: Vec<SeedResult> = (0..FEW).map(play).collect();
        let counts = |result: &SeedResult, trap: &str| result.sightings.contains_key(&format!("trap.{trap}"));
        for trap in &scenario.origin.traps {
            let excepted = NOT_COUNTED.iter().any(|(file, of, _)| *file == name && of == trap);
            let mut more = (FEW..SHOWING).map(play);
            let seen = results.iter().any(|result| counts(result, trap)) || more.any(|result| counts(&result, trap));
            if seen == excepted {
                unseen.push(format!("{name}: {trap}{}", if seen { ", which is excepted" } else { "" }));
            }
        }
        let judged = judge_so_far(&scenario.expect, &results);
        let broken = judged.into_iter().filter(|judgement| judgement.standing == Standing::Violated);
        violated.extend(broken.map(|broken| format!("{name}: {}, seed {:?}", broken.text, broken.seed)));
    }
    assert!(violated.is_empty(), "violated:\n{}", violated.join("\n"));
    assert!(unseen.is_empty(), "traps that the scenario is about and no check counts:\n{}", unseen.join("\n"));
}

fn say_what_they_said(question: &str) {
    let (mut violated, mut changed) = (Vec::new(), Vec::new());
    for file in of(question) {
        let mut program = Command::cargo_bin("rebalance-sim").expect("the program is built");
        let output = program.arg("run").arg(&file).args(["--seeds", "40", "--all"]).output().expect("the program runs");
        let said = String::from_utf8(output.stdout).expect("results are text");
        if !output.status.success() {
            violated.push(said.clone());
        }
        let own = file.strip_prefix("scenarios").expect("it is one of ours");
        let reference = Path::new("results").join(own).with_extension("txt");
        if std::env::var_os("UPDATE_RESULTS").is_some() {
            let folder = reference.parent().expect("it has a folder");
            std::fs::create_dir_all(folder).expect("the folder can be made");
            std::fs::write(&reference, &said).expect("the reference can be written");
        }
        let before = std::fs::read_to_string(&reference).unwrap_or_default();
        let reference = reference.display();
        if let Some((was, is)) = before.lines().zip(said.lines()).find(|(was, is)| was != is) {
            changed.push(format!("{reference}\n  was: {was}\n  is:  {is}"));
        } else if before != said {
            changed.push(format!("{reference}: the length differs"));
        }
    }
    assert!(violated.is_empty(), "violated:\n{}", violated.join("\n"));
    assert!(changed.is_empty(), "changed:\n{}", changed.join("\n"));
}

#[test]
fn every_reference_is_of_a_scenario() {
    let scenarios: Vec<_> = shipped().iter().map(|path| path.with_extension("txt")).collect();
    for folder in std::fs::read_dir("results").expect("the folder is there") {
        let folder = folder.expect("it can be listed").path();
        let own = Path::new("scenarios").join(folder.file_name().expect("it has a name"));
        if !own.is_dir() {
            continue;
        }
        for reference in std::fs::read_dir(&folder).expect("it can be listed") {
            let reference = reference.expect("it can be listed").path();
            let scenario = own.join(reference.file_name().expect("it has a name"));
            assert!(reference.is_dir() || scenarios.contains(&scenario), "{} is of no scenario", reference.display());
        }
    }
}
