//! The log: tails lost with a machine, offsets given out again, messages stored twice, deleted unread.

use super::{Story, commits, count, gets, play, readable, trap_word, verify, with};
use crate::check::Figure;
use crate::check::tests::numbers::{BROKER_A, C1, QUEUE_0, QUEUE_1, T};
use crate::model::ids::{ConsumerIndex, ProducerIndex, QueueIndex};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{LogLoss, SendFailure, SentMessage, StartRule, StoreDelay};

fn sent(number: u64) -> SentMessage {
    SentMessage { producer: ProducerIndex(0), number }
}

fn stored(at_ms: u64, queue: u32, offset: u64, number: u64) -> (u64, Observation) {
    (at_ms, Stored { queue: QueueIndex(queue), offset, sent: Some(sent(number)) })
}

fn failed(at_ms: u64, number: u64, stored: bool) -> (u64, Observation) {
    (at_ms, AttemptFailed { sent: sent(number), stored, why: SendFailure::TimedOut })
}

fn send_failed(at_ms: u64, number: u64) -> (u64, Observation) {
    (at_ms, SendFailed { sent: sent(number), broker: Some(BROKER_A), why: SendFailure::TimedOut })
}

fn in_doubt(at_ms: u64, number: u64) -> (u64, Observation) {
    (at_ms, SendInDoubt { sent: sent(number), why: StoreDelay::FlushSlave })
}

fn tail_lost(at_ms: u64, from: u64) -> (u64, Observation) {
    (at_ms, TailLost { queue: QUEUE_0, from, loss: 0, why: LogLoss::PageCache })
}

fn lost(at_ms: u64, offset: u64, number: u64) -> (u64, Observation) {
    (at_ms, MessageLost { queue: QUEUE_0, offset, loss: 0, sent: Some(sent(number)), why: LogLoss::PageCache })
}

/// Handed out of a client's memory after its broker had lost it.
fn gets_lost(at_ms: u64, consumer: u16, offset: u64) -> (u64, Observation) {
    (
        at_ms,
        Delivered {
            consumer: ConsumerIndex(consumer),
            queue: QUEUE_0,
            offset,
            origin: (QUEUE_0, offset),
            reconsume_times: 0,
            lost: Some(0),
        },
    )
}

#[test]
fn a_lost_tail_loses_what_nobody_had_and_skips_what_takes_its_offsets() {
    let figures = |lost, skipped, duplicates, undelivered| {
        vec![
            ("lost", count(lost)),
            ("skipped", count(skipped)),
            ("duplicates", count(duplicates)),
            ("undelivered", count(undelivered)),
        ]
    };
    let begin = |more: &[(u64, Observation)]| {
        let mut story = with(&[readable(6_000, 0, 4)]);
        story.extend((0..3).map(|offset| gets(6_001 + offset, 0, 0, offset)));
        story.extend([commits(6_100, 0, 0, 3, 0), tail_lost(7_000, 1)]);
        story.extend((1..4).map(|offset| lost(7_000, offset, offset)));
        story.extend_from_slice(more);
        story
    };
    let lost_one = ("acknowledged_lost", "");
    verify(vec![
        ("one of three had not been handed out", begin(&[]), figures(1, 0, 0, 0), vec![("lost", ""), lost_one]),
        ("but comes from the client's memory", begin(&[gets_lost(7_500, 0, 3)]), figures(0, 0, 0, 0), vec![lost_one]),
        (
            "and comes twice from there",
            begin(&[gets_lost(7_500, 0, 3), gets_lost(7_600, 0, 2)]),
            figures(0, 0, 1, 0),
            vec![lost_one, ("duplicates", "")],
        ),
        ("its producer was told that it failed", begin(&[failed(7_100, 3, true)]), figures(0, 0, 0, 0), vec![lost_one]),
        (
            "the client comes first: others have these offsets, and are no duplicates",
            begin(&[
                gets_lost(7_500, 0, 3),
                (8_000, OffsetIllegal { consumer: C1, queue: QUEUE_0, asked: 4, corrected: 1 }),
                readable(8_100, 0, 3),
                gets(8_200, 0, 0, 1),
                gets(8_200, 0, 0, 2),
                commits(9_000, 0, 0, 3, 1),
            ]),
            figures(0, 0, 0, 0),
            vec![lost_one],
        ),
        (
            "the producers come first: the new ones below the client's offset are never read",
            begin(&[
                gets_lost(7_500, 0, 3),
                readable(8_000, 0, 6),
                gets(8_200, 0, 0, 4),
                gets(8_200, 0, 0, 5),
                commits(9_000, 0, 0, 6, 3),
            ]),
            figures(0, 3, 0, 0),
            vec![lost_one, ("skipped", "E29")],
        ),
        (
            "an offset beyond the end decides nothing yet",
            begin(&[gets_lost(7_500, 0, 3), readable(59_900, 0, 2)]),
            figures(0, 0, 0, 1),
            vec![lost_one],
        ),
    ]);
}

#[test]
fn what_was_passed_over_before_it_was_lost_is_skipped_and_not_lost() {
    let figures = |lost, skipped| vec![("lost", count(lost)), ("skipped", count(skipped))];
    let tail = [tail_lost(8_000, 0), lost(8_000, 0, 10), lost(8_000, 1, 11), lost(8_000, 2, 12)];
    let made_again = |more: &[(u64, Observation)], after: &[(u64, Observation)]| {
        let deleted = TailLost { queue: QUEUE_0, from: 0, loss: 0, why: LogLoss::TopicDeleted };
        let mut story = with(&[readable(6_000, 0, 4)]);
        story.extend((0..4).map(|offset| gets(6_001 + offset, 0, 0, offset)));
        story.extend([commits(6_100, 0, 0, 4, 0), (7_000, deleted), readable(7_100, 0, 3)]);
        story.extend_from_slice(more);
        story.extend_from_slice(&tail);
        story.extend_from_slice(after);
        story
    };
    let goes_on_behind = [commits(7_200, 0, 0, 2, 4), gets(7_300, 0, 0, 2)];
    let at_maximum = StartedAt { consumer: C1, queue: QUEUE_0, offset: 2, rule: StartRule::Maximum };
    let filtered = |offset| (7_200, Filtered { consumer: C1, queue: QUEUE_0, offset, tag: 1 });
    let lost_some = ("acknowledged_lost", "");
    verify(vec![
        (
            "the client went on behind two messages of the new topic",
            made_again(&goes_on_behind, &[]),
            figures(0, 2),
            vec![("skipped", ""), lost_some],
        ),
        (
            "of these one was not acknowledged",
            made_again(&goes_on_behind, &[failed(8_100, 11, true)]),
            figures(0, 1),
            vec![("skipped", ""), lost_some],
        ),
        (
            "a start rule passed over two, and one waited",
            made_again(&[(7_200, at_maximum)], &[]),
            figures(1, 2),
            vec![("skipped", ""), lost_some, ("lost", "")],
        ),
        (
            "all of the group pass over the tag of two",
            made_again(&[filtered(0), filtered(1)], &[]),
            figures(1, 0),
            vec![lost_some, ("lost", "")],
        ),
        ("all waited", made_again(&[], &[]), figures(3, 0), vec![lost_some, ("lost", "")]),
    ]);
}

/// Acknowledged and lost, stored twice, deleted unread.
fn losses(lost: u64, twice: u64, deleted: u64) -> Vec<(&'static str, Figure)> {
    vec![("acknowledged_lost", count(lost)), ("stored_twice", count(twice)), ("deleted_unread", count(deleted))]
}

/// What happens, and so many messages that are handed out: so that nothing else is noticed.
fn read(end: u64, more: &[(u64, Observation)]) -> Story {
    let mut story = with(more);
    story.push(readable(5_900, 0, end));
    story.extend((0..end).map(|offset| gets(5_950, 0, 0, offset)));
    story
}

#[test]
fn what_is_stored_twice_is_counted() {
    verify(vec![
        ("stored once", read(1, &[stored(5_800, 0, 0, 7)]), losses(0, 0, 0), vec![]),
        (
            "stored, timed out, stored again",
            read(1, &[stored(5_800, 0, 0, 7), failed(8_800, 7, true), stored(8_900, 1, 0, 7)]),
            losses(0, 1, 0),
            vec![("stored_twice", "")],
        ),
        (
            "timed out, stored elsewhere, and stored late after all",
            read(1, &[failed(8_800, 7, false), stored(8_900, 1, 0, 7), stored(9_900, 0, 0, 7)]),
            losses(0, 1, 0),
            vec![("stored_twice", "")],
        ),
        (
            "refused, stored elsewhere",
            read(1, &[failed(8_800, 7, false), stored(8_900, 1, 0, 7)]),
            losses(0, 0, 0),
            vec![],
        ),
    ]);
}

#[test]
fn what_was_acknowledged_and_is_gone_is_counted() {
    verify(vec![
        (
            "acknowledged and lost",
            read(2, &[stored(5_800, 0, 1, 7), tail_lost(6_000, 1), lost(6_000, 1, 7)]),
            losses(1, 0, 0),
            vec![("acknowledged_lost", "")],
        ),
        (
            "an attempt failed, the next was acknowledged, and its copy is lost",
            read(2, &[failed(4_000, 7, false), stored(4_100, 0, 1, 7), tail_lost(6_000, 1), lost(6_000, 1, 7)]),
            losses(1, 0, 0),
            vec![("acknowledged_lost", "")],
        ),
        (
            "stored apart by a master that is none any more",
            read(1, &[(7_000, StoredApart { queue: QUEUE_0, sent: Some(sent(7)) }), lost(7_000, 1, 7)]),
            losses(1, 0, 0),
            vec![("acknowledged_lost", "")],
        ),
        (
            "lost, sent again, stored once",
            read(
                2,
                &[
                    stored(5_800, 0, 1, 7),
                    tail_lost(6_000, 1),
                    lost(6_000, 1, 7),
                    failed(8_800, 7, true),
                    stored(8_900, 1, 0, 7),
                ],
            ),
            losses(0, 0, 0),
            vec![],
        ),
        (
            "stored twice, one copy lost",
            read(
                2,
                &[
                    stored(4_000, 0, 1, 7),
                    failed(4_100, 7, true),
                    stored(4_200, 1, 0, 7),
                    tail_lost(6_000, 1),
                    lost(6_000, 1, 7),
                ],
            ),
            losses(0, 0, 0),
            vec![],
        ),
    ]);
}

#[test]
fn what_was_not_acknowledged_is_no_loss() {
    verify(vec![
        (
            "all attempts failed, and the copy of one is lost long after",
            read(
                2,
                &[
                    stored(5_000, 0, 1, 7),
                    failed(8_000, 7, true),
                    send_failed(8_000, 7),
                    tail_lost(34_000, 1),
                    lost(34_000, 1, 7),
                ],
            ),
            losses(0, 0, 0),
            vec![("sends_failed", "")],
        ),
        (
            "told that only its broker has it",
            read(2, &[stored(4_000, 0, 1, 7), in_doubt(7_000, 7), tail_lost(34_000, 1), lost(34_000, 1, 7)]),
            losses(0, 0, 0),
            vec![("sends_in_doubt", "")],
        ),
        (
            "lost first, and told of the failure then",
            read(2, &[stored(5_800, 0, 1, 7), tail_lost(6_000, 1), lost(6_000, 1, 7), send_failed(8_800, 7)]),
            losses(0, 0, 0),
            vec![("sends_failed", "")],
        ),
    ]);
}

#[test]
fn what_is_deleted_before_it_was_read_is_counted() {
    verify(vec![
        (
            "deleted after it was read",
            read(4, &[(7_000, HeadDeleted { queue: QUEUE_0, min: 4, with_topic: false })]),
            losses(0, 0, 0),
            vec![],
        ),
        (
            "deleted before it was read",
            with(&[
                readable(5_900, 0, 6),
                (6_900, HeadDeleted { queue: QUEUE_0, min: 2, with_topic: false }),
                (7_000, HeadDeleted { queue: QUEUE_0, min: 5, with_topic: false }),
                (7_100, OffsetIllegal { consumer: C1, queue: QUEUE_0, asked: 0, corrected: 5 }),
                gets(7_200, 0, 0, 5),
            ]),
            losses(0, 0, 5),
            vec![("deleted_unread", ""), ("skipped", "")],
        ),
    ]);
}

#[test]
fn sends_that_failed_are_counted_by_window_and_named_by_producer_broker_and_cause() {
    let found = play(&with(&[send_failed(6_000, 1), send_failed(6_100, 2), in_doubt(7_000, 3)]));
    let figures = &found.windows[0].figures;
    assert_eq!((figures["sends_failed"], figures["sends_in_doubt"]), (count(2), count(1)));
    let told = found.anomalies.iter().filter(|a| a.check == "sends");
    let told: Vec<_> = told.map(|a| (a.kind.word(), a.cause.word(), a.count)).collect();
    assert_eq!(told, vec![("sends_failed", "send_timed_out", 2), ("sends_in_doubt", "flush_slave_timeout", 1)]);
}

/// Trap E45: what is stored where no consumer is shown the queue.
#[test]
fn messages_in_queues_that_nobody_is_shown_are_counted() {
    let opened = |at_ms, read| (at_ms, QueuesOpened { broker: BROKER_A, topic: T, read, write: 2 });
    let stored = |at_ms, queue, offset| (at_ms, Stored { queue, offset, sent: None });
    let story = |read| {
        let found = play(&with(&[
            opened(1, read),
            stored(6_000, QUEUE_0, 0),
            stored(7_000, QUEUE_1, 0),
            opened(8_000, 2),
            stored(9_000, QUEUE_1, 1),
        ]));
        let traps: Vec<_> =
            found.anomalies.iter().filter(|a| a.kind.word() == "hidden_messages").map(trap_word).collect();
        (found.windows[0].figures["hidden"], traps)
    };
    assert_eq!(story(1), (count(1), vec!["E45"]), "of the second queue, until it is shown");
    assert_eq!(story(2), (count(0), vec![]));
}
