//! Random clusters come to rest with everything delivered and explained, and what is not so is complained of.

use rebalance_sim::check::{Anomaly, Severity};
use rebalance_sim::fuzz::{Examined, complaints, examine, scenario};
use rebalance_sim::kernel::{Instant, Span};
use rebalance_sim::model::plan::PlantedMistake;
use rebalance_sim::mutants::{Caught, TABLE, play};
use rebalance_sim::run::{Outcome, RunOptions, run};
use rebalance_sim::sweep::Seeds;

/// Enough that every kind of trouble meets every other; the command plays thousands.
const SEEDS: std::ops::Range<u64> = 0..60;
/// So many seeds are tried where the one that is known does not show a mistake any more.
const FEW: &str = "40";

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

/// Every mistake is in the table once, and most are shown by random clusters.
#[test]
fn every_planted_mistake_has_a_guard() {
    let mut guarded: Vec<PlantedMistake> = TABLE.iter().map(|mutant| mutant.mistake).collect();
    guarded.sort_unstable();
    let mut all = PlantedMistake::ALL.to_vec();
    all.sort_unstable();
    assert_eq!(guarded, all);
    assert!(all.len() >= 40, "{} mistakes", all.len());
    let by_fuzz = TABLE.iter().filter(|mutant| mutant.guard.is_fuzz()).count();
    assert!(by_fuzz >= 25, "random clusters guard against {by_fuzz} mistakes");
}

/// Each in the seed that is known to show it; the command plays a thousand.
#[test]
fn every_planted_mistake_is_caught_by_its_check() {
    let few: Seeds = FEW.parse().expect("a count");
    let wrong: Vec<String> = TABLE
        .iter()
        .filter_map(|mutant| match play(mutant, few) {
            Caught::By(_) => None,
            other => Some(format!("{:?}, by {}: {other:?}", mutant.mistake, mutant.guard.name())),
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
