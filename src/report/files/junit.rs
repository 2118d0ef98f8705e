//! JUnit XML, as CI servers read it: a suite a file, a case an expectation.
//!
//! The times that other writers of this format give are of a clock, and here nothing is: the same scenarios and seeds are
//! the same bytes. Readers take a case without a time.

use std::fmt::Write as _;

use super::{Expected, FileEnd, FileResult, Played};
use crate::sweep::Standing;

/// How many cases ended how.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of(result: &FileResult) -> Self {
        let FileEnd::Played(played) = &result.end else { return Self { tests: 1, errors: 1, ..Self::default() } };
        let count = |standing| played.expectations.iter().filter(|expected| expected.standing == standing).count();
        Self {
            tests: played.expectations.len().max(1),
            failures: count(Standing::Violated),
            errors: 0,
            skipped: count(Standing::NeedsSeeds),
        }
    }

    fn attributes(&self) -> String {
        let Self { tests, failures, errors, skipped } = self;
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\"")
    }
}

/// The whole document.
#[must_use]
pub fn junit(results: &[FileResult]) -> String {
    let all = results.iter().map(Counts::of).fold(Counts::default(), |all, one| Counts {
        tests: all.tests + one.tests,
        failures: all.failures + one.failures,
        errors: all.errors + one.errors,
        skipped: all.skipped + one.skipped,
    });
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"rebalance-sim\" {}>\n",
        all.attributes()
    );
    results.iter().for_each(|result| suite(&mut text, result));
    text.push_str("</testsuites>\n");
    text
}

fn suite(text: &mut String, result: &FileResult) {
    let (file, counts) = (quoted(&result.file), Counts::of(result).attributes());
    writeln!(text, "  <testsuite name={file} {counts}>").expect("a text takes all");
    match &result.end {
        FileEnd::Played(played) => cases(text, result, played),
        FileEnd::Refused(why) => case(text, result, "is a scenario", Some(("error", "refused", why, why))),
        FileEnd::Failed(why) => case(text, result, "is played to its end", Some(("error", "failed", why, why))),
    }
    text.push_str("  </testsuite>\n");
}

fn cases(text: &mut String, result: &FileResult, played: &Played) {
    if played.expectations.is_empty() {
        case(text, result, "expects nothing", None);
    }
    for expected in &played.expectations {
        let more = body(&result.file, expected);
        let seen = expected.seen.as_deref().unwrap_or("no seed has this figure");
        case(
            text,
            result,
            &expected.text,
            match expected.standing {
                Standing::Held => None,
                Standing::Violated => Some(("failure", "violated", seen, &more)),
                Standing::NeedsSeeds => Some(("skipped", "", "this can only be judged over many seeds", "")),
            },
        );
    }
}

/// Where it stands, and the command that shows it.
fn body(file: &str, expected: &Expected) -> String {
    let place = expected.line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
    let replay = expected.replay.as_ref().map(|replay| format!("\n{replay}")).unwrap_or_default();
    format!("{place}: {}{replay}", expected.text)
}

fn case(text: &mut String, result: &FileResult, name: &str, end: Option<(&str, &str, &str, &str)>) {
    let class = result.file.trim_start_matches("./").trim_end_matches(".toml");
    write!(text, "    <testcase classname={} name={}", quoted(class), quoted(name)).expect("a text takes all");
    match end {
        None => text.push_str("/>\n"),
        Some((element, kind, message, more)) => {
            let kind = if kind.is_empty() { String::new() } else { format!(" type={}", quoted(kind)) };
            let inner = if more.is_empty() { "/>".to_owned() } else { format!(">{}</{element}>", escaped(more)) };
            writeln!(text, ">\n      <{element} message={}{kind}{inner}\n    </testcase>", quoted(message))
                .expect("a text takes all");
        }
    }
}

/// As the value of an attribute, in its quotes.
pub(in crate::report) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;"))
}

/// As text. What XML cannot hold at all is a question mark.
pub(in crate::report) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('?'),
            c => escaped.push(c),
        }
    }
    escaped
}
