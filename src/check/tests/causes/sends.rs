//! What producers were told, what stands twice, and what stands where nobody reads.

use super::{NOTHING, Twin, story, verify};
use crate::check::tests::numbers::{BROKER_A, QUEUE_0, QUEUE_1, T};
use crate::check::tests::plan;
use crate::model::ids::ProducerIndex;
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{SendFailure, SendRefusal, SentMessage, StoreDelay};

pub(super) const TESTS: &[fn()] = &[
    a_send_fails_for_what_its_producer_was_told,
    a_message_stands_twice_for_what_the_last_attempt_was_told,
    a_message_that_one_broker_has_is_late_at_the_disk_or_at_the_slave,
    a_broker_refuses_a_message_for_what_it_is_asked,
    messages_are_hidden_only_while_nobody_is_shown_their_queue,
];

const SENT: SentMessage = SentMessage { producer: ProducerIndex(0), number: 7 };
const FAILURES: [(SendFailure, &str); 6] = [
    (SendFailure::NoRoute, "no_writable_queue"),
    (SendFailure::TimedOut, "send_timed_out"),
    (SendFailure::Unreachable, "connection_lost"),
    (SendFailure::Refused, "send_refused"),
    (SendFailure::InSyncReplicasNotEnough, "in_sync_replicas_not_enough"),
    (SendFailure::NotStoreOk, "not_store_ok"),
];

#[test]
fn a_send_fails_for_what_its_producer_was_told() {
    let row = |(why, word)| -> Twin {
        let broker = (why != SendFailure::NoRoute).then_some(BROKER_A);
        // An attempt that failed otherwise came before.
        let before = (6_000, AttemptFailed { sent: SENT, stored: false, why: SendFailure::Unreachable });
        (word, plan(), story(&[before, (7_000, SendFailed { sent: SENT, broker, why })]), (word, ""))
    };
    let attempt = (6_000, AttemptFailed { sent: SENT, stored: false, why: SendFailure::TimedOut });
    let tried_again = ("tried again", plan(), story(&[attempt]), NOTHING);
    verify("sends_failed", FAILURES.map(row).into_iter().chain([tried_again]).collect());
}

#[test]
fn a_message_stands_twice_for_what_the_last_attempt_was_told() {
    let stored = |at_ms, queue| (at_ms, Stored { queue, offset: 0, sent: Some(SENT) });
    let failed = |at_ms, stored, why| (at_ms, AttemptFailed { sent: SENT, stored, why });
    let row = |(why, word)| -> Twin {
        (word, plan(), story(&[stored(5_500, QUEUE_0), failed(6_000, true, why), stored(6_100, QUEUE_1)]), (word, ""))
    };
    let not_stored = story(&[failed(6_000, false, SendFailure::TimedOut), stored(6_100, QUEUE_1)]);
    let once = ("the first attempt was not stored", plan(), not_stored, NOTHING);
    verify("stored_twice", FAILURES[1..].iter().map(|one| row(*one)).chain([once]).collect());
}

#[test]
fn a_message_that_one_broker_has_is_late_at_the_disk_or_at_the_slave() {
    let doubt = |why| story(&[(7_000, SendInDoubt { sent: SENT, why })]);
    let again = (7_000, AttemptFailed { sent: SENT, stored: true, why: SendFailure::NotStoreOk });
    verify(
        "sends_in_doubt",
        vec![
            ("disk", plan(), doubt(StoreDelay::FlushDisk), ("flush_disk_timeout", "")),
            ("slave", plan(), doubt(StoreDelay::FlushSlave), ("flush_slave_timeout", "")),
            ("and sent again", plan(), story(&[again]), NOTHING),
        ],
    );
}

#[test]
fn a_broker_refuses_a_message_for_what_it_is_asked() {
    let refused = |why| story(&[(7_000, SendRefused { producer: ProducerIndex(0), queue: QUEUE_0, why })]);
    verify(
        "send_refused",
        vec![
            ("no topic", plan(), refused(SendRefusal::TopicNotExist), ("topic_not_exist", "")),
            ("no such queue", plan(), refused(SendRefusal::IllegalQueueId), ("illegal_queue_id", "")),
            ("a slave", plan(), refused(SendRefusal::NotMaster), ("slave_stores_nothing", "")),
            ("stored", plan(), story(&[(7_000, Stored { queue: QUEUE_0, offset: 0, sent: Some(SENT) })]), NOTHING),
        ],
    );
}

#[test]
fn messages_are_hidden_only_while_nobody_is_shown_their_queue() {
    let opened = |at_ms, read| (at_ms, QueuesOpened { broker: BROKER_A, topic: T, read, write: 2 });
    let stored = |queue| (7_000, Stored { queue, offset: 0, sent: None });
    let row = |name, more: &[(u64, Observation)], expected| -> Twin { (name, plan(), story(more), expected) };
    let hidden = ("queue_is_hidden", "E45");
    verify(
        "hidden_messages",
        vec![
            row("fewer are read than written", &[opened(6_000, 1), stored(QUEUE_1)], hidden),
            row("of the shown ones", &[opened(6_000, 1), stored(QUEUE_0)], NOTHING),
            row("shown again before", &[opened(6_000, 1), opened(6_900, 2), stored(QUEUE_1)], NOTHING),
            row("nobody may read", &[opened(6_000, 0), stored(QUEUE_0)], hidden),
        ],
    );
}
