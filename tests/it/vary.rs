//! `vary`: a grid of values over the same seeds, its tables and pictures.

use crate::cli::rebalance_sim;

const BURST: &str = "scenarios/duplicates/kill_9_behind_a_burst.toml";
const CRASH: &str = "scenarios/stalls/consumer_crashes.toml";
const TILT: &str = "scenarios/balance/avg_tilts_over_many_topics.toml";

#[test]
fn the_persist_interval_bounds_what_comes_twice_and_the_knee_is_where_it_no_longer_does() {
    let over = "persistConsumerOffsetInterval=1s,5s,8s,12s";
    let (code, text, stderr) =
        rebalance_sim(&["vary", BURST, "--over", over, "--figure", "duplicates", "--seeds", "6"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        text.starts_with("VARIED  kill -9 behind a burst: 4 values of persistConsumerOffsetInterval, 6 seeds each"),
        "{text}"
    );
    // Behind 5 s the burst is worked off before the timer comes at all: more interval costs nothing more.
    assert!(text.contains("knee          at persistConsumerOffsetInterval 5s: below it duplicates moves"), "{text}");
    assert!(text.contains("again         rebalance-sim vary"), "{text}");
}

#[test]
fn two_axes_give_every_pair_and_one_value_everywhere_is_said_in_words() {
    let arguments = ["vary", TILT, "--over", "group.count=4..=6+1", "--over", "topics.t0.queues=5,6"];
    let figures = ["--figure", "balance.total_max_min", "--figure", "lost", "--seeds", "1", "--format"];
    let run = |format| rebalance_sim(&[&arguments[..], &figures[..], &[format]].concat());
    let (code, text, stderr) = run("text");
    assert_eq!(code, 0, "{stderr}");
    assert!(text.contains("count, by queues") && text.contains("lost is 0 in every seed at every point"), "{text}");
    let (_, csv, _) = run("csv");
    assert!(csv.starts_with("figure,group.count,topics.t0.queues,p10,"), "{csv}");
    assert_eq!(csv.lines().filter(|row| row.starts_with("balance.total_max_min,")).count(), 6, "{csv}");
    let (_, json, _) = run("json");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["points"].as_array().map(Vec::len), Some(6));
    assert_eq!(json["points"][3]["set"], serde_json::json!(["groups.0.count=5", "topics.t0.queues=6"]));
}

#[test]
fn what_cannot_be_varied_is_said() {
    let table: [(&[&str], &str); 7] = [
        (&["--over", "groups.0.count"], "there is no `=`"),
        (&["--over", "a=1,2", "--over", "b=1,2", "--over", "c=1,2"], "a picture has two axes"),
        (&["--over", "group.count=2,3", "--over", "group.count=4,5"], "both axes are `group.count`"),
        (&["--over", "a=1..=21+1", "--over", "b=1..=20+1"], "420 points"),
        (&["--over", "group.cuont=2,3"], "did you mean `count`?"),
        (&["--over", "group.count=2,3", "--figure", "stalled.maxx"], "the nearest are stalled.max"),
        (&["--over", "group.count=2,0"], "0 is out of range"),
    ];
    for (arguments, sentence) in table {
        let (code, stdout, stderr) = rebalance_sim(&[&["vary", CRASH], arguments].concat());
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(sentence), "{arguments:?}: {stderr}");
    }
}

#[test]
fn files_are_written_and_threads_change_no_byte() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let written = |jobs: &str, over: &[&str]| {
        let out = place.path().join(format!("{jobs}-{}", over.len()));
        let directory = out.to_str().expect("UTF-8");
        let rest = ["--figure", "balance.total_max_min", "--seeds", "2", "--jobs", jobs, "--out", directory];
        let (code, text, stderr) = rebalance_sim(&[&["vary", TILT], over, &rest].concat());
        assert_eq!(code, 0, "{stderr}");
        let names =
            ["vary.csv", "vary.json", "balance.total_max_min.svg", "balance.total_max_min.png", "variation.html"];
        (text, names.map(|name| std::fs::read(out.join(name)).expect("it is written")))
    };
    let curve = ["--over", "group.count=3..=6+1"];
    let map = ["--over", "group.count=3,4", "--over", "group.allocateMessageQueueStrategy=AVG,CONSISTENT_HASH"];
    for over in [&curve[..], &map] {
        let (one, three) = (written("1", over), written("3", over));
        assert_eq!(one, three);
        let svg = std::str::from_utf8(&one.1[2]).expect("text");
        roxmltree::Document::parse(svg).expect("XML");
        assert!(svg.contains("AVG tilts over many topics") && svg.contains("group.count"), "{svg}");
        assert!(one.1[3].starts_with(b"\x89PNG"));
    }
}
