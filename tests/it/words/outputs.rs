//! No output says a word that `explain-word` does not know.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rebalance_sim::lint::LINTS;
use rebalance_sim::run::{RunOptions, run};
use rebalance_sim::scenario::parse;
use rebalance_sim::sweep::SeedResult;
use rebalance_sim::words::find;
use serde_json::Value;

use crate::cli::rebalance_sim;
use crate::scenario_files::include;

/// Every so many of the scenarios, so that each folder has a part.
const EVERY: usize = 13;

/// All scenario files below a folder, in the order of their names.
fn scenarios(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    let mut entries: Vec<PathBuf> = entries.collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && !["environments", "large"].iter().any(|name| path.ends_with(name)) {
            scenarios(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "toml") {
            found.push(path);
        }
    }
}

fn assert_known(words: &BTreeSet<String>, said_by: &str) {
    for word in words {
        assert!(!find(word).is_empty(), "{said_by} says `{word}`, and explain-word does not know it");
    }
}

#[test]
fn what_a_run_finds_is_known_word_by_word() {
    let mut files = Vec::new();
    scenarios(Path::new("scenarios"), &mut files);
    let (mut all, mut played) = (BTreeSet::new(), 0);
    for file in files.iter().step_by(EVERY) {
        let name = file.to_str().expect("a plain name");
        let text = std::fs::read_to_string(file).expect("the scenario is there");
        let scenario = parse(name, &text, &[], &include).unwrap_or_else(|error| panic!("{error}"));
        let outcome = run(&scenario, 1, RunOptions { rows: true, ..RunOptions::default() });
        let (result, findings) = (SeedResult::from(&outcome), &outcome.findings);
        let mut words: BTreeSet<String> = result.sightings.keys().cloned().collect();
        words.extend(findings.windows.iter().flat_map(|window| window.figures.keys().cloned()));
        for group in findings.windows.iter().flat_map(|window| window.groups.values()) {
            words.extend(group.keys().cloned());
        }
        words.extend(findings.stalls.iter().map(|stall| stall.cause.to_string()));
        words.extend(findings.deliveries.iter().filter_map(|row| row.duplicate_cause).map(|cause| cause.to_string()));
        assert_known(&words, name);
        all.extend(words);
        played += 1;
    }
    assert!(played >= 12 && all.len() > 80, "{played} scenarios said {} words: too few to hold anything", all.len());
}

/// The words in the columns of a table that are named by words.
fn words_of_table(text: &str, words: &mut BTreeSet<String>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    for row in reader.records().map(|row| row.expect("a row")) {
        for (name, cell) in header.iter().zip(&row) {
            if ["kind", "cause", "trap", "figure", "duplicate_cause"].contains(&name) && !cell.is_empty() {
                words.insert(cell.to_owned());
            }
        }
    }
}

/// The words among the keys of a summary.
fn words_of_summary(summary: &Value, words: &mut BTreeSet<String>) {
    const OF_WORDS: [&str; 7] = [
        "figures",
        "stalled_ms_by_cause",
        "stalls_by_cause",
        "duplicates_by_cause",
        "sightings",
        "seeds_by_sighting",
        "outside_the_measured_window",
    ];
    match summary {
        Value::Object(object) => {
            for (key, value) in object {
                match (OF_WORDS.contains(&key.as_str()), value) {
                    (true, Value::Object(of)) => words.extend(of.keys().cloned()),
                    _ => words_of_summary(value, words),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words_of_summary(item, words)),
        _ => {}
    }
}

#[test]
fn the_files_of_a_report_hold_no_other_words() {
    let mut files = Vec::new();
    scenarios(Path::new("scenarios/ownership"), &mut files);
    let file = files.iter().find(|file| file.ends_with("duplicate_client_id.toml")).expect("it is there");
    let place = tempfile::tempdir().expect("a temporary directory");
    let mut words = BTreeSet::new();
    for (name, seeds) in [("one", ["--seed", "1"]), ("many", ["--seeds", "2"])] {
        let out = place.path().join(name);
        let (file, to) = (file.to_str().expect("UTF-8"), out.to_str().expect("UTF-8"));
        let (_, _, stderr) = rebalance_sim(&["run", file, seeds[0], seeds[1], "--out", to]);
        assert_eq!(stderr, "");
        for entry in std::fs::read_dir(&out).expect("a report").flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|kind| kind == "csv") {
                words_of_table(&std::fs::read_to_string(&path).expect("a table"), &mut words);
            }
            if path.file_name().is_some_and(|name| name == "seeds.csv") {
                let text = std::fs::read_to_string(&path).expect("a table");
                let columns = text.lines().next().expect("a header").split(',').skip(3);
                words.extend(columns.map(str::to_owned));
            }
        }
        let summary = std::fs::read_to_string(out.join("summary.json")).expect("a summary");
        words_of_summary(&serde_json::from_str(&summary).expect("it is JSON"), &mut words);
    }
    assert!(words.contains("anomaly.unowned") && words.contains("unowned.max_ms"), "{words:?}");
    assert_known(&words, "a report");
}

#[test]
fn what_check_warns_of_is_known() {
    let codes: BTreeSet<String> = LINTS.iter().map(|lint| lint.code.to_owned()).collect();
    assert_known(&codes, "check");
}
