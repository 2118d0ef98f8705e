//! Every scenario that we ship holds what it expects, over 40 seeds, and says the same as its reference in `results/`.
//!
//! `UPDATE_RESULTS=1 cargo test --release every_scenario` writes the references anew; the diff shows what a change did.
//! What is in `scenarios/large` is not played: each of its seeds takes minutes.

use std::path::Path;

use assert_cmd::Command;

use crate::scenario_files::shipped;

#[test]
fn every_scenario_holds_and_says_what_it_said() {
    let files: Vec<_> = shipped().into_iter().filter(|path| !path.starts_with("scenarios/large")).collect();
    assert!(files.len() >= 170, "the scenarios are there");
    let (mut violated, mut changed) = (Vec::new(), Vec::new());
    for file in files {
        let mut program = Command::cargo_bin("rebalance-sim").expect("the program is built");
        let output = program.arg("run").arg(&file).args(["--seeds", "40"]).output().expect("the program runs");
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
