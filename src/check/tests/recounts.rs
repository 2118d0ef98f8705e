//! What is counted a second time: a check that miscounts, and deaths that repeat too much, are noticed.

use super::{Story, commits, ends, gets, plan, readable, takes, watch, with};
use crate::check::{Checks, Mark, Measure};
use crate::kernel::Instant;
use crate::model::observation::End;
use crate::model::plan::{Plan, PlantedMistake};

/// The rules that a story breaks, watched from its beginning.
fn broken(story: &Story, plan: &Plan) -> Vec<&'static str> {
    let measure = Measure { from: Mark::Time(Instant::ZERO), ..Measure::default() };
    let found = watch(story, plan, Checks::new(plan, measure, true).with_laws(plan));
    let mut rules: Vec<_> =
        found.anomalies.iter().filter(|row| row.check == "protocol").map(|row| row.cause.word()).collect();
    let counted = ["losses_add_up", "stalls_add_up", "deaths_repeat_what_was_not_committed"];
    rules.retain(|rule| counted.contains(rule));
    rules.dedup();
    rules
}

fn planted(mistake: PlantedMistake) -> Plan {
    Plan { planted: Some(mistake), ..plan() }
}

#[test]
fn a_check_that_miscounts_is_noticed() {
    let lost = with(&[readable(6_000, 0, 3), gets(6_001, 0, 0, 0), gets(6_002, 0, 0, 2), commits(9_000, 0, 0, 3, 0)]);
    let stalls = with(&[readable(6_000, 0, 1), gets(7_001, 0, 0, 0)]);
    let rows = [
        ("lost", &lost, plan(), vec![]),
        ("lost, and one is forgotten", &lost, planted(PlantedMistake::LostOffByOne), vec!["losses_add_up"]),
        ("a stall of a millisecond too much", &stalls, plan(), vec![]),
        ("and it is not counted", &stalls, planted(PlantedMistake::StallThresholdHigher), vec!["stalls_add_up"]),
    ];
    for (name, story, plan, expected) in rows {
        assert_eq!(broken(story, &plan), expected, "{name}");
    }
}

#[test]
fn a_death_repeats_no_more_than_was_not_committed() {
    let dies = |committed, again| {
        let first = [readable(6_000, 0, 3), gets(6_001, 0, 0, 0), gets(6_002, 0, 0, 1), gets(6_003, 0, 0, 2)];
        let more = [commits(7_000, 0, 0, committed, 0), ends(8_000, 0, End::Killed), takes(9_000, 1, 0)];
        let repeated = (again..3).map(|offset| gets(9_500, 1, 0, offset));
        with(&[&first[..], &more, &repeated.collect::<Vec<_>>()].concat())
    };
    assert_eq!(broken(&dies(1, 1), &plan()), [] as [&str; 0], "two were not committed, and come again");
    assert_eq!(broken(&dies(2, 1), &plan()), ["deaths_repeat_what_was_not_committed"], "one was, and comes too");
}
