//! Keys and tags: what a key that changes its queue, a tag that is filtered and routes that differ must look like.

use super::causes::note_table;
use super::*;
use crate::check::tests::numbers::{BROKER_A, C1, C2, G, ID_1, QUEUE_0, T};
use crate::model::ids::{ConsumerIndex, NameServerIndex, QueueIndex, ViewId};
use crate::model::observation::ConsumeOutcome;

pub(super) const TESTS: &[fn()] = &[
    a_key_that_changed_its_queue_is_out_of_order_where_it_overtakes_or_overlaps,
    what_is_filtered_is_skipped_only_where_a_member_wanted_it,
    what_a_broker_filters_is_the_clocks_only_where_its_subscription_was_the_newest,
    routes_that_differ_are_counted_with_what_they_cost,
];

fn stored(at_ms: u64, queue: u32, offset: u64) -> (u64, Observation) {
    (at_ms, KeyStored { queue: QueueIndex(queue), offset, key: 7 })
}

fn returned(at_ms: u64, consumer: u16, queue: u32, offset: u64) -> (u64, Observation) {
    (
        at_ms,
        Consumed {
            consumer: ConsumerIndex(consumer),
            queue: QueueIndex(queue),
            offset,
            outcome: ConsumeOutcome::Success,
        },
    )
}

/// What the check of keys says of a story: causes with their counts.
fn key_causes(more: &[(u64, Observation)]) -> Vec<(&'static str, u64)> {
    let mut story = with(&[stored(5_000, 0, 0), stored(5_100, 1, 0), stored(5_200, 0, 1)]);
    story.extend_from_slice(more);
    let found = play_orderly(&story);
    found.anomalies.iter().filter(|a| a.kind.word() == "key_out_of_order").map(|a| (a.cause.word(), a.count)).collect()
}

#[test]
fn a_key_that_changed_its_queue_is_out_of_order_where_it_overtakes_or_overlaps() {
    let one_after_the_other = [
        gets(6_000, 0, 0, 0),
        returned(6_100, 0, 0, 0),
        gets(6_200, 1, 1, 0),
        returned(6_300, 1, 1, 0),
        gets(6_400, 0, 0, 1),
    ];
    note_table(["key_changed_its_queue", ""]);
    assert_eq!(key_causes(&one_after_the_other), []);
    let overtaken = [
        gets(6_200, 1, 1, 0),
        returned(6_300, 1, 1, 0),
        gets(6_400, 0, 0, 0),
        returned(6_500, 0, 0, 0),
        gets(6_600, 0, 0, 1),
    ];
    assert_eq!(key_causes(&overtaken), [("key_changed_its_queue", 1)]);
    let overlapping = [gets(6_000, 0, 0, 0), gets(6_050, 1, 1, 0)];
    assert_eq!(key_causes(&overlapping), [("key_changed_its_queue", 1)]);
    let again = [&one_after_the_other[..], &[returned(6_450, 0, 0, 1), gets(6_500, 1, 0, 0)]].concat();
    assert_eq!(key_causes(&again), [], "a redelivery is allowed");
    let killed = [gets(6_000, 0, 0, 0), ends(6_010, 0, End::Killed), gets(6_050, 1, 1, 0)];
    assert_eq!(key_causes(&killed), [], "the dead overlap nobody");
}

#[test]
fn what_is_filtered_is_skipped_only_where_a_member_wanted_it() {
    let takes_tag = |consumer, tag| {
        (1, SubscriptionChanged { consumer, topic: T, subscribed: true, tags: TagSet::default().with(tag) })
    };
    let filtered = |offset, tag| (6_000, Filtered { consumer: C1, queue: QUEUE_0, offset, tag });
    let story = |tags: [u8; 2]| {
        let more = [
            takes_tag(C1, 1),
            takes_tag(C2, 2),
            readable(5_000, 0, 2),
            filtered(0, tags[0]),
            filtered(1, tags[1]),
            commits(7_000, 0, 0, 2, 0),
        ];
        let found = play(&with(&more));
        let figure = |name: &str| found.windows[0].figures[name];
        let trap = found.anomalies.iter().find(|a| a.kind.word() == "skipped").map(|a| (a.cause.word(), trap_word(a)));
        (figure("skipped"), figure("lost"), figure("undelivered"), trap)
    };
    assert_eq!(story([3, 3]), (count(0), count(0), count(0), None), "nobody wanted tag 3");
    assert_eq!(story([2, 3]), (count(1), count(0), count(0), Some(("subscriptions_differ", "E1"))));
}

#[test]
fn what_a_broker_filters_is_the_clocks_only_where_its_subscription_was_the_newest() {
    // c1 takes tag 2 from 5 s on, c2 tag 1; the broker leaves a message of tag 2 out for c1, and may have refused it.
    let takes_tag = |at_ms, consumer, tag| {
        (at_ms, SubscriptionChanged { consumer, topic: T, subscribed: true, tags: TagSet::default().with(tag) })
    };
    let refuses = (5_500, SubscriptionKept { broker: BROKER_A, group: G, topic: T, client: ID_1 });
    let raises = |at_ms| (at_ms, SubscriptionVersionRaised { consumer: C2, topic: T });
    let cause = |tag, more: &[(u64, Observation)]| {
        let begins = [takes_tag(1, C2, 1), takes_tag(5_000, C1, 2), readable(5_200, 0, 1)];
        let passed = [(6_000, Filtered { consumer: C1, queue: QUEUE_0, offset: 0, tag }), commits(7_000, 0, 0, 1, 0)];
        let found = play(&with(&[&begins[..], &passed, more].concat()));
        found.anomalies.iter().find(|a| a.kind.word() == "skipped").map(|a| (a.cause.word(), trap_word(a)))
    };
    let (clock, differ) = (Some(("subscription_version_went_back", "")), Some(("subscriptions_differ", "E1")));
    note_table(["subscription_version_went_back", "subscriptions_differ"]);
    assert_eq!(cause(2, std::slice::from_ref(&refuses)), clock);
    assert_eq!(cause(2, &[]), differ, "the broker did not refuse it");
    assert_eq!(cause(2, &[refuses.clone(), raises(5_400)]), differ, "c2's was newer by then");
    assert_eq!(cause(1, &[refuses]), differ, "c1 leaves it out itself");
}

#[test]
fn routes_that_differ_are_counted_with_what_they_cost() {
    let view = |at_ms, consumer, view| (at_ms, RouteChanged { consumer, topic: T, queues: 2, view: ViewId(view) });
    let told = |at_ms, name_server, view| (at_ms, RouteToldChanged { name_server, topic: T, view: Some(ViewId(view)) });
    let up = |name_server| (0, NameServerUp { name_server });
    let calm = [up(NameServerIndex(0)), told(0, NameServerIndex(0), 1), view(500, C1, 1), view(500, C2, 1)];
    let skew = [told(10_000, NameServerIndex(0), 2), view(12_000, C1, 2), releases(12_000, 0, 0, Release::Reassigned)];
    let settled = [view(30_000, C2, 2), takes(31_000, 1, 0)];
    let found = play(&with(&[&calm[..], &skew, &settled].concat()));
    let figure = |name: &str| found.windows[0].figures[name];
    assert_eq!(figure("route.stale.max"), ms(20_000), "c2 sees the change 20 s late");
    assert_eq!((figure("route.disagree.max"), figure("route.disagree.total")), (ms(18_000), ms(18_000)));
    assert_eq!((figure("route.disagree.unowned"), figure("route.disagree.double_owned")), (ms(18_000), ms(0)));
    let cause = |found: &Findings| {
        found.anomalies.iter().find(|a| a.kind.word() == "route_views_differ").map(|a| (a.cause.word(), trap_word(a)))
    };
    assert_eq!(cause(&found), Some(("route_polls_out_of_phase", "E17")));
    let second = [up(NameServerIndex(1)), told(0, NameServerIndex(1), 1)];
    let found = play(&with(&[&calm[..], &second, &skew, &settled].concat()));
    assert_eq!(cause(&found), Some(("name_servers_disagree", "E19")));
    let restarted = [
        (9_000, NameServerDown { name_server: NameServerIndex(0) }),
        (9_500, NameServerUp { name_server: NameServerIndex(0) }),
    ];
    let found = play(&with(&[&calm[..], &restarted, &skew, &settled].concat()));
    assert_eq!(cause(&found), Some(("name_server_restarted", "E18")));
    let found = play(&with(&calm));
    assert_eq!((found.windows[0].figures["route.stale.max"], cause(&found)), (ms(0), None));
}
