//! Listeners that fail, take too long, or fail while their broker is away: every message is consumed all the same.

use rebalance_sim::check::{Figure, Findings};
use rebalance_sim::run::{RunOptions, run};

use crate::story::scenario;

fn findings(group: &str, rest: &str, seed: u64) -> Findings {
    let text = format!(
        "title = \"Listeners\"\nquestion = \"Is everything consumed?\"\nduration = \"300s\"\nbrokers = [\"broker-a\", \"broker-b\"]\nmeasure = {{ from = \"0s\" }}\n\n[[topics]]\nname = \"T\"\nqueues = 2\n\n[[producers]]\ntopic = \"T\"\nrate = \"20/s\"\nuntil = \"120s\"\n\n[[groups]]\nname = \"g\"\ntopics = [\"T\"]\ncount = 2\nconsumeFromWhere = \"CONSUME_FROM_FIRST_OFFSET\"\n{group}\n{rest}"
    );
    run(&scenario(&text), seed, RunOptions::default()).findings
}

fn count(findings: &Findings, name: &str) -> u64 {
    match findings.windows[0].figures[name] {
        Figure::Count(count) => count,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn failed_messages_come_again_and_at_last_are_dead_letters() {
    for seed in 0..5 {
        let found = findings("failures = 0.1", "", seed);
        assert!(count(&found, "retried") > 50, "one in ten fails and comes back after 10 s");
        assert_eq!((count(&found, "lost"), count(&found, "undelivered"), count(&found, "dead_lettered")), (0, 0, 0));
        let found = findings("failures = 1.0\nmaxReconsumeTimes = 1", "", seed);
        assert!(count(&found, "dead_lettered") > 1_000, "all fail twice and are given up");
        assert_eq!(count(&found, "lost"), 0);
    }
}

#[test]
fn a_send_back_to_a_dead_broker_goes_to_another() {
    let kill = "[[timeline]]\nat = \"100s\"\naction = \"kill\"\nbroker = \"broker-b\"\n";
    let slow = "failures = 1.0\nwork = \"2s\"\nmaxReconsumeTimes = 3";
    let found = findings(slow, kill, 1);
    assert!(count(&found, "retried") > 0);
    assert_eq!(count(&found, "lost"), 0);
}

/// Trap E15: a message that a listener never lets go pins its queue until the cleaner sends it back.
#[test]
fn the_cleaner_sends_back_what_a_listener_has_held_for_too_long() {
    // One message in two hundred takes up to 200 s; the pool has threads enough for the others to go on.
    let quick = "\"1ms\", ".repeat(200);
    let work = format!("consumeTimeout = 1\nwork = {{ empirical = [{quick}\"200s\"] }}");
    let found = findings(&work, "", 3);
    assert!(count(&found, "retried") > 0, "what the cleaner sent back came again");
    let patient = work.replace("consumeTimeout = 1\n", "");
    assert_eq!(count(&findings(&patient, "", 3), "retried"), 0, "without the cleaner nothing is sent back");
}
