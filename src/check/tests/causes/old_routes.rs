//! Queues without an owner because of the route that members deal by.

use super::dealt::throws;
use super::{Twin, story, two_groups, two_routes, verify, viewing};
use crate::check::tests::numbers::{BROKER_A, C1, C2, C3, QUEUE_0, T};
use crate::check::tests::{QUEUES, plan, releases, settled, takes};
use crate::model::ids::{ClientIndex, NameServerIndex, ViewId};
use crate::model::observation::Observation::*;
use crate::model::observation::{Release, TopicRebalance};
use crate::model::plan::TagSet;

pub(super) const TESTS: &[fn()] = &[
    a_name_server_that_hangs_is_told_from_polls_out_of_phase,
    a_route_of_the_same_queues_moves_none,
    a_route_that_came_late_is_told_from_one_that_was_there,
    a_route_that_another_consumer_took_in_is_told_from_one_that_came_to_the_member,
];

#[test]
fn a_name_server_that_hangs_is_told_from_polls_out_of_phase() {
    // Queue 0 is new at 6 s. c2 deals it to c1, whose route is an older one.
    let new = [(6_000, QueueCreated { queue: QUEUE_0 }), viewing(12_000, 1, (0, &[0, 1]), 7)];
    let begins = |more: &[_]| {
        let all = story(&[&new[..], more].concat());
        let early = |(at, seen): &(u64, _)| *at > 0 || !matches!(seen, QueueCreated { queue: QUEUE_0 });
        let never = |(_, seen): &(u64, _)| !matches!(seen, QueueTaken { queue: QUEUE_0, .. });
        all.into_iter().filter(early).filter(never).collect::<Vec<_>>()
    };
    let unheard = |more: &[_]| {
        let had = |consumer| (1_000, RouteChanged { consumer, topic: T, queues: 1, view: ViewId(3) });
        let all = begins(&[&[had(C1), had(C2)], more].concat());
        all.into_iter().filter(|(at, seen)| *at != 12_000 || !matches!(seen, Viewed { .. })).collect::<Vec<_>>()
    };
    let failed = |consumer| (25_000, RoutePollFailed { consumer, name_server: NameServerIndex(0) });
    let route = (26_000, RouteChanged { consumer: C1, topic: T, queues: 2, view: ViewId(7) });
    let no_route = |at_ms, consumer| {
        (at_ms, TopicRebalanced { consumer, topic: T, broker: Some(BROKER_A), found: TopicRebalance::NoRoute })
    };
    let gives_up =
        |consumer| (11_000, SubscriptionChanged { consumer, topic: T, subscribed: false, tags: TagSet::ALL });
    let twins: Vec<Twin> = vec![
        ("its polls are not answered", plan(), begins(&[failed(C1)]), ("stale_route", "E17")),
        ("another's are not", plan(), begins(&[failed(C2)]), ("unknown", "")),
        ("nobody's are, and nobody knows it", plan(), unheard(&[failed(C1), failed(C2)]), ("stale_route", "E17")),
        ("nobody knows it, though one is answered", plan(), unheard(&[failed(C1)]), ("unknown", "")),
        ("one got the route after", plan(), unheard(&[failed(C1), failed(C2), route.clone()]), ("unknown", "")),
        ("it got the route after", plan(), begins(&[failed(C1), route.clone()]), ("unknown", "")),
        ("it has no route", plan(), begins(&[no_route(12_000, C1)]), ("no_route", "E41")),
        (
            "it had none for a moment",
            plan(),
            begins(&[no_route(12_000, C1), viewing(13_000, 0, (0, &[0, 1]), 7)]),
            ("unknown", ""),
        ),
        ("all have given the topic up", plan(), begins(&[gives_up(C1), gives_up(C2)]), ("unsubscribed", "E30")),
        ("one has given the topic up", plan(), begins(&[gives_up(C1)]), ("unknown", "")),
    ];
    verify("unowned", twins);
}

#[test]
fn a_route_of_the_same_queues_moves_none() {
    let disagree = two_routes();
    let given = |view, more: &[_]| {
        let routed = |at_ms, view| (at_ms, RouteChanged { consumer: C2, topic: T, queues: 2, view: ViewId(view) });
        let moves = [releases(55_000, 0, 0, Release::Reassigned), takes(58_000, 1, 0)];
        story(&[&[routed(100, 1), routed(54_000, view)][..], &moves, more].concat())
    };
    let twins: Vec<Twin> = vec![
        ("other queues", plan(), given(2, &[]), ("route_view_skew", "E17")),
        ("the same queues", plan(), given(1, &[]), ("hand_over", "")),
        ("other queues of another name server", plan(), given(2, &disagree), ("name_servers_disagree", "E19")),
        ("the same queues, while name servers disagree", plan(), given(1, &disagree), ("hand_over", "")),
    ];
    verify("unowned", twins);
}

#[test]
fn a_route_that_came_late_is_told_from_one_that_was_there() {
    let routed = |at_ms, view| (at_ms, RouteChanged { consumer: C1, topic: T, queues: 8, view: ViewId(view) });
    let added = |routes: &[_]| {
        let others = story(&[(10_000, QueueCreated { queue: QUEUE_0 })]).into_iter().filter(|(at, seen)| {
            !matches!(seen, QueueTaken { queue: QUEUE_0, .. })
                && (*at > 0 || !matches!(seen, QueueCreated { queue: QUEUE_0 }))
        });
        others.chain([takes(150_000, 0, 0)]).chain(routes.iter().cloned()).collect()
    };
    let twins: Vec<Twin> = vec![
        ("it came late", plan(), added(&[routed(500, 1), routed(140_000, 2)]), ("new_queue_not_in_the_routes", "E17")),
        ("it was there", plan(), added(&[routed(500, 1), routed(40_000, 2)]), ("unknown", "")),
        ("the same came", plan(), added(&[routed(500, 1), routed(140_000, 1)]), ("unknown", "")),
    ];
    verify("unowned", twins);
}

/// c1 of `g` and c3 of `h` are one client; c1 gave the topic up at 20 s and has it again at 60 s.
#[test]
fn a_route_that_another_consumer_took_in_is_told_from_one_that_came_to_the_member() {
    let routed = |at_ms, consumer, view| (at_ms, RouteChanged { consumer, topic: T, queues: 8, view: ViewId(view) });
    let said =
        |at_ms, subscribed| (at_ms, SubscriptionChanged { consumer: C1, topic: T, subscribed, tags: TagSet::ALL });
    let case = |other: u32, routes: &[_]| {
        let alone = settled().into_iter().filter(|(at, seen)| {
            !matches!(seen, QueueTaken { queue: QUEUE_0, .. } | ConsumerStarting { consumer: C2, .. })
                && (*at > 0 || !matches!(seen, QueueCreated { queue: QUEUE_0 }))
        });
        let alone = alone.filter(|(_, seen)| !matches!(seen, TopicRebalanced { consumer: C2, .. } | QueueTaken { .. }));
        let born = (0, ConsumerStarting { consumer: C3, client: ClientIndex(other) });
        let new = [(10_000, QueueCreated { queue: QUEUE_0 }), takes(10_000, 2, 0)];
        let owned = (1..QUEUES).flat_map(|queue| [takes(1_000, 0, queue), takes(1_000, 2, queue)]);
        let others = alone.chain(owned).chain(new);
        let first = [routed(6_000, C1, 1), routed(6_000, C3, 1), said(20_000, false), said(60_000, true)];
        let last = [routed(290_000, C1, 3), takes(300_000, 0, 0)];
        let all = others.chain([born]).chain(first).chain(routes.iter().cloned()).chain(last);
        all.collect::<Vec<_>>()
    };
    let twins: Vec<Twin> = vec![
        (
            "the other consumer of its client took it in",
            two_groups(),
            case(0, &[routed(30_000, C3, 2)]),
            ("route_changed_while_unsubscribed", "E17"),
        ),
        (
            "the other consumer is another client's",
            two_groups(),
            case(2, &[routed(30_000, C3, 2)]),
            ("new_queue_not_in_the_routes", "E17"),
        ),
        (
            "it came to the member too",
            two_groups(),
            case(0, &[routed(30_000, C3, 2), routed(70_000, C1, 2)]),
            ("new_queue_not_in_the_routes", "E17"),
        ),
        (
            "its strategy throws, as the route that it has kept is empty",
            two_groups(),
            case(0, &[routed(30_000, C3, 2), throws(61_000, 0)]),
            ("route_changed_while_unsubscribed", "E17"),
        ),
        (
            "its strategy throws, and the route is as it was",
            two_groups(),
            case(0, &[throws(61_000, 0)]),
            ("strategy_throws", "E25"),
        ),
        (
            "it came before the member left",
            two_groups(),
            case(0, &[routed(15_000, C3, 2)]),
            ("new_queue_not_in_the_routes", "E17"),
        ),
    ];
    verify("unowned", twins);
}
