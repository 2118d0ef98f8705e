//! Delivery: lost, skipped, twice, retried.

use super::{
    QUEUES, Story, commits, count, ends, gets, plan, play, play_plan, readable, releases, starts, takes, verify, with,
};
use crate::check::tests::numbers::{ALL_OF_G, BROKER_A, C1, C2, C3, G, ID_1, QUEUE_0, QUEUE_1, T};
use crate::check::{Checks, Mark, Measure};
use crate::kernel::Instant;
use crate::model::ids::QueueIndex;
use crate::model::observation::Observation::*;
use crate::model::observation::{CommitPath, ConsumeOutcome, End, Observed, Release, StartRule};
use crate::model::{Names, QueuePlace};

#[test]
fn lost_skipped_and_second_hand_outs_are_counted() {
    let started = |offset, rule| (6_000, StartedAt { consumer: C1, queue: QUEUE_0, offset, rule });
    let figures = |lost, skipped, duplicates, undelivered| {
        vec![
            ("lost", count(lost)),
            ("skipped", count(skipped)),
            ("duplicates", count(duplicates)),
            ("undelivered", count(undelivered)),
        ]
    };
    verify(vec![
        (
            "each once",
            with(&[readable(6_000, 0, 2), gets(6_001, 0, 0, 0), gets(6_002, 0, 0, 1), commits(9_000, 0, 0, 2, 0)]),
            figures(0, 0, 0, 0),
            vec![],
        ),
        (
            "one committed unseen",
            with(&[readable(6_000, 0, 3), gets(6_001, 0, 0, 0), gets(6_002, 0, 0, 2), commits(9_000, 0, 0, 3, 0)]),
            figures(1, 0, 0, 0),
            vec![("lost", "")],
        ),
        ("one not yet handed out", with(&[readable(59_500, 0, 1)]), figures(0, 0, 0, 1), vec![]),
        (
            "committed unseen, and handed out after all",
            with(&[readable(6_000, 0, 1), commits(6_500, 0, 0, 1, 0), gets(6_900, 0, 0, 0)]),
            figures(0, 0, 0, 0),
            vec![],
        ),
        (
            "started at the maximum",
            with(&[
                readable(5_900, 0, 3),
                started(3, StartRule::Maximum),
                readable(6_100, 0, 4),
                gets(6_200, 0, 0, 3),
                commits(9_000, 0, 0, 4, 0),
            ]),
            figures(0, 3, 0, 0),
            vec![("skipped", "")],
        ),
        (
            "started at the stored offset",
            with(&[started(0, StartRule::Stored), readable(6_100, 0, 1), gets(6_200, 0, 0, 0)]),
            figures(0, 0, 0, 0),
            vec![],
        ),
        (
            "an illegal offset corrected upwards",
            with(&[
                readable(6_000, 0, 5),
                gets(6_100, 0, 0, 0),
                (6_200, OffsetIllegal { consumer: C1, queue: QUEUE_0, asked: 1, corrected: 4 }),
                gets(6_300, 0, 0, 4),
            ]),
            figures(0, 3, 0, 0),
            vec![("skipped", "")],
        ),
    ]);
}

#[test]
fn duplicates_have_the_cause_that_was_planted() {
    let interrupted = Consumed { consumer: C1, queue: QUEUE_0, offset: 0, outcome: ConsumeOutcome::Interrupted };
    verify_one_duplicate(vec![
        ("crash", with(&[ends(6_500, 0, End::Killed), takes(7_000, 1, 0), gets(7_500, 1, 0, 0)]), "crash_lag"),
        (
            "interrupted",
            with(&[
                (6_400, ConsumerStopping { consumer: C1 }),
                (6_450, interrupted),
                releases(6_500, 0, 0, Release::Shutdown),
                ends(6_500, 0, End::Shutdown),
                takes(7_000, 1, 0),
                gets(7_500, 1, 0, 0),
            ]),
            "interrupted_listener",
        ),
        (
            "hand-over",
            with(&[releases(6_500, 0, 0, Release::Reassigned), takes(6_600, 1, 0), gets(7_100, 1, 0, 0)]),
            "handover_before_commit",
        ),
        ("two owners", with(&[takes(6_500, 1, 0), gets(7_000, 1, 0, 0)]), "double_ownership"),
        (
            "two owners, and the first dies",
            with(&[takes(6_500, 1, 0), ends(6_800, 0, End::Killed), gets(7_000, 1, 0, 0)]),
            "double_ownership",
        ),
        (
            "twin",
            with(&[(6_300, ConsumerStarting { consumer: C3, client: ID_1 }), takes(6_500, 2, 0), gets(7_000, 2, 0, 0)]),
            "duplicate_client_id",
        ),
    ]);
}

#[test]
fn what_took_no_part_in_a_duplicate_is_not_to_blame() {
    let lost_by_broker = |offset, previous| {
        let path = CommitPath::BrokerRestart;
        Committed { audience: ALL_OF_G, queue: QUEUE_0, offset, previous: Some(previous), by: None, path }
    };
    verify_one_duplicate(vec![
        (
            "broker lost offsets",
            with(&[
                commits(6_200, 0, 0, 1, 0),
                (6_300, BrokerDown { broker: BROKER_A, graceful: false }),
                (6_600, BrokerUp { broker: BROKER_A }),
                (6_600, lost_by_broker(0, 1)),
                releases(6_700, 0, 0, Release::Reassigned),
                takes(6_800, 1, 0),
                gets(7_300, 1, 0, 0),
            ]),
            "broker_offset_loss",
        ),
        (
            "a loss of other offsets is not to blame",
            with(&[
                commits(1_100, 0, 0, 9, 0),
                (1_200, lost_by_broker(5, 9)),
                releases(6_500, 0, 0, Release::Reassigned),
                takes(6_600, 1, 0),
                gets(7_100, 1, 0, 0),
            ]),
            "handover_before_commit",
        ),
        (
            "a pause long over is not to blame",
            with(&[
                (2_000, ConsumerPaused { consumer: C2 }),
                (2_100, ConsumerResumed { consumer: C2 }),
                releases(36_500, 0, 0, Release::Reassigned),
                takes(36_600, 1, 0),
                gets(37_100, 1, 0, 0),
            ]),
            "handover_before_commit",
        ),
    ]);
}

/// Queue 0 gets one message, which c1 is handed first; the rest of the story hands it out again, for this cause.
fn verify_one_duplicate(rows: Vec<(&str, Story, &str)>) {
    for (name, mut story, cause) in rows {
        story.extend([readable(6_000, 0, 1), gets(6_100, 0, 0, 0)]);
        let found = play(&story);
        assert_eq!(found.windows[0].figures["duplicates"], count(1), "{name}");
        let causes: Vec<_> = found.duplicate_causes.iter().map(|(why, count)| (why.word(), *count)).collect();
        assert_eq!(causes, vec![(cause, 1)], "{name}");
        assert!(
            found.anomalies.iter().any(|a| (a.kind.word(), a.cause.word(), a.count) == ("duplicates", cause, 1)),
            "{name}"
        );
    }
}

#[test]
fn a_retry_is_no_duplicate() {
    let again = Delivered {
        consumer: C1,
        queue: QueueIndex(2),
        offset: 0,
        origin: (QUEUE_0, 0),
        reconsume_times: 1,
        lost: None,
    };
    let plan = plan();
    let mut names = Names::new(&plan);
    for queue_id in 0..QUEUES {
        names.intern_queue(QueuePlace { topic: T, broker: BROKER_A, queue_id });
    }
    names.intern_queue(QueuePlace { topic: names.retry_topic(G), broker: BROKER_A, queue_id: 0 });
    let mut checks = Checks::new(&plan, Measure { from: Mark::Time(Instant::ZERO), ..Measure::default() }, false);
    let story = [starts(0, 0), readable(10, 0, 1), gets(20, 0, 0, 0), readable(30, 2, 1), (40, again)];
    for (at_ms, what) in story {
        checks.observe(&Observed { at: Instant::from_millis(at_ms), sequence: at_ms, cause: 0, what }, &names);
    }
    let figures = &checks.finish(Instant::from_millis(100), &names).windows[0].figures.clone();
    assert_eq!((figures["duplicates"], figures["retried"], figures["delivered"]), (count(0), count(1), count(2)));
}

#[test]
fn hand_outs_run_together_when_close_and_consecutive() {
    let story = with(&[
        readable(6_000, 0, 9),
        gets(6_000, 0, 0, 0),
        gets(6_499, 0, 0, 1),
        gets(6_999, 0, 0, 2),
        gets(7_000, 0, 0, 4),
        gets(7_001, 0, 0, 4),
    ]);
    let rows: Vec<_> = play(&story)
        .deliveries
        .iter()
        .map(|run| (run.from_offset, run.to_offset, run.duplicate_cause.is_some()))
        .collect();
    assert_eq!(rows, [(0, 1, false), (2, 2, false), (4, 4, false), (4, 4, true)]);
}

/// Offset 0 of queue 0 is committed unseen before the measured window. Offset 1 is passed over at 9 s, may be had again
/// from 12 s on, and is passed over again at 35 s. A start rule passes over four of queue 1 at 20 s.
fn lost_and_skipped_at_different_times() -> Story {
    with(&[
        readable(1_500, 0, 1),
        commits(2_000, 0, 0, 1, 0),
        readable(6_000, 0, 3),
        gets(6_100, 0, 0, 2),
        commits(9_000, 0, 0, 3, 1),
        (10_000, StepTaken { step: 0 }),
        commits(12_000, 0, 0, 1, 3),
        readable(14_000, 1, 4),
        (20_000, StartedAt { consumer: C2, queue: QUEUE_1, offset: 4, rule: StartRule::Maximum }),
        (30_000, StepTaken { step: 1 }),
        commits(35_000, 0, 0, 3, 1),
        // What is stored below the committed offset is passed over as it becomes readable.
        commits(40_000, 0, 0, 4, 3),
        (45_000, StepTaken { step: 2 }),
        readable(50_000, 0, 4),
    ])
}

#[test]
fn what_reached_nobody_stands_in_the_phase_in_which_it_happened() {
    let found = play(&lost_and_skipped_at_different_times());
    let said: Vec<_> = found
        .windows
        .iter()
        .map(|window| (window.label.as_str(), window.figures["lost"], window.figures["skipped"]))
        .collect();
    let expected = [("measure", 2, 4), ("one", 0, 4), ("two", 1, 0), ("three", 1, 0)];
    assert_eq!(said, expected.map(|(label, lost, skipped)| (label, count(lost), count(skipped))));
    assert_eq!((found.outside.lost, found.outside.skipped), (1, 0));
    let lost: Vec<_> = found.anomalies.iter().filter(|anomaly| anomaly.kind.word() == "lost").collect();
    assert_eq!((lost.len(), lost[0].from.as_millis(), lost[0].until.as_millis(), lost[0].count), (1, 2_000, 50_000, 3));
}

#[test]
fn groups_have_their_own_figures_where_there_are_several() {
    assert!(play(&lost_and_skipped_at_different_times()).windows[0].groups.is_empty());
    let mut plan = plan();
    plan.groups.extend(plan.groups.first().cloned());
    plan.groups[1].name = "h".to_owned();
    let found = play_plan(&lost_and_skipped_at_different_times(), &plan);
    let of = |window: usize, group: &str| {
        let figures = &found.windows[window].groups[group];
        ["lost", "skipped", "undelivered"].map(|name| figures.get(name).copied())
    };
    assert_eq!(of(0, "g"), [2, 4, 0].map(|of| Some(count(of))));
    assert_eq!(of(0, "h"), [0, 0, 0].map(|of| Some(count(of))));
    // What is counted as the run ends is of the last phase alone.
    assert_eq!(of(2, "g"), [Some(count(1)), Some(count(0)), None]);
    assert_eq!(of(3, "g"), [1, 0, 0].map(|of| Some(count(of))));
}
