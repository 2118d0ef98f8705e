//! What the summary says first, and that it says everything a reader needs.

use super::text::{Paint, summary};
use crate::report::{Body, Report, Story, synthetic};
use crate::sweep::{Finished, SeedResult, judge};

fn one(seed: u64, paint: Paint) -> String {
    let scenario = synthetic::scenario(12);
    let outcome = synthetic::outcome(&scenario, seed, 12);
    let result = SeedResult::from(&outcome);
    let story =
        Story { scenario: &scenario, file: "a story.toml".to_owned(), overrides: vec!["duration=4m".to_owned()] };
    let judgements = judge(&scenario.expect, std::slice::from_ref(&result));
    summary(&Report { story, judgements, body: Body::One { outcome: &outcome, result: &result } }, paint)
}

fn many(asked: &str, complete: bool) -> String {
    let scenario = synthetic::scenario(12);
    let results = (0..100).map(|seed| SeedResult::from(&synthetic::outcome(&scenario, seed, 12))).collect();
    let story = Story { scenario: &scenario, file: "story.toml".to_owned(), overrides: vec![] };
    let finished = Finished { results, complete };
    let judgements = judge(&scenario.expect, &finished.results);
    let seeds = asked.parse().expect("seeds");
    summary(&Report { story, judgements, body: Body::Many { seeds, finished: &finished } }, Paint::Plain)
}

/// The first words of the lines, in order.
fn subjects(text: &str) -> Vec<&str> {
    let known = [
        "PASS",
        "VIOLATED",
        "expectations",
        "lost",
        "worst stall",
        "duplicates",
        "balance",
        "ownership",
        "look at",
        "phase",
    ];
    text.lines().filter_map(|line| known.into_iter().find(|word| line.trim_start().starts_with(word))).collect()
}

#[test]
fn one_seed_is_told_in_the_order_of_what_matters() {
    let text = one(0, Paint::Plain);
    let order =
        ["PASS", "expectations", "lost", "worst stall", "duplicates", "balance", "ownership", "look at", "phase"];
    assert_eq!(subjects(&text), order, "{text}");
    assert!(text.contains("again: rebalance-sim run 'a story.toml' --seed 0 --set duration=4m\n"), "{text}");
    assert!(text.contains("[trap E6]: waiting for expiry"), "{text}");
}

#[test]
fn only_the_verdict_is_painted_and_only_on_request() {
    assert!(!one(0, Paint::Plain).contains('\x1b'));
    let painted = one(0, Paint::Colours);
    assert!(painted.starts_with("\x1b[1;32mPASS\x1b[0m"), "{painted}");
    assert_eq!(painted.matches('\x1b').count(), 2);
}

#[test]
fn many_seeds_are_told_as_quantiles_with_the_worst_seed_of_each() {
    let text = many("100", true);
    assert_eq!(subjects(&text)[..2], ["VIOLATED", "expectations"], "{text}");
    for words in [
        "violated: duplicates <= 20; it is",
        "in one of a hundred, at worst",
        "--seed 19   # duplicates",
        "0 in every seed",
    ] {
        assert!(text.contains(words), "{words} is missing in\n{text}");
    }
    assert!(!text.contains("INCOMPLETE"));
    assert!(many("200", false).contains("INCOMPLETE: 100 of 200 seeds from 0..200"));
}
