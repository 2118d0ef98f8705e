//! `shrink`: the smallest file that still shows something, and that it is one.

use std::sync::atomic::AtomicBool;

use crate::cli::rebalance_sim;
use rebalance_sim::fuzz::{examine, still_made, text};
use rebalance_sim::model::plan::PlantedMistake::{self, *};
use rebalance_sim::scenario::{Scenario, parse};
use rebalance_sim::shrink::{Question, Shrunk, shrink};

const ROLL: &str = "scenarios/releases/rolling_restart_of_ten.toml";

/// Mistakes that random clusters show, with a seed that shows each and the law that says so.
const PLANTED: [(PlantedMistake, u64, &str); 6] = [
    (RebalanceLate, 0, "wait_interval"),
    (ExpirySendsChange, 2, "expiry_tells_nobody"),
    (NoCommitBeforeDrop, 2, "a_drop_commits"),
    (SlaveNeverAsks, 0, "slaves_fetch_offsets"),
    (LongPollNeverWakes, 0, "handed_out_at_once"),
    (FirstDuplicateNotCounted, 0, "deliveries_add_up"),
];

/// The smallest file of which the complaint is still made, as `fuzz --shrink` finds it.
fn shrunk(mistake: PlantedMistake, seed: u64, law: &str, tries: u64) -> Shrunk {
    let examined = examine(seed, Some(mistake));
    let complaint = examined.complaints.into_iter().find(|made| made.law == law);
    let complaint = complaint.unwrap_or_else(|| panic!("{mistake:?} is not shown by seed {seed}"));
    let holds = |mut scenario: Scenario| {
        scenario.plan.planted = Some(mistake);
        still_made(&complaint, &scenario, seed)
    };
    let found = shrink(&Question {
        file: "fuzz.toml",
        text: &text(seed),
        overrides: &[],
        expect: None,
        include: &|_| Err("there is no other file".to_owned()),
        holds: &holds,
        tries,
        stop: &AtomicBool::new(false),
        tell: &|_, _| (),
    });
    let found = found.unwrap_or_else(|why| panic!("{mistake:?}: {why}"));
    // What is left shows the mistake, and nothing where there is none.
    let read = parse("small.toml", &found.text, &[], &|_| Err("there is no other file".to_owned()));
    let read = read.unwrap_or_else(|error| panic!("{mistake:?}: {error}\n{}", found.text));
    assert!(holds(read.clone()), "{mistake:?}: the file is not what was played\n{}", found.text);
    assert!(!still_made(&complaint, &read, seed), "{mistake:?}: it is so without the mistake\n{}", found.text);
    found
}

/// A line of the table, and whether steps and members are a quarter of what they were.
fn row(mistake: PlantedMistake, shrunk: &Shrunk) -> (String, bool) {
    let (before, after) = (shrunk.before, shrunk.after);
    let pair = |before: usize, after: usize| format!("{before:>5} -> {after:<3}");
    let line = format!(
        "{:<22} steps {} members {} brokers {} queues {} lines {} in {} tries",
        mistake.name(),
        pair(before.steps, after.steps),
        pair(before.members, after.members),
        pair(before.brokers, after.brokers),
        pair(before.queues as usize, after.queues as usize),
        pair(before.lines, after.lines),
        shrunk.tries
    );
    (line, (after.steps + after.members) * 4 <= before.steps + before.members)
}

/// A law of the protocol is played only until it is broken.
#[test]
fn a_planted_mistake_is_shrunk() {
    let (mistake, seed, law) = PLANTED[0];
    let (line, quarter) = row(mistake, &shrunk(mistake, seed, law, 300));
    assert!(quarter, "{line}");
}

/// A law that counts again what other checks have found is broken where those look on too.
#[test]
fn a_miscount_is_shrunk_as_any_mistake() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = place.path().join("small.toml");
    let out = file.to_str().expect("UTF-8");
    let asked = ["fuzz", "--seeds", "0..1", "--planted", "FirstDuplicateNotCounted", "--shrink", out, "--tries", "12"];
    let (code, said, stderr) = rebalance_sim(&asked);
    assert_eq!(code, 1, "{said}{stderr}");
    assert!(said.contains("keeps       protocol: deliveries_add_up, with seed 0"), "{said}{stderr}");
    let written = std::fs::read_to_string(&file).expect("it is written");
    let read = parse("small.toml", &written, &[], &|_| Err("there is no other file".to_owned()));
    let mut scenario = read.unwrap_or_else(|error| panic!("{error}\n{written}"));
    let made = examine(0, Some(FirstDuplicateNotCounted)).complaints;
    let complaint = made.iter().find(|made| made.law == "deliveries_add_up").expect("it is complained of");
    assert!(!still_made(complaint, &scenario, 0), "{written}");
    scenario.plan.planted = Some(FirstDuplicateNotCounted);
    assert!(still_made(complaint, &scenario, 0), "{written}");
}

#[test]
#[ignore = "long tier: thousands of runs"]
fn planted_mistakes_are_shrunk_to_a_quarter() {
    let rows: Vec<(String, bool)> =
        PLANTED.iter().map(|&(mistake, seed, law)| row(mistake, &shrunk(mistake, seed, law, 2_000))).collect();
    let table = rows.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>().join("\n");
    println!("{table}");
    assert!(rows.iter().all(|(_, quarter)| *quarter), "{table}");
}

#[test]
fn the_smallest_file_holds_what_was_asked_and_is_the_same_again() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = place.path().join("small.toml");
    let out = file.to_str().expect("UTF-8");
    let asked = ["shrink", ROLL, "--while", "duplicates >= 10", "--tries", "60"];
    let (code, printed, stderr) = rebalance_sim(&asked);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("members"), "{stderr}");
    let (code, table, stderr) = rebalance_sim(&[&asked[..], &["--out", out]].concat());
    assert_eq!(code, 0, "{stderr}");
    assert!(table.starts_with("SHRUNK") && table.contains(&format!("run {out} --seed 0")), "{table}");
    assert_eq!(std::fs::read_to_string(&file).expect("it is written"), printed);
    let (code, said, stderr) = rebalance_sim(&["run", out, "--seed", "0"]);
    assert_eq!(code, 0, "{printed}\n{said}{stderr}");
    // Its own file is replaced, another is not.
    assert_eq!(rebalance_sim(&[&asked[..], &["--out", out]].concat()).0, 0);
    std::fs::write(&file, "# mine\n").expect("it can be written");
    let (code, _, stderr) = rebalance_sim(&[&asked[..], &["--out", out]].concat());
    assert!(code == 2 && stderr.contains("exists and is no scenario that rebalance-sim shrink made"), "{stderr}");
}

#[test]
fn what_cannot_be_shrunk_is_said() {
    let table: [(&[&str], &str); 5] = [
        (&["--while", "duplicates >= 1000000"], "`duplicates >= 1000000` is not so: it was "),
        (&["--while", "duplikates >= 1"], "there is no figure `duplikates`"),
        (&["--while", "duplicates"], "is no expectation"),
        (&["--while", "lost == 0", "--set", "nonsense"], "is not an override"),
        (&[], "--while"),
    ];
    for (arguments, sentence) in table {
        let (code, stdout, stderr) = rebalance_sim(&[&["shrink", ROLL][..], arguments].concat());
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(sentence), "{arguments:?}: {stderr}");
    }
}
