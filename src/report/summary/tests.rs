//! What the summary says first, that it is short, and that nothing a reader needs is left out.

use std::collections::BTreeMap;

use super::chosen::{Asked, Chosen, chosen};
use super::text::{Extent, Paint, summary};
use crate::check::{Cause, Figure, Trap, known_figures};
use crate::kernel::Span;
use crate::report::{Body, Report, Story, synthetic};
use crate::scenario::{Expectation, Scenario};
use crate::sweep::{Finished, SeedResult, judge};

fn one(scenario: &Scenario, seed: u64, paint: Paint, extent: Extent) -> String {
    let outcome = synthetic::outcome(scenario, seed, 12);
    let result = SeedResult::from(&outcome);
    let story = Story { scenario, file: "a story.toml".to_owned(), overrides: vec!["duration=4m".to_owned()] };
    let judgements = judge(&scenario.expect, std::slice::from_ref(&result));
    summary(
        &Report {
            story,
            judgements,
            body: Body::One { outcome: &outcome, result: &result },
            shown: vec![],
            stories: vec![],
        },
        paint,
        extent,
    )
}

/// A hundred seeds, after something was done to their results.
fn many(asked: &str, complete: bool, extent: Extent, change: impl Fn(&mut SeedResult)) -> String {
    many_of(100, asked, complete, extent, change)
}

/// The same of so many seeds.
fn many_of(count: u64, asked: &str, complete: bool, extent: Extent, change: impl Fn(&mut SeedResult)) -> String {
    let scenario = synthetic::scenario(12);
    let mut results: Vec<SeedResult> =
        (0..count).map(|seed| SeedResult::from(&synthetic::outcome(&scenario, seed, 12))).collect();
    results.iter_mut().for_each(change);
    let story = Story { scenario: &scenario, file: "story.toml".to_owned(), overrides: vec![] };
    let finished = Finished { results, complete };
    let judgements = judge(&scenario.expect, &finished.results);
    let seeds = asked.parse().expect("seeds");
    summary(
        &Report { story, judgements, body: Body::Many { seeds, finished: &finished }, shown: vec![], stories: vec![] },
        Paint::Plain,
        extent,
    )
}

/// The first words of the lines that begin with one.
fn subjects(text: &str) -> Vec<&str> {
    let begins = |line: &&str| !line.starts_with("    ") && !line.trim().is_empty();
    text.lines().filter(begins).map(|line| line.trim_start().split("  ").next().expect("a word")).collect()
}

#[test]
fn one_seed_is_told_in_the_order_of_what_matters() {
    let text = one(&synthetic::scenario(12), 0, Paint::Plain, Extent::Brief);
    let order = [
        "PASS",
        "How long do its queues stand still, and how many messages come twice?",
        "expectations",
        "duplicates",
        "stalled.max",
        "unowned.max",
        "double_owned.max",
        "zero",
        "phase",
        "power off c1",
        "look at",
        "again",
        "why",
        "extrapolated",
        "more",
    ];
    assert_eq!(subjects(&text), order, "{text}");
    for words in [
        "(a story.toml, seed 0, environment quiet-lan)\n",
        "again         rebalance-sim run 'a story.toml' --seed 0 --set duration=4m\n",
        "[trap E6]: expiry tells nobody",
        "orders/broker-a/1 from 1m to 1m18.6s: unowned (waiting for expiry)\n",
        "zero          lost\n",
        "`rebalance-sim explain-word waiting_for_expiry` says why",
    ] {
        assert!(text.contains(words), "{words} is missing in\n{text}");
    }
}

#[test]
fn only_the_verdict_is_painted_and_only_on_request() {
    let scenario = synthetic::scenario(12);
    assert!(!one(&scenario, 0, Paint::Plain, Extent::Brief).contains('\x1b'));
    let painted = one(&scenario, 0, Paint::Colours, Extent::Brief);
    assert!(painted.starts_with("\x1b[1;32mPASS\x1b[0m"), "{painted}");
    assert_eq!(painted.matches('\x1b').count(), 2);
}

#[test]
fn many_seeds_are_told_as_quantiles_and_by_the_seeds_that_show_a_thing() {
    let text = many("100", true, Extent::Brief, |_| ());
    let order = ["VIOLATED", "How long", "expectations", "figure", "duplicates", "stalled.max", "unowned.max"];
    for (subject, expected) in subjects(&text).into_iter().zip(order) {
        assert!(subject.starts_with(expected), "{subject} is not {expected} in\n{text}");
    }
    for words in [
        "violated: duplicates <= 20; broken in 5",
        "crash lag in 100 of 100 seeds, typically 1",
        "unowned (waiting for expiry) in 100 of 100 seeds, the longest typically 1",
        "traps         E6 in 100 of 100 seeds\n",
        "always zero   lost\n",
        "again         rebalance-sim run story.toml --seed 19   # farthest from duplicates <= 20\n",
        "   all   longest time of a queue without owner\n",
    ] {
        assert!(text.contains(words), "{words} is missing in\n{text}");
    }
    assert!(text.lines().count() <= 24, "{text}");
    assert!(!text.contains("INCOMPLETE"));
    assert!(many("200", false, Extent::Brief, |_| ()).contains("INCOMPLETE: 100 of 200 seeds from 0..200"));
}

#[test]
fn what_few_seeds_show_is_told_with_their_number() {
    let text = many("100", true, Extent::Brief, |result| {
        result.outside.lost = u64::from(result.seed % 25 == 3) * result.seed;
        if result.seed == 7 {
            result.windows[0].figures.insert("lost".to_owned(), Figure::Count(5));
            result.sightings.insert("trap.E12".to_owned(), 1);
            result.traps.insert(Trap::E12);
            result.sightings.insert("trap.E47".to_owned(), 1);
        }
    });
    for words in [
        "violated: lost == 0; broken in 1 of 100 seeds, worst 5 (seed 7)",
        "messages that no listener got, in 1 of 100 seeds\n",
        "traps         E6 in 100 of 100 seeds; E12 in 1 (first 7)\n",
        "outside       the measured window: lost in 4 of 100 seeds, at most 78 (seed 78); trap E47\n",
        "--seed 78   # farthest from lost == 0 (outside the measured window as well)",
    ] {
        assert!(text.contains(words), "{words} is missing in\n{text}");
    }
}

#[test]
fn a_quantile_that_the_seeds_are_too_few_for_is_not_told() {
    let columns = |text: &str| {
        let head = text.lines().find(|line| line.starts_with("  figure ")).expect("a table").to_owned();
        head.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    for (seeds, told, note) in [
        (100, "p50 p90 p99 max seed", ""),
        (99, "p50 p90 max seed", "held; p99 of 99 seeds is the maximum\n"),
        (9, "p50 max seed", "held; p99 of 9 seeds is the maximum\n"),
    ] {
        let text = many_of(seeds, &seeds.to_string(), true, Extent::Brief, |_| ());
        assert_eq!(columns(&text), told, "{text}");
        assert_eq!((text.contains(note), text.contains("is the maximum")), (true, !note.is_empty()), "{text}");
    }
    // A figure that only some of the seeds have.
    let text = many("100", true, Extent::Brief, |result| {
        if result.seed >= 50 {
            result.windows[0].figures.remove("unowned.max");
        }
    });
    let row = text.lines().find(|line| line.starts_with("  unowned.max ")).expect("a row");
    assert!(row.contains("  -  ") && row.ends_with("; measured in 50 of 100 seeds"), "{text}");
}

#[test]
fn the_word_to_explain_is_that_of_what_is_violated_or_went_worst() {
    let word = |text: &str| {
        let (_, rest) = text.rsplit_once("explain-word ").expect("a word");
        rest.split('`').next().expect("its end").to_owned()
    };
    let stalls = |cause: Cause, why: Option<Cause>, secs: u64| {
        move |result: &mut SeedResult| {
            result.longest_stalls = BTreeMap::from([((cause, why), Span::from_secs(secs))]);
            result.windows[0].figures.insert("duplicates".to_owned(), Figure::Count(20));
        }
    };
    // Nothing is violated, and a stall is an outage: what it came from, or the trap that this is.
    let expiry = Some(Cause::WaitingForExpiry);
    assert_eq!(word(&many("100", true, Extent::Brief, stalls(Cause::Unowned, expiry, 19))), "waiting_for_expiry");
    let nobody = Some(Cause::ExpiryTellsNobody);
    assert_eq!(word(&many("100", true, Extent::Brief, stalls(Cause::Unowned, nobody, 19))), "E6");
    assert_eq!(word(&many("100", true, Extent::Brief, stalls(Cause::OwnerShutsDown, None, 19))), "owner_shuts_down");
    // It is none: what came twice.
    assert_eq!(word(&many("100", true, Extent::Brief, stalls(Cause::Unowned, expiry, 2))), "crash_lag");
    // Too many duplicates are what is violated, however long a stall.
    assert_eq!(word(&many("100", true, Extent::Brief, |_| ())), "crash_lag");
    let lost = many("100", true, Extent::Brief, |result| {
        stalls(Cause::Unowned, expiry, 19)(result);
        result.windows[0].figures.insert("lost".to_owned(), Figure::Count(1));
    });
    assert_eq!(word(&lost), "lost");
}

#[test]
fn all_tells_every_figure_and_every_worst_seed() {
    let brief = many("100", true, Extent::Brief, |_| ());
    let all = many("100", true, Extent::All, |_| ());
    for figure in ["balance.jain", "delivered", "unowned.total", "balance.max_min"] {
        assert!(!subjects(&brief).contains(&figure), "{brief}");
        assert!(subjects(&all).contains(&figure), "{figure} is missing in\n{all}");
    }
    assert!(all.contains("events in 100 runs") && all.contains("   # duplicates\n"), "{all}");
    let all = one(&synthetic::scenario(12), 0, Paint::Plain, Extent::All);
    for words in ["balance.jain", "measure ", "start the new member", "fingerprint"] {
        assert!(all.contains(words), "{words} is missing in\n{all}");
    }
}

#[test]
fn at_most_seven_lines_are_chosen_and_nothing_lost_is_left_out() {
    let mut scenario = synthetic::scenario(12);
    let asks =
        |figure: &&str| Expectation { figure: (*figure).to_owned(), ..synthetic::scenario(12).expect[0].clone() };
    let asked =
        ["heartbeats", "settle", "trap.E3", "notifications", "delivered", "moved_queues", "rejected", "retried"];
    scenario.expect = asked.iter().map(asks).collect();
    let outcome = synthetic::outcome(&scenario, 0, 12);
    let result = SeedResult::from(&outcome);
    let story = Story { scenario: &scenario, file: String::new(), overrides: vec![] };
    let report = Report {
        story,
        judgements: vec![],
        body: Body::One { outcome: &outcome, result: &result },
        shown: vec![],
        stories: vec![],
    };
    let names = |asked: &[Asked<'_>]| asked.iter().map(Asked::label).collect::<Vec<_>>();

    let everything = chosen(&report, |_| Some(false));
    let always = ["start_failed", "lost", "acknowledged_lost", "skipped", "heartbeats", "settle", "notifications"];
    assert_eq!((names(&everything.rows), everything.zero.len()), (always.map(str::to_owned).to_vec(), 0));

    let quiet = chosen(&report, |asked| Some(!["settle", "duplicates", "list_requests"].contains(&asked.figure)));
    assert_eq!(names(&quiet.rows), ["duplicates", "settle"], "what is neither asked nor grave is not told");
    assert_eq!(quiet.zero.len(), asked.len() - 1);
    for figure in known_figures() {
        let Chosen { rows, zero } = chosen(&report, |asked| Some(asked.figure == figure.name));
        assert_eq!((rows.len() + zero.len(), zero.len() <= 1), (7, true), "{}: {rows:?} {zero:?}", figure.name);
    }
}
