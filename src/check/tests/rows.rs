//! Commits, members, and the windows of the timeline.

use super::{END_MS, commits, count, plan, play, with};
use crate::check::tests::numbers::{BROKER_A, C2, G, ID_1};
use crate::check::{AnomalyKind, Checks, Mark, Measure};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::ConnectionId;
use crate::model::observation::Observation::*;
use crate::model::observation::{MemberLoss, Observed};

#[test]
fn commits_that_go_back_are_counted_with_their_size() {
    let repeated = commits(8_000, 0, 0, 7, 7);
    let forward = commits(7_000, 0, 0, 7, 0);
    let back = commits(9_000, 1, 0, 3, 7);
    let further = commits(9_500, 1, 0, 1, 3);
    for (name, story, backwards, most) in [
        ("forward and again", with(&[forward.clone(), repeated.clone()]), 0, 0),
        ("back twice", with(&[forward, repeated, back, further]), 2, 4),
    ] {
        let found = play(&story);
        let figures = &found.windows[0].figures;
        assert_eq!(
            (figures["commits_backwards"], figures["commits_backwards.max"]),
            (count(backwards), count(most)),
            "{name}"
        );
        let who =
            found.anomalies.iter().filter(|a| a.kind == AnomalyKind::CommitBackwards && a.consumer == Some(C2)).count();
        assert_eq!(who as u64, backwards, "{name}");
    }
}

#[test]
fn steps_less_than_two_seconds_apart_are_one_phase() {
    let steps = [(10_000, 0), (11_999, 1), (13_998, 2), (16_000, 3)];
    let found = play(&with(&steps.map(|(at_ms, step)| (at_ms, StepTaken { step }))));
    let windows: Vec<_> =
        found.windows.iter().map(|w| (w.label.as_str(), w.from.as_millis(), w.until.as_millis())).collect();
    assert_eq!(windows, [("measure", 5_000, 60_000), ("one+two+three", 10_000, 16_000), ("four", 16_000, 60_000)],);
    for window in &found.windows {
        // Nothing was handed out, and what is counted at the end of the run is not every phase's.
        let lacks = ["latency.p99", "latency.max", "undelivered"];
        let there = |name: &str| !lacks.contains(&name) && !crate::check::is_of_pop(name);
        for known in crate::check::known_figures().filter(|known| there(known.name)) {
            assert!(window.figures.contains_key(known.name), "{} is missing in {}", known.name, window.label);
        }
    }
}

#[test]
fn members_are_rows_from_their_first_connection_to_their_last() {
    let added = |at_ms, connection| {
        (at_ms, MemberAdded { broker: BROKER_A, group: G, client: ID_1, connection: ConnectionId(connection) })
    };
    let removed = |at_ms, connection| {
        (
            at_ms,
            MemberRemoved {
                broker: BROKER_A,
                group: G,
                client: ID_1,
                connection: ConnectionId(connection),
                loss: MemberLoss::Closed,
            },
        )
    };
    let found = play(&with(&[added(100, 1), added(200, 2), removed(300, 1), removed(400, 2), added(500, 3)]));
    let rows: Vec<_> = found.members.iter().map(|row| (row.from.as_millis(), row.until.as_millis())).collect();
    assert_eq!(rows, [(100, 400), (500, END_MS)]);
}

#[test]
fn balance_says_nothing_about_the_moment_at_which_the_run_ends() {
    let found = play(&with(&[]));
    assert!(found.balance.iter().all(|row| row.at.as_millis() < END_MS), "there every table ends");
    assert!(!found.balance.is_empty());
}

#[test]
fn a_window_that_is_never_reached_has_no_figures() {
    let measure = |from: Mark| Measure { from, ..Measure::default() };
    let figures = |measure: Measure| {
        let plan = plan();
        let mut checks = Checks::new(&plan, measure, false);
        checks.observe(
            &Observed { at: Instant::ZERO, sequence: 1, cause: 0, what: StepTaken { step: 0 } },
            &Names::new(&plan),
        );
        checks.finish(Instant::from_millis(END_MS), &Names::new(&plan)).windows[0].figures.len()
    };
    // Nothing was handed out: there are no latencies.
    let of_all = crate::check::known_figures().filter(|known| !crate::check::is_of_pop(known.name)).count();
    assert_eq!(figures(measure(Mark::Step(0))), of_all - 2);
    assert_eq!(figures(measure(Mark::Step(1))), 0, "the second step was never taken");
    assert_eq!(figures(measure(Mark::Time(Instant::from_millis(END_MS)))), 0);
}
