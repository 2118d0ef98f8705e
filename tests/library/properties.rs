//! Random clusters, and properties that are ready: each holds for a good strategy and fails for a bad one.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rebalance_sim::properties::{self, Broken, StrategyProperties};
use rebalance_sim::proptest::{FaultKind, clusters, faults, groups, with_faults};
use rebalance_sim::strategy::registry;
use rebalance_sim::{AllocateError, AllocateMessageQueueStrategy, ClientId, Cluster, Group, MessageQueue, Scenario};

/// How queues are dealt: to the member of this number among so many, from this queue on.
type Dealt = fn(member: usize, members: usize, queue: usize, queues: usize) -> bool;

/// A strategy that is planted.
struct Planted(&'static str, Dealt);

impl AllocateMessageQueueStrategy for Planted {
    fn name(&self) -> String {
        self.0.to_owned()
    }

    fn allocate(
        &self,
        _group: &str,
        current_cid: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        let Some(member) = cid_all.iter().position(|member| &**member == current_cid) else { return Ok(Vec::new()) };
        let mine = |(queue, _): &(usize, &MessageQueue)| self.1(member, cid_all.len(), *queue, mq_all.len());
        Ok(mq_all.iter().enumerate().filter(mine).map(|(_, queue)| queue.clone()).collect())
    }
}

/// A property by its name.
type Property = (&'static str, fn(&StrategyProperties) -> Result<(), Broken>);

/// The property, who keeps it, and who does not.
fn table() -> Vec<(Property, &'static str, Planted)> {
    vec![
        (
            ("every queue has one owner at rest", StrategyProperties::every_queue_has_one_owner),
            "AVG",
            Planted("LEAVES_THE_LAST", |member, members, queue, queues| {
                queue % members == member && (queues < 3 || queue + 1 < queues)
            }),
        ),
        (
            ("every queue has one owner at rest", StrategyProperties::every_queue_has_one_owner),
            "AVG_BY_CIRCLE",
            Planted("TWO_HAVE_THE_FIRST", |member, members, queue, _| {
                queue % members == member || (queue == 0 && member == 1)
            }),
        ),
        (
            ("shares are even", StrategyProperties::shares_are_even),
            "AVG",
            Planted("FIRST_TAKES_ALL", |member, _, _, _| member == 0),
        ),
        (
            ("moves are least", StrategyProperties::moves_are_least),
            "RENDEZVOUS_HASH",
            Planted("IN_TURN", |member, members, queue, _| queue % members == member),
        ),
        (
            ("no message is missed", StrategyProperties::no_message_is_missed),
            "AVG",
            Planted("ONE_QUEUE_EACH", |member, _, queue, _| queue == member),
        ),
    ]
}

#[test]
fn each_property_holds_for_a_good_strategy_and_fails_for_a_bad_one() {
    for ((name, property), good, bad) in table() {
        let good = registry::strategy(good).expect("it is registered");
        property(&properties::strategy_as("GOOD", good).cases(6)).unwrap_or_else(|broken| panic!("{broken}"));
        let planted = Arc::new(bad);
        let broken = property(&properties::strategy_as("BAD", planted).cases(24)).expect_err(name);
        assert_eq!(broken.property, name);
        assert!(!broken.why.is_empty());
        // What is shown is a scenario file, and small: one broker, one topic, no fault.
        let mended = broken.scenario.replace("\"BAD\"", "\"AVG\"");
        let scenario = Scenario::from_toml(&mended).unwrap_or_else(|error| panic!("{error}\n{broken}"));
        let plan = scenario.plan();
        assert!(plan.brokers.len() == 1 && plan.topics.len() == 1 && !mended.contains("[[timeline]]"), "{broken}");
    }
}

#[test]
fn a_strategy_by_its_own_name_holds_all_or_says_which_not() {
    let in_turn = Planted("IN_TURN", |member, members, queue, _| queue % members == member);
    properties::strategy(in_turn).cases(4).hold_all().unwrap_or_else(|broken| panic!("{broken}"));
    let first = properties::strategy(Planted("FIRST_TAKES_ALL", |member, _, _, _| member == 0)).cases(24).hold_all();
    assert_eq!(first.expect_err("it is uneven").property, "shares are even");
}

/// Every cluster that is drawn, and every one that it shrinks to, is a scenario.
#[test]
fn what_is_drawn_is_a_scenario_however_far_it_shrinks() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..24 {
        let mut tree = clusters().new_tree(&mut runner).expect("there is one");
        let smallest = loop {
            let cluster = tree.current();
            cluster.scenario().unwrap_or_else(|error| panic!("{error}\n{cluster}"));
            if !tree.simplify() {
                break cluster;
            }
        };
        assert!(
            !smallest.to_toml().contains("[[timeline]]") && smallest.to_toml().contains("count = 1\n"),
            "{smallest}"
        );
    }
}

/// Of each group one member stays whole, and members of a group of one are left alone.
#[test]
fn faults_of_ones_own_cluster_leave_a_member_of_each_group() {
    let (one, two) = (Group::new("one").members(4), Group::new("two").member("x").member("y"));
    let mine =
        Cluster::new().broker("a").topic("orders", 4).group(one).group(two).group(Group::new("alone").member("z"));
    let (mut runner, mut hit) = (TestRunner::deterministic(), BTreeSet::new());
    for _ in 0..64 {
        let cluster = with_faults(mine.clone()).new_tree(&mut runner).expect("there is one").current();
        let scenario = cluster.scenario().unwrap_or_else(|error| panic!("{error}\n{cluster}"));
        hit.extend(
            scenario
                .plan()
                .consumers
                .iter()
                .map(|consumer| consumer.name.clone())
                .filter(|name| cluster.to_toml().contains(&format!("consumer = \"{name}\""))),
        );
    }
    assert_eq!(hit.into_iter().collect::<Vec<_>>(), ["c2", "c3", "c4", "y"]);
    let no_scenario = with_faults(Cluster::new()).new_tree(&mut runner).expect("there is one").current();
    assert!(no_scenario.scenario().is_err() && no_scenario == Cluster::new(), "{no_scenario}");
}

#[test]
fn faults_and_groups_stand_in_clusters_of_ones_own() {
    let mut runner = TestRunner::deterministic();
    let mut kinds = Vec::new();
    for _ in 0..24 {
        let group = groups().new_tree(&mut runner).expect("there is one").current().members(5);
        let mut cluster = Cluster::new().broker("a").topic("orders", 4).group(group);
        let mut left = vec!["c1", "c2", "c3", "c4", "c5"];
        for fault in faults().new_tree(&mut runner).expect("there are some").current() {
            kinds.push(fault.kind);
            cluster = fault.happens(cluster, &mut left);
        }
        assert!(!left.is_empty() && cluster.scenario().is_ok(), "{cluster}");
    }
    for kind in [FaultKind::Stop, FaultKind::Kill, FaultKind::Pause, FaultKind::PowerOff] {
        assert!(kinds.contains(&kind), "{kind:?} is never drawn");
    }
}
