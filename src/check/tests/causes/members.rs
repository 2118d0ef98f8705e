//! What is told of members: lists that lack them or hold them twice, clocks, models that differ, shares that are uneven.

use super::{NOTHING, Twin, blind, broadcasting, drops, lists, story, verify, views};
use crate::check::tests::{Story, ends, plan, starts, takes};
use crate::model::ids::{BrokerIndex, ClientIndex, ConsumerIndex, GroupIndex, ProducerIndex, QueueIndex, TopicIndex};
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
    let down = (8_000, BrokerDown { broker: BrokerIndex(1), graceful: false });
    let up = (12_000, BrokerUp { broker: BrokerIndex(1) });
    let short = views(13_000, 1, 1, &[ClientIndex(1)]);
    // Broker-b comes for the first time, and c1 is listed by broker-a alone.
    let new = |listed: u32| -> Story {
        let all = story(&[up.clone(), short.clone()]);
        let known = |seen: &Observation| matches!(seen, MemberAdded { broker: BrokerIndex(1), .. });
        let before = all.into_iter().filter(|(_, seen)| !known(seen));
        before.chain([lists(12_100, 1, ClientIndex(listed))]).collect()
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
            row(
                "back, and both are there again",
                &[down, up.clone(), views(13_000, 1, 1, &[ClientIndex(0), ClientIndex(1)])],
                NOTHING,
            ),
            ("new", plan(), new(1), ("partial_list_of_a_new_broker", "E3")),
            row("never away", std::slice::from_ref(&short), NOTHING),
        ],
    );
}

#[test]
fn a_list_without_the_asker_is_told_from_no_list() {
    let found = |found| {
        (
            9_000,
            TopicRebalanced { consumer: ConsumerIndex(0), topic: TopicIndex(0), broker: Some(BrokerIndex(0)), found },
        )
    };
    let without = found(TopicRebalance::NotInList { members: 1 });
    let unknown = |broker| (8_000, GroupUnknown { broker, group: GroupIndex(0), client: ClientIndex(0) });
    let known_again = (8_500, HeartbeatTaken { broker: BrokerIndex(0), group: GroupIndex(0), client: ClientIndex(0) });
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
            row("no group there", &[unknown(BrokerIndex(0)), blind(9_000, 0, 0)], ("group_does_not_exist", "E35")),
            row("no group elsewhere", &[unknown(BrokerIndex(1)), blind(9_000, 0, 0)], ("list_call_failed", "E5")),
            row(
                "made meanwhile",
                &[unknown(BrokerIndex(0)), known_again, blind(9_000, 0, 0)],
                ("list_call_failed", "E5"),
            ),
            row("not in the list", &[without], NOTHING),
        ],
    );
}

#[test]
fn a_client_is_listed_twice_by_two_connections_of_one_process() {
    let again = |client| (9_000, MemberAdded { broker: BrokerIndex(0), group: GroupIndex(0), client, connection: 90 });
    let twin = (8_000, ConsumerStarting { consumer: ConsumerIndex(2), client: ClientIndex(0) });
    verify(
        "listed_twice",
        vec![
            row("two connections", &[again(ClientIndex(0))], ("half_open_connection", "E4")),
            row("two processes", &[twin, again(ClientIndex(0))], NOTHING),
            row(
                "the old one was closed",
                &[drops(8_900, 0, ClientIndex(0), MemberLoss::Closed), again(ClientIndex(0))],
                NOTHING,
            ),
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
            row("of a consumer", &[jump(Host::Consumer(ConsumerIndex(0)))], ("clock_jumped", "E39")),
            row("of a broker", &[jump(Host::Broker(BrokerIndex(0)))], ("clock_jumped", "E39")),
            row("of a producer, which no rebalance hears of", &[jump(Host::Producer(ProducerIndex(0)))], NOTHING),
        ],
    );
    verify(
        "expired_silently",
        vec![
            row(
                "nobody was told",
                &[drops(9_000, 0, ClientIndex(0), MemberLoss::Expired)],
                ("expiry_tells_nobody", "E6"),
            ),
            row("a close event told", &[drops(9_000, 0, ClientIndex(0), MemberLoss::ExpiredAndTold)], NOTHING),
            row("closed", &[drops(9_000, 0, ClientIndex(0), MemberLoss::Closed)], NOTHING),
        ],
    );
}

#[test]
fn what_broadcasting_members_share_or_drop() {
    let twin = |client| (8_000, ConsumerStarting { consumer: ConsumerIndex(2), client });
    let mut one_machine = broadcasting();
    one_machine.consumers[2].machine = one_machine.consumers[0].machine.clone();
    verify(
        "shared_offset_file",
        vec![
            ("one machine and id", one_machine.clone(), story(&[twin(ClientIndex(0))]), ("shared_offset_file", "E32")),
            ("one machine, two ids", one_machine, story(&[twin(ClientIndex(2))]), NOTHING),
            ("two machines, one id", broadcasting(), story(&[twin(ClientIndex(0))]), NOTHING),
        ],
    );
    verify(
        "duplicate_client_id",
        vec![
            row("one id", &[twin(ClientIndex(0))], ("duplicate_client_id", "E2")),
            row("one id after the other", &[ends(7_000, 0, End::Killed), twin(ClientIndex(0))], NOTHING),
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
    let left = |outcome| (9_000, Consumed { consumer: ConsumerIndex(0), queue: QueueIndex(0), offset: 0, outcome });
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
        let queues = vec![TopicOnBroker { broker: BrokerIndex(0), read_queue_nums: 1, write_queue_nums: 1 }];
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
