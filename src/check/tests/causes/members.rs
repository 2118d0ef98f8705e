//! What is told of members: lists that lack them or hold them twice, clocks, models that differ, shares that are uneven.

use super::{NOTHING, Twin, blind, broadcasting, drops, lists, story, verify, views};
use crate::check::tests::numbers::{BROKER_A, BROKER_B, C1, C3, G, ID_1, QUEUE_0, T};
use crate::check::tests::{Story, ends, plan, starts, takes};
use crate::model::ids::{ClientIndex, ConnectionId, ProducerIndex, QueueIndex, TopicIndex};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{ConsumeOutcome, End, MemberLoss, TopicRebalance};
use crate::model::plan::{Host, MessageModel, Plan, TopicOnBroker, TopicPlan};

pub(super) const TESTS: &[fn()] = &[
    a_short_list_is_of_a_broker_that_is_back_or_new,
    a_list_without_the_asker_is_told_from_no_list,
    a_client_is_listed_twice_by_two_connections_of_one_process,
    a_jump_and_an_expiry_are_told_where_they_happen,
    what_broadcasting_members_share_or_drop,
    topics_dealt_one_by_one_are_told_from_one_that_is_uneven,
];

fn row(name: &'static str, more: &[(u64, Observation)], expected: (&'static str, &'static str)) -> Twin {
    (name, plan(), story(more), expected)
}

#[test]
fn a_short_list_is_of_a_broker_that_is_back_or_new() {
    let down = (8_000, BrokerDown { broker: BROKER_B, graceful: false });
    let up = (12_000, BrokerUp { broker: BROKER_B });
    let short = views(13_000, 1, 1, &[1]);
    // Broker-b comes for the first time, and c1 is listed by broker-a alone.
    let new = |listed: u32| -> Story {
        let all = story(&[up.clone(), short.clone()]);
        let known = |seen: &Observation| matches!(seen, MemberAdded { broker: BROKER_B, .. });
        let before = all.into_iter().filter(|(_, seen)| !known(seen));
        before.chain([lists(12_100, 1, listed)]).collect()
    };
    verify(
        "partial_list",
        vec![
            row("back", &[down.clone(), up.clone(), short.clone()], ("partial_list_after_broker_restart", "E3")),
            row(
                "back, and the other has left",
                &[down.clone(), ends(9_000, 0, End::Shutdown), up.clone(), short.clone()],
                NOTHING,
            ),
            row("back, and both are there again", &[down, up.clone(), views(13_000, 1, 1, &[0, 1])], NOTHING),
            ("new", plan(), new(1), ("partial_list_of_a_new_broker", "E3")),
            row("never away", std::slice::from_ref(&short), NOTHING),
        ],
    );
}

#[test]
fn a_list_without_the_asker_is_told_from_no_list() {
    let found = |found| (9_000, TopicRebalanced { consumer: C1, topic: T, broker: Some(BROKER_A), found });
    let without = found(TopicRebalance::NotInList { members: 1 });
    let unknown = |broker| (8_000, GroupUnknown { broker, group: G, client: ID_1 });
    let known_again = (8_500, HeartbeatTaken { broker: BROKER_A, group: G, client: ID_1 });
    verify(
        "not_in_list",
        vec![
            row("not in the list", std::slice::from_ref(&without), ("list_lacks_the_asker", "E26")),
            row("no list", &[blind(9_000, 0, 0)], NOTHING),
        ],
    );
    verify(
        "no_list",
        vec![
            row("no list", &[blind(9_000, 0, 0)], ("list_call_failed", "E5")),
            row("no group there", &[unknown(BROKER_A), blind(9_000, 0, 0)], ("group_does_not_exist", "E35")),
            row("no group elsewhere", &[unknown(BROKER_B), blind(9_000, 0, 0)], ("list_call_failed", "E5")),
            row("made meanwhile", &[unknown(BROKER_A), known_again, blind(9_000, 0, 0)], ("list_call_failed", "E5")),
            row("not in the list", &[without], NOTHING),
        ],
    );
}

#[test]
fn a_client_is_listed_twice_by_two_connections_of_one_process() {
    let again = |client| (9_000, MemberAdded { broker: BROKER_A, group: G, client, connection: ConnectionId(90) });
    let twin = (8_000, ConsumerStarting { consumer: C3, client: ID_1 });
    verify(
        "listed_twice",
        vec![
            row("two connections", &[again(ID_1)], ("half_open_connection", "E4")),
            row("two processes", &[twin, again(ID_1)], NOTHING),
            row("the old one was closed", &[drops(8_900, 0, 0, MemberLoss::Closed), again(ID_1)], NOTHING),
            row("another client", &[again(ClientIndex(2))], NOTHING),
        ],
    );
}

#[test]
fn a_jump_and_an_expiry_are_told_where_they_happen() {
    let jump = |host| (9_000, ClockJumped { host });
    verify(
        "clock_jumped",
        vec![
            row("of a consumer", &[jump(Host::Consumer(C1))], ("clock_jumped", "E39")),
            row("of a broker", &[jump(Host::Broker(BROKER_A))], ("clock_jumped", "E39")),
            row("of a producer, which no rebalance hears of", &[jump(Host::Producer(ProducerIndex(0)))], NOTHING),
        ],
    );
    verify(
        "expired_silently",
        vec![
            row("nobody was told", &[drops(9_000, 0, 0, MemberLoss::Expired)], ("expiry_tells_nobody", "E6")),
            row("a close event told", &[drops(9_000, 0, 0, MemberLoss::ExpiredAndTold)], NOTHING),
            row("closed", &[drops(9_000, 0, 0, MemberLoss::Closed)], NOTHING),
        ],
    );
}

#[test]
fn what_broadcasting_members_share_or_drop() {
    let twin = |client| (8_000, ConsumerStarting { consumer: C3, client });
    let mut one_machine = broadcasting();
    one_machine.consumers[2].machine = one_machine.consumers[0].machine.clone();
    verify(
        "shared_offset_file",
        vec![
            ("one machine and id", one_machine.clone(), story(&[twin(ID_1)]), ("shared_offset_file", "E32")),
            ("one machine, two ids", one_machine, story(&[twin(ClientIndex(2))]), NOTHING),
            ("two machines, one id", broadcasting(), story(&[twin(ID_1)]), NOTHING),
        ],
    );
    verify(
        "duplicate_client_id",
        vec![
            row("one id", &[twin(ID_1)], ("duplicate_client_id", "E2")),
            row("one id after the other", &[ends(7_000, 0, End::Killed), twin(ID_1)], NOTHING),
            row("two ids", &[twin(ClientIndex(2))], NOTHING),
        ],
    );
    let mut mixed = plan();
    mixed.consumers[2].consumer.message_model = MessageModel::Broadcasting;
    let alone = [ends(7_000, 0, End::Shutdown), ends(7_000, 1, End::Shutdown), twin(ClientIndex(2))];
    verify(
        "mixed_message_models",
        vec![
            ("both run", mixed.clone(), story(&[twin(ClientIndex(2))]), ("mixed_message_models", "E42")),
            ("one after the other", mixed, story(&alone), NOTHING),
            row("both share", &[twin(ClientIndex(2))], NOTHING),
        ],
    );
    let left = |outcome| (9_000, Consumed { consumer: C1, queue: QUEUE_0, offset: 0, outcome });
    let (dropped, failed) = (ConsumeOutcome::Dropped, ConsumeOutcome::Failed);
    verify(
        "failed_and_dropped",
        vec![
            ("dropped", broadcasting(), story(&[left(dropped)]), ("broadcasting_does_not_retry", "")),
            ("sent back", plan(), story(&[left(failed)]), NOTHING),
        ],
    );
}

/// Three topics of one queue each, beside the two of `T`.
fn many_topics() -> Plan {
    let mut plan = plan();
    for name in ["U", "V", "W"] {
        let queues = vec![TopicOnBroker { broker: BROKER_A, read_queue_nums: 1, write_queue_nums: 1 }];
        plan.topics.push(TopicPlan { name: name.to_owned(), exists: true, queues });
    }
    for consumer in &mut plan.consumers {
        consumer.topics = TopicIndex::first(4).collect();
    }
    plan
}

#[test]
fn topics_dealt_one_by_one_are_told_from_one_that_is_uneven() {
    let dealt = |owners: [u16; 3]| {
        let mut story = story(&[]);
        for (queue, owner) in (2..).zip(owners) {
            story.extend([(0, QueueCreated { queue: QueueIndex(queue) }), takes(1_100, owner, queue)]);
        }
        story
    };
    let uneven = [story(&[]), vec![(2_000, QueueCreated { queue: QueueIndex(2) }), takes(2_100, 0, 2)]].concat();
    verify(
        "uneven_across_topics",
        vec![
            ("the first id has one of each", many_topics(), dealt([0, 0, 0]), ("dealt_topic_by_topic", "E22")),
            ("they are spread", many_topics(), dealt([0, 1, 0]), NOTHING),
            ("one more on one", many_topics(), uneven, NOTHING),
            row("one topic is uneven", &[starts(2_000, 2), takes(2_100, 0, 1)], NOTHING),
        ],
    );
}
