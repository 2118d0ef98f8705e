//! `validate` and `calibrate` from outside: what they print and write, and what they refuse.

use std::fs;
use std::path::Path;

use crate::cli::rebalance_sim;

const JOIN: &str = "tests/fixtures/recordings/join.1.jsonl.gz";
const JOIN_AGAIN: &str = "tests/fixtures/recordings/join.2.jsonl.gz";
const SILENT: &str = "tests/fixtures/recordings/silent_stop.1.jsonl.gz";

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn broken_input_exits_2_and_prints_no_result() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = |name: &str, content: &[u8]| {
        let path = place.path().join(name);
        fs::write(&path, content).expect("a temporary file");
        text(&path).to_owned()
    };
    let cut = fs::read(JOIN).expect("the recording is there");
    let (cut, binary) = (file("cut.jsonl.gz", &cut[..cut.len() / 2]), file("binary.jsonl", &[0xff, 0xfe, 0]));
    let (empty, other) = (file("empty.jsonl", b""), file("other.toml", b"duration = \"1s\"\n"));
    let broken = file("environment.toml", b"client_start = \"soon\"\n");
    let measures = "tests/fixtures/recordings/measures.jsonl";
    let table: [(&[&str], &str); 11] = [
        (&["validate"], "TRACE"),
        (&["validate", "no.jsonl"], "cannot read `no.jsonl`"),
        (&["validate", measures], "line 1"),
        (&["validate", &cut], "cannot read"),
        (&["validate", &binary], "is not text in UTF-8"),
        (&["validate", &empty], "empty.jsonl"),
        (&["validate", JOIN, "--seeds", "0"], "seed"),
        (&["validate", JOIN, "--environment", &broken], "soon"),
        (&["validate", JOIN, JOIN_AGAIN, "--print-scenario"], "prints one scenario, not 2"),
        (&["validate", JOIN, "--out", "Cargo.toml"], "is not a directory"),
        (&["calibrate", JOIN, "--out", &other], "is no environment that"),
    ];
    for (arguments, sentence) in table {
        let (code, stdout, stderr) = rebalance_sim(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(sentence), "{arguments:?}: {stderr}");
    }
    assert_eq!(fs::read(&other).expect("it is still there"), b"duration = \"1s\"\n");
}

#[test]
fn bytes_of_a_validation_do_not_depend_on_the_number_of_threads() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let validated = |jobs: &str| {
        let out = place.path().join(jobs);
        let (_, stdout, stderr) =
            rebalance_sim(&["validate", JOIN, JOIN_AGAIN, "--seeds", "6", "--jobs", jobs, "--out", text(&out)]);
        assert_eq!(stderr, "");
        let mut files: Vec<_> =
            fs::read_dir(&out).expect("it was written").map(|file| file.expect("a file").path()).collect();
        files.sort();
        let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
        let files: Vec<(String, Vec<u8>)> =
            files.iter().map(|path| (name(path), fs::read(path).expect("it is readable"))).collect();
        (stdout, files)
    };
    let (one, two) = (validated("1"), validated("2"));
    let names: Vec<&str> = one.1.iter().map(|(name, _)| name.as_str()).collect();
    let expected =
        ["join.1.png", "join.1.svg", "join.2.png", "join.2.svg", "measures.csv", "summary.json", "summary.txt"];
    assert_eq!(names.iter().filter(|name| !name.starts_with('.')).copied().collect::<Vec<_>>(), expected);
    assert!(one == two, "one thread and two differ");
    assert_eq!(one.0.as_bytes(), one.1.iter().find(|(name, _)| name == "summary.txt").expect("it is there").1);
}

#[test]
fn measures_are_a_row_a_seed() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let out = place.path().join("out");
    rebalance_sim(&["validate", JOIN, "--seeds", "3..7", "--out", text(&out)]);
    let csv = fs::read_to_string(out.join("measures.csv")).expect("it was written");
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("trace,phase,measure,key,real,seed,value"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    // Two phases, six single values, two brokers and the owners, four seeds.
    assert_eq!(rows.len(), 2 * (6 + 2 + 1) * 4);
    assert!(
        rows.iter().all(|row| row.len() == 7 && row[0] == "join.1" && (3..7).any(|seed| row[5] == seed.to_string()))
    );
    let owners: Vec<&Vec<&str>> = rows.iter().filter(|row| row[2] == "owners").collect();
    assert_eq!(owners.len(), 2 * 4);
    for row in owners {
        assert!(row[3].is_empty() && row[4].starts_with("T/broker-a/0=c1;T/broker-a/1=c1;"), "{row:?}");
        assert_eq!(row[4].split(';').count(), 8);
    }
    let keys: std::collections::BTreeSet<&str> =
        rows.iter().filter(|row| row[2] == "members_ms").map(|row| row[3]).collect();
    assert_eq!(keys.into_iter().collect::<Vec<_>>(), ["broker-a", "broker-b"]);
}

#[test]
fn the_exit_code_is_the_verdict() {
    for (recording, expected, word) in [(JOIN, 0, "HELD"), (SILENT, 1, "VIOLATED")] {
        let (code, stdout, _) = rebalance_sim(&["validate", recording, "--seeds", "50"]);
        assert_eq!(code, expected, "{stdout}");
        assert!(stdout.starts_with(word), "{stdout}");
    }
}

#[test]
fn a_recording_becomes_a_scenario_that_runs() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (code, scenario, stderr) = rebalance_sim(&["validate", JOIN, "--print-scenario"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let file = place.path().join("join.toml");
    fs::write(&file, scenario).expect("a temporary file");
    let (code, stdout, stderr) = rebalance_sim(&["run", text(&file), "--seeds", "2"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(!stdout.contains("extrapolated"), "{stdout}");
}

#[test]
fn a_prediction_is_a_recording_that_can_be_validated() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (code, trace, _) = rebalance_sim(&["validate", JOIN, "--print-trace", "12"]);
    assert_eq!(code, 0);
    let file = place.path().join("predicted.jsonl");
    fs::write(&file, trace).expect("a temporary file");
    let (code, stdout, stderr) = rebalance_sim(&["validate", text(&file), "--seeds", "100"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
}

#[test]
fn calibrate_makes_an_environment_and_may_replace_it() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = place.path().join("mine.toml");
    for recordings in [&[JOIN][..], &[JOIN, JOIN_AGAIN]] {
        let arguments = [&["calibrate"], recordings, &["--out", text(&file)]].concat();
        assert_eq!(rebalance_sim(&arguments), (0, String::new(), String::new()));
    }
    let made = fs::read_to_string(&file).expect("it was written");
    assert!(made.starts_with("# Estimated from 2 recordings by `rebalance-sim calibrate`"), "{made}");
    let (code, stdout, stderr) = rebalance_sim(&["validate", JOIN, "--seeds", "2", "--environment", text(&file)]);
    assert!(code < 2, "{stdout}{stderr}");
}
