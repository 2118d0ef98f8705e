//! Offsets that go back: which way they took, and whose they were.

use super::{NOTHING, Twin, story, verify};
use crate::check::tests::numbers::{ALL_OF_G, QUEUE_0};
use crate::check::tests::{commits, plan};
use crate::model::ids::ConsumerIndex;
use crate::model::observation::CommitPath;
use crate::model::observation::Observation::{self, *};

pub(super) const TESTS: &[fn()] = &[an_offset_goes_back_by_the_way_that_it_took];

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
