//! The command line from outside: exit codes, streams, and the directory of `--out`.

use assert_cmd::Command;

pub fn rebalance_sim(arguments: &[&str]) -> (i32, String, String) {
    let output =
        Command::cargo_bin("rebalance-sim").expect("the binary is built").args(arguments).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it speaks UTF-8");
    (output.status.code().expect("it exits"), text(&output.stdout), text(&output.stderr))
}

const STORY: &str = "scenarios/stalls/consumer_crashes.toml";

#[test]
fn bad_input_exits_2_says_why_and_prints_no_result() {
    let table: [(&[&str], &str); 9] = [
        (&["run"], "FILE"),
        (&["run", "no/such/story.toml"], "cannot read `no/such/story.toml`"),
        (&["run", STORY, "--seeds", "5..5"], "holds no seed"),
        (&["run", STORY, "--seeds", "many"], "names no seeds"),
        (&["run", STORY, "--seed", "1", "--seeds", "2"], "cannot be used with"),
        (&["run", STORY, "--seeds", "2", "--jobs", "0"], "--jobs"),
        (&["run", STORY, "--events"], "--out"),
        (&["run", STORY, "--out", "Cargo.toml"], "is not a directory"),
        (&["run", STORY, "--set", "duration=365d", "--set", "producers.0.rate=1000/s"], "or say --yes"),
    ];
    for (arguments, sentence) in table {
        let (code, stdout, stderr) = rebalance_sim(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(sentence), "{arguments:?}: {stderr}");
    }
}

#[test]
fn help_goes_to_stdout() {
    let (code, stdout, stderr) = rebalance_sim(&["run", "--help"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("--seeds"), "{stdout}");
}

#[test]
fn bytes_do_not_depend_on_the_number_of_threads() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let report = |jobs: &str| {
        let out = place.path().join(jobs);
        let (_, stdout, stderr) =
            rebalance_sim(&["run", STORY, "--seeds", "6", "--jobs", jobs, "--out", out.to_str().expect("UTF-8")]);
        assert_eq!(stderr, "");
        let file = |name| std::fs::read(out.join(name)).expect("the report has it");
        (stdout, ["summary.json", "seeds.csv", "distributions.svg", "distributions.png"].map(file))
    };
    assert_eq!(report("1"), report("3"));
}

#[test]
fn json_is_what_the_report_holds() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let out = place.path().join("report");
    let (_, stdout, _) =
        rebalance_sim(&["run", STORY, "--format", "json", "--events", "--out", out.to_str().expect("UTF-8")]);
    assert_eq!(stdout, std::fs::read_to_string(out.join("summary.json")).expect("the report has it"));
    let json: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    assert_eq!(json["seed"], 0);
    let events = std::fs::read_to_string(out.join("events.csv")).expect("asked for");
    assert!(events.starts_with("time_ms,seq,event,actor,subject,detail,cause_seq\n"), "{}", &events[..80]);
    assert!(events.lines().count() > 100);
}
