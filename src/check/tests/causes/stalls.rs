//! Queues that stand still.

use super::{note_table, orderly, story, two_groups, verify};
use crate::check::tests::numbers::{ALL_OF_G, BROKER_A, BROKER_B, C1, C2, C3, G, ID_1, ID_2, QUEUE_0, QUEUE_1, T};
use crate::check::tests::{Story, ends, gets, plan, play_orderly, play_plan, readable, releases, starts, takes};
use crate::model::ids::{AudienceIndex, ClientIndex, ConsumerIndex, NameServerIndex};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{ConsumeOutcome, End, PullTrouble, Release, StartFailure};
use crate::model::plan::{MessageModel, Plan};

pub(super) const TESTS: &[fn()] = &[
    a_stall_has_the_cause_that_was_seen,
    what_keeps_the_pulls_lasts_and_what_is_in_memory_waits_for_a_thread,
    an_orderly_listener_is_busy_only_while_it_runs,
    a_suspended_queue_waits_for_its_owner_only_while_that_one_has_it,
    a_lock_that_is_lost_keeps_the_queue_only_while_its_owner_has_it,
    a_listener_keeps_a_queue_that_was_given_up_only_until_it_is_unlocked,
    a_member_whose_start_threw_is_not_suspended,
    a_queue_without_an_owner_is_told_from_one_that_was_just_taken_and_from_a_group_that_never_ran,
    a_lock_is_of_the_group_that_was_refused,
    a_lock_that_is_asked_for_no_more_keeps_nobody_waiting,
    a_pull_that_fails_has_waited_since_it_went_out,
    what_was_sent_in_a_cut_comes_later_than_its_end,
];

/// Queue 0 has two messages at 10 s; the first is handed out at once, the second 20 s later.
fn waits(more: &[(u64, Observation)]) -> Story {
    story(&[&[readable(10_000, 0, 2), gets(10_000, 0, 0, 0), gets(30_000, 0, 0, 1)], more].concat())
}

fn cause(found: &crate::check::Findings) -> Vec<&str> {
    found
        .stalls
        .iter()
        .filter(|stall| stall.queue == QUEUE_0 && stall.audience == ALL_OF_G)
        .map(|s| s.cause.word())
        .collect()
}

#[test]
fn a_stall_has_the_cause_that_was_seen() {
    let pulled = |at_ms, until| (at_ms, Pulled { consumer: C1, queue: QUEUE_0, until });
    let shown = |read| (10_001, QueuesOpened { broker: BROKER_A, topic: T, read, write: 2 });
    let cut = |consumer, broker| (10_001, ConsumerCutOff { consumer, broker, cut_off: true });
    let troubled = |consumer, queue, trouble| (10_001, PullTroubled { consumer, queue, trouble });
    let frozen = [(10_001, ConsumerPaused { consumer: C1 }), (29_900, ConsumerResumed { consumer: C1 })];
    let table: Vec<(&str, Plan, Story, &str)> = vec![
        ("pulled, and not handed out", plan(), waits(&[pulled(10_000, 2)]), "messages_wait_in_the_pool"),
        ("not pulled, and nothing shows why", plan(), waits(&[pulled(10_000, 1)]), "unknown"),
        (
            "left out by a filter in the end",
            plan(),
            story(&[
                readable(10_000, 0, 2),
                gets(10_000, 0, 0, 0),
                (30_000, Filtered { consumer: C1, queue: QUEUE_0, offset: 1, tag: 2 }),
            ]),
            "filtered_out",
        ),
        (
            "nobody of the group reaches the broker",
            plan(),
            waits(&[cut(C1, BROKER_A), cut(C2, BROKER_A)]),
            "broker_unreachable",
        ),
        ("only its owner is cut off", plan(), waits(&[cut(C1, BROKER_A)]), "unowned"),
        ("no consumer is shown the queue", plan(), waits(&[shown(0)]), "queue_is_hidden"),
        ("no consumer is shown another", plan(), waits(&[shown(1)]), "unknown"),
        ("another broker is cut off", plan(), waits(&[cut(C1, BROKER_B), cut(C2, BROKER_B)]), "unknown"),
        ("no answer", plan(), waits(&[troubled(C1, QUEUE_0, PullTrouble::TimedOut)]), "broker_unreachable"),
        ("no answer for another queue", plan(), waits(&[troubled(C2, QUEUE_1, PullTrouble::TimedOut)]), "unknown"),
        (
            "no answer for another group",
            two_groups(),
            waits(&[troubled(C3, QUEUE_0, PullTrouble::TimedOut)]),
            "unknown",
        ),
        (
            "refused",
            plan(),
            waits(&[troubled(C1, QUEUE_0, PullTrouble::SubscriptionNotLatest)]),
            "subscription_not_latest",
        ),
        ("frozen", plan(), waits(&frozen), "unowned"),
        (
            "the broker is down",
            plan(),
            waits(&[
                (10_001, BrokerDown { broker: BROKER_A, graceful: false }),
                (29_000, BrokerUp { broker: BROKER_A }),
            ]),
            "broker_away",
        ),
        (
            "another broker is down",
            plan(),
            waits(&[
                (10_001, BrokerDown { broker: BROKER_B, graceful: false }),
                (29_000, BrokerUp { broker: BROKER_B }),
            ]),
            "unknown",
        ),
    ];
    note_table(table.iter().map(|(.., cause)| *cause));
    for (name, plan, story, expected) in table {
        assert_eq!(cause(&play_plan(&story, &plan)), [expected], "{name}");
    }
}

#[test]
fn what_keeps_the_pulls_lasts_and_what_is_in_memory_waits_for_a_thread() {
    let pulled = |at_ms, until| (at_ms, Pulled { consumer: C1, queue: QUEUE_0, until });
    let span = PullTrouble::FlowControlSpan;
    let table: Vec<(&str, Plan, Story, &str)> = vec![
        (
            "held back before the last that was handed out, and still",
            plan(),
            waits(&[pulled(9_000, 1), (9_001, PullTroubled { consumer: C1, queue: QUEUE_0, trouble: span })]),
            "flow_control",
        ),
        (
            "held back, and what is next is in memory",
            plan(),
            waits(&[pulled(9_000, 2), (9_001, PullTroubled { consumer: C1, queue: QUEUE_0, trouble: span })]),
            "messages_wait_in_the_pool",
        ),
        (
            "held back no more",
            plan(),
            waits(&[
                pulled(9_000, 1),
                (9_001, PullTroubled { consumer: C1, queue: QUEUE_0, trouble: span }),
                (9_500, PullRecovered { consumer: C1, queue: QUEUE_0 }),
            ]),
            "unknown",
        ),
    ];
    note_table(table.iter().map(|(.., cause)| *cause));
    for (name, plan, story, expected) in table {
        assert_eq!(cause(&play_plan(&story, &plan)), [expected], "{name}");
    }
}

#[test]
fn an_orderly_listener_is_busy_only_while_it_runs() {
    let left = |outcome| (10_100, Consumed { consumer: C1, queue: QUEUE_0, offset: 0, outcome });
    verify(
        "stall",
        vec![
            ("it runs", orderly(), waits(&[]), ("listener_is_busy", "")),
            ("another dies", orderly(), waits(&[ends(10_100, 1, End::Killed)]), ("listener_is_busy", "")),
            ("it has returned", orderly(), waits(&[left(ConsumeOutcome::Success)]), ("unknown", "")),
            ("it failed", orderly(), waits(&[left(ConsumeOutcome::Suspended)]), ("suspended_after_a_failure", "")),
            (
                "it rolled back",
                orderly(),
                waits(&[left(ConsumeOutcome::RolledBack)]),
                ("suspended_after_a_failure", ""),
            ),
        ],
    );
}

#[test]
fn a_suspended_queue_waits_for_its_owner_only_while_that_one_has_it() {
    let put_back = (10_100, Consumed { consumer: C1, queue: QUEUE_0, offset: 0, outcome: ConsumeOutcome::Suspended });
    let after = |more: &[(u64, Observation)]| waits(&[std::slice::from_ref(&put_back), more].concat());
    let dies = |consumer| after(&[ends(10_900, consumer, End::Killed)]);
    let gone = |release| after(&[releases(10_900, 0, 0, release), takes(29_400, 1, 0)]);
    let frozen = |consumer| after(&[(10_900, ConsumerPaused { consumer }), (29_900, ConsumerResumed { consumer })]);
    let late = waits(&[releases(10_050, 0, 0, Release::Reassigned), put_back.clone(), takes(29_400, 1, 0)]);
    verify(
        "stall",
        vec![
            ("it is still the owner", orderly(), after(&[]), ("suspended_after_a_failure", "")),
            ("it dies", orderly(), dies(0), ("unowned", "")),
            ("another dies", orderly(), dies(1), ("suspended_after_a_failure", "")),
            ("it gives the queue up", orderly(), gone(Release::Reassigned), ("unowned", "")),
            ("it had given the queue up", orderly(), late, ("unowned", "")),
            ("it is frozen", orderly(), frozen(C1), ("unowned", "")),
            ("another is frozen", orderly(), frozen(C2), ("suspended_after_a_failure", "")),
        ],
    );
}

/// Of the seeds 44509, 92368 and 99170: who had lost a lock gave the queue up, and long after a message came for which there
/// was no owner.
#[test]
fn a_lock_that_is_lost_keeps_the_queue_only_while_its_owner_has_it() {
    let lost = (10_100, LockLost { consumer: C1, queue: QUEUE_0 });
    let expired = (10_100, LockExpired { consumer: C1, queue: QUEUE_0 });
    let confirmed = |consumer| (10_900, LockConfirmed { consumer, queue: QUEUE_0 });
    let returns = (10_050, Consumed { consumer: C1, queue: QUEUE_0, offset: 0, outcome: ConsumeOutcome::Success });
    let after = |why: &(u64, Observation), more: &[(u64, Observation)]| {
        waits(&[&[returns.clone(), why.clone()][..], more].concat())
    };
    let gone = [releases(10_900, 0, 0, Release::RouteGone), takes(29_400, 1, 0)];
    let frozen = |consumer| [(10_900, ConsumerPaused { consumer }), (29_900, ConsumerResumed { consumer })];
    let dies = [ends(10_900, 0, End::Killed), takes(29_400, 1, 0)];
    verify(
        "stall",
        vec![
            ("it is still the owner", orderly(), after(&lost, &[]), ("lock_lost", "")),
            ("it is still the owner, too late", orderly(), after(&expired, &[]), ("lock_lost", "")),
            ("it gives the queue up", orderly(), after(&lost, &gone), ("unowned", "")),
            ("it gives the queue up, too late", orderly(), after(&expired, &gone), ("unowned", "")),
            ("it dies", orderly(), after(&lost, &dies), ("unowned", "")),
            ("it has it again", orderly(), after(&lost, &[confirmed(C1)]), ("unknown", "")),
            ("it has it again, too late", orderly(), after(&expired, &[confirmed(C1)]), ("unknown", "")),
            ("another has its own", orderly(), after(&lost, &[confirmed(C2)]), ("lock_lost", "")),
            ("it is frozen", orderly(), after(&lost, &frozen(C1)), ("unowned", "")),
            ("another is frozen", orderly(), after(&lost, &frozen(C2)), ("lock_lost", "")),
        ],
    );
}

#[test]
fn a_listener_keeps_a_queue_that_was_given_up_only_until_it_is_unlocked() {
    let delayed = (10_100, UnlockDelayed { consumer: C1, queue: QUEUE_0 });
    let returns = (10_050, Consumed { consumer: C1, queue: QUEUE_0, offset: 0, outcome: ConsumeOutcome::Success });
    let until = |at_ms, more: &[(u64, Observation)]| {
        let ends = [releases(at_ms, 0, 0, Release::Reassigned), takes(29_400, 1, 0)];
        waits(&[&[returns.clone(), delayed.clone()][..], &ends, more].concat())
    };
    let frozen = [(10_900, ConsumerPaused { consumer: C1 }), (29_200, ConsumerResumed { consumer: C1 })];
    verify(
        "stall",
        vec![
            ("it was unlocked late", orderly(), until(29_300, &[]), ("listener_delays_the_unlock", "")),
            ("it was unlocked soon", orderly(), until(11_000, &[]), ("unowned", "")),
            ("its process is frozen", orderly(), until(29_300, &frozen), ("listener_delays_the_unlock", "")),
        ],
    );
}

/// Of the seed 2508: an orderly `BROADCASTING` member put a batch back just before it was restarted, and its start
/// threw; its broker has a slave, so that what keeps the queue's lock is looked at first.
#[test]
fn a_member_whose_start_threw_is_not_suspended() {
    let mut plan = orderly();
    plan.consumers.iter_mut().for_each(|c1| c1.consumer.message_model = MessageModel::Broadcasting);
    plan.brokers[1].slave_of = Some(BROKER_A);
    let put_back = (10_100, Consumed { consumer: C1, queue: QUEUE_0, offset: 0, outcome: ConsumeOutcome::Suspended });
    let throws = |consumer| {
        let why = StartFailure::NameServerTimedOut(NameServerIndex(0));
        let leaves =
            [releases(10_900, consumer, consumer.into(), Release::Shutdown), ends(10_900, consumer, End::Shutdown)];
        let starts = [
            starts(12_000, consumer),
            (15_000, StartFailed { consumer: ConsumerIndex(consumer), why }),
            ends(15_000, consumer, End::StartFailed),
        ];
        [leaves.to_vec(), starts.to_vec()].concat()
    };
    let of_c1 = |more: &[(u64, Observation)]| {
        let begins = [readable(10_000, 0, 2), gets(10_000, 0, 0, 0), put_back.clone()];
        let found = play_plan(&story(&[&begins[..], more].concat()), &plan);
        let own = found.stalls.into_iter().filter(|stall| (stall.queue, stall.audience) == (QUEUE_0, AudienceIndex(1)));
        own.map(|stall| stall.cause.word()).collect::<Vec<_>>()
    };
    assert_eq!(of_c1(&throws(0)), ["start_failed"]);
    assert_eq!(of_c1(&throws(1)), ["suspended_after_a_failure"]);
}

#[test]
fn a_queue_without_an_owner_is_told_from_one_that_was_just_taken_and_from_a_group_that_never_ran() {
    // c1 gives the queue up, a message comes, and c2 takes the queue so long after.
    let taken = |after_ms: u64| {
        let gives = releases(9_000, 0, 0, Release::Reassigned);
        story(&[gives, readable(10_000, 0, 1), takes(10_000 + after_ms, 1, 0), gets(10_530 + after_ms, 1, 0, 0)])
    };
    let starts_at = |at_ms| {
        vec![
            (0, QueueCreated { queue: QUEUE_0 }),
            readable(6_000, 0, 1),
            starts(at_ms, 0),
            takes(21_000, 0, 0),
            gets(21_600, 0, 0, 0),
        ]
    };
    let stops = |consumer| waits(&[(10_001, ConsumerStopping { consumer })]);
    verify(
        "stall",
        vec![
            ("mostly taken", plan(), taken(480), ("first_pull_of_a_taken_queue", "")),
            ("mostly not taken", plan(), taken(700), ("unowned", "")),
            ("the group ran", plan(), starts_at(2_000), ("unowned", "")),
            ("the group did not run", plan(), starts_at(20_000), ("group_has_not_started", "")),
            ("its owner stops", plan(), stops(C1), ("owner_shuts_down", "")),
            ("another stops", plan(), stops(C2), ("unknown", "")),
        ],
    );
}

/// A link lost what was on its way: the pull fails in the end, and is made again a second later.
#[test]
fn a_pull_that_fails_has_waited_since_it_went_out() {
    let pulled = (10_000, Pulled { consumer: C1, queue: QUEUE_0, until: 1 });
    let troubled = |at_ms, trouble| (at_ms, PullTroubled { consumer: C1, queue: QUEUE_0, trouble });
    let over = (28_000, PullRecovered { consumer: C1, queue: QUEUE_0 });
    let fails = |trouble| waits(&[pulled.clone(), troubled(28_900, trouble)]);
    let later = waits(&[pulled.clone(), over, troubled(28_900, PullTrouble::TimedOut)]);
    verify(
        "stall",
        vec![
            ("no answer", plan(), fails(PullTrouble::TimedOut), ("broker_unreachable", "")),
            ("no connection", plan(), fails(PullTrouble::BrokerUnreachable), ("broker_unreachable", "")),
            ("refused", plan(), fails(PullTrouble::SubscriptionNotLatest), ("unknown", "")),
            ("an earlier one was answered", plan(), later, ("unknown", "")),
            ("none fails", plan(), waits(&[pulled]), ("unknown", "")),
        ],
    );
}

/// Of the seed 40017: what an owner and its broker sent while they were cut off comes when TCP sends it again.
#[test]
fn what_was_sent_in_a_cut_comes_later_than_its_end() {
    let healed = |consumer, broker| {
        let cut = |at_ms, cut_off| (at_ms, ConsumerCutOff { consumer, broker, cut_off });
        [cut(9_000, true), cut(11_000, false)]
    };
    let comes = |at_ms, more: &[(u64, Observation)]| {
        story(&[&[readable(10_000, 0, 1), gets(at_ms, 0, 0, 0)][..], more].concat())
    };
    let after = [takes(11_100, 1, 0), releases(11_100, 0, 0, Release::Reassigned)];
    verify(
        "stall",
        vec![
            ("soon after", plan(), comes(12_900, &healed(C1, BROKER_A)), ("broker_unreachable", "")),
            ("long after", plan(), comes(16_000, &healed(C1, BROKER_A)), ("unknown", "")),
            ("another was cut off", plan(), comes(12_900, &healed(C2, BROKER_A)), ("unknown", "")),
            ("from another broker", plan(), comes(12_900, &healed(C1, BROKER_B)), ("unknown", "")),
            (
                "another had taken the queue since",
                plan(),
                comes(13_500, &[&healed(C1, BROKER_A)[..], &after].concat()),
                ("unknown", ""),
            ),
        ],
    );
}

/// c2 is refused a lock that c1 holds.
fn refused(at_ms: u64) -> (u64, Observation) {
    let (broker, group, queue, client, holder, age) = (BROKER_A, G, QUEUE_0, ID_2, ID_1, crate::kernel::Span::ZERO);
    (at_ms, LockRefused { broker, group, queue, client, holder, age })
}

/// Of the seed 1583: a broker's route was gone for two minutes, and the lock had been refused the moment before.
#[test]
fn a_lock_that_is_asked_for_no_more_keeps_nobody_waiting() {
    let waits = |refused: &[(u64, Observation)]| {
        let begins = [readable(10_000, 0, 1), releases(9_000, 0, 0, Release::RouteGone)];
        story(&[&begins[..], refused, &[takes(30_000, 1, 0), gets(30_500, 1, 0, 0)]].concat())
    };
    let all: Vec<(u64, Observation)> = (8..30).map(|second| refused(second * 1_000 + 500)).collect();
    let keeps = |refused: &[(u64, Observation)]| {
        let postponed = (8_400, UnlockPostponed { consumer: C1, queue: QUEUE_0 });
        let begins = [readable(10_000, 0, 1), postponed, releases(8_400, 0, 0, Release::Reassigned)];
        story(&[&begins[..], refused, &[takes(30_000, 1, 0), gets(30_500, 1, 0, 0)]].concat())
    };
    verify(
        "stall",
        vec![
            ("asked again and again", orderly(), waits(&all), ("waiting_for_the_lock", "")),
            ("kept for the messages in memory", orderly(), keeps(&all), ("lock_kept_for_messages", "")),
            ("not asked again", orderly(), waits(&all[..1]), ("unowned", "")),
            ("not asked again before long", orderly(), waits(&[&all[..1], &all[20..]].concat()), ("unowned", "")),
        ],
    );
}

#[test]
fn a_lock_is_of_the_group_that_was_refused() {
    let refused: Vec<(u64, Observation)> = (10..30).map(|second| refused(second * 1_000 + 500)).collect();
    let story_of = |end, more: &[(u64, Observation)]| {
        let begins = [readable(10_000, 0, 1), ends(10_000, 0, end), takes(30_000, 1, 0), gets(30_500, 1, 0, 0)];
        story(&[&begins[..], &refused, more].concat())
    };
    // c3 of another group runs under the id of the dead c1.
    let namesake = (9_000, ConsumerStarting { consumer: C3, client: ID_1 });
    assert_eq!(cause(&play_orderly(&story_of(End::Killed, &[]))), ["lock_of_a_dead_member"]);
    assert_eq!(cause(&play_orderly(&story_of(End::Shutdown, &[]))), ["lock_outlives_shutdown"]);
    assert_eq!(cause(&play_plan(&story_of(End::Killed, &[namesake]), &two_groups())), ["lock_of_a_dead_member"]);
    // Back under another id, its old lock is still that of one who left in order.
    let renamed = (10_400, ConsumerStarting { consumer: C1, client: ClientIndex(4) });
    assert_eq!(cause(&play_orderly(&story_of(End::Shutdown, &[renamed]))), ["lock_outlives_shutdown"]);
}
