//! Messages that went with the end of a log, or were passed over.

use super::{NOTHING, Twin, broadcasting, note_table, story, verify};
use crate::check::AnomalyKind;
use crate::check::tests::numbers::{ALL_OF_G, BROKER_A, BROKER_B, C1, C2, C3, G, QUEUE_0};
use crate::check::tests::{Story, commits, gets, plan, play_plan, readable, releases, takes};
use crate::model::ids::{AudienceIndex, ClientIndex, ProducerIndex};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{CommitPath, ConsumeOutcome, LogLoss, Release, SendFailure, SentMessage, StartRule};

pub(super) const TESTS: &[fn()] = &[
    a_lost_message_went_with_what_was_seen_to_go,
    a_reset_that_reached_a_former_owner_leaves_passed_over_what_was,
    a_message_that_was_sent_back_is_lost_by_the_broker_that_had_it,
    a_message_that_was_deleted_is_told_from_one_that_was_read,
    what_is_passed_over_has_the_rule_that_was_seen,
    a_file_is_anothers_only_where_another_writes_it,
    new_messages_below_an_old_offset_are_told_by_what_took_the_old_ones,
    what_a_client_had_pulled_goes_with_its_queue_where_the_log_was_cut_short,
];

fn sent(number: u64) -> SentMessage {
    SentMessage { producer: ProducerIndex(0), number }
}

fn tail(at_ms: u64, from: u64, why: LogLoss) -> (u64, Observation) {
    (at_ms, TailLost { queue: QUEUE_0, from, loss: 0, why })
}

fn lost(offset: u64, why: LogLoss) -> (u64, Observation) {
    (7_000, MessageLost { queue: QUEUE_0, offset, loss: 0, sent: Some(sent(offset)), why })
}

/// Of three messages c1 gets one, and the other two are lost.
fn two_of_three(why: LogLoss, more: &[(u64, Observation)]) -> Story {
    let begins = [readable(6_000, 0, 3), gets(6_001, 0, 0, 0), tail(7_000, 1, why), lost(1, why), lost(2, why)];
    story(&[&begins[..], more].concat())
}

#[test]
fn a_lost_message_went_with_what_was_seen_to_go() {
    let told = |number| (8_000, SendFailed { sent: sent(number), broker: Some(BROKER_A), why: SendFailure::TimedOut });
    let unseen = [readable(6_000, 0, 3), gets(6_001, 0, 0, 0), gets(6_002, 0, 0, 2), commits(7_000, 0, 0, 3, 0)];
    let seen = [readable(6_000, 0, 3), gets(6_001, 0, 0, 0), gets(6_002, 0, 0, 2), commits(7_000, 0, 0, 1, 0)];
    let rows = || -> Vec<Twin> {
        vec![
            ("power", plan(), two_of_three(LogLoss::PageCache, &[]), ("async_flush", "")),
            ("another master", plan(), two_of_three(LogLoss::SlaveBehind, &[]), ("slave_behind", "")),
            ("two masters", plan(), two_of_three(LogLoss::Deposed, &[]), ("two_masters", "")),
            (
                "their producer was told that they failed",
                plan(),
                two_of_three(LogLoss::PageCache, &[told(1), told(2)]),
                NOTHING,
            ),
        ]
    };
    verify("acknowledged_lost", rows());
    let more: Vec<Twin> = vec![
        ("committed", plan(), story(&unseen), ("committed_unseen", "")),
        ("not committed", plan(), story(&seen), NOTHING),
        (
            "the topic was deleted",
            plan(),
            story(&[readable(6_000, 0, 3), tail(7_000, 0, LogLoss::TopicDeleted)]),
            NOTHING,
        ),
    ];
    verify("lost", rows().into_iter().chain(more).collect());
}

/// Of the seed 47992: two had a queue that began after the first message, and one had given it up when its pull was told of
/// the operator's reset.
#[test]
fn a_reset_that_reached_a_former_owner_leaves_passed_over_what_was() {
    let begins = |at_ms, offset, rule| (at_ms, StartedAt { consumer: C1, queue: QUEUE_0, offset, rule });
    let (audience, queue, previous, by) = (ALL_OF_G, QUEUE_0, Some(2), None);
    let reset = Committed { audience, queue, offset: 0, previous, by, path: CommitPath::OperatorReset };
    let told = |consumer| (7_500, OffsetIllegal { consumer, queue, asked: 2, corrected: 0 });
    let goes_on = |rule, more: &[(u64, Observation)]| {
        let first = [begins(6_500, 1, rule), readable(6_600, 0, 2), gets(6_700, 0, 0, 1), (7_000, reset.clone())];
        story(&[&[readable(6_000, 0, 1)], &first[..], more, &[commits(8_000, 0, 0, 2, 0)]].concat())
    };
    let maximum = StartRule::Maximum;
    let late = [told(C2)];
    let followed = [told(C1), releases(7_501, 0, 0, Release::OffsetIllegal), begins(7_600, 0, StartRule::Stored)];
    let one_of_two = [takes(7_200, 1, 0), told(C1), releases(7_501, 0, 0, Release::OffsetIllegal)];
    verify(
        "skipped",
        vec![
            ("told to a former owner", plan(), goes_on(maximum, &late), ("start_at_maximum", "")),
            ("told to one of two owners", plan(), goes_on(maximum, &one_of_two), ("start_at_maximum", "")),
            ("and it began at a time", plan(), goes_on(StartRule::Timestamp, &late), ("start_at_timestamp", "")),
            ("told to the owner", plan(), goes_on(maximum, &followed), NOTHING),
        ],
    );
    verify(
        "lost",
        vec![
            ("told to a former owner", plan(), goes_on(maximum, &late), NOTHING),
            ("told to one of two owners", plan(), goes_on(maximum, &one_of_two), NOTHING),
            ("told to the owner", plan(), goes_on(maximum, &followed), ("committed_unseen", "")),
            ("it began at the stored one", plan(), goes_on(StartRule::Stored, &late), ("committed_unseen", "")),
        ],
    );
}

/// Of the seed 40601: broker-a took nothing back, so that the message went to broker-b, and with that one's memory.
#[test]
fn a_message_that_was_sent_back_is_lost_by_the_broker_that_had_it() {
    let returns = |broker, why| {
        let failed = Consumed { consumer: C1, queue: QUEUE_0, offset: 0, outcome: ConsumeOutcome::Failed };
        let lost = RetryLost { broker, group: G, origin: (QUEUE_0, 0), why };
        story(&[readable(6_000, 0, 1), gets(6_001, 0, 0, 0), (6_002, failed), (7_000, lost)])
    };
    let told = |broker, why| {
        let found = play_plan(&returns(broker, why), &plan()).anomalies;
        let lost: Vec<_> = found.into_iter().filter(|row| row.kind == AnomalyKind::Lost).collect();
        lost.into_iter().map(|row| (row.cause.word(), row.detail)).collect::<Vec<_>>()
    };
    let table = [
        (BROKER_A, LogLoss::PageCache, "async_flush", "went with broker-a's memory"),
        (BROKER_B, LogLoss::PageCache, "async_flush", "went with broker-b's memory"),
        (BROKER_B, LogLoss::SlaveBehind, "slave_behind", "had not come over when broker-b got another master"),
        (BROKER_B, LogLoss::Deposed, "two_masters", "went with what the old master of broker-b had stored alone"),
    ];
    note_table(table.iter().map(|(.., cause, _)| *cause));
    for (broker, why, cause, how) in table {
        let detail = format!("1 messages of T/broker-a/0 were acknowledged and {how}");
        assert_eq!(told(broker, why), [(cause, detail)]);
    }
}

#[test]
fn a_message_that_was_deleted_is_told_from_one_that_was_read() {
    let head = |with_topic| (7_000, HeadDeleted { queue: QUEUE_0, min: 2, with_topic });
    let read = [gets(6_100, 0, 0, 0), gets(6_100, 0, 0, 1)];
    let tell = |with_topic, more: &[(u64, Observation)]| {
        story(&[&[readable(6_000, 0, 2), head(with_topic)][..], more].concat())
    };
    verify(
        "deleted_unread",
        vec![
            ("by retention", plan(), tell(false, &[]), ("deleted_by_retention", "")),
            ("with the topic", plan(), tell(true, &[]), ("topic_deleted", "")),
            ("by retention, and it was read", plan(), tell(false, &read), NOTHING),
            ("with the topic, and it was read", plan(), tell(true, &read), NOTHING),
        ],
    );
}

#[test]
fn what_is_passed_over_has_the_rule_that_was_seen() {
    let corrected = (7_500, OffsetIllegal { consumer: C1, queue: QUEUE_0, asked: 0, corrected: 5 });
    let deleted = |min| (7_000, HeadDeleted { queue: QUEUE_0, min, with_topic: false });
    let reset = |audience, offset| {
        let (queue, previous, by, path) = (QUEUE_0, Some(0), None, CommitPath::OperatorReset);
        (7_000, Committed { audience, queue, offset, previous, by, path })
    };
    // Of the seed 2025: a BROADCASTING member had pulled as far as the operator said, and handed nothing of it out.
    let told = (7_500, OffsetIllegal { consumer: C1, queue: QUEUE_0, asked: 5, corrected: 5 });
    let filed = (7_600, StartedAt { consumer: C1, queue: QUEUE_0, offset: 5, rule: StartRule::Stored });
    let begins = |rule| (6_500, StartedAt { consumer: C1, queue: QUEUE_0, offset: 5, rule });
    let goes_on =
        |more: &[(u64, Observation)]| story(&[&[readable(6_000, 0, 6), gets(8_000, 0, 0, 5)][..], more].concat());
    let mut added = goes_on(&[begins(StartRule::Maximum), (5_000, QueueCreated { queue: QUEUE_0 })]);
    added.retain(|(at, seen)| *at > 0 || !matches!(seen, QueueCreated { queue: QUEUE_0 }));
    verify(
        "skipped",
        vec![
            ("retention", plan(), goes_on(&[corrected.clone(), deleted(5)]), ("deleted_by_retention", "")),
            ("retention had deleted less", plan(), goes_on(&[corrected.clone(), deleted(3)]), ("offset_illegal", "")),
            ("nothing was deleted", plan(), goes_on(std::slice::from_ref(&corrected)), ("offset_illegal", "")),
            ("an operator", plan(), goes_on(&[corrected, reset(ALL_OF_G, 5)]), ("operator_reset_offsets", "")),
            (
                "an operator, of what it had pulled",
                broadcasting(),
                goes_on(&[reset(ALL_OF_G, 5), told.clone(), filed.clone()]),
                ("operator_reset_offsets", ""),
            ),
            ("an operator elsewhere", broadcasting(), goes_on(&[reset(ALL_OF_G, 3), told, filed]), ("unknown", "")),
            ("from the end", plan(), goes_on(&[begins(StartRule::Maximum)]), ("start_at_maximum", "")),
            ("from the end of a queue that was added", plan(), added, ("start_at_maximum", "E28")),
            ("from a time", plan(), goes_on(&[begins(StartRule::Timestamp)]), ("start_at_timestamp", "")),
            ("from the stored offset", plan(), goes_on(&[begins(StartRule::Stored)]), NOTHING),
        ],
    );
}

#[test]
fn a_file_is_anothers_only_where_another_writes_it() {
    // c1 begins at offset 5 of its file, though it has got nothing.
    let stored = (6_500, StartedAt { consumer: C1, queue: QUEUE_0, offset: 5, rule: StartRule::Stored });
    let goes_on = |second: u32| {
        let other = (2_000, ConsumerStarting { consumer: C3, client: ClientIndex(second) });
        story(&[readable(6_000, 0, 6), stored.clone(), gets(8_000, 0, 0, 5), other])
    };
    let mut one_machine = broadcasting();
    one_machine.consumers[2].machine = one_machine.consumers[0].machine.clone();
    verify(
        "skipped",
        vec![
            ("one file", one_machine.clone(), goes_on(0), ("offset_of_another_process", "E32")),
            ("one machine, and another id", one_machine, goes_on(2), ("unknown", "")),
            ("one id, and another machine", broadcasting(), goes_on(0), ("unknown", "")),
        ],
    );
}

#[test]
fn new_messages_below_an_old_offset_are_told_by_what_took_the_old_ones() {
    // c1 had come to offset 4; the queue begins again below, and c1 goes on at 4.
    let behind = |why, goes_on: &[(u64, Observation)]| {
        let mut story = story(&[readable(6_000, 0, 4), commits(6_100, 0, 0, 4, 0), tail(7_000, 1, why)]);
        story.extend((0..4).map(|offset| gets(6_001 + offset, 0, 0, offset)));
        story.extend([readable(8_000, 0, 6), gets(8_200, 0, 0, 4), gets(8_200, 0, 0, 5), commits(9_000, 0, 0, 6, 4)]);
        story.extend_from_slice(goes_on);
        story
    };
    let had = [gets(8_100, 0, 0, 1), gets(8_100, 0, 0, 2), gets(8_100, 0, 0, 3)];
    verify(
        "skipped",
        vec![
            ("power", plan(), behind(LogLoss::PageCache, &[]), ("lost_log_tail", "E29")),
            ("another master", plan(), behind(LogLoss::SlaveBehind, &[]), ("lost_log_tail", "E29")),
            ("made again", plan(), behind(LogLoss::TopicDeleted, &[]), ("topic_made_again", "")),
            ("it begins at the new end", plan(), behind(LogLoss::PageCache, &had), NOTHING),
        ],
    );
}

/// Of the seed 6437: c1 had consumed two messages and pulled all when the log was cut short at offset 4.
#[test]
fn what_a_client_had_pulled_goes_with_its_queue_where_the_log_was_cut_short() {
    let illegal = (8_000, OffsetIllegal { consumer: C1, queue: QUEUE_0, asked: 6, corrected: 4 });
    let of_another = (8_000, OffsetIllegal { consumer: C2, queue: QUEUE_0, asked: 6, corrected: 4 });
    let commits_the_end = |audience| {
        let (previous, by, path) = (Some(2), Some(C1), CommitPath::OffsetIllegal);
        (8_000, Committed { audience, queue: QUEUE_0, offset: 4, previous, by, path })
    };
    let filed = (8_001, StartedAt { consumer: C1, queue: QUEUE_0, offset: 4, rule: StartRule::Stored });
    let cut = |audience, more: &[(u64, Observation)]| {
        let consumed = [gets(6_001, 0, 0, 0), gets(6_001, 0, 0, 1)];
        let (offset, previous, by, path) = (2, Some(0), Some(C1), CommitPath::PersistTimer);
        let kept = (6_500, Committed { audience, queue: QUEUE_0, offset, previous, by, path });
        let cut = [readable(6_000, 0, 6), kept, tail(7_000, 4, LogLoss::PageCache)];
        story(&[&consumed[..], &cut, more, &[commits_the_end(audience)]].concat())
    };
    let had = [gets(7_100, 0, 0, 2), gets(7_100, 0, 0, 3)];
    let reset = |offset| {
        let (previous, by, path) = (Some(2), None, CommitPath::OperatorReset);
        (7_500, Committed { audience: ALL_OF_G, queue: QUEUE_0, offset, previous, by, path })
    };
    let dropped = ("offset_illegal_drops_the_cache", "E29");
    verify(
        "skipped",
        vec![
            ("it had them in its cache", plan(), cut(ALL_OF_G, std::slice::from_ref(&illegal)), dropped),
            ("and a file", broadcasting(), cut(AudienceIndex(1), &[illegal.clone(), filed]), dropped),
            ("it had given the queue up before", plan(), cut(ALL_OF_G, &[of_another]), ("offset_illegal", "")),
            (
                "it had consumed them",
                plan(),
                cut(ALL_OF_G, &[&had[..], std::slice::from_ref(&illegal)].concat()),
                NOTHING,
            ),
            (
                "an operator had sent it there",
                plan(),
                cut(ALL_OF_G, &[reset(4), illegal]),
                ("operator_reset_offsets", ""),
            ),
        ],
    );
    // Nobody was sent back: that is a loss, and no rule's.
    verify("lost", vec![("it did not ask", plan(), cut(ALL_OF_G, &[]), ("committed_unseen", ""))]);
}
