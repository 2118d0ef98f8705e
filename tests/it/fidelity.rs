//! The model against recordings of the real cluster, within bounds that a mistake in it must break.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use rebalance_sim::fidelity::{ComparedTrace, Range, Story, Totals, predict_stories};
use rebalance_sim::model::plan::PlantedMistake;
use rebalance_sim::trace::Trace;

use crate::recordings::{further, names, own, public};

/// What the recorded machine is like.
const TWO_CORE_JVM: &str = include_str!("../../scenarios/environments/two-core-jvm.toml");
/// The same machine with nothing else to do, estimated from the two recordings of our own.
const QUIET: &str = include_str!("../fixtures/own_recordings/quiet.toml");

/// Least coverage of the 99 % band and share of owner maps, in percent, and the greatest yardstick ratio.
const BOUNDS: (f64, f64, f64) = (97.0, 100.0, 1.5);

fn predicted(traces: &[Trace], environment: &str, planted: Option<PlantedMistake>) -> Totals {
    let story = |trace| {
        let mut story = Story::of(trace, environment).unwrap_or_else(|error| panic!("{error}"));
        story.scenario.plan.planted = planted;
        story
    };
    let stories: Vec<Story> = traces.iter().map(story).collect();
    let jobs = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let seeds = "200".parse().expect("a number of seeds");
    let compared: Vec<ComparedTrace> = predict_stories(traces, &stories, seeds, jobs, &AtomicBool::new(false), || ())
        .unwrap_or_else(|error| panic!("{error}"));
    Totals::of(&compared)
}

/// The figures, where one of them is past its bound.
fn past(totals: &Totals) -> Option<String> {
    let (coverage, maps, ratio) = BOUNDS;
    let found = (totals.coverage(), totals.owner_maps(), totals.yardstick_ratio.expect("a story has two recordings"));
    let held = found.0 >= coverage && found.1 >= maps && found.2 <= ratio;
    (!held).then(|| format!("coverage {:.2} %, owner maps {:.2} %, ratio {:.2}", found.0, found.1, found.2))
}

#[test]
fn recordings_of_a_join_are_within_the_bounds() {
    assert_eq!(past(&predicted(&["join.1", "join.2"].map(public), TWO_CORE_JVM, None)), None);
}

#[test]
#[ignore = "long tier: 200 seeds of 58 recordings"]
fn every_public_recording_is_within_the_bounds() {
    let traces: Vec<Trace> = names().iter().map(|name| public(name)).collect();
    assert_eq!(traces.len(), 58);
    assert_eq!(past(&predicted(&traces, TWO_CORE_JVM, None)), None);
}

#[test]
#[ignore = "long tier: 200 seeds of 10 recordings"]
fn stories_it_was_not_made_with_are_within_the_bounds() {
    let totals = predicted(&further(), TWO_CORE_JVM, None);
    assert!(totals.coverage() >= BOUNDS.0, "coverage {:.2} %", totals.coverage());
    assert!(totals.owner_maps() >= BOUNDS.1, "owner maps {:.2} %", totals.owner_maps());
}

/// A mistake breaks bounds that hold without it.
fn breaks_the_bounds(mistake: PlantedMistake, traces: &[Trace], environment: &str) {
    assert_eq!(past(&predicted(traces, environment, None)), None, "without a mistake");
    let broken = past(&predicted(traces, environment, Some(mistake)));
    println!("{mistake:?}: {broken:?}");
    assert!(broken.is_some(), "the recordings do not notice {mistake:?}");
}

#[test]
#[ignore = "long tier: 200 seeds of 2 recordings, twice"]
fn an_expiry_that_tells_breaks_the_bounds() {
    let traces = ["silent_stop.3", "silent_stop.4"].map(public);
    breaks_the_bounds(PlantedMistake::ExpirySendsChange, &traces, TWO_CORE_JVM);
}

#[test]
#[ignore = "long tier: 200 seeds of 3 recordings, twice"]
fn locks_that_end_with_a_connection_break_the_bounds() {
    let traces = ["orderly_kill9.1", "orderly_kill9.3", "orderly_kill9.4"].map(public);
    breaks_the_bounds(PlantedMistake::LocksReleasedOnDisconnect, &traces, TWO_CORE_JVM);
}

#[test]
#[ignore = "long tier: 200 seeds of 4 recordings, twice"]
fn a_route_that_wakes_breaks_the_bounds() {
    let traces = ["add_queues.1", "add_queues.2", "add_queues.3", "add_queues.4"].map(public);
    breaks_the_bounds(PlantedMistake::RebalanceOnRouteChange, &traces, TWO_CORE_JVM);
}

// The two recordings of our own show what no public one can: with 100 messages a second every pull carries an offset that
// is some 80 ms old, and JVMs that start beside each other take a second anyway.

#[test]
#[ignore = "long tier: 200 seeds of 2 recordings, twice"]
fn a_first_rebalance_without_a_pause_breaks_the_bounds() {
    let traces = ["orderly_joins.1", "orderly_joins.2"].map(own);
    breaks_the_bounds(PlantedMistake::FirstRebalanceWithoutMinimum, &traces, QUIET);
}

#[test]
#[ignore = "long tier: 200 seeds of 2 recordings, twice"]
fn a_drop_that_commits_nothing_breaks_the_bounds() {
    let traces = ["orderly_joins.1", "orderly_joins.2"].map(own);
    breaks_the_bounds(PlantedMistake::NoCommitBeforeDrop, &traces, QUIET);
}

#[test]
fn the_measured_range_is_that_of_the_recordings() {
    let traces: Vec<Trace> = names().iter().map(|name| public(name)).collect();
    let range = Range::public();
    for trace in &traces {
        let story = Story::of(trace, TWO_CORE_JVM).unwrap_or_else(|error| panic!("{error}"));
        let left = range.left_by(&story.scenario.plan);
        assert!(left.is_empty(), "{}: {left:?}", trace.name);
    }
    let most = |of: fn(&Trace) -> u64| traces.iter().map(of).max().expect("there are recordings");
    assert_eq!(range.brokers as u64, most(|trace| trace.header.brokers.len() as u64));
    assert_eq!(range.topics as u64, most(|trace| trace.header.topics.len() as u64));
    assert_eq!(range.messages_per_second, most(|trace| trace.header.send_rate_per_s as u64));
    assert_eq!(range.listener_ms, most(|trace| trace.header.work_ms));
}

/// Who comes for another who went makes a group no larger than it was.
#[test]
fn the_range_counts_who_lived_at_once() {
    let step =
        |second: usize, action, who| format!("{{ at = \"{second}s\", action = \"{action}\", consumer = \"c{who}\" }}");
    let kills: Vec<String> = (1..6).map(|who| step(10 * who - 1, "kill", who)).collect();
    let restart = [step(20, "stop", 1), step(30, "start", 1)].join(", ");
    // The last of them comes at 50 s, each 10 s after the one before; or all come at once.
    for (every, timeline, said) in [
        (10, kills.join(", "), None),
        (10, String::new(), Some("6 consumers in a group (measured up to 4)")),
        (10, kills[1..].join(", "), None),
        (0, kills.join(", "), Some("6 consumers in a group (measured up to 4)")),
        (10, [restart, kills[1..].join(", ")].join(", "), None),
    ] {
        let consumer = |who: usize| format!("{{ name = \"c{who}\", start = \"{}s\" }}", every * (who - 1));
        let consumers: Vec<String> = (1..=6).map(consumer).collect();
        let text = format!(
            "title = \"t\"\nquestion = \"?\"\nduration = \"90s\"\nbrokers = [\"b\"]\ntopics = [{{ name = \"t\", queues = 2 }}]\n\
             groups = [{{ name = \"g\", topics = [\"t\"], consumers = [{}] }}]\ntimeline = [{timeline}]\n",
            consumers.join(", ")
        );
        let left = Range::public().left_by(&crate::story::scenario(&text).plan);
        assert_eq!(left.first().map(String::as_str), said, "every {every} s, {timeline}");
    }
}

#[test]
fn the_page_of_results_states_the_published_distance() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let read = |name: &str| std::fs::read_to_string(format!("{root}{name}")).unwrap_or_else(|e| panic!("{name}: {e}"));
    let summary: serde_json::Value = serde_json::from_str(&read("results/fidelity/summary.json")).expect("it is JSON");
    let number = |key: &str| summary[key].as_f64().unwrap_or_else(|| panic!("{key} in {summary}"));
    let (in_band, values) = (number("in_band"), number("values"));
    let (owner_maps, phases) = (number("owner_maps"), number("phases"));
    let page = read("results/README.md");
    for figure in [
        format!("**{:.1} %** (1,{:03} of 1,{:03})", number("coverage_percent"), in_band - 1_000.0, values - 1_000.0),
        format!("**{:.0} %** ({owner_maps} of {phases})", number("owner_maps_percent")),
        format!(
            "**{:.2}** ({:.2} to {:.2})",
            number("yardstick_ratio"),
            summary["yardstick_ratio_interval"][0].as_f64().expect("a number"),
            summary["yardstick_ratio_interval"][1].as_f64().expect("a number")
        ),
    ] {
        assert!(page.contains(&figure), "results/README.md does not say {figure}");
    }
}
