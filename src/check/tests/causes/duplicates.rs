//! Messages that came twice.

use super::{Twin, broadcasting, note_table, story, verify, with_store};
use crate::check::tests::numbers::{ALL_OF_G, BROKER_A, C1, C2, C3, ID_1, QUEUE_0};
use crate::check::tests::{commits, ends, gets, plan, readable, releases, starts, takes};
use crate::model::ids::QueueIndex;
use crate::model::ids::{ClientIndex, ConsumerIndex};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{CommitPath, ConsumeOutcome, End, Release, StartRule};
use crate::model::plan::{BrokerPlan, Plan};

pub(super) const TESTS: &[fn()] = &[
    a_duplicate_is_charged_to_what_happened_to_that_message,
    a_frozen_member_is_charged_where_it_had_the_queue,
    what_a_later_process_got_again_is_not_charged_to_the_end_of_an_earlier_one,
    a_queue_that_changed_hands_is_told_from_one_that_did_not,
    a_member_that_gets_a_message_again_shows_why,
    offsets_that_a_broker_took_back_are_to_blame_for_what_lies_between,
    a_broadcasting_member_that_starts_again_shows_whose_file_it_reads,
    the_offset_store_of_a_group_says_what_was_late,
    a_queue_leaves_its_offset_behind_where_each_member_has_a_file,
    what_a_slave_had_not_copied_is_told_from_what_nobody_committed,
];

/// The broker has a slave.
fn replicated() -> Plan {
    let mut plan = plan();
    let slave = BrokerPlan { slave_of: Some(BROKER_A), ..plan.brokers[0].clone() };
    plan.brokers.push(slave);
    plan
}

/// c1 gets three messages of queue 0 at 6 s.
fn three(more: &[(u64, Observation)]) -> super::Story {
    let first = [readable(6_000, 0, 3), gets(6_000, 0, 0, 0), gets(6_000, 0, 0, 1), gets(6_000, 0, 0, 2)];
    story(&[&first[..], more].concat())
}

#[test]
fn a_duplicate_is_charged_to_what_happened_to_that_message() {
    let interrupted =
        |offset| (6_400, Consumed { consumer: C1, queue: QUEUE_0, offset, outcome: ConsumeOutcome::Interrupted });
    let stops = [releases(6_500, 0, 0, Release::Shutdown), ends(6_500, 0, End::Shutdown), takes(7_000, 1, 0)];
    let again = [ends(6_500, 0, End::Killed), starts(6_600, 0), takes(7_600, 0, 0)];
    let handed = [releases(9_000, 0, 0, Release::Reassigned), takes(9_001, 1, 0)];
    let twins: Vec<Twin> = vec![
        (
            "interrupted",
            plan(),
            three(&[&[interrupted(1)], &stops[..], &[gets(7_500, 1, 0, 2)]].concat()),
            ("interrupted_listener", "E31"),
        ),
        (
            "before what was interrupted",
            plan(),
            three(&[&[interrupted(1)], &stops[..], &[gets(7_500, 1, 0, 0)]].concat()),
            ("finished_after_last_commit", "E31"),
        ),
        (
            "in the life that was killed",
            plan(),
            three(&[&again[..], &handed, &[gets(9_500, 1, 0, 2)]].concat()),
            ("crash_lag", ""),
        ),
        (
            "in the life after the one that was killed",
            plan(),
            three(
                &[&again[..], &[readable(8_000, 0, 4), gets(8_100, 0, 0, 3)], &handed, &[gets(9_500, 1, 0, 3)]]
                    .concat(),
            ),
            ("handover_before_commit", "E13"),
        ),
    ];
    note_table(twins.iter().map(|(.., (cause, _))| *cause));
    verify("duplicates", twins);
}

#[test]
fn a_frozen_member_is_charged_where_it_had_the_queue() {
    let handed = [releases(9_000, 0, 0, Release::Reassigned), takes(9_001, 1, 0)];
    let thaws = |consumer, at_ms| [(at_ms, ConsumerPaused { consumer }), (at_ms + 100, ConsumerResumed { consumer })];
    let twins: Vec<Twin> = vec![
        (
            "the taker was frozen before it took the queue",
            plan(),
            three(&[&thaws(C2, 7_000)[..], &handed, &[gets(9_500, 1, 0, 0)]].concat()),
            ("handover_before_commit", "E13"),
        ),
        (
            "the giver was frozen with the queue",
            plan(),
            three(&[&thaws(C1, 7_000)[..], &handed, &[gets(9_500, 1, 0, 0)]].concat()),
            ("zombie_owner", ""),
        ),
        (
            "thawed with the queue that another had taken",
            plan(),
            three(&[
                (7_000, ConsumerPaused { consumer: C1 }),
                takes(8_000, 1, 0),
                gets(8_500, 1, 0, 0),
                (9_000, ConsumerResumed { consumer: C1 }),
                gets(9_100, 0, 0, 0),
            ]),
            ("zombie_came_back", ""),
        ),
    ];
    note_table(twins.iter().map(|(.., (cause, _))| *cause));
    for (name, plan, story, expected) in twins {
        if name.starts_with("thawed") {
            // The first of its two duplicates is the successor's.
            let causes = super::found(&crate::check::tests::play_plan(&story, &plan), "duplicates");
            assert_eq!(causes, [("zombie_owner", ""), expected], "{name}");
        } else {
            verify("duplicates", vec![(name, plan, story, expected)]);
        }
    }
}

/// Of the seed 7806: c1's process ended, the next one got a message again, and c2 gets it after that.
#[test]
fn what_a_later_process_got_again_is_not_charged_to_the_end_of_an_earlier_one() {
    let back = |end| [ends(6_500, 0, end), starts(6_600, 0), takes(7_600, 0, 0)];
    let handed = [releases(9_000, 0, 0, Release::Reassigned), takes(9_001, 1, 0), gets(9_500, 1, 0, 2)];
    let again = [gets(8_100, 0, 0, 2)];
    let interrupted =
        (6_400, Consumed { consumer: C1, queue: QUEUE_0, offset: 1, outcome: ConsumeOutcome::Interrupted });
    let dies = |end, had: &[(u64, Observation)]| three(&[&back(end)[..], had, &handed].concat());
    let stops_twice = |had: &[(u64, Observation)]| {
        let twice = [ends(9_000, 0, End::Shutdown), takes(9_001, 1, 0), gets(9_500, 1, 0, 2)];
        three(&[std::slice::from_ref(&interrupted), &back(End::Shutdown)[..], had, &twice].concat())
    };
    let (handover, stop) = (("handover_before_commit", "E13"), ("finished_after_last_commit", "E31"));
    let (crash, listener) = (("crash_lag", ""), ("interrupted_listener", "E31"));
    let rows = [
        ("killed, and had again", dies(End::Killed, &again), vec![crash, handover]),
        ("killed, and not had again", dies(End::Killed, &[]), vec![crash]),
        ("stopped, and had again", dies(End::Shutdown, &again), vec![stop, handover]),
        ("stopped, and not had again", dies(End::Shutdown, &[]), vec![stop]),
        ("interrupted, had again, and stopped", stops_twice(&again), vec![listener, stop]),
        ("interrupted, not had again, and stopped", stops_twice(&[]), vec![listener]),
    ];
    note_table(rows.iter().flat_map(|(.., expected)| expected).map(|(cause, _)| *cause));
    for (name, story, expected) in rows {
        assert_eq!(super::found(&crate::check::tests::play_plan(&story, &plan()), "duplicates"), expected, "{name}");
    }
}

/// The queue, from this offset on.
fn takes_from(at_ms: u64, consumer: u16, offset: u64) -> (u64, Observation) {
    (at_ms, QueueTaken { consumer: ConsumerIndex(consumer), queue: QUEUE_0, offset })
}

#[test]
fn a_queue_that_changed_hands_is_told_from_one_that_did_not() {
    let gives = releases(9_000, 0, 0, Release::Reassigned);
    let row = |name, more: &[(u64, Observation)], cause, trap| -> Twin { (name, plan(), three(more), (cause, trap)) };
    verify(
        "duplicates",
        vec![
            row(
                "given up, and taken at an older offset",
                &[gives.clone(), takes_from(9_001, 1, 1), gets(9_500, 1, 0, 1)],
                "handover_before_commit",
                "E13",
            ),
            row(
                "given up, taken by a third, and by this one then",
                &[
                    gives.clone(),
                    takes_from(9_001, 2, 1),
                    releases(9_100, 2, 0, Release::Reassigned),
                    takes_from(9_101, 1, 1),
                    gets(9_500, 1, 0, 1),
                ],
                "handover_before_commit",
                "E13",
            ),
            row(
                "given up, and taken behind the message",
                &[gives.clone(), takes_from(9_001, 1, 3), gets(9_500, 1, 0, 1)],
                "unknown",
                "",
            ),
            row("given up, and taken by nobody", &[gives, gets(9_500, 1, 0, 1)], "unknown", ""),
            row(
                "taken, had beside it, and given up",
                &[
                    releases(5_000, 0, 0, Release::Reassigned),
                    takes_from(5_001, 1, 0),
                    takes_from(5_002, 0, 0),
                    releases(9_000, 0, 0, Release::Reassigned),
                    gets(9_500, 1, 0, 1),
                ],
                "double_ownership",
                "",
            ),
            row("both have it", &[takes_from(9_001, 1, 1), gets(9_500, 1, 0, 1)], "double_ownership", ""),
        ],
    );
    let story = three(&[releases(9_000, 0, 0, Release::Reassigned), takes_from(9_001, 1, 1), gets(9_500, 1, 0, 1)]);
    let found = crate::check::tests::play(&story);
    let row = found.anomalies.iter().find(|row| row.kind.word() == "duplicates").expect("one came twice");
    assert!(row.detail.ends_with("c1 had had them, and c2 took the queue at 9.001s"), "{}", row.detail);
}

#[test]
fn a_member_that_gets_a_message_again_shows_why() {
    let left = |at_ms, outcome| (at_ms, Consumed { consumer: C1, queue: QUEUE_0, offset: 1, outcome });
    let gives = releases(9_000, 0, 0, Release::Reassigned);
    let again = gets(12_000, 0, 0, 1);
    let illegal = |asked| (8_000, OffsetIllegal { consumer: C1, queue: QUEUE_0, asked, corrected: 1 });
    let row = |name, more: &[(u64, Observation)], cause| -> Twin { (name, plan(), three(more), (cause, "")) };
    verify(
        "duplicates",
        vec![
            row("given up and taken again", &[gives.clone(), takes_from(10_000, 0, 0), again.clone()], "rewind"),
            row("given up and taken behind it", &[gives.clone(), takes_from(10_000, 0, 3), again.clone()], "unknown"),
            row("never given up", std::slice::from_ref(&again), "unknown"),
            row("failed", &[left(7_000, ConsumeOutcome::Failed), again.clone()], "send_back_failed"),
            row(
                "failed, sent back, given up and taken again",
                &[left(7_000, ConsumeOutcome::Failed), gives, takes_from(10_000, 0, 0), again.clone()],
                "rewind",
            ),
            row("suspended", &[left(7_000, ConsumeOutcome::Suspended), again.clone()], "suspended"),
            (
                "suspended, of a BROADCASTING member",
                broadcasting(),
                three(&[left(7_000, ConsumeOutcome::Suspended), again.clone()]),
                ("suspended", ""),
            ),
            row("rolled back", &[left(7_000, ConsumeOutcome::RolledBack), again.clone()], "rolled_back"),
            row("its offset was illegal", &[illegal(3), again.clone()], "offset_illegal"),
            row("an offset before it was illegal", &[illegal(1), again], "unknown"),
        ],
    );
}

#[test]
fn offsets_that_a_broker_took_back_are_to_blame_for_what_lies_between() {
    let back = |path, offset| {
        let (audience, queue, previous, by) = (ALL_OF_G, QUEUE_0, Some(2), None);
        let back = (6_600, Committed { audience, queue, offset, previous, by, path });
        let gives = releases(6_700, 0, 0, Release::Reassigned);
        three(&[commits(6_200, 0, 0, 2, 0), back, gives, takes_from(6_800, 1, 0), gets(7_300, 1, 0, 1)])
    };
    let row = |path, cause| -> Twin { (cause, plan(), back(path, 1), (cause, "")) };
    verify(
        "duplicates",
        vec![
            row(CommitPath::BrokerRestart, "broker_offset_loss"),
            row(CommitPath::SlaveCopy, "slave_offsets_are_older"),
            row(CommitPath::MasterReturned, "master_returned_with_old_offsets"),
            row(CommitPath::TopicDeleted, "topic_deleted"),
            row(CommitPath::GroupDeleted, "group_deleted"),
            row(CommitPath::OperatorReset, "operator_reset_offsets"),
            (
                "a broker took nothing back",
                plan(),
                back(CommitPath::BrokerRestart, 2),
                ("handover_before_commit", "E13"),
            ),
        ],
    );
}

#[test]
fn a_broadcasting_member_that_starts_again_shows_whose_file_it_reads() {
    let mut one_machine = broadcasting();
    one_machine.consumers[2].machine = one_machine.consumers[0].machine.clone();
    let restarts = |end, client| {
        let started = (7_000, ConsumerStarting { consumer: C1, client });
        [ends(6_500, 0, end), started, takes_from(8_000, 0, 0), gets(8_500, 0, 0, 1)]
    };
    let other = (6_600, ConsumerStarting { consumer: C3, client: ID_1 });
    let row = |name, plan, end, client, cause, trap| -> Twin {
        (name, plan, three(&[&restarts(end, client)[..], std::slice::from_ref(&other)].concat()), (cause, trap))
    };
    verify(
        "duplicates",
        vec![
            row("another id", broadcasting(), End::Shutdown, ClientIndex(4), "new_client_id_has_no_file", ""),
            row("killed, and another id", broadcasting(), End::Killed, ClientIndex(4), "new_client_id_has_no_file", ""),
            row("killed, and the same id", broadcasting(), End::Killed, ID_1, "crash_lag", ""),
            row("another writes its file", one_machine, End::Shutdown, ID_1, "offset_of_another_process", ""),
            row("nobody else does", broadcasting(), End::Shutdown, ID_1, "finished_after_last_commit", "E31"),
        ],
    );
}

#[test]
fn the_offset_store_of_a_group_says_what_was_late() {
    let killed = [ends(6_500, 0, End::Killed), takes(7_000, 1, 0), gets(7_500, 1, 0, 2)];
    let left = [
        releases(6_500, 0, 0, Release::Shutdown),
        ends(6_500, 0, End::Shutdown),
        takes(7_000, 1, 0),
        gets(7_500, 1, 0, 2),
    ];
    let handed = [releases(9_000, 0, 0, Release::Reassigned), takes_from(9_001, 1, 1), gets(9_500, 1, 0, 1)];
    let row = |store, more: &[(u64, Observation)], cause, trap| -> Twin {
        (store, with_store(store), three(more), (cause, trap))
    };
    verify(
        "duplicates",
        vec![
            row("RemoteBrokerOffsetStore", &killed, "crash_lag", ""),
            row("CommitAtEveryUpdate", &killed, "crash_before_the_write", ""),
            row("ApplicationDatabase", &killed, "crash_before_the_write", ""),
            row("RemoteBrokerOffsetStore", &left, "finished_after_last_commit", "E31"),
            row("CommitAtEveryUpdate", &left, "taken_before_the_write", ""),
            row("ApplicationDatabase", &left, "taken_before_the_write", ""),
            row("RemoteBrokerOffsetStore", &handed, "handover_before_commit", "E13"),
            row("CommitAtEveryUpdate", &handed, "handover_before_commit", "E13"),
            row("ApplicationDatabase", &handed, "taken_before_the_write", ""),
        ],
    );
}

#[test]
fn a_queue_leaves_its_offset_behind_where_each_member_has_a_file() {
    let begins = |offset, rule| (9_001, StartedAt { consumer: ConsumerIndex(1), queue: QueueIndex(0), offset, rule });
    let handed = |offset, rule, again: &[u64]| {
        let mut more = vec![(
            5_500,
            StartedAt { consumer: ConsumerIndex(0), queue: QueueIndex(0), offset: 0, rule: StartRule::First },
        )];
        more.extend([releases(9_000, 0, 0, Release::Reassigned), begins(offset, rule), takes_from(9_001, 1, offset)]);
        more.extend(again.iter().map(|offset| gets(9_500, 1, 0, *offset)));
        three(&more)
    };
    let own = || with_store("LocalFileOffsetStore");
    verify(
        "duplicates",
        vec![
            ("its file is old", own(), handed(1, StartRule::Stored, &[1]), ("offsets_in_own_files", "")),
            ("it has none", own(), handed(0, StartRule::First, &[0]), ("offsets_in_own_files", "")),
            ("a broker was behind", plan(), handed(1, StartRule::Stored, &[1]), ("handover_before_commit", "E13")),
            (
                "nobody has a file",
                with_store("ApplicationDatabase"),
                handed(1, StartRule::Stored, &[1]),
                ("taken_before_the_write", ""),
            ),
        ],
    );
}

#[test]
fn what_a_slave_had_not_copied_is_told_from_what_nobody_committed() {
    let begins = |rule, offset| {
        let started = (7_000, StartedAt { consumer: C2, queue: QUEUE_0, offset, rule });
        let gone = releases(6_500, 0, 0, Release::Reassigned);
        three(&[
            commits(6_200, 0, 0, 2, 0),
            gone,
            started,
            takes_from(7_000, 1, offset),
            gets(7_500, 1, 0, offset.max(1)),
        ])
    };
    let row = |name, plan, rule, offset, cause, trap| -> Twin { (name, plan, begins(rule, offset), (cause, trap)) };
    let older = "slave_offsets_are_older";
    verify(
        "duplicates",
        vec![
            row("a slave has an older one", replicated(), StartRule::Stored, 1, older, ""),
            row("a slave has none", replicated(), StartRule::First, 0, older, ""),
            row("a slave has none, of a queue still in memory", replicated(), StartRule::ZeroResident, 0, older, ""),
            row("there is no slave", plan(), StartRule::First, 0, "handover_before_commit", "E13"),
            row("it has what was committed", replicated(), StartRule::Stored, 2, "handover_before_commit", "E13"),
        ],
    );
}
