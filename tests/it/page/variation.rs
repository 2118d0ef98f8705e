//! The page that `vary` writes: values are read by pointing at them and with keys, and commands are there to copy.

use super::browser::Browser;
use super::{STORY, holds, page};

/// What stands on the page, and what a point of it tells when it is pointed at and when it is chosen.
const SEEN: &str = r#"(async () => {
  const frame = () => new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done, 0)), 20));
  const text = (selector) => document.querySelector(selector)?.textContent ?? "(nothing)";
  const seen = { headings: [...document.querySelectorAll("h1, h2, h3")].map((each) => each.textContent).join(" | ") };
  const marks = [...document.querySelector(".varied").querySelectorAll("[data-number]")];
  seen.marks = marks.length;
  seen.stops = marks.filter((mark) => mark.getAttribute("tabindex") === "0").length;
  const box = marks[1].getBoundingClientRect();
  marks[1].dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + 5, clientY: box.top + 5, bubbles: true }));
  await frame();
  seen.hover = text(".tip:not([hidden])");
  marks[1].dispatchEvent(new PointerEvent("pointerleave"));
  await frame();
  seen.afterwards = text(".tip:not([hidden])");
  marks[0].focus();
  seen.knee = text(".knee-said");
  seen.kneesDrawn = document.querySelectorAll(".curve line.knee").length;
  seen.table = text(".varied table");
  seen.ends = text(".ends-said");
  seen.again = text("footer .command code");
  seen.wide = document.documentElement.scrollWidth - innerWidth;
  seen.paper = getComputedStyle(document.body).backgroundColor;
  return seen;
})()"#;

const DETAIL: &str = "document.querySelector('.detail').textContent";

fn command(over: &[&'static str], seeds: &'static str) -> Vec<&'static str> {
    [&["vary", "story.toml"], over, &["--figure", "unowned.max", "--seeds", seeds]].concat()
}

#[test]
fn a_curve_is_read_value_by_value() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let command = command(&["--over", "broker.channelExpiredTimeout=20s,40s,60s,80s"], "6");
    let file = page(place.path(), STORY, "variation.html", &command);
    let Some(mut browser) = Browser::open(1_280, "light") else { return };
    browser.visit(&file);
    let seen = browser.ask(SEEN);
    holds(
        &seen,
        &[
            ("headings", "VARIED A kill & a <power-off>"),
            ("headings", "unowned.max"),
            ("marks", "4"),
            ("stops", "1"),
            ("hover", "channelExpiredTimeout 40s"),
            ("hover", "median (p50)"),
            ("hover", "mean difference to the first+"),
            ("hover", "told apart"),
            ("afterwards", "(nothing)"),
            ("knee", "knee at channelExpiredTimeout 40s"),
            ("kneesDrawn", "1"),
            ("table", " knee"),
            ("table", "80s"),
            ("again", "rebalance-sim vary story.toml --over broker.channelExpiredTimeout=20s,40s,60s,80s"),
        ],
    );
    // With keys: from value to value, and the commands of one.
    browser.press("ArrowRight");
    browser.press("ArrowRight");
    browser.press("Enter");
    let detail = browser.ask(DETAIL);
    for word in
        ["at channelExpiredTimeout 60s", "Its worst seed", "--set broker.channelExpiredTimeout=60s", "--seeds 0..6"]
    {
        assert!(detail.as_str().is_some_and(|detail| detail.contains(word)), "{word}: {detail}");
    }
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn two_values_have_no_knee_and_two_seeds_tell_nothing_apart() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let command = command(&["--over", "broker.channelExpiredTimeout=20s,40s"], "2");
    let file = page(place.path(), STORY, "variation.html", &command);
    let Some(mut browser) = Browser::open(1_280, "dark") else { return };
    browser.visit(&file);
    let seen = browser.ask(SEEN);
    holds(
        &seen,
        &[
            ("knee", "knee none is looked for: it takes three values"),
            ("kneesDrawn", "0"),
            ("hover", "cannot be told apart"),
            ("paper", "rgb(22, 25, 28)"),
        ],
    );
}

#[test]
fn a_heat_map_fits_a_narrow_window_and_dark_colours() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let over = ["--over", "broker.channelExpiredTimeout=20s,40s", "--over", "group.count=2..=4+1"];
    // The group has two members at least.
    let story = STORY.replace("\"c3\"", "\"c2\"");
    let file = page(place.path(), &story, "variation.html", &command(&over, "2"));
    for (width, scheme, paper) in [(1_280, "light", "rgb(255, 255, 255)"), (400, "dark", "rgb(22, 25, 28)")] {
        let Some(mut browser) = Browser::open(width, scheme) else { return };
        browser.visit(&file);
        let seen = browser.ask(SEEN);
        holds(
            &seen,
            &[
                ("marks", "6"),
                ("hover", "channelExpiredTimeout 20s and count 3"),
                ("ends", "most: "),
                ("ends", "channelExpiredTimeout 40s and count"),
                ("paper", paper),
            ],
        );
        assert!(seen["wide"].as_i64().is_some_and(|beyond| beyond <= 0), "{width}: {}", seen["wide"]);
        browser.press("ArrowDown");
        browser.press("Enter");
        let detail = browser.ask(DETAIL);
        assert!(
            detail.as_str().is_some_and(|detail| detail.contains("channelExpiredTimeout 40s and count 2")),
            "{detail}"
        );
        assert_eq!(browser.complaints(), [""; 0]);
    }
}
