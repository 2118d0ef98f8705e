//! `compare`: variants over the same seeds, what differs and how surely.

use crate::cli::rebalance_sim;

const CRASH: &str = "scenarios/stalls/consumer_crashes.toml";
const ROLL: &str = "scenarios/releases/rolling_restart_of_ten.toml";

#[test]
fn strategies_are_told_apart_by_the_seeds() {
    let (code, text, _) = rebalance_sim(&["compare", ROLL, "--strategy", "AVG,AVG_BY_CIRCLE", "--seeds", "6"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.starts_with("COMPARED  Rolling restart of ten: 6 seeds, the same arrivals and faults"), "{text}");
    // A block moves as a whole, a circle is dealt anew.
    let row = text.lines().find(|line| line.trim_start().starts_with("duplicates")).unwrap_or_else(|| panic!("{text}"));
    assert!(row.contains('+') && row.ends_with("worse in 6 of 6"), "{row}");
    assert!(text.contains("again         rebalance-sim compare"), "{text}");
}

#[test]
fn the_same_seeds_narrow_the_interval() {
    let roll = "scenarios/duplicates/shutdown_awaits_nothing.toml";
    let set = "groups.0.awaitTerminationMillisWhenShutdown=5s";
    let (_, json, _) = rebalance_sim(&["compare", roll, "--set", set, "--seeds", "8", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let retried = &json["variants"][1]["figures"]["retried"]["beside_the_base"];
    let duplicates = &json["variants"][1]["figures"]["duplicates"]["beside_the_base"];
    let times = |figure: &serde_json::Value| figure["unpaired_interval_times_as_wide"].as_f64();
    // What the seed does to both falls out of their difference.
    assert!(times(duplicates).is_some_and(|times| times > 1.0), "{duplicates} {retried}");
    let (_, text, _) = rebalance_sim(&["compare", roll, "--set", set, "--seeds", "8"]);
    assert!(text.contains("with seeds of its own for each the interval of "), "{text}");
}

#[test]
fn a_variant_that_changes_nothing_differs_in_nothing() {
    let (code, text, _) = rebalance_sim(&["compare", CRASH, "--set", "title=Another title", "--seeds", "3"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("differs       in no figure") && !text.contains("no telling"), "{text}");
}

#[test]
fn a_limit_is_held_to_every_variant() {
    let silent =
        ["compare", CRASH, "--with", "duration=90s", "--set", "quick: groups.0.persistConsumerOffsetInterval=1s"];
    let table = [
        (vec!["--fail-if", "duplicates > +1000%", "--fail-if", "lost > +1"], 0, "COMPARED"),
        (vec!["--fail-if", "heartbeats < -0", "--fail-if", "stalled.max > +1h"], 0, "COMPARED"),
        (vec!["--fail-if", "duplikates > +1"], 2, "there is no figure `duplikates`"),
        (vec!["--fail-if", "lost > 1"], 2, "is no limit"),
    ];
    for (limits, expected, said) in table {
        let arguments: Vec<&str> = silent.into_iter().chain(["--seeds", "3"]).chain(limits.iter().copied()).collect();
        let (code, stdout, stderr) = rebalance_sim(&arguments);
        assert_eq!(code, expected, "{limits:?}: {stdout}{stderr}");
        assert!(stdout.contains(said) || stderr.contains(said), "{limits:?}: {stdout}{stderr}");
    }
    let worse =
        ["compare", ROLL, "--strategy", "AVG,AVG_BY_CIRCLE", "--seeds", "3", "--fail-if", "duplicates.p50 > +50%"];
    let (code, text, _) = rebalance_sim(&worse);
    assert_eq!(code, 1, "{text}");
    assert!(text.starts_with("VIOLATED") && text.contains("duplicates.p50 > +50%: "), "{text}");
}

/// Two groups on two topics; one of a member is killed.
const PARTS: &str = r#"
title = "Parts"
question = "?"
duration = "40s"
brokers = ["broker-a"]
topics = [{ name = "T", queues = 2 }, { name = "U", queues = 2 }]
producers = [{ topic = "T", rate = "40/s" }, { topic = "U", rate = "40/s" }]
measure = { from = "10s" }

[[groups]]
name = "g"
topics = ["T"]
count = 2

[[groups]]
name = "h"
topics = ["U"]
count = 2

[[timeline]]
at = "20s"
action = "kill"
consumer = "c1"
mark = "gone"
"#;

#[test]
fn groups_topics_and_phases_have_figures_of_their_own() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = place.path().join("parts.toml");
    std::fs::write(&file, PARTS).expect("it can be written");
    let file = file.to_str().expect("UTF-8");
    let slow = "slow: groups.h.pullInterval=2s";
    let limit = ["--fail-if", "phase gone: h: lag.max > +10%", "--fail-if", "g: lag.max > +100%"];
    let asked = [&["compare", file, "--set", slow, "--seeds", "6"], &limit[..]].concat();
    let (code, text, stderr) = rebalance_sim(&asked);
    assert_eq!(code, 1, "{text}{stderr}");
    let row = |name: &str| text.lines().find(|line| line.trim_start().starts_with(name));
    // Only one of the two groups pulls more slowly.
    assert!(row("h: lag.max").is_some_and(|row| row.ends_with("worse in 6 of 6")), "{text}");
    assert!(row("phase gone: h: lag.max").is_some_and(|row| row.ends_with("worse in 6 of 6")), "{text}");
    assert!(row("g: lag.max").is_none() && row("phase gone: lag.max").is_none(), "{text}");
    assert!(text.contains("phase gone: h: lag.max > +10%: ") && !text.contains("g: lag.max > +100%: "), "{text}");
    let (_, all, _) = rebalance_sim(&[&asked[..], &["--all"]].concat());
    assert!(all.lines().any(|line| line.trim_start().starts_with("phase gone: lag.max ")), "{all}");
    let (_, json, _) = rebalance_sim(&[&asked[..], &["--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let figures = &json["variants"][1]["figures"];
    for figure in ["lag.max", "h: lag.max", "topic U: lag.max", "phase gone: lag.max", "phase gone: h: lag.max"] {
        assert_eq!(figures[figure]["beside_the_base"]["worse_in"], 6, "{figure}: {figures}");
    }
    let vary = ["vary", file, "--over", "groups.h.pullInterval=0s,2s", "--seeds", "2", "--figure"];
    for figure in ["phase gone: h: lag.max", "U: lag.max"] {
        let (code, text, stderr) = rebalance_sim(&[&vary[..], &[figure]].concat());
        assert!(code == 0 && text.contains("lag.max: "), "{figure}: {text}{stderr}");
    }
}

#[test]
fn what_cannot_be_compared_is_said() {
    let table: [(&[&str], &str); 10] = [
        (&["compare", CRASH], "nothing to compare with"),
        (&["compare", "scenarios/timers", "--seeds", "2"], "no variants of one another"),
        (&["compare", CRASH, ROLL, "--only", "rolling"], "no variants of one another"),
        (&["compare", CRASH, CRASH], "two variants are named"),
        (&["compare", CRASH, "--set", "duration=2m", "--set", "duration=2m"], "two variants are named `duration=2m`"),
        (&["compare", CRASH, "--set", "x: duration=2m", "--set", "x: duration=3m"], "two variants are named `x`"),
        (&["compare", CRASH, "--strategy", "AVG,AVG"], "two variants are named `AVG`"),
        (&["compare", CRASH, "--set", "duration=2m", "--fail-if", "h: lag.max > +1"], "--fail-if: `h:` is no scope"),
        (&["compare", CRASH, "--set", "nonsense"], "is not an override"),
        (&["compare", CRASH, "--strategy", "AVG,AVERAGE"], "AVERAGE"),
    ];
    for (arguments, sentence) in table {
        let (code, stdout, stderr) = rebalance_sim(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(sentence), "{arguments:?}: {stderr}");
    }
}

#[test]
fn files_and_threads() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let written = |jobs: &str| {
        let out = place.path().join(jobs);
        let directory = out.to_str().expect("UTF-8");
        let set = "groups.0.pullBatchSize=1";
        let arguments = ["compare", CRASH, "--set", set, "--seeds", "4", "--jobs", jobs, "--out", directory];
        let (code, text, stderr) = rebalance_sim(&arguments);
        assert_eq!(code, 0, "{stderr}");
        let files = ["comparison.csv", "pairs.csv", "comparison.json"];
        (text, files.map(|file| std::fs::read_to_string(out.join(file)).expect("it is written")))
    };
    let (one, three) = (written("1"), written("3"));
    assert_eq!(one, three);
    let [by_figure, pairs, json] = one.1;
    assert!(by_figure.starts_with("figure,variant,name,p50,"), "{by_figure}");
    assert_eq!(pairs.lines().filter(|row| row.starts_with("duplicates,B,")).count(), 4, "{pairs}");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["variants"][1]["figures"]["lost"]["beside_the_base"]["told_apart"], false);
}
