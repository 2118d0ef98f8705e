//! Moves, tags, routes and offsets that go back.

use super::{Twin, found, note_table, story, verify};
use crate::check::AnomalyKind;
use crate::check::tests::numbers::{ALL_OF_G, BROKER_A, BROKER_B, C1, C2, G, ID_1, QUEUE_0, T};
use crate::check::tests::{commits, ends, gets, plan, play_plan, readable, releases, starts, takes};
use crate::kernel::Span;
use crate::model::ids::{NameServerIndex, ViewId};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{CommitPath, End, Release};
use crate::model::plan::{Plan, TagSet};
use crate::strategy::registry::strategy;

pub(super) const TESTS: &[fn()] = &[
    tags_that_differ_are_told_from_a_version_that_went_back,
    an_offset_goes_back_by_another_or_by_its_own_hand,
    a_partial_route_is_told_from_a_changed_one,
    routes_that_differ_are_the_name_servers_only_while_these_do,
    ids_that_sort_by_text_are_to_blame_where_numbers_would_have_moved_fewer,
];

#[test]
fn tags_that_differ_are_told_from_a_version_that_went_back() {
    let takes_tags = |at_ms, consumer, tags: &[u8]| {
        let tags = tags.iter().fold(TagSet::default(), |set, tag| set.with(*tag));
        (at_ms, SubscriptionChanged { consumer, topic: T, subscribed: true, tags })
    };
    let filtered = (7_000, Filtered { consumer: C1, queue: QUEUE_0, offset: 0, tag: 2 });
    let kept = (6_500, SubscriptionKept { broker: BROKER_A, group: G, topic: T, client: ID_1 });
    let of_another = (6_500, SubscriptionKept { broker: BROKER_B, group: G, topic: T, client: ID_1 });
    let begins = |second: &[u8]| [takes_tags(1, C1, &[1, 2]), takes_tags(1, C2, second), readable(6_000, 0, 1)];
    let tell = |second: &[u8], more: &[(u64, Observation)]| {
        story(&[&begins(second)[..], std::slice::from_ref(&filtered), more].concat())
    };
    let twins: Vec<Twin> = vec![
        ("c2 takes other tags", plan(), tell(&[1], &[]), ("subscriptions_differ", "E1")),
        (
            "c2 took other tags until it left",
            plan(),
            tell(&[1], &[ends(6_900, 1, End::Shutdown)]),
            ("subscriptions_differ", "E1"),
        ),
        (
            "the broker refused the older version",
            plan(),
            tell(&[1, 2], std::slice::from_ref(&kept)),
            ("subscription_version_went_back", ""),
        ),
        (
            "the broker refused it, and c2 takes other tags",
            plan(),
            tell(&[1], std::slice::from_ref(&kept)),
            ("subscriptions_differ", "E1"),
        ),
        (
            "c2 took other tags until after the broker refused it",
            plan(),
            tell(&[1], &[kept.clone(), ends(6_900, 1, End::Shutdown)]),
            ("subscriptions_differ", "E1"),
        ),
        (
            "the broker refused it after c2 had left",
            plan(),
            tell(&[1], &[ends(6_400, 1, End::Shutdown), kept.clone()]),
            ("subscription_version_went_back", ""),
        ),
        ("another broker refused it", plan(), tell(&[1, 2], &[of_another]), ("unknown", "")),
        ("all take the same", plan(), tell(&[1, 2], &[]), ("unknown", "")),
    ];
    verify("skipped", twins);
}

#[test]
fn an_offset_goes_back_by_another_or_by_its_own_hand() {
    let repair = (
        9_000,
        Committed {
            audience: ALL_OF_G,
            queue: QUEUE_0,
            offset: 2,
            previous: Some(7),
            by: Some(C1),
            path: CommitPath::OffsetIllegal,
        },
    );
    let twins: Vec<Twin> = vec![
        (
            "of another",
            plan(),
            story(&[commits(8_000, 0, 0, 7, 0), commits(9_000, 1, 0, 2, 7)]),
            ("persist_timer", "E12"),
        ),
        ("its own", plan(), story(&[commits(8_000, 0, 0, 7, 0), commits(9_000, 0, 0, 2, 7)]), ("persist_timer", "")),
        ("a repair", plan(), story(&[commits(8_000, 0, 0, 7, 0), repair]), ("offset_illegal", "")),
    ];
    verify("commit_backwards", twins);
}

#[test]
fn a_partial_route_is_told_from_a_changed_one() {
    let up = |at_ms| (at_ms, NameServerUp { name_server: NameServerIndex(0) });
    let told =
        |at_ms, view| (at_ms, RouteToldChanged { name_server: NameServerIndex(0), topic: T, view: Some(ViewId(view)) });
    let sees = |at_ms, consumer, view| (at_ms, RouteChanged { consumer, topic: T, queues: 2, view: ViewId(view) });
    let restart = [
        up(0),
        told(0, 1),
        sees(500, C1, 1),
        sees(500, C2, 1),
        (9_000, NameServerDown { name_server: NameServerIndex(0) }),
        up(9_500),
    ];
    let skew =
        [sees(14_000, C1, 2), releases(14_000, 0, 0, Release::Reassigned), sees(30_000, C2, 2), takes(31_000, 1, 0)];
    let partial = story(&[&restart[..], &[told(10_000, 2)], &skew].concat());
    let whole = story(&[&restart[..], &[told(10_000, 1), told(13_000, 2)], &skew].concat());
    let twins: Vec<Twin> = vec![
        ("the name server told a part first", plan(), partial, ("name_server_restarted", "E18")),
        ("it told the whole, and then the topic changed", plan(), whole, ("route_polls_out_of_phase", "E17")),
    ];
    verify("route_views_differ", twins);
}

#[test]
fn routes_that_differ_are_the_name_servers_only_while_these_do() {
    let told = |at_ms, name_server, view| (at_ms, RouteToldChanged { name_server, topic: T, view: Some(ViewId(view)) });
    let sees = |at_ms, consumer, view| (at_ms, RouteChanged { consumer, topic: T, queues: 2, view: ViewId(view) });
    let up = |name_server| (0, NameServerUp { name_server });
    let begins = [
        up(NameServerIndex(0)),
        up(NameServerIndex(1)),
        told(0, NameServerIndex(0), 1),
        told(0, NameServerIndex(1), 1),
        sees(500, C1, 1),
        sees(500, C2, 1),
    ];
    let changes = [
        told(8_000, NameServerIndex(0), 2),
        told(8_000, NameServerIndex(1), 2),
        sees(9_000, C1, 2),
        releases(9_000, 0, 0, Release::RouteGone),
    ];
    let ends = [sees(30_000, C2, 2), takes(31_000, 1, 0)];
    let told_of = |story: &[(u64, Observation)], plan: &Plan| {
        let rows = play_plan(story, plan).anomalies.into_iter();
        let rows = rows.filter(|row| row.kind == AnomalyKind::RouteViewsDiffer);
        rows.map(|row| (row.from.as_millis(), row.until.as_millis(), row.cause.word())).collect::<Vec<_>>()
    };
    let causes = |more: &[(u64, Observation)]| told_of(&story(&[&begins[..], &changes, more, &ends].concat()), &plan());
    let (phase, servers) = ("route_polls_out_of_phase", "name_servers_disagree");
    note_table([phase, servers, "name_server_restarted"]);
    assert_eq!(causes(&[]), [(9_000, 30_000, phase)]);
    let late = [told(20_000, NameServerIndex(0), 3), told(22_000, NameServerIndex(1), 3)];
    assert_eq!(causes(&late), [(9_000, 20_000, phase), (20_000, 30_000, servers)]);
    let moment = [told(20_000, NameServerIndex(0), 3), told(20_500, NameServerIndex(1), 3)];
    assert_eq!(causes(&moment), [(9_000, 30_000, phase)], "a registration reaches both a moment apart");
    // Brokers register every 10 s and clients poll every 5 s: what a new name server told is over 25 s after it came.
    let mut prompt = plan();
    prompt.brokers.iter_mut().for_each(|broker| broker.settings.register_name_server_period = Span::from_secs(10));
    prompt.consumers.iter_mut().for_each(|member| member.client.poll_name_server_interval = Span::from_secs(5));
    let again = [
        (7_000, NameServerDown { name_server: NameServerIndex(0) }),
        (7_500, NameServerUp { name_server: NameServerIndex(0) }),
        told(8_000, NameServerIndex(0), 2),
    ];
    let alone = [up(NameServerIndex(0)), told(0, NameServerIndex(0), 1), sees(500, C1, 1), sees(500, C2, 1)];
    let late =
        [sees(9_000, C1, 2), releases(9_000, 0, 0, Release::RouteGone), sees(50_000, C2, 2), takes(51_000, 1, 0)];
    assert_eq!(
        told_of(&story(&[&alone[..], &again, &late].concat()), &prompt),
        [(9_000, 32_500, "name_server_restarted"), (32_500, 50_000, phase)]
    );
}

/// Two queues dealt by AVG to c1 and c2, and then to one more.
fn averagely(ids: [&str; 3]) -> Plan {
    let mut plan = plan();
    for (consumer, id) in plan.consumers.iter_mut().zip(ids) {
        consumer.client_id = id.to_owned();
    }
    for consumer in &mut plan.consumers {
        consumer.consumer.allocate_message_queue_strategy = strategy("AVG").expect("it is there");
    }
    plan
}

#[test]
fn ids_that_sort_by_text_are_to_blame_where_numbers_would_have_moved_fewer() {
    let joins = story(&[
        (10_000, StepTaken { step: 0 }),
        starts(10_000, 2),
        releases(12_000, 0, 0, Release::Reassigned),
        takes(12_000, 2, 0),
        releases(12_000, 1, 1, Release::Reassigned),
        takes(12_000, 0, 1),
    ]);
    // Third by number, it gets nothing and moves nothing; first by text, it shifts both.
    let text =
        found(&play_plan(&joins, &averagely(["10.0.0.8@c", "10.0.0.9@c", "10.0.0.10@c"])), "moved_more_than_needed");
    note_table(["client_ids_sort_by_text", "block_boundaries_moved"]);
    assert_eq!(text, [("client_ids_sort_by_text", "E23")]);
    // First both by text and by number: that is how AVG deals.
    let number =
        found(&play_plan(&joins, &averagely(["10.0.0.8@c", "10.0.0.9@c", "10.0.0.1@c"])), "moved_more_than_needed");
    assert_eq!(number, [("block_boundaries_moved", "")]);
    // A group that starts late moves nothing.
    let late = [
        (0, QueueCreated { queue: QUEUE_0 }),
        (10_000, StepTaken { step: 0 }),
        starts(10_000, 0),
        takes(11_000, 0, 0),
        readable(12_000, 0, 1),
        gets(12_000, 0, 0, 0),
    ];
    assert_eq!(found(&play_plan(&late, &averagely(["a", "b", "c"])), "moved_more_than_needed"), []);
}
