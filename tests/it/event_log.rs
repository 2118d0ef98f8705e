//! What a run tells while it goes on: rows that speak of names, the log of a stretch, and the timeline of `trace.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use rebalance_sim::fuzz;
use rebalance_sim::kernel::Instant;
use rebalance_sim::model::observation::{Detail, Observation};
use rebalance_sim::run::{Chosen, EventRow, RunOptions, Told, kinds, replay, run, try_run_telling};
use rebalance_sim::scenario::Scenario;
use serde_json::Value;
use strum::VariantNames as _;

use crate::cli::rebalance_sim;
use crate::story::scenario;

/// Two members, of which one is killed: small enough for a debug build, and all that counts happens.
const STORY: &str = r#"
title = "One of two is killed"
question = "?"
duration = "12s"
brokers = ["b1", "b2"]
topics = [{ name = "t", queues = 2 }]
producers = [{ topic = "t", rate = "5/s" }]
groups = [{ name = "g", topics = ["t"], count = 2, consumeFromWhere = "CONSUME_FROM_FIRST_OFFSET" }]
timeline = [{ at = "8s", action = "kill", consumer = "c2" }]
"#;

/// All rows of a run.
fn rows(scenario: &Scenario, seed: u64) -> Vec<EventRow> {
    let mut rows = Vec::new();
    let mut tell = |row: &EventRow| rows.push(row.clone());
    let told = Told { events: Some(&mut tell), progress: None };
    let stop = AtomicBool::new(false);
    try_run_telling(scenario, seed, RunOptions::default(), &stop, told).expect("it comes to its end");
    rows
}

/// What no person should have to read: the ways in which Rust shows a value.
const NOT_FOR_PEOPLE: [&str; 8] = ["{", "}", "(", ")", "Some", "None", "Index", "::"];

fn holds_the_laws(name: &str, scenario: &Scenario, seed: u64) -> BTreeSet<&'static str> {
    let (all, mut happened, mut seen) = (kinds(), BTreeSet::from([0]), BTreeSet::new());
    for row in rows(scenario, seed) {
        let said = format!("{name}: {row:?}");
        assert!(all.contains(row.event), "{said}");
        assert!(!row.actor.is_empty() && !row.subject.is_empty(), "{said}");
        // What a step is called, its scenario says.
        let step = scenario.plan.timeline.iter().any(|step| step.label == row.subject);
        let subject = if step { "" } else { &row.subject };
        let text = format!("{} {subject} {}", row.actor, row.detail());
        assert!(NOT_FOR_PEOPLE.iter().all(|mark| !text.contains(mark)), "{said}");
        assert!(row.details.iter().all(|(key, value)| !key.is_empty() && !value.is_empty()), "{said}");
        // Whoever walks back finds each cause above.
        assert!(happened.contains(&row.cause), "{said}");
        happened.insert(row.sequence);
        seen.insert(row.event);
    }
    seen
}

#[test]
fn every_row_names_who_did_what_to_whom_and_its_cause_stands_above() {
    let mut seen = holds_the_laws("the story", &scenario(STORY), 0);
    for seed in 0..1 {
        seen.extend(holds_the_laws("a random cluster", &fuzz::scenario(seed), seed));
    }
    for name in ["stored", "delivered", "consumed", "committed", "arrived", "notified", "rebalance_began"] {
        assert!(seen.contains(name), "{name} of {seen:?}");
    }
}

#[test]
#[ignore = "takes minutes: the long tier"]
fn so_does_every_row_of_many_random_clusters() {
    for seed in 1..60 {
        holds_the_laws("a random cluster", &fuzz::scenario(seed), seed);
    }
}

#[test]
fn telling_changes_nothing() {
    let scenario = scenario(STORY);
    let stop = AtomicBool::new(false);
    let (mut looks, mut tell) = (Vec::new(), |_: &EventRow| ());
    let mut progress = |at: Instant, events: u64| looks.push((at, events));
    let told = Told { events: Some(&mut tell), progress: Some(&mut progress) };
    let options = RunOptions { every_event: true, ..RunOptions::default() };
    let watched = try_run_telling(&scenario, 3, options, &stop, told).expect("it comes to its end");
    let alone = run(&scenario, 3, options);
    assert_eq!((watched.fingerprint, watched.events), (alone.fingerprint, alone.events));
    assert!(looks.is_sorted() && looks.last().is_none_or(|(_, events)| *events <= alone.events), "{looks:?}");
}

#[test]
fn every_observation_has_a_name_that_can_be_chosen() {
    let all = kinds();
    assert!(Observation::VARIANTS.iter().chain(Detail::VARIANTS).all(|name| *name == "detail" || all.contains(name)));
    assert!(all.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')), "{all:?}");
}

#[test]
fn a_stretch_is_what_the_whole_log_says_of_it_and_no_more() {
    let (scenario, stop) = (scenario(STORY), AtomicBool::new(false));
    let all = rows(&scenario, 1);
    let (from, until) = (Instant::from_millis(7_500), Instant::from_millis(9_000));
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    let table: [(&[&str], &[&str]); 6] = [
        (&[], &[]),
        (&[], &["c2"]),
        (&[], &["t/b1/0"]),
        (&[], &["b2", "g"]),
        (&["delivered"], &[]),
        (&["arrived"], &["c1"]),
    ];
    for (kinds, follow) in table {
        let choose = || {
            let chosen = Chosen::between(from, until).of_kinds(&words(kinds)).expect("there are such rows");
            chosen.following(&words(follow), &scenario.plan).expect("they are in the plan")
        };
        let (mut chosen, mut told) = (choose(), Vec::new());
        let mut tell = |row: &EventRow| told.extend(Some(row.clone()).filter(|row| chosen.wants(row)));
        let listener = Told { events: Some(&mut tell), progress: None };
        replay(&scenario, 1, until, &stop, listener).expect("it comes to its end");
        let mut again = choose();
        let expected: Vec<EventRow> = all.iter().filter(|row| again.wants(row)).cloned().collect();
        assert_eq!(told, expected, "{kinds:?} {follow:?}");
        assert!(!told.is_empty(), "{kinds:?} {follow:?}");
        let stray = told.iter().find(|row| {
            !(from..=until).contains(&row.at)
                || !(kinds.is_empty() || kinds.contains(&row.event))
                || !(follow.is_empty() || follow.iter().any(|name| row.names(name) || row.names("10.0.0.2@c2")))
        });
        assert_eq!(stray, None, "{kinds:?} {follow:?}");
    }
}

fn file(place: &tempfile::TempDir, text: &str) -> String {
    let file = place.path().join("story.toml");
    std::fs::write(&file, text).expect("writes");
    file.to_str().expect("UTF-8").to_owned()
}

const A_DEATH: &str = "       time     number      cause  actor    event                   subject         detail
     8.000s         24          -  c2       consumer_ended          g               end=killed
     8.000s        554        548  b1       member_removed          10.0.0.2@c2     group=g connection=9 loss=closed
     8.000s        555        547  b2       member_removed          10.0.0.2@c2     group=g connection=8 loss=closed
     8.000s        556        554  c1       notified                b1
     8.001s        557        555  c1       notified                b2
     8.002s        564        563  c1       queue_taken             t/b2/0          offset=9
     8.002s        567        566  c1       queue_taken             t/b2/1          offset=10
     8.004s        581        580  c1       queue_taken             %RETRY%g/b2/0   offset=0
     8.005s        584        583  c1       queue_taken             %RETRY%g/b1/0   offset=0
";

#[test]
fn a_death_is_read_line_by_line() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = file(&place, STORY);
    let kinds = "step_taken,consumer_ended,member_removed,notified,queue_taken";
    let arguments =
        ["run", &file, "--until", "8s", "--around", "3s", "--follow", "c2", "--follow", "c1", "--only-kind", kinds];
    let (code, stdout, stderr) = rebalance_sim(&arguments);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(stdout, A_DEATH);
}

#[test]
fn a_choice_of_nothing_that_there_is_is_refused_with_what_there_is() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = file(&place, STORY);
    let out = place.path().join("out");
    let out = out.to_str().expect("UTF-8");
    let table: [(&[&str], &str); 10] = [
        (&["--until", "13s"], "--until 13s lies behind the end of the run, which is 12s"),
        (&["--until", "soon"], "is not a duration"),
        (&["--until", "5s", "--follow", "c3"], "is called `c3`; the nearest are `c1`, `c2`"),
        (&["--until", "5s", "--follow", "t/b3/0"], "a queue is written as topic/broker/number"),
        (
            &["--until", "5s", "--only-kind", "rebalanced"],
            "no event is called `rebalanced`; the nearest are `topic_rebalanced`",
        ),
        (&["--until", "5s", "--seeds", "3"], "cannot be used with"),
        (&["--around", "5s"], "--until"),
        (&["--follow", "c1"], "add --events, or --until TIME"),
        (&["--events-from", "5s"], "--events"),
        (&["--out", out, "--events", "--events-from", "5s", "--events-until", "4s"], "the first moment comes first"),
    ];
    for (more, sentence) in table {
        let (code, stdout, stderr) = rebalance_sim(&[&["run", file.as_str()], more].concat());
        assert_eq!((code, stdout.as_str()), (2, ""), "{more:?}: {stderr}");
        assert!(stderr.contains(sentence), "{more:?}: {stderr}");
    }
    let (code, stdout, stderr) = rebalance_sim(&["run", &file, "--until", "5s", "--only-kind", "retry_lost"]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("nothing of that happens between 4s and 6s"), "{stderr}");
}

/// The rules of the trace event format, and those of Perfetto beyond them: slices of a thread lie in each other or behind
/// each other, and each arrow begins and ends on one.
fn is_a_trace(trace: &Value) -> BTreeMap<(u64, u64), String> {
    let nanos = |value: &Value| (value.as_f64().expect("a time") * 1_000.0).round() as u64;
    let thread = |event: &Value| (event["pid"].as_u64().expect("a pid"), event["tid"].as_u64().expect("a tid"));
    let (mut names, mut slices, mut arrows) =
        (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
    for event in trace["traceEvents"].as_array().expect("a list") {
        assert!(event["name"].is_string(), "{event}");
        match event["ph"].as_str().expect("a phase") {
            "M" if event["name"] == "thread_name" => {
                let name = event["args"]["name"].as_str().expect("a name").to_owned();
                assert_eq!(names.insert(thread(event), name), None, "{event}");
            }
            "M" => {}
            "X" => slices.entry(thread(event)).or_default().push((nanos(&event["ts"]), nanos(&event["dur"]))),
            phase @ ("s" | "f") => {
                assert!(phase == "s" || event["bp"] == "e", "{event}");
                arrows.entry(event["id"].as_u64().expect("an id")).or_default().push((
                    phase,
                    thread(event),
                    nanos(&event["ts"]),
                ));
            }
            "i" => assert_eq!(event["s"], "g", "{event}"),
            other => panic!("phase {other}"),
        }
    }
    for (thread, slices) in &mut slices {
        assert!(names.contains_key(thread), "{thread:?} has no name");
        assert!(slices.is_sorted_by_key(|(from, _)| from), "{thread:?}");
        let mut open: Vec<u64> = Vec::new();
        for (from, length) in slices {
            open.retain(|until| *until > *from);
            assert!(open.last().is_none_or(|until| *from + *length <= *until), "{:?} at {from}", names[thread]);
            open.push(*from + *length);
        }
    }
    for (id, ends) in arrows {
        let [("s", cause, begins), ("f", effect, arrives)] = ends.as_slice() else { panic!("arrow {id}: {ends:?}") };
        assert!(begins <= arrives, "arrow {id}: {ends:?}");
        for (thread, at) in [(cause, begins), (effect, arrives)] {
            assert!(slices[thread].iter().any(|(from, length)| from == at && *length > 0), "arrow {id}: {ends:?}");
        }
    }
    names
}

fn trace(arguments: &[&str]) -> (Value, String) {
    let place = tempfile::tempdir().expect("a temporary directory");
    let out = place.path().join("out");
    let (code, _, stderr) = rebalance_sim(&[arguments, &["--trace", "--out", out.to_str().expect("UTF-8")]].concat());
    assert!(code < 2, "{arguments:?}: {stderr}");
    let text = std::fs::read_to_string(out.join("trace.json")).expect("the report has it");
    (serde_json::from_str(&text).expect("JSON"), text)
}

#[test]
fn a_timeline_keeps_the_rules_of_its_format_and_shows_what_led_to_what() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = file(&place, STORY);
    let (one, text) = trace(&["run", &file]);
    let names = is_a_trace(&one);
    let tracks: BTreeSet<&str> = names.values().map(String::as_str).collect();
    for track in ["story", "t/b1/0 owner", "c1", "c2", "c1 rebalances", "c1 events", "b2 events"] {
        assert!(tracks.contains(track), "{track} of {tracks:?}");
    }
    assert_eq!(text, trace(&["run", &file]).1, "the same run draws the same");
    let slices: Vec<(String, &Value)> = one["traceEvents"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|event| event["ph"] == "X")
        .map(|event| {
            (names[&(event["pid"].as_u64().expect("a pid"), event["tid"].as_u64().expect("a tid"))].clone(), event)
        })
        .collect();
    let at = |track: &str, begins: &str| -> Vec<f64> {
        let found = slices
            .iter()
            .filter(|(on, slice)| on == track && slice["name"].as_str().is_some_and(|n| n.starts_with(begins)));
        found.map(|(_, slice)| slice["ts"].as_f64().expect("a time")).collect()
    };
    // The kill led to what both brokers removed, that to what c1 heard, and that to what it took: each by its own arrow.
    let arrows: BTreeMap<u64, Vec<f64>> = one["traceEvents"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|event| event["ph"] == "s" || event["ph"] == "f")
        .fold(BTreeMap::new(), |mut arrows, event| {
            arrows.entry(event["id"].as_u64().expect("an id")).or_default().push(event["ts"].as_f64().expect("a time"));
            arrows
        });
    let led = |cause: f64, effect: f64| arrows.values().any(|ends| ends == &[cause, effect]);
    let [kill] = at("story", "step_taken kill")[..] else { panic!("{slices:?}") };
    for broker in ["b1 events", "b2 events"] {
        let [removed] = at(broker, "member_removed")[..] else { panic!("{broker}: {slices:?}") };
        assert!(led(kill, removed), "{broker}: {arrows:?}");
        assert!(at("c1 events", "notified").iter().any(|heard| led(removed, *heard)), "{broker}: {arrows:?}");
        // What was heard before has another cause.
        assert!(at("c1 events", "notified").iter().all(|heard| *heard > kill || !led(removed, *heard)));
    }
    assert_eq!(at("c2", "lives").len(), 1);
}

#[test]
fn timelines_of_faults_of_every_kind_keep_the_rules() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let kill = r#"{ at = "8s", action = "kill", consumer = "c2" }"#;
    let table = [
        (
            r#"{ at = "5s", action = "pause", consumer = "c1" }, { at = "9s", action = "resume", consumer = "c1" }"#,
            "c1",
            "paused",
        ),
        (
            r#"{ at = "5s", action = "kill", broker = "b2" }, { at = "9s", action = "start", broker = "b2" }"#,
            "b2",
            "down",
        ),
        (
            r#"{ at = "5s", action = "stop", consumer = "c2" }, { at = "9s", action = "start", consumer = "c2" }"#,
            "c2",
            "shutdown()",
        ),
        (
            r#"{ at = "0.2s", action = "pause", consumer = "c1" }, { at = "5s", action = "kill", consumer = "c1" }"#,
            "c1",
            "paused",
        ),
    ];
    for (timeline, track, stretch) in table {
        let file = file(&place, &STORY.replace(kill, timeline));
        let trace = trace(&["run", &file]).0;
        let names = is_a_trace(&trace);
        let events = trace["traceEvents"].as_array().expect("a list");
        let on = |event: &Value| names.get(&(event["pid"].as_u64()?, event["tid"].as_u64()?)).map(String::as_str);
        let found = events.iter().any(|event| event["name"] == stretch && on(event) == Some(track));
        assert!(found, "{timeline}: {names:?}");
    }
}

/// What is done to the events of a timeline that is right.
type Break = fn(&mut Vec<Value>);

#[test]
fn a_timeline_that_breaks_a_rule_is_caught() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let good = trace(&["run", &file(&place, STORY)]).0;
    let broken: [(&str, Break); 4] = [
        ("threads without a name", |events| events.retain(|event| event["name"] != "thread_name")),
        ("slices that cross", |events| {
            events.iter_mut().filter(|event| event["ph"] == "X").for_each(|slice| slice["dur"] = 60_000_000.into());
        }),
        ("arrows without a beginning", |events| events.retain(|event| event["ph"] != "s")),
        ("arrows that end in the void", |events| {
            events.iter_mut().filter(|event| event["ph"] == "f").for_each(|end| end["ts"] = 11_999_999.into());
        }),
    ];
    for (what, breaks) in broken {
        let mut trace = good.clone();
        breaks(trace["traceEvents"].as_array_mut().expect("a list"));
        assert!(std::panic::catch_unwind(|| is_a_trace(&trace)).is_err(), "{what} are not noticed");
    }
}
