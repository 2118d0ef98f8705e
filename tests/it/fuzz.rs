//! Random clusters come to rest with everything delivered and explained; a mistake planted in the model shows.

use rebalance_sim::fuzz::{Examined, examine};
use rebalance_sim::model::plan::PlantedMistake;

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

#[test]
fn planted_mistakes_are_caught() {
    for (mistake, check) in [
        (PlantedMistake::ExpiryNeverRuns, "liveness"),
        (PlantedMistake::LongPollNeverWakes, "liveness"),
        (PlantedMistake::NameServerNeverExpires, "liveness"),
        (PlantedMistake::OffsetFlushSkipped, "explained"),
        (PlantedMistake::NotificationsLost, "liveness"),
        (PlantedMistake::CommitsOnlyGoUp, "explained"),
        (PlantedMistake::NoCommitBeforeDrop, "explained"),
        (PlantedMistake::LocksReleasedOnDisconnect, "explained"),
    ] {
        let caught = (0..150).find_map(|seed| {
            examine(seed, Some(mistake)).complaints.first().map(|c| (seed, c.check, c.what.clone()))
        });
        eprintln!("{mistake:?} {check} {caught:?}");
    }
}
