//! Messages that came twice.

use super::{Twin, story, verify};
use crate::check::tests::{ends, gets, plan, readable, releases, starts, takes};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{ConsumeOutcome, End, Release};

pub(super) const TESTS: &[fn()] = &[
    a_duplicate_is_charged_to_what_happened_to_that_message,
];

/// c1 gets three messages of queue 0 at 6 s.
fn three(more: &[(u64, Observation)]) -> super::Story {
    let first = [readable(6_000, 0, 3), gets(6_000, 0, 0, 0), gets(6_000, 0, 0, 1), gets(6_000, 0, 0, 2)];
    story(&[&first[..], more].concat())
}

#[test]
fn a_duplicate_is_charged_to_what_happened_to_that_message() {
    let interrupted =
        |offset| (6_400, Consumed { consumer: 0, queue: 0, offset, outcome: ConsumeOutcome::Interrupted });
    let stops = [releases(6_500, 0, 0, Release::Shutdown), ends(6_500, 0, End::Shutdown), takes(7_000, 1, 0)];
    let again = [ends(6_500, 0, End::Killed), starts(6_600, 0), takes(7_600, 0, 0)];
    let handed = [releases(9_000, 0, 0, Release::Reassigned), takes(9_001, 1, 0)];
    let thaws = |consumer, at_ms| [(at_ms, ConsumerPaused { consumer }), (at_ms + 100, ConsumerResumed { consumer })];
    let twins: Vec<Twin> = vec![
        (
            "interrupted",
            plan(),
            three(&[&[interrupted(1)], &stops[..], &[gets(7_500, 1, 0, 2)]].concat()),
            ("interrupted_listener", "E31"),
        ),
        (
            "before what was interrupted",
            plan(),
            three(&[&[interrupted(1)], &stops[..], &[gets(7_500, 1, 0, 0)]].concat()),
            ("finished_after_last_commit", "E31"),
        ),
        (
            "in the life that was killed",
            plan(),
            three(&[&again[..], &handed, &[gets(9_500, 1, 0, 2)]].concat()),
            ("crash_lag", ""),
        ),
        (
            "in the life after the one that was killed",
            plan(),
            three(
                &[&again[..], &[readable(8_000, 0, 4), gets(8_100, 0, 0, 3)], &handed, &[gets(9_500, 1, 0, 3)]]
                    .concat(),
            ),
            ("handover_before_commit", "E13"),
        ),
        (
            "the taker was frozen before it took the queue",
            plan(),
            three(&[&thaws(1, 7_000)[..], &handed, &[gets(9_500, 1, 0, 0)]].concat()),
            ("handover_before_commit", "E13"),
        ),
        (
            "the giver was frozen with the queue",
            plan(),
            three(&[&thaws(0, 7_000)[..], &handed, &[gets(9_500, 1, 0, 0)]].concat()),
            ("zombie_owner", ""),
        ),
        (
            "thawed with the queue that another had taken",
            plan(),
            three(&[
                (7_000, ConsumerPaused { consumer: 0 }),
                takes(8_000, 1, 0),
                gets(8_500, 1, 0, 0),
                (9_000, ConsumerResumed { consumer: 0 }),
                gets(9_100, 0, 0, 0),
            ]),
            ("zombie_came_back", ""),
        ),
    ];
    for (name, plan, story, expected) in twins {
        if name.starts_with("thawed") {
            // The first of its two duplicates is the successor's.
            let causes = super::found(&crate::check::tests::play_plan(&story, &plan), "duplicates");
            assert_eq!(causes, [("zombie_owner", ""), expected], "{name}");
        } else {
            verify("duplicates", vec![(name, plan, story, expected)]);
        }
    }
}
