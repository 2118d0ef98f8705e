//! Checks are shown only what they say they read: what they find is the same as where they are shown everything.

use crate::check::{Checks, Findings};
use crate::kernel::Instant;
use crate::model::World;
use crate::model::observation::{Kind, Kinds};
use crate::scenario::Scenario;

use super::scenario;

/// What is found in a run by checks that are shown what they read, and by the same that are shown everything; and what
/// kinds of observations there were.
fn both(scenario: &Scenario, seed: u64, rows: bool) -> (Findings, Findings, Kinds) {
    let (plan, measure) = (&scenario.plan, scenario.measure);
    let checks = || Checks::new(plan, measure, rows).with_laws(plan);
    let (mut choosy, mut all) = (checks(), checks().showing_everything());
    let mut world = World::new(plan, seed);
    world.watch_closely();
    let end = Instant::ZERO + plan.duration;
    let mut kinds = Kinds::of(&[]);
    loop {
        let (seen, names) = world.drain();
        for observed in seen {
            kinds = kinds.and(Kinds::of(&[Kind::of(&observed.what)]));
            choosy.observe(&observed, names);
            all.observe(&observed, names);
        }
        if world.step(end).is_none() {
            return (choosy.finish(end, world.names()), all.finish(end, world.names()), kinds);
        }
    }
}

/// So many clusters show every kind but a few rare ones.
const SEEDS: u64 = 30;

#[test]
fn what_checks_read_is_all_that_they_need() {
    let mut kinds = Kinds::of(&[]);
    for seed in 0..SEEDS {
        let (choosy, all, there) = both(&scenario(seed), seed, seed % 3 > 0);
        assert!(choosy == all, "seed {seed}: another {}", first_difference(&choosy, &all));
        kinds = kinds.and(there);
    }
    let missing: Vec<&Kind> = Kind::ALL.iter().filter(|kind| !kinds.has(**kind)).collect();
    assert!(missing.len() <= 10, "{SEEDS} clusters did not show {missing:?}");
}

/// Two findings differ in this row.
fn first_difference(choosy: &Findings, all: &Findings) -> String {
    let (choosy, all) = (format!("{choosy:#?}"), format!("{all:#?}"));
    let pair = choosy.lines().zip(all.lines()).find(|(one, other)| one != other);
    pair.map_or("number of rows".to_owned(), |(one, other)| format!("{one} for {other}"))
}
