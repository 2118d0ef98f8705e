//! The same scenario and seed do the same in every build, on any machine: the fixture holds a fingerprint for
//! every 5,000 events, and a difference names the first event after which the builds no longer agree.
//!
//! `UPDATE_FINGERPRINTS=1 cargo test fingerprints` writes it anew after a change of the model.

use rebalance_sim::run::checkpoints;

use crate::story::scenario;

const FIXTURE: &str = "tests/fixtures/fingerprints.txt";
const SCENARIOS: [&str; 4] = [
    "releases/rolling_restart_of_ten",
    "brokers/partial_list_after_a_restart",
    "stalls/slow_listener_killed",
    "order/orderly_broker_restart",
];

#[test]
fn fingerprints_are_those_of_every_other_build() {
    let mut now = String::new();
    for name in SCENARIOS {
        let text = std::fs::read_to_string(format!("scenarios/{name}.toml")).expect("the scenario is there");
        for (number, (value, event)) in checkpoints(&scenario(&text), 1, 5_000).iter().enumerate() {
            now.push_str(&format!("{name} {number} {value:016x} {event}\n"));
        }
    }
    if std::env::var_os("UPDATE_FINGERPRINTS").is_some() {
        std::fs::write(FIXTURE, &now).expect("the fixture can be written");
    }
    let expected = std::fs::read_to_string(FIXTURE).expect("the fixture is there");
    for (was, is) in expected.lines().zip(now.lines()) {
        assert_eq!(is, was, "first difference within the 5,000 events before this checkpoint");
    }
    assert_eq!(expected.lines().count(), now.lines().count());
}

#[test]
fn two_runs_of_one_seed_are_the_same_and_two_seeds_differ() {
    let text = std::fs::read_to_string("scenarios/duplicates/kill_9_under_load.toml").expect("the scenario is there");
    let scenario = scenario(&text);
    let last = |seed| checkpoints(&scenario, seed, 1_000).pop().expect("a run has an end").0;
    assert_eq!(last(5), last(5));
    assert_ne!(last(5), last(6));
}
