//! Stalled: waiting messages, each stretch with its cause.

use super::{Story, count, ends, gets, ms, play, readable, takes, with};
use crate::check::tests::numbers::{BROKER_A, C1, C2, QUEUE_0, T};
use crate::model::observation::Observation::*;
use crate::model::observation::{End, PullTrouble};
use crate::model::plan::TagSet;

#[test]
fn stalls_are_found_with_their_cause() {
    let troubled = |at_ms, trouble| (at_ms, PullTroubled { consumer: C1, queue: QUEUE_0, trouble });
    let rows: Vec<(&str, Story, u64, u64, &str)> = vec![
        ("nothing waits", with(&[readable(10_000, 0, 1), gets(10_001, 0, 0, 0)]), 0, 0, ""),
        ("just the threshold is no stall", with(&[readable(10_000, 0, 1), gets(11_000, 0, 0, 0)]), 0, 0, ""),
        (
            "unowned",
            with(&[ends(9_000, 0, End::Killed), readable(10_000, 0, 1), takes(15_000, 1, 0), gets(15_500, 1, 0, 0)]),
            5_500,
            1,
            "unowned",
        ),
        (
            "refused",
            with(&[
                readable(10_000, 0, 1),
                troubled(10_001, PullTrouble::SubscriptionNotLatest),
                gets(16_000, 0, 0, 0),
            ]),
            6_000,
            1,
            "subscription_not_latest",
        ),
        (
            "flow control",
            with(&[readable(10_000, 0, 1), troubled(10_001, PullTrouble::FlowControlCount), gets(13_000, 0, 0, 0)]),
            3_000,
            1,
            "flow_control",
        ),
        (
            "broker away",
            with(&[
                readable(10_000, 0, 1),
                (10_001, BrokerDown { broker: BROKER_A, graceful: false }),
                (18_000, BrokerUp { broker: BROKER_A }),
                gets(18_500, 0, 0, 0),
            ]),
            8_500,
            1,
            "broker_away",
        ),
        ("unfinished", with(&[ends(9_000, 0, End::Killed), readable(10_000, 0, 1)]), 50_000, 1, "unowned"),
        (
            "from the last hand-out, not from when it became readable",
            with(&[readable(10_000, 0, 2), gets(10_500, 0, 0, 0), gets(13_500, 0, 0, 1)]),
            3_000,
            1,
            "*",
        ),
    ];
    for (name, story, longest_ms, stalls, cause) in rows {
        let found = play(&story);
        let figures = &found.windows[0].figures;
        assert_eq!(figures["stalled.max"], ms(longest_ms), "{name}");
        assert_eq!(figures["stalled.count"], count(stalls), "{name}");
        assert_eq!(found.stalls.len() as u64, stalls, "{name}");
        if let (Some((first, _)), false) = (found.stall_causes.first(), cause == "*") {
            assert_eq!(first.word(), cause, "{name}: {:?}", found.stall_causes);
        }
    }
}

#[test]
fn nobody_waits_for_a_tag_that_nobody_takes() {
    let takes_tag = |consumer, tag| {
        (1, SubscriptionChanged { consumer, topic: T, subscribed: true, tags: TagSet::default().with(tag) })
    };
    let story = |tags: [u8; 2]| {
        let tag_of = |offset: u64| (9_000 + offset, TagStored { queue: QUEUE_0, offset, tag: tags[offset as usize] });
        let story = [takes_tag(C1, 1), takes_tag(C2, 2), tag_of(0), tag_of(1), readable(10_000, 0, 2)];
        let figures = &play(&with(&story)).windows[0].figures;
        (figures["stalled.count"], figures["undelivered"])
    };
    assert_eq!(story([3, 3]), (count(0), count(0)), "nobody takes tag 3");
    assert_eq!(story([2, 3]), (count(1), count(1)), "one takes tag 2");
    assert_eq!(story([3, 2]), (count(1), count(1)), "behind a message that nobody takes is one that waits");
}
