//! The story of a finding on a page is the one that `explain` tells, and one gets to it from the table and from the timeline.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::browser::Browser;
use super::{STORY, page};

/// Chooses a finding in the table and answers what is then told.
const TOLD: &str = r#"(async () => {
  const frame = () => new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done, 0)), 20));
  const choose = (label, number) => {
    const select = document.querySelector(`select[aria-label="${label}"]`);
    select.selectedIndex = number;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  choose("severity", 0);
  const measured = document.querySelector(".filters input[type=checkbox]");
  measured.checked = false;
  measured.dispatchEvent(new Event("change", { bubbles: true }));
  const texts = (selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent);
  const told = [];
  for (const line of [...document.querySelectorAll(".findings tbody tr")]) {
    line.querySelector("button").click();
    await frame();
    const story = document.querySelector(".story");
    told.push({
      isTold: line.querySelector("td.told").textContent === "◆",
      title: story.querySelector("h2").textContent,
      command: story.querySelector(".again .command code")?.textContent ?? "",
      chain: texts(".story .finding:first-of-type .chain li > b"),
      waits: texts(".story .chain .waited"),
      spent: texts(".story .spent tbody th").map((text) => text.split("\n")[0]),
      shorter: texts(".story .explained .command code"),
      current: document.querySelectorAll(".findings tr[aria-current]").length,
    });
  }
  return { told, said: document.querySelector(".stories-told").textContent };
})()"#;

fn open(place: &Path, story: &str) -> Option<Browser> {
    let file = page(place, story, "report.html", &["run", "story.toml"]);
    let mut browser = Browser::open(1_280, "light")?;
    browser.visit(&file);
    Some(browser)
}

/// What a command of a page prints, in the folder of the story.
fn output(place: &Path, command: &str) -> (bool, String) {
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let run =
        Command::new(env!("CARGO_BIN_EXE_rebalance-sim")).current_dir(place).args(words).output().expect("it runs");
    (run.status.success(), String::from_utf8_lossy(&run.stdout).into_owned())
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[test]
fn the_story_of_a_finding_is_the_one_that_its_command_tells() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let Some(mut browser) = open(place.path(), STORY) else { return };
    let seen = browser.ask(TOLD);
    assert_eq!(browser.complaints(), [""; 0]);
    let all = seen["told"].as_array().expect("a list");
    let told: Vec<&Value> = all.iter().filter(|row| row["isTold"] == true).collect();
    assert!(told.len() >= 4, "{seen:#}");
    assert!(seen["said"].as_str().is_some_and(|said| said.contains("have their story here")), "{seen:#}");
    for row in &told {
        let command = row["command"].as_str().expect("a command");
        let (held, text) = output(place.path(), command);
        assert!(held && text.starts_with("EXPLAINED"), "{command}: {text}");
        let (chain, spent) = (texts(&row["chain"]), texts(&row["spent"]));
        let lines = text
            .lines()
            .filter(|line| line.trim_start().split_once(". ").is_some_and(|(n, _)| n.parse::<u32>().is_ok()));
        let actors: Vec<String> =
            lines.map(|line| line.split_whitespace().skip(2).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(chain.len(), actors.len(), "{command}: {text}");
        for (shown, line) in chain.iter().zip(&actors) {
            assert!(line.starts_with(shown), "{command}: {shown} for {line}");
        }
        for said in spent.iter().copied().chain(texts(&row["waits"])).chain(texts(&row["shorter"])) {
            let known = text.contains(said) || spent.iter().any(|name| said.starts_with(name));
            assert!(known, "{command} does not say {said:?}: {text}");
        }
    }
    for row in all {
        assert!(row["current"] == 1 && row["command"].as_str().is_some_and(|command| !command.is_empty()), "{row:#}");
    }
}

#[test]
fn of_many_findings_the_others_have_the_command() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let story = STORY.replace("queues = 2", "queues = 30");
    let Some(mut browser) = open(place.path(), &story) else { return };
    let seen = browser.ask(TOLD);
    assert_eq!(browser.complaints(), [""; 0]);
    assert!(seen["said"].as_str().is_some_and(|said| said.contains("the worst 24 have")), "{}", seen["said"]);
    let all = seen["told"].as_array().expect("a list");
    let other = all.iter().find(|row| {
        row["isTold"] == false && row["command"].as_str().is_some_and(|command| command.contains(" explain "))
    });
    let command = other.and_then(|row| row["command"].as_str()).expect("one has no story");
    let (held, text) = output(place.path(), command);
    assert!(held && text.starts_with("EXPLAINED"), "{command}: {text}");
}

/// What follows from a finding that is chosen: where it is marked, and who has the keys.
const MARKED: &str = "(() => ({
  story: document.querySelector('.story:not([hidden]) h2')?.textContent ?? '',
  current: document.querySelector('.findings tr[aria-current] td:nth-child(5)')?.textContent ?? '',
  inTable: document.activeElement.closest?.('.findings tbody') !== null,
  onTimeline: document.activeElement.classList.contains('rows'),
  values: document.querySelector('.chart-title b').textContent,
}))()";

#[test]
fn table_and_timeline_lead_to_each_other() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let Some(mut browser) = open(place.path(), STORY) else { return };
    // From the table to the timeline and back, with keys alone.
    browser.ask("document.querySelector('.findings tbody button').focus()");
    browser.press("ArrowDown");
    browser.press("Enter");
    let chosen = browser.ask(MARKED);
    assert!(chosen["story"].as_str().is_some_and(|story| !story.is_empty()), "{chosen:#}");
    assert_ne!(chosen["values"], "", "the charts say the values of its beginning: {chosen:#}");
    browser.press("Escape");
    let closed = browser.ask(MARKED);
    assert_eq!((&closed["story"], &closed["inTable"]), (&"".into(), &true.into()), "{closed:#}");
    // From the timeline to the table: the mouse on a gap, then the key.
    browser.ask("document.querySelector('.rows').focus()");
    browser.press("0");
    browser.ask("document.querySelector('.rows').scrollIntoView({ block: 'center' })");
    let around = browser.ask("(() => { const box = document.querySelector('.rows').getBoundingClientRect(); return [box.left, box.right, box.top]; })()");
    let edge = |at: usize| around[at].as_f64().expect("a number");
    let gap = (edge(0) + 190.0 + 0.5 * (edge(1) - edge(0) - 204.0), edge(2) + 35.0);
    browser.mouse("mousePressed", gap);
    browser.mouse("mouseReleased", gap);
    browser.press("t");
    let found = browser.ask(MARKED);
    assert!(found["story"].as_str().is_some_and(|story| story.contains("orders/broker-a/0")), "{found:#}");
    assert_eq!((&found["current"], &found["inTable"]), (&"orders/broker-a/0".into(), &true.into()), "{found:#}");
    assert_eq!(browser.complaints(), [""; 0]);
}
