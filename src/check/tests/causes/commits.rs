//! Offsets that go back: which way they took, whose they were, and what comes again for it.

use super::{NOTHING, Twin, story, verify};
use crate::check::tests::numbers::{ALL_OF_G, C2, QUEUE_0};
use crate::check::tests::{commits, gets, plan, readable, releases, starts, takes};
use crate::model::ids::ConsumerIndex;
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{CommitPath, Release};

pub(super) const TESTS: &[fn()] =
    &[an_offset_goes_back_by_the_way_that_it_took, what_a_former_owner_corrects_comes_again_for_it];

#[test]
fn an_offset_goes_back_by_the_way_that_it_took() {
    // c1 has committed 7, and then somebody 2.
    let back = |by: Option<u16>, path| -> Vec<(u64, Observation)> {
        let (audience, queue, offset, previous) = (ALL_OF_G, QUEUE_0, 2, Some(7));
        let by = by.map(ConsumerIndex);
        story(&[commits(8_000, 0, 0, 7, 0), (9_000, Committed { audience, queue, offset, previous, by, path })])
    };
    let (own, another, broker) = (Some(0), Some(1), None);
    let row = |name, by, path, expected| -> Twin { (name, plan(), back(by, path), expected) };
    verify(
        "commit_backwards",
        vec![
            row("another's timer", another, CommitPath::PersistTimer, ("persist_timer", "E12")),
            row("its own timer", own, CommitPath::PersistTimer, ("persist_timer", "")),
            row("another's pull", another, CommitPath::PullPiggyback, ("pull_piggyback", "E12")),
            row("its own pull", own, CommitPath::PullPiggyback, ("pull_piggyback", "")),
            row("another's release", another, CommitPath::Release, ("release", "E12")),
            row("another's shutdown", another, CommitPath::Shutdown, ("shutdown", "E12")),
            row("a repair", own, CommitPath::OffsetIllegal, ("offset_illegal", "")),
            row("a repair of another", another, CommitPath::OffsetIllegal, ("offset_illegal", "")),
            row("the broker read its file", broker, CommitPath::BrokerRestart, ("broker_restart", "")),
            row("an operator", broker, CommitPath::OperatorReset, ("operator_reset", "")),
            row("the slave's copy counts", broker, CommitPath::SlaveCopy, ("slave_copy_is_older", "E34")),
            row("the master is back", broker, CommitPath::MasterReturned, ("master_returned", "E34")),
            row("the topic is deleted", broker, CommitPath::TopicDeleted, ("topic_deleted", "")),
            row("the group is deleted", broker, CommitPath::GroupDeleted, ("group_deleted", "")),
            row("a pop", own, CommitPath::Pop, ("pop_commit", "")),
            row("another's update", another, CommitPath::Update, ("commit_of_an_update", "E12")),
            row("its own update", own, CommitPath::Update, ("commit_of_an_update", "")),
            row("another's row", another, CommitPath::Database, ("database_write", "")),
            row("a file", own, CommitPath::LocalFile, ("local_file", "E32")),
            ("forward", plan(), story(&[commits(8_000, 0, 0, 7, 0), commits(9_000, 1, 0, 8, 7)]), NOTHING),
            ("the same again", plan(), story(&[commits(8_000, 0, 0, 7, 0), commits(9_000, 1, 0, 7, 7)]), NOTHING),
        ],
    );
}

/// c1 gets three messages and commits them; c2, which had had the queue, sends an offset; c3 takes the queue and goes on
/// from there.
#[test]
fn what_a_former_owner_corrects_comes_again_for_it() {
    let illegal = (8_500, OffsetIllegal { consumer: C2, queue: QUEUE_0, asked: 5, corrected: 1 });
    let sent = |path| {
        let (audience, queue, by, previous) = (ALL_OF_G, QUEUE_0, Some(C2), Some(3));
        (9_000, Committed { audience, queue, offset: 1, previous, by, path })
    };
    let reset = {
        let (audience, queue, previous) = (ALL_OF_G, QUEUE_0, Some(3));
        let path = CommitPath::OperatorReset;
        [
            (7_500, Committed { audience, queue, offset: 1, previous, by: None, path }),
            (
                8_000,
                Committed { audience, queue, offset: 3, previous: Some(1), by: None, path: CommitPath::PersistTimer },
            ),
        ]
    };
    let tell = |more: &[(u64, Observation)]| {
        let first = [readable(6_000, 0, 3), gets(6_000, 0, 0, 0), gets(6_000, 0, 0, 1), gets(6_000, 0, 0, 2)];
        let handed = [releases(10_000, 0, 0, Release::Reassigned), takes(10_001, 2, 0), gets(10_500, 2, 0, 1)];
        story(&[&[starts(0, 2), commits(7_000, 0, 0, 3, 0)], &first[..], more, &handed].concat())
    };
    verify(
        "duplicates",
        vec![
            (
                "its pull had an offset beyond the end",
                plan(),
                tell(&[illegal.clone(), sent(CommitPath::OffsetIllegal)]),
                ("offset_illegal", ""),
            ),
            (
                "an operator had set it",
                plan(),
                tell(&[&reset[..], &[illegal.clone(), sent(CommitPath::OffsetIllegal)]].concat()),
                ("operator_reset_offsets", ""),
            ),
            ("it is late", plan(), tell(&[sent(CommitPath::Release)]), ("handover_before_commit", "E13")),
            ("it does not arrive", plan(), tell(&[illegal]), ("handover_before_commit", "E13")),
        ],
    );
}
