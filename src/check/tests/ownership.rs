//! Ownership: holes and overlaps, each with its trap.

use super::causes::views;
use super::{allocated, count, ends, ms, releases, settled, starts, takes, verify, with};
use crate::check::Figure;
use crate::check::tests::numbers::{BROKER_A, BROKER_B, C1, C2, C3, G, ID_1, ID_2, QUEUE_0, QUEUE_1, T};
use crate::model::ids::{ClientIndex, ConnectionId};
use crate::model::observation::Observation::*;
use crate::model::observation::{End, MemberLoss, Release, TopicRebalance};

#[test]
fn deaths_and_lists_have_their_traps() {
    verify(vec![
        (
            "quiet",
            settled(),
            vec![
                ("unowned.total", ms(0)),
                ("double_owned.total", ms(0)),
                ("settle", ms(0)),
                ("moved_queues", count(0)),
            ],
            vec![],
        ),
        (
            "killed, taken 1 s later",
            with(&[ends(10_000, 0, End::Killed), takes(11_000, 1, 0)]),
            vec![
                ("unowned.max", ms(1_000)),
                ("unowned.total", ms(1_000)),
                ("settle", ms(6_000)),
                ("moved_queues", count(1)),
            ],
            vec![("unowned", "")],
        ),
        (
            "two queues without an owner add up",
            with(&[
                ends(10_000, 0, End::Killed),
                ends(10_000, 1, End::Killed),
                starts(10_000, 2),
                takes(12_000, 2, 0),
                takes(13_000, 2, 1),
            ]),
            vec![("unowned.max", ms(3_000)), ("unowned.total", ms(5_000)), ("moved_queues", count(2))],
            vec![("unowned", "")],
        ),
    ]);
}

#[test]
fn rounds_without_a_list_have_their_traps() {
    let expired = |at_ms, loss| {
        (at_ms, MemberRemoved { broker: BROKER_A, group: G, client: ID_1, connection: ConnectionId(1), loss })
    };
    let listed = MemberAdded { broker: BROKER_A, group: G, client: ID_1, connection: ConnectionId(1) };
    verify(vec![
        (
            "a frozen owner does not count, and counts again when it thaws",
            with(&[(10_000, ConsumerPaused { consumer: C1 }), (14_000, ConsumerResumed { consumer: C1 })]),
            vec![("unowned.max", ms(4_000)), ("double_owned.total", ms(0)), ("moved_queues", count(0))],
            vec![("unowned", "")],
        ),
        (
            "a thawed owner beside the new one",
            with(&[
                (10_000, ConsumerPaused { consumer: C1 }),
                takes(20_000, 1, 0),
                (30_000, ConsumerResumed { consumer: C1 }),
                releases(30_500, 0, 0, Release::Reassigned),
            ]),
            vec![("unowned.max", ms(10_000)), ("double_owned.max", ms(500))],
            vec![("unowned", ""), ("double_owned", "")],
        ),
        (
            "expiry tells nobody",
            with(&[
                (100, listed.clone()),
                ends(6_000, 0, End::PoweredOff),
                expired(40_000, MemberLoss::Expired),
                takes(50_000, 1, 0),
            ]),
            vec![("unowned.max", ms(44_000))],
            vec![("unowned", "E6")],
        ),
        (
            "expiry tells nobody, and the dead comes back under another id",
            with(&[
                (100, listed),
                ends(6_000, 0, End::PoweredOff),
                expired(40_000, MemberLoss::Expired),
                takes(50_000, 1, 0),
                (55_000, ConsumerStarting { consumer: C1, client: ClientIndex(4) }),
            ]),
            vec![("unowned.max", ms(44_000))],
            vec![("unowned", "E6")],
        ),
    ]);
}

#[test]
fn overlaps_have_their_traps() {
    verify(vec![
        (
            "a list without the asker",
            with(&[
                (
                    10_000,
                    TopicRebalanced {
                        consumer: C1,
                        topic: T,
                        broker: Some(BROKER_A),
                        found: TopicRebalance::NotInList { members: 1 },
                    },
                ),
                releases(10_000, 0, 0, Release::NotInList),
                takes(11_000, 0, 0),
            ]),
            vec![("unowned.max", ms(1_000)), ("moved_queues", count(0))],
            vec![("unowned", "E26")],
        ),
        (
            "no list for the survivor",
            with(&[
                ends(10_000, 0, End::Killed),
                (
                    10_050,
                    TopicRebalanced { consumer: C2, topic: T, broker: Some(BROKER_A), found: TopicRebalance::NoList },
                ),
                allocated(30_050, 1, 0, 1, 2),
                takes(30_050, 1, 0),
            ]),
            vec![("unowned.max", ms(20_050))],
            vec![("unowned", "E5")],
        ),
        (
            "a partial list from a broker that is just back",
            with(&[
                (100, MemberAdded { broker: BROKER_B, group: G, client: ID_1, connection: ConnectionId(1) }),
                views(1_000, 0, 0, &[0, 1]),
                (8_000, BrokerDown { broker: BROKER_B, graceful: false }),
                (12_000, BrokerUp { broker: BROKER_B }),
                views(13_000, 1, 1, &[1]),
                allocated(13_000, 1, 1, 1, 2),
                takes(13_000, 1, 0),
                releases(14_000, 1, 0, Release::Reassigned),
            ]),
            vec![("double_owned.max", ms(1_000)), ("double_owned.total", ms(1_000)), ("unowned.total", ms(0))],
            vec![("double_owned", "E3")],
        ),
        (
            "one client id twice",
            with(&[(9_000, ConsumerStarting { consumer: C3, client: ID_1 }), takes(10_000, 2, 0)]),
            vec![("double_owned.max", ms(50_000))],
            vec![("double_owned", "E2")],
        ),
    ]);
}

#[test]
fn moves_have_their_traps() {
    verify(vec![
        (
            "one client id twice, and nobody takes the second share",
            vec![
                (0, QueueCreated { queue: QUEUE_0 }),
                (0, QueueCreated { queue: QUEUE_1 }),
                starts(0, 0),
                (100, ConsumerStarting { consumer: C3, client: ID_1 }),
                takes(1_000, 0, 0),
                takes(1_100, 2, 0),
            ],
            vec![("unowned.max", ms(55_000)), ("double_owned.max", ms(55_000))],
            vec![("unowned", "E2"), ("double_owned", "E2")],
        ),
        (
            "the holes of a killed member before a twin starts are not the twin's",
            with(&[
                ends(10_000, 0, End::Killed),
                (
                    10_050,
                    TopicRebalanced { consumer: C2, topic: T, broker: Some(BROKER_A), found: TopicRebalance::NoList },
                ),
                takes(30_050, 1, 0),
                (40_000, ConsumerStarting { consumer: C3, client: ID_2 }),
            ]),
            vec![("unowned.max", ms(20_050))],
            vec![("unowned", "E5")],
        ),
        (
            "a member back under another id moves the borders",
            with(&[
                ends(10_000, 0, End::Killed),
                takes(10_000, 1, 0),
                (10_000, ConsumerStarting { consumer: C1, client: ClientIndex(5) }),
                releases(11_000, 1, 1, Release::Reassigned),
                takes(12_000, 0, 1),
            ]),
            vec![("unowned.max", ms(1_000)), ("moved_queues", count(2))],
            vec![("unowned", "E23")],
        ),
        (
            "%RETRY% and same-moment hand-overs are no holes",
            with(&[releases(10_000, 0, 0, Release::Reassigned), takes(10_000, 1, 0)]),
            vec![
                ("unowned.max", ms(0)),
                ("moved_queues", count(1)),
                ("balance.max_min", count(2)),
                ("balance.idle_members", count(1)),
                ("balance.jain", Figure::Millionths(500_000)),
            ],
            vec![],
        ),
    ]);
}
