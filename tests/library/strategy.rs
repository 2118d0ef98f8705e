//! A strategy of one's own, by trait and by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use rebalance_sim::{AllocateError, AllocateMessageQueueStrategy, ClientId, Group, MessageQueue, Plugins, Scenario};

use crate::killed;

/// All to the last.
struct LastTakesAll;

impl AllocateMessageQueueStrategy for LastTakesAll {
    fn name(&self) -> String {
        "LAST_TAKES_ALL".to_owned()
    }

    fn allocate(
        &self,
        _group: &str,
        current_cid: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        Ok(if cid_all.last().is_some_and(|last| &**last == current_cid) { mq_all.to_vec() } else { Vec::new() })
    }
}

/// Who has how many queues at the end.
fn at_the_end(scenario: &Scenario) -> BTreeMap<String, usize> {
    let outcome = scenario.run(1).expect("it ends");
    let last = outcome.findings.ownership.iter().filter(|held| held.until == outcome.end);
    let mut shares = BTreeMap::new();
    for held in last.filter(|held| &*outcome.names.message_queue(held.queue).topic == "orders") {
        *shares.entry(outcome.names.consumer(held.consumer).to_owned()).or_default() += 1;
    }
    shares
}

#[test]
fn a_strategy_is_named_in_a_file_or_put_into_all_groups() {
    let expected = BTreeMap::from([("c3".to_owned(), 4)]);
    let plugins = Plugins::new().strategy(LastTakesAll).strategy_as("MINE", Arc::new(LastTakesAll));
    for name in ["LAST_TAKES_ALL", "MINE"] {
        let scenario = plugins.from_toml(&killed(Group::new("g").strategy(name)).to_toml()).expect("it is known");
        assert_eq!(at_the_end(&scenario), expected, "{name}");
    }
    let scenario = killed(Group::new("g")).scenario().and_then(|scenario| scenario.with_strategy(LastTakesAll));
    assert_eq!(at_the_end(&scenario.expect("it is a scenario")), expected);
    let why = killed(Group::new("g").strategy("LAST_TAKES_AL"));
    let why = plugins.from_toml(&why.to_toml()).expect_err("misspelt").to_string();
    assert!(why.contains("`LAST_TAKES_AL` is no strategy; did you mean `LAST_TAKES_ALL`?"), "{why}");
}

#[test]
fn queues_have_the_order_of_java() {
    let mut queues =
        [("b", "x", 0), ("a", "y", 10), ("a", "y", 9), ("a", "x", 3)].map(|(t, b, id)| MessageQueue::new(t, b, id));
    queues.sort();
    assert_eq!(queues.map(|queue| queue.to_string()), ["a/x/3", "a/y/9", "a/y/10", "b/x/0"]);
}
