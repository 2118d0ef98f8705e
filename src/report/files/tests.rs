//! What a CI server is told, of files in which everything went wrong that can.

use super::{Expected, FileEnd, FileResult, Played, github, junit, markdown};
use crate::report::summary::Word;
use crate::sweep::Standing;

fn played(file: &str, verdict: Word, expectations: Vec<Expected>) -> FileResult {
    let played = Played { verdict, title: "A | B".to_owned(), expectations, summary: serde_json::Value::Null };
    FileResult { file: file.to_owned(), folder: None, end: FileEnd::Played(Box::new(played)) }
}

fn expected(text: &str, line: Option<usize>, standing: Standing) -> Expected {
    let violated = standing == Standing::Violated;
    let seen = violated.then(|| "it is 5, 100% of \"them\"".to_owned());
    let replay = violated.then(|| "rebalance-sim run a,b.toml --seed 2".to_owned());
    Expected { text: text.to_owned(), line, standing, seen, replay }
}

fn all() -> Vec<FileResult> {
    vec![
        played("./holds.toml", Word::Pass, vec![expected("lost == 0", Some(3), Standing::Held)]),
        played(
            "a,b.toml",
            Word::Violated,
            vec![
                expected("phase x: lost <= 4", Some(7), Standing::Violated),
                expected("start_failed == 0", None, Standing::Violated),
                expected("lost.p99 < 4", Some(8), Standing::NeedsSeeds),
            ],
        ),
        played("silent.toml", Word::NoVerdict, vec![]),
        FileResult {
            file: "typo.toml".to_owned(),
            folder: None,
            end: FileEnd::Refused("typo.toml:8:1: `x` & <y> \u{1b}; z\n8 | x".to_owned()),
        },
        FileResult { file: "f.toml".to_owned(), folder: None, end: FileEnd::Failed("the disk".to_owned()) },
    ]
}

#[test]
fn junit_is_well_formed_and_counts() {
    let text = junit(&all());
    assert_eq!(text, junit(&all()), "no clock is in it");
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let root = document.root_element();
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count().to_string();
    for (attribute, element) in
        [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
    {
        assert_eq!(root.attribute(attribute), Some(count(element).as_str()), "{attribute}\n{text}");
    }
    assert_eq!(root.children().filter(|node| node.has_tag_name("testsuite")).count(), 5);
    let failure = document.descendants().find(|node| node.has_tag_name("failure")).expect("one is violated");
    assert_eq!(failure.attribute("message"), Some("it is 5, 100% of \"them\""));
    assert_eq!(failure.text(), Some("a,b.toml:7: phase x: lost <= 4\nrebalance-sim run a,b.toml --seed 2"));
    let error = document.descendants().find(|node| node.has_tag_name("error")).expect("one is refused");
    assert_eq!(error.text(), Some("typo.toml:8:1: `x` & <y> ?; z\n8 | x"));
}

#[test]
fn annotations_stand_at_their_lines_and_are_escaped() {
    assert_eq!(
        github(&all()),
        "::error file=a%2Cb.toml,line=7,title=phase x%3A lost <= 4::violated: phase x: lost <= 4; it is 5, 100%25 of \"them\"%0Arebalance-sim run a,b.toml --seed 2\n\
         ::error file=a%2Cb.toml,title=start_failed == 0::violated: start_failed == 0; it is 5, 100%25 of \"them\"%0Arebalance-sim run a,b.toml --seed 2\n\
         ::notice file=a%2Cb.toml,line=8,title=not judged::lost.p99 < 4 can only be judged over many seeds (--seeds 200)\n\
         ::error file=typo.toml,line=8,title=not a scenario::typo.toml:8:1: `x` & <y> \u{1b}; z%0A8 | x\n\
         ::error file=f.toml,title=a failure of rebalance-sim::the disk\n"
    );
    assert_eq!(github(&all()[..1]), "");
}

#[test]
fn a_page_has_what_is_wrong_first() {
    assert_eq!(
        markdown(&all(), "rebalance-sim run ."),
        "## 3 of 5 scenarios not as expected\n\n\
         | | scenario | | expectations |\n|---|---|---|---|\n\
         | ❌ VIOLATED | `a,b.toml` | A \\| B | 0 of 2 held, 1 can only be judged over many seeds |\n\
         | ❌ REFUSED | `typo.toml` |  |  |\n\
         | ❌ FAILED | `f.toml` |  |  |\n\
         | ➖ NO VERDICT | `silent.toml` | A \\| B | expects nothing |\n\
         | ✅ PASS | `./holds.toml` | A \\| B | 1 of 1 held |\n\n\
         - `a,b.toml:7`: `phase x: lost <= 4`; it is 5, 100% of \"them\"; `rebalance-sim run a,b.toml --seed 2`\n\
         - `a,b.toml`: `start_failed == 0`; it is 5, 100% of \"them\"; `rebalance-sim run a,b.toml --seed 2`\n\
         - `typo.toml`: typo.toml:8:1: \\`x\\` & \\<y> \u{1b}; z\n\
         - `f.toml`: the disk\n\n\
         ```sh\nrebalance-sim run .\n```\n"
    );
}
