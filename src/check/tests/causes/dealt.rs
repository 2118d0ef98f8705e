//! Queues dealt to somebody that does not take them, and releases that are no hand-over.

use super::{NOTHING, Twin, blind, lists, story, two_groups, verify, viewing, views};
use crate::check::AnomalyKind;
use crate::check::tests::numbers::{BROKER_A, BROKER_B, C1, C2, C3, QUEUE_0, T};
use crate::check::tests::{Story, ends, plan, releases, starts, takes};
use crate::check::tests::{play_plan, trap_word};
use crate::model::ids::{ConsumerIndex, NameServerIndex, QueueIndex, ViewId};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{ClientIndex, End, Release, TopicRebalance};
use crate::model::plan::{MessageModel, Plan, TagSet};
use crate::strategy::registry::strategy;

pub(super) const TESTS: &[fn()] = &[
    a_queue_is_given_to_a_stranger_only_where_the_list_holds_it,
    nobody_takes_a_topic_that_a_release_has_yet_to_bring,
    a_queue_is_given_to_a_broadcasting_member_only_where_the_list_holds_it,
    a_queue_is_given_to_nobody_where_all_leave_it_out,
    strategies_differ_where_two_deal_at_one_time,
    a_release_has_the_reason_that_was_seen,
    a_queue_that_nobody_took_has_the_reason_that_was_seen,
    a_broker_that_comes_late_is_waited_for_and_then_heard_of,
    two_routes_at_once_are_of_two_name_servers_only_where_these_differ,
];

/// c1 gives its queue up at 10 s by the list that it sees, and nobody takes it.
fn gives_up(list: &[u32], more: &[(u64, Observation)]) -> Story {
    let begins = [starts(9_000, 2), lists(9_100, 0, 2), lists(9_100, 1, 2)];
    let acts = [views(10_000, 0, 0, list), releases(10_000, 0, 0, Release::Reassigned), views(10_000, 1, 0, list)];
    story(&[&begins[..], &acts, more].concat())
}

#[test]
fn a_queue_is_given_to_a_stranger_only_where_the_list_holds_it() {
    let subscribes = |at_ms, consumer, subscribed| {
        (at_ms, SubscriptionChanged { consumer, topic: T, subscribed, tags: TagSet::ALL })
    };
    let others = [subscribes(1, C1, true), subscribes(1, C2, true)];
    let all = [&others[..], &[subscribes(9_000, C3, true)]].concat();
    let gave_up = [&all[..], &[subscribes(9_500, C3, false)]].concat();
    let left = [&others[..], &[ends(9_900, 2, End::Killed)]].concat();
    // c2 subscribes the topic once more at 20 s and takes the queue at 40 s; c3 gives the topic up.
    let gives_up_at = |at_ms| {
        let again = [subscribes(20_000, C2, true), takes(40_000, 1, 0), subscribes(at_ms, C3, false)];
        [&all[..], &again].concat()
    };
    verify(
        "unowned",
        vec![
            (
                "c3 has not the topic",
                plan(),
                gives_up(&[0, 1, 2], &others),
                ("given_to_a_member_without_the_topic", "E1"),
            ),
            (
                "c3 gave the topic up",
                plan(),
                gives_up(&[0, 1, 2], &gave_up),
                ("given_to_a_member_without_the_topic", "E1"),
            ),
            ("c3 has not the topic, and is in no list", plan(), gives_up(&[0, 1], &others), ("unknown", "")),
            ("c3 has the topic", plan(), gives_up(&[0, 1, 2], &all), ("unknown", "")),
            ("c3 had not the topic, and is dead", plan(), gives_up(&[0, 1, 2], &left), ("unknown", "")),
            (
                "c3 gave the topic up meanwhile",
                plan(),
                gives_up(&[0, 1, 2], &gives_up_at(12_000)),
                ("given_to_a_member_without_the_topic", "E1"),
            ),
            // Of the seed 6301.
            (
                "c3 gave the topic up when the queue had its owner",
                plan(),
                gives_up(&[0, 1, 2], &gives_up_at(42_000)),
                ("unknown", ""),
            ),
        ],
    );
}

#[test]
fn nobody_takes_a_topic_that_a_release_has_yet_to_bring() {
    let subscribes =
        |at_ms, consumer| (at_ms, SubscriptionChanged { consumer, topic: T, subscribed: true, tags: TagSet::ALL });
    let comes = |more: &[(u64, Observation)]| {
        let begins = [(0, QueueCreated { queue: QUEUE_0 }), starts(10_000, 0), starts(10_000, 1)];
        let brings = [starts(40_000, 2), subscribes(40_001, C3), takes(41_500, 2, 0)];
        [&begins[..], more, &brings].concat()
    };
    verify(
        "unowned",
        vec![
            ("c3 brings it", plan(), comes(&[]), ("nobody_else_ran", "")),
            ("c2 had it", plan(), comes(&[subscribes(10_001, C2)]), ("unknown", "")),
        ],
    );
}

#[test]
fn a_queue_is_given_to_a_broadcasting_member_only_where_the_list_holds_it() {
    let mut mixed = plan();
    mixed.consumers[2].consumer.message_model = MessageModel::Broadcasting;
    // It has all queues for itself.
    let own = [takes(9_000, 2, 0), takes(9_000, 2, 1)];
    let ended = [&own[..], &[ends(9_900, 2, End::Killed)]].concat();
    verify(
        "unowned",
        vec![
            ("listed", mixed.clone(), gives_up(&[0, 1, 2], &own), ("given_to_a_broadcasting_member", "E42")),
            ("not listed", mixed.clone(), gives_up(&[0, 1], &own), ("unknown", "")),
            ("it has ended", mixed, gives_up(&[0, 1, 2], &ended), ("unknown", "")),
            ("all share", plan(), gives_up(&[0, 1, 2], &[]), ("unknown", "")),
        ],
    );
}

/// c1 or c2 looks, and its strategy gives these queues to nobody.
fn leaves_out(at_ms: u64, consumer: u16, left_out: &[u32]) -> (u64, Observation) {
    let members = [0, 1].map(ClientIndex);
    let (topic, broker, queues, strategy) = (T, BROKER_A, 7, 0);
    let left_out: Vec<QueueIndex> = left_out.iter().copied().map(QueueIndex).collect();
    (
        at_ms,
        Viewed {
            consumer: ConsumerIndex(consumer),
            topic,
            broker,
            members: members.into(),
            queues: ViewId(queues),
            strategy,
            left_out: left_out.into(),
        },
    )
}

pub(super) fn throws(at_ms: u64, consumer: u16) -> (u64, Observation) {
    (
        at_ms,
        TopicRebalanced {
            consumer: ConsumerIndex(consumer),
            topic: T,
            broker: Some(BROKER_A),
            found: TopicRebalance::StrategyFailed,
        },
    )
}

#[test]
fn a_queue_is_given_to_nobody_where_all_leave_it_out() {
    let gave_up = |more: &[(u64, Observation)]| story(&[&[releases(10_000, 0, 0, Release::Reassigned)], more].concat());
    let (first, second) = (leaves_out(10_000, 0, &[0]), leaves_out(10_100, 1, &[0]));
    let has_topic = |consumer| (1, SubscriptionChanged { consumer, topic: T, subscribed: true, tags: TagSet::ALL });
    let joins = [starts(9_000, 2), (9_000, has_topic(C3).1)];
    let died = [ends(10_000, 0, End::Killed), leaves_out(10_100, 1, &[0])];
    let back = |ms: u64| [starts(10_000 + ms, 0), takes(11_000 + ms, 0, 0)];
    let dies = |more: &[(u64, Observation)]| story(&[&died[..], more].concat());
    let frozen = [(10_000, ConsumerPaused { consumer: C1 }), leaves_out(10_100, 1, &[0])];
    verify(
        "unowned",
        vec![
            ("both leave it out", plan(), gave_up(&[first.clone(), second.clone()]), ("given_to_nobody", "E48")),
            (
                "c2 gives it to somebody",
                plan(),
                gave_up(&[first.clone(), views(10_100, 1, 0, &[0, 1])]),
                ("unknown", ""),
            ),
            (
                "both leave another out",
                plan(),
                gave_up(&[leaves_out(10_000, 0, &[1]), leaves_out(10_100, 1, &[1])]),
                ("unknown", ""),
            ),
            (
                "c3 has not looked yet",
                plan(),
                gave_up(&[&joins[..], &[first.clone(), second.clone()]].concat()),
                ("unknown", ""),
            ),
            ("only its owner had it, and comes back soon", plan(), dies(&back(4_000)), ("given_to_nobody", "E48")),
            ("only its owner had it, and is frozen", plan(), story(&frozen), ("given_to_nobody", "E48")),
            ("its owner is frozen, and others may have it", plan(), story(&frozen[..1]), ("waiting_for_expiry", "")),
            ("for a moment", plan(), gave_up(&[first.clone(), second, takes(10_150, 1, 0)]), ("hand_over", "")),
            (
                "the strategies of both throw",
                plan(),
                gave_up(&[throws(10_100, 0), throws(10_100, 1)]),
                ("strategy_throws", "E25"),
            ),
            (
                "c2's throws, and the queue is dealt to it",
                plan(),
                gave_up(&[throws(10_100, 1)]),
                ("strategy_throws", "E25"),
            ),
            ("c2's threw once", plan(), gave_up(&[throws(10_100, 1), views(11_000, 1, 0, &[0, 1])]), ("unknown", "")),
            ("that of another group throws", two_groups(), gave_up(&[throws(10_100, 2)]), ("unknown", "")),
        ],
    );
}

/// c2 deals by AVG, and the others by what asks nothing.
fn two_strategies() -> Plan {
    let mut plan = plan();
    plan.consumers[1].consumer.allocate_message_queue_strategy = strategy("AVG").expect("it is there");
    plan
}

/// c2 looks, as one who deals by the strategy of this number.
fn deals(at_ms: u64, members: &[u32], strategy: usize) -> (u64, Observation) {
    let (consumer, topic, broker, queues) = (C2, T, BROKER_A, 0);
    (
        at_ms,
        Viewed {
            consumer,
            topic,
            broker,
            members: members.iter().copied().map(ClientIndex).collect(),
            queues: ViewId(queues),
            strategy,
            left_out: [].into(),
        },
    )
}

#[test]
fn strategies_differ_where_two_deal_at_one_time() {
    let gives = |number, second: &[u32]| {
        let acts = [views(10_000, 0, 0, &[0, 1]), releases(10_000, 0, 0, Release::Reassigned)];
        story(&[&acts[..], &[deals(10_100, second, number)]].concat())
    };
    verify(
        "unowned",
        vec![
            ("c2 deals otherwise", two_strategies(), gives(1, &[0, 1]), ("strategies_differ", "E24")),
            ("c2 has the name of c1's", plan(), gives(1, &[0, 1]), ("unknown", "")),
            ("c2 deals like c1", two_strategies(), gives(0, &[0, 1]), ("unknown", "")),
        ],
    );
    let both = |number, held_ms: u64| {
        let acts = [deals(13_000, &[0, 1], number), takes(13_000, 1, 0)];
        story(&[&acts[..], &[releases(13_000 + held_ms, 0, 0, Release::Reassigned)]].concat())
    };
    verify(
        "double_owned",
        vec![
            ("c2 deals otherwise", two_strategies(), both(1, 20_000), ("strategies_differ", "E24")),
            ("c2 deals like c1", two_strategies(), both(0, 20_000), ("unknown", "")),
            ("c2 deals otherwise, for a moment", two_strategies(), both(1, 1_000), ("hand_over", "")),
        ],
    );
}

#[test]
fn a_release_has_the_reason_that_was_seen() {
    let given = |release, ms: u64| story(&[releases(10_000, 0, 0, release), takes(10_000 + ms, 1, 0)]);
    let throws = ends(10_000, 0, End::StartFailed);
    verify(
        "unowned",
        vec![
            ("not pulled for long", plan(), given(Release::PullExpired, 1_000), ("pull_expired", "")),
            ("its offset is repaired", plan(), given(Release::OffsetIllegal, 1_000), ("offset_illegal_repair", "")),
            ("an operator", plan(), given(Release::OffsetsReset, 1_000), ("operator_reset_offsets", "")),
            ("it leaves", plan(), given(Release::Shutdown, 1_000), ("graceful_leave", "")),
            ("another's by the list", plan(), given(Release::Reassigned, 1_000), ("hand_over", "")),
            (
                "its process ends in order",
                plan(),
                story(&[ends(10_000, 0, End::Shutdown), takes(11_000, 1, 0)]),
                ("graceful_leave", ""),
            ),
            (
                "its process is killed",
                plan(),
                story(&[ends(10_000, 0, End::Killed), takes(11_000, 1, 0)]),
                ("crash_takeover", ""),
            ),
            ("its start() threw", plan(), story(&[throws, takes(11_000, 1, 0)]), ("start_failed", "")),
        ],
    );
}

#[test]
fn a_queue_that_nobody_took_has_the_reason_that_was_seen() {
    // The group starts at 10 s, and the queue is taken 20 s later.
    let late = |more: &[(u64, Observation)]| {
        let begins = [(0, QueueCreated { queue: QUEUE_0 }), starts(10_000, 0), takes(30_000, 0, 0)];
        [&begins[..], more].concat()
    };
    let shown = |read| (10_000, QueuesOpened { broker: BROKER_A, topic: T, read, write: 2 });
    let away = |broker| [(9_000, BrokerDown { broker, graceful: false }), (29_000, BrokerUp { broker })];
    verify(
        "unowned",
        vec![
            ("shown", plan(), late(&[shown(1)]), ("start_up", "E47")),
            ("not shown", plan(), late(&[shown(0)]), NOTHING),
            ("shown again", plan(), late(&[shown(0), (14_000, shown(1).1)]), ("new_queue_not_in_the_routes", "E17")),
            ("its broker is down", plan(), late(&away(BROKER_A)), ("broker_away", "")),
            ("another broker is down", plan(), late(&away(BROKER_B)), ("start_up", "E47")),
            ("no list", plan(), late(&[blind(11_000, 0, 0)]), ("no_list", "E5")),
        ],
    );
}

#[test]
fn a_broker_that_comes_late_is_waited_for_and_then_heard_of() {
    // The group starts at 2 s, its broker comes up at 20 s.
    let parts = |taken| {
        let all = [
            (0, QueueCreated { queue: QUEUE_0 }),
            starts(2_000, 0),
            (20_000, BrokerUp { broker: BROKER_A }),
            takes(taken, 0, 0),
        ];
        let unowned = play_plan(&all, &plan()).anomalies.into_iter().filter(|row| row.kind == AnomalyKind::Unowned);
        let told = unowned.map(|row| (row.cause.word(), trap_word(&row), row.from.as_millis(), row.until.as_millis()));
        told.collect::<Vec<_>>()
    };
    let (away, heard) = ("broker_away", "new_queue_not_in_the_routes");
    assert_eq!(parts(45_000), [(away, "", 2_000, 20_000), (heard, "E17", 20_000, 45_000)]);
    // Of a stretch that is short the most is said.
    assert_eq!(parts(21_000), [(away, "", 2_000, 21_000)]);
}

#[test]
fn two_routes_at_once_are_of_two_name_servers_only_where_these_differ() {
    let skewed = [viewing(13_000, 1, (1, &[0, 1]), 7), takes(13_000, 1, 0)];
    let told = |name_server, view| (8_000, RouteToldChanged { name_server, topic: T, view: Some(ViewId(view)) });
    let up =
        [(0, NameServerUp { name_server: NameServerIndex(0) }), (0, NameServerUp { name_server: NameServerIndex(1) })];
    let tell = |second| {
        let ends = [
            releases(18_000, 0, 0, Release::Reassigned),
            told(NameServerIndex(0), 1),
            told(NameServerIndex(1), second),
        ];
        story(&[&up[..], &skewed, &ends].concat())
    };
    // Of the seed 3002: c1 was frozen when one name server began to tell another route, and asked when it was back.
    let routed = |at_ms, consumer, view| (at_ms, RouteChanged { consumer, topic: T, queues: 8, view: ViewId(view) });
    let frozen = |from_ms, gets| {
        let paused = [(from_ms, ConsumerPaused { consumer: C1 }), (12_500, ConsumerResumed { consumer: C1 })];
        let routes = [
            routed(7_000, C1, 0),
            told(NameServerIndex(0), 1),
            told(NameServerIndex(1), 7),
            routed(9_000, C2, 7),
            routed(14_000, C1, gets),
        ];
        let ends = [releases(18_000, 0, 0, Release::Reassigned)];
        story(&[&up[..], &paused, &routes, &skewed, &ends].concat())
    };
    let twins: Vec<Twin> = vec![
        ("the name servers differ", plan(), tell(7), ("name_servers_disagree", "E19")),
        ("they tell the same", plan(), tell(1), ("route_view_skew", "E17")),
        ("one was frozen, and then told the other's", plan(), frozen(7_500, 7), ("route_view_skew", "E17")),
        ("one was frozen, and then told its own", plan(), frozen(7_500, 0), ("name_servers_disagree", "E19")),
        ("one was told, and then frozen", plan(), frozen(6_500, 7), ("name_servers_disagree", "E19")),
    ];
    verify("double_owned", twins);
}
