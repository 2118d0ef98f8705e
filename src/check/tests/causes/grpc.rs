//! What proxies do to messages of clients that speak gRPC.

use super::pop::{ack_failed, again, done, popped, with};
use super::{NOTHING, Twin, story, verify};
use crate::check::tests::numbers::{BROKER_B, C1, C2, G, QUEUE_0, T};
use crate::check::tests::{ends, gets, plan, readable};
use crate::kernel::Span;
use crate::model::ids::ProxyIndex;
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{ConsumeOutcome, End};
use crate::model::plan::{GrpcSettings, Plan, ProxyPlan, ProxySettings};

pub(super) const TESTS: &[fn()] = &[
    what_comes_again_shows_what_its_proxy_did,
    a_refused_acknowledgement_shows_which_proxy_knew_the_handle,
    handles_are_lost_with_their_proxy,
    a_simple_consumer_that_waits_elsewhere_is_told,
];

const PROXY: ProxyIndex = ProxyIndex(0);

/// All members of `g` speak gRPC with a proxy that renews receipt handles, or not.
fn speaking(renews: bool) -> Plan {
    let mut plan = plan();
    for consumer in &mut plan.consumers {
        consumer.client.grpc = Some(GrpcSettings::default());
    }
    plan.local_proxy.renewal_not_started = !renews;
    plan
}

/// Two proxies that renew, behind a balancer of requests or of connections.
fn behind_two(balances_requests: bool) -> Plan {
    let mut plan = speaking(true);
    let settings = ProxySettings { renewal_not_started: false, ..ProxySettings::default() };
    plan.proxies = ["p1", "p2"].map(|name| ProxyPlan { name: name.to_owned(), settings }).to_vec();
    for consumer in &mut plan.consumers {
        let grpc = GrpcSettings { balances_requests, ..GrpcSettings::default() };
        consumer.client.grpc = Some(grpc);
    }
    plan
}

fn handles_lost(at_ms: u64) -> (u64, Observation) {
    (at_ms, HandlesLost { proxy: PROXY, consumer: C1, count: 1 })
}

#[test]
fn what_comes_again_shows_what_its_proxy_did() {
    let given = [popped(6_000, C1, 0), gets(6_000, 0, 0, 0)];
    let story = |more: &[(u64, Observation)]| with(&[&given[..], more, &again(18_500, C2)].concat());
    let cleared = (8_000, HandlesCleared { proxy: PROXY, consumer: C1, count: 1 });
    let taken = |counts| AckTaken { consumer: Some(C1), group: G, queue: QUEUE_0, offset: 0, late: Span::ZERO, counts };
    let acknowledged = |counts| story(&[done(7_000, ConsumeOutcome::Success), (7_001, taken(counts))]);
    let twins: Vec<Twin> = vec![
        ("nobody renews", speaking(false), story(&[]), ("receipt_not_renewed", "PE2")),
        (
            "refused",
            speaking(false),
            story(&[done(17_000, ConsumeOutcome::Success), ack_failed(17_010)]),
            ("receipt_not_renewed", "PE2"),
        ),
        ("it renews, and was late", speaking(true), story(&[]), ("invisible_time_over", "PE7")),
        ("killed", speaking(false), story(&[ends(8_000, 0, End::Killed)]), ("consumer_killed_holding", "")),
        ("the proxy died", speaking(true), story(&[handles_lost(8_000)]), ("proxy_lost_handles", "PE29")),
        ("given back", speaking(true), story(&[cleared]), ("cleared_by_proxy", "")),
        ("astray", speaking(true), acknowledged(false), ("renewed_handle_astray", "")),
        ("acknowledged, and revived once more", speaking(true), acknowledged(true), ("unknown", "")),
    ];
    verify("duplicates", twins);
}

#[test]
fn a_refused_acknowledgement_shows_which_proxy_knew_the_handle() {
    let refused = |more: &[(u64, Observation)]| with(&[more, &[ack_failed(17_010)]].concat());
    let twins: Vec<Twin> = vec![
        ("nobody renews", speaking(false), refused(&[]), ("receipt_not_renewed", "PE2")),
        ("it did not come through", speaking(true), refused(&[]), ("ack_lost", "")),
        ("the proxy died", behind_two(false), refused(&[handles_lost(8_000)]), ("proxy_lost_handles", "PE29")),
        ("another proxy", behind_two(true), refused(&[]), ("acknowledged_elsewhere", "PE29")),
        ("one connection, one proxy", behind_two(false), refused(&[]), ("ack_lost", "")),
    ];
    verify("ack_lost", twins);
}

#[test]
fn handles_are_lost_with_their_proxy() {
    let down = (8_000, ProxyDown { proxy: PROXY });
    verify(
        "handles_lost",
        vec![
            (
                "it had some",
                behind_two(false),
                with(&[down.clone(), handles_lost(8_000)]),
                ("proxy_lost_handles", "PE29"),
            ),
            ("it had none", behind_two(false), with(&[down]), NOTHING),
        ],
    );
}

#[test]
fn a_simple_consumer_that_waits_elsewhere_is_told() {
    let waits = |more: &[(u64, Observation)]| {
        let own = [readable(10_000, 0, 2), gets(10_000, 0, 0, 0), gets(30_000, 0, 0, 1)];
        story(&[&own[..], more].concat())
    };
    let from = |broker| (10_001, ReceivesFrom { consumer: C1, topic: T, broker });
    let own = crate::check::tests::numbers::BROKER_A;
    verify(
        "stall",
        vec![
            ("at another broker", speaking(true), waits(&[from(BROKER_B)]), ("waits_at_another_broker", "")),
            ("at its own", speaking(true), waits(&[from(own)]), ("unknown", "")),
        ],
    );
}
