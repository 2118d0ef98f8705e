//! Queues with several owners.

use super::{Twin, blind, drops, lists, story, verify, viewing, views};
use crate::check::tests::{ends, plan, play, releases, starts, takes};
use crate::model::ids::{BrokerIndex, ClientIndex, ConsumerIndex, GroupIndex, QueueIndex, TopicIndex};
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
fn overlap(seen: &[ClientIndex], held_ms: u64, more: &[(u64, Observation)]) -> super::Story {
    let overlap =
        [views(13_000, 1, 1, seen), takes(13_000, 1, 0), releases(13_000 + held_ms, 0, 0, Release::Reassigned)];
    story(&[&overlap[..], more].concat())
}

#[test]
fn lists_that_differ_say_whom_they_lack_and_why() {
    let down = (8_000, BrokerDown { broker: BrokerIndex(1), graceful: false });
    let up = (12_000, BrokerUp { broker: BrokerIndex(1) });
    let newcomer = [starts(12_500, 2), lists(12_600, 1, ClientIndex(2))];
    let twins: Vec<Twin> = vec![
        (
            "the broker restarted, and lacks who was listed",
            plan(),
            overlap(&[ClientIndex(1)], 5_000, &[down.clone(), up.clone()]),
            ("partial_list_after_broker_restart", "E3"),
        ),
        (
            "a broker restarted, and what differs is a newcomer",
            plan(),
            overlap(
                &[ClientIndex(0), ClientIndex(1), ClientIndex(2)],
                5_000,
                &[&newcomer[..], &[down, up, lists(12_100, 1, ClientIndex(0))]].concat(),
            ),
            ("newcomer_takes_before_release", ""),
        ),
        (
            "a newcomer",
            plan(),
            overlap(&[ClientIndex(0), ClientIndex(1), ClientIndex(2)], 5_000, &newcomer),
            ("newcomer_takes_before_release", ""),
        ),
        (
            "somebody left",
            plan(),
            story(&[
                starts(50, 2),
                views(5_000, 0, 0, &[ClientIndex(0), ClientIndex(1), ClientIndex(2)]),
                ends(12_500, 2, End::Killed),
                views(13_000, 1, 1, &[ClientIndex(0), ClientIndex(1)]),
                takes(13_000, 1, 0),
                releases(18_000, 0, 0, Release::Reassigned),
            ]),
            ("leaver_in_an_older_list", ""),
        ),
        (
            "a living member expired",
            plan(),
            overlap(&[ClientIndex(1)], 5_000, &[drops(12_000, 1, ClientIndex(0), MemberLoss::Expired)]),
            ("broker_dropped_a_living_member", ""),
        ),
        (
            "a frozen member expired and came back",
            plan(),
            overlap(
                &[ClientIndex(1)],
                5_000,
                &[
                    (11_000, ConsumerPaused { consumer: ConsumerIndex(0) }),
                    drops(12_000, 1, ClientIndex(0), MemberLoss::Expired),
                    (12_500, ConsumerResumed { consumer: ConsumerIndex(0) }),
                ],
            ),
            ("zombie_came_back", ""),
        ),
        (
            "a list lacks a member that has long run, and nothing shows why",
            plan(),
            story(&[
                views(45_000, 1, 1, &[ClientIndex(1)]),
                takes(45_000, 1, 0),
                releases(50_000, 0, 0, Release::Reassigned),
            ]),
            ("unknown", ""),
        ),
        (
            "the other got no list meanwhile",
            plan(),
            overlap(
                &[ClientIndex(0), ClientIndex(1), ClientIndex(2)],
                15_000,
                &[&newcomer[..], &[blind(13_500, 0, 0)]].concat(),
            ),
            ("no_list", "E5"),
        ),
    ];
    verify("double_owned", twins);
}

#[test]
fn one_list_is_told_from_what_else_differs() {
    let skewed = [
        viewing(13_000, 1, (1, &[ClientIndex(0), ClientIndex(1)]), 7),
        takes(13_000, 1, 0),
        releases(18_000, 0, 0, Release::Reassigned),
    ];
    let twin = [(12_000, ConsumerStarting { consumer: ConsumerIndex(2), client: ClientIndex(0) }), takes(13_000, 2, 0)];
    let beside = [(12_000, ConsumerStarting { consumer: ConsumerIndex(2), client: ClientIndex(3) }), starts(50, 3)];
    let resumed = [
        (10_000, ConsumerPaused { consumer: ConsumerIndex(0) }),
        takes(20_000, 1, 0),
        (30_000, ConsumerResumed { consumer: ConsumerIndex(0) }),
        releases(30_500, 0, 0, Release::Reassigned),
    ];
    let added = |client| (12_500, MemberAdded { broker: BrokerIndex(1), group: GroupIndex(0), client, connection: 90 });
    let second = (12_500, ConsumerStarting { consumer: ConsumerIndex(2), client: ClientIndex(0) });
    let more_often = |more: &[_]| {
        let acts = [
            views(13_000, 1, 1, &[ClientIndex(0), ClientIndex(0), ClientIndex(1)]),
            takes(13_000, 1, 0),
            releases(18_000, 0, 0, Release::Reassigned),
        ];
        story(&[&acts[..], more].concat())
    };
    let busy = (12_900, UnlockDelayed { consumer: ConsumerIndex(0), queue: QueueIndex(0) });
    let twins: Vec<Twin> = vec![
        ("the routes differ", plan(), story(&skewed), ("route_view_skew", "E17")),
        (
            "the same list and route, for a moment",
            plan(),
            overlap(&[ClientIndex(0), ClientIndex(1)], 1_000, &[]),
            ("hand_over", ""),
        ),
        (
            "the same list and route, for long",
            plan(),
            overlap(&[ClientIndex(0), ClientIndex(1)], 9_000, &[]),
            ("unknown", ""),
        ),
        (
            "the listener is busy",
            plan(),
            overlap(&[ClientIndex(0), ClientIndex(1)], 9_000, &[busy]),
            ("listener_delays_the_unlock", "E8"),
        ),
        ("the owners are twins", plan(), story(&twin), ("duplicate_client_id", "E2")),
        ("a list has the other twice", plan(), more_often(&[added(ClientIndex(0))]), ("half_open_connection", "E4")),
        ("a list has the other twice, by two processes", plan(), more_often(&[second]), ("duplicate_client_id", "E2")),
        (
            "a list has the other twice, and nothing shows why",
            plan(),
            more_often(&[added(ClientIndex(1))]),
            ("unknown", ""),
        ),
        (
            "other members are twins",
            plan(),
            overlap(&[ClientIndex(0), ClientIndex(1)], 1_000, &beside),
            ("hand_over", ""),
        ),
        ("a thawed owner beside the new one", plan(), story(&resumed), ("zombie_came_back", "")),
    ];
    verify("double_owned", twins);
}

/// Of the seed 846: a process that had shut down started anew without a route, and registered two minutes later.
#[test]
fn one_that_came_back_under_its_id_is_no_leaver() {
    let leaves = [
        drops(10_000, 0, ClientIndex(0), MemberLoss::Unregistered),
        drops(10_000, 1, ClientIndex(0), MemberLoss::Unregistered),
        views(10_300, 1, 0, &[ClientIndex(1)]),
        takes(10_400, 1, 0),
    ];
    let held_on = [releases(15_000, 0, 0, Release::Shutdown), ends(15_000, 0, End::Shutdown)];
    // Of the seed 79: the old process ran for a while after it had unregistered, and the next one started at once.
    let restarts = [
        drops(10_000, 0, ClientIndex(0), MemberLoss::Unregistered),
        releases(10_100, 0, 0, Release::Shutdown),
        views(10_300, 1, 0, &[ClientIndex(1)]),
        takes(10_400, 1, 0),
        ends(15_000, 0, End::Shutdown),
        starts(16_000, 0),
        lists(16_500, 0, ClientIndex(0)),
        views(17_000, 0, 0, &[ClientIndex(0), ClientIndex(1)]),
        takes(17_100, 0, 0),
        releases(25_000, 1, 0, Release::Reassigned),
    ];
    let came_back = |more: &[_]| {
        let gone = [releases(10_200, 0, 0, Release::Shutdown), ends(10_200, 0, End::Shutdown), starts(20_000, 0)];
        let overlap = [
            views(70_100, 0, 0, &[ClientIndex(0), ClientIndex(1)]),
            takes(70_200, 0, 0),
            releases(75_000, 1, 0, Release::Reassigned),
        ];
        story(&[&leaves[..], &gone, &[views(60_000, 1, 0, &[ClientIndex(1)])], more, &overlap].concat())
    };
    let twins: Vec<Twin> = vec![
        ("it has its table still", plan(), story(&[&leaves[..], &held_on].concat()), ("leaver_in_an_older_list", "")),
        ("its threads end, and another starts", plan(), story(&restarts), ("newcomer_takes_before_release", "")),
        (
            "another registers",
            plan(),
            came_back(&[lists(70_000, 0, ClientIndex(0))]),
            ("newcomer_takes_before_release", ""),
        ),
        ("another registered long ago", plan(), came_back(&[lists(21_000, 0, ClientIndex(0))]), ("unknown", "")),
    ];
    verify("double_owned", twins);
}

/// Of the seed 2598: c3 was powered off while c1 was cut off; when c1 came back, another had been told of it for long.
#[test]
fn one_that_came_back_could_not_hear_of_the_leaver() {
    let cut = |at_ms, broker, cut_off| (at_ms, ConsumerCutOff { consumer: ConsumerIndex(0), broker, cut_off });
    let gone = |at_ms| drops(at_ms, 1, ClientIndex(2), MemberLoss::Expired);
    let acts = [
        views(50_500, 1, 1, &[ClientIndex(0), ClientIndex(1)]),
        takes(50_600, 1, 0),
        views(51_000, 0, 1, &[ClientIndex(0), ClientIndex(1)]),
        releases(51_000, 0, 0, Release::Reassigned),
    ];
    let back = |more: &[_]| {
        let three = [
            views(5_000, 0, 1, &[ClientIndex(0), ClientIndex(1), ClientIndex(2)]),
            views(5_000, 1, 1, &[ClientIndex(0), ClientIndex(1), ClientIndex(2)]),
        ];
        let begins = [starts(50, 2), lists(100, 1, ClientIndex(2)), ends(9_000, 2, End::PoweredOff)];
        story(&[&begins[..], &three, more, &acts].concat())
    };
    let away = |more: &[_]| {
        back(&[&[cut(10_000, BrokerIndex(1), true), cut(50_000, BrokerIndex(1), false)][..], more].concat())
    };
    let down = [
        (20_000, BrokerDown { broker: BrokerIndex(1), graceful: false }),
        (50_100, BrokerUp { broker: BrokerIndex(1) }),
    ];
    let frozen = [
        (10_000, ConsumerPaused { consumer: ConsumerIndex(0) }),
        gone(30_000),
        (50_000, ConsumerResumed { consumer: ConsumerIndex(0) }),
    ];
    let twins: Vec<Twin> = vec![
        ("cut off meanwhile", plan(), away(&[gone(30_000)]), ("zombie_came_back", "")),
        ("frozen meanwhile", plan(), back(&frozen), ("zombie_came_back", "")),
        ("it went when c1 was back", plan(), away(&[gone(50_200)]), ("leaver_in_an_older_list", "")),
        ("the broker was away itself", plan(), away(&down), ("leaver_in_an_older_list", "")),
        ("nobody was away", plan(), back(&[gone(30_000)]), ("leaver_in_an_older_list", "")),
        (
            "c1 looked meanwhile",
            plan(),
            away(&[views(20_000, 0, 0, &[ClientIndex(0), ClientIndex(1), ClientIndex(2)]), gone(30_000)]),
            ("leaver_in_an_older_list", ""),
        ),
    ];
    verify("double_owned", twins);
}

/// Of the seed 1413: all were cut off for minutes in which the route changed, and came back one by one.
#[test]
fn routes_that_have_long_been_the_same_keep_nobody_from_looking() {
    let routed = |at_ms, consumer| (at_ms, RouteChanged { consumer, topic: TopicIndex(0), queues: 8, view: 7 });
    let cut = |at_ms, cut_off| (at_ms, ConsumerCutOff { consumer: ConsumerIndex(0), broker: BrokerIndex(1), cut_off });
    let back = |routed: [(u64, Observation); 2]| {
        let away = [cut(20_000, true), drops(80_000, 1, ClientIndex(0), MemberLoss::Expired), cut(99_000, false)];
        let acts = [
            viewing(99_500, 1, (1, &[ClientIndex(1)]), 7),
            takes(99_600, 1, 0),
            releases(101_000, 0, 0, Release::Reassigned),
        ];
        story(&[&routed[..], &away, &acts].concat())
    };
    let twins: Vec<Twin> = vec![
        (
            "long ago",
            plan(),
            back([routed(21_000, ConsumerIndex(0)), routed(21_500, ConsumerIndex(1))]),
            ("zombie_came_back", ""),
        ),
        (
            "of late",
            plan(),
            back([routed(21_000, ConsumerIndex(1)), routed(80_000, ConsumerIndex(0))]),
            ("route_view_skew", "E17"),
        ),
        (
            "of one only",
            plan(),
            back([routed(20_500, ConsumerIndex(1)), routed(21_000, ConsumerIndex(1))]),
            ("route_view_skew", "E17"),
        ),
    ];
    verify("double_owned", twins);
}

#[test]
fn the_sentence_names_the_views_and_the_rebalance_that_ends_it() {
    let newcomer = [
        starts(12_500, 2),
        lists(12_600, 1, ClientIndex(2)),
        views(33_000, 0, 0, &[ClientIndex(0), ClientIndex(1), ClientIndex(2)]),
    ];
    let found = play(&overlap(&[ClientIndex(0), ClientIndex(1), ClientIndex(2)], 20_000, &newcomer));
    let row = found.anomalies.iter().find(|row| row.kind.word() == "double_owned").expect("two owned it");
    for part in ["c2 saw 3 members at broker-b at 13s", "c1 saw 2 at broker-a at 1s", "c3 started at 12.5s"] {
        assert!(row.detail.contains(part), "{part}: {}", row.detail);
    }
    assert!(row.detail.ends_with("until c1 rebalanced at 33s by its timer"), "{}", row.detail);
    let told = (32_500, Notified { consumer: ConsumerIndex(0), broker: BrokerIndex(1) });
    let found =
        play(&overlap(&[ClientIndex(0), ClientIndex(1), ClientIndex(2)], 20_000, &[&newcomer[..], &[told]].concat()));
    let row = found.anomalies.iter().find(|row| row.kind.word() == "double_owned").expect("two owned it");
    assert!(row.detail.ends_with("until c1 rebalanced at 33s, told by broker-b"), "{}", row.detail);
}
