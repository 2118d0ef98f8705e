//! What keeps pulls: stalls by what the broker or the client said, and the traps that are told beside them.

use super::{NOTHING, Twin, story, verify};
use crate::check::tests::numbers::{BROKER_A, BROKER_B, C1, C2, G, ID_1, QUEUE_0, QUEUE_1};
use crate::check::tests::{Story, gets, plan, readable};
use crate::model::ids::{ConsumerIndex, QueueIndex};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::PullTrouble;

pub(super) const TESTS: &[fn()] = &[
    a_stall_is_charged_to_what_the_pull_was_told,
    a_trouble_that_is_over_is_not_to_blame,
    what_a_broker_does_not_allow_is_told_by_what_it_answers,
    traps_of_pulls_are_told_only_where_they_were_seen,
];

const TROUBLES: [(PullTrouble, &str); 22] = [
    (PullTrouble::SubscriptionNotLatest, "subscription_not_latest"),
    (PullTrouble::SubscriptionNotExist, "subscription_not_exist"),
    (PullTrouble::SubscriptionGroupNotExist, "subscription_group_not_exist"),
    (PullTrouble::TopicNotExist, "topic_not_exist"),
    (PullTrouble::BrokerForbidden, "broker_permission"),
    (PullTrouble::GroupForbidden, "consume_is_not_enabled"),
    (PullTrouble::TopicForbidden, "topic_permission"),
    (PullTrouble::BroadcastingForbidden, "broadcasting_is_not_enabled"),
    (PullTrouble::BrokerUnreachable, "broker_unreachable"),
    (PullTrouble::TimedOut, "broker_unreachable"),
    (PullTrouble::FlowControlCount, "flow_control"),
    (PullTrouble::FlowControlSize, "flow_control"),
    (PullTrouble::FlowControlSpan, "flow_control"),
    (PullTrouble::NotSubscribed, "unsubscribed"),
    (PullTrouble::Suspended, "suspended"),
    (PullTrouble::NoPullThread, "no_pull_thread"),
    (PullTrouble::DialsAnother, "go_dials_another"),
    (PullTrouble::OffsetIllegal, "offset_illegal"),
    (PullTrouble::SlaveDoesNotServe, "slave_does_not_serve"),
    (PullTrouble::NotLocked, "lock_lost"),
    (PullTrouble::OldMaster, "held_by_the_old_master"),
    (PullTrouble::Refused, "pull_refused"),
];

fn troubled(at_ms: u64, consumer: u16, queue: u32, trouble: PullTrouble) -> (u64, Observation) {
    (at_ms, PullTroubled { consumer: ConsumerIndex(consumer), queue: QueueIndex(queue), trouble })
}

/// Queue 0 has two messages at 10 s; the first is handed out at once, the second 20 s later.
fn waits(more: &[(u64, Observation)]) -> Story {
    story(&[&[readable(10_000, 0, 2), gets(10_000, 0, 0, 0), gets(30_000, 0, 0, 1)], more].concat())
}

#[test]
fn a_stall_is_charged_to_what_the_pull_was_told() {
    let told = |(trouble, word)| -> Twin { (word, plan(), waits(&[troubled(10_001, 0, 0, trouble)]), (word, "")) };
    let of_another =
        |(trouble, word)| -> Twin { (word, plan(), waits(&[troubled(10_001, 1, 1, trouble)]), ("unknown", "")) };
    verify("stall", TROUBLES.iter().map(|one| told(*one)).collect());
    verify("stall", TROUBLES.iter().map(|one| of_another(*one)).collect());
}

#[test]
fn a_trouble_that_is_over_is_not_to_blame() {
    let over = (11_000, PullRecovered { consumer: C1, queue: QUEUE_0 });
    let (old, new) = (PullTrouble::SubscriptionNotLatest, PullTrouble::TopicForbidden);
    let both = [troubled(10_001, 0, 0, old), troubled(11_000, 0, 0, new)];
    let held = (10_001, HeldTooLate { consumer: C1, queue: QUEUE_0, missed: 1 });
    let of_another_queue = (10_001, HeldTooLate { consumer: C2, queue: QUEUE_1, missed: 1 });
    verify(
        "stall",
        vec![
            ("over", plan(), waits(&[troubled(10_001, 0, 0, old), over]), ("unknown", "")),
            ("another came", plan(), waits(&both), ("topic_permission", "")),
            ("held too late", plan(), waits(&[held]), ("long_poll_blind_spot", "")),
            ("another queue was held too late", plan(), waits(&[of_another_queue]), ("unknown", "")),
        ],
    );
}

#[test]
fn what_a_broker_does_not_allow_is_told_by_what_it_answers() {
    let told: [(PullTrouble, (&str, &str)); 6] = [
        (PullTrouble::SubscriptionGroupNotExist, ("subscription_group_not_exist", "E35")),
        (PullTrouble::BrokerForbidden, ("broker_permission", "")),
        (PullTrouble::GroupForbidden, ("consume_is_not_enabled", "")),
        (PullTrouble::TopicForbidden, ("topic_permission", "")),
        (PullTrouble::BroadcastingForbidden, ("broadcasting_is_not_enabled", "")),
        (PullTrouble::SubscriptionNotLatest, ("subscription_not_latest", "E20")),
    ];
    let row = |(trouble, expected): (PullTrouble, (&'static str, _))| -> Twin {
        (expected.0, plan(), story(&[troubled(10_001, 0, 0, trouble)]), expected)
    };
    let twin = ("unreachable", plan(), story(&[troubled(10_001, 0, 0, PullTrouble::BrokerUnreachable)]), NOTHING);
    verify("pull_refused", told.map(row).into_iter().chain([twin]).collect());
}

#[test]
fn traps_of_pulls_are_told_only_where_they_were_seen() {
    let row = |name, more: &[(u64, Observation)], expected| -> Twin { (name, plan(), story(more), expected) };
    let synchronised = |rewound| (9_000, SlaveSynchronised { broker: BROKER_B, rewound, behind: 3 });
    let old = ("master_returned_with_old_offsets", "E34");
    verify(
        "slave_overwritten",
        vec![row("it went back", &[synchronised(4)], old), row("it had no newer ones", &[synchronised(0)], NOTHING)],
    );
    let refused = troubled(9_000, 0, 0, PullTrouble::SlaveDoesNotServe);
    let away = troubled(9_000, 0, 0, PullTrouble::BrokerUnreachable);
    let no_slave = ("slave_does_not_serve", "E33");
    verify(
        "slave_refused",
        vec![row("a slave refuses", &[refused], no_slave), row("nobody answers", &[away], NOTHING)],
    );
    let held = |missed| (9_000, HeldTooLate { consumer: C1, queue: QUEUE_0, missed });
    let recovered = (9_000, PullRecovered { consumer: C1, queue: QUEUE_0 });
    verify(
        "held_too_late",
        vec![row("one came before", &[held(1)], ("long_poll_blind_spot", "E46")), row("none", &[recovered], NOTHING)],
    );
    let bare = (9_000, RegisteredWithoutSubscriptions { broker: BROKER_A, group: G, client: ID_1 });
    let whole = (9_000, HeartbeatTaken { broker: BROKER_A, group: G, client: ID_1 });
    verify(
        "registered_without_subscriptions",
        vec![
            row("without subscriptions", &[bare], ("heartbeat_v2_after_restart", "E44")),
            row("with them", &[whole], NOTHING),
        ],
    );
}
