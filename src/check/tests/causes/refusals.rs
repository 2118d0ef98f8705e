//! What was not done for operators, and processes that did not start.

use super::{NOTHING, Twin, story, verify};
use crate::check::tests::numbers::{BROKER_A, C1, C3};
use crate::check::tests::{ends, plan, starts};
use crate::model::ids::NameServerIndex;
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{CommandRefusal, End, StartFailure};

pub(super) const TESTS: &[fn()] = &[
    a_command_changes_nothing_for_what_the_broker_says,
    a_reset_is_passed_over_only_by_those_that_are_sent_it,
    a_start_fails_for_what_it_threw,
    a_step_hits_nobody_only_where_all_of_it_does,
];

fn row(name: &'static str, more: &[(u64, Observation)], expected: (&'static str, &'static str)) -> Twin {
    (name, plan(), story(more), expected)
}

#[test]
fn a_command_changes_nothing_for_what_the_broker_says() {
    let refused = |why| [(7_000, StepTaken { step: 0 }), (7_000, CommandRefused { step: 0, broker: BROKER_A, why })];
    let away = (6_000, BrokerDown { broker: BROKER_A, graceful: false });
    let words = [
        (CommandRefusal::TopicNotExist, "topic_not_exist"),
        (CommandRefusal::SubscriptionGroupNotExist, "subscription_group_not_exist"),
        (CommandRefusal::NeverConsumed, "group_has_no_offset"),
        (CommandRefusal::ConsumerNotOnline, "consumer_not_online"),
        (CommandRefusal::NotForced, "not_forced"),
        (CommandRefusal::QueueLeftAtZero, "queue_left_at_zero"),
    ];
    let mut twins: Vec<Twin> = words.map(|(why, word)| row(word, &refused(why), (word, ""))).into();
    twins.push(row("away", &[&[away][..], &refused(CommandRefusal::BrokerAway)].concat(), ("broker_away", "")));
    twins.push(row("done", &[(7_000, StepTaken { step: 0 })], NOTHING));
    verify("command_refused", twins);
}

#[test]
fn a_reset_is_passed_over_only_by_those_that_are_sent_it() {
    verify(
        "reset_ignored",
        vec![
            row("it pulls by itself", &[(7_000, ResetIgnored { consumer: C1 })], ("not_a_push_consumer", "")),
            row("it follows", &[(7_000, StepTaken { step: 0 })], NOTHING),
        ],
    );
}

#[test]
fn a_start_fails_for_what_it_threw() {
    let throws = |why| [starts(6_000, 2), (7_000, StartFailed { consumer: C3, why }), ends(7_000, 2, End::StartFailed)];
    let unreachable = throws(StartFailure::NameServerUnreachable(NameServerIndex(0)));
    verify(
        "start_failed",
        vec![
            row("files", &throws(StartFailure::OffsetsFileBroken), ("offsets_file_broken", "")),
            row("nobody there", &unreachable, ("name_server_unreachable", "")),
            row(
                "no answer",
                &throws(StartFailure::NameServerTimedOut(NameServerIndex(0))),
                ("name_server_timed_out", ""),
            ),
            row("killed as it starts", &[starts(6_000, 2), ends(7_000, 2, End::Killed)], NOTHING),
        ],
    );
}

#[test]
fn a_step_hits_nobody_only_where_all_of_it_does() {
    let taken = |step| (7_000, StepTaken { step });
    let missed = |step| (7_000, StepMissed { step });
    verify(
        "step_hits_nobody",
        vec![
            row("the one step", &[taken(0), missed(0)], ("nothing_to_do_it_to", "")),
            row("two of two", &[taken(0), missed(0), taken(1), missed(1)], ("nothing_to_do_it_to", "")),
            row("one of two of one entry", &[taken(0), taken(1), missed(1)], NOTHING),
        ],
    );
}
