//! Pages as their readers meet them: in a browser, with a mouse and keys.

mod browser;
mod explained;
mod keys;
mod variation;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use self::browser::Browser;
/// A kill that the others hear of at once, and a power-off that a broker finds out late.
const STORY: &str = r#"
title = "A kill & a <power-off>"
question = "Who has the queues?"
duration = "180s"
brokers = ["broker-a", "broker-b"]
expect = ["lost == 0", "stalled.max <= 5s"]
topics = [{ name = "orders", queues = 2 }]
producers = [{ topic = "orders", rate = "5/s" }]
groups = [{ name = "billing", topics = ["orders"], count = 3 }]
[[timeline]]
at = "10s"
action = "power_off"
consumer = "c1"
mark = "power"
[[timeline]]
at = "170s"
action = "kill"
consumer = "c3"
mark = "kill"
"#;

/// Runs a command in a folder with the story, and answers the page that it wrote.
fn page(place: &Path, story: &str, page: &str, command: &[&str]) -> std::path::PathBuf {
    std::fs::write(place.join("story.toml"), story).expect("writes");
    let mut program = Command::new(env!("CARGO_BIN_EXE_rebalance-sim"));
    let run = program.current_dir(place).args(command).args(["--out", "out"]).output().expect("it runs");
    let page = place.join("out").join(page);
    assert!(page.is_file(), "{}", String::from_utf8_lossy(&run.stderr));
    page
}

/// What the probe sees on a page, in a browser as wide as this.
fn seen(file: &Path, width: u32, scheme: &str) -> Option<(Value, Browser)> {
    let mut browser = Browser::open(width, scheme)?;
    browser.visit(file);
    let seen = browser.ask(include_str!("probe.js"));
    assert_eq!(browser.complaints(), [""; 0], "{file:?}");
    Some((seen, browser))
}

/// Holds each entry to what must stand in it.
fn holds(seen: &Value, table: &[(&str, &str)]) {
    for (name, word) in table {
        let said = seen[name].as_str().map_or_else(|| seen[name].to_string(), str::to_owned);
        assert!(said.contains(word), "{name} lacks {word:?}: {said:?}\n{seen:#}");
    }
}

#[test]
fn a_report_can_be_looked_into() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = page(place.path(), STORY, "report.html", &["run", "story.toml"]);
    let Some((seen, mut browser)) = seen(&file, 1_280, "light") else { return };
    holds(
        &seen,
        &[
            ("title", "A kill & a <power-off>"),
            ("verdict", "VIOLATED"),
            ("headings", "messages behind, all queues together"),
            ("headings", "latency, from stored to handed to a listener"),
            // At 60 % of 180 s c1 is dead, and nobody knows.
            ("hover", "orders/broker-a/0 at 10"),
            ("hover", "ownernobody"),
            ("hover", "since10.000s"),
            ("hover", "waiting for expiry"),
            ("values", "not handed out"),
            ("hoverOnHead", ""),
            ("tipAfterwards", "false"),
            ("click", "stall for"),
            ("click", "channelExpiredTimeout"),
            ("command", "rebalance-sim explain story.toml --seed 0"),
            ("storyAfterwards", "false"),
            ("command", "--what"),
            ("firstStep", "c2 takes orders/broker-a/0, which nobody had for 1m52s"),
            ("range", "0.000s to 180.000s of 3m"),
            ("whole", "0.000s to 180.000s of 3m"),
            ("chosen", "orders/broker-"),
            ("byConsumer", "orders/broker-"),
            ("found", "waiting for expiry"),
            ("told", "waiting for expiry"),
            ("told", "advice"),
            ("asTable", "orders/broker-a/0"),
            ("scenario", "title = \"A kill & a <power-off>\""),
        ],
    );
    let number = |name: &str| seen[name].as_i64().unwrap_or_else(|| panic!("{name}: {seen:#}"));
    for (canvas, least) in [("rows", 10), ("axis", 3), ("charts", 4), ("rowsByConsumer", 10)] {
        assert!(number(canvas) >= least, "{canvas} draws {} colours", number(canvas));
    }
    for changed in ["closer", "wheel"] {
        assert_ne!(seen[changed], seen["whole"], "{changed} looks at all of it");
    }
    for (one, other) in
        [("closer", "moved"), ("before", "shown"), ("firstStep", "secondStep"), ("secondStep", "thirdStep")]
    {
        assert_ne!(seen[one], seen[other]);
    }
    // The same with the mouse itself.
    let around = browser.ask("(() => { const box = document.querySelector('.rows').getBoundingClientRect(); return [box.left, box.right, box.top]; })()");
    let edge = |at: usize| around[at].as_f64().expect("a number");
    let place = (edge(0) + 190.0 + 0.5 * (edge(1) - edge(0) - 204.0), edge(2) + 40.0);
    browser.mouse("mouseMoved", place);
    let tip = browser.ask("document.querySelector('.tip:not([hidden])')?.textContent ?? ''");
    assert!(tip.as_str().is_some_and(|tip| tip.contains("orders/broker-a/")), "{tip}");
    browser.mouse("mousePressed", place);
    browser.mouse("mouseReleased", place);
    let story = browser.ask("document.querySelector('.story:not([hidden])')?.textContent ?? ''");
    assert!(story.as_str().is_some_and(|story| story.contains("rebalance-sim explain")), "{story}");
}

#[test]
fn a_page_fits_a_narrow_window_and_dark_colours() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = page(place.path(), STORY, "report.html", &["run", "story.toml"]);
    let colour = "getComputedStyle(document.body).backgroundColor";
    for (width, scheme, paper) in [(800, "dark", "rgb(22, 25, 28)"), (380, "light", "rgb(255, 255, 255)")] {
        let Some((seen, mut browser)) = seen(&file, width, scheme) else { return };
        assert!(seen["wide"].as_i64().is_some_and(|beyond| beyond <= 0), "{width}: {}", seen["wide"]);
        assert_eq!(browser.ask(colour), paper);
    }
}

#[test]
fn many_seeds_show_the_worst_whole() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = page(place.path(), STORY, "report.html", &["run", "story.toml", "--seeds", "3"]);
    let Some((seen, _)) = seen(&file, 1_280, "light") else { return };
    holds(&seen, &[("headings", "Over the seeds"), ("worst", "stalled.max <= 5s"), ("click", "rebalance-sim explain")]);
}

#[test]
fn a_comparison_has_a_strip_for_each_figure() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let command = ["compare", "story.toml", "--set", "later:timeline.1.at=100s", "--seeds", "6"];
    let file = page(place.path(), STORY, "comparison.html", &command);
    let Some((seen, mut browser)) = seen(&file, 1_280, "light") else { return };
    holds(&seen, &[("verdict", "COMPARED"), ("headings", "B beside A: later")]);
    let strips = browser.ask("document.querySelectorAll('svg.strip .mean').length");
    assert!(strips.as_u64().is_some_and(|strips| strips > 0), "{strips}");
}

#[test]
fn five_hundred_queues_make_no_more_elements_than_three() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let story = STORY.replace("queues = 2", "queues = 250").replace("180s", "30s").replace("170s", "20s");
    let file = page(place.path(), &story, "report.html", &["run", "story.toml"]);
    let Some((seen, _)) = seen(&file, 1_280, "light") else { return };
    holds(&seen, &[("hover", "orders/broker-a/"), ("command", "rebalance-sim explain")]);
    // The table shows two hundred findings at most, each of nine elements.
    assert!(seen["elements"].as_u64().is_some_and(|elements| elements < 4_000), "{}", seen["elements"]);
}
