//! Step mode and the page's own help, with keys alone.

use super::browser::Browser;
use super::{STORY, page};

const SAID: &str = "document.querySelector('.said').textContent";

/// Chooses what is stepped through.
fn step_through(browser: &mut Browser, kind: &str) {
    browser.ask(&format!(
        "(() => {{ const choice = document.querySelector('.steps select'); choice.value = '{kind}'; \
         choice.dispatchEvent(new Event('change', {{ bubbles: true }})); document.activeElement.blur(); }})()"
    ));
}

#[test]
fn a_run_is_stepped_through_with_keys() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = page(place.path(), STORY, "report.html", &["run", "story.toml"]);
    let Some(mut browser) = Browser::open(1_280, "light") else { return };
    browser.visit(&file);
    let table: [(&str, &[(&str, &str)]); 3] = [
        (
            "steps of the timeline",
            &[
                ("ArrowRight", "1/3  0.000s  step: start c1"),
                ("ArrowRight", "2/3  10.000s  step: power"),
                ("ArrowRight", "3/3  170.000s  step: kill"),
                ("ArrowLeft", "2/3"),
            ],
        ),
        ("changes of owners", &[("ArrowRight", "c2 takes %RETRY%"), ("ArrowLeft", "nobody any more (was c1)")]),
        ("findings", &[("ArrowRight", "begins: "), ("ArrowLeft", "10.000s  begins: unowned: waiting for expiry")]),
    ];
    for (kind, steps) in table {
        step_through(&mut browser, kind);
        for (key, said) in steps {
            browser.press(key);
            let is = browser.ask(SAID);
            assert!(is.as_str().is_some_and(|is| is.contains(said)), "{kind}, {key}: {is} for {said:?}");
        }
    }
    // From finding to finding, each with its story.
    let title = "document.querySelector('.story:not([hidden]) h2')?.textContent ?? ''";
    let stories = ["n", "n", "p"].map(|key| {
        browser.press(key);
        browser.ask(title)
    });
    assert!(stories[0] == stories[2] && stories[0] != "" && stories[1] != stories[0], "{stories:?}");
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn the_page_says_which_keys_it_has() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = page(place.path(), STORY, "report.html", &["run", "story.toml"]);
    let Some(mut browser) = Browser::open(1_280, "light") else { return };
    browser.visit(&file);
    let help = "document.querySelector('dialog.help[open]')?.textContent ?? ''";
    assert_eq!(browser.ask(help), "");
    browser.press("?");
    let said = browser.ask(help);
    for word in ["Step mode", "next finding", "search the table", "Escape", "zoom"] {
        assert!(said.as_str().is_some_and(|said| said.contains(word)), "{word}: {said}");
    }
    // Keys of the page do nothing below it.
    let before = browser.ask(SAID);
    browser.press("ArrowRight");
    assert_eq!(browser.ask(SAID), before);
    browser.press("Escape");
    assert_eq!(browser.ask(help), "");
    browser.press("ArrowRight");
    assert_ne!(browser.ask(SAID), before);
    // Who types means the field.
    browser.press("/");
    browser.press("n");
    assert_eq!(browser.ask("document.activeElement.value"), "n");
    assert_eq!(browser.complaints(), [""; 0]);
}
