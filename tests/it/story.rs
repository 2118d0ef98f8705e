//! Plays a scenario text and hands every observation to a test.

use rebalance_sim::kernel::Instant;
use rebalance_sim::model::observation::Observed;
use rebalance_sim::model::{Names, World};
use rebalance_sim::scenario::{Scenario, parse};

/// Reads a scenario that must be right.
pub fn scenario(text: &str) -> Scenario {
    parse("story.toml", text, &[], &|name| Err(format!("no environment {name} here"))).expect("the story is a scenario")
}

/// Plays one seed.
pub fn play(scenario: &Scenario, seed: u64, mut see: impl FnMut(&Observed, &Names)) {
    let mut world = World::new(&scenario.plan, seed);
    let end = Instant::ZERO + scenario.plan.duration;
    loop {
        let (seen, names) = world.drain();
        for observed in seen {
            see(&observed, names);
        }
        if world.step(end).is_none() {
            return;
        }
    }
}
