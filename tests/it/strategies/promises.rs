//! Properties. A row for every registered strategy says what it promises; what RocketMQ's own do not keep is shown
//! with the case that breaks it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rebalance_sim::strategy::order::{compare_java_strings, sort_queues};
use rebalance_sim::strategy::{AllocateMessageQueueStrategy, ClientId, MessageQueue, StrategyParameters, registry};

type Shared = Arc<dyn AllocateMessageQueueStrategy>;
/// Who has which queues.
type Shares = BTreeMap<ClientId, Vec<MessageQueue>>;

/// How even a strategy is, within one topic and with unique ids.
#[derive(Clone, Copy)]
enum Balance {
    /// No member has more than one queue above another.
    Even,
    /// No member has more than this percentage of the mean, rounded up.
    Bound(usize),
    /// It may be anything.
    Any,
}

/// What moves when one member comes or goes, with unique ids.
#[derive(Clone, Copy, PartialEq)]
enum Movement {
    /// A newcomer only takes, and only what a leaver had moves.
    OnlyTheirs,
    /// As little as an even allocation allows.
    Least,
    /// It may be anything.
    Any,
}

/// What a strategy promises of sorted lists with unique ids.
struct Promise {
    name: &'static str,
    /// Every queue has exactly one owner.
    total: bool,
    balance: Balance,
    movement: Movement,
}

const fn promise(name: &'static str, total: bool, balance: Balance, movement: Movement) -> Promise {
    Promise { name, total, balance, movement }
}

const PROMISES: [Promise; 13] = [
    promise("AVG", true, Balance::Even, Movement::Any),
    promise("AVG_BY_CIRCLE", true, Balance::Even, Movement::Any),
    // Everybody gets the configured list, whoever asks.
    promise("CONFIG", false, Balance::Any, Movement::Any),
    // Queues of brokers that are not named `room@broker` are nobody's.
    promise("MACHINE_ROOM", false, Balance::Any, Movement::Any),
    // Each room is even for itself.
    promise("MACHINE_ROOM_NEARBY-AVG", true, Balance::Any, Movement::Any),
    promise("MACHINE_ROOM_NEARBY-AVG_BY_CIRCLE", true, Balance::Any, Movement::Any),
    promise("CONSISTENT_HASH", true, Balance::Any, Movement::OnlyTheirs),
    promise("GO_CONSISTENT_HASH", true, Balance::Any, Movement::OnlyTheirs),
    promise("GO_MACHINE_ROOM", false, Balance::Any, Movement::Any),
    promise("BOUNDED_LOAD_HASH", true, Balance::Bound(125), Movement::Any),
    promise("RENDEZVOUS_HASH", true, Balance::Any, Movement::OnlyTheirs),
    promise("STICKY", true, Balance::Even, Movement::Least),
    promise("AVG_OVER_TOPICS", true, Balance::Even, Movement::Any),
];

fn parameters() -> StrategyParameters {
    StrategyParameters {
        message_queue_list: Some(vec![MessageQueue::new("t", "r1-a", 0)]),
        consumer_idcs: Some(BTreeSet::from(["r1".to_owned(), "r2".to_owned()])),
        ..StrategyParameters::default()
    }
}

fn build(name: &str) -> Shared {
    registry::build(name, &parameters()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn shares(strategy: &Shared, queues: &[MessageQueue], cids: &[ClientId]) -> Shares {
    let all = strategy.allocate_all("g", queues, cids);
    let one = |(cid, mine): (&ClientId, Result<_, _>)| (cid.clone(), mine.unwrap_or_else(|error| panic!("{error}")));
    cids.iter().zip(all).map(one).collect()
}

fn owners(shares: &Shares) -> BTreeMap<String, Vec<ClientId>> {
    let mut owners: BTreeMap<String, Vec<ClientId>> = BTreeMap::new();
    for (cid, queues) in shares {
        queues.iter().for_each(|queue| owners.entry(queue.to_string()).or_default().push(cid.clone()));
    }
    owners
}

/// Sorted queues of one topic on brokers in two rooms, and sorted unique ids of members in both of them.
fn group() -> impl Strategy<Value = (Vec<MessageQueue>, Vec<ClientId>)> {
    let brokers = ["r1-a", "r1-b", "r2-a", "r1@c-1", "r2@d-1"];
    let queues = proptest::collection::btree_set((0..brokers.len(), 0..8i32), 1..25);
    let members = proptest::collection::btree_set((1..3u8, 0..40u32), 2..9);
    (queues, members).prop_map(move |(queues, members)| {
        let queue = |(broker, id): (usize, i32)| MessageQueue::new("t", brokers[broker], id);
        let mut queues: Vec<MessageQueue> = queues.into_iter().map(queue).collect();
        sort_queues(&mut queues);
        let id = |(room, number): (u8, u32)| format!("r{room}-10.0.0.{number}@{}", 7 * number);
        let mut cids: Vec<ClientId> = members.into_iter().map(|member| id(member).into()).collect();
        cids.sort_by(|a, b| compare_java_strings(a, b));
        (queues, cids)
    })
}

/// The same cases in every run.
fn holds<S: Strategy>(cases: u32, inputs: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner.run(inputs, test).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_registered_strategy_has_its_promises() {
    assert_eq!(PROMISES.iter().map(|promise| promise.name).collect::<Vec<_>>(), registry::names());
}

#[test]
fn queues_are_owned_once_and_by_members_only() {
    for promise in &PROMISES {
        let strategy = build(promise.name);
        holds(200, &group(), |(queues, cids)| {
            let owners = owners(&shares(&strategy, &queues, &cids));
            let offered: BTreeSet<String> = queues.iter().map(ToString::to_string).collect();
            if promise.name != "CONFIG" {
                prop_assert!(owners.keys().all(|queue| offered.contains(queue)), "{} invents queues", promise.name);
                prop_assert!(owners.values().all(|who| who.len() == 1), "{}: {owners:?}", promise.name);
            }
            prop_assert!(!promise.total || owners.len() == queues.len(), "{}: {owners:?}", promise.name);
            prop_assert!(
                strategy.allocate("g", "stranger", &queues, &cids).is_ok_and(|mine| mine.is_empty())
                    || promise.name == "CONFIG"
                    || promise.name.starts_with("MACHINE_ROOM_NEARBY")
            );
            Ok(())
        });
    }
}

#[test]
fn every_seat_sees_the_same() {
    for name in registry::names() {
        let strategy = build(name);
        holds(100, &group(), |(queues, cids)| {
            let alone: Vec<_> = cids.iter().map(|cid| strategy.allocate("g", cid, &queues, &cids)).collect();
            // A strategy that remembered its last question would answer the second time something else.
            prop_assert_eq!(&alone, &strategy.allocate_all("g", &queues, &cids));
            prop_assert_eq!(&alone, &strategy.allocate_all("g", &queues, &cids));
            Ok(())
        });
    }
}

/// A client sorts both lists before it asks. These do not even need that: a queue is placed by its hash alone.
#[test]
fn hashes_ask_for_no_order() {
    for name in ["CONSISTENT_HASH", "RENDEZVOUS_HASH"] {
        let strategy = build(name);
        holds(100, &group(), |(queues, cids)| {
            let turned: Vec<MessageQueue> = queues.iter().rev().cloned().collect();
            let ids: Vec<ClientId> = cids.iter().rev().cloned().collect();
            prop_assert_eq!(owners(&shares(&strategy, &queues, &cids)), owners(&shares(&strategy, &turned, &ids)));
            Ok(())
        });
    }
}

/// These name other owners for lists that are not sorted, as `mqadmin allocateMQ` does.
#[test]
fn rocketmq_blocks_and_circles_follow_the_order_of_the_lists() {
    let queues: Vec<MessageQueue> = (0..4).map(|id| MessageQueue::new("t", "r1-a", id)).collect();
    let cids: Vec<ClientId> = ["a", "b"].map(Into::into).to_vec();
    let turned: Vec<ClientId> = cids.iter().rev().cloned().collect();
    for name in ["AVG", "AVG_BY_CIRCLE"] {
        let strategy = build(name);
        assert_ne!(shares(&strategy, &queues, &cids), shares(&strategy, &queues, &turned), "{name}");
    }
}

#[test]
fn balance_is_what_is_promised() {
    for promise in &PROMISES {
        let strategy = build(promise.name);
        holds(200, &group(), |(queues, cids)| {
            let counts: Vec<usize> = shares(&strategy, &queues, &cids).values().map(Vec::len).collect();
            let (most, fewest) = (counts.iter().max().unwrap_or(&0), counts.iter().min().unwrap_or(&0));
            match promise.balance {
                Balance::Even => prop_assert!(most - fewest <= 1, "{}: {counts:?}", promise.name),
                Balance::Bound(percent) => {
                    prop_assert!(*most <= (queues.len() * percent).div_ceil(100 * cids.len()), "{counts:?}");
                }
                Balance::Any => {}
            }
            Ok(())
        });
    }
}

#[test]
fn who_comes_only_takes_and_who_goes_only_gives() {
    for promise in PROMISES.iter().filter(|promise| promise.movement == Movement::OnlyTheirs) {
        let strategy = build(promise.name);
        holds(200, &(group(), any::<prop::sample::Index>()), |((queues, cids), leaver)| {
            let leaver = leaver.index(cids.len());
            let rest: Vec<ClientId> =
                cids.iter().enumerate().filter(|(at, _)| *at != leaver).map(|(_, cid)| cid.clone()).collect();
            let (all, fewer) = (owners(&shares(&strategy, &queues, &cids)), owners(&shares(&strategy, &queues, &rest)));
            for (queue, who) in &all {
                prop_assert!(who[0] == cids[leaver] || fewer[queue] == *who, "{}: {queue}", promise.name);
            }
            Ok(())
        });
    }
}

/// The fewest queues that have to leave their owner so that no member has more than one above another, by trying all
/// owners of all queues.
fn fewest_moves(queues: usize, members: usize, had: &[Option<usize>]) -> usize {
    let mut best = usize::MAX;
    for number in 0..members.pow(queues as u32) {
        let mut rest = number;
        let mut counts = vec![0; members];
        let mut moves = 0;
        for before in had {
            let owner = rest % members;
            rest /= members;
            counts[owner] += 1;
            moves += usize::from(before.is_some_and(|before| before != owner));
        }
        if counts.iter().max().unwrap_or(&0) - counts.iter().min().unwrap_or(&0) <= 1 {
            best = best.min(moves);
        }
    }
    best
}

#[test]
fn sticky_moves_as_little_as_the_best_of_all_even_allocations() {
    let inputs = (1..8usize, 1..5usize).prop_flat_map(|(queues, members)| {
        (proptest::collection::vec(proptest::option::weighted(0.8, 0..members), queues), Just(members))
    });
    holds(300, &inputs, |(had, members)| {
        let queues: Vec<MessageQueue> = (0..had.len()).map(|id| MessageQueue::new("t", "b", id as i32)).collect();
        let cids: Vec<ClientId> = (0..members).map(|number| format!("c{number}").into()).collect();
        let mut previous: BTreeMap<String, Vec<MessageQueue>> = BTreeMap::new();
        for (queue, owner) in queues.iter().zip(&had) {
            if let Some(owner) = owner {
                previous.entry(cids[*owner].to_string()).or_default().push(queue.clone());
            }
        }
        let parameters = StrategyParameters { previous, ..StrategyParameters::default() };
        let strategy = registry::build("STICKY", &parameters).unwrap_or_else(|error| panic!("{error}"));
        let now = owners(&shares(&strategy, &queues, &cids));
        let moved = queues
            .iter()
            .zip(&had)
            .filter(|(queue, before)| before.is_some_and(|before| now[&queue.to_string()] != [cids[before].clone()]));
        prop_assert_eq!(moved.count(), fewest_moves(had.len(), members, &had));
        Ok(())
    });
}

#[test]
fn dealing_over_all_topics_is_even_over_all_of_them() {
    let inputs = (proptest::collection::vec(1..9i32, 1..7), 1..9usize);
    holds(200, &inputs, |(topics, members)| {
        let of = |(topic, count): (usize, &i32)| {
            (0..*count).map(|id| MessageQueue::new(&format!("t{topic}"), "b", id)).collect::<Vec<_>>()
        };
        let topics: Vec<Vec<MessageQueue>> = topics.iter().enumerate().map(of).collect();
        let parameters = StrategyParameters { group_queues: topics.concat(), ..StrategyParameters::default() };
        let strategy = registry::build("AVG_OVER_TOPICS", &parameters).unwrap_or_else(|error| panic!("{error}"));
        let cids: Vec<ClientId> = (0..members).map(|number| format!("c{number}").into()).collect();
        let mut totals = vec![0; members];
        for queues in &topics {
            for (total, mine) in totals.iter_mut().zip(shares(&strategy, queues, &cids).values()) {
                *total += mine.len();
            }
        }
        prop_assert!(totals.iter().max().unwrap_or(&0) - totals.iter().min().unwrap_or(&0) <= 1, "{totals:?}");
        Ok(())
    });
}

/// Where RocketMQ's own break what everybody expects: who owns each of two queues on each of these brokers.
#[test]
fn what_rocketmq_does_not_promise() {
    struct Row {
        why: &'static str,
        strategy: &'static str,
        brokers: &'static [&'static str],
        cids: &'static [&'static str],
        unowned: usize,
        double_owned: usize,
    }
    let row = |why, strategy, brokers, cids, unowned, double_owned| Row {
        why,
        strategy,
        brokers,
        cids,
        unowned,
        double_owned,
    };
    let table = [
        row("a repeated id has its first position twice", "AVG", &["b1", "b2"], &["a", "a", "b"], 1, 2),
        row("so it has on the circle", "AVG_BY_CIRCLE", &["b1", "b2"], &["a", "a", "b"], 1, 2),
        row("both processes of a repeated id take its arc", "CONSISTENT_HASH", &["b1", "b2"], &["a", "a"], 0, 4),
        row("brokers without a room are nobody's", "MACHINE_ROOM", &["r1@b", "b"], &["a", "b"], 2, 0),
        row("brokers of another room are nobody's", "MACHINE_ROOM", &["r1@b", "r9@b"], &["a", "b"], 2, 0),
        row("a repeated id in a room", "MACHINE_ROOM_NEARBY-AVG", &["r1-b"], &["r1-a", "r1-a"], 1, 1),
        row("everybody gets the configured list", "CONFIG", &["r1-a"], &["a", "b"], 1, 1),
    ];
    for Row { why, strategy: name, brokers, cids, unowned, double_owned } in table {
        let mut queues: Vec<MessageQueue> =
            brokers.iter().flat_map(|broker| (0..2).map(move |id| MessageQueue::new("t", broker, id))).collect();
        sort_queues(&mut queues);
        let cids: Vec<ClientId> = cids.iter().map(|&cid| cid.into()).collect();
        let mut counts: BTreeMap<String, usize> = queues.iter().map(|queue| (queue.to_string(), 0)).collect();
        for mine in build(name).allocate_all("g", &queues, &cids) {
            for queue in mine.unwrap_or_else(|error| panic!("{why}: {error}")) {
                *counts.entry(queue.to_string()).or_default() += 1;
            }
        }
        let count = |so: fn(usize) -> bool| counts.values().filter(|owners| so(**owners)).count();
        assert_eq!(
            (count(|owners| owners == 0), count(|owners| owners > 1)),
            (unowned, double_owned),
            "{why}: {counts:?}"
        );
    }
}
