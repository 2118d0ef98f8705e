//! What brokers make of popped messages: retries that lie there, lost checkpoints, modes that differ.

use super::*;
use crate::check::tests::numbers::{C1, C2, QUEUE_0, QUEUE_1};
use crate::model::observation::{CheckpointLoss, CommitPath, PopRefusal, PopTrouble, RequestMode};
use crate::model::plan::TopicOnBroker;

/// The consumers of `g` ask brokers.
pub(super) const TESTS: &[fn()] = &[
    a_retry_that_lies_for_long_starves_or_is_not_looked_for,
    a_checkpoint_that_is_lost_is_told_where_the_power_was,
    what_a_broker_had_popped_and_not_written_is_popped_once_more,
    brokers_that_are_told_different_modes_are_named,
    pops_without_a_timer_wheel_are_told_and_other_refusals_are_not,
];

fn popping() -> Plan {
    let mut plan = plan();
    for consumer in &mut plan.consumers {
        consumer.consumer.pop.client_rebalance = false;
    }
    plan
}

fn pops(
    at_ms: u64,
    consumer: ConsumerIndex,
    queue: crate::model::observation::QueueIndex,
    offset: u64,
) -> (u64, Observation) {
    let until = crate::kernel::Instant::from_millis(at_ms + 60_000);
    (at_ms, Popped { consumer, queue, offset, origin: (queue, offset), reconsume_times: 0, until })
}

/// A message of queue 0 came into queue 1, which stands for the retry topic.
fn revived(at_ms: u64) -> (u64, Observation) {
    let (queue, to, after) = (QUEUE_0, QUEUE_1, Span::from_secs(2));
    let to_offset = 5;
    let origin = (queue, 5);
    (at_ms, Revived { group: G, queue, offset: 5, origin, to, to_offset, reconsume_times: 1, after })
}

#[test]
fn a_retry_that_lies_for_long_starves_or_is_not_looked_for() {
    let busy: Vec<(u64, Observation)> =
        (0..8).map(|number| pops(10_100 + 500 * number, C2, QUEUE_0, 20 + number)).collect();
    let among = |others: &[(u64, Observation)], popped| {
        let mut told = vec![revived(10_000)];
        told.extend_from_slice(others);
        told.push(pops(popped, C1, QUEUE_1, 5));
        story(&told)
    };
    verify(
        "retry_popped_late",
        vec![
            ("nobody pops", popping(), among(&[], 20_000), ("retry_topic_wakes_nobody", "PE1")),
            ("all pop something else", popping(), among(&busy, 20_000), ("retries_starve", "PE17")),
            ("it is popped at once", popping(), among(&[], 10_500), NOTHING),
        ],
    );
}

#[test]
fn a_checkpoint_that_is_lost_is_told_where_the_power_was() {
    let lost = |why| story(&[(9_000, CheckpointLost { group: G, queue: QUEUE_0, offset: 3, why })]);
    verify(
        "checkpoint_lost",
        vec![
            ("the power", popping(), lost(CheckpointLoss::NotFlushed), ("checkpoint_not_flushed", "PE9")),
            ("another is the master", popping(), lost(CheckpointLoss::NotReplicated), ("records_not_replicated", "")),
            ("the message was deleted", popping(), lost(CheckpointLoss::MessageGone), NOTHING),
        ],
    );
}

#[test]
fn what_a_broker_had_popped_and_not_written_is_popped_once_more() {
    let back = |path| {
        let (audience, queue, previous, by) = (ALL_OF_G, QUEUE_0, Some(9), None);
        let back = (8_000, Committed { audience, queue, offset: 2, previous, by, path });
        story(&[back, pops(9_000, C1, QUEUE_0, 4)])
    };
    verify(
        "popped_once_more",
        vec![
            ("the broker was killed", popping(), back(CommitPath::BrokerRestart), ("broker_offset_loss", "PE10")),
            ("an operator", popping(), back(CommitPath::OperatorReset), NOTHING),
        ],
    );
}

#[test]
fn brokers_that_are_told_different_modes_are_named() {
    let set = |at_ms, broker, mode| {
        let broker = BrokerIndex(broker);
        (at_ms, RequestModeSet { broker, group: G, topic: T, mode, share: 0 })
    };
    let first = set(8_000, 0, RequestMode::Pop);
    let both_have_it = || {
        let mut plan = popping();
        let on = plan.topics[0].queues[0];
        plan.topics[0].queues.push(TopicOnBroker { broker: BrokerIndex(1), ..on });
        plan
    };
    verify(
        "request_modes_differ",
        vec![
            ("one alone", both_have_it(), story(std::slice::from_ref(&first)), ("request_modes_differ", "PE4")),
            ("both", both_have_it(), story(&[first.clone(), set(8_100, 1, RequestMode::Pop)]), NOTHING),
            ("back again", both_have_it(), story(&[first, set(8_500, 0, RequestMode::Pull)]), NOTHING),
        ],
    );
}

#[test]
fn pops_without_a_timer_wheel_are_told_and_other_refusals_are_not() {
    let refused = |why| {
        let (consumer, topic, broker) = (C1, T, BrokerIndex(0));
        story(&[(9_000, PopTroubled { consumer, topic, broker, trouble: PopTrouble::RefusedBy(why) })])
    };
    verify(
        "pop_refused",
        vec![
            ("no timer wheel", popping(), refused(PopRefusal::TimerWheelOff), ("timer_wheel_off", "PE32")),
            ("no RocksDB", popping(), refused(PopRefusal::KvServiceNotInit), ("kv_service_not_init", "")),
            ("no such topic", popping(), refused(PopRefusal::TopicNotExist), NOTHING),
        ],
    );
}
