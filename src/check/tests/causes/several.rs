//! Queues with several owners.

use super::{Twin, blind, drops, lists, story, verify, viewing, views};
use crate::check::tests::numbers::{BROKER_B, C1, C2, C3, G, ID_1, ID_2, QUEUE_0, T};
use crate::check::tests::{ends, plan, play, releases, starts, takes};
use crate::model::ids::{ClientIndex, ConnectionId, ViewId};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{End, MemberLoss, Release};

pub(super) const TESTS: &[fn()] = &[
    lists_that_differ_say_whom_they_lack_and_why,
    one_list_is_told_from_what_else_differs,
    one_that_came_back_under_its_id_is_no_leaver,
    one_that_came_back_could_not_hear_of_the_leaver,
    routes_that_have_long_been_the_same_keep_nobody_from_looking,
    the_sentence_names_the_views_and_the_rebalance_that_ends_it,
];

/// c2 takes c1's queue at 13 s, having seen `seen` at broker-b; c1 lets go `held_ms` later.
fn overlap(seen: &[u32], held_ms: u64, more: &[(u64, Observation)]) -> super::Story {
    let overlap =
        [views(13_000, 1, 1, seen), takes(13_000, 1, 0), releases(13_000 + held_ms, 0, 0, Release::Reassigned)];
    story(&[&overlap[..], more].concat())
}

#[test]
fn lists_that_differ_say_whom_they_lack_and_why() {
    let down = (8_000, BrokerDown { broker: BROKER_B, graceful: false });
    let up = (12_000, BrokerUp { broker: BROKER_B });
    let newcomer = [starts(12_500, 2), lists(12_600, 1, 2)];
    let twins: Vec<Twin> = vec![
        (
            "the broker restarted, and lacks who was listed",
            plan(),
            overlap(&[1], 5_000, &[down.clone(), up.clone()]),
            ("partial_list_after_broker_restart", "E3"),
        ),
        (
            "a broker restarted, and what differs is a newcomer",
            plan(),
            overlap(&[0, 1, 2], 5_000, &[&newcomer[..], &[down, up, lists(12_100, 1, 0)]].concat()),
            ("newcomer_takes_before_release", ""),
        ),
        ("a newcomer", plan(), overlap(&[0, 1, 2], 5_000, &newcomer), ("newcomer_takes_before_release", "")),
        (
            "somebody left",
            plan(),
            story(&[
                starts(50, 2),
                views(5_000, 0, 0, &[0, 1, 2]),
                ends(12_500, 2, End::Killed),
                views(13_000, 1, 1, &[0, 1]),
                takes(13_000, 1, 0),
                releases(18_000, 0, 0, Release::Reassigned),
            ]),
            ("leaver_in_an_older_list", ""),
        ),
        (
            "a living member expired",
            plan(),
            overlap(&[1], 5_000, &[drops(12_000, 1, 0, MemberLoss::Expired)]),
            ("broker_dropped_a_living_member", ""),
        ),
        (
            "a frozen member expired and came back",
            plan(),
            overlap(
                &[1],
                5_000,
                &[
                    (11_000, ConsumerPaused { consumer: C1 }),
                    drops(12_000, 1, 0, MemberLoss::Expired),
                    (12_500, ConsumerResumed { consumer: C1 }),
                ],
            ),
            ("zombie_came_back", ""),
        ),
        (
            "a list lacks a member that has long run, and nothing shows why",
            plan(),
            story(&[views(45_000, 1, 1, &[1]), takes(45_000, 1, 0), releases(50_000, 0, 0, Release::Reassigned)]),
            ("unknown", ""),
        ),
        (
            "the other got no list meanwhile",
            plan(),
            overlap(&[0, 1, 2], 15_000, &[&newcomer[..], &[blind(13_500, 0, 0)]].concat()),
            ("no_list", "E5"),
        ),
    ];
    verify("double_owned", twins);
}

#[test]
fn one_list_is_told_from_what_else_differs() {
    let skewed =
        [viewing(13_000, 1, (1, &[0, 1]), 7), takes(13_000, 1, 0), releases(18_000, 0, 0, Release::Reassigned)];
    let twin = [(12_000, ConsumerStarting { consumer: C3, client: ID_1 }), takes(13_000, 2, 0)];
    let beside = [(12_000, ConsumerStarting { consumer: C3, client: ClientIndex(3) }), starts(50, 3)];
    let resumed = [
        (10_000, ConsumerPaused { consumer: C1 }),
        takes(20_000, 1, 0),
        (30_000, ConsumerResumed { consumer: C1 }),
        releases(30_500, 0, 0, Release::Reassigned),
    ];
    let added = |client| (12_500, MemberAdded { broker: BROKER_B, group: G, client, connection: ConnectionId(90) });
    let second = (12_500, ConsumerStarting { consumer: C3, client: ID_1 });
    let more_often = |more: &[_]| {
        let acts = [views(13_000, 1, 1, &[0, 0, 1]), takes(13_000, 1, 0), releases(18_000, 0, 0, Release::Reassigned)];
        story(&[&acts[..], more].concat())
    };
    let busy = (12_900, UnlockDelayed { consumer: C1, queue: QUEUE_0 });
    let twins: Vec<Twin> = vec![
        ("the routes differ", plan(), story(&skewed), ("route_view_skew", "E17")),
        ("the same list and route, for a moment", plan(), overlap(&[0, 1], 1_000, &[]), ("hand_over", "")),
        ("the same list and route, for long", plan(), overlap(&[0, 1], 9_000, &[]), ("unknown", "")),
        ("the listener is busy", plan(), overlap(&[0, 1], 9_000, &[busy]), ("listener_delays_the_unlock", "E8")),
        ("the owners are twins", plan(), story(&twin), ("duplicate_client_id", "E2")),
        ("a list has the other twice", plan(), more_often(&[added(ID_1)]), ("half_open_connection", "E4")),
        ("a list has the other twice, by two processes", plan(), more_often(&[second]), ("duplicate_client_id", "E2")),
        ("a list has the other twice, and nothing shows why", plan(), more_often(&[added(ID_2)]), ("unknown", "")),
        ("other members are twins", plan(), overlap(&[0, 1], 1_000, &beside), ("hand_over", "")),
        ("a thawed owner beside the new one", plan(), story(&resumed), ("zombie_came_back", "")),
    ];
    verify("double_owned", twins);
}

/// Of the seed 846: a process that had shut down started anew without a route, and registered two minutes later.
#[test]
fn one_that_came_back_under_its_id_is_no_leaver() {
    let leaves = [
        drops(10_000, 0, 0, MemberLoss::Unregistered),
        drops(10_000, 1, 0, MemberLoss::Unregistered),
        views(10_300, 1, 0, &[1]),
        takes(10_400, 1, 0),
    ];
    let held_on = [releases(15_000, 0, 0, Release::Shutdown), ends(15_000, 0, End::Shutdown)];
    // Of the seed 79: the old process ran for a while after it had unregistered, and the next one started at once.
    let restarts = [
        drops(10_000, 0, 0, MemberLoss::Unregistered),
        releases(10_100, 0, 0, Release::Shutdown),
        views(10_300, 1, 0, &[1]),
        takes(10_400, 1, 0),
        ends(15_000, 0, End::Shutdown),
        starts(16_000, 0),
        lists(16_500, 0, 0),
        views(17_000, 0, 0, &[0, 1]),
        takes(17_100, 0, 0),
        releases(25_000, 1, 0, Release::Reassigned),
    ];
    let came_back = |more: &[_]| {
        let gone = [releases(10_200, 0, 0, Release::Shutdown), ends(10_200, 0, End::Shutdown), starts(20_000, 0)];
        let overlap = [views(70_100, 0, 0, &[0, 1]), takes(70_200, 0, 0), releases(75_000, 1, 0, Release::Reassigned)];
        story(&[&leaves[..], &gone, &[views(60_000, 1, 0, &[1])], more, &overlap].concat())
    };
    let twins: Vec<Twin> = vec![
        ("it has its table still", plan(), story(&[&leaves[..], &held_on].concat()), ("leaver_in_an_older_list", "")),
        ("its threads end, and another starts", plan(), story(&restarts), ("newcomer_takes_before_release", "")),
        ("another registers", plan(), came_back(&[lists(70_000, 0, 0)]), ("newcomer_takes_before_release", "")),
        ("another registered long ago", plan(), came_back(&[lists(21_000, 0, 0)]), ("unknown", "")),
    ];
    verify("double_owned", twins);
}

/// Of the seed 2598: c3 was powered off while c1 was cut off; when c1 came back, another had been told of it for long.
#[test]
fn one_that_came_back_could_not_hear_of_the_leaver() {
    let cut = |at_ms, broker, cut_off| (at_ms, ConsumerCutOff { consumer: C1, broker, cut_off });
    let gone = |at_ms| drops(at_ms, 1, 2, MemberLoss::Expired);
    let acts = [
        views(50_500, 1, 1, &[0, 1]),
        takes(50_600, 1, 0),
        views(51_000, 0, 1, &[0, 1]),
        releases(51_000, 0, 0, Release::Reassigned),
    ];
    let back = |more: &[_]| {
        let three = [views(5_000, 0, 1, &[0, 1, 2]), views(5_000, 1, 1, &[0, 1, 2])];
        let begins = [starts(50, 2), lists(100, 1, 2), ends(9_000, 2, End::PoweredOff)];
        story(&[&begins[..], &three, more, &acts].concat())
    };
    let away = |more: &[_]| back(&[&[cut(10_000, BROKER_B, true), cut(50_000, BROKER_B, false)][..], more].concat());
    let down = [(20_000, BrokerDown { broker: BROKER_B, graceful: false }), (50_100, BrokerUp { broker: BROKER_B })];
    let frozen = [(10_000, ConsumerPaused { consumer: C1 }), gone(30_000), (50_000, ConsumerResumed { consumer: C1 })];
    let twins: Vec<Twin> = vec![
        ("cut off meanwhile", plan(), away(&[gone(30_000)]), ("zombie_came_back", "")),
        ("frozen meanwhile", plan(), back(&frozen), ("zombie_came_back", "")),
        ("it went when c1 was back", plan(), away(&[gone(50_200)]), ("leaver_in_an_older_list", "")),
        ("the broker was away itself", plan(), away(&down), ("leaver_in_an_older_list", "")),
        ("nobody was away", plan(), back(&[gone(30_000)]), ("leaver_in_an_older_list", "")),
        (
            "c1 looked meanwhile",
            plan(),
            away(&[views(20_000, 0, 0, &[0, 1, 2]), gone(30_000)]),
            ("leaver_in_an_older_list", ""),
        ),
    ];
    verify("double_owned", twins);
}

/// Of the seed 1413: all were cut off for minutes in which the route changed, and came back one by one.
#[test]
fn routes_that_have_long_been_the_same_keep_nobody_from_looking() {
    let routed = |at_ms, consumer| (at_ms, RouteChanged { consumer, topic: T, queues: 8, view: ViewId(7) });
    let cut = |at_ms, cut_off| (at_ms, ConsumerCutOff { consumer: C1, broker: BROKER_B, cut_off });
    let back = |routed: [(u64, Observation); 2]| {
        let away = [cut(20_000, true), drops(80_000, 1, 0, MemberLoss::Expired), cut(99_000, false)];
        let acts =
            [viewing(99_500, 1, (1, &[1]), 7), takes(99_600, 1, 0), releases(101_000, 0, 0, Release::Reassigned)];
        story(&[&routed[..], &away, &acts].concat())
    };
    let twins: Vec<Twin> = vec![
        ("long ago", plan(), back([routed(21_000, C1), routed(21_500, C2)]), ("zombie_came_back", "")),
        ("of late", plan(), back([routed(21_000, C2), routed(80_000, C1)]), ("route_view_skew", "E17")),
        ("of one only", plan(), back([routed(20_500, C2), routed(21_000, C2)]), ("route_view_skew", "E17")),
    ];
    verify("double_owned", twins);
}

#[test]
fn the_sentence_names_the_views_and_the_rebalance_that_ends_it() {
    let newcomer = [starts(12_500, 2), lists(12_600, 1, 2), views(33_000, 0, 0, &[0, 1, 2])];
    let found = play(&overlap(&[0, 1, 2], 20_000, &newcomer));
    let row = found.anomalies.iter().find(|row| row.kind.word() == "double_owned").expect("two owned it");
    for part in ["c2 saw 3 members at broker-b at 13s", "c1 saw 2 at broker-a at 1s", "c3 started at 12.5s"] {
        assert!(row.detail.contains(part), "{part}: {}", row.detail);
    }
    assert!(row.detail.ends_with("until c1 rebalanced at 33s by its timer"), "{}", row.detail);
    let told = (32_500, Notified { consumer: C1, broker: BROKER_B });
    let found = play(&overlap(&[0, 1, 2], 20_000, &[&newcomer[..], &[told]].concat()));
    let row = found.anomalies.iter().find(|row| row.kind.word() == "double_owned").expect("two owned it");
    assert!(row.detail.ends_with("until c1 rebalanced at 33s, told by broker-b"), "{}", row.detail);
}
