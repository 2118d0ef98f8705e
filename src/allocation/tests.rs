//! The calculator against brute force, and one cause against another.

use super::{Change, Members, Plan, Question, Queues, Reason, View, Views, explain, plan};
use crate::strategy::{ClientId, MessageQueue, StrategyParameters};

fn ids(names: &[&str]) -> Vec<ClientId> {
    names.iter().map(|&name| name.into()).collect()
}

/// A group over topics with so many queues each.
fn question(strategy: &str, topics: &[i32], members: &[&str]) -> Question {
    let queues = topics.iter().enumerate().flat_map(|(topic, &queues)| {
        (0..queues).map(move |id| MessageQueue::new(&format!("T{topic}"), "broker-a", id))
    });
    Question {
        group: "g".to_owned(),
        queues: Queues::new(queues.collect()).unwrap(),
        members: Members::new(ids(members)).unwrap(),
        views: Views::new(),
        strategy: strategy.to_owned(),
        parameters: StrategyParameters::default(),
    }
}

/// The fewest moves from the plan's allocation to any that is even, by trying all of them.
fn fewest_by_brute_force(plan: &Plan) -> usize {
    let changed = plan.changed.as_ref().unwrap();
    let (queues, seats) = (plan.allocation.owners.len(), changed.question.members.seats());
    let before: Vec<&ClientId> =
        plan.allocation.owners.iter().map(|owners| &plan.question.members.seats()[owners[0]]).collect();
    let mut fewest = queues;
    for code in 0..seats.len().pow(queues as u32) {
        let owners: Vec<usize> = (0..queues as u32).map(|place| code / seats.len().pow(place) % seats.len()).collect();
        let loads: Vec<usize> =
            (0..seats.len()).map(|seat| owners.iter().filter(|owner| **owner == seat).count()).collect();
        if loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1 {
            fewest =
                fewest.min(owners.iter().zip(&before).filter(|(owner, before)| seats[**owner] != ***before).count());
        }
    }
    fewest
}

#[test]
fn the_least_possible_is_what_brute_force_finds() {
    let names = ["c1", "c2", "c3", "c4"];
    let changes: [(&[&str], &[&str]); 6] =
        [(&["c9"], &[]), (&["c0"], &[]), (&["c8", "c9"], &[]), (&[], &["c1"]), (&["c0"], &["c2"]), (&[], &[])];
    for strategy in ["AVG", "AVG_BY_CIRCLE", "STICKY"] {
        for queues in 1..=6 {
            for members in 2..=4 {
                for (added, removed) in changes {
                    let change = Change { added: ids(added), removed: ids(removed) };
                    let plan = plan(question(strategy, &[queues], &names[..members]), Some(&change)).unwrap();
                    let movement = &plan.changed.as_ref().unwrap().movement;
                    let case = format!("{strategy}: {queues} queues, {members} members, {change:?}");
                    assert_eq!(movement.least, fewest_by_brute_force(&plan), "{case}");
                    assert!(movement.moves.len() >= movement.least, "{case}");
                    assert!(strategy != "STICKY" || movement.moves.len() == movement.least, "{case}");
                }
            }
        }
    }
}

#[test]
fn the_least_possible_of_an_uneven_hash_is_that_of_an_even_allocation() {
    for (queues, change, least) in [
        (16, Change { added: ids(&["c9"]), removed: vec![] }, 3),
        (16, Change { added: vec![], removed: ids(&["c3"]) }, 4),
        (20, Change { added: ids(&["c9"]), removed: vec![] }, 4),
        // The one that stays is taken to be the one with three.
        (9, Change { added: vec![], removed: ids(&["c1", "c2", "c3"]) }, 6),
    ] {
        let asked = question("CONSISTENT_HASH", &[queues], &["c1", "c2", "c3", "c4"]);
        let plan = plan(asked, Some(&change)).unwrap();
        assert!(!plan.allocation.total.is_even(), "the case shows nothing");
        assert_eq!(plan.changed.unwrap().movement.least, least, "{queues} queues, {change:?}");
    }
}

#[test]
fn a_queue_that_changes_between_processes_of_one_id_does_not_move() {
    let change = Change { added: vec![], removed: ids(&["c1"]) };
    let plan = plan(question("CONSISTENT_HASH", &[6], &["c1", "c1"]), Some(&change)).unwrap();
    let changed = plan.changed.unwrap();
    assert_eq!((changed.movement.moves.len(), changed.movement.least), (0, 0));
    assert!(!plan.allocation.is_sound() && changed.allocation.is_sound());
}

/// Members, those that differ, and the reasons that are found.
type Case<'a> = (&'a [&'a str], Vec<(&'a str, View)>, Vec<Reason>);

#[test]
fn each_fault_has_the_cause_without_which_it_would_not_be() {
    let view = |ids_seen: Option<&[&str]>, topics: Option<&str>, strategy: Option<&str>| View {
        ids: ids_seen.map(ids),
        brokers: None,
        topics: topics.map(|topic| [topic.to_owned()].into()),
        strategy: strategy.map(str::to_owned),
    };
    let repeated = |id: &str| Reason::RepeatedClientId { id: id.into(), times: 2 };
    let differ = |names: &[&str]| Reason::ViewsDiffer { ids: ids(names) };
    let not_subscribed = Reason::NotSubscribed { id: "b".into() };
    let table: [Case<'_>; 6] = [
        (&["a", "b"], vec![], vec![]),
        (&["a", "a", "b", "b"], vec![], vec![repeated("a"), repeated("b")]),
        (&["a", "b"], vec![("b", view(None, Some("T1"), None))], vec![not_subscribed.clone()]),
        (&["a", "b"], vec![("a", view(Some(&["a"]), None, None))], vec![differ(&["a"])]),
        // Two causes at once: each queue has its own.
        (&["a", "b", "c", "c"], vec![("b", view(None, Some("T1"), None))], vec![not_subscribed, repeated("c")]),
        // A member that is told a list without itself gets nothing; it is not the strategy's fault.
        (&["a", "b"], vec![("a", view(Some(&["b"]), None, None))], vec![differ(&["a"])]),
    ];
    for (members, views, expected) in table {
        let mut asked = question("AVG", &[8, 4], members);
        asked.views = views.into_iter().map(|(id, view)| (id.to_owned(), view)).collect();
        let allocation = asked.allocate().unwrap();
        let faults = explain(&asked, &allocation).unwrap();
        assert_eq!(faults.len(), allocation.total.unowned + allocation.total.double_owned);
        let mut reasons: Vec<Reason> = faults.into_iter().map(|fault| fault.reason).collect();
        reasons.sort();
        reasons.dedup();
        assert_eq!(reasons, expected, "{members:?}");
    }
}

#[test]
fn figures_of_a_topic_and_of_all() {
    let allocation = question("AVG", &[3, 1], &["a", "b"]).allocate().unwrap();
    assert_eq!(allocation.loads, [3, 1]);
    let figures: Vec<_> = allocation
        .topics
        .iter()
        .chain([&allocation.total])
        .map(|balance| (balance.queues, balance.max, balance.min, balance.max_min(), balance.idle_members))
        .collect();
    assert_eq!(figures, [(3, 2, 1, 1, 0), (1, 1, 0, 1, 1), (4, 3, 1, 2, 0)]);
}
