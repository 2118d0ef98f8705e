//! Listeners that fail, take too long, or fail while their broker is away, and consumers that pull with fewer threads
//! than queues: every message is consumed all the same.

use std::collections::BTreeMap;

use rebalance_sim::check::{Figure, Findings};
use rebalance_sim::kernel::{Instant, Span};
use rebalance_sim::model::observation::Observation;
use rebalance_sim::run::{RunOptions, run};

use crate::story::{play, scenario};

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

/// Two pull threads and eight queues, of which one has nearly all messages: it must not keep the threads for itself. An
/// idle queue keeps a thread for as long as the broker holds its pull, so a turn comes after at most four such waits.
#[test]
fn queues_of_a_lite_pull_consumer_take_turns() {
    let story = scenario(
        "title = \"Turns\"\nquestion = \"Does every queue get a thread?\"\nduration = \"600s\"\nbrokers = [\"broker-a\"]\n\n[[topics]]\nname = \"T\"\nqueues = 8\n\n[[producers]]\ntopic = \"T\"\nrate = \"20/s\"\nweights = [93, 1, 1, 1, 1, 1, 1, 1]\n\n[[groups]]\nname = \"g\"\ntopics = [\"T\"]\ncount = 1\nclass = \"DefaultLitePullConsumer\"\npullThreadNums = 2\n",
    );
    let mut handed_out: BTreeMap<u32, Vec<Instant>> = BTreeMap::new();
    play(&story, 7, |seen, names| {
        if let Observation::Delivered { queue, .. } = seen.what {
            handed_out.entry(names.queue(queue).queue_id).or_default().push(seen.at);
        }
    });
    assert_eq!(handed_out.len(), 8, "some queue got nothing: {:?}", handed_out.keys());
    for (queue_id, moments) in handed_out {
        let longest = moments.windows(2).map(|pair| pair[1].since(pair[0])).max().unwrap_or_default();
        assert!(longest < Span::from_secs(100), "queue {queue_id} waited {longest}");
    }
    let causes = run(&story, 7, RunOptions::default()).findings.stall_causes;
    assert_eq!(causes.first().map(|(cause, _)| cause.word()), Some("no_pull_thread"), "{causes:?}");
}
