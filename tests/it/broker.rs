//! A broker's thread pools, and what it writes down of delayed messages.

use rebalance_sim::model::ids::QueueIndex;
use std::collections::{BTreeMap, BTreeSet};

use rebalance_sim::check::Figure;
use rebalance_sim::model::observation::Observation;
use rebalance_sim::run::{RunOptions, run};

use crate::story::{play, scenario};

fn story(broker: &str, group: &str, rest: &str) -> String {
    format!(
        "title = \"Broker\"\nquestion = \"What does it do?\"\nduration = \"120s\"\nbrokers = [\"broker-a\"]\nmeasure = {{ from = \"0s\" }}\n\n[broker]\n{broker}\n\n[[topics]]\nname = \"T\"\nqueues = 4\n\n[[groups]]\nname = \"g\"\ncount = 2\n{group}\n{rest}"
    )
}

/// One thread that needs 2 ms a message, and a burst of a hundred: a full queue refuses, and so does a wait that is too
/// long; neither does where there is room and time, or nobody looks at the time.
#[test]
fn a_pool_refuses_what_it_has_no_room_or_time_for() {
    let load = "[[producers]]\ntopic = \"T\"\narrivals = \"bursty\"\nrate = \"100/s\"\nburst = 100\n\n[environment]\nbroker_processors = 1\nservice_time = \"2ms\"\n";
    let patient = "waitTimeMillsInSendQueue = 10000";
    let rows = [
        ("sendThreadPoolQueueCapacity = 5\nwaitTimeMillsInSendQueue = 10000", true),
        ("waitTimeMillsInSendQueue = 50", true),
        (patient, false),
        ("waitTimeMillsInSendQueue = 50\nbrokerFastFailureEnable = false", false),
    ];
    for (broker, refuses) in rows {
        let found = run(&scenario(&story(broker, "", load)), 1, RunOptions::default()).findings;
        let rejected = found.windows[0].figures["rejected"];
        assert_eq!(rejected != Figure::Count(0), refuses, "{broker}: {rejected:?}");
    }
}

/// `delayOffset.json` is 10 s old at most. What came into `%RETRY%` since comes once more after a kill, and not after an
/// orderly stop.
#[test]
fn a_retry_that_the_delay_offset_has_not_noted_comes_once_more() {
    let load = "[[producers]]\ntopic = \"T\"\nrate = \"20/s\"\nuntil = \"50s\"\n";
    let again = |kill: bool| {
        let restart = format!(
            "[[timeline]]\nat = \"60s\"\naction = \"restart\"\nbroker = \"broker-a\"\nkill = {kill}\ndown = \"5s\"\n"
        );
        let mut copies: BTreeMap<(QueueIndex, u64), BTreeSet<u64>> = BTreeMap::new();
        play(&scenario(&story("", "failures = 0.2", &format!("{load}\n{restart}"))), 1, |seen, _| {
            if let Observation::Delivered { offset, origin, reconsume_times: 1, .. } = seen.what {
                copies.entry(origin).or_default().insert(offset);
            }
        });
        assert!(copies.len() > 50, "messages fail and come back");
        copies.values().filter(|offsets| offsets.len() > 1).count()
    };
    assert!(again(true) > 0, "a kill forgets");
    assert_eq!(again(false), 0, "an orderly stop writes it down");
}
