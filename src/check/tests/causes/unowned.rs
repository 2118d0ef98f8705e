//! Queues without an owner.

use super::{Twin, blind, drops, lists, note_table, slow_timers, story, two_groups, verify, views};
use crate::check::AnomalyKind;
use crate::check::tests::numbers::{BROKER_A, BROKER_B, C1, C2, C3, G, ID_1, ID_2, QUEUE_0, T};
use crate::check::tests::{ends, plan, play_plan, releases, starts, takes, trap_word};
use crate::kernel::Span;
use crate::model::ids::{ClientIndex, ConnectionId, NameServerIndex, ViewId};
use crate::model::observation::Observation::*;
use crate::model::observation::{End, MemberLoss, Release};
use crate::model::plan::Host;

pub(super) const TESTS: &[fn()] = &[
    a_death_is_told_from_what_delays_its_discovery,
    a_queue_that_is_dealt_to_a_frozen_member_waits_for_its_expiry,
    silence_is_told_from_expiry_and_from_a_group_of_one,
    an_expiry_is_waited_for_until_the_scan_and_told_to_nobody_after_it,
    an_owner_that_one_broker_hears_still_keeps_what_it_cannot_reach,
    hand_overs_are_told_from_what_prolongs_them,
    a_new_id_is_to_blame_only_where_it_sorts_elsewhere,
    a_beginning_is_told_from_what_is_new_or_missing,
    a_lock_that_is_refused_to_the_end_is_told_from_one_that_was,
];

fn dies_and_is_taken_after(ms: u64) -> [(u64, crate::model::observation::Observation); 2] {
    [ends(10_000, 0, End::Killed), takes(10_000 + ms, 1, 0)]
}

#[test]
fn a_death_is_told_from_what_delays_its_discovery() {
    let [dies, taken] = dies_and_is_taken_after(1_000);
    let [_, late] = dies_and_is_taken_after(40_000);
    let lost = |broker| (10_001, ChannelEventDropped { broker });
    let gone = |broker| drops(10_001, broker, 0, MemberLoss::Closed);
    let jump = |consumer| (9_000, ClockJumped { host: Host::Consumer(consumer) });
    let deaf = |consumer| (10_001, WakeupLost { consumer });
    let plain = |more: &[_]| [&[dies.clone(), taken.clone()], more].concat();
    let long = |more: &[_]| [&[dies.clone(), late.clone()], more].concat();
    let third = [starts(5_000, 2), lists(5_001, 0, 2)];
    let twins: Vec<Twin> = vec![
        ("killed", two_groups(), story(&plain(&[])), ("crash_takeover", "")),
        ("no list for the survivor", two_groups(), story(&plain(&[blind(10_100, 1, 0)])), ("no_list", "E5")),
        ("no list for another group", two_groups(), story(&plain(&[blind(10_100, 2, 0)])), ("crash_takeover", "")),
        ("the survivor lost its wake-up", two_groups(), story(&plain(&[deaf(C2)])), ("lost_wakeup", "E38")),
        ("another group's member lost one", two_groups(), story(&plain(&[deaf(C3)])), ("crash_takeover", "")),
        (
            "the survivor saw the dead in a list",
            two_groups(),
            story(&plain(&[views(10_100, 1, 1, &[0, 1]), views(11_000, 1, 0, &[1])])),
            ("list_from_a_broker_that_had_not_heard", ""),
        ),
        (
            "the survivor saw a list without the dead",
            two_groups(),
            story(&plain(&[views(11_000, 1, 0, &[1])])),
            ("crash_takeover", ""),
        ),
        (
            "a broker dropped the event, and lists the dead",
            two_groups(),
            story(&long(&[lost(BROKER_A), gone(1)])),
            ("channel_event_dropped", "E37"),
        ),
        (
            "a broker dropped an event, and does not list the dead",
            two_groups(),
            story(&long(&[lost(BROKER_A), gone(0), gone(1), views(45_000, 1, 0, &[1])])),
            ("unknown", ""),
        ),
        (
            "a broker dropped the event of another that died, and lists that one",
            plan(),
            story(&[&third[..], &long(&[ends(10_000, 2, End::Killed), lost(BROKER_A), gone(0), gone(1)])].concat()),
            ("channel_event_dropped", "E37"),
        ),
        (
            "the survivor's clock jumped, and it did not look",
            two_groups(),
            story(&long(&[jump(C2)])),
            ("clock_went_back", "E39"),
        ),
        ("another group's clock jumped", two_groups(), story(&long(&[jump(C3)])), ("unknown", "")),
        (
            "the survivor's clock jumped, and it looked all the same",
            two_groups(),
            story(&long(&[jump(C2), views(12_000, 1, 0, &[1])])),
            ("unknown", ""),
        ),
        (
            "a twin of the survivor has always run",
            plan(),
            story(&[&[(50, ConsumerStarting { consumer: C3, client: ID_2 })][..], &plain(&[])].concat()),
            ("crash_takeover", ""),
        ),
    ];
    verify("unowned", twins);
}

/// Of the seeds 40014 and 40016: a queue was dealt to a member that was frozen, and had had nothing to do with it.
#[test]
fn a_queue_that_is_dealt_to_a_frozen_member_waits_for_its_expiry() {
    let third = [starts(5_000, 2), lists(5_001, 0, 2), views(5_100, 1, 0, &[0, 1, 2])];
    let frozen = |from, until| [(from, ConsumerPaused { consumer: C3 }), (until, ConsumerResumed { consumer: C3 })];
    let dies = |more: &[_]| {
        let gone = [ends(10_000, 0, End::Killed), views(10_100, 1, 0, &[1, 2]), takes(58_000, 1, 0)];
        story(&[&third[..], &gone, more].concat())
    };
    let gives = |more: &[_]| {
        let gone = [
            views(10_000, 0, 0, &[0, 1, 2]),
            releases(10_000, 0, 0, Release::Reassigned),
            views(57_900, 0, 0, &[0, 1]),
            takes(58_000, 0, 0),
        ];
        story(&[&third[..], &gone, more].concat())
    };
    let waits = ("waiting_for_expiry", "");
    verify(
        "unowned",
        vec![
            ("its owner died", plan(), dies(&frozen(9_000, 59_000)), waits),
            ("its owner gave it up", plan(), gives(&frozen(9_000, 59_000)), waits),
            ("it was never frozen", plan(), dies(&[]), ("unknown", "")),
            ("it was never frozen, and given up", plan(), gives(&[]), ("unknown", "")),
            ("it was frozen for a while", plan(), dies(&frozen(9_000, 20_000)), ("unknown", "")),
            (
                "those who deal did not count it",
                plan(),
                dies(&[&frozen(9_000, 59_000)[..], &[views(10_200, 1, 0, &[1])]].concat()),
                ("unknown", ""),
            ),
            (
                "they count another that is dead",
                plan(),
                dies(&[&frozen(9_000, 59_000)[..], &[views(10_200, 1, 0, &[1, 2, 3])]].concat()),
                ("unknown", ""),
            ),
        ],
    );
    let scan = drops(40_000, 0, 2, MemberLoss::Expired);
    let found = play_plan(&dies(&[&frozen(9_000, 59_000)[..], &[scan]].concat()), &plan()).anomalies;
    let holes = found.iter().filter(|row| row.kind == AnomalyKind::Unowned && row.until.as_millis() > 10_000);
    let parts: Vec<_> = holes.map(|row| (row.from.as_millis(), row.until.as_millis(), row.cause.word())).collect();
    assert_eq!(parts, [(10_000, 40_000, "waiting_for_expiry"), (40_000, 58_000, "expiry_tells_nobody")]);
}

#[test]
fn silence_is_told_from_expiry_and_from_a_group_of_one() {
    let frozen = (10_000, ConsumerPaused { consumer: C1 });
    let taken = takes(40_000, 1, 0);
    let expired = |client| drops(30_000, 0, client, MemberLoss::Expired);
    let cut = |cut_off, broker, at_ms| (at_ms, ConsumerCutOff { consumer: C1, broker, cut_off });
    let alone = vec![
        (0, QueueCreated { queue: QUEUE_0 }),
        starts(0, 0),
        lists(100, 0, 0),
        takes(1_000, 0, 0),
        takes(1_000, 0, 1),
        frozen.clone(),
        (40_000, ConsumerResumed { consumer: C1 }),
    ];
    let twins: Vec<Twin> = vec![
        (
            "frozen, and somebody else's entry expired",
            plan(),
            story(&[frozen.clone(), lists(200, 0, 3), expired(3), taken.clone()]),
            ("waiting_for_expiry", ""),
        ),
        ("frozen, and nobody else runs", plan(), alone, ("nobody_else_ran", "")),
        (
            "cut off from the broker, which expires it, and the other lists it",
            plan(),
            story(&[cut(true, BROKER_A, 10_000), expired(0), cut(false, BROKER_A, 40_000)]),
            ("owner_cannot_reach_the_broker", ""),
        ),
        (
            "frozen, and taken when it expires",
            plan(),
            story(&[frozen, expired(0), takes(30_000, 1, 0)]),
            ("waiting_for_expiry", ""),
        ),
    ];
    verify("unowned", twins);
}

/// The causes of the holes of queue 0, with the milliseconds from when until when.
fn parts(more: &[(u64, crate::model::observation::Observation)]) -> Vec<(&'static str, &'static str, u64, u64)> {
    let findings = play_plan(&story(more), &plan());
    let late =
        findings.anomalies.iter().filter(|row| row.kind == AnomalyKind::Unowned && row.until.as_millis() > 5_000);
    late.map(|row| (row.cause.word(), trap_word(row), row.from.as_millis(), row.until.as_millis())).collect()
}

#[test]
fn an_expiry_is_waited_for_until_the_scan_and_told_to_nobody_after_it() {
    let frozen = (10_000, ConsumerPaused { consumer: C1 });
    let cut = |broker| (10_000, ConsumerCutOff { consumer: C1, broker, cut_off: true });
    let expires = |at_ms, broker| drops(at_ms, broker, 0, MemberLoss::Expired);
    let (waits, silent) = ("waiting_for_expiry", "expiry_tells_nobody");
    note_table([waits, silent]);
    assert_eq!(
        parts(&[frozen.clone(), expires(30_000, 0), takes(40_000, 1, 0)]),
        [(waits, "", 10_000, 30_000), (silent, "E6", 30_000, 40_000)],
    );
    // The list that the taker acted on counts, and of an end that nobody saw the first.
    let both = [cut(BROKER_A), cut(BROKER_B), expires(25_000, 0), expires(31_000, 1)];
    assert_eq!(
        parts(&[&both[..], &[views(40_000, 1, 1, &[1]), takes(40_000, 1, 0)]].concat()),
        [(waits, "", 10_000, 31_000), (silent, "E6", 31_000, 40_000)],
    );
    assert_eq!(parts(&both), [(waits, "", 10_000, 25_000), (silent, "E6", 25_000, 60_000)]);
}

#[test]
fn an_owner_that_one_broker_hears_still_keeps_what_it_cannot_reach() {
    let cut = (10_000, ConsumerCutOff { consumer: C1, broker: BROKER_A, cut_off: true });
    let healed = (40_000, ConsumerCutOff { consumer: C1, broker: BROKER_A, cut_off: false });
    let told = drops(25_000, 0, 0, MemberLoss::ExpiredAndTold);
    let (waits, cannot) = ("waiting_for_expiry", "owner_cannot_reach_the_broker");
    note_table([waits, cannot, "hand_over"]);
    let late = |asks_first| {
        let first = views(asks_first, 1, 1, &[0, 1]);
        parts(&[cut.clone(), told.clone(), first, views(40_000, 1, 0, &[1]), takes(40_000, 1, 0)])
    };
    assert_eq!(late(26_000), [(waits, "", 10_000, 25_000), (cannot, "", 25_000, 40_000)]);
    assert_eq!(late(24_000), [(waits, "", 10_000, 40_000)], "it asked before");
    // c2 takes it, and gives it back to c1, which has it in its table or has not.
    let gives_back = |more: &[_]| {
        let own = [cut.clone(), takes(20_000, 1, 0), releases(30_000, 1, 0, Release::Reassigned), healed.clone()];
        parts(&[&own[..], more].concat()).split_off(1)
    };
    assert_eq!(gives_back(&[]), [(cannot, "", 30_000, 40_000)]);
    let without = [releases(25_000, 0, 0, Release::Reassigned), takes(31_000, 0, 0)];
    assert_eq!(gives_back(&without)[0], ("hand_over", "", 30_000, 40_000));
}

/// Of the seed 3943: a frozen member was back and was given the addresses of today, while one name server was cut off.

#[test]
fn hand_overs_are_told_from_what_prolongs_them() {
    let given = |ms: u64, more: &[_]| {
        story(&[&[releases(10_000, 0, 0, Release::Reassigned), takes(10_000 + ms, 1, 0)], more].concat())
    };
    let route = |consumer| (9_500, RouteChanged { consumer, topic: T, queues: 3, view: ViewId(7) });
    let twice =
        |client, at_ms| (at_ms, MemberAdded { broker: BROKER_A, group: G, client, connection: ConnectionId(90) });
    let up = |number| (0, NameServerUp { name_server: NameServerIndex(number) });
    let told = |number, view| {
        (8_000, RouteToldChanged { name_server: NameServerIndex(number), topic: T, view: Some(ViewId(view)) })
    };
    let disagree = [up(0), up(1), told(0, 1), told(1, 2)];
    let twins: Vec<Twin> = vec![
        ("handed over", two_groups(), given(1_000, &[]), ("hand_over", "")),
        ("handed over in no time that a timer explains", two_groups(), given(45_000, &[]), ("unknown", "")),
        ("handed over within the longer timer of this plan", slow_timers(), given(45_000, &[]), ("hand_over", "")),
        ("the routes of the group changed", two_groups(), given(10_000, &[route(C2)]), ("route_view_skew", "E17")),
        ("the routes of another group changed", two_groups(), given(10_000, &[route(C3)]), ("hand_over", "")),
        (
            "name servers disagree, and a client followed",
            two_groups(),
            given(10_000, &[&disagree[..], &[route(C2)]].concat()),
            ("name_servers_disagree", "E19"),
        ),
        ("name servers disagree, and no client followed", two_groups(), given(10_000, &disagree), ("hand_over", "")),
        ("the owner is listed twice", plan(), given(1_000, &[twice(ID_1, 9_000)]), ("half_open_connection", "E4")),
        ("the taker is listed twice", plan(), given(1_000, &[twice(ID_2, 9_000)]), ("hand_over", "")),
        (
            "not in the list",
            plan(),
            story(&[releases(10_000, 0, 0, Release::NotInList), takes(11_000, 1, 0)]),
            ("not_in_list", "E26"),
        ),
        (
            "gone from the route",
            plan(),
            story(&[releases(10_000, 0, 0, Release::RouteGone), takes(11_000, 1, 0)]),
            ("route_gone", "E17"),
        ),
        (
            "unsubscribed",
            plan(),
            story(&[releases(10_000, 0, 0, Release::Unsubscribed), takes(11_000, 1, 0)]),
            ("unsubscribed", "E30"),
        ),
    ];
    verify("unowned", twins);
}

#[test]
fn a_new_id_is_to_blame_only_where_it_sorts_elsewhere() {
    // c1 comes back while c2 and c3 run: as 10.0.0.9 behind them, as 10.0.0.1 with another process id where it was.
    let back_as = |client| {
        story(&[
            starts(50, 2),
            ends(9_000, 0, End::Killed),
            takes(9_000, 1, 0),
            (9_100, ConsumerStarting { consumer: C1, client }),
            releases(10_000, 1, 1, Release::Reassigned),
            takes(11_000, 0, 1),
        ])
    };
    let twins: Vec<Twin> = vec![
        ("behind the others", plan(), back_as(ClientIndex(5)), ("new_client_id_sorts_elsewhere", "E23")),
        ("where it was", plan(), back_as(ClientIndex(4)), ("hand_over", "")),
    ];
    verify("unowned", twins);
}

#[test]
fn a_beginning_is_told_from_what_is_new_or_missing() {
    let late_start = |more: &[_]| {
        let taken = [takes(11_000, 0, 0), takes(11_000, 0, 1)];
        let begins = [&[(0, QueueCreated { queue: QUEUE_0 }), starts(10_000, 0)][..], &taken].concat();
        [&begins[..], more].concat()
    };
    let unknown = |broker| (10_100, GroupUnknown { broker, group: G, client: ID_1 });
    let created = story(&[(10_000, QueueCreated { queue: QUEUE_0 })]);
    let created = created.into_iter().filter(|(at, seen)| *at > 0 || !matches!(seen, QueueCreated { queue: QUEUE_0 }));
    let created =
        created.filter(|(_, seen)| !matches!(seen, QueueTaken { queue: QUEUE_0, .. })).chain([takes(35_000, 0, 0)]);
    let twins: Vec<Twin> = vec![
        ("the group starts", plan(), late_start(&[]), ("start_up", "E47")),
        ("a queue is added", plan(), created.collect(), ("new_queue_not_in_the_routes", "E17")),
        (
            "asked a broker that lacks the group",
            plan(),
            late_start(&[unknown(BROKER_B), blind(10_500, 0, 1)]),
            ("group_does_not_exist", "E35"),
        ),
        (
            "asked a broker that has it, and got no list",
            plan(),
            late_start(&[unknown(BROKER_B), blind(10_500, 0, 0)]),
            ("no_list", "E5"),
        ),
        ("another broker lacks the group", plan(), late_start(&[unknown(BROKER_B)]), ("start_up", "E47")),
        (
            "nobody takes it, and nothing shows why",
            plan(),
            vec![(0, QueueCreated { queue: QUEUE_0 }), starts(10_000, 0)],
            ("unknown", ""),
        ),
        (
            "nobody runs any more when it is added",
            plan(),
            vec![starts(10_000, 0), ends(11_000, 0, End::Killed), (12_000, QueueCreated { queue: QUEUE_0 })],
            ("nobody_else_ran", ""),
        ),
    ];
    verify("unowned", twins);
}

#[test]
fn a_lock_that_is_refused_to_the_end_is_told_from_one_that_was() {
    let refused = |second| {
        let (broker, group, queue, client, holder, age) = (BROKER_A, G, QUEUE_0, ID_2, ID_1, Span::ZERO);
        (second * 1_000 + 500, LockRefused { broker, group, queue, client, holder, age })
    };
    let refusals = |seconds: std::ops::Range<u64>| seconds.map(refused).collect::<Vec<_>>();
    let dies = |end, refusals: &[_]| story(&[&[ends(10_000, 0, end), takes(70_000, 1, 0)], refusals].concat());
    let gives = |refusals: &[_]| {
        story(&[&[releases(10_000, 0, 0, Release::Reassigned), takes(70_000, 1, 0)], refusals].concat())
    };
    let keeps = |refusals: &[_]| {
        let postponed = (10_000, UnlockPostponed { consumer: C1, queue: QUEUE_0 });
        let begins = [releases(10_000, 0, 0, Release::Reassigned), postponed, takes(70_000, 1, 0)];
        story(&[&begins[..], refusals].concat())
    };
    let (all, first) = (refusals(10..70), refusals(10..20));
    let twins: Vec<Twin> = vec![
        ("of the dead", plan(), dies(End::Killed, &all), ("lock_of_a_dead_member", "E7")),
        ("of one that left", plan(), dies(End::Shutdown, &all), ("lock_outlives_shutdown", "E10")),
        ("of one that lives", plan(), gives(&all), ("waiting_for_the_lock", "")),
        ("kept for the messages in memory", plan(), keeps(&all), ("lock_kept_for_messages", "")),
        ("asked for no more", plan(), dies(End::Killed, &first), ("unknown", "")),
        ("of one that lives, asked for no more", plan(), gives(&first), ("unknown", "")),
    ];
    verify("unowned", twins);
}
