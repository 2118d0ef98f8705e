//! Random clusters come to rest with everything delivered and explained, and what is not so is complained of.

use rebalance_sim::check::{Anomaly, Severity};
use rebalance_sim::fuzz::{Examined, complaints, examine, scenario};
use rebalance_sim::kernel::{Instant, Span};
use rebalance_sim::model::plan::PlantedMistake;
use rebalance_sim::run::{Outcome, RunOptions, run};

/// Enough that every kind of trouble meets every other; the command plays thousands.
const SEEDS: std::ops::Range<u64> = 0..60;

fn said(examined: &Examined) -> String {
    examined.complaints.iter().map(|complaint| format!("\n  {}: {}", complaint.check, complaint.what)).collect()
}

#[test]
fn random_clusters_come_to_rest() {
    for seed in SEEDS {
        let examined = examine(seed, None);
        assert!(examined.complaints.is_empty(), "seed {seed}:{}", said(&examined));
        assert!(examined.delivered > 0, "seed {seed} is a cluster that does nothing");
    }
}

#[test]
fn a_seed_is_a_cluster() {
    for seed in [3, 14, 15] {
        assert_eq!(examine(seed, None), examine(seed, None));
    }
}

/// A mistake in the model, the check that notices it, and the rule that it breaks.
const PLANTED: [(PlantedMistake, &str, &str); 10] = [
    (PlantedMistake::CommitsOnlyGoUp, "protocol", "commits_are_unconditional"),
    (PlantedMistake::LocksReleasedOnDisconnect, "protocol", "locks_end_by_request_or_age"),
    (PlantedMistake::NotificationsLost, "protocol", "members_are_told"),
    (PlantedMistake::OffsetFlushSkipped, "protocol", "offsets_are_written"),
    (PlantedMistake::NameServerNeverExpires, "protocol", "silent_brokers_expire"),
    (PlantedMistake::NoCommitBeforeDrop, "protocol", "a_drop_commits"),
    (PlantedMistake::DroppedQueuesAreConsumed, "protocol", "only_owners_consume"),
    (PlantedMistake::ExpiryNeverRuns, "protocol", "silent_members_expire"),
    (PlantedMistake::LongPollNeverWakes, "liveness", "at rest"),
    (PlantedMistake::SlaveOverwriteSkipped, "protocol", "a_slave_takes_its_masters_offsets"),
];

#[test]
fn every_planted_mistake_is_caught_by_its_check() {
    for (mistake, check, rule) in PLANTED {
        let caught = (0..1_000).map(|seed| examine(seed, Some(mistake))).find(|e| !e.complaints.is_empty());
        let caught = caught.unwrap_or_else(|| panic!("{mistake:?} is not noticed in a thousand clusters"));
        let named = caught.complaints.iter().any(|made| made.check == check && made.what.starts_with(rule));
        assert!(named, "{mistake:?} in seed {}, but not by {check} ({rule}):{}", caught.seed, said(&caught));
    }
}

/// An outcome that holds, made wrong by hand: one case for each complaint.
#[test]
fn each_complaint_is_made() {
    type Spoil = fn(&mut Outcome);
    let cases: [(&str, &str, Spoil); 5] = [
        ("liveness", "queues without an owner", |outcome| {
            outcome.findings.balance.iter_mut().for_each(|sample| sample.unowned = 1);
        }),
        ("liveness", "and 1 with two", |outcome| {
            outcome.findings.balance.iter_mut().for_each(|sample| sample.double_owned = 1);
        }),
        ("liveness", "stands still", |outcome| {
            let stall = &mut outcome.findings.stalls[0];
            (stall.from, stall.until) = (outcome.end - Span::from_secs(60), outcome.end);
        }),
        ("delivery", "lost", |outcome| {
            outcome.findings.anomalies.push(anomaly(Severity::Violation, "lost", "lost_without_a_cause"));
        }),
        ("explained", "planted", |outcome| {
            outcome.findings.anomalies.push(anomaly(Severity::Note, "skipped", "no_rule"));
        }),
    ];
    let clean = run(&scenario(0), 0, RunOptions { events: false, rows: true });
    assert_eq!(complaints(&clean), []);
    for (check, what, spoil) in cases {
        let mut outcome = run(&scenario(0), 0, RunOptions { events: false, rows: true });
        spoil(&mut outcome);
        let made = complaints(&outcome);
        assert!(made.iter().any(|made| made.check == check && made.what.contains(what)), "{check}: {made:?}");
    }
}

fn anomaly(severity: Severity, kind: &'static str, cause: &'static str) -> Anomaly {
    Anomaly {
        check: "delivery",
        severity,
        from: Instant::from_millis(1),
        until: Instant::from_millis(1),
        kind,
        group: None,
        queue: None,
        consumer: None,
        count: 1,
        cause,
        trap: "",
        detail: "planted".to_owned(),
    }
}
